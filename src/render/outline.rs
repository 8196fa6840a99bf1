//! The outline beside every page.
//!
//! In: a plan and the theme's fragment. Out: the outline of any page, put together from fragments that are rendered once; only the
//! page's own entry, which is open, is rendered for the page, and only the parts that a page shows. Ten thousand pages therefore do not
//! render ten thousand outlines, and one page does not render ten thousand entries.

use super::{
    RenderError, Renderer,
    context::{EntryView, LinkView, OutlineEntry},
};
use crate::{document::Kind, theme::Html};
use minijinja::value::Value;
use rayon::prelude::*;
use std::{ops::Range, sync::OnceLock};

/// The rendered entries of each part, for pages at the top and for pages in folders.
pub(super) struct Outlines {
    top: Vec<OnceLock<Lists>>,
    folder: Vec<OnceLock<Lists>>,
}

/// The closed entries of a part's chapters and of its annexes.
struct Lists {
    chapters: Entries,
    annexes: Entries,
}

/// Closed entries, one after the other.
struct Entries {
    html: Box<str>,
    /// The chapter or annex of each, by index, and where its entry stands.
    places: Vec<(usize, Range<usize>)>,
}

impl Entries {
    /// In no more room than they need: they stay until the last page is rendered.
    fn of(indexes: &[usize], entries: &[String]) -> Self {
        let mut end = 0;
        let place = |(index, entry): (&usize, &String)| {
            let start = end;
            end += entry.len();
            (*index, start..end)
        };
        let places = indexes.iter().zip(entries).map(place).collect();
        Self { html: entries.concat().into(), places }
    }
}

impl Outlines {
    /// Outlines of so many parts, none of which is rendered yet.
    pub(super) fn of_parts(parts: usize) -> Self {
        let none = || std::iter::repeat_with(OnceLock::new).take(parts).collect();
        Self { top: none(), folder: none() }
    }

    /// Renders the entries of some parts for pages with this way to the top, unless they are there.
    pub(super) fn prepare(
        &self,
        renderer: &Renderer<'_>,
        root: &'static str,
        parts: impl IntoParallelIterator<Item = usize>,
    ) -> Result<(), RenderError> {
        parts.into_par_iter().try_for_each(|part| {
            let (Some(lists), Some(of)) = (self.lists(root).get(part), renderer.plan.parts.get(part)) else { return Ok(()) };
            if lists.get().is_some() {
                return Ok(());
            }
            let render = |index: &usize| rendered(renderer, root, *index, false);
            let render_all = |indexes: &[usize]| -> Result<Entries, RenderError> {
                Ok(Entries::of(indexes, &indexes.par_iter().map(render).collect::<Result<Vec<_>, RenderError>>()?))
            };
            // Whoever else was preparing has rendered the same.
            let _ = lists.set(Lists { chapters: render_all(&of.chapters)?, annexes: render_all(&of.annexes)? });
            Ok(())
        })
    }

    fn lists(&self, root: &str) -> &[OnceLock<Lists>] {
        if root.is_empty() { &self.top } else { &self.folder }
    }

    /// The outline of a part's chapters or annexes; the page's own entry is open.
    pub(super) fn of(
        &self,
        renderer: &Renderer<'_>,
        root: &'static str,
        part: usize,
        kind: Kind,
        own: Option<usize>,
    ) -> Result<Value, RenderError> {
        let lists = self.lists(root).get(part).and_then(OnceLock::get);
        let Some(Entries { html, places }) = lists.map(|lists| match kind {
            Kind::Chapter => &lists.chapters,
            Kind::Annex => &lists.annexes,
        }) else {
            return Ok(Html::value(String::new()));
        };
        let own = places.iter().find(|(index, _)| Some(*index) == own);
        let html = match own {
            Some((index, place)) => [&html[..place.start], &rendered(renderer, root, *index, true)?, &html[place.end..]].concat(),
            None => html.to_string(),
        };
        Ok(Html::value(html))
    }
}

fn rendered(renderer: &Renderer<'_>, root: &'static str, index: usize, open: bool) -> Result<String, RenderError> {
    let entry = entry(renderer, index);
    renderer.template("outline-entry.html", &OutlineEntry { t: renderer.words.clone(), root, entry: &entry, open })
}

/// A chapter or annex with its sections; addresses are from the top.
pub(super) fn entry(renderer: &Renderer<'_>, index: usize) -> EntryView {
    let plan = renderer.plan;
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    let href = chapter.kind.page(&chapter.id);
    let sections = facts.clauses.iter().filter(|clause| clause.is_heading() && clause.level() == 2).map(|clause| LinkView {
        href: [&href, "#", &*clause.anchor()].concat(),
        number: clause.number().label(chapter.kind, renderer.style),
        title: clause.title().map(ToString::to_string).unwrap_or_default(),
    });
    EntryView {
        kind: chapter.kind.name(),
        number: facts.number.short(chapter.kind, renderer.style),
        label: facts.number.label(chapter.kind, renderer.style),
        title: plan.listed_title(index).into_owned(),
        sections: sections.collect(),
        href,
    }
}
