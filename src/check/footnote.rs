//! Footnotes.
//!
//! In: a chapter's footnotes. Out: findings for those without a mark, and for those that say what another says.

use crate::{
    diagnostic::{Diagnostic, Rule},
    document::BlockKind,
    message,
    resolve::{Plan, words},
};
use rustc_hash::FxHashMap;

/// Checks the footnotes of a chapter, which no other can share; one whose marks a condition removed is silent, as its clause is.
pub(super) fn footnotes(plan: &Plan, index: usize, found: &mut Vec<Diagnostic>) {
    let mut said = FxHashMap::default();
    for (footnote, fact) in plan.chapters[index].tree.footnotes().iter().zip(&plan.facts[index].footnotes) {
        let name = footnote.name;
        if !footnote.marked {
            let message = message!("註腳「{name}」沒有標記，不會印出", "No mark points to the footnote `{name}`; it is not printed");
            let help = message!("請在條文裡加上 [^{name}]，或刪去這個註腳", "Add [^{name}] to a clause, or delete the footnote");
            found.push(Diagnostic::new(Rule::UnusedFootnote, footnote.span, message).help(help));
        }
        let Some(number) = fact.map(|fact| fact.number) else { continue };
        let Some(block) = footnote.blocks.only() else { continue };
        let BlockKind::Paragraph(inlines) = block.kind else { continue };
        if let Some((first, span)) = said.insert(words::of(plan, Some(plan.facts[index].part), inlines), (number, footnote.span)) {
            let message = message!("註 {number} 與註 {first} 是同一句話", "Note {number} says the same as note {first}");
            let help = message!("請把兩個標記指到同一個註腳", "Let both marks point to one footnote");
            let there = message!("同一句話在這裡", "The same words");
            found.push(Diagnostic::new(Rule::RepeatedFootnote, footnote.span, message).related(span, there).help(help));
        }
    }
}
