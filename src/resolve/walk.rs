//! The numbering pass: walks every chapter once, in printed order, deciding conditions and counting.
//!
//! In: trees, data and numbering patterns. Out: facts by chapter, and findings. Numbers are counted after conditions apply;
//! lists under one heading continue across everything that stands between them; footnotes count through the whole part.

use super::{
    Clauses, Decision, Fact, Facts, FootnoteFact, Laws, Number, Part, Style,
    clause::{Counted, Written},
    data::Data,
    decide::decide,
    struck::ANNEX,
};
use crate::{
    config::Config,
    diagnostic::{Diagnostic, Rule, Span},
    document::{
        Anchor, BlockKind, Blocks, Chapter, Condition, Field, Inline, Inlines, Item, Kind, Label, List, ListKind, NodeId, Section, Text,
        plain_text,
    },
    message,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// The level of a chapter's top lists where its front matter says nothing else: `1.`.
const ITEM_LEVEL: u8 = 4;
/// The levels that can be told apart.
const LEVELS: usize = 16;

/// What the pass needs to know.
pub(super) struct Walk<'a> {
    pub data: &'a Data,
    pub laws: &'a Laws,
    pub style: Style<'a>,
    pub locale: &'a BTreeMap<String, String>,
}

/// What the pass finds out.
pub(super) struct Walked {
    pub facts: Vec<Arc<Facts>>,
    pub parts: Vec<Part>,
}

impl Walk<'_> {
    /// Walks the chapters, which stand in printed order; `part_of` says to which part each belongs.
    pub(super) fn plan(&self, config: &Config, chapters: &[Arc<Chapter>], part_of: &[usize], findings: &mut Vec<Diagnostic>) -> Walked {
        let mut parts: Vec<Part> = config
            .parts
            .iter()
            .map(|part| Part { title: part.title.clone(), chapters: Vec::new(), annexes: Vec::new() })
            .collect();
        let annexes: Vec<Vec<&Chapter>> = (0..parts.len()).map(|part| annexes_of(part, chapters, |index| part_of[index])).collect();
        // Whether a chapter counts, and which ordinal it gets, depends on those before; everything inside a chapter does not.
        let mut counted = Vec::with_capacity(chapters.len());
        for (index, (chapter, part)) in chapters.iter().zip(part_of).enumerate() {
            let decision = chapter.front.when.as_deref().map_or(Decision::Holds, |when| decide(self.data, when, findings));
            let list = match chapter.kind {
                Kind::Chapter => &mut parts[*part].chapters,
                Kind::Annex => &mut parts[*part].annexes,
            };
            if decision != Decision::Fails {
                list.push(index);
            }
            let ordinal = if decision == Decision::Fails { 0 } else { u32::try_from(list.len()).unwrap_or(u32::MAX) };
            counted.push((&**chapter, *part, decision, ordinal));
        }
        let inside: Vec<_> = counted
            .par_iter()
            .map(|(chapter, part, decision, ordinal)| self.chapter(chapter, *part, *decision, *ordinal, &annexes[*part]))
            .collect();
        let mut walked = Walked { facts: Vec::with_capacity(chapters.len()), parts };
        let (mut part, mut footnotes) = (usize::MAX, 0);
        for (mut facts, found) in inside {
            if part != facts.part {
                (part, footnotes) = (facts.part, 0);
            }
            facts.footnotes.iter_mut().flatten().for_each(|fact| fact.number += footnotes);
            footnotes += u32::try_from(facts.footnotes.iter().flatten().count()).unwrap_or(0);
            walked.facts.push(facts.into());
            findings.extend(found);
        }
        walked
    }

    /// Counts inside one chapter; its footnotes begin at 1.
    pub(super) fn chapter(
        &self,
        chapter: &Chapter,
        part: usize,
        decision: Decision,
        ordinal: u32,
        annexes: &[&Chapter],
    ) -> (Facts, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let mut counting = Walker {
            walk: self,
            chapter,
            annexes,
            findings: &mut findings,
            footnotes: 0,
            facts: Facts {
                decision,
                number: Number::of_chapter(ordinal),
                part,
                clauses: Clauses::new(chapter, Number::of_chapter(ordinal)),
                nodes: vec![Fact::None; chapter.nodes as usize],
                footnotes: vec![None; chapter.tree.footnotes().count()],
                struck: Box::default(),
                absent: Vec::new(),
            },
            names: chapter.tree.footnotes().iter().enumerate().map(|(at, footnote)| (footnote.name, at)).collect(),
        };
        counting.chapter();
        let facts = counting.facts;
        (Facts { clauses: facts.clauses.kept(), ..facts }, findings)
    }
}

