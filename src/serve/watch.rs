//! Watching the files of a project.
//!
//! In: a project. Out: sets of paths that changed and are worth a rebuild, each set once. The system's own events are used, or, for
//! folders on a share, which send none, polling. No event says that a folder further up was replaced: now and then it is looked whether the
//! folders that are watched are still those that stand there.

use super::{
    folder::Identity,
    pending::{Happened, PATIENCE, Pending, Step},
    poll,
    scope::Scope,
};
use crate::source::Project;
use notify::{
    Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

/// Whether the system says when a file is closed after writing.
const TELLS_OF_CLOSING: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// How often it is looked whether another folder stands where one is watched.
const LOOK: Duration = Duration::from_secs(1);

/// A watched project.
pub(super) struct Watch {
    told: Receiver<Told>,
    /// Set by every event that says that something may have changed which is read, for whoever is in the middle of long work.
    stirred: Arc<AtomicBool>,
    /// `None` while files are looked at instead.
    watcher: Option<Box<dyn Watcher + Send>>,
    scope: Scope,
    /// Folders that are watched now. One that comes back after it was removed, and another in its place, must be watched anew.
    watched: BTreeMap<PathBuf, Identity>,
    pending: Pending,
}

/// Files to rebuild for.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) paths: BTreeSet<PathBuf>,
    /// When the oldest of the changes came.
    pub(super) since: Instant,
}

/// Says whether files that stirred have changed: an event may be about a file that says what it said.
pub(super) type IsChange<'a> = &'a (dyn Fn(&BTreeSet<PathBuf>) -> bool + Sync);

/// What the system, or a look at the files, told.
enum Told {
    Event(Event),
    /// Events were lost: everything may have changed.
    Lost,
    Looked(PathBuf),
}

impl Watch {
    /// Watches a project whose paths are absolute.
    pub(super) fn new(project: &Project, poll: bool) -> Self {
        let (send, told) = channel();
        let stirred = Arc::new(AtomicBool::new(false));
        let mut watch = Self {
            told,
            stirred: Arc::clone(&stirred),
            watcher: None,
            scope: Scope::new(project),
            watched: BTreeMap::new(),
            pending: Pending::default(),
        };
        let scope = watch.scope.clone();
        // Told first: whoever sees that something stirs finds out what.
        let tell = move |told| {
            let is_heard = send.send(told).is_ok();
            stirred.store(true, Ordering::Release);
            // Nobody listens any more when the server ends.
            is_heard
        };
        if !poll {
            let (tell, scope) = (tell.clone(), scope.clone());
            let hear = move |event: notify::Result<Event>| {
                let told = match event {
                    Ok(event) if happened(event.kind).is_none() => return,
                    Ok(event) if event.need_rescan() => Told::Lost,
                    Ok(event) if event.paths.iter().any(|path| scope.counts(path)) => Told::Event(event),
                    Ok(_) => return,
                    Err(_) => Told::Lost,
                };
                tell(told);
            };
            let watcher = RecommendedWatcher::new(hear, Config::default().with_follow_symlinks(false));
            watch.watcher = watcher.ok().map(|watcher| Box::new(watcher) as _);
            // A system without room for more watches still has its files to look at.
            if !watch.watch_folders() {
                watch.watcher = None;
            }
        }
        if watch.watcher.is_none() {
            let folders = scope.folders().iter().filter(|(_, mode)| *mode == RecursiveMode::Recursive);
            let folders = folders.map(|(folder, _)| folder.clone()).collect();
            poll::start(folders, move |path| !scope.counts(&path) || tell(Told::Looked(path)));
        }
        watch
    }

    /// Whether it polls, by wish or because the system cannot watch.
    pub(super) fn polls(&self) -> bool {
        self.watcher.is_none()
    }

