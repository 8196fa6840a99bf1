//! Approved editions.
//!
//! In: the records in `content/editions/`, and a plan. Out: [`Editions`]: the history, and whether the sources are the latest approved
//! edition, a change of it, or a draft; and what changed between two editions. Pure: nothing is read from disk and nothing is written.

mod amendment;
mod beside;
mod clause;
mod compare;
mod difference;
mod following;
mod likeness;
mod matching;
mod order;
mod part;
mod reasons;
mod reasons_between;
mod record;
mod tree;
mod variant;

pub use amendment::{Amendment, amendment};
pub use beside::{Beside, Differing, ShownFile};
pub use clause::{Address, RecordedClause, clauses};
pub use compare::{Change, Comparison, Placed, Row, compare, is_struck};
pub use difference::{Piece, difference};
pub use reasons::{Compared, Reasons, unsealed, without_reason};
pub use reasons_between::{Station, Way};
pub use record::{Accepted, Previous, PrintedFiles, Record, clause_digest, date_words, format_of, is_new_number, is_number};
pub use variant::are_variants;

use crate::{
    diagnostic::Diagnostic,
    source::{Digest, Sources},
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::{cmp::Ordering, collections::BTreeSet};

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
#[derive(Clone, Debug)]
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
        let files: Vec<_> = sources.in_folder("editions", "json").collect();
        let read: Vec<_> = files.par_iter().map(|(stem, file)| record::read(sources, stem, *file)).collect();
        let (mut records, mut findings) = (Vec::new(), Vec::new());
        for (record, (_, file)) in read.into_iter().zip(&files) {
            match record {
                Ok(record) => records.push((record, *file)),
                Err(finding) => findings.push(*finding),
            }
        }
        let replaced = record::take_replaced(&mut records);
        let stems: BTreeSet<&str> = files.iter().map(|(stem, _)| *stem).collect();
        findings.extend(replaced.into_iter().chain(record::missing(&records, &stems)));
        (Self::new(records.into_iter().map(|(record, _)| record).collect(), digest), findings)
    }

    /// Puts records in order and compares the latest with the digest of the sources.
    #[must_use]
    pub fn new(mut records: Vec<Record>, digest: Digest) -> Self {
        records.sort_by(Record::order);
        let state = match records.last() {
            None => State::Draft,
            Some(latest) if latest.source_digest == digest.hex() => State::Approved,
            Some(_) => State::Modified,
        };
        Self { records, state }
    }

    /// The latest approved edition.
    #[must_use]
    pub fn latest(&self) -> Option<&Record> {
        self.records.last()
    }

    /// The edition that the sources are as they stand.
    #[must_use]
    pub fn approved(&self) -> Option<&Record> {
        self.latest().filter(|_| self.state == State::Approved)
    }

    /// Every edition that is not what the sources are, oldest first.
    pub fn older(&self) -> impl DoubleEndedIterator<Item = &Record> {
        let present = usize::from(self.state == State::Approved);
        self.records.iter().take(self.records.len() - present)
    }

    /// The numbers of editions that others follow and whose records are gone.
    pub fn lost(&self) -> impl Iterator<Item = &str> {
        let followed = self.records.iter().filter_map(|record| Some(record.previous.as_ref()?.number.as_str()));
        followed.filter(|number| self.named(number).is_none())
    }

    /// The written ids of every edition, which are to stay.
    #[must_use]
    pub fn written_ids(&self) -> FxHashSet<&str> {
        let clauses = self.records.iter().flat_map(|record| &record.clauses);
        clauses.filter(|clause| clause.address == Address::Explicit).map(|clause| clause.id.as_str()).collect()
    }

    /// The edition with a number.
    #[must_use]
    pub fn named(&self, number: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.number == number)
    }
}

/// Orders numbers as people count: 1.9 comes before 1.10, 1.0b between 1.0 and 1.1, and a letter in front before all numbers. Zeros at the end
/// and in front say nothing: 2, 2.0 and 02 are one number.
#[must_use]
pub fn by_number(one: &str, other: &str) -> Ordering {
    fn key(part: &str) -> (bool, &str, u64, &str) {
        let (letters, rest) = part.split_at(part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len()));
        let (digits, rest) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        (letters.is_empty(), letters, digits.parse().unwrap_or(u64::MAX), rest)
    }
    fn keys(number: &str) -> Vec<(bool, &str, u64, &str)> {
        let mut keys: Vec<_> = number.split(['.', '-']).map(key).collect();
        while keys.len() > 1 && keys.last() == Some(&key("0")) {
            keys.pop();
        }
        keys
    }
    keys(one).cmp(&keys(other))
}

