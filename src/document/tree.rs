//! A tree as it is kept: its nodes side by side in one list of numbers, in document order.
//!
//! In: the list that `write` wrote. Out: blocks, items and inlines, read where they are asked for. A plan of ten
//! thousand chapters has millions of nodes, and a box for each would take three times as much. Nothing else knows how nodes are written:
//!
//! - words of the file are two numbers, beginning and length; words that the file writes otherwise stand in a text beside it;
//! - a node that holds others begins with how many numbers it has, so that the next one is found without reading what is inside;
//! - conditions, which are few, stand beside the list.

mod inlines;

use super::{
    Anchor, Block, BlockKind, Code, Condition, DataTable, Field, Fields, Footnote, FootnoteMark, Image, Inline, Item, Label, LawReference,
    Link, List, ListKind, NodeId, Orientation, Reference, Section, Table, Text, ValueReference, numbers::Numbers,
};
use crate::diagnostic::{FileId, Span};
use std::{fmt, marker::PhantomData, sync::Arc};

/// The blocks and footnotes of a chapter, or of a cell.
#[derive(Debug)]
pub struct Tree {
    /// The file of every place in it.
    pub(super) file: FileId,
    /// The text whose words it shares.
    pub(super) whole: Arc<String>,
    /// Words that are written otherwise in that text.
    pub(super) own: Box<str>,
    pub(super) numbers: Numbers,
    /// Where the blocks end and the footnotes begin.
    pub(super) footnotes: u32,
    pub(super) conditions: Box<[Condition]>,
}

impl Tree {
    /// A tree without a node.
    #[must_use]
    pub fn empty(file: FileId) -> Self {
        Self {
            file,
            whole: Arc::default(),
            own: Box::default(),
            numbers: Numbers::default(),
            footnotes: 0,
            conditions: Box::default(),
        }
    }

    /// Words of this tree, shared with its text where they stand there.
    #[must_use]
    pub fn text(&self, words: &str) -> Text {
        Text::shared(&self.whole, words)
    }

    /// What the text says.
    #[must_use]
    pub fn blocks(&self) -> Blocks<'_> {
        Cursor { tree: self, at: 0 }.sequence(self.footnotes)
    }

    /// Its footnotes, in the order in which they are defined.
    #[must_use]
    pub fn footnotes(&self) -> Nodes<'_, Footnote<'_>> {
        Cursor { tree: self, at: self.footnotes }.sequence(self.numbers.count() - self.footnotes)
    }
}

/// The kinds of blocks as they are written; each kind of list is one.
#[derive(Clone, Copy)]
pub(super) enum BlockTag {
    Section,
    Paragraph,
    Clauses,
    Ordered,
    Bullets,
    Quote,
    Table,
    Code,
    ThematicBreak,
    Guidance,
    When,
    DataTable,
    Fields,
    Signature,
    Laws,
    Annexes,
}

impl BlockTag {
    const ALL: [Self; 16] = [
        Self::Section,
        Self::Paragraph,
        Self::Clauses,
        Self::Ordered,
        Self::Bullets,
        Self::Quote,
        Self::Table,
        Self::Code,
        Self::ThematicBreak,
        Self::Guidance,
        Self::When,
        Self::DataTable,
        Self::Fields,
        Self::Signature,
        Self::Laws,
        Self::Annexes,
    ];
}

/// The kinds of inlines as they are written.
#[derive(Clone, Copy)]
pub(super) enum InlineTag {
    Text,
    SoftBreak,
    LineBreak,
    Code,
    Emphasis,
    Strong,
    Link,
    Image,
    Reference,
    Law,
    Value,
    Comment,
    FootnoteMark,
    Unticked,
    Ticked,
}

impl InlineTag {
    const ALL: [Self; 15] = [
        Self::Text,
        Self::SoftBreak,
        Self::LineBreak,
        Self::Code,
        Self::Emphasis,
        Self::Strong,
        Self::Link,
        Self::Image,
        Self::Reference,
        Self::Law,
        Self::Value,
        Self::Comment,
        Self::FootnoteMark,
        Self::Unticked,
        Self::Ticked,
    ];
}

/// How many bits of a number say what a node is.
pub(super) const TAG: u32 = 4;

/// Nodes side by side, read one after the other.
pub struct Nodes<'a, T> {
    cursor: Cursor<'a>,
    end: u32,
    of: PhantomData<fn() -> T>,
}

/// Blocks side by side.
pub type Blocks<'a> = Nodes<'a, Block<'a>>;
/// A run of inlines, such as a paragraph's.
pub type Inlines<'a> = Nodes<'a, Inline<'a>>;
/// Runs side by side, such as the cells of a row.
pub type Runs<'a> = Nodes<'a, Inlines<'a>>;

impl<T> Clone for Nodes<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Nodes<'_, T> {}

