//! Quotes of a word processor around a whole value of YAML.
//!
//! In: YAML that could be read. Out: a finding for each value that stands between “ and ”: YAML knows straight quotes alone, so that these are
//! printed with the words. A value between straight quotes may hold any.

use super::{
    Source,
    yaml::{self, Step},
};
use crate::{
    diagnostic::{Diagnostic, FileId, Rule},
    message,
};
use saphyr_parser::ScalarStyle;
use std::ops::Range;

/// What such a value begins and ends with.
const QUOTES: [(char, char); 2] = [('“', '”'), ('＂', '＂')];
/// What stands before a value.
const BEFORE: [char; 3] = [' ', '[', ','];
/// Places of more are not searched for.
const MOST: usize = 50;

/// Reports them in a range of a file.
pub(super) fn whole_values(source: &Source, file: FileId, range: &Range<usize>, findings: &mut Vec<Diagnostic>) {
    let text = source.text.get(range.clone()).unwrap_or_default();
    // A fast path: nearly no text has such a quote, and every text is asked each time it is read.
    if !QUOTES.iter().any(|(open, _)| text.match_indices(*open).any(|(at, _)| text[..at].ends_with(BEFORE))) {
        return;
    }
    let mut found = Vec::new();
    yaml::scalars(text, &mut |path, words, style, mark| {
        if found.len() < MOST && style == ScalarStyle::Plain && !is_for_authors(path) {
            found.extend(quotes_around(words).map(|quotes| (quotes, mark)));
        }
    });
    findings.extend(found.into_iter().map(|((open, close), mark)| {
        let message = message!(
            "整個值放在 {open}…{close} 裡，這對引號會照樣印出",
            "The whole value stands between {open} and {close}, which are printed as they stand"
        );
        let help = message!(
            "請刪去這對引號，或改用半形的 \"…\"；要印出這對引號，寫成 \"{open}…{close}\"",
            "Delete them, or use straight ones, \"…\"; if they are to be printed, write \"{open}…{close}\""
        );
        Diagnostic::new(Rule::PrintedMarkup, yaml::place(source, file, range, mark), message).help(help)
    }));
}

/// The quotes around all of a text that holds no others.
fn quotes_around(words: &str) -> Option<(char, char)> {
    QUOTES.into_iter().find(|(open, close)| {
        let inside = words.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close));
        inside.is_some_and(|inside| !inside.is_empty() && !inside.contains([*open, *close]))
    })
}

/// Whether only people who read the file see a value, or the program.
fn is_for_authors(path: &[Step]) -> bool {
    matches!(path.last(), Some(Step::Key(key)) if ["description", "when", "rule", "at", "id"].contains(&key.as_str()))
}
