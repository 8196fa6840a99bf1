//! Lines and columns for many findings at once.
//!
//! In: findings and their sources. Out: the position of every offset that any of them names. Each file is walked once, however
//! many findings point into it: on a file of one line of 8 MB, counting columns anew for each finding would take minutes.

use crate::{
    diagnostic::{Diagnostic, FileId, Span},
    source::{Position, Sources},
};
use std::collections::BTreeMap;

/// The positions of everything that some findings point at.
#[derive(Debug)]
pub(crate) struct Places {
    positions: BTreeMap<(FileId, u32), Position>,
}

impl Places {
    /// Finds the positions of all spans, related ones too.
    pub(super) fn of(findings: &[&Diagnostic], sources: &Sources) -> Self {
        let spans = findings
            .iter()
            .flat_map(|finding| finding.span.into_iter().chain(finding.related.iter().map(|other| other.span)));
        Self::of_spans(spans, sources)
    }

    /// Finds the positions of some spans.
    pub(crate) fn of_spans(spans: impl Iterator<Item = Span>, sources: &Sources) -> Self {
        Self::of_offsets(spans.flat_map(|span| [(span.file, span.start), (span.file, span.end)]).collect(), sources)
    }

    fn of_offsets(offsets: Vec<(FileId, u32)>, sources: &Sources) -> Self {
        let mut positions: BTreeMap<_, _> = offsets.into_iter().map(|key| (key, START)).collect();
        let mut last: Option<(FileId, usize, Position)> = None;
        for ((file, offset), position) in &mut positions {
            let text = &sources.file(*file).text;
            let (from, before) = match last {
                Some((same, from, before)) if same == *file => (from, before),
                _ => (0, START),
            };
            let to = text.floor_char_boundary(*offset as usize);
            *position = advance(before, &text[from..to]);
            last = Some((*file, to, *position));
        }
        Self { positions }
    }

    /// The first position of a span and the one past its last character.
    pub(crate) fn of_span(&self, span: Span) -> (Position, Position) {
        let at = |offset| self.positions.get(&(span.file, offset)).copied().unwrap_or(START);
        (at(span.start), at(span.end))
    }
}

const START: Position = Position { line: 1, column: 1 };

fn advance(from: Position, text: &str) -> Position {
    match text.rfind('\n') {
        None => Position { column: from.column + text.chars().count(), ..from },
        Some(last) => {
            let line = from.line + text.bytes().filter(|byte| *byte == b'\n').count();
            Position { line, column: text[last + 1..].chars().count() + 1 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Rule, message, source::Source};

    #[test]
    fn positions_equal_those_of_the_source() {
        let mut sources = Sources::default();
        let text = "一二\n三abc\n\n四 {x}\n";
        let ids = [sources.add(Source::new("a", "a", text)), sources.add(Source::new("b", "b", text))];
        let offsets = || (0..=text.len()).filter(|at| text.is_char_boundary(*at));
        let spans: Vec<_> = ids.iter().flat_map(|id| offsets().map(|start| Span::new(*id, start, text.len()))).rev().collect();
        let all: Vec<_> = spans.iter().map(|span| Diagnostic::new(Rule::RawHtml, *span, message!("一", "one"))).collect();
        let places = Places::of(&all.iter().collect::<Vec<_>>(), &sources);
        for span in spans {
            let source = sources.file(span.file);
            assert_eq!(places.of_span(span), (source.position(span.start as usize), source.position(span.end as usize)));
        }
    }

    #[test]
    fn an_offset_out_of_the_text_or_inside_a_character_is_no_panic() {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("a", "a", "一二"));
        let span = Span::new(id, 4, 999);
        let finding = Diagnostic::new(Rule::RawHtml, span, message!("一", "one"));
        let (start, end) = Places::of(&[&finding], &sources).of_span(span);
        assert_eq!((start.column, end.column), (2, 3));
    }
}
