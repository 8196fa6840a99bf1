//! Rows from a CSV file.
//!
//! In: a CSV file and the fields of the YAML file beside it. Out: rows of cells, each with its place, where titles stand, and findings for
//! everything in the file that no row shows, and for what no row can show: columns that no field takes, fields without a column, cells beyond
//! the header, columns that no comma separates, a first line that is no header, and quotes that swallow what follows. Rows that lack cells are
//! `short_row`'s business.

use super::{
    Field, FieldType, Format, Row,
    cell::{self, Origin},
    short_row::ShortRows,
    table::{CELLS, RowPlace, too_many_rows},
};
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span, did_you_mean},
    message,
    source::Sources,
};
use serde_yaml::Value;
use std::ops::Range;

/// Reads the rows of a CSV file, whose first line names the columns by field or title, and says where it has the title of each field.
pub(super) fn rows(sources: &Sources, fields: &[Field], csv: FileId, findings: &mut Vec<Diagnostic>) -> (Vec<Row>, Box<[Option<Span>]>) {
    let source = sources.file(csv);
    if !source.readable {
        return (Vec::new(), Box::default());
    }
    let text = source.text.as_str();
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).trim(::csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let heads = places(text, csv, headers.position(), findings);
    if let Some(finding) = separated(fields, &headers, &heads).or_else(|| headless(fields, &headers, &heads)) {
        findings.push(finding);
        return (Vec::new(), Box::default());
    }
    let columns = columns(fields, &headers, &heads, findings);
    let titles = fields.iter().zip(&columns).map(|(field, column)| {
        let column = column.filter(|column| headers.get(*column) == Some(&*field.title))?;
        heads.get(column).copied()
    });
    missing(fields, &columns, csv, &heads, findings);
    let (mut rows, mut is_told, mut blank, mut short) = (Vec::new(), false, None, ShortRows::new(&headers));
    let most = CELLS / fields.len().max(1);
    for record in reader.records() {
        if rows.len() == most {
            findings.push(too_many_rows(fields, most + 1, most, Span::whole(csv)));
            break;
        }
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let at = start_of(text, error.position());
                let message = message!("CSV 讀不出這一列：{error}", "This CSV record cannot be read: {error}");
                findings.push(Diagnostic::new(Rule::SchemaViolation, Span::new(csv, at, at), message));
                continue;
            }
        };
        let places = places(text, csv, record.position(), findings);
        let start = start_of(text, record.position());
        let line = Span::new(csv, start, text[start..].find('\n').map_or(text.len(), |at| start + at));
        if record.iter().all(str::is_empty) {
            let (first, count) = blank.unwrap_or((line, 0_usize));
            blank = Some((first, count + 1));
        }
        if record.iter().skip(headers.len()).any(|cell| !cell.is_empty()) {
            let (cells, columns) = (record.len(), headers.len());
            let message = message!("這一列有 {cells} 格，標題列只有 {columns} 格", "This row has {cells} cells; the header has {columns}");
            let help = message!("內容含逗號時請加引號", "Quote a cell that holds a comma");
            findings.push(Diagnostic::new(Rule::SchemaViolation, line, message).help(help));
        }
        let nameless = headers.iter().zip(&record).zip(&places).find(|((head, cell), _)| head.is_empty() && !cell.is_empty());
        if let Some(((_, cell), place)) = nameless.filter(|_| !std::mem::replace(&mut is_told, true)) {
            let message = message!("「{cell}」這一欄沒有名稱，不會印出", "The column of `{cell}` has no name and is not printed");
            let help = message!("請在標題列寫上欄名，或清空這一欄", "Name it in the header, or empty it");
            findings.push(Diagnostic::new(Rule::UnknownField, *place, message).help(help));
        }
        match parted_in_vain(&record, headers.len(), line, sources) {
            Some(finding) => findings.push(finding),
            None => short.see(&record, line),
        }
        let spans: Vec<Span> = columns.iter().map(|column| column.and_then(|column| places.get(column)).map_or(line, |at| *at)).collect();
        let cells = fields.iter().zip(&columns).zip(&spans).map(|((field, column), span)| {
            let text = column.and_then(|column| record.get(column)).unwrap_or_default();
            let origin = Origin { sources, file: csv, place: &|| *span, written: &|_| Some(text) };
            cell::read(field, &value(field, text), &origin, findings)
        });
        rows.push(Row::new(cells.collect(), RowPlace::Csv(spans.into())));
    }
    findings.extend(blank.map(|(first, count)| blank_rows(first, count)));
    findings.extend(short.finding());
    (rows, titles.collect())
}

/// Says that rows hold commas and nothing else, as Excel saves them where something once stood: each is printed as a row.
fn blank_rows(first: Span, count: usize) -> Diagnostic {
    let message = message!(
        "這個檔案有 {count} 列沒有內容，會印成空白列",
        "This file has {count} rows without a word; each is printed blank"
    );
    let help = message!(
        "請刪去這些列；要印空白列供手寫，請在 :::table 寫 rows=N",
        "Delete them; to print blank rows for the pen, write rows=N behind :::table"
    );
    Diagnostic::new(Rule::EmptyItem, first, message).help(help)
}

