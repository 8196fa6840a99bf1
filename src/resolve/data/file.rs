//! Reading one data file.
//!
//! In: a YAML file; the rows of the CSV beside it are read in `csv`. Out: a record, a table or plain values, and findings.

use super::{
    DataFile, Field, ForeignKey, Format, Record, Row, Table,
    cell::{self, Origin},
    csv,
    field::{self, CHOICES, FIELD_KEYS, FieldFile, Pattern, WIDTHS},
    table::{CELLS, RowPlace, too_many_rows},
};
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Severity, Span, did_you_mean},
    message,
    source::{
        Numbers, Sources,
        yaml::{self, Part, Step},
    },
};
use serde::{Deserialize, Deserializer};
use serde_yaml::{Mapping, Value};

/// More fields than this are a mistake: every one is compared with every other.
const FIELDS: usize = 500;

#[derive(Deserialize)]
struct SchemaFile {
    title: Option<String>,
    fields: Option<Vec<FieldFile>>,
    values: Option<Mapping>,
    #[serde(default, deserialize_with = "even_empty")]
    rows: Option<Vec<Mapping>>,
    #[serde(rename = "foreignKeys", default)]
    foreign_keys: Vec<ForeignKeyFile>,
}

/// The rows of a file that has the key, though nothing may stand behind it: that says as well that there are none.
fn even_empty<'de, D: Deserializer<'de>>(rows: D) -> Result<Option<Vec<Mapping>>, D::Error> {
    Option::deserialize(rows).map(|rows| Some(rows.unwrap_or_default()))
}

#[derive(Deserialize)]
struct ForeignKeyFile {
    fields: Names,
    reference: ReferenceFile,
}

#[derive(Deserialize)]
struct ReferenceFile {
    resource: String,
    fields: Names,
}

/// One name or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Names {
    fn all(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::Several(names) => names,
        }
    }
}

/// Reads a data file.
pub(super) fn read(sources: &Sources, name: &str, file: FileId) -> (Option<DataFile>, Vec<Diagnostic>) {
    let source = sources.file(file);
    let mut findings = Vec::new();
    if !source.readable {
        return (None, findings);
    }
    let mut unknown = Vec::new();
    let read = match yaml::read_with_comments::<SchemaFile>(sources, file, 0..source.text.len(), FIELD_KEYS, &mut unknown) {
        Ok(SchemaFile { fields: None, .. }) => plain(sources, file, &mut findings),
        Ok(schema) => {
            findings.append(&mut unknown);
            yaml::comments(sources, file, 0..source.text.len(), &is_printed, &mut findings);
            let mut reader = Reader { sources, file, findings: &mut findings };
            Some(reader.file(name, schema))
        }
        Err(finding) => {
            findings.push(*finding);
            None
        }
    };
    (read, findings)
}

/// Whether a value of a file with `fields` is printed as it stands: not one of a field, which may be Markdown and is looked at with its
/// field, and not what only people who read the file see.
fn is_printed(path: &[Step]) -> bool {
    let is_key = |step: Option<&Step>, keys: &[&str]| matches!(step, Some(Step::Key(key)) if keys.contains(&key.as_str()));
    !is_key(path.first(), &["rows", "values"]) && !is_key(path.last(), &["description", "pattern"])
}

/// A file without `fields`; its values are for text.
fn plain(sources: &Sources, file: FileId, findings: &mut Vec<Diagnostic>) -> Option<DataFile> {
    let value = yaml::read_file::<Value>(sources, file, &[], findings)?;
    Some(DataFile::Plain(file, value, Numbers::of(&sources.file(file).text)))
}

