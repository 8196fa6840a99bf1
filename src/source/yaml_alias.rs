//! Aliases of YAML, with which a small file can expand beyond all memory.
//!
//! In: a text. Out: what is wrong with its aliases, and at which line and column: there are too many, or what they repeat is too large. Nothing is
//! expanded here.

use super::{read::TEXT_LIMIT, yaml::events};
use crate::{diagnostic::Message, message};
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Marker};

/// Plan data has no need for more aliases than this.
const ALIASES: usize = 20;
/// What a value counts for beside its text, in bytes.
const VALUE: u64 = 64;

/// What forbids to expand a text, and where; no place where no one alias is to blame.
pub(super) fn bomb(text: &str) -> Option<(Message, Option<Marker>)> {
    if !text.contains('&') || !text.contains('*') {
        return None;
    }
    let (mut aliases, mut weight) = (0, Weight::default());
    for (event, mark) in events(text) {
        aliases += usize::from(matches!(event, Event::Alias(_)));
        if aliases > ALIASES {
            return Some((message!("這裡用了超過 {ALIASES} 個別名（*）", "More than {ALIASES} aliases (*) are used here"), None));
        }
        weight.add(&event);
        if weight.repeated > TEXT_LIMIT {
            let limit = TEXT_LIMIT >> 20;
            let message = message!("別名（*）展開後超過 {limit} MB", "Expanded, the aliases (*) are larger than {limit} MB");
            return Some((message, Some(mark.start)));
        }
    }
    None
}

/// How much values weigh once their aliases are expanded.
#[derive(Default)]
struct Weight {
    /// Everything up to now.
    all: u64,
    /// Of that, what aliases have added.
    repeated: u64,
    /// What each anchor marks.
    anchors: FxHashMap<usize, u64>,
    /// The anchors of what has not ended yet, and how much there was before each.
    open: Vec<(usize, u64)>,
}

impl Weight {
    fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Scalar(words, _, anchor, _) => {
                let weight = words.len() as u64 + VALUE;
                self.anchors.insert(*anchor, weight);
                self.all = self.all.saturating_add(weight);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                self.open.push((*anchor, self.all));
                self.all = self.all.saturating_add(VALUE);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, before)) = self.open.pop() {
                    self.anchors.insert(anchor, self.all - before);
                }
            }
            Event::Alias(anchor) => {
                // What holds itself is refused by whoever expands it.
                let weight = self.anchors.get(anchor).copied().unwrap_or_default();
                self.all = self.all.saturating_add(weight);
                self.repeated = self.repeated.saturating_add(weight);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<String> {
        bomb(text).map(|(message, at)| format!("{} {:?}", message.en, at.map(|at| (at.line(), at.col()))))
    }

    #[test]
    fn a_few_aliases_of_a_few_words_are_fine() {
        assert_eq!(refused("a: &a [一, { b: &b 二 }]\nc: *a\nd: [*b, *a]\n"), None);
        assert_eq!(refused("a: R&D **b**\n"), None);
    }

    #[test]
    fn aliases_are_counted_and_weighed_with_what_they_repeat() {
        let many = format!("a: &a b\nc: [{}]\n", "*a, ".repeat(21));
        assert_eq!(refused(&many).as_deref(), Some("More than 20 aliases (*) are used here None"));
        let large = format!("a: &a {}\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "x".repeat(1 << 20));
        assert_eq!(refused(&large).as_deref(), Some("Expanded, the aliases (*) are larger than 8 MB Some((4, 4))"));
    }
}
