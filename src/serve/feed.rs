//! The stream of events that every open window listens to.
//!
//! In: reloads, findings and open points, as they come. Out: server-sent events, written to any number of windows. No window is waited
//! for: each is written to from a thread of its own, which takes what is newest when it is ready, so that one that never reads holds up
//! nothing and piles up nothing.

use super::pages::Pages;
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
    /// The pages served since the last of them.
    pages: Arc<Pages>,
    /// Of these, as events, those that windows show.
    page_events: BTreeMap<String, Arc<str>>,
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
    pub(super) fn reload(&self, changes: Changes, pages: Arc<Pages>) {
        let mut state = self.state();
        state.reloads += 1;
        state.history.push_back(Arc::new(changes));
        if state.history.len() > HISTORY {
            state.history.pop_front();
        }
        state.pages = pages;
        state.page_events.clear();
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
            for event in self.wait() {
                out.write_all(event.as_bytes())?;
            }
            out.flush()?;
        }
    }

    /// The events that the window has not seen; after a silence, a comment.
    fn wait(&mut self) -> Vec<Arc<str>> {
        let feed = Arc::clone(&self.feed);
        let nothing_new = |state: &mut State| {
            state.reloads == self.seen.reloads
                && state.diagnostics.version == self.seen.diagnostics
                && state.open_points.version == self.seen.open_points
        };
        let waited = feed.news.wait_timeout_while(feed.state(), HEARTBEAT, nothing_new);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let missed = usize::try_from(state.reloads - self.seen.reloads).unwrap_or(usize::MAX);
        let behind: Vec<_> = state.history.iter().rev().take(missed).cloned().collect();
        let mut pages: BTreeSet<String> = behind.iter().flat_map(|changes| changes.pages.iter().cloned()).collect();
        if missed > behind.len() {
            pages.extend(state.pages.paths().map(str::to_owned));
        }
        // The window's own page comes along, so that it need not ask for it.
        let own = if pages.contains(&self.page) { state.page_event(&self.page) } else { None };
        let diagnostics = (state.diagnostics.version != self.seen.diagnostics).then(|| Arc::clone(&state.diagnostics.json));
        let open_points = (state.open_points.version != self.seen.open_points).then(|| Arc::clone(&state.open_points.json));
        self.seen = Seen { reloads: state.reloads, diagnostics: state.diagnostics.version, open_points: state.open_points.version };
        drop(state);

        let mut events = Vec::from_iter(own);
        if missed > 0 {
            let clauses: BTreeSet<&str> = behind.iter().flat_map(|changes| &changes.clauses).map(String::as_str).collect();
            events.push(event("reload", &serde_json::json!({ "pages": pages, "clauses": clauses }).to_string()));
        }
        events.extend(diagnostics.map(|json| event("diagnostics", &json)));
        events.extend(open_points.map(|json| event("open-points", &json)));
        if events.is_empty() { vec![Arc::from(":\n\n")] } else { events }
    }
}

impl State {
    /// A page as an event, made once for all windows that show it.
    fn page_event(&mut self, path: &str) -> Option<Arc<str>> {
        if let Some(made) = self.page_events.get(path) {
            return Some(Arc::clone(made));
        }
        let page = self.pages.get(path)?;
        let html = String::from_utf8_lossy(&page.with_client()).into_owned();
        let made = event("page", &serde_json::json!({ "html": html }).to_string());
        self.page_events.insert(path.to_owned(), Arc::clone(&made));
        Some(made)
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
fn event(name: &str, data: &str) -> Arc<str> {
    format!("event: {name}\ndata: {data}\n\n").into()
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
        assert_eq!(stream.wait().concat(), "event: diagnostics\ndata: []\n\nevent: open-points\ndata: {}\n\n");
        feed.reload(changes("a"), Arc::default());
        feed.reload(changes("b"), Arc::default());
        feed.tell_diagnostics("[]");
        assert_eq!(
            stream.wait().concat(),
            "event: reload\ndata: {\"clauses\":[\"clause-of-a\",\"clause-of-b\"],\"pages\":[\"a\",\"b\"]}\n\n"
        );
        feed.tell_diagnostics("[1]");
        assert_eq!(stream.wait().concat(), "event: diagnostics\ndata: [1]\n\n");
    }

    #[test]
    fn a_window_that_missed_too_much_is_told_of_every_page() {
        let feed = Arc::new(Feed::default());
        let mut stream = feed.open("").unwrap();
        let files = ["x.html", "y.html"].map(|path| (path.to_owned(), path.as_bytes().to_vec()));
        let all = Arc::new(Pages::default().after(BTreeMap::from(files)).0);
        for _ in 0..=HISTORY {
            feed.reload(changes("x.html"), Arc::clone(&all));
        }
        assert_eq!(
            stream.wait().concat(),
            "event: reload\ndata: {\"clauses\":[\"clause-of-x.html\"],\"pages\":[\"x.html\",\"y.html\"]}\n\n"
        );
        assert_eq!(feed.state().history.len(), HISTORY);
        // A window that shows one of them gets it first of all.
        let mut shows = feed.open("y.html").unwrap();
        feed.reload(changes("y.html"), all);
        let told = shows.wait();
        assert!(told[0].starts_with("event: page\ndata: {\"html\":\"y.html<script type"), "{}", told[0]);
        assert!(told[1].starts_with("event: reload"), "{}", told[1]);
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
