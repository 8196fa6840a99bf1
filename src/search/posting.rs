//! Postings: which pages hold a key, and how much it can be worth there.
//!
//! In: pages in the order of the index. Out: scripts `i0.js`, `i1.js` … of at most [`CHUNK`] bytes with the keys in order. A key is one
//! unit or two units side by side. Each posting names a page and an entry on it, and carries what the key is worth there, so that the engine
//! knows which entries hold several keys and can stop reading when nothing better can follow. Single characters have one posting for a page:
//! the most that they are worth in any of its entries; and so have very frequent keys in entries where they are worth little.

use super::{
    growing::{Growing, Once},
    grown::{self, Ranks},
    pool::Pool,
    scales::Weighed,
};
use crate::site::Sink;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io;

/// The most bytes of one script.
const CHUNK: usize = 16 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 64;
/// How many keys are written at once.
const BATCH: usize = 64;

/// A key of two characters, in one number; a key of one character has nothing in the place of the second. Such numbers are in the order of
/// the keys.
pub(super) fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// The characters of such a key.
fn characters(key: u32) -> [u16; 2] {
    [(key >> 16) as u16, (key & 0xffff) as u16]
}

/// The postings of every key.
pub(super) struct Postings {
    /// Of one character and of two.
    characters: FxHashMap<u32, Growing>,
    runs: FxHashMap<String, Growing>,
    /// Of every page.
    once: Vec<Once>,
    pool: Pool,
    /// How many postings are worth what.
    counts: [u32; 256],
}

impl Default for Postings {
    fn default() -> Self {
        let (characters, runs, once, pool) = Default::default();
        Self { characters, runs, once, pool, counts: [0; 256] }
    }
}

impl Postings {
    /// Adds the next pages.
    pub(super) fn add(&mut self, weighed: Weighed) {
        let Self { characters, runs, once, pool, counts } = self;
        once.extend(weighed.once);
        counts.iter_mut().zip(weighed.counts).for_each(|(sum, count)| *sum += count);
        for (code, page, most) in weighed.singles {
            characters.entry(pair(code, 0)).or_default().add_page(page, most, pool);
        }
        let mut hits = weighed.hits.iter();
        for (key, count) in weighed.pairs {
            let growing = characters.entry(key).or_default();
            for (after, hit) in hits.by_ref().take(count as usize) {
                let page = weighed.first + u32::from(*after);
                growing.add_entry(page, *hit, &once[page as usize], pool);
            }
        }
        for (run, page, hit) in weighed.runs {
            let growing = runs.entry(run).or_default();
            growing.add_entry(page, hit, &once[page as usize], pool);
        }
    }

    /// How many pages were added.
    pub(super) fn pages(&self) -> u32 {
        u32::try_from(self.once.len()).unwrap_or(u32::MAX)
    }

    /// Every key's postings in the order of the keys.
    fn in_order(&self) -> impl Iterator<Item = (String, Growing)> + '_ {
        let mut keys: Vec<(u32, Growing)> = self.characters.iter().map(|(key, growing)| (*key, *growing)).collect();
        keys.sort_unstable_by_key(|(key, _)| *key);
        let mut characters = keys.into_iter().map(|(key, growing)| match characters(key) {
            [code, 0] => (String::from_utf16_lossy(&[code]), growing),
            both => (String::from_utf16_lossy(&both), growing),
        });
        let mut runs: Vec<(&String, Growing)> = self.runs.iter().map(|(run, growing)| (run, *growing)).collect();
        runs.sort_unstable_by_key(|(run, _)| *run);
        let mut runs = runs.into_iter().map(|(run, growing)| (run.clone(), growing));
        let (mut of_characters, mut of_runs) = (characters.next(), runs.next());
        std::iter::from_fn(move || match (&of_characters, &of_runs) {
            (Some((one, _)), Some((other, _))) if one > other => std::mem::replace(&mut of_runs, runs.next()),
            (None, _) => std::mem::replace(&mut of_runs, runs.next()),
            (Some(_), _) => std::mem::replace(&mut of_characters, characters.next()),
        })
    }

    /// Writes the scripts, and returns the first key of each: how many characters are those of the key before, and the others; and what
    /// keys are worth, most often first.
    pub(super) fn write(self, sink: &dyn Sink) -> io::Result<(String, String)> {
        let ranks = Ranks::new(&self.counts);
        let mut scripts = Scripts { sink, firsts: String::new(), before: String::new(), script: Vec::new(), chunk: 0 };
        let (mut keys, mut batch) = (self.in_order(), Vec::new());
        loop {
            batch.extend(keys.by_ref().take(BATCH));
            if batch.is_empty() {
                break;
            }
            let pieces = |(key, growing): (String, Growing)| (key, grown::pieces(growing, &self.pool, &self.once, &ranks));
            let written: Vec<(String, Vec<Vec<u8>>)> = batch.par_drain(..).map(pieces).collect();
            written.iter().try_for_each(|(key, pieces)| scripts.add(key, pieces))?;
        }
        Ok((scripts.end()?, ranks.written()))
    }
}

/// Scripts while they are written.
struct Scripts<'a> {
    sink: &'a dyn Sink,
    firsts: String,
    /// The first key of the script.
    before: String,
    script: Vec<u8>,
    chunk: usize,
}

impl Scripts<'_> {
    /// Adds the postings of the next key.
    fn add(&mut self, key: &str, pieces: &[Vec<u8>]) -> io::Result<()> {
        // Whether the script ends within this key's postings.
        let mut within = false;
        for piece in pieces {
            if !self.script.is_empty() && self.script.len() + key.len() + piece.len() + AROUND > CHUNK {
                if within {
                    self.script.push(b'"');
                }
                self.finish()?;
                within = false;
            }
            match (self.script.is_empty(), within) {
                (_, true) => self.script.push(b' '),
                (false, _) => self.script.push(b','),
                (true, _) => {
                    // One digit.
                    let same = key.chars().zip(self.before.chars()).take(9).take_while(|(a, b)| a == b).count();
                    let separator = if self.firsts.is_empty() { "" } else { " " };
                    self.firsts.extend([separator, &same.to_string()]);
                    self.firsts.extend(key.chars().skip(same));
                    self.before.clear();
                    self.before.push_str(key);
                }
            }
            if !within {
                self.script.extend(format!("\"{key}\":\"").bytes());
                within = true;
            }
            self.script.extend(piece);
        }
        self.script.push(b'"');
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let data = String::from_utf8(std::mem::take(&mut self.script)).unwrap_or_default();
        super::accept_text(self.sink, &format!("i{}", self.chunk), &format!("{{{data}}}"))?;
        self.chunk += 1;
        Ok(())
    }

    /// Writes what is left, and returns the first key of each script.
    fn end(mut self) -> io::Result<String> {
        if !self.script.is_empty() {
            self.finish()?;
        }
        Ok(self.firsts)
    }
}
