//! The postings of one key while a plan is read.
//!
//! In: where the key was met, page by page. Out: [`Growing`], which keeps them in a [`Pool`] in as little room as they need, and reads them
//! from there. How they are written in the end is the business of [`grown`](super::grown).
//!
//! A posting by page is the distance from the page before and the most that the key is worth there. A posting by entry is the entry's slot,
//! with marks, the distance if it is the first of its page, and what the key is worth in it if that is not what [`Once`] says.

use super::{
    grown::{self, MOST},
    pool::{Chain, Pool},
};

/// The last position of an entry on its page, which stands for all that follow.
pub(super) const LAST: u8 = 63;
/// How many positions there are.
pub(super) const SLOTS: usize = LAST as usize + 1;
/// What each entry of a page is worth for a key that it holds once, as it does most; nothing for those of the last position.
pub(super) type Once = [u8; SLOTS];

/// Beside a slot: the entry is on the same page as the one before.
const SAME_PAGE: u8 = 0x80;
/// Beside a slot: what the key is worth follows.
const WORTH: u8 = 0x40;

/// Where a key was met, and what it is worth there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The entry's position on its page.
    pub slot: u8,
    pub worth: u8,
}

/// One key's postings, either all by page or all by entry.
#[derive(Clone, Copy, Default)]
pub(super) struct Growing {
    last: u32,
    /// How many bytes they are as they will be written.
    written: u32,
    bytes: Chain,
    by_entry: bool,
    /// Whether another entry of the page can follow the last one without a distance.
    open: bool,
}

impl Growing {
    pub(super) fn is_by_entry(self) -> bool {
        self.by_entry
    }

    /// The last page.
    pub(super) fn last(self) -> u32 {
        self.last
    }

    pub(super) fn written(self) -> usize {
        self.written as usize
    }

    /// Adds the next page, with the most that the key is worth on it, or more for the last one.
    pub(super) fn add_page(&mut self, page: u32, most: u8, pool: &mut Pool) {
        if let Some(known) = pool.last(self.bytes).filter(|_| self.last == page) {
            *known = most.max(*known);
            return;
        }
        self.written += self.digits_to(page) + 1;
        self.go_to(page, pool);
        pool.push(&mut self.bytes, most);
    }

    /// Adds the next entry; beyond [`MOST`] bytes its page instead.
    pub(super) fn add_entry(&mut self, page: u32, hit: Hit, once: &Once, pool: &mut Pool) {
        if !self.by_entry && !self.bytes.is_empty() {
            return self.add_page(page, hit.worth, pool);
        }
        self.by_entry = true;
        let is_told = once[usize::from(hit.slot)] == hit.worth;
        let is_same_page = !self.bytes.is_empty() && self.last == page;
        self.written += 2 + if is_same_page && self.open { 0 } else { self.digits_to(page) };
        let marks = if is_same_page { SAME_PAGE } else { 0 } | if is_told { 0 } else { WORTH };
        pool.push(&mut self.bytes, hit.slot | marks);
        if !is_same_page {
            self.go_to(page, pool);
        }
        if !is_told {
            pool.push(&mut self.bytes, hit.worth);
        }
        self.open = grown::more(hit.worth).is_some();
    }

    /// Goes over to postings by page if those by entry are too many.
    pub(super) fn limit(&mut self, once: &[Once], pool: &mut Pool) {
        if !self.by_entry || self.written() <= MOST {
            return;
        }
        let bytes = self.bytes(pool);
        pool.take_back(self.bytes);
        let entries = std::mem::take(self);
        let (mut pages, mut hits) = (entries.pages(&bytes, once), Vec::new());
        while let Some(page) = pages.next(&mut hits) {
            self.add_page(page, hits.iter().map(|hit| hit.worth).max().unwrap_or(0), pool);
        }
    }

    /// How many digits the distance to a page has, which the first page has none of.
    fn digits_to(self, page: u32) -> u32 {
        if self.bytes.is_empty() { 0 } else { grown::digits_of(page - self.last) }
    }

