//! Findings as people and tools read them.
//!
//! In: diagnostics, the sources they point into, and a language. Out: a text with excerpts, the contract's JSON, or SARIF 2.1.0,
//! always in the order of path, place and rule, so that the same findings give the same bytes; before all others those of files that are
//! missing, which explain much of the rest. Nothing here prints, and nothing here decides what a finding weighs.

mod excerpt;
mod json;
mod place;
mod sarif;
mod text;

pub use json::{json, preview};
pub(crate) use place::Places;
pub use sarif::sarif;
pub use text::{on_one_line, text};

use crate::{
    diagnostic::{Diagnostic, Language, Message, Rule, Severity},
    message,
    source::Sources,
};
use std::borrow::Borrow;

/// The findings in the order in which every format shows them: chapters that are missing first and what has no place, then by path, place, rule
/// and words.
#[must_use]
pub fn sorted<'a>(diagnostics: &'a [impl Borrow<Diagnostic>], sources: &Sources) -> Vec<&'a Diagnostic> {
    let mut all: Vec<&Diagnostic> = diagnostics.iter().map(Borrow::borrow).collect();
    all.sort_by_cached_key(|finding| {
        let place = finding.span.map(|span| (sources.file(span.file).path.as_str(), span.start, span.end));
        (!sources.lack_a_chapter(finding), place, finding.rule.name(), &*finding.message.zh)
    });
    all
}

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings that keep a site from being written.
    pub errors: usize,
    /// Findings that do not.
    pub warnings: usize,
}

impl Counts {
    /// Counts findings.
    #[must_use]
    pub fn of(diagnostics: &[impl Borrow<Diagnostic>]) -> Self {
        let errors = diagnostics.iter().map(Borrow::borrow).filter(|finding| finding.severity == Severity::Error).count();
        Self { errors, warnings: diagnostics.len() - errors }
    }

    /// The one line that stands under a text report.
    #[must_use]
    pub fn summary(self) -> Message {
        let Self { errors, warnings } = self;
        let [e, w] = [errors, warnings].map(|count| if count == 1 { "" } else { "s" });
        match (errors, warnings) {
            (0, 0) => message!("沒有發現問題", "No problems found"),
            (errors, 0) => message!("{errors} 個錯誤", "{errors} error{e}"),
            (0, warnings) => message!("{warnings} 個警告", "{warnings} warning{w}"),
            _ => message!("{errors} 個錯誤、{warnings} 個警告", "{errors} error{e}, {warnings} warning{w}"),
        }
    }
}

/// One language's half of a rule's page: Markdown, Chinese above the first line `---` that stands outside fenced code.
#[must_use]
pub fn explanation(rule: Rule, language: Language) -> &'static str {
    let (zh, en) = halves(rule.explanation());
    language.pick(zh, en)
}

fn halves(page: &str) -> (&str, &str) {
    let (mut at, mut fenced) = (0, false);
    for line in page.split_inclusive('\n') {
        let after = at + line.len();
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced && line.trim_end() == "---" {
            return (page[..at].trim(), page[after..].trim());
        }
        at = after;
    }
    (page.trim(), page.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Span, source::Source};

    #[test]
    fn findings_stand_in_the_order_of_path_place_and_rule() {
        let mut sources = Sources::default();
        // Read second, shown first: the order of reading does not count.
        let later = sources.add(Source::new("b.md", "content/b.md", "0123456789"));
        let first = sources.add(Source::new("a.md", "content/a.md", "0123456789"));
        let plan = sources.add(Source::new("plan.yaml", "content/plan.yaml", "0123456789"));
        let words = |zh: &str| Message { zh: zh.into(), en: zh.into() };
        let all = [
            Diagnostic::new(Rule::RawHtml, Span::new(later, 1, 2), words("七")),
            Diagnostic::new(Rule::UnknownValue, Span::new(first, 5, 6), words("五")),
            Diagnostic::new(Rule::UnknownReference, Span::new(first, 5, 6), words("四")),
            Diagnostic::new(Rule::RawHtml, Span::new(first, 2, 4), words("三")),
            Diagnostic::new(Rule::RawHtml, Span::new(first, 2, 3), words("二")),
            Diagnostic::nowhere(Rule::Theme, words("一")),
            Diagnostic::new(Rule::MissingFile, Span::new(first, 9, 9), words("六")),
            Diagnostic::new(Rule::MissingFile, Span::new(plan, 1, 2), words("零")),
        ];
        let order: String = sorted(&all, &sources).iter().map(|finding| &*finding.message.zh).collect();
        assert_eq!(order, "零一二三四五六七");
    }

    #[test]
    fn the_summary_counts_in_both_languages() {
        let words = |errors, warnings| Counts { errors, warnings }.summary();
        assert_eq!(words(0, 0), message!("沒有發現問題", "No problems found"));
        assert_eq!(words(1, 0), message!("1 個錯誤", "1 error"));
        assert_eq!(words(0, 2), message!("2 個警告", "2 warnings"));
        assert_eq!(words(3, 1), message!("3 個錯誤、1 個警告", "3 errors, 1 warning"));
    }

    #[test]
    fn every_rule_is_explained_in_both_languages() {
        for rule in Rule::ALL {
            let (zh, en) = (explanation(*rule, Language::Chinese), explanation(*rule, Language::English));
            let name = rule.name();
            assert!(zh.starts_with("# ") && en.starts_with("# "), "{name}: each half begins with a heading");
            assert!(zh.contains(name) && en.contains(name), "{name}: each half names its rule");
            assert!(
                zh.matches("```").count() >= 4 && en.matches("```").count() >= 4,
                "{name}: each half shows a wrong and a right example"
            );
            assert!(en.lines().all(|line| line.trim_end() != "---"), "{name}: one line divides the languages");
            assert!(en.starts_with(|c: char| c.is_ascii()), "{name}: English stands below");
        }
    }

    #[test]
    fn a_line_inside_fenced_code_divides_nothing() {
        assert_eq!(halves("中\n```\n---\n```\n---\nEnglish\n"), ("中\n```\n---\n```", "English"));
    }
}
