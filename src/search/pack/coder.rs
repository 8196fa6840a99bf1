//! The arithmetic coder: a number between nothing and one, told digit by digit.
//!
//! In: answers and choices, each with how probable it was. Out: digits of six bits. What was probable leaves the number nearly as free as it
//! was and costs next to nothing. Knows nothing of texts.

use super::super::DIGITS;

/// Probabilities of answers are this many parts.
pub(super) const PARTS: u32 = 1 << 12;
/// Below this the range is too coarse, and gives a digit away. Choices have fewer parts than that.
const COARSE: u32 = 1 << 24;

/// So many of the last digits are still being added to.
const OPEN: u32 = 10;
/// So many remain when the others are closed. What is added has no more.
const LEFT: u32 = 5;

/// The number so far: digits, and how much room is left.
pub(super) struct Coder {
    /// Those that change only when something is carried over.
    digits: Vec<u8>,
    /// Those behind them, as one number, and how many they are.
    open: u64,
    count: u32,
    range: u32,
}

impl Coder {
    /// Nothing told yet; room for so many digits.
    pub(super) fn new(room: usize) -> Self {
        Self { digits: Vec::with_capacity(room), open: 0, count: 0, range: 1 }
    }

    /// Tells an answer that was yes with a probability of `chance` [`PARTS`].
    pub(super) fn answer(&mut self, chance: u32, yes: bool) {
        self.refine();
        let split = self.range / PARTS * chance;
        if yes {
            self.range = split;
        } else {
            self.add(split);
            self.range -= split;
        }
    }

    /// Tells a choice that has `share` parts of `total`, with `below` parts before it.
    pub(super) fn choice(&mut self, below: u32, share: u32, total: u32) {
        self.refine();
        let part = self.range / total;
        self.add(part * below);
        self.range = part * share;
    }

    /// The digits.
    pub(super) fn text(mut self) -> String {
        self.close(0);
        for digit in &mut self.digits {
            *digit = DIGITS[usize::from(*digit)];
        }
        String::from_utf8(self.digits).unwrap_or_default()
    }

    /// Makes the range fine enough.
    fn refine(&mut self) {
        while self.range < COARSE {
            self.range <<= 6;
            if self.count == OPEN {
                self.close(LEFT);
            }
            self.open <<= 6;
            self.count += 1;
        }
    }

    /// Closes the first of the open digits, until so many are left.
    fn close(&mut self, left: u32) {
        while self.count > left {
            self.count -= 1;
            self.digits.push((self.open >> (6 * self.count) & 63) as u8);
        }
        self.open &= (1 << (6 * left)) - 1;
    }

    /// Adds to the number.
    fn add(&mut self, value: u32) {
        self.open += u64::from(value);
        let carried = self.open >> (6 * self.count);
        if carried > 0 {
            self.open -= carried << (6 * self.count);
            self.carry(carried);
        }
    }

    #[cold]
    fn carry(&mut self, mut value: u64) {
        for digit in self.digits.iter_mut().rev() {
            value += u64::from(*digit);
            *digit = (value & 63) as u8;
            value >>= 6;
            if value == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_carry_and_need_no_escapes() {
        let mut coder = Coder { digits: vec![0, 63, 63], ..Coder::new(0) };
        coder.refine();
        coder.add((1 << 24) - 1);
        assert_eq!((coder.digits.as_slice(), coder.open), (&[0, 63, 63][..], (1 << 24) - 1));
        coder.add(1);
        assert_eq!((coder.digits.as_slice(), coder.open), (&[1, 0, 0][..], 0));
        let all = Coder { digits: (0..64).collect(), ..Coder::new(0) }.text();
        assert!(all.chars().zip(0..).all(|(c, digit)| u32::from(c) & 63 == digit));
        assert!(!all.contains(['"', '\\', '\n', '\r', '\0']) && all.is_ascii());
    }

    #[test]
    fn what_is_probable_costs_little() {
        let told = |chance: u32| {
            let mut coder = Coder::new(0);
            (0..600).for_each(|_| coder.answer(chance, true));
            coder.text().len()
        };
        assert!(told(PARTS - 1) < 8);
        assert!((100..108).contains(&told(PARTS / 2)));
        assert!((300..308).contains(&told(PARTS / 8)));
    }
}
