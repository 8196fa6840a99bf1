//! Words that YAML takes for a comment although they seem to be part of a value.
//!
//! In: YAML that could be read, and a line of brackets that such a comment leaves open. Out: a finding for each value on one line, written without
//! quotes, behind which a `#` stands close to a word, as in `02-2345-6789 #123`: YAML reads the number alone. A remark of the author's has a space
//! behind its `#`.

use super::{Source, yaml};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span},
    message,
};
use saphyr_parser::ScalarStyle;
use std::ops::Range;

/// More are not told of in one file.
const MOST: usize = 50;

/// Reports them in a range of a file.
pub(super) fn cut_off(source: &Source, file: FileId, range: &Range<usize>, findings: &mut Vec<Diagnostic>) {
    let text = source.text.get(range.clone()).unwrap_or_default();
    // A fast path: nearly no text has such a sign, and every text is asked each time it is read.
    if !text.match_indices(" #").any(|(at, _)| is_close(&text[at + 1..])) {
        return;
    }
    let mut found = Vec::new();
    yaml::scalars(text, &mut |_, words, style, mark| {
        if found.len() < MOST && style == ScalarStyle::Plain {
            let from = yaml::place(source, file, range, mark).range().start;
            found.extend(comment_behind(&source.text[from..range.end], words).map(|at| from + at.start..from + at.end));
        }
    });
    findings.extend(found.into_iter().map(|at| {
        let lost = &source.text[at.clone()];
        let (message, help) = words(lost);
        Diagnostic::new(Rule::VanishedSign, Span::new(file, at.start, at.end), message).help(help)
    }));
}

/// What is wrong with a comment, and what to do about it.
pub(super) fn words(lost: &str) -> (Message, Message) {
    (
        message!(
            "「{lost}」不會印出：YAML 把空格後的 # 當成註解",
            "`{lost}` is not printed: to YAML, a # behind a space begins a comment"
        ),
        message!(
            "要印出來，整個值放進引號 \"…\"；是給自己看的，在 # 後面空一格",
            "If it is to be printed, put the whole value into quotes, \"…\"; if it is a remark, put a space behind the #"
        ),
    )
}

/// Where in a line with brackets that do not end a comment stands that takes their end along.
pub(super) fn in_flow(text: &str, line: Range<usize>) -> Option<Range<usize>> {
    let words = &text[line.clone()];
    let is_it = |at: usize| is_close(&words[at + 1..]) && words[..at].matches('"').count().is_multiple_of(2);
    let at = words.match_indices(" #").map(|(at, _)| at).take(MOST).find(|at| is_it(*at))?;
    let takes_end = words[at..].trim_end().ends_with(['}', ']', ',']);
    takes_end.then(|| line.start + at + 1..line.start + words.trim_end().len())
}

/// Where in a text that begins with a value its comment stands, if that seems to be part of the value.
fn comment_behind(text: &str, words: &str) -> Option<Range<usize>> {
    let line = text.lines().next().unwrap_or_default().trim_end();
    let rest = line.strip_prefix(words)?;
    let comment = rest.trim_start();
    (comment.len() < rest.len() && is_close(comment)).then(|| line.len() - comment.len()..line.len())
}

/// Whether a text begins with a `#` that stands close to a word.
fn is_close(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}
