//! Addresses by position, such as `heading-id.1.3`.
//!
//! In: the clauses of a chapter. Out: [`Positions`], which clause has which of them. They are read all at once, and only in a chapter to which
//! somebody refers in this way.

use super::{clause::Clauses, target::hash};

/// The clauses of a chapter that have no written id.
#[derive(Debug)]
pub(super) struct Positions {
    /// By the hashes of their addresses, and then in document order.
    clauses: Box<[(u32, u32)]>,
}

impl Positions {
    pub(super) fn of(all: &Clauses) -> Self {
        let without_id = all.iter().filter(|clause| !clause.is_explicit());
        let mut clauses: Vec<_> = without_id.map(|clause| (hash(&clause.anchor()), clause.index())).collect();
        clauses.sort_unstable();
        Self { clauses: clauses.into() }
    }

    /// The first clause with this address.
    pub(super) fn find(&self, address: &str, all: &Clauses) -> Option<u32> {
        let hash = hash(address);
        let first = self.clauses.partition_point(|(other, _)| *other < hash);
        let mut alike = self.clauses[first..].iter().take_while(|(other, _)| *other == hash).map(|(_, clause)| *clause);
        alike.find(|clause| all.at(*clause).anchor() == address)
    }
}
