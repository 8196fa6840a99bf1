//! The outline beside every page.
//!
//! In: a plan and the theme's fragment. Out: the outline of any page, put together from fragments that are rendered once; only the
//! page's own entry, which is open, is rendered for the page. Ten thousand pages therefore do not render ten thousand outlines.

use super::{
    RenderError, Renderer,
    context::{EntryView, LinkView, OutlineEntry},
};
use crate::document::Kind;
use minijinja::value::Value;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The rendered entries of every part, for pages at the top and for pages in folders.
#[derive(Default)]
pub(super) struct Outlines {
    top: OnceLock<Lists>,
    folder: OnceLock<Lists>,
}

/// The closed entries of each part's chapters and of its annexes, by part and kind: a page looks only at its own part's.
type Lists = FxHashMap<(usize, Kind), Vec<Entry>>;

/// A closed entry.
struct Entry {
    index: usize,
    html: String,
}

impl Outlines {
    /// Renders the entries for pages with this way to the top, unless they are there.
    pub(super) fn prepare(&self, renderer: &Renderer<'_>, root: &'static str) -> Result<(), RenderError> {
        if self.entries(root).get().is_some() {
            return Ok(());
        }
        let render = |index: &usize| Ok(Entry { index: *index, html: rendered(renderer, root, *index, false)? });
        let entries: Vec<Entry> = renderer.present.par_iter().map(render).collect::<Result<_, RenderError>>()?;
        let mut lists = Lists::default();
        for entry in entries {
            let key = (renderer.plan.facts[entry.index].part, renderer.plan.chapters[entry.index].kind);
            lists.entry(key).or_default().push(entry);
        }
        // Whoever else was preparing has rendered the same.
        let _ = self.entries(root).set(lists);
        Ok(())
    }

    fn entries(&self, root: &str) -> &OnceLock<Lists> {
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
        let list = self.entries(root).get().and_then(|lists| lists.get(&(part, kind))).map_or(&[][..], Vec::as_slice);
        let mut html = String::with_capacity(list.iter().map(|entry| entry.html.len()).sum::<usize>() + 1024);
        for entry in list {
            if Some(entry.index) == own {
                html.push_str(&rendered(renderer, root, entry.index, true)?);
            } else {
                html.push_str(&entry.html);
            }
        }
        Ok(Value::from_safe_string(html))
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
