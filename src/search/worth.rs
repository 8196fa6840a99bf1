//! What a key is worth where it was met.
//!
//! In: an entry's field and length, and how often it holds the key. Out: [`Worth`], one byte: the most that a term of that key can score
//! there by the engine's own formula, and whether it can be the whole of a heading, or begin or end it, for which the engine gives more.

use super::entry::Field;

/// Beyond this count nothing is worth more.
const MOST_COUNTED: usize = 8;
/// The least that a key is worth in a heading, and more than it is worth anywhere else.
const HEADING: u8 = 22;
/// The bits of what it scores.
const SCORE: u8 = 0x3f;

/// In the lowest six bits what the key scores, in tenths; beside them what it does in a heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Worth(pub u8);

impl Worth {
    /// The key is what a heading begins with.
    pub(super) const BEGINS: Self = Self(0x40);
    /// The key is what a heading ends with.
    pub(super) const ENDS: Self = Self(0x80);

    /// What the key does in a heading, in the highest bits of a number whose others say something else.
    pub(super) const fn beside(self) -> u32 {
        (self.0 as u32) << 24
    }

    /// The same, read from such a number.
    pub(super) fn edges(number: u32) -> Self {
        Self(number.to_be_bytes()[0] & !SCORE)
    }

    /// What an entry scores for a term that it holds so many times: BM25 without the term's rarity, which is the same for all entries,
    /// times the field's weight. A heading scores no less than [`HEADING`], so that readers of postings know it for one.
    pub(super) fn new(field: Field, count: usize, length: usize) -> Self {
        let (weight, least) = match field {
            Field::Chapter => (3.0, HEADING),
            Field::Section => (2.6, HEADING),
            Field::Subsection => (2.3, HEADING),
            Field::Annex => (1.6, HEADING),
            Field::Clause => (1.0, 1),
            Field::Row => (0.9, 1),
            Field::Footnote => (0.7, 1),
        };
        let exactly = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let (count, length) = (exactly(count.min(MOST_COUNTED)), exactly(length));
        // k1 is 1.2 and b is 0.6, an entry has 48 characters on average, and scores are in tenths; the engine reckons in the same order.
        let score = 22.0 * weight * count / (count + 0.48 + 0.015 * length);
        // Between 1 and 63, whatever the length.
        let tenths = score.clamp(f64::from(least), f64::from(SCORE));
        // Rounded up; to ask the mathematical library for that takes longer than the rest.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what the bits hold")]
        let whole = tenths as u8;
        Self(whole + u8::from(f64::from(whole) < tenths))
    }

    /// Everything that a key can be worth.
    pub(super) fn every() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).map(Self).filter(|worth| worth.0 & SCORE > 0 && (worth.is_of_heading() || worth.0 < HEADING))
    }

    pub(super) fn score(self) -> u8 {
        self.0 & SCORE
    }

    pub(super) fn is_of_heading(self) -> bool {
        self.0 & SCORE >= HEADING
    }

    /// The same with what the key does in a heading; elsewhere that counts for nothing.
    pub(super) fn with(self, edge: Self) -> Self {
        if self.is_of_heading() { Self(self.0 | edge.0) } else { self }
    }

    /// The least that is no less than both for a key of one unit, which stands at both edges of a heading only if it is all of it.
    pub(super) fn or_alone(self, other: Self) -> Self {
        let edges = |worth: Self| worth.0 & !SCORE;
        // A fast path: few keys stand at an edge, and to count edges takes longer than all the rest.
        if edges(self) | edges(other) == 0 {
            return Self(self.0.max(other.0));
        }
        let most = if edges(other).count_ones() > edges(self).count_ones() { other } else { self };
        Self((self.0 & SCORE).max(other.0 & SCORE) | edges(most))
    }

    /// The least that is no less than both.
    pub(super) fn or(self, other: Self) -> Self {
        Self((self.0 & SCORE).max(other.0 & SCORE) | (self.0 | other.0) & !SCORE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_is_worth_rises_with_its_field_and_falls_with_its_length() {
        let worths = [(Field::Chapter, 1, 4), (Field::Clause, 1, 4), (Field::Clause, 1, 200), (Field::Clause, 1, 1_000_000)];
        assert_eq!(worths.map(|(field, count, length)| Worth::new(field, count, length).0), [43, 15, 5, 1]);
        assert_eq!(Worth::new(Field::Chapter, 1, 1_000_000).0, HEADING);
        for count in [8, 9] {
            assert_eq!(Worth::new(Field::Clause, count, 1).0, HEADING - 1);
        }
    }

    #[test]
    fn only_a_heading_begins_or_ends_with_a_key() {
        assert_eq!(Worth(21).with(Worth::BEGINS), Worth(21));
        assert_eq!(Worth(22).with(Worth::BEGINS).with(Worth::ENDS), Worth(0xd6));
        assert_eq!(Worth(0xab).or(Worth(0x72)), Worth(0xf2));
        assert_eq!(Worth(0xab).or_alone(Worth(0x72)), Worth(0xb2));
        assert_eq!(Worth(0xab).or_alone(Worth(0xd6)), Worth(0xeb));
        assert!(Worth::every().all(|worth| worth.is_of_heading() || worth.with(Worth::ENDS) == worth));
        assert_eq!(Worth::every().count(), 21 + 42 * 4);
    }
}
