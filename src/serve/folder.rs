//! Which folder it is that stands at a path.
//!
//! In: a path. Out: an [`Identity`], which another folder at the same path does not share: a folder can be moved away and another one, such as a
//! newer copy or a share that came back, take its place. Nothing in the folder is looked at.

use std::{fs, path::Path, time::SystemTime};

/// What tells a folder from another in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// The disk, and the folder's number on it, where the system tells: a number may be given again.
    number: (u64, u64),
    created: Option<SystemTime>,
}

impl Identity {
    /// That of the folder at a path, or behind a link; `None` where there is none.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
        Some(Self { number: number(&metadata), created: metadata.created().ok() })
    }
}

#[cfg(unix)]
fn number(metadata: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stays_the_same_whatever_comes_into_it_and_another_is_another() {
        let at = tempfile::tempdir().unwrap();
        let (here, there) = (at.path().join("here"), at.path().join("there"));
        assert_eq!(Identity::of(&here), None);
        fs::create_dir(&here).unwrap();
        let first = Identity::of(&here);
        assert!(first.is_some());
        fs::write(here.join("file"), "1").unwrap();
        assert_eq!(Identity::of(&here), first);
        assert_eq!(Identity::of(&here.join("file")), None, "no folder");
        fs::rename(&here, &there).unwrap();
        assert_eq!(Identity::of(&there), first);
        fs::create_dir(&here).unwrap();
        assert_ne!(Identity::of(&here), first);
    }
}
