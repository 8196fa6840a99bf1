//! Postings: which pages hold a key, and how much it can be worth there.
//!
//! In: pages in the order of the index. Out: scripts `i0.js`, `i1.js` … of at most [`CHUNK`] bytes with the keys in order. A key is one
//! unit, two units side by side, or `=` and a whole heading. Each posting names a page and an entry on it, and carries what the entry scores
//! for the key alone, by the engine's own formula, so that the engine knows which entries hold several keys and can stop reading when
//! nothing better can follow. Single characters and very frequent keys have one posting for a page: the most that any entry scores.

use super::{
    entry::{Entry, Field, Page},
    growing::{Growing, Hit},
    unit::{Unit, cut, is_particle},
};
use crate::site::Sink;
use rustc_hash::FxHashMap;
use std::io;

/// The most bytes of one script.
const CHUNK: usize = 16 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 64;
/// The last position of an entry on its page that is told from the others: what a digit holds.
const LAST: u8 = 63;
/// Beyond these counts nothing is worth more.
const COUNTS: usize = 8;

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

/// A key of two characters, in one number; a key of one character has nothing in the place of the second. Such numbers are in the order of
/// the keys.
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// The characters of such a key.
fn characters(key: u32) -> [u16; 2] {
    [(key >> 16) as u16, (key & 0xffff) as u16]
}

/// The keys of some pages side by side with what they can be worth: characters anywhere on a page, everything else in each entry.
pub(super) struct Weighed {
    singles: Vec<(u16, u32, u8)>,
    /// By key, and for each in the order of pages and entries.
    pairs: Vec<(u32, u32, Hit)>,
    runs: Vec<(String, u32, Hit)>,
}

/// How often a character was met in the entry that was read last, and the most that it was worth on the page.
#[derive(Clone, Copy, Default)]
struct Seen {
    entry: u32,
    count: u8,
    most: u8,
}

impl Seen {
    /// Counts it, and says how often it was met in this entry before.
    fn meet(&mut self, entry: u32) -> usize {
        if self.entry != entry {
            (self.entry, self.count) = (entry, 0);
        }
        let before = usize::from(self.count);
        if before + 1 < COUNTS {
            self.count += 1;
        }
        before
    }
}

/// Weighs pages, one after the other.
pub(super) struct Scales {
    /// How many entries were read.
    entry: u32,
    /// For every single character, and which of them the page uses.
    singles: Vec<Seen>,
    met: Vec<u16>,
    /// The other keys of an entry, as often as they were met there.
    pairs: Vec<u32>,
    runs: Vec<String>,
}

impl Default for Scales {
    fn default() -> Self {
        Self { entry: 0, singles: vec![Seen::default(); 0x1_0000], met: Vec::new(), pairs: Vec::new(), runs: Vec::new() }
    }
}

