//! The citation pass: what every reference, law reference and value stands for, and who cites whom.
//!
//! In: a plan whose clauses are numbered. Out: [`Citations`], and findings for what refers to nothing. Guidance is read for
//! mistakes and cites nothing, because no reader sees it.

use super::{
    Decision, Place, Plan,
    called::Called,
    visit::{Context, Seen, visit},
};
use crate::{
    config::is_id,
    diagnostic::{Diagnostic, FileId, Message, Rule, Span, did_you_mean},
    document::{BlockKind, Inline},
    message,
    source::Sources,
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::{borrow::Cow, sync::Arc};

/// One clause cites another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    /// What is cited.
    pub target: Place,
    /// Where.
    pub from: Place,
}

/// Who cites what.
#[derive(Debug, Default)]
pub struct Citations {
    /// By target, then in printed order, without repeats.
    places: Vec<Citation>,
    /// Law by position, article, and where; in that order, without repeats.
    laws: Vec<(usize, Option<String>, Place)>,
    /// Where and what, by where: the same citations for pages that list what they cite.
    places_by_source: Vec<(Place, Place)>,
    /// Where and which law, by where.
    laws_by_source: Vec<(Place, usize)>,
}

impl Citations {
    /// The places that cite a place, in printed order.
    pub fn of(&self, target: Place) -> impl Iterator<Item = Place> + '_ {
        let first = self.places.partition_point(|citation| citation.target < target);
        self.places[first..]
            .iter()
            .take_while(move |citation| citation.target == target)
            .map(|citation| citation.from)
    }

    /// The places that cite any clause of a chapter, in printed order; the chapter itself does not count.
    #[must_use]
    pub fn of_chapter(&self, chapter: u32) -> Vec<Place> {
        let first = self.places.partition_point(|citation| citation.target < Place { chapter, clause: None });
        let own = self.places[first..].iter().take_while(|citation| citation.target.chapter == chapter);
        let mut places: Vec<Place> = own.map(|citation| citation.from).filter(|from| from.chapter != chapter).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The clauses of a chapter that something cites, by index, in order.
    pub fn cited_clauses(&self, chapter: u32) -> impl Iterator<Item = u32> + '_ {
        let first = self.places.partition_point(|citation| citation.target < Place { chapter, clause: None });
        let own = self.places[first..].iter().take_while(move |citation| citation.target.chapter == chapter);
        let mut last = None;
        own.filter_map(|citation| citation.target.clause).filter(move |clause| last.replace(*clause) != Some(*clause))
    }

    /// The articles of a law that are cited, and where; `None` is the law as a whole.
    pub fn of_law(&self, law: usize) -> impl Iterator<Item = (Option<&str>, Place)> + '_ {
        let first = self.laws.partition_point(|(index, ..)| *index < law);
        self.laws[first..]
            .iter()
            .take_while(move |(index, ..)| *index == law)
            .map(|(_, article, from)| (article.as_deref(), *from))
    }

    /// The positions of the laws that a chapter cites, in the laws' order.
    #[must_use]
    pub fn laws_in(&self, chapter: u32) -> Vec<usize> {
        let mut laws: Vec<usize> = of_source(&self.laws_by_source, chapter).map(|(_, law)| *law).collect();
        laws.sort_unstable();
        laws.dedup();
        laws
    }

    /// The places that a chapter's clauses cite, in printed order of the citing clauses.
    pub fn cited_by(&self, chapter: u32) -> impl Iterator<Item = Place> + '_ {
        of_source(&self.places_by_source, chapter).map(|(_, target)| *target)
    }

    /// In order, and by source as well. What is in order already is not sorted anew.
    fn sorted(mut self) -> Self {
        self.places.sort();
        self.places.dedup();
        self.laws.sort_unstable();
        self.laws.dedup();
        self.places_by_source = self.places.iter().map(|citation| (citation.from, citation.target)).collect();
        self.places_by_source.sort_unstable();
        self.laws_by_source = self.laws.iter().map(|(law, _, from)| (*from, *law)).collect();
        self.laws_by_source.sort_unstable();
        self
    }
}

/// The part of a list sorted by place that belongs to one chapter.
fn of_source<T>(list: &[(Place, T)], chapter: u32) -> impl Iterator<Item = &(Place, T)> {
    let first = list.partition_point(|(from, _)| from.chapter < chapter);
    list[first..].iter().take_while(move |(from, _)| from.chapter == chapter)
}

