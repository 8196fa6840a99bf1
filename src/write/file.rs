//! Writing one file.
//!
//! In: a path and bytes. Out: the file, whole or not at all: what stood there before stands until the new one is complete beside it.

use super::WriteError;
use std::{io::Write as _, path::Path};

/// Writes one file, making no folder.
///
/// # Errors
/// When the system refuses; the old file is then as it was.
pub fn file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let shown = path.display().to_string();
    let failed = |error| WriteError::system(&shown, error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".planpress-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut partial = builder.tempfile_in(folder).map_err(failed)?;
    partial.write_all(bytes).map_err(failed)?;
    partial.as_file().sync_all().map_err(failed)?;
    partial.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
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
}
