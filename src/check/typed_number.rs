//! Numbers that somebody typed before a title, as the plan prints them: the plan prints its own before them.
//!
//! In: the titles of a chapter and of its headings. Out: findings for those that begin like a number of the plan, as text that comes from a
//! word processor does. A number that is part of what the title says, 一、二級 or 第一章之, is none.

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    message,
    numeral::Pattern,
    resolve::{Clause, Plan, words::plain},
    source::Sources,
};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// No list of headings is longer.
const MOST: u32 = 60;
/// The levels that have headings: chapters, sections and those below.
const HEADINGS: usize = 3;
/// The ways in which people write the number of a chapter or an annex.
const SAMPLES: [&str; 3] = ["壹", "一", "1"];
/// What follows a number that is part of a title.
const GOES_ON: &str = "之至及或與和暨、，";
const DIGITS: &str = "一二三四五六七八九十壹貳參肆伍陸柒捌玖拾";

/// The numbers that a title can begin with.
pub(super) struct Numbers {
    /// By their first characters, in half-width and lower case, the longest first: that is the one that was typed. Hardly a title begins so.
    by_first: FxHashMap<char, Vec<String>>,
}

impl Numbers {
    pub(super) fn new(plan: &Plan) -> Self {
        let term = |key: &str| SAMPLES.iter().filter_map(|one| Pattern::parse(&plan.term(key).replace("{n}", one))).collect::<Vec<_>>();
        let of_headings = plan.style().patterns.iter().take(HEADINGS).cloned();
        let patterns = of_headings.chain(term("chapter_ordinal")).chain(term("annex"));
        let labels = patterns.flat_map(|pattern| (1..=MOST).map(move |ordinal| pattern.label(ordinal)));
        let mut labels: Vec<String> = labels.map(|label| label.chars().map(plain).collect()).collect();
        labels.sort_by_key(|label| Reverse(label.len()));
        let mut by_first: FxHashMap<char, Vec<String>> = FxHashMap::default();
        for label in labels.into_iter().filter(|label| !is_bare(label)) {
            by_first.entry(label.chars().next().unwrap_or_default()).or_default().push(label);
        }
        Self { by_first }
    }

    /// The number at the beginning of a title, if it is none of what the title says.
    fn typed<'t>(&self, title: &'t str) -> Option<&'t str> {
        let numbers = self.by_first.get(&plain(title.chars().next()?))?;
        // A number is shorter than this.
        let folded: String = title.chars().take(12).map(plain).collect();
        let number = numbers.iter().find(|number| folded.starts_with(number.as_str()))?;
        let length = title.char_indices().nth(number.chars().count()).map(|(at, _)| at)?;
        let (typed, rest) = title.split_at(length);
        // 附件一覽表, and other words that begin so.
        let is_apart = !number.ends_with(char::is_alphanumeric) || rest.starts_with(|c: char| !c.is_alphanumeric());
        let goes_on = |c: char| GOES_ON.contains(c) || DIGITS.contains(c) || c.is_numeric();
        let words = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(plain(c), ':' | '.'));
        (is_apart && !words.is_empty() && !words.starts_with(goes_on)).then_some(typed)
    }

    /// Reports those of a chapter.
    pub(super) fn find(&self, plan: &Plan, index: usize, sources: &Sources, found: &mut Vec<Diagnostic>) {
        let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
        let title = self.typed(&chapter.front.title).zip(chapter.front.span);
        let heading = |clause: Clause<'_>| Some((self.typed(clause.title()?)?.to_owned(), clause.span()));
        let headings = facts.clauses.iter().filter(|clause| clause.is_heading()).filter_map(heading);
        for (typed, place) in title.map(|(typed, place)| (typed.to_owned(), place)).into_iter().chain(headings) {
            let message = message!(
                "標題前打了編號「{typed}」，印出來會有兩個編號",
                "A number is typed before the title, `{typed}`, and the title is printed with two"
            );
            let help = message!("請刪去「{typed}」，編號會自己算", "Delete `{typed}`; the number is computed");
            found.push(Diagnostic::new(Rule::TypedNumber, at(&typed, place, sources), message).help(help));
        }
    }
}

/// Whether a number has nothing around it, as that of a level without marks.
fn is_bare(label: &str) -> bool {
    label.chars().all(|c| c.is_ascii_alphanumeric() || DIGITS.contains(c)) || label.chars().count() > 10
}

/// Where the number stands in the title's or the heading's source; the whole of that where it is written otherwise.
fn at(typed: &str, place: Span, sources: &Sources) -> Span {
    let start = sources.slice(place).find(typed);
    start.map_or(place, |start| place.within(start, start + typed.len()))
}
