//! Findings about content, as data.
//!
//! In: facts found by any stage. Out: [`Diagnostic`] values that name a rule, a place and a way out, in both languages.
//! This module never prints and never decides what to do about a finding: `report` renders, `cli` prints.

mod message;
mod reason;
mod rule;

pub use message::{Message, Sentence};
pub use reason::{is_held, reason};
pub use rule::{Family, Rule};

use crate::message;

/// A file's index in `Sources`; stable for the life of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of UTF-8 bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets beyond 4 GiB cannot occur because larger files are never read.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The very beginning of a file, for findings about the file as a whole.
    #[must_use]
    pub fn whole(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }

    /// A part of this span, by byte offsets from its start.
    #[must_use]
    pub fn within(self, start: usize, end: usize) -> Self {
        Self::new(self.file, self.start as usize + start, self.start as usize + end)
    }

    /// The range of bytes.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The language in which a person reads findings and progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Traditional Chinese, `zh-TW`.
    Chinese,
    /// English, `en`.
    English,
}

impl Language {
    /// The one of two things that is in this language.
    #[must_use]
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Chinese => zh,
            Self::English => en,
        }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Reported; the build goes on.
    Warning,
    /// Nothing is written.
    Error,
}

impl Severity {
    /// The name used in `plan.yaml` and in every output format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A second place that explains a finding, such as the first use of a duplicate id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: Message,
}

/// A change of the source that mends a finding and needs no thought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

/// One finding: which rule, how heavy, where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: Rule,
    /// The rule's default severity until `check` applies the plan's own.
    pub severity: Severity,
    /// What is wrong.
    pub message: Message,
    /// Where; `None` only when no file exists to point into.
    pub span: Option<Span>,
    /// The id of what an approved edition had and no file holds any more; a waiver names it.
    pub about: Option<Box<str>>,
    /// Other places that belong to the finding.
    pub related: Vec<Related>,
    /// What to do about it.
    pub help: Option<Message>,
    /// What would mend it, where there is exactly one way.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A finding at a place, with the rule's default severity.
    #[must_use]
    pub fn new(rule: Rule, span: Span, message: Message) -> Self {
        Self { span: Some(span), ..Self::nowhere(rule, message) }
    }

    /// A finding about something that no file holds.
    #[must_use]
    pub fn nowhere(rule: Rule, message: Message) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            message,
            span: None,
            about: None,
            related: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// Adds the way out when there is one, such as a did-you-mean that found a near word.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<Message>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, span: Span, message: Message) -> Self {
        self.related.push(Related { span, message });
        self
    }
}

/// Words of more characters than this are no names: to compare two takes a step for each pair of their characters.
const LONGEST: usize = 100;

/// The known word nearest to `word`, when it is near enough to be what was meant.
///
/// Near enough is an edit distance of at most a third of the longer word, at least one.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = length(word)?;
    known
        .into_iter()
        .filter_map(|candidate| {
            let other = self::length(candidate)?;
            let longer = other.max(length);
            let limit = (longer / 3).max(1);
            // Words of very different length cannot be near; most need no closer look.
            if other.abs_diff(length) > limit {
                return None;
            }
            let distance = strsim::damerau_levenshtein(word, candidate);
            (distance <= limit && distance < longer).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters a word has, unless it has too many.
fn length(word: &str) -> Option<usize> {
    let length = word.chars().take(LONGEST + 1).count();
    (length <= LONGEST).then_some(length)
}

/// A did-you-mean sentence for an unknown word.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Message> {
    nearest(word, known).map(|near| message!("是不是「{near}」？", "Did you mean `{near}`?"))
}

/// The same, or all known words where none is near.
pub fn did_you_mean_or_all(word: &str, known: &[impl AsRef<str>]) -> Message {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    did_you_mean(word, known.iter().copied()).unwrap_or_else(|| {
        let (zh, en) = (known.join("、"), known.join(", "));
        message!("可用的有：{zh}", "There are: {en}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_a_typo_and_leaves_strangers_alone() {
        assert_eq!(nearest("guidence", ["guidance", "table"]), Some("guidance"));
        assert_eq!(nearest("level", ["level", "name"]), Some("level"));
        assert_eq!(nearest("資安長", ["資通安全長"]), None);
        assert_eq!(nearest("xyz", ["guidance"]), None);
        assert_eq!(nearest("a", ["b"]), None);
    }

    #[test]
    fn what_is_too_long_for_a_name_is_near_to_none() {
        let long = ["a".repeat(100), "a".repeat(1_000_000)];
        assert_eq!(nearest(&format!("{}b", &long[0][1..]), long.iter().map(String::as_str)), Some(long[0].as_str()));
        assert_eq!(nearest(&format!("{}b", long[1]), long.iter().map(String::as_str)), None);
    }
}
