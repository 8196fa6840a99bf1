//! Directives, comments and links that are none, so that words meant for those who write the plan, or signs of Markdown, would be published.
//!
//! In: one run of words and its range. Out: findings for a fence with too few colons or colons of both widths, for one in the middle of words
//! or in a cell, for a comment whose signs do not stand together, and for a link or a picture whose address ends at a space. What is right
//! never reaches this place.

use super::{directive::NAMES, lower::Lowering};
use crate::{diagnostic::Rule, message};
use std::ops::Range;

/// Signs that are almost those of a comment. One may be a percentage; two are what a comment begins and ends with.
const SPLIT: [&str; 4] = ["% %", "%　%", "%％", "％%"];

/// Whether words begin with the name of a directive.
#[must_use]
pub fn is_named(words: &str) -> bool {
    let end = words.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(words.len());
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(&words[..end]))
}

/// Where a sign, which is three colons, first stands before the name of a directive.
pub(super) fn fence(text: &str, sign: &str) -> Option<usize> {
    text.match_indices(sign)
        .find(|(at, _)| is_named(text[at + sign.len()..].trim_start_matches([':', '：']).trim_start()))
        .map(|(at, _)| at)
}

impl Lowering<'_> {
    /// Reports colons at the beginning of a line that begin no directive.
    pub(super) fn check_fence(&mut self, text: &str, range: &Range<usize>) {
        let words = text.trim_start_matches([':', '：']);
        let sign = &text[..text.len() - words.len()];
        if sign.starts_with(":::") {
            let help = message!("前後各空一行，並以同樣多的冒號結束", "Leave a blank line around it and close it with as many colons");
            let place = range.start..(range.start + 3).min(range.end);
            return self.report(Rule::UnclosedDirective, place, message!("這個 ::: 沒有作用", "This ::: has no effect"), help);
        }
        // After a single colon a space makes words of it.
        let is_one = sign.chars().count() == 1;
        if sign.is_empty() || sign.starts_with("：：：") || !is_named(if is_one { words } else { words.trim_start() }) {
            return;
        }
        let message =
            message!("「{sign}」不是區塊的開頭，這一段會照樣印出來", "`{sign}` begins no directive, and this paragraph is printed");
        let help = message!(
            "請用三個半形冒號 :::，自成一行，前後各空一行，並以 ::: 結束",
            "Write three half-width colons, :::, on a line of their own with blank lines around, and close with :::"
        );
        self.report(Rule::UnclosedDirective, range.start..(range.start + sign.len()).min(range.end), message, help);
    }

    /// Reports what would be a directive or a comment, had it been written elsewhere or otherwise.
    pub(super) fn check_stray(&mut self, text: &str, range: &Range<usize>, at_line_start: bool) {
        let place = |at: usize, length: usize| (range.start + at).min(range.end)..(range.start + at + length).min(range.end);
        // At the beginning of a line it has been reported.
        if let Some(at) = fence(text, ":::").filter(|at| *at > 0 || !at_line_start) {
            self.report(
                Rule::UnclosedDirective,
                place(at, 3),
                message!("::: 在這裡沒有作用，後面的字會照樣印出來", "This ::: has no effect here, and what follows is printed"),
                if at_line_start && text[..at].chars().all(is_unseen) { without_spaces() } else { in_words() },
            );
        }
        let mut split = SPLIT.iter().flat_map(|sign| text.match_indices(sign));
        if let (Some((at, sign)), Some(_)) = (split.next(), split.next()) {
            let message =
                message!("「{sign}」不是註解的記號，中間的字會照樣印出來", "`{sign}` marks no comment, and the words are printed");
            let help = message!(
                "請用兩個相連的半形百分號：%%…%%；要寫出百分號請寫 \\%",
                "Write two half-width signs together, %%…%%; write \\% for the sign itself"
            );
            self.report(Rule::UnclosedComment, place(at, sign.len()), message, help);
        }
        // A fast path: few words have it, and only for those the source is read, which tells whether it was meant.
        if text.contains("](")
            && let Some((at, address)) = self.text.get(range.clone()).and_then(spaced_address)
        {
            let message = message!(
                "「{address}」有空白，這裡不是連結也不是圖，會照樣印出來",
                "`{address}` has a space, so that this is no link and no picture, and is printed"
            );
            let help = message!(
                "請用角括號把它括起來：<{address}>；不是連結時，前面的 [ 寫成 \\[",
                "Put it in pointed brackets: <{address}>; if it is no link, write \\[ before it"
            );
            self.report(Rule::UnsupportedMarkdown, place(at, address.len()), message, help);
        }
    }
}

/// The most bytes of an address that is looked at.
const ADDRESS: usize = 1000;

/// The address of what would be a link or a picture if it had no space, and where it stands; in brackets of its own, or escaped, it is right.
fn spaced_address(source: &str) -> Option<(usize, &str)> {
    let (open, close) = (source.find('[')?, source.rfind(')')?);
    let address = |(at, _): (usize, &str)| {
        let inside = &source[at + 2..at + 2 + closing(&source[at + 2..])?];
        // What stands in quotes after it is a caption.
        let address = inside.split_once(" \"").map_or(inside, |(address, _)| address).trim_end();
        (!source[..at].ends_with('\\') && address.contains(' ') && is_address(address)).then_some((at + 2, address))
    };
    source
        .match_indices("](")
        .skip_while(|(at, _)| *at < open)
        .take_while(|(at, _)| *at < close)
        .find_map(address)
}

/// Where the bracket closes that an address stands in, which may have brackets itself.
fn closing(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().take(ADDRESS).enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            b'\n' | b'<' => return None,
            _ => {}
        }
    }
    None
}

/// Whether words with spaces can only be an address: by what they begin with, or by the ending of a file's name.
fn is_address(words: &str) -> bool {
    let is_ending = |ending: &str| {
        ending.len() <= 5
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let begins = ["assets/", "./", "../", "http://", "https://"].iter().any(|beginning| words.starts_with(beginning));
    begins || words.rsplit_once('.').is_some_and(|(_, ending)| is_ending(ending))
}

/// Whether nobody sees a character, which Markdown takes for a word.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

/// What to do about a directive behind such characters.
fn without_spaces() -> crate::diagnostic::Message {
    message!(
        "請刪去 ::: 前面的全形空格或看不見的字元，:::要在行首",
        "Delete the full-width space, or the character that nobody sees, before the :::; it begins its line"
    )
}

/// What to do about a directive among words.
pub(super) fn in_words() -> crate::diagnostic::Message {
    message!(
        "區塊要自成一行，前後各空一行；句子或儲存格裡給撰寫者的話請寫 %%…%%",
        "Put it on a line of its own with blank lines around; in a sentence or a cell write notes to the drafter as %%…%%"
    )
}
