//! `planpress status`: what stands between this plan and approval.
//!
//! In: a project. Out: by chapter, everything that is still open, with its place, as a table or as JSON. Nothing is written to disk, and
//! what is open is no failure: the exit code is that of a plan with errors only when it has errors.

use super::{
    Outcome,
    arguments::{Arguments, Format},
    compiled,
    console::Console,
};
use crate::{
    compile::Compiled,
    diagnostic::{Diagnostic, Family, Language},
    message,
};
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

/// One thing that is open.
#[derive(Serialize)]
struct OpenView {
    rule: &'static str,
    severity: &'static str,
    message: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

/// What is open in one file that people know by a title.
#[derive(Serialize)]
struct PartView {
    id: String,
    number: String,
    title: String,
    open: Vec<OpenView>,
}

#[derive(Serialize)]
struct StatusView {
    format: u8,
    ready: bool,
    total: usize,
    parts: Vec<PartView>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, format: Format, console: &Console) -> Outcome {
    let Some(compiled) = compiled(arguments, console) else { return Outcome::Failed };
    let status = status(&compiled, console.language);
    if format == Format::Json {
        console.result(&(serde_json::to_string(&status).unwrap_or_default() + "\n"));
    } else {
        console.result(&table(&status, &compiled, console.language));
    }
    if compiled.has_errors() { Outcome::Findings } else { Outcome::Done }
}

fn status(compiled: &Compiled, language: Language) -> StatusView {
    let plan = &compiled.plan;
    let mut parts: Vec<PartView> = plan
        .present()
        .map(|index| PartView {
            id: plan.chapters[index].id.clone(),
            number: plan.facts[index].number.label(plan.chapters[index].kind, plan.style()),
            title: plan.chapters[index].front.title.clone(),
            open: Vec::new(),
        })
        .collect();
    let files: Vec<_> = plan.present().map(|index| plan.chapters[index].file).collect();
    // What stands in data, settings or the theme belongs to no chapter.
    let title = message!("資料與設定", "Data and settings").text(language).to_owned();
    parts.push(PartView { id: "data".into(), number: String::new(), title, open: Vec::new() });
    for finding in &compiled.diagnostics {
        let at = finding.span.and_then(|span| files.iter().position(|file| *file == span.file)).unwrap_or(files.len());
        parts[at].open.push(open(finding, compiled, language));
    }
    let total = parts.iter().map(|part| part.open.len()).sum();
    parts.retain(|part| !part.open.is_empty());
    StatusView { format: 1, ready: total == 0, total, parts }
}

fn open(finding: &Diagnostic, compiled: &Compiled, language: Language) -> OpenView {
    let place = finding.span.map(|span| {
        let source = compiled.sources.file(span.file);
        (source.path.clone(), source.position(span.start as usize))
    });
    OpenView {
        rule: finding.rule.name(),
        severity: finding.severity.name(),
        message: finding.message.text(language).to_owned(),
        file: place.as_ref().map(|(file, _)| file.clone()),
        line: place.as_ref().map(|(_, position)| position.line),
        column: place.as_ref().map(|(_, position)| position.column),
    }
}

/// The columns of the table: families that hold back an approval, and everything else.
const FAMILIES: [(Option<Family>, &str, &str); 6] = [
    (Some(Family::Completeness), "未完成", "open"),
    (Some(Family::Annex), "附件", "annex"),
    (Some(Family::Law), "法規", "law"),
    (Some(Family::Coverage), "法定", "coverage"),
    (Some(Family::Wording), "用詞", "wording"),
    (None, "其他", "other"),
];

fn table(status: &StatusView, compiled: &Compiled, language: Language) -> String {
    if status.ready {
        let all = message!("沒有待完成事項，可以送核定。", "Nothing is open; the plan can be approved.");
        return format!("{}\n", all.text(language));
    }
    let family = |open: &OpenView| {
        let rule = crate::diagnostic::Rule::named(open.rule)?;
        rule.holds_back_approval().then(|| rule.family())
    };
    let count = |part: &PartView, of: Option<Family>| part.open.iter().filter(|open| family(open) == of).count();
    let name = |part: &PartView| if part.number.is_empty() { part.title.clone() } else { format!("{} {}", part.number, part.title) };
    let widest = status.parts.iter().map(|part| name(part).width()).max().unwrap_or(0);
    let mut out = " ".repeat(widest);
    let heads = FAMILIES.map(|(_, zh, en)| if language == Language::Chinese { zh } else { en });
    for head in heads {
        out.push_str(&format!("{}{head}", " ".repeat(10usize.saturating_sub(head.width()))));
    }
    out.push('\n');
    for part in &status.parts {
        out.push_str(&format!("{}{}", name(part), " ".repeat(widest - name(part).width())));
        for (of, _, _) in FAMILIES {
            let number = count(part, of);
            out.push_str(&format!("{:>10}", if number == 0 { String::from("·") } else { number.to_string() }));
        }
        out.push('\n');
    }
    for part in &status.parts {
        out.push_str(&format!("\n{}\n", name(part)));
        for open in &part.open {
            let place = match (&open.file, open.line, open.column) {
                (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}"),
                _ => String::new(),
            };
            out.push_str(&format!("  {place}  {}\n", open.message));
        }
    }
    let (total, state) = (status.total, compiled.editions.latest().map(|latest| latest.number.clone()));
    let since = state.map(|number| message!("（上次核定：{number} 版）", " (last approved: {number})"));
    let since = since.as_ref().map_or("", |since| since.text(language));
    let sum = message!(
        "\n還有 {total} 項，完成之後才能核定{since}。\n",
        "\n{total} things stand between this plan and approval{since}.\n"
    );
    out + sum.text(language)
}
