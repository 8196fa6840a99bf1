//! What every key of some pages is worth, each by itself.
//!
//! In: pages in the order of the index. Out: [`Weighed`], their keys with what an entry, or a page, scores for each, by the engine's own
//! formula. Pages are weighed on all processors; nothing here knows the keys of other pages.

use super::{
    entry::{Entry, Field, Page},
    growing::{Hit, LAST, Once, SLOTS},
    posting::pair,
    unit::{Unit, cut, is_particle},
    worth::Worth,
};

/// Beside the position of an entry: it begins, or ends, with the key, in the highest bits as in those of a [`Worth`].
const BEGINS: u32 = Worth::BEGINS.beside();
const ENDS: u32 = Worth::ENDS.beside();

/// The keys of some pages side by side with what they can be worth: characters anywhere on a page, everything else in each entry.
pub(super) struct Weighed {
    /// The position of the first page.
    pub first: u32,
    pub singles: Vec<(u16, u32, Worth)>,
    /// How many hits each has.
    pub pairs: Vec<(u32, u32)>,
    /// Those of one after those of the other, in the order of pages and entries, each with how many pages it is after the first.
    pub hits: Vec<(u8, Hit)>,
    pub runs: Vec<(String, u32, Hit)>,
    /// Of each page.
    pub once: Vec<Once>,
    /// How many postings are worth what.
    pub counts: [u32; 256],
}

/// An entry on the scales.
struct Weight {
    /// How many pages after the first.
    after: u8,
    slot: u8,
    field: Field,
    /// In UTF-16, as the engine counts it.
    length: usize,
    /// For a term that it holds once, as most do.
    once: Worth,
}

impl Weight {
    fn new(after: usize, at: usize, entry: &Entry<'_>) -> Self {
        let after = u8::try_from(after).unwrap_or(u8::MAX);
        let slot = u8::try_from(at).map_or(LAST, |at| at.min(LAST));
        let length = entry.text.encode_utf16().count();
        Self { after, slot, field: entry.field, length, once: Worth::new(entry.field, 1, length) }
    }

    /// What it scores for a term that it holds so many times.
    fn worth(&self, times: usize) -> Worth {
        if times == 1 { self.once } else { Worth::new(self.field, times, self.length) }
    }

    fn hit(&self, times: usize, edges: u32) -> Hit {
        Hit { slot: self.slot, worth: self.worth(times).with(Worth::edges(edges)) }
    }
}

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

/// Weighs pages, one after the other.
pub(super) struct Scales {
    /// How many entries were read.
    entry: u32,
    /// For every character one more than its place among those that were ever met, which are few.
    places: Vec<u16>,
    seen: Vec<Seen>,
    /// Which of them the page uses.
    met: Vec<u16>,
    /// Two characters side by side by their places, and the position of an entry among those on the scales with whether they begin
    /// or end it, each time that they were met.
    pairs: Vec<(u32, u32)>,
    spare: Vec<(u32, u32)>,
    /// The other keys of an entry, as often as they were met there, each with whether it begins or ends it.
    runs: Vec<(String, u32)>,
}

impl Default for Scales {
    fn default() -> Self {
        let (seen, met, pairs, spare, runs) = Default::default();
        Self { entry: 0, places: vec![0; 0x1_0000], seen, met, pairs, spare, runs }
    }
}

