//! The stream of events that every open window listens to.
//!
//! In: reloads, findings and open points, as they come. Out: server-sent events, written to any number of windows. No window is waited
//! for: each is written to from a thread of its own, which takes what is newest when it is ready, so that one that never reads holds up
//! nothing and piles up nothing. An event is made once and shared: what hundreds of threads make, each for itself, stays in their memory.

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
    history: VecDeque<Changes>,
    /// The pages served since the last of them.
    pages: Arc<Pages>,
    /// Of these, as events, those that windows show.
    page_events: BTreeMap<String, Arc<str>>,
    /// What changed, as events, each by how many reloads its windows saw before.
    reload_events: BTreeMap<u64, Arc<str>>,
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
    event: Arc<str>,
}

impl Told {
    fn tell(&mut self, event: Arc<str>) {
        if self.event != event {
            self.version += 1;
            self.event = event;
        }
    }

    /// The event, for a window that has another version.
    fn after(&self, version: u64) -> Option<Arc<str>> {
        (self.version != version).then(|| Arc::clone(&self.event))
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
        state.history.push_back(changes);
        if state.history.len() > HISTORY {
            state.history.pop_front();
        }
        state.pages = pages;
        state.page_events.clear();
        state.reload_events.clear();
        self.news.notify_all();
    }

    /// Tells every window what is wrong, unless it knows.
    pub(super) fn tell_diagnostics(&self, json: &str) {
        let event = event("diagnostics", json);
        self.state().diagnostics.tell(event);
        self.news.notify_all();
    }

    /// Tells every window what is open, unless it knows.
    pub(super) fn tell_open_points(&self, json: &str) {
        let event = event("open-points", json);
        self.state().open_points.tell(event);
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
        let mut events = Vec::new();
        if state.reloads > self.seen.reloads {
            // The window's own page comes along, so that it need not ask for it.
            events.extend(state.page_event(&self.page, self.seen.reloads));
            events.push(state.reload_event(self.seen.reloads));
        }
        events.extend(state.diagnostics.after(self.seen.diagnostics));
        events.extend(state.open_points.after(self.seen.open_points));
        self.seen = Seen { reloads: state.reloads, diagnostics: state.diagnostics.version, open_points: state.open_points.version };
        drop(state);
        if events.is_empty() { vec![Arc::from(":\n\n")] } else { events }
    }
}

impl State {
    /// Whether there were more reloads since so many than are kept.
    fn is_beyond(&self, seen: u64) -> bool {
        self.reloads - seen > HISTORY as u64
    }

    /// What changed since so many reloads, newest first, as far as it is kept.
    fn since(&self, seen: u64) -> impl Iterator<Item = &Changes> {
        self.history.iter().rev().zip(seen..self.reloads).map(|(changes, _)| changes)
    }

    /// What changed since so many reloads as an event, made once for all windows that saw as many.
    fn reload_event(&mut self, seen: u64) -> Arc<str> {
        // Those that are too far behind are all told the same.
        let seen = seen.max(self.reloads.saturating_sub(HISTORY as u64 + 1));
        if let Some(made) = self.reload_events.get(&seen) {
            return Arc::clone(made);
        }
        let mut pages: BTreeSet<&str> = self.since(seen).flat_map(|changes| &changes.pages).map(String::as_str).collect();
        if self.is_beyond(seen) {
            pages.extend(self.pages.paths());
        }
        let clauses: BTreeSet<&str> = self.since(seen).flat_map(|changes| &changes.clauses).map(String::as_str).collect();
        let made = event("reload", &serde_json::json!({ "pages": pages, "clauses": clauses }).to_string());
        self.reload_events.insert(seen, Arc::clone(&made));
        made
    }

    /// A page as an event if it changed since so many reloads, made once for all windows that show it.
    fn page_event(&mut self, path: &str, seen: u64) -> Option<Arc<str>> {
        if !self.is_beyond(seen) && !self.since(seen).any(|changes| changes.pages.contains(path)) {
            return None;
        }
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
    fn an_event_is_made_once_for_all_windows_that_are_as_far() {
        let feed = Arc::new(Feed::default());
        feed.tell_diagnostics("[]");
        feed.tell_open_points("{}");
        let mut streams = ["a", "a", "b"].map(|page| feed.open(page).unwrap());
        let pages = Pages::default().after(BTreeMap::from([("a".to_owned(), b"a".to_vec())])).0;
        feed.reload(changes("a"), Arc::new(pages));
        let [first, second, other] = streams.each_mut().map(Stream::wait);
        assert_eq!(first.len(), 4);
        assert!(first.iter().zip(&second).all(|(one, two)| Arc::ptr_eq(one, two)));
        // The other shows another page, which does not come along.
        assert!(other.iter().zip(&first[1..]).all(|(one, two)| Arc::ptr_eq(one, two)));
        assert_eq!(other.len(), 3);
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
