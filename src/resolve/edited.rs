//! A plan after an edit that leaves everything around it alone.
//!
//! In: a plan, and the chapters of the same plan after an edit. Out: the plan that [`resolve`](super::resolve) makes of these chapters,
//! or nothing when the edit reaches further than the words of its own chapter: another clause, title, address, footnote or mistake. It
//! takes over what is known about the other chapters, and never decides what a whole resolve would decide otherwise.

use super::{Decision, Facts, Plan, Style, budget, cite, struck, title, walk::Walk};
use crate::{
    config::Config,
    document::{Chapter, Kind},
    source::Sources,
};
use std::{collections::BTreeMap, sync::Arc};

/// The plan with other words in some chapters, and which these are, by index. `earlier` was resolved without findings, and from the same
/// settings, words, data and list of chapters: the caller has seen to that.
#[must_use]
pub fn resolve_again(
    earlier: &Plan,
    sources: &Sources,
    config: Arc<Config>,
    locale: BTreeMap<String, String>,
    chapters: Vec<Arc<Chapter>>,
) -> Option<(Plan, Vec<usize>)> {
    let is_same_file = |(one, other): (&Arc<Chapter>, &Arc<Chapter>)| {
        Arc::ptr_eq(one, other) || (one.file == other.file && one.kind == other.kind && one.id == other.id)
    };
    if chapters.len() != earlier.chapters.len() || !chapters.iter().zip(&earlier.chapters).all(is_same_file) {
        return None;
    }
    let changed: Vec<usize> = (0..chapters.len()).filter(|index| !Arc::ptr_eq(&chapters[*index], &earlier.chapters[*index])).collect();
    let style = Style { patterns: &config.numbering, annex: locale.get("annex").map_or("", String::as_str) };
    let walk = Walk { data: &earlier.data, laws: &earlier.laws, style, locale: &locale };
    let edited: Vec<_> = changed.iter().map(|index| (*index, &*earlier.chapters[*index], &*chapters[*index])).collect();
    let loads = budget::again(&edited, &earlier.data, &earlier.laws, &earlier.loads)?;
    let mut facts = earlier.facts.clone();
    for index in changed.iter().copied() {
        if chapters[index].front != earlier.chapters[index].front {
            return None;
        }
        let before = &earlier.facts[index];
        let annexes = annexes_around(index, &chapters, &earlier.facts);
        let (mut own, findings) = walk.chapter(&chapters[index], before.part, before.decision, before.number.ordinal(), &annexes);
        let footnotes = |facts: &Facts| facts.footnotes.iter().flatten().count();
        if !findings.is_empty() || own.absent != before.absent || footnotes(&own) != footnotes(before) {
            return None;
        }
        // Those before it count as many as they did.
        let first = before.footnotes.iter().flatten().map(|fact| fact.number).min().unwrap_or(1);
        own.footnotes.iter_mut().flatten().for_each(|fact| fact.number += first - 1);
        facts[index] = Arc::new(own);
    }
    let mut plan = Plan {
        config,
        locale,
        data: Arc::clone(&earlier.data),
        laws: Arc::clone(&earlier.laws),
        requirements: Arc::clone(&earlier.requirements),
        synonyms: Arc::clone(&earlier.synonyms),
        terms: Arc::clone(&earlier.terms),
        chapters,
        facts,
        parts: earlier.parts.clone(),
        targets: Arc::clone(&earlier.targets),
        citations: Arc::clone(&earlier.citations),
        digest: sources.digest(),
        digest_with_program: sources.digest_with_program(),
        loads,
    };
    let titles = title::titles(&plan, &changed);
    title::entitle(&mut plan.facts, titles);
    let present: Vec<usize> = changed.iter().copied().filter(|index| plan.facts[*index].decision != Decision::Fails).collect();
    struck::strike(&mut plan, sources, &present);
    let is_alone = |index: &usize| {
        let (own, before) = (&plan.facts[*index], &earlier.facts[*index]);
        own.clauses.are_shown_as(&before.clauses) && own.is_struck() == before.is_struck()
    };
    if !changed.iter().all(is_alone) {
        return None;
    }
    plan.citations = cite::cite_again(&plan, &earlier.citations, &changed)?;
    Some((plan, changed))
}

/// The annexes of a chapter's part, whose chapters and annexes stand side by side.
fn annexes_around<'a>(index: usize, chapters: &'a [Arc<Chapter>], facts: &[Arc<Facts>]) -> Vec<&'a Chapter> {
    let is_of_part = |other: &usize| facts[*other].part == facts[index].part;
    let first = (0..index).rev().take_while(is_of_part).last().unwrap_or(index);
    let of_part = (first..chapters.len()).take_while(is_of_part).map(|index| &*chapters[index]);
    of_part.filter(|chapter| chapter.kind == Kind::Annex).collect()
}