/// Says that a row is too short where full-width commas were to part its cells. A comma of Chinese in a cell
/// that remains, and that nobody quoted, is more likely one that was to part two.
fn parted_in_vain(record: &::csv::StringRecord, columns: usize, line: Span, sources: &Sources) -> Option<Diagnostic> {
    let cells = record.len();
    let commas = record.iter().map(|cell| cell.matches('，').count()).sum::<usize>();
    if cells >= columns || commas == 0 || cells + commas < columns || sources.slice(line).contains('"') {
        return None;
    }
    let message = message!(
        "這一列只有 {cells} 格，標題列有 {columns} 格；全形逗號「，」不分欄",
        "This row has {cells} cells, the header {columns}; a full-width comma parts none"
    );
    let help = message!("分欄請用半形逗號；留白的格也要有逗號", "Part the cells with commas, those that stay empty too");
    Some(Diagnostic::new(Rule::MissingColumn, line, message).help(help))
}

/// The column of each field, by position; a column that no field takes is a finding.
fn columns(fields: &[Field], headers: &::csv::StringRecord, places: &[Span], findings: &mut Vec<Diagnostic>) -> Vec<Option<usize>> {
    let mut columns = vec![None; fields.len()];
    for (column, (header, span)) in headers.iter().zip(places).enumerate() {
        match fields.iter().position(|field| field.name == header || field.title == header) {
            Some(field) if columns[field].is_none() => columns[field] = Some(column),
            Some(field) => {
                let title = &fields[field].title;
                let message = message!("「{title}」這一欄出現了兩次", "The column `{title}` stands here twice");
                let help = message!("請刪去其中一欄，或改成另一個欄位的名稱", "Delete one of them, or give it another field's name");
                findings.push(Diagnostic::new(Rule::SchemaViolation, *span, message).help(help));
            }
            // Excel saves empty columns that once held something.
            None if header.is_empty() => {}
            None => {
                let message = message!("data 檔的 fields 裡沒有「{header}」這一欄", "`fields` has no column `{header}`");
                let known = fields.iter().flat_map(|field| [field.name.as_str(), field.title.as_str()]);
                let help = did_you_mean(header, known).unwrap_or_else(|| {
                    message!(
                        "請改成 fields 裡的 name 或 title，或在 fields 加上這一欄，不要就刪去",
                        "Write the `name` or the `title` of one of the `fields`, add it to them, or delete the column"
                    )
                });
                findings.push(Diagnostic::new(Rule::UnknownField, *span, message).help(help));
            }
        }
    }
    columns
}

/// What is wrong with a file whose columns something else than commas keeps apart: all of its header is one column, which no field has.
fn separated(fields: &[Field], headers: &::csv::StringRecord, places: &[Span]) -> Option<Diagnostic> {
    let (header, span) = (headers.get(0).filter(|_| headers.len() == 1)?, places.first()?);
    let (mark, zh, en) = [
        ('\t', "定位字元（Tab）", "tabs"),
        (';', "分號「;」", "semicolons"),
        ('；', "分號「；」", "semicolons"),
        ('，', "全形逗號「，」", "full-width commas"),
    ]
    .into_iter()
    .find(|(mark, ..)| header.contains(*mark))?;
    let is_field = |words: &str| fields.iter().any(|field| field.name == words || field.title == words);
    if is_field(header) || !header.split(mark).any(|part| is_field(part.trim())) {
        return None;
    }
    let message = message!(
        "這個檔案以{zh}分欄，CSV 要以逗號分欄",
        "The columns of this file are separated by {en}; those of a CSV are by commas"
    );
    let help = if mark == '，' {
        message!("分欄請用半形逗號「,」，每一列都是", "Part the columns with half-width commas, in every row")
    } else {
        message!("請在 Excel 另存 CSV UTF-8（逗號分隔）", "In Excel, save it as “CSV UTF-8 (comma delimited)”")
    };
    Some(Diagnostic::new(Rule::SchemaViolation, *span, message).help(help))
}

/// What is wrong with a file whose first line names no field, or nothing like one: it is a row, a title, or a remark to Excel.
fn headless(fields: &[Field], headers: &::csv::StringRecord, places: &[Span]) -> Option<Diagnostic> {
    let known = || {
        fields
            .iter()
            .filter(|field| field.format != Format::RowNumber)
            .flat_map(|field| [field.name.as_str(), field.title.as_str()])
    };
    let is_head = |header: &str| known().any(|name| name == header) || did_you_mean(header, known()).is_some();
    let (first, last) = (places.first()?, places.last()?);
    if headers.iter().all(str::is_empty) || headers.iter().any(is_head) || known().next().is_none() {
        return None;
    }
    let message = message!("第一列沒有任何一欄的名稱", "The first line names no column");
    let help = if headers.get(0).is_some_and(|first| first.starts_with("sep=")) {
        message!("請刪去 sep= 這一行；分欄用半形逗號", "Delete the line `sep=`, and part the columns with commas")
    } else {
        let titles = fields.iter().filter(|field| field.format != Format::RowNumber).map(|field| field.title.as_str());
        let titles = titles.collect::<Vec<_>>().join(",");
        message!(
            "第一列要是欄名，上面不能有標題：{titles}",
            "The first line holds the names of the columns, with no title above: {titles}"
        )
    };
    let place = Span::new(first.file, first.start as usize, last.end as usize);
    Some(Diagnostic::new(Rule::SchemaViolation, place, message).help(help))
}