/// The annexes of a part, whether they belong to the plan or not; `part_of` says to which part each chapter belongs, by index.
fn annexes_of(part: usize, chapters: &[Arc<Chapter>], part_of: impl Fn(usize) -> usize) -> Vec<&Chapter> {
    let of_part = |(index, chapter): &(usize, &Arc<Chapter>)| chapter.kind == Kind::Annex && part_of(*index) == part;
    chapters.iter().enumerate().filter(of_part).map(|(_, chapter)| &**chapter).collect()
}

/// Where clauses are being counted: below a chapter, a heading or an item.
struct Scope {
    /// The clause, by index; `None` for the chapter itself.
    clause: Option<u32>,
    /// Its level.
    level: u8,
    /// The last ordinal at each level.
    counters: [u32; LEVELS],
    /// The level that a list directly here has.
    item_level: u8,
}

impl Scope {
    fn next(&mut self, level: u8) -> u32 {
        let counter = &mut self.counters[usize::from(level).min(LEVELS - 1)];
        *counter += 1;
        *counter
    }
}

struct Walker<'w> {
    walk: &'w Walk<'w>,
    chapter: &'w Chapter,
    annexes: &'w [&'w Chapter],
    findings: &'w mut Vec<Diagnostic>,
    /// How many footnotes have a mark so far.
    footnotes: u32,
    facts: Facts,
    /// The position of each footnote by its name.
    names: FxHashMap<&'w str, usize>,
}

