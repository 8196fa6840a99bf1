//! What has changed since the latest approved edition, and what that change still lacks.
//!
//! In: a plan, its editions and its sources. Out: [`Amendment`], the comparison with the latest record, and findings: changes without a
//! reason, ids of approved editions that are gone, and reasons for nothing. A plan without records costs nothing here.

use super::{
    Address, Comparison, Editions, Record, RecordedClause, Row, State, clauses,
    compare::{compare, is_struck},
    reasons::{self, Compared, Reasons},
    tree::parents,
};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Span},
    message,
    resolve::{ANNEX, Plan},
    source::Sources,
};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What has changed since the latest approved edition.
#[derive(Debug)]
pub struct Amendment {
    /// The clauses of the plan.
    pub clauses: Vec<RecordedClause>,
    /// What they are compared with the latest record.
    pub comparison: Comparison,
}

impl Amendment {
    /// The rows that belong into the amendment table, each with the clause that names it: the new one, or the old one of a deleted clause.
    pub fn changed<'a>(&'a self, latest: &'a [RecordedClause]) -> impl Iterator<Item = (&'a Row, &'a RecordedClause)> {
        self.comparison.rows.iter().filter(|row| row.is_changed()).filter_map(|row| {
            let clause = row.new.map(|new| &self.clauses[new]).or_else(|| row.old.map(|old| &latest[old]))?;
            Some((row, clause))
        })
    }

    /// The comparison with the latest record.
    #[must_use]
    pub fn compared<'a>(&'a self, latest: &'a Record) -> Compared<'a> {
        let Record { clauses, number, .. } = latest;
        Compared { old: clauses, new: &self.clauses, comparison: &self.comparison, old_number: number, new_number: None }
    }
}

/// Compares a plan with its latest approved edition, and says what is missing. The amendment is `None` when nothing was approved yet, or
/// when the sources are what was approved. Reasons are those of the edition `number`; without one, of the edition being prepared. Unless the plan
/// `is_whole`, with every file read that it is made of, nothing is said to be missing.
#[must_use]
pub fn amendment(
    plan: &Plan,
    editions: &Editions,
    sources: &Sources,
    number: Option<&str>,
    is_whole: bool,
) -> (Option<Amendment>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let amendment = editions.latest().filter(|_| editions.state == State::Modified).map(|latest| {
        let clauses = clauses(plan, sources);
        let comparison = compare(&latest.clauses, &clauses);
        Amendment { clauses, comparison }
    });
    // What could not be read is not gone; that it could not be read is a finding of its own.
    if !is_whole {
        return (amendment, findings);
    }
    if sources.in_folder("editions", "yaml").next().is_some() {
        findings.extend(reasons::check(sources, editions, &current(plan, sources, amendment.as_ref())));
    }
    // Reasons that cannot be read may be there.
    let is_unread = findings.iter().any(|finding| finding.rule.leaves_out_a_file());
    if let (Some(amendment), Some(latest)) = (&amendment, editions.latest().filter(|_| !is_unread)) {
        let number = number.or_else(|| reasons::next_number(sources, editions));
        let reasons = Reasons::for_edition(sources, editions, number);
        let file = file_of_reasons(sources, &latest.number, number);
        findings.extend(missing(plan, amendment.compared(latest), &reasons, &file));
    }
    findings.extend(vanished(plan, editions, sources, amendment.as_ref()));
    (amendment, findings)
}

/// The clauses of the plan.
fn current<'a>(plan: &Plan, sources: &Sources, amendment: Option<&'a Amendment>) -> Cow<'a, [RecordedClause]> {
    amendment.map_or_else(|| Cow::Owned(clauses(plan, sources)), |amendment| Cow::Borrowed(amendment.clauses.as_slice()))
}

