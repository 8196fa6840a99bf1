//! Numbers of a YAML file as they are written.
//!
//! In: YAML that `serde_yaml` has read. Out: the texts of those numbers that reading may have changed, `99.90` or `0x10`, by their path.
//! What a number is worth is not known here. A file in which no number can have changed is not read a second time.

use super::yaml::{self, Step};
use rustc_hash::FxHashMap;
use saphyr_parser::ScalarStyle;

/// The numbers of one file that may read otherwise than they are written.
#[derive(Debug, Default)]
pub struct Numbers(FxHashMap<Vec<Step>, Box<str>>);

impl Numbers {
    /// Reads a whole file.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut numbers = Self::default();
        if may_change(text) {
            yaml::scalars(text, &mut |path, text, style, _| {
                if style == ScalarStyle::Plain && is_number(text) && may_change(text) {
                    numbers.0.insert(path.to_vec(), text.into());
                }
            });
        }
        numbers
    }

    /// The number's text at a path, or that of an item of the list there.
    #[must_use]
    pub fn at(&self, path: impl IntoIterator<Item = Step>, item: Option<usize>) -> Option<&str> {
        // Most files hold none.
        if self.0.is_empty() {
            return None;
        }
        let path: Vec<Step> = path.into_iter().chain(item.map(Step::Index)).collect();
        self.0.get(&path).map(|text| &**text)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a text begins as a number does.
fn is_number(text: &str) -> bool {
    text.trim_start_matches(['+', '-']).trim_start_matches('.').starts_with(|first: char| first.is_ascii_digit())
}

/// Whether a text may hold a number that is shown otherwise than it is written: one with a point, an exponent, a plus sign or a base.
fn may_change(text: &str) -> bool {
    let (bytes, of_number) = (text.as_bytes(), |byte: u8| byte.is_ascii_digit() || byte == b'.');
    bytes.windows(2).enumerate().any(|(at, pair)| match pair {
        [digit, b'.' | b'e' | b'E' | b'x' | b'o' | b'b'] => digit.is_ascii_digit(),
        [b'+' | b'.', next] => of_number(*next),
        // No number begins right behind a digit: this is a day, `2025-09`, or a telephone number.
        [b'-', b'0'] => at.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_digit()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_text_that_reading_changes() {
        let text = "a: { b: [1, 99.90, \"1.10\", x], ? [1.0] : 2.50 }\nc: -0\nd: +7\ne: 0x10\nf: 1e3\ng: .5\nh: 1.2.3\n";
        let numbers = Numbers::of(text);
        let at = |key: &str| numbers.at([key.into()], None);
        let item = |index| numbers.at(["a".into(), "b".into()], Some(index));
        assert_eq!(item(1), Some("99.90"));
        for (key, text) in [("c", "-0"), ("d", "+7"), ("e", "0x10"), ("f", "1e3"), ("g", ".5")] {
            assert_eq!(at(key), Some(text));
        }
        assert_eq!(item(0), None, "nothing changes it");
        assert_eq!(item(2), None, "it is no number");
    }

    #[test]
    fn most_files_are_not_read_again() {
        assert!(Numbers::of("rows: [{ hours: 4, since: \"2026-11-22\", telephone: 02-1234 }]\n").is_empty());
        assert!(!may_change("rows: [{ since: 2025-09, until: \"2026-01-02\", telephone: 02-0123 }]\n"));
        for text in ["-0", "a: -0", "[1,-0]", "{\"a\":-0}", "- 1\n-0"] {
            assert!(may_change(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_yaml_ends_the_reading() {
        assert_eq!(Numbers::of("a: 1.50\nb: [1.0, }\nc: 2.50\n").at(["a".into()], None), Some("1.50"));
    }
}
