//! Writing one file.
//!
//! In: a path and bytes. Out: the file, whole or not at all: what stood there before stands until the new one is complete beside it.

use super::WriteError;
use crate::{message, source::held};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::Path,
};
use tempfile::{NamedTempFile, PathPersistError, TempPath};

/// Writes one file, making no folder.
///
/// # Errors
/// When the system refuses; the old file is then as it was.
pub fn file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes).map_err(|error| WriteError::system(&path.display().to_string(), error))
}

/// Replaces what a link leads to, not the link, and keeps who may read it. What is no file, as `/dev/stdout` is, takes the bytes as they come.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let standing = fs::metadata(path).ok();
    if standing.as_ref().is_some_and(|standing| !standing.is_file() && !standing.is_dir()) {
        return OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    // A link to a pipe, which was written above, leads to no name.
    let place = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
    let partial = partial(&place, bytes)?;
    #[cfg(unix)]
    if let Some(standing) = standing.filter(fs::Metadata::is_file) {
        partial.as_file().set_permissions(standing.permissions())?;
    }
    put(partial, |partial| partial.persist(&place))
}

/// Writes one file that does not exist yet, making no folder.
///
/// # Errors
/// When something stands there, or the system refuses; nothing is left behind.
pub fn new_file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let failed = |error| WriteError::system(&path.display().to_string(), error);
    put(partial(path, bytes).map_err(failed)?, |partial| partial.persist_noclobber(path)).map_err(failed)
}

/// The only run that writes new files into a folder, for as long as it lives.
#[derive(Debug)]
pub struct FolderLock {
    _lock: File,
}

/// The name of the file that is locked; it stays, so that nobody locks one that is about to vanish.
const LOCK: &str = ".planpress-lock";

impl FolderLock {
    /// Makes a folder, if it is missing, and locks it.
    ///
    /// # Errors
    /// When another run holds it, or the system refuses.
    pub fn take(folder: &Path) -> Result<Self, WriteError> {
        let shown = folder.display().to_string();
        let failed = |error| WriteError::system(&shown, error);
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(WriteError::busy(&shown)),
            // Some network file systems know no locks; a file that is never replaced still keeps the first of two.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Self { _lock: lock }),
            Err(TryLockError::Error(error)) => {
                Err(WriteError::new(message!("無法鎖定「{shown}」：{error}", "Cannot lock `{shown}`: {error}")))
            }
        }
    }
}

/// Puts a whole file into its place.
fn put(partial: NamedTempFile, persist: impl Fn(TempPath) -> Result<(), PathPersistError>) -> io::Result<()> {
    let mut waiting = Some(partial.into_temp_path());
    held::replacing(|| {
        let Some(partial) = waiting.take() else { return Ok(()) };
        persist(partial).map_err(|refused| {
            waiting = Some(refused.path);
            refused.error
        })
    })
}

/// The whole file beside its place.
fn partial(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".planpress-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut partial = builder.tempfile_in(folder)?;
    partial.write_all(bytes)?;
    partial.as_file().sync_all()?;
    Ok(partial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test looks at what was written")]
    fn a_file_is_replaced_and_a_folder_in_its_place_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.pdf");
        file(&path, b"one").unwrap();
        file(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert!(file(folder.path(), b"three").is_err());
        assert!(file(&folder.path().join("none/plan.pdf"), b"three").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test looks at what was written")]
    fn a_link_stays_and_so_does_who_may_read_what_it_leads_to() {
        use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name| folder.path().join(name);
        file(&at("real.pdf"), b"one").unwrap();
        fs::set_permissions(at("real.pdf"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.pdf", at("link.pdf")).unwrap();
        file(&at("link.pdf"), b"two").unwrap();
        assert!(at("link.pdf").is_symlink());
        assert_eq!(std::fs::read(at("real.pdf")).unwrap(), b"two");
        assert_eq!(fs::metadata(at("real.pdf")).unwrap().permissions().mode() & 0o777, 0o640);
        symlink("nowhere", at("broken.pdf")).unwrap();
        assert!(file(&at("broken.pdf"), b"three").is_err());

        let pipe = at("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        file(&pipe, b"four").unwrap();
        assert_eq!(reader.join().unwrap(), b"four");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());

        // What a shell writes for `>(…)`.
        let (mut read, write) = io::pipe().unwrap();
        file(Path::new(&format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&write))), b"five").unwrap();
        drop(write);
        let mut passed = String::new();
        io::Read::read_to_string(&mut read, &mut passed).unwrap();
        assert_eq!(passed, "five");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test looks at what was written")]
    fn a_new_file_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.0.json");
        new_file(&path, b"one").unwrap();
        assert!(new_file(&path, b"two").is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_folder_is_locked_once() {
        let folder = tempfile::tempdir().unwrap();
        let editions = folder.path().join("content/editions");
        let first = FolderLock::take(&editions).unwrap();
        assert!(FolderLock::take(&editions).is_err());
        drop(first);
        assert!(FolderLock::take(&editions).is_ok());
    }
}
