//! The postings of one key while a plan is read.
//!
//! In: where the key was met, page by page. Out: [`Growing`], which holds them as they are written, in a [`Pool`], and [`Grown`], which cuts
//! them into pieces. Digits are six bits each. A posting by page is the distance from the page before and one digit, the most
//! that the key is worth there. A posting by entry is that distance and two digits, for the entry's slot and for what the key is worth in it;
//! where the last is a sign of [`more`], the two digits of another entry of the page follow at once. A distance of nothing says the same
//! behind what is worth too much to have such a sign.

use super::{
    DIGITS,
    pool::{Chain, Pool},
};

/// The most bytes of the postings by entry that one key has; those of more frequent keys are by page.
const MOST: usize = 72 * 1024;
/// About how many bytes of a key's postings stay together, so that scripts are filled.
const PIECE: usize = 1024;
/// The sign before those that mean that another entry of the page follows, one for each worth up to [`MOST_SIGNED`].
const SIGN: u8 = b'#';
/// The most that a key is worth in anything but a heading.
const MOST_SIGNED: u8 = 21;

/// Where a key was met, and what it is worth there.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    /// The entry's position on its page; the last one stands for all that follow.
    pub slot: u8,
    pub worth: u8,
}

/// One key's postings, either all by page or all by entry.
#[derive(Clone, Copy, Default)]
pub(super) struct Growing {
    first: u32,
    last: u32,
    digits: Chain,
    by_entry: bool,
}

impl Growing {
    pub(super) fn is_empty(self) -> bool {
        self.digits.is_empty()
    }

    /// Adds the next page, with the most that the key is worth on it, or more for the last one.
    pub(super) fn add_page(&mut self, page: u32, most: u8, pool: &mut Pool) {
        if let Some(known) = pool.last(self.digits).filter(|_| self.last == page) {
            *known = digit(most.max(*known & 63));
            return;
        }
        self.go_to(page, pool);
        pool.push(&mut self.digits, digit(most));
    }

    /// Adds the next entry; beyond [`MOST`] bytes its page instead.
    pub(super) fn add_entry(&mut self, page: u32, hit: Hit, pool: &mut Pool) {
        if !self.by_entry && !self.is_empty() {
            return self.add_page(page, hit.worth, pool);
        }
        self.by_entry = true;
        let before = pool.last(self.digits).filter(|_| self.last == page);
        match before.and_then(|worth| Some((more(*worth)?, worth))) {
            Some((sign, worth)) => *worth = sign,
            None => self.go_to(page, pool),
        }
        pool.push(&mut self.digits, digit(hit.slot));
        pool.push(&mut self.digits, digit(hit.worth));
        if self.digits.len() > MOST {
            self.turn(pool);
        }
    }

    /// Goes over to postings by page.
    fn turn(&mut self, pool: &mut Pool) {
        let grown = self.grown(pool);
        pool.take_back(self.digits);
        *self = Self::default();
        for (page, digits) in grown.pages() {
            self.add_page(page, most(digits), pool);
        }
    }

    /// Writes how far it is to a page.
    fn go_to(&mut self, page: u32, pool: &mut Pool) {
        if self.is_empty() {
            self.first = page;
        } else {
            number(page - self.last, |digit| pool.push(&mut self.digits, digit));
        }
        self.last = page;
    }

    /// All of them, once nothing more comes.
    pub(super) fn grown(self, pool: &Pool) -> Grown {
        let mut bytes = Vec::new();
        pool.read(self.digits, &mut bytes);
        Grown { first: self.first, last: self.last, bytes, by_entry: self.by_entry }
    }
}

/// One key's postings as they are written.
pub(super) struct Grown {
    first: u32,
    last: u32,
    bytes: Vec<u8>,
    by_entry: bool,
}

impl Grown {
    /// Every page with its digits as they are written.
    fn pages(&self) -> impl Iterator<Item = (u32, &[u8])> + '_ {
        let (mut at, mut page) = (0, self.first);
        std::iter::from_fn(move || {
            let start = at;
            let mut end = at;
            let mut further = 0;
            while further == 0 && at < self.bytes.len() {
                at = if self.by_entry { after_signed(&self.bytes, at) } else { at + 1 };
                end = at;
                further = distance(&self.bytes, &mut at);
            }
            let own = self.bytes.get(start..end).filter(|digits| !digits.is_empty())?;
            let found = (page, own);
            page += further;
            Some(found)
        })
    }

    /// The postings in pieces that fit into a script: a letter that says how they are written, the first page, and then either what the key
    /// is worth on every page from there on, or digits and distances by turns.
    pub(super) fn pieces(&self) -> Vec<Vec<u8>> {
        let dense = !self.by_entry && ((self.last - self.first) as usize) < self.bytes.len();
        let kind = match (self.by_entry, dense) {
            (true, _) => b'e',
            (_, true) => b'd',
            _ => b's',
        };
        let (mut pieces, mut piece, mut last) = (Vec::new(), Vec::new(), self.first);
        for (page, digits) in self.pages() {
            let absent = if dense { (page - last).saturating_sub(1) as usize } else { 0 };
            if piece.len() + absent > PIECE {
                pieces.push(std::mem::take(&mut piece));
            }
            if piece.is_empty() {
                piece.push(kind);
                number(page, |digit| piece.push(digit));
            } else if dense {
                piece.resize(piece.len() + absent, DIGITS[0]);
            } else {
                number(page - last, |digit| piece.push(digit));
            }
            piece.extend(digits);
            last = page;
        }
        pieces.push(piece);
        pieces
    }
}

