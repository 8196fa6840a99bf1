//! Shards: the text of a large plan, page by page, in pieces that load at once.
//!
//! In: pages in the order of the index. Out: a script for each page, `t0.js`, `t1.js` … of at most [`SHARD`] bytes, unless one entry alone is
//! longer. A page that needs more goes on in `t0-1.js`, `t0-2.js` …; its first script says how many these are.

use super::{
    accept_script,
    entry::{Page, RECORD, quote},
};
use crate::site::Sink;
use std::io;

/// The most bytes of one script.
const SHARD: usize = 8 * 1024;
/// What stands around a script's data, with a margin.
const AROUND: usize = 48;

/// Writes the page that has this position among all, and returns how many bytes it has.
pub(super) fn write(page: &Page<'_>, at: usize, sink: &dyn Sink) -> io::Result<usize> {
    let pieces = pieces(page.script());
    let more = pieces.len() - 1;
    for (of, piece) in pieces.into_iter().enumerate() {
        if of == 0 {
            accept_script(sink, &format!("t{at}"), piece.len() + AROUND, |script| {
                script.push('[');
                quote(piece, script);
                *script += &format!(",{more}]");
            })?;
        } else {
            accept_script(sink, &format!("t{at}-{of}"), piece.len() + AROUND, |script| quote(piece, script))?;
        }
    }
    Ok(page.script().len() + AROUND)
}

/// Cuts a page between entries into parts that fit into a script.
fn pieces(script: &str) -> Vec<&str> {
    // As most do whole.
    if script.len() + AROUND <= SHARD {
        return vec![script];
    }
    let (mut pieces, mut start, mut end, mut next) = (Vec::new(), 0, 0, 0);
    for record in script.split(RECORD) {
        if end > start && next - start + record.len() + AROUND > SHARD {
            pieces.push(&script[start..end]);
            start = next;
        }
        end = next + record.len();
        next = end + RECORD.len_utf8();
    }
    pieces.push(&script[start..end]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole_page_whether_its_part_has_a_title_or_not() {
        let entries = format!("{RECORD}40") + &vec!["一段"; 1500].join(&format!("{RECORD}40"));
        for (page, count) in [(format!("第一編{entries}"), 2), (entries.clone(), 2), (format!("{RECORD}00壹"), 1)] {
            let pieces = pieces(&page);
            assert_eq!(pieces.len(), count);
            assert!(pieces.iter().all(|piece| piece.len() + AROUND <= SHARD));
            assert_eq!(pieces.join(&RECORD.to_string()), page);
        }
    }
}
