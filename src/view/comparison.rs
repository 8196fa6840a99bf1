//! The amendment table as pages, paper and spreadsheets show it.
//!
//! In: two editions, what changed between them, and the reasons. Out: [`ComparisonView`], rows of two cells and an explanation, in the order
//! of the new edition. Words come from the theme's locale; where a clause stands as a page is told by whoever asks.

use crate::{
    edition::{Change, Compared, Piece, Placed, Reasons, RecordedClause, Row, difference},
    resolve::Plan,
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::Serialize;

/// Longer clauses, in lines, are abridged.
const LONG: usize = 16;

/// A table of what changed.
#[derive(Serialize)]
pub struct ComparisonView {
    /// What stands above it.
    pub title: String,
    /// The head of the first column's edition.
    pub new_edition: String,
    /// The head of the second column's edition.
    pub old_edition: String,
    /// The rows.
    pub rows: Vec<RowView>,
}

/// One clause on both sides.
#[derive(Serialize)]
pub struct RowView {
    /// `amended`, `followed`, `added`, `deleted`, `struck`, `moved`, `renumbered`, `unchanged` or `context`.
    pub change: &'static str,
    /// How deep the clause stands.
    pub depth: u8,
    /// The clause as it is to be.
    pub new: Option<CellView>,
    /// The clause as it was.
    pub old: Option<CellView>,
    /// What happened to it, in words.
    pub notes: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether the reason is that of the row above.
    pub same_reason: bool,
    /// Whether a reason is missing.
    pub unexplained: bool,
}

/// One side of a row.
#[derive(Serialize)]
pub struct CellView {
    /// The clause's number: 「玖二(二)1」.
    pub number: String,
    /// Where the clause stands, from the page on which the table stands.
    pub href: Option<String>,
    /// Its lines; a heading's title is the first.
    pub lines: Vec<LineView>,
}

/// One line of a clause.
#[derive(Default, Serialize)]
pub struct LineView {
    /// Whether it is a heading's title.
    pub heading: bool,
    /// Its words.
    pub pieces: Vec<PieceView>,
}

/// Words that changed or did not.
#[derive(Serialize)]
pub struct PieceView {
    /// Whether the other side says something else.
    pub changed: bool,
    /// The words.
    pub text: String,
}

/// What a table is made from.
pub struct Table<'a> {
    /// The plan whose words and language the table has.
    pub plan: &'a Plan,
    /// The title of the plan that changed, with the agency's name.
    pub title: &'a str,
    /// The number of the old edition.
    pub old_number: &'a str,
    /// The number of the new edition; `None` while it is a draft.
    pub new_number: Option<&'a str>,
    /// What changed.
    pub compared: Compared<'a>,
    /// Why.
    pub reasons: &'a Reasons,
    /// Whether unchanged clauses are shown.
    pub all: bool,
}

