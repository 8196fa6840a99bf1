//! Findings as SARIF 2.1.0, for code scanning services and editors.
//!
//! In: diagnostics and their sources. Out: one log with one run, whose driver `planpress` lists every rule with its page. URIs are
//! relative to the project (`%SRCROOT%`) and percent-encoded; no absolute path appears.

use super::{explanation, place::Places, sorted};
use crate::{
    diagnostic::{Diagnostic, Language, Rule, Span},
    source::Sources,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::borrow::Borrow;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What a relative URI percent-encodes: everything outside RFC 3986's unreserved characters and `/`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Writes findings as a SARIF 2.1.0 log.
#[must_use]
pub fn sarif(diagnostics: &[impl Borrow<Diagnostic>], sources: &Sources, language: Language) -> String {
    let findings = sorted(diagnostics, sources);
    let places = Places::of(&findings, sources);
    let rules: Vec<_> = Rule::ALL.iter().map(|rule| descriptor(*rule, language)).collect();
    let results: Vec<_> = findings.into_iter().map(|finding| result(finding, sources, &places, language)).collect();
    let driver = json!({
        "name": "planpress",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "language": tag(language),
        "rules": rules,
    });
    let root = json!({ "description": { "text": "The folder that holds content/." } });
    let run = json!({
        "tool": { "driver": driver },
        "language": tag(language),
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { "%SRCROOT%": root },
        "results": results,
    });
    format!("{:#}", json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

fn tag(language: Language) -> &'static str {
    language.pick("zh-TW", "en")
}

/// A rule as the driver lists it; the first paragraph of its page is its description.
fn descriptor(rule: Rule, language: Language) -> Value {
    let page = explanation(rule, language);
    let body = page.split_once('\n').map_or(page, |(_heading, rest)| rest.trim());
    let short = body.split("\n\n").next().unwrap_or(body).replace('\n', " ");
    json!({
        "id": rule.name(),
        "shortDescription": { "text": short },
        "help": { "text": body, "markdown": page },
        "defaultConfiguration": { "level": rule.severity().name() },
        "properties": { "tags": [format!("{:?}", rule.family()).to_lowercase()] },
    })
}

fn result(finding: &Diagnostic, sources: &Sources, places: &Places, language: Language) -> Value {
    // SARIF has no field for a way out, and viewers show the message alone.
    let words = match &finding.help {
        Some(help) => format!("{}\n{}", finding.message.text(language), help.text(language)),
        None => finding.message.text(language).to_owned(),
    };
    let mut value = json!({
        "ruleId": finding.rule.name(),
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == finding.rule),
        "level": finding.severity.name(),
        "message": { "text": words },
        "locations": finding.span.map(|span| location(span, sources, places)).into_iter().collect::<Vec<_>>(),
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(at, other)| {
            let mut place = location(other.span, sources, places);
            place["id"] = json!(at + 1);
            place["message"] = json!({ "text": other.message.text(language) });
            place
        });
        value["relatedLocations"] = related.collect();
    }
    if !finding.fixes.is_empty() {
        let changes = finding.fixes.iter().map(|fix| {
            let place = location(fix.span, sources, places);
            let change = json!({ "deletedRegion": place["physicalLocation"]["region"], "insertedContent": { "text": fix.text } });
            json!({ "artifactLocation": place["physicalLocation"]["artifactLocation"], "replacements": [change] })
        });
        value["fixes"] = json!([{ "artifactChanges": changes.collect::<Vec<_>>() }]);
    }
    value
}

fn location(span: Span, sources: &Sources, places: &Places) -> Value {
    let (start, end) = places.of_span(span);
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": utf8_percent_encode(&sources.file(span.file).path, ENCODED).to_string(), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{message, source::Source};

    fn log(language: Language) -> Value {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("data/清單 1.csv", "../機關/data/清單 1.csv", "甲,乙\n一,二\n"));
        let all = [
            Diagnostic::new(Rule::SchemaViolation, Span::new(id, 8, 11), message!("不在選項中", "not an option"))
                .related(Span::new(id, 0, 3), message!("欄位", "the field"))
                .help(message!("請改為「三」", "Use `三`")),
            Diagnostic::nowhere(Rule::UnusedWaiver, message!("未使用", "unused")),
        ];
        serde_json::from_str(&sarif(&all, &sources, language)).unwrap()
    }

    #[test]
    fn a_result_has_rule_level_words_and_place() {
        let log = log(Language::Chinese);
        assert_eq!((&log["version"], &log["runs"][0]["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")));
        let (nowhere, found) = (&log["runs"][0]["results"][0], &log["runs"][0]["results"][1]);
        assert_eq!(
            (&nowhere["ruleId"], &nowhere["level"], &nowhere["locations"]),
            (&json!("unused-waiver"), &json!("warning"), &json!([]))
        );
        assert_eq!(found["message"]["text"], "不在選項中\n請改為「三」");
        let place = &found["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "../%E6%A9%9F%E9%97%9C/data/%E6%B8%85%E5%96%AE%201.csv");
        assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 2 }));
        assert_eq!(found["relatedLocations"][0]["message"]["text"], "欄位");
        let index = usize::try_from(found["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], found["ruleId"]);
    }

    #[test]
    fn the_driver_lists_every_rule_with_its_page() {
        for language in [Language::Chinese, Language::English] {
            let log = log(language);
            let driver = &log["runs"][0]["tool"]["driver"];
            assert_eq!(driver["name"], "planpress");
            let rules = driver["rules"].as_array().unwrap();
            assert_eq!(rules.len(), Rule::ALL.len());
            for rule in rules {
                let (short, help) = (rule["shortDescription"]["text"].as_str().unwrap(), rule["help"]["text"].as_str().unwrap());
                assert!(!short.is_empty() && !short.contains("```") && help.len() > short.len(), "{rule}");
            }
        }
    }
}
