//! Circles in what a plan prints of its data: values that hold other words too, and the heads of tables.
//!
//! In: the data, and what each chapter prints of it. Out: a finding for each such text that readers see, with where they see it. A value of circles
//! and nothing else is a blank of its own, and a cell's circles are found with the words of its chapter.

use super::{OfChapter, blank_circle, printed::finding};
use crate::{
    diagnostic::{Diagnostic, Span},
    document::{Block, BlockKind, Inline},
    message,
    resolve::{
        Plan,
        data::{Table, Text, Value},
        visit::{Context, Seen},
    },
    source::Sources,
};
use rustc_hash::FxHashMap;

/// How many places of one text are named.
const PLACES: usize = 10;

/// What of the data holds circles. Few plans have any: of the others, nothing need be noted.
pub(super) struct Circled<'a> {
    values: Vec<Text<'a>>,
    tables: Vec<(&'a str, &'a Table)>,
}

impl<'a> Circled<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let is_circled = |words: &str| blank_circle::first(words).is_some();
        let mut values = plan.data.texts(&is_circled);
        values.retain(|text| !matches!(plan.data.shown(&text.path), Value::Blank { .. }));
        let tables = plan.data.tables().filter(|(_, table)| table.heads().any(|(words, _)| blank_circle::is_blank(words)));
        Self { values, tables: tables.collect() }
    }
}

/// What a chapter prints of the data, where some of it holds circles.
#[derive(Debug, Default)]
pub(super) struct Printed {
    /// Values by path, each with where it is printed.
    values: Vec<(Box<str>, Span)>,
    /// Tables by name.
    tables: Vec<(Box<str>, Span)>,
}

impl Printed {
    /// Notes what stands in a chapter.
    pub(super) fn see(&mut self, circled: &Circled<'_>, seen: Seen<'_>, context: Context<'_>, sources: &Sources) {
        match seen {
            _ if context.guidance => {}
            Seen::Inline(Inline::Value(value)) if !circled.values.is_empty() => {
                self.values.push((value.path.into(), context.place(value.span, sources)));
            }
            Seen::Block(Block { kind: BlockKind::DataTable(table), span }) if !circled.tables.is_empty() => {
                self.tables.push((table.name.into(), span));
            }
            _ => {}
        }
    }
}

/// Reports circles in values and in the heads of tables that are printed.
pub(super) fn printed(plan: &Plan, sources: &Sources, chapters: &[(usize, &OfChapter)], found: &mut Vec<Diagnostic>) {
    let circled = Circled::of(plan);
    if !circled.values.is_empty() {
        values(plan, &circled.values, sources, chapters, found);
    }
    for (name, table) in circled.tables {
        let printed = chapters.iter().flat_map(|(_, own)| &own.printed.tables).filter(|(printed, _)| **printed == *name);
        let places: Vec<Span> = printed.map(|(_, span)| *span).collect();
        for (words, place) in table.heads().filter(|(words, _)| !places.is_empty() && blank_circle::is_blank(words)) {
            found.extend(finding(words, sources, || Some(place(sources))).map(|finding| with_places(finding, &places)));
        }
    }
}

fn values(plan: &Plan, circled: &[Text<'_>], sources: &Sources, chapters: &[(usize, &OfChapter)], found: &mut Vec<Diagnostic>) {
    let mut printed: FxHashMap<&str, Vec<Span>> = FxHashMap::default();
    if plan.agency().is_some() {
        // The cover names the agency.
        printed.insert(Plan::AGENCY, Vec::new());
    }
    for (path, span) in chapters.iter().flat_map(|(_, own)| &own.printed.values) {
        printed.entry(path).or_default().push(*span);
    }
    // What a value refers to is printed where the value is.
    let mut places: FxHashMap<String, Vec<Span>> = FxHashMap::default();
    let mut paths: Vec<_> = printed.into_iter().collect();
    paths.sort_unstable_by_key(|(path, spans)| (spans.first().map(|span| (span.file, span.start)), *path));
    for (path, spans) in paths {
        for reached in plan.data.reach(path) {
            let all = places.entry(reached).or_default();
            all.extend(spans.iter().take(PLACES.saturating_sub(all.len())));
        }
    }
    for text in circled {
        let Some(places) = places.get(&text.path) else { continue };
        found.extend(finding(text.words, sources, || Some(text.place(sources))).map(|finding| with_places(finding, places)));
    }
}

fn with_places(finding: Diagnostic, places: &[Span]) -> Diagnostic {
    places
        .iter()
        .take(PLACES)
        .fold(finding, |finding, place| finding.related(*place, message!("印在這裡", "It is printed here")))
}
