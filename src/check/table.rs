//! Rows that one table names and another lacks.
//!
//! In: a plan's tables and their foreign keys. Out: findings. Blanks and cells left for the pen name nothing.

use crate::{
    diagnostic::{Diagnostic, Rule, did_you_mean},
    document::{BlockKind, plain_text},
    message,
    resolve::{
        Plan,
        data::{Cell, Table},
    },
    source::Sources,
};
use rustc_hash::FxHashSet;

/// Reports rows without their counterpart.
pub(super) fn missing_rows(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    for (name, table) in plan.data.tables() {
        for key in &table.foreign_keys {
            let resource = &key.resource;
            if plan.data.is_unread(resource) {
                continue;
            }
            let Some(other) = plan.data.table(resource) else {
                let help = did_you_mean(resource, plan.data.tables().map(|(name, _)| name));
                found.push(
                    Diagnostic::new(Rule::UnknownValue, key.span, message!("沒有資料表「{resource}」", "There is no table `{resource}`"))
                        .maybe_help(help),
                );
                continue;
            };
            let columns: Vec<Option<usize>> =
                key.fields.iter().map(|field| other.fields.iter().position(|column| column.name == *field)).collect();
            if let Some(field) = key.fields.iter().zip(&columns).find_map(|(field, column)| column.is_none().then_some(field)) {
                let help = did_you_mean(field, other.fields.iter().map(|column| column.name.as_str()));
                found.push(
                    Diagnostic::new(
                        Rule::UnknownValue,
                        key.span,
                        message!("「{resource}」沒有「{field}」這一欄", "`{resource}` has no column `{field}`"),
                    )
                    .maybe_help(help),
                );
                continue;
            }
            let columns: Vec<usize> = columns.into_iter().flatten().collect();
            let rows: FxHashSet<_> = (0..other.rows.len()).filter_map(|row| words(other, row, &columns)).collect();
            for row in 0..table.rows.len() {
                let Some(wanted) = words(table, row, &key.columns) else { continue };
                if rows.contains(&wanted) {
                    continue;
                }
                let wanted = wanted.join("、");
                let message = message!(
                    "data/{name} 的「{wanted}」在 data/{resource} 沒有相同的一列",
                    "`{wanted}` of data/{name} has no equal row in data/{resource}"
                );
                let help = message!(
                    "請在 data/{resource} 補上這一列，各欄寫法要相同",
                    "Add that row to data/{resource}, written alike in every column"
                );
                let column = key.columns.first().copied().unwrap_or(0);
                found.push(Diagnostic::new(Rule::MissingRow, table.cell_place(sources, row, column), message).help(help));
            }
        }
    }
}

/// The words of some cells of a row; `None` when one of them is open.
fn words(table: &Table, row: usize, columns: &[usize]) -> Option<Vec<String>> {
    columns.iter().map(|column| word(&table.rows[row].cells[*column])).collect()
}

fn word(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.clone()),
        Cell::Boolean(value) => Some(value.to_string()),
        Cell::Markdown(fragment) => {
            let mut open = false;
            let words = fragment.tree.blocks().iter().map(|block| match block.kind {
                BlockKind::Paragraph(inlines) => plain_text(inlines, &mut |_| {
                    open = true;
                    String::new()
                }),
                _ => String::new(),
            });
            let words = words.collect::<String>();
            (!open && !words.is_empty()).then_some(words)
        }
        Cell::Blank(_) | Cell::Empty | Cell::Choices(_) | Cell::RowNumber => None,
    }
}
