//! Addresses: two clauses with the same number, references to addresses that shift, and ids for headings that have none.
//!
//! In: a plan. Out: findings, and cures of those about missing ids. Ordinals never repeat at one level; what can repeat is the way in which two
//! levels are written, when `numbering` gives both the same pattern.

use crate::{
    config::is_id,
    diagnostic::{Diagnostic, Fix, Rule},
    document::Reference,
    message,
    resolve::{Plan, visit::Context},
    source::Sources,
};
use std::collections::BTreeMap;

/// Adds to findings about headings without an id the one that says where the heading stands now. A heading that has attributes, closing
/// marks or a second line is for a person to change.
pub(super) fn mend_missing_ids(plan: &Plan, sources: &Sources, found: &mut [Diagnostic]) {
    let mut missing = found.iter_mut().filter(|finding| finding.rule == Rule::MissingId).peekable();
    if missing.peek().is_none() {
        return;
    }
    let place = |span: crate::diagnostic::Span| (span.file, span.start);
    let clauses = plan.present().flat_map(|index| plan.facts[index].clauses.iter());
    let shifting = clauses.filter(|clause| clause.is_heading() && !clause.is_explicit());
    let anchors: BTreeMap<_, _> = shifting.map(|clause| (place(clause.span()), clause.anchor())).collect();
    for finding in missing {
        let Some(span) = finding.span else { continue };
        let Some(id) = anchors.get(&place(span)).map(|anchor| anchor.replace(".s", "-")) else { continue };
        let heading = sources.slice(span).trim_end();
        let bare = heading.starts_with('#') && !heading.ends_with(['#', '}']) && !heading.contains('\n');
        if bare && is_id(&id) && plan.targets.find(&id, &plan.facts).is_none() {
            finding.fixes.push(Fix { span: span.within(heading.len(), heading.len()), text: format!(" {{#{id}}}") });
        }
    }
}

/// Reports a reference to a clause whose address follows from its position: once something is put before that clause, the reference leads to
/// another one, and nobody is told.
pub(super) fn shifting(plan: &Plan, reference: &Reference<'_>, context: Context<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let id = reference.target;
    // Such addresses are a heading's with what comes after a point, and most have none. What nobody reads may shift.
    if !id.contains('.') || context.guidance {
        return;
    }
    let Some(place) = plan.targets.find(id, &plan.facts) else { return };
    let chapter = place.chapter as usize;
    let Some(clause) = place.clause.map(|clause| plan.facts[chapter].clauses.at(clause)) else { return };
    if clause.is_explicit() {
        return;
    }
    // Where the clause stands is no part of this: its chapter may be edited without this one being read again.
    let number = clause.number().citation(plan.chapters[chapter].kind, plan.style());
    let message = message!(
        "「{id}」現在是{number}；這個位址依順序產生，前面增刪一項就會指到別的條文",
        "`{id}` is {number} now; it follows from a position, and with an item more or less before it is another clause"
    );
    let help = if clause.is_heading() {
        message!(
            "請在那個標題後面空一格加上 {{#english-id}}，再引用這個 id",
            "End that heading in a space and {{#english-id}}, and refer to this id"
        )
    } else {
        message!(
            "請在那一項的第一段最後空一格加上 {{#english-id}}，再引用這個 id",
            "End the first paragraph of that item in a space and {{#english-id}}, and refer to this id"
        )
    };
    let span = context.place(reference.span, sources);
    found.push(Diagnostic::new(Rule::ShiftingReference, span, message).help(help));
}

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
        for clause in facts.clauses.iter() {
            let number = clause.number().citation(chapter.kind, plan.style());
            let Some(first) = seen.insert(number.clone(), clause.span()) else { continue };
            let message = message!("兩個條文都是「{number}」", "Two clauses have the number {number}");
            let help = message!(
                "請在 plan.yaml 的 numbering 讓每一層的樣式不同，或改變清單的層次",
                "Give each level its own pattern in `numbering`, or change the list's level"
            );
            found.push(
                Diagnostic::new(Rule::RepeatedClauseNumber, clause.span(), message)
                    .related(first, message!("另一個在這裡", "The other is here"))
                    .help(help),
            );
        }
    }
}
