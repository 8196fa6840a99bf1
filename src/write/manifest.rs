//! The list of what planpress has written into a folder.
//!
//! In: a folder, or the paths written. Out: the paths listed in the hidden file `.planpress` at its root: a line that names the
//! format, perhaps a line that begins with `//` and says what the run said of itself, then one path a line, sorted. Only what it lists
//! is ever replaced or removed, and it is replaced as one.

use super::{WriteError, path::is_allowed};
use crate::message;
use std::{collections::BTreeSet, fs, io, path::Path};

/// The manifest's name at the root of an output.
pub const MANIFEST: &str = ".planpress";
/// The manifest's first line; the number changes when the rest is to be read in another way.
const FORMAT: &str = "planpress output 1";

/// What begins the line of the mark. No path of ours begins with it.
const MARK: &str = "// ";

/// What a manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// What the run said of itself, in one line, if it finished and said anything.
    pub mark: Option<String>,
    /// Every path that planpress wrote and that may still be there.
    pub paths: BTreeSet<String>,
}

/// Reads a folder's manifest; `None` when it has none, or a file of that name that planpress did not write.
#[expect(clippy::disallowed_methods, reason = "our own manifest is read back here")]
pub(super) fn read(folder: &Path, shown: &str) -> Result<Option<Manifest>, WriteError> {
    let path = folder.join(MANIFEST);
    if !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(None),
        other => other.map_err(|error| WriteError::system(&format!("{shown}/{MANIFEST}"), error))?,
    };
    let mut lines = text.lines();
    match lines.next() {
        Some(FORMAT) => Ok(Some(Manifest {
            mark: lines.clone().find_map(|line| line.strip_prefix(MARK)).map(str::to_owned),
            // A path that we would not write is none that we have written.
            paths: lines.filter(|path| is_allowed(path)).map(str::to_owned).collect(),
        })),
        Some(other) if other.starts_with("planpress output ") => {
            let message = message!("「{shown}」是由較新版的 planpress 寫的", "`{shown}` was written by a newer version of planpress");
            Err(WriteError::new(message).help(message!("請更新 planpress，或改用別的資料夾", "Update planpress, or use another folder")))
        }
        _ => Ok(None),
    }
}

/// Writes a manifest at `place`, which is not yet the place where it counts.
pub(super) fn write(manifest: &Manifest, place: &Path) -> io::Result<()> {
    let mut text = format!("{FORMAT}\n");
    if let Some(mark) = &manifest.mark {
        text.push_str(MARK);
        text.push_str(mark);
        text.push('\n');
    }
    for path in &manifest.paths {
        text.push_str(path);
        text.push('\n');
    }
    fs::write(place, text)
}
