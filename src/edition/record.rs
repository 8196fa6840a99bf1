//! The record of one approved edition: what was approved, when, by whom, and what every published file was.
//!
//! In: a JSON file, or what an approval found. Out: [`Record`], or the finding that says why a file is none. The text of a record ends in its
//! seal, the digest of everything else in it, so that a damaged record is never taken for a whole one. Nothing is read or written here.

use super::{Beside, RecordedClause, by_number};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span},
    message,
    parse::is_reserved,
    site::SUMS,
    source::{Digest, Sources},
};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// The latest version of the shape. This program reads every version up to it. In the second one clauses say where their words stand, in
/// the third one chapters say in which part they stand, and clauses what is printed beside their words; in the fourth one that names files.
const FORMAT: u32 = 4;

/// An approved edition. Once written, its file never changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The version of this shape.
    pub format: u32,
    /// Its number, such as `1.0`.
    pub number: String,
    /// The day of approval, such as `2026-11-22`.
    pub approved_on: String,
    /// Who approved it.
    pub approved_by: String,
    /// The title of the plan, with the agency's name.
    pub title: String,
    /// The document's number.
    pub document_number: Option<String>,
    /// The edition before it.
    pub previous: Option<Previous>,
    /// The version of the program that made the site.
    pub program: String,
    /// The digest of the sources that were approved.
    pub source_digest: String,
    /// The digest of `clauses`; it depends on neither theme nor program.
    pub clause_digest: String,
    /// Why what changed since the edition before it changed, by the id of the clause; records of earlier programs leave that to the file in which
    /// it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<BTreeMap<String, String>>,
    /// Findings that were accepted, with the reasons.
    pub waivers: Vec<Accepted>,
    /// Rules that the plan had turned off.
    pub rules_off: Vec<String>,
    /// The digest of every file of the site, by path.
    pub files: BTreeMap<String, String>,
    /// The printed edition, where it was made at the approval.
    pub pdf: Option<PrintedFiles>,
    /// Every clause, in printed order.
    pub clauses: Vec<RecordedClause>,
    /// The digest of the record's text with zeros in the place of this one.
    pub seal: String,
}

/// The edition that a record follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// Its number.
    pub number: String,
    /// Its seal.
    pub seal: String,
}

/// A finding that somebody accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The rule.
    pub rule: String,
    /// The id of the clause, chapter, annex or table where it was accepted.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// What a site is that has the printed edition with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedFiles {
    /// The digest of the PDF.
    pub digest: String,
    /// The digests of the pages that name pages of the PDF, and so differ from those of a site without one.
    pub files: BTreeMap<String, String>,
}

/// What of a text says that it is a record, of whatever version.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// The digest of clauses, from their numbers, ids and words, where these stand, in which part, and what is printed beside them.
#[must_use]
pub fn clause_digest(clauses: &[RecordedClause]) -> Digest {
    let mut all = String::new();
    for clause in clauses {
        for part in [clause.id.as_str(), &clause.number].into_iter().chain(clause.lines()) {
            all.push_str(part);
            all.push('\0');
        }
        for place in clause.places.iter().flatten() {
            all.push_str(&place.to_string());
            all.push('\0');
        }
        if let Some(part) = &clause.part {
            all.push('\u{1}');
            all.push_str(part);
            all.push('\0');
        }
        for (kind, beside) in clause.beside.iter().flat_map(Beside::all) {
            all.push(kind);
            all.push_str(beside);
            all.push('\0');
        }
        all.push('\n');
    }
    Digest::of(all.as_bytes())
}

/// The version of the shape that a record of some clauses has: that of the first program that reads all they say. Those of a plan have the
/// latest; those of a record have what it said.
#[must_use]
pub fn format_of(clauses: &[RecordedClause]) -> u32 {
    let any = |has: fn(&RecordedClause) -> bool| clauses.iter().any(has);
    if any(|clause| clause.beside.as_ref().is_some_and(|beside| beside.files.is_some())) {
        FORMAT
    } else if any(|clause| clause.part.is_some() || clause.beside.is_some()) {
        3
    } else if any(|clause| clause.places.is_some()) {
        2
    } else {
        1
    }
}

