//! Two clauses with the same number.
//!
//! In: a plan. Out: findings. Ordinals never repeat at one level; what can repeat is the way in which two levels are written,
//! when `numbering` gives both the same pattern.

use crate::{
    diagnostic::{Diagnostic, Rule},
    message,
    resolve::Plan,
};
use std::collections::BTreeMap;

/// Reports clauses that would be cited alike.
pub(super) fn repeated_numbers(plan: &Plan, found: &mut Vec<Diagnostic>) {
    let patterns = &plan.config.numbering;
    let distinct = (0..patterns.len()).all(|at| patterns[..at].iter().all(|before| before.bare(1) != patterns[at].bare(1)));
    if distinct {
        return;
    }
    for index in plan.present() {
        let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
        let mut seen = BTreeMap::new();
        for clause in &facts.clauses {
            let number = clause.number.citation(chapter.kind, plan.style());
            let Some(first) = seen.insert(number.clone(), clause.span) else { continue };
            let message = message!("兩個條文都是「{number}」", "Two clauses have the number {number}");
            let help = message!(
                "請在 plan.yaml 的 numbering 讓每一層的樣式不同，或改變清單的層次",
                "Give each level its own pattern in `numbering`, or change the list's level"
            );
            found.push(
                Diagnostic::new(Rule::RepeatedClauseNumber, clause.span, message)
                    .related(first, message!("另一個在這裡", "The other is here"))
                    .help(help),
            );
        }
    }
}
