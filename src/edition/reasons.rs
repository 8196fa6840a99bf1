//! Why something changed: `content/editions/NUMBER.yaml`.
//!
//! In: the file, and a comparison. Out: [`Reasons`], a text for the id of a clause, which holds for everything in that clause that has none
//! of its own; and findings for what the file says of no clause, or not in the right shape. A deleted clause whose id another one has now is
//! called by the old edition's number and its id: `1.0/h.2`.

use super::{
    Address, Comparison, Differing, Editions, Record, RecordedClause, Row, are_variants, beside, by_number, is_new_number, tree::part_of,
};
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span, did_you_mean},
    message,
    resolve::ANNEX,
    source::{
        self, Sources,
        yaml::{self, Part, Step},
    },
};
use rustc_hash::FxHashSet;
use serde_yaml::Value;
use std::collections::BTreeMap;

/// The reasons for the changes of one edition.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    by_id: BTreeMap<String, String>,
    file: Option<FileId>,
}

/// Two editions and what changed between them.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The clauses of the old edition.
    pub old: &'a [RecordedClause],
    /// The clauses of the new one.
    pub new: &'a [RecordedClause],
    /// What changed.
    pub comparison: &'a Comparison,
    /// The number of the old edition.
    pub old_number: &'a str,
    /// The number of the new edition; `None` while it is a draft. What the reasons of an approved one were taken for then does not change any
    /// more.
    pub new_number: Option<&'a str>,
}

impl Compared<'_> {
    /// Under which id the reason for a row is to be written.
    pub(super) fn key(&self, row: &Row) -> Option<String> {
        match (row.new, row.old) {
            (Some(new), _) => Some(self.new[new].id.clone()),
            (None, Some(old)) if self.comparison.shared.contains(&old) => Some(self.old_key(old)),
            (None, old) => old.map(|old| self.old[old].id.clone()),
        }
    }

    /// What differs beside the words of a row's clause.
    #[must_use]
    pub fn differing_beside(&self, row: &Row) -> Differing {
        let both = row.old.zip(row.new);
        both.map_or_else(Differing::default, |(before, after)| beside::differing(self.old, self.new, before, after))
    }

    /// The title of the part in which a row's clause stands, or stood before it was deleted.
    #[must_use]
    pub fn part(&self, row: &Row) -> Option<&str> {
        match (row.new, row.old) {
            (Some(new), _) => part_of(self.new, &self.comparison.new_parents, new),
            (None, old) => part_of(self.old, &self.comparison.old_parents, old?),
        }
    }

    /// The number that a row's clause had, behind the title of its part where it stands in another one now.
    #[must_use]
    pub fn old_place(&self, row: &Row) -> String {
        let Some(before) = row.old else { return String::new() };
        let short = &self.old[before].short;
        self.parts(row).map_or_else(|| short.clone(), |[then, _]| format!("{then} {short}"))
    }

    /// The number that a row's clause has, behind the title of its part where it stood in another one.
    pub(super) fn new_place(&self, row: &Row) -> String {
        let Some(after) = row.new.map(|after| &self.new[after]) else { return String::new() };
        self.parts(row).map_or_else(|| after.called(), |[_, now]| format!("{now} {}", after.short))
    }

    /// The titles of the parts in which a row's clause stood and stands, if these are two.
    fn parts(&self, row: &Row) -> Option<[&str; 2]> {
        let then = part_of(self.old, &self.comparison.old_parents, row.old?)?;
        let now = part_of(self.new, &self.comparison.new_parents, row.new?)?;
        (!are_variants(then, now)).then_some([then, now])
    }

    /// The id of an old clause that no new one can have.
    fn old_key(&self, old: usize) -> String {
        format!("{}/{}", self.old_number, self.old[old].id)
    }
}

impl Reasons {
    /// The reasons for an edition, or without a number for the one that is being prepared.
    #[must_use]
    pub fn for_edition(sources: &Sources, editions: &Editions, number: Option<&str>) -> Self {
        let Some(number) = number.or_else(|| next_number(sources, editions)) else { return Self::default() };
        match recorded(editions, number) {
            Some(by_id) => Self { by_id: by_id.clone(), file: None },
            None => Self::read(sources, number).0,
        }
    }

    /// The reasons themselves, as a record keeps them.
    #[must_use]
    pub fn into_record(self) -> BTreeMap<String, String> {
        self.by_id
    }