#[cfg(test)]
mod tests {
    use super::{record::tests::record, *};
    use crate::source::Source;

    fn state(text: &str) -> (State, usize) {
        let mut sources = Sources::default();
        sources.add(Source::new("plan.yaml", "content/plan.yaml", "title: 計畫\n"));
        let digest = sources.digest();
        if !text.is_empty() {
            sources.add(Source::new("editions/1.0.json", "content/editions/1.0.json", text));
        }
        assert_eq!(sources.digest(), digest, "a record is no part of what it records");
        let (editions, findings) = Editions::read(&sources, sources.digest());
        (editions.state, findings.len())
    }

    #[test]
    fn the_state_follows_the_digest() {
        let mut sources = Sources::default();
        sources.add(Source::new("plan.yaml", "content/plan.yaml", "title: 計畫\n"));
        let whole = |digest: String| Record { source_digest: digest, ..record("1.0", "2026-11-22") }.text();
        assert_eq!(state(""), (State::Draft, 0));
        assert_eq!(state(&whole(sources.digest().hex())), (State::Approved, 0));
        assert_eq!(state(&whole("00".into())), (State::Modified, 0));
    }

    #[test]
    fn a_broken_record_is_reported_and_counts_for_nothing() {
        assert_eq!(state("{"), (State::Draft, 1));
        assert_eq!(state(&record("1.1", "2026-11-22").text()), (State::Draft, 1), "under another name");
    }

    #[test]
    fn a_record_that_another_does_not_follow_is_reported_and_counts_for_nothing() {
        let read = |first: &Record| {
            let whole = record("1.0", "2026-11-22").text();
            let seal = Record::parse(&whole).expect("a whole record").seal;
            let second = Record { previous: Some(Previous { number: "1.0".into(), seal }), ..record("1.1", "2026-11-23") };
            let mut sources = Sources::default();
            sources.add(Source::new("editions/1.0.json", "content/editions/1.0.json", first.text()));
            sources.add(Source::new("editions/1.1.json", "content/editions/1.1.json", second.text()));
            let (editions, findings) = Editions::read(&sources, sources.digest());
            let numbers: Vec<String> = editions.records.into_iter().map(|record| record.number).collect();
            (numbers, findings.len())
        };
        assert_eq!(read(&record("1.0", "2026-11-22")), (vec!["1.0".into(), "1.1".into()], 0));
        assert_eq!(read(&Record { approved_by: "王大明".into(), ..record("1.0", "2026-11-22") }), (vec!["1.1".into()], 1));
    }

    #[test]
    fn a_letter_in_a_number_blocks_none_that_people_call_higher() {
        let order = ["v9.0", "v10.0", "1.0", "1.x", "1.0b", "1.0c", "1.1", "1.9", "1.10", "1.10-a", "2a", "2b", "10"];
        for (at, one) in order.iter().enumerate() {
            for (after, other) in order.iter().enumerate() {
                assert_eq!(by_number(one, other), at.cmp(&after), "{one} {other}");
            }
        }
        for (one, other) in [("2", "2.0"), ("2.0.0", "2"), ("02.1", "2.1"), ("1-0", "1.0"), ("0", "0.0")] {
            assert_eq!(by_number(one, other), Ordering::Equal, "{one} {other}");
        }
    }

    #[test]
    fn the_latest_is_that_of_the_last_day_and_of_the_highest_number() {
        let records =
            vec![record("1.10", "2026-11-22"), record("0.9", "2026-11-22"), record("1.9", "2026-11-22"), record("2.0", "2025-01-01")];
        let editions = Editions::new(records, Digest::of(b""));
        let numbers: Vec<_> = editions.records.iter().map(|record| record.number.as_str()).collect();
        assert_eq!(numbers, ["2.0", "0.9", "1.9", "1.10"]);
    }
}
