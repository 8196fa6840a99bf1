//! Addresses: which id is which place.
//!
//! In: chapters and their facts. Out: [`Targets`], and findings for ids used twice. Positional addresses are looked up in
//! their chapter, so that a plan of 140,000 clauses keeps only the written ones.

use super::{Decision, Facts};
use crate::{
    diagnostic::{Diagnostic, Rule},
    document::{Chapter, kept},
    message,
};
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::{borrow::Cow, hash::BuildHasher as _, sync::Arc};

/// A place in the plan: a chapter or one of its clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The chapter's index.
    pub chapter: u32,
    /// The clause's index; `None` for the chapter itself.
    pub clause: Option<u32>,
}

/// Every written id.
#[derive(Debug, Default)]
pub struct Targets {
    /// By the ids' hashes; the ids themselves stand with the chapters and clauses.
    written: Box<[Written]>,
    /// Those that a condition removed, and that nothing else has.
    absent: FxHashSet<Box<str>>,
}

/// A place that has a written id.
#[derive(Clone, Copy, Debug)]
struct Written {
    hash: u32,
    place: Place,
}

impl Written {
    fn new(id: &str, place: Place) -> Self {
        Self { hash: hash(id), place }
    }
}

pub(super) fn hash(id: &str) -> u32 {
    u32::try_from(FxBuildHasher.hash_one(id) >> 32).unwrap_or(u32::MAX)
}

/// The id of a place.
fn id_of(place: Place, facts: &[Arc<Facts>]) -> Cow<'_, str> {
    let clauses = &facts[place.chapter as usize].clauses;
    place.clause.map_or(Cow::Borrowed(clauses.chapter()), |clause| clauses.at(clause).anchor())
}

impl Targets {
    pub(super) fn new(chapters: &[Arc<Chapter>], facts: &[Arc<Facts>], findings: &mut Vec<Diagnostic>) -> Self {
        let present: Vec<(u32, &Facts)> = (0u32..)
            .zip(facts)
            .map(|(chapter, facts)| (chapter, &**facts))
            .filter(|(_, facts)| facts.decision != Decision::Fails)
            .collect();
        let own = present
            .iter()
            .map(|(chapter, facts)| Written::new(facts.clauses.chapter(), Place { chapter: *chapter, clause: None }));
        let mut all: Vec<Written> = own.collect();
        all.par_extend(present.par_iter().flat_map_iter(|(chapter, facts)| {
            let explicit = (0u32..).zip(facts.clauses.iter()).filter(|(_, clause)| clause.is_explicit());
            explicit.map(|(index, clause)| Written::new(&clause.anchor(), Place { chapter: *chapter, clause: Some(index) }))
        }));
        // What comes first stays first.
        all.sort_by_key(|written| written.hash);
        let (mut written, mut repeated): (Vec<Written>, Vec<_>) = (Vec::with_capacity(all.len()), Vec::new());
        for other in all {
            let mut alike = written.iter().rev().take_while(|first| first.hash == other.hash);
            match alike.find(|first| id_of(first.place, facts) == id_of(other.place, facts)) {
                Some(first) => repeated.push((other.place, first.place)),
                None => written.push(other),
            }
        }
        let mut targets = Self { written: kept(written), absent: FxHashSet::default() };
        for id in facts.iter().flat_map(|facts| &facts.absent) {
            if targets.written(id, facts).is_none() {
                targets.absent.insert(id.as_str().into());
            }
        }
        // Chapters come before all clauses.
        repeated.sort_unstable_by_key(|(place, _)| (place.clause.is_some(), *place));
        let span_of = |place: Place| match place.clause {
            Some(clause) => facts[place.chapter as usize].clauses.at(clause).span(),
            None => chapters[place.chapter as usize].front.span,
        };
        for (place, first) in repeated {
            // A list from data has one place for all its items; what repeats there is told of in the data.
            if span_of(place) == span_of(first) {
                continue;
            }
            let id = id_of(place, facts);
            let message = message!("id「{id}」用了兩次", "The id `{id}` is used twice");
            let help =
                message!("請改其中一個；已核定版次用過的 id 不要改", "Change one of them; leave an id that an approved edition used");
            let first_use = message!("第一次在這裡", "First used here");
            findings.push(Diagnostic::new(Rule::DuplicateId, span_of(place), message).related(span_of(first), first_use).help(help));
        }
        targets
    }

    /// The place that has a written id.
    fn written(&self, id: &str, facts: &[Arc<Facts>]) -> Option<Place> {
        let hash = hash(id);
        let first = self.written.partition_point(|written| written.hash < hash);
        let mut alike = self.written[first..].iter().take_while(|written| written.hash == hash);
        alike.find(|written| id_of(written.place, facts) == id).map(|written| written.place)
    }

    /// The place behind an id.
    #[must_use]
    pub fn find(&self, id: &str, facts: &[Arc<Facts>]) -> Option<Place> {
        let written = self.written(id, facts);
        if written.is_some() || self.is_absent(id) { written } else { self.positional(id, facts) }
    }

    /// `heading-id.1.3`, looked up in the chapter of that heading.
    fn positional(&self, id: &str, facts: &[Arc<Facts>]) -> Option<Place> {
        let heading = self.written(id.split_once('.')?.0, facts)?;
        let clause = facts[heading.chapter as usize].clauses.positioned(id)?;
        Some(Place { chapter: heading.chapter, clause: Some(clause) })
    }

    /// Whether a condition removed what the id stands for.
    #[must_use]
    pub fn is_absent(&self, id: &str) -> bool {
        self.absent.contains(id)
    }

    /// Every id that anything has or had, in alphabetical order, for did-you-mean.
    pub(super) fn ids<'a>(&'a self, facts: &'a [Arc<Facts>]) -> Vec<Cow<'a, str>> {
        let written = self.written.iter().map(|written| id_of(written.place, facts));
        let mut ids: Vec<Cow<'a, str>> = written.collect();
        ids.extend(self.absent.iter().map(|id| Cow::Borrowed(&**id)));
        ids.sort_unstable();
        ids
    }
}
