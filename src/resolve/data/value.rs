//! Values: what `{{ file.field }}` stands for.
//!
//! In: a dotted path. Out: words, a yes or no, or a blank with its width and title; or why there is none. Values may refer
//! to other values; a circle of them is found here.

use super::{Data, DataFile, Field};
use crate::{
    diagnostic::{Message, Rule, Span, did_you_mean},
    message,
    source::{
        Numbers, Sources,
        yaml::{self, Step},
    },
};

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words, with their unit.
    Text(String),
    /// Words that refer to other values, some of them blank, or yes or no.
    Partial(Vec<Part>),
    /// Yes or no.
    Boolean(bool),
    /// Nothing yet.
    Blank {
        /// How many circles it is wide.
        width: usize,
        /// The field's title.
        title: String,
        /// What follows the value.
        unit: Option<String>,
    },
}

/// A piece of a text that refers to other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Words(String),
    /// Yes or no among them; the reader's words for it are not known here.
    Boolean(bool),
    /// A blank among them.
    Blank {
        /// How many circles it is wide.
        width: usize,
        /// Its field's title.
        title: String,
        /// Where it is filled in, which is seldom the value that is shown.
        path: String,
    },
}

/// Why a path stands for nothing.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct NoValue {
    pub rule: Rule,
    pub message: Message,
    pub help: Option<Message>,
    /// Whether its file could not be read, which says enough.
    pub unread: bool,
}

/// A blank of some width as it is printed.
#[must_use]
pub fn circles(width: usize) -> String {
    "○".repeat(width)
}

/// The width in circles of a value that is blank: null, or nothing but circles.
pub(super) fn blank_width(value: &serde_yaml::Value) -> Option<usize> {
    match value {
        serde_yaml::Value::Null => Some(1),
        serde_yaml::Value::String(text) if !text.is_empty() && text.chars().all(|c| matches!(c, '○' | '〇' | '◯')) => {
            Some(text.chars().count())
        }
        _ => None,
    }
}

/// The width of a record's value that is blank; there an empty text is a value that nobody has given yet.
pub(super) fn record_blank(value: &serde_yaml::Value) -> Option<usize> {
    blank_width(value).or_else(|| value.as_str().filter(|text| text.trim().is_empty()).map(|_| 1))
}

/// Whether two values are the same; 4 and 4.0 are one number.
pub(in crate::resolve) fn is_same(one: &serde_yaml::Value, other: &serde_yaml::Value) -> bool {
    match (one.as_i64().zip(other.as_i64()), one.as_f64().zip(other.as_f64())) {
        (Some((one, other)), _) => one == other,
        (None, Some((one, other))) => one.total_cmp(&other).is_eq(),
        (None, None) => one == other,
    }
}

