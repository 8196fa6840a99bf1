//! Approved editions.
//!
//! In: the records in `content/editions/` and the digest of the sources. Out: [`Editions`]: the history, and whether the sources are the
//! latest approved edition, a change of it, or a draft. Pure: nothing is read from disk and nothing is written.

mod record;

pub use record::{Record, date_words};

use crate::{
    diagnostic::Diagnostic,
    source::{Digest, Sources},
};

/// How the sources stand to what was approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was ever approved.
    Draft,
    /// The sources are the latest approved edition.
    Approved,
    /// The sources have changed since the latest approved edition.
    Modified,
}

/// Every approved edition, and the state of the sources.
#[derive(Debug)]
pub struct Editions {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// The state.
    pub state: State,
}

impl Editions {
    /// Reads the records and compares the latest with the sources.
    #[must_use]
    pub fn read(sources: &Sources, digest: Digest) -> (Self, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let mut records: Vec<Record> = sources
            .in_folder("editions", "json")
            .filter_map(|(_, file)| record::read(sources, file, &mut findings))
            .collect();
        records.sort_by(|one, other| (&one.approved_on, &one.number).cmp(&(&other.approved_on, &other.number)));
        let state = match records.last() {
            None => State::Draft,
            Some(latest) if latest.source_digest == digest.hex() => State::Approved,
            Some(_) => State::Modified,
        };
        (Self { records, state }, findings)
    }

    /// The latest approved edition.
    #[must_use]
    pub fn latest(&self) -> Option<&Record> {
        self.records.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn sources(record: &str) -> Sources {
        let mut sources = Sources::default();
        sources.add(Source::new("plan.yaml", "content/plan.yaml", "title: 計畫\n"));
        if !record.is_empty() {
            sources.add(Source::new("editions/1.0.json", "content/editions/1.0.json", record));
        }
        sources
    }

    fn state(record: &str) -> (State, usize) {
        let sources = sources(record);
        let (editions, findings) = Editions::read(&sources, sources.digest());
        (editions.state, findings.len())
    }

    #[test]
    fn the_state_follows_the_digest() {
        let digest = sources("").digest().hex();
        let record = |digest: &str| {
            format!(r#"{{"format":1,"number":"1.0","approved_on":"2026-11-22","approved_by":"王小明","source_digest":"{digest}"}}"#)
        };
        assert_eq!(state(""), (State::Draft, 0));
        assert_eq!(state(&record(&digest)), (State::Approved, 0));
        assert_eq!(state(&record("00")), (State::Modified, 0));
    }

    #[test]
    fn a_broken_record_is_reported_and_counts_for_nothing() {
        assert_eq!(state("{"), (State::Draft, 1));
        assert_eq!(
            state(r#"{"format":1,"number":"1.0","approved_on":"昨天","approved_by":"王","source_digest":"00"}"#),
            (State::Draft, 1)
        );
    }
}
