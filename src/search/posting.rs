//! Postings: which pages hold a key, and how much it can be worth there.
//!
//! In: pages in the order of the index. Out: scripts `i0.js`, `i1.js` … of at most [`CHUNK`] bytes with the keys in order. A key is one
//! unit, two units side by side, or `=` and a whole heading. Each posting carries the most that any entry of the page can score for the
//! key alone, by the engine's own formula, so that the engine can stop reading when nothing better can follow.

use super::{
    DIGITS,
    entry::{Entry, Field, Page},
    unit::{Unit, cut, is_particle},
};
use crate::site::Sink;
use rustc_hash::FxHashMap;
use std::io;

/// The most bytes of one script.
const CHUNK: usize = 16 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 64;
/// The most bytes of one key's postings in one script.
const PIECE: usize = 12 * 1024;
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

/// A key of two characters, in one number.
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// One page's keys with what they can be worth.
pub(super) struct Weighed {
    singles: Vec<(u16, u8)>,
    pairs: Vec<(u32, u8)>,
    runs: Vec<(String, u8)>,
}

/// How often a key was met in the entry that was read last, and the most that it was worth in any.
#[derive(Clone, Copy, Default)]
struct Slot {
    entry: u32,
    count: u8,
    most: u8,
}

impl Slot {
    fn meet(&mut self, entry: u32, worths: [u8; COUNTS]) {
        if self.entry != entry {
            (self.entry, self.count) = (entry, 0);
        }
        self.most = self.most.max(worths[usize::from(self.count)]);
        if usize::from(self.count) + 1 < COUNTS {
            self.count += 1;
        }
    }
}

/// Weighs pages, one after the other.
pub(super) struct Scales {
    /// A slot for every single character.
    singles: Vec<Slot>,
    /// Which of them are used.
    met: Vec<u16>,
    pairs: FxHashMap<u32, Slot>,
    runs: FxHashMap<String, Slot>,
}

impl Default for Scales {
    fn default() -> Self {
        Self {
            singles: vec![Slot::default(); 0x1_0000],
            met: Vec::new(),
            pairs: FxHashMap::default(),
            runs: FxHashMap::default(),
        }
    }
}

impl Scales {
    /// Weighs a page.
    pub(super) fn weigh(&mut self, page: &Page<'_>) -> Weighed {
        for (at, entry) in (1..).zip(&page.entries) {
            self.entry(entry, at);
        }
        let singles = self.met.drain(..).map(|code| (code, std::mem::take(&mut self.singles[usize::from(code)]).most)).collect();
        Weighed {
            singles,
            pairs: self.pairs.drain().map(|(key, slot)| (key, slot.most)).collect(),
            runs: self.runs.drain().map(|(run, slot)| (run, slot.most)).collect(),
        }
    }