    /// Reads the reasons for an edition; without a file there are none.
    fn read(sources: &Sources, number: &str) -> (Self, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let reasons = match sources.named(&format!("editions/{number}.yaml")) {
            Some(file) => read(sources, file, &mut findings),
            None => Self::default(),
        };
        (reasons, findings)
    }

    /// The reason for a row, and the id under which it stands.
    #[must_use]
    pub fn find(&self, row: &Row, compared: Compared<'_>) -> Option<(&str, &str)> {
        if self.by_id.is_empty() {
            return None;
        }
        let Compared { old, new, comparison, .. } = compared;
        // A clause whose written id was changed may have its reason under the old one.
        let renamed = |(old_index, new_index): &(usize, usize)| {
            old[*old_index].address == Address::Explicit && old[*old_index].id != new[*new_index].id
        };
        let before = row.old.zip(row.new).filter(renamed).map(|(index, _)| old[index].id.as_str());
        let (mut deleted, mut present) = (row.old.filter(|_| row.new.is_none()), row.new);
        // What held a deleted clause was deleted too, or stands in the new edition, maybe under another id.
        while let Some(index) = deleted {
            match self.of_deleted(index, compared) {
                Found::Reason(id, reason) => return Some((id, reason)),
                Found::Another => return None,
                Found::Nothing => {}
            }
            let above = comparison.old_parents[index];
            present = above.and_then(|above| comparison.new_of_old[above]);
            deleted = above.filter(|_| present.is_none());
        }
        let upwards = std::iter::successors(present, |index| comparison.new_parents[*index]).map(|index| new[index].id.as_str());
        // A written id that what held a deleted clause has no more is nobody else's.
        let held = std::iter::successors(row.old.filter(|_| row.new.is_none()), |index| comparison.old_parents[*index]).skip(1);
        let held = held.filter(|index| old[*index].address == Address::Explicit).map(|index| old[index].id.as_str());
        // What a list of annexes says changes with the annex.
        let listed = present.filter(|index| new[*index].text.is_empty()).and_then(|index| new[index].id.strip_prefix(ANNEX));
        let mut ids = upwards.clone().take(1).chain(before).chain(listed).chain(upwards.skip(1)).chain(held);
        ids.find_map(|id| self.get(id))
    }

    /// What [`find`](Self::find) returns, as texts of their own: a table of reasons outlives the file that they were read from.
    #[must_use]
    pub fn found(&self, row: &Row, compared: Compared<'_>) -> Option<(String, String)> {
        self.find(row, compared).map(|(id, reason)| (id.to_owned(), reason.to_owned()))
    }

    fn get(&self, id: &str) -> Option<(&str, &str)> {
        self.by_id.get_key_value(id).map(|(id, reason)| (id.as_str(), reason.as_str()))
    }

    /// What is said of a deleted clause itself.
    fn of_deleted(&self, index: usize, compared: Compared<'_>) -> Found<'_> {
        let bare = self.get(&compared.old[index].id);
        match (self.get(&compared.old_key(index)), bare) {
            (None, Some(_)) if compared.comparison.shared.contains(&index) && compared.new_number.is_none() => Found::Another,
            (Some((id, reason)), _) | (None, Some((id, reason))) => Found::Reason(id, reason),
            (None, None) => Found::Nothing,
        }
    }

    /// Whether the id of a deleted clause stands alone in the file, though it is that of another clause now.
    pub(super) fn is_of_another(&self, index: usize, compared: Compared<'_>) -> bool {
        matches!(self.of_deleted(index, compared), Found::Another)
    }

    /// Findings for ids that neither edition has; `before` is the old edition.
    fn unknown(&self, sources: &Sources, before: Option<&Record>, new: &[RecordedClause]) -> Vec<Diagnostic> {
        let Some(file) = self.file.filter(|_| !self.by_id.is_empty()) else { return Vec::new() };
        let old = before.map(|record| ids(&record.clauses)).unwrap_or_default();
        let known: FxHashSet<&str> = ids(new).into_iter().chain(old.iter().copied()).collect();
        let is_old = |id: &str| {
            id.split_once('/')
                .is_some_and(|(number, id)| before.is_some_and(|before| before.number == number) && old.contains(id))
        };
        let mut sorted = None;
        let strangers = self.by_id.keys().filter(|id| !known.contains(id.as_str()) && !is_old(id));
        let report = |id: &String| {
            let sorted = sorted.get_or_insert_with(|| {
                let mut ids: Vec<&str> = known.iter().copied().collect();
                ids.sort_unstable();
                ids
            });
            let message = message!("新舊版都沒有 id「{id}」的條文", "Neither edition has a clause `{id}`");
            Diagnostic::new(Rule::UnknownReference, place(sources, file, id), message).maybe_help(did_you_mean(id, sorted.iter().copied()))
        };
        strangers.map(report).collect()
    }
}

/// The ids of clauses.
fn ids(clauses: &[RecordedClause]) -> FxHashSet<&str> {
    clauses.iter().map(|clause| clause.id.as_str()).collect()
}

/// What the file says of a deleted clause itself.
enum Found<'a> {
    /// The id under which its reason stands, and the reason.
    Reason(&'a str, &'a str),
    /// Its id alone, which is another clause's now.
    Another,
    /// Nothing.
    Nothing,
}

