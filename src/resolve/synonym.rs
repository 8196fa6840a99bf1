//! Synonyms: the words an office uses for the plan's terms.
//!
//! In: `data/synonyms.yaml`. Out: [`Synonyms`], and findings; and a [`Finder`], which says which of them a text uses. Who finds what with
//! them is the business of the search.

use crate::{
    diagnostic::{Diagnostic, FileId},
    source::{
        Sources,
        yaml::{self, Step},
    },
};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Deserialize;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// Finds the words of all groups; made once, when they are read.
    #[serde(skip)]
    words: Option<AhoCorasick>,
}

impl Synonyms {
    /// The path to a group in the file.
    #[must_use]
    pub fn path(&self, group: usize) -> Vec<Step> {
        if self.bare { vec![group.into()] } else { vec!["synonyms".into(), group.into()] }
    }

    /// Something that finds the words of all groups in texts.
    #[must_use]
    pub fn finder(&self) -> Finder<'_> {
        let met = self.groups.iter().flatten().map(|_| AtomicBool::new(false)).collect();
        Finder { groups: &self.groups, words: self.words.as_ref(), met }
    }
}

/// The words of all groups, and whether each was met in a text.
#[derive(Debug)]
pub struct Finder<'a> {
    groups: &'a [Vec<String>],
    words: Option<&'a AhoCorasick>,
    met: Vec<AtomicBool>,
}

impl<'a> Finder<'a> {
    /// Notes the words that a text uses; capitals do not matter.
    pub fn see(&self, text: &str) {
        let Some(words) = self.words else { return };
        for found in words.find_overlapping_iter(text) {
            self.met[found.pattern().as_usize()].store(true, Ordering::Relaxed);
        }
    }

    /// Every group: its words, and whether each was met.
    pub fn groups(&self) -> impl Iterator<Item = Vec<(&'a str, bool)>> {
        let mut met = self.met.iter().map(|met| met.load(Ordering::Relaxed));
        self.groups.iter().map(move |group| group.iter().map(String::as_str).zip(met.by_ref()).collect())
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
        yaml::read_file(sources, file, KEYS, findings).map(|groups| Synonyms { groups, bare: true, ..Synonyms::default() })
    } else if first.is_none() {
        return Synonyms::default();
    } else {
        yaml::read_file(sources, file, KEYS, findings)
    };
    let mut read: Synonyms = read.unwrap_or_default();
    // A word of no characters stands everywhere.
    read.groups.iter_mut().for_each(|group| group.retain(|word| !word.trim().is_empty()));
    // The quickest to make: a plan is read once.
    let builder = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::NoncontiguousNFA)).clone();
    read.words = builder.build(read.groups.iter().flatten()).ok();
    read
}

/// The file of synonyms, if there is one that can be read.
#[must_use]
pub fn file(sources: &Sources) -> Option<FileId> {
    sources.named(FILE).filter(|file| sources.file(*file).readable)
}
