//! Characters that no page may hold, and characters that nobody else can read.
//!
//! In: a text, whole or character by character. Out: whether such characters stand in it, and a finding for each. What takes the place of one
//! that no page may hold is the business of whoever reads the text.

use super::Sources;
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span},
    message,
};

/// Whether HTML may not hold a character: it controls a device, or is set apart for programs, and means nothing in a text.
#[must_use]
pub fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r') || is_noncharacter(c)
}

/// Whether Unicode sets a character apart for the inside of programs: the last two of each plane, and a few more.
pub(super) fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether a text may hold a character for which [`is_control`] is true. This is a fast path, because nearly no text
/// does: it reads bytes and no characters, whose first two bytes tell whether they may be one.
pub(super) fn may_hold_control(text: &str) -> bool {
    let of_one = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n') || byte == 0x7f;
    let of_more =
        |first: u8, second: u8| matches!((first, second), (0xc2, ..=0x9f) | (0xef, 0xb7 | 0xbf)) || may_end_a_plane(first, second);
    text.bytes().next_back().is_some_and(of_one) || any_pair(text, |first, second| of_one(first) | of_more(first, second))
}

/// Whether something is true of a byte of a text and the next one. No early end, and two slices: so they are read many at a time.
fn any_pair(text: &str, is_true: impl Fn(u8, u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    pairs.fold(false, |found, (first, second)| found | is_true(*first, *second))
}

/// Whether a character with these first bytes may be one of the last two of a plane beyond the first.
fn may_end_a_plane(first: u8, second: u8) -> bool {
    first >= 0xf0 && second & 0x8f == 0x8f
}

/// Reports characters of the private use area, which text from law databases has contained: nobody else can read them; and the sign in place
/// of those that no page may hold.
#[expect(clippy::needless_bitwise_bool, reason = "what is skipped cannot be compared many at a time")]
pub fn meaningless(sources: &Sources, file: FileId, findings: &mut Vec<Diagnostic>) {
    let text = &sources.file(file).text;
    // Numbers, and nothing skipped: so they are compared many at a time.
    let may_be = |first: u8, second: u8| (first == 0xee) | (first >= 0xf3) | ((first == 0xef) & ((second <= 0xa3) | (second == 0xbf)));
    if any_pair(text, may_be) {
        findings.extend(text.char_indices().filter_map(|(at, c)| of_character(c, Span::new(file, at, at + c.len_utf8()))));
    }
}

/// Whether a character is nobody's to read: no page may hold it, only some machines know it, or it was damaged.
#[must_use]
pub fn is_unreadable(c: char) -> bool {
    is_control(c) || is_private(c) || c == char::REPLACEMENT_CHARACTER
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

/// What is wrong with a character that stands in a file.
fn of_character(c: char, span: Span) -> Option<Diagnostic> {
    if c == char::REPLACEMENT_CHARACTER {
        let message = message!("這裡有控制字元或毀損的字，印成 �", "A control character or a damaged one stands here; it is printed as �");
        let help = message!("請刪去它，或重新輸入這個字", "Delete it, or type the character anew");
        return Some(Diagnostic::new(Rule::PrivateUseCharacter, span, message).help(help));
    }
    is_private(c).then(|| unreadable(c, span))
}

/// What is wrong with a character that a code names where [`is_unreadable`] is true of it.
#[must_use]
pub fn unreadable(c: char, span: Span) -> Diagnostic {
    let (message, help) = if is_private(c) && !is_noncharacter(c) {
        let code = format!("U+{:04X}", u32::from(c));
        (
            message!("造字區字元 {code}，別的電腦顯示不出來", "The private-use character {code} has no meaning on another machine"),
            message!("請改用標準字，或改寫這個詞", "Use a standard character, or other words"),
        )
    } else if c.is_control() {
        (
            message!("這個代碼是控制字元，印成 �", "This code is a control character; it is printed as �"),
            message!("請刪去它", "Delete it"),
        )
    } else {
        (
            message!("這個代碼不是字元，印成 �", "This code is no character; it is printed as �"),
            message!("請刪去它", "Delete it"),
        )
    };
    Diagnostic::new(Rule::PrivateUseCharacter, span, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_no_page_may_hold_is_looked_for() {
        let all: Vec<char> = ('\0'..=char::MAX).filter(|c| is_control(*c)).collect();
        // 32 of ASCII and DEL without three that stand in texts, 32 above them, 32 in the middle of the first plane, and two of each of 17.
        assert_eq!(all.len(), 33 - 3 + 32 + 32 + 34);
        for c in all {
            for text in [format!("{c}"), format!("甲{c}"), format!("{c}甲")] {
                assert!(may_hold_control(&text), "U+{:04X}", u32::from(c));
            }
        }
        assert!(!may_hold_control("一、\t甲（é×·）𠮷﨑①\n"), "those of most plans are told apart by their first bytes");
    }
}
