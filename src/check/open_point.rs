//! What a drafter has still to decide.
//!
//! In: a resolved plan. Out: every blank, undecided alternative, comment and piece of guidance that belongs to it, in printed order,
//! each with its place. None of them is a finding: in a draft, what is open is no mistake.

use crate::{
    diagnostic::{FileId, Message, Span},
    document::{BlockKind, Condition, Inline},
    message,
    resolve::{
        Clause, Decision, Fact, Plan,
        data::{Cell, Part, Value},
        visit::{Context, Seen, visit},
    },
    source::Sources,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// What kind of thing is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenKind {
    /// A value that nobody has given yet.
    Blank,
    /// A condition that cannot be decided yet.
    Alternative,
    /// A drafter's comment.
    Comment,
    /// Drafting guidance.
    Guidance,
}

/// What a blank stands in the place of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Given {
    /// A value, by its path, such as `agency.name`.
    Value(String),
    /// A cell of a data table, by the table's name, row and column.
    Cell(String, usize, usize),
}

/// One thing that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPoint {
    /// Its kind.
    pub kind: OpenKind,
    /// The chapter, by index.
    pub chapter: usize,
    /// The clause that shows it, by index; `None` for the chapter itself.
    pub clause: Option<u32>,
    /// Where it stands in the chapter, or in the words of a cell.
    pub span: Span,
    /// The file of the data table, the row and the column that hold it.
    pub cell: Option<(FileId, usize, usize)>,
    /// Where a blank is to be filled in; `None` for what is no blank.
    pub given: Option<Given>,
    /// What it is about: the title of a blank field, a condition, a comment's words.
    pub words: String,
}

impl OpenPoint {
    /// Where a finding about it stands: what a cell holds has its place in the cell.
    #[must_use]
    pub fn place(&self, plan: &Plan, sources: &Sources) -> Span {
        let of_cell = |(file, row, column)| {
            let (_, table) = plan.data.tables().find(|(_, table)| table.file == file)?;
            Some(table.place_in_cell(sources, row, column, self.span))
        };
        self.cell.and_then(of_cell).unwrap_or(self.span)
    }

    /// What a finding says of it.
    #[must_use]
    pub fn message(&self) -> Message {
        let words = &self.words;
        match self.kind {
            OpenKind::Blank => message!("「{words}」還沒有填", "`{words}` is blank"),
            OpenKind::Alternative => message!("還沒有決定：{words}", "Not decided yet: {words}"),
            OpenKind::Comment | OpenKind::Guidance => {
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                message!("註記還沒有處理：{words}", "A comment is still there: {words}")
            }
        }
    }
}

/// Everything that is open in a plan, in printed order: a value, a cell and what a cell says once, however often they are shown.
#[must_use]
pub fn open_points(plan: &Plan) -> Vec<OpenPoint> {
    let present: Vec<usize> = plan.present().collect();
    let mut points: Vec<OpenPoint> = present.par_iter().flat_map_iter(|index| of_chapter(plan, *index)).collect();
    let (mut given, mut cells) = (FxHashSet::default(), FxHashMap::default());
    points.retain(|point| match (&point.given, point.cell) {
        (Some(value), _) => given.insert(value.clone()),
        (None, Some(cell)) => *cells.entry(cell).or_insert(point.span) == point.span,
        (None, None) => true,
    });
    points
}

/// Everything that is open in a chapter.
fn of_chapter(plan: &Plan, index: usize) -> Vec<OpenPoint> {
    let mut points = OpenPoints::of(plan, index);
    visit(&plan.chapters[index], &plan.facts[index], &plan.data, &mut |seen, context| points.see(seen, context));
    points.all
}

/// What was found open in a chapter so far.
pub(super) struct OpenPoints<'a> {
    plan: &'a Plan,
    index: usize,
    has_undecided_clauses: bool,
    /// The cell of a data table that holds what was seen last.
    cell: Option<(FileId, usize, usize)>,
    /// Where the data table that was seen last is printed.
    table: Option<Span>,
    pub all: Vec<OpenPoint>,
}

