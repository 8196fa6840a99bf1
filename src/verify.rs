//! Verifying: whether files are those of an approved edition.
//!
//! In: a folder and a record, or a record alone. Out: [`Verified`], what became of each file, and whether the record itself is whole. It
//! needs nothing but files and records: nothing is compiled and nothing is written.

use crate::{
    approve,
    diagnostic::Message,
    edition::Record,
    message,
    site::SUMS,
    source::{self, Digest, Project, ReadError, is_of_system},
    view::PDF,
    write::MANIFEST,
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is what was approved, byte for byte.
    Equal,
    /// It is something else.
    Altered,
    /// It was approved and is not there.
    Missing,
    /// It was not part of what was approved.
    Added,
}

/// A folder against a record.
#[derive(Debug)]
pub struct Verified {
    /// What became of each file, by path below the folder.
    pub files: BTreeMap<String, Fate>,
}

impl Verified {
    /// How many files had a fate.
    #[must_use]
    pub fn count(&self, fate: Fate) -> usize {
        self.files.values().filter(|own| **own == fate).count()
    }

    /// Whether every file is what was approved.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.files.values().all(|fate| *fate == Fate::Equal)
    }
}

/// A record with its file.
#[derive(Debug)]
pub struct Found {
    /// Its path.
    pub path: PathBuf,
    /// Its text, which a signature signs.
    pub text: String,
    /// What it says.
    pub record: Record,
    /// The number of the latest edition of the project, where nobody named a record and this is an earlier one.
    pub later: Option<String>,
}

/// Why a record cannot be used.
#[derive(Debug)]
pub enum Unusable {
    /// It cannot be read.
    Read(ReadError),
    /// It can be read and is not to be trusted.
    Broken(PathBuf, Message),
}

/// Reads a record and looks whether it is whole: its seal, the digest of its clauses, that it follows the edition it names, if that
/// one's record stands beside it, and among a project's editions that the file has its number.
///
/// # Errors
/// When the file cannot be read or the record is not whole.
pub fn read(path: &Path) -> Result<Found, Unusable> {
    let text = read_text(path)?;
    let broken = |message| Unusable::Broken(path.to_owned(), message);
    let record = Record::parse(&text).map_err(|(_, message)| broken(message))?;
    // Among the editions of a project one that was copied over another would hide it.
    let is_filed = path.parent().is_some_and(|folder| folder.ends_with("editions"));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if let Some(message) = record.misnamed(&stem).filter(|_| is_filed) {
        return Err(broken(message));
    }
    if let Some(previous) = &record.previous {
        let beside = path.with_file_name(Record::file_name(&previous.number));
        let number = &previous.number;
        if beside.exists() && Record::parse(&read_text(&beside)?).map_or(true, |before| before.seal != previous.seal) {
            return Err(broken(message!(
                "前一版 {number} 的核定紀錄不是這份紀錄所接續的那一份",
                "The record of edition {number} is not the one that this record follows"
            )));
        }
    }
    Ok(Found { path: path.to_owned(), text, record, later: None })
}

/// A record's text with the line ends that it was written with: version control may have changed them.
#[expect(clippy::disallowed_methods, reason = "records are read here without the rest of the project")]
fn read_text(path: &Path) -> Result<String, Unusable> {
    let text = fs::read_to_string(path).map_err(|error| Unusable::Read(ReadError { path: path.display().to_string(), error }))?;
    Ok(source::normalised("json", text))
}

