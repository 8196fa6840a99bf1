//! Writing a tree as it is kept.
//!
//! In: the nodes that `parse` has read. Out: a [`Tree`]. What the numbers mean is said in [`tree`](super::tree).

use super::{
    Alignment, Condition, ListKind, Orientation, Text, Tree,
    owned::{Anchor, Block, BlockKind, Field, Footnote, Inline, Item, Label, LawReference, Run, Section, Table},
    tree::{BlockTag, InlineTag, TAG},
};
use crate::diagnostic::{FileId, Span};
use std::sync::Arc;

impl Tree {
    /// The tree of a text, or of a part of it; all of its places are in one file.
    #[must_use]
    pub fn new(file: FileId, whole: &Arc<String>, blocks: Vec<Block>, footnotes: Vec<Footnote>) -> Self {
        let mut writer = Writer { whole, own: String::new(), numbers: Vec::with_capacity(whole.len() / 4), conditions: Vec::new() };
        writer.blocks(blocks);
        let end = number(writer.numbers.len());
        for footnote in footnotes {
            writer.footnote(footnote);
        }
        let Writer { own, numbers, conditions, .. } = writer;
        let (own, conditions) = (own.into_boxed_str(), conditions.into_boxed_slice());
        Self { file, whole: Arc::clone(whole), own, numbers: numbers.into(), footnotes: end, conditions }
    }
}

/// A length or a place as it is written; no text is so long that it would not fit.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

struct Writer<'a> {
    whole: &'a Arc<String>,
    own: String,
    numbers: Vec<u32>,
    conditions: Vec<Condition>,
}