/// A scalar as people write it.
pub(in crate::resolve) fn written(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::String(text) => text.clone(),
        serde_yaml::Value::Number(number) => number.to_string(),
        serde_yaml::Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

impl Data {
    /// What a dotted path stands for.
    pub(in crate::resolve) fn value(&self, path: &str) -> Result<Value, NoValue> {
        self.follow(path, &mut Trail::default())
    }

    /// What a dotted path stands for, for a renderer: an unknown path, which is a finding elsewhere, is an empty text.
    #[must_use]
    pub fn shown(&self, path: &str) -> Value {
        self.value(path).unwrap_or(Value::Text(String::new()))
    }

    /// How many bytes a value takes wherever it is shown, or what it costs to find out that it cannot be.
    pub(in crate::resolve) fn weight(&self, path: &str) -> usize {
        let mut trail = Trail::default();
        let bytes = self.follow(path, &mut trail).map_or(0, |value| value.bytes());
        trail.bytes.max(bytes) + trail.lookups * LOOKUP
    }

    /// Where the value behind a path is given.
    #[must_use]
    pub fn place(&self, sources: &Sources, path: &str) -> Option<Span> {
        let (name, rest) = path.split_once('.')?;
        let (file, in_values) = match self.file(name)? {
            DataFile::Record(record) => (record.file, true),
            DataFile::Plain(file, ..) => (*file, false),
            DataFile::Table(_) => return None,
        };
        Some(yaml::locate(sources, file, &steps(rest, in_values), yaml::Part::Value))
    }

    fn follow(&self, path: &str, trail: &mut Trail) -> Result<Value, NoValue> {
        trail.look(path)?;
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some(file) = self.file(name) else {
            let message = message!("沒有資料檔「{name}」", "There is no data file `{name}`");
            let help = did_you_mean(name, self.names()).unwrap_or_else(|| {
                message!(
                    "請改成 data/ 裡已有的檔名，或加上 data/{name}.yaml",
                    "Write the name of a file in data/, or add data/{name}.yaml"
                )
            });
            return Err(NoValue { unread: self.is_unread(name), ..unknown(message, Some(help)) });
        };
        match file {
            DataFile::Record(record) => {
                let Some(field) = record.field(rest) else {
                    let message = message!("「{name}」沒有「{rest}」這個欄位", "`{name}` has no field `{rest}`");
                    let near = did_you_mean(rest, record.fields.iter().map(|field| field.name.as_str()));
                    return Err(unknown(message, near.or_else(|| Some(to_add(name)))));
                };
                let value = record.values.get(rest).unwrap_or(&serde_yaml::Value::Null);
                self.scalar(path, value, &Given::of(Some(field), &record.numbers, || steps(rest, true)), trail)
            }
            DataFile::Plain(_, whole, numbers) => {
                let mut value = whole;
                for key in rest.split('.') {
                    let Some(inner) = value.get(key) else {
                        let known = value.as_mapping().into_iter().flatten().filter_map(|(key, _)| key.as_str());
                        let near = did_you_mean(key, known).or_else(|| Some(to_add(name)));
                        return Err(unknown(message!("「{name}」沒有「{rest}」", "`{name}` has no `{rest}`"), near));
                    };
                    value = inner;
                }
                self.scalar(path, value, &Given::of(None, numbers, || steps(rest, false)), trail)
            }
            DataFile::Table(_) => {
                let help = message!(
                    "整張表請用 :::table {name}；單一的值寫在 values 底下",
                    "Show the whole table with :::table {name}; single values stand below `values`"
                );
                Err(unknown(message!("「{name}」是表格，不是單一的值", "`{name}` is a table, not one value"), Some(help)))
            }
        }
    }

    fn scalar(&self, path: &str, value: &serde_yaml::Value, given: &Given<'_>, trail: &mut Trail) -> Result<Value, NoValue> {
        let field = given.field;
        let unit = field.and_then(|field| field.unit.clone());
        if let Some(width) = record_blank(value) {
            return Ok(Value::Blank { width, title: field.map_or_else(|| path.to_owned(), |field| field.title.clone()), unit });
        }
        let words = match value {
            serde_yaml::Value::Bool(value) => return Ok(Value::Boolean(*value)),
            serde_yaml::Value::String(text) if text.contains("{{") => return self.interpolated(path, text, unit.as_deref(), trail),
            serde_yaml::Value::String(_) | serde_yaml::Value::Number(_) => given.words(value, None),
            serde_yaml::Value::Sequence(items) => {
                let words = |(index, item)| given.words(item, Some(index));
                items.iter().enumerate().map(words).collect::<Vec<_>>().join("、")
            }
            _ => {
                let help = message!("請寫到裡面的一個值：{path}.欄位", "Name one of the values in it: {path}.field");
                return Err(unknown(message!("「{path}」不是單一的值", "`{path}` is not one value"), Some(help)));
            }
        };
        Ok(Value::Text(with_unit(words, unit.as_deref())))
    }

    /// A text that holds `{{ other.value }}`.
    fn interpolated(&self, path: &str, text: &str, unit: Option<&str>, trail: &mut Trail) -> Result<Value, NoValue> {
        trail.enter(path)?;
        let mut parts = Parts::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            parts.words(before);
            let Some((inner, after)) = after.split_once("}}") else {
                return Err(unknown(message!("「{path}」裡的 {{{{ 沒有結尾", "A {{{{ in `{path}` has no end"), None));
            };
            let value = self.follow(inner.trim(), trail)?;
            trail.read(path, value.bytes())?;
            parts.value(inner.trim(), value);
            rest = after;
        }
        trail.path.pop();
        parts.words(rest);
        Ok(parts.finish(unit))
    }
}

/// What is known of a value beside itself.
struct Given<'a> {
    field: Option<&'a Field>,
    numbers: &'a Numbers,
    /// Where it stands in its file; nothing where no number needs it.
    steps: Vec<Step>,
}

impl<'a> Given<'a> {
    fn of(field: Option<&'a Field>, numbers: &'a Numbers, steps: impl FnOnce() -> Vec<Step>) -> Self {
        Self { field, numbers, steps: if numbers.is_empty() { Vec::new() } else { steps() } }
    }

    /// What people read for it, or for one of its items.
    fn words(&self, value: &serde_yaml::Value, item: Option<usize>) -> String {
        let labelled = self.field.filter(|field| !field.choices.is_empty() || !value.is_number());
        let number = || self.numbers.at(self.steps.iter().cloned(), item).filter(|_| value.is_number());
        labelled.map_or_else(|| number().map_or_else(|| written(value), str::to_owned), |field| field.label_of(value))
    }
}

/// The way to a value, from the top of its file or from its `values`.
fn steps(path: &str, in_values: bool) -> Vec<Step> {
    in_values.then(|| "values".into()).into_iter().chain(path.split('.').map(Step::from)).collect()
}

/// The most values that one value may lead through, one inside the other.
const DEPTH: usize = 32;
/// The most values that one value may be put together from.
const LOOKUPS: usize = 1_000;

/// The most bytes that one value may be put together from: as much as its file may hold.
const BYTES: usize = 8 << 20;
/// What looking up a value counts for, in bytes, beside its text.
const LOOKUP: usize = 16;

/// The values that led to one being read, and how much was read on the way.
#[derive(Default)]
struct Trail {
    path: Vec<String>,
    lookups: usize,
    bytes: usize,
}

