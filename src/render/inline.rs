//! Inlines as HTML.
//!
//! In: inlines. Out: HTML in the vocabulary that themes style. Comments exist in drafts only.

use super::{
    View,
    body::Body,
    html::{attribute, escape},
};
use crate::{
    document::{FootnoteMark, Image, Inline, Inlines, LawReference, Link, Reference, ValueReference, joins_without_space},
    resolve::{
        Fact,
        data::{Part, Value, circles},
        words,
    },
};

impl Body<'_> {
    pub(super) fn inlines(&mut self, inlines: Inlines<'_>) {
        let (mut reading, mut before) = (inlines.iter(), None);
        while let Some(inline) = reading.next() {
            match inline {
                Inline::Text(text) => escape(&mut self.out, text),
                Inline::SoftBreak => {
                    let words = |inline: Option<Inline<'_>>| words::of(self.renderer.plan, inline);
                    let (before, after) = (words(before), words(reading.rest().first()));
                    if !joins_without_space(before.chars().next_back(), after.chars().next()) {
                        self.out.push('\n');
                    }
                }
                Inline::LineBreak => self.out.push_str("<br>"),
                Inline::Code(text) => self.wrapped("code", |body| escape(&mut body.out, text)),
                Inline::Emphasis(children) => self.wrapped("em", |body| body.inlines(children)),
                Inline::Strong(children) => self.wrapped("strong", |body| body.inlines(children)),
                Inline::Link(link) => self.link(&link),
                Inline::Image(image) => self.image(&image),
                Inline::Reference(reference) => self.reference(&reference),
                Inline::Law(law) => self.law(&law),
                Inline::Value(value) => self.value(&value),
                Inline::Comment(text) if self.renderer.view == View::Draft => {
                    self.out.push_str("<span class=\"comment\">");
                    escape(&mut self.out, text);
                    self.out.push_str("</span>");
                }
                Inline::Comment(_) => {}
                Inline::FootnoteMark(mark) => self.footnote_mark(&mark),
                Inline::Checkbox(ticked) => self.checkbox(ticked),
            }
            before = Some(inline);
        }
    }

    fn wrapped(&mut self, tag: &str, content: impl FnOnce(&mut Self)) {
        self.out.extend(["<", tag, ">"]);
        content(self);
        self.out.extend(["</", tag, ">"]);
    }

    pub(super) fn checkbox(&mut self, ticked: bool) {
        self.out.push_str(if ticked { "<span class=\"box\">☑</span> " } else { "<span class=\"box\">☐</span> " });
    }

    fn link(&mut self, link: &Link<'_>) {
        let address = self.renderer.assets.address(link.url, self.linker);
        let outside = address.is_none();
        let url = address.unwrap_or_else(|| link.url.to_owned());
        // Any other scheme could run a script.
        let safe = !outside
            || ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        if !safe {
            return self.inlines(link.children);
        }
        self.out
            .push_str(if outside { "<a class=\"external\" rel=\"noreferrer\"" } else { "<a class=\"attachment\"" });
        attribute(&mut self.out, "href", &url);
        self.out.push('>');
        self.inlines(link.children);
        self.out.push_str("</a>");
    }

    fn image(&mut self, image: &Image<'_>) {
        let Some(address) = self.renderer.assets.address(image.url, self.linker) else { return };
        self.out.push_str("<img");
        attribute(&mut self.out, "src", &address);
        attribute(&mut self.out, "alt", image.alternative);
        self.out.push('>');
    }

    fn reference(&mut self, reference: &Reference<'_>) {
        let plan = self.renderer.plan;
        let words = words::reference_words(plan, reference);
        let Some(place) = plan.targets.find(reference.target, &plan.facts) else { return escape(&mut self.out, &words) };
        let address = self.linker.place(place);
        self.out.push_str("<a class=\"reference\"");
        attribute(&mut self.out, "href", &address);
        if !address.starts_with('#') {
            attribute(&mut self.out, "data-preview", &self.renderer.previews.of(plan, place));
        }
        self.out.push('>');
        escape(&mut self.out, &words);
        self.out.push_str("</a>");
    }

    fn law(&mut self, reference: &LawReference<'_>) {
        let plan = self.renderer.plan;
        let words = words::law_words(plan, reference);
        if plan.laws.named(reference.law).is_none() {
            return escape(&mut self.out, &words);
        }
        // Articles that only guidance cites have no entry among the laws.
        let article = reference.article.filter(|_| !self.in_guidance);
        self.out.push_str("<a class=\"law\"");
        attribute(&mut self.out, "href", &self.linker.law(reference.law, article));
        self.out.push('>');
        escape(&mut self.out, &words);
        self.out.push_str("</a>");
    }

    fn value(&mut self, value: &ValueReference<'_>) {
        let plan = self.renderer.plan;
        match plan.data.shown(value.path) {
            Value::Blank { width, title, unit } => {
                self.blank(width, &title, value.path);
                escape(&mut self.out, unit.as_deref().unwrap_or_default());
            }
            Value::Partial(parts) => {
                for part in parts {
                    match part {
                        Part::Words(words) => escape(&mut self.out, &words),
                        Part::Blank { width, title } => self.blank(width, &title, value.path),
                    }
                }
            }
            shown => {
                self.out.push_str("<span class=\"value\">");
                escape(&mut self.out, &words::value_words(plan, &shown));
                self.out.push_str("</span>");
            }
        }
    }

    pub(super) fn blank(&mut self, width: usize, title: &str, path: &str) {
        self.out.push_str("<span class=\"blank\"");
        attribute(&mut self.out, "title", title);
        if self.renderer.view == View::Draft {
            attribute(&mut self.out, "data-path", path);
        }
        self.out.push('>');
        self.out.push_str(&circles(width));
        self.out.push_str("</span>");
    }

    fn footnote_mark(&mut self, mark: &FootnoteMark<'_>) {
        let Fact::Mark(index, ordinal) = self.facts.of(mark.node) else { return };
        let Some(fact) = self.facts.footnotes.get(index as usize).copied().flatten() else { return };
        let (number, anchor, id) = (fact.number, fact.anchor(), mark_id(fact.number, ordinal));
        self.out.push_str(&format!(
            "<sup class=\"footnote-mark\"><a id=\"{id}\" href=\"#{anchor}\" role=\"doc-noteref\">{number}</a></sup>"
        ));
    }
}

/// The id of a footnote's mark; the first has the footnote's number alone.
pub(super) fn mark_id(number: u32, ordinal: u32) -> String {
    if ordinal > 1 { format!("fnref-{number}-{ordinal}") } else { format!("fnref-{number}") }
}
