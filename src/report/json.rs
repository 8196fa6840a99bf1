//! Findings as JSON, for scripts and for the preview's overlay.
//!
//! In: diagnostics and their sources. Out: the objects of `check --format json`. Every object has every key: what a finding does
//! not have (help, or a place because no file exists to point into) is `null`, so that a reader need not ask which keys exist.
//! Ends are one past the last character, as in SARIF and in editors.

use super::{
    excerpt::{Excerpt, excerpt},
    place::Places,
    sorted,
};
use crate::{
    diagnostic::{Diagnostic, Language, Severity, Span},
    source::Sources,
};
use serde::Serialize;
use std::borrow::Borrow;

/// More warnings than this nobody reads beside a page.
const WARNINGS: usize = 500;

/// The whole document: `{"format":1,"diagnostics":[…]}`.
#[must_use]
pub fn json(diagnostics: &[impl Borrow<Diagnostic>], sources: &Sources, language: Language) -> String {
    format!("{{\"format\":1,\"diagnostics\":{}}}", array(&sorted(diagnostics, sources), sources, language))
}

/// The same document with every error and the first [`WARNINGS`], and in `excerpts` for each finding the line that it points at, in three
/// pieces: what stands before the marked part, that part, and what follows; `null` for a finding without a place.
#[must_use]
pub fn preview(diagnostics: &[impl Borrow<Diagnostic>], sources: &Sources, language: Language) -> String {
    let of = |severity| diagnostics.iter().map(Borrow::borrow).filter(move |finding| finding.severity == severity);
    let told: Vec<&Diagnostic> = of(Severity::Error).chain(of(Severity::Warning).take(WARNINGS)).collect();
    let told = sorted(&told, sources);
    let pieces = |finding: &Diagnostic| {
        let span = finding.span?;
        let Excerpt { line, mark } = excerpt(&sources.file(span.file).text, span.range());
        Some([line[..mark.start].to_owned(), line[mark.clone()].to_owned(), line[mark.end..].to_owned()])
    };
    let excerpts: Vec<_> = told.iter().copied().map(pieces).collect();
    let excerpts = serde_json::to_string(&excerpts).unwrap_or_else(|_| String::from("[]"));
    format!("{{\"format\":1,\"diagnostics\":{},\"excerpts\":{excerpts}}}", array(&told, sources, language))
}

/// The findings alone, as a JSON array on one line.
fn array(findings: &[&Diagnostic], sources: &Sources, language: Language) -> String {
    let places = Places::of(findings, sources);
    let all: Vec<_> = findings.iter().copied().map(|finding| view(finding, sources, &places, language)).collect();
    // Strings, numbers and lists cannot fail to become JSON.
    serde_json::to_string(&all).unwrap_or_else(|_| String::from("[]"))
}

#[derive(Serialize)]
struct FindingView<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    related: Vec<RelatedView<'a>>,
}

#[derive(Serialize)]
struct RelatedView<'a> {
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
}

fn view<'a>(finding: &'a Diagnostic, sources: &'a Sources, places: &Places, language: Language) -> FindingView<'a> {
    let path = |span: Span| sources.file(span.file).path.as_str();
    let (start, end) = finding.span.map(|span| places.of_span(span)).unzip();
    let related = finding.related.iter().map(|other| {
        let (start, _) = places.of_span(other.span);
        let message = other.message.text(language);
        RelatedView { message, file: path(other.span), line: start.line, column: start.column }
    });
    FindingView {
        rule: finding.rule.name(),
        severity: finding.severity.name(),
        message: finding.message.text(language),
        help: finding.help.as_ref().map(|help| help.text(language)),
        file: finding.span.map(path),
        line: start.map(|at| at.line),
        column: start.map(|at| at.column),
        end_line: end.map(|at| at.line),
        end_column: end.map(|at| at.column),
        related: related.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Rule, message, source::Source};

    #[test]
    fn an_object_holds_what_the_contract_names() {
        let mut sources = Sources::default();
        let text = "## 甲 {#a}\n\n## 乙 {#a}\n";
        let id = sources.add(Source::new("chapters/scope.md", "content/chapters/scope.md", text));
        let second = text.rfind("#a").unwrap();
        let finding = Diagnostic::new(Rule::DuplicateId, Span::new(id, second, second + 2), message!("「a」重複", "`a` twice"))
            .related(Span::new(id, 8, 10), message!("先用於此", "first here"))
            .help(message!("請改名", "Rename it"));
        assert_eq!(
            json(&[finding], &sources, Language::English),
            concat!(
                r#"{"format":1,"diagnostics":[{"rule":"duplicate-id","severity":"error","message":"`a` twice","help":"Rename it","#,
                r#""file":"content/chapters/scope.md","line":3,"column":7,"end_line":3,"end_column":9,"#,
                r#""related":[{"message":"first here","file":"content/chapters/scope.md","line":1,"column":7}]}]}"#
            )
        );
    }

    #[test]
    fn what_is_absent_is_null() {
        let finding = Diagnostic::nowhere(Rule::Theme, message!("沒有「x」佈景", "no theme `x`"));
        assert_eq!(
            array(&[&finding], &Sources::default(), Language::Chinese),
            concat!(
                r#"[{"rule":"theme","severity":"error","message":"沒有「x」佈景","help":null,"file":null,"line":null,"column":null,"#,
                r#""end_line":null,"end_column":null,"related":[]}]"#
            )
        );
        assert_eq!(json(&[] as &[Diagnostic], &Sources::default(), Language::Chinese), r#"{"format":1,"diagnostics":[]}"#);
    }

    #[test]
    fn a_preview_has_every_error_and_no_more_warnings_than_anybody_reads() {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("a.md", "content/a.md", "一"));
        let finding = |rule: Rule| Diagnostic::new(rule, Span::whole(id), message!("一", "one"));
        let all: Vec<_> = (0..=WARNINGS).flat_map(|_| [finding(Rule::TermVariant), finding(Rule::RawHtml)]).collect();
        let told: serde_json::Value = serde_json::from_str(&preview(&all, &sources, Language::English)).unwrap();
        let severities = |wanted: &str| told["diagnostics"].as_array().unwrap().iter().filter(|one| one["severity"] == wanted).count();
        assert_eq!((severities("error"), severities("warning")), (WARNINGS + 1, WARNINGS));
        assert_eq!(told["excerpts"].as_array().unwrap().len(), 2 * WARNINGS + 1);
    }
}
