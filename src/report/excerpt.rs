//! The part of a line that a text report shows.
//!
//! In: a text and the range a finding points at. Out: one line of at most [`COLUMNS`] terminal columns and the range to mark in
//! it. It looks at a few hundred bytes around the place and no further, so that a line of any length costs the same.

use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// What fits beside a line number on a terminal of 80 columns; a wrapped line would part the mark from what it marks.
const COLUMNS: usize = 70;
/// The widest mark; of a longer range its beginning is shown.
const MARK: usize = 44;
/// Shown where something was cut. Three dots, because the width of `…` differs between terminals.
const CUT: &str = "...";
/// Deeper indentation than this, in characters, says nothing to the reader.
const INDENTATION: usize = 12;
/// Bytes looked at on either side; more than [`COLUMNS`] columns of four-byte characters of no width are not text.
const REACH: usize = 1024;

/// A line, perhaps cut, and what to mark in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line to show.
    pub(super) line: String,
    /// The bytes of `line` to mark; empty only at a line's end.
    pub(super) mark: Range<usize>,
}

/// Cuts the excerpt for a range; of a range over several lines, its first.
pub(super) fn excerpt(text: &str, range: Range<usize>) -> Excerpt {
    let start = text.floor_char_boundary(range.start);
    let (before, cut_before) = line_before(&text[..start]);
    let (rest, cut_after) = line_after(&text[start..]);
    let marked = mark(rest, text.floor_char_boundary(range.end.max(start)) - start);
    let after = &rest[marked.len()..];
    let (before, cut_before) = unindented(before, cut_before);

    let room = COLUMNS - width(marked);
    // Half the room for each side, and what the right side does not use for the left.
    let left = (room / 2).max(room.saturating_sub(width(after)));
    let shown_before = last_columns(before, left, cut_before);
    let cut_before = cut_before || shown_before.len() < before.len();
    let right = room - width(shown_before) - if cut_before { CUT.len() } else { 0 };
    let shown_after = first_columns(after, right, cut_after);
    let cut_after = cut_after || shown_after.len() < after.len();

    let mut line = String::new();
    if cut_before {
        line.push_str(CUT);
    }
    line.extend(shown_before.chars().map(visible));
    let from = line.len();
    line.extend(marked.chars().map(visible));
    let to = line.len();
    line.extend(shown_after.chars().map(visible));
    if cut_after {
        line.push_str(CUT);
    }
    Excerpt { line, mark: from..to }
}

/// The current line's text before a place, and whether it was too long to see its beginning.
fn line_before(text: &str) -> (&str, bool) {
    let from = text.floor_char_boundary(text.len().saturating_sub(REACH));
    match text[from..].rfind('\n') {
        Some(at) => (&text[from + at + 1..], false),
        None => (&text[from..], from > 0),
    }
}

/// The current line's text from a place on, and whether it was too long to see its end.
fn line_after(text: &str) -> (&str, bool) {
    let to = text.floor_char_boundary(REACH);
    match text[..to].find('\n') {
        Some(at) => (&text[..at], false),
        None => (&text[..to], to < text.len()),
    }
}

/// The part of `rest` to mark; a place without length marks the character that stands there.
fn mark(rest: &str, length: usize) -> &str {
    let marked = &rest[..length.min(rest.len())];
    let trimmed = marked.trim_end();
    let marked = if trimmed.is_empty() { marked } else { trimmed };
    if marked.is_empty() {
        return rest.chars().next().map_or("", |first| &rest[..first.len_utf8()]);
    }
    let fitting = prefix(marked, MARK);
    if fitting.is_empty() { marked } else { fitting }
}

/// The text before a place without indentation that would only push it to the right.
fn unindented(before: &str, cut: bool) -> (&str, bool) {
    let spaces = before.len() - before.trim_start().len();
    let keep_from = before[..spaces].char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    if before[..spaces].chars().count() > INDENTATION { (&before[keep_from..], true) } else { (before, cut) }
}

