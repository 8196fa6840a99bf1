//! Words that changed only because a number did.
//!
//! In: rows of two editions. Out: the same rows, in which a clause that only names other clauses by their new numbers is [`Change::Followed`]:
//! nobody amended it. Which words are numbers follows from the rows themselves; a numeral alone may be any word's, as in 壹仟元 or 參考, so
//! that one counts only with what makes it a clause's number.

use super::{Change, RecordedClause, Row, tree::Tree, variant};
use crate::numeral;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::{borrow::Cow, cmp::Reverse, collections::BTreeSet};

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
        parts.sort_unstable_by_key(|title| Reverse(title.len()));
        Some(Self { of_parts, parts })
    }

    /// Whether a text says what an old one said but for the numbers. Where an old edition names no parts, several clauses may have one
    /// number, and any of them may be meant.
    fn follows(&self, (then, part_then): Said<'_>, (now, part_now): Said<'_>) -> bool {
        let wanted: Vec<char> = loosely(now).collect();
        // The ways to read the old text so far: what each comes to, and how much of the new text that is.
        let mut ways = vec![(String::new(), 0)];
        let mut rest = then;
        while let Some(c) = rest.chars().next() {
            let (end, names) = self.begins(rest, part_then).unwrap_or((c.len_utf8(), Vec::new()));
            if names.is_empty() {
                ways.retain_mut(|way| goes_on(way, &rest[..end], &wanted));
            } else {
                // As it stands, too, where nobody knows which one it is.
                let literal = (names.len() > 1).then(|| rest[..end].to_owned());
                let said: Vec<String> = names.iter().map(|name| name.said(part_now)).chain(literal).collect();
                let mut further: Vec<(String, usize)> = Vec::new();
                for (way, said) in ways.iter().flat_map(|way| said.iter().map(move |said| (way, said))) {
                    let mut way = way.clone();
                    if goes_on(&mut way, said, &wanted) && further.iter().all(|(_, other)| *other != way.1) {
                        further.push(way);
                    }
                }
                ways = further;
            }
            if ways.is_empty() {
                return false;
            }
            rest = &rest[end..];
        }
        ways.iter().any(|(text, at)| *at == wanted.len() && variant::are_variants(text, now))
    }

    /// The longest old name with which a text of a part begins: where it ends, and what may be meant.
    fn begins<'s>(&'s self, text: &str, part: Option<&'s str>) -> Option<(usize, Vec<&'s Name<'s>>)> {
        let beyond = self.parts.iter().find_map(|title| {
            let start = title.len() + 1;
            let (end, names) = self.of_parts.get(&Some(*title))?.begins(text.strip_prefix(title)?.strip_prefix(' ')?)?;
            Some((start + end, names.iter().collect()))
        });
        if beyond.is_some() {
            return beyond;
        }
        // A bare number is that of a clause of the same part, or of one without a title.
        let own = [Some(part), part.map(|_| None)].into_iter().flatten();
        let found: Vec<_> = own.filter_map(|part| self.of_parts.get(&part)?.begins(text)).collect();
        let longest = found.iter().map(|(end, _)| *end).max()?;
        Some((longest, found.into_iter().filter(|(end, _)| *end == longest).flat_map(|(_, names)| names).collect()))
    }
}

/// A text without what does not matter between two editions, and without some that does.
fn loosely(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| match variant::folded(c) {
        '0' => '○',
        other => other,
    })
}

/// Adds words to one way to read a text, if they stand next in the new one.
fn goes_on((text, at): &mut (String, usize), words: &str, wanted: &[char]) -> bool {
    text.push_str(words);
    loosely(words).all(|c| {
        let is_next = wanted.get(*at) == Some(&c);
        *at += 1;
        is_next
    })
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
    fn said(&self, part: Option<&str>) -> String {
        match self.part.filter(|own| part != Some(own)) {
            Some(own) => format!("{own} {}", self.words),
            None => self.words.clone().into_owned(),
        }
    }
}

/// What the clauses of a part were called in it, and what they are called now.
#[derive(Default)]
struct Names<'a> {
    new_of_old: FxHashMap<Cow<'a, str>, Vec<Name<'a>>>,
    /// With what a name begins.
    first: FxHashSet<char>,
    /// How many bytes there are in a name, the most first.
    lengths: BTreeSet<Reverse<usize>>,
}

impl<'a> Names<'a> {
    fn add(&mut self, then: Cow<'a, str>, now: Name<'a>) {
        self.first.extend(then.chars().next());
        self.lengths.insert(Reverse(then.len()));
        let names = self.new_of_old.entry(then).or_default();
        if !names.contains(&now) {
            names.push(now);
        }
    }

    /// Where the longest name ends with which a text begins, and what may be meant.
    fn begins(&self, text: &str) -> Option<(usize, &[Name<'a>])> {
        let is_first = text.chars().next().is_some_and(|c| self.first.contains(&c));
        let mut lengths = self.lengths.iter().filter(|_| is_first).map(|Reverse(length)| *length);
        lengths.find_map(|length| Some((length, &**self.new_of_old.get(text.get(..length)?)?)))
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
