//! Where the keys of some pages stand.
//!
//! In: the keys of at most [`PAGES`] pages with what each is worth where it stands. Out: [`Block`], which keeps them in about two bytes
//! each, and reads them as a [`Row`]. A plan is one block after the other; how a key's postings of all of them are written is the business
//! of [`piece`](super::piece).
//!
//! A posting by page is one number: the page and the most that the key is worth there. A posting by entry is the page and the entry's slot,
//! with what the key is worth in a second number if that is not what [`Once`] says.

use super::worth::Worth;
use crate::document::kept;

/// How many pages a block may have.
pub(super) const PAGES: usize = 1 << 7;
/// The last position of an entry on its page, which stands for all that follow.
pub(super) const LAST: u8 = 63;
/// How many positions there are.
pub(super) const SLOTS: usize = LAST as usize + 1;
/// What each entry of a page is worth for a key that it holds once, as it does most; nothing for those of the last position.
pub(super) type Once = [Worth; SLOTS];

/// The lowest bit of a posting by entry: what the key is worth follows.
const FOLLOWS: u16 = 1;

/// An entry in postings: how many pages after the first of the block, and its slot.
#[derive(Clone, Copy)]
pub(super) struct Place(u16);

impl Place {
    pub(super) fn new(after: usize, slot: u8) -> Self {
        Self(page(after) << 7 | u16::from(slot.min(LAST)) << 1)
    }

    /// How many pages after the first it is.
    fn after(self) -> usize {
        usize::from(self.0 >> 7)
    }

    fn slot(self) -> usize {
        usize::from(self.0 >> 1 & u16::from(LAST))
    }
}

/// A page in postings.
fn page(after: usize) -> u16 {
    u16::try_from(after.min(PAGES - 1)).unwrap_or_default()
}

/// The postings of the keys of some pages: in order those of one or two characters, and then in order those with letters or digits.
pub(super) struct Block {
    /// The keys of characters.
    characters: Vec<u32>,
    /// The other keys, one after the other, and where each ends.
    runs: String,
    run_ends: Vec<u32>,
    /// The postings of each key, one key after the other, and where those of each end.
    numbers: Vec<u16>,
    ends: Vec<u32>,
    /// Of each page.
    once: Vec<Once>,
    /// How many postings are worth what.
    pub counts: [u32; 256],
}

impl Block {
    pub(super) fn new(once: Vec<Once>) -> Self {
        let (characters, runs, run_ends, numbers, ends) = Default::default();
        Self { characters, runs, run_ends, numbers, ends, once, counts: [0; 256] }
    }

    /// Makes room for so many postings.
    pub(super) fn reserve(&mut self, postings: usize) {
        self.numbers.reserve(postings);
    }

    /// Adds a posting by page of the next key.
    pub(super) fn add_page(&mut self, after: u8, most: Worth) {
        self.counts[usize::from(most.0)] += 1;
        self.numbers.push(page(after.into()) << 8 | u16::from(most.0));
    }

    /// Adds a posting by entry of the next key.
    pub(super) fn add_entry(&mut self, place: Place, worth: Worth) {
        self.counts[usize::from(worth.0)] += 1;
        if self.once[place.after()][place.slot()] == worth {
            self.numbers.push(place.0);
        } else {
            self.numbers.extend([place.0 | FOLLOWS, worth.0.into()]);
        }
    }

    /// Ends the postings of a key of characters.
    pub(super) fn end_characters(&mut self, key: u32) {
        self.characters.push(key);
        self.ends.push(position(self.numbers.len()));
    }

    /// Ends the postings of a key with letters or digits.
    pub(super) fn end_run(&mut self, key: &str) {
        self.runs.push_str(key);
        self.run_ends.push(position(self.runs.len()));
        self.ends.push(position(self.numbers.len()));
    }

    /// The same in no more room than it needs: there are many for a large plan.
    pub(super) fn kept(self) -> Self {
        let Self { characters, runs, run_ends, numbers, ends, once, counts } = self;
        Self {
            characters: kept(characters).into(),
            runs: runs.as_str().into(),
            run_ends: kept(run_ends).into(),
            numbers: kept(numbers).into(),
            ends: kept(ends).into(),
            once: kept(once).into(),
            counts,
        }
    }

    /// A key of characters by its position among them.
    pub(super) fn characters(&self, at: usize) -> Option<u32> {
        self.characters.get(at).copied()
    }

    /// A key with letters or digits by its position among them.
    pub(super) fn run(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(0, |before| self.run_ends[before]);
        self.runs.get(start as usize..*self.run_ends.get(at)? as usize)
    }

