//! Postings: which pages hold a key, and how much it can be worth there.
//!
//! In: pages in the order of the index. Out: scripts `i0.js`, `i1.js` … of at most [`CHUNK`] bytes with the keys in order. A key is one
//! unit, two units side by side, or `=` and a whole heading. Each posting names a page and an entry on it, and carries what the entry scores
//! for the key alone, by the engine's own formula, so that the engine knows which entries hold several keys and can stop reading when
//! nothing better can follow. Single characters and very frequent keys have one posting for a page: the most that any entry scores.

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
/// About how many bytes of a key's postings stay together, so that scripts are filled.
const PIECE: usize = 1024;
/// The most bytes of the postings by entry that one key has; those of more frequent keys are by page.
const MOST: usize = 72 * 1024;
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

/// A key of two characters, in one number.
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// Where a key was met, and what it is worth there.
#[derive(Clone, Copy)]
struct Hit {
    /// The entry's position on its page; the last one stands for all that follow.
    slot: u8,
    worth: u8,
}

/// One page's keys with what they can be worth: characters anywhere on the page, everything else in each entry.
pub(super) struct Weighed {
    singles: Vec<(u16, u8)>,
    pairs: Vec<(u32, Hit)>,
    runs: Vec<(String, Hit)>,
}

/// How often a key was met in the entry that was read last, and what was noted of it: for a character the most that it was worth on the
/// page, for other keys where its hit stands.
#[derive(Clone, Copy, Default)]
struct Seen {
    entry: u32,
    count: u8,
    noted: u32,
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

/// Notes that a key was met: in a new hit, or as worth more in the entry's own.
fn note<K>(seen: &mut Seen, entry: u32, slot: u8, worths: [u8; COUNTS], hits: &mut Vec<(K, Hit)>, key: impl FnOnce() -> K) {
    let before = seen.meet(entry);
    if before == 0 {
        seen.noted = u32::try_from(hits.len()).unwrap_or(u32::MAX);
        hits.push((key(), Hit { slot, worth: worths[0] }));
    } else if let Some((_, hit)) = hits.get_mut(seen.noted as usize) {
        hit.worth = worths[before];
    }
}

/// Weighs pages, one after the other.
pub(super) struct Scales {
    /// How many entries were read.
    entry: u32,
    /// For every single character, and which of them the page uses.
    singles: Vec<Seen>,
    met: Vec<u16>,
    pairs: FxHashMap<u32, Seen>,
    runs: FxHashMap<String, Seen>,
}

impl Default for Scales {
    fn default() -> Self {
        Self {
            entry: 0,
            singles: vec![Seen::default(); 0x1_0000],
            met: Vec::new(),
            pairs: FxHashMap::default(),
            runs: FxHashMap::default(),
        }
    }
}

impl Scales {
    /// Weighs a page.
    pub(super) fn weigh(&mut self, page: &Page<'_>) -> Weighed {
        let mut weighed = Weighed { singles: Vec::new(), pairs: Vec::with_capacity(page.script().len() / 3), runs: Vec::new() };
        for (at, entry) in page.entries.iter().enumerate() {
            self.entry += 1;
            self.weigh_entry(entry, u8::try_from(at).map_or(LAST, |at| at.min(LAST)), &mut weighed);
        }
        let mut most = |code: u16| u8::try_from(std::mem::take(&mut self.singles[usize::from(code)].noted)).unwrap_or(u8::MAX);
        weighed.singles = self.met.drain(..).map(|code| (code, most(code))).collect();
        weighed
    }

