//! Markdown that other programs know, and planpress prints as it stands: what pandoc makes of a Word file.
//!
//! In: the beginning of a line of words, one run of words, a paragraph, or a line across, each with its range. Out: findings for tables drawn with
//! signs or spaces, their captions, definitions, numbers that other programs count, lines kept apart by bars, spans with attributes, and small
//! raised or lowered words. It changes no tree; formulas are `formula`'s business.

use super::lower::Lowering;
use crate::{
    diagnostic::{Message, Rule},
    message,
};
use comrak::{Node, nodes::NodeValue};
use std::ops::Range;

/// Raised and lowered words are no longer.
const SMALL: usize = 6;
/// Attributes take no more bytes.
const ATTRIBUTES: usize = 200;
/// An example's name is no longer.
const LABEL: usize = 20;

impl Lowering<'_> {
    /// Reports what begins a line and means something elsewhere, once for lines alike.
    pub(super) fn check_foreign_line(&mut self, text: &str, range: &Range<usize>) {
        let Some(first) = text.bytes().next().filter(|byte| matches!(byte, b'+' | b':' | b'#' | b'(')) else { return };
        // A sign of a bare list or example counts whatever its name.
        let sign = match first {
            b'+' if is_grid(text.trim_end()) => "+",
            b':' if text[1..].starts_with('\t') || text.starts_with(":  ") => ":",
            b'#' if text.starts_with("#. ") => "#.",
            b'(' if is_example(text) => "(@",
            _ => return,
        };
        // A drawing's lines between are rows.
        let above = self.text[..range.start]
            .trim_end_matches([' ', '>'])
            .trim_end_matches('\n')
            .rsplit('\n')
            .next()
            .unwrap_or_default();
        let above = above.trim_start_matches([' ', '>']);
        if above.starts_with(sign) || sign == "+" && above.starts_with('|') {
            return;
        }
        let (rule, message, help) = match sign {
            "+" => (
                Rule::UnsupportedMarkdown,
                message!("用 + 與 - 畫的表格會照樣印出來", "A table drawn with + and - is printed as it stands"),
                as_table(),
            ),
            ":" => (
                Rule::UnsupportedMarkdown,
                message!("以「:」開頭的定義會照樣印出來", "A definition that begins with `:` is printed as it stands"),
                message!("請寫成項目「- **詞**：定義」", "Write it as an item, `- **word**: definition`"),
            ),
            _ => (
                Rule::UnrecognisedListItem,
                message!("以「{sign}」開頭的編號沒有作用，會照樣印出來", "A number written as `{sign}` has no effect and is printed"),
                message!("請改成「1. 」，與上一段空一行，編號會自己算", "Write `1. ` below a blank line; the numbers are computed"),
            ),
        };
        let end = range.start + text.trim_end().len();
        self.report(rule, range.start..end.min(range.end), message, help);
    }

    /// Reports lines that begin with a bar and are no rows, once for a paragraph: elsewhere the bar keeps them apart.
    pub(super) fn check_line_block(&mut self, source: &str, base: usize) {
        let is_kept = |line: &str| line.starts_with("| ") && !line.trim_end().ends_with(['|', '｜']);
        let mut at = base;
        for line in source.split_inclusive('\n') {
            let words = line.trim_start_matches([' ', '>']);
            if is_kept(words) {
                let start = at + line.len() - words.len();
                let message = message!(
                    "以「| 」開頭的行不會各成一行，「|」會照樣印出來",
                    "Lines that begin with `| ` are not kept apart, and the bar is printed"
                );
                let help = message!(
                    "請刪去「| 」，要換行就在上一行的行尾加反斜線 \\；要成為表格，第一行下面要有 | --- | --- |，格數相同，每行以 | 結尾",
                    "Delete the `| ` and end the line above in a backslash for a new line; a table has | --- | --- | below its first line, with as many cells, and rows that end in a bar"
                );
                return self.report(Rule::UnsupportedMarkdown, start..start + 1, message, help);
            }
            at += line.len();
        }
    }

    /// Reports words in brackets with attributes, and words between signs that raise or lower them elsewhere.
    pub(super) fn check_foreign_words(&mut self, text: &str, range: &Range<usize>) {
        let bytes = text.as_bytes();
        if memchr::memchr(b'{', bytes).is_some()
            && let Some((at, length)) = span_attributes(text)
        {
            let place = (range.start + at).min(range.end)..(range.start + at + length).min(range.end);
            let message = message!(
                "文字沒有屬性，方括號與這段大括號會照樣印出來",
                "Words have no attributes; the brackets and these braces are printed"
            );
            let help = message!(
                "請刪去方括號與大括號，只留文字；要強調請寫 **文字**，要印出大括號請寫 \\{{",
                "Delete the brackets and the braces; write **words** for emphasis, and \\{{ for the brace itself"
            );
            self.report(Rule::UnknownAttribute, place, message, help);
        }
        if memchr::memchr2(b'~', b'^', bytes).is_none() {
            return;
        }
        if let Some((at, length)) = ["^", "~"].iter().find_map(|sign| small_words(text, sign)) {
            let place = (range.start + at).min(range.end)..(range.start + at + length).min(range.end);
            let sign = &text[at..=at];
            let message = message!("「{sign}」不會成為上標或下標，會照樣印出來", "`{sign}` raises or lowers no words and is printed");
            let help = message!(
                "請直接寫上下標的字，例如 ²、₂，或只寫 2；要印出「{sign}」請寫 \\{sign}",
                "Write the raised or lowered sign itself, such as ² or ₂, or a plain 2; write \\{sign} for `{sign}`"
            );
            self.warn(Rule::UnsupportedMarkdown, place, message, help);
        }
        if let Some((at, length)) = struck_words(text) {
            let place = (range.start + at).min(range.end)..(range.start + at + length).min(range.end);
            let message = message!("「~~」不會成為刪除線，會照樣印出來", "`~~` strikes no words out and is printed");
            let help = message!(
                "請刪去這些字，修正對照表會列出；要印出「~~」請寫 \\~~",
                "Delete the words, which the amendment table lists; write \\~~ for `~~`"
            );
            self.warn(Rule::UnsupportedMarkdown, place, message, help);
        }
    }

    /// Reports a caption as other programs write it, in a paragraph of its own beside a table or where it counts itself.
    pub(super) fn check_caption(&mut self, paragraph: Node<'_>, range: &Range<usize>) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let Some(sign) = ["Table: ", ": "].into_iter().find(|sign| text.starts_with(sign)) else { return };
        let is_table = |node: Option<Node<'_>>| node.is_some_and(|node| matches!(node.data().value, NodeValue::Table(_)));
        let words = text[sign.len()..].trim_start();
        let is_counted = sign == ": " && words.strip_prefix('表').is_some_and(|rest| rest.trim_start().starts_with(char::is_numeric));
        // A colon may be a colon; before Han characters it is hardly one.
        let may_be = sign != ": " || words.starts_with(|c: char| !c.is_ascii());
        let is_beside = may_be && (is_table(paragraph.previous_sibling()) || is_table(paragraph.next_sibling()));
        if !is_counted && !is_beside {
            return;
        }
        let (start, sign) = (range.start, sign.trim_end());
        let message = message!(
            "「{sign}」不會使這一段成為表格的標題，會照樣印出來",
            "`{sign}` makes no caption of this paragraph and is printed"
        );
        let help = message!("請刪去「{sign}」，把標題寫在表格上面", "Delete the `{sign}` and put the caption above the table");
        self.warn(Rule::UnsupportedMarkdown, start..start + sign.len(), message, help);
    }

    /// Reports a line across in several pieces that touches words: elsewhere its gaps part the columns of a table. Whether it is one.
    pub(super) fn check_columns(&mut self, node: Node<'_>, range: &Range<usize>) -> bool {
        let line = self.text[range.clone()].trim();
        let runs = || line.split(' ').filter(|run| !run.is_empty());
        if runs().count() < 2 || !runs().all(|run| run.len() > 1 && run.bytes().all(|byte| byte == b'-')) {
            return false;
        }
        let own = node.data().sourcepos.start.line;
        let touches = |other: Option<Node<'_>>| {
            other.is_some_and(|other| {
                let place = other.data().sourcepos;
                matches!(other.data().value, NodeValue::Paragraph) && (place.end.line + 1 == own || own + 1 == place.start.line)
            })
        };
        let is_table = touches(node.previous_sibling()) || touches(node.next_sibling());
        if is_table {
            let message = message!("這裡沒有成為表格，各行會連成一段", "This is no table, and its lines run together");
            self.report(Rule::UnsupportedMarkdown, range.clone(), message, as_table());
        }
        is_table
    }
}

