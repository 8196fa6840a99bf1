//! Rows of a CSV file that have fewer cells than its header.
//!
//! In: the header, and the rows of a file one after the other. Out: one finding for a file, at the first such row. Rows without a word, and those
//! from which Excel left out the last commas, are no fault.

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    message,
};

/// Excel writes a CSV in blocks of so many rows, the header among the first, and leaves out the last commas where no row of a block needs them.
const BLOCK: usize = 16;

/// Rows with fewer cells than the header, but for those that Excel writes so.
pub(super) struct ShortRows {
    /// How many columns have a name; Excel may have saved empty ones behind them.
    columns: usize,
    /// How many rows of the file were seen, and of the block how many cells the first had and whether all have as many.
    seen: usize,
    block: (usize, bool),
    /// The first short row of the file and how many there are, and the same of the block.
    all: Option<(Span, usize, usize)>,
    of_block: Option<(Span, usize, usize)>,
}

impl ShortRows {
    pub(super) fn new(headers: &::csv::StringRecord) -> Self {
        let columns = headers.iter().enumerate().filter(|(_, header)| !header.is_empty()).map(|(at, _)| at + 1).last().unwrap_or(0);
        Self { columns, seen: 1, block: (headers.len(), true), all: None, of_block: None }
    }

    pub(super) fn see(&mut self, row: &::csv::StringRecord, line: Span) {
        let cells = row.len();
        if self.seen.is_multiple_of(BLOCK) {
            self.end_block();
            self.block = (cells, true);
        }
        self.seen += 1;
        self.block.1 &= self.block.0 == cells;
        // One without a word is told of by itself.
        if cells < self.columns && row.iter().any(|cell| !cell.is_empty()) {
            let (first, width, count) = self.of_block.unwrap_or((line, cells, 0));
            self.of_block = Some((first, width, count + 1));
        }
    }

    fn end_block(&mut self) {
        // A row by itself is no block.
        let is_excels = self.block.1 && self.of_block.is_some_and(|(.., count)| count > 1);
        let Some((first, width, count)) = self.of_block.take().filter(|_| !is_excels) else { return };
        let (first, width, before) = self.all.unwrap_or((first, width, 0));
        self.all = Some((first, width, before + count));
    }

    /// Says that rows are filled up: what stands behind a cell that was left out would stand in the wrong column.
    pub(super) fn finding(mut self) -> Option<Diagnostic> {
        self.end_block();
        let ((first, cells, count), columns) = (self.all?, self.columns);
        let message = if count == 1 {
            message!(
                "這一列只有 {cells} 格，標題列有 {columns} 格；缺的格會印成空格",
                "This row has {cells} cells, the header {columns}; those that lack are printed empty"
            )
        } else {
            message!(
                "這個檔案有 {count} 列的格數比標題列少（這一列 {cells} 格，標題列 {columns} 格）；缺的格會印成空格",
                "{count} rows of this file have fewer cells than the header, this one {cells} of {columns}; those that lack are printed empty"
            )
        };
        let help = message!(
            "請補上內容或逗號，留白的格也要有；中間少一格，後面各格就印在別的欄",
            "Add what lacks, or its comma: an empty cell has one too; behind a cell left out in between the others stand in wrong columns"
        );
        Some(Diagnostic::new(Rule::MissingColumn, first, message).help(help))
    }
}
