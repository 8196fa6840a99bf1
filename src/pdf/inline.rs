//! Running text for print.
//!
//! In: inlines. Out: words and marked pieces. Comments leave nothing behind, and spaces that fonts draw as boxes become plain ones.

use super::{
    reader::Reader,
    tree::{Block, Inline, Marked},
};
use crate::{
    document::{self, FootnoteMark, Inlines},
    resolve::{
        Fact, Place,
        data::{Part, Value, circles},
        words,
    },
};

impl Block {
    pub(super) fn words(words: impl AsRef<str>) -> Self {
        Self::Paragraph { text: vec![Inline::words(words)] }
    }
}

impl Inline {
    /// Words as a font can draw them.
    pub(super) fn words(words: impl AsRef<str>) -> Self {
        // No-break, en, em, thin and other spaces that official fonts have no glyph for.
        let plain = |c: char| if matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\t') { ' ' } else { c };
        let drawn = |c: &char| !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
        Self::Words(words.as_ref().chars().filter(drawn).map(plain).collect())
    }

    /// Words that no line's end parts: a unit.
    pub(super) fn whole(words: impl Into<String>) -> Self {
        Self::Marked(Marked::Whole { words: words.into() })
    }

    pub(super) fn reference(anchor: impl Into<String>, words: impl Into<String>) -> Self {
        Self::Marked(Marked::Reference { anchor: anchor.into(), words: words.into() })
    }

    pub(super) fn checkbox(ticked: bool) -> Self {
        Self::words(if ticked { "☑ " } else { "☐ " })
    }

    /// How many characters it is long; a line's end counts as a good part of a line.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Words(words) | Self::Marked(Marked::Code { words } | Marked::Whole { words } | Marked::Reference { words, .. }) => {
                words.chars().count()
            }
            Self::Marked(Marked::Break) => 8,
            Self::Marked(Marked::Emphasis { text } | Marked::Strong { text } | Marked::Link { text, .. }) => {
                text.iter().map(Self::length).sum()
            }
            Self::Marked(Marked::Picture { caption, .. }) => 2 + caption.chars().count(),
            Self::Marked(Marked::Note { .. }) => 2,
        }
    }

    /// Whether it is a picture or holds one.
    pub(super) fn is_picture(&self) -> bool {
        match self {
            Self::Marked(Marked::Picture { .. }) => true,
            Self::Marked(Marked::Emphasis { text } | Marked::Strong { text } | Marked::Link { text, .. }) => {
                text.iter().any(Self::is_picture)
            }
            _ => false,
        }
    }

    /// Lines below one another.
    pub(super) fn lines(lines: Vec<Vec<Self>>) -> Vec<Self> {
        let mut out = Vec::new();
        for line in lines {
            if !out.is_empty() {
                out.push(Self::Marked(Marked::Break));
            }
            out.extend(line);
        }
        out
    }
}

impl Reader<'_> {
    pub(super) fn inlines(&self, inlines: Inlines<'_>) -> Vec<Inline> {
        let (mut out, mut reading, mut before) = (Vec::new(), inlines.iter(), None);
        while let Some(inline) = reading.next() {
            match inline {
                document::Inline::Text(text) => out.push(Inline::words(text)),
                document::Inline::SoftBreak => {
                    if !words::joins(self.plan, Some(self.facts.part), before, reading.rest().first()) {
                        out.push(Inline::words(" "));
                    }
                }
                document::Inline::Value(value) => self.value(value.path, &mut out),
                document::Inline::Comment(_) => {}
                document::Inline::Checkbox(ticked) => out.push(Inline::checkbox(ticked)),
                document::Inline::Reference(reference) => out.push(self.reference(&reference)),
                document::Inline::Law(law) => out.push(Inline::words(words::law_words(self.plan, &law))),
                other => out.extend(self.marked(other).map(Inline::Marked)),
            }
            before = Some(inline);
        }
        out
    }

    fn marked(&self, inline: document::Inline<'_>) -> Option<Marked> {
        Some(match inline {
            document::Inline::LineBreak => Marked::Break,
            document::Inline::Code(words) => Marked::Code { words: words.to_owned() },
            document::Inline::Emphasis(children) => Marked::Emphasis { text: self.inlines(children) },
            document::Inline::Strong(children) => Marked::Strong { text: self.inlines(children) },
            document::Inline::Link(link) => Marked::Link { url: link.url.to_owned(), text: self.inlines(link.children) },
            document::Inline::Image(image) => Marked::Picture {
                path: self.picture(image.url)?,
                alternative: image.alternative.to_owned(),
                caption: image.caption.to_owned(),
            },
            document::Inline::FootnoteMark(mark) => self.note(&mark)?,
            _ => return None,
        })
    }

    fn reference(&self, reference: &document::Reference<'_>) -> Inline {
        let plan = self.plan;
        let words = words::reference_words(plan, Some(self.facts.part), reference);
        let place = plan.targets.find(reference.target, &plan.facts);
        let printed = place.filter(|place| !self.alone || plan.chapters[place.chapter as usize].id == self.chapter.id);
        let anchor = printed.map(|Place { chapter, clause }| match clause {
            Some(clause) => plan.facts[chapter as usize].clauses.at(clause).anchor().into_owned(),
            None => plan.chapters[chapter as usize].id.to_string(),
        });
        anchor.map_or_else(|| Inline::words(&words), |anchor| Inline::reference(anchor, words.clone()))
    }

    fn value(&self, path: &str, out: &mut Vec<Inline>) {
        match self.plan.data.shown(path) {
            Value::Blank { width, unit, .. } => {
                out.push(Inline::words(circles(width)));
                out.push(Inline::words(unit.unwrap_or_default()));
            }
            Value::Partial(parts) => out.extend(parts.into_iter().map(|part| match part {
                Part::Words(words) => Inline::words(words),
                Part::Boolean(value) => Inline::words(words::yes_or_no(self.plan, value)),
                Part::Blank { width, .. } => Inline::words(circles(width)),
            })),
            shown => out.push(Inline::words(words::value_words(self.plan, &shown))),
        }
    }

    fn note(&self, mark: &FootnoteMark) -> Option<Marked> {
        let Fact::Mark(index, ordinal) = self.facts.of(mark.node) else { return None };
        let fact = self.facts.footnotes.get(index as usize).copied().flatten()?;
        let footnote = self.chapter.tree.footnotes().iter().nth(index as usize)?;
        Some(Marked::Note {
            // Numbers begin anew in each part.
            id: format!("{}.{}", self.chapter.id, fact.anchor()),
            number: fact.number.to_string(),
            blocks: (ordinal == 1).then(|| self.blocks(footnote.blocks)),
        })
    }
}
