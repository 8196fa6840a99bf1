//! Terms: the words that the plan uses for one thing, and those that it does not.
//!
//! In: `data/terms.yaml`. Out: [`Terms`], and findings where to change a variant would never come to an end, or where two terms have
//! the same variant; such a variant is left out.
//! Where a variant stands is the business of the checks.

use super::order::Order;
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span},
    message,
    source::{
        Sources,
        yaml::{self, Part},
    },
};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The plan's terms.
#[derive(Debug, Default, Deserialize)]
pub struct Terms {
    /// The terms, in the order of the file.
    #[serde(default)]
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug, Deserialize)]
pub struct Term {
    /// The word to use.
    pub term: String,
    /// Words that should not be used for it.
    pub variants: Vec<String>,
    /// Words that hold a variant and are right.
    #[serde(default)]
    pub except: Vec<String>,
}

const KEYS: &[&str] = &["terms", "term", "variants", "except"];

/// Reads the terms; a plan without the file has none.
pub(super) fn terms(sources: &Sources, findings: &mut Vec<Diagnostic>) -> Terms {
    let Some((file, mut terms)) = super::law::read::<Terms>(sources, "data/terms.yaml", KEYS, findings) else { return Terms::default() };
    let endless = endless(&terms.terms);
    findings.extend(endless.iter().map(|place| finding(sources, file, &terms.terms, *place)));
    let shared = shared(&terms.terms);
    findings.extend(shared.iter().map(|(place, first)| of_two(sources, file, &terms.terms, *place, *first)));
    let unclear: BTreeSet<Place> = shared.into_iter().flat_map(|(place, first)| [place, first]).chain(endless).collect();
    for (index, term) in terms.terms.iter_mut().enumerate() {
        let mut place = 0..;
        // A variant of no characters stands everywhere.
        term.variants.retain(|variant| {
            let place = (index, place.next().unwrap_or_default());
            !variant.trim().is_empty() && *variant != term.term && !unclear.contains(&place)
        });
    }
    terms
}

/// A variant by its term's position and its own.
type Place = (usize, usize);

/// The variants whose term is changed, by other variants, until it holds them again.
fn endless(terms: &[Term]) -> BTreeSet<Place> {
    let places: Vec<Place> = terms.iter().enumerate().flat_map(|(term, of)| (0..of.variants.len()).map(move |at| (term, at))).collect();
    let word = |place: Place| terms[place.0].variants[place.1].as_str();
    // The quickest to make: it reads a few words once.
    let builder = AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).clone();
    let Ok(variants) = builder.build(places.iter().map(|place| word(*place))) else { return BTreeSet::new() };
    // From each term to the variants in it, which are changed to the terms that they stand for.
    let (mut steps, mut shown) = (Vec::new(), vec![Vec::new(); terms.len()]);
    for (index, term) in terms.iter().enumerate().filter(|(_, term)| term.term.len() <= LONGEST) {
        for found in variants.find_overlapping_iter(&term.term) {
            let place = places[found.pattern().as_usize()];
            if !found.is_empty() && place.0 != index && !terms[place.0].keeps(&term.term, word(place), found.start()) {
                steps.push((index, place));
                shown[index].push(place.0);
            }
        }
    }
    let Order { circles, .. } = Order::of(&shown);
    let is_in_circle = |term: usize| circles.binary_search(&term).is_ok();
    let stay = steps.into_iter().filter(|(term, place)| is_in_circle(*term) && is_in_circle(place.0));
    stay.map(|(_, place)| place).collect()
}

/// The variants that another term before has as well, each with the first of these.
fn shared(terms: &[Term]) -> Vec<(Place, Place)> {
    let mut first: BTreeMap<&str, Place> = BTreeMap::new();
    let mut shared = Vec::new();
    for (index, term) in terms.iter().enumerate() {
        for (at, variant) in term.variants.iter().enumerate().filter(|(_, variant)| !variant.trim().is_empty()) {
            let before = *first.entry(variant).or_insert((index, at));
            if terms[before.0].term != term.term {
                shared.push(((index, at), before));
            }
        }
    }
    shared
}

/// Words longer than this are no terms, and are not searched for others.
const LONGEST: usize = 200;

fn locate(sources: &Sources, file: FileId, (index, at): Place) -> Span {
    let path: [yaml::Step; 4] = ["terms".into(), index.into(), "variants".into(), at.into()];
    yaml::locate(sources, file, &path, Part::Value)
}

fn of_two(sources: &Sources, file: FileId, terms: &[Term], place: Place, first: Place) -> Diagnostic {
    let (term, other, variant) = (&terms[place.0].term, &terms[first.0].term, &terms[place.0].variants[place.1]);
    let message = message!("「{variant}」既要改為「{other}」，又要改為「{term}」", "`{variant}` is to become both `{other}` and `{term}`");
    let help = message!(
        "請決定用哪一個詞，只列在它的 variants；在這之前不會代為修改",
        "Decide which word to use, and list it among the variants of that one alone; until then it is not changed"
    );
    let finding = Diagnostic::new(Rule::SchemaViolation, locate(sources, file, place), message).help(help);
    finding.related(locate(sources, file, first), message!("另一個在這裡", "The other one is here"))
}

fn finding(sources: &Sources, file: FileId, terms: &[Term], (index, at): Place) -> Diagnostic {
    let span = locate(sources, file, (index, at));
    let (term, variant) = (&terms[index].term, &terms[index].variants[at]);
    let message = message!(
        "「{variant}」改為「{term}」之後，又會依別的用詞改回來",
        "`{variant}` becomes `{term}`, which another term changes back"
    );
    let help = message!(
        "請決定用哪一個詞，只把另一個列在它的 variants；在這之前都不會代為修改",
        "Decide which word to use, and list the other only among its variants; until then neither is changed"
    );
    Diagnostic::new(Rule::CyclicValue, span, message).help(help)
}

impl Term {
    /// Whether the variant that begins at a place of a text is part of the term itself, of something that keeps its name, or of another word:
    /// `IT` in `ITIL`.
    #[must_use]
    pub fn keeps(&self, text: &str, variant: &str, start: usize) -> bool {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (before, after) = (&text[..start], &text[start + variant.len()..]);
        if variant.starts_with(is_letter) && before.ends_with(is_letter) || variant.ends_with(is_letter) && after.starts_with(is_letter) {
            return true;
        }
        let within = |whole: &String| {
            whole.match_indices(variant).any(|(from, _)| {
                start
                    .checked_sub(from)
                    .and_then(|start| text.get(start..))
                    .is_some_and(|rest| rest.starts_with(whole.as_str()))
            })
        };
        within(&self.term) || self.except.iter().any(within)
    }
}
