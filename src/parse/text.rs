//! What words can hide: values, and marks that Markdown did not take for what the writer meant.
//!
//! In: one run of words and its range. Out: text and value inlines, and findings for an unclosed comment, a list item that is none, attributes in
//! the wrong place, and all of these in full width; what would be a fence or a comment is `stray_directive`'s business, footnotes' marks are
//! `footnote_mark`'s.

use super::{inline::push_text, item, lost_sign, lower::Lowering, stray_directive};
use crate::{
    diagnostic::{Message, Rule},
    document::owned::{Inline, ValueReference},
    message,
};
use memchr::memmem;
use std::{borrow::Cow, ops::Range};

/// Signs of planpress as an input method for Chinese writes them, which mean nothing, and what they were meant as. The first one counts at the
/// beginning of a line.
const WIDE_SIGNS: [(&str, &str, Rule); 9] = [
    ("：：：", ":::", Rule::UnclosedDirective),
    ("％％", "%%", Rule::UnclosedComment),
    ("｛｛", "{{", Rule::UnknownValue),
    ("［［", "[[", Rule::UnknownReference),
    ("｛#", "{#…}", Rule::UnknownAttribute),
    ("｛＃", "{#…}", Rule::UnknownAttribute),
    ("［^", "[^…]", Rule::UnknownFootnote),
    ("［＾", "[^…]", Rule::UnknownFootnote),
    (WIDE_STARS, "**", Rule::PrintedMarkup),
];

/// Two of these mark strong words; one may be the mark of a note.
const WIDE_STARS: &str = "＊＊";

/// What they begin with. This is a fast path: several signs begin alike, so that these are fewer to look for, and nearly no text holds
/// any.
const BEGINNINGS: [&str; 5] = ["：：：", "％％", "｛", "［", WIDE_STARS];

/// Whether a text holds any of these signs.
pub(super) fn has_wide_signs(text: &str) -> bool {
    let holds = |sign: &str| memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    BEGINNINGS.into_iter().any(holds) && WIDE_SIGNS.iter().any(|(sign, ..)| holds(sign))
}

