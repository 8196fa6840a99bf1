//! `planpress check`: says what is wrong.
//!
//! In: a project. Out: its findings on standard output, as text, JSON or SARIF.
//! Only `--fix` writes: to files of the project, and where a finding has exactly one cure.

use super::{
    Outcome,
    arguments::{Arguments, Format},
    compiled,
    console::Console,
};
use crate::{
    compile::Compiled,
    diagnostic::{FileId, Fix, Message, Severity, reason},
    message,
    render::{RenderError, View},
    report,
    site::{File, Sink},
    source::mended,
    write,
};
use std::{collections::BTreeMap, ops::Range};

/// How to check, and what to do about what is found.
#[derive(Debug)]
pub(super) struct Choices {
    pub format: Format,
    pub deny_warnings: bool,
    /// Whether to mend what has exactly one cure.
    pub fix: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, choices: &Choices, console: &Console) -> Outcome {
    let Choices { format, deny_warnings, fix } = *choices;
    let Some(mut compiled) = compiled(arguments, console) else { return Outcome::Failed };
    let mut left_alone = false;
    if fix {
        match mend(&compiled, arguments, console) {
            Ok(all) => left_alone = !all,
            Err(outcome) => return outcome,
        }
        // What is left is said of the files as they are now.
        match super::compiled(arguments, console) {
            Some(again) => compiled = again,
            None => return Outcome::Failed,
        }
    }
    // A theme's mistakes may show only while rendering; what is rendered here goes nowhere, and some pages of each kind will do.
    let theme_stands = !compiled.diagnostics.iter().any(|finding| finding.rule == crate::diagnostic::Rule::Theme);
    for view in [View::Published, View::Draft].into_iter().filter(|_| theme_stands) {
        if let Err(RenderError::Template(finding)) = compiled.renderer(view, None).sample(&Nowhere) {
            compiled.diagnostics.push((*finding).into());
            break;
        }
    }
    let (findings, sources) = (&compiled.diagnostics, &compiled.sources);
    match format {
        Format::Json => console.result(&(report::json(findings, sources, console.language) + "\n")),
        Format::Sarif => console.result(&(report::sarif(findings, sources, console.language) + "\n")),
        Format::Text => {
            let shown = console.shown(findings);
            console.result(&report::text(&shown, sources, console.language, true));
            console.line(&report::Counts::of(findings).summary());
        }
    }
    let refused = |finding: &crate::diagnostic::Diagnostic| finding.severity == Severity::Error || deny_warnings;
    if left_alone {
        return Outcome::Failed;
    }
    if findings.iter().any(|finding| refused(finding)) { Outcome::Findings } else { Outcome::Done }
}

/// Mends files where findings say how, and says what was changed; whether no file had to be left alone.
fn mend(compiled: &Compiled, arguments: &Arguments, console: &Console) -> Result<bool, Outcome> {
    let mut by_file: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
    for fix in compiled.diagnostics.iter().flat_map(|finding| &finding.fixes) {
        by_file.entry(fix.span.file).or_default().push(fix);
    }
    let (mut count, mut all) = (0, true);
    for (file, fixes) in by_file {
        let source = compiled.sources.file(file);
        let path = arguments.project.join(&source.path);
        let failed = |error: &std::io::Error| {
            let (path, why) = (&source.path, reason(error));
            let message = Message {
                zh: format!("無法讀取「{path}」：{}", why.zh).into(),
                en: format!("Cannot read `{path}`: {}", why.en).into(),
            };
            console.error(&message, None);
            Outcome::Failed
        };
        #[expect(clippy::disallowed_methods, reason = "the file is changed as it is on disk now")]
        let original = std::fs::read_to_string(&path).map_err(|error| failed(&error))?;
        let changes: Vec<(Range<usize>, &str)> = fixes.iter().map(|fix| (fix.span.range(), fix.text.as_str())).collect();
        let Some(mended) = mended(&original, &source.text, &changes) else {
            let path = &source.path;
            let message = message!("檢查之後「{path}」又改過，沒有動它", "`{path}` changed meanwhile and was left alone");
            console.error(&message, Some(&message!("請再執行一次", "Run the command again")));
            all = false;
            continue;
        };
        write::file(&path, mended.text.as_bytes()).map_err(|error| {
            console.error(&error.message, error.help.as_ref());
            Outcome::Failed
        })?;
        for fix in mended.applied.iter().map(|index| fixes[*index]) {
            let line = source.position(fix.span.start as usize).line;
            console.line(&message!(
                "{path}:{line}：{before} → {after}",
                "{path}:{line}: {before} → {after}",
                path = source.path,
                before = compiled.sources.slice(fix.span),
                after = fix.text
            ));
            count += 1;
        }
    }
    console.line(&message!("改了 {count} 處", "{count} changes"));
    Ok(all)
}

/// Takes files and keeps none.
struct Nowhere;

impl Sink for Nowhere {
    fn accept(&self, _: File) -> std::io::Result<()> {
        Ok(())
    }
}
