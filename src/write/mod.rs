//! Writing a site to a folder.
//!
//! In: finished files, in any order and from several threads. Out: a folder that holds exactly them and whatever it held that is
//! not ours. Files that are already there byte for byte are left alone; the others wait in a staging folder until
//! [`Output::finish`] puts each in its place by renaming. Until then the old output stands whole, whatever goes wrong. It knows
//! nothing of what the files mean.

mod commit;
mod error;
mod file;
mod manifest;
mod path;
mod staging;
mod standing;
mod target;

pub use error::WriteError;
pub use file::{FolderLock, file, new_file};
pub use manifest::MANIFEST;
pub use staging::STAGING;
pub use standing::Standing;

use crate::{
    message,
    site::{File, Sink},
};
use manifest::Manifest;
use path::{Folders, folded, is_allowed, parent};
use rustc_hash::FxHashSet;
use staging::Staging;
use std::{
    collections::BTreeSet,
    fs, io,
    io::Write as _,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use target::{State, Target};

/// How often opening looks again when other runs come and go between its looking and its locking.
const ATTEMPTS: usize = 20;

/// An output folder on its way from what it was to what it will be.
///
/// Dropped without [`finish`](Self::finish), it leaves the folder as it was.
#[derive(Debug)]
pub struct Output {
    target: Target,
    /// The folders of the target, which are not ours alone.
    standing: Folders,
    /// The folders of the staging folder, which are.
    staged: Folders,
    accepted: Mutex<Accepted>,
    failed: AtomicBool,
    cancel: Arc<AtomicBool>,
    staging: Staging,
}

#[derive(Debug, Default)]
struct Accepted {
    /// Every path of the new site.
    paths: BTreeSet<String>,
    /// The same without regard to case.
    folded: FxHashSet<String>,
    /// Those that wait in the staging folder.
    waiting: Vec<String>,
}

/// What a finished output did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that are new or have other bytes than before.
    pub written: usize,
    /// Files that were already there.
    pub unchanged: usize,
    /// Files of an earlier run that no longer belong.
    pub removed: usize,
}

impl Output {
    /// Prepares to write into a folder: one that does not exist, is empty, or was written by planpress. While `cancel` is set, no
    /// file is accepted and nothing is committed.
    ///
    /// # Errors
    /// When the folder holds anything that planpress did not begin with, is a file, cannot be written, or is being written by
    /// another run.
    pub fn open(folder: &Path, cancel: Arc<AtomicBool>) -> Result<Self, WriteError> {
        let mut target = Target::survey(folder)?;
        for _ in 0..ATTEMPTS {
            let place = target.staging()?;
            let staging = Staging::take(place.clone(), target.shown())?;
            // Another run may have finished between our look and our lock.
            target = Target::survey(folder)?;
            if let Some(staging) = staging.filter(|_| target.staging().is_ok_and(|now| now == place)) {
                return Ok(Self {
                    standing: Folders::below(target.path().to_path_buf()),
                    staged: Folders::below(staging.site()),
                    target,
                    accepted: Mutex::default(),
                    failed: AtomicBool::new(false),
                    cancel,
                    staging,
                });
            }
        }
        Err(WriteError::busy(target.shown()))
    }

    /// Puts every accepted file in its place, then removes what planpress wrote before and what no longer belongs. It is not
    /// interrupted once it has begun. The mark is a line in the manifest in which the run says something of itself, for [`Standing::mark`].
    ///
    /// # Errors
    /// When a file was refused before, when the run was cancelled, or when the system fails us; the message names the file.
    pub fn finish(self, mark: Option<String>) -> Result<Summary, WriteError> {
        self.check_cancelled()?;
        if self.failed.load(Ordering::Acquire) {
            let message = message!("有檔案寫不進去，輸出資料夾沒有變動", "A file was not accepted; the output folder is as it was");
            return Err(WriteError::new(message));
        }
        let accepted = std::mem::take(&mut *self.accepted());
        let (written, all) = (accepted.waiting.len(), accepted.paths.len());
        let removed = commit::commit(&self.target, &self.standing, &self.staging, accepted, mark)?;
        Ok(Summary { written, unchanged: all - written, removed })
    }

    fn keep(&self, file: File<'_>) -> Result<(), WriteError> {
        self.check_cancelled()?;
        let path = file.path;
        if !is_allowed(path) {
            return Err(WriteError::new(message!("「{path}」不能當輸出的路徑", "`{path}` cannot be a path of the output")));
        }
        self.claim(path)?;
        if self.stands(file)? {
            return Ok(());
        }
        let failed = |error| WriteError::system(&self.target.shown_file(path), error);
        self.staged.make(parent(path)).map_err(failed)?;
        let mut waiting = fs::File::create_new(self.staged.root().join(path)).map_err(failed)?;
        waiting.write_all(file.bytes).map_err(failed)?;
        self.accepted().waiting.push(path.to_owned());
        Ok(())
    }

    /// Notes a path of the new site, which no other file may have, not even in other case: half the world's disks do not tell.
    fn claim(&self, path: &str) -> Result<(), WriteError> {
        let mut accepted = self.accepted();
        if accepted.folded.insert(folded(path)) && accepted.paths.insert(path.to_owned()) {
            return Ok(());
        }
        Err(WriteError::new(message!("有兩個檔案要寫到「{path}」", "Two files want to be `{path}`")))
    }

    /// Whether the target holds exactly this file already.
    #[expect(clippy::disallowed_methods, reason = "what stands in the output is compared here")]
    fn stands(&self, file: File<'_>) -> Result<bool, WriteError> {
        let State::Written { owned: Manifest { paths: owned, .. }, owned_folded } = self.target.state() else { return Ok(false) };
        let path = file.path;
        if !self.standing.exist(parent(path), |folder| owned.contains(folder))? {
            return Ok(false);
        }
        let place = self.standing.root().join(path);
        let Ok(metadata) = fs::symlink_metadata(&place) else { return Ok(false) };
        if owned.contains(path) && !metadata.is_dir() {
            let same = metadata.is_file() && metadata.len() == file.bytes.len() as u64;
            return Ok(same && fs::read(&place).is_ok_and(|bytes| bytes == file.bytes));
        }
        // A file whose name only changes case, or a folder of ours that becomes a file, is out of the way by then.
        let ours = if metadata.is_dir() { self.target.is_all_ours(path) } else { owned_folded.contains(&folded(path)) };
        if ours { Ok(false) } else { Err(WriteError::foreign(path)) }
    }

    fn check_cancelled(&self) -> Result<(), WriteError> {
        if self.cancel.load(Ordering::Relaxed) { Err(WriteError::cancelled()) } else { Ok(()) }
    }

    fn accepted(&self) -> MutexGuard<'_, Accepted> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Output {
    fn accept(&self, file: File<'_>) -> io::Result<()> {
        self.keep(file).map_err(|error| {
            self.failed.store(true, Ordering::Release);
            error.into()
        })
    }
}

#[cfg(test)]
mod tests;