impl<'a, T: Node<'a>> Nodes<'a, T> {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.cursor.at == self.end
    }

    /// How many there are.
    #[must_use]
    pub fn count(self) -> usize {
        self.iter().count()
    }

    /// The first.
    #[must_use]
    pub fn first(self) -> Option<T> {
        self.iter().next()
    }

    /// The one that there is; `None` when there are others too.
    #[must_use]
    pub fn only(self) -> Option<T> {
        let mut all = self.iter();
        all.next().filter(|_| all.next().is_none())
    }

    /// All of them.
    #[must_use]
    pub fn iter(self) -> Reading<'a, T> {
        Reading(self)
    }
}

impl<'a, T: Node<'a>> IntoIterator for Nodes<'a, T> {
    type Item = T;
    type IntoIter = Reading<'a, T>;

    fn into_iter(self) -> Reading<'a, T> {
        Reading(self)
    }
}

impl<'a, T: Node<'a> + fmt::Debug> fmt::Debug for Nodes<'a, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(*self).finish()
    }
}

/// Reads nodes one after the other.
#[derive(Clone)]
pub struct Reading<'a, T>(Nodes<'a, T>);

impl<'a, T: Node<'a>> Reading<'a, T> {
    /// What has not been read yet.
    #[must_use]
    pub fn rest(&self) -> Nodes<'a, T> {
        self.0
    }
}

impl<'a, T: Node<'a>> Iterator for Reading<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        (!self.0.is_empty()).then(|| T::read(&mut self.0.cursor))
    }
}

/// What can be read from a tree.
pub trait Node<'a>: Copy {
    /// Reads one and leaves the cursor behind it.
    fn read(cursor: &mut Cursor<'a>) -> Self;
}

/// A place in a tree's list.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    tree: &'a Tree,
    at: u32,
}

impl<'a> Cursor<'a> {
    #[inline]
    fn number(&mut self) -> u32 {
        let [number] = self.next();
        number
    }

    /// The next few numbers.
    #[inline]
    fn next<const N: usize>(&mut self) -> [u32; N] {
        let next = self.tree.numbers.at(self.at);
        self.at += u32::try_from(N).unwrap_or(u32::MAX);
        next
    }

    /// Whether the next inline is words.
    fn is_at_words(self) -> bool {
        let [number] = self.tree.numbers.at(self.at);
        number & ((1 << TAG) - 1) == InlineTag::Text as u32
    }

    fn small(&mut self) -> u8 {
        u8::try_from(self.number()).unwrap_or(0)
    }

    fn span(&mut self) -> Span {
        let [start, end] = self.next();
        Span { file: self.tree.file, start, end }
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.number())
    }

    fn text(&mut self) -> &'a str {
        let length = self.number();
        self.words(length)
    }

    /// Words whose length has been read; its lowest bit says in which text they stand.
    #[inline]
    fn words(&mut self, length: u32) -> &'a str {
        let whole: &'a str = if length & 1 == 0 { &self.tree.whole } else { &self.tree.own };
        let start = self.number() as usize;
        &whole[start..start + (length >> 1) as usize]
    }

    fn condition(&mut self) -> &'a Condition {
        &self.tree.conditions[self.number() as usize]
    }

    fn anchor(&mut self) -> Anchor<'a> {
        Anchor { id: self.text(), span: self.span() }
    }

    /// The nodes in the next so many numbers.
    fn sequence<T>(&mut self, length: u32) -> Nodes<'a, T> {
        let cursor = *self;
        self.at += length;
        Nodes { cursor, end: self.at, of: PhantomData }
    }

    /// The nodes from here to the end of what holds them.
    fn rest<T>(&mut self, end: u32) -> Nodes<'a, T> {
        self.sequence(end - self.at)
    }

    /// Nodes that begin with how many numbers they have.
    fn measured<T>(&mut self) -> Nodes<'a, T> {
        let length = self.number();
        self.sequence(length)
    }

    /// A label, of which its kind has been read.
    fn label(&mut self, kind: u32) -> Label<'a> {
        match kind {
            0 => Label::NumberAndTitle,
            1 => Label::Title,
            _ => Label::Words(self.text()),
        }
    }
}

impl<'a> Node<'a> for Block<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        let [first, start, to] = cursor.next();
        let (end, span) = (cursor.at - 2 + (first >> TAG), Span { file: cursor.tree.file, start, end: to });
        let tag = BlockTag::ALL[(first & ((1 << TAG) - 1)) as usize];
        let list = |cursor: &mut Cursor<'a>, kind| BlockKind::List(List { kind, items: cursor.rest(end) });
        let kind = match tag {
            BlockTag::Section => BlockKind::Section(section(cursor, end)),
            BlockTag::Paragraph => BlockKind::Paragraph(cursor.rest(end)),
            BlockTag::Clauses => list(cursor, ListKind::Clauses),
            BlockTag::Ordered => list(cursor, ListKind::Ordered),
            BlockTag::Bullets => list(cursor, ListKind::Bullets),
            BlockTag::Quote => BlockKind::Quote(cursor.rest(end)),
            BlockTag::Table => BlockKind::Table(Table { alignments: cursor.measured(), head: cursor.measured(), rows: cursor.rest(end) }),
            BlockTag::Code => BlockKind::Code(Code { language: cursor.text(), text: cursor.text() }),
            BlockTag::ThematicBreak => BlockKind::ThematicBreak,
            BlockTag::Guidance => BlockKind::Guidance(cursor.rest(end)),
            BlockTag::When => BlockKind::When { node: cursor.node(), condition: cursor.condition(), blocks: cursor.rest(end) },
            BlockTag::DataTable => BlockKind::DataTable(data_table(cursor)),
            BlockTag::Fields => BlockKind::Fields(Fields { columns: cursor.small(), fields: cursor.rest(end) }),
            BlockTag::Signature => BlockKind::Signature(cursor.rest(end)),
            BlockTag::Laws => BlockKind::Laws(cursor.node()),
            BlockTag::Annexes => BlockKind::Annexes(cursor.node()),
        };
        Self { kind, span }
    }
}