/// The record that a folder is to be compared with: of those in a project the one whose list of digests the folder holds, else the one that
/// has most of its files, and of several the latest. `None` when the project has no record.
///
/// # Errors
/// When a record cannot be used.
pub fn record_for(project: &Project, folder: &Path) -> Result<Option<Found>, Unusable> {
    let records = approve::folder(project);
    let mut found = Vec::new();
    let listing = match fs::read_dir(&records) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|error| Unusable::Read(ReadError { path: records.display().to_string(), error }))?,
    };
    for entry in listing.flatten() {
        let path = entry.path();
        let named = path.file_name().and_then(|name| name.to_str()).is_some_and(source::is_visible);
        if named && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            found.push(read(&path)?);
        }
    }
    found.sort_by(|one, other| one.record.order(&other.record));
    let sums = digest(&folder.join(SUMS)).ok();
    let same = found.iter().rposition(|found| sums.is_some_and(|sums| found.record.has_sums(&sums.hex())));
    let at = match same {
        None if found.len() > 1 => {
            let there = digests(folder).map_err(Unusable::Read)?;
            let equal = |at: &usize| against(&there, &found[*at].record).count(Fate::Equal);
            (0..found.len()).max_by_key(equal)
        }
        same => same.or_else(|| found.len().checked_sub(1)),
    };
    let latest = found.last().map(|latest| latest.record.number.clone());
    Ok(at.map(|at| {
        let own = found.swap_remove(at);
        Found { later: latest.filter(|latest| *latest != own.record.number), ..own }
    }))
}

/// Compares every file below a folder with a record.
///
/// # Errors
/// When a folder cannot be read; a file that cannot be read is altered.
pub fn verify(folder: &Path, record: &Record) -> Result<Verified, ReadError> {
    Ok(against(&digests(folder)?, record))
}

/// The digest of every file below a folder, in hexadecimal. A link has none, because what it leads to can change without the folder's doing, and
/// so has a file that cannot be read.
fn digests(folder: &Path) -> Result<BTreeMap<String, Option<String>>, ReadError> {
    let of_file = |(name, path): (String, Option<PathBuf>)| (name, path.and_then(|path| digest(&path).ok()).map(|digest| digest.hex()));
    Ok(below(folder)?.into_par_iter().map(of_file).collect())
}

fn against(there: &BTreeMap<String, Option<String>>, record: &Record) -> Verified {
    let sums = there.get(SUMS).and_then(Option::as_deref).unwrap_or_default();
    let expected = expected(record, there.contains_key(PDF), sums);
    let fate = |name: &str, own: &Option<String>| match expected.get(name) {
        None => Fate::Added,
        Some(wanted) if own.as_ref() == Some(*wanted) => Fate::Equal,
        Some(_) => Fate::Altered,
    };
    let mut files = BTreeMap::new();
    for (name, own) in there {
        files.insert(name.clone(), fate(name, own));
    }
    for name in expected.keys().filter(|name| !there.contains_key(**name)) {
        files.insert((*name).to_owned(), Fate::Missing);
    }
    Verified { files }
}

/// The files that a folder should hold. One with the PDF holds the pages that name its pages.
fn expected<'r>(record: &'r Record, has_pdf: bool, sums: &str) -> BTreeMap<&'r str, &'r String> {
    let has = |files: &BTreeMap<String, String>| files.get(SUMS).is_some_and(|own| own == sums);
    // A PDF beside the list of digests of a site without one does not belong there.
    let pdf = record.pdf.as_ref().filter(|pdf| has(&pdf.files) || has_pdf && !has(&record.files));
    let mut expected = BTreeMap::new();
    for (name, digest) in record.files.iter().chain(pdf.into_iter().flat_map(|pdf| &pdf.files)) {
        expected.insert(name.as_str(), digest);
    }
    expected.extend(pdf.map(|pdf| (PDF, &pdf.digest)));
    expected
}

/// Every file below a folder by its `/`-separated path, with `None` for a link; planpress's own list of what it wrote is none of them, and what a
/// system leaves in folders that people open says nothing about the site.
fn below(folder: &Path) -> Result<BTreeMap<String, Option<PathBuf>>, ReadError> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        let failed = |error| ReadError { path: folder.display().to_string(), error };
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                folders.push((name + "/", entry.path()));
            } else if name != MANIFEST && !is_of_system(&entry.file_name().to_string_lossy()) {
                found.insert(name, kind.is_file().then(|| entry.path()));
            }
        }
    }
    Ok(found)
}

/// The digest of a file, which may be large.
#[expect(clippy::disallowed_methods, reason = "published files are read here to be compared")]
fn digest(path: &Path) -> io::Result<Digest> {
    fs::read(path).map(|bytes| Digest::of(&bytes))
}
