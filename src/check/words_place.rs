//! Where words of the plan stand in the source.
//!
//! In: a source text. Out: the pieces of it that are words of the plan, and the places of words in them. Code and addresses are no such words:
//! whatever reads them needs them letter by letter. Each text is read once, however many words are looked for.

use super::prose::PUT_THERE;
use crate::{diagnostic::Span, source::Sources};
use aho_corasick::AhoCorasick;
use memchr::memchr2_iter;
use rustc_hash::FxHashMap;
use std::{
    borrow::Cow,
    ops::{Range, RangeInclusive},
};

/// What begins something else than words, but for code, links and addresses, and what ends it.
const HIDDEN: [(&str, &str); 6] = [("%%", "%%"), ("{{", "}}"), ("{#", "}"), ("{when=", "}"), ("{rows=", "}"), ("[^", "]")];

/// So many words are looked for one by one.
const FEW: usize = 8;

/// What stands between the scheme of an address and the rest of it, and what one without a scheme begins with.
const ADDRESS: [&str; 2] = ["://", "www."];

/// The pieces of a source text that are words of the plan, each with its offset: no code, addresses, comments, values, targets or attributes.
pub(super) fn visible(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut from, mut code) = (0, None);
    std::iter::from_fn(move || {
        let start = from;
        let mut at = start;
        while at < text.len() {
            match step(text, at, &mut code) {
                Step::Past(next) => at = next,
                Step::Hidden(end) => {
                    from = end;
                    return Some((start, &text[start..at]));
                }
            }
        }
        from = text.len();
        (start < at).then(|| (start, &text[start..]))
    })
}

/// What stands at a place.
enum Step {
    /// Words, until here.
    Past(usize),
    /// Something else, until here; at the end of the text when nothing ends it.
    Hidden(usize),
}

fn step(text: &str, at: usize, code: &mut Option<Ticks>) -> Step {
    let rest = &text.as_bytes()[at..];
    match rest[0] {
        b'\\' if rest.get(1).is_some_and(u8::is_ascii_punctuation) => Step::Past(at + 2),
        b'`' => {
            let length = rest.iter().take_while(|byte| **byte == b'`').count();
            let end = code.get_or_insert_with(|| ticks(text)).get(&length).and_then(|starts| {
                let next = starts.partition_point(|start| *start <= at);
                starts.get(next).map(|start| start + length)
            });
            // Without their like further on they are what they are.
            end.map_or(Step::Past(at + length), Step::Hidden)
        }
        b']' if rest.starts_with(b"](") => Step::Hidden(target_end(text, at + 2)),
        // A reference without words of its own ends before any bar.
        b'[' if rest.starts_with(b"[[") => Step::Hidden(text[at + 2..].find(['|', ']']).map_or(text.len(), |end| at + 2 + end + 1)),
        b':' | b'w' => ADDRESS.iter().find(|sign| rest.starts_with(sign.as_bytes())).map_or(Step::Past(at + 1), |sign| {
            let inside = at + sign.len();
            Step::Hidden(inside + address_length(&text[inside..]))
        }),
        b'%' | b'{' | b'[' => {
            HIDDEN.iter().find(|(open, _)| rest.starts_with(open.as_bytes())).map_or(Step::Past(at + 1), |(open, close)| {
                let inside = at + open.len();
                Step::Hidden(text[inside..].find(close).map_or(text.len(), |end| inside + end + close.len()))
            })
        }
        _ => Step::Past(at + 1),
    }
}

/// Where runs of backticks begin, by their length; only ever looked up.
type Ticks = FxHashMap<usize, Vec<usize>>;

fn ticks(text: &str) -> Ticks {
    let (mut found, mut at) = (Ticks::default(), 0);
    while let Some(start) = text[at..].find('`').map(|next| at + next) {
        let length = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        found.entry(length).or_default().push(start);
        at = start + length;
    }
    found
}

