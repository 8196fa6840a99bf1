//! What every key of some pages is worth, each by itself.
//!
//! In: pages in the order of the index. Out: [`Weighed`], their keys with what an entry, or a page, scores for each, by the engine's own
//! formula. Pages are weighed on all processors; nothing here knows the keys of other pages.

use super::{
    entry::{Entry, Field, Page},
    growing::{Hit, LAST, Once, SLOTS},
    posting::pair,
    unit::{Unit, cut, is_particle},
};

/// Beyond this count nothing is worth more.
const MOST_COUNTED: usize = 8;

/// The keys of some pages side by side with what they can be worth: characters anywhere on a page, everything else in each entry.
pub(super) struct Weighed {
    /// The position of the first page.
    pub first: u32,
    pub singles: Vec<(u16, u32, u8)>,
    /// How many hits each has.
    pub pairs: Vec<(u32, u32)>,
    /// Those of one after those of the other, in the order of pages and entries, each with how many pages it is after the first.
    pub hits: Vec<(u8, Hit)>,
    pub runs: Vec<(String, u32, Hit)>,
    /// Of each page.
    pub once: Vec<Once>,
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
    once: u8,
}

impl Weight {
    fn new(after: usize, at: usize, entry: &Entry<'_>) -> Self {
        let after = u8::try_from(after).unwrap_or(u8::MAX);
        let slot = u8::try_from(at).map_or(LAST, |at| at.min(LAST));
        let length = entry.text.encode_utf16().count();
        Self { after, slot, field: entry.field, length, once: worth(entry.field, 1, length) }
    }

    /// What it scores for a term that it holds so many times.
    fn worth(&self, times: usize) -> u8 {
        if times == 1 { self.once } else { worth(self.field, times.min(MOST_COUNTED), self.length) }
    }

    fn hit(&self, times: usize) -> Hit {
        Hit { slot: self.slot, worth: self.worth(times) }
    }
}

/// What an entry scores for a term that it holds so many times, in tenths: BM25 without the term's rarity, which is the same for all
/// entries, times the field's weight.
fn worth(field: Field, count: usize, length: usize) -> u8 {
    let weight = match field {
        Field::Chapter => 3.0,
        Field::Section => 2.6,
        Field::Subsection => 2.3,
        Field::Annex => 1.6,
        Field::Clause => 1.0,
        Field::Row => 0.9,
        Field::Footnote => 0.7,
    };
    let exactly = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let (count, length) = (exactly(count), exactly(length));
    let score = weight * count * 2.2 / (count + 1.2 * (0.4 + 0.6 * length / 48.0));
    // Between 1 and 63, whatever the length.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a digit holds")]
    let tenths = (10.0 * score).ceil().clamp(1.0, 63.0) as u8;
    tenths
}

/// What was seen of a character.
#[derive(Clone, Copy)]
struct Seen {
    code: u16,
    /// How often in the entry that was read last.
    count: u8,
    /// The most that it was worth on the page.
    most: u8,
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
    /// Two characters side by side by their places, and the position of an entry among those on the scales, each time that they were met.
    pairs: Vec<(u32, u32)>,
    spare: Vec<(u32, u32)>,
    /// The other keys of an entry, as often as they were met there.
    runs: Vec<String>,
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
        let mut weighed = Weighed { first, singles: Vec::new(), pairs: Vec::new(), hits: Vec::new(), runs: Vec::new(), once: Vec::new() };
        let mut weights: Vec<Weight> = Vec::new();
        for ((after, page), number) in pages.iter().enumerate().zip(first..) {
            let mut once = [0; SLOTS];
            for (at, entry) in page.entries.iter().enumerate() {
                let weight = Weight::new(after, at, entry);
                self.read(entry, &weight, u32::try_from(weights.len()).unwrap_or(u32::MAX));
                self.runs.sort_unstable();
                let mut runs = self.runs.drain(..).peekable();
                while let Some(run) = runs.next() {
                    let mut times = 1;
                    while runs.next_if_eq(&run).is_some() {
                        times += 1;
                    }
                    weighed.runs.push((run, number, weight.hit(times)));
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
            weighed.hits.extend(of_key.chunk_by(PartialEq::eq).map(|same| {
                let weight = &weights[same[0].1 as usize];
                (weight.after, weight.hit(same.len()))
            }));
            weighed.pairs.push((pair(first, second), u32::try_from(weighed.hits.len() - before).unwrap_or(u32::MAX)));
        }
        self.pairs.clear();
        weighed
    }

    /// Notes the keys of an entry, which has this position among those on the scales.
    fn read(&mut self, entry: &Entry<'_>, weight: &Weight, position: u32) {
        self.entry += 1;
        let Self { entry: at, places, seen, met, pairs, runs, .. } = self;
        let mut meet = |code: u16| {
            let place = &mut places[usize::from(code)];
            if *place == 0 {
                seen.push(Seen { code, count: 0, most: 0, entry: 0 });
                *place = u16::try_from(seen.len()).unwrap_or(u16::MAX);
            }
            let place = *place - 1;
            let of = &mut seen[usize::from(place)];
            if of.entry != *at {
                (of.entry, of.count) = (*at, 0);
            }
            of.count = of.count.saturating_add(1);
            if of.most == 0 {
                met.push(place);
            }
            of.most = of.most.max(weight.worth(usize::from(of.count)));
            place
        };
        let mut meet_pair = |first: u16, second: u16| pairs.push((pair(first, second), position));
        let letter = |code: u16| String::from_utf16_lossy(&[code]);
        // What stands before, as a character with its place or as a run, and the place of the character before the particles before.
        let (mut before, mut content, mut before_run) = (None::<(u16, u16)>, None::<u16>, String::new());
        cut(&entry.text, |unit| match unit {
            Unit::Single(code) => {
                let place = meet(code);
                if let Some((before, _)) = before {
                    meet_pair(before, place);
                } else if !before_run.is_empty() {
                    runs.push(format!("{before_run}{}", letter(code)));
                }
                if let Some(content) = content.filter(|_| before.is_some_and(|(_, code)| is_particle(code))) {
                    meet_pair(content, place);
                }
                if before.is_none() || !is_particle(code) {
                    content = Some(place);
                }
                before = Some((place, code));
                before_run.clear();
            }
            Unit::Run(run) => {
                runs.push(run.to_owned());
                if let Some((_, before)) = before {
                    runs.push(letter(before) + run);
                } else if !before_run.is_empty() {
                    runs.push(format!("{before_run}{run}"));
                }
                (before, content) = (None, None);
                before_run.clear();
                before_run.push_str(run);
            }
            Unit::Break => {
                (before, content) = (None, None);
                before_run.clear();
            }
        });
        if matches!(entry.field, Field::Chapter | Field::Section | Field::Subsection | Field::Annex) {
            let mut whole = String::from("=");
            cut(&entry.text, |unit| match unit {
                Unit::Single(code) => whole.push_str(&letter(code)),
                Unit::Run(run) => whole.push_str(run),
                Unit::Break => {}
            });
            runs.push(whole);
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

    #[test]
    fn what_an_entry_is_worth_rises_with_its_field_and_falls_with_its_length() {
        let worths =
            [worth(Field::Chapter, 1, 4), worth(Field::Clause, 1, 4), worth(Field::Clause, 1, 200), worth(Field::Clause, 1, 1_000_000)];
        assert_eq!(worths, [43, 15, 5, 1]);
        assert_eq!(worth(Field::Clause, MOST_COUNTED, 1), 21);
    }
}
