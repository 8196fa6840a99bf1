//! The words of a theme in the plan's language.
//!
//! In: the locales embedded in the program, and the project's own that lie over them key by key. Out: the words by their keys, and findings for
//! keys and `{…}` in the project's own that nothing fills in. What the words mean is not known here.

use super::DEFAULT;
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Severity, Span, did_you_mean},
    message,
    source::{
        Sources,
        yaml::{self, Part},
    },
};
use rustc_hash::FxHashSet;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};

/// The language of whose words every other language's take the place.
const FIRST: &str = "locales/zh-Hant-TW.yaml";

/// Words as a file has them; those that are null are none.
struct Words(BTreeMap<String, Option<String>>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Words;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    // A file with nothing but remarks.
    fn visit_unit<E>(self) -> Result<Words, E> {
        Ok(Words(BTreeMap::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Words, A::Error> {
        let mut words = BTreeMap::new();
        while let Some((key, text)) = entries.next_entry::<String, Option<String>>()? {
            if words.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate entry with key \"{key}\"")));
            }
            words.insert(key, text);
        }
        Ok(Words(words))
    }
}

/// The words of a language; of a language without words, Traditional Chinese. A theme's own file lies key by key over the embedded one.
pub(super) fn read(sources: &Sources, language: &str, findings: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let primary = language.split('-').next().unwrap_or(language);
    let names = [format!("locales/{language}.yaml"), format!("locales/{primary}.yaml"), FIRST.to_owned()];
    let mut words = names.iter().map(|name| embedded(name)).find(|words| !words.is_empty()).unwrap_or_default();
    let used = names.iter().find_map(|name| sources.named(&format!("theme/{name}")));
    // A theme without words of its own has the embedded ones, which were read. The others are for plans in other languages.
    for (stem, file) in sources.in_folder("theme/locales", "yaml").filter(|(_, file)| !sources.file(*file).embedded) {
        let name = format!("locales/{stem}.yaml");
        if let Some(meant) = names.iter().find(|meant| meant.eq_ignore_ascii_case(&name) && **meant != name) {
            let message = message!("沒有讀取這個檔案：檔名的大小寫不同", "This file is not read: its name has other capitals");
            let help = message!("請改名為 {meant}", "Rename it to {meant}");
            findings.push(Diagnostic::new(Rule::UnlistedFile, Span::whole(file), message).help(help));
        }
        let Some(Words(own)) = yaml::read_file::<Words>(sources, file, &[], findings) else { continue };
        let mut below = embedded(&name);
        if below.is_empty() {
            below = embedded(FIRST);
        }
        check(sources, file, &own, &below, findings);
        if used == Some(file) {
            words.extend(own.into_iter().filter_map(|(key, text)| Some((key, text?))));
        }
    }
    words
}

fn embedded(name: &str) -> BTreeMap<String, String> {
    let text = DEFAULT.get_file(name).and_then(include_dir::File::contents_utf8);
    text.and_then(|text| serde_yaml::from_str(text).ok()).unwrap_or_default()
}

/// Compares a file's own words with those in whose place they stand.
fn check(
    sources: &Sources,
    file: FileId,
    own: &BTreeMap<String, Option<String>>,
    below: &BTreeMap<String, String>,
    findings: &mut Vec<Diagnostic>,
) {
    let mut known = None;
    for (key, text) in own {
        let finding = |rule, part, message| Diagnostic::new(rule, yaml::locate(sources, file, &[key.as_str().into()], part), message);
        let Some(standard) = below.get(key) else {
            // A theme may have words for its own templates.
            if !known.get_or_insert_with(|| Known::of(sources)).words.contains(key.as_str()) {
                let message = message!("沒有「{key}」這個詞，也沒有樣板用到它", "There are no words `{key}`, and no template uses them");
                let help = did_you_mean(key, below.keys().map(String::as_str));
                let help = help.unwrap_or_else(|| message!("請刪去這一行", "Delete the line"));
                // It may be one that an earlier program had.
                let finding = Diagnostic { severity: Severity::Warning, ..finding(Rule::UnknownField, Part::Key, message) };
                findings.push(finding.help(help));
            }
            continue;
        };
        let Some(text) = text else {
            let message = message!("「{key}」沒有字", "`{key}` has no words");
            let help = message!(
                "請寫要印的字，或刪去這一行，沿用內附的；什麼都不印就寫 \"\"",
                "Write the words, or delete the line for the embedded ones; write \"\" to print nothing"
            );
            findings.push(finding(Rule::SchemaViolation, Part::Key, message).help(help));
            continue;
        };
        let (wanted, found): (Vec<&str>, Vec<&str>) = (gaps(standard).collect(), gaps(text).collect());
        let mut unknown = found.iter().filter(|gap| !wanted.contains(gap));
        let mut is_filled = |gap: &&str| known.get_or_insert_with(|| Known::of(sources)).gaps.contains(gap);
        if let Some(gap) = unknown.find(|gap| !is_filled(gap)) {
            let message =
                message!("「{{{gap}}}」不會換成什麼，照樣印出", "Nothing is filled in for `{{{gap}}}`; it is printed as it stands");
            let listed = wanted.iter().map(|gap| format!("{{{gap}}}")).collect::<Vec<_>>().join(" ");
            let help = if wanted.is_empty() {
                message!("這裡沒有可用的 {{…}}，請直接寫字", "No {{…}} is filled in here; write the words themselves")
            } else {
                message!("這裡可用的有：{listed}", "Filled in here are: {listed}")
            };
            // It may be a brace that somebody wants to see.
            let finding = Diagnostic { severity: Severity::Warning, ..finding(Rule::SchemaViolation, Part::Value, message) };
            findings.push(finding.help(help));
        } else if let Some(gap) = wanted.iter().find(|gap| !found.contains(gap)).filter(|_| !text.is_empty()) {
            let message = message!("「{key}」少了 {{{gap}}}，那裡的內容不會印出", "`{key}` lacks {{{gap}}}, which is then not printed");
            let help = message!("請在要印它的地方寫 {{{gap}}}", "Write {{{gap}}} where it belongs");
            // Somebody may want it so.
            let finding = Diagnostic { severity: Severity::Warning, ..finding(Rule::SchemaViolation, Part::Value, message) };
            findings.push(finding.help(help));
        }
    }
}

/// The names in `{…}` that are filled in.
fn gaps(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    inside.filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
}

/// What the project's own templates, scripts and print files may ask words for.
struct Known<'a> {
    /// Whatever could be a key.
    words: FxHashSet<&'a str>,
    /// The names in `{…}` that they fill in.
    gaps: FxHashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(sources: &'a Sources) -> Self {
        let files = [("theme/templates", "html"), ("theme/scripts", "js"), ("theme/print", "typ")];
        let files = files.into_iter().flat_map(|(folder, extension)| sources.in_folder(folder, extension));
        let own = files.map(|(_, file)| sources.file(file)).filter(|file| !file.embedded);
        let texts: Vec<&str> = own.map(|file| file.text.as_str()).collect();
        let words = |text: &'a str| text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        Self { words: texts.iter().copied().flat_map(words).collect(), gaps: texts.iter().copied().flat_map(gaps).collect() }
    }
}
