//! The numbers of a tree.
//!
//! In: numbers, all of them at once. Out: [`Numbers`], which are read by their position, and kept in half the room where none of them is
//! large, as in most chapters. What they mean is said in [`tree`](super::tree).

use super::kept;

/// A list of numbers that does not change any more.
#[derive(Debug)]
pub(super) enum Numbers {
    /// None is larger than two bytes hold.
    Narrow(Box<[u16]>),
    Wide(Box<[u32]>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Narrow(Box::default())
    }
}

impl From<Vec<u32>> for Numbers {
    fn from(list: Vec<u32>) -> Self {
        if list.iter().all(|number| *number <= u16::MAX.into()) {
            return Self::Narrow(list.iter().map(|number| u16::try_from(*number).unwrap_or(u16::MAX)).collect());
        }
        Self::Wide(kept(list))
    }
}

impl Numbers {
    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        let count = match self {
            Self::Narrow(list) => list.len(),
            Self::Wide(list) => list.len(),
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// A few side by side, from a position on.
    #[inline]
    pub(super) fn at<const N: usize>(&self, position: u32) -> [u32; N] {
        let position = position as usize;
        let found = match self {
            Self::Narrow(list) => list[position..].first_chunk().map(|few: &[u16; N]| few.map(u32::from)),
            Self::Wide(list) => list[position..].first_chunk().copied(),
        };
        found.unwrap_or([0; N])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_in_either_room() {
        for most in [0, 65_535, 65_536, u32::MAX] {
            let numbers = Numbers::from(vec![7, 0, most]);
            assert_eq!((numbers.count(), numbers.at(0), numbers.at(1)), (3, [7, 0, most], [0, most]));
            assert_eq!(matches!(numbers, Numbers::Narrow(_)), most <= 65_535);
        }
    }
}
