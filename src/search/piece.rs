//! The postings of one key as they are written.
//!
//! In: a key's postings in all blocks. Out: pieces of text for the scripts, whose digits are six bits each. The first digit of a piece says
//! how its distances are written and whether its postings are by page; all that follows is one row of bits: how many postings there are, and
//! of each the distance from the one before and what it is worth, by its place among what keys are worth most often. By entry the distance
//! is one of slots, of which every page has the same number.

use super::{
    DIGITS,
    block::{Row, SLOTS},
    worth::Worth,
};

/// The most bytes of a key's postings that are all by entry.
const MOST: usize = 112 * 1024;
/// Of a key with more, how many of the postings that are worth most are by entry; the others are by page.
const NEAR: usize = 48 * 1024;
/// How many postings stay together in a piece: fewer than fill a script.
const PIECE: usize = 512;
/// Beside the way in which a piece's distances are written.
const BY_PAGE: u8 = 32;
/// What the first distance of a piece is written with, which is that from the beginning of the plan.
const FIRST: u32 = 16;
/// How many bits are pushed at once.
const MOST_BITS: u32 = 16;
/// What the place of a worth is written with.
const RANK: u32 = 1;

/// What keys are worth, most often first.
pub(super) struct Ranks {
    worths: Vec<Worth>,
    /// Of each worth the code of its place.
    codes: [Code; 256],
}

impl Ranks {
    /// From how often keys are worth what.
    pub(super) fn new(counts: &[u32; 256]) -> Self {
        let mut worths: Vec<Worth> = Worth::every().collect();
        worths.sort_unstable_by_key(|worth| (std::cmp::Reverse(counts[usize::from(worth.0)]), worth.0));
        let mut codes = [Code::default(); 256];
        for (worth, place) in worths.iter().zip(0..) {
            codes[usize::from(worth.0)] = Code::of(place, RANK);
        }
        Self { worths, codes }
    }

    /// As the engine reads them: the lowest eight bits of each character.
    pub(super) fn written(&self) -> String {
        self.worths.iter().filter_map(|worth| char::from_u32(0x100 | u32::from(worth.0))).collect()
    }
}

/// The postings by page in pieces that fit into a script.
pub(super) fn of_pages(row: &Row, ranks: &Ranks) -> Vec<Vec<u8>> {
    written(row, BY_PAGE, ranks)
}

/// The postings by entry in such pieces; where they are too many, those that are worth least are by page.
pub(super) fn of_entries(row: &Row, ranks: &Ranks) -> Vec<Vec<u8>> {
    let all = written(row, 0, ranks);
    if all.iter().map(Vec::len).sum::<usize>() <= MOST {
        return all;
    }
    let far = far(&row.worths);
    let (mut pages, mut entries) = (Row::default(), Row::default());
    for (position, worth) in row.iter() {
        if worth.score() <= far {
            pages.add(position as usize / SLOTS, worth);
        } else {
            entries.add(position as usize, worth);
        }
    }
    // Pages come first: an entry adds to what there is, and a page is filled at once where there is nothing.
    let mut pieces = written(&pages, BY_PAGE, ranks);
    pieces.extend(written(&entries, 0, ranks));
    pieces
}

/// The score up to which postings are too many to be by entry.
fn far(worths: &[Worth]) -> u8 {
    let mut counts = [0; 64];
    for worth in worths {
        counts[usize::from(worth.score())] += 1;
    }
    let mut near = 0;
    let is_too_many = |score: &u8| {
        near += counts[usize::from(*score)];
        near > NEAR
    };
    (0..64).rev().find(is_too_many).unwrap_or(0)
}

fn written(row: &Row, kind: u8, ranks: &Ranks) -> Vec<Vec<u8>> {
    let shift = shift(&row.positions);
    let piece = |(positions, worths): (&[u32], &[Worth])| {
        let mut bits = Bits::with_capacity(2 * positions.len() + 8);
        bits.digits.push(DIGITS[usize::from(kind) + shift as usize]);
        bits.push(Code::of(u32::try_from(positions.len() - 1).unwrap_or(u32::MAX), 0));
        let (mut next, mut least) = (0, FIRST);
        for (position, worth) in positions.iter().zip(worths) {
            bits.push_both(Code::of(position - next, least), ranks.codes[usize::from(worth.0)]);
            (next, least) = (position + 1, shift);
        }
        bits.finish()
    };
    row.positions.chunks(PIECE).zip(row.worths.chunks(PIECE)).map(piece).collect()
}

