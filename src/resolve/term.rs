//! Terms: the words that the plan uses for one thing, and those that it does not.
//!
//! In: `data/terms.yaml`. Out: [`Terms`], and findings. Where a variant stands is the business of the checks.

use crate::{diagnostic::Diagnostic, source::Sources};
use serde::Deserialize;

/// The plan's terms.
#[derive(Debug, Default, Deserialize)]
pub struct Terms {
    /// The terms, in the order of the file.
    #[serde(default)]
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug, Deserialize)]
pub struct Term {
    /// The word to use.
    pub term: String,
    /// Words that should not be used for it.
    pub variants: Vec<String>,
    /// Words that hold a variant and are right.
    #[serde(default)]
    pub except: Vec<String>,
}

const KEYS: &[&str] = &["terms", "term", "variants", "except"];

/// Reads the terms; a plan without the file has none.
pub(super) fn terms(sources: &Sources, findings: &mut Vec<Diagnostic>) -> Terms {
    let mut terms = super::law::read::<Terms>(sources, "data/terms.yaml", KEYS, findings)
        .map(|(_, terms)| terms)
        .unwrap_or_default();
    // A variant of no characters stands everywhere.
    terms
        .terms
        .iter_mut()
        .for_each(|term| term.variants.retain(|variant| !variant.trim().is_empty() && *variant != term.term));
    terms
}