fn last_columns(text: &str, columns: usize, cut: bool) -> &str {
    if !cut && width(text) <= columns {
        return text;
    }
    let mut left = columns.saturating_sub(CUT.len());
    let from = text.char_indices().rev().take_while(|(_, c)| take(&mut left, *c)).last();
    &text[from.map_or(text.len(), |(at, _)| at)..]
}

fn first_columns(text: &str, columns: usize, cut: bool) -> &str {
    if !cut && width(text) <= columns { text } else { prefix(text, columns.saturating_sub(CUT.len())) }
}

fn prefix(text: &str, columns: usize) -> &str {
    let mut left = columns;
    let end = text.char_indices().take_while(|(_, c)| take(&mut left, *c)).last();
    &text[..end.map_or(0, |(at, c)| at + c.len_utf8())]
}

fn take(left: &mut usize, c: char) -> bool {
    match left.checked_sub(char_width(c)) {
        Some(rest) => *left = rest,
        None => return false,
    }
    true
}

fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The columns of a character as the renderer counts them: Han two, a tab four.
fn char_width(c: char) -> usize {
    if c == '\t' { 4 } else { c.width().unwrap_or(1) }
}

/// The character to show for one that a terminal would obey; the renderer knows the others.
pub(super) fn visible(c: char) -> char {
    if ('\u{80}'..='\u{9f}').contains(&c) { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, part: &str) -> (String, String, usize) {
        let start = text.find(part).unwrap();
        let excerpt = excerpt(text, start..start + part.len());
        let total = width(&excerpt.line);
        (excerpt.line[excerpt.mark.clone()].to_owned(), excerpt.line, total)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let (mark, line, _) = shown("前一行\n見[[nowhere]]。\n後一行", "nowhere");
        assert_eq!((mark.as_str(), line.as_str()), ("nowhere", "見[[nowhere]]。"));
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_around_the_mark() {
        let text = format!("{}[[nowhere]]{}", "資通安全".repeat(2_000_000 / 12), "維護計畫".repeat(2_000_000 / 12));
        let (mark, line, total) = shown(&text, "nowhere");
        assert_eq!(mark, "nowhere");
        assert!(line.starts_with("...") && line.ends_with("...") && total <= COLUMNS, "{line}");
        let (_, line, total) = shown(&format!("[[nowhere]]{}", "維護計畫".repeat(100)), "nowhere");
        assert!(line.starts_with("[[nowhere]]") && total > COLUMNS - 2 && total <= COLUMNS, "{line}");
        let (_, line, total) = shown(&format!("{}[[nowhere]]", "維護計畫".repeat(100)), "nowhere");
        assert!(line.ends_with("[[nowhere]]") && total > COLUMNS - 2 && total <= COLUMNS, "{line}");
    }

    #[test]
    fn a_long_range_shows_its_beginning() {
        let (mark, _, total) = shown(&"長".repeat(500), &"長".repeat(400));
        assert_eq!((mark, total <= COLUMNS), ("長".repeat(MARK / 2), true));
        let (mark, line, _) = shown("一\n:::guidance\n二\n三", ":::guidance\n二\n三");
        assert_eq!((mark.as_str(), line.as_str()), (":::guidance", ":::guidance"));
    }

    #[test]
    fn a_place_without_length_marks_the_character_there() {
        assert_eq!(excerpt("一二三", 3..3), Excerpt { line: "一二三".into(), mark: 3..6 });
        assert_eq!(excerpt("一\n二", 3..3), Excerpt { line: "一".into(), mark: 3..3 });
        assert_eq!(excerpt("", 0..0), Excerpt { line: String::new(), mark: 0..0 });
        assert_eq!(excerpt("一", 99..200), Excerpt { line: "一".into(), mark: 3..3 });
    }

    #[test]
    fn deep_indentation_and_control_characters_are_not_shown_as_they_are() {
        let (mark, line, _) = shown(&format!("{}x y", "\u{3000}".repeat(60)), "y");
        assert_eq!((mark.as_str(), line), ("y", format!("...{}x y", "\u{3000}".repeat(4))));
        assert_eq!(excerpt("a\u{9b}31m", 0..1).line, "a\u{fffd}31m");
    }
}
