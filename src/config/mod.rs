//! `content/plan.yaml`: the plan's own settings.
//!
//! In: the file, and the file of an overlay that changes some of its keys. Out: one [`Config`] that is always usable, and
//! findings. Whether the listed chapters exist is checked here; what they say is not.

mod file;
mod language;

pub use language::is_language;

use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Severity, Span, did_you_mean},
    message,
    numeral::Pattern,
    source::{
        self, Sources,
        yaml::{self, Part as YamlPart, Step},
    },
};
use file::PlanFile;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// The settings of a plan.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether `plan.yaml` could be read; without it nobody knows which chapters the plan has.
    pub readable: bool,
    /// The plan's title.
    pub title: String,
    /// BCP 47 tag of the plan's language.
    pub language: String,
    /// The plan's document number.
    pub document_number: Option<String>,
    /// The plan's classification.
    pub classification: Option<String>,
    /// All classifications in use, for the box that a cover ticks.
    pub classifications: Vec<String>,
    /// How numbers are written, by level: chapter, section, subsection, item, …
    pub numbering: Vec<Pattern>,
    /// The theme's name.
    pub theme: String,
    /// How deep the printed contents go: 1 is chapters, 2 sections, 3 subsections.
    pub contents_depth: u8,
    /// The plan's parts; a plan without parts has one without a title.
    pub parts: Vec<Part>,
    /// Severities other than the rules' own; `None` turns a rule off.
    pub severities: Vec<(Rule, Option<Severity>)>,
    /// Findings that somebody has accepted, with a reason.
    pub waivers: Vec<Waiver>,
}

/// A part of the plan; numbers restart in each.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Its title.
    pub title: Option<String>,
    /// Its chapters.
    pub chapters: IdList,
    /// Its annexes.
    pub annexes: IdList,
}

/// Ids in their printed order, and where they are listed.
#[derive(Clone, Debug, Default)]
pub struct IdList {
    /// The ids.
    pub ids: Vec<String>,
    file: Option<FileId>,
    path: Vec<Step>,
}

/// A finding that somebody has accepted.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Which rule.
    pub rule: Rule,
    /// The id of the clause, chapter or annex where it applies.
    pub at: String,
    /// Why.
    pub reason: String,
    /// Where the waiver is written.
    pub span: Span,
}

/// The language of the official template.
const LANGUAGE: &str = "zh-Hant-TW";
/// Printed contents list chapters and their sections.
const CONTENTS_DEPTH: u8 = 2;
/// The numbering of the official template.
const NUMBERING: [&str; 6] = ["壹、", "一、", "(一)", "1.", "(1)", "A."];

/// Reads the settings.
#[must_use]
pub fn read(sources: &Sources) -> (Config, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let mut layers = Vec::new();
    for file in files(sources) {
        let source = sources.file(file);
        if !source.readable {
            continue;
        }
        source::meaningless(sources, file, &mut findings);
        match yaml::read::<PlanFile>(sources, file, 0..source.text.len(), file::FIELDS, &mut findings) {
            Ok(plan) => layers.push((file, plan)),
            Err(finding) => findings.push(*finding),
        }
    }
    let config = Reader { sources, layers: &layers, findings: &mut findings }.config();
    (config, findings)
}

/// The plan's file, and the one below an overlay's.
fn files(sources: &Sources) -> impl Iterator<Item = FileId> {
    sources.named("plan.yaml").into_iter().chain(sources.base_plan())
}

