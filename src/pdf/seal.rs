//! What says of a PDF that it is an approved edition.
//!
//! In: the record of an edition, or the bytes of a PDF. Out: its [`Seal`], which stands in the PDF among its keywords, whatever the theme. It
//! proves nothing: it keeps a PDF of record from being replaced by mistake.

use crate::edition::Record;
use memchr::memmem;

/// Which approved edition a PDF is.
#[derive(Debug, PartialEq, Eq)]
pub struct Seal {
    /// Its number.
    pub number: String,
    digest: String,
}

/// What such a keyword begins with.
const MARK: &str = "planpress-approved:";

impl Seal {
    /// That of an edition.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self { number: record.number.clone(), digest: record.short_digest().to_owned() }
    }

    /// That of a PDF. Its metadata are written as plain text, for archives to read.
    #[must_use]
    pub fn of_pdf(bytes: &[u8]) -> Option<Self> {
        let metadata = &bytes[memmem::find(bytes, b"<pdf:Keywords>")?..];
        let keyword = &metadata[memmem::find(metadata, MARK.as_bytes())? + MARK.len()..];
        let keyword = std::str::from_utf8(&keyword[..keyword.iter().position(|byte| *byte == b'<')?]).ok()?;
        let (number, digest) = keyword.split_once(':')?;
        Some(Self { number: number.to_owned(), digest: digest.to_owned() })
    }

    pub(super) fn keyword(&self) -> String {
        format!("{MARK}{}:{}", self.number, self.digest)
    }
}
