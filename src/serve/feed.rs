//! The stream of events that every open window listens to.
//!
//! In: reloads, findings and open points, as they come. Out: server-sent events, written to any number of windows. No window is waited
//! for: each is written to from a thread of its own, which takes what is newest when it is ready, so that one that never reads holds up
//! nothing and piles up nothing.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How many reloads are kept for windows that are behind. One further behind is told that every page changed.
const HISTORY: usize = 64;
/// A silent stream is written to after this time, to learn whether its window is still there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Streams at the same time. A browser opens one for each window.
const STREAMS: usize = 1_000;

/// Which pages and clauses changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Paths of pages below the output folder.
    pub(super) pages: BTreeSet<String>,
    /// Ids of clauses whose own text changed or that are new.
    pub(super) clauses: BTreeSet<String>,
}

/// What there is to tell.
#[derive(Debug, Default)]
pub(super) struct Feed {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// How many reloads there were.
    reloads: u64,
    /// The latest of them.
    history: VecDeque<Arc<Changes>>,
    /// Every page there is, for a window that has missed too much.
    all_pages: Arc<BTreeSet<String>>,
    diagnostics: Told,
    open_points: Told,
    streams: usize,
    /// The pages that windows show, each with their number.
    shown: BTreeMap<String, usize>,
}

/// Something of which only the newest counts.
#[derive(Clone, Debug, Default)]
struct Told {
    version: u64,
    json: Arc<str>,
}

impl Told {
    fn tell(&mut self, json: &str) {
        if self.version == 0 || *self.json != *json {
            self.version += 1;
            self.json = json.into();
        }
    }
}

/// How far a window is.
#[derive(Default)]
struct Seen {
    reloads: u64,
    diagnostics: u64,
    open_points: u64,
}

impl Feed {
    /// Tells every window of changed pages.
    pub(super) fn reload(&self, changes: Changes, all_pages: Arc<BTreeSet<String>>) {
        let mut state = self.state();
        state.reloads += 1;
        state.history.push_back(Arc::new(changes));
        if state.history.len() > HISTORY {
            state.history.pop_front();
        }
        state.all_pages = all_pages;
        self.news.notify_all();
    }

    /// Tells every window what is wrong, unless it knows.
    pub(super) fn tell_diagnostics(&self, json: &str) {
        self.state().diagnostics.tell(json);
        self.news.notify_all();
    }

    /// Tells every window what is open, unless it knows.
    pub(super) fn tell_open_points(&self, json: &str) {
        self.state().open_points.tell(json);
        self.news.notify_all();
    }

    /// The pages that windows show now.
    pub(super) fn shown(&self) -> BTreeSet<String> {
        self.state().shown.keys().cloned().collect()
    }

