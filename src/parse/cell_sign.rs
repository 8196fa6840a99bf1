//! Signs of a cell that Markdown takes for its own: >8 小時, 100. 萬元, a lone dash.
//!
//! In: the blocks of one cell's text. Out: findings for a quote, a line across that parts nothing, a list without words, and a figure that is
//! taken for a number. A cell holds figures more often than quotes. It changes no tree.

use super::lower::Lowering;
use crate::{
    diagnostic::{Message, Rule},
    message,
};
use comrak::{
    Node,
    nodes::{ListDelimType, ListType, NodeList, NodeValue},
};
use std::ops::Range;

impl Lowering<'_> {
    /// Reports a block of a cell that was meant as words.
    pub(super) fn check_cell(&mut self, node: Node<'_>, range: &Range<usize>) {
        let line = || self.text[self.line_of(range)].trim();
        let (message, help) = match &node.data().value {
            NodeValue::BlockQuote => quote(),
            NodeValue::ThematicBreak if !parts(node) => alone(line()),
            NodeValue::List(list) if list.list_type == ListType::Bullet && is_empty(node) => alone(line()),
            NodeValue::List(list) if is_figure(node, list) => number(list),
            _ => return,
        };
        let Message { zh, en } = help;
        let help = message!("{zh}；或在 fields 拿掉這一欄的 format: markdown", "{en}; or remove the field's `format: markdown`");
        self.report(Rule::VanishedSign, range.clone(), message, help);
    }
}

/// Whether a line across stands between two other blocks.
fn parts(node: Node<'_>) -> bool {
    node.previous_sibling().is_some() && node.next_sibling().is_some()
}

/// Whether no item of a list holds a word.
fn is_empty(list: Node<'_>) -> bool {
    list.children().all(|item| item.first_child().is_none())
}

/// Whether the number of a list's only item is a figure. One beside it, as in a date, is reported with it.
fn is_figure(node: Node<'_>, list: &NodeList) -> bool {
    let is_date = || {
        let mut blocks = node.children().take(1).flat_map(comrak::arena_tree::Node::children);
        blocks.next().is_some_and(|first| matches!(first.data().value, NodeValue::List(_)))
    };
    let stands_alone = || node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Document));
    list.list_type == ListType::Ordered && list.start != 1 && node.children().nth(1).is_none() && stands_alone() && !is_date()
}

fn quote() -> (Message, Message) {
    (
        message!("「>」不會印出來，這一段成了引文", "The `>` is not printed; this is a quote"),
        message!("要印出它請寫全形的 ＞，或 \\>", "Write a full-width ＞ for the sign itself, or \\>"),
    )
}

/// What is wrong with signs of which Markdown makes a line across or an item without words.
fn alone(signs: &str) -> (Message, Message) {
    let wide: String = signs.chars().map(|c| if c.is_ascii_punctuation() { full_width(c) } else { c }).collect();
    (
        message!("「{signs}」不會照樣印出來", "`{signs}` is not printed as it stands"),
        message!("要印出它請寫全形的 {wide}；沒有內容請寫 \"\"", "Write it in full width, {wide}, or \"\" for nothing"),
    )
}

fn number(list: &NodeList) -> (Message, Message) {
    let sign = if list.delimiter == ListDelimType::Period { '.' } else { ')' };
    let (start, wide) = (list.start, full_width(sign));
    (
        message!("「{start}{sign}」會被當成清單的編號", "`{start}{sign}` is taken for the number of an item"),
        message!(
            "要照樣印出請寫全形的 {start}{wide}，或 {start}\\{sign}",
            "To print it as it stands, write a full-width {start}{wide}, or {start}\\{sign}"
        ),
    )
}

/// The full-width form of an ASCII sign.
fn full_width(sign: char) -> char {
    char::from_u32(u32::from(sign) + 0xfee0).unwrap_or(sign)
}
