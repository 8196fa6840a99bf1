//! Where the cells of a Markdown table stand in the source.
//!
//! In: a table's place and source text. Out: the place of each cell, without the bars and the white space around it. The tree does not know
//! them, because hardly any finding asks; all cells of a table are read at once, and only then.

use crate::{diagnostic::Span, parse::cells_of_row, source::Sources};
use std::{cell::OnceCell, ops::Range};

/// The cells of one table.
pub(super) struct Cells {
    columns: usize,
    places: OnceCell<Vec<Range<usize>>>,
}

impl Cells {
    /// Those of a table with so many columns.
    pub(super) fn new(columns: usize) -> Self {
        Self { columns, places: OnceCell::new() }
    }

    /// The place of the cell with this number, from 0 for the first of the head; the table's where it has no such cell.
    pub(super) fn place(&self, table: Span, cell: usize, sources: &Sources) -> Span {
        let places = self.places.get_or_init(|| places(sources.slice(table), self.columns));
        places.get(cell).map_or(table, |range| table.within(range.start, range.end))
    }
}

/// The places of all cells of a table. Each line is a row but for the second, which only says how columns are aligned; a row may lack cells
/// at its end or have some beyond the last column, which nobody sees.
fn places(table: &str, columns: usize) -> Vec<Range<usize>> {
    let (mut all, mut start) = (Vec::new(), 0);
    for (number, line) in table.split('\n').enumerate() {
        if number != 1 {
            let mut cells = cells_of_row(line).map(|cell| start + cell.start..start + cell.end);
            let end = start + line.len();
            all.extend((0..columns).map(|_| cells.next().unwrap_or(end..end)));
        }
        start += line.len() + 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: &str, columns: usize) -> Vec<&str> {
        places(table, columns).into_iter().map(|place| &table[place]).collect()
    }

    #[test]
    fn cells_stand_between_bars() {
        assert_eq!(cells("| 甲 | 乙 |\n|---|---|\n| 一 |二|\n|三||\n", 2)[..6], ["甲", "乙", "一", "二", "三", ""]);
        assert_eq!(cells("甲 | 乙\n--|--\n一\n二|三|四", 2), ["甲", "乙", "一", "", "二", "三"], "bars around a row may lack");
    }

    #[test]
    fn a_bar_behind_a_backslash_is_part_of_a_cell() {
        assert_eq!(cells("|[[a\\|甲]]|`\\|`|\n|-|-|\n|一\\\\|二|三|", 2), ["[[a\\|甲]]", "`\\|`", "一\\\\|二", "三"]);
    }

    #[test]
    fn what_a_table_stands_in_is_no_part_of_its_cells() {
        assert_eq!(cells("| 甲 |\n   |---|\n   | 一 |", 1), ["甲", "一"]);
        assert_eq!(cells("| 甲 |\n> |---|\n>| 一 |", 1), ["甲", "一"]);
    }
}
