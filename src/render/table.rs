//! Data tables as HTML.
//!
//! In: a reference to a table. Out: the table in a box of its own that scrolls, with its blank rows. Column widths are classes,
//! because the policy of every page forbids inline styles.

use super::{
    body::Body,
    html::{attribute, escape},
};
use crate::{
    document::{DataTable, Orientation},
    resolve::{
        data::{Cell, Field, FieldType, Format},
        words::yes_or_no,
    },
};

impl Body<'_> {
    pub(super) fn data_table(&mut self, reference: &DataTable<'_>) {
        let plan = self.renderer.plan;
        let Some(table) = plan.data.table(reference.name) else { return };
        let title = table.title.as_deref().unwrap_or(&self.chapter.front.title);
        self.out.push_str("<div class=\"table-scroll\" role=\"region\"");
        attribute(&mut self.out, "aria-label", title);
        self.out.push_str(" tabindex=\"0\"><table class=\"data-table");
        if reference.orientation == Orientation::Landscape {
            self.out.push_str(" landscape");
        }
        self.out.push_str("\">\n<caption class=\"sr-only\">");
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
