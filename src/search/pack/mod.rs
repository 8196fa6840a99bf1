//! Packing: the whole text of a small plan in as few bytes as the engine can read quickly.
//!
//! In: a text. Out: how many UTF-16 units it has, and digits of six bits each, which are nothing but noise to any other compression.
//! Every unit is told by yes-or-no questions: is it what followed the last four units before, newest first, or the last two, or one? What the
//! answers were in the same position before says how probable each one is now. A unit that is none of these is told by its two bytes, as
//! frequent as they were. An arithmetic coder spends so much on an answer as it surprises. The theme's `search-text.js` asks the same
//! questions in the same order with the same arithmetic; whatever changes here changes there.

mod coder;
mod odds;

use coder::Coder;
use odds::{Experience, Odds};

/// The lengths of the contexts are one, two and four units.
const ORDERS: usize = 3;
/// A context's hash tells by its first bits in which set it is looked up, and by the others whether what is there is its own.
const SET_BITS: u32 = 16;
const TAG_BITS: u32 = 12;
const HASH_BITS: u32 = SET_BITS + TAG_BITS;
/// A node's number, which has its place beside a tag.
const NODE_BITS: u32 = u32::BITS - TAG_BITS;
const _: () = assert!(super::PACKED * ORDERS < 1 << NODE_BITS, "a unit makes no more nodes than there are contexts");
/// No count becomes larger.
const MOST: u32 = (1 << 14) - 1;
/// The most candidates that are asked about for one unit.
const TRIES: usize = 12;
/// Where the experiences are that depend on the unit and the one before; below are those that depend on what is known of a candidate's counts.
const BY_UNIT: usize = ORDERS << 12;
/// By this many bits of their hashes those are found.
const BY_UNIT_BITS: u32 = 16;
/// What a byte depends on: the second one on the first, where this is nothing on the field, as the first one always does.
const SECOND: usize = 256;
const FIRST: usize = SECOND + 4;
const GROUPS: usize = FIRST + 4;
/// How much a byte becomes more frequent. All bytes of the longest text that is packed are together still fewer than a choice may have parts.
const STEP: u32 = 32;

/// Something that followed a context, in eight bytes, since new memory is what takes time: the unit (16 bits), the node that followed before
/// it (20), how often this one has followed (14), and in the newest node of a context how often any (14).
#[derive(Clone, Copy, Default)]
struct Node(u64);

impl Node {
    fn new(unit: u16, next: u32, count: u32, total: u32) -> Self {
        Self(u64::from(unit) | u64::from(next) << 16 | u64::from(count.min(MOST)) << 36 | u64::from(total.min(MOST)) << 50)
    }

    fn unit(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    fn next(self) -> u32 {
        (self.0 >> 16 & ((1 << NODE_BITS) - 1)) as u32
    }

    fn count(self) -> u32 {
        (self.0 >> 36) as u32 & MOST
    }

    fn total(self) -> u32 {
        (self.0 >> 50) as u32
    }
}

/// Everything that followed a context, each once, newest first.
struct Contexts {
    /// Where the newest nodes of the two contexts of each set are that were met last, with their tags before them.
    heads: Vec<[u32; 2]>,
    nodes: Vec<Node>,
}

impl Contexts {
    fn new(units: usize) -> Self {
        // At most three for a unit, and seldom more than one.
        let mut nodes = Vec::with_capacity(units);
        nodes.push(Node::default());
        Self { heads: vec![[0; 2]; 1 << SET_BITS], nodes }
    }

    /// The newest node of a context; 0 if there is none.
    fn first(&self, context: u32) -> u32 {
        let own = |head: u32| if head >> NODE_BITS == tag(context) { head & ((1 << NODE_BITS) - 1) } else { 0 };
        let [newer, older] = self.heads[set(context)];
        own(newer) | own(older)
    }

    /// Makes a node the newest of a context.
    fn lead(&mut self, context: u32, node: u32) {
        let heads = &mut self.heads[set(context)];
        let [newer, older] = *heads;
        *heads = [tag(context) << NODE_BITS | node, if newer >> NODE_BITS == tag(context) { older } else { newer }];
    }

    /// Puts a unit that followed a context before its newest node so far.
    fn put(&mut self, context: u32, unit: u16, first: u32) {
        let total = self.nodes[first as usize].total() + 1;
        self.lead(context, u32::try_from(self.nodes.len()).unwrap_or(0));
        self.nodes.push(Node::new(unit, first, 1, total));
    }

    /// Counts a node that followed a context once more, and moves it from behind another one to the front.
    fn count(&mut self, context: u32, node: u32, behind: u32, first: u32) {
        let total = self.nodes[first as usize].total() + 1;
        let counted = self.nodes[node as usize];
        let mut next = counted.next();
        if node != first {
            let before = self.nodes[behind as usize];
            self.nodes[behind as usize] = Node::new(before.unit(), next, before.count(), before.total());
            next = first;
            self.lead(context, node);
        }
        self.nodes[node as usize] = Node::new(counted.unit(), next, counted.count() + 1, total);
    }
}

/// How frequent bytes were, by their groups. Most groups never come.
struct Bytes(Vec<Option<Box<Group>>>);

/// How frequent each byte was in a group, how frequent sixteen side by side, and how frequent all.
struct Group {
    counts: [u32; 256],
    blocks: [u32; 16],
    total: u32,
}

impl Bytes {
    fn new() -> Self {
        Self((0..GROUPS).map(|_| None).collect())
    }

