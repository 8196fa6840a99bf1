//! The pages of editions: the history, an amendment table for each edition after the first and one for what has changed since.
//!
//! In: the records, and the plan with what changed since. Out: everything below `editions/`; nothing when nothing was ever approved.

use super::{
    FIRST_PART, RenderError, Renderer,
    addresses::whereabouts,
    context::{AmendmentDocument, ChangesView, ComparisonPage, HistoryEntry, HistoryPage, PageFacts},
};
use crate::{
    document::Kind,
    edition::{Change, Compared, Comparison, Placed, Reasons, RecordedClause, Row, are_variants, compare},
    site::Sink,
    view::{ComparisonView, EditionView, Table},
};
use minijinja::value::Value;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The table of what has changed since the latest edition.
const DRAFT: &str = "draft";

/// From one edition to the next, or to the draft.
pub(super) struct Step<'a> {
    pub old_number: &'a str,
    old_title: &'a str,
    /// `None` for the draft.
    pub new_number: Option<&'a str>,
    new_title: Cow<'a, str>,
    pub old: &'a [RecordedClause],
    pub new: &'a [RecordedClause],
    pub comparison: Cow<'a, Comparison>,
}

impl Step<'_> {
    /// Where its table stands, below `editions/`.
    pub(super) fn href(&self) -> String {
        format!("{}.html", self.name())
    }

    /// The new edition's number, or the draft's name.
    pub(super) fn name(&self) -> &str {
        self.new_number.unwrap_or(DRAFT)
    }
}

impl Renderer<'_> {
    pub(super) fn editions(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        if self.editions.records.is_empty() {
            return Ok(());
        }
        self.outlines.prepare(self, "../", [FIRST_PART])?;
        let steps = self.steps();
        self.history_page(&steps, sink)?;
        steps.par_iter().try_for_each(|step| self.table_page(step, sink))?;
        let whereabouts = whereabouts(&steps);
        self.gone(&steps, &whereabouts, sink)?;
        self.addresses(&steps, &whereabouts, sink)
    }

    fn steps(&self) -> Vec<Step<'_>> {
        let records = &self.editions.records;
        let mut steps: Vec<Step<'_>> = records
            .par_windows(2)
            .map(|pair| Step {
                old_number: &pair[0].number,
                old_title: &pair[0].title,
                new_number: Some(&pair[1].number),
                new_title: Cow::Borrowed(&pair[1].title),
                old: &pair[0].clauses,
                new: &pair[1].clauses,
                comparison: Cow::Owned(compare(&pair[0].clauses, &pair[1].clauses)),
            })
            .collect();
        if let (Some(latest), Some(amendment)) = (records.last(), self.amendment) {
            steps.push(Step {
                old_number: &latest.number,
                old_title: &latest.title,
                new_number: None,
                new_title: Cow::Owned(self.plan.full_title()),
                old: &latest.clauses,
                new: &amendment.clauses,
                comparison: Cow::Borrowed(&amendment.comparison),
            });
        }
        steps
    }

    fn history_page(&self, steps: &[Step<'_>], sink: &dyn Sink) -> Result<(), RenderError> {
        let of = |number: Option<&str>| steps.iter().find(|step| step.new_number == number).map(changes);
        let records = self.editions.records.iter().rev();
        let entries =
            records.map(|record| HistoryEntry { edition: EditionView::new(record, self.plan), changes: of(Some(&record.number)) });
        let content = HistoryPage { entries: entries.collect(), changes: of(None) };
        let page = PageFacts { kind: "history", id: "", title: self.plan.term("history"), href: String::from("editions/index.html") };
        self.page("history.html", &self.page_view(page, None, content)?, sink)
    }

    fn table_page(&self, step: &Step<'_>, sink: &dyn Sink) -> Result<(), RenderError> {
        let reasons = Reasons::for_edition(self.sources, self.editions, step.new_number);
        let compared = Compared {
            old: step.old,
            new: step.new,
            comparison: &step.comparison,
            old_number: step.old_number,
            new_number: step.new_number,
        };
        let pages = self.pages_of(step.new);
        let edition = step.new_number.map(|number| format!("?edition={number}")).unwrap_or_default();
        let reason = |row: &Row| row.needs_reason().then(|| reasons.found(row, compared)).flatten();
        let table = Table { plan: self.plan, title: &step.new_title, old_title: step.old_title, compared, reason: &reason, all: false };
        let comparison = table.view(|clause| Some(format!("../{}{edition}#{}", pages.get(clause.id.as_str())?, clause.id)));
        let heading = comparison.title.clone();
        // What was approved stays as it is, whatever the plan is by now; only the table of the draft is one.
        let kind = if step.new_number.is_some() { "comparison" } else { "comparison-draft" };
        let page = PageFacts { kind, id: "", title: &heading, href: format!("editions/{}", step.href()) };
        self.page("comparison.html", &self.page_view(page, None, ComparisonPage { comparison })?, sink)
    }

    /// The page on which each clause stands whose chapter still exists, by id.
    pub(super) fn pages_of<'c>(&self, clauses: &'c [RecordedClause]) -> FxHashMap<&'c str, String> {
        let kinds: FxHashMap<&str, Kind> = self
            .present
            .iter()
            .map(|index| &self.plan.chapters[*index])
            .map(|chapter| (&*chapter.id, chapter.kind))
            .collect();
        let mut page = None;
        let mut pages = FxHashMap::default();
        for clause in clauses {
            if clause.depth == 0 {
                page = kinds.get(clause.id.as_str()).map(|kind| kind.page(&clause.id));
            }
            pages.extend(page.clone().map(|page| (clause.id.as_str(), page)));
        }
        pages
    }

    /// An amendment table as one HTML document that needs nothing else.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn amendment_document(&self, comparison: ComparisonView) -> Result<String, RenderError> {
        let style = ["styles/text.css", "styles/comparison.css"]
            .iter()
            .filter_map(|name| Some(self.theme.assets.get(*name)?.text.as_str()));
        let content = AmendmentDocument {
            t: self.words.clone(),
            language: self.plan.config.language.clone(),
            style: Value::from_safe_string(style.collect()),
            comparison,
        };
        self.template("amendment.html", &content)
    }
}

fn changes(step: &Step<'_>) -> ChangesView {
    let rows = &step.comparison.rows;
    let count = |wanted: fn(&Row) -> bool| rows.iter().filter(|row| wanted(row)).count();
    ChangesView {
        href: step.href(),
        amended: count(|row| row.change == Change::Amended),
        added: count(|row| row.change == Change::Added),
        deleted: count(|row| matches!(row.change, Change::Deleted | Change::Struck)),
        moved: count(|row| row.placed == Placed::Moved),
        renumbered: count(|row| row.placed == Placed::Renumbered),
        followed: count(|row| row.change == Change::Followed),
        is_renamed: !are_variants(step.old_title, &step.new_title),
    }
}
