//! `planpress check`: says what is wrong.
//!
//! In: a project. Out: its findings on standard output, as text, JSON or SARIF.
//! Only `--fix` writes: to files of the project, and where a finding has exactly one cure.

use super::{
    Outcome,
    arguments::{Arguments, Format},
    compiled,
    console::Console,
    not_written, try_theme,
};
use crate::{
    compile::Compiled,
    diagnostic::{FileId, Fix, Message, Severity},
    message, report,
    source::{ReadError, Sources, code, mended},
    write,
};
use std::{collections::BTreeMap, ops::Range};

/// How often files are mended and checked again: one change may stand inside another, as a term inside brackets does. Terms that are each
/// other's variants would go on for ever.
const ROUNDS: usize = 8;

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
    let mut mending = Mending { arguments, console, format, count: 0, left_alone: false };
    if fix {
        for _ in 0..ROUNDS {
            match mending.round(&compiled) {
                Err(outcome) => return outcome,
                Ok(0) if !mending.left_alone => break,
                Ok(_) => {}
            }
            // What is left is said of the files as they are now.
            match super::compiled(arguments, console) {
                Some(again) => compiled = again,
                None => return Outcome::Failed,
            }
            if mending.left_alone {
                break;
            }
        }
        let (count, shared) = (mending.count, fixes(&compiled).filter(|fix| !mending.is_own(&compiled.sources, fix)).count());
        mending.say(&message!("改了 {count} 處", "Changed places: {count}"));
        if shared > 0 {
            mending.say(&message!(
                "另有 {shared} 處在覆蓋資料夾以外的檔案，是各機關共用的，沒有動；要改請不加 --overlay 執行",
                "{shared} more stand in files below the overlay, which several agencies share, and were left; run it without --overlay to change them"
            ));
        }
    }
    try_theme(&mut compiled);
    let (findings, sources) = (&compiled.diagnostics, &compiled.sources);
    let refused = |finding: &crate::diagnostic::Diagnostic| finding.severity == Severity::Error || deny_warnings;
    match format {
        Format::Json => console.result(&(report::json(findings, sources, console.language) + "\n")),
        Format::Sarif => console.result(&(report::sarif(findings, sources, console.language) + "\n")),
        Format::Text => {
            // What the exit code is for is said, however quietly.
            let shown: Vec<_> = findings.iter().map(|finding| &**finding).filter(|finding| !console.quiet || refused(finding)).collect();
            console.result(&report::text(&shown, sources, console.language));
            console.line(&report::Counts::of(findings).summary());
        }
    }
    if mending.left_alone {
        return Outcome::Failed;
    }
    if findings.iter().any(|finding| refused(finding)) { Outcome::Findings } else { Outcome::Done }
}

/// The mending of files where findings say how.
struct Mending<'a> {
    arguments: &'a Arguments,
    console: &'a Console,
    format: Format,
    /// How much was changed.
    count: usize,
    /// Whether a file was not what had been checked, and so stays as it is.
    left_alone: bool,
}

/// Every change that a finding proposes.
fn fixes(compiled: &Compiled) -> impl Iterator<Item = &Fix> {
    compiled.diagnostics.iter().flat_map(|finding| &finding.fixes)
}

impl Mending<'_> {
    /// Whether a change is one of the plan's own files: with an overlay those below are other agencies' too.
    fn is_own(&self, sources: &Sources, fix: &Fix) -> bool {
        self.arguments.overlay.is_none() || sources.file(fix.span.file).overlaid
    }

    /// Changes what can be changed at once, and says what; how much that was.
    fn round(&mut self, compiled: &Compiled) -> Result<usize, Outcome> {
        let mut by_file: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
        for fix in fixes(compiled).filter(|fix| self.is_own(&compiled.sources, fix)) {
            by_file.entry(fix.span.file).or_default().push(fix);
        }
        let before = self.count;
        for (file, fixes) in by_file {
            self.mend(&compiled.sources, file, &fixes)?;
        }
        Ok(self.count - before)
    }

    fn mend(&mut self, sources: &Sources, file: FileId, fixes: &[&Fix]) -> Result<(), Outcome> {
        let (source, console) = (sources.file(file), self.console);
        let shown = &source.path;
        let path = self.arguments.project.join(shown);
        let failed = |error| {
            console.error(&ReadError { path: shown.clone(), error }.message(), None);
            Outcome::Failed
        };
        #[expect(clippy::disallowed_methods, reason = "the file is changed as it is on disk now")]
        let original = std::fs::read_to_string(&path).map_err(failed)?;
        let changes: Vec<(Range<usize>, &str)> = fixes.iter().map(|fix| (fix.span.range(), fix.text.as_str())).collect();
        let Some(mended) = mended(&original, source, &changes) else {
            let message = message!("檢查之後「{shown}」又改過，沒有動它", "`{shown}` changed meanwhile and was left alone");
            console.error(&message, Some(&message!("請再執行一次", "Run the command again")));
            self.left_alone = true;
            return Ok(());
        };
        write::file(&path, mended.text.as_bytes()).map_err(|error| not_written(&error, console))?;
        for fix in mended.applied.iter().map(|index| fixes[*index]) {
            let (line, before, after) = (source.line(fix.span.start as usize), sources.slice(fix.span), &fix.text);
            if after.trim().is_empty() {
                // Of what nobody sees, the codes are read.
                let codes = |words: &str| words.chars().map(code).collect::<Vec<_>>().join(" ");
                let (before, after) = (codes(before), if after.is_empty() { "×".to_owned() } else { codes(after) });
                self.say(&message!("{shown}:{line}：{before} → {after}", "{shown}:{line}: {before} → {after}"));
                continue;
            }
            self.say(&message!("{shown}:{line}：{before} → {after}", "{shown}:{line}: {before} → {after}"));
        }
        self.count += mended.applied.len();
        Ok(())
    }

    /// What was changed is no part of a document of findings.
    fn say(&self, message: &Message) {
        match self.format {
            Format::Text => self.console.line(message),
            Format::Json | Format::Sarif => self.console.say(message),
        }
    }
}
