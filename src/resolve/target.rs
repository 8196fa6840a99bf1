//! Addresses: which id is which place.
//!
//! In: chapters and their facts. Out: [`Targets`], and findings for ids used twice. Positional addresses are looked up in
//! their chapter, so that a plan of 140,000 clauses keeps only the written ones.

use super::{Decision, Facts};
use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    document::Chapter,
    message,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A place in the plan: a chapter or one of its clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The chapter's index.
    pub chapter: u32,
    /// The clause's index; `None` for the chapter itself.
    pub clause: Option<u32>,
}

/// What an id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Here(Place),
    /// A condition removed it from this chapter.
    Absent,
}

/// Every written id.
#[derive(Debug, Default)]
pub struct Targets {
    by_id: FxHashMap<Box<str>, Target>,
}

impl Targets {
    pub(super) fn new(chapters: &[Arc<Chapter>], facts: &[Arc<Facts>], findings: &mut Vec<Diagnostic>) -> Self {
        let mut targets = Self::default();
        let present = || (0u32..).zip(chapters.iter().zip(facts)).filter(|(_, (_, facts))| facts.decision != Decision::Fails);
        let span_of = |place: Place| match place.clause {
            Some(clause) => facts[place.chapter as usize].clauses.at(clause).span(),
            None => chapters[place.chapter as usize].front.span.unwrap_or(Span::whole(chapters[place.chapter as usize].file)),
        };
        let mut add = |id: &str, place: Place| {
            let Some(Target::Here(first)) = targets.by_id.insert(id.into(), Target::Here(place)) else { return };
            targets.by_id.insert(id.into(), Target::Here(first));
            let message = message!("id「{id}」用了兩次", "The id `{id}` is used twice");
            let help =
                message!("請改其中一個；已核定版次用過的 id 不要改", "Change one of them; leave an id that an approved edition used");
            let first_use = message!("第一次在這裡", "First used here");
            findings.push(Diagnostic::new(Rule::DuplicateId, span_of(place), message).related(span_of(first), first_use).help(help));
        };
        for (index, (chapter, _)) in present() {
            add(&chapter.id, Place { chapter: index, clause: None });
        }
        for (index, (_, facts)) in present() {
            for (clause, written) in (0u32..).zip(facts.clauses.iter()).filter(|(_, clause)| clause.is_explicit()) {
                add(&written.anchor(), Place { chapter: index, clause: Some(clause) });
            }
        }
        for id in facts.iter().flat_map(|facts| &facts.absent) {
            targets.by_id.entry(id.as_str().into()).or_insert(Target::Absent);
        }
        targets
    }

    /// The place behind an id.
    #[must_use]
    pub fn find(&self, id: &str, facts: &[Arc<Facts>]) -> Option<Place> {
        match self.by_id.get(id) {
            Some(Target::Here(place)) => Some(*place),
            Some(Target::Absent) => None,
            None => self.positional(id, facts),
        }
    }

    /// `heading-id.1.3`, looked up in the chapter of that heading.
    fn positional(&self, id: &str, facts: &[Arc<Facts>]) -> Option<Place> {
        let Some(Target::Here(heading)) = self.by_id.get(id.split_once('.')?.0) else { return None };
        let clauses = &facts[heading.chapter as usize].clauses;
        let clause = clauses.iter().position(|clause| clause.anchor() == id)?;
        Some(Place { chapter: heading.chapter, clause: u32::try_from(clause).ok() })
    }

    /// Whether a condition removed what the id stands for.
    #[must_use]
    pub fn is_absent(&self, id: &str) -> bool {
        matches!(self.by_id.get(id), Some(Target::Absent))
    }

    /// Every id that can be referred to, in alphabetical order, for did-you-mean.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.by_id.keys().map(|id| &**id).collect();
        ids.sort_unstable();
        ids
    }
}
