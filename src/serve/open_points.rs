//! What is still open, for the bar of the draft view.
//!
//! In: a compiled plan. Out: JSON that the client shows: how many points there are, and of the first of them kind, words, number, the
//! address of the clause and the place in the sources.

use crate::{
    check::{Given, OpenKind, OpenPoint, open_points},
    compile::Compiled,
    diagnostic::{Diagnostic, FileId, Language, Rule, Severity, Span},
    resolve::Plan,
    source::Sources,
};
use rustc_hash::FxHashSet;
use serde::Serialize;

/// More than this nobody reads in a bar.
const SHOWN: usize = 500;

#[derive(Serialize)]
struct Open {
    total: usize,
    points: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    kind: &'static str,
    words: String,
    /// The clause's number as it is cited; empty for a place outside the chapters.
    number: String,
    /// From the top of the site.
    href: Option<String>,
    /// `file:line`.
    place: String,
}

/// The open points of a draft as JSON.
pub(super) fn json(compiled: &Compiled, language: Language) -> String {
    let (plan, sources) = (&compiled.plan, &compiled.sources);
    let to_decide: Vec<OpenPoint> = open_points(plan)
        .into_iter()
        .filter(|point| matches!(point.kind, OpenKind::Blank | OpenKind::Alternative))
        .collect();
    let start = |span: Span| (span.file, span.start);
    let places = |point: &OpenPoint| [point.place(plan, sources), decided_in(plan, sources, point)].map(start);
    let decided_at: FxHashSet<(FileId, u32)> = to_decide.iter().flat_map(places).collect();
    // What is to be filled in or decided is a finding, too, and counts once.
    let is_counted = |finding: &Diagnostic| {
        matches!(finding.rule, Rule::Blank | Rule::UndecidedAlternative)
            && finding.span.is_some_and(|span| decided_at.contains(&start(span)))
    };
    let warnings = compiled.diagnostics.iter().map(AsRef::as_ref).filter(|finding| finding.severity == Severity::Warning);
    let warnings: Vec<&Diagnostic> = warnings.filter(|finding| !is_counted(finding)).collect();
    let total = to_decide.len() + warnings.len();
    let points = to_decide.iter().map(|point| of_point(plan, sources, point));
    let points = points.chain(warnings.iter().map(|finding| of_finding(plan, sources, finding, language)));
    let open = Open { total, points: points.take(SHOWN).collect() };
    // Strings, numbers and lists cannot fail to become JSON.
    serde_json::to_string(&open).unwrap_or_else(|_| String::from("null"))
}

fn of_point(plan: &Plan, sources: &Sources, point: &OpenPoint) -> Point {
    let kind = if point.kind == OpenKind::Blank { "blank" } else { "alternative" };
    let (number, href) = clause(plan, point.chapter, point.clause);
    Point {
        kind,
        words: point.words.clone(),
        number,
        href: Some(href),
        place: place(sources, decided_in(plan, sources, point)),
    }
}

/// A blank is filled in where its value stands, not where it shows.
fn decided_in(plan: &Plan, sources: &Sources, point: &OpenPoint) -> Span {
    let filled_in = point.given.as_ref().and_then(|given| match given {
        Given::Value(path) => plan.data.place(sources, path),
        Given::Cell(table, row, column) => Some(plan.data.table(table)?.cell_place(sources, *row, *column)),
    });
    filled_in.unwrap_or(point.span)
}

fn of_finding(plan: &Plan, sources: &Sources, finding: &Diagnostic, language: Language) -> Point {
    let words = finding.message.text(language).to_owned();
    let Some(span) = finding.span else {
        return Point { kind: "warning", words, number: String::new(), href: None, place: String::new() };
    };
    let chapter = plan.present().find(|index| plan.chapters[*index].file == span.file);
    let (number, href) = chapter.map_or_else(Default::default, |chapter| {
        let (number, href) = clause(plan, chapter, plan.facts[chapter].clauses.holding(span));
        (number, Some(href))
    });
    Point { kind: "warning", words, number, href, place: place(sources, span) }
}

/// A clause's number and its address from the top.
fn clause(plan: &Plan, chapter: usize, clause: Option<u32>) -> (String, String) {
    let (file, facts) = (&plan.chapters[chapter], &plan.facts[chapter]);
    let number = match clause.and_then(|index| facts.clauses.get(index)) {
        Some(clause) => clause.number().citation(file.kind, plan.style()),
        None => facts.number.citation(file.kind, plan.style()),
    };
    (number, facts.address(file, clause))
}

fn place(sources: &Sources, span: Span) -> String {
    let source = sources.file(span.file);
    format!("{}:{}", source.path, source.line(span.start as usize))
}
