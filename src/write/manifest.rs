//! The list of what planpress has written into a folder.
//!
//! In: a folder, or the paths written. Out: the paths listed in the hidden file `.planpress` at its root: a line that names the
//! format, then one path a line, sorted. Only what it lists is ever replaced or removed, and it is replaced as one.

use super::{WriteError, path::is_allowed};
use crate::message;
use std::{collections::BTreeSet, fs, io, path::Path};

/// The manifest's name at the root of an output.
pub const MANIFEST: &str = ".planpress";
/// The manifest's first line; the number changes when the rest is to be read in another way.
const FORMAT: &str = "planpress output 1";

/// Reads a folder's manifest; `None` when it has none, or a file of that name that planpress did not write.
#[expect(clippy::disallowed_methods, reason = "our own manifest is read back here")]
pub(super) fn read(folder: &Path, shown: &str) -> Result<Option<BTreeSet<String>>, WriteError> {
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
        // A path that we would not write is none that we have written.
        Some(FORMAT) => Ok(Some(lines.filter(|path| is_allowed(path)).map(str::to_owned).collect())),
        Some(other) if other.starts_with("planpress output ") => {
            let message = message!("「{shown}」是由較新版的 planpress 寫的", "`{shown}` was written by a newer version of planpress");
            Err(WriteError::new(message).help(message!("請更新 planpress，或改用別的資料夾", "Update planpress, or use another folder")))
        }
        _ => Ok(None),
    }
}

/// Writes a manifest at `place`, which is not yet the place where it counts.
pub(super) fn write(paths: &BTreeSet<String>, place: &Path) -> io::Result<()> {
    let mut text = String::from(FORMAT);
    for path in paths {
        text.push('\n');
        text.push_str(path);
    }
    text.push('\n');
    fs::write(place, text)
}
