//! The words of a tree.
//!
//! In: a file's text. Out: [`Text`], a part of it. Trees say what their files say, and a plan of ten thousand chapters holds every word
//! once. Only words that are written otherwise in the file, such as those with an escape, are held by themselves.

use std::{
    fmt,
    ops::{Deref, Range},
    sync::Arc,
};

/// Words: a part of a text that others share.
#[derive(Clone)]
pub struct Text {
    whole: Arc<String>,
    start: u32,
    end: u32,
}

impl Text {
    /// A part of a text; nothing when the range cuts a character or lies outside.
    #[must_use]
    pub fn of(whole: &Arc<String>, range: Range<usize>) -> Self {
        let is_part = whole.get(range.clone()).is_some();
        match (u32::try_from(range.start), u32::try_from(range.end)) {
            (Ok(start), Ok(end)) if is_part => Self { whole: Arc::clone(whole), start, end },
            _ => Self::default(),
        }
    }

    /// Words of a text, which they share if they are a part of it.
    #[must_use]
    pub fn shared(whole: &Arc<String>, words: &str) -> Self {
        let start = (words.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
        let is_part = start.checked_add(words.len()).is_some_and(|end| end <= whole.len());
        if is_part { Self::of(whole, start..start + words.len()) } else { words.into() }
    }

    /// Where they begin in a text that they are a part of.
    pub(super) fn start_in(&self, whole: &Arc<String>) -> Option<u32> {
        Arc::ptr_eq(&self.whole, whole).then_some(self.start)
    }

    /// A part of these words.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let start = self.start as usize;
        Self::of(&self.whole, start + range.start..start + range.end)
    }

    /// The words without white space at the end.
    #[must_use]
    pub fn trimmed_end(&self) -> Self {
        self.part(0..self.trim_end().len())
    }

    /// Several words as one, which they share with the text if they stand there side by side.
    #[must_use]
    pub fn joined(parts: &[Self]) -> Self {
        let is_next = |pair: &[Self]| Arc::ptr_eq(&pair[0].whole, &pair[1].whole) && pair[0].end == pair[1].start;
        match parts {
            [] => Self::default(),
            [first, .., last] if parts.windows(2).all(is_next) => Self { end: last.end, ..first.clone() },
            [one] => one.clone(),
            _ => parts.iter().map(|part| &**part).collect::<String>().into(),
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        String::new().into()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.whole[self.start as usize..self.end as usize]
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl From<String> for Text {
    fn from(whole: String) -> Self {
        let end = u32::try_from(whole.len()).unwrap_or(0);
        Self { whole: whole.into(), start: 0, end }
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, formatter)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_side_by_side_are_joined_in_place_and_others_are_copied() {
        let whole = Arc::new(String::from("資通安全"));
        let (first, second, last) = (Text::of(&whole, 0..3), Text::of(&whole, 3..6), Text::of(&whole, 9..12));
        let joined = Text::joined(&[first.clone(), second]);
        assert_eq!((&*joined, Arc::ptr_eq(&joined.whole, &whole)), ("資通", true));
        let copied = Text::joined(&[first, last]);
        assert_eq!((&*copied, Arc::ptr_eq(&copied.whole, &whole)), ("資全", false));
        assert_eq!(&*Text::joined(&[]), "");
    }

    #[test]
    fn a_part_ends_within_its_text() {
        let text = Text::from("安全 ");
        assert_eq!((&*text.part(3..6), &*text.trimmed_end()), ("全", "安全"));
        assert_eq!([&*text.part(1..3), &*text.part(3..99)], ["", ""]);
    }
}
