//! The hidden folder in which new files wait until all of them are there.
//!
//! In: its place. Out: an empty `site/` that no other run can get at, because a file beside it is locked for as long as the
//! [`Staging`] lives. The lock ends with the process, however that ends; what a killed run left behind is removed by the next.

use super::WriteError;
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The staging folder's name inside an existing output; it is there during a run, or after one that was killed.
pub const STAGING: &str = ".planpress-staging";

/// A locked staging folder; dropping it removes everything in it.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    lock: Option<File>,
}

impl Staging {
    /// Makes and locks a staging folder; `None` when another run removed it just now, so that the caller must look again.
    ///
    /// # Errors
    /// When another run holds it, or when the place cannot be written.
    pub(super) fn take(folder: PathBuf, shown: &str) -> Result<Option<Self>, WriteError> {
        let failed = |error| WriteError::system(shown, error);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
        let path = folder.join("lock");
        // A file or a link where only we write is not ours; neither is written through.
        let foreign = fs::symlink_metadata(&folder).is_ok_and(|metadata| !metadata.is_dir()) || path.is_symlink();
        if foreign {
            return Err(failed(io::ErrorKind::AlreadyExists.into()));
        }
        let lock = match open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let _ = fs::remove_dir(&folder);
                return Err(failed(error));
            }
            Ok(lock) => lock,
        };
        // Some network file systems know no locks; a single user there is better served without one than not at all.
        if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(WriteError::busy(shown));
        }
        if !is_at(&lock, &path) {
            return Ok(None);
        }
        let staging = Self { folder, lock: Some(lock) };
        staging.clear(|name| name != "lock").map_err(failed)?;
        fs::create_dir(staging.site()).map_err(failed)?;
        Ok(Some(staging))
    }

    /// The folder that holds the new files.
    pub(super) fn site(&self) -> PathBuf {
        self.folder.join("site")
    }

    /// The place of a new manifest.
    pub(super) fn manifest(&self) -> PathBuf {
        self.folder.join("manifest")
    }

    fn clear(&self, which: impl Fn(&str) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if !which(&entry.file_name().to_string_lossy()) {
                continue;
            }
            if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now, the next run removes.
        let _ = self.clear(|name| name != "lock");
        if cfg!(windows) {
            // An open file cannot be removed there, so that nobody can lock a file that is about to vanish.
            drop(self.lock.take());
        }
        let _ = fs::remove_file(self.folder.join("lock"));
        let _ = fs::remove_dir(&self.folder);
    }
}

/// Opens the lock file so that, on Windows, it cannot be removed while it is open.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        const SHARE_READ_AND_WRITE: u32 = 1 | 2;
        options.share_mode(SHARE_READ_AND_WRITE);
    }
    options.open(path)
}

/// Whether an open file is still the one at a path: the run that held the lock before may have removed it since we opened it.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Whether an open file is still the one at a path; elsewhere an open file cannot be removed.
#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}
