//! The places of all keys and values of a YAML text.
//!
//! In: a source, or a range of it (front matter). Out: [`Places`], which answers where a key or a value stands. They are read in one pass and asked
//! by path ever after: a file may have a finding in each of its rows, and a pass for each would take minutes. Nothing is read unless a finding asks.

use super::{
    Source, Sources,
    yaml::{Step, nodes, skip},
};
use crate::diagnostic::{FileId, Span};
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Span as Mark};
use std::ops::Range;

/// What of a node a finding points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The key under which a value stands.
    Key,
    /// The value itself; of a block, its first line.
    Value,
}

/// The place of a key or value in a whole file; the nearest enclosing place when the path leads nowhere.
#[must_use]
pub fn locate(sources: &Sources, file: FileId, path: &[Step], part: Part) -> Span {
    let source = sources.file(file);
    source.places.get_or_init(|| Places::of(source, 0..source.text.len()).into()).span(file, path, part)
}

/// Where everything stands.
#[derive(Debug, Default)]
pub struct Places {
    /// Where the text begins in its file.
    start: u32,
    /// Every value, in the order of the text.
    nodes: Vec<Node>,
    /// The keys of all mappings, each once.
    names: FxHashMap<Box<str>, u32>,
    /// What stands in a mapping or a sequence.
    children: FxHashMap<(u32, Inner), u32>,
}

/// A key's number, or an item's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Inner {
    Name(u32),
    Item(u32),
}

/// A value as far as its first line goes, its key, which of an item is the same, and where what stands in it is found: for an alias, in what it
/// repeats.
#[derive(Clone, Copy, Debug)]
struct Node {
    key: (u32, u32),
    value: (u32, u32),
    inside: u32,
}

impl Places {
    /// Reads a range of a file, as far as it is YAML.
    #[must_use]
    pub fn of(source: &Source, range: Range<usize>) -> Self {
        let text = source.text.get(range.clone()).unwrap_or_default();
        let start = u32::try_from(range.start).unwrap_or(u32::MAX);
        let cursor = Cursor { text, line: 1, column: 0, at: 0 };
        let mut reader = Reader { places: Self { start, ..Self::default() }, cursor, anchors: FxHashMap::default() };
        reader.read(&mut nodes(text));
        reader.places
    }

    /// The place of a key or value; the nearest enclosing place when the path leads nowhere.
    #[must_use]
    pub fn span(&self, file: FileId, path: &[Step], part: Part) -> Span {
        let node = |at: u32| self.nodes.get(at as usize);
        let place = match path.iter().try_fold(0, |at, step| self.inside(at, step).ok_or(at)) {
            Ok(there) => node(there).map(|node| if part == Part::Value { node.value } else { node.key }),
            // What is nowhere at the top is at its beginning.
            Err(0) => None,
            Err(nearest) => node(nearest).map(|node| node.key),
        };
        let (start, end) = place.unwrap_or_default();
        Span { file, start: self.start + start, end: self.start + end }
    }

    fn inside(&self, node: u32, step: &Step) -> Option<u32> {
        let inner = match step {
            Step::Key(key) => Inner::Name(*self.names.get(key.as_str())?),
            Step::Index(index) => Inner::Item(u32::try_from(*index).ok()?),
        };
        self.children.get(&(self.nodes.get(node as usize)?.inside, inner)).copied()
    }
}

/// A mapping or a sequence that has not ended yet.
enum Open {
    Mapping(u32),
    Sequence(u32, u32),
}

struct Reader<'a> {
    places: Places,
    cursor: Cursor<'a>,
    /// What each anchor marks.
    anchors: FxHashMap<usize, u32>,
}

impl Reader<'_> {
    fn read<'e>(&mut self, events: &mut impl Iterator<Item = (Event<'e>, Mark)>) {
        let Some((event, mark)) = events.next() else { return };
        let place = self.cursor.place(mark);
        let mut open: Vec<Open> = self.add(&event, place, place).1.into_iter().collect();
        while let (Some(parent), Some((event, mark))) = (open.last_mut(), events.next()) {
            if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
                open.pop();
                continue;
            }
            let key = self.cursor.place(mark);
            let (of, inner, event, value) = match parent {
                Open::Sequence(node, items) => {
                    *items += 1;
                    (*node, Inner::Item(*items - 1), event, key)
                }
                Open::Mapping(node) => {
                    let name = if let Event::Scalar(name, ..) = &event { Some(self.name(name)) } else { None };
                    skip(events, &event);
                    let Some((event, mark)) = events.next() else { return };
                    // A key that is no text leads to no value of the plan.
                    let Some(name) = name else {
                        skip(events, &event);
                        continue;
                    };
                    (*node, Inner::Name(name), event, self.cursor.place(mark))
                }
            };
            let (node, opened) = self.add(&event, key, value);
            self.places.children.entry((of, inner)).or_insert(node);
            open.extend(opened);
        }
    }

    /// Adds a value by its first event.
    fn add(&mut self, event: &Event<'_>, key: (u32, u32), value: (u32, u32)) -> (u32, Option<Open>) {
        let node = u32::try_from(self.places.nodes.len()).unwrap_or(u32::MAX);
        let (anchor, inside, open) = match event {
            Event::Alias(anchor) => (0, self.anchors.get(anchor).copied().unwrap_or(node), None),
            Event::MappingStart(anchor, _) => (*anchor, node, Some(Open::Mapping(node))),
            Event::SequenceStart(anchor, _) => (*anchor, node, Some(Open::Sequence(node, 0))),
            Event::Scalar(_, _, anchor, _) => (*anchor, node, None),
            _ => (0, node, None),
        };
        // Zero stands for no anchor.
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        self.places.nodes.push(Node { key, value, inside });
        (node, open)
    }

    /// The number of a key.
    fn name(&mut self, name: &str) -> u32 {
        if let Some(number) = self.places.names.get(name) {
            return *number;
        }
        let number = u32::try_from(self.places.names.len()).unwrap_or(u32::MAX);
        self.places.names.insert(name.into(), number);
        number
    }
}

