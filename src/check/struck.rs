//! References to what says of itself that it was deleted.
//!
//! In: the whole plan, which knows what that is. Out: a finding for each reference that readers see to a clause, a chapter or an annex that keeps
//! its number and its address for nothing, 「（刪除）」.

use crate::{
    diagnostic::{Diagnostic, Rule, Severity},
    document::Inline,
    message,
    resolve::{
        Place, Plan,
        visit::{Seen, visit},
    },
    source::Sources,
};

/// Reports the references to them.
pub(super) fn references(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let struck = plan.present().flat_map(|index| {
        let chapter = u32::try_from(index).unwrap_or(u32::MAX);
        plan.facts[index].struck.iter().map(move |clause| Place { chapter, clause: *clause })
    });
    // They are in order: chapters may stand apart in the plan, but each is looked at once.
    let mut struck: Vec<Place> = struck.filter(|place| plan.citations.of(*place).next().is_some()).collect();
    struck.sort_unstable();
    let mut citing: Vec<u32> = struck.iter().flat_map(|place| plan.citations.of(*place)).map(|from| from.chapter).collect();
    citing.sort_unstable();
    citing.dedup();
    for index in citing.into_iter().map(|index| index as usize) {
        visit(&plan.chapters[index], &plan.facts[index], &plan.data, &mut |seen, context| {
            let Seen::Inline(Inline::Reference(reference)) = seen else { return };
            let target = plan.targets.find(reference.target, &plan.facts).filter(|_| !context.guidance);
            let own = Place { chapter: u32::try_from(index).unwrap_or(u32::MAX), clause: context.clause };
            if !target.is_some_and(|target| target != own && struck.binary_search(&target).is_ok()) {
                return;
            }
            let id = reference.target;
            let message = message!("「{id}」已標明「（刪除）」", "`{id}` says of itself that it was deleted");
            let help = message!(
                "請改引用現行的條文，或刪去這個參照；確實要提到已刪除的，請在 plan.yaml 的 waivers 寫明理由",
                "Cite what is in force, or delete the reference; if the deleted one is meant, say why among the `waivers` of plan.yaml"
            );
            let place = context.place(reference.span, sources);
            // Its number and its address are kept, so that it leads somewhere.
            let finding = Diagnostic::new(Rule::ReferenceToAbsentClause, place, message).help(help);
            found.push(Diagnostic { severity: Severity::Warning, ..finding });
        });
    }
}
