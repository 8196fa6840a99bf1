//! What every key of some pages is worth, each by itself.
//!
//! In: the pages of a [`Block`], one by one in the order of the index. Out: the block: their keys with what an entry, or a page, scores for
//! each, by the engine's own formula. Blocks are weighed on all processors; nothing here knows the keys of other blocks.

use super::{
    block::{Block, LAST, Once, Place, SLOTS},
    entry::{Entry, Field, Page},
    met::{Characters, Met, Runs, sort},
    posting::pair,
    unit::{Unit, codes, cut, is_particle},
    worth::Worth,
};

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
        let units = |byte: &u8| u8::from(byte & 0xc0 != 0x80) + u8::from(*byte >= 0xf0);
        // Of so many bytes at once as surely make no larger sum than a byte says, so that many are added in one step.
        let length = entry
            .text
            .as_bytes()
            .chunks(usize::from(u8::MAX / 2))
            .map(|chunk| usize::from(chunk.iter().map(units).sum::<u8>()))
            .sum();
        Self { place: Place::new(after, slot), field: entry.field, length, once: Worth::new(entry.field, 1, length) }
    }

    /// What it scores for a term that it holds so many times.
    fn worth(&self, times: usize) -> Worth {
        if times == 1 { self.once } else { Worth::new(self.field, times, self.length) }
    }
}

/// Weighs the pages of one block after the other.
#[derive(Default)]
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
            let code = self.characters.code(number);
            let mut is_met = false;
            for (after, most) in self.characters.take_pages(number) {
                block.add_page(after, most);
                is_met = true;
            }
            if is_met {
                block.end_characters(pair(code, 0));
            }
            while let Some(met) = pairs.next_if(|met| met[0].0 >> 16 == number) {
                weigh(met, &self.weights, &mut block);
                block.end_characters(pair(code, self.characters.code(met[0].0 & 0xffff)));
            }
        }
        let keys = self.runs.take_keys();
        for (met, key) in self.runs.met.chunk_by(|(one, _), (other, _)| one == other).zip(keys) {
            weigh(met, &self.weights, &mut block);
            block.end_run(&key);
        }
        self.pairs.clear();
        self.runs.met.clear();
        self.weights.clear();
        block.kept()
    }

    /// Notes the keys of the next entry.
    fn read(&mut self, text: &str, weight: &Weight) {
        self.entry += 1;
        let position = u32::try_from(self.weights.len()).unwrap_or(u32::MAX);
        let mut reading = Reading {
            entry: self.entry,
            position,
            weight,
            begins: if weight.once.is_of_heading() { BEGINS } else { 0 },
            before: Before::default(),
            first: None,
            last: None,
            last_pairs: self.pairs.len(),
            last_runs: self.runs.met.len(),
            characters: &mut self.characters,
            pairs: &mut self.pairs,
            runs: &mut self.runs,
        };
        cut(text, |unit| match unit {
            Unit::Characters(characters) => reading.characters(characters),
            Unit::Run(run) => reading.run(run),
            Unit::Break => reading.before = Before::default(),
        });
        if weight.once.is_of_heading() {
            reading.end();
        }
    }
}

/// What stands before the next unit, if a phrase goes on; characters and runs each with whether the entry begins with them.
#[derive(Default)]
struct Before {
    character: Option<(u32, u32)>,
    /// The character before the particles before.
    content: Option<(u32, u32)>,
    is_particle: bool,
    run: Option<(String, u32)>,
}

/// An entry while it is read.
struct Reading<'a> {
    /// The number of entries that were ever read, with this one.
    entry: u32,
    position: u32,
    weight: &'a Weight,
    /// [`BEGINS`] as long as nothing of a heading was read; only headings gain by what they begin or end with.
    begins: u32,
    before: Before,
    /// The first and the last unit, if they are characters.
    first: Option<u32>,
    last: Option<u32>,
    /// How many keys were met before the last unit.
    last_pairs: usize,
    last_runs: usize,
    characters: &'a mut Characters,
    pairs: &'a mut Met,
    runs: &'a mut Runs,
}

impl Reading<'_> {
    fn characters(&mut self, characters: &str) {
        let Before { mut character, mut content, mut is_particle, mut run } = std::mem::take(&mut self.before);
        for code in codes(characters) {
            let number = self.characters.meet(code, self.entry, |times| self.weight.worth(times.into()));
            let begins = std::mem::take(&mut self.begins);
            (self.last_pairs, self.last_runs) = (self.pairs.len(), self.runs.met.len());
            if let Some((before, begins)) = character {
                self.pairs.push((before << 16 | number, self.position | begins));
            } else if let Some((mut key, begins)) = run.take() {
                key.push(letter(code));
                self.runs.meet(&key, self.position | begins);
            }
            if is_particle && let Some((content, begins)) = content {
                self.pairs.push((content << 16 | number, self.position | begins));
            }
            is_particle = self::is_particle(code);
            if character.is_none() || !is_particle {
                content = Some((number, begins));
            }
            character = Some((number, begins));
            if begins != 0 {
                self.first = Some(number);
            }
        }
        self.last = character.map(|(number, _)| number);
        self.before = Before { character, content, is_particle, run: None };
    }

    fn run(&mut self, run: &str) {
        let begins = std::mem::take(&mut self.begins);
        (self.last, self.last_pairs, self.last_runs) = (None, self.pairs.len(), self.runs.met.len());
        self.runs.meet(run, self.position | begins);
        let before = std::mem::take(&mut self.before);
        let before = match before.character {
            Some((number, begins)) => Some((letter(self.characters.code(number)).to_string(), begins)),
            None => before.run,
        };
        if let Some((before, begins)) = before {
            self.runs.meet(&(before + run), self.position | begins);
        }
        self.before.run = Some((run.to_owned(), begins));
    }

    /// Ends a heading.
    fn end(self) {
        for (_, position) in self.pairs[self.last_pairs..].iter_mut().chain(&mut self.runs.met[self.last_runs..]) {
            *position |= ENDS;
        }
        for number in [self.first, self.last].into_iter().flatten() {
            let mut worth = self.weight.once;
            for (edge, of) in [(self.first, Worth::BEGINS), (self.last, Worth::ENDS)] {
                if edge == Some(number) {
                    worth = worth.with(of);
                }
            }
            self.characters.meet_edge(number, worth);
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
