//! What templates receive.
//!
//! In: a plan. Out: plain structs whose fields are the theme's vocabulary; only these reach templates, and nothing in them can
//! reach back into the plan.

use super::{
    named::{Named, fields},
    shared_frames::{Common, Pages},
};
use crate::{
    check::Status,
    theme::Options,
    view::{ComparisonView, EditionView, SiteView},
};
use minijinja::value::{Serde, Value};
use serde::Serialize;
use std::{borrow::Cow, sync::Arc};

/// What every page receives, and what one kind of page adds.
pub(super) struct PageView<'a, C> {
    /// What all pages have in common.
    pub common: &'a Arc<Common>,
    /// From the page to the top: nothing or `../`.
    pub root: &'static str,
    pub page: PageFacts<'a>,
    /// The title of the part whose outline stands beside the page, if there are several.
    pub part: Option<&'a str>,
    /// HTML.
    pub outline: Value,
    /// HTML.
    pub outline_annexes: Value,
    pub previous: Option<LinkView>,
    pub next: Option<LinkView>,
    /// Its fields stand beside the others.
    pub content: C,
}

impl<C: Serialize> PageView<'_, C> {
    /// The names and values that a template receives.
    pub(super) fn value(&self) -> Value {
        let link = |link: &Option<LinkView>| Value::from(Serde(link));
        let every = [
            ("page", Value::from(Serde(&self.page))),
            ("part", self.part.into()),
            ("outline", self.outline.clone()),
            ("outline_annexes", self.outline_annexes.clone()),
            ("previous", link(&self.previous)),
            ("next", link(&self.next)),
        ];
        let every = every.map(|(name, value)| (Cow::Borrowed(name), value));
        let common = self.common.of(Pages { kind: self.page.kind, root: self.root });
        Named::value(common.chain(every).chain(fields(&self.content)))
    }
}

/// What all pages have in common.
#[derive(Serialize)]
pub(super) struct CommonView<'a> {
    /// The theme's words.
    pub t: Value,
    /// `published` or `draft`.
    pub view: &'static str,
    pub site: &'a SiteView,
    /// What the theme offers.
    pub options: Options,
    pub pages: ListPages,
}

/// Which of the pages that list the plan's own have anything to list. All of them exist, for bookmarks; menus name these.
#[derive(Serialize)]
pub(super) struct ListPages {
    pub ledger: bool,
    pub laws: bool,
    pub coverage: bool,
}

/// Which page it is.
#[derive(Serialize)]
pub(super) struct PageFacts<'a> {
    pub kind: &'static str,
    pub id: &'a str,
    pub title: &'a str,
    /// The page's own path below the output folder.
    pub href: String,
}

/// A link to a clause, chapter or annex.
#[derive(Clone, Serialize)]
pub(super) struct LinkView {
    pub href: String,
    pub number: String,
    pub title: String,
}

/// A link to an annex that a chapter cites.
#[derive(Serialize)]
pub(super) struct RelatedView {
    pub href: String,
    /// The title of the part that it belongs to, where that is another one.
    pub part: Option<String>,
    pub number: String,
    pub title: String,
}

/// An entry of a page's own contents.
#[derive(Serialize)]
pub(super) struct TocView {
    pub level: u8,
    pub number: String,
    pub title: String,
    pub href: String,
}

/// A chapter's page.
#[derive(Serialize)]
pub(super) struct ChapterPage {
    pub chapter: ChapterView,
    pub toc: Vec<TocView>,
    /// HTML.
    pub body: Value,
}

/// An annex's page.
#[derive(Serialize)]
pub(super) struct AnnexPage {
    pub annex: AnnexView,
    /// Whether a table lies across, on sheets of its own, where the form does not.
    pub turned: bool,
    pub toc: Vec<TocView>,
    /// HTML.
    pub body: Value,
}

