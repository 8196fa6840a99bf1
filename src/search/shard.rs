//! Shards: the text of a large plan, page by page, in pieces that load at once.
//!
//! In: pages in printed order. Out: a script for each page, `t0.js`, `t1.js` … of at most [`SHARD`] bytes, unless one entry alone is
//! longer. A page that needs more goes on in `t0-1.js`, `t0-2.js` …; its first script says how many these are.

use super::entry::{Page, RECORD, quote};
use crate::site::Sink;
use std::io;

/// The most bytes of one script.
const SHARD: usize = 8 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 48;

/// Shards while they are written.
pub(super) struct Shards<'a> {
    pub sink: &'a dyn Sink,
    pages: usize,
    bytes: usize,
}

impl<'a> Shards<'a> {
    pub(super) fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, pages: 0, bytes: 0 }
    }

    /// Writes the next page.
    pub(super) fn add(&mut self, page: &Page<'_>) -> io::Result<()> {
        let name = format!("t{}", self.pages);
        self.pages += 1;
        self.bytes += page.script().len() + AROUND;
        let mut pieces = vec![String::new()];
        for record in page.script().split(RECORD) {
            let last = pieces.len() - 1;
            let piece = &mut pieces[last];
            if piece.is_empty() {
                piece.push_str(record);
            } else if piece.len() + record.len() + AROUND > SHARD {
                pieces.push(record.to_owned());
            } else {
                piece.push(RECORD);
                piece.push_str(record);
            }
        }
        let more = pieces.len() - 1;
        for (at, piece) in pieces.iter().enumerate() {
            let mut data = String::with_capacity(piece.len() + AROUND);
            quote(piece, &mut data);
            if at == 0 {
                super::accept_text(self.sink, &name, &format!("[{data},{more}]"))?;
            } else {
                super::accept_text(self.sink, &format!("{name}-{at}"), &data)?;
            }
        }
        Ok(())
    }

    /// How many pages there are, and how many bytes one has on average.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.pages, self.bytes / self.pages.max(1))
    }
}