/// Every change since the latest record that has no reason.
fn missing(plan: &Plan, compared: Compared<'_>, reasons: &Reasons, file: &Message) -> Vec<Diagnostic> {
    let latest = compared.old_number;
    let report = |row: &Row| {
        let (clause, what) = match (row.new, row.old) {
            (Some(new), Some(_)) if compared.old_place(row) != compared.new[new].short => {
                let before = compared.old_place(row);
                (&compared.new[new], message!("與 {latest} 版的{before}不同", "differs from {before} of edition {latest}"))
            }
            (Some(new), Some(_)) => (&compared.new[new], message!("與 {latest} 版不同", "differs from edition {latest}")),
            (Some(new), None) => (&compared.new[new], message!("是 {latest} 版沒有的", "is not in edition {latest}")),
            (None, Some(old)) => (&compared.old[old], message!("（{latest} 版）已刪除", "of edition {latest} was deleted")),
            (None, None) => return None,
        };
        let number = if row.new.is_some() { compared.new_place(row) } else { clause.called() };
        let (id, zh, en) = (compared.key(row)?, what.zh, what.en);
        let message = message!("{number}{zh}，但沒有寫修正理由", "{number} {en}, and no reason says why");
        let Message { zh, en } = file;
        let mut help = message!("請在 {zh}加一行「{id}: 理由」", "Add a line `{id}: reason` to {en}");
        if row.old.is_some_and(|old| row.new.is_none() && reasons.is_of_another(old, compared)) {
            let bare = &clause.id;
            let Message { zh, en } = help;
            help = message!(
                "{zh}；「{bare}」這一行說的是新版用這個 id 的另一條，那一條的理由也請核對",
                "{en}; the line `{bare}` speaks of the other clause that has this id now: check its reason too"
            );
        }
        let (span, about) = (span(plan, row, compared), row.new.is_none().then(|| id.as_str().into()));
        Some(Diagnostic { span, about, ..Diagnostic::nowhere(Rule::MissingReason, message).help(help) })
    };
    reasons::without_reason(|row| reasons.find(row, compared).is_some(), compared).filter_map(report).collect()
}

/// The file in which reasons are written: beside the record of the latest edition.
fn file_of_reasons(sources: &Sources, latest: &str, number: Option<&str>) -> Message {
    let record = sources.named(&format!("editions/{}", Record::file_name(latest)));
    let path = record.map_or("", |file| &sources.file(file).path);
    let folder = path.rsplit_once('/').map_or("content/editions", |(folder, _)| folder);
    let Some(number) = number else {
        let next = reasons::following(latest);
        return message!("{folder}/{next}.yaml（以下一版的版次為名）", "{folder}/{next}.yaml (named after the next edition)");
    };
    message!("{folder}/{number}.yaml ", "{folder}/{number}.yaml")
}

/// Where a row stands in the sources: the clause itself, or what held a deleted one.
fn span(plan: &Plan, row: &Row, compared: Compared<'_>) -> Option<Span> {
    let Compared { new, comparison, .. } = compared;
    let index = row.new.or_else(|| {
        let mut upwards = std::iter::successors(row.old, |index| comparison.old_parents[*index]);
        upwards.find_map(|index| comparison.new_of_old[index])
    })?;
    place(plan, &new[index].id)
}

/// Where an id stands in the sources.
fn place(plan: &Plan, id: &str) -> Option<Span> {
    let place = plan.targets.find(id, &plan.facts)?;
    let chapter = place.chapter as usize;
    Some(match place.clause {
        Some(clause) => plan.facts[chapter].clauses.at(clause).span(),
        None => plan.chapters[chapter].front.span,
    })
}

/// Whether a clause was made of an entry of `data/laws.yaml` or of an annex: nobody wrote its id, which leaves with the law that was repealed. That
/// is a row of the amendment table, with its reason. Such a clause is a title alone; a heading of that id has words, or holds what has.
fn is_from_data(clause: &RecordedClause, next: Option<&RecordedClause>) -> bool {
    let is_title = !clause.title.is_empty() && clause.text.is_empty() && clause.notes.is_empty();
    let is_last = next.is_none_or(|next| next.depth <= clause.depth);
    ["law-", ANNEX].iter().any(|made| clause.id.starts_with(made)) && is_title && is_last
}

