//! Values as they are written.
//!
//! In: a path, or a question about texts. Out: the text of that value, the values that it refers to, or every text for which the answer is yes,
//! with its place. What readers see of a value is the business of `value`.

use super::{Data, DataFile};
use crate::{
    diagnostic::{FileId, Span},
    source::{
        Sources,
        yaml::{self, Part, Step},
    },
};
use serde_yaml::Value;
use std::collections::BTreeSet;

/// A text that a value shows.
pub struct Text<'a> {
    /// The value's path, such as `agency.name`.
    pub path: String,
    /// What it says.
    pub words: &'a str,
    file: FileId,
    steps: Vec<Step>,
}

impl Text<'_> {
    /// Where it stands.
    #[must_use]
    pub fn place(&self, sources: &Sources) -> Span {
        yaml::locate(sources, self.file, &self.steps, Part::Value)
    }
}

impl Data {
    /// The text of a value as it is written; `None` for what is no text.
    #[must_use]
    pub fn written(&self, path: &str) -> Option<&str> {
        let (name, rest) = path.split_once('.')?;
        match self.file(name)? {
            DataFile::Record(record) => record.values.get(rest)?.as_str(),
            DataFile::Plain(_, whole, _) => rest.split('.').try_fold(whole, |value, key| value.get(key))?.as_str(),
            DataFile::Table(_) => None,
        }
    }

    /// The paths of a value and of everything that it refers to.
    #[must_use]
    pub fn reach(&self, path: &str) -> BTreeSet<String> {
        let (mut reached, mut next) = (BTreeSet::new(), vec![path]);
        while let Some(path) = next.pop() {
            if reached.insert(path.to_owned()) {
                let text = self.written(path).unwrap_or_default();
                next.extend(text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim())));
            }
        }
        reached
    }

    /// Every text for which the answer is yes, item by item, in the order of files; choices are no texts, because they show their labels.
    pub fn texts<'a>(&'a self, is_wanted: &dyn Fn(&str) -> bool) -> Vec<Text<'a>> {
        let mut found = Vec::new();
        for (name, file) in &self.files {
            match file {
                DataFile::Record(record) => {
                    let is_shown = |field: &str| record.field(field).is_some_and(|field| field.choices.is_empty());
                    let mut search =
                        Search { file: record.file, is_wanted, found: &mut found, path: name.clone(), steps: vec!["values".into()] };
                    record
                        .values
                        .iter()
                        .filter(|(field, _)| is_shown(field))
                        .for_each(|(field, value)| search.field(field, value));
                }
                DataFile::Plain(file, whole, _) => {
                    Search { file: *file, is_wanted, found: &mut found, path: name.clone(), steps: Vec::new() }.value(whole);
                }
                DataFile::Table(_) => {}
            }
        }
        found
    }
}

/// A search through the values of a file.
struct Search<'s, 'a> {
    file: FileId,
    is_wanted: &'s dyn Fn(&str) -> bool,
    found: &'s mut Vec<Text<'a>>,
    /// The path of the value at hand.
    path: String,
    /// The way to it in its file.
    steps: Vec<Step>,
}

impl<'a> Search<'_, 'a> {
    fn value(&mut self, value: &'a Value) {
        match value {
            Value::String(words) if (self.is_wanted)(words) => {
                let text = Text { path: self.path.clone(), words, file: self.file, steps: self.steps.clone() };
                self.found.push(text);
            }
            // The items of a list are shown one behind the other.
            Value::Sequence(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| item.is_string()) {
                    self.below(index.into(), item);
                }
            }
            Value::Mapping(fields) => {
                fields
                    .iter()
                    .filter_map(|(key, value)| Some((key.as_str()?, value)))
                    .for_each(|(key, value)| self.field(key, value));
            }
            _ => {}
        }
    }

    fn field(&mut self, key: &str, value: &'a Value) {
        let length = self.path.len();
        self.path.extend([".", key]);
        self.below(key.into(), value);
        self.path.truncate(length);
    }

    fn below(&mut self, step: Step, value: &'a Value) {
        self.steps.push(step);
        self.value(value);
        self.steps.pop();
    }
}