/// Where the target of a link ends, which may hold brackets that match.
fn target_end(text: &str, start: usize) -> usize {
    let (bytes, mut at, mut depth) = (text.as_bytes(), start, 0usize);
    if text[start..].starts_with('<') {
        at = text[start..].find('>').map_or(text.len(), |end| start + end);
    }
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// What ends an address, beside white space, punctuation of Chinese and a bracket that it does not open.
const NO_ADDRESS: &str = "<>[]{}|\"`…—“”‘’";
/// Punctuation of Chinese, and the full-width forms of other punctuation.
const PUNCTUATION: [RangeInclusive<char>; 5] =
    ['\u{3000}'..='\u{303f}', '\u{ff01}'..='\u{ff0f}', '\u{ff1a}'..='\u{ff20}', '\u{ff3b}'..='\u{ff40}', '\u{ff5b}'..='\u{ff65}'];

/// How much of what follows the beginning of an address is part of it.
fn address_length(rest: &str) -> usize {
    let mut depth = 0usize;
    let ends = |c: char| match c {
        '(' => {
            depth += 1;
            false
        }
        ')' if depth > 0 => {
            depth -= 1;
            false
        }
        ')' | PUT_THERE => true,
        c => c.is_whitespace() || NO_ADDRESS.contains(c) || PUNCTUATION.iter().any(|range| range.contains(&c)),
    };
    let length = rest.find(ends).unwrap_or(rest.len());
    // A comment may follow at once.
    rest[..length].find("%%").unwrap_or(length)
}

/// A text with one character for what each address has behind its scheme, or for all of it.
pub(super) fn without_addresses(text: Cow<'_, str>) -> Cow<'_, str> {
    let begun = |text: &str| ADDRESS.iter().find(|sign| text.starts_with(**sign)).map(|sign| sign.len());
    let next = |text: &str| memchr2_iter(b':', b'w', text.as_bytes()).find_map(|at| Some((at, begun(&text[at..])?)));
    if next(&text).is_none() {
        return text;
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), &*text);
    while let Some((at, length)) = next(rest) {
        out.push_str(&rest[..at]);
        out.push(PUT_THERE);
        let after = &rest[at + length..];
        rest = &after[address_length(after)..];
    }
    out.push_str(rest);
    out.into()
}

/// Where some words stand in the source. Each word comes with the place in which it is looked for, and each answer stands where its word
/// does. A word that is wanted several times in one place is found at its first occurrence there, then at its second, and so on; wanted words
/// that stand side by side with the same place, such as those of a form's fields, are counted together. A word that is not there has
/// the whole place.
pub(super) fn places(wanted: &[(Span, impl AsRef<str>)], sources: &Sources) -> Vec<Span> {
    places_of(wanted, sources, occurrences)
}

/// What [`places`] does for anything that `starts` finds in a source text: where each of some words begins in it, from the first to the last.
pub(super) fn places_of(
    wanted: &[(Span, impl AsRef<str>)],
    sources: &Sources,
    starts: impl Fn(&str, &[&str]) -> Vec<Vec<usize>>,
) -> Vec<Span> {
    let mut out = Vec::with_capacity(wanted.len());
    for same in wanted.chunk_by(|one, other| one.0 == other.0) {
        let place = same[0].0;
        let (mut numbers, mut words) = (FxHashMap::default(), Vec::new());
        for (_, word) in same {
            numbers.entry(word.as_ref()).or_insert_with(|| {
                words.push(word.as_ref());
                words.len() - 1
            });
        }
        let found = starts(sources.slice(place), &words);
        // A cell of data that is printed again is read again from its beginning.
        let mut next: Vec<_> = found.iter().map(|starts| starts.iter().cycle()).collect();
        out.extend(same.iter().map(|(_, word)| {
            let word = word.as_ref();
            let at = numbers.get(word).and_then(|number| next[*number].next());
            at.map_or(place, |at| place.within(*at, at + word.len()))
        }));
    }
    out
}

/// Where each of some words begins in a source text, from the first to the last.
fn occurrences(text: &str, words: &[&str]) -> Vec<Vec<usize>> {
    starts_in(visible(text), words)
}

/// Where each of some words begins in pieces of a text, each of which has an offset.
pub(super) fn starts_in<'t>(pieces: impl Iterator<Item = (usize, &'t str)>, words: &[&str]) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); words.len()];
    // To make something that finds all of them takes longer than to look for few of them one by one.
    let all = (words.len() > FEW).then(|| AhoCorasick::new(words).ok()).flatten();
    for (at, piece) in pieces {
        match &all {
            Some(all) => all.find_overlapping_iter(piece).for_each(|one| found[one.pattern().as_usize()].push(at + one.start())),
            None => words
                .iter()
                .zip(&mut found)
                .for_each(|(word, found)| found.extend(overlapping(piece, word).map(|start| at + start))),
        }
    }
    found
}

