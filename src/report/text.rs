//! Findings as text for a terminal.
//!
//! In: diagnostics and their sources. Out: for each its severity, rule and words, `file:line:column`, the line with the place
//! marked, related places and the way out. Words from content are shown so that no terminal obeys them.

use super::{
    excerpt::{excerpt, visible},
    place::Places,
    sorted,
};
use crate::{
    diagnostic::{Diagnostic, Language, Message, Severity, Span},
    source::{Position, Sources},
};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str, renderer::DEFAULT_LINE_NUM_STYLE};
use std::{borrow::Borrow, fmt::Write as _};

/// Wider than any excerpt, because `excerpt` has already cut what is too long.
const NEVER_CUT: usize = 1000;

/// Writes findings as coloured text, one blank line after each; nothing for no findings.
///
/// Places are `file:line:column`, columns in characters; marks stand under their characters where Han are two columns wide.
#[must_use]
pub fn text(diagnostics: &[impl Borrow<Diagnostic>], sources: &Sources, language: Language) -> String {
    let findings = sorted(diagnostics, sources);
    let renderer = Renderer::styled().term_width(NEVER_CUT);
    let mut report = TextReport { sources, places: Places::of(&findings, sources), language, renderer, out: String::new() };
    for finding in findings {
        report.finding(finding);
        report.out.push('\n');
    }
    report.out
}

struct TextReport<'a> {
    sources: &'a Sources,
    places: Places,
    language: Language,
    renderer: Renderer,
    out: String,
}

