//! From a flat run of headings and blocks to nested sections.
//!
//! In: blocks in source order. Out: blocks in which each heading holds what follows it, up to the next heading of its level
//! or above. A conditional block that brings its own headings closes the sections that those would close.

use crate::document::owned::{Block, BlockKind, Section};

/// A heading still without its content, or a block.
pub(super) enum Flat {
    /// A heading.
    Heading(Section),
    /// Anything else.
    Block(Block),
}

/// Nests sections.
pub(super) fn nest(flat: Vec<Flat>) -> Vec<Block> {
    let mut nesting = Nesting::default();
    for piece in flat {
        match piece {
            Flat::Heading(section) => {
                nesting.close_from(section.level);
                nesting.open.push((section, Vec::new()));
            }
            Flat::Block(block) => {
                if let Some(level) = highest_heading(&block) {
                    nesting.close_from(level);
                }
                nesting.add(block);
            }
        }
    }
    nesting.close_from(0);
    nesting.done
}

#[derive(Default)]
struct Nesting {
    done: Vec<Block>,
    open: Vec<(Section, Vec<Block>)>,
}

impl Nesting {
    fn add(&mut self, block: Block) {
        self.open.last_mut().map_or(&mut self.done, |(_, blocks)| blocks).push(block);
    }

    /// Closes the open sections of this level and below.
    fn close_from(&mut self, level: u8) {
        while self.open.last().is_some_and(|(section, _)| section.level >= level) {
            let Some((mut section, blocks)) = self.open.pop() else { return };
            section.blocks = blocks;
            let end = section.blocks.last().map_or(section.heading.end, |block| block.span.end.max(section.heading.end));
            let span = crate::diagnostic::Span { end, ..section.heading };
            self.add(Block { kind: BlockKind::Section(Box::new(section)), span });
        }
    }
}

/// The highest heading level that a block brings with it.
pub(super) fn highest_heading(block: &Block) -> Option<u8> {
    let blocks = match &block.kind {
        BlockKind::Section(section) => return Some(section.level),
        BlockKind::When { blocks, .. } => blocks,
        _ => return None,
    };
    blocks.iter().filter_map(highest_heading).min()
}
