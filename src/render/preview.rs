//! The previews of clauses that other pages refer to.
//!
//! In: a plan. Out: for each place that something refers to, its number, its title and its first words, without markup. What has no
//! words of its own begins with what it holds: a chapter with the titles of its sections, a section with its first items. No preview
//! says only what the link says already.

use crate::{
    document::{BlockKind, Inlines},
    resolve::{
        Clause, Place, Plan,
        visit::{Context, visit_blocks},
        words::{number, of, part_beyond, title},
    },
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// How many characters of a clause a preview shows.
const PREVIEW: usize = 90;

/// How many items stand for a clause without words of its own.
const ITEMS: usize = 2;

/// The beginning of every place that something refers to.
#[derive(Default)]
pub(super) struct Previews {
    by_place: FxHashMap<Place, String>,
}

impl Previews {
    pub(super) fn new(plan: &Plan) -> Self {
        let present: Vec<usize> = plan.present().collect();
        let of_chapter = |index: &usize| Chapter::new(plan, *index).beginnings();
        Self { by_place: present.par_iter().flat_map_iter(of_chapter).collect() }
    }

    /// The number, the title and the first words of a place, for a reader in some part who has not followed the link; nothing when that is no
    /// more than the link's own words.
    pub(super) fn text(&self, plan: &Plan, part: Option<usize>, place: Place, link: &str) -> Option<String> {
        let kind = plan.chapters[place.chapter as usize].kind;
        let mut out = number(plan, place).citation(kind, plan.style());
        if let Some(title) = part_beyond(plan, part, place) {
            out = [title, " ", &out].concat();
        }
        let (title, text) = (title(plan, place), self.by_place.get(&place).map_or("", String::as_str));
        out.reserve(title.len() + text.len() + 16);
        for part in [title, text].into_iter().filter(|part| !part.is_empty()) {
            if !out.is_empty() {
                out.push_str(plan.term("preview_separator"));
            }
            out.push_str(part);
        }
        (!text.is_empty() || !same(&out, link)).then_some(out)
    }
}

/// The beginnings of a chapter's clauses, while they are collected.
struct Chapter<'a> {
    plan: &'a Plan,
    index: usize,
    /// The clauses that something refers to, by index, in order; and the chapter itself as `None`, if it is one of them.
    wanted: Vec<Option<u32>>,
    found: BTreeMap<Option<u32>, Beginning>,
}

/// How a clause begins.
#[derive(Default)]
struct Beginning {
    /// Its own first words.
    own: String,
    /// Those of the clauses below it.
    below: String,
    /// Whether these are sections.
    has_sections: bool,
    /// The items among them: how many, and the last one.
    items: usize,
    last: Option<u32>,
}

impl<'a> Chapter<'a> {
    fn new(plan: &'a Plan, index: usize) -> Self {
        let chapter = u32::try_from(index).unwrap_or(u32::MAX);
        let whole = plan.citations.of(Place { chapter, clause: None }).next().map(|_| None);
        let wanted = whole.into_iter().chain(plan.citations.cited_clauses(chapter).map(Some)).collect();
        Self { plan, index, wanted, found: BTreeMap::new() }
    }

    fn beginnings(mut self) -> impl Iterator<Item = (Place, String)> {
        let chapter = u32::try_from(self.index).unwrap_or(u32::MAX);
        if !self.wanted.is_empty() {
            let (plan, index) = (self.plan, self.index);
            self.titles();
            visit_blocks(&plan.chapters[index], &plan.facts[index], &plan.data, &mut |block, context| {
                if let BlockKind::Paragraph(inlines) = block.kind {
                    self.paragraph(inlines, context);
                }
            });
        }
        self.found.into_iter().map(move |(clause, found)| {
            let text = if found.own.is_empty() { found.below } else { found.own };
            (Place { chapter, clause }, beginning(text))
        })
    }

    fn is_wanted(&self, clause: Option<u32>) -> bool {
        self.wanted.binary_search(&clause).is_ok()
    }

    /// Sections stand for what holds them with their titles.
    fn titles(&mut self) {
        for clause in self.plan.facts[self.index].clauses.iter().filter(|clause| clause.is_heading()) {
            let holder = clause.holder().map(Clause::index);
            if self.is_wanted(holder) {
                let found = self.found.entry(holder).or_default();
                found.has_sections = true;
                found.add(self.plan, self.index, clause, clause.title().map_or("", |title| title));
            }
        }
    }

    /// The first words of a clause are its own, and stand for what holds it too if it is an item.
    fn paragraph(&mut self, inlines: Inlines<'a>, context: Context<'a>) {
        // Only drafts show guidance; a footnote and a cell are not how a clause begins.
        if context.guidance || context.note || context.is_in_cell() {
            return;
        }
        let facts = &self.plan.facts[self.index];
        let found = |clause| self.found.get(&clause);
        // A chapter's sections say more of it than the sentence before them.
        let has_own = |found: &Beginning| !found.own.is_empty() || (context.clause.is_none() && found.has_sections);
        let is_own = self.is_wanted(context.clause) && !found(context.clause).is_some_and(has_own);
        let item = context.clause.map(|clause| facts.clauses.at(clause)).filter(|clause| !clause.is_heading());
        let holder = item.map(|item| (item, item.holder().map(Clause::index))).filter(|(item, holder)| {
            self.is_wanted(*holder) && !found(*holder).is_some_and(|found| found.is_enough() || found.last == Some(item.index()))
        });
        if !is_own && holder.is_none() {
            return;
        }
        let words = of(self.plan, Some(facts.part), inlines);
        if words.is_empty() {
            return;
        }
        if let Some((item, holder)) = holder {
            let found = self.found.entry(holder).or_default();
            (found.items, found.last) = (found.items + 1, Some(item.index()));
            found.add(self.plan, self.index, item, &words);
        }
        if is_own {
            self.found.entry(context.clause).or_default().own = words;
        }
    }
}

impl Beginning {
    /// Whether no item is needed.
    fn is_enough(&self) -> bool {
        !self.own.is_empty() || self.has_sections || self.items == ITEMS
    }

    /// Adds the number and the words of a clause below.
    fn add(&mut self, plan: &Plan, chapter: usize, clause: Clause<'_>, words: &str) {
        // A character has four bytes at the most; what comes after is not shown.
        if self.below.len() > 4 * PREVIEW {
            return;
        }
        let ends = self.below.trim_end_matches(['。', '；', '，', '：', '.', ';', ',', ':']).len();
        self.below.truncate(ends);
        if ends > 0 {
            self.below.push_str(plan.term("preview_list"));
        }
        clause.number().write_label(plan.chapters[chapter].kind, plan.style(), &mut self.below);
        if self.below.ends_with(|last: char| last.is_ascii()) {
            self.below.push(' ');
        }
        self.below.push_str(words);
    }
}

/// Whether two texts have the same letters and figures in the same order.
fn same(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|text| text.chars().filter(|c| c.is_alphanumeric()));
    one.eq(other)
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
