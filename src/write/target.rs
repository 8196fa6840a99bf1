//! The folder to write into, as it stands before anything is written.
//!
//! In: the path that a person gave. Out: [`Target`]: where that is, whether planpress may write there, and what it wrote there
//! before. This module looks and changes nothing but missing folders above the target.

use super::{WriteError, manifest, manifest::Manifest, path::folded, staging::STAGING};
use crate::{message, source::is_of_system};
use rustc_hash::FxHashSet;
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// What stands at the target.
#[derive(Debug)]
pub(super) enum State {
    /// Nothing.
    Absent,
    /// An empty folder.
    Empty,
    /// A folder that planpress wrote into.
    Written {
        /// Every path that planpress wrote and that may still be there, and what it said of itself then.
        owned: Manifest,
        /// The same without regard to case.
        owned_folded: FxHashSet<String>,
    },
}

/// A folder that planpress may write into.
#[derive(Debug)]
pub(super) struct Target {
    path: PathBuf,
    shown: String,
    state: State,
}

impl Target {
    /// Looks at a folder.
    ///
    /// # Errors
    /// When it is none, or holds files and was not written by planpress.
    pub(super) fn survey(folder: &Path) -> Result<Self, WriteError> {
        let shown = shown(folder);
        let failed = |error| WriteError::system(&shown, error);
        let metadata = match fs::metadata(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && folder.symlink_metadata().is_err() => {
                let path = std::path::absolute(folder).map_err(failed)?;
                // Windows says no more than that there is nothing.
                if path.ancestors().any(Path::is_file) {
                    return Err(failed(io::ErrorKind::NotADirectory.into()));
                }
                return Ok(Self { path, shown, state: State::Absent });
            }
            other => other.map_err(failed)?,
        };
        if !metadata.is_dir() {
            let message = message!("「{shown}」是檔案，不是資料夾", "`{shown}` is a file, not a folder");
            return Err(WriteError::new(message).help(message!("請用 --out 指定別的資料夾", "Name another folder with --out")));
        }
        // The link that a person named is followed; links inside the folder are not.
        let path = fs::canonicalize(folder).map_err(failed)?;
        let state = match manifest::read(&path, &shown)? {
            Some(owned) => State::Written { owned_folded: owned.paths.iter().map(|path| folded(path)).collect(), owned },
            None if is_empty(&path).map_err(failed)? => State::Empty,
            None => {
                let message =
                    message!("「{shown}」裡有檔案，而且不是 planpress 寫的", "`{shown}` holds files and was not written by planpress");
                let help = message!(
                    "planpress 不會動別人的檔案。請用 --out 指定空的或新的資料夾",
                    "planpress leaves other people’s files alone. Name an empty or a new folder with --out"
                );
                return Err(WriteError::new(message).help(help));
            }
        };
        Ok(Self { path, shown, state })
    }

    /// Where the folder is, or will be.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder as the person named it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// A file in it, for people.
    pub(super) fn shown_file(&self, path: &str) -> String {
        format!("{}/{path}", self.shown)
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// Whether a folder in it, down to the last, holds nothing but files that planpress wrote.
    pub(super) fn is_all_ours(&self, folder: &str) -> bool {
        let State::Written { owned, .. } = &self.state else { return false };
        let Ok(entries) = fs::read_dir(self.path.join(folder)) else { return false };
        entries.into_iter().all(|entry| {
            let Ok(entry) = entry else { return false };
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.is_all_ours(&path),
                Ok(kind) => kind.is_file() && owned.paths.contains(&path),
                Err(_) => false,
            }
        })
    }

    /// Where new files wait. For an existing folder that is inside it, so that it is the same disk and files inherit its access
    /// rules; for one that does not exist, beside it, so that one renaming makes the whole.
    ///
    /// # Errors
    /// When the folders above one that does not exist cannot be made.
    pub(super) fn staging(&self) -> Result<PathBuf, WriteError> {
        if !matches!(self.state, State::Absent) {
            return Ok(self.path.join(STAGING));
        }
        let failed = |error| WriteError::system(&self.shown, error);
        let (Some(above), Some(name)) = (self.path.parent(), self.path.file_name()) else {
            return Err(failed(io::ErrorKind::InvalidFilename.into()));
        };
        fs::create_dir_all(above).map_err(failed)?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(STAGING);
        Ok(above.join(hidden))
    }
}

/// A path as the person wrote it, with one kind of slash.
fn shown(folder: &Path) -> String {
    let shown = folder.to_string_lossy();
    let shown = if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() };
    match shown.trim_end_matches('/') {
        "" => shown,
        rest => rest.to_owned(),
    }
}

/// Whether a sorted set of paths has one below `folder`.
pub(super) fn holds(paths: &BTreeSet<String>, folder: &str) -> bool {
    let first = format!("{folder}/");
    paths.range(first.clone()..).next().is_some_and(|path| path.starts_with(&first))
}

/// Whether a folder holds nothing but what a killed run may have left, or a system that showed the folder.
fn is_empty(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name != STAGING && !name.to_str().is_some_and(is_of_system) {
            return Ok(false);
        }
    }
    Ok(true)
}
