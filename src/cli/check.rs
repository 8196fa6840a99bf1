//! `planpress check`: says what is wrong.
//!
//! In: a project. Out: its findings on standard output, as text, JSON or SARIF. Nothing is written to disk.

use super::{
    Outcome,
    arguments::{Arguments, Format},
    compiled,
    console::Console,
};
use crate::{
    diagnostic::Severity,
    render::{RenderError, View},
    report,
    site::{File, Sink},
};

/// Runs the command.
pub(super) fn run(arguments: &Arguments, format: Format, deny_warnings: bool, console: &Console) -> Outcome {
    let Some(mut compiled) = compiled(arguments, console) else { return Outcome::Failed };
    // A theme's mistakes may show only while rendering; what is rendered here goes nowhere.
    let theme_stands = !compiled.diagnostics.iter().any(|finding| finding.rule == crate::diagnostic::Rule::Theme);
    for view in [View::Published, View::Draft].into_iter().filter(|_| theme_stands) {
        if let Err(RenderError::Template(finding)) = compiled.renderer(view, None).all(&Nowhere) {
            compiled.diagnostics.push(*finding);
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
    if findings.iter().any(refused) { Outcome::Findings } else { Outcome::Done }
}

/// Takes files and keeps none.
struct Nowhere;

impl Sink for Nowhere {
    fn accept(&self, _: File) -> std::io::Result<()> {
        Ok(())
    }
}
