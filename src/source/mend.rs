//! Changing a file where findings say so, and nowhere else.
//!
//! In: a file's text as it is on disk, and changes by their places in the text as it was read. Out: the text with the changes; its byte
//! order mark, its line ends and everything between the changes are as they were.

use std::ops::Range;

/// Applies changes, which may come in any order; one that overlaps an earlier one is left out.
#[must_use]
pub fn mended(original: &str, changes: &[(Range<usize>, &str)]) -> String {
    let mut changes: Vec<_> = changes.to_vec();
    changes.sort_by_key(|(range, _)| (range.start, range.end));
    let places = places(original, &changes);
    let (mut out, mut done) = (String::with_capacity(original.len()), 0);
    for ((_, text), (start, end)) in changes.iter().zip(places) {
        if start < done {
            continue;
        }
        out.push_str(&original[done..start]);
        out.push_str(text);
        done = end;
    }
    out.push_str(&original[done..]);
    out
}

/// Where each change begins and ends on disk: there, a line may end with two bytes, and a byte order mark may stand first.
fn places(original: &str, changes: &[(Range<usize>, &str)]) -> Vec<(usize, usize)> {
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
            '\0' => '\u{fffd}'.len_utf8(),
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
    use super::mended;

    #[test]
    fn only_what_changes_changes() {
        assert_eq!(mended("一(甲)二", &[(3..8, "（甲）")]), "一（甲）二");
        assert_eq!(mended("\u{feff}一\r\n資安長。\r\n完", &[(4..13, "資通安全長")]), "\u{feff}一\r\n資通安全長。\r\n完");
        assert_eq!(mended("甲乙丙", &[(6..9, "3"), (0..3, "1")]), "1乙3");
        assert_eq!(mended("甲乙丙", &[(0..6, "1"), (3..9, "2")]), "1丙", "the first of two that overlap");
        assert_eq!(mended("甲", &[(3..3, "乙")]), "甲乙");
        assert_eq!(mended("", &[]), "");
    }
}