/// Reports fields that the header has no column for: every cell of theirs would be empty. A field need not be required, but a printed
/// column without a source is more often a misspelt or a forgotten one.
fn missing(fields: &[Field], columns: &[Option<usize>], csv: FileId, heads: &[Span], findings: &mut Vec<Diagnostic>) {
    let typed = fields.iter().zip(columns).filter(|(field, column)| column.is_none() && field.format != Format::RowNumber);
    for (Field { name, title, .. }, _) in typed {
        let span = match (heads.first(), heads.last()) {
            (Some(first), Some(last)) => Span::new(csv, first.start as usize, last.end as usize),
            _ => Span::whole(csv),
        };
        let message = message!("標題列沒有「{title}」這一欄", "The header has no column `{title}`");
        let help = message!(
            "請在標題列加上「{title}」（或 {name}），可以整欄留白；不要這一欄，就把它從 data 檔的 fields 刪去",
            "Add `{title}` (or {name}) to the header, its cells may be empty; or delete it from `fields`"
        );
        findings.push(Diagnostic::new(Rule::MissingColumn, span, message).help(help));
    }
}

/// Where a record begins: the library counts empty lines before it as its own.
fn start_of(text: &str, position: Option<&::csv::Position>) -> usize {
    let at = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start_matches('\n').len()
}

/// The places of a record's cells; a quote that takes more into its cell than the cell shows is a finding.
fn places(text: &str, csv: FileId, position: Option<&::csv::Position>, findings: &mut Vec<Diagnostic>) -> Vec<Span> {
    let mut places = Vec::new();
    let mut at = start_of(text, position);
    loop {
        let (cell, fault) = cell(text, at);
        if let Some((place, fault)) = fault {
            let message = match fault {
                Fault::Open => {
                    message!("這個引號沒有結尾，後面各列都被當成同一格", "This quote has no end; all rows after it are taken for one cell")
                }
                Fault::Follows => message!("引號結尾之後還有文字", "Words follow the end of this quote"),
            };
            let help = message!(
                "引號要在儲存格的開頭與結尾成對；內容裡的引號請寫成兩個 \"\"",
                "Quotes stand in pairs around a whole cell; write a quote inside it twice: \"\""
            );
            findings.push(Diagnostic::new(Rule::SchemaViolation, Span::new(csv, place.start, place.end), message).help(help));
        }
        let words = &text[cell.clone()];
        let start = cell.start + words.len() - words.trim_start().len();
        places.push(Span::new(csv, start, start + words.trim().len()));
        if text.as_bytes().get(cell.end) != Some(&b',') {
            return places;
        }
        at = cell.end + 1;
    }
}

/// What is wrong with a quoted cell.
enum Fault {
    /// Its quote has no end.
    Open,
    /// Words follow the end of its quote.
    Follows,
}

/// The cell that begins at `at`, without the comma or line end after it, and its fault.
fn cell(text: &str, at: usize) -> (Range<usize>, Option<(Range<usize>, Fault)>) {
    let end_of_words = |from: usize| text[from..].find([',', '\n']).map_or(text.len(), |end| from + end);
    if !text[at..].starts_with('"') {
        return (at..end_of_words(at), None);
    }
    let mut from = at + 1;
    while let Some(quote) = text[from..].find('"').map(|quote| from + quote) {
        if text[quote + 1..].starts_with('"') {
            from = quote + 2;
            continue;
        }
        let end = end_of_words(quote + 1);
        let fault = (!text[quote + 1..end].trim().is_empty()).then_some((quote..end, Fault::Follows));
        return (at..end, fault);
    }
    (at..text.len(), Some((at..at + 1, Fault::Open)))
}

/// A CSV text as the YAML value that its field expects.
fn value(field: &Field, text: &str) -> Value {
    let whole = || Value::String(text.to_owned());
    if text.is_empty() {
        return whole();
    }
    match field.kind {
        FieldType::String | FieldType::Date => whole(),
        FieldType::Integer => text.parse::<i64>().map_or_else(|_| whole(), Value::from),
        FieldType::Number => {
            let fraction = || text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from);
            text.parse::<i64>().ok().map(Value::from).or_else(fraction).unwrap_or_else(whole)
        }
        FieldType::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "是" | "1" => Value::Bool(true),
            "false" | "no" | "否" | "0" => Value::Bool(false),
            _ => whole(),
        },
        FieldType::List => Value::Sequence(text.split([';', '；']).map(|item| Value::String(item.trim().to_owned())).collect()),
    }
}