/// Reports a CSV that no YAML file describes.
pub(super) fn lonely_csv(sources: &Sources, name: &str, file: FileId) -> Option<Diagnostic> {
    if sources.named(&format!("data/{name}.yaml")).is_some() {
        return None;
    }
    if let Some(original) = copied(sources, name) {
        let message = message!("這是 data/{original}.csv 的副本，不會讀取", "This is a copy of data/{original}.csv and is not read");
        let help = message!(
            "請移走這個檔案；要用的是它，就換掉 data/{original}.csv",
            "Move this file away; if it is the one to be used, put it in place of data/{original}.csv"
        );
        return Some(Diagnostic::new(Rule::SchemaViolation, Span::whole(file), message).help(help));
    }
    let message = message!("沒有說明欄位的 data/{name}.yaml", "There is no data/{name}.yaml that declares its fields");
    let help = message!("請新增該檔並寫上 fields", "Add that file with `fields`");
    Some(Diagnostic::new(Rule::SchemaViolation, Span::whole(file), message).help(help))
}

/// The table whose file was copied, by what systems add to the name of a copy.
fn copied<'n>(sources: &Sources, name: &'n str) -> Option<&'n str> {
    const MARKS: [&str; 7] = [" - 複製", " - Copy", " copy", "_copy", "的副本", " 副本", "("];
    let is_table = |stem: &str| sources.named(&format!("data/{stem}.yaml")).is_some();
    MARKS.iter().filter_map(|mark| Some(name.split_once(mark)?.0.trim_end())).find(|stem| is_table(stem))
}

