//! Signs of the text that Markdown takes for its own, so that they are not printed: 7*24*4, *.exe, \\server, D:\_backup.
//!
//! In: emphasis and escaped characters among their neighbours, and stars among words. Out: findings where stars are no emphasis, where a sign stands
//! inside a word, as no mark of emphasis needs to, where what would be emphasised begins or ends as no words do, where two backslashes begin a word,
//! or one parts a path. It changes no tree.

use super::lower::Lowering;
use crate::{
    diagnostic::{Message, Rule},
    message,
};
use comrak::{Node, nodes::NodeValue};
use std::ops::Range;

/// What no words begin with that somebody emphasises: the rest of a file's name, of a host's or an address, or of a mark in brackets.
const REST: &str = ".:,;/\\)]}>=@&-_#+、」』）》〉】〕";
/// Of these, what strong words do not begin with: a sign before figures or a name is made strong with them.
const REST_OF_STRONG: &str = ".,:;)]}、」』）》〉】〕";
/// Where one sign is the mark, these are no beginning either.
const GOES_ON: &str = "，。；：！？";
/// What emphasised words do not end with.
const UNFINISHED: [char; 9] = ['、', '，', '（', '「', '『', '《', '〈', '【', '('];
/// What stands between a path and the words before it.
const BEFORE_PATHS: &str = "、，。；：「」『』（）【】《》〈〉";
/// As many bytes before a backslash are looked at as the longest usual path has.
const PATH: usize = 260;

impl Lowering<'_> {
    /// Reports emphasis of what may be a figure, names of files or marks of a form, and emphasis by the sign that joins the parts of a name.
    pub(super) fn check_emphasis(&mut self, node: Node<'_>, range: &Range<usize>) {
        let is_strong = |node: &Node<'_>| matches!(node.data().value, NodeValue::Strong);
        // Where emphasis of both kinds begins, nobody meant a sign.
        if !is_strong(&node) && node.first_child().as_ref().is_some_and(is_strong) {
            return;
        }
        let is_low = self.text.as_bytes().get(range.start) == Some(&b'_');
        if !is_low && is_meant(node, is_strong(&node)) {
            return;
        }
        let (message, help) = vanished(if is_low { "_" } else { "*" }, is_strong(&node));
        self.report(Rule::VanishedSign, range.clone(), message, help);
    }

    /// Reports two stars that were meant to make words strong and are printed: with a space inside, without their end, or in two paragraphs.
    pub(super) fn check_stars(&mut self, text: &str, range: &Range<usize>) {
        // What is written as an entity is to be printed.
        let is_written = self.text.get(range.clone()).is_none_or(|source| source.contains("**"));
        let Some(at) = stars(text).filter(|_| is_written) else { return };
        let place = (range.start + at).min(range.end)..(range.start + at + 2).min(range.end);
        let message = message!("這個 ** 沒有使文字變成粗體，會照樣印出來", "This ** makes no words strong and is printed");
        let help = message!(
            "請在同一段裡，緊貼著文字前後各寫一對 **，中間沒有空格與註解；要印出星號請寫 \\*\\*",
            "Write ** right before the words and right behind, in one paragraph and without a space or a comment between; write \\*\\* for the signs themselves"
        );
        self.report(Rule::PrintedMarkup, place, message, help);
    }

    /// Reports a backslash in a path that is not printed, because what follows it is a sign of Markdown.
    pub(super) fn check_path(&mut self, node: Node<'_>, range: &Range<usize>) {
        let start = self.text.ceil_char_boundary(range.start.saturating_sub(PATH));
        let before = self.text.get(start..range.start).unwrap_or_default();
        let sign = self.text.get(range.clone()).and_then(|escaped| escaped.strip_prefix('\\')).unwrap_or("\\");
        if sign == "\\" || node.previous_sibling().is_some_and(is_backslash) || !ends_in_path(before) {
            return;
        }
        let message = message!("這個反斜線不會印出來，只印「{sign}」", "This backslash is not printed, only `{sign}` is");
        let help = message!("路徑請放進 `…`，或寫 \\\\\\{sign} 印出兩者", "Put the path between `…`, or write \\\\\\{sign} for both");
        self.report(Rule::VanishedSign, range.clone(), message, help);
    }

    /// Reports two backslashes that begin a word, of which one is printed. Four of them are right: they are the two that begin a share's path.
    /// So are two inside a path, which somebody wrote for the one that is printed.
    pub(super) fn check_backslashes(&mut self, node: Node<'_>, range: &Range<usize>) {
        let goes_on = |before: Node<'_>| is_backslash(before) || is_path(before);
        if !is_backslash(node) || node.previous_sibling().is_some_and(goes_on) || !begins_word(node.next_sibling()) {
            return;
        }
        let message = message!("「\\\\」只會印出一個反斜線", "Of `\\\\` one backslash is printed");
        let help = message!(
            "路徑請放進 `…`，或寫 \\\\\\\\ 印出兩個；只要一個，字母前寫一個就夠",
            "Put a path between `…`, or write \\\\\\\\ for two; one before a letter stands for itself"
        );
        self.report(Rule::VanishedSign, range.clone(), message, help);
    }
}

