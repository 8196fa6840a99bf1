//! Words that changed only because a number did.
//!
//! In: rows of two editions. Out: the same rows, in which a clause that only names other clauses by their new numbers is [`Change::Followed`]:
//! nobody amended it. Which words are numbers follows from the rows themselves.

use super::{Change, Row, tree::Tree, variant};
use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;

/// Marks the rows whose words only follow other changes.
pub(super) fn mark(old: &Tree<'_>, new: &Tree<'_>, rows: &mut [Row]) {
    if !rows.iter().any(|row| row.change == Change::Amended) {
        return;
    }
    let Some(numbers) = Numbers::new(old, new, rows) else { return };
    for row in rows.iter_mut().filter(|row| row.change == Change::Amended) {
        let (Some(before), Some(after)) = (row.old, row.new) else { continue };
        let renumbered = numbers.replaced(&old.clauses[before].words());
        if variant::are_variants(&renumbered, &new.clauses[after].words()) {
            row.change = Change::Followed;
        }
    }
}

/// Every number that has become another.
struct Numbers<'a> {
    finder: AhoCorasick,
    new: Vec<&'a str>,
}

impl<'a> Numbers<'a> {
    fn new(old: &Tree<'a>, new: &Tree<'a>, rows: &[Row]) -> Option<Self> {
        let mut changed: FxHashMap<&str, &str> = FxHashMap::default();
        let mut differs = false;
        for (before, after) in rows.iter().filter_map(|row| Some((&old.clauses[row.old?], &new.clauses[row.new?]))) {
            for (before, after) in [(&before.short, &after.short), (&before.number, &after.number)] {
                // Numbers that stay count, too: one that changed may be a part of one that did not.
                changed.insert(before, after);
                differs |= before != after;
            }
        }
        let mut all: Vec<(&str, &str)> = changed.into_iter().filter(|(before, _)| !before.is_empty()).collect();
        all.sort_unstable();
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(all.iter().map(|(before, _)| before));
        let finder = finder.ok().filter(|_| differs)?;
        Some(Self { finder, new: all.into_iter().map(|(_, after)| after).collect() })
    }

    /// A text in which every old number is the new one.
    fn replaced(&self, text: &str) -> String {
        self.finder.replace_all(text, &self.new)
    }
}