impl<'a> OpenPoints<'a> {
    /// What the chapter says of itself, before anything of its text was seen.
    pub(super) fn of(plan: &'a Plan, index: usize) -> Self {
        let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
        let has_undecided_clauses = facts.nodes.iter().any(|fact| matches!(fact, Fact::Clause(_, Decision::Undecided)));
        let mut points = Self { plan, index, has_undecided_clauses, cell: None, table: None, all: Vec::new() };
        if let Some(condition) = chapter.front.when.as_deref().filter(|_| facts.decision == Decision::Undecided) {
            points.undecided(condition, None, chapter.front.span);
        }
        points
    }

    /// Adds what is open in the chapter's next block or inline.
    pub(super) fn see(&mut self, seen: Seen<'_>, context: Context<'_>) {
        let (plan, facts) = (self.plan, &self.plan.facts[self.index]);
        self.cell = context.cell().map(|(table, row, column)| (table.file, row, column));
        match seen {
            Seen::Inline(Inline::Value(value)) => {
                for (title, path) in blanks(value.path, plan.data.shown(value.path)) {
                    let given = Given::Value(path);
                    self.add(OpenKind::Blank, context.clause, value.span, title, Some(given));
                }
            }
            Seen::Inline(Inline::Comment(words)) => {
                let span = context.clause.and_then(|clause| facts.clauses.get(clause)).map(Clause::span);
                let printed = self.table.filter(|_| self.cell.is_some());
                let span = printed.or(span).unwrap_or(Span::whole(plan.chapters[self.index].file));
                self.add(OpenKind::Comment, context.clause, span, words.to_owned(), None);
            }
            Seen::Inline(_) => {}
            Seen::Block(block) => match block.kind {
                BlockKind::Guidance(_) => self.add(OpenKind::Guidance, context.clause, block.span, String::new(), None),
                BlockKind::When { node, condition, .. } if facts.of(node) == Fact::Decision(Decision::Undecided) => {
                    self.undecided(condition, context.clause, block.span);
                }
                BlockKind::Section(section) => {
                    if let (Some(condition), Fact::Clause(clause, Decision::Undecided)) = (section.when, facts.of(section.node)) {
                        self.undecided(condition, Some(clause), section.heading);
                    }
                }
                BlockKind::List(list) if self.has_undecided_clauses => {
                    for item in list.items {
                        if let (Some(condition), Fact::Clause(clause, Decision::Undecided)) = (item.when, facts.of(item.node)) {
                            self.undecided(condition, Some(clause), item.span);
                        }
                    }
                }
                BlockKind::DataTable(reference) => {
                    self.table = Some(block.span);
                    let Some(table) = plan.data.table(reference.name) else { return };
                    for (row, cells) in table.rows.iter().enumerate() {
                        for (column, _) in cells.cells.iter().enumerate().filter(|(_, cell)| matches!(cell, Cell::Blank(_))) {
                            let given = Given::Cell(reference.name.to_owned(), row, column);
                            self.add(OpenKind::Blank, context.clause, block.span, table.fields[column].title.clone(), Some(given));
                        }
                    }
                }
                _ => {}
            },
        }
    }

    fn undecided(&mut self, condition: &Condition, clause: Option<u32>, span: Span) {
        self.add(OpenKind::Alternative, clause, span, self.plan.condition_words(condition), None);
    }

    fn add(&mut self, kind: OpenKind, clause: Option<u32>, span: Span, words: String, given: Option<Given>) {
        self.all.push(OpenPoint { kind, chapter: self.index, clause, span, cell: self.cell, given, words });
    }
}

/// The fields that are blank in a value: the title of each, and where it is filled in.
pub(super) fn blanks(path: &str, value: Value) -> Vec<(String, String)> {
    match value {
        Value::Blank { title, .. } => vec![(title, path.to_owned())],
        Value::Partial(parts) => parts
            .into_iter()
            .filter_map(|part| match part {
                Part::Blank { title, path, .. } => Some((title, path)),
                Part::Words(_) | Part::Boolean(_) => None,
            })
            .collect(),
        Value::Text(_) | Value::Boolean(_) => Vec::new(),
    }
}
