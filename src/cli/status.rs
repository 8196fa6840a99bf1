//! `planpress status`: what stands between this plan and approval.
//!
//! In: a project. Out: by chapter, everything that is still open, with its place, as a table or as JSON. Nothing is written to disk, and
//! what is open is no failure: the exit code tells of errors alone.

use super::{
    Outcome,
    arguments::{Arguments, Format},
    compiled,
    console::Console,
    tell_exceptions, try_theme,
};
use crate::{
    check::{COLUMNS, Part, Status},
    diagnostic::Language,
    message,
};
use unicode_width::UnicodeWidthStr as _;

/// How wide a column of counts is.
const WIDTH: usize = 10;

/// Runs the command.
pub(super) fn run(arguments: &Arguments, format: Format, console: &Console) -> Outcome {
    let Some(mut compiled) = compiled(arguments, console) else { return Outcome::Failed };
    try_theme(&mut compiled);
    let status = compiled.status(console.language);
    if format == Format::Json {
        console.result(&(serde_json::to_string(&status).unwrap_or_default() + "\n"));
    } else {
        console.result(&(table(&status, console.language) + &list(&status) + &sum(&status, console.language)));
        tell_exceptions(status.rules_off.iter().copied(), status.waivers, console);
    }
    if compiled.has_errors() { Outcome::Findings } else { Outcome::Done }
}

fn name(part: &Part) -> String {
    if part.number.is_empty() { part.title.clone() } else { format!("{} {}", part.number, part.title) }
}

/// How much is open, a line for each chapter.
fn table(status: &Status, language: Language) -> String {
    if status.total == 0 {
        return String::new();
    }
    let widest = status.parts.iter().map(|part| name(part).width()).max().unwrap_or(0);
    let heads = COLUMNS.map(|(_, zh, en)| language.pick(zh, en).to_owned());
    let line = |name: &str, cells: &[String]| {
        let cells = cells.iter().map(|cell| " ".repeat(WIDTH.saturating_sub(cell.width())) + cell).collect::<String>();
        format!("{name}{}{cells}\n", " ".repeat(widest - name.width()))
    };
    let count = |count: &usize| if *count == 0 { String::from("·") } else { count.to_string() };
    let rows = status.parts.iter().map(|part| line(&name(part), &part.counts.each_ref().map(count)));
    line("", &heads) + &rows.collect::<String>()
}

/// What is open, with its place.
fn list(status: &Status) -> String {
    let mut out = String::new();
    for part in &status.parts {
        out.push_str(&format!("\n{}\n", name(part)));
        for open in &part.open {
            let place = match (&open.file, open.line, open.column) {
                (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}  "),
                _ => String::new(),
            };
            out.push_str(&format!("  {place}{}\n", open.message));
        }
    }
    out
}

fn sum(status: &Status, language: Language) -> String {
    let (waiting, reminders) = (status.waiting, status.total - status.waiting);
    let said = match (waiting, reminders) {
        (0, 0) => message!("沒有待完成事項，可以送核定。\n", "Nothing is open; the plan can be approved.\n"),
        (0, _) => message!("\n還有 {reminders} 項提醒，不擋核定。\n", "\nWorth a look: {reminders}. The plan can be approved.\n"),
        (_, 0) => message!("\n還有 {waiting} 項，完成之後才能核定。\n", "\nOpen before approval: {waiting}.\n"),
        _ => message!(
            "\n還有 {waiting} 項，完成之後才能核定；另有 {reminders} 項提醒。\n",
            "\nOpen before approval: {waiting}. Worth a look besides: {reminders}.\n"
        ),
    };
    said.text(language).to_owned()
}
