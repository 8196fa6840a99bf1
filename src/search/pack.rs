//! Packing: the whole text of a small plan in as few bytes as the engine can read quickly.
//!
//! In: a text. Out: how many UTF-16 units it has, and digits of six bits each, which are nothing but noise to any other compression.
//! Every unit is told by yes-or-no questions: is it what followed the last four units before, newest first, or the last two, or one? What the
//! answers were in the same position before says how probable each is now. A unit that is none of these is told by its two bytes, as frequent
//! as they were. An arithmetic coder spends so much on an answer as it surprises. The theme's `search-text.js` asks the same questions in the same order with
//! the same arithmetic, all of which IEEE 754 defines to the last bit; whatever changes here changes there.

use super::DIGITS;

/// The lengths of the contexts are one, two and four units.
const ORDERS: usize = 3;
/// The contexts are found by this many bits of their hashes.
const HEADS: u32 = 18;
/// The most candidates that are asked about for one unit.
const TRIES: u32 = 16;
/// The most nodes that are looked at for one unit, so that no text takes long.
const LOOKS: u32 = 48;
/// How many answers a probability remembers.
const MEMORY: u8 = 80;
/// How far an answer moves a probability, by the number of answers before: looked up, since dividing takes longer than all else.
const RATES: [f64; MEMORY as usize + 1] = {
    let (mut rates, mut seen, mut before) = ([0.0; MEMORY as usize + 1], 0, 0.0);
    while seen < rates.len() {
        rates[seen] = 1.0 / (before + 1.6);
        (seen, before) = (seen + 1, before + 1.0);
    }
    rates
};
/// Below this the range is too coarse, and gives a digit away.
const COARSE: u32 = 1 << 24;
/// Where the probabilities are that depend on what stands before; below are those that depend on what is known of a candidate's counts.
const BY_UNIT: usize = 1 << 17;
const CHANCES: usize = 2 << 17;
/// What a byte depends on: the second one on the first, where this is nothing on the field, as the first one always does.
const SECOND: usize = 256;
const FIRST: usize = SECOND + 4;
const GROUPS: usize = FIRST + 4;
/// How much a byte becomes more frequent, until its group counts enough.
const STEP: u32 = 32;
const ENOUGH: u32 = 1 << 18;

/// What followed a context, and the one that followed it before.
#[derive(Clone, Copy, Default)]
struct Node {
    context: u32,
    unit: u16,
    /// How often this unit has followed, and how often any.
    count: u32,
    total: u32,
    next: u32,
}

/// The digits as they are written: a number, whose last digits are still to come.
#[derive(Default)]
struct Digits(Vec<u8>);

impl Digits {
    /// Adds to the number.
    fn add(&mut self, mut value: u32) {
        for digit in self.0.iter_mut().rev() {
            if value == 0 {
                break;
            }
            value += u32::from(*digit);
            *digit = (value & 63) as u8;
            value >>= 6;
        }
    }

    fn text(&self) -> String {
        self.0.iter().map(|digit| char::from(DIGITS[usize::from(*digit)])).collect()
    }
}

/// How probable yes is, from -1 to 1, and how many answers say so.
#[derive(Clone, Copy, Default)]
struct Chance {
    yes: f64,
    seen: u8,
}

impl Chance {
    /// The probability as evidence, which adds up.
    fn stretch(self) -> f64 {
        self.yes / (1.0 - self.yes * self.yes).sqrt()
    }

    fn learn(&mut self, yes: bool) {
        let goal = if yes { 0.996 } else { -0.996 };
        self.yes += (goal - self.yes) * RATES[usize::from(self.seen)];
        if self.seen < MEMORY {
            self.seen += 1;
        }
    }
}

struct Coder {
    digits: Digits,
    range: u32,
    chances: Vec<Chance>,
    /// How frequent each byte is in its group, and all of them together.
    bytes: Vec<[u32; 256]>,
    totals: Vec<u32>,
}

impl Coder {
    fn new() -> Self {
        Self {
            digits: Digits::default(),
            range: 1,
            chances: vec![Chance::default(); CHANCES],
            bytes: vec![[1; 256]; GROUPS],
            totals: vec![256; GROUPS],
        }
    }

    /// Makes the range fine enough.
    fn refine(&mut self) {
        while self.range < COARSE {
            self.range <<= 6;
            self.digits.0.push(0);
        }
    }

