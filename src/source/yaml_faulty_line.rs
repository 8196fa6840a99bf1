//! Mistakes in YAML that the library finds elsewhere than where they are: on the line below, or where the fields begin.
//!
//! In: what the library says of a text that it cannot read, the text and where. Out: the place of the mistake, a message and a way out; nothing
//! for the others, which `yaml_mistake` explains where they are found. Nothing is searched for beyond the line and the one before it, but a field
//! that stands there twice.

use super::{is_control, yaml::nodes, yaml_comment};
use crate::{diagnostic::Message, message};
use saphyr_parser::{Event, Marker};
use std::ops::Range;

/// What is wrong, what to do about it, and where.
pub(super) struct Faulty {
    pub place: Range<usize>,
    pub message: Message,
    pub help: Message,
}

/// What the library says of a line without its colon, or of the one below.
const COLON: [&str; 4] = ["mapping values", "could not find expected ':'", "did not find expected", "invalid type: string"];
/// What it says of a line that stands in another column than it seems to.
const COLUMN: [&str; 3] = ["mapping values", "could not find expected ':'", "did not find expected"];
/// And of fields or a list where words should be.
const BRACES: [&str; 6] =
    ["mapping values", "could not find expected ':'", "did not find expected", "expected ',' or", "non-string key", ", expected a string"];

/// As many values of a line are looked at.
const VALUES: usize = 20;

/// The mistake behind what the library says.
pub(super) fn find(what: &str, text: &str, at: usize) -> Option<Faulty> {
    let at = at.min(text.len());
    if let Some(key) = twice(what) {
        return Some(Faulty {
            place: second(text, key).unwrap_or(at..at),
            message: message!("「{key}」寫了兩次", "`{key}` stands here twice"),
            help: message!("請刪去其中一個", "Delete one of them"),
        });
    }
    if what.contains("more than one document") {
        return Some(Faulty {
            place: next_document(text).unwrap_or(at..at),
            message: message!(
                "從這個 --- 起是另一份 YAML，一個檔案只能有一份",
                "Another YAML document begins at this ---; a file holds one"
            ),
            help: message!("請刪去這一行", "Delete this line"),
        });
    }
    if what.contains("control characters") {
        let control = text.char_indices().find(|(_, c)| is_control(*c));
        return Some(Faulty {
            place: control.map_or(at..at, |(at, c)| at..at + c.len_utf8()),
            message: message!("這裡有看不見的控制字元", "A control character that nobody sees stands here"),
            help: message!("請刪去它", "Delete it"),
        });
    }
    let says = |parts: &[&str]| parts.iter().any(|part| what.contains(part));
    let line = line_at(text, at);
    let indented = || wide_indentation(text, line.clone()).or_else(|| wide_indentation(text, line_above(text, line.start)));
    if let Some(indented) = says(&COLUMN).then(indented).flatten() {
        return Some(indented);
    }
    if let Some(place) = what.contains("expected ',' or").then(|| yaml_comment::in_flow(text, line.clone())).flatten() {
        let (message, help) = yaml_comment::words(&text[place.clone()]);
        return Some(Faulty { place, message, help });
    }
    let colon = says(&COLON).then(|| full_width(text, line.clone()).or_else(|| full_width(text, line_above(text, line.start))));
    colon.flatten().or_else(|| says(&BRACES).then(|| braces(text, line)).flatten())
}

/// Spaces before a field that are none to YAML, so that they are part of its name.
fn wide_indentation(text: &str, line: Range<usize>) -> Option<Faulty> {
    let words = &text[line.clone()];
    let indentation = &words[..words.len() - words.trim_start().len()];
    let start = line.start + indentation.find(['\u{3000}', '\u{a0}'])?;
    // A paragraph of a text of several lines may begin so.
    let key = words.trim_start().split_once([':', '：']).map_or("", |(key, _)| key);
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let is_field = words.trim_start().starts_with("- ") || is_key(key);
    is_field.then(|| Faulty {
        place: start..line.start + indentation.len(),
        message: message!("這一行用全形或不換行的空格縮排", "The line is indented by full-width spaces or such as do not break"),
        help: message!(
            "請改用半形空格縮排，與同層的其他欄位對齊",
            "Indent with half-width spaces, in line with the other fields of its level"
        ),
    })
}

/// The line at which a second document begins.
fn next_document(text: &str) -> Option<Range<usize>> {
    let (mut at, mut has_begun) = (0, false);
    for line in text.split_inclusive('\n') {
        let (start, words) = (at, line.trim_end());
        at += line.len();
        if words == "---" || words.starts_with("--- ") {
            if has_begun {
                return Some(start..start + words.len());
            }
            has_begun = true;
        }
        has_begun |= !words.is_empty() && !words.starts_with(['#', '%']);
    }
    None
}