    fn go_to(&mut self, page: u32, pool: &mut Pool) {
        let mut distance = page - std::mem::replace(&mut self.last, page);
        while distance > 0x7f {
            pool.push(&mut self.bytes, (distance & 0x7f) as u8 | 0x80);
            distance >>= 7;
        }
        pool.push(&mut self.bytes, (distance & 0x7f) as u8);
    }

    /// The bytes that they are kept in.
    pub(super) fn bytes(self, pool: &Pool) -> Vec<u8> {
        let mut bytes = Vec::new();
        pool.read(self.bytes, &mut bytes);
        bytes
    }

    /// Reads them from the bytes that they are kept in; `once` is that of every page of the plan.
    pub(super) fn pages<'a>(self, bytes: &'a [u8], once: &'a [Once]) -> Pages<'a> {
        Pages { rest: bytes, page: 0, by_entry: self.by_entry, once }
    }
}

/// Reads postings page by page.
pub(super) struct Pages<'a> {
    rest: &'a [u8],
    page: u32,
    by_entry: bool,
    once: &'a [Once],
}

impl Pages<'_> {
    /// The next page; its entries replace those that are there. A posting by page is one entry, of which only the worth counts.
    pub(super) fn next(&mut self, hits: &mut Vec<Hit>) -> Option<u32> {
        hits.clear();
        if !self.by_entry {
            self.go_on()?;
            hits.push(Hit { slot: 0, worth: self.byte()? });
            return Some(self.page);
        }
        let mut marked = self.byte()?;
        self.go_on()?;
        loop {
            let slot = marked & !(SAME_PAGE | WORTH);
            let worth = if marked & WORTH == 0 { self.once[self.page as usize][usize::from(slot)] } else { self.byte()? };
            hits.push(Hit { slot, worth });
            match self.rest.first() {
                Some(next) if next & SAME_PAGE != 0 => marked = self.byte()?,
                _ => return Some(self.page),
            }
        }
    }

    fn go_on(&mut self) -> Option<()> {
        let (mut distance, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            distance |= u32::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                self.page += distance;
                return Some(());
            }
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(growing: Growing, pool: &Pool, once: &[Once]) -> Vec<(u32, Vec<(u8, u8)>)> {
        let (bytes, mut hits, mut all) = (growing.bytes(pool), Vec::new(), Vec::new());
        let mut pages = growing.pages(&bytes, once);
        while let Some(page) = pages.next(&mut hits) {
            all.push((page, hits.iter().map(|hit| (hit.slot, hit.worth)).collect()));
        }
        all
    }

    #[test]
    fn what_was_added_is_read_whether_an_entry_holds_the_key_once_or_not() {
        let (mut growing, mut pool) = (Growing::default(), Pool::default());
        let once = vec![[9; SLOTS]; 20_001];
        let hits = [(3, vec![(0, 60), (1, 9), (7, 21)]), (4, vec![(63, 9)]), (20_000, vec![(5, 9), (6, 9)])];
        for (page, hits) in &hits {
            for (slot, worth) in hits {
                growing.add_entry(*page, Hit { slot: *slot, worth: *worth }, &once[0], &mut pool);
            }
        }
        assert_eq!(pages(growing, &pool, &once), hits);
        // One byte for each entry, one more for a worth of its own, and the distances.
        assert_eq!(growing.bytes(&pool).len(), 6 + 2 + 1 + 1 + 3);
    }

    #[test]
    fn a_key_of_too_many_entries_goes_over_to_postings_by_page() {
        let (mut growing, mut pool, once) = (Growing::default(), Pool::default(), vec![[0; SLOTS]; 10_000]);
        for page in 0..10_000 {
            for slot in 0..8 {
                growing.add_entry(page, Hit { slot, worth: 8 + slot }, &once[0], &mut pool);
                growing.limit(&once, &mut pool);
            }
        }
        assert!(!growing.is_by_entry());
        let expected: Vec<_> = (0..10_000).map(|page| (page, vec![(0, 15)])).collect();
        assert_eq!(pages(growing, &pool, &once), expected);
        assert_eq!(growing.written(), 2 * 10_000 - 1);
    }
}
