//! When to rebuild.
//!
//! In: what happened to which file, and the time. Out: whether to rebuild now or how long to wait. A file that was closed after writing
//! or renamed into place is acted on at once; anything less certain waits for a moment of quiet, and a file that somebody is still
//! writing waits for its end. No file is looked at here and no clock is read.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::{Duration, Instant},
};

/// Quiet after an event that does not say whether more will follow.
const QUIET: Duration = Duration::from_millis(20);
/// How long a file may stay open for writing or empty before it is read as it is, and a rebuild be put off because more keeps changing.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happened {
    /// It was closed after writing, or renamed into place: it is whole.
    Finished,
    /// It was written to, and the system will say when it is closed.
    Writing,
    /// It came, went or changed; more may follow.
    Changed,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing has happened.
    Idle,
    /// Look again after this long, or when something happens.
    Wait(Duration),
    /// Rebuild.
    Ready,
}

/// A file that changed.
#[derive(Clone, Copy, Debug)]
struct File {
    /// The last thing that happened to it.
    happened: Happened,
    at: Instant,
    /// Whether all that happened to it is certain: no more is to be expected with it. A file that was removed and made anew comes with
    /// others, as when a branch is changed.
    certain: bool,
}

/// Files that changed and are not yet rebuilt.
#[derive(Debug, Default)]
pub(super) struct Pending {
    files: BTreeMap<PathBuf, File>,
    /// When the oldest change came.
    first: Option<Instant>,
    /// Whether changes come in numbers, so that even certain ones wait for quiet.
    burst: bool,
}

impl Pending {
    /// Notes what happened.
    pub(super) fn note(&mut self, path: PathBuf, happened: Happened, now: Instant) {
        self.first.get_or_insert(now);
        let certain = happened != Happened::Changed && self.files.get(&path).is_none_or(|file| file.certain);
        self.files.insert(path, File { happened, at: now, certain });
    }

    /// Takes back files whose rebuild was overtaken by further changes.
    pub(super) fn take_back(&mut self, files: BTreeSet<PathBuf>, since: Instant) {
        self.burst = true;
        self.first = Some(self.first.map_or(since, |first| first.min(since)));
        for path in files {
            self.files.entry(path).or_insert(File { happened: Happened::Finished, at: since, certain: true });
        }
    }

    /// The files that something happened to.
    pub(super) fn paths(&self) -> BTreeSet<PathBuf> {
        self.files.keys().cloned().collect()
    }

    /// Whether nothing has happened.
    pub(super) fn is_idle(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether rebuilding now would come too early. `is_empty` says whether a file is empty on disk, as one that is about to be written is.
    pub(super) fn step(&self, now: Instant, is_empty: impl Fn(&PathBuf) -> bool) -> Step {
        let Some(last) = self.files.values().map(|file| file.at).max() else { return Step::Idle };
        let since = |at: Instant| now.saturating_duration_since(at);
        let unfinished = self
            .files
            .iter()
            .filter(|(path, file)| since(file.at) < PATIENCE && (file.happened == Happened::Writing || is_empty(path)))
            .map(|(_, file)| PATIENCE.saturating_sub(since(file.at)))
            .max();
        if let Some(rest) = unfinished {
            // An empty file may be filled without a word from the system.
            return Step::Wait(rest.min(QUIET));
        }
        let certain = self.files.values().all(|file| file.certain);
        if (certain && !self.burst) || since(last) >= QUIET || self.is_overdue(now) {
            return Step::Ready;
        }
        Step::Wait(QUIET.saturating_sub(since(last)))
    }

    /// Whether changes have come for so long that a rebuild must be shown though more may follow.
    fn is_overdue(&self, now: Instant) -> bool {
        self.first.is_some_and(|first| now.saturating_duration_since(first) >= PATIENCE)
    }

    /// Hands over the files and the time of the oldest change.
    pub(super) fn take(&mut self) -> (BTreeSet<PathBuf>, Option<Instant>) {
        self.burst = false;
        (std::mem::take(&mut self.files).into_keys().collect(), self.first.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(_: &PathBuf) -> bool {
        false
    }

    fn later(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test needs some time to start from")]
    fn a_finished_file_is_acted_on_at_once_and_an_uncertain_change_after_quiet() {
        let (start, mut pending) = (Instant::now(), Pending::default());
        assert_eq!(pending.step(start, full), Step::Idle);
        pending.note("a.md".into(), Happened::Finished, start);
        assert_eq!(pending.step(start, full), Step::Ready);
        pending.note("b.md".into(), Happened::Changed, start);
        assert_eq!(pending.step(later(start, 5), full), Step::Wait(Duration::from_millis(15)));
        assert_eq!(pending.step(later(start, 20), full), Step::Ready);
        // Made anew after it was removed: others may follow.
        pending.note("b.md".into(), Happened::Finished, later(start, 20));
        assert_eq!(pending.step(later(start, 20), full), Step::Wait(QUIET));
        assert_eq!(pending.take().0, BTreeSet::from(["a.md".into(), "b.md".into()]));
        assert_eq!(pending.step(start, full), Step::Idle);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test needs some time to start from")]
    fn a_file_that_is_being_written_or_is_empty_is_waited_for_but_not_for_ever() {
        let (start, mut pending) = (Instant::now(), Pending::default());
        pending.note("a.md".into(), Happened::Writing, start);
        assert_eq!(pending.step(later(start, 30), full), Step::Wait(QUIET));
        assert_eq!(pending.step(later(start, 990), full), Step::Wait(Duration::from_millis(10)));
        assert_eq!(pending.step(later(start, 1000), full), Step::Ready);
        pending.note("a.md".into(), Happened::Finished, start);
        assert_eq!(pending.step(later(start, 1), |_| true), Step::Wait(QUIET));
        assert_eq!(pending.step(later(start, 1), full), Step::Ready);
        assert_eq!(pending.step(later(start, 1000), |_| true), Step::Ready);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test needs some time to start from")]
    fn a_burst_waits_for_quiet_once_but_not_longer_than_a_second() {
        let (start, mut pending) = (Instant::now(), Pending::default());
        pending.note("b.md".into(), Happened::Finished, later(start, 4));
        pending.take_back(BTreeSet::from(["a.md".into()]), start);
        assert_eq!(pending.step(later(start, 5), full), Step::Wait(Duration::from_millis(19)));
        assert_eq!(pending.step(later(start, 24), full), Step::Ready);
        pending.note("b.md".into(), Happened::Finished, later(start, 999));
        assert!(matches!(pending.step(later(start, 999), full), Step::Wait(_)));
        assert_eq!(pending.step(later(start, 1000), full), Step::Ready);
        assert_eq!(pending.take().0.len(), 2);
        pending.note("c.md".into(), Happened::Finished, later(start, 2000));
        assert_eq!(pending.step(later(start, 2000), full), Step::Ready);
    }
}
