//! Words without markup: what values and references say in titles, labels and previews.
//!
//! In: inlines and a plan whose clauses are numbered. Out: plain text.

use super::{
    Law, Number, Place, Plan,
    data::{Cell, Field, Value, circles},
};
use crate::document::{Inline, Label, LawReference, Reference, joins_without_space, plain_text};

/// A character's half-width, lower-case form.
#[must_use]
pub fn plain(c: char) -> char {
    let half = match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    };
    half.to_ascii_lowercase()
}

/// Whether a character is a Han character, be it a rare one.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// The plain words of a run of inlines that stands in a part, or in none.
#[must_use]
pub fn of<'a>(plan: &Plan, part: Option<usize>, inlines: impl IntoIterator<Item = Inline<'a>>) -> String {
    of_titled(plan, part, inlines, &|place| title(plan, place))
}

/// The same where somebody else says what places are called.
pub(super) fn of_titled<'a, 't>(
    plan: &Plan,
    part: Option<usize>,
    inlines: impl IntoIterator<Item = Inline<'a>>,
    title_of: &dyn Fn(Place) -> &'t str,
) -> String {
    plain_text(inlines, &mut |inline| match inline {
        Inline::Value(value) => value_words(plan, &plan.data.shown(value.path)),
        Inline::Reference(reference) => reference_titled(plan, part, &reference, title_of),
        Inline::Law(law) => law_words(plan, &law),
        _ => String::new(),
    })
}

/// A value in words.
#[must_use]
pub fn value_words(plan: &Plan, value: &Value) -> String {
    value.words(yes_or_no(plan, true), yes_or_no(plan, false))
}

/// The reader's word for yes or no.
#[must_use]
pub fn yes_or_no(plan: &Plan, value: bool) -> &str {
    plan.term(if value { "yes" } else { "no" })
}

/// The words of a data table's cell that are the same wherever it is shown; nothing for choices, Markdown and a row's number, which
/// each reader has in its own way.
#[must_use]
pub fn of_cell(plan: &Plan, field: &Field, cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Cell::Blank(width) => circles(*width) + field.unit.as_deref().unwrap_or_default(),
        Cell::Boolean(value) => yes_or_no(plan, *value).to_owned(),
        Cell::Choices(_) | Cell::Markdown(_) | Cell::RowNumber | Cell::Empty => String::new(),
    }
}

/// Whether a line end of the source between two inlines of a run that stands in a part, or in none, reads as nothing.
#[must_use]
pub fn joins(plan: &Plan, part: Option<usize>, before: Option<Inline<'_>>, after: Option<Inline<'_>>) -> bool {
    let (before, after) = (of(plan, part, before), of(plan, part, after));
    joins_without_space(before.chars().next_back(), after.chars().next())
}

/// What a reference shows that stands in a part, or in none; one that leads nowhere shows its id.
#[must_use]
pub fn reference_words(plan: &Plan, part: Option<usize>, reference: &Reference<'_>) -> String {
    reference_titled(plan, part, reference, &|place| title(plan, place))
}

fn reference_titled<'t>(plan: &Plan, part: Option<usize>, reference: &Reference<'_>, title_of: &dyn Fn(Place) -> &'t str) -> String {
    if let Label::Words(words) = reference.label {
        return words.to_owned();
    }
    let Some(place) = plan.targets.find(reference.target, &plan.facts) else { return reference.target.to_owned() };
    let (number, title) = (short_number(plan, part, place), title_of(place));
    match reference.label {
        Label::Title if !title.is_empty() => title.to_owned(),
        _ if title.is_empty() || reference.label == Label::Title => number,
        _ => format!("{number} {title}"),
    }
}

/// What a law reference shows; an unknown law shows its id.
#[must_use]
pub fn law_words(plan: &Plan, reference: &LawReference<'_>) -> String {
    if let Label::Words(words) = reference.label {
        return words.to_owned();
    }
    let Some((_, law)) = plan.laws.named(reference.law) else {
        return reference
            .article
            .as_ref()
            .map_or_else(|| reference.law.to_owned(), |article| format!("{}#{article}", reference.law));
    };
    let title = law.title.as_str();
    match &reference.article {
        // The language's own way knows what stands between title and number; a law's own is set apart by a space.
        Some(article) if law.article.is_some() => format!("{title} {}", article_words(plan, law, article)),
        Some(article) => format!("{title}{}", article_words(plan, law, article)),
        None => title.to_owned(),
    }
}

/// How a law's article is called.
#[must_use]
pub fn article_words(plan: &Plan, law: &Law, article: &str) -> String {
    law.article.as_deref().unwrap_or(plan.term("article")).replace("{n}", article)
}

/// A place's number and title, as they are said in a part, or in none.
#[must_use]
pub fn number_and_title(plan: &Plan, part: Option<usize>, place: Place) -> (String, String) {
    (short_number(plan, part, place), title(plan, place).to_owned())
}

fn short_number(plan: &Plan, part: Option<usize>, place: Place) -> String {
    let kind = plan.chapters[place.chapter as usize].kind;
    let number = number(plan, place).short(kind, plan.style());
    match part_beyond(plan, part, place) {
        Some(title) => format!("{title} {number}"),
        None => number,
    }
}

/// The title of the part in which a place stands, where that is another one than the part in which it is spoken of: numbers begin anew
/// in each, so that a number alone would be that of another clause.
#[must_use]
pub fn part_beyond(plan: &Plan, part: Option<usize>, place: Place) -> Option<&str> {
    let of = plan.facts[place.chapter as usize].part;
    plan.named_part(of).filter(|_| part != Some(of))
}

/// A place's number.
#[must_use]
pub fn number(plan: &Plan, place: Place) -> Number {
    let facts = &plan.facts[place.chapter as usize];
    place.clause.map_or_else(|| facts.number.clone(), |clause| facts.clauses.at(clause).number())
}

/// A place's title; nothing where it has none.
#[must_use]
pub fn title(plan: &Plan, place: Place) -> &str {
    let chapter = place.chapter as usize;
    match place.clause {
        None => &plan.chapters[chapter].front.title,
        Some(clause) => plan.facts[chapter].clauses.at(clause).title().map_or("", |title| title),
    }
}

#[cfg(test)]
mod tests {
    use super::is_han;

    #[test]
    fn rare_han_characters_are_han_too() {
        assert!("一鿿㐀䶿豈𠀋".chars().all(is_han));
        assert!(!"a１。：○ぁ가䷀".chars().any(is_han));
    }
}
