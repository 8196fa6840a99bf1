//! Rendering that ends when files change again.
//!
//! In: finished files, and what stirs meanwhile. Out: a site, or a refusal of its next file as soon as something has changed. What stirs and turns
//! out to say what it said, as a file that was saved once more, refuses nothing: it could stir again and again, and nothing would be finished.

use super::watch::{IsChange, Watch};
use crate::site::{File, Sink, Site};
use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

/// Keeps files until something changes.
pub(super) struct Interruptible<'a> {
    pub(super) site: Site,
    stirred: Arc<AtomicBool>,
    changed: AtomicBool,
    watch: Mutex<Option<&'a mut Watch>>,
    is_change: IsChange<'a>,
}

impl<'a> Interruptible<'a> {
    /// Without somebody who watches, everything is kept.
    pub(super) fn new(watch: Option<&'a mut Watch>, is_change: IsChange<'a>) -> Self {
        let stirred = watch.as_ref().map(|watch| watch.stirred()).unwrap_or_default();
        Self { site: Site::default(), stirred, changed: AtomicBool::new(false), watch: Mutex::new(watch), is_change }
    }

    /// Looks at what stirred; while one thread does, the others go on.
    fn look(&self) {
        let Ok(mut watch) = self.watch.try_lock() else { return };
        // What stirs from here on is looked at next time.
        self.stirred.store(false, Ordering::Release);
        if watch.as_mut().is_some_and(|watch| watch.has_changed(self.is_change)) {
            self.changed.store(true, Ordering::Release);
        }
    }
}

impl Sink for Interruptible<'_> {
    fn accept(&self, file: File<'_>) -> io::Result<()> {
        if self.stirred.load(Ordering::Acquire) {
            self.look();
        }
        if self.changed.load(Ordering::Acquire) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.site.accept(file)
    }
}