impl Record {
    /// Reads the text of a record.
    ///
    /// # Errors
    /// What is wrong with it, and the byte at which that shows.
    pub fn parse(text: &str) -> Result<Self, (usize, Message)> {
        let broken = |error: serde_json::Error| {
            let at = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            (at, message!("核定紀錄從這裡起無法讀取", "The record cannot be read from here on: {error}"))
        };
        let Version { format } = serde_json::from_str(text).map_err(broken)?;
        if format == 0 || format > FORMAT {
            let message = message!(
                "這份核定紀錄的格式是第 {format} 版，這個 planpress 只認得到第 {FORMAT} 版",
                "This record has format {format}; this planpress knows formats up to {FORMAT}"
            );
            return Err((0, message));
        }
        let record: Self = serde_json::from_str(text).map_err(broken)?;
        if record.seal != seal_of(text, &record.seal) {
            return Err((0, message!("核定紀錄被改過，或已經損壞", "The record was altered or damaged")));
        }
        let (day, number) = (&record.approved_on, &record.number);
        let at = |word: &str| text.find(word).unwrap_or(0);
        if day.parse::<jiff::civil::Date>().is_err() {
            return Err((at(day), message!("核定日期「{day}」不是日期", "The day of approval `{day}` is no date")));
        }
        if !is_number(number) {
            return Err((at(number), message!("版次「{number}」不能當檔名", "The number `{number}` cannot be a file's name")));
        }
        if clause_digest(&record.clauses).hex() != record.clause_digest {
            let message = message!("條文與條文的摘要碼不符", "The clauses do not have the digest that the record names");
            return Err((at("\"clause_digest\""), message));
        }
        Ok(record)
    }

    /// The text of the record, sealed.
    #[must_use]
    pub fn text(&self) -> String {
        let unsealed = Self { seal: ZEROS.into(), ..self.clone() };
        // A struct of texts, numbers and maps with texts for keys has always a text.
        let mut text = serde_json::to_string_pretty(&unsealed).unwrap_or_default();
        text.push('\n');
        let seal = Digest::of(text.as_bytes()).hex();
        match text.rfind(ZEROS) {
            Some(at) => text[..at].to_owned() + &seal + &text[at + ZEROS.len()..],
            None => text,
        }
    }

    /// Orders records: by day, and on one day by number.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        self.approved_on
            .cmp(&other.approved_on)
            .then_with(|| by_number(&self.number, &other.number))
            .then_with(|| self.number.cmp(&other.number))
    }

    /// Whether a site with this list of digests, itself named by its digest, is this edition, printed or not.
    #[must_use]
    pub fn has_sums(&self, digest: &str) -> bool {
        let printed = self.pdf.iter().map(|pdf| &pdf.files);
        std::iter::once(&self.files).chain(printed).filter_map(|files| files.get(SUMS)).any(|own| own == digest)
    }

    /// The digest of its sources as pages show it.
    #[must_use]
    pub fn short_digest(&self) -> &str {
        self.source_digest.get(..12).unwrap_or(&self.source_digest)
    }

    /// Its own file's name.
    #[must_use]
    pub fn file_name(number: &str) -> String {
        format!("{number}.json")
    }

    /// What is wrong where the file of an edition is called this, its ending left out.
    #[must_use]
    pub fn misnamed(&self, stem: &str) -> Option<Message> {
        let number = &self.number;
        (number != stem).then(|| message!("檔名與版次「{number}」不符", "The file's name is not the number `{number}`"))
    }
}

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn seal_of(text: &str, seal: &str) -> String {
    match text.rfind(seal).filter(|_| seal.len() == ZEROS.len()) {
        Some(at) => Digest::of((text[..at].to_owned() + ZEROS + &text[at + seal.len()..]).as_bytes()).hex(),
        None => String::new(),
    }
}

