//! `planpress compare`: the amendment table of two editions, or of an edition and the sources.
//!
//! In: the numbers of records, or the paths of record files. Out: the table on standard output, as one HTML document or as CSV for a
//! spreadsheet. Nothing is written to disk.

use super::{Outcome, arguments::Arguments, compiled, console::Console, not_rendered};
use crate::{
    compile::{self, Compiled},
    diagnostic::{Diagnostic, Family, Message, Rule, Severity, did_you_mean},
    edition::{Compared, Editions, Reasons, Record, RecordedClause, Station, Way, clauses, compare},
    message,
    render::View,
    source::{self, ReadError},
    view::{CellView, ComparisonView, LineView, Table},
};
use std::{borrow::Cow, mem::ManuallyDrop, path::Path};

/// What to compare, and how to say it.
#[derive(Debug)]
pub(super) struct Choices {
    pub old: String,
    /// The sources unless named.
    pub new: Option<String>,
    /// Whether unchanged clauses are shown.
    pub all: bool,
    pub csv: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, choices: &Choices, console: &Console) -> Outcome {
    let compiled =
        if needs_no_project(arguments, choices) { records_alone(arguments, choices, console) } else { compiled(arguments, console) };
    let Some(compiled) = compiled else { return Outcome::Failed };
    // What cannot be read would be said to be deleted.
    let unread: Vec<_> = compiled
        .diagnostics
        .iter()
        .map(|finding| &**finding)
        .filter(|finding| hides_text(finding, choices.new.is_none()))
        .collect();
    if !unread.is_empty() {
        console.findings(&unread, &compiled.sources);
        let help = message!("請修正上面的錯誤", "Mend the errors above");
        console.error(&message!("沒有產生對照表：計畫沒有全部讀到", "No table was made: not all of the plan was read"), Some(&help));
        return Outcome::Findings;
    }
    // The table lacks the reasons of an edition whose record is gone.
    let lost = compiled.diagnostics.iter().map(|finding| &**finding).filter(|finding| finding.rule == Rule::MissingRecord);
    console.findings(&console.shown(&lost.collect::<Vec<_>>()), &compiled.sources);
    match table(&compiled, choices, arguments) {
        Err(Refusal { outcome, message, help }) => {
            console.error(&message, help.as_ref());
            outcome
        }
        Ok(table) if choices.csv => {
            console.result(&csv(&table, &compiled));
            Outcome::Done
        }
        Ok(table) => match compiled.renderer(View::Published, None).amendment_document(table) {
            Ok(html) => {
                console.result(&html);
                Outcome::Done
            }
            Err(error) => not_rendered(error, &compiled.sources, console),
        },
    }
}

/// Whether both editions are files and stand in no project: records are all that is needed then.
fn needs_no_project(arguments: &Arguments, choices: &Choices) -> bool {
    let is_file = |name: &String| Path::new(name).is_file();
    let are_files = is_file(&choices.old) && choices.new.as_ref().is_some_and(is_file);
    are_files && arguments.overlay.is_none() && !arguments.project.join("content/plan.yaml").exists()
}

/// A plan that says nothing, whose editions are the two that are compared.
fn records_alone(arguments: &Arguments, choices: &Choices, console: &Console) -> Option<ManuallyDrop<Compiled>> {
    let read = compile::read_nothing(&arguments.project).map_err(|error| console.error(&error.message(), None));
    let mut compiled = read.ok()?.compile();
    let names = [Some(&choices.old), choices.new.as_ref()];
    // What is wrong with one is said where it is compared.
    let records = names
        .into_iter()
        .flatten()
        .filter_map(|name| Some(record(&compiled, name, arguments).ok()?.into_owned()))
        .collect();
    compiled.editions = Editions::new(records, compiled.plan.digest);
    Some(ManuallyDrop::new(compiled))
}

/// Whether a finding says that a record was not read, or some of the text of the sources, where these are compared.
fn hides_text(finding: &Diagnostic, of_sources: bool) -> bool {
    let hides = of_sources && (finding.rule.family() == Family::Source || finding.rule == Rule::MissingFile);
    finding.severity == Severity::Error && (hides || finding.rule == Rule::BrokenRecord)
}

/// What cannot be compared, and what to do about it.
struct Refusal {
    outcome: Outcome,
    message: Message,
    help: Option<Message>,
}