/// Turns the parser's 1-based lines and 0-based columns of characters into bytes, walking on from one place to the next.
struct Cursor<'a> {
    text: &'a str,
    line: usize,
    column: usize,
    at: usize,
}

impl Cursor<'_> {
    /// The place of what the parser marks, as far as its first line goes.
    fn place(&mut self, mark: Mark) -> (u32, u32) {
        self.go(mark.start.line(), mark.start.col());
        let rest = &self.text[self.at..];
        let length = if mark.end.line() == mark.start.line() {
            length_of(rest, mark.end.col().saturating_sub(mark.start.col()))
        } else {
            rest.find('\n').unwrap_or(rest.len())
        };
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        (byte(self.at), byte(self.at + length))
    }

    fn go(&mut self, line: usize, column: usize) {
        // A fast path: marks nearly always come in the order of the text, so that it is seldom read from its beginning again.
        if (line, column) < (self.line, self.column) {
            (self.line, self.column, self.at) = (1, 0, 0);
        }
        while self.line < line {
            let rest = &self.text[self.at..];
            self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
            (self.line, self.column) = (self.line + 1, 0);
        }
        self.at += length_of(&self.text[self.at..], column - self.column);
        self.column = column;
    }
}

/// How many bytes some characters take, as far as there are so many in the line.
fn length_of(text: &str, characters: usize) -> usize {
    text.chars().take(characters).take_while(|c| *c != '\n').map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: 計畫\nfields:\n  - { name: level, title: 等級 }\n  - name: 名稱\n    type: [a, b]\n";

    fn place<'a>(text: &'a str, path: &[Step], part: Part) -> &'a str {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a", "a", text));
        &text[locate(&sources, file, path, part).range()]
    }

    #[test]
    fn a_path_leads_to_key_and_value() {
        assert_eq!(place(TEXT, &["title".into()], Part::Key), "title");
        assert_eq!(place(TEXT, &["title".into()], Part::Value), "計畫");
        assert_eq!(place(TEXT, &["fields".into(), 0.into(), "title".into()], Part::Value), "等級");
        assert_eq!(place(TEXT, &["fields".into(), 1.into(), "name".into()], Part::Value), "名稱");
        assert_eq!(place(TEXT, &["fields".into(), 1.into(), "type".into(), 1.into()], Part::Value), "b");
    }

    #[test]
    fn a_path_that_leads_nowhere_ends_at_the_nearest_place() {
        assert_eq!(place(TEXT, &["fields".into(), 0.into(), "unit".into()], Part::Value).trim_end(), "{");
        assert_eq!(place(TEXT, &["fields".into(), "name".into()], Part::Value), "fields");
        assert_eq!(place(TEXT, &["rows".into(), 0.into()], Part::Value), "");
    }

    #[test]
    fn a_value_of_several_lines_is_its_first() {
        let text = "a: \"一\n  二\"\nb: |\n  三\nc: 四\n";
        assert_eq!(place(text, &["a".into()], Part::Value), "\"一");
        assert_eq!(place(text, &["b".into()], Part::Key), "b");
        assert_eq!(place(text, &["c".into()], Part::Value), "四");
    }

    #[test]
    fn what_an_alias_repeats_stands_where_it_was_written() {
        let text = "a: &a [{ b: 一 }]\n? [x, y]\n: 二\nc: *a\n";
        assert_eq!(place(text, &["c".into(), 0.into(), "b".into()], Part::Value), "一");
        assert_eq!(place(text, &["c".into()], Part::Value), "*a");
    }

    #[test]
    fn a_range_has_the_places_of_its_file() {
        let text = "---\ntitle: 章\nsections: [一, 二]\n---\n";
        let source = Source::new("a", "a", text);
        let span = |path: &[Step]| &text[Places::of(&source, 4..text.len() - 4).span(FileId(0), path, Part::Value).range()];
        assert_eq!(span(&["title".into()]), "章");
        assert_eq!(span(&["sections".into(), 1.into()]), "二");
    }

    #[test]
    fn places_end_where_the_yaml_breaks() {
        assert_eq!(place("a: [1, }\nb: 2\n", &["b".into()], Part::Key), "");
        assert_eq!(place("a: 1\nb: [1, }\n", &["a".into()], Part::Value), "1");
    }
}
