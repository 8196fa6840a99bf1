//! Attributes of headings and items: `{#id when="…"}`, and of a form's entries: `{rows=4}`; and the numbers of items that are no clauses.
//!
//! In: the source of a heading or of an item's first paragraph. Out: what its attributes say, and findings for those that have no place
//! there. How attributes are written is the business of `attributes`.

use super::{
    attributes::{self, Ending},
    front_matter::check_id,
    lower::Lowering,
};
use crate::{
    diagnostic::{Message, Rule},
    document::{
        Condition,
        owned::{Anchor, Inline, Item},
    },
    message,
};
use comrak::{Node, nodes::NodeValue};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// What an item's `{…}` says.
#[derive(Default)]
pub(super) struct ItemAttributes {
    pub anchor: Option<Box<Anchor>>,
    pub when: Option<Box<Condition>>,
    pub rows: Option<u8>,
}

/// Gives the items of a list that is no clauses the numbers they were written with, as a quoted law's have them that leaves some out, or that of
/// two laws one after the other. Where all are the same, as Markdown allows, they say where to begin and the items count on.
pub(super) fn number_items(list: Node<'_>, items: &mut [Item]) {
    let number = |item: Node<'_>| match &item.data().value {
        NodeValue::Item(list) => u32::try_from(list.start).ok(),
        _ => None,
    };
    let written: Vec<Option<u32>> = list.children().map(number).collect();
    let are_alike = written.iter().all(|number| *number == written[0]);
    let mut next = 1;
    for (at, (item, written)) in items.iter_mut().zip(&written).enumerate() {
        item.number = written.filter(|number| *number != next && (at == 0 || !are_alike));
        next = item.number.unwrap_or(next).saturating_add(1);
    }
}

impl Lowering<'_> {
    /// An item's first paragraph without the attributes at its end, and the attributes.
    pub(super) fn item_paragraph(&mut self, paragraph: Node<'_>, form: bool) -> (ItemAttributes, Vec<Inline>) {
        let mut range = self.range(paragraph.data().sourcepos);
        // A fence that closes right below the paragraph counts as its last line for the parser.
        if let Some(last) = paragraph.last_child() {
            range.end = self.range(last.data().sourcepos).end.clamp(range.start, range.end);
        }
        let source = &self.text[range.clone()];
        let cut = cut(range.start, source);
        let attributes = self.item_attributes(range.start, source, form);
        if !form {
            self.check_lines(&range);
            self.check_bars(paragraph, &range);
        }
        self.lines_are_text = !form;
        let inlines = self.paragraph(paragraph, cut);
        self.lines_are_text = false;
        (attributes, inlines)
    }

    /// The attributes at the end of a text that begins at `base`; `form` allows `rows`, clauses have `id` and `when`.
    pub(super) fn item_attributes(&mut self, base: usize, source: &str, form: bool) -> ItemAttributes {
        let mut result = ItemAttributes::default();
        let found = match attributes::at_end(source) {
            Ending::Words => return result,
            Ending::Malformed(range) => {
                let help = how_to_write(&source[..range.start], &source[range.clone()]);
                self.report(
                    Rule::UnknownAttribute,
                    base + range.start..base + range.end,
                    message!("這段大括號讀不出屬性", "These braces cannot be read as attributes"),
                    help,
                );
                return result;
            }
            Ending::Quoted(range, id) => {
                let message = message!("屬性的值要用半形的雙引號 \" 括起來", "A value stands between straight double quotes, \"");
                let help = message!(
                    "例如 {{#id when=\"agency.level == 'C'\"}}；裡面的文字用單引號 '",
                    "For example {{#id when=\"agency.level == 'C'\"}}; texts inside it stand between single ones, '"
                );
                self.report(Rule::UnknownAttribute, base + range.start..base + range.end, message, help);
                // What has an address keeps it: one mistake is one finding.
                if let Some((id, range)) = id.filter(|_| !form) {
                    let range = base + range.start..base + range.end;
                    let span = self.span(range.clone());
                    check_id(&id, span, &mut self.findings);
                    result.anchor = Some(Box::new(Anchor { id: self.shared(&id, range), span }));
                }
                return result;
            }
            Ending::Unsigned(range, (id, place)) => {
                let written = &source[range.clone()];
                let message = message!("「{written}」不是位址，會照樣印出來", "`{written}` is no address and is printed");
                let help = if form {
                    message!("這裡不能有位址；要印出大括號請寫 \\{{", "There can be no address here; write \\{{ for the brace itself")
                } else {
                    message!("位址請寫 {{#{id}}}；要印出大括號請寫 \\{{", "Write {{#{id}}} for an address, and \\{{ for the brace itself")
                };
                self.report(Rule::UnknownAttribute, base + range.start..base + range.end, message, help);
                if !form {
                    let (place, span) = (base + place.start..base + place.end, self.span(base + place.start..base + place.end));
                    check_id(&id, span, &mut self.findings);
                    result.anchor = Some(Box::new(Anchor { id: self.shared(&id, place), span }));
                }
                return result;
            }
            Ending::Attributes(found) => found,
        };
        let shifted = |range: &Range<usize>| base + range.start..base + range.end;
        let allowed = if form { "rows" } else { "when" };
        for (word, range) in &found.others {
            self.unknown_attribute(word, shifted(range), allowed);
        }
        for (index, (id, range)) in found.ids.iter().enumerate() {
            let span = self.span(shifted(range));
            if form || index > 0 {
                self.unknown_attribute(&format!("#{id}"), shifted(range), allowed);
                continue;
            }
            check_id(id, span, &mut self.findings);
            result.anchor = Some(Box::new(Anchor { id: self.shared(id, shifted(range)), span }));
        }
        let mut seen = FxHashSet::default();
        for pair in &found.pairs {
            if !seen.insert(&pair.key) {
                self.repeated_attribute(&pair.key, shifted(&pair.key_range));
                continue;
            }
            match pair.key.as_str() {
                "when" if !form => result.when = self.condition(&pair.value, shifted(&pair.value_range)),
                "rows" if form => result.rows = self.number(&pair.value, shifted(&pair.value_range), 1..=12),
                _ => self.unknown_attribute(&pair.key, shifted(&pair.key_range), allowed),
            }
        }
        result
    }

    fn unknown_attribute(&mut self, word: &str, range: Range<usize>, allowed: &str) {
        let id = (word == "id" && allowed == "when")
            .then(|| message!("位址請寫 {{#…}}，例如 {{#english-id}}", "Write an address as {{#…}}, for example {{#english-id}}"));
        let near = id.or_else(|| crate::diagnostic::did_you_mean(word, [allowed]));
        let help = near.unwrap_or_else(|| message!("這裡可用的是 {allowed}", "What can stand here is {allowed}"));
        self.report(Rule::UnknownAttribute, range, message!("沒有「{word}」這個屬性", "There is no attribute `{word}`"), help);
    }

    /// Reports an attribute or argument that stands there twice, of which one would be lost.
    pub(super) fn repeated_attribute(&mut self, key: &str, range: Range<usize>) {
        let message = message!("「{key}」寫了兩次", "`{key}` stands here twice");
        let help = if key == "when" {
            message!("請合成一個條件，中間用 and 或 or", "Make one condition of them, joined by `and` or `or`")
        } else {
            message!("請刪去其中一個", "Delete one of them")
        };
        self.report(Rule::UnknownAttribute, range, message, help);
    }

    /// Reads a condition at a range of the text.
    pub(super) fn condition(&mut self, text: &str, range: Range<usize>) -> Option<Box<Condition>> {
        let span = self.span(range);
        super::condition::parse(text, span).map(Box::new).map_err(|finding| self.findings.push(*finding)).ok()
    }

    /// Reads a whole number between bounds.
    pub(super) fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(
        &mut self,
        text: &str,
        range: Range<usize>,
        bounds: std::ops::RangeInclusive<T>,
    ) -> Option<T> {
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (low, high) = (bounds.start(), bounds.end());
            let message = message!("「{text}」不是 {low} 到 {high} 的整數", "`{text}` is no whole number from {low} to {high}");
            self.report(Rule::UnknownAttribute, range, message, message!("請寫 {low} 到 {high}", "Write {low} to {high}"));
        }
        number
    }
}

