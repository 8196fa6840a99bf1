//! Odds: how probable an answer is, from what the answers were before.
//!
//! In: experiences, which are what came of the same question in some respect. Out: the probability of yes; and experiences that know one
//! answer more. All of it is whole numbers, but for what three tables are made from, in operations that IEEE 754 defines to the last bit.

use super::coder::PARTS;

/// The evidence that a probability is worth, which adds up; and back. A probability of `(1 + z) / 2` is worth `z / sqrt(1 - z * z)`.
pub(super) struct Odds {
    /// By the probability in [`PARTS`]: the evidence in [`UNITS`].
    evidence: Vec<i16>,
    /// By the sum of evidence in [`SUM_UNITS`], from minus to plus half as many as there are [`PARTS`]: the probability.
    chances: Vec<u16>,
    /// By how often something was asked: how much the next answer counts, in 16384ths.
    rates: Vec<i32>,
}

/// What is known in one respect: a probability in 65536ths, and in the lowest eight bits how often it was asked.
#[derive(Clone, Copy)]
pub(super) struct Experience(i32);

impl Default for Experience {
    fn default() -> Self {
        Self(1 << 23)
    }
}

/// How many make up evidence of one where an experience counts once, and how many there are in the sum of all.
const UNITS: f64 = 48.0;
const SUM_UNITS: f64 = 128.0;
/// After so many answers the newest one counts no less.
const OFTEN: i32 = 80;
/// How probable an answer becomes that is always the same, in 65536ths: nothing is ever certain.
const CERTAIN: i32 = 65404;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "evidence is less than half the parts, chances are parts")]
impl Odds {
    pub(super) fn new() -> Self {
        let half = f64::from(PARTS / 2);
        let places = || (0..PARTS).map(|at| (f64::from(at) - (half - 0.5)) / half);
        let most = half / SUM_UNITS;
        Self {
            evidence: places().map(|z| (UNITS * z / (1.0 - z * z).sqrt()) as i16).collect(),
            chances: places().map(|z| (half + half * most * z / (1.0 + most * most * z * z).sqrt()) as u16).collect(),
            rates: (0..=OFTEN).map(|asked| (16384.0 / (f64::from(asked) + 1.6)) as i32).collect(),
        }
    }

    /// The probability of yes, in [`PARTS`]. Both experiences together are worth more than either, since each knows something of its own,
    /// and the first one is worth twice as much.
    pub(super) fn foretell(&self, one: Experience, two: Experience) -> u32 {
        let evidence = |known: Experience| i32::from(self.evidence[(known.0 >> 12) as usize]);
        let sum = 2 * evidence(one) + evidence(two);
        self.chances[(sum + PARTS.cast_signed() / 2) as usize].into()
    }

    /// Adds an answer to an experience.
    pub(super) fn learn(&self, known: &mut Experience, yes: bool) {
        let (chance, asked) = (known.0 >> 8, known.0 & 255);
        let goal = if yes { CERTAIN } else { 65536 - CERTAIN };
        let step = (goal - chance) * self.rates[asked as usize];
        known.0 = (chance + (step >> 14)) << 8 | OFTEN.min(asked + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_always_so_is_expected_and_never_certain() {
        let odds = Odds::new();
        for (yes, expected) in [(true, 4080..PARTS), (false, 1..17)] {
            let mut known = Experience::default();
            assert!(odds.foretell(known, known).abs_diff(PARTS / 2) < 16);
            (0..1000).for_each(|_| odds.learn(&mut known, yes));
            assert!(expected.contains(&odds.foretell(known, known)), "{}", odds.foretell(known, known));
        }
    }

    #[test]
    fn no_evidence_is_beyond_the_tables() {
        let odds = Odds::new();
        for extreme in [CERTAIN, 65536 - CERTAIN] {
            let known = Experience(extreme << 8);
            assert!((1..PARTS).contains(&odds.foretell(known, known)));
        }
    }
}