/// Where words of others begin and end in a text: 「, 」.
pub(super) struct Quoted<'t>(Vec<(usize, &'t str)>);

impl<'t> Quoted<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self(text.match_indices(['「', '」']).collect())
    }

    /// Whether a place is inside of some.
    pub(super) fn hold(&self, at: usize) -> bool {
        self.around(at).is_some()
    }

    /// Whether some words are only a part of what is quoted.
    pub(super) fn hold_more_than(&self, words: Range<usize>) -> bool {
        self.around(words.start)
            .is_some_and(|(start, end)| start + '「'.len_utf8() < words.start || end != Some(words.end))
    }

    /// The signs around a place.
    fn around(&self, at: usize) -> Option<(usize, Option<usize>)> {
        let next = self.0.partition_point(|(sign, _)| *sign < at);
        let (start, _) = self.0[..next].last().filter(|(_, sign)| *sign == "「")?;
        Some((*start, self.0.get(next).map(|(end, _)| *end)))
    }
}

/// Where a word begins in a text, even where one occurrence goes on into the next.
pub(super) fn overlapping(text: &str, word: &str) -> impl Iterator<Item = usize> {
    let mut from = 0;
    let width = word.chars().next().map(char::len_utf8);
    std::iter::from_fn(move || {
        let at = from + text[from..].find(word)?;
        from = at + width?;
        Some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn words(text: &str) -> String {
        visible(text).map(|(_, piece)| piece).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn comments_values_targets_and_attributes_are_no_words() {
        assert_eq!(words("甲%%註%%乙{{ a.b }}丙 {#id}"), "甲/乙/丙 ");
        assert_eq!(words("見[[id|丁]]與[[id]]。[^n]"), "見/丁]]與/]。");
        assert_eq!(words("[字](https://x)完%%沒有結尾"), "[字/完");
        assert_eq!(words("甲 {when=\"a.b\"}乙{rows=3}丙{丁}"), "甲 /乙/丙{丁}");
        assert_eq!(words("[字](x(一)二 \"三\")完[字](<x)>)末"), "[字/完[字/末");
    }

    #[test]
    fn code_and_addresses_are_no_words() {
        assert_eq!(words("甲`乙`丙``丁`戊``己`庚"), "甲/丙/己`庚");
        assert_eq!(words("甲\\`乙`丙`"), "甲\\`乙", "an escaped backtick begins nothing");
        assert_eq!(words("見https://a.tw/甲_(乙)，又見<ftp://丙>（http://丁）"), "見https/，又見<ftp/>（http/）");
        assert_eq!(words("(見https://a.tw/甲)乙"), "(見https/)乙");
        assert_eq!(words("https://甲%%乙 丙%%丁"), "https//丁");
        assert_eq!(words("見www.x.tw/(甲)(乙) 丙"), "見/ 丙");
        assert_eq!(without_addresses("見www.x.tw/(甲)，乙".into()), "見\u{fffc}，乙");
        assert_eq!(without_addresses("見https://甲/乙。又(http://丙)".into()), "見https\u{fffc}。又(http\u{fffc})");
    }

    #[test]
    fn words_stand_one_behind_the_other_even_where_they_overlap() {
        let mut sources = Sources::default();
        let text = "字:字:字%%字:字%%甲";
        let whole = Span::new(sources.add(Source::new("a", "a", text)), 0, text.len());
        let starts = |wanted: &[(Span, &str)]| places(wanted, &sources).iter().map(|span| span.start).collect::<Vec<_>>();
        assert_eq!(starts(&[(whole, "字:字"), (whole, "甲"), (whole, "字:字")]), [0, 22, 4]);
        assert_eq!(places(&[(whole, "乙")], &sources), [whole], "what is not there");
        let many: Vec<String> = (0..FEW).map(|at| format!("沒有{at}")).collect();
        let words: Vec<&str> = ["字:字", "甲"].into_iter().chain(many.iter().map(String::as_str)).collect();
        assert_eq!(occurrences(text, &words)[..2], occurrences(text, &words[..2]), "however they are looked for");
    }
}
