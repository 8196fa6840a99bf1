//! Ways through a run of inlines.
//!
//! In: a run. Out: its inlines, with those inside emphasis and links or without, and with words or without. Nothing is kept on the way:
//! nodes stand side by side, what is inside one right before what follows it.

use super::{Inlines, Reading};
use crate::document::{Inline, Link};

impl<'a> Inlines<'a> {
    /// Those that are more than words. Most runs are words and nothing else, which need not be read to be passed over.
    pub fn beyond_words(self) -> impl Iterator<Item = Inline<'a>> {
        let mut reading = self.iter();
        std::iter::from_fn(move || reading.past_words().next())
    }

    /// All of them at any depth, in document order: emphasis and links come before what is inside them.
    pub fn deep(self) -> impl Iterator<Item = Inline<'a>> {
        let mut reading = self.iter();
        std::iter::from_fn(move || reading.next_or_inside())
    }

    /// Those at any depth that are more than words, in the same order.
    pub fn deep_beyond_words(self) -> impl Iterator<Item = Inline<'a>> {
        let mut reading = self.iter();
        std::iter::from_fn(move || reading.past_words().next_or_inside())
    }
}

impl<'a> Reading<'a, Inline<'a>> {
    /// What follows the words that come next, if words come next.
    fn past_words(&mut self) -> &mut Self {
        while !self.0.is_empty() && self.0.cursor.is_at_words() {
            self.0.cursor.at += 2;
        }
        self
    }

    /// The next one; emphasis and links leave off before what is inside them.
    fn next_or_inside(&mut self) -> Option<Inline<'a>> {
        let next = self.next()?;
        if let Inline::Emphasis(inside) | Inline::Strong(inside) | Inline::Link(Link { children: inside, .. }) = next {
            self.0.cursor = inside.cursor;
        }
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        diagnostic::{FileId, Span},
        document::{BlockKind, Text, Tree, owned},
    };
    use std::sync::Arc;

    fn kinds<'a>(inlines: impl Iterator<Item = Inline<'a>>) -> String {
        let kind = |inline| match inline {
            Inline::Text(text) | Inline::Code(text) => text,
            Inline::Emphasis(_) => "*",
            Inline::Strong(_) => "**",
            Inline::Link(_) => "[]",
            _ => "-",
        };
        inlines.map(kind).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_inside_comes_between_what_holds_it_and_what_follows() {
        let text = |words: &str| owned::Inline::Text(Text::from(words));
        let span = Span::new(FileId(0), 0, 0);
        let code = owned::Inline::Code(Text::from("丙"));
        let children = vec![text("乙"), owned::Inline::Strong(vec![code]), owned::Inline::Emphasis(Vec::new())];
        let link = owned::Inline::Link(owned::Link { url: Text::from("網址"), children, span }.into());
        let run = vec![text("甲"), owned::Inline::Emphasis(vec![link, text("丁")]), owned::Inline::LineBreak, text("戊")];
        let block = owned::Block { kind: owned::BlockKind::Paragraph(run), span };
        let tree = Tree::new(FileId(0), &Arc::default(), vec![block], Vec::new());
        let Some(BlockKind::Paragraph(run)) = tree.blocks().first().map(|block| block.kind) else { unreachable!() };
        assert_eq!(kinds(run.beyond_words()), "* -");
        assert_eq!(kinds(run.deep()), "甲 * [] 乙 ** 丙 * 丁 - 戊");
        assert_eq!(kinds(run.deep_beyond_words()), "* [] ** 丙 * -");
    }
}
