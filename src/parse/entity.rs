//! Characters that entities name, as in `&#x1;`, and that nobody can read. Those that stand in a file as themselves are found when it is read.
//!
//! In: a text as Markdown understood it, and the range that it was written in. Out: the text without what no page may hold, and a finding
//! at each entity that names such a character, or one that nobody else's machine knows.

use super::lower::Lowering;
use crate::source::{is_control, is_unreadable, unreadable};
use std::{borrow::Cow, ops::Range};

/// Markdown takes longer runs for words, in either base.
const MOST_DECIMAL: usize = 7;
const MOST_HEXADECIMAL: usize = 6;

impl Lowering<'_> {
    /// A text without what no page may hold. The file itself holds none; an entity may be one.
    pub(super) fn readable<'t>(&mut self, text: &'t str, range: &Range<usize>) -> Cow<'t, str> {
        if !text.contains(is_unreadable) {
            return text.into();
        }
        let named: Vec<_> = named(&self.text[range.clone()]).filter(|(_, c)| is_unreadable(*c)).collect();
        for (place, c) in named {
            let place = range.start + place.start..range.start + place.end;
            if self.is_new(place.start, c) {
                self.findings.push(unreadable(c, self.span(place)));
            }
        }
        if text.contains(is_control) { text.replace(is_control, "\u{fffd}").into() } else { text.into() }
    }
}

/// Every character that a text names by its code, and where; the sign for a damaged one where the code is none.
fn named(text: &str) -> impl Iterator<Item = (Range<usize>, char)> {
    text.match_indices("&#").filter_map(|(at, sign)| {
        let escapes = text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        let rest = &text[at + sign.len()..];
        let (digits, radix, most) = match rest.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, MOST_HEXADECIMAL),
            None => (rest, 10, MOST_DECIMAL),
        };
        let end = digits
            .find(|c: char| !c.is_digit(radix))
            .filter(|end| (1..=most).contains(end) && digits[*end..].starts_with(';'))?;
        let code = u32::from_str_radix(&digits[..end], radix).ok().filter(|code| *code > 0);
        let length = sign.len() + (rest.len() - digits.len()) + end + 1;
        (escapes % 2 == 0).then(|| (at..at + length, code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)))
    })
}