/// Reads every reference of the plan.
pub(super) fn cite(plan: &Plan, sources: &Sources, findings: &mut Vec<Diagnostic>) -> Citations {
    let present: Vec<usize> = plan.present().collect();
    let read: Vec<_> = present.par_iter().map(|index| read(plan, *index)).collect();
    let count = |of: fn(&Citations) -> usize| read.iter().map(|(citations, _)| of(citations)).sum();
    // In no more room than they need: they stay as long as the plan.
    let (places, laws) = (Vec::with_capacity(count(|own| own.places.len())), Vec::with_capacity(count(|own| own.laws.len())));
    let mut all = Citations { places, laws, ..Citations::default() };
    // What is wrong is put into words one after the other, so that the same plan always gives the same words.
    let mut reporter = Reporter { plan, sources, findings, known: None, called: None, is_unread: None, strays: None, unknown: 0 };
    for (index, (citations, wrong)) in present.iter().zip(read) {
        all.places.extend(citations.places);
        all.laws.extend(citations.laws);
        for (seen, context) in wrong {
            reporter.report(seen, context);
        }
        reporter.fulfils(*index);
    }
    all.sorted()
}

/// The citations of a plan of which only some chapters say something else than before; `None` if one of them refers to nothing.
pub(super) fn cite_again(plan: &Plan, earlier: &Arc<Citations>, changed: &[usize]) -> Option<Arc<Citations>> {
    let mut own = Citations::default();
    let is_present = |index: &&usize| plan.facts[**index].decision != Decision::Fails;
    for index in changed.iter().filter(is_present) {
        let (citations, wrong) = read(plan, *index);
        if !wrong.is_empty() {
            return None;
        }
        own.places.extend(citations.places);
        own.laws.extend(citations.laws);
    }
    let (own, is_changed) = (own.sorted(), |from: &Place| changed.contains(&(from.chapter as usize)));
    let same_places = own.places.iter().eq(earlier.places.iter().filter(|citation| is_changed(&citation.from)));
    if same_places && own.laws.iter().eq(earlier.laws.iter().filter(|(.., from)| is_changed(from))) {
        return Some(Arc::clone(earlier));
    }
    let places = earlier.places.iter().filter(|citation| !is_changed(&citation.from)).copied();
    let laws = earlier.laws.iter().filter(|(.., from)| !is_changed(from)).cloned();
    let all = Citations { places: places.chain(own.places).collect(), laws: laws.chain(own.laws).collect(), ..Citations::default() };
    Some(all.sorted().into())
}

/// Reads one chapter: what it cites, and what refers to nothing.
fn read(plan: &Plan, index: usize) -> (Citations, Vec<(Seen<'_>, Context<'_>)>) {
    let mut reader = Reader { plan, citations: Citations::default(), wrong: Vec::new() };
    let chapter = u32::try_from(index).unwrap_or(u32::MAX);
    visit(&plan.chapters[index], &plan.facts[index], &plan.data, &mut |seen, context| {
        reader.see(chapter, seen, context);
    });
    (reader.citations, reader.wrong)
}

/// Reads one chapter.
struct Reader<'a> {
    plan: &'a Plan,
    citations: Citations,
    /// What refers to nothing.
    wrong: Vec<(Seen<'a>, Context<'a>)>,
}

impl<'a> Reader<'a> {
    fn see(&mut self, chapter: u32, seen: Seen<'a>, context: Context<'a>) {
        let from = Place { chapter, clause: context.clause };
        let found = match seen {
            Seen::Inline(Inline::Reference(reference)) => {
                let target = self.plan.targets.find(reference.target, &self.plan.facts);
                let cited = target.filter(|target| !context.guidance && *target != from);
                self.citations.places.extend(cited.map(|target| Citation { target, from }));
                target.is_some()
            }
            Seen::Inline(Inline::Law(reference)) => {
                let law = self.plan.laws.named(reference.law).map(|(law, _)| law);
                let cited = law.filter(|_| !context.guidance);
                self.citations.laws.extend(cited.map(|law| (law, reference.article.map(str::to_owned), from)));
                law.is_some() || self.plan.laws.unread
            }
            Seen::Inline(Inline::Value(value)) => self.plan.data.value(value.path).map_or_else(|none| none.unread, |_| true),
            Seen::Block(block) => match block.kind {
                BlockKind::DataTable(table) => self.plan.data.table(table.name).is_some() || self.plan.data.is_unread(table.name),
                _ => true,
            },
            Seen::Inline(_) => true,
        };
        if !found {
            self.wrong.push((seen, context));
        }
    }
}

