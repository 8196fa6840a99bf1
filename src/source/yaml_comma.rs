//! Lists whose items a comma of Chinese was to part.
//!
//! In: YAML that could be read. Out: a finding for each item, written without quotes, that holds one: to YAML it is a letter, so that two words are
//! one that nothing is called by. In a list of names and terms the mark of enumeration is no part of an item either.

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

const COMMA: char = '，';
const MARKS: [char; 2] = [COMMA, '、'];
/// More are not told of in one file.
const MOST: usize = 50;

/// Finds them in a range of a file.
pub(super) fn unparted(source: &Source, file: FileId, range: &Range<usize>) -> Vec<Diagnostic> {
    let text = source.text.get(range.clone()).unwrap_or_default();
    // A fast path: few texts have such a list, and every text is asked each time it is read.
    let is_numbering = |line: &str| source.name == "plan.yaml" && line.starts_with("numbering:");
    let has_mark = |line: &str| (line.contains("，") || line.contains("、")) && !line.trim_start().starts_with('#') && !is_numbering(line);
    let may_hold_one = if is_of_names(&source.name) {
        text.lines().any(has_mark)
    } else {
        text.split('[').skip(1).any(|rest| list_end(rest).contains("，"))
    };
    if !may_hold_one {
        return Vec::new();
    }
    let mut found = Vec::new();
    yaml::scalars(text, &mut |path, words, style, mark| {
        let is_item = matches!(path.last(), Some(Step::Index(_))) && style == ScalarStyle::Plain && words.contains(MARKS);
        if is_item && found.len() < MOST {
            let place = yaml::place(source, file, range, mark);
            let is_in_brackets = source.text[range.start..place.range().start].trim_end().ends_with(['[', ',']);
            let of_names = is_of_names(&source.name) && is_list_of_names(path);
            if of_names || (is_in_brackets && words.contains(COMMA)) {
                let parts = words.split(if of_names { &MARKS[..] } else { &MARKS[..1] }).map(str::trim).filter(|part| !part.is_empty());
                found.push((place, words.to_owned(), parts.collect::<Vec<_>>().join(", "), is_in_brackets));
            }
        }
    });
    found
        .into_iter()
        .map(|(place, words, parts, is_in_brackets)| {
            let message = message!(
                "「{words}」是一項：清單的項目以半形逗號分隔",
                "`{words}` is one item: those of a list are parted by half-width commas"
            );
            // No quotes make a name of it.
            let is_name = source.name == "plan.yaml";
            let help = if is_in_brackets && is_name {
                message!("請改成 {parts}", "Write {parts}")
            } else if is_name {
                message!("請改成一行一項", "Write a line for each")
            } else if is_in_brackets {
                message!(
                    "請改成 {parts}；若真的是一項，請加引號：\"{words}\"",
                    "Write {parts}; if it is one item, quote it: \"{words}\""
                )
            } else {
                message!(
                    "請改成一行一項；若真的是一項，請加引號：\"{words}\"",
                    "Write a line for each; if it is one item, quote it: \"{words}\""
                )
            };
            Diagnostic::new(Rule::InvalidYaml, place, message).help(help)
        })
        .collect()
}

/// What stands before the end of a list that begins before a text.
fn list_end(text: &str) -> &str {
    &text[..text.find(']').unwrap_or(text.len())]
}

/// Whether a file has lists of names or of terms, and which they are.
fn is_of_names(name: &str) -> bool {
    matches!(name, "plan.yaml" | "data/terms.yaml" | "data/synonyms.yaml")
}

fn is_list_of_names(path: &[Step]) -> bool {
    let is_key = |step: &Step| matches!(step, Step::Key(key) if ["chapters", "annexes", "variants", "synonyms"].contains(&key.as_str()));
    // Synonyms may be the list of groups alone.
    matches!(path.first(), Some(Step::Index(_))) || path.iter().any(is_key)
}