fn as_table() -> Message {
    message!(
        "請改寫成 | 甲 | 乙 | 的表格：第一行（表頭）下面加一行 | --- | --- |，格數與表頭相同，表格前後空一行；或改用 :::table",
        "Write it as | a | b |, with | --- | --- | and as many cells below the first line, the head, and blank lines around; or use :::table"
    )
}

/// Whether a line begins with the number of an example: (@) or (@name).
fn is_example(line: &str) -> bool {
    let name = line.strip_prefix("(@").and_then(|rest| rest.split_once(')')).map(|(name, _)| name);
    name.is_some_and(|name| name.len() <= LABEL && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
}

/// Whether a line is the top, the bottom or a line between of a table drawn with signs.
pub(super) fn is_grid(line: &str) -> bool {
    let is_sign = |byte: u8| matches!(byte, b'+' | b'-' | b'=' | b':');
    line.len() > 4 && line.starts_with('+') && line.ends_with('+') && line.bytes().all(is_sign) && line.contains(['-', '='])
}

/// Where attributes stand right behind a bracket, with the braces; an address or a condition there is reported by itself.
fn span_attributes(text: &str) -> Option<(usize, usize)> {
    text.match_indices("]{").find_map(|(at, _)| {
        let rest = &text[at + 2..];
        let end = rest.bytes().take(ATTRIBUTES).position(|byte| byte == b'}')?;
        let inside = &rest[..end];
        let is_own = inside.starts_with("when=") || inside.starts_with('#');
        (!is_own && (inside.starts_with('.') || inside.contains('='))).then_some((at + 1, inside.len() + 2))
    })
}

/// Where a few letters or digits stand between two signs right behind a word, with the signs. Behind a digit ~ is a range.
fn small_words(text: &str, sign: &str) -> Option<(usize, usize)> {
    text.match_indices(sign).find_map(|(at, _)| {
        let before = text[..at].chars().next_back()?;
        let is_word = if sign == "~" { before.is_ascii_alphabetic() || before == ')' } else { before.is_alphanumeric() || before == ')' };
        let rest = &text[at + 1..];
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'))
            .take(SMALL + 1)
            .count();
        let is_small = is_word && (1..=SMALL).contains(&length) && rest[length..].starts_with(sign);
        is_small.then_some((at, length + 2))
    })
}

/// Where words stand between two pairs of tildes, right beside both, with the tildes; between figures they say from where to where.
fn struck_words(text: &str) -> Option<(usize, usize)> {
    text.match_indices("~~").find_map(|(at, _)| {
        let (before, inside) = (&text[..at], &text[at + 2..]);
        let inside = &inside[..inside.find("~~")?];
        let is_range = before.ends_with(char::is_numeric) && inside.starts_with(char::is_numeric);
        let begins = inside.starts_with(|c: char| c.is_alphanumeric() || "「『（《(".contains(c));
        (begins && !is_range && !inside.ends_with(char::is_whitespace)).then_some((at, inside.len() + 4))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_stand_behind_a_word() {
        assert_eq!(small_words("用水 H~2~O", "~"), Some((8, 3)));
        assert_eq!(small_words("面積 5 m^2^", "^"), Some((10, 3)));
        for text in ["1~3~5 日", "甲~乙~丙", "10^6", "A~B", "2^n 與 n^2", "~~x~~"] {
            assert_eq!(["~", "^"].map(|sign| small_words(text, sign)), [None; 2], "{text}");
        }
    }

    #[test]
    fn struck_words_stand_right_between_tildes() {
        assert_eq!(struck_words("刪去~~舊的~~字"), Some((6, 10)));
        assert_eq!(struck_words("甲 ~~ 乙 ~~（舊）~~"), Some((11, 13)));
        for text in ["5~~9、10~~20", "甲 ~~ 乙 ~~ 丙", "甲~~乙", "~~~~", "~~、甲~~"] {
            assert_eq!(struck_words(text), None, "{text}");
        }
    }

    #[test]
    fn a_grid_is_drawn_with_plus_signs() {
        assert!(is_grid("+---+---+") && is_grid("+===+:==:+"));
        assert!(!is_grid("+1+") && !is_grid("+---") && !is_grid("+++++") && !is_grid("+ 甲 +"));
    }
}
