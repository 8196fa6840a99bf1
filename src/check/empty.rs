//! Headings, whole chapters and tables from data that publish nothing.
//!
//! In: a chapter and what conditions decided in it. Out: a finding for each heading without anything below it, for a chapter or an annex without
//! any text, and for a table whose data has no rows and that prints none for the pen. Subsections, tables, pictures, forms and lists from data
//! are something, and so is what an undecided condition may leave.

use super::{
    leftover::{is_removed, is_silent},
    recorded::Recorded,
};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Severity, Span},
    document::{Block, BlockKind, Blocks, DataTable, Kind, Section},
    message,
    resolve::{Decision, Fact, Facts, Plan, data::Table, is_kept_title},
};

/// Reports them in a chapter.
pub(super) fn headings(plan: &Plan, index: usize, recorded: &Recorded<'_>, found: &mut Vec<Diagnostic>) {
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    // What could not be read may be what is missing.
    let is_broken = chapter.diagnostics.iter().any(|finding| finding.severity == Severity::Error);
    if is_broken || !chapter.readable || facts.decision != Decision::Holds {
        return;
    }
    let blocks = chapter.tree.blocks();
    if is_nothing(facts, blocks) && !is_kept_title(&chapter.front.title) {
        let help = if is_part_removed(facts, blocks) {
            message!(
                "條件不成立時沒有內容；請把條件寫在 front matter 的 when，或補上不成立時的內容",
                "Nothing is left where the condition does not hold; write it as `when` in the front matter, or say what holds then"
            )
        } else if recorded(&chapter.id) {
            message!(
                "請寫出內容；若已刪除，保留檔案與 plan.yaml 裡的那一行，內容寫「（刪除）」",
                "Say something; if it was deleted, keep its file and its line in plan.yaml, and write 「（刪除）」 in it"
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
        found.push(Diagnostic::new(Rule::EmptyItem, chapter.front.span, message).help(help));
    } else {
        Headings { facts, recorded, found }.find(blocks, false);
    }
}

/// Reports a table of which nothing is printed but its head.
pub(super) fn table(plan: &Plan, table: &DataTable<'_>, place: Span, found: &mut Vec<Diagnostic>) {
    let is_empty = |data: &Table| data.rows.is_empty() && !data.lacks_rows;
    let name = table.name;
    if table.blank_rows > 0 || !plan.data.table(name).is_some_and(is_empty) {
        return;
    }
    let message = message!("「{name}」沒有資料列，只會印出表頭", "`{name}` has no rows; nothing but the head is printed");
    let help = message!(
        "請在 data/{name} 填寫資料列；要印空白列供手寫，請寫 :::table {name} rows=10；用不到就刪去這個區塊",
        "Give it rows in data/{name}; to print blank rows for the pen, write :::table {name} rows=10; if it is not needed, delete the block"
    );
    found.push(Diagnostic::new(Rule::EmptyItem, place, message).help(help));
}

struct Headings<'a> {
    facts: &'a Facts,
    recorded: &'a Recorded<'a>,
    found: &'a mut Vec<Diagnostic>,
}

impl Headings<'_> {
    /// Reports the headings among some blocks; `followed` says whether text stands behind them that belongs to no other heading: a condition that
    /// holds headings stands beside the heading before it, and may begin with text.
    fn find(&mut self, blocks: Blocks<'_>, mut followed: bool) {
        if !blocks.iter().any(|block| matches!(block.kind, BlockKind::Section(_) | BlockKind::When { .. })) {
            return;
        }
        let all: Vec<Block<'_>> = blocks.iter().collect();
        // From the last, so that what follows is known of each.
        for block in all.into_iter().rev() {
            match block.kind {
                BlockKind::Section(section) => self.section(&section, followed),
                BlockKind::When { node, blocks, .. } if self.facts.of(node) == Fact::Decision(Decision::Holds) => {
                    self.find(blocks, followed);
                }
                _ => {}
            }
            if !says_nothing(self.facts, &block) {
                followed = begins_with_text(self.facts, &block);
            }
        }
    }

    fn section(&mut self, section: &Section<'_>, followed: bool) {
        let facts = self.facts;
        let Fact::Clause(index, Decision::Holds) = facts.of(section.node) else { return };
        if !is_nothing(facts, section.blocks) {
            return self.find(section.blocks, followed);
        }
        if !followed && !section.is_nameless() && !facts.clauses.at(index).title().is_some_and(|title| is_kept_title(title)) {
            let message = message!("這個標題下沒有內容", "Nothing stands below this heading");
            let finding = Diagnostic::new(Rule::EmptyItem, section.heading, message);
            let help = self.help(section);
            self.found.push(finding.help(help));
        }
    }

    fn help(&self, section: &Section<'_>) -> Message {
        if is_part_removed(self.facts, section.blocks) {
            message!(
                "條件不成立時標題下沒有內容；請把條件寫在標題上（{{when=\"…\"}}），或補上不成立時的內容",
                "Nothing is left where the condition does not hold; put the condition on the heading ({{when=\"…\"}}), or say what holds then"
            )
        } else if section.anchor.is_some_and(|anchor| (self.recorded)(anchor.id)) {
            message!(
                "請寫出內容；若已刪除，保留編號與 id，標題寫「（刪除）」",
                "Say something; if it was deleted, keep its number and id and write 「（刪除）」 for its title"
            )
        } else {
            message!(
                "請寫出內容，或刪去這個標題；要保留編號時，標題寫「（刪除）」",
                "Say something, or delete the heading; to keep its number, write 「（刪除）」 for its title"
            )
        }
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
