//! Watching the files of a project.
//!
//! In: a project. Out: sets of paths that changed and are worth a rebuild, each set once. The system's own events are used, or, for
//! folders on a share, which send none, polling. Files that planpress does not read are not heard of.

use super::pending::{Happened, Pending, Step};
use crate::source::{Project, is_read};
use notify::{
    Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

/// How often a share is looked at.
const POLL: Duration = Duration::from_millis(500);
/// The longest that a rebuild is put off because more keeps changing.
const LONGEST: Duration = Duration::from_secs(1);
/// Whether the system says when a file is closed after writing.
const TELLS_OF_CLOSING: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// A watched project.
pub(super) struct Watch {
    events: Receiver<notify::Result<Event>>,
    /// Set by every event that says that something changed, relevant or not, for whoever is in the middle of long work.
    stirred: Arc<AtomicBool>,
    watcher: Box<dyn Watcher + Send>,
    project: Project,
    polls: bool,
    /// Folders that are watched now. One that comes back after it was removed must be watched anew.
    watched: BTreeSet<PathBuf>,
    pending: Pending,
}

/// Files to rebuild for.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) paths: BTreeSet<PathBuf>,
    /// When the oldest of the changes came.
    pub(super) since: Instant,
}

impl Watch {
    /// Watches a project whose paths are absolute.
    ///
    /// # Errors
    /// When the system cannot watch, and polling cannot begin either.
    pub(super) fn new(project: &Project, poll: bool) -> io::Result<Self> {
        let (send, events) = channel();
        let stirred = Arc::new(AtomicBool::new(false));
        let stir = Arc::clone(&stirred);
        let send = move |event: notify::Result<Event>| {
            if event.as_ref().map_or(true, |event| happened(&event.kind).is_some()) {
                stir.store(true, Ordering::Release);
                // Nobody listens any more when the server ends.
                let _ = send.send(event);
            }
        };
        let settings = Config::default().with_poll_interval(POLL).with_follow_symlinks(false);
        let watcher: notify::Result<Box<dyn Watcher + Send>> = if poll {
            PollWatcher::new(send, settings).map(|watcher| Box::new(watcher) as _)
        } else {
            RecommendedWatcher::new(send, settings).map(|watcher| Box::new(watcher) as _)
        };
        let mut watch = Self {
            events,
            stirred,
            watcher: watcher.map_err(|error| io::Error::other(error.to_string()))?,
            project: project.clone(),
            polls: poll,
            watched: BTreeSet::new(),
            pending: Pending::default(),
        };
        let all = watch.watch_folders();
        // A system without room for more watches still has polling.
        if !all && !poll { Self::new(project, true) } else { Ok(watch) }
    }

    /// Whether it polls, by wish or because the system cannot watch.
    pub(super) fn polls(&self) -> bool {
        self.polls
    }

    /// The folders to watch: what is in them, and the folders that hold them, for when one of them comes, goes or is replaced.
    fn folders(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let root = &self.project.root;
        let mut folders = vec![(root.clone(), RecursiveMode::NonRecursive)];
        folders.extend(["content", "themes"].map(|name| (root.join(name), RecursiveMode::Recursive)));
        if let Some(overlay) = &self.project.overlay {
            folders.extend(overlay.parent().map(|parent| (parent.to_path_buf(), RecursiveMode::NonRecursive)));
            folders.push((overlay.clone(), RecursiveMode::Recursive));
        }
        folders
    }

    /// Watches what is there and not watched yet; false when the system refuses.
    fn watch_folders(&mut self) -> bool {
        let mut all = true;
        for (folder, mode) in self.folders() {
            if !folder.is_dir() {
                self.watched.remove(&folder);
            } else if !self.watched.contains(&folder) {
                match self.watcher.watch(&folder, mode) {
                    Ok(()) => drop(self.watched.insert(folder)),
                    // It may have gone again.
                    Err(_) => all &= !folder.is_dir(),
                }
            }
        }
        all
    }