impl TextReport<'_> {
    fn finding(&mut self, finding: &Diagnostic) {
        let level = match finding.severity {
            Severity::Error => self.level(Level::ERROR, "錯誤", "error"),
            Severity::Warning => self.level(Level::WARNING, "警告", "warning"),
        };
        self.group(Group::with_title(level.clone().primary_title(self.words(&finding.message)).id(finding.rule.name())));
        if let Some(span) = finding.span {
            self.place(span, level);
        }
        for related in &finding.related {
            let level = self.level(Level::NOTE, "相關", "note");
            self.group(Group::with_title(level.clone().secondary_title(self.words(&related.message))));
            self.place(related.span, level);
        }
        if let Some(help) = &finding.help {
            let level = self.level(Level::HELP, "建議", "help");
            self.group(Group::with_title(level.secondary_title(self.words(help))));
        }
    }

    /// The place and its line. The renderer would count columns in the excerpt, which may be cut, so the place is written here.
    fn place(&mut self, span: Span, level: Level<'_>) {
        let source = self.sources.file(span.file);
        let Position { line, column } = self.places.of_span(span).0;
        let gutter = line.to_string().len();
        let (style, path) = (DEFAULT_LINE_NUM_STYLE, on_one_line(&source.path));
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{:gutter$}{style}-->{style:#} {path}:{line}:{column}", "");
        let excerpt = excerpt(&source.text, span.range());
        let snippet = Snippet::source(excerpt.line).line_start(line).annotation(AnnotationKind::Primary.span(excerpt.mark));
        self.group(Group::with_level(level).element(snippet));
    }

    fn group(&mut self, group: Group<'_>) {
        self.out.push_str(&self.renderer.render(&[group]));
        self.out.push('\n');
    }

    fn level(&self, level: Level<'static>, zh: &'static str, en: &'static str) -> Level<'static> {
        level.with_name(Some(self.language.pick(zh, en)))
    }

    fn words(&self, message: &Message) -> String {
        on_one_line(message.text(self.language))
    }
}

/// Words that may come from content, on one line and without characters that a terminal would obey.
#[must_use]
pub fn on_one_line(words: &str) -> String {
    let line: String = words.chars().map(|c| if c == '\n' { ' ' } else { visible(c) }).collect();
    normalize_untrusted_str(&line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Rule, message, source::Source};
    use unicode_width::UnicodeWidthStr;

    /// The text without its colours.
    fn plain(all: &[Diagnostic], sources: &Sources, language: Language) -> String {
        anstream::adapter::strip_str(&text(all, sources, language)).to_string()
    }

    fn sources(text: &str) -> (Sources, impl Fn(&str) -> Span) {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("chapters/scope.md", "content/chapters/scope.md", text));
        let text = text.to_owned();
        let span = move |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(id, start, start + part.len())
        };
        (sources, span)
    }

    #[test]
    fn a_finding_shows_words_place_line_related_places_and_the_way_out() {
        let (sources, span) = sources("---\ntitle: 適用範圍\n---\n\n## 目的 {#aim}\n\n見[[scpoe]]與本計畫。\n");
        let finding = Diagnostic::new(Rule::UnknownReference, span("scpoe"), message!("找不到「scpoe」", "There is no `scpoe`"))
            .related(span("aim"), message!("最近的標題", "the nearest heading"))
            .help(message!("是不是「scope」？", "Did you mean `scope`?"));
        let other = Diagnostic::nowhere(Rule::UnusedWaiver, message!("未使用的豁免", "an unused waiver"));
        let all = [finding, other];
        let chinese = "\
警告[unused-waiver]: 未使用的豁免

錯誤[unknown-reference]: 找不到「scpoe」
 --> content/chapters/scope.md:7:4
  |
7 | 見[[scpoe]]與本計畫。
  |     ^^^^^
相關: 最近的標題
 --> content/chapters/scope.md:5:9
  |
5 | ## 目的 {#aim}
  |           ^^^
建議: 是不是「scope」？

";
        assert_eq!(plain(&all, &sources, Language::Chinese), chinese);
        let english = plain(&all, &sources, Language::English);
        assert!(
            english.contains("error[unknown-reference]: There is no `scpoe`\n --> content/chapters/scope.md:7:4\n"),
            "{english}"
        );
        assert!(english.ends_with("help: Did you mean `scope`?\n\n"), "{english}");
    }

    /// The columns that the mark under the only excerpt covers, and those of the text it should stand under.
    fn columns(report: &str, marked: &str) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let line = report.lines().find(|line| line.starts_with(|c: char| c.is_ascii_digit())).unwrap();
        let below = report.lines().find(|line| line.contains('^')).unwrap();
        let at = line.find(marked).unwrap_or_else(|| panic!("{marked:?} in {line}"));
        let from = line[..at].width();
        let mark = below.find('^').unwrap();
        (mark..below.trim_end().len(), from..from + marked.width())
    }

    #[test]
    fn marks_stand_under_their_characters_on_a_terminal() {
        let cases = [
            ("資通安全維護計畫", "維護"),
            ("１２３，「全形」與 half width：here", "half width"),
            ("\u{3000}\u{3000}全形縮排 x", "x"),
            ("第\t一\t條", "條"),
            ("甲○乙①丙…丁", "丁"),
            ("造字\u{e000}之後", "之後"),
            ("造字\u{e000}之後", "\u{e000}"),
            ("e\u{301}te\u{301} 之後", "之後"),
            ("罕用字𠮷野家", "野家"),
            ("行尾", "行尾"),
        ];
        for (line, part) in cases {
            for text_of in [line.to_owned(), format!("{}{line}{}", "前文很長".repeat(300), "後文很長".repeat(300))] {
                let (sources, span) = sources(&text_of);
                let finding = Diagnostic::new(Rule::UnknownReference, span(part), message!("一", "one"));
                let report = plain(&[finding], &sources, Language::Chinese);
                let (mark, expected) = columns(&report, part);
                assert_eq!(mark, expected, "{part:?} in\n{report}");
                assert!(report.lines().all(|line| line.width() <= 80), "{report}");
            }
        }
    }

    #[test]
    fn a_place_without_length_at_the_end_of_a_line_is_marked_behind_it() {
        let (sources, span) = sources("一二\n三");
        let place = span("二").within(3, 3);
        let report = plain(&[Diagnostic::new(Rule::InvalidYaml, place, message!("一", "one"))], &sources, Language::Chinese);
        assert!(report.contains(":1:3\n  |\n1 | 一二\n  |     ^\n"), "{report}");
    }

    #[test]
    fn a_file_of_one_long_line_with_many_findings_is_quick_and_short() {
        let long = "資通安全維護計畫{{nowhere}}".repeat((8 << 20) / 35);
        let (sources, span) = sources(&long);
        let first = span("nowhere");
        let all: Vec<_> = (0..10_000)
            .map(|at| Diagnostic::new(Rule::UnknownValue, first.within(at * 700, at * 700 + 7), message!("沒有這個值", "no such value")))
            .collect();
        let report = plain(&all, &sources, Language::Chinese);
        assert!(report.len() < all.len() * 400, "{} bytes", report.len());
        assert!(report.contains("scope.md:1:3799631\n"), "the last of them, 380 characters after the one before");
    }

    #[test]
    fn words_of_content_bring_no_colour() {
        let (sources, span) = sources("## 標題 {#\u{1b}[31mred\u{9b}31m}\n");
        let words = message!("不合格的 id「\u{1b}[31mred\n次行」", "bad id");
        let finding = Diagnostic::new(Rule::InvalidId, span("red"), words.clone()).help(words);
        let coloured = text(&[finding], &sources, Language::Chinese);
        assert!(coloured.contains('\u{1b}') && !coloured.contains("\u{1b}[31m"), "{coloured:?}");
        assert!(!coloured.contains('\u{9b}') && coloured.contains("red 次行"), "{coloured:?}");
    }

    #[test]
    fn no_findings_make_no_text() {
        assert_eq!(text(&[] as &[Diagnostic], &Sources::default(), Language::Chinese), "");
    }
}