/// Whether a word can be the number of an edition, and so the name of a file: letters, digits, `.` and `-`, beginning with a letter or digit.
#[must_use]
pub fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !word.ends_with('.')
        && word.len() <= 32
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
}

/// Whether a number can be that of a new edition: one whose pieces all say something, and that no system takes for the name of something else.
/// Records that earlier programs made under other numbers are read as ever.
#[must_use]
pub fn is_new_number(word: &str) -> bool {
    let mut pieces = word.split(['.', '-']);
    let is_file = [".json", ".yaml", ".sig"].iter().any(|ending| word.to_ascii_lowercase().ends_with(ending));
    let is_device = word.split('.').next().is_some_and(is_reserved);
    is_number(word) && pieces.all(|piece| !piece.is_empty()) && !is_file && !is_device
}

/// Reads the record in a file of the project, or says what is wrong with it.
pub(super) fn read(sources: &Sources, stem: &str, file: FileId) -> Result<Record, Box<Diagnostic>> {
    let record = Record::parse(&sources.file(file).text).map_err(|(at, message)| Box::new(broken(file, at, message)))?;
    if let Some(message) = record.misnamed(stem) {
        let number = &record.number;
        let help = message!("請改回 {number}.json；若是另存的副本，請移走", "Name it {number}.json again; if it is a copy, move it away");
        return Err(Box::new(broken(file, 0, message).help(help)));
    }
    Ok(record)
}

/// Takes out the records that are whole, and not what the edition after them followed.
pub(super) fn take_replaced(records: &mut Vec<(Record, FileId)>) -> Vec<Diagnostic> {
    let followed: Vec<(Previous, String)> =
        records.iter().filter_map(|(record, _)| Some((record.previous.clone()?, record.number.clone()))).collect();
    let mut findings = Vec::new();
    records.retain(|(record, file)| {
        let by = followed.iter().find(|(previous, _)| previous.number == record.number && previous.seal != record.seal);
        if let Some((Previous { number, .. }, after)) = by {
            let message = message!(
                "{after} 版接續的不是這一份 {number} 版的核定紀錄",
                "This is not the record of edition {number} that edition {after} follows"
            );
            findings.push(broken(*file, 0, message));
        }
        by.is_none()
    });
    findings
}

/// The editions that a record follows and that have no file of their own name; of what is wrong with a file another finding tells.
pub(super) fn missing(records: &[(Record, FileId)], stems: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let gone = |(record, file): &(Record, FileId)| {
        let (number, before) = (&record.number, &record.previous.as_ref()?.number);
        let message = message!(
            "{number} 版接續 {before} 版，而 editions/{before}.json 不在了",
            "Edition {number} follows edition {before}, and editions/{before}.json is gone"
        );
        let help = message!(
            "請從備份或版本控制取回 {before} 版的核定紀錄；沒有它，修正歷程會跳過那一版",
            "Take the record of edition {before} from a backup or from version control; without it the history passes over that edition"
        );
        let finding = Diagnostic::new(Rule::MissingRecord, Span::new(*file, 0, 0), message).help(help);
        (!stems.contains(before.as_str())).then_some(finding)
    };
    records.iter().filter_map(gone).collect()
}

fn broken(file: FileId, at: usize, message: Message) -> Diagnostic {
    let help = message!(
        "核定紀錄不可修改；請從備份或版本控制取回原檔（若是較新的格式，請更新 planpress）",
        "A record never changes; take the original from a backup or from version control (for a newer format, update planpress)"
    );
    Diagnostic::new(Rule::BrokenRecord, Span::new(file, at, at), message).help(help)
}

