//! Words without markup: what values and references say in titles, labels and previews.
//!
//! In: inlines and a plan. Out: plain text. Also the previews of clauses that other pages refer to.

use super::link::{kind_of, number_and_title};
use crate::{
    document::{BlockKind, Inline, Label, LawReference, Reference, plain_text},
    resolve::{
        Law, Place, Plan,
        data::Value,
        visit::{Seen, visit},
    },
};
use std::collections::BTreeMap;

/// How many characters of a clause a preview shows.
const PREVIEW: usize = 90;

/// The plain words of a run of inlines.
pub(super) fn of(plan: &Plan, inlines: &[Inline]) -> String {
    plain_text(inlines, &mut |inline| match inline {
        Inline::Value(value) => value_words(plan, &plan.data.shown(&value.path)),
        Inline::Reference(reference) => reference_words(plan, reference),
        Inline::Law(law) => law_words(plan, law),
        _ => String::new(),
    })
}

/// A value in words.
pub(super) fn value_words(plan: &Plan, value: &Value) -> String {
    value.words(plan.term("yes"), plan.term("no"))
}

/// What a reference shows; one that leads nowhere shows its id.
pub(super) fn reference_words(plan: &Plan, reference: &Reference) -> String {
    if let Label::Words(words) = &reference.label {
        return words.clone();
    }
    let Some(place) = plan.targets.find(&reference.target, &plan.facts) else { return reference.target.clone() };
    let (number, title) = number_and_title(plan, place);
    match reference.label {
        Label::Title if !title.is_empty() => title,
        _ if title.is_empty() || reference.label == Label::Title => number,
        _ => format!("{number} {title}"),
    }
}

/// What a law reference shows; an unknown law shows its id.
pub(super) fn law_words(plan: &Plan, reference: &LawReference) -> String {
    if let Label::Words(words) = &reference.label {
        return words.clone();
    }
    let Some((_, law)) = plan.laws.named(&reference.law) else {
        return reference
            .article
            .as_ref()
            .map_or_else(|| reference.law.clone(), |article| format!("{}#{article}", reference.law));
    };
    let title = law.title.as_str();
    match &reference.article {
        // The language's own way knows what stands between title and number; a law's own is set apart by a space.
        Some(article) if law.article.is_some() => format!("{title} {}", article_words(plan, law, article)),
        Some(article) => format!("{title}{}", article_words(plan, law, article)),
        None => title.to_owned(),
    }
}

/// How a law's article is called.
pub(super) fn article_words(plan: &Plan, law: &Law, article: &str) -> String {
    law.article.as_deref().unwrap_or(plan.term("article")).replace("{n}", article)
}

/// The beginning of every clause that something refers to.
#[derive(Default)]
pub(super) struct Previews {
    by_place: BTreeMap<Place, String>,
}

impl Previews {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut by_place = BTreeMap::new();
        for index in plan.present() {
            let chapter = u32::try_from(index).unwrap_or(u32::MAX);
            let wanted: Vec<u32> = plan.citations.cited_clauses(chapter).collect();
            if wanted.is_empty() {
                continue;
            }
            visit(&plan.chapters[index], &plan.facts[index], &plan.data, &mut |seen, context| {
                let Seen::Block(block) = seen else { return };
                let (BlockKind::Paragraph(inlines), Some(clause), false) = (&block.kind, context.clause, context.guidance) else { return };
                if wanted.binary_search(&clause).is_ok() {
                    by_place.entry(Place { chapter, clause: Some(clause) }).or_insert_with(|| of(plan, inlines));
                }
            });
        }
        Self { by_place }
    }

    /// Number, title and first words of a place, for a reader who has not followed the link.
    pub(super) fn of(&self, plan: &Plan, place: Place) -> String {
        let facts = &plan.facts[place.chapter as usize];
        let number = place.clause.map_or(&facts.number, |clause| &facts.clauses[clause as usize].number);
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