    /// Watches what is there and not watched yet; false when the system refuses.
    fn watch_folders(&mut self) -> bool {
        let mut all = true;
        let Some(watcher) = &mut self.watcher else { return true };
        for (folder, mode) in self.scope.folders() {
            let Some(identity) = Identity::of(folder) else { continue };
            if !self.watched.contains_key(folder) {
                // Behind a link, the folder and not the link is watched.
                let place = if folder.is_symlink() { folder.join("") } else { folder.clone() };
                let is_watched = watcher.watch(&place, *mode).is_ok();
                // It may have gone again.
                if is_watched || folder.is_dir() {
                    self.watched.insert(folder.clone(), identity);
                    all &= is_watched;
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
                Step::Idle => self.told.recv_timeout(LOOK),
                Step::Wait(rest) => self.told.recv_timeout(rest),
            };
            match received {
                Ok(event) => self.note(event),
                Err(RecvTimeoutError::Timeout) if self.pending.is_idle() => drop(self.look(Instant::now())),
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
        if self.pending.is_idle() || now.saturating_duration_since(changed.since) > PATIENCE {
            return false;
        }
        self.pending.take_back(changed.paths.clone(), changed.since);
        true
    }

    /// Whether any of what stirred is a change, as far as it has been told of by now.
    pub(super) fn has_changed(&mut self, is_change: IsChange<'_>) -> bool {
        self.drain();
        !self.pending.is_idle() && is_change(&self.pending.paths())
    }

    /// Whether anything changes within some time.
    #[expect(clippy::disallowed_methods, reason = "how long to wait depends on the time; nothing that is written does")]
    pub(super) fn changes_within(&mut self, time: Duration, is_change: IsChange<'_>) -> bool {
        let end = Instant::now() + time;
        loop {
            if self.has_changed(is_change) {
                return true;
            }
            match self.told.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(told) => self.note(told),
                Err(_) => return false,
            }
        }
    }

    fn drain(&mut self) {
        while let Ok(event) = self.told.try_recv() {
            self.note(event);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the time of an event")]
    fn note(&mut self, told: Told) {
        let now = Instant::now();
        let (paths, happened) = match told {
            Told::Lost => return self.pending.note(self.scope.content(), Happened::Changed, now),
            Told::Looked(path) => (vec![path], Happened::Changed),
            Told::Event(event) => (event.paths, happened(event.kind).unwrap_or(Happened::Changed)),
        };
        for path in paths {
            if self.scope.is_folder(&path) {
                self.watch_anew(path, now);
            } else if self.scope.is_read(&path) {
                self.pending.note(path, happened, now);
            }
        }
    }

    /// A watched folder came, went or was replaced by another of the same name; or something about it changed.
    fn watch_anew(&mut self, folder: PathBuf, now: Instant) {
        if !self.look(now) && !self.scope.holds_only(&folder) {
            self.forget(&folder);
            self.watch_folders();
            self.pending.note(folder, Happened::Changed, now);
        }
    }

    /// Looks whether other folders stand where some are watched, or none, or where none was. Then anything may have changed, also what looks as it
    /// did, and everything is watched anew.
    fn look(&mut self, now: Instant) -> bool {
        let is_other = |(folder, _): &(PathBuf, RecursiveMode)| Identity::of(folder).as_ref() != self.watched.get(folder);
        if self.watcher.is_none() || !self.scope.folders().iter().any(is_other) {
            return false;
        }
        let root = self.scope.root().to_path_buf();
        for folder in self.watched.clone().into_keys() {
            self.forget(&folder);
        }
        self.watch_folders();
        self.pending.note(root, Happened::Changed, now);
        true
    }

    /// Watches a folder no longer.
    fn forget(&mut self, folder: &Path) {
        self.watched.remove(folder);
        if let Some(watcher) = &mut self.watcher {
            let _ = watcher.unwatch(folder);
        }
    }
}

/// What an event says, if it says that a file changed.
fn happened(kind: EventKind) -> Option<Happened> {
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