impl Lowering<'_> {
    /// Splits words at `{{ … }}`; `at_line_start` says that nothing precedes them on their line.
    pub(super) fn words(&mut self, text: &str, range: Range<usize>, at_line_start: bool, out: &mut Vec<Inline>) {
        // An entity is longer than its character.
        if text.len() < range.len()
            && let Cow::Owned(text) = self.readable(text, &range)
        {
            return self.words(&text, range, at_line_start, out);
        }
        if self.text.as_bytes().get(range.start) == Some(&b'[') {
            self.brackets.insert(range.start);
        }
        if at_line_start {
            self.check_line_start(text, &range);
        }
        self.check_foreign_words(text, &range);
        if self.has_wide_signs {
            self.check_width(text, &range, at_line_start);
        }
        // Most words hold none of the signs that all of this is about.
        let bytes = text.as_bytes();
        if memchr::memchr3(b'{', b'[', b'%', bytes).is_none() && memchr::memchr2(b':', b'*', bytes).is_none() {
            return push_text(out, self.shared(text, range));
        }
        self.check_stray(text, &range, at_line_start);
        self.check_stars(text, &range);
        let mut from = 0;
        while let Some(open) = text[from..].find("{{").map(|at| from + at) {
            let Some(close) = text[open..].find("}}").map(|at| open + at) else { break };
            self.check_words(&text[from..open], range.start + from..range.end);
            push_text(out, self.shared(&text[from..open], range.start + from..range.end));
            let (path, place) = (text[open + 2..close].trim(), range.start + open..(range.start + close + 2).min(range.end));
            self.value(path, place, out);
            from = close + 2;
        }
        let rest = &text[from..];
        self.check_words(rest, range.start + from..range.end);
        push_text(out, self.shared(rest, range.start + from..range.end));
    }

    fn value(&mut self, path: &str, place: Range<usize>, out: &mut Vec<Inline>) {
        let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if path.contains('.') && path.split('.').all(word) {
            let (at, span) = (place.clone(), self.span(place));
            out.push(Inline::Value(Box::new(ValueReference { path: self.shared(path, at), span })));
            return;
        }
        let message = message!("「{path}」不是「檔名.欄位」", "`{path}` is no `file.field`");
        let help = message!(
            "例如 {{{{ agency.name }}}}；大括號裡只能是路徑",
            "For example {{{{ agency.name }}}}; braces hold a path and nothing else"
        );
        self.report(Rule::UnknownValue, place, message, help);
    }

    fn check_line_start(&mut self, text: &str, range: &Range<usize>) {
        self.check_fence(text, range);
        self.check_delimiter(text, range);
        self.check_heading(text, range);
        self.check_underline(text, range);
        self.check_foreign_line(text, range);
        // To Markdown a full-width space, or one that does not break, is a word.
        let words = text.trim_start();
        let indent = text.len() - words.len();
        let digits = words.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &words[digits..];
        if !(1..=9).contains(&digits) || !rest.starts_with(['.', ')']) {
            return;
        }
        let after = rest[1..].chars().next();
        // At the start of a paragraph a number with a space would have been an item; without one it was meant to be.
        if after.is_some_and(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
            return;
        }
        let place = (range.start + indent).min(range.end)..(range.start + indent + digits + 1).min(range.end);
        let message = message!("看起來像清單的一項，但沒有成為一項", "This looks like a list item and is none");
        let help = match after {
            _ if indent > 0 => message!(
                "編號前面的空格是全形或不換行的，請改成半形：下一層縮排到上一項文字開始的地方，同一層與上一項對齊",
                "The space before the number is full-width or does not break; write half-width ones, up to where the words of the item above begin for the next level, or as many as that item has"
            ),
            Some(c) if !c.is_whitespace() => message!("請在編號後加一個空格", "Put a space after the number"),
            Some(c) if !matches!(c, ' ' | '\t') => message!(
                "編號後要用半形空格，這裡是全形或不換行的空格",
                "Put a half-width space after the number; this one is full-width or does not break"
            ),
            _ => message!("請與上一段空一行，或對齊清單的縮排", "Leave a blank line above it, or align it with the list"),
        };
        self.report(Rule::UnrecognisedListItem, place, message, help);
    }

    /// Reports signs in full width: what they should hide is printed.
    fn check_width(&mut self, text: &str, range: &Range<usize>, at_line_start: bool) {
        for (wide, meant, rule) in WIDE_SIGNS {
            let is_fence = meant == ":::";
            let begins = at_line_start && text.starts_with(wide);
            let at = if is_fence && begins {
                Some(0)
            } else if is_fence {
                stray_directive::fence(text, wide)
            } else if wide == WIDE_STARS {
                lost_sign::wide_stars(text, wide)
            } else {
                text.find(wide)
            };
            let Some(at) = at else { continue };
            let place = (range.start + at).min(range.end)..(range.start + at + wide.len()).min(range.end);
            let message = message!("全形的「{wide}」沒有作用，會照樣印出來", "The full-width `{wide}` has no effect and is printed");
            let help = if is_fence && !begins {
                stray_directive::in_words()
            } else if wide == WIDE_STARS {
                message!("請用半形的 {meant}；要印出星號請寫 \\*\\*", "Write {meant}, or \\*\\* for the signs themselves")
            } else {
                message!("請用半形的 {meant}", "Write {meant}")
            };
            self.report(rule, place, message, help);
        }
    }

    /// What is wrong with the brackets of a reference behind which the source goes on at `at`.
    fn unread_reference(&self, at: usize) -> (Message, Message) {
        let line = self.text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let Some((inside, _)) = line.split_once("]]") else {
            return (
                message!("[[ 沒有結尾", "This [[ has no end"),
                message!("請補上 ]]；要寫出方括號請寫 \\[\\[", "Close it with ]]; write \\[\\[ for the brackets themselves"),
            );
        };
        let help = if inside.starts_with('[') {
            message!("方括號只要兩個：[[id]]", "Two brackets are enough: [[id]]")
        } else if self.in_table && inside.match_indices('|').any(|(at, _)| !inside[..at].ends_with('\\')) {
            message!(
                "表格裡的直線是格線，參照請寫 [[id\\|文字]]",
                "In a table a bar parts two cells; write the reference as [[id\\|words]]"
            )
        } else if inside.matches('|').nth(1).is_some() {
            message!("只能有一條直線：[[id|文字]]", "There can be one bar: [[id|words]]")
        } else {
            message!(
                "直線後面的文字不能有方括號或註腳，請移到 ]] 後面",
                "The words behind the bar hold no brackets and no footnote; move these behind the ]]"
            )
        };
        (message!("這裡讀不出參照，會照樣印出來", "This is no reference, and is printed as it stands"), help)
    }

    fn check_words(&mut self, text: &str, range: Range<usize>) {
        let place = |at: usize, length: usize| (range.start + at).min(range.end)..(range.start + at + length).min(range.end);
        if let Some(at) = text.find("%%") {
            let help = message!(
                "請在同一行補上結尾的 %%；要寫出百分號請寫 \\%%",
                "Close it with %% on the same line; write \\%% for the signs themselves"
            );
            self.report(Rule::UnclosedComment, place(at, 2), message!("%% 沒有結尾", "This %% has no end"), help);
        }
        if let Some(at) = text.find("{{") {
            let help = message!("請補上 }}}}；要寫出大括號請寫 \\{{{{", "Close it with }}}}; write \\{{{{ for the braces themselves");
            self.report(Rule::UnknownValue, place(at, 2), message!("{{{{ 沒有結尾", "This {{{{ has no end"), help);
        }
        if let Some(at) = text.find("{ {").filter(|at| text[*at..].contains('}')) {
            let message = message!("「{{ {{」不是值的記號，會照樣印出來", "`{{ {{` begins no value and is printed");
            let help = message!(
                "請把括號連在一起，例如 {{{{ agency.name }}}}；要寫出大括號請寫 \\{{",
                "Write the braces together, as in {{{{ agency.name }}}}; write \\{{ for the brace itself"
            );
            self.report(Rule::UnknownValue, place(at, 3), message, help);
        }
        if let Some((at, path)) = single_braces(text) {
            let message = message!("「{{{path}}}」不是值，會照樣印出來", "`{{{path}}}` is no value and is printed");
            let help = message!(
                "值要用兩層大括號：{{{{ {value} }}}}；要寫出大括號請寫 \\{{",
                "A value stands between two braces, {{{{ {value} }}}}; write \\{{ for the brace itself",
                value = path.trim()
            );
            self.report(Rule::UnknownValue, place(at, path.len() + 2), message, help);
        }
        self.check_marks(text, &range);
        if let Some(at) = text.find("[[") {
            let place = place(at, 2);
            let (message, help) = self.unread_reference(place.end);
            self.report(Rule::UnknownReference, place, message, help);
        }
        for opening in ["{#", "{when="] {
            if let Some(at) = text.find(opening) {
                let length = text[at..].find('}').map_or(opening.len(), |end| end + 1);
                let place = place(at, length);
                let next = self.text.get(place.end..).unwrap_or_default().trim_start_matches(' ');
                let help = if at + opening.len() == text.len() && next.starts_with("{{") {
                    message!(
                        "位址裡不能放值，請直接寫，例如 {{#english-id}}",
                        "An address cannot hold a value; write it itself, as in {{#english-id}}"
                    )
                } else if next.starts_with("{#") || next.starts_with("{when=") {
                    item::in_one()
                } else {
                    message!(
                        "只能放在標題，或編號清單（1.）項目第一段的結尾，前面空一格；「-」項目不能有位址",
                        "They stand at the end of a heading or of a numbered item's first paragraph, after a space; a `-` item has no address"
                    )
                };
                self.report(Rule::UnknownAttribute, place, message!("屬性放錯地方", "Attributes in the wrong place"), help);
            }
        }
    }
}

/// The agency's value in single braces, and where they stand.
fn single_braces(text: &str) -> Option<(usize, &str)> {
    text.match_indices('{').find_map(|(at, _)| {
        let (path, after) = text[at + 1..].split_once('}')?;
        let is_double = text[..at].trim_end().ends_with('{') || after.starts_with('}');
        let field = path.trim().strip_prefix("agency.").filter(|_| !is_double)?;
        (!field.is_empty() && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')).then_some((at, path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_in_full_width_is_seen() {
        for (sign, ..) in WIDE_SIGNS {
            assert!(has_wide_signs(&format!("前{sign}後")), "{sign}");
        }
        assert!(!has_wide_signs("甲：：乙％（丙）［丁"));
    }
}
