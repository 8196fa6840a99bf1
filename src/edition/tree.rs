//! The clauses of an edition as a tree.
//!
//! In: clauses in printed order with their depths. Out: [`Tree`]: who holds whom, and what each says, alone and with everything below it,
//! as numbers that can be compared at once.

use super::{RecordedClause, variant};
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::hash::{Hash as _, Hasher as _};

/// Clauses and who holds whom.
pub(super) struct Tree<'a> {
    pub clauses: &'a [RecordedClause],
    /// The clause that holds each one, by index.
    pub parents: Vec<Option<usize>>,
    /// What each clause says itself, but for width.
    pub own: Vec<Words>,
    /// What each clause says with everything below it.
    pub whole: Vec<u64>,
    children: Vec<Vec<usize>>,
    top: Vec<usize>,
}

/// What a clause says, but for width.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// The same for the same words.
    pub digest: u64,
    /// How long it is.
    pub length: usize,
}

impl<'a> Tree<'a> {
    pub(super) fn new(clauses: &'a [RecordedClause]) -> Self {
        let parents = parents(clauses);
        let (mut children, mut top) = (vec![Vec::new(); clauses.len()], Vec::new());
        for (index, parent) in parents.iter().enumerate() {
            match parent {
                Some(parent) => children[*parent].push(index),
                None => top.push(index),
            }
        }
        let own: Vec<Words> = clauses.par_iter().map(words).collect();
        let mut whole = vec![0; clauses.len()];
        for index in (0..clauses.len()).rev() {
            let below = children[index].iter().map(|child| whole[*child]);
            whole[index] = digest(std::iter::once(own[index].digest).chain(below));
        }
        Self { clauses, parents, own, whole, children, top }
    }

    /// The title of the part that a clause stands in, where it is known.
    pub(super) fn part_of(&self, clause: usize) -> Option<&'a str> {
        part_of(self.clauses, &self.parents, clause)
    }

    /// What a clause holds; of none, the chapters and annexes.
    pub(super) fn children(&self, of: Option<usize>) -> &[usize] {
        of.map_or(&self.top, |index| &self.children[index])
    }
}

/// The clause that holds each one: the nearest before it that stands less deep.
pub(super) fn parents(clauses: &[RecordedClause]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(clauses.len());
    for (index, clause) in clauses.iter().enumerate() {
        while open.last().is_some_and(|above| clauses[*above].depth >= clause.depth) {
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(index);
    }
    parents
}

/// The title of the part that a clause stands in, where the record of its chapter has one.
pub(super) fn part_of<'a>(clauses: &'a [RecordedClause], parents: &[Option<usize>], clause: usize) -> Option<&'a str> {
    let chapter = std::iter::successors(Some(clause), |index| parents[*index]).last()?;
    clauses[chapter].part.as_deref()
}

fn words(clause: &RecordedClause) -> Words {
    let key = variant::key(&clause.words());
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    Words { digest: hasher.finish(), length: key.chars().count() }
}

fn digest(parts: impl Iterator<Item = u64>) -> u64 {
    let mut hasher = FxHasher::default();
    parts.for_each(|part| hasher.write_u64(part));
    hasher.finish()
}