fn read(sources: &Sources, file: FileId, findings: &mut Vec<Diagnostic>) -> Reasons {
    source::meaningless(sources, file, findings);
    let mut reasons = Reasons { by_id: BTreeMap::new(), file: Some(file) };
    let help = || {
        message!(
            "請寫成一行一條「id: 理由」；理由裡有冒號時，用引號括起來",
            "Write a line `id: reason` for each clause; a reason with a colon needs quotes"
        )
    };
    let entries = match yaml::read_file::<Value>(sources, file, &[], findings) {
        Some(Value::Mapping(entries)) => entries,
        None | Some(Value::Null) => return reasons,
        Some(_) => {
            let message = message!("修正理由應該是「id: 理由」的對照", "Reasons are a map from ids to texts");
            findings.push(Diagnostic::new(Rule::SchemaViolation, Span::whole(file), message).help(help()));
            return reasons;
        }
    };
    for (key, value) in entries {
        match (key, value) {
            // A reason that is still to be written is none.
            (Value::String(_), Value::Null) => {}
            (Value::String(id), Value::String(reason)) => {
                if !reason.trim().is_empty() {
                    reasons.by_id.insert(id, reason.trim().to_owned());
                }
            }
            (key, _) => {
                let id = key.as_str().map(str::to_owned).or_else(|| serde_yaml::to_string(&key).ok()).unwrap_or_default();
                let id = id.trim();
                let message = message!("「{id}」的理由不是文字", "The reason for `{id}` is no text");
                findings.push(Diagnostic::new(Rule::SchemaViolation, place(sources, file, id), message).help(help()));
            }
        }
    }
    reasons
}

fn place(sources: &Sources, file: FileId, id: &str) -> Span {
    yaml::locate(sources, file, &[Step::from(id)], Part::Key)
}

/// The number of the edition that is being prepared: that of the highest file of reasons without a record. One that is not above the latest edition
/// was prepared for a number that was never used.
pub(super) fn next_number<'a>(sources: &'a Sources, editions: &Editions) -> Option<&'a str> {
    let open = sources.in_folder("editions", "yaml").map(|(stem, _)| stem).filter(|stem| editions.named(stem).is_none());
    let open = open.filter(|stem| editions.latest().is_none_or(|latest| by_number(stem, &latest.number).is_gt()));
    open.max_by(|one, other| by_number(one, other))
}

/// The reasons for the edition `number`, or without a number for the one that is being prepared, that no record has sealed yet: each with the id
/// under which it stands, and its place.
#[must_use]
pub fn unsealed(sources: &Sources, editions: &Editions, number: Option<&str>) -> Vec<(String, String, Span)> {
    let open = number.or_else(|| next_number(sources, editions)).filter(|number| editions.named(number).is_none());
    let reasons = open.map(|number| Reasons::read(sources, number).0).unwrap_or_default();
    let Some(file) = reasons.file else { return Vec::new() };
    let with_place = |(id, reason): (String, String)| {
        let place = yaml::locate(sources, file, &[Step::from(id.as_str())], Part::Value);
        (id, reason, place)
    };
    reasons.by_id.into_iter().map(with_place).collect()
}

