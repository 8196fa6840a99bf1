//! Which synonyms the text uses.
//!
//! In: the groups of `data/synonyms.yaml`, and every page. Out: each group's words, those that the text uses apart from those that are
//! only asked for, so that a query is rewritten into words that can be found and no others.

use super::entry::Page;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::sync::atomic::{AtomicBool, Ordering};

/// The words of all groups, and whether each was met.
pub(super) struct Used<'a> {
    groups: &'a [Vec<String>],
    words: Option<AhoCorasick>,
    met: Vec<AtomicBool>,
}

impl<'a> Used<'a> {
    pub(super) fn new(groups: &'a [Vec<String>]) -> Self {
        let all: Vec<&str> = groups.iter().flatten().map(String::as_str).collect();
        // A text writes "CNS27001" and "CNS 27001"; such words are looked for whether met or not.
        let met = all.iter().map(|word| AtomicBool::new(word.bytes().any(|byte| byte.is_ascii_alphanumeric()))).collect();
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            // The quickest to make: a plan is read once.
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(&all)
            .ok();
        Self { groups, words, met }
    }

    /// Notes what a page says.
    pub(super) fn see(&self, page: &Page<'_>) {
        let Some(words) = &self.words else { return };
        for entry in &page.entries {
            for found in words.find_overlapping_iter(entry.text.as_ref()) {
                self.met[found.pattern().as_usize()].store(true, Ordering::Relaxed);
            }
        }
    }

    /// Every group with a word that the text uses: those words, and the others.
    pub(super) fn groups(&self) -> Vec<[Vec<&'a str>; 2]> {
        let mut met = self.met.iter().map(|met| met.load(Ordering::Relaxed));
        let mut groups = Vec::new();
        for group in self.groups {
            let mut of = [Vec::new(), Vec::new()];
            for word in group {
                of[usize::from(!met.next().unwrap_or(false))].push(word.as_str());
            }
            if !of[0].is_empty() {
                groups.push(of);
            }
        }
        groups
    }
}
