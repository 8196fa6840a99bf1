//! Coverage: what must be there: a chapter at all, and what the law and a chapter's own guidance say.
//!
//! In: the plan's chapters, the statutory items, those that chapters fulfil, and the sections that chapters say they need. Out: findings.

use super::reason;
use crate::{
    config::{IdList, Waiver},
    diagnostic::{Diagnostic, Rule, Span},
    document::Kind,
    message,
    resolve::Plan,
    source::{
        Sources,
        yaml::{Part, locate},
    },
};

/// Reports a plan without a chapter: with nothing in it nothing is open, and it would be ready to be approved.
pub(super) fn chapters(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    // Settings that cannot be read are an error already, and nobody knows which chapters they list.
    if !plan.config.readable || plan.parts.iter().any(|part| !part.chapters.is_empty()) {
        return;
    }
    let lists = || plan.config.parts.iter().map(|part| &part.chapters);
    let Some(file) = lists().find_map(IdList::file).or_else(|| sources.named("plan.yaml")) else { return };
    // The key that is not there is looked for in vain, up to the beginning.
    let keys = ["chapters", "parts"].map(|key| locate(sources, file, &[key.into()], Part::Key));
    let Some(span) = keys.into_iter().max_by_key(|span| span.start) else { return };
    let help = if plan.chapters.iter().any(|chapter| chapter.kind == Kind::Chapter) {
        message!(
            "列出的各章都因適用條件而消失；請修正條件，或在 plan.yaml 的 chapters 列出適用的章",
            "Conditions removed every chapter that is listed; correct them, or list one that applies under `chapters` in plan.yaml"
        )
    } else {
        message!(
            "請在 plan.yaml 的 chapters 列出各章，沒有就先在 chapters/ 寫一章；planpress init 寫出的官方範本有 17 章",
            "List the chapters under `chapters` in plan.yaml, and write one in chapters/ if there is none; the template that `planpress init` writes has 17"
        )
    };
    let message = message!("計畫沒有任何一章，不能核定", "The plan has no chapter and cannot be approved");
    found.push(Diagnostic::new(Rule::MissingChapter, span, message).help(help));
}

/// Reports statutory items that no chapter of the plan fulfils.
pub(super) fn requirements(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let fulfilled = |id: &str| plan.fulfilling(id).next().is_some();
    let Some(file) = sources.named("data/requirements.yaml") else { return };
    for (index, requirement) in plan.requirements.requirements.iter().enumerate().filter(|(_, item)| !fulfilled(&item.id)) {
        let (id, title) = (&requirement.id, &requirement.title);
        let span = locate(sources, file, &["requirements".into(), index.into(), "title".into()], Part::Value);
        let message = message!("沒有任何一章落實法定事項「{title}」", "No chapter fulfils the statutory item `{title}`");
        let help = message!(
            "請在落實它的章的 front matter 寫 fulfils: [{id}]；不適用於本機關的，在 plan.yaml 的 waivers 寫 rule: uncovered-requirement、at: {id} 與理由",
            "Write `fulfils: [{id}]` in the front matter of the chapter that does; one that does not apply to the agency is waived in plan.yaml, with rule: uncovered-requirement, at: {id} and a reason"
        );
        let mut finding = Diagnostic::new(Rule::UncoveredRequirement, span, message).help(help);
        for (index, place) in naming(plan, id) {
            let title = &plan.chapters[index].front.title;
            finding = finding.related(place, message!("「{title}」已標明「（刪除）」", "`{title}` says of itself that it was deleted"));
        }
        found.push(Diagnostic { about: Some(id.as_str().into()), ..finding });
        // Readers see why it has no chapter.
        if let Some(waiver) = waiver(plan, id) {
            reason(&waiver.at, &waiver.reason, waiver.span, sources, found);
        }
    }
}

/// The chapters that name a statutory item, and where.
fn naming<'a>(plan: &'a Plan, id: &'a str) -> impl Iterator<Item = (usize, Span)> + 'a {
    let named = move |index: usize| plan.chapters[index].front.fulfils.iter().map(move |(own, place)| (own, (index, *place)));
    plan.present().flat_map(named).filter(move |(own, _)| *own == id).map(|(_, named)| named)
}

/// The waiver that accepts that no chapter fulfils a statutory item; `at` names it, or the file of all.
fn waiver<'a>(plan: &'a Plan, id: &str) -> Option<&'a Waiver> {
    let of_rule = || plan.config.waivers.iter().filter(|waiver| waiver.rule == Rule::UncoveredRequirement);
    of_rule().find(|waiver| waiver.at == id).or_else(|| of_rule().find(|waiver| waiver.at == "requirements"))
}

/// Why no chapter has to fulfil a statutory item, if the plan says so.
#[must_use]
pub fn waived<'a>(plan: &'a Plan, id: &str) -> Option<&'a str> {
    waiver(plan, id).map(|waiver| waiver.reason.as_str())
}

/// Reports the sections that a chapter needs and does not have.
pub(super) fn sections(plan: &Plan, index: usize, found: &mut Vec<Diagnostic>) {
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    // Of what was deleted nothing is missing.
    if chapter.kind == Kind::Chapter && !facts.is_struck() {
        let headings = || facts.clauses.iter().filter(|clause| clause.is_heading());
        // What has no headings is one section.
        let whole = headings().next().is_none().then_some(chapter.front.title.as_str());
        let titles = || headings().filter_map(|clause| clause.title().map(|title| &**title)).chain(whole);
        for (wanted, span) in chapter.front.sections.iter().filter(|(wanted, _)| !titles().any(|title| title.contains(wanted.as_str()))) {
            let title = &chapter.front.title;
            let message = message!("「{title}」沒有「{wanted}」這一節", "`{title}` has no section on `{wanted}`");
            let help = message!(
                "請加上標題含「{wanted}」的一節；本機關不需要就從 sections 刪去",
                "Add a section whose heading says so, or take it out of `sections`"
            );
            let span: Span = *span;
            found.push(Diagnostic::new(Rule::MissingSection, span, message).help(help));
        }
    }
}
