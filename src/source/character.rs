//! Characters that no page may hold, that nobody else can read, or that nobody sees.
//!
//! In: a text, whole or character by character. Out: whether such characters stand in it, and a finding for each; for all alike of those that
//! nobody sees, one. What takes the place of one that no page may hold is the business of whoever reads the text.

use super::{Sources, wide_space::behind_signs};
use crate::{
    diagnostic::{Diagnostic, FileId, Fix, Rule, Severity, Span},
    message,
};
use memchr::memmem;

/// So many other places of one character that nobody sees are named.
const PLACES: usize = 10;

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
    let source = sources.file(file);
    let text = &source.text;
    // Numbers, and nothing skipped: so they are compared many at a time.
    let may_be = |first: u8, second: u8| (first == 0xee) | (first >= 0xf3) | ((first == 0xef) & ((second <= 0xa3) | (second == 0xbf)));
    if any_pair(text, may_be) {
        findings.extend(text.char_indices().filter_map(|(at, c)| of_character(c, Span::new(file, at, at + c.len_utf8()))));
    }
    if holds_invisible(text) {
        invisible(text, source.extension() == "md", file, findings);
    }
    behind_signs(source, file, findings);
}

/// Whether a character is nobody's to see and none of those that say how their neighbours are to be drawn: the joiners of scripts and of emoji,
/// and the selectors of a Han character's form.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether a text holds a character for which [`is_invisible`] is true, looked for by the bytes with which these begin: all but one of them begin
/// with bytes that Chinese hardly has.
fn holds_invisible(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_one = |at: usize| text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_invisible);
    memchr::memchr2_iter(0xe2, 0xc2, bytes).any(is_one) || memmem::find(bytes, "\u{feff}".as_bytes()).is_some()
}

/// Reports characters that nobody sees, those alike of a file once: at the beginning of a line they keep it from being what it looks like.
fn invisible(text: &str, is_markdown: bool, file: FileId, findings: &mut Vec<Diagnostic>) {
    // What makes of a line something else than words; behind a number of any kind too.
    let is_sign = |c: char| "-*+#>|:`~[{(（一二三四五六七八九十壹貳參肆伍陸柒捌玖拾第".contains(c) || c.is_ascii_digit();
    let mut kinds: Vec<(char, bool, Vec<Span>)> = Vec::new();
    let mut begins = true;
    for (at, c) in text.char_indices() {
        if is_invisible(c) {
            let span = Span::new(file, at, at + c.len_utf8());
            let leads = begins && is_markdown && text[at..].trim_start_matches(is_invisible).starts_with(is_sign);
            match kinds.iter_mut().find(|(kind, as_well, _)| (*kind, *as_well) == (c, leads)) {
                Some((.., places)) => places.push(span),
                None => kinds.push((c, leads, vec![span])),
            }
        } else {
            begins = c == '\n' || begins && (c.is_whitespace() || c == '>');
        }
    }
    findings.extend(kinds.iter().filter_map(|(c, begins, places)| unseen(*c, *begins, places)));
}

fn unseen(c: char, begins: bool, places: &[Span]) -> Option<Diagnostic> {
    let (first, others) = places.split_first()?;
    let (code, count) = (code(c), places.len());
    let message = match (begins, count) {
        (true, 1) => message!(
            "這一行以看不見的字元 {code} 開頭，行首的記號會失效",
            "This line begins with the invisible character {code}, behind which no sign has an effect"
        ),
        (true, _) => message!(
            "有 {count} 行以看不見的字元 {code} 開頭，行首的記號會失效",
            "{count} lines begin with the invisible character {code}, behind which no sign has an effect"
        ),
        (false, 1) => message!("這裡有看不見的字元 {code}", "The invisible character {code} stands here"),
        (false, _) => message!("這個檔案有 {count} 個看不見的字元 {code}", "This file holds {count} invisible characters {code}"),
    };
    let help = message!(
        "請刪去：在它後面按一次退格鍵，或執行 planpress check --fix",
        "Delete it with one stroke of the backspace key behind it, or run planpress check --fix"
    );
    let mut finding = Diagnostic::new(Rule::PrivateUseCharacter, *first, message).help(help);
    if begins {
        finding.severity = Severity::Error;
    }
    finding.fixes = places.iter().map(|span| Fix { span: *span, text: String::new() }).collect();
    let related = others.iter().take(PLACES);
    Some(related.fold(finding, |finding, span| finding.related(*span, message!("這裡也有", "Another one"))))
}

/// How people write a character's number.
#[must_use]
pub fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Whether a character is nobody's to read: no page may hold it, only some machines know it, or it was damaged.
#[must_use]
pub fn is_unreadable(c: char) -> bool {
    is_control(c) || is_private(c) || c == char::REPLACEMENT_CHARACTER
}

/// Whether a character is of the private use area, where each font draws what it likes.
#[must_use]
pub fn is_private(c: char) -> bool {
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
        let code = code(c);
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
    fn every_character_that_nobody_sees_is_looked_for() {
        for c in ('\0'..=char::MAX).filter(|c| is_invisible(*c)) {
            for text in [format!("{c}"), format!("甲{c}"), format!("{c}甲")] {
                assert!(holds_invisible(&text), "{}", code(c));
            }
        }
        assert!(!holds_invisible("「甲」—“乙”…‧ 😀\u{fe0f}👩\u{200d}💻 葛\u{e0100}\u{a0}\n"));
    }

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
