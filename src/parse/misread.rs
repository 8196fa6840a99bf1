//! What Markdown takes for something else than was meant, so that words would be lost or numbers wrong.
//!
//! In: the source beside comrak's lists and tables, and the lines that begin like a link's definition. Out: findings for cells beyond a table's last
//! column, lines that a table swallows, rows of which no table comes or that are broken or stand apart, paragraphs that a line makes headings, items
//! that stand beside their list or after the sections of a condition, numbers that are taken for the number of an item, and definitions of links
//! that nothing uses, of which Markdown prints nothing. It changes no tree.

use super::{
    foreign::is_grid,
    html::lines_in_a_cell,
    lower::Lowering,
    nest::{Flat, highest_heading},
    row::cells_of_row,
};
use crate::{
    diagnostic::{Diagnostic, Message, Rule},
    document::{
        ListKind,
        owned::{Block, BlockKind},
    },
    message,
};
use comrak::{
    Node,
    nodes::{ListType, NodeValue},
};
use memchr::memmem;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A list that begins this many columns after the one that it becomes a part of was meant to stand below it.
const DEEPER: usize = 2;

/// What stands between cells, and what an input method for Chinese writes for it.
const BARS: [char; 2] = ['|', '｜'];

impl Lowering<'_> {
    /// The line on which a node begins, from there on.
    fn rest_of_line(&self, node: Node<'_>) -> Range<usize> {
        let start = self.range(node.data().sourcepos).start;
        start..self.line_of(&(start..start)).end.max(start)
    }

    /// Reports a row of a table with more cells than its head, one whose last cell was to go on in the next line, and a line that was no row.
    pub(super) fn check_row(&mut self, row: Node<'_>, columns: usize) {
        let line = self.rest_of_line(row);
        let source = self.text[line.clone()].trim();
        let cells = count_of_cells(source);
        if source.ends_with('\\') && (source.len() - source.trim_end_matches('\\').len()) % 2 == 1 {
            let end = line.start + source.len();
            let message = message!("這一列到此為止，反斜線不會換行", "The row ends here; the backslash breaks no line");
            self.report(Rule::UnsupportedMarkdown, end - 1..end, message, lines_in_a_cell());
        }
        if cells > columns {
            let message = message!(
                "這一列有 {cells} 格，表頭只有 {columns} 格；多的格不會印出來",
                "This row has {cells} cells and the head {columns}; those beyond are not printed"
            );
            let help = message!(
                "請補表頭或併入前面的格；儲存格裡的直線要寫成 \\|，參照也一樣：[[id\\|文字]]",
                "Add a column, or join the cells; write a bar inside a cell as \\|, also in a reference: [[id\\|words]]"
            );
            self.report(Rule::UnsupportedMarkdown, line, message, help);
        } else if goes_on_below(source) && self.is_rest_of_row(row, columns - cells) {
            let message = message!("這一列到此為止，下一行會成為另一列", "The row ends here, and the next line is another one");
            self.report(Rule::UnsupportedMarkdown, line, message, lines_in_a_cell());
        } else if cells == 1 && columns > 1 && !source.contains('|') {
            let message = message!("這一行會成為表格的一列", "This line becomes a row of the table");
            let help = message!("請與表格空一行", "Leave a blank line after the table");
            self.report(Rule::UnsupportedMarkdown, line, message, help);
        }
    }

    /// Whether the row after one is no row but the rest of it: it begins with no bar, ends with one, and has as many cells as that one lacks, the
    /// cell included in which the line was broken.
    fn is_rest_of_row(&self, row: Node<'_>, lacking: usize) -> bool {
        row.next_sibling().is_some_and(|next| {
            let rest = self.text[self.rest_of_line(next)].trim();
            !rest.starts_with('|') && rest.ends_with('|') && count_of_cells(rest) <= lacking + 1
        })
    }

    /// Reports a line across that looks like a table's and is none, at the beginning of a line of words.
    pub(super) fn check_delimiter(&mut self, text: &str, range: &Range<usize>) {
        if !is_across(text) {
            return;
        }
        let above = self.text.get(..range.start).unwrap_or_default().trim_end().rsplit('\n').next().unwrap_or_default();
        let help = if text.is_ascii() && above.contains('｜') {
            message!("上一行的「｜」是全形的，請改用半形的 |", "The `｜` of the line above is full-width; write a half-width |")
        } else if text.is_ascii() {
            message!(
                "分隔線的格數要與上一行的表頭相同，表格前面空一行",
                "The line of dashes has as many cells as the head above it; leave a blank line before a table"
            )
        } else {
            message!(
                "表格的直線與分隔線請用半形的 | 與 -，例如 | --- | --- |",
                "Write the bars and dashes of a table in half width, as in | --- | --- |"
            )
        };
        self.report(Rule::UnsupportedMarkdown, range.clone(), message!("這裡沒有成為表格", "This is no table"), help);
    }

    /// Reports lines between bars that are no table, because no line of dashes stands below the first, or because an empty line parts them from
    /// their table; once for a paragraph.
    pub(super) fn check_bars(&mut self, paragraph: Node<'_>, range: &Range<usize>) {
        let text = self.text;
        let source = text.get(range.clone()).unwrap_or_default();
        let is_row = |line: &str| line.len() > 1 && line.starts_with(BARS) && line.ends_with(BARS);
        if !source.contains('\n') {
            let is_table = |above: Node<'_>| matches!(above.data().value, NodeValue::Table(_));
            if is_row(source.trim()) && source.matches(BARS).count() > 2 && paragraph.previous_sibling().is_some_and(is_table) {
                let message = message!("這一行與上面的表格分開，沒有成為一列", "This line is apart from the table above and no row of it");
                let help = message!(
                    "請刪去中間的空行；要另成一個表格，請在這一行下面加分隔線，例如 | --- | --- |",
                    "Delete the empty line between; for another table, put a line such as | --- | --- | below this one"
                );
                self.report(Rule::UnsupportedMarkdown, range.clone(), message, help);
            } else {
                self.check_line_block(source, range.start);
            }
            return;
        }
        // Most paragraphs have no bar, and lines drawn around them are reported by themselves.
        if !source.contains(BARS) || source.lines().next().is_some_and(|first| is_grid(first.trim_end())) {
            return;
        }
        let (mut at, mut first) = (range.start, None);
        let mut rows = None;
        for line in source.split_inclusive('\n') {
            let (start, words) = (at, line.trim());
            at += line.len();
            // That line was reported by itself.
            if is_across(words) {
                return;
            }
            let start = start + line.len() - line.trim_start().len();
            let place = is_row(words).then_some(start..start + words.len());
            rows = rows.or_else(|| first.filter(|_| place.is_some()));
            first = place;
        }
        let Some(place) = rows else { return self.check_line_block(source, range.start) };
        let message = message!("這幾行沒有成為表格", "These lines are no table");
        let help = message!(
            "請在第一行（表頭）下面加一行分隔線，例如 | --- | --- |，格數與表頭相同；直線用半形的 |",
            "Below the first line, the head, put a line such as | --- | --- | with as many cells; bars are half-width"
        );
        self.report(Rule::UnsupportedMarkdown, place, message, help);
    }

    /// Reports a heading in full width or without the space that would make it one, at the beginning of a line of words.
    pub(super) fn check_heading(&mut self, text: &str, range: &Range<usize>) {
        let words = text.trim_start_matches(['#', '＃']);
        let signs = &text[..text.len() - words.len()];
        let is_wide = signs.contains('＃');
        if (2..=6).contains(&signs.chars().count()) && !words.is_empty() && (is_wide || !words.starts_with([' ', '\t'])) {
            let place = range.start..(range.start + signs.len()).min(range.end);
            let help = if is_wide {
                message!("請用半形的 #，後面加一個半形空格", "Write half-width # and a space after them")
            } else {
                message!("請在 # 後面加一個半形空格", "Put a space after the #")
            };
            self.report(Rule::UnsupportedMarkdown, place, message!("這一行沒有成為標題", "This line is no heading"), help);
        }
    }

    /// Reports a line of `=` below a heading of other programs, at the beginning of a line of words.
    pub(super) fn check_underline(&mut self, text: &str, range: &Range<usize>) {
        let line = text.trim_end();
        if line.len() > 2 && line.bytes().all(|byte| byte == b'=') {
            let message =
                message!("這一行不會使上一行成為標題，會照樣印出來", "This line makes no heading of the one above and is printed");
            let help = if self.is_cell() {
                no_heading_in_cell()
            } else {
                message!(
                    "標題請寫 ## 標題；橫線請寫 ---，前後空一行",
                    "Write ## before a heading; for a line across write --- between blank lines"
                )
            };
            self.report(Rule::UnsupportedMarkdown, range.clone(), message, help);
        }
    }

    /// Reports a line across right below one line of words, which is a heading elsewhere.
    pub(super) fn check_across(&mut self, node: Node<'_>, range: &Range<usize>) {
        let line = node.data().sourcepos.start.line;
        // Between two such lines stands front matter that is none.
        let is_below_another = |title: Node<'_>| {
            let above = title
                .previous_sibling()
                .map(|above| (matches!(above.data().value, NodeValue::ThematicBreak), above.data().sourcepos));
            above.is_some_and(|(is_across, place)| is_across && place.end.line + 2 == line)
        };
        let is_title = |above: Node<'_>| {
            let data = above.data();
            let (start, end) = (data.sourcepos.start.line, data.sourcepos.end.line);
            matches!(data.value, NodeValue::Paragraph) && start == end && end + 1 == line && !is_below_another(above)
        };
        if self.text.as_bytes().get(range.start) != Some(&b'-')
            || self.check_columns(node, range)
            || !node.previous_sibling().is_some_and(is_title)
        {
            return;
        }
        let message = message!("這是一條橫線，不會使上一行成為標題", "This is a line across and makes no heading of the line above");
        let help = if self.is_cell() {
            no_heading_in_cell()
        } else {
            message!(
                "標題請寫 ## 標題；要橫線請在上面空一行",
                "Write ## before a heading; for a line across leave a blank line above it"
            )
        };
        self.warn(Rule::UnsupportedMarkdown, range.clone(), message, help);
    }

    /// Reports items that were meant to stand below the one before them.
    pub(super) fn check_alignment(&mut self, list: Node<'_>) {
        let columns = |item: Node<'_>| {
            let words = item.first_child().map(|child| child.data().sourcepos.start.column);
            (item.data().sourcepos.start.column, words)
        };
        let Some(first) = list.first_child().map(columns) else { return };
        for item in list.children().skip(1) {
            let (marker, words) = columns(item);
            if marker < first.0 + DEEPER || words == first.1 {
                continue;
            }
            let start = self.range(item.data().sourcepos).start;
            let end = start + self.text[start..].find([' ', '\t', '\n']).unwrap_or(0);
            let message = message!(
                "這一項比同一清單的其他項縮排，但沒有成為下一層",
                "This item is indented and still stands beside the others of its list"
            );
            let help = message!(
                "要成為下一層，請縮排到上一項文字開始的地方；否則請與其他項對齊",
                "To put it below the item before, indent it to where that item's words begin; else align it with the others"
            );
            self.report(Rule::UnrecognisedListItem, start..end, message, help);
        }
    }

    /// Reports lists that follow the sections of a condition: they belong to none of these, nor to a section before, and count from the beginning.
    pub(super) fn check_after_sections(&mut self, blocks: &[Flat]) {
        let mut follows = false;
        for piece in blocks {
            match piece {
                Flat::Heading(_) => follows = false,
                Flat::Block(block) if highest_heading(block).is_some() => follows = matches!(block.kind, BlockKind::When { .. }),
                Flat::Block(Block { kind: BlockKind::List(list), span }) if follows && list.kind == ListKind::Clauses => {
                    let message = message!(
                        "這份清單在條件區塊的標題之後，不屬於任何一節，編號會重新起算",
                        "This list follows the headings of a conditional block; it belongs to no section and counts from the beginning"
                    );
                    let help =
                        message!("請移到 :::when 之前，或在前面寫一個標題", "Move it before the :::when, or write a heading above it");
                    let span = list.items.first().map_or(*span, |item| item.span);
                    self.findings.push(Diagnostic::new(Rule::UnsupportedMarkdown, span, message).help(help));
                    follows = false;
                }
                Flat::Block(_) => {}
            }
        }
    }

    /// Reports an item that begins with the number of another, as a date such as 114. 9. 24 does.
    pub(super) fn check_number(&mut self, item: Node<'_>) {
        let Some(list) = list_beside(item) else { return };
        // Of three in a row, the last two say it.
        if list.first_child().and_then(list_beside).is_some() {
            return;
        }
        let line = self.rest_of_line(item);
        let written = self.text[line.clone()].split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let message = message!(
            "「{written}」會被當成編號，不會照樣印出來",
            "`{written}` are taken for numbers of items and not printed as they stand"
        );
        let help = message!(
            "日期請寫 114年9月24日，或 114\\. 9. 24；要分兩層，請把下一層寫在下一行",
            "Write a date as 114年9月24日 or 114\\. 9. 24; for two levels, write the second one on the next line"
        );
        self.report(Rule::UnrecognisedListItem, line, message, help);
    }

    /// Reports lines of which Markdown prints nothing: definitions of links that nothing uses, and footnotes whose name has a space, which it
    /// takes for such.
    pub(super) fn check_definitions(&mut self) {
        let text = self.text;
        let mut lost = Vec::new();
        for end in memmem::find_iter(text.as_bytes(), "]:") {
            let line = self.line_of(&(end..end));
            let start = line.end - text[line.clone()].trim_start().len();
            let label = text.get(start..end).and_then(|label| label.strip_prefix('['));
            let Some(label) = label.filter(|label| !label.contains([']', '['])) else { continue };
            // They are in order, and none is inside another.
            let before = self.literal[..self.literal.partition_point(|range| range.start <= start)].last();
            if self.brackets.contains(&start) || before.is_some_and(|range| range.contains(&start)) {
                continue;
            }
            match label.strip_prefix('^') {
                Some(name) if name.contains(' ') => self.check_name(name, start..end + 1),
                Some(_) => {}
                None => lost.push((label, start..line.end)),
            }
        }
        if lost.is_empty() {
            return;
        }
        // Each piece in brackets, looked for once, however many definitions there are.
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for piece in text.split('[').skip(1).filter_map(|piece| piece.split_once(']')) {
            *counts.entry(piece.0).or_default() += 1;
        }
        for (label, line) in lost.into_iter().filter(|(label, _)| counts.get(label).is_none_or(|count| *count < 2)) {
            let message = message!("Markdown 不會印出這一行", "Markdown prints nothing of this line");
            let help = message!("請寫成 \\[{label}]:，或不用方括號", "Write \\[{label}]:, or no brackets");
            self.report(Rule::UnsupportedMarkdown, line, message, help);
        }
    }
}