    /// Writes a byte.
    fn byte(&mut self, group: usize, byte: u8) {
        self.refine();
        let (bytes, total, at) = (&mut self.bytes[group], &mut self.totals[group], usize::from(byte));
        let share = self.range / *total;
        self.digits.add(share * bytes[..at].iter().sum::<u32>());
        self.range = share * bytes[at];
        if *total < ENOUGH {
            bytes[at] += STEP;
            *total += STEP;
        }
    }

    /// Writes an answer, which two experiences foretell.
    fn answer(&mut self, one: usize, two: usize, yes: bool) {
        self.refine();
        let x = 0.7 * self.chances[one].stretch() + 0.4 * self.chances[two].stretch();
        let share = f64::from(self.range) * (1.0 + x / (1.0 + x * x).sqrt()) / 2.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nothing and the range")]
        let split = share as u32;
        if yes {
            self.range = split;
        } else {
            self.digits.add(split);
            self.range -= split;
        }
        self.chances[one].learn(yes);
        self.chances[two].learn(yes);
    }
}

fn mix(hash: u32, unit: u16) -> u32 {
    hash.wrapping_add(unit.into()).wrapping_add(1).wrapping_mul(0x9e37_79b1)
}

/// Where a context's newest node is looked up.
fn head(context: u32) -> usize {
    (context >> (32 - HEADS)) as usize
}

/// Packs a text.
pub(super) fn pack(text: &str) -> (usize, String) {
    let mut coder = Coder::new();
    let mut heads = vec![0u32; 1 << HEADS];
    // At most three for a character, which are seldom fewer bytes.
    let mut nodes = Vec::with_capacity(text.len());
    nodes.push(Node::default());
    // The last turn that a unit was asked about.
    let mut tried = vec![0u32; 1 << 16];
    let (mut past, mut field, mut count) = ([0; 4], 0, 0u32);
    for (turn, unit) in (1..).zip(text.encode_utf16()) {
        count = turn;
        let one = mix(0, past[0]);
        let two = mix(one, past[1]);
        let contexts = [one, two, mix(mix(two, past[2]), past[3])];
        let firsts = contexts.map(|context| {
            let first = heads[head(context)];
            // Another context may have the same place.
            if nodes[first as usize].context == context { first } else { 0 }
        });
        let (mut found, mut asked, mut looked) = (None, 0, 0);
        'orders: for order in (0..ORDERS).rev() {
            let mut at = firsts[order];
            let mut left = nodes[at as usize].total;
            while at != 0 && asked < TRIES && looked < LOOKS {
                looked += 1;
                let node = nodes[at as usize];
                if tried[usize::from(node.unit)] != turn {
                    tried[usize::from(node.unit)] = turn;
                    left -= node.count;
                    let known = order << 12
                        | usize::from(asked == 0) << 11
                        | (node.count.leading_zeros() as usize) << 6
                        | left.leading_zeros() as usize;
                    asked += 1;
                    coder.answer(known, BY_UNIT | (mix(one, node.unit) >> 15) as usize, node.unit == unit);
                    if node.unit == unit {
                        found = Some((order, node.count));
                        break 'orders;
                    }
                }
                at = node.next;
            }
        }
        if found.is_none() {
            let [first, second] = unit.to_be_bytes();
            coder.byte(FIRST + field, first);
            coder.byte(if first == 0 { SECOND + field } else { first.into() }, second);
        }
        // What is known in a context is not news in a shorter one.
        let (order, known) = found.unwrap_or_default();
        for at in order..ORDERS {
            heads[head(contexts[at])] = u32::try_from(nodes.len()).unwrap_or(0);
            nodes.push(Node {
                context: contexts[at],
                unit,
                count: if at == order { known + 1 } else { 1 },
                total: nodes[firsts[at] as usize].total + 1,
                next: firsts[at],
            });
        }
        past = [unit, past[0], past[1], past[2]];
        // What stands between pages, records and their parts says which of them follows.
        if unit < 32 {
            field = usize::from(unit & 3);
        }
    }
    (count as usize, coder.digits.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_carry_and_need_no_escapes() {
        let mut digits = Digits(vec![0, 63, 63]);
        digits.add(1);
        assert_eq!(digits.0, [1, 0, 0]);
        let all = Digits((0..64).collect()).text();
        assert!(all.chars().zip(0..).all(|(c, digit)| u32::from(c) & 63 == digit));
        assert!(!all.contains(['"', '\\', '\n', '\r', '\0']) && all.is_ascii());
    }

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
}
