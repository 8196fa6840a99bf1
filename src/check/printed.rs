//! Circles where no clause has them: in titles, numbers and captions, and in what the pages of laws and of statutory items say; and Markdown in
//! the titles of the latter, which are printed as they stand.
//!
//! In: a plan's settings, front matter, captions, laws and statutory items. Out: a finding for each such text that is
//! printed. What stands in other data is the business of `printed_data`.

use super::blank_circle;
use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    parse,
    resolve::Plan,
    source::{
        Sources,
        yaml::{Part, PlainWords, Step, locate, markup_in_plain_words},
    },
};

/// Reports circles in what stands above a chapter's text.
pub(super) fn front_matter(plan: &Plan, index: usize, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let chapter = &plan.chapters[index];
    let front = &chapter.front;
    for (key, words) in [("title", Some(&front.title)), ("unit", front.unit.as_ref()), ("number", front.number.as_ref())] {
        found.extend(words.and_then(|words| finding(words, sources, || Some(parse::place_in_front_matter(sources, chapter.file, key)))));
    }
}

/// What is wrong with the caption of the picture at a place, if it holds a circle.
pub(super) fn caption(words: &str, picture: Span, sources: &Sources) -> Option<Diagnostic> {
    // The description before it may say the same.
    let place = || sources.slice(picture).rfind(words).map_or(picture, |at| picture.within(at, at + words.len()));
    finding(words, sources, || Some(place()))
}

/// Reports circles in the plan's settings, its laws and the statutory items.
pub(super) fn of_plan(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let mut texts = Texts { sources, found };
    let config = &plan.config;
    texts.see(&config.title, || ("plan.yaml", vec!["title".into()]));
    let of_document = |key: &str| ("plan.yaml", vec!["document".into(), key.into()]);
    config.document_number.iter().for_each(|number| texts.see(number, || of_document("number")));
    config.classification.iter().for_each(|words| texts.see(words, || of_document("classification")));
    for (index, part) in config.parts.iter().enumerate() {
        part.title
            .iter()
            .for_each(|title| texts.see(title, || ("plan.yaml", vec!["parts".into(), index.into(), "title".into()])));
    }
    for (index, law) in plan.laws.laws.iter().enumerate() {
        let at = |key: &str| ("data/laws.yaml", vec!["laws".into(), index.into(), key.into()]);
        texts.see_words(&law.title, || at("title"));
        law.publisher.iter().for_each(|publisher| texts.see(publisher, || at("publisher")));
        law.version.iter().for_each(|version| texts.see(version, || at("version")));
    }
    for (index, requirement) in plan.requirements.requirements.iter().enumerate() {
        texts.see_words(&requirement.title, || ("data/requirements.yaml", vec!["requirements".into(), index.into(), "title".into()]));
    }
}

/// Texts of files that the whole plan has once.
struct Texts<'a> {
    sources: &'a Sources,
    found: &'a mut Vec<Diagnostic>,
}

impl Texts<'_> {
    /// The same of a text that is not looked at elsewhere, and signs of Markdown in it.
    fn see_words(&mut self, words: &str, at: impl Fn() -> (&'static str, Vec<Step>)) {
        self.see(words, &at);
        let (name, path) = at();
        if let Some(file) = self.sources.named(name) {
            let place = || locate(self.sources, file, &path, Part::Value);
            self.found.extend(markup_in_plain_words(words, PlainWords::Title, place));
        }
    }

    /// Reports a circle in a text; `at` says in which file it stands, and where there.
    fn see(&mut self, words: &str, at: impl FnOnce() -> (&'static str, Vec<Step>)) {
        let sources = self.sources;
        let place = || {
            let (name, path) = at();
            // An overlay's settings hold only the keys that differ.
            let below = sources.base_plan().filter(|_| name == "plan.yaml");
            let place = |file| locate(sources, file, &path, Part::Value);
            let places: Vec<Span> = sources.named(name).into_iter().chain(below).map(place).collect();
            places.iter().find(|span| blank_circle::first(sources.slice(**span)).is_some()).or(places.first()).copied()
        };
        self.found.extend(finding(words, sources, place));
    }
}

/// What is wrong with a text that is printed and holds a circle.
pub(super) fn finding(words: &str, sources: &Sources, place: impl FnOnce() -> Option<Span>) -> Option<Diagnostic> {
    let (circle, _) = blank_circle::first(words)?;
    let place = place()?;
    // Between quotes a circle may be written as a code.
    let span = blank_circle::first(sources.slice(place)).map_or(place, |(circle, at)| place.within(at, at + circle.len()));
    Some(Diagnostic::new(Rule::Blank, span, blank_circle::message(circle)).help(blank_circle::help(true)))
}
