//! Which folder it is that stands at a path.
//!
//! In: a path. Out: an [`Identity`], which another folder at the same path does not share: a folder can be moved away and another one, such as a
//! newer copy or a share that came back, take its place. Nothing in the folder is looked at.

use std::{
    fs::{self, Metadata},
    path::Path,
    time::SystemTime,
};

/// What tells a folder from another in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// The disk, and the folder's number on it; zeros where neither is known.
    number: (u64, u64),
    /// Where a number may soon be given again, and the system tells.
    created: Option<SystemTime>,
}

impl Identity {
    /// That of the folder at a path, or behind a link; `None` where there is none.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(Metadata::is_dir)?;
        Some(identity(path, &metadata))
    }
}

#[cfg(unix)]
fn identity(_: &Path, metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    Identity { number: (metadata.dev(), metadata.ino()), created: metadata.created().ok() }
}

/// Windows gives a folder the time of creation of the one that has just gone from its place; its number on an NTFS disk is a new one.
#[cfg(windows)]
fn identity(path: &Path, _: &Metadata) -> Identity {
    let information = winapi_util::Handle::from_path_any(path).and_then(winapi_util::file::information);
    let number = information.map(|told| (told.volume_serial_number(), told.file_index())).unwrap_or_default();
    Identity { number, created: None }
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
