//! The previews of clauses that other pages refer to.
//!
//! In: a plan. Out: for each clause that something refers to, its number, its title and its first words, without markup.

use super::link::kind_of;
use crate::{
    document::BlockKind,
    resolve::{
        Place, Plan,
        visit::visit_blocks,
        words::{number_and_title, of},
    },
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// How many characters of a clause a preview shows.
const PREVIEW: usize = 90;

/// The beginning of every clause that something refers to.
#[derive(Default)]
pub(super) struct Previews {
    by_place: FxHashMap<Place, String>,
}

impl Previews {
    pub(super) fn new(plan: &Plan) -> Self {
        let present: Vec<usize> = plan.present().collect();
        let of_chapter = |index: &usize| {
            let mut first = BTreeMap::new();
            let chapter = u32::try_from(*index).unwrap_or(u32::MAX);
            let wanted: Vec<u32> = plan.citations.cited_clauses(chapter).collect();
            if wanted.is_empty() {
                return first;
            }
            visit_blocks(&plan.chapters[*index], &plan.facts[*index], &plan.data, &mut |block, context| {
                let (BlockKind::Paragraph(inlines), Some(clause), false) = (block.kind, context.clause, context.guidance) else { return };
                if wanted.binary_search(&clause).is_ok() {
                    first.entry(Place { chapter, clause: Some(clause) }).or_insert_with(|| of(plan, inlines));
                }
            });
            first
        };
        Self { by_place: present.par_iter().flat_map_iter(of_chapter).collect() }
    }

    /// Number, title and first words of a place, for a reader who has not followed the link.
    pub(super) fn of(&self, plan: &Plan, place: Place) -> String {
        let facts = &plan.facts[place.chapter as usize];
        let number = place.clause.map_or_else(|| facts.number.clone(), |clause| facts.clauses.at(clause).number());
        let (_, title) = number_and_title(plan, place);
        let text = self.by_place.get(&place).map_or("", String::as_str);
        let shown: String = text.chars().take(PREVIEW).collect();
        let more = if text.chars().nth(PREVIEW).is_some() { "…" } else { "" };
        let parts = [number.citation(kind_of(plan, place), plan.style()), title, format!("{shown}{more}")];
        parts
            .iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(plan.term("preview_separator"))
    }
}