impl Table<'_> {
    /// The table; `href` says where a clause of the new edition stands.
    pub fn view(&self, href: impl Fn(&RecordedClause) -> Option<String> + Sync) -> ComparisonView {
        let Self { plan, title, old_number, new_number, .. } = self;
        let titled = plan.term(if new_number.is_some() { "comparison_title" } else { "comparison_draft_title" });
        let edition = |number: &str| plan.term("edition_name").replace("{n}", number);
        let shown = self.shown();
        let mut rows: Vec<RowView> = shown.par_iter().map(|(row, context)| self.row(row, *context, &href)).collect();
        self.explain(&shown, &mut rows);
        ComparisonView {
            title: titled.replace("{title}", title),
            new_edition: new_number.map_or_else(|| plan.term("draft").to_owned(), edition),
            old_edition: edition(old_number),
            rows,
        }
    }

    /// The rows that the table has, each with whether it only says in which chapter the next ones stand.
    fn shown(&self) -> Vec<(&Row, bool)> {
        let Compared { comparison, .. } = self.compared;
        let mut shown: Vec<(&Row, bool)> = Vec::new();
        // The chapter of the rows that come, as long as it has not been shown itself.
        let mut chapter: Option<&Row> = None;
        for row in &comparison.rows {
            let is_chapter = row.new.map_or_else(
                || row.old.is_none_or(|old| comparison.old_parents[old].is_none()),
                |new| comparison.new_parents[new].is_none(),
            );
            if self.all || row.is_changed() {
                let above = chapter.take().filter(|_| !is_chapter);
                shown.extend(above.map(|row| (row, true)));
                shown.push((row, false));
            } else if is_chapter {
                chapter = Some(row);
            }
        }
        shown
    }

    fn row(&self, row: &Row, context: bool, href: &impl Fn(&RecordedClause) -> Option<String>) -> RowView {
        let Compared { old, new, .. } = self.compared;
        let (before, after) = (row.old.map(|index| &old[index]), row.new.map(|index| &new[index]));
        // A chapter that only says where the next rows stand is its title.
        let said = |clause: &RecordedClause| if context { clause.title.clone() } else { clause.words() };
        let words = |clause: Option<&RecordedClause>| clause.map(said).unwrap_or_default();
        let pieces = match (before, after) {
            (Some(_), Some(_)) => difference(&words(before), &words(after)),
            // All of it is new, or gone: nothing in it stands out.
            (one, other) => vec![Piece::Same { old: words(one), new: words(other) }],
        };
        let cell = |clause: &RecordedClause, side: fn(&Piece) -> Option<(bool, &str)>, href: Option<String>| CellView {
            number: clause.short.clone(),
            href,
            lines: abridged(lines(clause, &pieces, side), self.plan.term("comparison_omitted")),
        };
        let gone = || CellView { number: String::new(), href: None, lines: vec![LineView::plain(self.plan.term("comparison_deleted"))] };
        RowView {
            change: if context { "context" } else { name(row) },
            depth: after.or(before).map_or(0, |clause| clause.depth),
            new: after.map(|clause| cell(clause, of_new, href(clause))).or_else(|| (row.change == Change::Deleted).then(gone)),
            old: before.map(|clause| cell(clause, of_old, None)),
            notes: self.notes(row, before, after),
            reason: None,
            same_reason: false,
            unexplained: false,
        }
    }

    /// What happened to a clause, in words.
    fn notes(&self, row: &Row, before: Option<&RecordedClause>, after: Option<&RecordedClause>) -> Vec<String> {
        let term = |key: &str| self.plan.term(key).to_owned();
        let is_title = after.or(before).is_some_and(|clause| clause.depth == 0);
        let place = match (row.placed, before) {
            (Placed::Moved, Some(before)) => Some(self.plan.term("comparison_moved").replace("{n}", &before.short)),
            (Placed::Renumbered, _) => Some(term(if is_title { "comparison_title_renumbered" } else { "comparison_renumbered" })),
            _ => None,
        };
        let words = match row.change {
            Change::Added => Some(term("comparison_added")),
            Change::Deleted => Some(term("comparison_gone")),
            Change::Struck => Some(term("comparison_struck")),
            Change::Unchanged if place.is_none() => {
                Some(term(if is_title { "comparison_title_unchanged" } else { "comparison_unchanged" }))
            }
            Change::Followed => Some(term("comparison_followed")),
            Change::Unchanged | Change::Amended => None,
        };
        place.into_iter().chain(words).collect()
    }

    /// Gives the rows their reasons. Those of a whole clause stand at its head, and a reason is not repeated line by line.
    fn explain(&self, shown: &[(&Row, bool)], rows: &mut [RowView]) {
        let without: FxHashSet<(Option<usize>, Option<usize>)> =
            crate::edition::without_reason(self.reasons, self.compared).map(|row| (row.old, row.new)).collect();
        let mut above: Option<&str> = None;
        for ((row, context), view) in shown.iter().zip(rows) {
            let found = (!context && row.needs_reason()).then(|| self.reasons.find(row, self.compared)).flatten();
            view.same_reason = found.is_some_and(|(id, _)| above == Some(id));
            view.reason = found.map(|(_, reason)| reason.to_owned());
            view.unexplained = !context && without.contains(&(row.old, row.new));
            above = found.map(|(id, _)| id);
        }
    }
}

fn name(row: &Row) -> &'static str {
    match (row.change, row.placed) {
        (Change::Added, _) => "added",
        (Change::Deleted, _) => "deleted",
        (Change::Struck, _) => "struck",
        (_, Placed::Moved) => "moved",
        (Change::Amended, _) => "amended",
        (Change::Followed, _) => "followed",
        (Change::Unchanged, Placed::Renumbered) => "renumbered",
        (Change::Unchanged, Placed::Same) => "unchanged",
    }
}

fn of_new(piece: &Piece) -> Option<(bool, &str)> {
    match piece {
        Piece::Same { new, .. } => Some((false, new)),
        Piece::New(text) => Some((true, text)),
        Piece::Old(_) => None,
    }
}

fn of_old(piece: &Piece) -> Option<(bool, &str)> {
    match piece {
        Piece::Same { old, .. } => Some((false, old)),
        Piece::Old(text) => Some((true, text)),
        Piece::New(_) => None,
    }
}

/// One side of some pieces, line by line.
fn lines(clause: &RecordedClause, pieces: &[Piece], side: fn(&Piece) -> Option<(bool, &str)>) -> Vec<LineView> {
    let mut lines = vec![LineView { heading: !clause.title.is_empty(), pieces: Vec::new() }];
    for (changed, text) in pieces.iter().filter_map(side) {
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                lines.push(LineView::default());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                line.pieces.push(PieceView { changed, text: part.to_owned() });
            }
        }
    }
    lines.retain(|line| !line.pieces.is_empty());
    lines
}

/// In a long clause of which little changed, such as a form with many rows, the lines that did not change are left out. The first, a title
/// or the head of a table, stays.
fn abridged(lines: Vec<LineView>, omitted: &str) -> Vec<LineView> {
    let is_changed = |line: &LineView| line.pieces.iter().any(|piece| piece.changed);
    if lines.len() <= LONG || !lines.iter().any(is_changed) {
        return lines;
    }
    let near: Vec<bool> = (0..lines.len()).map(|at| at < 2 || lines[at.saturating_sub(1)..].iter().take(3).any(is_changed)).collect();
    let mut kept: Vec<LineView> = Vec::new();
    let mut leaves_out = false;
    for (line, near) in lines.into_iter().zip(near) {
        if near {
            kept.push(line);
        } else if !leaves_out {
            kept.push(LineView::plain(omitted));
        }
        leaves_out = !near;
    }
    kept
}

impl LineView {
    fn plain(text: &str) -> Self {
        Self { heading: false, pieces: vec![PieceView { changed: false, text: text.to_owned() }] }
    }

    /// Its words.
    #[must_use]
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}
