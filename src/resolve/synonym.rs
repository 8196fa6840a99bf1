//! Synonyms: the words an office uses for the plan's terms.
//!
//! In: `data/synonyms.yaml`. Out: [`Synonyms`], and findings. Who finds what with them is the business of the search.

use crate::{
    diagnostic::{Diagnostic, FileId},
    source::{
        Sources,
        yaml::{self, Step},
    },
};
use serde::Deserialize;

/// Words that stand for one another in a search.
#[derive(Debug, Default, Deserialize)]
pub struct Synonyms {
    /// Groups of words with one meaning, in the order of the file.
    #[serde(default, rename = "synonyms")]
    pub groups: Vec<Vec<String>>,
    /// Words of a question that say nothing about what is looked for.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Whether the file is the list of groups alone.
    #[serde(skip)]
    bare: bool,
}

impl Synonyms {
    /// The path to a group in the file.
    #[must_use]
    pub fn path(&self, group: usize) -> Vec<Step> {
        if self.bare { vec![group.into()] } else { vec!["synonyms".into(), group.into()] }
    }
}

/// The file that holds them.
const FILE: &str = "data/synonyms.yaml";
const KEYS: &[&str] = &["synonyms", "ignored"];

/// Reads the synonyms; a plan without the file has none. A file may also be the list of groups alone.
pub(super) fn synonyms(sources: &Sources, findings: &mut Vec<Diagnostic>) -> Synonyms {
    let Some(file) = file(sources) else { return Synonyms::default() };
    let text = &sources.file(file).text;
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#') && !line.starts_with("---"));
    let read = if first.is_some_and(|line| line.starts_with(['-', '['])) {
        yaml::read(sources, file, 0..text.len(), KEYS, findings).map(|groups| Synonyms { groups, ignored: Vec::new(), bare: true })
    } else if first.is_none() {
        return Synonyms::default();
    } else {
        yaml::read(sources, file, 0..text.len(), KEYS, findings)
    };
    read.map_err(|finding| findings.push(*finding)).unwrap_or_default()
}

/// The file of synonyms, if there is one that can be read.
#[must_use]
pub fn file(sources: &Sources) -> Option<FileId> {
    sources.named(FILE).filter(|file| sources.file(*file).readable)
}
