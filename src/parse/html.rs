//! HTML, which no plan contains.
//!
//! In: the range of a piece of it. Out: a finding with the Markdown to write instead; in a table that is not what it is elsewhere.

use super::lower::Lowering;
use crate::{
    diagnostic::{Message, Rule},
    message,
};
use std::ops::Range;

impl Lowering<'_> {
    pub(super) fn raw_html(&mut self, range: Range<usize>) {
        let html = self.text.get(range.clone()).unwrap_or_default();
        let help = if html.starts_with("<!--") {
            message!("給撰寫者的話請寫成 %%…%%", "Write notes to the drafter as %%…%%")
        } else if html.starts_with("<br") && self.in_table {
            lines_in_a_cell()
        } else if html.starts_with("<br") && self.is_cell() {
            message!(
                "直接換行：在 YAML，值寫 |，各行寫在下面，縮排兩格；在 CSV，按 Alt+Enter",
                "Begin a new line: in YAML, write | for the value and the lines below it, indented; in a CSV, press Alt+Enter"
            )
        } else if html.starts_with("<br") {
            message!("換行請在行尾加反斜線", "End the line with a backslash instead")
        } else if html.starts_with("<input") {
            message!("勾選框請寫成 [ ] 或 [x]", "Write a box as [ ] or [x]")
        } else {
            message!("請改用 Markdown；角括號文字請寫成 \\<", "Use Markdown; write a literal angle bracket as \\<")
        };
        let line = self.line_of(&range);
        self.report(Rule::RawHtml, range.start..range.end.min(line.end), message!("不能寫 HTML", "HTML is not allowed"), help);
    }
}

/// What to do about several lines in a cell, where a backslash would end the row.
pub(super) fn lines_in_a_cell() -> Message {
    message!(
        "Markdown 表格的一格只有一行：請分成兩列，或改用 :::table，資料欄寫 format: markdown",
        "A cell of a Markdown table is one line: make two rows of it, or use :::table and a field with format: markdown"
    )
}
