//! How like two texts are.
//!
//! In: keys of texts. Out: a [`Shape`] of each, its pairs of neighbouring characters, and the share of pairs that two shapes have in common.
//! Of a very long text only the beginning counts, so that no comparison is slow.

/// How many pairs of a text count.
const PAIRS: usize = 2000;

/// What of a text is compared: its pairs of neighbouring characters, in order of value.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape(Vec<u64>);

impl Shape {
    /// The shape of a text.
    pub(super) fn of(key: &str) -> Self {
        let pair = |one: char, other: char| u64::from(u32::from(one)) << 32 | u64::from(u32::from(other));
        let mut pairs: Vec<u64> = match key.chars().count() {
            0 => Vec::new(),
            1 => key.chars().map(|c| pair('\0', c)).collect(),
            _ => key.chars().zip(key.chars().skip(1)).take(PAIRS).map(|(one, other)| pair(one, other)).collect(),
        };
        pairs.sort_unstable();
        Self(pairs)
    }

    /// Its different pairs.
    pub(super) fn pairs(&self) -> impl Iterator<Item = u64> {
        let mut last = None;
        self.0.iter().copied().filter(move |pair| last.replace(*pair) != Some(*pair))
    }

    /// From 0, nothing in common, to 1, the same pairs equally often.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let (one, other) = (&self.0, &other.0);
        let (mut at, mut with, mut common) = (0, 0, 0_u32);
        while let (Some(a), Some(b)) = (one.get(at), other.get(with)) {
            common += u32::from(a == b);
            at += usize::from(a <= b);
            with += usize::from(b <= a);
        }
        let all = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
        if all == 0 { 0.0 } else { f64::from(common) * 2.0 / f64::from(all) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> f64 {
        Shape::of(one).likeness(&Shape::of(other))
    }

    #[test]
    fn like_texts_share_their_pairs() {
        assert!((likeness("通行碼長度", "通行碼長度") - 1.0).abs() < f64::EPSILON);
        assert!(likeness("通行碼長度8碼以上", "通行碼長度12碼以上") > 0.6);
        assert!(likeness("通行碼長度8碼以上", "人員離職應繳回識別證") < 0.1);
        assert!((likeness("甲", "甲") - 1.0).abs() < f64::EPSILON && likeness("", "") == 0.0);
    }
}
