//! What an earlier run left in a folder.
//!
//! In: a folder. Out: [`Standing`]: what its manifest lists and what stands there of it. This module looks and changes nothing, and
//! takes no lock: what it finds may be changing.

use super::{manifest, manifest::Manifest, path::Folders, path::parent, staging::STAGING};
use std::{collections::BTreeSet, fs, path::Path};

/// A folder that a run finished writing into.
#[derive(Debug)]
pub struct Standing {
    folders: Folders,
    manifest: Manifest,
}

impl Standing {
    /// Looks at a folder; `None` when planpress did not write it, or when a run is at work there or was killed.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        let path = fs::canonicalize(folder).ok()?;
        if fs::symlink_metadata(path.join(STAGING)).is_ok() {
            return None;
        }
        let manifest = manifest::read(&path, "").ok().flatten()?;
        Some(Self { folders: Folders::below(path), manifest })
    }

    /// What that run said of itself.
    #[must_use]
    pub fn mark(&self) -> Option<&str> {
        self.manifest.mark.as_deref()
    }

    /// Every path that it wrote.
    #[must_use]
    pub fn paths(&self) -> &BTreeSet<String> {
        &self.manifest.paths
    }

    /// The bytes of a file that it wrote, if one still stands there: a file and no link, in folders that are none.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "what was written is read back here")]
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        if !self.paths().contains(path) || !self.folders.exist(parent(path), |_| false).ok()? {
            return None;
        }
        let path = self.folders.root().join(path);
        fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
        fs::read(path).ok()
    }
}
