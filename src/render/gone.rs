//! The pages of chapters and annexes that the plan has no more.
//!
//! In: the records, and what became of their clauses. Out: a small page at each address that an approved edition had and the plan has not: it
//! says since when the chapter is gone, and where its clauses stand now. Without it a permanent address would lead to no file at all.

use super::{
    RenderError, Renderer,
    addresses::Now,
    context::{GoneClause, GonePage, LinkView, PageFacts},
    editions::Step,
};
use crate::{config::is_id, document::Kind, edition::RecordedClause, site::Sink};
use rustc_hash::FxHashSet;

impl Renderer<'_> {
    pub(super) fn gone(&self, steps: &[Step<'_>], whereabouts: &[Vec<Now<'_>>], sink: &dyn Sink) -> Result<(), RenderError> {
        let Some(last) = steps.last() else { return Ok(()) };
        let pages = self.pages_of(last.new);
        // Some systems take two names for one that differ only in capitals; no page of the plan may be lost.
        let present = self.present.iter().map(|index| &self.plan.chapters[*index]);
        let mut taken: FxHashSet<String> = present.map(|chapter| chapter.kind.page(&chapter.id).to_lowercase()).collect();
        // The latest edition that had it knows it best.
        for ((record, step), whereabouts) in self.editions.records.iter().zip(steps).zip(whereabouts).rev() {
            // Anybody can write a record: its words become no path.
            let chapters = step.old.iter().enumerate().filter(|(_, clause)| clause.depth == 0 && is_id(&clause.id));
            for (at, chapter) in chapters {
                let had = [Kind::Chapter, Kind::Annex].map(|kind| kind.page(&chapter.id));
                for href in had.into_iter().filter(|href| record.files.contains_key(href)) {
                    if taken.insert(href.to_lowercase()) {
                        let title = format!("{} {}", chapter.short, chapter.title);
                        let content = self.gone_page(steps, (step, at), whereabouts, |clause| {
                            Some(format!("../{}#{}", pages.get(clause.id.as_str())?, clause.id))
                        });
                        // What only the draft takes out is in force as yet.
                        let kind = if content.is_draft { "gone-draft" } else { "gone" };
                        let page = PageFacts { kind, id: &chapter.id, title: &title, href };
                        self.page("gone.html", &self.page_view(page, None, content)?, sink)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn gone_page(
        &self,
        steps: &[Step<'_>],
        (step, chapter): (&Step<'_>, usize),
        whereabouts: &[Now<'_>],
        href: impl Fn(&RecordedClause) -> Option<String>,
    ) -> GonePage {
        let stands = |now: &Now<'_>| {
            let Now::Stands(now, _) = now else { return None };
            let clause = steps.last()?.new.get(*now)?;
            Some(LinkView { href: href(clause)?, number: clause.called(), title: clause.title.clone() })
        };
        let held = step.old[chapter + 1..].iter().zip(&whereabouts[chapter + 1..]).take_while(|(clause, _)| clause.depth > 0);
        let clauses = held
            .filter_map(|(clause, now)| Some(GoneClause { number: clause.short.clone(), now: stands(now)? }))
            .collect();
        let by = if let Now::Gone(at) = &whereabouts[chapter] { steps.get(*at) } else { None };
        GonePage {
            edition: self.plan.term("edition_name").replace("{n}", step.old_number),
            now: stands(&whereabouts[chapter]),
            since: by.and_then(|by| by.new_number).map(|number| self.plan.term("edition_name").replace("{n}", number)),
            table: by.map(|by| format!("../editions/{}", by.href())),
            is_draft: by.is_some_and(|by| by.new_number.is_none()),
            clauses,
        }
    }
}
