//! The plan's data files.
//!
//! In: `data/*.yaml` and the CSV files beside them. Out: [`Data`], records and tables read by their own field rules, and
//! findings. Laws and requirements have their own readers beside this one; who uses a value is not known here.

mod cell;
mod csv;
mod field;
mod file;
mod short_row;
mod table;
mod text;
mod value;

pub use field::{Choice, Field, FieldType, Format, Pattern};
pub use table::{Cell, ForeignKey, Row, Table};
pub use text::Text;
pub use value::{Part, Value, circles};
pub(super) use value::{is_same, written};

use crate::{
    diagnostic::{Diagnostic, FileId},
    source::{self, Numbers, Sources},
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Files of `data/` with a reader of their own.
const OWN_READERS: [&str; 4] = ["laws", "requirements", "synonyms", "terms"];

/// Every data file, by the stem of its name.
#[derive(Debug, Default)]
pub struct Data {
    files: BTreeMap<String, DataFile>,
    /// Those that could not be read, which is a finding of its own: nothing can be said about what stands in them.
    unread: BTreeSet<String>,
}

/// What a data file holds.
#[derive(Debug)]
pub enum DataFile {
    /// `fields` with `values`.
    Record(Record),
    /// `fields` with `rows`.
    Table(Table),
    /// No `fields`: values for text, not for conditions.
    Plain(FileId, serde_yaml::Value, Numbers),
}

/// Fields, each with one value.
#[derive(Debug)]
pub struct Record {
    /// The file.
    pub file: FileId,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// The values by field name; a field without one is blank.
    pub values: BTreeMap<String, serde_yaml::Value>,
    numbers: Numbers,
}

impl Data {
    /// Reads every data file, several at a time.
    #[must_use]
    pub fn read(sources: &Sources) -> (Self, Vec<Diagnostic>) {
        let names: Vec<_> = sources.in_folder("data", "yaml").filter(|(name, _)| !OWN_READERS.contains(name)).collect();
        let read: Vec<_> = names.par_iter().map(|(name, file)| (*name, file::read(sources, name, *file))).collect();
        let (mut data, mut findings) = (Self::default(), Vec::new());
        for (name, (file, mut found)) in read {
            findings.append(&mut found);
            match file {
                Some(file) => drop(data.files.insert(name.to_owned(), file)),
                None => drop(data.unread.insert(name.to_owned())),
            }
        }
        // What is printed of a file is not asked: it is mended where it stands.
        for (_, file) in ["yaml", "csv"].into_iter().flat_map(|kind| sources.in_folder("data", kind)) {
            source::meaningless(sources, file, &mut findings);
        }
        findings.extend(sources.in_folder("data", "csv").filter_map(|(name, file)| file::lonely_csv(sources, name, file)));
        (data, findings)
    }

    /// The record with this name.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&Record> {
        match self.files.get(name)? {
            DataFile::Record(record) => Some(record),
            DataFile::Table(_) | DataFile::Plain(..) => None,
        }
    }

    /// The table with this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        match self.files.get(name)? {
            DataFile::Table(table) => Some(table),
            DataFile::Record(_) | DataFile::Plain(..) => None,
        }
    }

    /// Every table with its name, by name.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.files.iter().filter_map(|(name, file)| match file {
            DataFile::Table(table) => Some((name.as_str(), table)),
            DataFile::Record(_) | DataFile::Plain(..) => None,
        })
    }

    /// How many bytes a comparison in a condition takes at most when it is put into words.
    pub(in crate::resolve) fn longest_comparison(&self) -> usize {
        let fields = self
            .files
            .values()
            .filter_map(|file| if let DataFile::Record(record) = file { Some(&record.fields) } else { None });
        let label = |field: &Field| field.choices.iter().map(|choice| choice.label.len()).max().unwrap_or(0);
        fields.flatten().map(|field| field.title.len() + label(field)).max().unwrap_or(0)
    }

    /// The names of all files, for did-you-mean.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether the file with this name exists and could not be read.
    #[must_use]
    pub fn is_unread(&self, name: &str) -> bool {
        self.unread.contains(name)
    }

    fn file(&self, name: &str) -> Option<&DataFile> {
        self.files.get(name)
    }
}

impl Record {
    /// The field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The value of a field; `None` while it is blank.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&serde_yaml::Value> {
        self.values.get(name).filter(|value| value::record_blank(value).is_none())
    }
}
