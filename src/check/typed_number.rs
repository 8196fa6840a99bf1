//! Numbers that somebody typed before a title, as the plan prints them: the plan prints its own before them.
//!
//! In: the titles of a chapter and of its headings. Out: findings for those that begin like a number of the plan, as text that comes from a
//! word processor does. A number that is part of what the title says, 一、二級 or 第一章之, is none, and neither is one that a reference
//! puts there.

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    document::Kind,
    message,
    numeral::Pattern,
    resolve::{Clause, Plan, words::plain},
    source::Sources,
};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// No list of headings is longer.
const MOST: u32 = 60;
/// The ways in which people write the number of a chapter or an annex.
const SAMPLES: [&str; 3] = ["壹", "一", "1"];
/// What follows a number that is part of a title: what joins it to another word or number.
const GOES_ON: &str = "之至及或與和暨，(（～~-–—/／";
const DIGITS: &str = "一二三四五六七八九十壹貳參肆伍陸柒捌玖拾";

/// The numbers that titles can begin with.
pub(super) struct Numbers {
    /// Those that any title can.
    any: ByFirst,
    /// Those that only a chapter's can, 第一章, and only an annex's, 附件一.
    chapter: ByFirst,
    annex: ByFirst,
}

impl Numbers {
    pub(super) fn new(plan: &Plan) -> Self {
        let ordinals = |pattern: &Pattern| (1..=MOST).map(|ordinal| pattern.label(ordinal)).collect::<Vec<_>>();
        let numerals: Vec<String> = SAMPLES.iter().filter_map(|one| Pattern::parse(one)).flat_map(|pattern| ordinals(&pattern)).collect();
        let with = |key: &str| numerals.iter().map(|numeral| plan.term(key).replace("{n}", numeral)).collect::<Vec<_>>();
        Self {
            any: ByFirst::new(plan.style().patterns.iter().flat_map(ordinals).collect()),
            chapter: ByFirst::new(with("chapter_ordinal")),
            annex: ByFirst::new(with("annex")),
        }
    }

    /// Reports those of a chapter.
    pub(super) fn find(&self, plan: &Plan, index: usize, sources: &Sources, found: &mut Vec<Diagnostic>) {
        let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
        let own = if chapter.kind == Kind::Annex { &self.annex } else { &self.chapter };
        let title = chapter.front.title.as_str();
        let title = self.any.typed(title).or_else(|| own.typed(title)).map(|typed| (typed.to_owned(), chapter.front.span));
        let heading = |clause: Clause<'_>| Some((self.any.typed(clause.title()?)?.to_owned(), clause.span()));
        let headings = facts.clauses.iter().filter(|clause| clause.is_heading()).filter_map(heading);
        for (typed, place) in title.into_iter().chain(headings) {
            let Some(place) = at(&typed, place, sources) else { continue };
            let message = message!(
                "標題前打了編號「{typed}」，印出來會有兩個編號",
                "A number is typed before the title, `{typed}`, and the title is printed with two"
            );
            let help = message!("請刪去「{typed}」，編號會自己算", "Delete `{typed}`; the number is computed");
            found.push(Diagnostic::new(Rule::TypedNumber, place, message).help(help));
        }
    }
}

/// Numbers by their first characters, in half-width and lower case, the longest first: that is the one that was typed. To look up
/// a title's first character is a fast path: few titles begin with any of these.
struct ByFirst(FxHashMap<char, Vec<String>>);

impl ByFirst {
    fn new(labels: Vec<String>) -> Self {
        let mut labels: Vec<String> = labels.into_iter().map(|label| label.chars().map(plain).collect()).collect();
        labels.sort_unstable_by_key(|label| Reverse(label.len()));
        let mut all: FxHashMap<char, Vec<String>> = FxHashMap::default();
        for label in labels.into_iter().filter(|label| !is_bare(label)) {
            all.entry(label.chars().next().unwrap_or_default()).or_default().push(label);
        }
        Self(all)
    }

    /// The number at the beginning of a title, if it is none of what the title says.
    fn typed<'t>(&self, title: &'t str) -> Option<&'t str> {
        let numbers = self.0.get(&plain(title.chars().next()?))?;
        // A number is shorter than this.
        let folded: String = title.chars().take(16).map(plain).collect();
        let number = numbers.iter().find(|number| folded.starts_with(number.as_str()))?;
        let length = title.char_indices().nth(number.chars().count()).map(|(at, _)| at)?;
        let (typed, rest) = title.split_at(length);
        // 附件一覽表, and other words that begin so; what a mark or a chapter's own word ends is apart from anything.
        let ends = number.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || DIGITS.contains(c));
        let is_apart = !ends || rest.starts_with(|c: char| !c.is_alphanumeric());
        let goes_on = |c: char| GOES_ON.contains(c) || DIGITS.contains(c) || c.is_numeric();
        let words = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(plain(c), ':' | '.' | '、'));
        (is_apart && !words.is_empty() && !words.starts_with(goes_on)).then_some(typed)
    }
}

/// Whether a number has nothing around it, as that of a level without marks.
fn is_bare(label: &str) -> bool {
    label.chars().all(|c| c.is_ascii_alphanumeric() || DIGITS.contains(c))
}

/// Where the number stands in the title's or the heading's source, if somebody typed it there.
fn at(typed: &str, place: Span, sources: &Sources) -> Option<Span> {
    let start = sources.slice(place).find(typed)?;
    Some(place.within(start, start + typed.len()))
}