    fn tell(&mut self, group: usize, byte: u8, coder: &mut Coder) {
        let group = self.0[group].get_or_insert_with(|| Group { counts: [0; 256], blocks: [0; 16], total: 0 }.into());
        let (at, block) = (usize::from(byte), usize::from(byte >> 4));
        let before = group.blocks[..block].iter().chain(&group.counts[block << 4..at]).sum::<u32>();
        // Each of them counts once before it has come, too.
        coder.choice(before + u32::from(byte), group.counts[at] + 1, group.total + 256);
        group.counts[at] += STEP;
        group.blocks[block] += STEP;
        group.total += STEP;
    }
}

/// Where a context's newest node is looked up.
fn set(context: u32) -> usize {
    (context >> TAG_BITS) as usize
}

/// What a context's set does not tell of its hash.
fn tag(context: u32) -> u32 {
    context & ((1 << TAG_BITS) - 1)
}

/// The hash of a context that is longer by one unit.
fn mix(context: u32, unit: u16) -> u32 {
    context.wrapping_add(unit.into()).wrapping_add(1).wrapping_mul(0x9e37_79b1) >> (u32::BITS - HASH_BITS)
}

/// The contexts of one, two and four units behind these, newest first.
fn contexts_after(past: [u16; 4]) -> [u32; ORDERS] {
    let one = mix(0, past[0]);
    let two = mix(one, past[1]);
    [one, two, mix(mix(two, past[2]), past[3])]
}

/// Packs a text.
pub(super) fn pack(text: &str) -> (usize, String) {
    let (odds, mut coder, mut contexts) = (Odds::new(), Coder::new(text.len() / 2), Contexts::new(text.len()));
    let mut known = vec![Experience::default(); BY_UNIT + (1 << BY_UNIT_BITS)];
    let mut bytes = Bytes::new();
    let (mut past, mut orders, mut field, mut count) = ([0; 4], contexts_after([0; 4]), 0u16, 0);
    let mut tried = [0u16; TRIES];
    for unit in text.encode_utf16() {
        count += 1;
        let firsts = orders.map(|context| contexts.first(context));
        past = [unit, past[0], past[1], past[2]];
        let next = contexts_after(past);
        // What the next unit looks up is on its way from memory meanwhile.
        std::hint::black_box(next.map(|context| contexts.heads[set(context)][0]));
        // Of the units that were asked about the lowest bits, which mostly say that another one was not.
        let (mut found, mut asked, mut seen) = (None, 0, 0u64);
        let by_unit = mix(orders[0], field);
        'orders: for order in (0..ORDERS).rev() {
            let (mut at, mut behind) = (firsts[order], 0);
            let mut left = contexts.nodes[at as usize].total();
            while at != 0 && asked < TRIES {
                let node = contexts.nodes[at as usize];
                let bit = 1 << (node.unit() & 63);
                if seen & bit == 0 || !tried[..asked].contains(&node.unit()) {
                    // Counts that are at their end can be more than their total.
                    left = left.wrapping_sub(node.count());
                    let counts = (node.count().leading_zeros() as usize) << 6 | left.leading_zeros() as usize;
                    let how = order << 12 | usize::from(asked == 0) << 11 | counts;
                    let after = BY_UNIT + (mix(by_unit, node.unit()) >> (HASH_BITS - BY_UNIT_BITS)) as usize;
                    let yes = node.unit() == unit;
                    coder.answer(odds.foretell(known[how], known[after]), yes);
                    odds.learn(&mut known[how], yes);
                    odds.learn(&mut known[after], yes);
                    if yes {
                        found = Some((order, at, behind));
                        break 'orders;
                    }
                    tried[asked] = node.unit();
                    seen |= bit;
                    asked += 1;
                }
                (behind, at) = (at, node.next());
            }
        }
        // What is known in a context is not news in a shorter one.
        let longer = if let Some((order, node, behind)) = found {
            contexts.count(orders[order], node, behind, firsts[order]);
            order + 1
        } else {
            let [first, second] = unit.to_be_bytes();
            bytes.tell(FIRST + usize::from(field), first, &mut coder);
            bytes.tell(if first == 0 { SECOND + usize::from(field) } else { first.into() }, second, &mut coder);
            0
        };
        for order in longer..ORDERS {
            contexts.put(orders[order], unit, firsts[order]);
        }
        orders = next;
        // What stands between pages, records and their parts says which of them follows.
        if unit < 32 {
            field = unit & 3;
        }
    }
    (count, coder.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_costs_little_and_what_does_not_is_no_longer_than_its_units() {
        let han: String = (0x4e00..0x5600).filter_map(char::from_u32).collect();
        let (count, once) = pack(&han);
        assert_eq!(count, 0x800);
        assert!(once.len() * 6 < count * 16, "{}", once.len());
        let (_, twice) = pack(&han.repeat(2));
        assert!(twice.len() < once.len() + once.len() / 8, "{} and {}", once.len(), twice.len());
        assert_eq!(pack(""), (0, String::new()));
        assert_eq!(pack("a😀"), pack("a😀"));
    }

    #[test]
    fn what_followed_stands_newest_first_and_once() {
        let mut contexts = Contexts::new(4);
        let context = mix(0, 7);
        for unit in [3, 4, 5] {
            contexts.put(context, unit, contexts.first(context));
        }
        let first = contexts.first(context);
        let (middle, behind) = (contexts.nodes[first as usize].next(), first);
        contexts.count(context, middle, behind, first);
        let mut at = contexts.first(context);
        assert_eq!(contexts.nodes[at as usize].total(), 4);
        let mut followed = Vec::new();
        while at != 0 {
            let node = contexts.nodes[at as usize];
            followed.push((node.unit(), node.count()));
            at = node.next();
        }
        assert_eq!(followed, [(4, 2), (5, 1), (3, 1)]);
        assert_eq!(contexts.first(mix(0, 8)), 0);
    }
}
