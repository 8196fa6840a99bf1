//! Postings: which pages hold a key, and how much it can be worth there.
//!
//! In: the blocks of a plan, in the order of the index. Out: scripts `i0.js`, `i1.js` … of at most [`CHUNK`] bytes with the keys in order. A
//! key is one unit or two units side by side. Each posting names a page and an entry on it, and carries what the key is worth there, so that
//! the engine knows which entries hold several keys and can stop reading when nothing better can follow. Single characters have one posting
//! for a page: the most that they are worth in any of its entries; and so have very frequent keys in entries where they are worth little.

use super::{
    block::{Block, PAGES, Row},
    piece::{self, Ranks},
};
use crate::site::Sink;
use rayon::prelude::*;
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    io,
};

/// The most bytes of one script.
const CHUNK: usize = 16 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 64;
/// How many keys are written at once.
const BATCH: usize = 512;

/// A key of two characters, in one number; a key of one character has nothing in the place of the second. Such numbers are in the order of
/// the keys.
pub(super) fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// The characters of such a key.
fn characters(key: u32) -> [u16; 2] {
    [(key >> 16) as u16, (key & 0xffff) as u16]
}

/// One key of a plan.
struct Key {
    text: String,
    kind: KeyKind,
    /// In which blocks its postings stand, and its position among the keys of its kind there.
    places: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, PartialEq)]
enum KeyKind {
    /// One character; its postings are by page.
    Single,
    Pair,
    /// Letters or digits, and perhaps a character beside them.
    Run,
}

/// Every key of a plan in order.
fn keys(blocks: &[Block]) -> impl Iterator<Item = Key> {
    let of_characters = merged(blocks.len(), |block, at| blocks[block].characters(at));
    let mut of_characters = of_characters.map(|(key, places)| match characters(key) {
        [code, 0] => Key { text: String::from_utf16_lossy(&[code]), kind: KeyKind::Single, places },
        both => Key { text: String::from_utf16_lossy(&both), kind: KeyKind::Pair, places },
    });
    let of_runs = merged(blocks.len(), |block, at| blocks[block].run(at));
    let mut of_runs = of_runs.map(|(run, places)| Key { text: run.to_owned(), kind: KeyKind::Run, places });
    let (mut one, mut other) = (of_characters.next(), of_runs.next());
    std::iter::from_fn(move || match (&one, &other) {
        (Some(of_characters), Some(run)) if of_characters.text > run.text => std::mem::replace(&mut other, of_runs.next()),
        (None, _) => std::mem::replace(&mut other, of_runs.next()),
        (Some(_), _) => std::mem::replace(&mut one, of_characters.next()),
    })
}

/// The keys of so many blocks in order, each with the blocks that have it and where; `key` gives each block's keys in order.
fn merged<K: Ord + Copy>(blocks: usize, key: impl Fn(usize, usize) -> Option<K>) -> impl Iterator<Item = (K, Vec<(usize, usize)>)> {
    let mut next: BinaryHeap<_> = (0..blocks).filter_map(|block| Some(Reverse((key(block, 0)?, block, 0)))).collect();
    std::iter::from_fn(move || {
        let Reverse((first, ..)) = *next.peek()?;
        let mut places = Vec::new();
        while let Some(mut top) = next.peek_mut().filter(|top| top.0.0 == first) {
            let Reverse((_, block, at)) = *top;
            places.push((block, at));
            match key(block, at + 1) {
                Some(after) => *top = Reverse((after, block, at + 1)),
                None => {
                    PeekMut::pop(top);
                }
            }
        }
        Some((first, places))
    })
}

/// Writes the scripts of a plan, each block of which has [`PAGES`] pages but for the last one, and returns the first key of each script: how
/// many characters are those of the key before, and the others; and what keys are worth, most often first.
pub(super) fn write(blocks: &[Block], sink: &dyn Sink) -> io::Result<(String, String)> {
    let mut counts = [0; 256];
    let of_blocks = blocks.iter().flat_map(|block| block.counts.iter().enumerate());
    of_blocks.for_each(|(worth, count)| counts[worth] += count);
    let ranks = Ranks::new(&counts);
    let mut scripts = Scripts { sink, firsts: String::new(), before: String::new(), script: Vec::new(), chunk: 0 };
    let (mut keys, mut batch) = (keys(blocks), Vec::new());
    loop {
        batch.extend(keys.by_ref().take(BATCH));
        if batch.is_empty() {
            break;
        }
        let pieces = |row: &mut Row, Key { text, kind, places }: Key| {
            row.clear();
            for (block, at) in places {
                let (block, first) = (&blocks[block], block * PAGES);
                match kind {
                    KeyKind::Single => block.read_single(at, first, row),
                    KeyKind::Pair => block.read_pair(at, first, row),
                    KeyKind::Run => block.read_run(at, first, row),
                }
            }
            (text, if kind == KeyKind::Single { piece::of_pages(row, &ranks) } else { piece::of_entries(row, &ranks) })
        };
        let written: Vec<(String, Vec<Vec<u8>>)> = batch.par_drain(..).map_init(Row::default, pieces).collect();
        written.iter().try_for_each(|(key, pieces)| scripts.add(key, pieces))?;
    }
    Ok((scripts.end()?, ranks.written()))
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
                for piece in ["\"", key, "\":\""] {
                    self.script.extend_from_slice(piece.as_bytes());
                }
                within = true;
            }
            self.script.extend_from_slice(piece);
        }
        self.script.push(b'"');
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let data = String::from_utf8(std::mem::replace(&mut self.script, Vec::with_capacity(CHUNK))).unwrap_or_default();
        super::accept_script(self.sink, &format!("i{}", self.chunk), data.len(), |script| script.extend(["{", &data, "}"]))?;
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
