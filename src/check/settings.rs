//! The plan's own severities and waivers.
//!
//! In: findings with their rules' severities. Out: the same findings as `plan.yaml` wants them, and a finding for each waiver
//! that no longer applies.

use crate::{
    config::Waiver,
    diagnostic::{Diagnostic, Message, Rule, Span, did_you_mean},
    message,
    resolve::{Place, Plan},
    source::Sources,
};
use std::sync::Arc;

/// The folders whose files a waiver can name.
const FOLDERS: [&str; 3] = ["data", "chapters", "annexes"];
/// So many ids are listed.
const IDS: usize = 5;

/// Applies severities, then waivers; also says which waivers accept a finding. While a file is unread, nobody knows which no longer do.
pub(super) fn apply(
    plan: &Plan,
    sources: &Sources,
    found: impl Iterator<Item = Arc<Diagnostic>>,
    is_whole: bool,
) -> (Vec<Arc<Diagnostic>>, Vec<usize>) {
    let mut used = vec![false; plan.config.waivers.len()];
    let mut kept = Vec::new();
    for finding in found {
        if sources.lack_a_chapter(&finding) {
            // Without it nobody knows what else is missing, and no setting changes that.
            kept.push(finding);
        } else {
            kept.extend(weighed(plan, finding).filter(|finding| !waived(plan, sources, finding, &mut used)));
        }
    }
    let found = kept.len();
    for (waiver, _) in plan.config.waivers.iter().zip(&used).filter(|(_, used)| !**used && is_whole) {
        let (rule, at) = (waiver.rule.name(), &waiver.at);
        let (message, help) = if is_excused(waiver.rule) {
            let is_known = names_something(plan, sources, at);
            let message = if is_known {
                message!(
                    "「{at}」已經沒有 {rule} 的發現，這項豁免可以刪去",
                    "`{at}` has no finding of {rule} any more; this waiver can go"
                )
            } else {
                message!(
                    "沒有 id 是「{at}」的條文、章、附件或資料檔，這項豁免沒有作用",
                    "No clause, chapter, annex or data file has the id `{at}`; this waiver does nothing"
                )
            };
            let help = elsewhere(plan, sources, waiver, &kept[..found], is_known);
            (
                message,
                help.unwrap_or_else(|| message!("請從 plan.yaml 的 waivers 刪去它", "Delete it from the `waivers` of plan.yaml")),
            )
        } else {
            let message = message!("{rule} 不能豁免，這項豁免沒有作用", "{rule} cannot be waived; this waiver does nothing");
            let help = message!(
                "請把理由寫在 content/editions/ 下一版的檔案裡，會印在修正對照表",
                "Write the reason in the file of the next edition in content/editions/, from which the amendment table takes it"
            );
            (message, help)
        };
        kept.extend(weighed(plan, Diagnostic::new(Rule::UnusedWaiver, waiver.span, message).help(help).into()));
    }
    (kept, (0..used.len()).filter(|index| used[*index]).collect())
}

fn weighed(plan: &Plan, mut finding: Arc<Diagnostic>) -> Option<Arc<Diagnostic>> {
    let own = plan.config.severities.iter().find(|(rule, _)| *rule == finding.rule);
    if let Some((_, severity)) = own {
        let severity = (*severity)?;
        if severity != finding.severity {
            Arc::make_mut(&mut finding).severity = severity;
        }
    }
    Some(finding)
}

/// Whether findings of a rule can be accepted. A waiver outlives the edition for which it was written: one that took the place of a reason would
/// excuse every later change of the clause, and no reader would learn why it changed.
fn is_excused(rule: Rule) -> bool {
    rule != Rule::MissingReason
}

fn waived(plan: &Plan, sources: &Sources, finding: &Diagnostic, used: &mut [bool]) -> bool {
    let mut waived = false;
    for (index, waiver) in plan
        .config
        .waivers
        .iter()
        .enumerate()
        .filter(|(_, waiver)| waiver.rule == finding.rule && is_excused(waiver.rule))
    {
        let is_about = finding.about.as_deref() == Some(waiver.at.as_str());
        if is_about || finding.span.is_some_and(|span| covers(plan, sources, &waiver.at, span)) {
            used[index] = true;
            waived = true;
        }
    }
    waived
}

/// Whether anything that a waiver can name has this id, or had it before a condition removed it.
fn names_something(plan: &Plan, sources: &Sources, at: &str) -> bool {
    let is_named = |folder: &str| ["yaml", "csv", "md"].iter().any(|kind| sources.named(&format!("{folder}/{at}.{kind}")).is_some());
    plan.targets.find(at, &plan.facts).is_some() || plan.targets.is_absent(at) || FOLDERS.into_iter().any(is_named)
}

/// What the findings of a waiver's rule that nobody accepts are to be named by.
fn elsewhere(plan: &Plan, sources: &Sources, waiver: &Waiver, kept: &[Arc<Diagnostic>], is_known: bool) -> Option<Message> {
    let of_rule = kept.iter().filter(|finding| finding.rule == waiver.rule);
    let mut ids: Vec<String> = of_rule.filter_map(|finding| id_of(plan, sources, finding)).collect();
    ids.sort_unstable();
    ids.dedup();
    let near = did_you_mean(&waiver.at, ids.iter().map(String::as_str)).filter(|_| !is_known);
    ids.truncate(IDS);
    let (rule, zh, en) = (waiver.rule.name(), ids.join("、"), ids.join(", "));
    near.or_else(|| (!ids.is_empty()).then(|| message!("{rule} 的發現在 {zh}", "Findings of {rule} are at {en}")))
}

/// The id by which a waiver names the place of a finding.
fn id_of(plan: &Plan, sources: &Sources, finding: &Diagnostic) -> Option<String> {
    let Some(span) = finding.span else { return finding.about.as_deref().map(str::to_owned) };
    let own = plan.present().find(|index| plan.chapters[*index].file == span.file);
    let clauses = own.into_iter().flat_map(|index| plan.facts[index].clauses.iter());
    let mut holding = clauses.filter(|clause| clause.extent().start <= span.start && span.end <= clause.extent().end);
    // What holds others begins before them.
    if let Some(clause) = holding.next_back() {
        return Some(clause.anchor().into_owned());
    }
    let (folder, file) = sources.file(span.file).name.split_once('/')?;
    let (stem, _) = file.rsplit_once('.')?;
    FOLDERS.contains(&folder).then(|| stem.to_owned())
}

/// Whether what an id stands for holds a place. The name of a data table stands for its file, also when a chapter is called the same, and so
/// does that of a chapter or annex that the plan does not list.
fn covers(plan: &Plan, sources: &Sources, at: &str, span: Span) -> bool {
    let held = plan.targets.find(at, &plan.facts).is_some_and(|place| match place {
        Place { chapter, clause: None } => plan.chapters[chapter as usize].file == span.file,
        Place { chapter, clause: Some(clause) } => {
            let extent = plan.facts[chapter as usize].clauses.at(clause).extent();
            extent.file == span.file && extent.start <= span.start && span.end <= extent.end
        }
    });
    held || is_file(&sources.file(span.file).name, at)
}

/// Whether a file of `content/` is the data table, chapter or annex of this name.
fn is_file(name: &str, at: &str) -> bool {
    let (folder, file) = name.split_once('/').unwrap_or_default();
    FOLDERS.contains(&folder) && file.rsplit_once('.').is_some_and(|(stem, _)| stem == at)
}