    fn weigh_entry(&mut self, entry: &Entry<'_>, slot: u8, weighed: &mut Weighed) {
        let Self { entry: at, singles, met, pairs, runs } = self;
        let at = *at;
        let length = entry.text.encode_utf16().count();
        let worths: [u8; COUNTS] = std::array::from_fn(|count| worth(entry.field, count + 1, length));
        let mut meet_run = |run: &str| {
            let seen = if let Some(seen) = runs.get_mut(run) { seen } else { runs.entry(run.to_owned()).or_default() };
            note(seen, at, slot, worths, &mut weighed.runs, || run.to_owned());
        };
        let mut meet_pair = |first: u16, second: u16| {
            let key = pair(first, second);
            note(pairs.entry(key).or_default(), at, slot, worths, &mut weighed.pairs, || key);
        };
        // What stands before, as a character or as a run, and the character before the particles before.
        let (mut before, mut content, mut before_run) = (None::<u16>, None::<u16>, String::new());
        cut(&entry.text, |unit| match unit {
            Unit::Single(code) => {
                let seen = &mut singles[usize::from(code)];
                if seen.noted == 0 {
                    met.push(code);
                }
                seen.noted = seen.noted.max(worths[seen.meet(at)].into());
                if let Some(before) = before {
                    meet_pair(before, code);
                } else if !before_run.is_empty() {
                    meet_run(&format!("{before_run}{}", String::from_utf16_lossy(&[code])));
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

/// One key's postings, as they grow: for each page the distance from the page before, and then one digit that says what the key can be
/// worth on it, or two, for an entry and what it is worth there.
#[derive(Default)]
struct Growing {
    first: u32,
    last: u32,
    bytes: Vec<u8>,
}

impl Growing {
    fn add(&mut self, page: u32, digits: &[u8]) {
        if self.bytes.is_empty() {
            self.first = page;
        } else {
            number(page - self.last, &mut self.bytes);
        }
        self.bytes.extend(digits.iter().map(|digit| DIGITS[usize::from(*digit)]));
        self.last = page;
    }

    /// Every posting, with its digits as they are written.
    fn iter(&self, digits: usize) -> impl Iterator<Item = (u32, &[u8])> + '_ {
        let (mut at, mut page) = (0, self.first);
        std::iter::from_fn(move || {
            if at > 0 && at < self.bytes.len() {
                page += distance(&self.bytes, &mut at);
            }
            let own = self.bytes.get(at..at + digits)?;
            at += digits;
            Some((page, own))
        })
    }

    /// The same by page only.
    fn by_page(&self) -> Self {
        let mut pages = Self::default();
        for (page, own) in self.iter(2) {
            if pages.bytes.is_empty() || pages.last != page {
                pages.add(page, &[0]);
            }
            if let Some(most) = pages.bytes.last_mut().filter(|most| own[1] & 63 > **most & 63) {
                *most = own[1];
            }
        }
        pages
    }

    /// The postings in pieces that fit into a script: a letter that says how they are written, the first page, and then either what the key
    /// is worth on every page from there on, or digits and distances by turns.
    fn pieces(&self, digits: usize) -> Vec<Vec<u8>> {
        if digits > 1 && self.bytes.len() > MOST {
            return self.by_page().pieces(1);
        }
        let dense = digits == 1 && ((self.last - self.first) as usize) < self.bytes.len();
        let kind = if dense {
            b'd'
        } else if digits == 1 {
            b's'
        } else {
            b'e'
        };
        let (mut pieces, mut piece, mut last) = (Vec::new(), Vec::new(), self.first);
        for (page, own) in self.iter(digits) {
            let absent = if dense { (page - last).saturating_sub(1) as usize } else { 0 };
            if piece.len() + absent > PIECE {
                pieces.push(std::mem::take(&mut piece));
            }
            if piece.is_empty() {
                piece.push(kind);
                number(page, &mut piece);
            } else if dense {
                piece.resize(piece.len() + absent, DIGITS[0]);
            } else {
                number(page - last, &mut piece);
            }
            piece.extend(own);
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
        let digit = u32::from(byte & 63);
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
            self.singles[usize::from(code)].add(self.pages, &[most]);
        }
        for (key, hit) in page.pairs {
            self.pairs.entry(key).or_default().add(self.pages, &[hit.slot, hit.worth]);
        }
        for (run, hit) in page.runs {
            self.runs.entry(run).or_default().add(self.pages, &[hit.slot, hit.worth]);
        }
        self.pages += 1;
    }

    /// Writes the scripts, and returns the first key of each: how many characters are those of the key before, and the others.
    pub(super) fn write(self, sink: &dyn Sink) -> io::Result<String> {
        let singles = (0u16..=u16::MAX).zip(self.singles).filter(|(_, growing)| !growing.bytes.is_empty());
        let singles = singles.map(|(code, growing)| (String::from_utf16_lossy(&[code]), growing, 1));
        let units = |key: u32| [(key >> 16) as u16, (key & 0xffff) as u16];
        let pairs = self.pairs.into_iter().map(|(key, growing)| (String::from_utf16_lossy(&units(key)), growing, 2));
        let mut all: Vec<(String, Growing, usize)> = singles.chain(pairs).collect();
        all.extend(self.runs.into_iter().map(|(run, growing)| (run, growing, 2)));
        all.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));
        let (mut firsts, mut before, mut script, mut chunk) = (String::new(), String::new(), Vec::new(), 0);
        for (key, growing, digits) in all {
            // Whether the script ends within this key's postings.
            let mut within = false;
            for piece in growing.pieces(digits) {
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