impl Trail {
    /// Looks up a value.
    fn look(&mut self, path: &str) -> Result<(), NoValue> {
        self.lookups += 1;
        if self.lookups > LOOKUPS { Err(too_many(path)) } else { Ok(()) }
    }

    /// Takes a value into the one that refers to it.
    fn read(&mut self, path: &str, bytes: usize) -> Result<(), NoValue> {
        self.bytes += bytes;
        if self.bytes > BYTES {
            let limit = BYTES >> 20;
            let message = message!("「{path}」引用的值超過 {limit} MB", "The values in `{path}` are larger than {limit} MB");
            return Err(NoValue {
                rule: Rule::OversizedText,
                message,
                help: Some(message!("請寫短的內容", "Write fewer words")),
                unread: false,
            });
        }
        Ok(())
    }

    /// Goes into a value that refers to others.
    fn enter(&mut self, path: &str) -> Result<(), NoValue> {
        if self.path.iter().any(|seen| seen == path) {
            let circle = self.path.iter().map(String::as_str).chain([path]).collect::<Vec<_>>().join(" → ");
            let message = message!("值繞成一圈：{circle}", "The values form a circle: {circle}");
            let help = message!("請讓其中一個不再引用別的值", "Let one of them refer to no other");
            return Err(NoValue { rule: Rule::CyclicValue, message, help: Some(help), unread: false });
        }
        if self.path.len() >= DEPTH {
            return Err(too_many(path));
        }
        self.path.push(path.to_owned());
        Ok(())
    }
}

fn too_many(path: &str) -> NoValue {
    let message = message!("「{path}」引用了太多別的值", "`{path}` refers to too many other values");
    NoValue {
        rule: Rule::CyclicValue,
        message,
        help: Some(message!("請直接寫出內容", "Write the words themselves")),
        unread: false,
    }
}

/// Pieces being put together.
#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn words(&mut self, words: &str) {
        match self.0.last_mut() {
            _ if words.is_empty() => {}
            Some(Part::Words(before)) => before.push_str(words),
            _ => self.0.push(Part::Words(words.to_owned())),
        }
    }

    fn value(&mut self, path: &str, value: Value) {
        match value {
            Value::Text(words) => self.words(&words),
            Value::Boolean(value) => self.0.push(Part::Boolean(value)),
            Value::Blank { width, title, unit } => {
                self.0.push(Part::Blank { width, title, path: path.to_owned() });
                self.words(unit.as_deref().unwrap_or_default());
            }
            Value::Partial(parts) => {
                for part in parts {
                    match part {
                        Part::Words(words) => self.words(&words),
                        other @ (Part::Boolean(_) | Part::Blank { .. }) => self.0.push(other),
                    }
                }
            }
        }
    }

    fn finish(mut self, unit: Option<&str>) -> Value {
        if let [] | [Part::Words(_)] = self.0.as_slice() {
            let words = self
                .0
                .pop()
                .map_or_else(String::new, |part| if let Part::Words(words) = part { words } else { String::new() });
            return Value::Text(with_unit(words, unit));
        }
        if let Some(unit) = unit {
            self.words(unit);
        }
        Value::Partial(self.0)
    }
}

impl Value {
    /// How many bytes the value takes where it is shown, with the titles and paths of its blanks.
    fn bytes(&self) -> usize {
        let blank = |width: usize, title: &str| width * '○'.len_utf8() + title.len();
        match self {
            Self::Text(words) => words.len(),
            Self::Boolean(_) => 0,
            Self::Blank { width, title, unit } => blank(*width, title) + unit.as_ref().map_or(0, String::len),
            Self::Partial(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Words(words) => words.len(),
                    Part::Boolean(_) => LOOKUP,
                    Part::Blank { width, title, path } => blank(*width, title) + path.len(),
                })
                .sum(),
        }
    }

    /// The value in words; `yes` and `no` are the reader's.
    #[must_use]
    pub fn words(&self, yes: &str, no: &str) -> String {
        match self {
            Self::Text(words) => words.clone(),
            Self::Boolean(value) => (if *value { yes } else { no }).to_owned(),
            Self::Blank { width, unit, .. } => circles(*width) + unit.as_deref().unwrap_or_default(),
            Self::Partial(parts) => parts.iter().fold(String::new(), |words, part| match part {
                Part::Words(more) => words + more,
                Part::Boolean(value) => words + if *value { yes } else { no },
                Part::Blank { width, .. } => words + &circles(*width),
            }),
        }
    }
}

/// A value and its unit: `4 小時`.
pub(super) fn with_unit(words: String, unit: Option<&str>) -> String {
    match unit {
        Some(unit) if !words.is_empty() => format!("{words} {unit}"),
        _ => words,
    }
}

/// What to do about a field that a file does not have.
fn to_add(name: &str) -> Message {
    message!(
        "請改成那裡已有的欄位，或在 data/{name}.yaml 加上它",
        "Write a field that is there, or add it to data/{name}.yaml"
    )
}

fn unknown(message: Message, help: Option<Message>) -> NoValue {
    NoValue { rule: Rule::UnknownValue, message, help, unread: false }
}
