//! From chapters to a plan: what everything is called, where it stands and what it stands for.
//!
//! In: parsed chapters, data, settings and the theme's words. Out: a [`Plan`], whose facts (numbers, addresses, decisions,
//! footnotes, citations) stand beside the trees, keyed by chapter and node, and the findings of working them out.
//! Content never fails: what cannot be resolved is reported and left open.

mod budget;
mod called;
mod cite;
mod clause;
pub mod data;
mod decide;
mod edited;
mod law;
mod number;
mod order;
mod position;
mod struck;
mod synonym;
mod target;
mod term;
mod title;
pub mod visit;
mod walk;
pub mod words;

pub use cite::{Citation, Citations};
pub use clause::{Clause, Clauses};
pub use decide::Decision;
pub use edited::resolve_again;
pub use law::{Law, Laws, Requirement, Requirements};
pub use number::{CitationWriter, Number, Style};
pub use struck::{ANNEX, Says, is_kept_title, is_struck_title, is_struck_whole, listed};
pub use synonym::{Finder, Synonyms, file as synonym_file};
pub use target::{Place, Targets};
pub use term::{Term, Terms};

use crate::{
    config::Config,
    diagnostic::Diagnostic,
    document::{Chapter, Condition, Footnote, NodeId},
    parse::Manuscript,
    source::{Digest, Sources},
};
use data::Data;
use std::{collections::BTreeMap, sync::Arc};

/// A compiled plan, ready to be checked and rendered.
#[derive(Debug)]
pub struct Plan {
    /// The settings.
    pub config: Arc<Config>,
    /// The words of the plan's language, from the theme.
    pub locale: BTreeMap<String, String>,
    /// The data.
    pub data: Arc<Data>,
    /// The laws.
    pub laws: Arc<Laws>,
    /// What a plan must contain by law.
    pub requirements: Arc<Requirements>,
    /// Words that stand for one another in a search.
    pub synonyms: Arc<Synonyms>,
    /// The words that the plan uses for one thing.
    pub terms: Arc<Terms>,
    /// Every chapter and annex, in printed order; a chapter's index is its place here.
    pub chapters: Vec<Arc<Chapter>>,
    /// What is known about each chapter, by index.
    pub facts: Vec<Arc<Facts>>,
    /// The parts, each with its chapters and annexes.
    pub parts: Vec<Part>,
    /// Every address.
    pub targets: Arc<Targets>,
    /// Who cites what.
    pub citations: Arc<Citations>,
    /// The digest of all sources.
    pub digest: Digest,
    /// That of all sources and of the files that the program brings along.
    pub digest_with_program: Digest,
    /// How much values, tables and lists put into each chapter.
    loads: budget::Loads,
}

/// A part of the plan; a plan without parts has one without a title.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its title.
    pub title: Option<String>,
    /// Indexes of its chapters that belong to the plan.
    pub chapters: Vec<usize>,
    /// Indexes of its annexes that belong to the plan.
    pub annexes: Vec<usize>,
}

impl Part {
    /// Its title, if it says something.
    fn name(&self) -> Option<&str> {
        self.title.as_deref().map(str::trim).filter(|title| !title.is_empty())
    }
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
    pub clauses: Clauses,
    /// A fact for each node.
    pub nodes: Vec<Fact>,
    /// The printed number of each footnote, in the order of definition; `None` for one without a mark.
    pub footnotes: Vec<Option<FootnoteFact>>,
    /// What of it says that it was deleted, in order: `None` is the chapter itself, any other a clause by index.
    pub struck: Box<[Option<u32>]>,
    /// The ids that a condition removed.
    absent: Vec<String>,
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

impl FootnoteFact {
    /// Its address on its page.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("fn-{}", self.number)
    }
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

    /// The chapter's footnotes that are printed, each with its fact, in the order of definition.
    pub fn printed_notes<'a>(&self, chapter: &'a Chapter) -> impl Iterator<Item = (Footnote<'a>, FootnoteFact)> {
        let all = chapter.tree.footnotes().iter().zip(&self.footnotes);
        all.filter_map(|(footnote, fact)| Some((footnote, (*fact)?)))
    }

    /// The address of a clause of the chapter, or of its page, from the top of the site.
    #[must_use]
    pub fn address(&self, chapter: &Chapter, clause: Option<u32>) -> String {
        let page = chapter.kind.page(&chapter.id);
        match clause.and_then(|index| self.clauses.get(index)) {
            Some(clause) => format!("{page}#{}", clause.anchor()),
            None => page,
        }
    }
}