impl Scales {
    /// Weighs at most 256 pages, the first of which has this position among all.
    pub(super) fn weigh(&mut self, first: u32, pages: &[Page<'_>]) -> Weighed {
        let (singles, pairs, hits, runs, once) = Default::default();
        let mut weighed = Weighed { first, singles, pairs, hits, runs, once, counts: [0; 256] };
        let mut weights: Vec<Weight> = Vec::new();
        for ((after, page), number) in pages.iter().enumerate().zip(first..) {
            let mut once = [Worth::default(); SLOTS];
            for (at, entry) in page.entries.iter().enumerate() {
                let weight = Weight::new(after, at, entry);
                self.read(entry, &weight, u32::try_from(weights.len()).unwrap_or(u32::MAX));
                self.runs.sort_unstable();
                let mut runs = self.runs.drain(..).peekable();
                while let Some((run, mut edges)) = runs.next() {
                    let mut times = 1;
                    while let Some((_, more)) = runs.next_if(|(next, _)| *next == run) {
                        edges |= more;
                        times += 1;
                    }
                    weighed.runs.push((run, number, weight.hit(times, edges)));
                }
                if weight.slot < LAST {
                    once[usize::from(weight.slot)] = weight.once;
                }
                weights.push(weight);
            }
            weighed.once.push(once);
            let singles = self.met.drain(..).map(|place| {
                let seen = &mut self.seen[usize::from(place)];
                (seen.code, number, std::mem::take(&mut seen.most))
            });
            weighed.singles.extend(singles);
        }
        sort(&mut self.pairs, &mut self.spare, self.seen.len());
        weighed.hits.reserve_exact(self.pairs.len());
        for of_key in self.pairs.chunk_by(|(one, _), (other, _)| one == other) {
            let [first, second] = [of_key[0].0 >> 16, of_key[0].0 & 0xffff].map(|place| self.seen[place as usize].code);
            let before = weighed.hits.len();
            weighed.hits.extend(of_key.chunk_by(|(_, one), (_, other)| (one ^ other) & !(BEGINS | ENDS) == 0).map(|same| {
                let edges = same.iter().fold(0, |edges, (_, position)| edges | position);
                let weight = &weights[(edges & !(BEGINS | ENDS)) as usize];
                (weight.after, weight.hit(same.len(), edges))
            }));
            weighed.pairs.push((pair(first, second), u32::try_from(weighed.hits.len() - before).unwrap_or(u32::MAX)));
        }
        self.pairs.clear();
        let worths = weighed.hits.iter().map(|(_, hit)| hit.worth).chain(weighed.runs.iter().map(|(.., hit)| hit.worth));
        for worth in worths.chain(weighed.singles.iter().map(|(.., most)| *most)) {
            weighed.counts[usize::from(worth.0)] += 1;
        }
        weighed
    }

    /// Notes the keys of an entry, which has this position among those on the scales.
    fn read(&mut self, entry: &Entry<'_>, weight: &Weight, position: u32) {
        self.entry += 1;
        let Self { entry: at, places, seen, met, pairs, runs, .. } = self;
        let mut meet = |code: u16| {
            let place = &mut places[usize::from(code)];
            if *place == 0 {
                seen.push(Seen { code, count: 0, most: Worth::default(), entry: 0 });
                *place = u16::try_from(seen.len()).unwrap_or(u16::MAX);
            }
            let place = *place - 1;
            let of = &mut seen[usize::from(place)];
            if of.entry != *at {
                (of.entry, of.count) = (*at, 0);
            }
            of.count = of.count.saturating_add(1);
            if of.most == Worth::default() {
                met.push(place);
            }
            of.most = of.most.or_alone(weight.worth(usize::from(of.count)));
            place
        };
        let letter = |code: u16| String::from_utf16_lossy(&[code]);
        // What stands before, as a character with its place or as a run, and the place of the character before the particles before; each
        // with whether the entry begins with it.
        let (mut before, mut content, mut before_run) = (None::<(u16, u16, u32)>, None::<(u16, u32)>, (String::new(), 0));
        // Of the first unit: that it is the first. Of all: its character if it is one; and which keys end with the last one.
        let (mut begins, mut first, mut last) = (BEGINS, None, None);
        let (mut last_pairs, mut last_runs) = (pairs.len(), runs.len());
        cut(&entry.text, |unit| {
            if unit != Unit::Break {
                (last_pairs, last_runs) = (pairs.len(), runs.len());
            }
            match unit {
                Unit::Single(code) => {
                    let place = meet(code);
                    if let Some((before, _, begins)) = before {
                        pairs.push((pair(before, place), position | begins));
                    } else if !before_run.0.is_empty() {
                        runs.push((format!("{}{}", before_run.0, letter(code)), before_run.1));
                    }
                    if let Some((content, begins)) = content.filter(|_| before.is_some_and(|(_, code, _)| is_particle(code))) {
                        pairs.push((pair(content, place), position | begins));
                    }
                    if before.is_none() || !is_particle(code) {
                        content = Some((place, begins));
                    }
                    before = Some((place, code, begins));
                    before_run.0.clear();
                    last = Some(place);
                    if begins != 0 {
                        first = last;
                    }
                    begins = 0;
                }
                Unit::Run(run) => {
                    runs.push((run.to_owned(), begins));
                    if let Some((_, before, begins)) = before {
                        runs.push((letter(before) + run, begins));
                    } else if !before_run.0.is_empty() {
                        runs.push((format!("{}{run}", before_run.0), before_run.1));
                    }
                    (before, content, last) = (None, None, None);
                    before_run.0.clear();
                    before_run.0.push_str(run);
                    before_run.1 = std::mem::take(&mut begins);
                }
                Unit::Break => {
                    (before, content) = (None, None);
                    before_run.0.clear();
                }
            }
        });
        for (_, position) in &mut pairs[last_pairs..] {
            *position |= ENDS;
        }
        for (_, edges) in &mut runs[last_runs..] {
            *edges |= ENDS;
        }
        for place in [first, last].into_iter().flatten() {
            let mut worth = weight.once;
            for (edge, of) in [(first, Worth::BEGINS), (last, Worth::ENDS)] {
                if edge == Some(place) {
                    worth = worth.with(of);
                }
            }
            let of = &mut seen[usize::from(place)];
            of.most = of.most.or_alone(worth);
        }
    }
}

/// Puts those of a key side by side, in the order in which they were: by the places of both characters, of which there are so many.
fn sort(pairs: &mut Vec<(u32, u32)>, spare: &mut Vec<(u32, u32)>, places: usize) {
    for shift in [0, 16] {
        let place = |key: u32| (key >> shift & 0xffff) as usize;
        let mut next = vec![0; places + 1];
        for (key, _) in &*pairs {
            next[place(*key) + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        spare.clear();
        spare.resize(pairs.len(), (0, 0));
        for pair in &*pairs {
            let next: &mut usize = &mut next[place(pair.0)];
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
        let mut pairs: Vec<(u32, u32)> =
            [(2, 1), (0, 1), (2, 1), (0, 2), (2, 0)].into_iter().zip(0..).map(|((a, b), at)| (pair(a, b), at)).collect();
        sort(&mut pairs, &mut Vec::new(), 3);
        let expected = [((0, 1), 1), ((0, 2), 3), ((2, 0), 4), ((2, 1), 0), ((2, 1), 2)];
        assert_eq!(pairs, expected.map(|((a, b), at)| (pair(a, b), at)));
    }
}