/// With how many bits at least distances are written best.
fn shift(positions: &[u32]) -> u32 {
    // How many distances have so many bits after the first.
    let (mut counts, mut longest) = ([0_u64; 32], 0);
    for pair in positions.windows(2) {
        let bits = (pair[1] - pair[0]).ilog2();
        counts[bits as usize] += 1;
        longest = longest.max(bits);
    }
    let bits = |shift: &u32| -> u64 {
        let of = |bits: u32| {
            let count = counts[bits as usize];
            match bits.checked_sub(*shift) {
                None => count * u64::from(shift + 1),
                // Some of them take two more, by what is added to all.
                Some(more) => count * u64::from(2 * more + shift + 1) + ((2 * count * ((1 << shift) - 1)) >> bits),
            }
        };
        (0..=longest).map(of).sum()
    };
    (0..=longest).min_by_key(bits).unwrap_or(0)
}

/// An exponential-Golomb code.
#[derive(Clone, Copy, Default)]
struct Code {
    value: u64,
    bits: u32,
}

impl Code {
    /// The code of a number: after as many zeros as it takes more than `least` bits, itself and what fewer zeros can say, so that it begins
    /// with a one.
    fn of(number: u32, least: u32) -> Self {
        let value = u64::from(number) + (1 << least);
        Self { value, bits: 2 * value.ilog2() + 1 - least }
    }
}

/// A row of bits in digits, the first the highest.
struct Bits {
    digits: Vec<u8>,
    open: u64,
    /// How many bits are open: fewer than eight digits have.
    count: u32,
}

impl Bits {
    fn with_capacity(digits: usize) -> Self {
        Self { digits: Vec::with_capacity(digits), open: 0, count: 0 }
    }

    fn push(&mut self, Code { value, bits }: Code) {
        // As many as surely fit beside those that are open.
        if let Some(more) = bits.checked_sub(MOST_BITS).filter(|more| *more > 0) {
            self.push(Code { value: value >> MOST_BITS, bits: more });
            return self.push(Code { value: value & ((1 << MOST_BITS) - 1), bits: MOST_BITS });
        }
        self.open = self.open << bits | value;
        self.count += bits;
        if let Some(rest) = self.count.checked_sub(48) {
            self.digits.extend(digits(self.open >> rest));
            self.count = rest;
        }
    }

    /// Pushes two codes in one step, as nearly all of them can be.
    fn push_both(&mut self, one: Code, other: Code) {
        let bits = one.bits + other.bits;
        if bits <= MOST_BITS {
            return self.push(Code { value: one.value << other.bits | other.value, bits });
        }
        self.push(one);
        self.push(other);
    }

    fn finish(mut self) -> Vec<u8> {
        let rest = digits(self.open << (48 - self.count));
        self.digits.extend(&rest[..self.count.div_ceil(6) as usize]);
        self.digits
    }
}

