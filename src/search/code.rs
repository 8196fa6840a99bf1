//! Codes: the whole text of a small plan with few bytes.
//!
//! In: a text. Out: the same in other characters, and a table of what they stand for. In UTF-8 a Han character is three bytes, of which
//! compression makes little; here the most frequent characters are one byte, and nearly all others two.

use std::{cmp::Reverse, collections::BTreeMap};

/// The first code. All codes from there on are used, but for those of [`ESCAPED`].
const FIRST: u32 = 0x20;
/// What needs an escape between quotes.
const ESCAPED: [char; 2] = ['"', '\\'];
/// The first code that is two bytes.
const TWO: u32 = 0x80;

/// The farthest that a [`gap`] reaches.
const FAR: u32 = 0x8000;

/// A character that says how far it is from one code to another, which is no less and at most [`FAR`] away: all that are written so are
/// allowed between quotes.
pub(super) fn gap(from: u32, to: char) -> char {
    char::from_u32(u32::from(ESCAPED[1]) + 1 + u32::from(to).saturating_sub(from)).unwrap_or(to)
}

/// A text in other characters.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Coded {
    /// What the codes of one byte stand for, from [`FIRST`] on.
    pub frequent: String,
    /// What the other codes stand for: the distance of each from the one before.
    pub gaps: String,
    pub text: String,
}

/// Recodes a text.
pub(super) fn recode(text: &str) -> Coded {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1;
    }
    let mut chars: Vec<(char, u32)> = counts.into_iter().collect();
    chars.sort_by_key(|(_, count)| Reverse(*count));
    let mut coded = Coded::default();
    let mut table: BTreeMap<char, char> = BTreeMap::new();
    let mut chars = chars.into_iter().map(|(c, _)| c);
    for code in (FIRST..TWO).filter_map(char::from_u32) {
        if ESCAPED.contains(&code) {
            coded.frequent.push(' ');
        } else {
            let Some(c) = chars.next() else { break };
            coded.frequent.push(c);
            table.insert(c, code);
        }
    }
    let mut others: Vec<char> = chars.collect();
    others.sort_unstable();
    let (mut free, mut before) = ((TWO..).filter_map(char::from_u32), 0);
    for c in others {
        // Where there is nothing for long, a code stands for nothing.
        while u32::from(c) - before > FAR {
            let Some(between) = (before + 1..=before + FAR).rev().find_map(char::from_u32) else { break };
            coded.gaps.push(gap(before, between));
            before = between.into();
            free.next();
        }
        coded.gaps.push(gap(before, c));
        before = c.into();
        table.extend(free.next().map(|code| (c, code)));
    }
    coded.text = text.chars().filter_map(|c| table.get(&c)).collect();
    coded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the engine does it.
    fn decode(coded: &Coded) -> String {
        let mut table: Vec<char> = coded.frequent.chars().collect();
        let mut code = 0;
        for gap in coded.gaps.chars() {
            code += u32::from(gap) - 93;
            table.push(char::from_u32(code).unwrap());
        }
        coded.text.chars().map(|c| table[c as usize - 32]).collect()
    }

    #[test]
    fn a_recoded_text_is_the_same_again_in_fewer_bytes_and_needs_no_escapes() {
        let han: String = (0x4e00..0x5500).filter_map(char::from_u32).collect();
        for text in ["", "資通安全", "\"\\\"\u{1d}\u{1e}", &format!("{han}資安資安\u{7f}é😀𠮷\"a\\"), "a😀"] {
            let coded = recode(text);
            assert_eq!(decode(&coded), text);
            assert!(!coded.text.contains(['"', '\\', '\n', '\r']) && !coded.gaps.contains(['"', '\\', '\n', '\r']));
        }
        assert!(recode(&han.repeat(3)).text.len() < han.len() * 2);
    }
}
