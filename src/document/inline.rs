//! Inlines: what stands inside a paragraph, a heading or a cell.
//!
//! In: nothing. Out: [`Inline`], and what runs of them say: their plain words, the captions of their pictures, whether they are comments alone.
//! Values and references are kept as written; what they stand for is the business of `resolve` and `render`.

use super::{Inlines, NodeId};
use crate::diagnostic::Span;

/// A piece of running text.
#[derive(Clone, Copy, Debug)]
pub enum Inline<'a> {
    /// Words.
    Text(&'a str),
    /// A line end in the source.
    SoftBreak,
    /// A line end that readers see.
    LineBreak,
    /// Code.
    Code(&'a str),
    /// Emphasis.
    Emphasis(Inlines<'a>),
    /// Strong emphasis.
    Strong(Inlines<'a>),
    /// A link to an address outside the plan, or to an attachment.
    Link(Link<'a>),
    /// A picture.
    Image(Image<'a>),
    /// A reference to a place in the plan.
    Reference(Reference<'a>),
    /// A reference to a law.
    Law(LawReference<'a>),
    /// A value from `data/`.
    Value(ValueReference<'a>),
    /// An instruction to the drafter: drafts only.
    Comment(&'a str),
    /// A footnote's mark.
    FootnoteMark(FootnoteMark<'a>),
    /// ☐ or ☑.
    Checkbox(bool),
}

/// A link as Markdown writes it.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The address as written.
    pub url: &'a str,
    /// The words.
    pub children: Inlines<'a>,
    /// Where it stands.
    pub span: Span,
}

/// A picture as Markdown writes it.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    /// The path as written.
    pub url: &'a str,
    /// The description.
    pub alternative: &'a str,
    /// The caption, from the title.
    pub caption: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// Which words a reference shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label<'a> {
    /// The target's number and title.
    NumberAndTitle,
    /// The target's title.
    Title,
    /// These words.
    Words(&'a str),
}

/// `[[id]]`, `[[id|]]` or `[[id|words]]`.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// The id.
    pub target: &'a str,
    /// The words to show.
    pub label: Label<'a>,
    /// Where it stands.
    pub span: Span,
}

/// `[[law:id]]` or `[[law:id#article]]`, with words or without.
#[derive(Clone, Copy, Debug)]
pub struct LawReference<'a> {
    /// The law's id in `data/laws.yaml`.
    pub law: &'a str,
    /// The article's number as written: `10`, `10-1`.
    pub article: Option<&'a str>,
    /// The words to show.
    pub label: Label<'a>,
    /// Where it stands.
    pub span: Span,
}

/// `{{ file.field }}`.
#[derive(Clone, Copy, Debug)]
pub struct ValueReference<'a> {
    /// The dotted path.
    pub path: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// `[^name]`.
#[derive(Clone, Copy, Debug)]
pub struct FootnoteMark<'a> {
    /// Keys its number.
    pub node: NodeId,
    /// The footnote's name.
    pub name: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// Whether a run of inlines holds comments and nothing that a reader would see; an empty run does not.
#[must_use]
pub fn is_only_comments(inlines: Inlines<'_>) -> bool {
    let silent = |inline: Inline<'_>| match inline {
        Inline::Comment(_) | Inline::SoftBreak => true,
        Inline::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    inlines.iter().any(|inline| matches!(inline, Inline::Comment(_))) && inlines.iter().all(silent)
}

/// The words of a run of inlines without comments and footnote marks; `words` says what values and references stand for.
pub fn plain_text<'a>(inlines: impl IntoIterator<Item = Inline<'a>>, words: &mut dyn FnMut(Inline<'a>) -> String) -> String {
    // As much as most paragraphs need.
    let mut out = String::with_capacity(128);
    write_plain_text(inlines, words, &mut out);
    out
}

/// The captions of pictures among inlines, in printed order.
pub fn captions<'a>(inlines: Inlines<'a>, see: &mut dyn FnMut(&'a str)) {
    for inline in inlines.deep_beyond_words() {
        if let Inline::Image(picture) = inline
            && !picture.caption.is_empty()
        {
            see(picture.caption);
        }
    }
}

/// Adds the [`plain_text`] of a run of inlines to a text.
pub fn write_plain_text<'a>(inlines: impl IntoIterator<Item = Inline<'a>>, words: &mut dyn FnMut(Inline<'a>) -> String, out: &mut String) {
    let start = out.len();
    let mut breaks = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            // A line that somebody ended is apart from the next one.
            Inline::LineBreak => out.push(' '),
            Inline::SoftBreak => breaks.push({
                out.push(' ');
                out.len() - 1
            }),
            Inline::Emphasis(children) | Inline::Strong(children) => write_plain_text(children, words, out),
            Inline::Link(link) => write_plain_text(link.children, words, out),
            Inline::Image(image) => out.push_str(image.alternative),
            Inline::Reference(_) | Inline::Law(_) | Inline::Value(_) => out.push_str(&words(inline)),
            Inline::Comment(_) | Inline::FootnoteMark(_) => {}
            Inline::Checkbox(ticked) => out.push(if ticked { '☑' } else { '☐' }),
        }
    }
    for at in breaks.into_iter().rev() {
        if joins_without_space(out[start..at].chars().next_back(), out[at + 1..].chars().next()) {
            out.remove(at);
        }
    }
    out.truncate(start + out[start..].trim_end().len());
    let blank = out.len() - start - out[start..].trim_start().len();
    if blank > 0 {
        out.drain(start..start + blank);
    }
}

/// Whether a line end between two characters reads as nothing: between Han characters and their punctuation.
#[must_use]
pub fn joins_without_space(before: Option<char>, after: Option<char>) -> bool {
    let wide = |c: char| matches!(u32::from(c), 0x2e80..=0x9fff | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xffef | 0x20000..=0x3ffff);
    matches!((before, after), (Some(before), Some(after)) if wide(before) && wide(after))
}