/// A chapter.
#[derive(Serialize)]
pub(super) struct ChapterView {
    pub id: String,
    /// The title of its part, in a plan of several.
    pub part: Option<String>,
    pub number: String,
    /// What the chapter is called by its number: 第壹章.
    pub ordinal: String,
    pub label: String,
    pub title: String,
    /// What lists call it.
    pub listed_title: String,
    pub unit: Option<String>,
    pub laws: Vec<LinkView>,
    pub annexes: Vec<RelatedView>,
    pub requirements: Vec<String>,
    pub condition: Option<String>,
    pub citing: Vec<LinkView>,
    pub source: Option<String>,
    /// Where it begins on paper.
    pub paper_page: Option<usize>,
    /// HTML; only on the one-page plan, where a page holds several bodies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// An annex.
#[derive(Serialize)]
pub(super) struct AnnexView {
    pub id: String,
    /// The title of its part, in a plan of several.
    pub part: Option<String>,
    pub number: String,
    pub label: String,
    pub title: String,
    /// What lists call it.
    pub listed_title: String,
    /// Whether it was deleted, and nobody is to fill it in.
    pub struck: bool,
    pub form_number: Option<String>,
    pub orientation: &'static str,
    pub href: String,
    pub condition: Option<String>,
    pub citing: Vec<LinkView>,
    pub source: Option<String>,
    /// Where it begins on paper.
    pub paper_page: Option<usize>,
    /// HTML; only on the one-page plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// A part's contents.
#[derive(Serialize)]
pub(super) struct PartView {
    pub title: Option<String>,
    pub print_href: String,
    pub chapters: Vec<EntryView>,
    pub annexes: Vec<EntryView>,
}

/// A chapter or annex in a list.
#[derive(Clone, Serialize)]
pub(super) struct EntryView {
    pub kind: &'static str,
    pub number: String,
    pub label: String,
    pub title: String,
    pub href: String,
    pub sections: Vec<LinkView>,
}

/// The cover.
#[derive(Serialize)]
pub(super) struct CoverPage {
    /// Every [`PartView`].
    pub parts: Value,
    pub open_points: Option<OpenPoints>,
    pub history: Vec<EditionView>,
}

/// How much is still open; drafts only.
#[derive(Default, Serialize)]
pub(super) struct OpenPoints {
    pub blanks: usize,
    pub alternatives: usize,
    pub comments: usize,
    pub guidance: usize,
}

/// The whole part on one page.
#[derive(Serialize)]
pub(super) struct PrintPage {
    pub parts: Vec<PartView>,
    pub chapters: Vec<ChapterView>,
    pub annexes: Vec<AnnexView>,
    pub history: Vec<EditionView>,
}

/// The ledger of annexes.
#[derive(Serialize)]
pub(super) struct LedgerPage {
    pub entries: Vec<AnnexView>,
}

/// The list of all pages.
#[derive(Serialize)]
pub(super) struct SiteMapPage {
    /// Every [`PartView`].
    pub parts: Value,
}

/// The laws.
#[derive(Serialize)]
pub(super) struct LawsPage {
    pub entries: Vec<LawView>,
}

/// One law.
#[derive(Serialize)]
pub(super) struct LawView {
    pub id: String,
    pub title: String,
    pub listed: bool,
    pub aliases: Vec<String>,
    pub publisher: Option<String>,
    pub version: Option<String>,
    pub date: Option<String>,
    pub url: Option<String>,
    pub citing: Vec<LinkView>,
    pub articles: Vec<ArticleView>,
}

/// One cited article.
#[derive(Serialize)]
pub(super) struct ArticleView {
    pub id: String,
    pub label: String,
    pub citing: Vec<LinkView>,
}

/// What the plan must contain by law.
#[derive(Serialize)]
pub(super) struct CoveragePage<'p> {
    pub law_title: String,
    pub entries: Vec<CoverageView<'p>>,
}

/// One thing that it must contain.
#[derive(Serialize)]
pub(super) struct CoverageView<'p> {
    pub number: String,
    pub title: String,
    pub chapters: Vec<LinkView>,
    /// Why it needs none.
    pub waived: Option<&'p str>,
}

/// What is still open.
#[derive(Serialize)]
pub(super) struct StatusPage {
    /// The heads of the columns of counts.
    pub columns: Vec<&'static str>,
    pub status: Status,
}

/// One entry of the outline.
#[derive(Serialize)]
pub(super) struct OutlineEntry<'a> {
    pub t: Value,
    pub root: &'static str,
    pub entry: &'a EntryView,
    pub open: bool,
}

/// The history of the plan.
#[derive(Serialize)]
pub(super) struct HistoryPage {
    /// Every approved edition, newest first.
    pub entries: Vec<HistoryEntry>,
    /// What has changed since; `None` when nothing has.
    pub changes: Option<ChangesView>,
}

/// An approved edition and what it changed.
#[derive(Serialize)]
pub(super) struct HistoryEntry {
    pub edition: EditionView,
    pub changes: Option<ChangesView>,
}

/// How much changed, and where that is told.
#[derive(Serialize)]
pub(super) struct ChangesView {
    /// The table, beside this page.
    pub href: String,
    pub amended: usize,
    pub added: usize,
    pub deleted: usize,
    pub moved: usize,
    pub renumbered: usize,
    /// How many only name others by their new numbers.
    pub followed: usize,
    /// Whether the plan itself is called something else.
    pub is_renamed: bool,
}

/// An amendment table.
#[derive(Serialize)]
pub(super) struct ComparisonPage {
    pub comparison: ComparisonView,
}

/// An amendment table as a document of its own.
#[derive(Serialize)]
pub(super) struct AmendmentDocument {
    pub t: Value,
    pub language: String,
    /// CSS.
    pub style: Value,
    pub comparison: ComparisonView,
}

/// A chapter or an annex that the plan has no more.
#[derive(Serialize)]
pub(super) struct GonePage {
    /// The latest edition that had it.
    pub edition: String,
    /// What it has become.
    pub now: Option<LinkView>,
    /// The edition that deleted it, unless that is the draft.
    pub since: Option<String>,
    /// The amendment table in which it was deleted.
    pub table: Option<String>,
    /// Whether only the draft has it no more.
    pub is_draft: bool,
    /// Its clauses that stand elsewhere now.
    pub clauses: Vec<GoneClause>,
}

/// A clause of it.
#[derive(Serialize)]
pub(super) struct GoneClause {
    /// Its number as it was.
    pub number: String,
    /// Where it stands now.
    pub now: LinkView,
}
