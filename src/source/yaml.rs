//! YAML with places.
//!
//! In: a source, or a range of it (front matter). Out: a typed value, findings for fields that nobody reads, and, on request,
//! the span of any key or value. `serde_yaml` reads; its values carry no places, so [`Places`] finds them by a second pass
//! over a spanned parser's events, run only when a finding needs it.

pub use super::{
    places::{Part, Places, locate},
    yaml_block::in_block,
};

use super::{
    Source, Sources, is_control, is_unreadable, unreadable, yaml_alias, yaml_comma, yaml_comment,
    yaml_faulty_line::{self, Faulty},
    yaml_mistake, yaml_quote,
};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span, nearest},
    message,
};
use rustc_hash::FxHashSet;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span as Mark};
use serde::de::DeserializeOwned;
use std::ops::Range;

/// One step from a YAML node to a node inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a mapping, by key.
    Key(String),
    /// Into a sequence, by position from 0.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// More unknown fields than this are not told of in one file: it is the wrong file.
const UNKNOWN_FIELDS: usize = 50;
/// Nor are more values than this that name what nobody can read.
const UNREADABLE: usize = 50;

/// Reads a range of a file as `T`; fields that `T` does not have become findings, with a did-you-mean among `known`, and so do comments.
///
/// # Errors
/// When the text is no YAML or does not have the shape of `T`, as a finding at its place.
pub fn read<T: DeserializeOwned>(
    sources: &Sources,
    file: FileId,
    range: Range<usize>,
    known: &[&str],
    findings: &mut Vec<Diagnostic>,
) -> Result<T, Box<Diagnostic>> {
    let value = read_with_comments(sources, file, range.clone(), known, findings)?;
    comments(sources, file, range, &|_| true, findings);
    Ok(value)
}

/// Reads a whole file as [`read`] does, its error one of the findings.
pub fn read_file<T: DeserializeOwned>(sources: &Sources, file: FileId, known: &[&str], findings: &mut Vec<Diagnostic>) -> Option<T> {
    let read = read(sources, file, 0..sources.file(file).text.len(), known, findings);
    read.map_err(|finding| findings.push(*finding)).ok()
}

/// Reads as [`read`] does, where some words may hold comments and only the reader can tell which.
///
/// # Errors
/// Those of [`read`].
pub fn read_with_comments<T: DeserializeOwned>(
    sources: &Sources,
    file: FileId,
    range: Range<usize>,
    known: &[&str],
    findings: &mut Vec<Diagnostic>,
) -> Result<T, Box<Diagnostic>> {
    let source = sources.file(file);
    let text = source.text.get(range.clone()).unwrap_or_default();
    let at = |mark: Marker| offset(source, &range, mark.line(), mark.col());
    if let Some((message, mark)) = yaml_alias::bomb(text) {
        let at = mark.map_or(range.start, at);
        let help = message!(
            "請移除大量重複的別名（&、*），直接寫出內容",
            "Remove the repeated aliases (&, *) and write the content itself"
        );
        return Err(Box::new(Diagnostic::new(Rule::InvalidYaml, Span::new(file, at, at), message).help(help)));
    }
    let span = |mark: Mark| Span::new(file, at(mark.start), at(mark.end));
    let named = named(text);
    if let Some((_, mark)) = named.iter().find(|(c, _)| is_control(*c)) {
        let message = message!(
            "這裡的代碼是控制字元或不是字元，網頁不能有它",
            "A control character or none is named here; no page may hold it"
        );
        return Err(Box::new(Diagnostic::new(Rule::InvalidYaml, span(*mark), message).help(message!("請刪去它", "Delete it"))));
    }
    findings.extend(named.into_iter().take(UNREADABLE).map(|(c, mark)| unreadable(c, span(mark))));
    let mut unknown = Vec::new();
    let value = serde_ignored::deserialize(serde_yaml::Deserializer::from_str(text), |path| unknown.push(steps(&path)));
    let places = if unknown.is_empty() { Places::default() } else { Places::of(source, range.clone()) };
    for path in unknown.into_iter().take(UNKNOWN_FIELDS) {
        let Some(Step::Key(name)) = path.last() else { continue };
        let span = places.span(file, &path, Part::Key);
        let message = message!("沒有「{name}」這個欄位", "There is no field `{name}`");
        findings.push(Diagnostic::new(Rule::UnknownField, span, message).maybe_help(help_with_field(&path, name, known)));
    }
    if value.is_ok() {
        yaml_quote::whole_values(source, file, &range, findings);
        yaml_comment::cut_off(source, file, &range, findings);
        let mut unparted = yaml_comma::unparted(source, file, &range);
        // What is made of two words in one would be missing elsewhere.
        if let Some(last) = unparted.pop() {
            findings.append(&mut unparted);
            return Err(Box::new(last));
        }
    }
    value.map_err(|error| Box::new(invalid(source, file, range, &error)))
}

