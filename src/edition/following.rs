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

/// How many meanings of the numbers in one clause are tried.
const TRIES: usize = 32;

/// Marks the rows whose words only follow other changes.
pub(super) fn mark(old: &Tree<'_>, new: &Tree<'_>, rows: &mut [Row]) {
    if !rows.iter().any(|row| row.change == Change::Amended) {
        return;
    }
    let Some(numbers) = Numbers::new(old, new, rows) else { return };
    rows.par_iter_mut().filter(|row| row.change == Change::Amended).for_each(|row| {
        let (Some(before), Some(after)) = (row.old, row.new) else { return };
        let then = (old.clauses[before].words(), old.part_of(before));
        if numbers.follows((&then.0, then.1), (&new.clauses[after].words(), new.part_of(after))) {
            row.change = Change::Followed;
        }
    });
}

/// A text, and the title of the part in which it stands.
type Said<'t> = (&'t str, Option<&'t str>);

/// The numbers of the clauses that both editions have.
struct Numbers<'a> {
    /// What the clauses of each old part are called in it; of an edition that names no parts, of the whole.
    of_parts: FxHashMap<Option<&'a str>, Names<'a>>,
    /// The titles of the old parts, the longest first: from another part a clause is called by its part, too.
    parts: Vec<&'a str>,
}

impl<'a> Numbers<'a> {
    /// `None` where no number has become another.
    fn new(old: &Tree<'a>, new: &Tree<'a>, rows: &[Row]) -> Option<Self> {
        let both = || rows.iter().filter_map(|row| Some((row.old?, row.new?)));
        let is_kept = |(before, after): (usize, usize)| {
            old.clauses[before].short == new.clauses[after].short && old.part_of(before) == new.part_of(after)
        };
        if both().all(is_kept) {
            return None;
        }
        // Numbers that stay count, too: one that changed may be a part of one that did not.
        let mut of_parts = FxHashMap::<_, Names<'_>>::default();
        for (before, after) in both() {
            let (names, part) = (of_parts.entry(old.part_of(before)).or_default(), new.part_of(after));
            for (then, now) in named(&old.clauses[before], &new.clauses[after]) {
                names.add(then, Name { part, words: now });
            }
        }
        let mut parts: Vec<&str> = of_parts.keys().filter_map(|part| *part).collect();
        parts.sort_unstable_by_key(|title| std::cmp::Reverse(title.len()));
        Some(Self { of_parts, parts })
    }

    /// Whether a text says what an old one said but for the numbers. Where an old edition names no parts, several clauses may have one
    /// number, and any of them may be meant.
    fn follows(&self, (then, part_then): Said<'_>, (now, part_now): Said<'_>) -> bool {
        let mut choices: Vec<usize> = Vec::new();
        for _ in 0..TRIES {
            let mut ways = Vec::new();
            let replaced = self.replaced((then, part_then), part_now, |count| {
                ways.push(count);
                choices.get(ways.len() - 1).copied().unwrap_or(0)
            });
            if variant::are_variants(&replaced, now) {
                return true;
            }
            choices.resize(ways.len(), 0);
            // The last one that has another way takes it, and those behind it begin anew.
            let Some(at) = (0..ways.len()).rev().find(|at| choices[*at] + 1 < ways[*at]) else { return false };
            choices[at] += 1;
            choices.truncate(at + 1);
        }
        false
    }

    /// An old text in which every old number, the longest that stands in a place, is what a text of another part calls it now; `choose` says
    /// which of so many ways is meant.
    fn replaced(&self, (text, part): Said<'_>, part_now: Option<&str>, mut choose: impl FnMut(usize) -> usize) -> String {
        // What a bare number means: a clause of the same part, or of one without a title.
        let own = [self.of_parts.get(&part), self.of_parts.get(&None)];
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let beyond = self.parts.iter().find_map(|title| {
                let start = title.len() + 1;
                let (end, names) = self.of_parts.get(&Some(*title))?.begins(rest.strip_prefix(title)?.strip_prefix(' ')?)?;
                Some((start + end, names))
            });
            let found = beyond.or_else(|| own.into_iter().flatten().find_map(|names| names.begins(rest)));
            let (end, names) = found.unwrap_or((c.len_utf8(), &[]));
            // As it stands, where nobody knows which one it is.
            let ways = if names.len() == 1 { 1 } else { names.len() + 1 };
            let chosen = if ways > 1 { choose(ways).checked_sub(1) } else { Some(0) };
            match chosen.and_then(|at| names.get(at)) {
                Some(name) => name.write(part_now, &mut out),
                None => out.push_str(&rest[..end]),
            }
            rest = &rest[end..];
        }
        out
    }
}

/// What a clause is called now.
#[derive(PartialEq)]
struct Name<'a> {
    /// The title of its part.
    part: Option<&'a str>,
    words: Cow<'a, str>,
}

impl Name<'_> {
    /// As a text in some part calls it.
    fn write(&self, part: Option<&str>, out: &mut String) {
        if let Some(own) = self.part.filter(|own| part != Some(own)) {
            out.extend([own, " "]);
        }
        out.push_str(&self.words);
    }
}

/// What the clauses of a part were called in it, and what they are called now.
#[derive(Default)]
struct Names<'a> {
    new_of_old: FxHashMap<Cow<'a, str>, Vec<Name<'a>>>,
    /// With what a name begins.
    first: FxHashSet<char>,
    /// How many characters the longest one has.
    longest: usize,
}

impl<'a> Names<'a> {
    fn add(&mut self, then: Cow<'a, str>, now: Name<'a>) {
        self.first.extend(then.chars().next());
        self.longest = self.longest.max(then.chars().count());
        let names = self.new_of_old.entry(then).or_default();
        if !names.contains(&now) {
            names.push(now);
        }
    }

    /// Where the longest name ends with which a text begins, and what may be meant.
    fn begins(&self, text: &str) -> Option<(usize, &[Name<'a>])> {
        let is_first = text.chars().next().is_some_and(|c| self.first.contains(&c));
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.longest);
        let known = ends.filter_map(|end| Some((end, &**self.new_of_old.get(&text[..end])?)));
        is_first.then(|| known.last())?
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