/// Whether a file that `plan.yaml` lists is missing, or only a part of it could be read: an error by itself.
fn is_unread(plan: &Plan, sources: &Sources) -> bool {
    let lists = plan.config.parts.iter().flat_map(|part| [("chapters", &part.chapters), ("annexes", &part.annexes)]);
    let mut names = lists.flat_map(|(folder, list)| list.ids.iter().map(move |id| format!("{folder}/{id}.md")));
    names.any(|name| sources.named(&name).is_none_or(|file| !sources.file(file).readable))
}

/// Unknown references beyond this many get no suggestion: each compares an id with every other.
const SUGGESTIONS: usize = 100;

/// Puts into words what is wrong.
struct Reporter<'a, 'f> {
    plan: &'a Plan,
    sources: &'a Sources,
    findings: &'f mut Vec<Diagnostic>,
    /// Every id, sorted, once something unknown made it worth while.
    known: Option<Vec<Cow<'a, str>>>,
    /// Every id by the number of its clause, once something was called by one.
    called: Option<Called>,
    /// Whether a file of the plan could not be read, in which anything may stand; asked once something is unknown.
    is_unread: Option<bool>,
    /// The files of chapters and annexes that the plan does not list, by their stems, once something unknown made it worth while.
    strays: Option<Vec<(&'a str, FileId)>>,
    /// How many references were unknown so far.
    unknown: usize,
}

impl Reporter<'_, '_> {
    fn report(&mut self, seen: Seen<'_>, context: Context<'_>) {
        match seen {
            Seen::Inline(Inline::Reference(reference)) => self.unknown(reference.target, context.place(reference.span, self.sources)),
            Seen::Inline(Inline::Law(reference)) => {
                let law = reference.law;
                let help = did_you_mean(law, self.plan.laws.laws.iter().map(|law| law.id.as_str())).unwrap_or_else(|| {
                    message!(
                        "請寫 data/laws.yaml 裡的 id；還沒有列出的法規，請先加進去",
                        "Write an id of data/laws.yaml; a law that is not listed there has to be added first"
                    )
                });
                let message = message!("data/laws.yaml 沒有「{law}」", "data/laws.yaml has no `{law}`");
                let place = context.place(reference.span, self.sources);
                self.findings.push(Diagnostic::new(Rule::UnknownReference, place, message).help(help));
            }
            Seen::Inline(Inline::Value(value)) => {
                if let Err(none) = self.plan.data.value(value.path) {
                    let place = context.place(value.span, self.sources);
                    self.findings.push(Diagnostic::new(none.rule, place, none.message).maybe_help(none.help));
                }
            }
            Seen::Block(block) => {
                if let BlockKind::DataTable(table) = block.kind {
                    let name = table.name;
                    let is_there = self.plan.data.names().any(|known| known == name);
                    let (message, help) = if is_there {
                        let help = message!(
                            "單一的值在文字裡寫 {{{{ {name}.欄位 }}}}；表格的檔案有 fields 與 rows",
                            "In a text a single value is {{{{ {name}.field }}}}; the file of a table has `fields` and `rows`"
                        );
                        (
                            message!("data/{name}.yaml 不是表格，是單一的值", "data/{name}.yaml is no table but single values"),
                            Some(help),
                        )
                    } else {
                        let help = did_you_mean(name, self.plan.data.tables().map(|(name, _)| name));
                        (message!("沒有資料表 data/{name}.yaml", "There is no table data/{name}.yaml"), help)
                    };
                    self.findings.push(Diagnostic::new(Rule::UnknownValue, table.span, message).maybe_help(help));
                }
            }
            Seen::Inline(_) => {}
        }
    }