fn table(compiled: &Compiled, choices: &Choices, arguments: &Arguments) -> Result<ComparisonView, Refusal> {
    let (plan, editions) = (&compiled.plan, &compiled.editions);
    let old = record(compiled, &choices.old, arguments)?;
    let named = choices.new.as_ref().map(|name| record(compiled, name, arguments)).transpose()?;
    // Sources that are what was approved are that edition.
    let approved = editions.approved().map(Cow::Borrowed);
    let (new, title, now): (Option<Cow<'_, Record>>, String, Vec<RecordedClause>) = match named.or(approved) {
        Some(record) => (Some(record.clone()), record.title.clone(), Vec::new()),
        None => (None, plan.full_title(), clauses(plan, &compiled.sources)),
    };
    let new_clauses = new.as_ref().map_or(&now, |record| &record.clauses);
    let comparison = compare(&old.clauses, new_clauses);
    let last = new.as_ref().map(|record| record.number.as_str());
    // Of several editions on the way, each has its reasons.
    let place = |number: &str| editions.records.iter().position(|record| record.number == number);
    let between = place(&old.number).map_or(0, |at| at + 1)..last.map_or(Some(editions.records.len()), place).unwrap_or(0);
    let mut stations = vec![Station { number: Some(&old.number), clauses: &old.clauses }];
    let passed = editions.records.get(between).filter(|_| place(&old.number).is_some()).unwrap_or_default();
    stations.extend(passed.iter().map(|record| Station { number: Some(&record.number), clauses: &record.clauses }));
    stations.push(Station { number: last, clauses: new_clauses });
    let reasons = |station: Station<'_>| Reasons::for_edition(&compiled.sources, editions, station.number);
    let way = Way::new(&stations, reasons);
    let table = Table {
        plan,
        title: &title,
        old_title: &old.title,
        compared: Compared { old: &old.clauses, new: new_clauses, comparison: &comparison, old_number: &old.number, new_number: last },
        reason: &|row| way.find(row),
        all: choices.all,
    };
    Ok(table.view(|_| None))
}

/// The record with a number, or in a file.
#[expect(clippy::disallowed_methods, reason = "a record may stand outside the project")]
fn record<'a>(compiled: &'a Compiled, name: &str, arguments: &Arguments) -> Result<Cow<'a, Record>, Refusal> {
    if let Some(record) = compiled.editions.named(name) {
        return Ok(Cow::Borrowed(record));
    }
    let path = Path::new(name);
    if path.is_file() {
        let unread = |error| {
            let message = ReadError { path: name.to_owned(), error }.message();
            Refusal { outcome: Outcome::Failed, message, help: None }
        };
        let text = std::fs::read_to_string(path).map_err(unread)?;
        let broken = |(_, Message { zh, en }): (usize, Message)| Refusal {
            outcome: Outcome::Findings,
            message: message!("{name}：{zh}", "{name}: {en}"),
            help: Some(message!("請從備份或版本控制取回原檔", "Take the original from a backup or from version control")),
        };
        return Record::parse(&source::normalised("json", text)).map(Cow::Owned).map_err(broken);
    }
    let numbers: Vec<&str> = compiled.editions.records.iter().map(|record| record.number.as_str()).collect();
    let folder = crate::approve::folder(&super::project(arguments));
    let folder = folder.display();
    let known = if numbers.is_empty() {
        message!("還沒有核定過任何版次（{folder} 裡沒有紀錄）", "Nothing was approved yet (there is no record in {folder})")
    } else {
        let (zh, en) = (numbers.join("、"), numbers.join(", "));
        message!("核定過的版次有：{zh}", "Approved editions: {en}")
    };
    let help = match did_you_mean(name, numbers) {
        Some(near) => Message { zh: format!("{}{}", near.zh, known.zh).into(), en: format!("{} {}", near.en, known.en).into() },
        None => known,
    };
    let message = message!("沒有「{name}」這個核定版，也沒有這個檔案", "There is no edition and no file `{name}`");
    Err(Refusal { outcome: Outcome::Failed, message, help: Some(help) })
}

/// The table for a spreadsheet: UTF-8 with a byte order mark, by which Excel knows it.
fn csv(table: &ComparisonView, compiled: &Compiled) -> String {
    let plan = &compiled.plan;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let head = [
        format!("{}（{}）", plan.term("comparison_new"), table.new_edition),
        format!("{}（{}）", plan.term("comparison_old"), table.old_edition),
        plan.term("comparison_why").to_owned(),
    ];
    let rows = table.rows.iter().map(|row| {
        let why = row.notes.iter().chain(&row.reason).cloned().collect::<Vec<_>>().join("\n");
        [words(row.new.as_ref()), words(row.old.as_ref()), why]
    });
    for row in std::iter::once(head).chain(rows) {
        // Memory takes everything.
        let _ = writer.write_record(row.iter().map(|cell| inert(cell).into_owned()));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

fn words(cell: Option<&CellView>) -> String {
    let Some(cell) = cell else { return String::new() };
    let number = Some(cell.number.clone()).filter(|number| !number.is_empty());
    number.into_iter().chain(cell.lines.iter().map(LineView::text)).collect::<Vec<_>>().join("\n")
}

/// A text that no spreadsheet takes for a formula: it would begin with one of these, in either width.
fn inert(text: &str) -> Cow<'_, str> {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if begins { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(inert("=1+1"), "'=1+1");
        assert_eq!(inert("－1"), "'－1");
        assert_eq!(inert("玖二(一)\n=1"), "玖二(一)\n=1");
    }
}
