//! Fields, in the words of the Frictionless Table Schema, with our own `unit`, `width` and two formats.
//!
//! In: a field as YAML has it. Out: a [`Field`] whose rules can be asked. Values are checked in `cell`.

use super::value::is_same;
use regex_lite::Regex;
use serde::Deserialize;

/// What kind of value a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Words.
    #[default]
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// A day, `2026-11-22`.
    Date,
    /// Some of the field's choices.
    List,
}

/// How a column's cells are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Plain text.
    #[default]
    Default,
    /// Markdown.
    Markdown,
    /// The row's own number; nobody types it.
    RowNumber,
}

/// One of the values that a field may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value in data and conditions.
    pub value: serde_yaml::Value,
    /// What people read.
    pub label: String,
}

/// One field of a record or column of a table.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in data and paths.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it holds.
    pub kind: FieldType,
    /// How cells are written.
    pub format: Format,
    /// What follows a value, such as 小時.
    pub unit: Option<String>,
    /// Relative width of the column, 1 to 8.
    pub width: Option<u8>,
    /// The values it may have; empty when any will do.
    pub choices: Vec<Choice>,
    /// Whether it must have a value.
    pub required: bool,
    /// The smallest value.
    pub minimum: Option<f64>,
    /// The largest value.
    pub maximum: Option<f64>,
    /// A regular expression that the whole value matches.
    pub pattern: Option<Pattern>,
}

/// A field's `pattern`.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As it is written.
    pub text: String,
    /// What a whole value must match; `None` where the text is no regular expression, which is a finding about the field.
    whole: Option<Regex>,
}

impl Pattern {
    fn new(text: String) -> Self {
        // By itself first: what is put around it could make an expression of what is none.
        let whole = Regex::new(&text).and_then(|_| Regex::new(&format!("^(?:{text})$")));
        Self { whole: whole.ok(), text }
    }

    /// Whether it is a regular expression.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.whole.is_some()
    }

    /// Whether a value is other than it says; one that is no regular expression says nothing.
    #[must_use]
    pub fn excludes(&self, value: &str) -> bool {
        self.whole.as_ref().is_some_and(|whole| !whole.is_match(value))
    }
}

/// Field names inside `fields`, for did-you-mean.
pub(super) const FIELD_KEYS: &[&str] = &[
    "name",
    "title",
    "type",
    "format",
    "unit",
    "width",
    "description",
    "constraints",
    "required",
    "enum",
    "minimum",
    "maximum",
    "pattern",
    "categories",
    "value",
    "label",
    "fields",
    "rows",
    "values",
    "foreignKeys",
    "reference",
    "resource",
];

#[derive(Debug, Deserialize)]
pub(super) struct FieldFile {
    name: String,
    title: Option<String>,
    #[serde(rename = "type", default)]
    kind: FieldType,
    #[serde(default)]
    format: Format,
    unit: Option<String>,
    /// Any number, so that one that is none of these is told of where it stands.
    pub(super) width: Option<f64>,
    /// For people who read the data file.
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(default)]
    constraints: Constraints,
    #[serde(default)]
    categories: Vec<Category>,
}

#[derive(Debug, Default, Deserialize)]
struct Constraints {
    #[serde(default)]
    required: bool,
    #[serde(rename = "enum", default)]
    choices: Vec<serde_yaml::Value>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    pattern: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Category {
    value: serde_yaml::Value,
    label: String,
}

/// The widths that a column may have.
pub(super) const WIDTHS: std::ops::RangeInclusive<u8> = 1..=8;

/// The width that a number is, if it is one.
pub(super) fn width(number: f64) -> Option<u8> {
    WIDTHS.into_iter().find(|width| f64::from(*width).total_cmp(&number).is_eq())
}

/// More choices than this are a mistake: every one is compared with every other, and a cell has a box for each.
pub(super) const CHOICES: usize = 1_000;

impl FieldFile {
    /// Whether it has more choices than a field may have; those beyond are dropped.
    pub(super) fn drops_choices(&mut self) -> bool {
        let dropped = self.constraints.choices.len() > CHOICES || self.categories.len() > CHOICES;
        self.constraints.choices.truncate(CHOICES);
        self.categories.truncate(CHOICES);
        dropped
    }
}

impl From<FieldFile> for Field {
    fn from(file: FieldFile) -> Self {
        let labelled = |value: serde_yaml::Value| {
            let label = file
                .categories
                .iter()
                .find(|category| is_same(&category.value, &value))
                .map_or_else(|| super::value::written(&value), |category| category.label.clone());
            Choice { value, label }
        };
        let values = if file.constraints.choices.is_empty() {
            file.categories.iter().map(|category| category.value.clone()).collect()
        } else {
            file.constraints.choices
        };
        Self {
            title: file.title.unwrap_or_else(|| file.name.clone()),
            choices: values.into_iter().map(labelled).collect(),
            name: file.name,
            kind: file.kind,
            format: file.format,
            unit: file.unit,
            width: file.width.and_then(width),
            required: file.constraints.required,
            minimum: file.constraints.minimum,
            maximum: file.constraints.maximum,
            pattern: file.constraints.pattern.map(Pattern::new),
        }
    }
}

impl Field {
    /// What people read for a value: a choice's label, else the value as written.
    #[must_use]
    pub fn label_of(&self, value: &serde_yaml::Value) -> String {
        self.choices
            .iter()
            .find(|choice| is_same(&choice.value, value))
            .map_or_else(|| super::value::written(value), |choice| choice.label.clone())
    }

    /// How many bytes its choices take, each with its box, wherever they are shown to be ticked.
    pub(super) fn boxes_weight(&self) -> usize {
        const BOX: usize = 16;
        if self.kind == FieldType::List { self.choices.iter().map(|choice| BOX + choice.label.len()).sum() } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_one_of_whole_values() {
        let letters = Pattern::new("[A-Z]+|a".to_owned());
        assert!(letters.is_valid());
        assert_eq!(["ABC", "a", "ABCa", "", "A\n"].map(|value| letters.excludes(value)), [false, false, true, true, true]);
    }

    #[test]
    fn what_is_no_pattern_excludes_nothing() {
        for text in ["[", "a)(b"] {
            let pattern = Pattern::new(text.to_owned());
            assert!(!pattern.is_valid() && !pattern.excludes("c"), "{text}");
        }
    }
}