    /// Set as soon as something may have changed.
    pub(super) fn stirred(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stirred)
    }

    /// Waits for changes. `None` when there can be no more, because the watcher has gone. When the last rebuild is unfinished because
    /// something stirred, and it turns out that nothing changed, no files are handed over.
    #[expect(clippy::disallowed_methods, reason = "how long to wait for quiet depends on the time; nothing that is written does")]
    pub(super) fn next(&mut self, unfinished: bool) -> Option<Changed> {
        loop {
            self.stirred.store(false, Ordering::Release);
            self.drain();
            let received = match self.pending.step(Instant::now(), |path| is_empty(path)) {
                Step::Ready => break,
                Step::Idle if unfinished => break,
                Step::Idle => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Step::Wait(rest) => self.events.recv_timeout(rest),
            };
            match received {
                Ok(event) => self.note(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        let (paths, since) = self.pending.take();
        Some(Changed { paths, since: since.unwrap_or_else(Instant::now) })
    }

    /// Takes back what was rebuilt if more has changed meanwhile, so that it is rebuilt once, with the rest. False when nothing has,
    /// or when changes have come for so long that something must be shown.
    #[expect(clippy::disallowed_methods, reason = "a rebuild is not put off for ever")]
    pub(super) fn takes_back(&mut self, changed: &Changed) -> bool {
        self.drain();
        let now = Instant::now();
        if self.pending.is_idle() || now.saturating_duration_since(changed.since) > LONGEST {
            return false;
        }
        self.pending.take_back(changed.paths.clone(), changed.since);
        true
    }

    fn drain(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            self.note(event);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the time of an event")]
    fn note(&mut self, event: notify::Result<Event>) {
        let now = Instant::now();
        let Ok(event) = event else {
            // Events were lost: everything may have changed.
            return self.pending.note(self.project.root.join("content"), Happened::Changed, now);
        };
        if event.need_rescan() {
            self.pending.note(self.project.root.join("content"), Happened::Changed, now);
        }
        let Some(happened) = happened(&event.kind) else { return };
        for path in event.paths {
            if self.folders().iter().any(|(folder, _)| *folder == path) {
                // It came, went or was replaced by another of the same name.
                self.watched.remove(&path);
                let _ = self.watcher.unwatch(&path);
                self.watch_folders();
                if path != self.project.root && self.project.overlay.as_deref().and_then(Path::parent) != Some(&path) {
                    self.pending.note(path, Happened::Changed, now);
                }
            } else if self.is_read(&path) {
                self.pending.note(path, happened, now);
            }
        }
    }

    /// Whether a rebuild could read this file, or files in this folder.
    fn is_read(&self, path: &Path) -> bool {
        let contents = [Some(self.project.root.join("content")), self.project.overlay.clone()];
        let content = contents.iter().flatten().find_map(|folder| path.strip_prefix(folder).ok());
        if let Some(name) = content {
            return is_read(name);
        }
        let hidden =
            |name: &Path| name.iter().any(|part| part.as_encoded_bytes().starts_with(b".") || part.as_encoded_bytes().ends_with(b"~"));
        path.strip_prefix(self.project.root.join("themes")).is_ok_and(|name| !hidden(name))
    }
}

/// What an event says, if it says that a file changed.
fn happened(kind: &EventKind) -> Option<Happened> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Modify(ModifyKind::Name(RenameMode::To)) => {
            Some(Happened::Finished)
        }
        // Each half was told by itself.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) if TELLS_OF_CLOSING => None,
        EventKind::Modify(ModifyKind::Data(_)) if TELLS_OF_CLOSING => Some(Happened::Writing),
        EventKind::Access(_) => None,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => Some(Happened::Changed),
    }
}

/// Whether a file is there and has nothing in it yet.
fn is_empty(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0)
}