    fn unknown(&mut self, id: &str, span: Span) {
        if self.plan.targets.is_absent(id) {
            let message =
                message!("「{id}」不在目前的計畫裡：它的適用條件不成立", "`{id}` is not in the plan: its condition does not hold");
            let help = message!(
                "請把這個參照也放進同一個條件，或改引用別的條文",
                "Put this reference under the same condition, or cite another clause"
            );
            self.findings.push(Diagnostic::new(Rule::ReferenceToAbsentClause, span, message).help(help));
            return;
        }
        // What may stand in a file that was not read is told of once the file is there: until then that file is the finding.
        let is_unread = *self.is_unread.get_or_insert_with(|| is_unread(self.plan, self.sources));
        if is_unread && self.may_stand_elsewhere(id) {
            return;
        }
        self.unknown += 1;
        let help = if self.unknown > SUGGESTIONS { None } else { self.suggestion(id) };
        let message = message!("找不到「{id}」", "There is nothing with the id `{id}`");
        let help = help.unwrap_or_else(|| {
            message!(
                "請寫標題或項目的 {{#…}} 裡的 id，或章、附件的檔名；那裡還沒有 id 就先加上",
                "Write the id in a heading's or an item's {{#…}}, or the file name of a chapter or an annex; give it one if it has none"
            )
        });
        self.findings.push(Diagnostic::new(Rule::UnknownReference, span, message).help(help));
    }

    /// What may have been meant.
    fn suggestion(&mut self, id: &str) -> Option<Message> {
        let file = self.unlisted(id);
        // No id has a character of Chinese.
        let called = (!id.is_ascii()).then(|| self.called.get_or_insert_with(|| Called::new(self.plan)));
        let own = called.and_then(|called| called.id(id));
        let known = || self.plan.targets.ids(&self.plan.facts);
        let unlisted = |file| message!("它在 {file}，plan.yaml 沒有列出這個檔案", "It stands in {file}, which plan.yaml does not list");
        // A backslash before it, which only a table needs, makes the bar a part of the id.
        let barred = || {
            id.split_once('|').map(|(id, words)| {
                message!(
                    "表格以外，直線前面不加反斜線：[[{id}|{words}]]",
                    "Outside a table no backslash stands before the bar: [[{id}|{words}]]"
                )
            })
        };
        own.map(|own| message!("請寫它的 id：[[{own}]]", "Write its id: [[{own}]]"))
            .or_else(barred)
            .or_else(|| file.map(unlisted))
            .or_else(|| did_you_mean(id, self.known.get_or_insert_with(known).iter().map(|id| &**id)))
    }

    /// Whether a chapter that was not read could have an id: an address by position stands in the chapter of its heading.
    fn may_stand_elsewhere(&self, id: &str) -> bool {
        let written = id.split_once('.').map_or(id, |(heading, _)| heading);
        is_id(written) && (written == id || self.plan.targets.find(written, &self.plan.facts).is_none())
    }

    /// The file with an id that the plan does not list.
    fn unlisted(&mut self, id: &str) -> Option<String> {
        let sources = self.sources;
        let strays = self.strays.get_or_insert_with(|| {
            let listed: FxHashSet<FileId> = self.plan.chapters.iter().map(|chapter| chapter.file).collect();
            let files = ["chapters", "annexes"].into_iter().flat_map(|folder| sources.in_folder(folder, "md"));
            files.filter(|(_, file)| !listed.contains(file)).collect()
        });
        let written = [format!("{{#{id}}}"), format!("{{#{id} ")];
        let holds = |file: FileId| written.iter().any(|written| sources.file(file).text.contains(written.as_str()));
        let (_, file) = strays.iter().find(|(stem, file)| *stem == id || holds(*file))?;
        Some(sources.file(*file).name.clone())
    }

    fn fulfils(&mut self, chapter: usize) {
        for (id, span) in &self.plan.chapters[chapter].front.fulfils {
            let requirements = &self.plan.requirements.requirements;
            if !self.plan.requirements.unread && !requirements.iter().any(|requirement| requirement.id == *id) {
                let message = message!("data/requirements.yaml 沒有「{id}」", "data/requirements.yaml has no `{id}`");
                let help = did_you_mean(id, requirements.iter().map(|requirement| requirement.id.as_str())).unwrap_or_else(|| {
                    message!("請改成那裡的 id，或從 fulfils 刪去", "Write an id of that file, or take it out of `fulfils`")
                });
                self.findings.push(Diagnostic::new(Rule::UnknownValue, *span, message).help(help));
            }
        }
    }
}
