//! Half-width brackets and colons among Chinese.
//!
//! In: a chapter's runs. Out: one finding for all of them, because one seldom comes alone, with the change of each. Brackets around letters and
//! those of a number are right as they are, and so is what is quoted.

use super::{
    prose::{PUT_THERE, Runs, fix},
    words_place::{places, visible},
};
use crate::{
    diagnostic::{Diagnostic, Fix, Rule, Span},
    message,
    resolve::words::is_han,
    source::Sources,
};
use memchr::memchr3;
use rustc_hash::FxBuildHasher;
use std::{hash::BuildHasher as _, ops::Range};

/// Reports those of a chapter of that title.
pub(super) fn brackets(title: &str, runs: &[&Runs<'_>], sources: &Sources, found: &mut Vec<Diagnostic>) {
    let (mut signs, mut colons) = (Signs::default(), Colons::default());
    for run in runs.iter().flat_map(|runs| runs.holding(|own| memchr3(b'(', b')', b':', own.as_bytes()))) {
        // A column that a CSV calls by its title has to be called the same there.
        if run.is_quoted() || run.in_csv(sources).is_some() {
            continue;
        }
        let prose = run.prose();
        let (wrong, between) = (wrong_pairs(&prose), self::colons(&prose));
        // A fast path: heads and cells of words alone share their place with no other run, and to find it the file is read again.
        if run.is_plain() && wrong.wholes.is_empty() && between.is_empty() {
            continue;
        }
        let place = run.place(sources);
        signs.see(&prose, &wrong, place);
        colons.see(between, place);
    }
    let mut by_hand = Vec::new();
    let mut fixes = signs.fixes(sources, &mut by_hand);
    fixes.extend(colons.fixes(sources, &mut by_hand));
    fixes.sort_unstable_by_key(|fix| (fix.span.file, fix.span.start));
    fixes.dedup();
    by_hand.sort_unstable_by_key(|span| (span.file, span.start));
    by_hand.dedup();
    let all = fixes.iter().map(|fix| fix.span).chain(by_hand.iter().copied());
    let Some(first) = all.min_by_key(|span| (span.file, span.start)) else { return };
    let (mendable, count) = (fixes.len(), fixes.len() + by_hand.len());
    let message = message!(
        "「{title}」的中文有 {count} 處用半形括號或冒號",
        "`{title}` has half-width brackets or colons in {count} places among Chinese"
    );
    let help = match mendable {
        0 => message!("中文用全形（）：", "Use full-width ones"),
        _ if mendable == count => message!(
            "中文用全形（）：；planpress check --fix 可以一次改好",
            "Use full-width ones; `planpress check --fix` changes them all"
        ),
        _ => message!(
            "中文用全形（）：；planpress check --fix 可以改好其中 {mendable} 處",
            "Use full-width ones; `planpress check --fix` changes {mendable} of them"
        ),
    };
    let finding = Diagnostic::new(Rule::BracketWidth, first, message).help(help);
    found.push(Diagnostic { fixes, ..finding });
}

/// The half-width brackets of some runs. They are found in the source one by one, because marks of notes and of emphasis stand between them there.
#[derive(Default)]
struct Signs {
    /// Each with the place of its run.
    all: Vec<(Span, &'static str)>,
    /// Of each: the words of its run, to know those that are printed again, and how many signs of them stand before it.
    seen: Vec<(u64, usize)>,
    /// Of each: the wrong pair that holds it, or is it, and whether it is itself wrong.
    roles: Vec<Option<(usize, bool)>>,
    /// How many pairs are wrong that stand in no other.
    wholes: usize,
}

impl Signs {
    fn see(&mut self, prose: &str, wrong: &Wrong, place: Span) {
        let mut wholes = wrong.wholes.iter().peekable();
        let words = FxBuildHasher.hash_one(prose);
        for (nth, (at, sign)) in prose.match_indices(['(', ')']).enumerate() {
            self.seen.push((words, nth));
            while wholes.next_if(|whole| whole.end <= at).is_some() {
                self.wholes += 1;
            }
            let inside = wholes.peek().is_some_and(|whole| whole.start <= at);
            self.all.push((place, if sign == "(" { "(" } else { ")" }));
            self.roles.push(inside.then(|| (self.wholes, wrong.signs.binary_search(&at).is_ok())));
        }
        self.wholes += wholes.count();
    }

    /// The change of each wrong pair that stands in no other, and where those are whose place nobody knows: of a value of several lines.
    fn fixes(self, sources: &Sources, by_hand: &mut Vec<Span>) -> Vec<Fix> {
        let found = places(&self.all, sources);
        let mut wholes: Vec<Option<Vec<(Span, bool)>>> = vec![Some(Vec::new()); self.wholes];
        let (mut from, mut at) = (0, 0);
        for same in self.all.chunk_by(|one, other| one.0 == other.0) {
            at += same.len();
            let is_known = are_all(same, &self.seen[from..at], sources);
            if !is_known && self.roles[from..at].iter().any(Option::is_some) {
                by_hand.push(same[0].0);
            }
            for (role, (span, (_, sign))) in self.roles[from..at].iter().zip(found[from..at].iter().zip(&self.all[from..at])) {
                let Some((whole, is_wrong)) = role else { continue };
                // An escape would be left before a full-width bracket.
                let is_itself = sources.slice(*span) == *sign && !sources.file(span.file).text[..span.start as usize].ends_with('\\');
                match &mut wholes[*whole] {
                    Some(signs) if is_known && is_itself => signs.push((*span, *is_wrong)),
                    signs => *signs = None,
                }
            }
            from = at;
        }
        wholes.into_iter().flatten().filter_map(|signs| changed(&signs, sources)).collect()
    }
}

/// Whether the brackets of runs that share a place are all that stand in the source there, once or, where the same is printed again, several times.
/// Of a value of several lines the place is only the first.
fn are_all(same: &[(Span, &str)], seen: &[(u64, usize)], sources: &Sources) -> bool {
    let signs = |sign: char| visible(sources.slice(same[0].0)).map(|(_, piece)| piece.matches(sign).count()).sum::<usize>();
    let opening = |same: &[(Span, &str)]| same.iter().filter(|(_, sign)| *sign == "(").count();
    let written = [signs('('), signs(')')];
    let once = written.iter().sum::<usize>();
    let (Some(first), true) = (same.get(..once), once > 0) else { return false };
    let is_again = seen.len().is_multiple_of(once) && seen.chunks(once).all(|again| *again == seen[..once]);
    is_again && opening(first) == written[0]
}

/// The source from the first of some brackets to the last, with the wrong ones in full width.
fn changed(signs: &[(Span, bool)], sources: &Sources) -> Option<Fix> {
    let ((first, _), (last, _)) = (signs.first()?, signs.last()?);
    if !signs.is_sorted_by_key(|(span, _)| span.start) || first.file != last.file {
        return None;
    }
    let span = Span { end: last.end, ..*first };
    let (mut text, mut from) = (String::new(), 0);
    let source = sources.slice(span);
    for (sign, _) in signs.iter().filter(|(_, is_wrong)| *is_wrong) {
        let at = (sign.start - span.start) as usize;
        text.push_str(source.get(from..at)?);
        text.push(if source[at..].starts_with('(') { '（' } else { '）' });
        from = at + 1;
    }
    text.push_str(source.get(from..)?);
    Some(Fix { span, text })
}

/// Half-width brackets that hold a Han character.
struct Wrong {
    /// The pairs that stand in no other.
    wholes: Vec<Range<usize>>,
    /// The wrong brackets among them, each by itself.
    signs: Vec<usize>,
}

fn wrong_pairs(text: &str) -> Wrong {
    let (mut open, mut wrong) = (Vec::<Open>::new(), Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' => open.push(Open { start: at, bracket: c, ..Open::default() }),
            ')' | '）' => {
                let Some(pair) = open.pop() else { continue };
                if pair.bracket == '(' && c == ')' && pair.has_han && pair.has_more_than_number {
                    wrong.push(pair.start..at + 1);
                }
                if let Some(outer) = open.last_mut() {
                    outer.take(&pair);
                }
            }
            c => open.last_mut().into_iter().for_each(|pair| pair.read(c)),
        }
    }
    // Each ends before the one that holds it.
    let mut wholes: Vec<Range<usize>> = Vec::new();
    for pair in &wrong {
        while wholes.pop_if(|inner| inner.start > pair.start).is_some() {}
        wholes.push(pair.clone());
    }
    let mut signs: Vec<usize> = wrong.iter().flat_map(|pair| [pair.start, pair.end - 1]).collect();
    signs.sort_unstable();
    Wrong { wholes, signs }
}

/// A bracket that is open, and what was seen behind it: brackets inside of brackets are read once.
#[derive(Default)]
struct Open {
    start: usize,
    bracket: char,
    has_han: bool,
    /// A number of the plan, such as (一), is written as the plan writes numbers.
    has_more_than_number: bool,
}

impl Open {
    fn read(&mut self, c: char) {
        self.has_han |= is_han(c);
        self.has_more_than_number |= !"一二三四五六七八九十".contains(c) && c != PUT_THERE;
    }

    /// Takes over what another pair inside of it holds.
    fn take(&mut self, inner: &Self) {
        self.has_han |= inner.has_han;
        self.has_more_than_number = true;
    }
}

/// Half-width colons between two Han characters.
#[derive(Default)]
struct Colons {
    /// Each with both, and the place of its run.
    all: Vec<(Span, String)>,
}

impl Colons {
    fn see(&mut self, between: Vec<(char, char)>, place: Span) {
        self.all.extend(between.into_iter().map(|(before, after)| (place, format!("{before}:{after}"))));
    }

    /// The change of each, and where those are that cannot be found as they are read.
    fn fixes(self, sources: &Sources, by_hand: &mut Vec<Span>) -> impl Iterator<Item = Fix> {
        let found = places(&self.all, sources);
        found.into_iter().zip(self.all).filter_map(|(span, (_, written))| {
            let fix = fix(span, &written, written.replace(':', "："), sources);
            // Whoever writes it with a backslash means it.
            by_hand.extend(fix.is_none().then_some(span).filter(|span| !sources.slice(*span).contains("\\:")));
            fix
        })
    }
}

/// The Han characters on both sides of each half-width colon that stands between two.
fn colons(text: &str) -> Vec<(char, char)> {
    let han = |c: &char| is_han(*c);
    let sides = |(at, _): (usize, &str)| {
        let (before, after) = (text[..at].chars().next_back().filter(han)?, text[at + 1..].chars().next().filter(han)?);
        Some((before, after))
    };
    text.match_indices(':').filter_map(sides).collect()
}

#[cfg(test)]
mod tests {
    use super::{colons, wrong_pairs};

    #[test]
    fn brackets_with_han_characters_are_found_and_numbers_are_not() {
        let wrong = |text: &'static str| wrong_pairs(text).wholes.into_iter().map(|whole| &text[whole]).collect::<Vec<_>>();
        assert_eq!(wrong("甲(如證書、證照)乙(Integrity)及(一)與（丙）(A級)"), ["(如證書、證照)", "(A級)"]);
        assert_eq!(wrong("沒有關(上"), [""; 0]);
        assert_eq!((wrong("甲(㐀)(𠀋)"), colons("㐀:𠀋")), (vec!["(㐀)", "(𠀋)"], vec![('㐀', '𠀋')]), "rare ones");
        let nested = "(甲、（乙）、丙)((丁))(戊(一)(A))（己(庚)）";
        assert_eq!(wrong(nested), ["(甲、（乙）、丙)", "((丁))", "(戊(一)(A))", "(庚)"]);
        assert_eq!(wrong_pairs("(戊(一)(己))").signs, [0, 9, 13, 14], "a number within stays as it is");
    }
}
