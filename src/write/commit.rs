//! Putting a new site in the place of the old one.
//!
//! In: the target, the staging folder and the accepted paths. Out: the new site, and how many old files went. At every moment the
//! manifest lists at least the files of ours that stand, so that a run killed halfway leaves nothing that the next would not know.

use super::{
    Accepted, WriteError, manifest,
    manifest::{MANIFEST, Manifest},
    path::{Folders, folded, parent},
    staging::Staging,
    target::{State, Target, holds},
};
use crate::{message, source::held};
use rustc_hash::FxHashSet;
use std::{collections::BTreeSet, fs, io, path::Path};

/// Commits and counts the removed files. What the run says of itself, its mark, stands in the manifest once all is done.
pub(super) fn commit(
    target: &Target,
    standing: &Folders,
    staging: &Staging,
    accepted: Accepted,
    mark: Option<String>,
) -> Result<usize, WriteError> {
    let commit = Commit { target, standing, staging };
    let Accepted { paths, folded, waiting } = accepted;
    let manifest = Manifest { mark, paths };
    match target.state() {
        State::Absent => commit.appear(&manifest).map(|()| 0),
        State::Empty => commit.fill(&manifest).map(|()| 0),
        State::Written { owned, .. } => commit.update(owned, &manifest, &folded, waiting),
    }
}

struct Commit<'a> {
    target: &'a Target,
    standing: &'a Folders,
    staging: &'a Staging,
}

impl Commit<'_> {
    /// The whole at once.
    fn appear(&self, manifest: &Manifest) -> Result<(), WriteError> {
        let failed = |error| WriteError::system(self.target.shown(), error);
        let site = self.staging.site();
        manifest::write(manifest, &site.join(MANIFEST)).map_err(failed)?;
        replace(&site, self.target.path()).map_err(failed)
    }

    /// Folder by folder, so that the empty one keeps its place, its access rules and what is mounted on it.
    fn fill(&self, manifest: &Manifest) -> Result<(), WriteError> {
        self.list(manifest)?;
        let failed = |error| WriteError::system(self.target.shown(), error);
        for entry in fs::read_dir(self.staging.site()).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            replace(&entry.path(), &self.target.path().join(entry.file_name())).map_err(failed)?;
        }
        Ok(())
    }

    /// File by file.
    fn update(
        &self,
        owned: &Manifest,
        manifest: &Manifest,
        new_folded: &FxHashSet<String>,
        mut waiting: Vec<String>,
    ) -> Result<usize, WriteError> {
        let (old, new) = (&owned.paths, &manifest.paths);
        if !new.is_subset(old) {
            self.list(&Manifest { mark: None, paths: old.union(new).cloned().collect() })?;
        }
        let in_the_way = |old: &&String| holds(new, old) || has_folder_in(old, new) || new_folded.contains(&folded(old));
        let (first, last): (Vec<_>, Vec<_>) = old.difference(new).partition(in_the_way);
        let mut removed = self.remove(&first)?;
        // Pages last: what they refer to is there before them.
        let is_page = |path: &str| Path::new(path).extension().is_some_and(|extension| extension == "html");
        waiting.sort_by_cached_key(|path| (is_page(path), path.clone()));
        for folder in waiting.iter().map(|path| parent(path)) {
            self.standing.make(folder).map_err(|error| WriteError::system(&self.target.shown_file(folder), error))?;
        }
        let site = self.staging.site();
        for path in &waiting {
            replace(&site.join(path), &self.target.path().join(path)).map_err(|error| self.halfway(path, error))?;
        }
        removed += self.remove(&last)?;
        if owned != manifest {
            self.list(manifest)?;
        }
        Ok(removed)
    }

    fn halfway(&self, path: &str, error: io::Error) -> WriteError {
        let help = message!(
            "其他檔案可能已經更新；排除這個問題後再執行一次，就會補齊",
            "Other files may be new already; solve this and run again to complete them"
        );
        WriteError::system(&self.target.shown_file(path), error).help(help)
    }

    fn list(&self, manifest: &Manifest) -> Result<(), WriteError> {
        let place = self.staging.manifest();
        manifest::write(manifest, &place)
            .and_then(|()| replace(&place, &self.target.path().join(MANIFEST)))
            .map_err(|error| WriteError::system(&self.target.shown_file(MANIFEST), error))
    }

    /// Removes files of ours, and folders that this empties. What has become a link or a folder since is not ours any more.
    fn remove(&self, paths: &[&String]) -> Result<usize, WriteError> {
        let mut removed = 0;
        for path in paths {
            let place = self.target.path().join(path);
            let ours = self.standing.exist(parent(path), |_| true).unwrap_or(false)
                && fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_file());
            if ours {
                held::replacing(|| fs::remove_file(&place)).map_err(|error| self.halfway(path, error))?;
                removed += 1;
            }
        }
        for path in paths {
            self.standing.remove_empty(parent(path));
        }
        Ok(removed)
    }
}

/// Whether a folder on the way to `path` is itself one of `paths`.
fn has_folder_in(path: &str, paths: &BTreeSet<String>) -> bool {
    let mut folder = parent(path);
    while !folder.is_empty() {
        if paths.contains(folder) {
            return true;
        }
        folder = parent(folder);
    }
    false
}

/// Renames, replacing a file in one step.
fn replace(from: &Path, to: &Path) -> io::Result<()> {
    held::replacing(|| fs::rename(from, to))
}
