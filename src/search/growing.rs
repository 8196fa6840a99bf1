//! The postings of one key while a plan is read.
//!
//! In: where the key was met, page by page. Out: [`Growing`], which keeps them in a [`Pool`] in as little room as they need, and reads them
//! from there. How they are written in the end is the business of [`grown`](super::grown).
//!
//! A posting by page is the distance from the page before and the most that the key is worth there. A posting by entry is the entry's slot,
//! with marks, the distance if it is the first of its page, and what the key is worth in it if that is not what [`Once`] says.

use super::{
    pool::{Chain, Pool},
    worth::Worth,
};

/// The last position of an entry on its page, which stands for all that follow.
pub(super) const LAST: u8 = 63;
/// How many positions there are.
pub(super) const SLOTS: usize = LAST as usize + 1;
/// What each entry of a page is worth for a key that it holds once, as it does most; nothing for those of the last position.
pub(super) type Once = [Worth; SLOTS];

/// Beside a slot: the entry is on the same page as the one before.
const SAME_PAGE: u8 = 0x80;
/// Beside a slot: what the key is worth follows.
const WORTH: u8 = 0x40;

/// Where a key was met, and what it is worth there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The entry's position on its page.
    pub slot: u8,
    pub worth: Worth,
}

/// One key's postings, either all by page or all by entry.
#[derive(Clone, Copy, Default)]
pub(super) struct Growing {
    /// The last page.
    last: u32,
    bytes: Chain,
    by_entry: bool,
}

impl Growing {
    pub(super) fn is_by_entry(self) -> bool {
        self.by_entry
    }

    /// Adds the next page, with the most that the key is worth on it.
    pub(super) fn add_page(&mut self, page: u32, most: Worth, pool: &mut Pool) {
        self.go_to(page, pool);
        pool.push(&mut self.bytes, most.0);
    }

    /// Adds the next entry.
    pub(super) fn add_entry(&mut self, page: u32, hit: Hit, once: &Once, pool: &mut Pool) {
        self.by_entry = true;
        let is_told = once[usize::from(hit.slot)] == hit.worth;
        let is_same_page = !self.bytes.is_empty() && self.last == page;
        let marks = if is_same_page { SAME_PAGE } else { 0 } | if is_told { 0 } else { WORTH };
        pool.push(&mut self.bytes, hit.slot | marks);
        if !is_same_page {
            self.go_to(page, pool);
        }
        if !is_told {
            pool.push(&mut self.bytes, hit.worth.0);
        }
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

    /// Reads them from the bytes that they are kept in, each with its page; `once` is that of every page of the plan. Of a posting by page
    /// only the worth counts.
    pub(super) fn hits<'a>(self, bytes: &'a [u8], once: &'a [Once]) -> Hits<'a> {
        Hits { rest: bytes, page: 0, by_entry: self.by_entry, once }
    }
}

/// Reads postings.
#[derive(Clone)]
pub(super) struct Hits<'a> {
    rest: &'a [u8],
    page: u32,
    by_entry: bool,
    once: &'a [Once],
}

impl Iterator for Hits<'_> {
    type Item = (u32, Hit);

    fn next(&mut self) -> Option<(u32, Hit)> {
        if !self.by_entry {
            self.go_on()?;
            return Some((self.page, Hit { slot: 0, worth: Worth(self.byte()?) }));
        }
        let marked = self.byte()?;
        if marked & SAME_PAGE == 0 {
            self.go_on()?;
        }
        let slot = marked & !(SAME_PAGE | WORTH);
        let worth = if marked & WORTH == 0 { self.once[self.page as usize][usize::from(slot)] } else { Worth(self.byte()?) };
        Some((self.page, Hit { slot, worth }))
    }
}

impl Hits<'_> {
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

    #[test]
    fn what_was_added_is_read_whether_an_entry_holds_the_key_once_or_not() {
        let (mut growing, mut pool) = (Growing::default(), Pool::default());
        let once = vec![[Worth(9); SLOTS]; 20_001];
        let postings = [(3, 0, 60), (3, 1, 9), (3, 7, 21), (4, 63, 9), (20_000, 5, 9), (20_000, 6, 9)];
        let postings = postings.map(|(page, slot, worth)| (page, Hit { slot, worth: Worth(worth) }));
        for (page, hit) in postings {
            growing.add_entry(page, hit, &once[0], &mut pool);
        }
        let bytes = growing.bytes(&pool);
        assert_eq!(growing.hits(&bytes, &once).collect::<Vec<_>>(), postings);
        // One byte for each entry, one more for a worth of its own, and the distances.
        assert_eq!(bytes.len(), 6 + 2 + 1 + 1 + 3);
    }

    #[test]
    fn pages_are_read_as_they_were_added() {
        let (mut growing, mut pool) = (Growing::default(), Pool::default());
        let pages = [(0, 5), (1, 63), (300, 1)];
        for (page, most) in pages {
            growing.add_page(page, Worth(most), &mut pool);
        }
        let bytes = growing.bytes(&pool);
        let read: Vec<_> = growing.hits(&bytes, &[]).map(|(page, hit)| (page, hit.worth.0)).collect();
        assert_eq!(read, pages);
    }
}
