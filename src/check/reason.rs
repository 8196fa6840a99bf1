//! Reasons for an amendment, while they can still be mended: once approved they are sealed and printed as they stand.
//!
//! In: reasons, each with the id of its clause and where it stands. Out: the findings that other words of a plan would have.

use super::{leftover, words_place::overlapping};
use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    message,
    source::{
        Sources,
        yaml::{PlainWords, markup_in_plain_words},
    },
};

/// Reports leftovers, blanks and signs of Markdown in a reason.
pub fn reason(id: &str, words: &str, place: Span, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let mut add = |finding: Diagnostic| found.push(Diagnostic { about: Some(id.into()), ..finding });
    leftover::in_words(words, true, &mut |nth, rule, needle, message, help| {
        let help = match rule {
            Rule::LeftoverEllipsis => message!("請把理由寫完", "Say all of the reason"),
            Rule::LeftoverGuidance => message!("請刪去，只寫理由", "Delete it; say the reason alone"),
            _ => help,
        };
        // A reason of several lines has its place at the first of them.
        let text = &sources.file(place.file).text[place.range().start..];
        let at = overlapping(text, needle).nth(nth);
        let span = at.map_or(place, |at| place.within(at, at + needle.len()));
        add(Diagnostic::new(rule, span, message).help(help));
    });
    markup_in_plain_words(words, PlainWords::Title, || place).into_iter().for_each(add);
}