/// The lowest 48 bits as [`DIGITS`], all eight at once.
fn digits(bits: u64) -> [u8; 8] {
    let half = |bits: u64, low: u64, by: u32| (bits & (low << (by * 3))) << by | bits & low;
    let bits = half(bits, 0x00ff_ffff, 8);
    let bits = half(bits, 0x0000_0fff_0000_0fff, 4);
    let bits = half(bits, 0x003f_003f_003f_003f, 2);
    let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
    // In each byte 64, but nothing in those that are a certain number below 64.
    let but = |number: u8| ((bits ^ each(number)) + each(63)) & each(64);
    (bits + (but(0x1c) & but(0x3f))).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a piece says: whether it is by page, and its postings.
    fn read(piece: &[u8], ranks: &Ranks) -> (bool, Vec<(u32, Worth)>) {
        let digits: Vec<u8> = piece.iter().map(|byte| byte & 63).collect();
        let mut bits = digits[1..].iter().flat_map(|digit| (0..6).rev().map(move |bit| u32::from(digit >> bit & 1)));
        let mut number = |least: u32| {
            let mut bits_of = least;
            while bits.next() == Some(0) {
                bits_of += 1;
            }
            (0..bits_of).fold(1, |value, _| value << 1 | bits.next().unwrap()) - (1 << least)
        };
        let (mut next, mut least, mut postings) = (0, FIRST, Vec::new());
        for _ in 0..=number(0) {
            let position = next + number(least);
            postings.push((position, ranks.worths[number(RANK) as usize]));
            (next, least) = (position + 1, u32::from(digits[0] & (BY_PAGE - 1)));
        }
        (digits[0] & BY_PAGE > 0, postings)
    }

    /// The postings by entry and by page that a key's postings by entry are written as.
    fn written(hits: impl IntoIterator<Item = (u32, Worth)>) -> [Vec<(u32, Worth)>; 2] {
        let (mut row, mut counts) = (Row::default(), [0; 256]);
        for (position, worth) in hits {
            row.add(position as usize, worth);
            counts[usize::from(worth.0)] += 1;
        }
        let ranks = Ranks::new(&counts);
        let mut all = [Vec::new(), Vec::new()];
        for piece in of_entries(&row, &ranks) {
            assert!(piece.len() < 8 * PIECE && piece.iter().all(|digit| DIGITS.contains(digit)));
            let (by_page, postings) = read(&piece, &ranks);
            all[usize::from(by_page)].extend(postings);
        }
        all
    }

    #[test]
    fn what_is_written_is_read_by_entry() {
        let hits = [(0, 0x7c), (1, 9), (135, 21), (191, 3), (1_279_999, 5), (30_000_000, 0xff)].map(|(at, worth)| (at, Worth(worth)));
        assert_eq!(written(hits), [hits.to_vec(), Vec::new()]);
        // More than a piece holds.
        let hits: Vec<(u32, Worth)> = (0..3000).map(|page| (page * 193, Worth(if page % 7 == 0 { 12 } else { 9 }))).collect();
        assert_eq!(written(hits.iter().copied())[0], hits);
    }

    #[test]
    fn of_a_very_frequent_key_what_is_worth_most_is_by_entry_and_the_rest_by_page() {
        let every = |worth: fn(u8) -> u8| {
            let of = move |page| (0..16_u8).map(move |at| (page * 64 + u32::from(at) * 3, Worth(worth(at))));
            written((0..20_000_u32).flat_map(of))
        };
        let [entries, pages] = every(|at| 5 + at);
        assert_eq!(entries.len(), 2 * 20_000);
        assert!(entries.iter().all(|(_, worth)| worth.score() > 18));
        assert_eq!(pages, (0..20_000).map(|page| (page, Worth(18))).collect::<Vec<_>>());
        // All of them are worth the same.
        let [entries, pages] = every(|_| 9);
        assert_eq!((entries.len(), pages.len()), (0, 20_000));
    }

    #[test]
    fn eight_digits_at_once_are_those_of_each() {
        for first in 0..64 {
            let values: [usize; 8] = std::array::from_fn(|at| (first + 9 * at) % 64);
            let bits = values.iter().fold(0, |bits, value| bits << 6 | *value as u64);
            assert_eq!(digits(bits), values.map(|value| DIGITS[value]));
            // What stands above them does not matter.
            assert_eq!(digits(bits | 0xabcd << 48), digits(bits));
        }
    }

    #[test]
    fn distances_are_written_in_as_few_bits_as_there_are_ways() {
        let size =
            |positions: &[u32], shift: u32| -> u32 { positions.windows(2).map(|pair| Code::of(pair[1] - pair[0] - 1, shift).bits).sum() };
        for most in [1, 2, 3, 10, 63, 64, 100, 5000] {
            let distance = |at: u32| 1 + at.wrapping_mul(2_654_435_761) % most;
            let positions: Vec<u32> = (0..2000)
                .scan(0, |last, at| {
                    *last += distance(at);
                    Some(*last)
                })
                .collect();
            let best = (0..20).map(|shift| size(&positions, shift)).min().unwrap();
            assert!(size(&positions, shift(&positions)) <= best + best / 20, "{most}");
        }
    }
}
