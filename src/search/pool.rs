//! Room for a great many texts that grow side by side.
//!
//! In: bytes, one by one. Out: each text as a whole. A text is a chain of blocks, the first small and the following larger, so that none is
//! moved while it grows and hardly any room is left over: the postings of a large plan are hundreds of thousands of such texts.

/// The bytes of the first block of a text, with the place of the next one at its end.
const FIRST: usize = 16;
/// The bytes of the largest block.
const LARGEST: usize = 128;
/// What the place of the next block takes.
const LINK: usize = 4;
/// How many bytes are taken from the system at once: whole blocks of every size.
const SEGMENT: usize = 1 << 18;

/// The blocks of all texts.
#[derive(Default)]
pub(super) struct Pool {
    segments: Vec<Box<[u8]>>,
    /// How many bytes belong to blocks.
    used: usize,
}

/// A text in a pool.
#[derive(Clone, Copy, Default)]
pub(super) struct Chain {
    first: u32,
    /// Where the next byte goes.
    next: u32,
    /// The bytes of the last block.
    size: u16,
    /// How many blocks there are; no text that grows here comes near the most of it.
    blocks: u16,
}

impl Chain {
    pub(super) fn is_empty(self) -> bool {
        self.blocks == 0
    }

    /// Where the last block begins; a block begins at a multiple of its size, and has at least a byte.
    fn start(self) -> usize {
        (self.next as usize).saturating_sub(1) & !usize::from(self.size).saturating_sub(1)
    }

    /// Whether the last block has no more room.
    fn is_full(self) -> bool {
        self.is_empty() || self.next as usize == self.start() + usize::from(self.size) - LINK
    }
}

impl Pool {
    /// Adds a byte to a text.
    pub(super) fn push(&mut self, text: &mut Chain, byte: u8) {
        if text.is_full() {
            self.open(text);
        }
        *self.at(text.next) = byte;
        text.next += 1;
    }

    /// Copies a text into what is there already.
    pub(super) fn read(&self, text: Chain, out: &mut Vec<u8>) {
        for (start, block) in self.blocks(text) {
            let is_last = start as usize == text.start();
            out.extend(&block[..if is_last { text.next as usize - text.start() } else { block.len() - LINK }]);
        }
    }

    /// The blocks of a text, each with where it begins.
    fn blocks(&self, text: Chain) -> impl Iterator<Item = (u32, &[u8])> {
        let (mut start, mut size) = (text.first, FIRST);
        (0..text.blocks).map(move |_| {
            let block = &self.segments[start as usize / SEGMENT][start as usize % SEGMENT..][..size];
            let own = (start, block);
            start = u32::from_le_bytes(block[size - LINK..].try_into().unwrap_or_default());
            size = (size * 2).min(LARGEST);
            own
        })
    }

    /// Opens the next block of a text.
    fn open(&mut self, text: &mut Chain) {
        let size = if text.is_empty() { FIRST } else { (usize::from(text.size) * 2).min(LARGEST) };
        let start = self.claim(size);
        if text.is_empty() {
            text.first = start;
        } else {
            for (at, byte) in (text.next..).zip(start.to_le_bytes()) {
                *self.at(at) = byte;
            }
        }
        text.next = start;
        text.size = u16::try_from(size).unwrap_or(u16::MAX);
        text.blocks = text.blocks.saturating_add(1);
    }

    /// Room for a new block.
    fn claim(&mut self, size: usize) -> u32 {
        // No block lies across two segments.
        let start = self.used.next_multiple_of(size);
        self.used = start + size;
        if self.used > self.segments.len() * SEGMENT {
            self.segments.push(vec![0; SEGMENT].into());
        }
        // Blocks of more than four gigabytes would take more memory than any machine that publishes has.
        u32::try_from(start).unwrap_or(u32::MAX)
    }

    fn at(&mut self, place: u32) -> &mut u8 {
        &mut self.segments[place as usize / SEGMENT][place as usize % SEGMENT]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_grow_side_by_side_keep_their_bytes() {
        let mut pool = Pool::default();
        let mut texts = vec![(Chain::default(), Vec::new()); 300];
        for round in 0..400_usize {
            for (at, (chain, expected)) in texts.iter_mut().enumerate().filter(|(at, _)| round % (at + 1) == 0) {
                let byte = u8::try_from((round * 7 + at) % 251).unwrap();
                pool.push(chain, byte);
                expected.push(byte);
            }
        }
        for (chain, expected) in texts {
            let mut text = Vec::new();
            pool.read(chain, &mut text);
            assert_eq!(text, expected);
        }
    }
}