    fn entry(&mut self, entry: &Entry<'_>, at: u32) {
        let Self { singles, met, pairs, runs } = self;
        let length = entry.text.encode_utf16().count();
        let worths: [u8; COUNTS] = std::array::from_fn(|count| worth(entry.field, count + 1, length));
        let mut meet_run = |run: &str| {
            if let Some(slot) = runs.get_mut(run) {
                slot.meet(at, worths);
            } else {
                runs.entry(run.to_owned()).or_default().meet(at, worths);
            }
        };
        // What stands before, as a character or as a run, and the character before the particles before.
        let (mut before, mut content, mut before_run) = (None::<u16>, None::<u16>, String::new());
        cut(&entry.text, |unit| match unit {
            Unit::Single(code) => {
                let slot = &mut singles[usize::from(code)];
                if slot.most == 0 {
                    met.push(code);
                }
                slot.meet(at, worths);
                if let Some(before) = before {
                    pairs.entry(pair(before, code)).or_default().meet(at, worths);
                } else if !before_run.is_empty() {
                    meet_run(&format!("{before_run}{}", String::from_utf16_lossy(&[code])));
                }
                if let Some(content) = content.filter(|_| before.is_some_and(is_particle)) {
                    pairs.entry(pair(content, code)).or_default().meet(at, worths);
                }
                if before.is_none() || !is_particle(code) {
                    content = Some(code);
                }
                before = Some(code);
                before_run.clear();
            }
            Unit::Run(run) => {
                meet_run(run);
                if let Some(before) = before {
                    meet_run(&(String::from_utf16_lossy(&[before]) + run));
                } else if !before_run.is_empty() {
                    meet_run(&format!("{before_run}{run}"));
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
            meet_run(&whole);
        }
    }
}

/// One key's postings, as they grow: for each page the distance from the page before, and what the key can be worth.
#[derive(Default)]
struct Growing {
    first: u32,
    last: u32,
    count: u32,
    bytes: Vec<u8>,
}

impl Growing {
    fn add(&mut self, page: u32, most: u8) {
        if self.count == 0 {
            self.first = page;
        } else {
            number(page - self.last, &mut self.bytes);
        }
        self.bytes.push(DIGITS[usize::from(most)]);
        self.last = page;
        self.count += 1;
    }

    /// Every posting.
    fn iter(&self) -> impl Iterator<Item = (u32, u8)> + '_ {
        let (mut at, mut page) = (0, self.first);
        std::iter::from_fn(move || {
            if at >= self.bytes.len() {
                return None;
            }
            if at > 0 {
                page += distance(&self.bytes, &mut at);
            }
            let most = self.bytes[at];
            at += 1;
            Some((page, most))
        })
    }

    /// The postings in pieces that fit into a script: a letter that says how they are written, the first page, and then either a worth
    /// for every page from there on, or worths and distances by turns.
    fn pieces(&self) -> Vec<Vec<u8>> {
        let span = (self.last - self.first + 1) as usize;
        let start = |kind: u8, page: u32| {
            let mut piece = vec![kind];
            number(page, &mut piece);
            piece
        };
        if span < self.bytes.len() {
            let mut pieces = Vec::new();
            let mut piece = start(b'd', self.first);
            let mut next = self.first;
            for (page, most) in self.iter() {
                if piece.len() + (page - next) as usize > PIECE {
                    pieces.push(std::mem::replace(&mut piece, start(b'd', page)));
                    next = page;
                }
                piece.resize(piece.len() + (page - next) as usize, DIGITS[0]);
                piece.push(most);
                next = page + 1;
            }
            pieces.push(piece);
            return pieces;
        }
        if self.bytes.len() <= PIECE {
            let mut piece = start(b's', self.first);
            piece.extend(&self.bytes);
            return vec![piece];
        }
        let (mut pieces, mut piece, mut last) = (Vec::new(), start(b's', self.first), self.first);
        for (at, (page, most)) in self.iter().enumerate() {
            if piece.len() > PIECE {
                pieces.push(std::mem::replace(&mut piece, start(b's', page)));
            } else if at > 0 {
                number(page - last, &mut piece);
            }
            piece.push(most);
            last = page;
        }
        pieces.push(piece);
        pieces
    }
}

/// Writes a number, its lowest five bits first.
fn number(mut value: u32, out: &mut Vec<u8>) {
    while value > 31 {
        out.push(DIGITS[32 + (value & 31) as usize]);
        value >>= 5;
    }
    out.push(DIGITS[value as usize]);
}

/// Reads a number that [`number`] has written.
fn distance(bytes: &[u8], at: &mut usize) -> u32 {
    let (mut value, mut shift) = (0, 0);
    while let Some(byte) = bytes.get(*at) {
        *at += 1;
        // The digits stand in the order of their codes, but for the backslash.
        let digit = u32::from(byte - DIGITS[0] - u8::from(*byte > b'\\'));
        value |= (digit & 31) << shift;
        shift += 5;
        if digit < 32 {
            break;
        }
    }
    value
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
    /// Adds the next page.
    pub(super) fn add(&mut self, page: Weighed) {
        for (code, most) in page.singles {
            self.singles[usize::from(code)].add(self.pages, most);
        }
        for (key, most) in page.pairs {
            self.pairs.entry(key).or_default().add(self.pages, most);
        }
        for (run, most) in page.runs {
            self.runs.entry(run).or_default().add(self.pages, most);
        }
        self.pages += 1;
    }

    /// Writes the scripts, and returns the first key of each: after a comma whole, after a semicolon without its first character, which is
    /// that of the key before.
    pub(super) fn write(self, sink: &dyn Sink) -> io::Result<String> {
        let singles = (0u16..=u16::MAX).zip(self.singles).filter(|(_, growing)| growing.count > 0);
        let singles = singles.map(|(code, growing)| (String::from_utf16_lossy(&[code]), growing));
        let units = |key: u32| [(key >> 16) as u16, (key & 0xffff) as u16];
        let pairs = self.pairs.into_iter().map(|(key, growing)| (String::from_utf16_lossy(&units(key)), growing));
        let mut all: Vec<(String, Growing)> = singles.chain(pairs).collect();
        all.extend(self.runs);
        all.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let (mut firsts, mut before, mut script, mut chunk) = (String::new(), None::<char>, Vec::new(), 0);
        for (key, growing) in all {
            for piece in growing.pieces() {
                if !script.is_empty() && script.len() + key.len() + piece.len() + AROUND > CHUNK {
                    finish(std::mem::take(&mut script), chunk, sink)?;
                    chunk += 1;
                }
                if script.is_empty() {
                    let first = key.chars().next();
                    if first == before {
                        firsts.push(';');
                        firsts.extend(key.chars().skip(1));
                    } else {
                        firsts.push(',');
                        firsts.push_str(&key);
                    }
                    before = first;
                } else {
                    script.push(b',');
                }
                script.extend(format!("\"{key}\":\"").bytes());
                script.extend(piece);
                script.push(b'"');
            }
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