/// A sentence about a field that is unknown where it stands; of those that are known, some stand below another one: `document.number`.
fn help_with_field(path: &[Step], name: &str, known: &[&str]) -> Option<Message> {
    let own = |known: &str| known.rsplit_once('.').map_or(known.to_owned(), |(_, own)| own.to_owned());
    // Somebody may have written both names as one.
    let joined = |known: &str| known.replace('.', "_");
    let fields: Vec<(String, &str)> = known.iter().flat_map(|known| [(own(known), *known), (joined(known), *known)]).collect();
    let near = nearest(name, fields.iter().map(|(words, _)| words.as_str()))?;
    let (_, field) = fields.iter().find(|(words, _)| words == near)?;
    let above = path.iter().rev().skip(1).find_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
    Some(match field.rsplit_once('.') {
        Some((of, own)) if above != Some(of) => {
            message!("請寫成 {of} 底下的「{own}」，縮排兩格", "Write it as `{own}` below `{of}`, indented by two spaces")
        }
        None if *field == name => message!("這是另一層的欄位，請看縮排", "That is a field of another level; look at the indentation"),
        of => {
            let own = of.map_or(*field, |(_, own)| own);
            message!("是不是「{own}」？", "Did you mean `{own}`?")
        }
    })
}

/// Reports comments in the values of YAML that could be read, where `is_plain` says of a value's path that it is printed as it stands.
pub fn comments(sources: &Sources, file: FileId, range: Range<usize>, is_plain: &dyn Fn(&[Step]) -> bool, findings: &mut Vec<Diagnostic>) {
    let source = sources.file(file);
    let text = source.text.get(range.clone()).unwrap_or_default();
    // A fast path: nearly no text has a comment, and every text is asked each time it is read.
    if !text.contains(COMMENT) {
        return;
    }
    let mut marks = Vec::new();
    scalars(text, &mut |path, words, _, mark| {
        // More are not told of, as with unknown fields.
        if marks.len() < UNKNOWN_FIELDS && holds_comment(words) && is_plain(path) {
            marks.push(mark);
        }
    });
    findings.extend(marks.into_iter().map(|mark| printed_comment(place(source, file, &range, mark))));
}

/// What begins and ends a comment.
const COMMENT: &str = "%%";

fn holds_comment(words: &str) -> bool {
    words.split(COMMENT).nth(2).is_some()
}

fn printed_comment(span: Span) -> Diagnostic {
    let message = message!("這裡的字照樣印出，%%…%% 不是註記，會發布", "These words are printed as they stand; %%…%% is no comment here");
    let help = message!("請刪去它；註記寫在條文裡", "Delete it; a comment stands in a clause");
    Diagnostic::new(Rule::UnclosedComment, span, message).help(help)
}

/// What is wrong with words that are printed as they stand, such as a title or a value: a comment in them would be published.
pub fn comment_in_plain_words(words: &str, place: impl FnOnce() -> Span) -> Option<Diagnostic> {
    holds_comment(words).then(|| printed_comment(place()))
}

/// Words that are printed as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainWords {
    /// A title, or what else nothing but words can be.
    Title,
    /// A cell, whose field could be Markdown.
    Cell,
    /// A value for the text, which may hold other values.
    Value,
}

/// What is wrong with words that are printed as they stand and look like Markdown: the signs would be published.
pub fn markup_in_plain_words(words: &str, kind: PlainWords, place: impl FnOnce() -> Span) -> Option<Diagnostic> {
    let holds = |(open, close): &(&str, &str)| {
        let inside = words.split_once(open).and_then(|(_, rest)| rest.split_once(close));
        // As Markdown has it: src/**/*.rs is none.
        let is_word = |inside: &str| inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let is_around = |inside: &str| match *open {
            "**" => !(inside.starts_with([' ', '/']) || inside.ends_with([' ', '/'])),
            "{#" => is_word(inside),
            _ => true,
        };
        inside.is_some_and(|(inside, _)| !inside.trim().is_empty() && is_around(inside))
    };
    let values = Some(("{{", "}}")).filter(|_| kind != PlainWords::Value);
    // A title's address is its file's name.
    let address = Some(("{#", "}")).filter(|_| kind == PlainWords::Title);
    let (open, close) = values.into_iter().chain([("[[", "]]"), ("**", "**")]).chain(address).find(holds)?;
    let message = message!(
        "這裡的字照樣印出，{open}…{close} 不會變成別的",
        "These words are printed as they stand; {open}…{close} stands for nothing here"
    );
    let help = if kind == PlainWords::Cell {
        message!(
            "請直接寫出內容，或在這一欄的 fields 加上 format: markdown",
            "Write the words themselves, or give the field `format: markdown`"
        )
    } else {
        message!("請直接寫出要印的字", "Write the words that are to be printed")
    };
    Some(Diagnostic::new(Rule::PrintedMarkup, place(), message).help(help))
}