/// A day in words: in Chinese 「中華民國 115 年 11 月 22 日」, else as it is written.
#[must_use]
pub fn date_words(date: &str, language: &str) -> String {
    match date.parse::<jiff::civil::Date>() {
        Ok(day) if language.starts_with("zh") && day.year() > 1911 => {
            format!("中華民國 {} 年 {} 月 {} 日", day.year() - 1911, day.month(), day.day())
        }
        _ => date.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::edition) fn record(number: &str, day: &str) -> Record {
        Record {
            format: FORMAT,
            number: number.into(),
            approved_on: day.into(),
            approved_by: "王小明".into(),
            title: "計畫".into(),
            document_number: None,
            previous: None,
            program: "0".into(),
            source_digest: "00".into(),
            clause_digest: clause_digest(&[]).hex(),
            reasons: None,
            waivers: Vec::new(),
            rules_off: Vec::new(),
            files: BTreeMap::new(),
            pdf: None,
            clauses: Vec::new(),
            seal: String::new(),
        }
    }

    #[test]
    fn days_are_written_in_the_republics_years() {
        assert_eq!(date_words("2026-11-22", "zh-Hant-TW"), "中華民國 115 年 11 月 22 日");
        assert_eq!(date_words("2026-11-22", "en"), "2026-11-22");
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_not_when_anything_in_it_changed() {
        let text = record("1.0", "2026-11-22").text();
        let read = Record::parse(&text).expect("a whole record");
        assert_eq!((read.number.as_str(), read.seal.len()), ("1.0", 64));
        for (from, to) in [("王小明", "王大明"), ("\"rules_off\": []", "\"rules_off\":  []"), ("2026-11-22", "2026-11-23")] {
            assert!(Record::parse(&text.replace(from, to)).is_err(), "{from}");
        }
        for end in 0..text.trim_end().len() {
            assert!(text.get(..end).is_none_or(|cut| Record::parse(cut).is_err()), "cut at {end}");
        }
    }

    #[test]
    fn a_newer_format_is_called_that() {
        let (_, message) = Record::parse(r#"{"format":5,"shape":"unknown"}"#).expect_err("a newer format");
        assert!(message.en.contains("format 5") && message.zh.contains("第 5 版"));
    }

    #[test]
    fn only_what_an_older_program_cannot_read_whole_has_a_newer_format() {
        let clause = |places: Option<Vec<usize>>, part: Option<&str>| RecordedClause {
            id: "a".into(),
            address: crate::edition::Address::Explicit,
            number: "壹".into(),
            short: "壹".into(),
            label: "壹、".into(),
            depth: 0,
            part: part.map(str::to_owned),
            title: "目的".into(),
            text: Vec::new(),
            places,
            notes: Vec::new(),
            beside: None,
        };
        let [bare, placed, parted, both] = [(None, None), (Some(vec![1]), None), (None, Some("第一編")), (Some(vec![1]), Some("第一編"))]
            .map(|(places, part)| [clause(places, part)]);
        assert_eq!([&bare, &placed, &parted, &both].map(|clauses| format_of(clauses)), [1, 2, 3, 3]);
        let digests: BTreeSet<String> = [&bare, &placed, &parted, &both].iter().map(|clauses| clause_digest(*clauses).hex()).collect();
        assert_eq!(digests.len(), 4, "a part counts");
        let record = |clauses: &[RecordedClause]| Record {
            format: format_of(clauses),
            clause_digest: clause_digest(clauses).hex(),
            clauses: clauses.to_vec(),
            ..record("1.0", "2026-11-22")
        };
        assert!(!record(&placed).text().contains("\"part\""));
        assert_eq!(Record::parse(&record(&both).text()).expect("a whole record").clauses, both);
    }

    #[test]
    fn an_impossible_day_is_refused() {
        assert!(Record::parse(&record("1.0", "2026-02-30").text()).is_err());
    }

    #[test]
    fn numbers_are_names_of_files() {
        assert!(["1.0", "114-2", "A.3"].into_iter().all(is_number));
        assert!(["", ".1", "1.", "1/0", "一", "..", "a b"].into_iter().all(|word| !is_number(word)));
        assert!(["1.0", "114-2", "A.3", "console.1"].into_iter().all(is_new_number));
        let none = ["1..0", "1-", "1.-2", "1.0.json", "1.YAML", "CON", "nul.1", "com1"];
        assert!(
            none.into_iter().all(|word| !is_new_number(word) && (is_number(word) || word == "1..0")),
            "records of old are read"
        );
    }
}
