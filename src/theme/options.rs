//! What a theme offers and a plan may leave out.
//!
//! In: `options.yaml` of the theme. Out: [`Options`] for templates; what the file does not name is on, and a name that does not exist is
//! a finding. What an option does is the templates' business.

use crate::{
    diagnostic::Diagnostic,
    source::{Sources, yaml},
};
use serde::{Deserialize, Serialize};

/// The file, below the theme's folder.
pub(super) const FILE: &str = "options.yaml";
const FIELDS: [&str; 3] = ["region_marks", "access_keys", "site_map"];

/// A theme's options.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct Options {
    /// Whether regions begin with a mark that leads to itself.
    pub region_marks: bool,
    /// Whether keys lead to regions.
    pub access_keys: bool,
    /// Whether there is a page that lists all pages.
    pub site_map: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { region_marks: true, access_keys: true, site_map: true }
    }
}

/// Reads the options from the theme's files among the sources.
pub(super) fn read(sources: &Sources, findings: &mut Vec<Diagnostic>) -> Options {
    let Some(file) = sources.named(&format!("theme/{FILE}")) else { return Options::default() };
    yaml::read_file::<Option<Options>>(sources, file, &FIELDS, findings).flatten().unwrap_or_default()
}
