//! What a drafter has still to decide.
//!
//! In: a resolved plan. Out: every blank, undecided alternative, comment and piece of guidance that belongs to it, in printed order,
//! each with its place. None of them is a finding: in a draft, what is open is no mistake.

use crate::{
    diagnostic::Span,
    document::{BlockKind, Condition, Inline},
    resolve::{
        Clause, Decision, Fact, Plan,
        data::{Cell, Part, Value},
        visit::{Seen, visit},
    },
};
use rayon::prelude::*;

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
    /// Where it stands in the chapter.
    pub span: Span,
    /// Where a blank is to be filled in; `None` for what is no blank.
    pub given: Option<Given>,
    /// What it is about: the title of a blank field, a condition, a comment's words.
    pub words: String,
}

/// Everything that is open in a plan, in printed order.
#[must_use]
pub fn open_points(plan: &Plan) -> Vec<OpenPoint> {
    let present: Vec<usize> = plan.present().collect();
    present.par_iter().flat_map_iter(|index| of_chapter(plan, *index)).collect()
}

/// Everything that is open in a chapter.
pub(super) fn of_chapter(plan: &Plan, index: usize) -> Vec<OpenPoint> {
    let mut all = Vec::new();
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    let point = |kind, clause, span, words| OpenPoint { kind, chapter: index, clause, span, given: None, words };
    let undecided = |condition: &Condition, clause, span| point(OpenKind::Alternative, clause, span, plan.condition_words(condition));
    if let Some(condition) = chapter.front.when.as_deref().filter(|_| facts.decision == Decision::Undecided) {
        all.push(undecided(condition, None, chapter.front.span.unwrap_or(Span::whole(chapter.file))));
    }
    let has_undecided_clauses = facts.nodes.iter().any(|fact| matches!(fact, Fact::Clause(_, Decision::Undecided)));
    visit(chapter, facts, &plan.data, &mut |seen, context| match seen {
        Seen::Inline(Inline::Value(value)) => {
            let titles = blank_titles(plan.data.shown(value.path));
            let blank = |words| OpenPoint {
                given: Some(Given::Value(value.path.to_owned())),
                ..point(OpenKind::Blank, context.clause, value.span, words)
            };
            all.extend(titles.into_iter().map(blank));
        }
        Seen::Inline(Inline::Comment(words)) => {
            let span = context.clause.and_then(|clause| facts.clauses.get(clause)).map(Clause::span);
            all.push(point(OpenKind::Comment, context.clause, span.unwrap_or(Span::whole(chapter.file)), words.to_owned()));
        }
        Seen::Inline(_) => {}
        Seen::Block(block) => match block.kind {
            BlockKind::Guidance(_) => all.push(point(OpenKind::Guidance, context.clause, block.span, String::new())),
            BlockKind::When { node, condition, .. } if facts.of(node) == Fact::Decision(Decision::Undecided) => {
                all.push(undecided(condition, context.clause, block.span));
            }
            BlockKind::Section(section) => {
                if let (Some(condition), Fact::Clause(clause, Decision::Undecided)) = (section.when, facts.of(section.node)) {
                    all.push(undecided(condition, Some(clause), section.heading));
                }
            }
            BlockKind::List(list) if has_undecided_clauses => {
                for item in list.items {
                    if let (Some(condition), Fact::Clause(clause, Decision::Undecided)) = (item.when, facts.of(item.node)) {
                        all.push(undecided(condition, Some(clause), item.span));
                    }
                }
            }
            BlockKind::DataTable(reference) => {
                let Some(table) = plan.data.table(reference.name) else { return };
                for (row, cells) in table.rows.iter().enumerate() {
                    let blank = |(_, cell): &(usize, &Cell)| matches!(cell, Cell::Blank(_));
                    all.extend(cells.cells.iter().enumerate().filter(blank).map(|(column, _)| OpenPoint {
                        given: Some(Given::Cell(reference.name.to_string(), row, column)),
                        ..point(OpenKind::Blank, context.clause, block.span, table.fields[column].title.clone())
                    }));
                }
            }
            _ => {}
        },
    });
    all
}

/// The titles of the fields that are blank in a value.
fn blank_titles(value: Value) -> Vec<String> {
    match value {
        Value::Blank { title, .. } => vec![title],
        Value::Partial(parts) => parts
            .into_iter()
            .filter_map(|part| match part {
                Part::Blank { title, .. } => Some(title),
                Part::Words(_) => None,
            })
            .collect(),
        Value::Text(_) | Value::Boolean(_) => Vec::new(),
    }
}
