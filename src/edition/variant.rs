//! Words as readers compare them.
//!
//! In: a text. Out: its [`Unit`]s (one Han character, one run of letters, one run of digits, or one other character), each with a key that
//! is the same for width variants: 臺 and 台, ： ︰ and :, ０ and 0, ○ 〇 and 0 of a blank, and any white space. It knows no clause.

use crate::resolve::words::is_han;
use std::ops::Range;

/// The smallest part of a text that can change, with the white space after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Where it stands in the text; all units together are the text.
    pub range: Range<usize>,
    /// What it is but for its width.
    pub key: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letters,
    Digits,
    Circles,
    Single,
}

/// Reads a text but for its white space: `see` takes where each character stands, what it is, and whether it goes on the unit before it.
fn read(text: &str, mut see: impl FnMut(usize, char, Class, bool)) {
    let mut open = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            open = None;
            continue;
        }
        let class = class(c);
        see(at, c, class, class != Class::Single && open == Some(class));
        open = Some(class);
    }
}

/// The units of a text; none where there is nothing but white space.
pub(super) fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    read(text, |at, c, _, goes_on| match units.last_mut() {
        Some(last) if goes_on => last.key.push(folded(c)),
        last => {
            // White space at the very beginning belongs to what follows it.
            let start = last.map_or(0, |last| {
                last.range.end = at;
                at
            });
            units.push(Unit { range: start..text.len(), key: folded(c).to_string() });
        }
    });
    for unit in &mut units {
        blank(&mut unit.key, 0);
    }
    units
}

/// The keys of a text's units, one after another: two texts with the same differ in nothing but width. It is worked out without the units,
/// because every clause of a plan needs it.
pub(super) fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    // The class of the last unit, and where it begins.
    let mut open: Option<(Class, usize)> = None;
    read(text, |_, c, class, goes_on| {
        if !goes_on {
            if let Some((last, start)) = open {
                close(&mut out, last, start);
            }
            open = Some((class, out.len()));
        }
        out.push(folded(c));
    });
    if let Some((last, start)) = open {
        close(&mut out, last, start);
    }
    out
}

/// Ends a unit.
fn close(out: &mut String, class: Class, start: usize) {
    if class == Class::Digits {
        blank(out, start);
    }
    // Two words are not one.
    if class != Class::Single {
        out.push('\0');
    }
}

/// Makes circles of a key that is nothing but zeros: that is a blank, as circles are.
fn blank(key: &mut String, start: usize) {
    if key[start..].bytes().all(|byte| byte == b'0') {
        let circles = "○".repeat(key.len() - start);
        key.truncate(start);
        key.push_str(&circles);
    }
}

/// Whether two texts differ in nothing but width.
#[must_use]
pub fn are_variants(one: &str, other: &str) -> bool {
    one == other || key(one) == key(other)
}

fn class(c: char) -> Class {
    match c {
        '0'..='9' | '０'..='９' => Class::Digits,
        '○' | '〇' | '◯' => Class::Circles,
        _ if is_han(c) || !c.is_alphabetic() => Class::Single,
        _ => Class::Letters,
    }
}

/// A character but for its width.
pub(super) fn folded(c: char) -> char {
    match c {
        '臺' => '台',
        '〇' | '◯' => '○',
        '︰' | '﹕' | '∶' => ':',
        '﹐' => ',',
        '﹑' | '､' => '、',
        '﹒' => '.',
        '﹔' => ';',
        '﹖' => '?',
        '﹗' => '!',
        '﹙' | '︵' => '(',
        '﹚' | '︶' => ')',
        '｡' => '。',
        '｢' => '「',
        '｣' => '」',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_a_character_a_word_or_a_figure() {
        let text = " 每 90 天以 SSL 連線，○○○次";
        let all: Vec<&str> = units(text).iter().map(|unit| &text[unit.range.clone()]).collect();
        assert_eq!(all, [" 每 ", "90 ", "天", "以 ", "SSL ", "連", "線", "，", "○○○", "次"]);
        assert_eq!(all.concat(), text);
        assert!(units(" \n").is_empty());
    }

    #[test]
    fn a_key_is_that_of_its_units() {
        for text in ["", " ", "每 90 天以 SSL 連線，○○○次", "00○ 1 0 ＡＢ c", "臺北：8:00（一）\n甲乙 丙", "A1B2 二〇二五", "○"]
        {
            let of_units: String = units(text)
                .iter()
                .map(|unit| unit.key.clone() + if unit.key.chars().next().is_some_and(|c| class(c) != Class::Single) { "\0" } else { "" })
                .collect();
            assert_eq!(key(text), of_units, "{text}");
        }
    }

    #[test]
    fn widths_are_no_difference() {
        for (one, other) in [
            ("臺北市：甲", "台北市︰甲"),
            ("○○年", "００年"),
            ("〇月", "0月"),
            ("通行碼長度 8 碼", "通行碼長度８碼"),
            ("（一）A", "(一)Ａ"),
            ("甲\n乙", "甲乙 "),
        ] {
            assert!(are_variants(one, other), "{one} {other}");
        }
        for (one, other) in [("8 碼", "12 碼"), ("A B", "AB"), ("1 0", "10"), ("甲", "甲乙"), ("100", "1○○"), ("甲", "")] {
            assert!(!are_variants(one, other), "{one} {other}");
        }
    }
}