/// Findings about every file of reasons: its shape, and what it says of no clause. `current` are the clauses of the sources.
pub(super) fn check(sources: &Sources, editions: &Editions, current: &[RecordedClause]) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for (stem, file) in sources.in_folder("editions", "yaml") {
        let (reasons, mut findings) = Reasons::read(sources, stem);
        if let Some(recorded) = recorded(editions, stem) {
            all.extend((reasons.by_id != *recorded).then(|| late(file, stem)));
            continue;
        }
        all.append(&mut findings);
        // That the record of its edition is gone is another finding.
        if editions.lost().any(|lost| lost == stem) {
            continue;
        }
        // In what no edition uses, nothing has to be right.
        if let Some(unused) = unused(editions, stem, file) {
            all.push(unused);
            continue;
        }
        let place = editions.records.iter().position(|record| record.number == stem);
        let before = place.unwrap_or(editions.records.len()).checked_sub(1).map(|before| &editions.records[before]);
        let new = place.map_or(current, |place| editions.records[place].clauses.as_slice());
        all.append(&mut reasons.unknown(sources, before, new));
    }
    all
}

/// The reasons that the record of an edition keeps.
fn recorded<'a>(editions: &'a Editions, number: &str) -> Option<&'a BTreeMap<String, String>> {
    editions.named(number)?.reasons.as_ref()
}

/// Says that a file of reasons is another one than when its edition was approved.
fn late(file: FileId, number: &str) -> Diagnostic {
    let message = message!(
        "{number} 版核定之後，這個檔案改過；公布的是核定當時的理由",
        "This file has changed since edition {number} was approved; what is published are the reasons of that day"
    );
    let help = message!(
        "請取回原檔或移走它；要更正的，寫在下一版的理由裡",
        "Take the original back or move it away; correct it in the next edition"
    );
    Diagnostic::new(Rule::UnlistedFile, Span::whole(file), message).help(help)
}

/// Says that a file of reasons is that of no edition, neither of one that was approved nor of a next one.
fn unused(editions: &Editions, stem: &str, file: FileId) -> Option<Diagnostic> {
    let latest = editions.latest().map(|latest| latest.number.as_str());
    let is_next = is_new_number(stem) && latest.is_none_or(|latest| by_number(stem, latest).is_gt());
    if is_next || editions.named(stem).is_some() {
        return None;
    }
    let message = message!(
        "檔名「{stem}」不是下一版的版次，裡面的理由沒有用到",
        "`{stem}` is no number of a next edition; its reasons are not used"
    );
    let next = following(latest.unwrap_or_default());
    let help = message!(
        "檔名請用下一版的版次，例如 {next}.yaml；不再用的請移走",
        "Name it after the next edition, such as {next}.yaml; move it away if it is no longer used"
    );
    Some(Diagnostic::new(Rule::UnlistedFile, Span::whole(file), message).help(help))
}

/// A number that can follow a number: 1.10 after 1.9.
pub(super) fn following(number: &str) -> String {
    let start = number.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (stem, last) = number.split_at(start);
    let other = || if number.is_empty() { String::from("1.0") } else { format!("{number}.1") };
    last.parse::<u64>().map_or_else(|_| other(), |last| format!("{stem}{}", last.saturating_add(1)))
}

/// Every change without a reason, by row; what is in a clause that is new or gone as a whole needs none of its own.
pub fn without_reason<'a>(has_reason: impl Fn(&Row) -> bool + 'a, compared: Compared<'a>) -> impl Iterator<Item = &'a Row> {
    let Compared { comparison, .. } = compared;
    let whole = |row: &Row| match (row.old, row.new) {
        (None, Some(new)) => comparison.new_parents[new].map(|parent| (true, parent)),
        (Some(old), None) => comparison.old_parents[old].map(|parent| (false, parent)),
        _ => None,
    };
    let one_sided = |row: &Row| match (row.old, row.new) {
        (None, Some(new)) => Some((true, new)),
        (Some(old), None) => Some((false, old)),
        _ => None,
    };
    let alone: FxHashSet<(bool, usize)> = comparison.rows.iter().filter_map(one_sided).collect();
    let missing = move |row: &&Row| row.needs_reason() && !has_reason(row);
    comparison
        .rows
        .iter()
        .filter(missing)
        .filter(move |row| whole(row).is_none_or(|parent| !alone.contains(&parent)))
}
