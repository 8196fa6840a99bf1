//! Laws and statutory requirements.
//!
//! In: `data/laws.yaml` and `data/requirements.yaml`. Out: [`Laws`] and [`Requirements`], and findings. Who cites a law is
//! kept in `cite`.

use crate::{
    diagnostic::{Diagnostic, FileId, Rule},
    message, parse,
    source::{
        Sources,
        yaml::{self, Part, Step},
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// One law, standard or guideline.
#[derive(Clone, Debug, Deserialize)]
pub struct Law {
    /// The id in `[[law:id]]`.
    pub id: String,
    /// The official title.
    pub title: String,
    /// Other names by which the text calls it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether the plan lists it, or only cites it.
    #[serde(default = "yes")]
    pub listed: bool,
    /// How one of its articles is called, such as 「編號 {n}」; `None` is the language's own way, 「第 {n} 條」.
    pub article: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Its version in words.
    pub version: Option<String>,
    /// The day of that version.
    pub date: Option<String>,
    /// Its official address.
    pub url: Option<String>,
    /// Where articles of the version that the plan was written by stand in the version in force; without a number nobody has verified it.
    pub articles: Option<BTreeMap<String, Option<String>>>,
}

fn yes() -> bool {
    true
}

/// Every law, in the order of the file.
#[derive(Debug, Default, Deserialize)]
pub struct Laws {
    /// The laws.
    pub laws: Vec<Law>,
    /// Whether the file exists and could not be read, which is a finding of its own.
    #[serde(skip)]
    pub unread: bool,
}

impl Laws {
    /// The law with this id, and its position.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<(usize, &Law)> {
        self.laws.iter().enumerate().find(|(_, law)| law.id == id)
    }
}

/// What a plan must contain by law.
#[derive(Debug, Default, Deserialize)]
pub struct Requirements {
    /// The id of the law that says so.
    #[serde(default)]
    pub law: String,
    /// Its article.
    pub article: u32,
    /// The items.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// Whether the file exists and could not be read, which is a finding of its own.
    #[serde(skip)]
    pub unread: bool,
}

/// One thing that a plan must contain.
#[derive(Debug, Deserialize)]
pub struct Requirement {
    /// The id that chapters name in `fulfils`.
    pub id: String,
    /// The item's ordinal in the article (款).
    pub item: u32,
    /// What must be there.
    pub title: String,
}

const LAW_KEYS: &[&str] = &["laws", "id", "title", "aliases", "listed", "article", "publisher", "version", "date", "url", "articles"];
const REQUIREMENT_KEYS: &[&str] = &["law", "article", "requirements", "id", "item", "title"];

/// Reads the laws; a plan without the file has none.
pub(super) fn laws(sources: &Sources, findings: &mut Vec<Diagnostic>) -> Laws {
    let name = "data/laws.yaml";
    let Some((file, mut laws)) = read::<Laws>(sources, name, LAW_KEYS, findings) else {
        return Laws { unread: sources.named(name).is_some(), ..Laws::default() };
    };
    for (index, law) in laws.laws.iter().enumerate() {
        let at = |key: &str| yaml::locate(sources, file, &["laws".into(), index.into(), key.into()], Part::Value);
        if laws.laws[..index].iter().any(|before| before.id == law.id) {
            let id = &law.id;
            let message = message!("有兩部法規的 id 是「{id}」", "Two laws have the id `{id}`");
            let help = message!(
                "同一部法規只留一個；不同的，請改其中一個的 id 與引用它的 [[law:…]]",
                "Keep one if they are the same; if not, give one of them another id, also where [[law:…]] cites it"
            );
            findings.push(Diagnostic::new(Rule::DuplicateId, at("id"), message).help(help));
        }
        if !crate::config::is_id(&law.id) {
            let id = &law.id;
            let message = message!("「{id}」不能當法規的 id", "`{id}` cannot be a law's id");
            let help = message!(
                "請用英文字母開頭，只含英文字母、數字、- 與 _；中文的簡稱寫在 aliases",
                "Begin with a letter; use only letters, digits, `-` and `_`; short names in Chinese are `aliases`"
            );
            findings.push(Diagnostic::new(Rule::InvalidId, at("id"), message).help(help));
        }
        if law.url.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            let message = message!("網址要以 https:// 開頭", "The address begins with https://");
            let help = message!("請寫完整的網址，沒有就刪去 url", "Write the whole address, or delete `url` if there is none");
            findings.push(Diagnostic::new(Rule::SchemaViolation, at("url"), message).help(help));
        }
        for (old, now) in law.articles.iter().flatten() {
            let path: [Step; 4] = ["laws".into(), index.into(), "articles".into(), old.as_str().into()];
            let (part, article) = if is_article(old) { (Part::Value, now.as_deref()) } else { (Part::Key, Some(old.as_str())) };
            let Some(article) = article.filter(|article| !is_article(article)) else { continue };
            let message = message!("「{article}」不是條號", "`{article}` is no article number");
            let help = message!(
                "條號只寫數字，例如 \"10\"、\"10-1\"；還沒有查證的新條次寫 null",
                "Write the number alone, such as \"10\" or \"10-1\"; a new one that nobody has verified is null"
            );
            findings.push(Diagnostic::new(Rule::SchemaViolation, yaml::locate(sources, file, &path, part), message).help(help));
        }
    }
    // What is no number says nothing of where an article stands.
    for articles in laws.laws.iter_mut().filter_map(|law| law.articles.as_mut()) {
        articles.retain(|old, now| is_article(old) && now.as_deref().is_none_or(is_article));
    }
    laws
}

/// Whether this can be the number of an article of a law, whose parts have no points: `10`, `10-1`.
fn is_article(words: &str) -> bool {
    !words.contains('.') && parse::is_article(words)
}

/// Reads the requirements; a plan without the file has none.
pub(super) fn requirements(sources: &Sources, findings: &mut Vec<Diagnostic>) -> Requirements {
    let name = "data/requirements.yaml";
    let unread = || Requirements { unread: sources.named(name).is_some(), ..Requirements::default() };
    read(sources, name, REQUIREMENT_KEYS, findings).map_or_else(unread, |(_, requirements)| requirements)
}

pub(super) fn read<T: DeserializeOwned>(
    sources: &Sources,
    name: &str,
    known: &[&str],
    findings: &mut Vec<Diagnostic>,
) -> Option<(FileId, T)> {
    let file = sources.named(name).filter(|file| sources.file(*file).readable)?;
    Some((file, yaml::read_file(sources, file, known, findings)?))
}