/// Whether two signs come again, with words between.
pub(super) fn has_second(text: &str, at: usize, sign: &str) -> bool {
    let rest = &text[at + sign.len()..];
    rest.find(sign).is_some_and(|end| !rest[..end].trim().is_empty())
}

/// Where two stars stand that were meant to begin strong words: before a word, or with others behind it. More stars in a row are a mark, and so
/// are two behind a word, and two before a space; between figures and in a path they are signs, and before a whole sentence the mark of a note.
fn stars(text: &str) -> Option<usize> {
    let mut alone = pairs_alone(text, "**");
    let first = alone.next()?;
    let Some(second) = alone.next() else {
        let is_note = first == 0 && text.ends_with('。');
        let hides_figures = text[first + 2..].starts_with(|c: char| c.is_ascii_digit());
        return (begins_strong(text, first, "**") && !is_note && !hides_figures).then_some(first);
    };
    // 姓名以 ** 遮蔽，例如王**: the second hides something, and the first one names it.
    let stands_apart = text[..first].ends_with(char::is_whitespace) && text[first + 2..].starts_with(char::is_whitespace);
    let hides = text[..second].ends_with(char::is_alphanumeric) && !text[second + 2..].starts_with(char::is_alphanumeric);
    let is_meant = begins_strong(text, first, "**") || has_second(text, first, "**") && !(stands_apart && hides);
    is_meant.then_some(first)
}

/// Where two full-width stars stand that were meant to begin strong words: before a word, with others behind its end. Behind a word they hide the
/// rest of a name.
pub(super) fn wide_stars(text: &str, sign: &str) -> Option<usize> {
    let mut alone = pairs_alone(text, sign);
    let first = alone.next().filter(|first| begins_strong(text, *first, sign))?;
    let ends = |at: usize| text[..at].ends_with(|c: char| c.is_alphanumeric() || "」』）》】。".contains(c));
    alone.any(ends).then_some(first)
}

/// Where two stars stand that are no part of a mark, a path or a figure.
fn pairs_alone<'t>(text: &'t str, sign: &'t str) -> impl Iterator<Item = usize> + 't {
    let star = sign.chars().next();
    text.match_indices(sign).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + sign.len()..].chars().next());
        let is_sign = |c: Option<char>| c.is_some_and(|c| Some(c) == star || matches!(c, '/' | '\\' | '.'));
        let is_figure = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, ')' | '-'));
        !(is_sign(before) || is_sign(after) || is_figure(before) && is_figure(after))
    })
}

/// Whether a word begins behind two stars, and none ends before them.
fn begins_strong(text: &str, at: usize, sign: &str) -> bool {
    let is_apart = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    is_apart && text[at + sign.len()..].starts_with(char::is_alphanumeric)
}

