//! The document tree: what one chapter or annex says, without anything that depends on the rest of the plan.
//!
//! In: what `parse` has read, as [`owned`] nodes. Out: a [`Tree`], and the types as which every later stage reads it. Numbers, links and
//! values are no part of the tree: `resolve` keeps them beside it, keyed by [`NodeId`].

mod condition;
mod inline;
mod numbers;
pub mod owned;
mod text;
mod tree;
mod write;

pub use condition::{Comparison, Condition, Expression, Literal, Path};
pub use inline::{
    FootnoteMark, Image, Inline, Label, LawReference, Link, Reference, ValueReference, captions, is_only_comments, joins_without_space,
    plain_text, write_plain_text,
};
pub use text::Text;
pub use tree::{Blocks, Inlines, Node, Nodes, Reading, Runs, Tree};

use crate::{
    diagnostic::{Diagnostic, FileId, Span},
    source::Digest,
};
use std::sync::Arc;

/// A list as a tree keeps it, in no more room than it needs: shortening one where it stands frees none of it with many allocators.
#[must_use]
pub fn kept<T>(list: Vec<T>) -> Box<[T]> {
    if list.len() == list.capacity() {
        return list.into();
    }
    let mut exact = Vec::with_capacity(list.len());
    exact.extend(list);
    exact.into()
}

/// A node's index in its chapter, given in document order to every node that facts are kept about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What a file is: a chapter or an annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `chapters/ID.md`.
    Chapter,
    /// `annexes/ID.md`.
    Annex,
}

impl Kind {
    /// What themes call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chapter => "chapter",
            Self::Annex => "annex",
        }
    }

    /// The folder below `content/` and below the output.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Chapter => "chapters",
            Self::Annex => "annexes",
        }
    }

    /// The address of a chapter's or annex's page below the output.
    #[must_use]
    pub fn page(self, id: &str) -> String {
        format!("{}/{id}.html", self.folder())
    }
}

/// One chapter or annex.
#[derive(Debug)]
pub struct Chapter {
    /// The file's stem: the chapter's id and address.
    pub id: Arc<str>,
    /// Chapter or annex.
    pub kind: Kind,
    /// Its file.
    pub file: FileId,
    /// The digest of its text; the same text always gives the same tree.
    pub digest: Digest,
    /// Whether the file could be read; when not, the chapter is empty.
    pub readable: bool,
    /// What stands above the text.
    pub front: FrontMatter,
    /// The text and its footnotes.
    pub tree: Tree,
    /// How many node ids the tree holds.
    pub nodes: u32,
    /// What was found wrong while reading it.
    pub diagnostics: Vec<Diagnostic>,
}

/// The fields above a chapter's or an annex's text.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontMatter {
    /// Title without number.
    pub title: String,
    /// The place of the title, or the beginning of a file without one, for findings about the chapter itself.
    pub span: Span,
    /// Ids of the statutory requirements that it fulfils, with their places.
    pub fulfils: Vec<(String, Span)>,
    /// Words of headings that a chapter needs, with their places.
    pub sections: Vec<(String, Span)>,
    /// The level of its top lists, from 1 (the chapter's own) on; `None` is the usual one.
    pub list_level: Option<u8>,
    /// The condition under which it belongs to the plan.
    pub when: Option<Box<Condition>>,
    /// The unit responsible for it (負責單位).
    pub unit: Option<String>,
    /// Other names by which the text may call it.
    pub aliases: Vec<String>,
    /// Whether an annex is printed across.
    pub orientation: Orientation,
    /// An annex's own form number.
    pub number: Option<String>,
}

impl FrontMatter {
    /// With a title, and nothing else.
    #[must_use]
    pub fn new(title: String, span: Span) -> Self {
        Self {
            title,
            span,
            fulfils: Vec::new(),
            sections: Vec::new(),
            list_level: None,
            when: None,
            unit: None,
            aliases: Vec::new(),
            orientation: Orientation::default(),
            number: None,
        }
    }
}

/// How a page or table lies on paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// Across.
    Landscape,
}

/// A footnote's definition.
#[derive(Clone, Copy, Debug)]
pub struct Footnote<'a> {
    /// The name between `[^` and `]`.
    pub name: &'a str,
    /// Where it is defined.
    pub span: Span,
    /// Whether any mark points to it, in whatever branch.
    pub marked: bool,
    /// What it says.
    pub blocks: Blocks<'a>,
}

/// An address as written: `{#id}`.
#[derive(Clone, Copy, Debug)]
pub struct Anchor<'a> {
    /// The id.
    pub id: &'a str,
    /// Where it is written.
    pub span: Span,
}

/// A block and its place.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// What it is.
    pub kind: BlockKind<'a>,
    /// Where it stands.
    pub span: Span,
}

