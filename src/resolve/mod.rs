//! From chapters to a plan: what everything is called, where it stands and what it stands for.
//!
//! In: parsed chapters, data, settings and the theme's words. Out: a [`Plan`], whose facts (numbers, addresses, decisions,
//! footnotes, citations) stand beside the trees, keyed by chapter and node, and the findings of working them out.
//! Content never fails: what cannot be resolved is reported and left open.

mod cite;
pub mod data;
mod decide;
mod law;
mod number;
mod target;
pub mod visit;
mod walk;

pub use cite::{Citation, Citations};
pub use decide::Decision;
pub use law::{Law, Laws, Requirement, Requirements};
pub use number::{Number, Style};
pub use target::{Place, Targets};

use crate::{
    config::{Config, is_id},
    diagnostic::{Diagnostic, FileId, Rule, Span, did_you_mean},
    document::{Chapter, Condition, Kind, NodeId},
    message, parse,
    source::{Digest, Sources},
};
use data::Data;
use decide::Decider;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A compiled plan, ready to be checked and rendered.
#[derive(Debug)]
pub struct Plan {
    /// The settings.
    pub config: Config,
    /// The words of the plan's language, from the theme.
    pub locale: BTreeMap<String, String>,
    /// The data.
    pub data: Data,
    /// The laws.
    pub laws: Laws,
    /// What a plan must contain by law.
    pub requirements: Requirements,
    /// Every chapter and annex, in printed order; a chapter's index is its place here.
    pub chapters: Vec<Arc<Chapter>>,
    /// What is known about each chapter, by index.
    pub facts: Vec<Facts>,
    /// The parts, each with its chapters and annexes.
    pub parts: Vec<Part>,
    /// Every address.
    pub targets: Targets,
    /// Who cites what.
    pub citations: Citations,
    /// The digest of all sources.
    pub digest: Digest,
}

/// A part of the plan; a plan without parts has one without a title.
#[derive(Debug)]
pub struct Part {
    /// Its title.
    pub title: Option<String>,
    /// Indexes of its chapters that belong to the plan.
    pub chapters: Vec<usize>,
    /// Indexes of its annexes that belong to the plan.
    pub annexes: Vec<usize>,
}

/// What is known about one chapter, beside its tree.
#[derive(Debug)]
pub struct Facts {
    /// Whether it belongs to the plan.
    pub decision: Decision,
    /// Its number; an absent chapter has 0.
    pub number: Number,
    /// The part it belongs to, by index.
    pub part: usize,
    /// Its numbered clauses in document order.
    pub clauses: Vec<Clause>,
    /// A fact for each node.
    pub nodes: Vec<Fact>,
    /// The printed number of each footnote, in the order of definition; `None` for one without a mark.
    pub footnotes: Vec<Option<FootnoteFact>>,
}

/// A footnote that is printed.
#[derive(Clone, Copy, Debug)]
pub struct FootnoteFact {
    /// Its number through the whole part.
    pub number: u32,
    /// How many marks point to it.
    pub marks: u32,
    /// The clause of its first mark, by index; `None` for the chapter itself.
    pub clause: Option<u32>,
}

/// One numbered clause.
#[derive(Debug)]
pub struct Clause {
    /// Its address.
    pub anchor: Box<str>,
    /// Whether the address is a written id, which stays, or a position, which may shift.
    pub explicit: bool,
    /// Its number.
    pub number: Number,
    /// A heading's words, or the title of a law or annex in a list.
    pub title: Option<Box<str>>,
    /// Whether it is a heading.
    pub heading: bool,
    /// Where it stands: the heading or the item.
    pub span: Span,
    /// The whole clause with everything below it.
    pub extent: Span,
}

/// What is known about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Nothing: it is no clause.
    None,
    /// A condition removed it.
    Absent,
    /// A clause, by index, and whether its own condition is decided.
    Clause(u32, Decision),
    /// A run of clauses made from data: the first one's index and how many.
    Clauses(u32, u32),
    /// A conditional block.
    Decision(Decision),
    /// A footnote's mark: the definition's index and the mark's ordinal among its marks.
    Mark(u32, u32),
}

impl Facts {
    /// The fact about a node.
    #[must_use]
    pub fn of(&self, node: NodeId) -> Fact {
        self.nodes.get(node.0 as usize).copied().unwrap_or(Fact::None)
    }
}

impl Plan {
    /// How the plan writes numbers.
    #[must_use]
    pub fn style(&self) -> Style<'_> {
        Style { patterns: &self.config.numbering, annex: self.term("annex") }
    }

    /// A word of the plan's language; an unknown key is an empty word, which a test of the locales rules out.
    #[must_use]
    pub fn term(&self, key: &str) -> &str {
        self.locale.get(key).map_or("", String::as_str)
    }

    /// A condition in people's words.
    #[must_use]
    pub fn condition_words(&self, condition: &Condition) -> String {
        Decider::new(&self.data).words(condition, &self.locale)
    }

    /// The indexes of all chapters and annexes that belong to the plan, in printed order.
    pub fn present(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().flat_map(|part| part.chapters.iter().chain(&part.annexes).copied())
    }
}

