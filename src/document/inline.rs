//! Inlines: what stands inside a paragraph, a heading or a cell.
//!
//! In: nothing. Out: [`Inline`], [`Run`] and two questions about runs of them. Values and references are kept as written;
//! what they stand for is the business of `resolve` and `render`.

use super::{NodeId, Text, kept};
use crate::diagnostic::Span;
use std::ops::Deref;

/// A piece of running text.
#[derive(Debug)]
pub enum Inline {
    /// Words.
    Text(Text),
    /// A line end in the source.
    SoftBreak,
    /// A line end that readers see.
    LineBreak,
    /// Code.
    Code(Text),
    /// Emphasis.
    Emphasis(Box<[Inline]>),
    /// Strong emphasis.
    Strong(Box<[Inline]>),
    /// A link to an address outside the plan, or to an attachment.
    Link(Box<Link>),
    /// A picture.
    Image(Box<Image>),
    /// A reference to a place in the plan.
    Reference(Box<Reference>),
    /// A reference to a law.
    Law(Box<LawReference>),
    /// A value from `data/`.
    Value(Box<ValueReference>),
    /// An instruction to the drafter: drafts only.
    Comment(Text),
    /// A footnote's mark.
    FootnoteMark(Box<FootnoteMark>),
    /// ☐ or ☑.
    Checkbox(bool),
}

/// A run of inlines, such as a paragraph's.
#[derive(Debug)]
pub struct Run(Held);

/// One inline needs no room of its own; most runs are one.
#[derive(Debug)]
enum Held {
    One(Inline),
    Many(Box<[Inline]>),
}

impl From<Vec<Inline>> for Run {
    fn from(mut inlines: Vec<Inline>) -> Self {
        match inlines.pop() {
            Some(only) if inlines.is_empty() => Self(Held::One(only)),
            last => {
                inlines.extend(last);
                Self(Held::Many(kept(inlines)))
            }
        }
    }
}

impl Deref for Run {
    type Target = [Inline];

    fn deref(&self) -> &[Inline] {
        match &self.0 {
            Held::One(inline) => std::slice::from_ref(inline),
            Held::Many(inlines) => inlines,
        }
    }
}

/// A link as Markdown writes it.
#[derive(Debug)]
pub struct Link {
    /// The address as written.
    pub url: Text,
    /// The words.
    pub children: Box<[Inline]>,
    /// Where it stands.
    pub span: Span,
}

/// A picture as Markdown writes it.
#[derive(Debug)]
pub struct Image {
    /// The path as written.
    pub url: Text,
    /// The description.
    pub alternative: Text,
    /// The caption, from the title.
    pub caption: Text,
    /// Where it stands.
    pub span: Span,
}

/// Which words a reference shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// The target's number and title.
    NumberAndTitle,
    /// The target's title.
    Title,
    /// These words.
    Words(Text),
}

/// `[[id]]`, `[[id|]]` or `[[id|words]]`.
#[derive(Debug)]
pub struct Reference {
    /// The id.
    pub target: Text,
    /// The words to show.
    pub label: Label,
    /// Where it stands.
    pub span: Span,
}

/// `[[law:id]]` or `[[law:id#article]]`, with words or without.
#[derive(Debug)]
pub struct LawReference {
    /// The law's id in `data/laws.yaml`.
    pub law: Text,
    /// The article's number as written: `10`, `10-1`.
    pub article: Option<Text>,
    /// The words to show.
    pub label: Label,
    /// Where it stands.
    pub span: Span,
}

/// `{{ file.field }}`.
#[derive(Debug)]
pub struct ValueReference {
    /// The dotted path.
    pub path: Text,
    /// Where it stands.
    pub span: Span,
}

/// `[^name]`.
#[derive(Debug)]
pub struct FootnoteMark {
    /// Keys its number.
    pub node: NodeId,
    /// The footnote's name.
    pub name: Text,
    /// Where it stands.
    pub span: Span,
}

/// Whether a run of inlines holds comments and nothing that a reader would see; an empty run does not.
#[must_use]
pub fn is_only_comments(inlines: &[Inline]) -> bool {
    let silent = |inline: &Inline| match inline {
        Inline::Comment(_) | Inline::SoftBreak => true,
        Inline::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    inlines.iter().any(|inline| matches!(inline, Inline::Comment(_))) && inlines.iter().all(silent)
}

/// The words of a run of inlines without comments and footnote marks; `words` says what values and references stand for.
pub fn plain_text(inlines: &[Inline], words: &mut dyn FnMut(&Inline) -> String) -> String {
    let mut out = String::new();
    let mut breaks = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::SoftBreak | Inline::LineBreak => breaks.push({
                out.push(' ');
                out.len() - 1
            }),
            Inline::Emphasis(children) | Inline::Strong(children) => out.push_str(&plain_text(children, words)),
            Inline::Link(link) => out.push_str(&plain_text(&link.children, words)),
            Inline::Image(image) => out.push_str(&image.alternative),
            Inline::Reference(_) | Inline::Law(_) | Inline::Value(_) => out.push_str(&words(inline)),
            Inline::Comment(_) | Inline::FootnoteMark(_) => {}
            Inline::Checkbox(ticked) => out.push(if *ticked { '☑' } else { '☐' }),
        }
    }
    for at in breaks.into_iter().rev() {
        if joins_without_space(out[..at].chars().next_back(), out[at + 1..].chars().next()) {
            out.remove(at);
        }
    }
    out.truncate(out.trim_end().len());
    let blank = out.len() - out.trim_start().len();
    out.drain(..blank);
    out
}

/// Whether a line end between two characters reads as nothing: between Han characters and their punctuation.
#[must_use]
pub fn joins_without_space(before: Option<char>, after: Option<char>) -> bool {
    let wide = |c: char| matches!(u32::from(c), 0x2e80..=0x9fff | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xffef | 0x20000..=0x3ffff);
    matches!((before, after), (Some(before), Some(after)) if wide(before) && wide(after))
}
