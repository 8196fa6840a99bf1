//! Watching the files of a project.
//!
//! In: a project. Out: sets of paths that changed and are worth a rebuild, each set once. The system's own events are used, or, for
//! folders on a share, which send none, polling. Files that planpress does not read are not heard of.

use super::{
    pending::{Happened, PATIENCE, Pending, Step},
    poll,
};
use crate::source::{Project, is_read, is_visible};
use notify::{
    Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};
use std::{
    collections::BTreeSet,
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

/// A watched project.
pub(super) struct Watch {
    told: Receiver<Told>,
    /// Set by every event that says that something changed, relevant or not, for whoever is in the middle of long work.
    stirred: Arc<AtomicBool>,
    /// `None` while files are looked at instead.
    watcher: Option<Box<dyn Watcher + Send>>,
    project: Project,
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
            project: project.clone(),
            watched: BTreeSet::new(),
            pending: Pending::default(),
        };
        if !poll {
            let (send, stir) = (send.clone(), Arc::clone(&stirred));
            let hear = move |event: notify::Result<Event>| {
                let told = match event {
                    Ok(event) if happened(event.kind).is_none() => return,
                    Ok(event) if !event.need_rescan() => Told::Event(event),
                    Ok(_) | Err(_) => Told::Lost,
                };
                stir.store(true, Ordering::Release);
                // Nobody listens any more when the server ends.
                let _ = send.send(told);
            };
            let watcher = RecommendedWatcher::new(hear, Config::default().with_follow_symlinks(false));
            watch.watcher = watcher.ok().map(|watcher| Box::new(watcher) as _);
            // A system without room for more watches still has its files to look at.
            if !watch.watch_folders() {
                watch.watcher = None;
            }
        }
        if watch.watcher.is_none() {
            let folders = watch.folders().into_iter().filter(|(_, mode)| *mode == RecursiveMode::Recursive).map(|(folder, _)| folder);
            poll::start(folders.collect(), send, move |path| {
                stirred.store(true, Ordering::Release);
                Told::Looked(path)
            });
        }
        watch
    }

    /// Whether it polls, by wish or because the system cannot watch.
    pub(super) fn polls(&self) -> bool {
        self.watcher.is_none()
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
        let folders = self.folders();
        let Some(watcher) = &mut self.watcher else { return true };
        for (folder, mode) in folders {
            if !folder.is_dir() {
                self.watched.remove(&folder);
            } else if !self.watched.contains(&folder) {
                // Behind a link, the folder and not the link is watched.
                let place = if folder.is_symlink() { folder.join("") } else { folder.clone() };
                match watcher.watch(&place, mode) {
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
                Step::Idle => self.told.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Step::Wait(rest) => self.told.recv_timeout(rest),
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
        if self.pending.is_idle() || now.saturating_duration_since(changed.since) > PATIENCE {
            return false;
        }
        self.pending.take_back(changed.paths.clone(), changed.since);
        true
    }

    /// Whether anything changes within some time.
    pub(super) fn stirs_within(&mut self, time: Duration) -> bool {
        if self.pending.is_idle()
            && let Ok(told) = self.told.recv_timeout(time)
        {
            self.note(told);
        }
        !self.pending.is_idle()
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
            Told::Lost => return self.pending.note(self.project.root.join("content"), Happened::Changed, now),
            Told::Looked(path) => (vec![path], Happened::Changed),
            Told::Event(event) => (event.paths, happened(event.kind).unwrap_or(Happened::Changed)),
        };
        for path in paths {
            if self.folders().iter().any(|(folder, _)| *folder == path) {
                self.watch_anew(path, now);
            } else if self.is_read(&path) {
                self.pending.note(path, happened, now);
            }
        }
    }

    /// A watched folder came, went or was replaced by another of the same name.
    fn watch_anew(&mut self, folder: PathBuf, now: Instant) {
        self.watched.remove(&folder);
        if let Some(watcher) = &mut self.watcher {
            let _ = watcher.unwatch(&folder);
        }
        self.watch_folders();
        let holds_only = self.folders().iter().any(|(known, mode)| *known == folder && *mode == RecursiveMode::NonRecursive);
        if !holds_only {
            self.pending.note(folder, Happened::Changed, now);
        }
    }

    /// Whether a rebuild could read this file, or files in this folder.
    fn is_read(&self, path: &Path) -> bool {
        // An overlay may lie inside `content/`.
        let contents = [Some(self.project.root.join("content")), self.project.overlay.clone()];
        if contents.iter().flatten().any(|folder| path.strip_prefix(folder).is_ok_and(is_read)) {
            return true;
        }
        let is_own = |name: &Path| name.iter().all(|part| part.to_str().is_some_and(is_visible));
        path.strip_prefix(self.project.root.join("themes")).is_ok_and(is_own)
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
