//! Coverage: what the law and a chapter's own guidance say must be there.
//!
//! In: the statutory items, the chapters that fulfil them, and the sections that chapters say they need. Out: findings.

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    document::Kind,
    message,
    resolve::Plan,
    source::{
        Sources,
        yaml::{Part, locate},
    },
};

/// Reports statutory items that no chapter of the plan fulfils.
pub(super) fn requirements(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let fulfilled = |id: &str| plan.present().any(|index| plan.chapters[index].front.fulfils.iter().any(|(own, _)| own == id));
    let Some(file) = sources.named("data/requirements.yaml") else { return };
    let source = sources.file(file);
    for (index, requirement) in plan.requirements.requirements.iter().enumerate().filter(|(_, item)| !fulfilled(&item.id)) {
        let (id, title) = (&requirement.id, &requirement.title);
        let span = locate(source, file, 0..source.text.len(), &["requirements".into(), index.into(), "title".into()], Part::Value);
        let message = message!("沒有任何一章落實法定事項「{title}」", "No chapter fulfils the statutory item `{title}`");
        let help = message!(
            "請在落實它的章的 front matter 寫 fulfils: [{id}]",
            "Write `fulfils: [{id}]` in the front matter of the chapter that does"
        );
        found.push(Diagnostic::new(Rule::UncoveredRequirement, span, message).help(help));
    }
}

/// Reports the sections that a chapter needs and does not have.
pub(super) fn sections(plan: &Plan, index: usize, found: &mut Vec<Diagnostic>) {
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    if chapter.kind == Kind::Chapter {
        let titles = || {
            facts
                .clauses
                .iter()
                .filter_map(|clause| clause.title().map(|title| &**title))
                .chain([chapter.front.title.as_str()])
        };
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