/// What a block can be.
#[derive(Clone, Copy, Debug)]
pub enum BlockKind<'a> {
    /// A heading with everything up to the next heading of its level.
    Section(Section<'a>),
    /// A paragraph.
    Paragraph(Inlines<'a>),
    /// A list.
    List(List<'a>),
    /// A block quote.
    Quote(Blocks<'a>),
    /// A table typed in Markdown.
    Table(Table<'a>),
    /// A code block.
    Code(Code<'a>),
    /// A line across.
    ThematicBreak,
    /// Drafting guidance: drafts only.
    Guidance(Blocks<'a>),
    /// Blocks that belong to the plan while a condition holds.
    When {
        /// Keys the decision.
        node: NodeId,
        /// The condition.
        condition: &'a Condition,
        /// The blocks.
        blocks: Blocks<'a>,
    },
    /// A table from `data/`.
    DataTable(DataTable<'a>),
    /// A grid of labels and blanks.
    Fields(Fields<'a>),
    /// Boxes to sign in: each the inlines of a role.
    Signature(Runs<'a>),
    /// The laws of `data/laws.yaml` as numbered clauses.
    Laws(NodeId),
    /// The annexes as numbered clauses.
    Annexes(NodeId),
}

/// A heading and what belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    /// Keys its number, address and decision.
    pub node: NodeId,
    /// 2 for `##`, 3 for `###`.
    pub level: u8,
    /// Its address, when it has one.
    pub anchor: Option<Anchor<'a>>,
    /// The condition that governs the whole section.
    pub when: Option<&'a Condition>,
    /// The heading's words.
    pub title: Inlines<'a>,
    /// The heading's place.
    pub heading: Span,
    /// Everything below the heading.
    pub blocks: Blocks<'a>,
}

impl Section<'_> {
    /// Whether the heading has no words.
    pub fn is_nameless(&self) -> bool {
        self.title.iter().all(|inline| matches!(inline, Inline::Comment(_)))
    }
}

/// A code block.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// The word after the fence, empty when there is none.
    pub language: &'a str,
    /// The text.
    pub text: &'a str,
}

/// What a list's marks mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Items are numbered clauses of the plan.
    Clauses,
    /// Items are numbered within the list only: in guidance, cells, footnotes and quotes.
    Ordered,
    /// Items have no number.
    Bullets,
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// What its marks mean.
    pub kind: ListKind,
    /// Its items.
    pub items: Nodes<'a, Item<'a>>,
}

/// One item of a list.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Keys its number, address and decision.
    pub node: NodeId,
    /// Its address, when it has one of its own.
    pub anchor: Option<Anchor<'a>>,
    /// The condition under which it belongs to the plan.
    pub when: Option<&'a Condition>,
    /// In a list that is no clauses: the number it was given, if that is not the one after the item before, or one.
    pub number: Option<u32>,
    /// Where it stands.
    pub span: Span,
    /// What it says; empty for an item that was left open.
    pub blocks: Blocks<'a>,
}

/// How a column of a Markdown table is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// As the theme has words, which is also where the source says that they stand to the left.
    Usual,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// A table typed in Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// One for each column.
    pub alignments: Nodes<'a, Alignment>,
    /// The header cells.
    pub head: Runs<'a>,
    /// The rows below.
    pub rows: Nodes<'a, Runs<'a>>,
}

/// A reference to a table in `data/`.
#[derive(Clone, Copy, Debug)]
pub struct DataTable<'a> {
    /// The file's stem.
    pub name: &'a str,
    /// Where the name is written.
    pub span: Span,
    /// How many empty rows follow the data.
    pub blank_rows: u16,
    /// How it lies on paper.
    pub orientation: Orientation,
}

/// A form's grid of labels and blanks.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// Columns side by side, 1 to 4.
    pub columns: u8,
    /// The fields in order.
    pub fields: Nodes<'a, Field<'a>>,
}

/// One blank of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// What is to be filled in.
    pub label: Inlines<'a>,
    /// Text printed inside the blank.
    pub preprinted: Inlines<'a>,
    /// Boxes to tick.
    pub choices: Runs<'a>,
    /// Height in lines; more than one takes the whole width.
    pub rows: u8,
}

impl<'a> Table<'a> {
    /// The cells of a row, each with how its column is aligned.
    pub fn aligned(self, row: Runs<'a>) -> impl Iterator<Item = (Option<Alignment>, Inlines<'a>)> {
        let mut alignments = self.alignments.iter();
        row.iter().map(move |cell| (alignments.next(), cell))
    }

    /// The rows, the header first.
    pub fn lines(self) -> impl Iterator<Item = Runs<'a>> {
        std::iter::once(self.head).chain(self.rows)
    }
}

impl<'a> Field<'a> {
    /// Everything that is written in it.
    pub fn words(self) -> impl Iterator<Item = Inlines<'a>> {
        [self.label, self.preprinted].into_iter().chain(self.choices)
    }
}
