//! Tables as HTML.
//!
//! In: a table of the text, or a reference to one of data. Out: the table in a box of its own that scrolls, a group rather than a landmark:
//! the same table may stand on a page twice. Column widths are classes, because the policy of every page forbids inline styles.

use super::{
    View,
    body::Body,
    html::{attribute, escape},
};
use crate::{
    document::{Alignment, DataTable, Inline, Inlines, Orientation, Table},
    resolve::{
        data::{Cell, Field, FieldType, Format},
        words::{value_words, yes_or_no},
    },
};

/// How the box of a table begins that lies across on sheets of its own.
pub(super) const TURNED: &str = "<div class=\"table-scroll landscape\"";

impl Body<'_> {
    pub(super) fn table(&mut self, table: &Table<'_>) {
        self.out.push_str("<div class=\"table-scroll\" role=\"group\"");
        attribute(&mut self.out, "aria-label", self.renderer.plan.term("table"));
        self.out.push_str(" tabindex=\"0\"><table class=\"table\">");
        // About as many half-width characters as a column has room for on paper where all are alike.
        let room = 80 / table.head.iter().count().max(1);
        // GFM wants a head, Markdown's authors not always: an empty one is none.
        if !table.head.iter().all(|cell| self.is_empty(cell)) {
            self.out.push_str("<thead><tr>");
            for (alignment, cell) in table.aligned(table.head) {
                // A corner that says nothing is no header.
                let tag = if self.is_empty(cell) { "td" } else { "th scope=\"col\"" };
                self.out.extend(["<", tag]);
                self.cell_of_text(alignment, cell, room);
                self.out.extend(["</", &tag[..2], ">"]);
            }
            self.out.push_str("</tr></thead>");
        }
        self.out.push_str("<tbody>\n");
        for row in table.rows {
            self.row();
            for (alignment, cell) in table.aligned(row) {
                self.out.push_str("<td");
                self.cell_of_text(alignment, cell, room);
                self.out.push_str("</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody></table></div>\n");
    }

    /// What a cell is like and what it says, up to its end. A word that would take the room of other columns may break.
    fn cell_of_text(&mut self, alignment: Option<Alignment>, cell: Inlines<'_>, room: usize) {
        let alignment = match alignment {
            Some(Alignment::Center) => "center",
            Some(Alignment::Right) => "right",
            _ => "",
        };
        let class = match (alignment, self.longest_word(cell) + 2 > room) {
            ("", false) => None,
            ("", true) => Some(String::from("long")),
            (_, false) => Some(alignment.to_owned()),
            (_, true) => Some(format!("{alignment} long")),
        };
        if let Some(class) = class {
            attribute(&mut self.out, "class", &class);
        }
        self.out.push('>');
        self.inlines(cell);
    }

    fn is_empty(&self, cell: Inlines<'_>) -> bool {
        cell.iter().all(|inline| match inline {
            Inline::Comment(_) => self.renderer.view == View::Published,
            Inline::Text(text) => text.trim().is_empty(),
            Inline::SoftBreak => true,
            _ => false,
        })
    }

    /// How many characters the longest word has that is written in letters, digits and the signs of addresses.
    fn longest_word(&self, inlines: Inlines<'_>) -> usize {
        let longest = |text: &str| text.as_bytes().split(|byte| !byte.is_ascii_graphic()).map(<[u8]>::len).max().unwrap_or(0);
        let of = |inline| match inline {
            Inline::Text(text) | Inline::Code(text) => longest(text),
            Inline::Emphasis(children) | Inline::Strong(children) => self.longest_word(children),
            Inline::Link(link) => self.longest_word(link.children),
            Inline::Value(value) => longest(&value_words(self.renderer.plan, &self.renderer.plan.data.shown(value.path))),
            _ => 0,
        };
        inlines.iter().map(of).max().unwrap_or(0)
    }

    pub(super) fn data_table(&mut self, reference: &DataTable<'_>) {
        let plan = self.renderer.plan;
        let Some(table) = plan.data.table(reference.name) else { return };
        let title = table.title.as_deref().unwrap_or(&self.chapter.front.title);
        // A form that lies across already has no page to turn, nor has a box.
        let turned =
            reference.orientation == Orientation::Landscape && self.chapter.front.orientation == Orientation::Portrait && !self.boxed;
        self.out.extend([if turned { TURNED } else { "<div class=\"table-scroll\"" }, " role=\"group\""]);
        attribute(&mut self.out, "aria-label", title);
        self.out.push_str(" tabindex=\"0\"><table class=\"data-table\">\n<caption class=\"sr-only\">");
        escape(&mut self.out, title);
        self.out.push_str("</caption>\n<colgroup>");
        for field in &table.fields {
            self.out
                .push_str(&format!("<col class=\"w-{}\">", field.width.unwrap_or(if field.format == Format::RowNumber { 1 } else { 3 })));
        }
        self.out.push_str("</colgroup>\n<thead><tr>");
        for field in &table.fields {
            self.out.push_str("<th scope=\"col\">");
            escape(&mut self.out, &field.title);
            self.out.push_str("</th>");
        }
        self.out.push_str("</tr></thead>\n<tbody>\n");
        for (at, row) in table.rows.iter().enumerate() {
            self.row();
            table.fields.iter().zip(&row.cells).for_each(|(field, cell)| self.cell(field, cell, at + 1, reference.name));
            self.out.push_str("</tr>\n");
        }
        for at in 0..usize::from(reference.blank_rows) {
            self.out.push_str("<tr class=\"blank-row\">");
            table.fields.iter().for_each(|field| self.blank_cell(field, table.rows.len() + at + 1));
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody></table></div>\n");
    }

    fn cell(&mut self, field: &Field, cell: &Cell, row: usize, name: &str) {
        if let Cell::RowNumber = cell {
            return self.row_number(row);
        }
        self.out.push_str("<td>");
        match cell {
            Cell::Text(text) => self.lines(text),
            Cell::Blank(width) => {
                self.blank(*width, &field.title, &format!("{name}.{}", field.name));
                escape(&mut self.out, field.unit.as_deref().unwrap_or_default());
            }
            Cell::Choices(ticked) => self.choices(field, ticked),
            Cell::Markdown(fragment) => self.without_rows(|body| body.tight(fragment.tree.blocks())),
            Cell::Boolean(value) => escape(&mut self.out, yes_or_no(self.renderer.plan, *value)),
            Cell::Empty if field.kind == FieldType::List => self.choices(field, &vec![false; field.choices.len()]),
            Cell::Empty | Cell::RowNumber => {}
        }
        self.out.push_str("</td>");
    }

    /// A cell of an empty row: choices keep their boxes, so that a pen can tick them.
    fn blank_cell(&mut self, field: &Field, row: usize) {
        if field.format == Format::RowNumber {
            return self.row_number(row);
        }
        self.out.push_str("<td>");
        if field.kind == FieldType::List {
            self.choices(field, &vec![false; field.choices.len()]);
        }
        self.out.push_str("</td>");
    }

    fn row_number(&mut self, row: usize) {
        self.out.push_str(&format!("<td class=\"row-number\">{row}</td>"));
    }

    fn choices(&mut self, field: &Field, ticked: &[bool]) {
        if field.choices.is_empty() {
            return;
        }
        self.out.push_str("<ul class=\"choices\">");
        for (choice, ticked) in field.choices.iter().zip(ticked) {
            self.out.push_str("<li>");
            self.checkbox(*ticked);
            escape(&mut self.out, &choice.label);
            self.out.push_str("</li>");
        }
        self.out.push_str("</ul>");
    }

    fn lines(&mut self, text: &str) {
        for (at, line) in text.trim_end().lines().enumerate() {
            if at > 0 {
                self.out.push_str("<br>");
            }
            escape(&mut self.out, line);
        }
    }
}
