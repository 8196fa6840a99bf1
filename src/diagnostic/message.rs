//! What a finding says, in both languages.
//!
//! In: two format strings over the same values. Out: a [`Message`]. A plan can have tens of thousands of findings, and each is kept with its
//! chapter and in the list of all: copies share their words, and words without values are those of the program itself.

use super::Language;
use std::{fmt, ops::Deref, sync::Arc};

/// One sentence in Traditional Chinese and in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Traditional Chinese.
    pub zh: Sentence,
    /// English.
    pub en: Sentence,
}

impl Message {
    /// The sentence in one language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}

/// A sentence in one language.
#[derive(Clone)]
pub struct Sentence(Words);

#[derive(Clone)]
enum Words {
    Fixed(&'static str),
    Made(Arc<str>),
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Words::Fixed(words) => words,
            Words::Made(words) => words,
        }
    }
}

impl From<fmt::Arguments<'_>> for Sentence {
    fn from(arguments: fmt::Arguments<'_>) -> Self {
        Self(arguments.as_str().map_or_else(|| Words::Made(arguments.to_string().into()), Words::Fixed))
    }
}

impl From<String> for Sentence {
    fn from(words: String) -> Self {
        Self(Words::Made(words.into()))
    }
}

impl From<&str> for Sentence {
    fn from(words: &str) -> Self {
        Self(Words::Made(words.into()))
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, formatter)
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl PartialEq for Sentence {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Sentence {}

/// Makes a [`Message`] from two format strings over the same captured variables, Chinese first.
#[macro_export]
macro_rules! message {
    ($zh:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::diagnostic::Message {
            zh: format_args!($zh $(, $name = $value)*).into(),
            en: format_args!($en $(, $name = $value)*).into(),
        }
    };
}
