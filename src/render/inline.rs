//! Inlines as HTML.
//!
//! In: inlines. Out: HTML in the vocabulary that themes style. Comments exist in drafts only.

use super::{
    View,
    body::Body,
    html::{attribute, attribute_with, escape},
};
use crate::{
    document::{FootnoteMark, Image, Inline, Inlines, LawReference, Link, Reference, ValueReference},
    numeral::arabic,
    resolve::{
        Fact,
        data::{Part, Value, circles},
        words,
    },
};
use memchr::memchr2;

impl Body<'_> {
    pub(super) fn inlines(&mut self, inlines: Inlines<'_>) {
        let (mut reading, mut before) = (inlines.iter(), None);
        while let Some(inline) = reading.next() {
            match inline {
                Inline::Text(text) => self.words(text),
                Inline::SoftBreak => {
                    if !words::joins(self.renderer.plan, Some(self.facts.part), before, reading.rest().first()) {
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

    /// Words; where they hold an address, or one of mail, it may go on in the next line. Style sheets know by that which lines not to stretch:
    /// what does not break would tear apart the line before it.
    fn words(&mut self, text: &str) {
        let is_mail = |signs: &[u8]| signs[1] == b'@' && signs[0].is_ascii_alphanumeric() && signs[2].is_ascii_alphanumeric();
        // A fast path: hardly any words have either sign.
        let may = memchr2(b':', b'@', text.as_bytes()).is_some();
        let breaks = may && (text.contains("://") || text.as_bytes().windows(3).any(is_mail));
        if !breaks {
            return escape(&mut self.out, text);
        }
        for (at, piece) in text.split_inclusive(['/', '@']).enumerate() {
            if at > 0 && piece != "/" {
                self.out.push_str("<wbr>");
            }
            escape(&mut self.out, piece);
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
        if let Some(address) = self.renderer.assets.address(link.url) {
            self.out.push_str("<a class=\"attachment\"");
            self.by_page(|out, linker| attribute(out, "href", &format!("{}{address}", linker.root)));
        } else {
            // Any other scheme could run a script.
            let safe = ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| link.url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
            if !safe {
                return self.inlines(link.children);
            }
            self.out.push_str("<a class=\"external\" rel=\"noreferrer\"");
            attribute(&mut self.out, "href", link.url);
        }
        self.out.push('>');
        self.inlines(link.children);
        self.out.push_str("</a>");
    }

    /// A picture within words; its caption stands below it.
    fn image(&mut self, image: &Image<'_>) {
        if image.caption.is_empty() {
            return self.bare_image(image);
        }
        self.out.push_str("<span class=\"captioned\">");
        self.bare_image(image);
        self.out.push_str("<span class=\"caption\">");
        escape(&mut self.out, image.caption);
        self.out.push_str("</span></span>");
    }

    pub(super) fn bare_image(&mut self, image: &Image<'_>) {
        let Some(address) = self.renderer.assets.address(image.url) else { return };
        self.out.push_str("<img");
        self.by_page(|out, linker| attribute(out, "src", &format!("{}{address}", linker.root)));
        attribute(&mut self.out, "alt", image.alternative);
        self.out.push('>');
    }

    fn reference(&mut self, reference: &Reference<'_>) {
        let renderer = self.renderer;
        let plan = renderer.plan;
        let part = Some(self.facts.part);
        let words = words::reference_words(plan, part, reference);
        let Some(place) = plan.targets.find(reference.target, &plan.facts) else { return escape(&mut self.out, &words) };
        self.out.push_str("<a class=\"reference\"");
        self.by_page(|out, linker| {
            attribute_with(out, "href", |out| linker.write_place(place, out));
            if !linker.has(place)
                && let Some(preview) = renderer.previews.text(plan, part, place, &words)
            {
                attribute(out, "data-preview", &preview);
            }
        });
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
        self.simple_link("law", |linker, out| linker.write_law(reference.law, article, out), &words);
    }

    fn value(&mut self, value: &ValueReference<'_>) {
        let plan = self.renderer.plan;
        match plan.data.shown(value.path) {
            Value::Blank { width, title, unit } => {
                self.blank(width, &title, value.path);
                escape(&mut self.out, unit.as_deref().unwrap_or_default());
            }
            Value::Partial(parts) if parts.iter().any(|part| matches!(part, Part::Blank { .. })) => {
                for part in parts {
                    match part {
                        Part::Words(words) => escape(&mut self.out, &words),
                        Part::Boolean(value) => escape(&mut self.out, words::yes_or_no(plan, value)),
                        Part::Blank { width, title, path } => self.blank(width, &title, &path),
                    }
                }
            }
            shown => {
                self.out.push_str("<span class=\"value\">");
                self.words(&words::value_words(plan, &shown));
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
        // Two side by side are read and copied as two numbers.
        let is_next = self.out.ends_with("</a></sup>");
        self.out.push_str("<sup class=\"footnote-mark\">");
        if is_next {
            self.out.push_str("<span class=\"sr-only\">");
            escape(&mut self.out, self.renderer.plan.term("list_separator"));
            self.out.push_str("</span>");
        }
        self.out.push_str("<a id=\"");
        mark_id(fact.number, ordinal, &mut self.out);
        self.out.push_str("\" href=\"#");
        self.out.push_str(&fact.anchor());
        self.out.push_str("\" role=\"doc-noteref\">");
        arabic(fact.number, &mut self.out);
        self.out.push_str("</a></sup>");
    }
}

/// Adds the id of a footnote's mark; the first has the footnote's number alone.
pub(super) fn mark_id(number: u32, ordinal: u32, out: &mut String) {
    out.push_str("fnref-");
    arabic(number, out);
    if ordinal > 1 {
        out.push('-');
        arabic(ordinal, out);
    }
}
