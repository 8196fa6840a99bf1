//! The pages of chapters and annexes.
//!
//! In: one chapter. Out: its page: title, facts, contents, body, and the way to the pages before and after it; and its body as the
//! one-page plan has it, if that is wanted.

use super::{
    FIRST_PART, RenderError, Renderer, View,
    body::Body,
    context::{AnnexPage, AnnexView, ChapterPage, ChapterView, LinkView, PageFacts, PageView, RelatedView, TocView},
    link::Linker,
    table::TURNED,
};
use crate::{
    document::{Kind, Orientation},
    numeral,
    resolve::{
        Decision, Place,
        words::{number_and_title, part_beyond},
    },
    site::Sink,
    theme::Html,
};
use minijinja::value::Value;

impl Renderer<'_> {
    /// Renders the page of the chapter at a position among those that belong to the plan, and returns its body for the one-page plan
    /// of that linker.
    pub(super) fn chapter(&self, at: usize, print: Option<Linker<'_>>, sink: &dyn Sink) -> Result<Option<Value>, RenderError> {
        let chapters = &self.present;
        let index = chapters[at];
        let chapter = &*self.plan.chapters[index];
        let linker = self.linker(Some(index));
        let same_part = |at: Option<usize>| {
            at.and_then(|at| chapters.get(at).copied())
                .filter(|other| self.plan.facts[*other].part == self.plan.facts[index].part)
        };
        let neighbour = |other: usize| self.link(Place { chapter: position(other), clause: None }, linker);
        let (body, printed) = Body::new(self, index, print).html();
        let turned = chapter.kind == Kind::Annex && body.contains(TURNED);
        let (size, body, printed) = (body.len(), Html::value(body), printed.map(Html::value));
        let toc = self.toc(index);
        // Windows and bookmarks are lists, too.
        let title = self.plan.listed_title(index);
        let page = PageFacts { kind: chapter.kind.name(), id: &chapter.id, title: &title, href: chapter.kind.page(&chapter.id) };
        let previous = same_part(at.checked_sub(1)).map(neighbour);
        let next = same_part(Some(at + 1)).map(neighbour);
        match chapter.kind {
            Kind::Chapter => {
                let content = ChapterPage { chapter: self.chapter_view(index, linker), toc, body };
                self.page_around(size, "chapter.html", &PageView { previous, next, ..self.page_view(page, Some(index), content)? }, sink)?;
            }
            Kind::Annex => {
                let content = AnnexPage { annex: self.annex_view(index, linker), turned, toc, body };
                self.page_around(size, "annex.html", &PageView { previous, next, ..self.page_view(page, Some(index), content)? }, sink)?;
            }
        }
        Ok(printed)
    }

    /// What every page has, around what this one adds; `own` is the page's chapter.
    pub(super) fn page_view<'p, C>(&'p self, page: PageFacts<'p>, own: Option<usize>, content: C) -> Result<PageView<'p, C>, RenderError> {
        let root = if page.href.contains('/') { "../" } else { "" };
        let part = own.map_or(FIRST_PART, |own| self.plan.facts[own].part);
        let outline = |kind| self.outlines.of(self, root, part, kind, own);
        Ok(PageView {
            common: &self.common,
            root,
            page,
            part: self.plan.named_part(part),
            outline: outline(Kind::Chapter)?,
            outline_annexes: outline(Kind::Annex)?,
            previous: None,
            next: None,
            content,
        })
    }

    fn toc(&self, index: usize) -> Vec<TocView> {
        let (chapter, facts) = (&self.plan.chapters[index], &self.plan.facts[index]);
        let entry = |clause: crate::resolve::Clause<'_>| TocView {
            level: clause.level(),
            number: clause.number().label(chapter.kind, self.style),
            title: clause.title().map(ToString::to_string).unwrap_or_default(),
            href: ["#", &*clause.anchor()].concat(),
        };
        facts.clauses.iter().filter(|clause| clause.is_heading()).map(entry).collect()
    }

    pub(super) fn chapter_view(&self, index: usize, linker: Linker<'_>) -> ChapterView {
        let plan = self.plan;
        let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
        let law = |law: usize| {
            let law = &plan.laws.laws[law];
            LinkView { href: linker.law(&law.id, None), number: String::new(), title: law.title.clone() }
        };
        let mut annexes: Vec<u32> = plan
            .citations
            .cited_by(position(index))
            .map(|place| place.chapter)
            .filter(|cited| plan.chapters[*cited as usize].kind == Kind::Annex)
            .collect();
        annexes.sort_unstable();
        annexes.dedup();
        let annex = |cited: u32| {
            let place = Place { chapter: cited, clause: None };
            let LinkView { href, title, .. } = self.link(place, linker);
            let number = plan.facts[cited as usize].number.ordinal().to_string();
            RelatedView { href, part: part_beyond(plan, linker.part(), place).map(str::to_owned), number, title }
        };
        let fulfilled = |id: &String| {
            plan.requirements
                .requirements
                .iter()
                .find(|requirement| requirement.id == *id)
                .map(|requirement| requirement.title.clone())
        };
        let number = facts.number.short(chapter.kind, self.style);
        // A plan's own pattern may say all of it: 第一章.
        let is_numeral = number.chars().all(numeral::is_sign);
        let ordinal = if is_numeral { plan.term("chapter_ordinal").replace("{n}", &number) } else { number.trim().to_owned() };
        ChapterView {
            id: chapter.id.to_string(),
            part: plan.named_part(facts.part).map(str::to_owned),
            number,
            ordinal,
            label: facts.number.label(chapter.kind, self.style),
            title: chapter.front.title.clone(),
            listed_title: plan.listed_title(index).into_owned(),
            unit: chapter.front.unit.clone(),
            laws: plan.citations.laws_in(position(index)).into_iter().map(law).collect(),
            annexes: annexes.into_iter().map(annex).collect(),
            requirements: chapter.front.fulfils.iter().filter(|_| !facts.is_struck()).filter_map(|(id, _)| fulfilled(id)).collect(),
            condition: self.undecided_condition(index),
            citing: self.citing(index, linker),
            source: self.source(index),
            paper_page: self.paper_page(&chapter.id),
            body: None,
        }
    }

    pub(super) fn annex_view(&self, index: usize, linker: Linker<'_>) -> AnnexView {
        let plan = self.plan;
        let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
        AnnexView {
            id: chapter.id.to_string(),
            part: plan.named_part(facts.part).map(str::to_owned),
            number: facts.number.ordinal().to_string(),
            label: facts.number.label(chapter.kind, self.style),
            title: chapter.front.title.clone(),
            listed_title: plan.listed_title(index).into_owned(),
            struck: facts.is_struck(),
            form_number: chapter.front.number.clone(),
            orientation: match chapter.front.orientation {
                Orientation::Portrait => "portrait",
                Orientation::Landscape => "landscape",
            },
            href: linker.chapter(index),
            condition: self.undecided_condition(index),
            citing: self.citing(index, linker),
            source: self.source(index),
            paper_page: self.paper_page(&chapter.id),
            body: None,
        }
    }

    fn undecided_condition(&self, index: usize) -> Option<String> {
        let when = self.plan.chapters[index]
            .front
            .when
            .as_ref()
            .filter(|_| self.plan.facts[index].decision == Decision::Undecided)?;
        Some(self.plan.condition_label(when))
    }

    fn citing(&self, index: usize, linker: Linker<'_>) -> Vec<LinkView> {
        self.plan.citations.of_chapter(position(index)).into_iter().map(|place| self.link(place, linker)).collect()
    }

    fn source(&self, index: usize) -> Option<String> {
        (self.view == View::Draft).then(|| self.sources.file(self.plan.chapters[index].file).path.clone())
    }

    /// A link to a place.
    pub(super) fn link(&self, place: Place, linker: Linker<'_>) -> LinkView {
        let (number, mut title) = number_and_title(self.plan, linker.part(), place);
        if place.clause.is_none() {
            title = self.plan.listed_title(place.chapter as usize).into_owned();
        }
        LinkView { href: linker.place(place), number, title }
    }
}

/// A chapter's index as places have it.
pub(super) fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
