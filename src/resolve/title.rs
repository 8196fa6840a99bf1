//! The titles of headings that hold more than words, such as a value or a reference.
//!
//! In: a plan whose clauses are numbered. Out: those titles, which can be known only once everything else has its number and its title. A title that
//! shows another one comes after it; titles that lead in a circle name one another by their numbers alone, so that no text grows.

use super::{Fact, Facts, Place, Plan, budget::TITLE, order::Order, words};
use crate::document::{BlockKind, Blocks, Inline, Inlines, Label, Text};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The title of a heading that holds more than words.
pub(super) struct Title {
    place: Place,
    words: Text,
}

/// A heading that holds more than words.
struct Heading<'a> {
    place: Place,
    inlines: Inlines<'a>,
    words: Text,
    /// The places whose titles it shows.
    shows: Vec<Place>,
}

/// The titles of such headings in some chapters.
pub(super) fn titles(plan: &Plan, chapters: &[usize]) -> Vec<Title> {
    let of_chapter = |index: &usize| {
        let mut found = Vec::new();
        headings_below(plan, *index, plan.chapters[*index].tree.blocks(), &mut found);
        found
    };
    let mut all: Vec<Heading<'_>> = chapters.par_iter().flat_map_iter(of_chapter).collect();
    // A fast path: few plans have a heading that names another one, and otherwise each is read once.
    if all.iter().any(|heading| !heading.shows.is_empty()) {
        settle(plan, &mut all);
    }
    all.into_iter().map(|Heading { place, words, .. }| Title { place, words }).collect()
}

/// Gives clauses their titles.
pub(super) fn entitle(facts: &mut [Arc<Facts>], titles: Vec<Title>) {
    for Title { place, words } in titles {
        // Nobody else holds the facts of a plan in the making.
        if let (Some(facts), Some(clause)) = (Arc::get_mut(&mut facts[place.chapter as usize]), place.clause) {
            facts.clauses.entitle(clause, words);
        }
    }
}

fn headings_below<'a>(plan: &'a Plan, chapter: usize, blocks: Blocks<'a>, found: &mut Vec<Heading<'a>>) {
    for block in blocks {
        match block.kind {
            BlockKind::Section(section) => {
                let Fact::Clause(clause, _) = plan.facts[chapter].of(section.node) else { continue };
                let mut held = Held { plan, more: false, shows: Vec::new() };
                held.see(section.title);
                if held.more {
                    let place = Place { chapter: u32::try_from(chapter).unwrap_or(u32::MAX), clause: Some(clause) };
                    let words = words::of(plan, Some(plan.facts[chapter].part), section.title).into();
                    found.push(Heading { place, inlines: section.title, words, shows: held.shows });
                }
                headings_below(plan, chapter, section.blocks, found);
            }
            BlockKind::When { blocks, .. } => headings_below(plan, chapter, blocks, found),
            _ => {}
        }
    }
}

/// What a heading holds.
struct Held<'a> {
    plan: &'a Plan,
    /// Whether anything is more than words.
    more: bool,
    shows: Vec<Place>,
}

impl Held<'_> {
    fn see(&mut self, inlines: Inlines<'_>) {
        for inline in inlines.deep_beyond_words() {
            match inline {
                Inline::Value(_) | Inline::Law(_) => self.more = true,
                Inline::Reference(reference) => {
                    self.more = true;
                    if !matches!(reference.label, Label::Words(_)) {
                        self.shows.extend(self.plan.targets.find(reference.target, &self.plan.facts));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Reads the titles again that show some of the others.
fn settle(plan: &Plan, all: &mut [Heading<'_>]) {
    let at: FxHashMap<Place, usize> = all.iter().enumerate().map(|(at, heading)| (heading.place, at)).collect();
    let shown = |heading: &Heading<'_>| heading.shows.iter().filter_map(|place| at.get(place).copied()).collect();
    let shown: Vec<Vec<usize>> = all.iter().map(shown).collect();
    let read = |all: &[Heading<'_>], heading: usize| {
        let title = |place: Place| at.get(&place).map_or_else(|| words::title(plan, place), |at| &*all[*at].words);
        let part = plan.facts[all[heading].place.chapter as usize].part;
        let words = words::of_titled(plan, Some(part), all[heading].inlines, &title);
        // Only one without an id can be so long: the others were measured.
        Text::from(if words.len() > TITLE { String::new() } else { words })
    };
    let Order { first, circles, last } = Order::of(&shown);
    for heading in first.into_iter().filter(|heading| !shown[*heading].is_empty()) {
        all[heading].words = read(all, heading);
    }
    for heading in &circles {
        all[*heading].words = Text::from("");
    }
    let words: Vec<Text> = circles.iter().map(|heading| read(all, *heading)).collect();
    for (heading, words) in circles.into_iter().zip(words) {
        all[heading].words = words;
    }
    for heading in last {
        all[heading].words = read(all, heading);
    }
}
