//! A tree while it is being read from its text: each node by itself, so that lists can grow and nodes can move.
//!
//! In: nothing. Out: the types that `parse` builds and hands to [`Tree::new`](super::Tree::new). What they mean is said where every later
//! stage reads them.

use super::{Alignment, Condition, ListKind, NodeId, Orientation, Text};
use crate::diagnostic::Span;

/// A run of inlines, such as a paragraph's.
pub type Run = Vec<Inline>;

/// A footnote's definition.
#[derive(Debug)]
pub struct Footnote {
    /// The name between `[^` and `]`.
    pub name: Text,
    /// Where it is defined.
    pub span: Span,
    /// Whether any mark points to it, in whatever branch.
    pub marked: bool,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// An address as written: `{#id}`.
#[derive(Debug)]
pub struct Anchor {
    /// The id.
    pub id: Text,
    /// Where it is written.
    pub span: Span,
}

/// A block and its place.
#[derive(Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub span: Span,
}

/// What a block can be.
#[derive(Debug)]
pub enum BlockKind {
    /// A heading with everything up to the next heading of its level.
    Section(Box<Section>),
    /// A paragraph.
    Paragraph(Run),
    /// A list.
    List(List),
    /// A block quote.
    Quote(Vec<Block>),
    /// A table typed in Markdown.
    Table(Box<Table>),
    /// A code block.
    Code(Box<Code>),
    /// A line across.
    ThematicBreak,
    /// Drafting guidance: drafts only.
    Guidance(Vec<Block>),
    /// Blocks that belong to the plan while a condition holds.
    When {
        /// Keys the decision.
        node: NodeId,
        /// The condition.
        condition: Box<Condition>,
        /// The blocks.
        blocks: Vec<Block>,
    },
    /// A table from `data/`.
    DataTable(Box<DataTable>),
    /// A grid of labels and blanks.
    Fields(Fields),
    /// Boxes to sign in: each the inlines of a role.
    Signature(Vec<Run>),
    /// The laws of `data/laws.yaml` as numbered clauses.
    Laws(NodeId),
    /// The annexes as numbered clauses.
    Annexes(NodeId),
}

/// A heading and what belongs to it.
#[derive(Debug)]
pub struct Section {
    /// Keys its number, address and decision.
    pub node: NodeId,
    /// 2 for `##`, 3 for `###`.
    pub level: u8,
    /// Its address, when it has one.
    pub anchor: Option<Box<Anchor>>,
    /// The condition that governs the whole section.
    pub when: Option<Box<Condition>>,
    /// The heading's words.
    pub title: Run,
    /// The heading's place.
    pub heading: Span,
    /// Everything below the heading.
    pub blocks: Vec<Block>,
}

/// A code block.
#[derive(Debug)]
pub struct Code {
    /// The word after the fence, empty when there is none.
    pub language: Text,
    /// The text.
    pub text: Text,
}

/// A list.
#[derive(Debug)]
pub struct List {
    /// What its marks mean.
    pub kind: ListKind,
    /// Its items.
    pub items: Vec<Item>,
}

/// One item of a list.
#[derive(Debug)]
pub struct Item {
    /// Keys its number, address and decision.
    pub node: NodeId,
    /// Its address, when it has one of its own.
    pub anchor: Option<Box<Anchor>>,
    /// The condition under which it belongs to the plan.
    pub when: Option<Box<Condition>>,
    /// In a list that is no clauses: the number it was given, if that is not the one after the item before, or one.
    pub number: Option<u32>,
    /// Where it stands.
    pub span: Span,
    /// What it says; empty for an item that was left open.
    pub blocks: Vec<Block>,
}

/// A table typed in Markdown.
#[derive(Debug)]
pub struct Table {
    /// One for each column.
    pub alignments: Vec<Alignment>,
    /// The header cells.
    pub head: Vec<Run>,
    /// The rows below.
    pub rows: Vec<Vec<Run>>,
}

/// A reference to a table in `data/`.
#[derive(Debug)]
pub struct DataTable {
    /// The file's stem.
    pub name: Text,
    /// Where the name is written.
    pub span: Span,
    /// How many empty rows follow the data.
    pub blank_rows: u16,
    /// How it lies on paper.
    pub orientation: Orientation,
}

/// A form's grid of labels and blanks.
#[derive(Debug)]
pub struct Fields {
    /// Columns side by side, 1 to 4.
    pub columns: u8,
    /// The fields in order.
    pub fields: Vec<Field>,
}

/// One blank of a form.
#[derive(Debug)]
pub struct Field {
    /// What is to be filled in.
    pub label: Run,
    /// Text printed inside the blank.
    pub preprinted: Run,
    /// Boxes to tick.
    pub choices: Vec<Run>,
    /// Height in lines; more than one takes the whole width.
    pub rows: u8,
}

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
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
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

/// A link as Markdown writes it.
#[derive(Debug)]
pub struct Link {
    /// The address as written.
    pub url: Text,
    /// The words.
    pub children: Vec<Inline>,
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
#[derive(Debug)]
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
