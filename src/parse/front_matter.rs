//! Front matter: the YAML between two lines `---` above a chapter's text.
//!
//! In: a source. Out: [`FrontMatter`] and where the text begins. A chapter without a usable one is read all the same.

use super::condition;
use crate::{
    config::is_id,
    diagnostic::{Diagnostic, FileId, Rule, Span},
    document::{FrontMatter, Kind, Orientation},
    message,
    source::{
        Sources,
        yaml::{self, Part, Places, Step},
    },
};
use serde::Deserialize;
use std::{cell::OnceCell, ops::Range};

#[derive(Deserialize)]
struct ChapterFields {
    title: String,
    #[serde(default)]
    fulfils: Vec<String>,
    #[serde(default)]
    sections: Vec<String>,
    list_level: Option<u8>,
    when: Option<String>,
    unit: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct AnnexFields {
    title: String,
    list_level: Option<u8>,
    when: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    orientation: Option<String>,
    number: Option<String>,
}

const CHAPTER_FIELDS: &[&str] = &["title", "fulfils", "sections", "list_level", "when", "unit", "aliases"];
const ANNEX_FIELDS: &[&str] = &["title", "list_level", "when", "aliases", "orientation", "number"];

/// Reads the front matter; the text begins at the returned offset.
pub(super) fn read(sources: &Sources, file: FileId, kind: Kind, findings: &mut Vec<Diagnostic>) -> (Option<FrontMatter>, usize) {
    let text = &sources.file(file).text;
    let Some((range, start)) = range(text) else {
        findings.push(missing(text, file));
        return (None, 0);
    };
    let mut reader = Reader { sources, file, range, places: OnceCell::new(), findings };
    let front = match kind {
        Kind::Chapter => reader.chapter(),
        Kind::Annex => reader.annex(),
    };
    (front, start)
}

/// Where a field's value stands above a chapter's text.
#[must_use]
pub fn place(sources: &Sources, file: FileId, key: &str) -> Span {
    let source = sources.file(file);
    let range = range(&source.text).map_or(0..0, |(range, _)| range);
    Places::of(source, range).span(file, &[key.into()], Part::Value)
}

/// The YAML's range and where the text begins.
fn range(text: &str) -> Option<(Range<usize>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| is_fence(line))?.len();
    let mut at = first;
    for line in lines {
        if is_fence(line) {
            return Some((first..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

/// What is wrong with a file of which no front matter can be read. Where its beginning is there, a second one would print the first.
fn missing(text: &str, file: FileId) -> Diagnostic {
    let at = text.len() - text.trim_start().len();
    let is_begun = text[at..].lines().next().is_some_and(is_fence);
    if let Some(place) = if is_begun && at == 0 { mistyped_end(text) } else { mistyped_beginning(text, at) } {
        let line = &text[place.clone()];
        let message = message!("「{line}」不是 front matter 的 ---", "`{line}` is no `---` of front matter");
        let help = message!("請把這一行改成正好三個半形減號：---", "Write exactly three half-width hyphens on this line: `---`");
        return Diagnostic::new(Rule::FrontMatter, Span::new(file, place.start, place.end), message).help(help);
    }
    let (message, help) = if is_begun && at == 0 {
        (
            message!("第一行的 --- 沒有結尾", "The `---` of the first line has no end"),
            message!(
                "請在欄位的最後一行（例如 title: 標題）下面加一行 ---，前面不空格",
                "Below the last line of its fields, such as `title: …`, add a line `---` that begins with no space"
            ),
        )
    } else if is_begun {
        (
            message!("front matter 的 --- 前面有空行", "Empty lines stand above the `---` of the front matter"),
            message!("請刪去空行與空格，第一行就是 ---", "Delete the empty lines and spaces: `---` is the first line"),
        )
    } else {
        (
            message!(
                "檔案開頭沒有 front matter（兩行 --- 之間的欄位）",
                "The file does not begin with front matter between two `---` lines"
            ),
            message!(
                "請在檔案最前面加上三行：第一行 ---，第二行 title: 標題，第三行 ---",
                "Begin the file with three lines: `---`, `title: …`, `---`"
            ),
        )
    };
    let place = if is_begun { Span::new(file, at, at + "---".len()) } else { Span::whole(file) };
    Diagnostic::new(Rule::FrontMatter, place, message).help(help)
}

/// So many lines no front matter has.
const LINES: usize = 30;

/// Whether a line was to be a fence: dashes of another kind, or not three.
fn is_almost_fence(line: &str) -> bool {
    let is_dash = |c: char| matches!(c, '-' | '—' | '–' | '─' | '━' | '－' | '―');
    let words = line.trim_end();
    words.chars().count() > 1 && words.chars().all(is_dash) && !is_fence(line)
}

/// Where the first line of words stands, if it was to be a fence: a field follows.
fn mistyped_beginning(text: &str, at: usize) -> Option<Range<usize>> {
    let mut lines = text[at..].lines();
    let first = lines.next().filter(|line| is_almost_fence(line))?;
    lines.next()?.contains([':', '：']).then(|| at..at + first.trim_end().len())
}

/// Where a line stands below the first that was to be the last fence.
fn mistyped_end(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(LINES) {
        if at > 0 && is_almost_fence(line) {
            return Some(at..at + line.trim_end().len());
        }
        at += line.len();
    }
    None
}

struct Reader<'a> {
    sources: &'a Sources,
    file: FileId,
    range: Range<usize>,
    places: OnceCell<Places>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn chapter(&mut self) -> Option<FrontMatter> {
        let fields: ChapterFields = self.typed(CHAPTER_FIELDS)?;
        let placed = |reader: &Self, key: &str, words: Vec<String>| {
            let place = |index: usize| reader.place(&[key.into(), index.into()]);
            words.into_iter().enumerate().map(|(index, words)| (words, place(index))).collect()
        };
        let fulfils = placed(self, "fulfils", fields.fulfils);
        let sections = placed(self, "sections", fields.sections);
        let titled = FrontMatter::new(self.title(fields.title), self.place(&["title".into()]));
        Some(FrontMatter {
            unit: self.plain("unit", fields.unit),
            fulfils,
            sections,
            list_level: self.list_level(fields.list_level),
            when: self.when(fields.when).map(Box::new),
            aliases: fields.aliases,
            ..titled
        })
    }

    fn annex(&mut self) -> Option<FrontMatter> {
        let fields: AnnexFields = self.typed(ANNEX_FIELDS)?;
        let titled = FrontMatter::new(self.title(fields.title), self.place(&["title".into()]));
        Some(FrontMatter {
            list_level: self.list_level(fields.list_level),
            when: self.when(fields.when).map(Box::new),
            aliases: fields.aliases,
            orientation: self.orientation(fields.orientation.as_deref()),
            number: self.plain("number", fields.number),
            ..titled
        })
    }

    fn typed<T: serde::de::DeserializeOwned>(&mut self, known: &[&str]) -> Option<T> {
        yaml::read(self.sources, self.file, self.range.clone(), known, self.findings)
            .map_err(|mut finding| {
                finding.rule = Rule::FrontMatter;
                self.findings.push(*finding);
            })
            .ok()
    }

    fn place(&self, path: &[Step]) -> Span {
        let places = self.places.get_or_init(|| Places::of(self.sources.file(self.file), self.range.clone()));
        places.span(self.file, path, Part::Value)
    }

    fn title(&mut self, title: String) -> String {
        if title.trim().is_empty() {
            let message = message!("title 是空的", "The title is empty");
            let place = self.place(&["title".into()]);
            let text = &self.sources.file(self.file).text;
            let line = text[..place.range().start].rfind('\n').map_or(0, |at| at + 1);
            let words = text[line..].lines().next().unwrap_or_default().split_once(':').map_or("", |(_, words)| words.trim());
            let help = if words.starts_with('#') {
                let words = words.replace('\'', "''");
                message!(
                    "YAML 把 # 當成註解；要印出來請加引號：title: '{words}'",
                    "To YAML a # begins a comment; put the title into quotes: title: '{words}'"
                )
            } else {
                message!("請寫出標題，例如 title: 目的", "Write the title, such as title: 目的")
            };
            self.findings.push(Diagnostic::new(Rule::FrontMatter, place, message).help(help));
        }
        if title.split_once("[^").is_some_and(|(_, rest)| rest.contains(']')) {
            let message = message!("標題裡不能有註腳", "A title cannot hold a footnote");
            let help = message!("註腳標記只能放在條文裡", "A footnote's mark stands in a clause");
            self.findings
                .push(Diagnostic::new(Rule::UnsupportedMarkdown, self.place(&["title".into()]), message).help(help));
        }
        self.plain("title", Some(title)).unwrap_or_default()
    }

    /// Words that are printed as they stand.
    fn plain(&mut self, key: &str, words: Option<String>) -> Option<String> {
        let found = words
            .as_deref()
            .and_then(|words| yaml::markup_in_plain_words(words, yaml::PlainWords::Title, || self.place(&[key.into()])));
        self.findings.extend(found);
        words
    }

    fn list_level(&mut self, level: Option<u8>) -> Option<u8> {
        let level = level?;
        if (2..=6).contains(&level) {
            return Some(level);
        }
        let message = message!("list_level 要在 2 到 6 之間", "`list_level` lies between 2 and 6");
        let help = message!("請改寫，或刪去它用一般的層級", "Change it, or delete it for the usual level");
        self.findings.push(Diagnostic::new(Rule::FrontMatter, self.place(&["list_level".into()]), message).help(help));
        None
    }

    fn orientation(&mut self, orientation: Option<&str>) -> Orientation {
        match orientation {
            None | Some("portrait") => Orientation::Portrait,
            Some("landscape") => Orientation::Landscape,
            Some(other) => {
                let message = message!("沒有「{other}」這種紙張方向", "There is no orientation `{other}`");
                let help = message!("可用 portrait（直式）或 landscape（橫式）", "Use portrait or landscape");
                self.findings
                    .push(Diagnostic::new(Rule::FrontMatter, self.place(&["orientation".into()]), message).help(help));
                Orientation::Portrait
            }
        }
    }

    fn when(&mut self, when: Option<String>) -> Option<crate::document::Condition> {
        let when = when?;
        let place = self.place(&["when".into()]);
        // The value may be quoted; the condition's own places are counted from its first character.
        let quoted = self.sources.slice(place).find(&when).unwrap_or(0);
        condition::parse(&when, place.within(quoted, quoted + when.len()))
            .map_err(|finding| self.findings.push(*finding))
            .ok()
    }
}

/// Reports an id that cannot be part of an address.
pub(super) fn check_id(id: &str, span: Span, findings: &mut Vec<Diagnostic>) {
    let ours = |prefix: &str| id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if ours("fn-") || ours("fnref-") {
        let message = message!("「{id}」是註腳用的位址", "`{id}` is an address of footnotes");
        let help = message!("請改用別的 id", "Use another id");
        findings.push(Diagnostic::new(Rule::InvalidId, span, message).help(help));
        return;
    }
    if is_id(id) {
        return;
    }
    let message = message!("「{id}」不能當位址", "`{id}` cannot be an address");
    let help = message!("請用英文字母開頭，只含英文字母、數字、- 與 _", "Begin with a letter; use only letters, digits, `-` and `_`");
    findings.push(Diagnostic::new(Rule::InvalidId, span, message).help(help));
}