    /// Begins a stream for a window that shows a page, unless there are too many.
    pub(super) fn open(self: &Arc<Self>, page: &str) -> Option<Stream> {
        let mut state = self.state();
        if state.streams >= STREAMS {
            return None;
        }
        state.streams += 1;
        *state.shown.entry(page.to_owned()).or_default() += 1;
        let seen = Seen { reloads: state.reloads, ..Seen::default() };
        Some(Stream { feed: Arc::clone(self), page: page.to_owned(), seen })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One window's stream.
pub(super) struct Stream {
    feed: Arc<Feed>,
    page: String,
    seen: Seen,
}

impl Stream {
    /// Writes events until the window is gone.
    ///
    /// # Errors
    /// When it is.
    pub(super) fn run(mut self, mut out: impl Write) -> io::Result<()> {
        out.write_all(b"retry: 500\n\n")?;
        out.flush()?;
        loop {
            let events = self.wait();
            out.write_all(events.as_bytes())?;
            out.flush()?;
        }
    }

    /// The events that the window has not seen; after a silence, a comment.
    fn wait(&mut self) -> String {
        let feed = Arc::clone(&self.feed);
        let nothing_new = |state: &mut State| {
            state.reloads == self.seen.reloads
                && state.diagnostics.version == self.seen.diagnostics
                && state.open_points.version == self.seen.open_points
        };
        let waited = feed.news.wait_timeout_while(feed.state(), HEARTBEAT, nothing_new);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let missed = usize::try_from(state.reloads - self.seen.reloads).unwrap_or(usize::MAX);
        let behind: Vec<_> = state.history.iter().rev().take(missed).cloned().collect();
        let all_pages = (missed > behind.len()).then(|| Arc::clone(&state.all_pages));
        let diagnostics = (state.diagnostics.version != self.seen.diagnostics).then(|| Arc::clone(&state.diagnostics.json));
        let open_points = (state.open_points.version != self.seen.open_points).then(|| Arc::clone(&state.open_points.json));
        self.seen = Seen { reloads: state.reloads, diagnostics: state.diagnostics.version, open_points: state.open_points.version };
        drop(state);

        let mut events = String::new();
        if missed > 0 {
            let mut pages: BTreeSet<&str> = behind.iter().flat_map(|changes| &changes.pages).map(String::as_str).collect();
            pages.extend(all_pages.iter().flat_map(|pages| pages.iter()).map(String::as_str));
            let clauses: BTreeSet<&str> = behind.iter().flat_map(|changes| &changes.clauses).map(String::as_str).collect();
            event(&mut events, "reload", &serde_json::json!({ "pages": pages, "clauses": clauses }).to_string());
        }
        if let Some(json) = diagnostics {
            event(&mut events, "diagnostics", &json);
        }
        if let Some(json) = open_points {
            event(&mut events, "open-points", &json);
        }
        if events.is_empty() { String::from(":\n\n") } else { events }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut state = self.feed.state();
        state.streams -= 1;
        if let Some(count) = state.shown.get_mut(&self.page) {
            *count -= 1;
        }
        state.shown.retain(|_, count| *count > 0);
    }
}

/// One event; JSON has no line ends of its own.
fn event(out: &mut String, name: &str, data: &str) {
    out.push_str(&format!("event: {name}\ndata: {data}\n\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(page: &str) -> Changes {
        Changes { pages: BTreeSet::from([page.to_owned()]), clauses: BTreeSet::from([format!("clause-of-{page}")]) }
    }

    #[test]
    fn a_window_sees_what_is_wrong_at_once_and_each_reload_once() {
        let feed = Arc::new(Feed::default());
        feed.tell_diagnostics("[]");
        feed.tell_open_points("{}");
        feed.reload(changes("before"), Arc::default());
        let mut stream = feed.open("").unwrap();
        assert_eq!(stream.wait(), "event: diagnostics\ndata: []\n\nevent: open-points\ndata: {}\n\n");
        feed.reload(changes("a"), Arc::default());
        feed.reload(changes("b"), Arc::default());
        feed.tell_diagnostics("[]");
        assert_eq!(
            stream.wait(),
            "event: reload\ndata: {\"clauses\":[\"clause-of-a\",\"clause-of-b\"],\"pages\":[\"a\",\"b\"]}\n\n"
        );
        feed.tell_diagnostics("[1]");
        assert_eq!(stream.wait(), "event: diagnostics\ndata: [1]\n\n");
    }

    #[test]
    fn a_window_that_missed_too_much_is_told_of_every_page() {
        let feed = Arc::new(Feed::default());
        let mut stream = feed.open("").unwrap();
        let all = Arc::new(BTreeSet::from(["x".to_owned(), "y".to_owned()]));
        for _ in 0..=HISTORY {
            feed.reload(changes("x"), Arc::clone(&all));
        }
        assert_eq!(stream.wait(), "event: reload\ndata: {\"clauses\":[\"clause-of-x\"],\"pages\":[\"x\",\"y\"]}\n\n");
        assert_eq!(feed.state().history.len(), HISTORY);
    }

    #[test]
    fn streams_are_counted_and_limited() {
        let feed = Arc::new(Feed::default());
        let streams: Vec<_> = (0..STREAMS).map_while(|at| feed.open(if at % 2 == 0 { "a" } else { "b" })).collect();
        assert_eq!(streams.len(), STREAMS);
        assert!(feed.open("").is_none());
        assert_eq!(feed.shown(), BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        drop(streams);
        assert_eq!(feed.shown(), BTreeSet::new());
        assert!(feed.open("").is_some());
    }
}