/// The numbered list that begins on the same line as the item that it stands in.
fn list_beside(item: Node<'_>) -> Option<Node<'_>> {
    item.first_child().filter(|child| {
        let (list, line) = (child.data(), item.data().sourcepos.start.line);
        matches!(&list.value, NodeValue::List(list) if list.list_type == ListType::Ordered) && list.sourcepos.start.line == line
    })
}

/// Whether a line holds bars and dashes, of any width, and nothing else.
fn is_across(line: &str) -> bool {
    let is_dash = |c: char| matches!(c, '-' | '—' | '─' | '━' | '–' | '－');
    let is_either = |c: char| is_dash(c) || BARS.contains(&c) || matches!(c, ':' | '：' | ' ' | '\t' | '\u{3000}');
    line.chars().all(is_either) && line.contains(BARS) && line.contains(is_dash)
}

/// Whether a row begins between bars and does not end so; a backslash at its end is reported by itself.
fn goes_on_below(row: &str) -> bool {
    row.starts_with('|') && !row.ends_with(['|', '\\'])
}

/// What to do about a line that underlines words of a data table's cell, which has no headings.
fn no_heading_in_cell() -> Message {
    message!(
        "儲存格裡沒有標題，請刪去這一行；要強調上一行，寫成 **…**；要橫線請寫 ---，上面空一行",
        "A cell has no headings: delete this line; for weight put the line above between ** and **; for a line across write --- below a blank line"
    )
}

/// How many cells a row has; a bar at its end ends the last.
fn count_of_cells(row: &str) -> usize {
    let (mut count, mut last) = (0, 0);
    for cell in cells_of_row(row) {
        (count, last) = (count + 1, cell.len());
    }
    if last == 0 { count - 1 } else { count }
}

#[cfg(test)]
mod tests {
    use super::count_of_cells;

    #[test]
    fn cells_of_a_row_stand_between_bars() {
        let rows = [
            ("| 甲 | 乙 |", 2),
            ("甲 | 乙", 2),
            ("| 甲 |", 1),
            ("甲", 1),
            ("| 甲 \\| 乙 | 丙", 2),
            ("| `a|b` |", 2),
            ("| | |", 2),
            ("| 甲 | 乙\\|", 2),
            ("| 甲\\\\| 乙 |", 1),
        ];
        for (row, count) in rows {
            assert_eq!(count_of_cells(row), count, "{row}");
        }
    }
}