impl Writer<'_> {
    fn push(&mut self, number: u32) {
        self.numbers.push(number);
    }

    fn span(&mut self, span: Span) {
        self.numbers.extend([span.start, span.end]);
    }

    fn text(&mut self, text: &Text) {
        let (length, start) = self.place(text);
        self.numbers.extend([length, start]);
    }

    /// How long words are, and where they begin; the lowest bit of the length says in which text.
    fn place(&mut self, text: &Text) -> (u32, u32) {
        let length = number(text.len()) << 1;
        if let Some(start) = text.start_in(self.whole) {
            return (length, start);
        }
        let start = number(self.own.len());
        self.own.push_str(text);
        (length | 1, start)
    }

    fn condition(&mut self, condition: Condition) {
        self.push(number(self.conditions.len()));
        self.conditions.push(condition);
    }

    /// Writes nodes after how many numbers they have, which stand above the lowest bits of `marks`.
    fn measured(&mut self, bits: u32, marks: u32, inside: impl FnOnce(&mut Self)) {
        let at = self.numbers.len();
        self.push(0);
        inside(self);
        self.numbers[at] = number(self.numbers.len() - at - 1) << bits | marks;
    }

    fn blocks(&mut self, blocks: Vec<Block>) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: Block) {
        let tag = match &block.kind {
            BlockKind::Section(_) => BlockTag::Section,
            BlockKind::Paragraph(_) => BlockTag::Paragraph,
            BlockKind::List(list) => match list.kind {
                ListKind::Clauses => BlockTag::Clauses,
                ListKind::Ordered => BlockTag::Ordered,
                ListKind::Bullets => BlockTag::Bullets,
            },
            BlockKind::Quote(_) => BlockTag::Quote,
            BlockKind::Table(_) => BlockTag::Table,
            BlockKind::Code(_) => BlockTag::Code,
            BlockKind::ThematicBreak => BlockTag::ThematicBreak,
            BlockKind::Guidance(_) => BlockTag::Guidance,
            BlockKind::When { .. } => BlockTag::When,
            BlockKind::DataTable(_) => BlockTag::DataTable,
            BlockKind::Fields(_) => BlockTag::Fields,
            BlockKind::Signature(_) => BlockTag::Signature,
            BlockKind::Laws(_) => BlockTag::Laws,
            BlockKind::Annexes(_) => BlockTag::Annexes,
        };
        self.measured(TAG, tag as u32, |writer| {
            writer.span(block.span);
            writer.kind(block.kind);
        });
    }

    fn kind(&mut self, kind: BlockKind) {
        match kind {
            BlockKind::Section(section) => self.section(*section),
            BlockKind::Paragraph(inlines) => self.inlines(&inlines),
            BlockKind::List(list) => list.items.into_iter().for_each(|item| self.item(item)),
            BlockKind::Quote(blocks) | BlockKind::Guidance(blocks) => self.blocks(blocks),
            BlockKind::Table(table) => self.table(&table),
            BlockKind::Code(code) => [&code.language, &code.text].into_iter().for_each(|text| self.text(text)),
            BlockKind::ThematicBreak => {}
            BlockKind::When { node, condition, blocks } => {
                self.push(node.0);
                self.condition(*condition);
                self.blocks(blocks);
            }
            BlockKind::DataTable(table) => {
                self.text(&table.name);
                self.span(table.span);
                self.push(u32::from(table.blank_rows) << 1 | u32::from(table.orientation == Orientation::Landscape));
            }
            BlockKind::Fields(fields) => {
                self.push(fields.columns.into());
                fields.fields.iter().for_each(|field| self.field(field));
            }
            BlockKind::Signature(roles) => self.runs(&roles),
            BlockKind::Laws(node) | BlockKind::Annexes(node) => self.push(node.0),
        }
    }

    fn section(&mut self, section: Section) {
        let Section { node, level, anchor, when, title, heading, blocks } = section;
        self.push(node.0);
        self.push(u32::from(anchor.is_some()) | u32::from(when.is_some()) << 1 | u32::from(level > 2) << 2);
        self.span(heading);
        self.attributes(anchor.as_deref(), when);
        self.run(&title);
        self.blocks(blocks);
    }

    fn item(&mut self, item: Item) {
        let Item { node, anchor, when, number, span, blocks } = item;
        let marks = u32::from(anchor.is_some()) | u32::from(when.is_some()) << 1 | u32::from(number.is_some()) << 2;
        self.measured(3, marks, |writer| {
            writer.push(node.0);
            writer.span(span);
            writer.attributes(anchor.as_deref(), when);
            writer.numbers.extend(number);
            writer.blocks(blocks);
        });
    }

    fn attributes(&mut self, anchor: Option<&Anchor>, when: Option<Box<Condition>>) {
        if let Some(anchor) = anchor {
            self.text(&anchor.id);
            self.span(anchor.span);
        }
        if let Some(condition) = when {
            self.condition(*condition);
        }
    }

    fn footnote(&mut self, footnote: Footnote) {
        let Footnote { name, span, marked, blocks } = footnote;
        self.measured(1, marked.into(), |writer| {
            writer.text(&name);
            writer.span(span);
            writer.blocks(blocks);
        });
    }

    fn table(&mut self, table: &Table) {
        self.measured(0, 0, |writer| {
            let alignment = |alignment: &Alignment| match alignment {
                Alignment::Usual => 0,
                Alignment::Center => 1,
                Alignment::Right => 2,
            };
            writer.numbers.extend(table.alignments.iter().map(alignment));
        });
        for cells in std::iter::once(&table.head).chain(&table.rows) {
            self.measured(0, 0, |writer| writer.runs(cells));
        }
    }

    fn field(&mut self, field: &Field) {
        self.measured(0, 0, |writer| {
            writer.push(field.rows.into());
            [&field.label, &field.preprinted].into_iter().chain(&field.choices).for_each(|run| writer.run(run));
        });
    }

    fn runs(&mut self, runs: &[Run]) {
        for run in runs {
            self.run(run);
        }
    }

    fn run(&mut self, inlines: &[Inline]) {
        self.measured(0, 0, |writer| writer.inlines(inlines));
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.words(InlineTag::Text, text),
            Inline::SoftBreak => self.push(InlineTag::SoftBreak as u32),
            Inline::LineBreak => self.push(InlineTag::LineBreak as u32),
            Inline::Code(text) => self.words(InlineTag::Code, text),
            Inline::Emphasis(children) => self.measured(TAG, InlineTag::Emphasis as u32, |writer| writer.inlines(children)),
            Inline::Strong(children) => self.measured(TAG, InlineTag::Strong as u32, |writer| writer.inlines(children)),
            Inline::Link(link) => self.measured(TAG, InlineTag::Link as u32, |writer| {
                writer.span(link.span);
                writer.text(&link.url);
                writer.inlines(&link.children);
            }),
            Inline::Image(image) => {
                self.push(InlineTag::Image as u32);
                self.span(image.span);
                for text in [&image.url, &image.alternative, &image.caption] {
                    self.text(text);
                }
            }
            Inline::Reference(reference) => {
                self.push(label(&reference.label) << TAG | InlineTag::Reference as u32);
                self.span(reference.span);
                self.text(&reference.target);
                self.label(&reference.label);
            }
            Inline::Law(reference) => self.law(reference),
            Inline::Value(value) => {
                self.push(InlineTag::Value as u32);
                self.span(value.span);
                self.text(&value.path);
            }
            Inline::Comment(text) => self.words(InlineTag::Comment, text),
            Inline::FootnoteMark(mark) => {
                self.push(InlineTag::FootnoteMark as u32);
                self.push(mark.node.0);
                self.span(mark.span);
                self.text(&mark.name);
            }
            Inline::Checkbox(ticked) => self.push(if *ticked { InlineTag::Ticked } else { InlineTag::Unticked } as u32),
        }
    }

    /// Words that are a whole inline: what it is stands below their length.
    fn words(&mut self, tag: InlineTag, text: &Text) {
        let (length, start) = self.place(text);
        self.numbers.extend([length << TAG | tag as u32, start]);
    }

    fn law(&mut self, reference: &LawReference) {
        let marks = label(&reference.label) << 1 | u32::from(reference.article.is_some());
        self.push(marks << TAG | InlineTag::Law as u32);
        self.span(reference.span);
        self.text(&reference.law);
        if let Some(article) = &reference.article {
            self.text(article);
        }
        self.label(&reference.label);
    }

    fn label(&mut self, label: &Label) {
        if let Label::Words(words) = label {
            self.text(words);
        }
    }
}

/// A label's kind.
fn label(label: &Label) -> u32 {
    match label {
        Label::NumberAndTitle => 0,
        Label::Title => 1,
        Label::Words(_) => 2,
    }
}