impl Walker<'_> {
    fn chapter(&mut self) {
        if self.facts.decision == Decision::Fails {
            self.facts.absent.push(self.chapter.id.to_string());
            self.remove(self.chapter.tree.blocks());
            return;
        }
        let item_level = self.chapter.front.list_level.unwrap_or(ITEM_LEVEL);
        let mut scope = Scope { clause: None, level: 1, counters: [0; LEVELS], item_level };
        self.blocks(self.chapter.tree.blocks(), &mut scope);
    }

    fn blocks(&mut self, blocks: Blocks<'_>, scope: &mut Scope) {
        for block in blocks {
            match block.kind {
                BlockKind::Section(section) => self.section(&section, block.span, scope),
                BlockKind::List(List { kind: ListKind::Clauses, items }) => items.iter().for_each(|item| self.item(&item, scope)),
                BlockKind::List(list) => list.items.iter().for_each(|item| self.blocks(item.blocks, scope)),
                BlockKind::When { node, condition, blocks } => {
                    let decision = self.decide(Some(condition));
                    self.facts.nodes[node.0 as usize] = Fact::Decision(decision);
                    if decision == Decision::Fails { self.remove(blocks) } else { self.blocks(blocks, scope) }
                }
                BlockKind::Paragraph(inlines) => self.marks(inlines, scope.clause),
                BlockKind::Table(table) => {
                    table.lines().flatten().for_each(|cell| self.marks(cell, scope.clause));
                }
                BlockKind::Fields(fields) => {
                    fields.fields.iter().flat_map(Field::words).for_each(|words| self.marks(words, scope.clause));
                }
                BlockKind::Signature(roles) => roles.iter().for_each(|role| self.marks(role, scope.clause)),
                BlockKind::Laws(node) => self.laws(node, block.span, scope),
                BlockKind::Annexes(node) => self.annexes(node, block.span, scope),
                BlockKind::Quote(_) | BlockKind::Code(_) | BlockKind::ThematicBreak | BlockKind::Guidance(_) | BlockKind::DataTable(_) => {}
            }
        }
    }

    fn decide(&mut self, condition: Option<&Condition>) -> Decision {
        condition.map_or(Decision::Holds, |condition| decide(self.walk.data, condition, self.findings))
    }

    fn section(&mut self, section: &Section<'_>, extent: Span, scope: &mut Scope) {
        let decision = self.decide(section.when);
        if decision == Decision::Fails {
            self.facts.absent.extend(section.anchor.iter().map(|anchor| anchor.id.to_string()));
            self.facts.nodes[section.node.0 as usize] = Fact::Absent;
            return self.remove(section.blocks);
        }
        if section.level == 3 && scope.level != 2 {
            let help = message!("請先寫一個 ## 標題", "Write a ## heading above it");
            self.findings.push(
                Diagnostic::new(Rule::UnsupportedMarkdown, section.heading, message!("### 上面沒有 ##", "There is no ## above this ###"))
                    .help(help),
            );
        }
        let ordinal = scope.next(section.level);
        let chapter = self.chapter;
        let anchor = section.anchor.map_or_else(
            || {
                let (title, signs) = (self.title(section.title), "#".repeat(usize::from(section.level)));
                // With signs among its words that were to be something else, they are not to be copied.
                let help = if title.is_empty() || title.contains(['{', '%', '[', '｛', '％', '［']) {
                    message!("例如：{signs} 標題 {{#english-id}}", "For example: {signs} title {{#english-id}}")
                } else {
                    message!("例如：{signs} {title} {{#english-id}}", "For example: {signs} {title} {{#english-id}}")
                };
                let message = message!("標題沒有 id，網址會隨位置改變", "The heading has no id; its address will shift");
                // A heading without words is a finding already.
                if !section.is_nameless() {
                    self.findings.push(Diagnostic::new(Rule::MissingId, section.heading, message).help(help));
                }
                let holder = scope.clause.map_or(Cow::Borrowed(&*self.chapter.id), |holder| self.facts.clauses.at(holder).anchor());
                format!("{holder}.s{ordinal}").into()
            },
            |anchor| chapter.tree.text(anchor.id),
        );
        let (explicit, title) = (section.anchor.is_some(), Some(self.shared_title(section.title)));
        let written = Written { anchor, explicit, title, heading: Some(extent.end) };
        let index = self.facts.clauses.push(Counted {
            holder: scope.clause,
            level: section.level,
            ordinal,
            span: section.heading,
            written: Some(written),
        });
        self.facts.nodes[section.node.0 as usize] = Fact::Clause(index, decision);
        self.marks(section.title, Some(index));
        let item_level = self.chapter.front.list_level.unwrap_or(ITEM_LEVEL).max(section.level + 1);
        let mut inner = Scope { clause: Some(index), level: section.level, counters: [0; LEVELS], item_level };
        self.blocks(section.blocks, &mut inner);
    }

    fn item(&mut self, item: &Item<'_>, scope: &mut Scope) {
        let decision = self.decide(item.when);
        if decision == Decision::Fails {
            self.facts.absent.extend(item.anchor.iter().map(|anchor| anchor.id.to_string()));
            self.facts.nodes[item.node.0 as usize] = Fact::Absent;
            return self.remove(item.blocks);
        }
        let level = scope.item_level;
        if usize::from(level) > self.walk.style.patterns.len() {
            let levels = self.walk.style.patterns.len();
            let help =
                message!("請減少層次，或在 plan.yaml 的 numbering 增加一層", "Use fewer levels, or add one to `numbering` in plan.yaml");
            self.findings.push(
                Diagnostic::new(Rule::NestedTooDeeply, item.span, message!("編號只有 {levels} 層", "Numbering has {levels} levels only"))
                    .help(help),
            );
        }
        let ordinal = scope.next(level);
        let written =
            |anchor: Anchor<'_>| Written { anchor: self.chapter.tree.text(anchor.id), explicit: true, title: None, heading: None };
        let written = item.anchor.map(written);
        let index = self.facts.clauses.push(Counted { holder: scope.clause, level, ordinal, span: item.span, written });
        self.facts.nodes[item.node.0 as usize] = Fact::Clause(index, decision);
        let mut inner = Scope { clause: Some(index), level, counters: [0; LEVELS], item_level: level + 1 };
        self.blocks(item.blocks, &mut inner);
    }

    fn laws(&mut self, node: NodeId, span: Span, scope: &mut Scope) {
        let listed = self.listed_laws();
        self.generated(node, span, scope, listed);
    }

    fn annexes(&mut self, node: NodeId, span: Span, scope: &mut Scope) {
        let listed = self.listed_annexes();
        self.generated(node, span, scope, listed);
    }

    /// The address and the title of each law that the plan lists.
    fn listed_laws(&self) -> Vec<(String, String)> {
        let listed = self.walk.laws.laws.iter().filter(|law| law.listed);
        listed.map(|law| (format!("law-{}", law.id), law.title.clone())).collect()
    }

    /// The address and the title of each annex of the part that belongs to the plan.
    fn listed_annexes(&self) -> Vec<(String, String)> {
        let present = |when: &Condition| decide(self.walk.data, when, &mut Vec::new()) != Decision::Fails;
        let listed = self.annexes.iter().filter(|annex| annex.front.when.as_deref().is_none_or(present));
        listed.map(|annex| ([ANNEX, &*annex.id].concat(), annex.front.title.clone())).collect()
    }

    /// Adds clauses made from data.
    fn generated(&mut self, node: NodeId, span: Span, scope: &mut Scope, list: Vec<(String, String)>) {
        let level = scope.item_level;
        let first = self.facts.clauses.count();
        let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
        for (anchor, title) in list {
            let ordinal = scope.next(level);
            let written = Written { anchor: anchor.into(), explicit: true, title: Some(title.into()), heading: None };
            self.facts.clauses.push(Counted { holder: scope.clause, level, ordinal, span, written: Some(written) });
        }
        self.facts.nodes[node.0 as usize] = Fact::Clauses(first, count);
    }

    /// Counts the footnote marks of a run of inlines.
    fn marks(&mut self, inlines: Inlines<'_>, clause: Option<u32>) {
        for inline in inlines.deep_beyond_words() {
            let Inline::FootnoteMark(mark) = inline else { continue };
            // A mark whose definition is missing is no mark for comrak; two definitions of one name leave the first.
            let Some(index) = self.names.get(mark.name).copied() else { continue };
            let fact = self.facts.footnotes[index].get_or_insert_with(|| {
                self.footnotes += 1;
                FootnoteFact { number: self.footnotes, marks: 0, clause }
            });
            fact.marks += 1;
            self.facts.nodes[mark.node.0 as usize] = Fact::Mark(u32::try_from(index).unwrap_or(u32::MAX), fact.marks);
        }
    }

    /// Marks everything inside blocks that a condition removed.
    fn remove(&mut self, blocks: Blocks<'_>) {
        for block in blocks {
            match block.kind {
                BlockKind::Section(section) => {
                    self.facts.absent.extend(section.anchor.iter().map(|anchor| anchor.id.to_string()));
                    self.facts.nodes[section.node.0 as usize] = Fact::Absent;
                    self.remove(section.blocks);
                }
                BlockKind::List(list) => {
                    for item in list.items {
                        self.facts.absent.extend(item.anchor.iter().map(|anchor| anchor.id.to_string()));
                        self.facts.nodes[item.node.0 as usize] = Fact::Absent;
                        self.remove(item.blocks);
                    }
                }
                BlockKind::When { node, blocks, .. } => {
                    self.facts.nodes[node.0 as usize] = Fact::Decision(Decision::Fails);
                    self.remove(blocks);
                }
                BlockKind::Laws(node) => {
                    self.facts.absent.extend(self.listed_laws().into_iter().map(|(anchor, _)| anchor));
                    self.facts.nodes[node.0 as usize] = Fact::Absent;
                }
                BlockKind::Annexes(node) => {
                    self.facts.absent.extend(self.listed_annexes().into_iter().map(|(anchor, _)| anchor));
                    self.facts.nodes[node.0 as usize] = Fact::Absent;
                }
                _ => {}
            }
        }
    }

    /// The same words as they stand in the tree, where a heading is words and nothing else.
    fn shared_title(&self, title: Inlines<'_>) -> Text {
        let words = self.title(title);
        match title.only() {
            Some(Inline::Text(text)) if *text == *words => self.chapter.tree.text(text),
            _ => words.into(),
        }
    }

    /// A heading's words as far as they are known before everything has its number: a reference without words of its own shows its id.
    fn title(&self, title: Inlines<'_>) -> String {
        let term = |key: &str| self.walk.locale.get(key).map_or("", String::as_str);
        plain_text(title, &mut |inline| match inline {
            Inline::Value(value) => self.walk.data.shown(value.path).words(term("yes"), term("no")),
            Inline::Reference(reference) => match reference.label {
                Label::Words(words) => words.to_owned(),
                _ => reference.target.to_owned(),
            },
            Inline::Law(law) => match law.label {
                Label::Words(words) => words.to_owned(),
                _ => self.walk.laws.named(law.law).map_or_else(|| law.law.to_owned(), |(_, law)| law.title.clone()),
            },
            _ => String::new(),
        })
    }
}
