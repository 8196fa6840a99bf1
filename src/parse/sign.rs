//! Signs of the text that Markdown takes for its own, so that they are not printed: 7*24*4, \\server.
//!
//! In: emphasis and escaped characters among their neighbours. Out: findings where a sign stands inside a word, as no mark of emphasis needs
//! to, or where two backslashes begin a word. It changes no tree.

use super::lower::Lowering;
use crate::{diagnostic::Rule, message};
use comrak::{Node, nodes::NodeValue};
use std::ops::Range;

impl Lowering<'_> {
    /// Reports emphasis by one sign that has a letter, a digit or a Han character on both sides: those may be figures, or marks of a form.
    pub(super) fn check_emphasis(&mut self, node: Node<'_>, range: &Range<usize>) {
        let is_inside = node.previous_sibling().is_some_and(|before| ends_word(before)) && begins_word(node.next_sibling());
        // Where emphasis of both kinds begins, nobody meant a sign.
        let is_strong = |child: &Node<'_>| matches!(child.data().value, NodeValue::Strong);
        if !is_inside || node.first_child().as_ref().is_some_and(is_strong) {
            return;
        }
        let message = message!(
            "這兩個「*」不會印出來，中間的字成了斜體",
            "These two `*` are not printed; what stands between them is emphasised"
        );
        let help = message!(
            "要印出星號請寫 \\*，乘號請寫 ×；要強調請寫 **…**",
            "Write \\* for the sign itself and × for a product; write **…** to emphasise"
        );
        self.report(Rule::VanishedSign, range.clone(), message, help);
    }

    /// Reports two backslashes that begin a word, of which one is printed. Four of them are right: they are the two that begin a share's path.
    /// So are two inside a path, which somebody wrote for the one that is printed.
    pub(super) fn check_backslashes(&mut self, node: Node<'_>, range: &Range<usize>) {
        let is_backslash =
            |node: Node<'_>| matches!(node.data().value, NodeValue::Escaped) && node.first_child().is_some_and(|child| holds(child, "\\"));
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