/// Resolves a plan.
#[must_use]
pub fn resolve(
    sources: &Sources,
    config: Config,
    locale: BTreeMap<String, String>,
    mut findings: Vec<Diagnostic>,
) -> (Plan, Vec<Diagnostic>) {
    let (listed, (data, data_findings)) = rayon::join(|| listed(sources, &config), || Data::read(sources));
    let (files, list_findings) = listed;
    findings.extend(list_findings);
    let chapters: Vec<Arc<Chapter>> =
        files.par_iter().map(|(kind, id, file, _)| Arc::new(parse::chapter(sources, *file, id, *kind))).collect();
    findings.extend(chapters.iter().flat_map(|chapter| chapter.diagnostics.iter().cloned()));
    findings.extend(data_findings);
    let laws = law::laws(sources, &mut findings);
    let requirements = law::requirements(sources, &mut findings);
    let style = Style { patterns: &config.numbering, annex: locale.get("annex").map_or("", String::as_str) };
    let walked = walk::Walk { data: &data, laws: &laws, style }.plan(
        &config,
        &chapters,
        &files.iter().map(|(_, _, _, part)| *part).collect::<Vec<_>>(),
        &mut findings,
    );
    let targets = Targets::new(&chapters, &walked.facts, &walked.absent, &mut findings);
    let plan = Plan {
        config,
        locale,
        data,
        laws,
        requirements,
        chapters,
        facts: walked.facts,
        parts: walked.parts,
        targets,
        citations: Citations::default(),
        digest: sources.digest(),
    };
    let citations = cite::cite(&plan, sources, &mut findings);
    (Plan { citations, ..plan }, findings)
}

type Listed = (Kind, String, FileId, usize);

/// The files that `plan.yaml` lists, in printed order, each with its part; and findings about lists and files that disagree.
fn listed(sources: &Sources, config: &Config) -> (Vec<Listed>, Vec<Diagnostic>) {
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    let (mut seen, mut lowered): (BTreeSet<&str>, BTreeMap<_, &str>) = (BTreeSet::new(), BTreeMap::new());
    for (part, settings) in config.parts.iter().enumerate() {
        for (kind, list) in [(Kind::Chapter, &settings.chapters), (Kind::Annex, &settings.annexes)] {
            for (index, id) in list.ids.iter().enumerate() {
                let finding = |rule, message| Diagnostic::new(rule, list.place(sources, index).unwrap_or(Span::whole(FileId(0))), message);
                if !seen.insert(id) {
                    findings.push(finding(Rule::DuplicateId, message!("「{id}」列了兩次", "`{id}` is listed twice")));
                    continue;
                }
                if !is_id(id) {
                    let help = message!(
                        "請把檔名改成英文字母開頭，只含英文字母、數字、- 與 _",
                        "Rename the file: begin with a letter; use only letters, digits, `-` and `_`"
                    );
                    findings.push(finding(Rule::InvalidId, message!("「{id}」不能當位址", "`{id}` cannot be an address")).help(help));
                    continue;
                }
                // Windows and macOS do not tell the two files apart.
                if let Some(other) = lowered.insert((kind, id.to_ascii_lowercase()), id) {
                    let message = message!("「{id}」與「{other}」只差大小寫", "`{id}` and `{other}` differ only in case");
                    findings.push(finding(Rule::DuplicateId, message));
                    continue;
                }
                let folder = kind.folder();
                if let Some(file) = sources.named(&format!("{folder}/{id}.md")) {
                    files.push((kind, id.clone(), file, part));
                } else {
                    let known: Vec<&str> = sources.in_folder(folder, "md").map(|(stem, _)| stem).collect();
                    let help = did_you_mean(id, known)
                        .unwrap_or_else(|| message!("請新增這個檔案，或從清單移除", "Add the file, or take it off the list"));
                    findings.push(finding(Rule::MissingFile, message!("沒有 {folder}/{id}.md", "There is no {folder}/{id}.md")).help(help));
                }
            }
        }
    }
    for kind in [Kind::Chapter, Kind::Annex].into_iter().filter(|_| config.readable) {
        for (stem, file) in sources.in_folder(kind.folder(), "md").filter(|(stem, _)| !seen.contains(stem)) {
            let key = kind.folder();
            let message = message!(
                "plan.yaml 的 {key} 沒有列出「{stem}」，不會發布",
                "`{key}` in plan.yaml does not list `{stem}`; it is not published"
            );
            findings.push(
                Diagnostic::new(Rule::UnlistedFile, Span::whole(file), message)
                    .help(message!("請列入，或刪除這個檔案", "List it, or delete the file")),
            );
        }
    }
    (files, findings)
}
