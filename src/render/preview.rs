//! The previews of clauses that other pages refer to.
//!
//! In: a plan. Out: for each clause that something refers to, its number, its title and its first words, without markup.

use crate::{
    document::BlockKind,
    resolve::{
        Place, Plan,
        visit::visit_blocks,
        words::{number, of, title},
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
                    first.entry(Place { chapter, clause: Some(clause) }).or_insert_with(|| beginning(of(plan, inlines)));
                }
            });
            first
        };
        Self { by_place: present.par_iter().flat_map_iter(of_chapter).collect() }
    }

    /// Adds number, title and first words of a place, for a reader who has not followed the link.
    pub(super) fn write(&self, plan: &Plan, place: Place, out: &mut String) {
        let from = out.len();
        let kind = plan.chapters[place.chapter as usize].kind;
        number(plan, place).write_citation(kind, plan.style(), out);
        let text = self.by_place.get(&place).map_or("", String::as_str);
        for part in [title(plan, place), text].into_iter().filter(|part| !part.is_empty()) {
            if out.len() > from {
                out.push_str(plan.term("preview_separator"));
            }
            out.push_str(part);
        }
    }
}

/// The first words of a text.
fn beginning(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(PREVIEW) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}
