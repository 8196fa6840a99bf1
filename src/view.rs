//! What pages and paper both say about the plan as a whole.
//!
//! In: a plan and its editions. Out: [`SiteView`] and [`EditionView`], plain structs whose fields are the theme's vocabulary, for the web
//! templates and for the printed edition alike; nothing in them can reach back into the plan. And [`Paper`], what pages know of paper.

mod changed;
mod comparison;

pub use changed::{ChangedClause, ChangedView};
pub use comparison::{CellView, ComparisonView, LineView, PieceView, RowView, Table};

use crate::{
    edition::{Amendment, Editions, Record, State, date_words},
    resolve::{Plan, words},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Where the printed edition stands in a site.
pub const PDF: &str = "plan.pdf";

/// The printed edition that goes with a site.
#[derive(Debug)]
pub struct Paper {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// The page, from 1, on which each chapter, annex and clause begins, by address.
    pub pages: BTreeMap<String, usize>,
}

/// The plan as a whole.
#[derive(Serialize)]
pub struct SiteView {
    /// The plan's title without the agency.
    pub title: String,
    /// The agency's name, or circles as long as nobody has given it.
    pub agency: Option<String>,
    /// The title behind the agency.
    pub full_title: String,
    /// BCP 47 tag.
    pub language: String,
    /// What stands before a clause's number in a citation.
    pub citation: String,
    /// `draft`, `approved` or `modified`.
    pub state: &'static str,
    /// The state in words.
    pub state_label: String,
    /// The document's number.
    pub document_number: Option<String>,
    /// The document's classification.
    pub classification: Option<String>,
    /// All classifications in use.
    pub classifications: Vec<String>,
    /// The latest approved edition.
    pub edition: Option<EditionView>,
    /// The numbers of the editions whose clauses may stand elsewhere now, newest first.
    pub older_editions: Vec<String>,
    /// What has changed since the latest approved edition; nothing while it is in force as it is.
    pub changed: Option<ChangedView>,
    /// Short digest of the sources.
    pub digest: String,
    /// Where the printed edition stands, below the output folder, if there is one.
    pub pdf: Option<&'static str>,
}

/// An approved edition.
#[derive(Serialize)]
pub struct EditionView {
    /// Its number.
    pub number: String,
    /// The day of approval in words.
    pub date: String,
    /// The day of approval as the record has it, `2026-11-22`.
    pub day: String,
    /// Who approved it.
    pub approver: String,
    /// Short digest of the sources.
    pub digest: String,
}

impl SiteView {
    /// Reads the plan.
    #[must_use]
    pub fn new(plan: &Plan, editions: &Editions) -> Self {
        let config = &plan.config;
        let agency = plan.agency().map(|name| words::value_words(plan, &name));
        let number = editions.latest().map_or("", |latest| latest.number.as_str());
        let (state, label, citation) = match editions.state {
            State::Draft => ("draft", plan.term("draft"), plan.term("citation_draft")),
            State::Approved => ("approved", plan.term("approved"), plan.term("citation_edition")),
            State::Modified => ("modified", plan.term("modified"), plan.term("citation_draft")),
        };
        let full_title = plan.full_title();
        Self {
            citation: citation.replace("{title}", &full_title).replace("{n}", number),
            full_title,
            title: config.title.clone(),
            agency,
            language: config.language.clone(),
            state,
            state_label: label.replace("{n}", number),
            document_number: config.document_number.clone(),
            classification: config.classification.clone(),
            classifications: config.classifications.clone(),
            edition: editions.latest().map(|record| EditionView::new(record, plan)),
            older_editions: editions.older().rev().map(|record| record.number.clone()).collect(),
            changed: None,
            digest: plan.digest.hex()[..12].to_owned(),
            pdf: None,
        }
    }

    /// The same, naming what has changed.
    #[must_use]
    pub fn amended(self, plan: &Plan, editions: &Editions, amendment: Option<&Amendment>) -> Self {
        let changed = editions.latest().zip(amendment).map(|(latest, amendment)| ChangedView::new(plan, latest, amendment));
        Self { changed, ..self }
    }
}

impl EditionView {
    /// Reads a record.
    #[must_use]
    pub fn new(record: &Record, plan: &Plan) -> Self {
        Self {
            number: record.number.clone(),
            date: date_words(&record.approved_on, &plan.config.language),
            day: record.approved_on.clone(),
            approver: record.approved_by.clone(),
            digest: record.short_digest().to_owned(),
        }
    }
}
