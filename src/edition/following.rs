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
        let renumbered = numbers.replaced(&old.clauses[before].words(), old.part_of(before));
        if variant::are_variants(&renumbered, &new.clauses[after].words()) {
            row.change = Change::Followed;
        }
    });
}

/// The numbers of the clauses that both editions have.
struct Numbers<'a> {
    /// Behind the title of their part.
    everywhere: Names<'a>,
    /// Alone, as the clauses of their own part name them; of a plan that names no parts, as all do.
    within: FxHashMap<Option<&'a str>, Names<'a>>,
}

impl<'a> Numbers<'a> {
    /// `None` where no number has become another.
    fn new(old: &Tree<'a>, new: &Tree<'a>, rows: &[Row]) -> Option<Self> {
        let both = || rows.iter().filter_map(|row| Some((row.old?, row.new?)));
        let parts = |(before, after): (usize, usize)| (old.part_of(before), new.part_of(after));
        let is_kept = |pair: (usize, usize)| {
            let (then, now) = parts(pair);
            old.clauses[pair.0].short == new.clauses[pair.1].short && then.zip(now).is_none_or(|(then, now)| then == now)
        };
        if both().all(is_kept) {
            return None;
        }
        // Numbers that stay count, too: one that changed may be a part of one that did not.
        let (mut everywhere, mut within) = (Collected::default(), FxHashMap::<_, Collected<'_>>::default());
        for pair in both() {
            let (then, now) = parts(pair);
            let own = within.entry(then).or_default();
            for (before, after) in named(&old.clauses[pair.0], &new.clauses[pair.1]) {
                if let Some((then, now)) = then.zip(now) {
                    everywhere.add(format!("{then} {before}").into(), format!("{now} {after}").into());
                }
                own.add(before, after);
            }
        }
        let within = within.into_iter().map(|(part, names)| (part, names.finish())).collect();
        Some(Self { everywhere: everywhere.finish(), within })
    }

    /// A text of a part in which every old number, the longest that stands in a place, is the new one.
    fn replaced(&self, text: &str, part: Option<&str>) -> String {
        let own = self.within.get(&part);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let found = self.everywhere.begins(rest, c).or_else(|| own?.begins(rest, c));
            let (end, words) = found.unwrap_or((c.len_utf8(), &rest[..c.len_utf8()]));
            out.push_str(words);
            rest = &rest[end..];
        }
        out
    }
}

/// Names as they are collected.
#[derive(Default)]
struct Collected<'a> {
    new_of_old: FxHashMap<Cow<'a, str>, Cow<'a, str>>,
    several: FxHashSet<Cow<'a, str>>,
}

impl<'a> Collected<'a> {
    fn add(&mut self, before: Cow<'a, str>, after: Cow<'a, str>) {
        match self.new_of_old.get(&before) {
            // Where a plan names no parts, two clauses may have one number.
            Some(other) if *other != after => drop(self.several.insert(before)),
            Some(_) => {}
            None => drop(self.new_of_old.insert(before, after)),
        }
    }

    fn finish(self) -> Names<'a> {
        let Self { mut new_of_old, several } = self;
        new_of_old.retain(|number, _| !several.contains(number));
        let first = new_of_old.keys().filter_map(|number| number.chars().next()).collect();
        let longest = new_of_old.keys().map(|number| number.chars().count()).max().unwrap_or(0);
        Names { new_of_old, first, longest }
    }
}

/// What clauses were called, and what they are called now.
struct Names<'a> {
    new_of_old: FxHashMap<Cow<'a, str>, Cow<'a, str>>,
    /// With what a name begins.
    first: FxHashSet<char>,
    /// How many characters the longest one has.
    longest: usize,
}

impl Names<'_> {
    /// Where the longest name ends with which a text begins, and the new one; `c` is the text's first character.
    fn begins(&self, text: &str, c: char) -> Option<(usize, &str)> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest);
        let known = ends.filter_map(|end| Some((end, &**self.new_of_old.get(&text[..end])?)));
        self.first.contains(&c).then(|| known.last())?
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
