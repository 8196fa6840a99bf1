//! Words that changed only because a number did.
//!
//! In: rows of two editions. Out: the same rows, in which a clause that only names other clauses by their new numbers is [`Change::Followed`]:
//! nobody amended it. Which words are numbers follows from the rows themselves; a numeral alone may be any word's, as in 壹仟元 or 參考, so
//! that one counts only with what makes it a clause's number.

use super::{Change, RecordedClause, Row, tree::Tree, variant};
use crate::numeral;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// Marks the rows whose words only follow other changes.
pub(super) fn mark(old: &Tree<'_>, new: &Tree<'_>, rows: &mut [Row]) {
    if !rows.iter().any(|row| row.change == Change::Amended) {
        return;
    }
    let Some(numbers) = Numbers::new(old, new, rows) else { return };
    rows.par_iter_mut().filter(|row| row.change == Change::Amended).for_each(|row| {
        let (Some(before), Some(after)) = (row.old, row.new) else { return };
        let renumbered = numbers.replaced(&old.clauses[before].words());
        if variant::are_variants(&renumbered, &new.clauses[after].words()) {
            row.change = Change::Followed;
        }
    });
}

/// The numbers of the clauses that both editions have.
struct Numbers<'a> {
    new_of_old: FxHashMap<Cow<'a, str>, Cow<'a, str>>,
    /// With what a number begins.
    first: FxHashSet<char>,
    /// How many characters the longest one has.
    longest: usize,
}

impl<'a> Numbers<'a> {
    /// `None` where no number has become another.
    fn new(old: &Tree<'a>, new: &Tree<'a>, rows: &[Row]) -> Option<Self> {
        let both = || rows.iter().filter_map(|row| Some((&old.clauses[row.old?], &new.clauses[row.new?])));
        if both().all(|(before, after)| before.short == after.short) {
            return None;
        }
        // Numbers that stay count, too: one that changed may be a part of one that did not.
        let mut new_of_old: FxHashMap<Cow<'_, str>, Cow<'_, str>> = FxHashMap::default();
        let mut several: FxHashSet<Cow<'_, str>> = FxHashSet::default();
        for (before, after) in both().flat_map(|(before, after)| named(before, after)) {
            // In a plan of parts, two clauses may have one number.
            if new_of_old.insert(before.clone(), after.clone()).is_some_and(|other| other != after) {
                several.insert(before);
            }
        }
        new_of_old.retain(|number, _| !several.contains(number));
        let first = new_of_old.keys().filter_map(|number| number.chars().next()).collect();
        let longest = new_of_old.keys().map(|number| number.chars().count()).max().unwrap_or(0);
        Some(Self { new_of_old, first, longest })
    }

    /// A text in which every old number, the longest that stands in a place, is the new one.
    fn replaced(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest);
            let found = self.first.contains(&c).then(|| {
                let known = ends.filter_map(|end| Some((end, &**self.new_of_old.get(&rest[..end])?)));
                known.last()
            });
            let (end, words) = found.flatten().unwrap_or((c.len_utf8(), &rest[..c.len_utf8()]));
            out.push_str(words);
            rest = &rest[end..];
        }
        out
    }
}

/// How a text can name a clause, in the old edition and in the new one.
fn named<'a>(before: &'a RecordedClause, after: &'a RecordedClause) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
    let named =
        |is: bool, of: fn(&'a RecordedClause, &'a str) -> Cow<'a, str>| is.then(|| (of(before, &before.title), of(after, &before.title)));
    let (has_title, is_below) = (!before.title.is_empty(), before.depth > 0);
    // 附件4, as people type it.
    let is_spoken = !is_below && before.short.chars().any(|c| c.is_alphabetic() && !numeral::is_sign(c));
    let ways = [
        // A reference has the title behind the number; a title that is another now was amended.
        named(has_title, |clause, title| format!("{} {title}", clause.short).into()),
        named(is_spoken || (is_below && !has_title), |clause, _| clause.short.as_str().into()),
        named(is_below, |clause, _| clause.number.as_str().into()),
    ];
    ways.into_iter().flatten()
}