/// The field that the library read twice.
fn twice(what: &str) -> Option<&str> {
    let key = what.split_once("duplicate entry with key ").map(|(_, key)| key.trim_matches('"'));
    key.or_else(|| what.split_once("duplicate field `").map(|(_, key)| key.trim_end_matches('`')))
}

/// The line that holds a byte.
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    start..text[at..].find('\n').map_or(text.len(), |end| at + end)
}

/// The nearest line above that holds more than a comment.
fn line_above(text: &str, start: usize) -> Range<usize> {
    let mut end = start;
    for line in text[..start].split_inclusive('\n').rev() {
        end -= line.len();
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            return end..end + line.trim_end().len();
        }
    }
    0..0
}

/// A full-width colon behind the key of a line.
fn full_width(text: &str, line: Range<usize>) -> Option<Faulty> {
    let (key, _) = text[line.clone()].split_once('：')?;
    let end = line.start + key.len() + "：".len();
    let key = key.trim_start_matches([' ', '-', '{', '\t']).trim_end();
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let start = line.start + text[line].find(key)?;
    is_key.then(|| Faulty {
        place: start..end,
        message: message!("「{key}」後面是全形的冒號「：」", "A full-width colon follows `{key}`"),
        help: message!("請改成半形冒號加一個空格：「{key}: 值」", "Write a half-width colon and a space: `{key}: value`"),
    })
}

/// A value that begins with the braces of a value or a reference and has no quotes, so that it is fields or a list to YAML.
pub(super) fn braces(text: &str, line: Range<usize>) -> Option<Faulty> {
    let words = &text[line.clone()];
    let place = [("{{", "}}"), ("[[", "]]")].into_iter().find_map(|(open, close)| {
        let is_value = |at: usize| {
            let before = &words[..at];
            let is_quoted = before.matches('"').count() % 2 == 1;
            before.ends_with(' ') && before.trim_end().ends_with([':', '-']) && !is_quoted
        };
        let at = words.match_indices(open).map(|(at, _)| at).take(VALUES).find(|at| is_value(*at))?;
        let (inside, _) = words[at + open.len()..].split_once(close)?;
        // Lists in a list and fields in fields are what they are.
        let is_list = inside.trim().is_empty() || inside.contains(['[', '{', ',']) || (open == "{{" && inside.contains(':'));
        let closed = at + open.len() + inside.len() + close.len();
        (!is_list).then(|| at..value_end(words, at, closed))
    })?;
    let value = &words[place.clone()];
    let (sign, quoted) = (&value[..2], quoted(value));
    Some(Faulty {
        place: line.start + place.start..line.start + place.end,
        message: message!("值以「{sign}」開頭，YAML 會當成別的", "A value that begins with `{sign}` is something else to YAML"),
        help: message!("請用引號括起來：{quoted}", "Put it between quotes: {quoted}"),
    })
}

/// Where a value ends whose braces close at `closed`: with its line, or with its part of fields in one line.
fn value_end(line: &str, start: usize, closed: usize) -> usize {
    let rest = &line[closed..];
    let is_part = line[..start].contains(['{', '[']);
    let end = if is_part { rest.find([',', '}', ']']) } else { rest.find(" #") };
    closed + rest[..end.unwrap_or(rest.len())].trim_end().len()
}

fn quoted(words: &str) -> String {
    if words.contains(['"', '\\']) { format!("'{}'", words.replace('\'', "''")) } else { format!("\"{words}\"") }
}

/// A node that is open while a text is read.
enum Open {
    Sequence,
    /// Whether a key comes next, and whether the one that is looked for has come.
    Mapping(bool, bool),
}

/// Where some fields have a key for the second time.
fn second(text: &str, key: &str) -> Option<Range<usize>> {
    let mut open: Vec<Open> = Vec::new();
    for (event, mark) in nodes(text) {
        if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
            open.pop();
            continue;
        }
        if let Some(Open::Mapping(is_key, has_come)) = open.last_mut() {
            let is_it = *is_key && matches!(&event, Event::Scalar(words, ..) if words == key);
            if is_it && *has_come {
                return Some(offset(text, mark.start)..offset(text, mark.end));
            }
            (*is_key, *has_come) = (!*is_key, *has_come || is_it);
        }
        match event {
            Event::MappingStart(..) => open.push(Open::Mapping(true, false)),
            Event::SequenceStart(..) => open.push(Open::Sequence),
            _ => {}
        }
    }
    None
}

/// A byte of the text from a 1-based line and a 0-based column of characters.
fn offset(text: &str, mark: Marker) -> usize {
    let start: usize = text.split_inclusive('\n').take(mark.line().saturating_sub(1)).map(str::len).sum();
    text[start..].char_indices().nth(mark.col()).map_or(text.len(), |(at, _)| start + at)
}
