//! Postings: which pages hold a key, and how much it can be worth there.
//!
//! In: pages in the order of the index. Out: scripts `i0.js`, `i1.js` … of at most [`CHUNK`] bytes with the keys in order. A key is one
//! unit, two units side by side, or `=` and a whole heading. Each posting names a page and an entry on it, and carries what the entry scores
//! for the key alone, by the engine's own formula, so that the engine knows which entries hold several keys and can stop reading when
//! nothing better can follow. Single characters and very frequent keys have one posting for a page: the most that any entry scores.

use super::{
    growing::{Growing, Once},
    grown,
    pool::Pool,
    scales::Weighed,
};
use crate::site::Sink;
use rustc_hash::FxHashMap;
use std::io;

/// The most bytes of one script.
const CHUNK: usize = 16 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 64;

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
#[derive(Default)]
pub(super) struct Postings {
    /// Of one character and of two.
    characters: FxHashMap<u32, Growing>,
    runs: FxHashMap<String, Growing>,
    /// Of every page.
    once: Vec<Once>,
    pool: Pool,
}

impl Postings {
    /// Adds the next pages.
    pub(super) fn add(&mut self, weighed: Weighed) {
        let Self { characters, runs, once, pool } = self;
        once.extend(weighed.once);
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
            growing.limit(once, pool);
        }
        for (run, page, hit) in weighed.runs {
            let growing = runs.entry(run).or_default();
            growing.add_entry(page, hit, &once[page as usize], pool);
            growing.limit(once, pool);
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

    /// Writes the scripts, and returns the first key of each: how many characters are those of the key before, and the others.
    pub(super) fn write(self, sink: &dyn Sink) -> io::Result<String> {
        let (mut firsts, mut before, mut script, mut chunk) = (String::new(), String::new(), Vec::new(), 0);
        for (key, growing) in self.in_order() {
            // Whether the script ends within this key's postings.
            let mut within = false;
            for piece in grown::pieces(growing, &self.pool, &self.once) {
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