fn digit(value: u8) -> u8 {
    DIGITS[usize::from(value)]
}

/// The sign that says that another entry of the page follows, instead of the digit of what an entry is worth; a high worth has none.
fn more(worth: u8) -> Option<u8> {
    Some(worth & 63).filter(|worth| *worth <= MOST_SIGNED).map(|worth| SIGN + worth)
}

fn is_more(byte: u8) -> bool {
    (SIGN + 1..=SIGN + MOST_SIGNED).contains(&byte)
}

/// Where the two digits end that begin here, and those of all entries that follow at once.
fn after_signed(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at + 1).copied().is_some_and(is_more) {
        at += 2;
    }
    at + 2
}

/// The most that the entries of a page are worth.
fn most(digits: &[u8]) -> u8 {
    let (mut most, mut at) = (0, 1);
    while let Some(byte) = digits.get(at) {
        most = most.max(if is_more(*byte) { byte - SIGN } else { byte & 63 });
        // Between others stands a distance of nothing.
        at += if is_more(*byte) { 2 } else { 3 };
    }
    most
}

/// Writes a number, its lowest five bits first.
fn number(mut value: u32, mut push: impl FnMut(u8)) {
    while value > 31 {
        push(DIGITS[32 + (value & 31) as usize]);
        value >>= 5;
    }
    push(DIGITS[value as usize]);
}

/// Reads a number that [`number`] has written; nothing at the end.
fn distance(bytes: &[u8], at: &mut usize) -> u32 {
    let (mut value, mut shift) = (0, 0);
    while let Some(byte) = bytes.get(*at) {
        *at += 1;
        let digit = u32::from(byte & 63);
        value |= (digit & 31) << shift;
        shift += 5;
        if digit < 32 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growing(hits: &[(u32, u8, u8)]) -> (Growing, Pool) {
        let (mut growing, mut pool) = (Growing::default(), Pool::default());
        for (page, slot, worth) in hits {
            growing.add_entry(*page, Hit { slot: *slot, worth: *worth }, &mut pool);
        }
        (growing, pool)
    }

    #[test]
    fn entries_of_a_page_stand_behind_one_distance_unless_they_are_worth_much() {
        let (mut growing, mut pool) = growing(&[(2, 0, 60), (2, 1, 9), (2, 7, 21), (2, 9, 3), (40, 63, 5), (41, 1, 1)]);
        let digits = |text: &[u8]| text.iter().map(|byte| byte & 63).collect::<Vec<_>>();
        let pages = |grown: &Grown| grown.pages().map(|(page, text)| (page, digits(text))).collect::<Vec<_>>();
        let [page, sign] = [0, SIGN & 63];
        let expected: [(u32, Vec<u8>); 3] = [(2, vec![0, 60, page, 1, sign + 9, 7, sign + 21, 9, 3]), (40, vec![63, 5]), (41, vec![1, 1])];
        let grown = growing.grown(&pool);
        assert_eq!(pages(&grown), expected);
        let [piece] = &grown.pieces()[..] else { panic!("one piece") };
        assert_eq!((piece[0], digits(&piece[1..3])), (b'e', vec![2, 0]));
        growing.turn(&mut pool);
        assert_eq!(pages(&growing.grown(&pool)), [(2, vec![60]), (40, vec![5]), (41, vec![1])]);
        growing.add_entry(41, Hit { slot: 2, worth: 7 }, &mut pool);
        growing.add_entry(41, Hit { slot: 3, worth: 4 }, &mut pool);
        growing.add_entry(43, Hit { slot: 3, worth: 4 }, &mut pool);
        assert_eq!(pages(&growing.grown(&pool)), [(2, vec![60]), (40, vec![5]), (41, vec![7]), (43, vec![4])]);
    }

    #[test]
    fn a_key_of_too_many_entries_has_postings_by_page() {
        let hits: Vec<(u32, u8, u8)> = (0..10_000).flat_map(|page| (0..8).map(move |slot| (page, slot, 8 + slot))).collect();
        let (growing, pool) = growing(&hits);
        let pieces = growing.grown(&pool).pieces();
        assert!(pieces.iter().all(|piece| piece[0] == b'd' && piece.len() <= PIECE + 1));
        let most = pieces.iter().flat_map(|piece| &piece[1..]).filter(|byte| **byte == digit(15)).count();
        assert!(most >= 10_000);
    }
}
