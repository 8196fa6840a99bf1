//! Headings.
//!
//! In: comrak's heading. Out: a section without its content, or a finding where there can be no heading or where it has no words.

use super::{item::cut, lower::Lowering};
use crate::{
    diagnostic::Rule,
    document::owned::{Inline, Section},
    message,
};
use comrak::Node;
use std::ops::Range;

impl Lowering<'_> {
    /// Reads a heading of a level.
    pub(super) fn heading(&mut self, node: Node<'_>, level: u8, range: Range<usize>) -> Option<Section> {
        if self.is_plain() || self.items > 0 || !(2..=3).contains(&level) {
            let (message, help) = if self.is_cell() {
                let line = self.text[range.clone()].trim_start();
                let signs = &line[..line.len() - line.trim_start_matches('#').len()];
                (
                    message!(
                        "行首的「{signs}」會使這一行成為標題，儲存格裡不能有標題",
                        "The `{signs}` makes this line a heading, and a cell has none"
                    ),
                    message!(
                        "要印出它請在前面加反斜線：\\{signs}；或在 fields 拿掉這一欄的 format: markdown",
                        "For the sign itself write \\{signs}; or remove the field's `format: markdown`"
                    ),
                )
            } else if self.is_plain() {
                (
                    message!("這裡不能有標題", "There can be no heading here"),
                    message!("撰寫說明、註腳與引言裡請用段落", "Use paragraphs in guidance, footnotes and quotes"),
                )
            } else if self.items > 0 {
                (
                    message!("清單項目裡不能有標題", "There can be no heading inside a list item"),
                    message!("請把標題靠左，或改成段落", "Move the heading to the left, or make it a paragraph"),
                )
            } else if level == 1 {
                (
                    message!("章名寫在 front matter 的 title，不用 #", "The chapter's title is `title` in the front matter, not `#`"),
                    message!("節用 ##，小節用 ###", "Use ## for sections and ### for subsections"),
                )
            } else {
                (
                    message!("標題只有 ## 與 ### 兩層", "Headings have two levels, ## and ###"),
                    message!("更下層請用編號清單", "Use numbered lists below them"),
                )
            };
            self.report(Rule::UnsupportedMarkdown, range, message, help);
            return None;
        }
        let node_id = self.node();
        let source = self.text[range.clone()].trim_end().trim_end_matches('#').trim_end();
        let cut = cut(range.start, source);
        let found = self.item_attributes(range.start, source, false);
        self.check_formulas(node);
        let title = self.inlines(node, cut);
        if title.iter().all(|inline| matches!(inline, Inline::Comment(_))) {
            let help = message!("請寫出標題，或刪去這一行", "Write a title, or delete the line");
            self.report(Rule::EmptyItem, range.clone(), message!("這個標題沒有字", "This heading has no words"), help);
        }
        Some(Section {
            node: node_id,
            level,
            anchor: found.anchor,
            when: found.when,
            title,
            heading: self.span(range),
            blocks: Vec::new(),
        })
    }
}
