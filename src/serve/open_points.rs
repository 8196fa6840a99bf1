//! What is still open, for the bar of the draft view.
//!
//! In: a compiled plan. Out: JSON that the client shows: how much there is to do before an approval and how much to look at besides, as the
//! command line counts it, and of the first of them kind, words, number, the address of the clause and the place in the sources.

use crate::{
    check::{Given, OpenPoint, open_points},
    compile::Compiled,
    diagnostic::{Diagnostic, FileId, Language, Rule, Severity, Span},
    resolve::Plan,
    source::Sources,
};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// More than this nobody reads in a bar.
const SHOWN: usize = 500;

#[derive(Serialize)]
struct Open {
    /// How much holds back an approval.
    total: usize,
    /// How much does not.
    reminders: usize,
    points: Vec<Point>,
}

/// What is to be done about a point, in the order of the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Blank,
    Alternative,
    Warning,
    Reminder,
}

#[derive(Serialize)]
struct Point {
    kind: Kind,
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
    let to_decide = open_points(plan);
    let mut by_place: FxHashMap<(FileId, u32), Vec<&OpenPoint>> = FxHashMap::default();
    for point in &to_decide {
        let span = found_at(plan, sources, point);
        by_place.entry((span.file, span.start)).or_default().push(point);
    }
    // What is to be filled in or decided is known better than its finding says.
    let point_of = |finding: &Diagnostic| {
        let span = finding.span.filter(|_| matches!(finding.rule, Rule::Blank | Rule::UndecidedAlternative))?;
        let here = by_place.get(&(span.file, span.start))?;
        here.iter().copied().find(|point| point.message() == finding.message)
    };
    let chapters: FxHashMap<FileId, usize> = plan.present().map(|index| (plan.chapters[index].file, index)).collect();
    let in_print: FxHashMap<usize, usize> = plan.present().enumerate().map(|(at, index)| (index, at)).collect();
    let warnings = compiled.diagnostics.iter().filter(|finding| finding.severity == Severity::Warning);
    let mut listed: Vec<_> = warnings
        .map(|finding| {
            let (point, printed) = (point_of(finding), printed_in(&chapters, finding));
            let chapter = point.map(|point| point.chapter).or(printed.map(|(chapter, _)| chapter));
            // What belongs to no chapter comes last.
            let order = chapter.and_then(|chapter| in_print.get(&chapter)).copied().unwrap_or(usize::MAX);
            (kind(finding.rule), order, finding, point, printed)
        })
        .collect();
    listed.sort_by_key(|(kind, order, ..)| (*kind, *order));
    let reminders = listed.iter().filter(|(kind, ..)| *kind == Kind::Reminder).count();
    let points = listed.iter().take(SHOWN).map(|(kind, _, finding, point, printed)| match point {
        Some(point) => of_point(plan, sources, *kind, point),
        None => of_finding(plan, sources, *kind, finding, *printed, language),
    });
    let open = Open { total: listed.len() - reminders, reminders, points: points.collect() };
    // Strings, numbers and lists cannot fail to become JSON.
    serde_json::to_string(&open).unwrap_or_else(|_| String::from("null"))
}

fn kind(rule: Rule) -> Kind {
    match rule {
        Rule::Blank => Kind::Blank,
        Rule::UndecidedAlternative => Kind::Alternative,
        rule if rule.holds_back_approval() => Kind::Warning,
        _ => Kind::Reminder,
    }
}

fn of_point(plan: &Plan, sources: &Sources, kind: Kind, point: &OpenPoint) -> Point {
    let (number, href) = clause(plan, point.chapter, point.clause);
    Point {
        kind,
        words: point.words.clone(),
        number,
        href: Some(href),
        place: place(sources, decided_in(plan, sources, point)),
    }
}

/// Where the finding about a point stands: a cell's is in the data, a value's where it shows.
fn found_at(plan: &Plan, sources: &Sources, point: &OpenPoint) -> Span {
    match point.given {
        Some(Given::Cell(..)) => decided_in(plan, sources, point),
        _ => point.place(plan, sources),
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

/// The chapter where what a finding is about is printed, and where in it.
fn printed_in(chapters: &FxHashMap<FileId, usize>, finding: &Diagnostic) -> Option<(usize, Span)> {
    let mut spans = finding.span.into_iter().chain(finding.related.iter().map(|other| other.span));
    spans.find_map(|span| Some((*chapters.get(&span.file)?, span)))
}

fn of_finding(
    plan: &Plan,
    sources: &Sources,
    kind: Kind,
    finding: &Diagnostic,
    printed: Option<(usize, Span)>,
    language: Language,
) -> Point {
    let (number, href) = printed.map_or_else(Default::default, |(chapter, span)| {
        let (number, href) = clause(plan, chapter, plan.facts[chapter].clauses.holding(span));
        (number, Some(href))
    });
    let place = finding.span.map_or_else(String::new, |span| place(sources, span));
    Point { kind, words: finding.message.text(language).to_owned(), number, href, place }
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
