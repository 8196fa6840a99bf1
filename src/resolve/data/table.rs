//! Tables from data.
//!
//! In: rows as YAML or CSV has them. Out: rows of cells, each read by its column's rules.

use super::Field;
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span},
    message,
    parse::Fragment,
    source::{
        Sources,
        yaml::{self, Part},
    },
};

/// A table with more cells than this cannot be read as a page.
pub(super) const CELLS: usize = 100_000;

/// A table from `data/`.
#[derive(Debug)]
pub struct Table {
    /// The file that holds the fields.
    pub file: FileId,
    /// What the table is called.
    pub title: Option<String>,
    /// The columns in order.
    pub fields: Vec<Field>,
    /// The rows in order.
    pub rows: Vec<Row>,
    /// Where a CSV calls a column by its title, for each column; nothing where it calls it by its name, or is none.
    pub csv_heads: Box<[Option<Span>]>,
    /// Whether rows are missing because the file that holds them could not be read, which is a finding of its own.
    pub lacks_rows: bool,
    /// Columns whose values must be rows of another table.
    pub foreign_keys: Vec<ForeignKey>,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// A cell for each column.
    pub cells: Vec<Cell>,
    place: RowPlace,
}

/// Where a row stands; a place in YAML is searched for only when a finding needs it.
#[derive(Debug)]
pub(super) enum RowPlace {
    /// The position among the file's `rows`.
    Yaml(usize),
    /// The cells of a line of the CSV, in the order of the fields; one that is not there has the whole line.
    Csv(Box<[Span]>),
}

impl Row {
    pub(super) fn new(cells: Vec<Cell>, place: RowPlace) -> Self {
        Self { cells, place }
    }
}

/// More rows than a table may have.
pub(super) fn too_many_rows(fields: &[Field], rows: usize, most: usize, span: Span) -> Diagnostic {
    let columns = fields.len();
    let message = message!(
        "{columns} 欄的表有 {rows} 列，上限 {most} 列",
        "A table of {columns} columns has {rows} rows; the limit is {most}"
    );
    let help = message!("請把大的清冊當作附檔，計畫裡只放摘要", "Attach a large register as a file, and keep a summary in the plan");
    Diagnostic::new(Rule::SchemaViolation, span, message).help(help)
}

impl Table {
    /// The place of a cell; of one that a CSV's line lacks, the whole line.
    #[must_use]
    pub fn cell_place(&self, sources: &Sources, row: usize, column: usize) -> Span {
        match &self.rows[row].place {
            RowPlace::Yaml(index) => {
                yaml::locate(sources, self.file, &["rows".into(), (*index).into(), self.fields[column].name.as_str().into()], Part::Value)
            }
            RowPlace::Csv(spans) => spans[column],
        }
    }

    /// The place of a part of a cell's Markdown, as far as the cell's lines are those of the file; else the cell's.
    #[must_use]
    pub fn place_in_cell(&self, sources: &Sources, row: usize, column: usize, part: Span) -> Span {
        let cell = self.cell_place(sources, row, column);
        // Plain words have the place of the table that shows them.
        let within = (part.file == self.file).then(|| yaml::in_block(sources, cell, part.range())).flatten();
        within.unwrap_or(cell)
    }

    /// What stands above the rows, its own title first, each with how its place is found.
    pub fn heads(&self) -> impl Iterator<Item = (&str, impl Fn(&Sources) -> Span)> {
        let file = self.file;
        let title = self.title.as_deref().map(|title| (title, vec!["title".into()]));
        let fields = self.fields.iter().enumerate();
        let fields = fields.map(|(index, field)| (&*field.title, vec!["fields".into(), index.into(), "title".into()]));
        title
            .into_iter()
            .chain(fields)
            .map(move |(words, path)| (words, move |sources: &Sources| yaml::locate(sources, file, &path, Part::Value)))
    }
}

impl Table {
    /// Every cell that holds Markdown.
    pub(in crate::resolve) fn fragments(&self) -> impl Iterator<Item = &Fragment> {
        self.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| match cell {
            Cell::Markdown(fragment) => Some(fragment),
            _ => None,
        })
    }

    /// How many bytes the table takes wherever it is shown, without what stands for something else in its Markdown.
    pub(in crate::resolve) fn weight(&self) -> usize {
        let head = self.fields.iter().map(|field| CELL + field.title.len()).sum::<usize>() + self.title.as_ref().map_or(0, String::len);
        let row = |row: &Row| self.fields.iter().zip(&row.cells).map(|(field, cell)| CELL + cell.weight(field)).sum::<usize>();
        head + self.rows.iter().map(row).sum::<usize>()
    }

    /// How many bytes one of its blank rows takes.
    pub(in crate::resolve) fn blank_row_weight(&self) -> usize {
        self.fields.iter().map(|field| CELL + field.boxes_weight()).sum()
    }
}

/// What a cell counts for beside its text.
const CELL: usize = 16;

/// What a cell holds.
#[derive(Debug)]
pub enum Cell {
    /// Plain text, with its unit.
    Text(String),
    /// A blank in the plan, this many circles wide, before its unit.
    Blank(usize),
    /// Left empty, to be filled in by pen.
    Empty,
    /// Which of the field's choices are ticked.
    Choices(Vec<bool>),
    /// Markdown.
    Markdown(Fragment),
    /// Yes or no.
    Boolean(bool),
    /// The row's number.
    RowNumber,
}

impl Cell {
    fn weight(&self, field: &Field) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Blank(width) => width * '○'.len_utf8() + field.title.len() + field.unit.as_ref().map_or(0, String::len),
            Self::Choices(_) | Self::Empty => field.boxes_weight(),
            Self::Markdown(fragment) => fragment.bytes,
            Self::Boolean(_) | Self::RowNumber => 0,
        }
    }
}

/// Columns of this table that name a row of another, in the words of the Table Schema.
#[derive(Debug)]
pub struct ForeignKey {
    /// Columns of this table, by position.
    pub columns: Vec<usize>,
    /// The other table's name.
    pub resource: String,
    /// Columns of the other table, by name.
    pub fields: Vec<String>,
    /// Where the key is written.
    pub span: Span,
}
