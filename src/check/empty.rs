//! Headings and whole chapters that publish nothing.
//!
//! In: a chapter and what conditions decided in it. Out: a finding for each heading without anything below it, and for a chapter or an annex
//! without any text. Subsections, tables, pictures, forms and lists from data are something, and so is what an undecided condition may leave.

use super::leftover::{is_removed, is_silent};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Severity, Span},
    document::{Block, BlockKind, Blocks, Kind},
    message,
    resolve::{Decision, Fact, Facts, Plan},
};

/// Reports them in a chapter.
pub(super) fn headings(plan: &Plan, index: usize, found: &mut Vec<Diagnostic>) {
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    // What could not be read may be what is missing.
    let is_broken = chapter.diagnostics.iter().any(|finding| finding.severity == Severity::Error);
    if is_broken || !chapter.readable || facts.decision != Decision::Holds {
        return;
    }
    let blocks = chapter.tree.blocks();
    if is_nothing(facts, blocks) {
        let help = if is_part_removed(facts, blocks) {
            message!(
                "條件不成立時沒有內容；請把條件寫在 front matter 的 when，或補上不成立時的內容",
                "Nothing is left where the condition does not hold; write it as `when` in the front matter, or say what holds then"
            )
        } else {
            let (folder, id) = (chapter.kind.folder(), &chapter.id);
            message!(
                "請寫出內容；不需要就刪去 {folder}/{id}.md，並從 plan.yaml 移除 {id}",
                "Say something; if it is not needed, delete {folder}/{id}.md and take {id} out of plan.yaml"
            )
        };
        let what = if chapter.kind == Kind::Chapter { message!("這一章", "chapter") } else { message!("這份附件", "annex") };
        let (zh, en) = (what.zh, what.en);
        let message = message!("{zh}沒有內容", "This {en} is empty");
        let place = chapter.front.span.unwrap_or(Span::whole(chapter.file));
        found.push(Diagnostic::new(Rule::EmptyItem, place, message).help(help));
    } else {
        Headings { facts, found }.find(blocks, false);
    }
}

struct Headings<'a> {
    facts: &'a Facts,
    found: &'a mut Vec<Diagnostic>,
}

impl Headings<'_> {
    /// Reports the headings among some blocks; `followed` says whether text stands behind them that belongs to no other heading.
    fn find(&mut self, blocks: Blocks<'_>, followed: bool) {
        let (facts, mut reading) = (self.facts, blocks.iter());
        while let Some(block) = reading.next() {
            // A condition that holds headings stands beside the heading before it, and may begin with text.
            let is_followed = || {
                let next = reading.rest().iter().find(|block| !says_nothing(facts, block));
                next.map_or(followed, |block| begins_with_text(facts, &block))
            };
            match block.kind {
                BlockKind::Section(section) if matches!(facts.of(section.node), Fact::Clause(_, Decision::Holds)) => {
                    if !is_nothing(facts, section.blocks) {
                        self.find(section.blocks, is_followed());
                    } else if !is_followed() {
                        let help = help_of_heading(facts, section.blocks);
                        let message = message!("這個標題下沒有內容", "Nothing stands below this heading");
                        self.found.push(Diagnostic::new(Rule::EmptyItem, section.heading, message).help(help));
                    }
                }
                BlockKind::When { node, blocks, .. } if facts.of(node) == Fact::Decision(Decision::Holds) => {
                    self.find(blocks, is_followed());
                }
                _ => {}
            }
        }
    }
}

fn help_of_heading(facts: &Facts, blocks: Blocks<'_>) -> Message {
    if is_part_removed(facts, blocks) {
        message!(
            "條件不成立時標題下沒有內容；請把條件寫在標題上（{{when=\"…\"}}），或補上不成立時的內容",
            "Nothing is left where the condition does not hold; put the condition on the heading ({{when=\"…\"}}), or say what holds then"
        )
    } else {
        message!("請寫出內容，或刪去這個標題", "Say something, or delete the heading")
    }
}

fn is_nothing(facts: &Facts, blocks: Blocks<'_>) -> bool {
    blocks.iter().all(|block| says_nothing(facts, &block))
}

/// Whether readers see nothing of a block.
fn says_nothing(facts: &Facts, block: &Block<'_>) -> bool {
    match &block.kind {
        BlockKind::When { node, blocks, .. } if facts.of(*node) == Fact::Decision(Decision::Holds) => is_nothing(facts, *blocks),
        BlockKind::Section(section) => facts.of(section.node) == Fact::Absent,
        _ => is_silent(block) || is_removed(facts, block),
    }
}

/// Whether a condition removed some of what says nothing.
fn is_part_removed(facts: &Facts, blocks: Blocks<'_>) -> bool {
    blocks.iter().any(|block| match block.kind {
        BlockKind::When { node, blocks, .. } if facts.of(node) == Fact::Decision(Decision::Holds) => is_part_removed(facts, blocks),
        _ => !is_silent(&block),
    })
}

/// Whether the first that readers see of a block is no heading.
fn begins_with_text(facts: &Facts, block: &Block<'_>) -> bool {
    match &block.kind {
        BlockKind::Section(_) => false,
        BlockKind::When { blocks, .. } => {
            blocks.iter().find(|block| !says_nothing(facts, block)).is_some_and(|block| begins_with_text(facts, &block))
        }
        _ => true,
    }
}
