//! Lines that were pasted as they are printed: with bullets, indented or parted by tabs. To Markdown they are words, and run together.
//!
//! In: the source of a paragraph. Out: one finding where two lines in a row are of one such kind, or where one line alone would be an item, were
//! it not indented. Any other line alone may be words, and one that a backslash ends stays a line. Numbers are the business of `typed_number`.

use super::{lower::Lowering, typed_number::is_broken};
use crate::{
    diagnostic::{Message, Rule},
    message,
};
use std::ops::Range;

/// Signs that stand before the points of a list, and not at the beginning of a sentence.
const BULLETS: &str = "●•◎■□◆◇➢➤►▶▲★※☐☑✓✔";
/// Those that may be the sign of a figure, or of emphasis.
const DASHES: &str = "-–－·‧・*";
/// The one that may be a blank.
const CIRCLE: char = '○';
/// What a paragraph begins with in a letter.
const INDENTED: &str = "　　";

/// What kind of line it is that begins no paragraph of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bullet(char),
    /// A sign of Markdown's own, and so only too far from the margin.
    Item(char),
    Indented,
    /// How many tabs part its words.
    Tabs(usize),
}

impl Lowering<'_> {
    /// Reports lines of a paragraph that were meant to be separate, once for a paragraph.
    pub(super) fn check_lines(&mut self, range: &Range<usize>) {
        let text = self.text;
        let source = text.get(range.clone()).unwrap_or_default();
        // A cell's lines are broken where its writer broke them, and guidance nobody else reads.
        if !self.is_cell() && self.guidance == 0 && source.contains('\n') && !self.check_typed_numbers(range.start, source) {
            self.check_pasted(range.start, source);
        }
    }

    /// A line without what stands before its words: in a quote they begin behind its sign.
    pub(super) fn words_of<'l>(&self, line: &'l str, spaces: impl Fn(char) -> bool) -> &'l str {
        let is_quote = self.is_plain();
        line.trim_start_matches(|c| spaces(c) || is_quote && c == '>')
    }

    fn check_pasted(&mut self, mut at: usize, source: &str) {
        let mut above: Option<(Kind, Range<usize>)> = None;
        // A line that would be an item, were it not indented as code is, or by spaces that Markdown takes for words.
        let (mut item, mut is_own) = (None, false);
        for line in source.split_inclusive('\n') {
            // A full-width space is a word to Markdown.
            let words = self.words_of(line, |c| matches!(c, ' ' | '\t'));
            let start = at + line.len() - words.len();
            at += line.len();
            let kind = kind(words.trim_end());
            if let (Some((above, place)), Some(kind)) = (above, kind)
                && above == kind
            {
                let (rule, message, help) = found(kind);
                let help = if self.is_plain() { lines_apart() } else { help };
                return self.warn(rule, place, message, help);
            }
            let sign = words.trim_start();
            item = item.or_else(|| (!is_own && sign.starts_with("- ")).then(|| at - sign.len()));
            let is_broken = is_broken(line.trim_end_matches(['\n', '\r']));
            above = kind.filter(|_| !is_broken).map(|kind| (kind, start..start + words.trim_end().len()));
            is_own = is_broken;
        }
        let Some(start) = item else { return };
        let message = message!(
            "這一行以「- 」開頭，沒有成為一項，會接在上一行後面",
            "This line begins with `- `; it is no item and goes on the line above"
        );
        let help = message!(
            "請用半形空格縮排，最多到上一項文字開始的地方，與上一段空一行；只要換行，請在上一行的行尾加反斜線",
            "Indent it by half-width spaces, no further than to where the words of the item above begin, below a blank line; to break lines only, end the line above with a backslash"
        );
        self.warn(Rule::UnrecognisedListItem, start..start + 1, message, help);
    }
}

/// How lines stay apart where nothing is numbered.
pub(super) fn lines_apart() -> Message {
    message!(
        "只要換行，請在上一行的行尾加反斜線；要各成一段，請在中間空一行：引用裡的空行是「>」，註腳裡的下一段縮排四格",
        "To break lines only, end the line above with a backslash; for paragraphs leave a blank line between, which is `>` in a quote; in a footnote indent the next one by four spaces"
    )
}

/// How a line begins or is parted.
fn kind(line: &str) -> Option<Kind> {
    let mut signs = line.trim_start().chars();
    let (first, next) = (signs.next()?, signs.next()?);
    if is_bullet(line.trim_start(), first, next) {
        return Some(if matches!(first, '-' | '*') && next == ' ' { Kind::Item(first) } else { Kind::Bullet(first) });
    }
    // Before a number these spaces are reported by themselves.
    if line.starts_with(INDENTED) && !line.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Kind::Indented);
    }
    let tabs = memchr::memchr_iter(b'\t', line.as_bytes()).count();
    (tabs > 0).then_some(Kind::Tabs(tabs))
}

/// Whether words begin with a bullet, by its first two characters. The same sign twice is a line across, a blank or a mark of Markdown.
fn is_bullet(words: &str, first: char, next: char) -> bool {
    if first == next {
        return false;
    }
    let is_figure = || next.is_numeric() || (first == '*' && words[1..].contains('*'));
    BULLETS.contains(first) || (first == CIRCLE && next.is_whitespace()) || (DASHES.contains(first) && !is_figure())
}

/// What is wrong with lines of a kind.
fn found(kind: Kind) -> (Rule, Message, Message) {
    let Message { zh, en } = message!("只要換行，請在上一行的行尾加反斜線", "to break lines only, end the line above with a backslash");
    match kind {
        Kind::Item(sign) => (
            Rule::UnrecognisedListItem,
            message!(
                "這幾行以「{sign}」開頭，沒有成為清單，會連成一段",
                "These lines begin with `{sign}`; they are no list and run together into one paragraph"
            ),
            message!(
                "請改縮排：與上一段空一行，行首不空格；要成為上一項的下一層，用半形空格縮排到上一項文字開始的地方",
                "Mend the indentation: none, below a blank line; to put them below the item above, half-width spaces up to where its words begin"
            ),
        ),
        Kind::Bullet(sign) => {
            let item = if matches!(sign, '□' | '☐') { "- [ ] " } else { "- " };
            (
                Rule::UnrecognisedListItem,
                message!(
                    "這幾行以「{sign}」開頭，沒有成為清單，會連成一段",
                    "These lines begin with `{sign}`; they are no list and run together into one paragraph"
                ),
                message!(
                    "請把每行的「{sign}」改成「{item}」，與上一段空一行；{zh}",
                    "Write `{item}` for the `{sign}` of each line, below a blank line; {en}"
                ),
            )
        }
        Kind::Indented => (
            Rule::UnrecognisedListItem,
            message!(
                "這幾行以兩個全形空格開頭，會連成一段",
                "These lines begin with two full-width spaces and run together into one paragraph"
            ),
            message!("請刪去這些空格，段落之間空一行；{zh}", "Delete these spaces and leave a blank line between paragraphs; {en}"),
        ),
        Kind::Tabs(_) => (
            Rule::UnsupportedMarkdown,
            message!(
                "這幾行以定位字元（Tab）分欄，會連成一段",
                "The words of these lines are parted by tabs; they are no table and run together into one paragraph"
            ),
            message!(
                "表格請寫成 | 甲 | 乙 |，第一行（表頭）下面加一行 | --- | --- |，格數與表頭相同；{zh}",
                "Write a table as | a | b |, with | --- | --- | and as many cells below the first line, the head; {en}"
            ),
        ),
    }
}