    /// The postings of a key by its position among all.
    fn numbers(&self, at: usize) -> &[u16] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[start as usize..self.ends[at] as usize]
    }

    /// Adds the postings of one character, which are by page, to those of the blocks before; `at` is the key's position among those of
    /// characters, and `first` the position of the block's first page in the plan.
    pub(super) fn read_single(&self, at: usize, first: usize, row: &mut Row) {
        for number in self.numbers(at) {
            row.add(first + usize::from(number >> 8), Worth((number & 0xff) as u8));
        }
    }

    /// Adds those of a key with letters or digits, which has this position among such keys.
    pub(super) fn read_run(&self, at: usize, first: usize, row: &mut Row) {
        self.read_pair(self.characters.len() + at, first, row);
    }

    /// Adds those of two characters, which are by entry.
    pub(super) fn read_pair(&self, at: usize, first: usize, row: &mut Row) {
        let mut numbers = self.numbers(at).iter();
        while let Some(number) = numbers.next() {
            let place = Place(*number);
            let worth = if number & FOLLOWS == 0 {
                self.once[place.after()][place.slot()]
            } else {
                Worth((numbers.next().copied().unwrap_or_default() & 0xff) as u8)
            };
            row.add((first + place.after()) * SLOTS + place.slot(), worth);
        }
    }
}

/// A position as it is kept; blocks are far smaller than what it can say.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The postings of one key: at each position what it is worth there. A position is that of a page, or of one of the slots of all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub positions: Vec<u32>,
    pub worths: Vec<Worth>,
}

impl Row {
    /// Adds a posting; what stands at the same position as the one before becomes one with it.
    pub(super) fn add(&mut self, position: usize, worth: Worth) {
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        match self.worths.last_mut() {
            Some(last) if self.positions.last() == Some(&position) => *last = last.or(worth),
            _ => {
                self.positions.push(position);
                self.worths.push(worth);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.positions.clear();
        self.worths.clear();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Worth)> {
        self.positions.iter().copied().zip(self.worths.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::posting::pair, *};

    fn row(postings: &[(u32, Worth)]) -> Row {
        Row {
            positions: postings.iter().map(|posting| posting.0).collect(),
            worths: postings.iter().map(|posting| posting.1).collect(),
        }
    }

    #[test]
    fn what_was_added_is_read_whether_an_entry_holds_the_key_once_or_not() {
        let mut block = Block::new(vec![[Worth(9); SLOTS]; PAGES]);
        block.add_page(0, Worth(5));
        block.add_page(127, Worth(0xff));
        block.end_characters(pair(7, 0));
        let entries = [(3, 0, 60), (3, 1, 9), (3, 62, 21), (4, 63, 9), (127, 5, 9), (127, 63, 0xd6)];
        let expected = entries.map(|(page, slot, worth)| ((256 + page) * 64 + u32::from(slot), Worth(worth)));
        let mut add = |end: &dyn Fn(&mut Block)| {
            for (page, slot, worth) in entries {
                block.add_entry(Place::new(page as usize, slot), Worth(worth));
            }
            end(&mut block);
        };
        add(&|block| block.end_characters(pair(7, 8)));
        add(&|block| block.end_run("27001"));
        add(&|block| block.end_run("cns"));
        assert_eq!([0, 1, 2].map(|at| block.characters(at)), [Some(pair(7, 0)), Some(pair(7, 8)), None]);
        assert_eq!([0, 1, 2].map(|at| block.run(at)), [Some("27001"), Some("cns"), None]);
        assert_eq!([9, 5, 8].map(|worth: usize| block.counts[worth]), [9, 1, 0]);
        let read = |read: &dyn Fn(&mut Row)| {
            let mut row = Row::default();
            read(&mut row);
            row
        };
        assert_eq!(read(&|row| block.read_single(0, 1000, row)), row(&[(1000, Worth(5)), (1127, Worth(0xff))]));
        assert_eq!(read(&|row| block.read_pair(1, 256, row)), row(&expected));
        assert_eq!(read(&|row| block.read_run(1, 256, row)), row(&expected));
        // Two bytes for each, and two more for a worth of its own.
        assert_eq!(block.numbers.len(), 2 + 3 * (6 + 3));
    }

    #[test]
    fn entries_that_share_the_last_slot_are_one_posting_that_is_no_less_than_any() {
        let mut read = Row::default();
        for worth in [0x68, 0x2d, 0x9f] {
            read.add(127, Worth(worth));
        }
        assert_eq!(read, row(&[(127, Worth(0xed))]));
    }
}
