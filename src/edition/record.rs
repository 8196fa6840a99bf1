//! The record of one approved edition.
//!
//! In: a JSON file. Out: what pages say about the edition. A record holds more, for comparison and verification; what is not needed here
//! is left unread.

use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span},
    message,
    source::Sources,
};
use serde::Deserialize;

/// An approved edition.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// Its number, such as `1.0`.
    pub number: String,
    /// The day of approval, such as `2026-11-22`.
    pub approved_on: String,
    /// Who approved it.
    pub approved_by: String,
    /// The digest of the sources that were approved.
    pub source_digest: String,
}

pub(super) fn read(sources: &Sources, file: FileId, findings: &mut Vec<Diagnostic>) -> Option<Record> {
    let source = sources.file(file);
    let mut report = |at: usize, message| {
        let help = message!("核定紀錄不可修改，請從備份取回原檔", "A record never changes; take the original from a backup");
        findings.push(Diagnostic::new(Rule::SchemaViolation, Span::new(file, at, at), message).help(help));
    };
    match serde_json::from_str::<Record>(&source.text) {
        Ok(record) if record.approved_on.parse::<jiff::civil::Date>().is_ok() => Some(record),
        Ok(record) => {
            let date = &record.approved_on;
            report(
                source.text.find(date.as_str()).unwrap_or(0),
                message!("核定日期「{date}」不是日期", "The day of approval `{date}` is no date"),
            );
            None
        }
        Err(error) => {
            let line = source.line_start(error.line().max(1));
            report(line, message!("無法讀取核定紀錄：{error}", "The record cannot be read: {error}"));
            None
        }
    }
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
mod tests {
    use super::*;

    #[test]
    fn days_are_written_in_the_republics_years() {
        assert_eq!(date_words("2026-11-22", "zh-Hant-TW"), "中華民國 115 年 11 月 22 日");
        assert_eq!(date_words("2026-11-22", "en"), "2026-11-22");
    }
}
