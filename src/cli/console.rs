//! Printing.
//!
//! In: words. Out: standard output for results, standard error for the rest; colours where wanted. A reader that closed its end early,
//! such as `head`, is no error.

use crate::{
    diagnostic::{Diagnostic, Language, Message, Severity, reason},
    message, report,
    source::Sources,
};
use anstream::{AutoStream, ColorChoice};
use std::{
    borrow::Borrow,
    io::{self, IsTerminal as _, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

/// How to talk to the person at the terminal.
pub(super) struct Console {
    pub language: Language,
    pub color: ColorChoice,
    pub quiet: bool,
    unwritten: AtomicBool,
}

impl Console {
    pub(super) fn new(language: Language, color: ColorChoice, quiet: bool) -> Self {
        Self { language, color, quiet, unwritten: AtomicBool::new(false) }
    }

    /// A result, on standard output.
    pub(super) fn result(&self, text: &str) {
        self.told(result(text, self.color));
    }

    /// A result that is no text.
    #[cfg(feature = "pdf")]
    pub(super) fn bytes(&self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        self.told(unless_closed(out.write_all(bytes).and_then(|()| out.flush())));
    }

    fn told(&self, written: io::Result<()>) {
        if let Err(error) = written {
            self.unwritten.store(true, Ordering::Relaxed);
            let Message { zh, en } = reason(&error);
            self.error(&message!("無法寫到標準輸出：{zh}", "Cannot write to standard output: {en}"), None);
        }
    }

    /// Whether a result was lost.
    pub(super) fn has_lost_a_result(&self) -> bool {
        self.unwritten.load(Ordering::Relaxed)
    }

    /// Progress, on standard error.
    pub(super) fn note(&self, text: &str) {
        note(text, self.color);
    }

    /// One line on standard error.
    pub(super) fn say(&self, message: &Message) {
        self.note(&format!("{}\n", message.text(self.language)));
    }

    /// Findings with their places, on standard error.
    pub(super) fn findings(&self, findings: &[impl Borrow<Diagnostic>], sources: &Sources) {
        self.note(&report::text(findings, sources, self.language));
    }

    /// One line of result.
    pub(super) fn line(&self, message: &Message) {
        if !self.quiet {
            self.result(&format!("{}\n", message.text(self.language)));
        }
    }

    /// Something that stopped the command.
    pub(super) fn error(&self, message: &Message, help: Option<&Message>) {
        let (label, advice) = self.language.pick(("錯誤：", "建議："), ("error: ", "help: "));
        self.note(&format!("\u{1b}[1;31m{label}\u{1b}[0m{}\n", message.text(self.language)));
        if let Some(help) = help {
            self.note(&format!("{advice}{}\n", help.text(self.language)));
        }
    }

    /// The findings to show: all, or with `--quiet` the errors.
    pub(super) fn shown<'a>(&self, findings: &'a [impl Borrow<Diagnostic>]) -> Vec<&'a Diagnostic> {
        findings
            .iter()
            .map(Borrow::borrow)
            .filter(|finding| !self.quiet || finding.severity == Severity::Error)
            .collect()
    }

    /// The same without what only holds back an approval, which is counted.
    pub(super) fn shown_of_draft<'a>(&self, findings: &'a [impl Borrow<Diagnostic>]) -> Vec<&'a Diagnostic> {
        let shown: Vec<&Diagnostic> = findings.iter().map(Borrow::borrow).filter(|finding| !holds_back_approval(finding)).collect();
        self.waiting(findings.len() - shown.len());
        shown.into_iter().filter(|finding| !self.quiet || finding.severity == Severity::Error).collect()
    }

    /// Says how much holds back an approval, if anything.
    pub(super) fn waiting(&self, count: usize) {
        if count > 0 && !self.quiet {
            self.say(&message!(
                "還有 {count} 項待完成，planpress status 可看清單",
                "Open before approval: {count}; `planpress status` lists it"
            ));
        }
    }

    /// Whether a person watches progress.
    pub(super) fn is_watched(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }
}

/// Whether a finding does nothing but hold back an approval.
pub(super) fn holds_back_approval(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Warning && finding.rule.holds_back_approval()
}

/// Writes to standard output; a closed pipe has nobody to tell.
pub(super) fn result(text: &str, color: ColorChoice) -> io::Result<()> {
    let mut out = AutoStream::new(io::stdout().lock(), resolved(color, io::stdout().is_terminal()));
    unless_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes to standard error.
pub(super) fn note(text: &str, color: ColorChoice) {
    let _ = AutoStream::new(io::stderr().lock(), resolved(color, io::stderr().is_terminal())).write_all(text.as_bytes());
}

/// `auto` is colour on a terminal, unless the environment refuses it.
fn resolved(color: ColorChoice, terminal: bool) -> ColorChoice {
    match color {
        ColorChoice::Auto if !terminal => ColorChoice::Never,
        other => other,
    }
}
