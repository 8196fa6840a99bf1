//! Shards: the text of a large plan in pieces that load at once.
//!
//! In: pages in printed order. Out: scripts `t0.js`, `t1.js` … of at most [`SHARD`] bytes, unless one entry alone is longer, and how many
//! pages each begins. A page that needs more than one shard has them for itself.

use super::{
    DIGITS,
    entry::{Page, quote},
    posting::number,
};
use crate::site::Sink;
use std::io;

/// The most bytes of one script.
const SHARD: usize = 8 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 48;
/// The most pages that one shard begins: what three bits hold.
const PAGES: u8 = 7;

/// Shards while they are written.
pub(super) struct Shards<'a> {
    pub sink: &'a dyn Sink,
    script: String,
    pages: u8,
    /// How many pages each shard begins.
    begun: Vec<u8>,
    bytes: usize,
}

impl<'a> Shards<'a> {
    pub(super) fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, script: String::new(), pages: 0, begun: Vec::new(), bytes: 0 }
    }

    /// Adds the next page.
    pub(super) fn add(&mut self, page: &Page<'_>) -> io::Result<()> {
        let length = page.script().len();
        if self.pages == PAGES || self.script.len() + length + AROUND > SHARD {
            self.flush()?;
        }
        self.pages += 1;
        if length + AROUND <= SHARD {
            if !self.script.is_empty() {
                self.script.push(',');
            }
            self.script.push_str(page.script());
            return Ok(());
        }
        self.script.push('[');
        quote(&page.path, &mut self.script);
        for entry in &page.entries {
            let mut script = String::new();
            entry.script(&mut script);
            if self.script.len() + script.len() + AROUND > SHARD && self.script.len() > AROUND {
                self.script.push(']');
                self.flush()?;
                self.script.push_str("[\"\"");
            }
            self.script.push(',');
            self.script.push_str(&script);
        }
        self.script.push(']');
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.script.is_empty() {
            return Ok(());
        }
        super::accept_text(self.sink, &format!("t{}", self.begun.len()), &format!("[{}]", self.script))?;
        self.begun.push(self.pages);
        self.bytes += self.script.len() + AROUND;
        self.pages = 0;
        self.script.clear();
        Ok(())
    }

    /// Writes what is left, and returns how many bytes a shard has on average, and how many pages each begins: that number, and for how many
    /// shards it holds, by turns; 0 is a shard that goes on with a page.
    pub(super) fn finish(mut self) -> io::Result<(usize, String)> {
        self.flush()?;
        let mut digits = Vec::new();
        for same in self.begun.chunk_by(|a, b| a == b) {
            digits.push(DIGITS[usize::from(same[0])]);
            number(u32::try_from(same.len()).unwrap_or(u32::MAX), &mut digits);
        }
        Ok((self.bytes / self.begun.len().max(1), String::from_utf8(digits).unwrap_or_default()))
    }
}