/// Whether emphasis is one that somebody meant, by its words and what is beside it.
fn is_meant(node: Node<'_>, is_strong: bool) -> bool {
    let words = |node: Option<Node<'_>>, is: &dyn Fn(&str) -> bool| {
        node.is_some_and(|node| matches!(&node.data().value, NodeValue::Text(text) if is(text)))
    };
    let rest = if is_strong { REST_OF_STRONG } else { REST };
    let begins = |text: &str| text.starts_with(|c| rest.contains(c) || !is_strong && GOES_ON.contains(c)) || text.starts_with("/*");
    if words(node.first_child(), &begins) {
        return false;
    }
    // Figures and marks have a letter, a digit or a Han character on both sides of the sign.
    let is_inside = || node.previous_sibling().is_some_and(ends_word) && begins_word(node.next_sibling());
    is_strong || !is_inside() && !words(node.last_child(), &|text| text.ends_with(UNFINISHED))
}

/// What is wrong where two signs became marks of emphasis.
fn vanished(sign: &str, is_strong: bool) -> (Message, Message) {
    let message = if is_strong {
        message!(
            "這兩個「{sign}{sign}」不會印出來，中間的字成了粗體",
            "These two `{sign}{sign}` are not printed; what stands between them is strong"
        )
    } else {
        message!(
            "這兩個「{sign}」不會印出來，中間的字成了斜體",
            "These two `{sign}` are not printed; what stands between them is emphasised"
        )
    };
    let help = match (sign, is_strong) {
        ("_", _) => message!(
            "檔名與程式的名稱請放進 `…`，要印出底線請寫 \\_；要強調請寫 **…**",
            "Put the name of a file or a program between `…`, or write \\_ for the sign itself; write **…** to emphasise"
        ),
        (_, true) => message!(
            "要印出星號請寫 \\*\\*；要強調，請從字開始",
            "Write \\*\\* for the signs themselves; to emphasise, begin at a word"
        ),
        _ => message!(
            "要印出星號請寫 \\*，乘號請寫 ×；要強調請寫 **…**",
            "Write \\* for the sign itself and × for a product; write **…** to emphasise"
        ),
    };
    (message, help)
}

/// Whether words end as a path does before a backslash: `C:`, `\\server`, `備份至D:\log`.
fn ends_in_path(words: &str) -> bool {
    let last = words.rsplit(|c: char| c.is_whitespace() || BEFORE_PATHS.contains(c)).next().unwrap_or_default();
    let is_drive = |at: usize| {
        let mut before = last[..at].chars().rev();
        let is_letter = before.next().is_some_and(|c| c.is_ascii_alphabetic());
        is_letter && !before.next().is_some_and(|c| c.is_ascii_alphanumeric()) && matches!(last[at + 1..].chars().next(), None | Some('\\'))
    };
    let parts_words = |at: usize| last[at + 1..].starts_with(char::is_alphanumeric);
    last.match_indices(':').any(|(at, _)| is_drive(at)) || last.match_indices('\\').any(|(at, _)| parts_words(at))
}

fn is_backslash(node: Node<'_>) -> bool {
    matches!(node.data().value, NodeValue::Escaped) && node.first_child().is_some_and(|child| holds(child, "\\"))
}

fn holds(node: Node<'_>, words: &str) -> bool {
    matches!(&node.data().value, NodeValue::Text(text) if text == words)
}

/// Whether a node is words that end with a letter, a digit or a Han character.
fn ends_word(node: Node<'_>) -> bool {
    matches!(&node.data().value, NodeValue::Text(text) if text.ends_with(char::is_alphanumeric))
}

/// Whether a node is words that end as what stands before a backslash in a path or an account: `C:`, `DOMAIN`.
fn is_path(node: Node<'_>) -> bool {
    matches!(&node.data().value, NodeValue::Text(text) if text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ':'))
}

/// Whether there is a node that is words, and they begin with one.
fn begins_word(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| matches!(&node.data().value, NodeValue::Text(text) if text.starts_with(char::is_alphanumeric)))
}
