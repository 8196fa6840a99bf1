//! Visiting what belongs to the plan.
//!
//! In: a chapter, its facts and the data. Out: a call for each block and each inline but words that no condition removed, in document
//! order, with the clause it belongs to. Footnotes come after the text, each under the clause of its mark.

use super::{
    Decision, Fact, Facts,
    data::{Cell, Data, Table},
};
use crate::{
    diagnostic::Span,
    document::{Block, BlockKind, Blocks, Chapter, Field, Inline, Inlines},
    source::Sources,
};

/// A block or an inline.
#[derive(Clone, Copy)]
pub enum Seen<'a> {
    /// A block, before what is inside it.
    Block(Block<'a>),
    /// An inline that is more than words, before what is inside it.
    Inline(Inline<'a>),
}

/// Where something was seen.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// The clause it belongs to, by index; `None` for the chapter itself.
    pub clause: Option<u32>,
    /// Whether only drafts show it.
    pub guidance: bool,
    /// Whether it is part of a footnote.
    pub note: bool,
    /// Whether it is quoted: the words are those of another text.
    pub quoted: bool,
    /// The cell of a data table that holds it.
    cell: Option<(&'a Table, usize, usize)>,
}

impl<'a> Context<'a> {
    /// Whether it is part of a data table's cell.
    #[must_use]
    pub fn is_in_cell(&self) -> bool {
        self.cell.is_some()
    }

    /// The data table, row and column of the cell that holds it.
    #[must_use]
    pub fn cell(&self) -> Option<(&'a Table, usize, usize)> {
        self.cell
    }

    /// The same inside of a data table's cell.
    #[must_use]
    pub fn in_cell(self, table: &'a Table, row: usize, column: usize) -> Self {
        Self { cell: Some((table, row, column)), ..self }
    }

    /// The place for a finding: the thing's own span, or that in a data table's cell.
    #[must_use]
    pub fn place(&self, span: Span, sources: &Sources) -> Span {
        self.cell.map_or(span, |(table, row, column)| table.place_in_cell(sources, row, column, span))
    }
}

/// Visits everything in a chapter that belongs to the plan and is more than words; a chapter that does not belong to it has nothing.
pub fn visit<'a>(chapter: &'a Chapter, facts: &Facts, data: &'a Data, see: &mut dyn FnMut(Seen<'a>, Context<'a>)) {
    run(chapter, Visitor { facts, data, see, with_inlines: true, with_absent: false });
}

/// Visits everything in a chapter, what conditions removed as well.
pub fn visit_with_absent<'a>(chapter: &'a Chapter, facts: &Facts, data: &'a Data, see: &mut dyn FnMut(Seen<'a>, Context<'a>)) {
    run(chapter, Visitor { facts, data, see, with_inlines: true, with_absent: true });
}

/// Visits the blocks among it, and passes over what stands in paragraphs, headings and cells.
pub fn visit_blocks<'a>(chapter: &'a Chapter, facts: &Facts, data: &'a Data, see: &mut dyn FnMut(Block<'a>, Context<'a>)) {
    let see = &mut |seen: Seen<'a>, context: Context<'a>| {
        if let Seen::Block(block) = seen {
            see(block, context);
        }
    };
    run(chapter, Visitor { facts, data, see, with_inlines: false, with_absent: false });
}

fn run<'a>(chapter: &'a Chapter, mut visitor: Visitor<'_, 'a>) {
    let facts = visitor.facts;
    if facts.decision == Decision::Fails && !visitor.with_absent {
        return;
    }
    let context = Context::default();
    visitor.blocks(chapter.tree.blocks(), context);
    // What no mark points to is not printed, and so cites nothing.
    for (footnote, fact) in facts.printed_notes(chapter) {
        visitor.blocks(footnote.blocks, Context { clause: fact.clause, note: true, ..context });
    }
}

struct Visitor<'v, 'a> {
    facts: &'v Facts,
    data: &'a Data,
    see: &'v mut dyn FnMut(Seen<'a>, Context<'a>),
    with_inlines: bool,
    with_absent: bool,
}

impl<'a> Visitor<'_, 'a> {
    fn blocks(&mut self, blocks: Blocks<'a>, context: Context<'a>) {
        for block in blocks {
            self.block(block, context);
        }
    }

    fn block(&mut self, block: Block<'a>, context: Context<'a>) {
        let with_absent = self.with_absent;
        let inside = |fact: Fact| match fact {
            Fact::Clause(index, _) => Some(Context { clause: Some(index), ..context }),
            Fact::Absent | Fact::Decision(Decision::Fails) => with_absent.then_some(context),
            Fact::None | Fact::Clauses(..) | Fact::Decision(_) | Fact::Mark(..) => Some(context),
        };
        match block.kind {
            BlockKind::Section(section) => {
                let Some(context) = inside(self.facts.of(section.node)) else { return };
                (self.see)(Seen::Block(block), context);
                self.inlines(section.title, context);
                self.blocks(section.blocks, context);
            }
            BlockKind::When { node, blocks, .. } => {
                let Some(context) = inside(self.facts.of(node)) else { return };
                (self.see)(Seen::Block(block), context);
                self.blocks(blocks, context);
            }
            BlockKind::List(list) => {
                (self.see)(Seen::Block(block), context);
                for item in list.items {
                    // Only clauses carry conditions; items of other lists have no fact and belong to what holds them.
                    if let Some(context) = inside(if context.cell.is_some() { Fact::None } else { self.facts.of(item.node) }) {
                        self.blocks(item.blocks, context);
                    }
                }
            }
            other => {
                (self.see)(Seen::Block(block), context);
                self.content(other, context);
            }
        }
    }

    fn content(&mut self, kind: BlockKind<'a>, context: Context<'a>) {
        match kind {
            BlockKind::Paragraph(inlines) => self.inlines(inlines, context),
            BlockKind::Quote(blocks) => self.blocks(blocks, Context { quoted: true, ..context }),
            BlockKind::Guidance(blocks) => self.blocks(blocks, Context { guidance: true, ..context }),
            BlockKind::Table(table) => table.lines().flatten().for_each(|cell| self.inlines(cell, context)),
            BlockKind::Fields(fields) => {
                fields.fields.iter().flat_map(Field::words).for_each(|inlines| self.inlines(inlines, context));
            }
            BlockKind::Signature(roles) => roles.iter().for_each(|role| self.inlines(role, context)),
            BlockKind::DataTable(reference) => self.cells(reference.name, context),
            BlockKind::Section(_)
            | BlockKind::When { .. }
            | BlockKind::List(_)
            | BlockKind::Code(_)
            | BlockKind::ThematicBreak
            | BlockKind::Laws(_)
            | BlockKind::Annexes(_) => {}
        }
    }

    fn cells(&mut self, name: &str, context: Context<'a>) {
        let Some(table) = self.data.table(name) else { return };
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.cells.iter().enumerate() {
                if let Cell::Markdown(fragment) = cell {
                    self.blocks(fragment.tree.blocks(), Context { cell: Some((table, row, column)), ..context });
                }
            }
        }
    }

    fn inlines(&mut self, inlines: Inlines<'a>, context: Context<'a>) {
        if self.with_inlines {
            inlines.deep_beyond_words().for_each(|inline| (self.see)(Seen::Inline(inline), context));
        }
    }
}
