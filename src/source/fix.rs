//! Changing a file where findings say so, and nowhere else.
//!
//! In: a file's text as it is on disk, the text that was checked, and changes by their places in the latter. Out: the text with the changes;
//! its byte order mark, its line ends and everything between the changes are as they were. A file that is not what was checked is left alone.

use super::{
    Source,
    read::{cannot_stand_in, normalised},
};
use std::ops::Range;

/// A text with changes.
#[derive(Debug, PartialEq, Eq)]
pub struct Mended {
    /// The whole text.
    pub text: String,
    /// Which of the changes it holds, by index, in the order of their places.
    pub applied: Vec<usize>,
}

/// Applies changes, which may come in any order; one that overlaps an earlier one is left out.
///
/// `None` when the text on disk is no longer the one that was checked: an editor may have saved it meanwhile, and places in the one say
/// nothing about the other.
#[must_use]
pub fn mended(original: &str, checked: &Source, changes: &[(Range<usize>, &str)]) -> Option<Mended> {
    if normalised(&checked.name, original.to_owned()) != *checked.text {
        return None;
    }
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_unstable_by_key(|index| (changes[*index].0.start, changes[*index].0.end, *index));
    let places = places(original, cannot_stand_in(&checked.name), changes);
    let (mut text, mut applied, mut done) = (String::with_capacity(original.len()), Vec::new(), 0);
    for index in order {
        let (start, end) = places[index];
        if start < done {
            continue;
        }
        text.push_str(&original[done..start]);
        text.push_str(changes[index].1);
        applied.push(index);
        done = end;
    }
    text.push_str(&original[done..]);
    Some(Mended { text, applied })
}

/// Where each change begins and ends on disk: there, a line may end with two bytes, and a byte order mark may stand first.
fn places(original: &str, is_replaced: fn(char) -> bool, changes: &[(Range<usize>, &str)]) -> Vec<(usize, usize)> {
    let mut wanted: Vec<usize> = changes.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    wanted.sort_unstable();
    let (mut found, mut next, mut read) = (std::collections::BTreeMap::new(), wanted.into_iter().peekable(), 0);
    let mut chars = original.char_indices().peekable();
    if original.starts_with('\u{feff}') {
        chars.next();
    }
    while let Some((at, c)) = chars.next() {
        while let Some(wanted) = next.next_if(|wanted| *wanted <= read) {
            found.insert(wanted, at);
        }
        read += match c {
            '\r' if chars.peek().is_some_and(|(_, c)| *c == '\n') => 0,
            c if is_replaced(c) => '\u{fffd}'.len_utf8(),
            c => c.len_utf8(),
        };
    }
    for wanted in next {
        found.insert(wanted, original.len());
    }
    let place = |wanted: &usize| found.get(wanted).copied().unwrap_or(original.len());
    changes.iter().map(|(range, _)| (place(&range.start), place(&range.end))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Source {
        Source::new("a.md", "a.md", text)
    }

    /// The text and which changes it holds, when nobody has touched the file.
    fn of(original: &str, changes: &[(Range<usize>, &str)]) -> (String, Vec<usize>) {
        let mended = mended(original, &checked(&normalised("a.md", original.to_owned())), changes).unwrap();
        (mended.text, mended.applied)
    }

    #[test]
    fn only_what_changes_changes() {
        assert_eq!(of("一(甲)二", &[(3..8, "（甲）")]), ("一（甲）二".into(), vec![0]));
        let windows = of("\u{feff}一\r\n資安長。\r\n完", &[(4..13, "資通安全長")]);
        assert_eq!(windows.0, "\u{feff}一\r\n資通安全長。\r\n完");
        assert_eq!(of("甲乙丙", &[(6..9, "3"), (0..3, "1")]), ("1乙3".into(), vec![1, 0]));
        assert_eq!(of("甲乙丙", &[(0..6, "1"), (3..9, "2")]), ("1丙".into(), vec![0]), "the first of two that overlap");
        assert_eq!(of("甲", &[(3..3, "乙")]), ("甲乙".into(), vec![0]));
        assert_eq!(of("\u{1}\0(甲)", &[(6..11, "（甲）")]).0, "\u{1}\0（甲）", "characters that are read as longer ones");
        assert_eq!(of("", &[]), (String::new(), vec![]));
    }

    #[test]
    fn a_file_that_was_saved_meanwhile_is_left_alone() {
        let change = [(3..8, "（甲）")];
        assert_eq!(mended("前文一(甲)二", &checked("一(甲)二"), &change), None);
        assert_eq!(mended("一", &checked("一(甲)二"), &change), None, "nor is anything cut off");
        assert!(
            mended("\u{feff}一(甲)二\r\n", &checked("一(甲)二\n"), &change).is_some(),
            "line ends and a byte order mark are no edits"
        );
    }
}
