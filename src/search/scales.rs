//! What every key of some pages is worth, each by itself.
//!
//! In: the pages of a [`Block`], one by one in the order of the index. Out: the block: their keys with what an entry, or a page, scores for
//! each, by the engine's own formula. Blocks are weighed on all processors; nothing here knows the keys of other blocks.

use super::{
    block::{Block, LAST, Once, Place, SLOTS},
    entry::{Entry, Field, Page},
    posting::pair,
    unit::{Unit, cut, is_particle},
    worth::Worth,
};
use rustc_hash::FxHashMap;

/// Beside the position of an entry: it begins, or ends, with the key, in the highest bits as in those of a [`Worth`].
const BEGINS: u32 = Worth::BEGINS.beside();
const ENDS: u32 = Worth::ENDS.beside();
const EDGES: u32 = BEGINS | ENDS;

/// An entry on the scales.
struct Weight {
    place: Place,
    field: Field,
    /// In UTF-16, as the engine counts it.
    length: usize,
    /// For a term that it holds once, as most do.
    once: Worth,
}

impl Weight {
    fn new(after: usize, slot: u8, entry: &Entry<'_>) -> Self {
        // One for each first byte of a character, and another for each of those that are two in UTF-16.
        let length = entry.text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum();
        Self { place: Place::new(after, slot), field: entry.field, length, once: Worth::new(entry.field, 1, length) }
    }

    /// What it scores for a term that it holds so many times.
    fn worth(&self, times: usize) -> Worth {
        if times == 1 { self.once } else { Worth::new(self.field, times, self.length) }
    }
}

/// Keys by their numbers, each time that they were met with the position of an entry among those on the scales, and whether they begin or
/// end it.
type Met = Vec<(u32, u32)>;

/// What was seen of a character.
#[derive(Clone, Copy)]
struct Seen {
    code: u16,
    /// How often in the entry that was read last.
    count: u8,
    /// The most that it was worth on the page.
    most: Worth,
    /// That entry.
    entry: u32,
}

/// The characters that were ever met, which are few.
struct Characters {
    /// For every character one more than its number here.
    numbers: Vec<u16>,
    seen: Vec<Seen>,
    /// Which of them the page uses.
    met: Vec<u16>,
    /// What each is worth on which pages after the first.
    pages: Vec<Vec<(u8, Worth)>>,
}

impl Characters {
    /// Notes a character of the entry that is the given one of all that were ever read.
    fn meet(&mut self, code: u16, weight: &Weight, entry: u32) -> u32 {
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
        of.most = of.most.or_alone(weight.worth(of.count.into()));
        number.into()
    }

    /// Ends a page, so many after the first.
    fn end_page(&mut self, after: u8) {
        for number in self.met.drain(..).map(usize::from) {
            self.pages[number].push((after, std::mem::take(&mut self.seen[number].most)));
        }
    }

    /// Their numbers in the order of their codes.
    fn in_order(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..).take(self.seen.len()).collect();
        numbers.sort_unstable_by_key(|number| self.seen[*number as usize].code);
        numbers
    }
}

/// Keys with letters or digits.
#[derive(Default)]
struct Runs {
    numbers: FxHashMap<String, u32>,
    met: Met,
}

impl Runs {
    fn meet(&mut self, key: &str, position: u32) {
        let number = self.numbers.get(key).copied().unwrap_or_else(|| {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            self.numbers.insert(key.to_owned(), next);
            next
        });
        self.met.push((number, position));
    }
}

/// Weighs the pages of one block after the other.
pub(super) struct Scales {
    /// How many entries were ever read.
    entry: u32,
    characters: Characters,
    /// Two characters side by side by their numbers.
    pairs: Met,
    spare: Met,
    runs: Runs,
    /// Of the pages on the scales.
    weights: Vec<Weight>,
    once: Vec<Once>,
}

impl Default for Scales {
    fn default() -> Self {
        let characters = Characters { numbers: vec![0; 0x1_0000], seen: Vec::new(), met: Vec::new(), pages: Vec::new() };
        let (pairs, spare, runs, weights, once) = Default::default();
        Self { entry: 0, characters, pairs, spare, runs, weights, once }
    }
}

impl Scales {
    /// Puts the next page of a block on the scales.
    pub(super) fn add(&mut self, page: &Page<'_>) {
        let after = self.once.len();
        let mut once = [Worth::default(); SLOTS];
        for (entry, slot) in page.entries.iter().zip((0..LAST).chain(std::iter::repeat(LAST))) {
            let weight = Weight::new(after, slot, entry);
            if slot < LAST {
                once[usize::from(slot)] = weight.once;
            }
            self.read(&entry.text, &weight);
            self.weights.push(weight);
        }
        self.once.push(once);
        self.characters.end_page(u8::try_from(after).unwrap_or(u8::MAX));
    }

    /// Takes the block from the scales.
    pub(super) fn take(&mut self) -> Block {
        let mut block = Block::new(std::mem::take(&mut self.once));
        block.reserve(self.pairs.len());
        let in_order = self.characters.in_order();
        sort(&mut self.pairs, &mut self.spare, &in_order);
        let mut pairs = self.pairs.chunk_by(|(one, _), (other, _)| one == other).peekable();
        for number in in_order {
            let code = |number: u32| self.characters.seen[number as usize].code;
            let pages = &mut self.characters.pages[number as usize];
            if !pages.is_empty() {
                pages.drain(..).for_each(|(after, most)| block.add_page(after, most));
                block.end_characters(pair(code(number), 0));
            }
            while let Some(met) = pairs.next_if(|met| met[0].0 >> 16 == number) {
                weigh(met, &self.weights, &mut block);
                block.end_characters(pair(code(number), code(met[0].0 & 0xffff)));
            }
        }
        let mut keys: Vec<(String, u32)> = self.runs.numbers.drain().collect();
        keys.sort_unstable();
        let mut places = vec![0; keys.len()];
        keys.iter().zip(0..).for_each(|((_, number), place)| places[*number as usize] = place);
        self.runs.met.sort_by_key(|(number, _)| places[*number as usize]);
        for (met, (key, _)) in self.runs.met.chunk_by(|(one, _), (other, _)| one == other).zip(keys) {
            weigh(met, &self.weights, &mut block);
            block.end_run(&key);
        }
        self.pairs.clear();
        self.runs.met.clear();
        self.weights.clear();
        block.trim();
        block
    }

