//! The postings of one key as they are written.
//!
//! In: postings as they were kept while they grew. Out: pieces of text for the scripts, whose digits are six bits each. The first digit of a
//! piece says how its distances are written and whether its postings are by page; all that follows is one row of bits: how many postings
//! there are, and of each the distance from the one before and what it is worth, by its place among what keys are worth most often. By
//! entry the distance is one of slots, of which every page has the same number.

use super::{
    DIGITS,
    growing::{Growing, Once, SLOTS},
    pool::Pool,
    worth::Worth,
};

/// The most bytes of a key's postings that are all by entry.
const MOST: usize = 112 * 1024;
/// Of a key with more, how many of the postings that are worth most are by entry; the others are by page.
const NEAR: usize = 48 * 1024;
/// The bytes of postings that are decoded once and held: nearly all keys have fewer, and those of the others would take megabytes.
const FEW: usize = 32 * 1024;
/// How many postings stay together in a piece: fewer than fill a script.
const PIECE: usize = 512;
/// Beside the way in which a piece's distances are written.
const BY_PAGE: u8 = 32;
/// What the first distance of a piece is written with, which is that from the beginning of the plan.
const FIRST: u32 = 16;
/// What the place of a worth is written with.
const RANK: u32 = 1;

/// What keys are worth, most often first.
pub(super) struct Ranks {
    worths: Vec<Worth>,
    /// Of each worth its place.
    places: [u8; 256],
}

impl Ranks {
    /// From how often keys are worth what.
    pub(super) fn new(counts: &[u32; 256]) -> Self {
        let mut worths: Vec<Worth> = Worth::every().collect();
        worths.sort_by_key(|worth| std::cmp::Reverse(counts[usize::from(worth.0)]));
        let mut places = [0; 256];
        for (worth, place) in worths.iter().zip(0..) {
            places[usize::from(worth.0)] = place;
        }
        Self { worths, places }
    }

    /// As the engine reads them: the lowest eight bits of each character.
    pub(super) fn written(&self) -> String {
        self.worths.iter().filter_map(|worth| char::from_u32(0x100 | u32::from(worth.0))).collect()
    }
}

/// The postings in pieces that fit into a script.
pub(super) fn pieces(growing: Growing, pool: &Pool, once: &[Once], ranks: &Ranks) -> Vec<Vec<u8>> {
    let bytes = growing.bytes(pool);
    let slots = u32::try_from(SLOTS).unwrap_or(u32::MAX);
    let hits = growing.hits(&bytes, once);
    if !growing.is_by_entry() {
        return written(hits.map(|(page, hit)| (page, hit.worth)), BY_PAGE, ranks);
    }
    let postings = merged(hits.map(|(page, hit)| (page * slots + u32::from(hit.slot), hit.worth)));
    if bytes.len() < FEW {
        let postings: Vec<(u32, Worth)> = postings.collect();
        return written(postings.iter().copied(), 0, ranks);
    }
    let all = written(postings.clone(), 0, ranks);
    if all.iter().map(Vec::len).sum::<usize>() <= MOST {
        return all;
    }
    let far = far(postings.clone());
    let is_far = |(_, worth): &(u32, Worth)| worth.score() <= far;
    // Pages come first: an entry adds to what there is, and a page is filled at once where there is nothing.
    let pages = merged(postings.clone().filter(is_far).map(|(position, worth)| (position / slots, worth)));
    let mut pieces = written(pages, BY_PAGE, ranks);
    pieces.extend(written(postings.filter(|posting| !is_far(posting)), 0, ranks));
    pieces
}

/// The score up to which postings are too many to be by entry.
fn far(postings: impl Iterator<Item = (u32, Worth)>) -> u8 {
    let mut counts = [0; 64];
    postings.for_each(|(_, worth)| counts[usize::from(worth.score())] += 1);
    let mut near = 0;
    let is_too_many = |score: &u8| {
        near += counts[usize::from(*score)];
        near > NEAR
    };
    (0..64).rev().find(is_too_many).unwrap_or(0)
}

/// With one posting for each position.
fn merged(postings: impl Iterator<Item = (u32, Worth)> + Clone) -> impl Iterator<Item = (u32, Worth)> + Clone {
    let mut postings = postings.peekable();
    std::iter::from_fn(move || {
        let (position, mut most) = postings.next()?;
        while let Some((_, worth)) = postings.next_if(|(next, _)| *next == position) {
            most = most.or(worth);
        }
        Some((position, most))
    })
}

/// Writes postings, each by its position.
fn written(mut postings: impl Iterator<Item = (u32, Worth)> + Clone, kind: u8, ranks: &Ranks) -> Vec<Vec<u8>> {
    let shift = shift(postings.clone());
    let (mut pieces, mut piece) = (Vec::new(), Vec::new());
    loop {
        piece.clear();
        piece.extend(postings.by_ref().take(PIECE));
        let Some(more) = piece.len().checked_sub(1) else { return pieces };
        let mut bits = Bits::default();
        bits.digits.push(DIGITS[usize::from(kind) + shift as usize]);
        bits.number(u32::try_from(more).unwrap_or(u32::MAX), 0);
        let (mut next, mut least) = (0, FIRST);
        for (position, worth) in &piece {
            bits.number(position - next, least);
            bits.number(ranks.places[usize::from(worth.0)].into(), RANK);
            (next, least) = (position + 1, shift);
        }
        pieces.push(bits.finish());
    }
}

