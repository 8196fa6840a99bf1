//! Finished files, on their way to a folder or a browser.
//!
//! In: files that `render` has finished. Out: the same files, kept in memory by [`Site`], by [`Nowhere`] not at all, or taken by any other [`Sink`].
//! Nothing here knows how a file was made or where it will go.

use std::{collections::BTreeMap, io, sync::Mutex};

/// The file that lists every other file's digest, as `sha256sum -c` reads it.
pub const SUMS: &str = "SHA256SUMS";

/// One finished file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// Path below the output folder, `/`-separated, relative, without `..`.
    pub path: &'a str,
    /// The bytes to publish.
    pub bytes: &'a [u8],
}

/// Takes finished files in any order, from several threads at once.
pub trait Sink: Sync {
    /// Takes one file.
    ///
    /// # Errors
    /// When the file cannot be kept; rendering stops.
    fn accept(&self, file: File<'_>) -> io::Result<()>;
}

/// A whole site in memory, by path.
#[derive(Debug, Default)]
pub struct Site {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Site {
    /// The files, by path.
    #[must_use]
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Sink for Site {
    fn accept(&self, file: File<'_>) -> io::Result<()> {
        self.files
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(file.path.to_owned(), file.bytes.to_vec());
        Ok(())
    }
}

/// Takes files and keeps none.
#[derive(Debug)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn accept(&self, _: File<'_>) -> io::Result<()> {
        Ok(())
    }
}