/// Labels the numbers among the fields' choices as they are written, where nothing else labels them.
fn label_as_written(fields: &mut [Field], numbers: &Numbers) {
    if numbers.is_empty() {
        return;
    }
    for (index, field) in fields.iter_mut().enumerate() {
        let path = || ["fields".into(), index.into(), "constraints".into(), "enum".into()];
        for (at, choice) in field.choices.iter_mut().enumerate() {
            if let Some(text) = numbers.at(path(), Some(at)).filter(|_| choice.label == super::value::written(&choice.value)) {
                text.clone_into(&mut choice.label);
            }
        }
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    file: FileId,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn file(&mut self, name: &str, schema: SchemaFile) -> DataFile {
        let mut declared = schema.fields.unwrap_or_default();
        self.check_widths(&declared);
        let mut dropped = false;
        for field in &mut declared {
            dropped |= field.drops_choices();
        }
        if dropped {
            let message = message!("一個欄位有超過 {CHOICES} 個選項", "A field has more than {CHOICES} choices");
            let help =
                message!("請減少 enum 或 categories，或改用文字欄位", "List fewer in `enum` or `categories`, or let the field be text");
            self.findings.push(Diagnostic::new(Rule::SchemaViolation, Span::whole(self.file), message).help(help));
        }
        let mut fields: Vec<Field> = declared.into_iter().map(Field::from).collect();
        if fields.len() > FIELDS {
            let many = fields.len();
            let message = message!("有 {many} 個欄位，上限 {FIELDS} 個", "There are {many} fields; the limit is {FIELDS}");
            let help = message!("請拆成數個資料檔", "Split them into several files");
            self.findings.push(Diagnostic::new(Rule::SchemaViolation, Span::whole(self.file), message).help(help));
            fields.truncate(FIELDS);
        }
        let numbers = Numbers::of(&self.sources.file(self.file).text);
        label_as_written(&mut fields, &numbers);
        self.check_fields(&fields);
        if let Some(values) = schema.values {
            if schema.rows.is_some() {
                let span = yaml::locate(self.sources, self.file, &["rows".into()], Part::Key);
                let message = message!("有 values 就不能有 rows", "A file with `values` has no `rows`");
                self.findings
                    .push(Diagnostic::new(Rule::SchemaViolation, span, message).help(message!("請分成兩個檔案", "Use two files")));
            }
            let values = self.values(&fields, values);
            return DataFile::Record(Record { file: self.file, fields, values, numbers });
        }
        let (rows, csv) = self.in_upper_layer(schema.rows, self.sources.named(&format!("data/{name}.csv")));
        if let (Some(csv), Some(rows)) = (csv, &rows)
            && !rows.is_empty()
        {
            let message = message!("data/{name}.yaml 與這個 CSV 都有資料列", "Both data/{name}.yaml and this CSV hold rows");
            let help = message!("請只留一處；CSV 會被略過", "Keep one of them; the CSV is ignored");
            self.findings.push(Diagnostic::new(Rule::SchemaViolation, Span::whole(csv), message).help(help));
        }
        let schema_rows = rows.map(|rows| self.within_limits(&fields, rows));
        let told = self.findings.len();
        let (rows, csv_heads): (Vec<Row>, _) = match (schema_rows, csv) {
            (Some(rows), _) if !rows.is_empty() => {
                let rows = rows.into_iter().enumerate();
                (rows.map(|(index, row)| self.row(&fields, index, &row, &numbers)).collect(), Box::default())
            }
            (_, Some(file)) => csv::rows(self.sources, &fields, file, self.findings),
            _ => (Vec::new(), Box::default()),
        };
        let is_unread = csv.is_some_and(|file| !self.sources.file(file).readable);
        let lacks_rows = rows.is_empty() && (is_unread || self.findings[told..].iter().any(|finding| finding.severity == Severity::Error));
        let foreign_keys = schema
            .foreign_keys
            .into_iter()
            .enumerate()
            .filter_map(|(index, key)| self.foreign_key(&fields, index, key))
            .collect();
        DataFile::Table(Table { file: self.file, title: schema.title, fields, rows, csv_heads, lacks_rows, foreign_keys })
    }

    /// What holds the rows: of an overlay and what lies below it, the overlay's own. In one layer both may, which is asked for elsewhere.
    fn in_upper_layer(&self, rows: Option<Vec<Mapping>>, csv: Option<FileId>) -> (Option<Vec<Mapping>>, Option<FileId>) {
        let (Some(_), Some(beside)) = (&rows, csv) else { return (rows, csv) };
        match (self.sources.file(self.file).overlaid, self.sources.file(beside).overlaid) {
            (true, false) => (rows, None),
            (false, true) => (None, csv),
            _ => (rows, csv),
        }
    }

    /// The rows that a table may have; the rest is a finding.
    fn within_limits<T>(&mut self, fields: &[Field], mut rows: Vec<T>) -> Vec<T> {
        let most = CELLS / fields.len().max(1);
        if rows.len() > most {
            self.findings.push(too_many_rows(fields, rows.len(), most, Span::whole(self.file)));
            rows.truncate(most);
        }
        rows
    }

    fn check_widths(&mut self, declared: &[FieldFile]) {
        let is_none = |number: f64| field::width(number).is_none();
        for (index, _) in declared.iter().enumerate().filter(|(_, field)| field.width.is_some_and(is_none)) {
            let path = ["fields".into(), index.into(), "width".into()];
            let span = yaml::locate(self.sources, self.file, &path, Part::Value);
            let (least, most) = (WIDTHS.start(), WIDTHS.end());
            let message = message!("欄寬要是 {least} 到 {most} 的整數", "A column's width is a whole number from {least} to {most}");
            let help =
                message!("欄寬是與別欄的比例，請寫 {least} 到 {most}", "It is relative to the other columns'; write {least} to {most}");
            self.findings.push(Diagnostic::new(Rule::SchemaViolation, span, message).help(help));
        }
    }

    fn check_fields(&mut self, fields: &[Field]) {
        for (index, field) in fields.iter().enumerate() {
            if fields[..index].iter().any(|before| before.name == field.name) {
                let span = yaml::locate(self.sources, self.file, &["fields".into(), index.into(), "name".into()], Part::Value);
                let name = &field.name;
                let message = message!("有兩個「{name}」欄位", "There are two fields `{name}`");
                let help = message!("請刪去其中一個，或改它的 name", "Delete one of them, or give it another name");
                self.findings.push(Diagnostic::new(Rule::SchemaViolation, span, message).help(help));
            }
            if let Some(Pattern { text: pattern, .. }) = field.pattern.as_ref().filter(|pattern| !pattern.is_valid()) {
                let span = yaml::locate(
                    self.sources,
                    self.file,
                    &["fields".into(), index.into(), "constraints".into(), "pattern".into()],
                    Part::Value,
                );
                let message = message!("「{pattern}」不是正規表示式", "`{pattern}` is no regular expression");
                let help = message!(
                    "請改正，例如 [A-Z]+；括號要成對，要比對的記號前面加 \\；不需要就刪去 pattern",
                    "Correct it, as in [A-Z]+: brackets come in pairs, and a sign that is meant has \\ before it; or delete `pattern`"
                );
                self.findings.push(Diagnostic::new(Rule::SchemaViolation, span, message).help(help));
            }
        }
    }

    fn values(&mut self, fields: &[Field], values: Mapping) -> std::collections::BTreeMap<String, Value> {
        let mut read = std::collections::BTreeMap::new();
        for (key, value) in values {
            let name = super::value::written(&key);
            let path = ["values".into(), name.as_str().into()];
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                self.unknown_field(&name, fields, yaml::locate(self.sources, self.file, &path, Part::Key));
                continue;
            };
            let (sources, file) = (self.sources, self.file);
            let at = || yaml::locate(sources, file, &path, Part::Value);
            cell::check(field, &value, &Origin { sources, file, place: &at, written: &|_| None }, self.findings);
            let markup = |words: &str| yaml::markup_in_plain_words(words, yaml::PlainWords::Value, at);
            self.findings.extend(cell::texts(&value).find_map(markup));
            read.insert(name, value);
        }
        read
    }

    fn unknown_field(&mut self, name: &str, fields: &[Field], span: Span) {
        let message = message!("fields 裡沒有「{name}」", "`fields` has no `{name}`");
        let help = did_you_mean(name, fields.iter().map(|field| field.name.as_str()));
        self.findings.push(Diagnostic::new(Rule::UnknownField, span, message).maybe_help(help));
    }

    fn row(&mut self, fields: &[Field], index: usize, row: &Mapping, numbers: &Numbers) -> Row {
        for key in row
            .keys()
            .map(super::value::written)
            .filter(|key| !fields.iter().any(|field| field.name == *key))
            .collect::<Vec<_>>()
        {
            let span = yaml::locate(self.sources, self.file, &["rows".into(), index.into(), key.as_str().into()], Part::Key);
            self.unknown_field(&key, fields, span);
        }
        let (sources, file) = (self.sources, self.file);
        let cells = fields.iter().map(|field| {
            let path = || ["rows".into(), index.into(), field.name.as_str().into()];
            let at = || yaml::locate(sources, file, &path(), Part::Value);
            let empty = Value::String(String::new());
            cell::read(
                field,
                row.get(field.name.as_str()).unwrap_or(&empty),
                &Origin { sources, file, place: &at, written: &|item| numbers.at(path(), item) },
                self.findings,
            )
        });
        Row::new(cells.collect(), RowPlace::Yaml(index))
    }

    fn foreign_key(&mut self, fields: &[Field], index: usize, key: ForeignKeyFile) -> Option<ForeignKey> {
        let span = yaml::locate(self.sources, self.file, &["foreignKeys".into(), index.into(), "fields".into()], Part::Value);
        let mut columns = Vec::new();
        for name in key.fields.all() {
            match fields.iter().position(|field| field.name == name && field.format != Format::RowNumber) {
                Some(column) => columns.push(column),
                None => self.unknown_field(&name, fields, span),
            }
        }
        let named = key.reference.fields.all();
        if columns.len() != named.len() || columns.is_empty() {
            let message = message!("foreignKeys 兩邊的欄位數不同", "The two sides of this foreign key differ in length");
            let help = message!(
                "請讓 fields 與 reference 裡的 fields 列出一樣多的欄位，一一對應",
                "List as many `fields` as in `reference`, each beside its counterpart"
            );
            self.findings.push(Diagnostic::new(Rule::SchemaViolation, span, message).help(help));
            return None;
        }
        Some(ForeignKey { columns, resource: key.reference.resource, fields: named, span })
    }
}