fn invalid(source: &Source, file: FileId, range: Range<usize>, error: &serde_yaml::Error) -> Diagnostic {
    let at = error.location().map_or(range.start, |at| {
        // serde_yaml counts characters in its own text, which begins where the range does.
        offset(source, &range, at.line(), at.column().saturating_sub(1))
    });
    let full = error.to_string();
    let what = full.split(" at line ").next().unwrap_or(&full);
    let text = source.text.get(range.clone()).unwrap_or_default();
    let at = begun(&full).map_or(at, |(line, column)| {
        let begun = offset(source, &range, line, column.saturating_sub(1));
        // What has no end is to be mended where it begins; what is wrong on that line, where it stands.
        if what.contains("end of stream") || source.text.get(begun..at).is_some_and(|between| between.contains('\n')) { begun } else { at }
    });
    if let Some(Faulty { place, message, help }) = yaml_faulty_line::find(what, text, at - range.start) {
        let span = Span::new(file, range.start + place.start, range.start + place.end);
        return Diagnostic::new(Rule::InvalidYaml, span, message).help(help);
    }
    let missing = what.split_once("missing field `").and_then(|(_, rest)| rest.split('`').next());
    let (message, help) = match missing {
        Some(field) => (
            message!("缺少「{field}」", "`{field}` is missing"),
            message!("請加上一行 {field}: …", "Add a line {field}: …"),
        ),
        None if full.contains("repetition limit") || full.contains("recursion limit") => (
            message!("這段 YAML 展開後太大或太深", "This YAML is too large or too deep when expanded"),
            message!("請移除過深的巢狀或大量重複的別名（&、*）", "Remove the deep nesting or the repeated aliases (&, *)"),
        ),
        None => yaml_mistake::cause(what, text, at - range.start).unwrap_or_else(|| {
            (
                message!("無法讀取這段 YAML：{what}", "This YAML cannot be read: {what}"),
                message!("請檢查縮排、冒號後的空格與引號", "Check the indentation, the space after a colon, and quotes"),
            )
        }),
    };
    let at = yaml_mistake::value_start(what, text, at - range.start).map_or(at, |start| range.start + start);
    Diagnostic::new(Rule::InvalidYaml, Span::new(file, at, at), message).help(help)
}

/// Where the quotes or brackets begin of which the library says that they do not end: the line and column, from 1.
fn begun(full: &str) -> Option<(usize, usize)> {
    let (_, scanned) = full.split_once("while scanning a quoted scalar").or_else(|| full.split_once("while parsing a flow "))?;
    let (_, place) = scanned.split_once("at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let digits = |words: &str| words.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok();
    Some((digits(line)?, digits(column)?))
}

/// What to do about a value that is a list where words should be, because it begins with the brackets of a reference and has no quotes.
#[must_use]
pub fn unquoted(source: &Source, value: Span) -> Option<Message> {
    let found = yaml_faulty_line::braces(&source.text, yaml_faulty_line::line_at(&source.text, value.range().start))?;
    (found.place.start == value.range().start).then_some(found.help)
}

/// What the parser reads, with its places. It would repeat an error for ever; what stands before it is enough.
pub(super) fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Mark)> {
    Parser::new_from_str(text).map_while(Result::ok)
}

/// The same without what stands around the first document's nodes.
pub(super) fn nodes(text: &str) -> impl Iterator<Item = (Event<'_>, Mark)> {
    events(text).filter(|(event, _)| !matches!(event, Event::StreamStart | Event::DocumentStart(_) | Event::Nothing))
}

