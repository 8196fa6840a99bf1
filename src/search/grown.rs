//! The postings of one key as they are written.
//!
//! In: postings as they were kept while they grew. Out: pieces of text for the scripts. Digits are six bits each. A posting by page is the
//! distance from the page before and one digit, the most that the key is worth there. A posting by entry is that distance and two digits,
//! for the entry's slot and for what the key is worth in it; where the last is a sign of [`more`], the two digits of another entry of the page
//! follow at once. A distance of nothing says the same behind what is worth too much to have such a sign.

use super::{
    DIGITS,
    growing::{Growing, Hit, Once},
    pool::Pool,
};

/// The most bytes of the postings by entry that one key has; those of more frequent keys are by page.
pub(super) const MOST: usize = 72 * 1024;
/// About how many bytes of a key's postings stay together, so that scripts are filled.
const PIECE: usize = 1024;
/// The sign before those that mean that another entry of the page follows, one for each worth up to [`MOST_SIGNED`].
const SIGN: u8 = b'#';
/// The most that a key is worth in anything but a heading.
const MOST_SIGNED: u8 = 21;

/// The postings in pieces that fit into a script: a letter that says how they are written, the first page, and then either what the key
/// is worth on every page from there on, or digits and distances by turns.
pub(super) fn pieces(growing: Growing, pool: &Pool, once: &[Once]) -> Vec<Vec<u8>> {
    let bytes = growing.bytes(pool);
    let (mut pages, mut hits) = (growing.pages(&bytes, once), Vec::new());
    let by_entry = growing.is_by_entry();
    let Some(first) = pages.next(&mut hits) else { return Vec::new() };
    let dense = !by_entry && ((growing.last() - first) as usize) < growing.written();
    let kind = match (by_entry, dense) {
        (true, _) => b'e',
        (_, true) => b'd',
        _ => b's',
    };
    let (mut pieces, mut piece, mut last, mut next) = (Vec::new(), Vec::new(), first, Some(first));
    while let Some(page) = next {
        let absent = if dense { (page - last).saturating_sub(1) as usize } else { 0 };
        if piece.len() + absent > PIECE {
            pieces.push(std::mem::take(&mut piece));
        }
        if piece.is_empty() {
            piece.push(kind);
            number(page, &mut piece);
        } else if dense {
            piece.resize(piece.len() + absent, DIGITS[0]);
        } else {
            number(page - last, &mut piece);
        }
        if by_entry {
            entries(&hits, &mut piece);
        } else {
            piece.extend(hits.iter().map(|hit| digit(hit.worth)));
        }
        last = page;
        next = pages.next(&mut hits);
    }
    pieces.push(piece);
    pieces
}

/// Writes the entries of a page.
fn entries(hits: &[Hit], out: &mut Vec<u8>) {
    for (at, hit) in hits.iter().enumerate() {
        out.push(digit(hit.slot));
        let follows = at + 1 < hits.len();
        let sign = more(hit.worth).filter(|_| follows);
        out.push(sign.unwrap_or_else(|| digit(hit.worth)));
        if follows && sign.is_none() {
            number(0, out);
        }
    }
}

fn digit(value: u8) -> u8 {
    DIGITS[usize::from(value)]
}

/// The sign that says that another entry of the page follows, instead of the digit of what an entry is worth; a high worth has none.
pub(super) fn more(worth: u8) -> Option<u8> {
    (worth <= MOST_SIGNED).then(|| SIGN + worth)
}

/// Writes a number, its lowest five bits first.
fn number(mut value: u32, out: &mut Vec<u8>) {
    while value > 31 {
        out.push(DIGITS[32 + (value & 31) as usize]);
        value >>= 5;
    }
    out.push(DIGITS[value as usize]);
}

/// How many digits [`number`] writes.
pub(super) fn digits_of(value: u32) -> u32 {
    (u32::BITS - value.leading_zeros()).div_ceil(5).max(1)
}

#[cfg(test)]
mod tests {
    use super::{super::growing::SLOTS, *};

    fn written(hits: &[(u32, u8, u8)], limit: bool) -> Vec<Vec<u8>> {
        let (mut growing, mut pool) = (Growing::default(), Pool::default());
        let once = vec![[9; SLOTS]; 10_000];
        for (page, slot, worth) in hits {
            growing.add_entry(*page, Hit { slot: *slot, worth: *worth }, &once[0], &mut pool);
            if limit {
                growing.limit(&once, &mut pool);
            }
        }
        let pieces = pieces(growing, &pool, &once);
        if let [piece] = &pieces[..] {
            // What was counted while they grew: all but the letter and the first page.
            assert_eq!(piece.len(), growing.written() + 1 + digits_of(hits[0].0) as usize);
        }
        pieces
    }

    #[test]
    fn entries_of_a_page_stand_behind_one_distance_unless_they_are_worth_much() {
        let pieces = written(&[(2, 0, 60), (2, 1, 9), (2, 7, 21), (2, 9, 3), (40, 63, 5), (41, 1, 1)], false);
        let digits = |bytes: &[u8]| bytes.iter().map(|byte| byte & 63).collect::<Vec<_>>();
        let [page, sign] = [0, SIGN & 63];
        let first = vec![2, 0, 60, page, 1, sign + 9, 7, sign + 21, 9, 3];
        let [piece] = &pieces[..] else { panic!("one piece") };
        assert_eq!((piece[0], digits(&piece[1..])), (b'e', [first, vec![32 + 6, 1, 63, 5], vec![1, 1, 1]].concat()));
    }

    #[test]
    fn a_key_of_too_many_entries_has_postings_by_page() {
        let hits: Vec<(u32, u8, u8)> = (0..10_000).flat_map(|page| (0..8).map(move |slot| (page, slot, 8 + slot))).collect();
        let pieces = written(&hits, true);
        assert!(pieces.iter().all(|piece| piece[0] == b'd' && piece.len() <= PIECE + 1));
        let most = pieces.iter().flat_map(|piece| &piece[1..]).filter(|byte| **byte == digit(15)).count();
        assert!(most >= 10_000);
    }

    #[test]
    fn digits_are_counted_as_they_are_written() {
        for value in [0, 31, 32, 1023, 1024, 32_767, 32_768, u32::MAX] {
            let mut out = Vec::new();
            number(value, &mut out);
            assert_eq!(out.len(), digits_of(value) as usize, "{value}");
        }
    }
}
