//! The outline beside every page.
//!
//! In: a plan and the theme's fragment. Out: the outline of any page, put together from fragments that are rendered once: each
//! entry closed and open. Ten thousand pages therefore do not render ten thousand outlines.

use super::{
    RenderError, Renderer,
    context::{EntryView, LinkView, OutlineEntry},
    page_path,
};
use crate::document::Kind;
use minijinja::value::Value;
use std::collections::BTreeMap;

/// The rendered entries of every part, for pages at the top and in folders.
#[derive(Default)]
pub(super) struct Outlines {
    by_root: BTreeMap<&'static str, Vec<Entry>>,
    /// Where each chapter stands in the lists, by index.
    positions: BTreeMap<usize, usize>,
}

struct Entry {
    part: usize,
    kind: Kind,
    closed: String,
    open: String,
}

impl Outlines {
    pub(super) fn new(renderer: &Renderer<'_>) -> Result<Self, RenderError> {
        let mut outlines = Self::default();
        for root in ["", "../"] {
            let mut entries = Vec::new();
            for index in renderer.plan.present() {
                let entry = entry(renderer, index);
                let render =
                    |open| renderer.template("outline-entry.html", &OutlineEntry { t: renderer.words.clone(), root, entry: &entry, open });
                let (kind, part) = (renderer.plan.chapters[index].kind, renderer.plan.facts[index].part);
                outlines.positions.insert(index, entries.len());
                entries.push(Entry { part, kind, closed: render(false)?, open: render(true)? });
            }
            outlines.by_root.insert(root, entries);
        }
        Ok(outlines)
    }

    /// The outline of a part's chapters or annexes; the page's own entry is open.
    pub(super) fn of(&self, root: &'static str, part: usize, kind: Kind, own: Option<usize>) -> Value {
        let own = own.and_then(|own| self.positions.get(&own).copied());
        let entries = self.by_root.get(root).map(Vec::as_slice).unwrap_or_default();
        let shown = entries.iter().enumerate().filter(|(_, entry)| entry.part == part && entry.kind == kind);
        Value::from_safe_string(
            shown.map(|(at, entry)| if Some(at) == own { entry.open.as_str() } else { entry.closed.as_str() }).collect(),
        )
    }
}

/// A chapter or annex with its sections; addresses are from the top.
pub(super) fn entry(renderer: &Renderer<'_>, index: usize) -> EntryView {
    let plan = renderer.plan;
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    let href = page_path(chapter.kind, &chapter.id);
    let sections = facts.clauses.iter().filter(|clause| clause.heading && clause.number.level() == 2).map(|clause| LinkView {
        href: format!("{href}#{}", clause.anchor),
        number: clause.number.label(chapter.kind, plan.style()),
        title: clause.title.as_deref().unwrap_or_default().to_owned(),
    });
    EntryView {
        kind: match chapter.kind {
            Kind::Chapter => "chapter",
            Kind::Annex => "annex",
        },
        number: facts.number.short(chapter.kind, plan.style()),
        label: facts.number.label(chapter.kind, plan.style()),
        title: chapter.front.title.clone(),
        sections: sections.collect(),
        href,
    }
}