fn section<'a>(cursor: &mut Cursor<'a>, end: u32) -> Section<'a> {
    let (node, marks, heading) = (cursor.node(), cursor.number(), cursor.span());
    Section {
        node,
        level: if marks & 4 == 0 { 2 } else { 3 },
        anchor: (marks & 1 != 0).then(|| cursor.anchor()),
        when: (marks & 2 != 0).then(|| cursor.condition()),
        title: cursor.measured(),
        heading,
        blocks: cursor.rest(end),
    }
}

fn data_table<'a>(cursor: &mut Cursor<'a>) -> DataTable<'a> {
    let (name, span, marks) = (cursor.text(), cursor.span(), cursor.number());
    let orientation = if marks & 1 == 0 { Orientation::Portrait } else { Orientation::Landscape };
    DataTable { name, span, blank_rows: u16::try_from(marks >> 1).unwrap_or(0), orientation }
}

impl<'a> Node<'a> for Item<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        let [first, node, start, to] = cursor.next();
        let end = cursor.at - 3 + (first >> 3);
        Self {
            node: NodeId(node),
            span: Span { file: cursor.tree.file, start, end: to },
            anchor: (first & 1 != 0).then(|| cursor.anchor()),
            when: (first & 2 != 0).then(|| cursor.condition()),
            number: (first & 4 != 0).then(|| cursor.number()),
            blocks: cursor.rest(end),
        }
    }
}

impl<'a> Node<'a> for Footnote<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        let first = cursor.number();
        let end = cursor.at + (first >> 1);
        Self { name: cursor.text(), span: cursor.span(), marked: first & 1 != 0, blocks: cursor.rest(end) }
    }
}

impl<'a> Node<'a> for Field<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        let length = cursor.number();
        let end = cursor.at + length;
        Self { rows: cursor.small(), label: cursor.measured(), preprinted: cursor.measured(), choices: cursor.rest(end) }
    }
}

/// A list within a list: a run among runs, or a row among rows.
impl<'a, T: Node<'a>> Node<'a> for Nodes<'a, T> {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        cursor.measured()
    }
}

impl<'a> Node<'a> for super::Alignment {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        match cursor.number() {
            0 => Self::Usual,
            1 => Self::Center,
            _ => Self::Right,
        }
    }
}

impl<'a> Node<'a> for Inline<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        let first = cursor.number();
        let more = first >> TAG;
        match InlineTag::ALL[(first & ((1 << TAG) - 1)) as usize] {
            InlineTag::Text => Self::Text(cursor.words(more)),
            InlineTag::SoftBreak => Self::SoftBreak,
            InlineTag::LineBreak => Self::LineBreak,
            InlineTag::Code => Self::Code(cursor.words(more)),
            InlineTag::Emphasis => Self::Emphasis(cursor.sequence(more)),
            InlineTag::Strong => Self::Strong(cursor.sequence(more)),
            InlineTag::Link => {
                let end = cursor.at + more;
                Self::Link(Link { span: cursor.span(), url: cursor.text(), children: cursor.rest(end) })
            }
            InlineTag::Image => {
                let (span, url) = (cursor.span(), cursor.text());
                Self::Image(Image { url, alternative: cursor.text(), caption: cursor.text(), span })
            }
            InlineTag::Reference => Self::Reference(Reference { span: cursor.span(), target: cursor.text(), label: cursor.label(more) }),
            InlineTag::Law => {
                let (span, law) = (cursor.span(), cursor.text());
                let article = (more & 1 != 0).then(|| cursor.text());
                Self::Law(LawReference { law, article, label: cursor.label(more >> 1), span })
            }
            InlineTag::Value => Self::Value(ValueReference { span: cursor.span(), path: cursor.text() }),
            InlineTag::Comment => Self::Comment(cursor.words(more)),
            InlineTag::FootnoteMark => Self::FootnoteMark(FootnoteMark { node: cursor.node(), span: cursor.span(), name: cursor.text() }),
            InlineTag::Unticked => Self::Checkbox(false),
            InlineTag::Ticked => Self::Checkbox(true),
        }
    }
}