    /// Notes the keys of the next entry.
    fn read(&mut self, text: &str, weight: &Weight) {
        self.entry += 1;
        let Self { entry, characters, pairs, runs, weights, .. } = self;
        // Only headings gain by what they begin or end with.
        let (heading_begins, heading_ends) = if weight.once.is_of_heading() { (BEGINS, ENDS) } else { (0, 0) };
        let position = u32::try_from(weights.len()).unwrap_or(u32::MAX);
        // What stands before, as a character or as a run, and the character before the particles before; each with whether the entry
        // begins with it.
        let (mut before, mut content, mut before_run) = (None::<(u32, u32)>, None::<(u32, u32)>, (String::new(), 0));
        let mut is_after_particle = false;
        let mut key = String::new();
        // Of the first unit: that it is the first. Of all: its character if it is one; and which keys end with the last one.
        let (mut begins, mut first, mut last) = (heading_begins, None, None);
        let (mut last_pairs, mut last_runs) = (pairs.len(), runs.met.len());
        cut(text, |unit| {
            if unit != Unit::Break {
                (last_pairs, last_runs) = (pairs.len(), runs.met.len());
            }
            match unit {
                Unit::Single(code) => {
                    let number = characters.meet(code, weight, *entry);
                    if let Some((before, begins)) = before {
                        pairs.push((before << 16 | number, position | begins));
                    } else if !before_run.0.is_empty() {
                        key.clone_from(&before_run.0);
                        key.push(letter(code));
                        runs.meet(&key, position | before_run.1);
                        before_run.0.clear();
                    }
                    if is_after_particle && let Some((content, begins)) = content {
                        pairs.push((content << 16 | number, position | begins));
                    }
                    let is_particle = is_particle(code);
                    if before.is_none() || !is_particle {
                        content = Some((number, begins));
                    }
                    is_after_particle = is_particle;
                    before = Some((number, begins));
                    last = Some(number);
                    if begins != 0 {
                        first = last;
                    }
                    begins = 0;
                }
                Unit::Run(run) => {
                    runs.meet(run, position | begins);
                    if let Some((before, begins)) = before {
                        key.clear();
                        key.push(letter(characters.seen[before as usize].code));
                        key.push_str(run);
                        runs.meet(&key, position | begins);
                    } else if !before_run.0.is_empty() {
                        key.clone_from(&before_run.0);
                        key.push_str(run);
                        runs.meet(&key, position | before_run.1);
                    }
                    (before, content, last, is_after_particle) = (None, None, None, false);
                    before_run.0.clear();
                    before_run.0.push_str(run);
                    before_run.1 = std::mem::take(&mut begins);
                }
                Unit::Break => {
                    (before, content, is_after_particle) = (None, None, false);
                    before_run.0.clear();
                }
            }
        });
        for (_, position) in pairs[last_pairs..].iter_mut().chain(&mut runs.met[last_runs..]) {
            *position |= heading_ends;
        }
        for number in [first, last].into_iter().flatten().filter(|_| heading_ends != 0) {
            let mut worth = weight.once;
            for (edge, of) in [(first, Worth::BEGINS), (last, Worth::ENDS)] {
                if edge == Some(number) {
                    worth = worth.with(of);
                }
            }
            let of = &mut characters.seen[number as usize];
            of.most = of.most.or_alone(worth);
        }
    }
}

/// A unit of one character as it stands in a key.
fn letter(code: u16) -> char {
    char::from_u32(code.into()).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Adds the postings of one key to a block.
fn weigh(met: &[(u32, u32)], weights: &[Weight], block: &mut Block) {
    let mut rest = met.iter().map(|(_, position)| *position).peekable();
    while let Some(mut position) = rest.next() {
        let mut times = 1;
        while let Some(same) = rest.next_if(|next| (next ^ position) & !EDGES == 0) {
            position |= same;
            times += 1;
        }
        let weight = &weights[(position & !EDGES) as usize];
        block.add_entry(weight.place, weight.worth(times).with(Worth::edges(position)));
    }
}

/// Puts pairs of a key side by side, in the order in which they were: by the order of both characters.
fn sort(pairs: &mut Met, spare: &mut Met, in_order: &[u32]) {
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
        spare.clear();
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
    use super::*;

    #[test]
    fn pairs_of_a_key_come_to_stand_side_by_side_in_their_order() {
        let mut pairs: Met = [(2, 1), (0, 1), (2, 1), (0, 2), (2, 0)].into_iter().zip(0..).map(|((a, b), at)| (pair(a, b), at)).collect();
        sort(&mut pairs, &mut Vec::new(), &[1, 2, 0]);
        let expected = [((2, 1), 0), ((2, 1), 2), ((2, 0), 4), ((0, 1), 1), ((0, 2), 3)];
        assert_eq!(pairs, expected.map(|((a, b), at)| (pair(a, b), at)));
    }
}