/// The characters that nobody can read and a text names, as in `"\x01"`: of a value one, with the value's place. One that stands there as
/// itself, the library refuses or reading has replaced or reported.
fn named(text: &str) -> Vec<(char, Mark)> {
    // A fast path: nearly no text has such a name, and every text is asked each time it is read.
    let may_name = |(at, _): (usize, &str)| {
        matches!(text.as_bytes().get(at + 1), Some(b'0' | b'a' | b'b' | b'e' | b'f' | b'v' | b'x' | b'u' | b'U' | b'N'))
    };
    if !text.match_indices('\\').any(may_name) {
        return Vec::new();
    }
    let there: FxHashSet<char> = text.chars().filter(|c| is_unreadable(*c)).collect();
    let of = |(event, mark): (Event<'_>, Mark)| match event {
        Event::Scalar(words, ..) => {
            let named = || words.chars().filter(|c| is_unreadable(*c) && !there.contains(c));
            named().find(|c| is_control(*c)).or_else(|| named().next()).map(|c| (c, mark))
        }
        _ => None,
    };
    events(text).filter_map(of).collect()
}

fn steps(path: &serde_ignored::Path<'_>) -> Vec<Step> {
    use serde_ignored::Path;
    let (parent, step) = match path {
        Path::Root => return Vec::new(),
        Path::Seq { parent, index } => (parent, Some(Step::Index(*index))),
        Path::Map { parent, key } => (parent, Some(Step::Key(key.clone()))),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => (parent, None),
    };
    let mut all = steps(parent);
    all.extend(step);
    all
}

/// The place of what the parser marks, as far as its first line goes.
pub(super) fn place(source: &Source, file: FileId, range: &Range<usize>, mark: Mark) -> Span {
    let start = offset(source, range, mark.start.line(), mark.start.col());
    let end = offset(source, range, mark.end.line(), mark.end.col());
    let line_end = source.text[start..].find('\n').map_or(source.text.len(), |at| start + at);
    Span::new(file, start, end.clamp(start, line_end.max(start)))
}

/// Takes a scalar: its path, its text, how it is written, and where.
pub(super) type Scalars<'a> = dyn FnMut(&[Step], &str, ScalarStyle, Mark) + 'a;

/// Goes through every value that is a scalar, with its path; no deeper than `serde_yaml`, which has to have read the text.
pub(super) fn scalars(text: &str, each: &mut Scalars<'_>) {
    let mut events = nodes(text);
    if let Some(first) = events.next() {
        scalars_of(&mut events, first, &mut Vec::new(), each);
    }
}

fn scalars_of<'a>(
    events: &mut impl Iterator<Item = (Event<'a>, Mark)>,
    (event, mark): (Event<'a>, Mark),
    path: &mut Vec<Step>,
    each: &mut Scalars<'_>,
) {
    match event {
        Event::Scalar(words, style, ..) => each(path, &words, style, mark),
        Event::SequenceStart(..) => {
            let mut index = 0;
            while let Some(item) = events.next().filter(|(item, _)| !matches!(item, Event::SequenceEnd)) {
                path.push(Step::Index(index));
                scalars_of(events, item, path, each);
                path.pop();
                index += 1;
            }
        }
        Event::MappingStart(..) => {
            while let Some((key, _)) = events.next().filter(|(key, _)| !matches!(key, Event::MappingEnd)) {
                // A key that is no text leads to no value of the plan.
                let name = if let Event::Scalar(name, ..) = &key { name.as_ref() } else { "" };
                path.push(Step::Key(name.to_owned()));
                skip(events, &key);
                if let Some(value) = events.next() {
                    scalars_of(events, value, path, each);
                }
                path.pop();
            }
        }
        _ => {}
    }
}

/// Passes over the rest of a node whose first event was `event`.
pub(super) fn skip<'a>(events: &mut impl Iterator<Item = (Event<'a>, Mark)>, event: &Event<'a>) {
    let depth_of = |event: &Event<'_>| match event {
        Event::MappingStart(..) | Event::SequenceStart(..) => 1,
        Event::MappingEnd | Event::SequenceEnd => -1,
        _ => 0,
    };
    let mut depth = depth_of(event);
    while depth > 0 {
        let Some((event, _)) = events.next() else { return };
        depth += depth_of(&event);
    }
}

/// A byte offset in the file from a 1-based line and a 0-based column of characters inside the range.
fn offset(source: &Source, range: &Range<usize>, line: usize, column: usize) -> usize {
    // Counted from here: a list of the lines of each chapter, for the place of its title alone, would weigh as much as a tenth of the text.
    let text = source.text.get(range.start..).unwrap_or_default();
    let start = match line.checked_sub(2) {
        Some(breaks) => text.match_indices('\n').nth(breaks).map_or(source.text.len(), |(at, _)| range.start + at + 1).min(range.end),
        None => range.start,
    };
    source.text[start..].char_indices().nth(column).map_or(source.text.len(), |(at, _)| start + at).min(range.end)
}
