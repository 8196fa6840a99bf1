//! The keys that were met on the pages of a block.
//!
//! In: keys in the order in which they stand, each with the position of its entry. Out: the same, key by key. What a key is worth where it
//! was met is the business of [`scales`](super::scales).

use super::worth::Worth;
use rustc_hash::FxHashMap;

/// Keys by their numbers, each time that they were met with the position of an entry among those of the block, and beside it whether they
/// begin or end the entry.
pub(super) type Met = Vec<(u32, u32)>;

/// What was seen of a character.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub code: u16,
    /// How often in the entry that was read last.
    pub count: u8,
    /// The most that it was worth on the page.
    pub most: Worth,
    /// That entry.
    entry: u32,
}

/// The characters that were ever met, which are few.
pub(super) struct Characters {
    /// For every character one more than its number here.
    numbers: Vec<u16>,
    seen: Vec<Seen>,
    /// Which of them the page uses.
    met: Vec<u16>,
    /// What each is worth on which pages after the first.
    pages: Vec<Vec<(u8, Worth)>>,
}

impl Default for Characters {
    fn default() -> Self {
        Self { numbers: vec![0; 0x1_0000], seen: Vec::new(), met: Vec::new(), pages: Vec::new() }
    }
}

impl Characters {
    /// Notes a character of the entry that is the given one of all that were ever read, counted from 1; `worth` says what the entry is
    /// worth for a character that it holds so many times.
    pub(super) fn meet(&mut self, code: u16, entry: u32, worth: impl Fn(u8) -> Worth) -> u32 {
        let number = &mut self.numbers[usize::from(code)];
        if *number == 0 {
            self.seen.push(Seen { code, count: 0, most: Worth::default(), entry: 0 });
            self.pages.push(Vec::new());
            *number = u16::try_from(self.seen.len()).unwrap_or(u16::MAX);
        }
        let number = *number - 1;
        let of = &mut self.seen[usize::from(number)];
        if of.entry != entry {
            (of.entry, of.count) = (entry, 0);
        }
        of.count = of.count.saturating_add(1);
        if of.most == Worth::default() {
            self.met.push(number);
        }
        of.most = of.most.or_alone(worth(of.count));
        number.into()
    }

    /// Notes that a character is the first or the last of an entry that is worth so much for it.
    pub(super) fn meet_edge(&mut self, number: u32, worth: Worth) {
        let of = &mut self.seen[number as usize];
        of.most = of.most.or_alone(worth);
    }

    pub(super) fn code(&self, number: u32) -> u16 {
        self.seen[number as usize].code
    }

    /// Ends a page, so many after the first.
    pub(super) fn end_page(&mut self, after: u8) {
        for number in self.met.drain(..).map(usize::from) {
            self.pages[number].push((after, std::mem::take(&mut self.seen[number].most)));
        }
    }

    /// Takes what a character is worth on the pages of the block.
    pub(super) fn take_pages(&mut self, number: u32) -> impl Iterator<Item = (u8, Worth)> {
        self.pages[number as usize].drain(..)
    }

    /// Their numbers in the order of their codes.
    pub(super) fn in_order(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..).take(self.seen.len()).collect();
        numbers.sort_unstable_by_key(|number| self.code(*number));
        numbers
    }
}

/// Keys with letters or digits.
#[derive(Default)]
pub(super) struct Runs {
    numbers: FxHashMap<String, u32>,
    pub met: Met,
}

impl Runs {
    pub(super) fn meet(&mut self, key: &str, position: u32) {
        let number = self.numbers.get(key).copied().unwrap_or_else(|| {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            self.numbers.insert(key.to_owned(), next);
            next
        });
        self.met.push((number, position));
    }

    /// Takes all of them in order, and puts what was met of each side by side in the same order.
    pub(super) fn take_keys(&mut self) -> Vec<String> {
        let mut keys: Vec<(String, u32)> = self.numbers.drain().collect();
        keys.sort_unstable();
        let mut places = vec![0; keys.len()];
        for ((_, number), place) in keys.iter().zip(0..) {
            places[*number as usize] = place;
        }
        self.met.sort_by_key(|(number, _)| places[*number as usize]);
        keys.into_iter().map(|(key, _)| key).collect()
    }
}

/// Puts pairs of a key side by side, in the order in which they were: by the order of both characters.
pub(super) fn sort(pairs: &mut Met, spare: &mut Met, in_order: &[u32]) {
    for shift in [0, 16] {
        let number = |key: u32| (key >> shift & 0xffff) as usize;
        let mut next = vec![0; in_order.len()];
        for (key, _) in &*pairs {
            next[number(*key)] += 1;
        }
        // Where those of each begin, from how many there are.
        let mut start = 0;
        for of in in_order {
            let next = &mut next[*of as usize];
            start += std::mem::replace(next, start);
        }
        // Each of them is written; what is there from before does not matter.
        spare.resize(pairs.len(), (0, 0));
        for pair in &*pairs {
            let next: &mut usize = &mut next[number(pair.0)];
            spare[*next] = *pair;
            *next += 1;
        }
        std::mem::swap(pairs, spare);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::posting::pair, *};

    #[test]
    fn pairs_of_a_key_come_to_stand_side_by_side_in_their_order() {
        let mut pairs: Met = [(2, 1), (0, 1), (2, 1), (0, 2), (2, 0)].into_iter().zip(0..).map(|((a, b), at)| (pair(a, b), at)).collect();
        sort(&mut pairs, &mut Vec::new(), &[1, 2, 0]);
        let expected = [((2, 1), 0), ((2, 1), 2), ((2, 0), 4), ((0, 1), 1), ((0, 2), 3)];
        assert_eq!(pairs, expected.map(|((a, b), at)| (pair(a, b), at)));
    }

    #[test]
    fn runs_are_taken_in_order_with_what_was_met_of_each() {
        let mut runs = Runs::default();
        for (key, position) in [("cns", 1), ("27001", 1), ("cns", 2), ("9", 4)] {
            runs.meet(key, position);
        }
        assert_eq!(runs.take_keys(), ["27001", "9", "cns"]);
        assert_eq!(runs.met.iter().map(|(_, position)| *position).collect::<Vec<_>>(), [1, 4, 1, 2]);
    }
}