impl Plan {
    /// The path of the agency's name.
    pub const AGENCY: &str = "agency.name";

    /// The agency's name as covers and citations have it; `None` as long as nobody has given it.
    #[must_use]
    pub fn agency(&self) -> Option<data::Value> {
        Some(self.data.shown(Self::AGENCY)).filter(|_| self.data.record("agency").is_some_and(|record| record.value("name").is_some()))
    }

    /// The plan's title as it is now, behind the agency's name.
    #[must_use]
    pub fn full_title(&self) -> String {
        let Some(agency) = self.agency() else { return self.config.title.clone() };
        self.term("full_title")
            .replace("{agency}", &words::value_words(self, &agency))
            .replace("{title}", &self.config.title)
    }

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
        decide::words(&self.data, condition, &self.locale)
    }

    /// What stands before a branch of which a condition is still undecided.
    #[must_use]
    pub fn condition_label(&self, condition: &Condition) -> String {
        [self.term("condition"), &self.condition_words(condition)].concat()
    }

    /// The title of a part of a plan in which numbers begin anew: only with it does a number say which clause is meant. A plan with one
    /// titled part has no other that it could be taken for.
    #[must_use]
    pub fn named_part(&self, part: usize) -> Option<&str> {
        let mut titled = self.parts.iter().filter(|part| part.name().is_some());
        self.parts.get(part)?.name().filter(|_| titled.nth(1).is_some())
    }

    /// The indexes of the chapters that fulfil a statutory item, in printed order; one that was deleted fulfils nothing.
    pub fn fulfilling<'a>(&'a self, id: &'a str) -> impl Iterator<Item = usize> + 'a {
        let names = move |index: &usize| self.chapters[*index].front.fulfils.iter().any(|(own, _)| own == id);
        self.present().filter(names).filter(|index| !self.facts[*index].is_struck())
    }

    /// The indexes of all chapters and annexes that belong to the plan, in printed order.
    pub fn present(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().flat_map(|part| part.chapters.iter().chain(&part.annexes).copied())
    }
}

/// Resolves a plan from its chapters and its data.
#[must_use]
pub fn resolve(
    sources: &Sources,
    config: impl Into<Arc<Config>>,
    locale: BTreeMap<String, String>,
    manuscript: Manuscript,
    data: impl Into<Arc<Data>>,
) -> (Plan, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let (config, data) = (config.into(), data.into());
    let Manuscript { mut chapters, part_of } = manuscript;
    let laws = law::laws(sources, &mut findings);
    let loads = budget::hold(&mut chapters, &config, &data, &laws, &mut findings);
    let requirements = law::requirements(sources, &mut findings);
    let synonyms = synonym::synonyms(sources, &mut findings);
    let terms = term::terms(sources, &mut findings);
    let style = Style { patterns: &config.numbering, annex: locale.get("annex").map_or("", String::as_str) };
    let walked = walk::Walk { data: &data, laws: &laws, style, locale: &locale }.plan(&config, &chapters, &part_of, &mut findings);
    let targets = Targets::new(&chapters, &walked.facts, &mut findings);
    let plan = Plan {
        config,
        locale,
        data,
        laws: laws.into(),
        requirements: requirements.into(),
        synonyms: synonyms.into(),
        terms: terms.into(),
        chapters,
        facts: walked.facts,
        parts: walked.parts,
        targets: targets.into(),
        citations: Arc::default(),
        digest: sources.digest(),
        digest_with_program: sources.digest_with_program(),
        loads,
    };
    let present: Vec<usize> = plan.present().collect();
    let (titles, citations) = rayon::join(|| title::titles(&plan, &present), || cite::cite(&plan, sources, &mut findings));
    let mut plan = Plan { citations: citations.into(), ..plan };
    title::entitle(&mut plan.facts, titles);
    struck::strike(&mut plan, sources, &present);
    (plan, findings)
}