impl Scales {
    /// Weighs pages, the first of which has this position among all.
    pub(super) fn weigh(&mut self, first: u32, pages: &[Page<'_>]) -> Weighed {
        let pairs = Vec::with_capacity(pages.iter().map(|page| page.script().len() / 3).sum());
        let mut weighed = Weighed { singles: Vec::new(), pairs, runs: Vec::new() };
        for (page, number) in pages.iter().zip(first..) {
            for (at, entry) in page.entries.iter().enumerate() {
                self.entry += 1;
                let worths: [u8; COUNTS] = {
                    let length = entry.text.encode_utf16().count();
                    std::array::from_fn(|count| worth(entry.field, count + 1, length))
                };
                self.read(entry, worths);
                let slot = u8::try_from(at).map_or(LAST, |at| at.min(LAST));
                let hit = |times: usize| Hit { slot, worth: worths[times.min(COUNTS) - 1] };
                self.pairs.sort_unstable();
                weighed.pairs.extend(self.pairs.chunk_by(u32::eq).map(|same| (same[0], number, hit(same.len()))));
                self.pairs.clear();
                self.runs.sort_unstable();
                let mut runs = self.runs.drain(..).peekable();
                while let Some(run) = runs.next() {
                    let mut times = 1;
                    while runs.next_if_eq(&run).is_some() {
                        times += 1;
                    }
                    weighed.runs.push((run, number, hit(times)));
                }
            }
            let mut most = |code: u16| std::mem::take(&mut self.singles[usize::from(code)].most);
            weighed.singles.extend(self.met.drain(..).map(|code| (code, number, most(code))));
        }
        weighed.pairs.sort_by_key(|(key, ..)| *key);
        weighed
    }

    /// Notes the keys of an entry, which is worth so much for one that it holds once, twice and so on.
    fn read(&mut self, entry: &Entry<'_>, worths: [u8; COUNTS]) {
        let Self { entry: at, singles, met, pairs, runs } = self;
        let at = *at;
        let mut meet_pair = |first: u16, second: u16| pairs.push(pair(first, second));
        // What stands before, as a character or as a run, and the character before the particles before.
        let (mut before, mut content, mut before_run) = (None::<u16>, None::<u16>, String::new());
        cut(&entry.text, |unit| match unit {
            Unit::Single(code) => {
                let seen = &mut singles[usize::from(code)];
                if seen.most == 0 {
                    met.push(code);
                }
                seen.most = seen.most.max(worths[seen.meet(at)]);
                if let Some(before) = before {
                    meet_pair(before, code);
                } else if !before_run.is_empty() {
                    runs.push(format!("{before_run}{}", String::from_utf16_lossy(&[code])));
                }
                if let Some(content) = content.filter(|_| before.is_some_and(is_particle)) {
                    meet_pair(content, code);
                }
                if before.is_none() || !is_particle(code) {
                    content = Some(code);
                }
                before = Some(code);
                before_run.clear();
            }
            Unit::Run(run) => {
                runs.push(run.to_owned());
                if let Some(before) = before {
                    runs.push(String::from_utf16_lossy(&[before]) + run);
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
                Unit::Single(code) => whole.push_str(&String::from_utf16_lossy(&[code])),
                Unit::Run(run) => whole.push_str(run),
                Unit::Break => {}
            });
            runs.push(whole);
        }
    }
}

/// The postings of every key.
pub(super) struct Postings {
    pages: u32,
    /// By character.
    singles: Vec<Growing>,
    pairs: FxHashMap<u32, Growing>,
    runs: FxHashMap<String, Growing>,
}

impl Default for Postings {
    fn default() -> Self {
        let singles = std::iter::repeat_with(Growing::default).take(0x1_0000).collect();
        Self { pages: 0, singles, pairs: FxHashMap::default(), runs: FxHashMap::default() }
    }
}

impl Postings {
    /// Adds the next pages.
    pub(super) fn add(&mut self, weighed: Weighed, pages: u32) {
        for (code, page, most) in weighed.singles {
            self.singles[usize::from(code)].add_page(page, most);
        }
        for same in weighed.pairs.chunk_by(|(one, ..), (other, ..)| one == other) {
            let growing = self.pairs.entry(same[0].0).or_default();
            for (_, page, hit) in same {
                growing.add_entry(*page, *hit);
            }
        }
        for (run, page, hit) in weighed.runs {
            self.runs.entry(run).or_default().add_entry(page, hit);
        }
        self.pages += pages;
    }

    /// How many pages were added.
    pub(super) fn pages(&self) -> u32 {
        self.pages
    }

    /// Every key's postings in the order of the keys, each with whether they are by entry. A key's postings are freed once they are
    /// taken: those of all are about as much as everything else about a large plan.
    fn in_order(self) -> impl Iterator<Item = (String, Growing, bool)> {
        let Self { mut singles, mut pairs, runs, .. } = self;
        let used = (0..=u16::MAX).zip(&singles).filter(|(_, growing)| !growing.is_empty());
        let mut keys: Vec<u32> = used.map(|(code, _)| pair(code, 0)).chain(pairs.keys().copied()).collect();
        keys.sort_unstable();
        let mut characters = keys.into_iter().map(move |key| match characters(key) {
            [code, 0] => (String::from_utf16_lossy(&[code]), std::mem::take(&mut singles[usize::from(code)]), false),
            both => (String::from_utf16_lossy(&both), pairs.remove(&key).unwrap_or_default(), true),
        });
        let mut runs: Vec<(String, Growing, bool)> = runs.into_iter().map(|(run, growing)| (run, growing, true)).collect();
        runs.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
        let mut runs = runs.into_iter();
        let (mut of_characters, mut of_runs) = (characters.next(), runs.next());
        std::iter::from_fn(move || match (&of_characters, &of_runs) {
            (Some((one, ..)), Some((other, ..))) if one > other => std::mem::replace(&mut of_runs, runs.next()),
            (None, _) => std::mem::replace(&mut of_runs, runs.next()),
            (Some(_), _) => std::mem::replace(&mut of_characters, characters.next()),
        })
    }

    /// Writes the scripts, and returns the first key of each: how many characters are those of the key before, and the others.
    pub(super) fn write(self, sink: &dyn Sink) -> io::Result<String> {
        let (mut firsts, mut before, mut script, mut chunk) = (String::new(), String::new(), Vec::new(), 0);
        for (key, growing, by_entry) in self.in_order() {
            // Whether the script ends within this key's postings.
            let mut within = false;
            for piece in growing.pieces(by_entry) {
                if !script.is_empty() && script.len() + key.len() + piece.len() + AROUND > CHUNK {
                    if within {
                        script.push(b'"');
                    }
                    finish(std::mem::take(&mut script), chunk, sink)?;
                    (chunk, within) = (chunk + 1, false);
                }
                match (script.is_empty(), within) {
                    (_, true) => script.push(b' '),
                    (false, _) => script.push(b','),
                    (true, _) => {
                        // One digit.
                        let same = key.chars().zip(before.chars()).take(9).take_while(|(a, b)| a == b).count();
                        let separator = if firsts.is_empty() { "" } else { " " };
                        firsts.extend([separator, &same.to_string()]);
                        firsts.extend(key.chars().skip(same));
                    }
                }
                if !within {
                    if script.is_empty() {
                        before.clone_from(&key);
                    }
                    script.extend(format!("\"{key}\":\"").bytes());
                    within = true;
                }
                script.extend(piece);
            }
            script.push(b'"');
        }
        if !script.is_empty() {
            finish(script, chunk, sink)?;
        }
        Ok(firsts)
    }
}

fn finish(script: Vec<u8>, chunk: usize, sink: &dyn Sink) -> io::Result<()> {
    let data = String::from_utf8(script).unwrap_or_default();
    super::accept_text(sink, &format!("i{chunk}"), &format!("{{{data}}}"))
}
