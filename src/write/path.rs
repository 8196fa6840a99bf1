//! Paths below an output folder, and the folders on the way.
//!
//! In: `/`-separated paths of finished files. Out: whether one may be written at all, and folders that are known to be real ones:
//! made once, looked at once, never a link. Nothing outside the root is touched.

use super::{WriteError, manifest::MANIFEST, staging::STAGING};
use crate::message;
use rustc_hash::FxHashMap;
use std::{
    fs, io,
    path::{Component, Path, PathBuf},
    sync::{PoisonError, RwLock},
};

/// Whether a path is relative, stays below the root, and is not one that planpress keeps for itself.
pub(super) fn is_allowed(path: &str) -> bool {
    let is_name = |part: &str| {
        let mut components = Path::new(part).components();
        // The system's own view of the part counts too: on Windows `C:` and `a\b` are no names.
        matches!((components.next(), components.next()), (Some(Component::Normal(name)), None) if name == part)
            && !part.contains(char::is_control)
            && !(cfg!(windows) && part.contains(':'))
    };
    let first = path.split('/').next().unwrap_or_default();
    path.split('/').all(is_name) && !first.eq_ignore_ascii_case(MANIFEST) && !first.eq_ignore_ascii_case(STAGING)
}

/// The folder of a path, empty for the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path as file systems see it that do not tell upper from lower case.
pub(super) fn folded(path: &str) -> String {
    path.to_lowercase()
}

/// The folders below a root, remembered.
#[derive(Debug)]
pub(super) struct Folders {
    root: PathBuf,
    /// Whether each folder asked about exists; only ever looked up.
    known: RwLock<FxHashMap<String, bool>>,
}

impl Folders {
    pub(super) fn below(root: PathBuf) -> Self {
        Self { root, known: RwLock::default() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Makes a folder and those above it; the root must exist.
    ///
    /// # Errors
    /// When one cannot be made, or when a file or a link stands in its place.
    pub(super) fn make(&self, folder: &str) -> io::Result<()> {
        if folder.is_empty() || self.remembered(folder) == Some(true) {
            return Ok(());
        }
        self.make(parent(folder))?;
        let path = self.root.join(folder);
        if let Err(error) = fs::create_dir(&path) {
            // Another thread may have made it just now.
            let stands = error.kind() == io::ErrorKind::AlreadyExists && fs::symlink_metadata(&path)?.is_dir();
            if !stands {
                return Err(error);
            }
        }
        self.remember(folder, true);
        Ok(())
    }

    /// Whether a folder exists; a file in its place counts as none when it is `ours`, since it will be gone by then.
    ///
    /// # Errors
    /// When it, or a folder above it, is a file of somebody else or a link: what lies behind a link is not ours.
    pub(super) fn exist(&self, folder: &str, ours: impl Fn(&str) -> bool + Copy) -> Result<bool, WriteError> {
        if folder.is_empty() {
            return Ok(true);
        }
        if let Some(known) = self.remembered(folder) {
            return Ok(known);
        }
        let exists = self.exist(parent(folder), ours)?
            && match fs::symlink_metadata(self.root.join(folder)) {
                Ok(metadata) if metadata.is_symlink() => return Err(link(folder)),
                Ok(metadata) if !metadata.is_dir() && !ours(folder) => return Err(WriteError::foreign(folder)),
                Ok(metadata) => metadata.is_dir(),
                Err(_) => false,
            };
        self.remember(folder, exists);
        Ok(exists)
    }

    /// Removes a folder and those above it as far as they are empty; the root stays.
    pub(super) fn remove_empty(&self, folder: &str) {
        let mut folder = folder;
        while !folder.is_empty() && fs::remove_dir(self.root.join(folder)).is_ok() {
            self.remember(folder, false);
            folder = parent(folder);
        }
    }

    fn remembered(&self, folder: &str) -> Option<bool> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(folder).copied()
    }

    fn remember(&self, folder: &str, exists: bool) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), exists);
    }
}

fn link(folder: &str) -> WriteError {
    let message = message!("輸出資料夾裡的「{folder}」是連結", "`{folder}` in the output folder is a link");
    WriteError::new(message)
        .help(message!("請移除這個連結；planpress 不會寫到連結後面", "Remove it; planpress does not write through links"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_root_are_allowed() {
        for good in ["index.html", "chapters/scope.html", "assets/圖 1.png", ".nojekyll", "a/.planpress", "..a/b"] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../a", "a/../b", "a//b", "a/", "/", ".", "a/.", "a\nb", ".planpress", ".Planpress-staging/a"] {
            assert!(!is_allowed(bad), "{bad}");
        }
        if cfg!(windows) {
            assert!(!is_allowed("C:a") && !is_allowed("a\\..\\b") && !is_allowed("a:b"));
        }
    }
}