/// Reads keys from the uppermost file that has them.
struct Reader<'a> {
    sources: &'a Sources,
    layers: &'a [(FileId, PlanFile)],
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn config(mut self) -> Config {
        // An overlay names only the keys that differ, inside `document` too.
        let of_document = |field: fn(&file::DocumentFile) -> Option<String>| {
            self.first(|plan| plan.document.as_ref().and_then(field)).map(|(_, value)| value)
        };
        let document_number = of_document(|document| document.number.clone());
        let classification = of_document(|document| document.classification.clone());
        let classifications = self.first(|plan| plan.document.as_ref().and_then(|document| document.classifications.clone()));
        if let (Some(own), Some((_, all))) = (&classification, &classifications) {
            self.check_classification(own, all);
        }
        Config {
            readable: !self.layers.is_empty() && self.layers.len() == files(self.sources).count(),
            title: self.required_title(),
            language: self.language(),
            document_number,
            classification,
            classifications: classifications.map(|(_, all)| all).unwrap_or_default(),
            numbering: self.numbering(),
            theme: self.theme(),
            contents_depth: self.contents_depth(),
            parts: self.parts(),
            severities: self.severities(),
            waivers: self.waivers(),
        }
    }

    fn first<T>(&self, field: impl Fn(&PlanFile) -> Option<T>) -> Option<(FileId, T)> {
        self.layers.iter().find_map(|(file, plan)| Some((*file, field(plan)?)))
    }

    fn place(&self, file: FileId, path: &[Step]) -> Span {
        yaml::locate(self.sources, file, path, YamlPart::Value)
    }

    fn report(&mut self, rule: Rule, span: Span, message: crate::diagnostic::Message) -> &mut Diagnostic {
        self.findings.push(Diagnostic::new(rule, span, message));
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    fn required_title(&mut self) -> String {
        if let Some((file, title)) = self.first(|plan| plan.title.clone()) {
            if title.trim().is_empty() {
                let span = self.place(file, &["title".into()]);
                self.report(Rule::SchemaViolation, span, message!("title 是空的", "The title is empty")).help =
                    Some(message!("請寫計畫的名稱，例如：資通安全維護計畫", "Write the plan's name, for example 資通安全維護計畫"));
            }
            let found = yaml::markup_in_plain_words(&title, yaml::PlainWords::Title, || self.place(file, &["title".into()]));
            self.findings.extend(found);
            return title;
        }
        if let Some((file, _)) = self.layers.last() {
            let message = message!("plan.yaml 沒有 title（計畫名稱）", "plan.yaml has no `title`");
            self.report(Rule::SchemaViolation, Span::whole(*file), message).help =
                Some(message!("請加上一行 title: 資通安全維護計畫", "Add a line `title: 資通安全維護計畫`"));
        }
        String::from("資通安全維護計畫")
    }

    /// A document is classified as one of the kinds that the plan prints beside it.
    fn check_classification(&mut self, own: &str, all: &[String]) {
        if all.iter().any(|known| known == own) {
            return;
        }
        let file = self
            .first(|plan| plan.document.as_ref().and_then(|document| document.classification.clone()))
            .map(|(file, _)| file);
        let Some(file) = file else { return };
        let (span, listed) = (self.place(file, &["document".into(), "classification".into()]), all.join("、"));
        let message = message!("機密等級「{own}」不在 classifications 裡", "The classification `{own}` is none of `classifications`");
        self.report(Rule::SchemaViolation, span, message).help = Some(message!(
            "可用的有：{listed}；或把它加進 classifications",
            "There are: {listed}; or add it to `classifications`"
        ));
    }

    fn theme(&mut self) -> String {
        let Some((file, theme)) = self.first(|plan| plan.theme.clone()) else { return "default".into() };
        if is_id(&theme) {
            return theme;
        }
        let span = self.place(file, &["theme".into()]);
        let message = message!("佈景主題的名稱「{theme}」不能當資料夾名稱", "`{theme}` cannot be a theme's name");
        self.report(Rule::OutsideProject, span, message).help = Some(message!(
            "請把資料夾改成英文字母開頭，只含英文字母、數字、- 與 _，例如 agency",
            "Rename the folder: begin with a letter; use only letters, digits, `-` and `_`, as in agency"
        ));
        "default".into()
    }

    fn language(&mut self) -> String {
        let Some((file, language)) = self.first(|plan| plan.language.clone()) else { return LANGUAGE.into() };
        if is_language(&language) {
            return language;
        }
        let (span, meant) = (self.place(file, &["language".into()]), language.replace('_', "-"));
        let message = message!("language「{language}」不是語言代碼", "`{language}` is no language tag");
        let meant = if is_language(&meant) { meant } else { LANGUAGE.into() };
        self.report(Rule::SchemaViolation, span, message).help =
            Some(message!("請寫 BCP 47 的代碼：{meant}", "Write a tag as BCP 47 has it: {meant}"));
        LANGUAGE.into()
    }

    fn contents_depth(&mut self) -> u8 {
        let Some((file, depth)) = self.first(|plan| plan.contents_depth) else { return CONTENTS_DEPTH };
        if (1..=3).contains(&depth) {
            return depth;
        }
        let span = self.place(file, &["contents_depth".into()]);
        let message = message!("contents_depth 要在 1 到 3 之間", "`contents_depth` is 1, 2 or 3");
        self.report(Rule::SchemaViolation, span, message);
        CONTENTS_DEPTH
    }

    fn numbering(&mut self) -> Vec<Pattern> {
        let Some((file, samples)) = self.first(|plan| plan.numbering.clone()) else {
            return NUMBERING.iter().filter_map(|sample| Pattern::parse(sample)).collect();
        };
        let mut patterns = Vec::new();
        for (index, sample) in samples.iter().enumerate() {
            if let Some(pattern) = Pattern::parse(sample) {
                patterns.push(pattern);
                continue;
            }
            let span = self.place(file, &["numbering".into(), index.into()]);
            let message = message!(
                "編號樣式「{sample}」裡要有剛好一個代表「一」的數字",
                "The pattern `{sample}` needs exactly one numeral for one"
            );
            self.report(Rule::SchemaViolation, span, message).help =
                Some(message!("例如：壹、　一、　(一)　1.　(1)　A.", "For example: 壹、 一、 (一) 1. (1) A."));
            patterns.extend(Pattern::parse("1."));
        }
        if patterns.len() < NUMBERING.len() {
            patterns.extend(NUMBERING[patterns.len()..].iter().filter_map(|sample| Pattern::parse(sample)));
        }
        patterns
    }

    fn parts(&mut self) -> Vec<Part> {
        // An overlay's own list counts, whether or not it divides the plan into parts as the one below does.
        let lists = self.layers.iter().find(|(_, plan)| plan.parts.is_some() || plan.chapters.is_some() || plan.annexes.is_some());
        if let Some((file, parts)) = lists.and_then(|(file, plan)| Some((*file, plan.parts.clone()?))) {
            for key in ["chapters", "annexes"] {
                if self.layers.iter().any(|(layer, plan)| *layer == file && plan.has(key)) {
                    let span = yaml::locate(self.sources, file, &[key.into()], YamlPart::Key);
                    let message = message!("有 parts 時，{key} 要寫在各編裡面", "With `parts`, `{key}` belongs inside each part");
                    self.report(Rule::SchemaViolation, span, message);
                }
            }
            self.check_titles(file, &parts);
            let list =
                |ids, index: usize, key: &str| IdList { ids, file: Some(file), path: vec!["parts".into(), index.into(), key.into()] };
            let part = |(index, part): (usize, file::PartFile)| Part {
                title: part.title,
                chapters: list(part.chapters, index, "chapters"),
                annexes: list(part.annexes, index, "annexes"),
            };
            return parts.into_iter().enumerate().map(part).collect();
        }
        let none = |file| (file, Vec::new());
        let over_parts = self.list_over_parts().map(none);
        let list = |key: &str, found: Option<(FileId, Vec<String>)>| {
            found.map_or_else(IdList::default, |(file, ids)| IdList { ids, file: Some(file), path: vec![key.into()] })
        };
        vec![Part {
            title: None,
            chapters: list("chapters", self.first(|plan| plan.chapters.clone()).or_else(|| over_parts.clone())),
            annexes: list("annexes", self.first(|plan| plan.annexes.clone()).or(over_parts)),
        }]
    }

    /// A list in place of parts takes the place of what they hold of the other kind as well, and says so: the file in which that is missing.
    fn list_over_parts(&mut self) -> Option<FileId> {
        let (_, below) = self.layers.iter().find(|(_, plan)| plan.parts.is_some())?;
        let holds = |of: fn(&file::PartFile) -> &Vec<String>| below.parts.iter().flatten().any(|part| !of(part).is_empty());
        let (chapters, annexes) = (self.first(|plan| plan.chapters.clone()), self.first(|plan| plan.annexes.clone()));
        let (file, given, missing) = match (chapters, annexes) {
            (Some((file, _)), None) if holds(|part| &part.annexes) => (file, "chapters", "annexes"),
            (None, Some((file, _))) if holds(|part| &part.chapters) => (file, "annexes", "chapters"),
            _ => return None,
        };
        let span = yaml::locate(self.sources, file, &[given.into()], YamlPart::Key);
        let message = message!(
            "{given} 取代了下層 plan.yaml 的 parts，{missing} 就沒有了",
            "`{given}` takes the place of `parts` in the plan.yaml below, which leaves no `{missing}`"
        );
        let help = message!("請也寫 {missing}；不要的話寫 {missing}: []", "Write `{missing}` as well, or `{missing}: []` for none");
        self.report(Rule::SchemaViolation, span, message).help = Some(help);
        Some(file)
    }

    /// Numbers begin anew in each part: only by their titles can readers tell them apart.
    fn check_titles(&mut self, file: FileId, parts: &[file::PartFile]) {
        let title = |part: &file::PartFile| part.title.as_deref().unwrap_or_default().trim().to_owned();
        let titles: Vec<String> = parts.iter().map(title).collect();
        let mut seen = FxHashSet::default();
        for (index, title) in titles.iter().enumerate().filter(|_| titles.len() > 1) {
            let (number, parts) = (index + 1, "parts".into());
            let (span, message) = if title.is_empty() {
                let message = message!(
                    "第 {number} 編沒有標題，別編引用它的條文時，分不出是哪一編的",
                    "Part {number} has no title; where other parts cite its clauses, nobody knows whose they are"
                );
                (self.place(file, &[parts, index.into()]), message)
            } else if !seen.insert(title) {
                let message = message!(
                    "第 {number} 編與前面的一編都叫「{title}」，引用時分不出是哪一編的",
                    "Part {number} is called `{title}`, as one before it; where they are cited, nobody knows which is meant"
                );
                (self.place(file, &[parts, index.into(), "title".into()]), message)
            } else {
                continue;
            };
            self.report(Rule::EmptyItem, span, message).help =
                Some(message!("請寫自己的 title，例如：第二編 機關計畫", "Write a `title` of its own, for example 第二編 機關計畫"));
        }
    }

    fn severities(&mut self) -> Vec<(Rule, Option<Severity>)> {
        // Rule by rule: what an overlay does not name stays as it is below.
        let mut checks: BTreeMap<String, (FileId, String)> = BTreeMap::new();
        for (file, plan) in self.layers.iter().rev() {
            for (name, severity) in plan.checks.iter().flatten() {
                checks.insert(name.clone(), (*file, severity.clone()));
            }
        }
        let mut severities = Vec::new();
        for (name, (file, severity)) in checks {
            let severity = match severity.as_str() {
                "error" => Some(Severity::Error),
                "warning" => Some(Severity::Warning),
                "off" => None,
                other => {
                    let span = self.place(file, &["checks".into(), name.as_str().into()]);
                    let message = message!("「{other}」不是嚴重程度", "`{other}` is no severity");
                    self.report(Rule::SchemaViolation, span, message).help =
                        Some(message!("可用 error、warning、off", "Use error, warning or off"));
                    continue;
                }
            };
            match Rule::named(&name) {
                Some(rule) if rule.is_vital() && severity < Some(rule.severity()) => {
                    let span = yaml::locate(self.sources, file, &["checks".into(), name.as_str().into()], YamlPart::Key);
                    self.vital(rule, span);
                }
                Some(rule) => severities.push((rule, severity)),
                None => {
                    let span = yaml::locate(self.sources, file, &["checks".into(), name.as_str().into()], YamlPart::Key);
                    self.unknown_rule(&name, span);
                }
            }
        }
        severities
    }

    fn waivers(&mut self) -> Vec<Waiver> {
        let Some((file, waivers)) = self.first(|plan| plan.waivers.clone()) else { return Vec::new() };
        let mut known = Vec::new();
        for (index, waiver) in waivers.into_iter().enumerate() {
            let path = ["waivers".into(), index.into(), "rule".into()];
            match Rule::named(&waiver.rule) {
                Some(rule) if rule.is_vital() => self.vital(rule, self.place(file, &path)),
                Some(_) if waiver.reason.trim().is_empty() => {
                    let span = self.place(file, &["waivers".into(), index.into(), "reason".into()]);
                    self.report(Rule::SchemaViolation, span, message!("這項豁免沒有理由", "This waiver has no reason")).help =
                        Some(message!("請在 reason 寫為什麼接受這項發現", "Say in `reason` why the finding is accepted"));
                }
                Some(rule) => known.push(Waiver { rule, at: waiver.at, reason: waiver.reason, span: self.place(file, &path) }),
                None => self.unknown_rule(&waiver.rule, self.place(file, &path)),
            }
        }
        known
    }

    fn vital(&mut self, rule: Rule, span: Span) {
        let name = rule.name();
        let message = message!("{name} 不能關閉、降級或豁免", "{name} cannot be turned off, lowered or waived");
        let help = message!(
            "有這種發現時，內容會缺漏或連錯地方；請修正內容",
            "With such a finding content is missing or misaddressed; mend the content"
        );
        self.report(Rule::SchemaViolation, span, message).help = Some(help);
    }

    fn unknown_rule(&mut self, name: &str, span: Span) {
        let message = message!("沒有「{name}」這條規則", "There is no rule `{name}`");
        let all = || message!("全部規則：planpress explain", "All rules: `planpress explain`");
        self.report(Rule::UnknownField, span, message).help =
            did_you_mean(name, Rule::ALL.iter().map(|rule| rule.name())).or_else(|| Some(all()));
    }
}

impl IdList {
    /// The place of one id; found only when a finding needs it, since a plan may list ten thousand.
    #[must_use]
    pub fn place(&self, sources: &Sources, index: usize) -> Option<Span> {
        let file = self.file?;
        let path: Vec<Step> = self.path.iter().cloned().chain([index.into()]).collect();
        Some(yaml::locate(sources, file, &path, YamlPart::Value))
    }

    /// The file of the list.
    #[must_use]
    pub fn file(&self) -> Option<FileId> {
        self.file
    }
}

/// Whether a word can be an id: letters, digits, `-` and `_`, beginning with a letter.
#[must_use]
pub fn is_id(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