/// What to do about braces that cannot be read, by what stands before them and in them.
fn how_to_write(before: &str, braces: &str) -> Message {
    if before.ends_with('}') {
        in_one()
    } else if !before.is_empty() && !before.ends_with(char::is_whitespace) {
        message!("前面要有一個空格，例如：標題 {{#english-id}}", "Put a space before it, as in: title {{#english-id}}")
    } else if braces.starts_with("{# ") {
        message!("# 後面不能有空格，例如：標題 {{#english-id}}", "No space stands behind #, as in: title {{#english-id}}")
    } else if !braces.contains('=') {
        message!("例如：標題 {{#english-id}}", "As in: title {{#english-id}}")
    } else if braces.contains(['，', ',']) {
        message!(
            "中間請用半形空格，不用逗號，例如 {{#id when=\"agency.level == 'C'\"}}",
            "Part them with a space, not a comma, as in {{#id when=\"agency.level == 'C'\"}}"
        )
    } else {
        message!(
            "例如 {{#id when=\"agency.level == 'C'\"}}；雙引號裡面的文字用單引號 '",
            "For example {{#id when=\"agency.level == 'C'\"}}; texts between the double quotes stand between single ones, '"
        )
    }
}

/// What to do about attributes in several braces.
pub(super) fn in_one() -> Message {
    message!(
        "都寫在同一個大括號裡，例如 {{#id when=\"agency.level == 'C'\"}}",
        "Write all of them between one pair of braces, as in {{#id when=\"agency.level == 'C'\"}}"
    )
}

/// Where the words of a text end that has attributes, or what was meant as such, at its end.
pub(super) fn cut(base: usize, source: &str) -> Option<usize> {
    match attributes::at_end(source) {
        Ending::Attributes(found) => Some(base + found.range.start),
        Ending::Malformed(found) | Ending::Quoted(found, _) => Some(base + found.start),
        Ending::Unsigned(..) | Ending::Words => None,
    }
}