/// With how many bits at least distances are written best.
fn shift(postings: impl Iterator<Item = (u32, Worth)>) -> u32 {
    // How many distances have so many bits after the first.
    let (mut counts, mut longest) = ([0_u64; 32], 0);
    postings.map(|(position, _)| position).reduce(|before, position| {
        let bits = (position - before).ilog2();
        counts[bits as usize] += 1;
        longest = longest.max(bits);
        position
    });
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

/// A row of bits in digits, the first the highest.
#[derive(Default)]
struct Bits {
    digits: Vec<u8>,
    open: u64,
    /// How many bits are open: fewer than a digit has.
    count: u32,
}

impl Bits {
    /// Writes a number as an exponential-Golomb code: after as many zeros as it takes more than `least` bits, itself and what fewer zeros
    /// can say, so that it begins with a one.
    fn number(&mut self, value: u32, least: u32) {
        let value = u64::from(value) + (1 << least);
        let bits = value.ilog2();
        self.push(0, bits - least);
        self.push(value, bits + 1);
    }

    fn push(&mut self, value: u64, bits: u32) {
        self.open = self.open << bits | value;
        self.count += bits;
        while self.count >= 6 {
            self.count -= 6;
            self.digits.push(DIGITS[(self.open >> self.count & 63) as usize]);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.push(0, 6 - self.count);
        }
        self.digits
    }
}

#[cfg(test)]
mod tests {
    use super::{super::growing::Hit, *};

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

    /// The postings by entry and by page that hits of a key are written as, by page, slot and worth.
    fn postings(hits: &[(u32, u8, u8)]) -> [Vec<(u32, Worth)>; 2] {
        let (mut growing, mut pool, mut counts) = (Growing::default(), Pool::default(), [0; 256]);
        let once = vec![[Worth(9); SLOTS]; 20_000];
        for (page, slot, worth) in hits {
            growing.add_entry(*page, Hit { slot: *slot, worth: Worth(*worth) }, &once[0], &mut pool);
            counts[usize::from(*worth)] += 1;
        }
        let ranks = Ranks::new(&counts);
        let mut all = [Vec::new(), Vec::new()];
        for piece in pieces(growing, &pool, &once, &ranks) {
            assert!(piece.len() < 8 * PIECE && piece.iter().all(|digit| DIGITS.contains(digit)));
            let (by_page, postings) = read(&piece, &ranks);
            all[usize::from(by_page)].extend(postings);
        }
        all
    }

    #[test]
    fn what_is_written_is_read_by_entry() {
        let hits = [(0, 0, 0x7c), (0, 1, 9), (2, 7, 21), (2, 63, 3), (19_999, 63, 5)];
        let expected = hits.map(|(page, slot, worth)| (page * 64 + u32::from(slot), Worth(worth)));
        assert_eq!(postings(&hits), [expected.to_vec(), Vec::new()]);
        // More than a piece holds.
        let hits: Vec<(u32, u8, u8)> = (0..3000).map(|page| (page * 3, 1, if page % 7 == 0 { 12 } else { 9 })).collect();
        assert_eq!(postings(&hits)[0].len(), hits.len());
    }

    #[test]
    fn entries_that_share_the_last_slot_are_one_posting_that_is_no_less_than_any() {
        assert_eq!(postings(&[(1, 63, 0x68), (1, 63, 0x2d), (1, 63, 0x9f)])[0], [(127, Worth(0xed))]);
    }

    #[test]
    fn of_a_very_frequent_key_what_is_worth_most_is_by_entry_and_the_rest_by_page() {
        let hits: Vec<(u32, u8, u8)> = (0..20_000).flat_map(|page| (0..16).map(move |at| (page, at * 3, 5 + at))).collect();
        let [entries, pages] = postings(&hits);
        assert_eq!(entries.len(), 2 * 20_000);
        assert!(entries.iter().all(|(_, worth)| worth.score() > 18));
        assert_eq!(pages, (0..20_000).map(|page| (page, Worth(18))).collect::<Vec<_>>());
        // All of them are worth the same.
        let hits: Vec<(u32, u8, u8)> = (0..20_000).flat_map(|page| (0..16).map(move |at| (page, at * 3, 9))).collect();
        let [entries, pages] = postings(&hits);
        assert_eq!((entries.len(), pages.len()), (0, 20_000));
    }

    #[test]
    fn distances_are_written_in_as_few_bits_as_there_are_ways() {
        let size = |postings: &[(u32, Worth)], shift: u32| {
            let mut bits = Bits::default();
            postings.windows(2).for_each(|two| bits.number(two[1].0 - two[0].0 - 1, shift));
            bits.finish().len()
        };
        for most in [1, 2, 3, 10, 63, 64, 100, 5000] {
            let distance = |at: u32| 1 + at.wrapping_mul(2_654_435_761) % most;
            let postings: Vec<(u32, Worth)> = (0..2000)
                .scan(0, |last, at| {
                    *last += distance(at);
                    Some((*last, Worth(9)))
                })
                .collect();
            let best = (0..20).map(|shift| size(&postings, shift)).min().unwrap();
            assert!(size(&postings, shift(postings.iter().copied())) <= best + best / 20, "{most}");
        }
    }
}