/// Written ids of approved editions that the plan has no longer, though no condition and no 「（刪除）」 accounts for them.
fn vanished(plan: &Plan, editions: &Editions, sources: &Sources, amendment: Option<&Amendment>) -> Vec<Diagnostic> {
    let known = |id: &str| plan.targets.find(id, &plan.facts).is_some() || plan.targets.is_absent(id);
    // The latest edition that had each.
    let mut gone: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    for (edition, record) in editions.records.iter().enumerate() {
        let written = record
            .clauses
            .iter()
            .enumerate()
            .filter(|(index, clause)| clause.address == Address::Explicit && !is_from_data(clause, record.clauses.get(index + 1)));
        for (index, clause) in written.filter(|(_, clause)| !known(&clause.id)) {
            gone.insert(&clause.id, (edition, index));
        }
    }
    if gone.is_empty() {
        return Vec::new();
    }
    let current = current(plan, sources, amendment);
    let by_id: FxHashMap<&str, &RecordedClause> = current.iter().map(|clause| (clause.id.as_str(), clause)).collect();
    let parents: Vec<_> = editions.records.iter().map(|record| parents(&record.clauses)).collect();
    let mut gone: Vec<(&str, (usize, usize))> = gone.into_iter().collect();
    gone.sort_unstable_by_key(|(_, place)| *place);
    let report = |(id, (edition, index)): (&str, (usize, usize))| {
        let record = &editions.records[edition];
        let above =
            std::iter::successors(parents[edition][index], |index| parents[edition][*index]).map(|index| record.clauses[index].id.as_str());
        let holder = above.clone().find_map(|id| by_id.get(id));
        // What was in a clause that says 「（刪除）」, or in one that a condition leaves out, is accounted for.
        if holder.is_some_and(|holder| is_struck(holder)) || above.clone().any(|id| plan.targets.is_absent(id)) {
            return None;
        }
        let (number, short) = (&record.number, record.clauses[index].called());
        let message = message!(
            "{number} 版{short}的 id「{id}」不見了，也沒有標明刪除",
            "The id `{id}` of {short} in edition {number} is gone and not marked as deleted"
        );
        let help = match parents[edition][index] {
            Some(_) => message!(
                "條文若已刪除，請保留編號與 id，內容寫「（刪除）」；若只是搬移或改寫，請把 {{#{id}}} 一起帶過去",
                "If the clause was deleted, keep its number and id and write 「（刪除）」; if it was moved or rewritten, take {{#{id}}} along"
            ),
            // The id of a chapter is its file's name.
            None => message!(
                "這一章或附件若已刪除，請保留檔案與 plan.yaml 裡的那一行，內容寫「（刪除）」；若只是改了檔名，請改回 {id}.md",
                "If it was deleted, keep its file and its line in plan.yaml, and write 「（刪除）」 in it; if the file was renamed, name it {id}.md again"
            ),
        };
        let file = sources.named(&format!("editions/{}", Record::file_name(number)));
        let in_record = file.map(|file| {
            let quoted = format!("\"id\": \"{id}\"");
            let at = sources.file(file).text.find(&quoted).unwrap_or(0);
            Span::new(file, at, at + quoted.len())
        });
        let here = holder.and_then(|holder| place(plan, &holder.id));
        let (span, about) = (here.or(in_record), Some(id.into()));
        let finding = Diagnostic { span, about, ..Diagnostic::nowhere(Rule::VanishedId, message).help(help) };
        Some(match in_record.filter(|_| here.is_some()) {
            Some(span) => finding.related(span, message!("{number} 版的條文", "The clause of edition {number}")),
            None => finding,
        })
    };
    gone.into_iter().filter_map(report).collect()
}
