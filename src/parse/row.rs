//! The cells of a row of a Markdown table.
//!
//! In: a line of the source. Out: where its cells stand, as the Markdown parser parts them. Nothing is said about how many there should be.

use std::ops::Range;

/// The cells of a row, without the white space around them; behind a bar at its end stands one more, which is empty. A bar behind a
/// backslash is part of a cell, whatever stands before the backslash.
pub fn cells_of_row(line: &str) -> impl Iterator<Item = Range<usize>> {
    // What a table stands in may begin each of its lines; a row itself begins with neither.
    let begin = line.len() - line.trim_start_matches([' ', '\t', '>']).len();
    let mut at = Some(begin + usize::from(line[begin..].starts_with('|')));
    std::iter::from_fn(move || {
        let start = at?;
        let is_bar = |(bar, _): &(usize, &str)| !line[..start + bar].ends_with('\\');
        let end = line[start..].match_indices('|').find(is_bar).map(|(bar, _)| start + bar);
        at = end.map(|end| end + 1);
        let cell = &line[start..end.unwrap_or(line.len())];
        let start = start + cell.len() - cell.trim_start().len();
        Some(start..start + cell.trim().len())
    })
}
