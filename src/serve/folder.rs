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
    /// The disk, and the folder's number on it.
    number: (u64, u64),
    /// Where a number may be given again, and the system tells.
    created: Option<SystemTime>,
}

impl Identity {
    /// That of the folder at a path, or behind a link; `None` where there is none.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(Metadata::is_dir)?;
        identity(path, &metadata)
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere the system is asked once more, and may not answer")]
fn identity(_: &Path, metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    Some(Identity { number: (metadata.dev(), metadata.ino()), created: metadata.created().ok() })
}

/// Windows gives what takes the place of something just gone the time of creation of what was there, but no number again.
#[cfg(windows)]
fn identity(path: &Path, _: &Metadata) -> Option<Identity> {
    let information = winapi_util::file::information(winapi_util::Handle::from_path_any(path).ok()?).ok()?;
    Some(Identity { number: (information.volume_serial_number(), information.file_index()), created: None })
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
