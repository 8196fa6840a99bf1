//! How large a plan becomes: what values, tables, titles, laws and lists put into the text, counted before anything is put there.
//!
//! In: chapters, data, laws. Out: the chapters; one that would become larger than any reader can open is left empty, with one finding
//! where it becomes so. A few hundred bytes in a chapter can otherwise stand for more text than a machine has memory.

use super::{Laws, data::Data, order::Order};
use crate::{
    config::Config,
    diagnostic::{Diagnostic, Rule, Span},
    document::{
        Anchor, BlockKind, Blocks, Chapter, Condition, Expression, Field, Inline, Inlines, Item, Kind, Label, LawReference, Section, Tree,
    },
    message,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// How many bytes may be put into one chapter: twice what a file may hold, so that any table that can be read can be shown.
const CHAPTER: usize = 16 << 20;
/// How many bytes may be put into a whole plan.
const PLAN: usize = 64 << 20;
/// How many bytes a title may have: it stands in the outline of every page.
pub(super) const TITLE: usize = 64 << 10;
/// What a short title, with its number and its address, counts for wherever it stands.
const SHORT: usize = 64;

/// How much is put into each chapter.
#[derive(Debug)]
pub(super) struct Loads {
    /// In bytes, by the chapter's index.
    bytes: Vec<usize>,
    lengths: Arc<Lengths>,
}

/// How long the things are that can stand in any chapter, as far as they do not depend on one.
#[derive(Clone, Debug, Default)]
struct Lengths {
    /// The titles longer than most, by the id they belong to.
    titles: FxHashMap<Box<str>, usize>,
    law_list: usize,
    annex_list: usize,
    /// The longest words of a comparison in a condition.
    comparison: usize,
    /// The longest title of a part, which stands before the numbers of other parts.
    part: usize,
}

/// Measures every chapter and empties those that are too large.
pub(super) fn hold(chapters: &mut [Arc<Chapter>], config: &Config, data: &Data, laws: &Laws, findings: &mut Vec<Diagnostic>) -> Loads {
    let mut plan_is_told = false;
    let (loads, large) = measured(chapters, longest_part(config), data, laws);
    for (index, over) in large {
        let chapter = &chapters[index];
        match over {
            Over::Title(span) => findings.push(title_finding(span.unwrap_or(chapter.front.span))),
            Over::Chapter(span) => findings.push(text_finding(span, false)),
            // Whatever comes after what was too much for the plan is too much as well.
            Over::Plan(_) if plan_is_told => {}
            Over::Plan(span) => {
                findings.push(text_finding(span, true));
                plan_is_told = true;
            }
        }
        chapters[index] = Arc::new(emptied(chapter));
    }
    loads
}

/// How much is put into each chapter after an edit of some, each with what it was before and what it is now; `None` if anything is too
/// large now, or if titles may be longer or shorter than before.
pub(super) fn again(edited: &[(usize, &Chapter, &Chapter)], data: &Data, laws: &Laws, earlier: &Loads) -> Option<Loads> {
    let (mut scale, mut bytes) = (Scale::knowing(Arc::clone(&earlier.lengths), data, laws), earlier.bytes.clone());
    for (index, before, now) in edited.iter().copied() {
        let load = scale.load(now, PLAN);
        if load.over.is_some() || !have_same_titles(before, now) {
            return None;
        }
        bytes[index] = load.bytes;
    }
    (bytes.iter().sum::<usize>() <= PLAN).then(|| Loads { bytes, lengths: Arc::clone(&earlier.lengths) })
}

/// Whether two states of a chapter put titles of the same length wherever something refers to it.
fn have_same_titles(one: &Chapter, other: &Chapter) -> bool {
    one.front.title == other.front.title && titles(one) == titles(other)
}

/// What the length of each title of a chapter depends on: its id, its own words, and what the plan puts among them.
fn titles(chapter: &Chapter) -> Vec<(&str, usize, Vec<Put<'_>>)> {
    let mut titles = Vec::new();
    headings(chapter.tree.blocks(), &mut |anchor, title| titles.push((anchor.id, written(title), put_into(title))));
    titles
}

/// Every heading with an id, in document order.
fn headings<'a>(blocks: Blocks<'a>, see: &mut dyn FnMut(Anchor<'a>, Inlines<'a>)) {
    for block in blocks {
        match block.kind {
            BlockKind::Section(section) => {
                if let Some(anchor) = section.anchor {
                    see(anchor, section.title);
                }
                headings(section.blocks, see);
            }
            BlockKind::When { blocks, .. } => headings(blocks, see),
            _ => {}
        }
    }
}

/// What the plan puts into a title.
fn put_into<'a>(title: Inlines<'a>) -> Vec<Put<'a>> {
    let put = |inline: Inline<'a>| match inline {
        Inline::Value(value) => Some(Put::Value(value.path)),
        Inline::Reference(reference) => Some(Put::Title(reference.target, reference.label)),
        Inline::Law(law) => Some(Put::Law(law.law, law.article, law.label)),
        _ => None,
    };
    title.deep_beyond_words().filter_map(put).collect()
}

#[derive(PartialEq)]
enum Put<'a> {
    Value(&'a str),
    Title(&'a str, Label<'a>),
    Law(&'a str, Option<&'a str>, Label<'a>),
}

impl<'a> Put<'a> {
    /// The id of a title that is put there.
    fn title(&self) -> Option<&'a str> {
        match self {
            Self::Title(target, label) if !matches!(label, Label::Words(_)) => Some(target),
            _ => None,
        }
    }
}

/// A title whose length is worth knowing.
struct Telling<'a> {
    id: &'a str,
    title: Inlines<'a>,
    /// The ids of the titles that it shows.
    shows: Vec<&'a str>,
}

/// Which of some titles each of them shows. Of titles with one id the first shows the others: the longest of them counts.
fn shown(telling: &[Telling<'_>]) -> Vec<Vec<usize>> {
    let mut shown = vec![Vec::new(); telling.len()];
    // A fast path: few plans have a title that shows another one, and otherwise no id is looked up.
    if telling.iter().all(|title| title.shows.is_empty()) {
        return shown;
    }
    let mut by_id: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, title) in telling.iter().enumerate() {
        let first = *by_id.entry(title.id).or_insert(at);
        if first != at {
            shown[first].push(at);
        }
    }
    for (title, shown) in telling.iter().zip(&mut shown) {
        shown.extend(title.shows.iter().filter_map(|id| by_id.get(id)));
    }
    shown
}

/// How much is put into each chapter, and the chapters that become too large, by index, and what of them.
fn measured(chapters: &[Arc<Chapter>], part: usize, data: &Data, laws: &Laws) -> (Loads, Vec<(usize, Over)>) {
    let mut scale = Scale::new(chapters, part, data, laws);
    let lengths = Arc::clone(&scale.lengths);
    // Nearly always nothing is too large, and then it does not matter what comes first.
    let share = chapters.len().div_ceil(rayon::current_num_threads()).max(1);
    let each = |chapters: &[Arc<Chapter>]| {
        let mut scale = Scale::knowing(Arc::clone(&lengths), data, laws);
        chapters.iter().map(|chapter| scale.load(chapter, PLAN)).collect::<Vec<_>>()
    };
    let loads: Vec<Load> = chapters.par_chunks(share).flat_map_iter(each).collect();
    let bytes: Vec<usize> = loads.iter().map(|load| load.bytes).collect();
    if loads.iter().all(|load| load.over.is_none()) && bytes.iter().copied().fold(0, usize::saturating_add) <= PLAN {
        return (Loads { bytes, lengths }, Vec::new());
    }
    let (mut left, mut large, mut bytes) = (PLAN, Vec::new(), Vec::new());
    for (index, chapter) in chapters.iter().enumerate() {
        let load = scale.load(chapter, left);
        match load.over {
            Some(over) => large.push((index, over)),
            None => left -= load.bytes,
        }
        bytes.push(load.bytes);
    }
    (Loads { bytes, lengths }, large)
}

/// The longest title of a part, in bytes; where there is one part, nothing names it.
fn longest_part(config: &Config) -> usize {
    let titles = config.parts.iter().filter(|_| config.parts.len() > 1).filter_map(|part| part.title.as_deref());
    titles.map(str::len).max().unwrap_or(0)
}

fn title_finding(span: Span) -> Diagnostic {
    let limit = TITLE >> 10;
    let message = message!("填入值之後，標題超過 {limit} KB", "With its values filled in, the title is larger than {limit} KB");
    Diagnostic::new(Rule::OversizedText, span, message).help(message!("請寫短的標題", "Write a short title"))
}

fn text_finding(span: Span, is_plan: bool) -> Diagnostic {
    let limit = if is_plan { PLAN } else { CHAPTER } >> 20;
    let message = if is_plan {
        message!(
            "到這裡為止，整份計畫填入的值、表格與清單超過 {limit} MB",
            "Up to here, the values, tables and lists filled into the plan are larger than {limit} MB"
        )
    } else {
        message!(
            "到這裡為止，這個檔案填入的值、表格與清單超過 {limit} MB",
            "Up to here, the values, tables and lists filled into this file are larger than {limit} MB"
        )
    };
    let help = message!(
        "請減少重複使用大的值或表格，或把它當作附檔",
        "Use large values and tables fewer times, or attach them as a file"
    );
    Diagnostic::new(Rule::OversizedText, span, message).help(help)
}

/// The chapter without its text, as if it could not be read; a title that is too long gives way to the id.
fn emptied(chapter: &Chapter) -> Chapter {
    let mut front = chapter.front.clone();
    if front.title.len() > TITLE {
        front.title = chapter.id.to_string();
    }
    Chapter {
        id: chapter.id.clone(),
        kind: chapter.kind,
        file: chapter.file,
        digest: chapter.digest,
        readable: false,
        front,
        tree: Tree::empty(chapter.file),
        nodes: 0,
        diagnostics: Vec::new(),
    }
}

/// What became too large, and where.
enum Over {
    /// The title of a section there, or the chapter's own.
    Title(Option<Span>),
    Chapter(Span),
    Plan(Span),
}

/// What is put into one chapter, and how much may be.
struct Load {
    bytes: usize,
    chapter: usize,
    plan: usize,
    over: Option<Over>,
}

impl Load {
    /// For what is only measured.
    fn unbounded() -> Self {
        Self { bytes: 0, chapter: usize::MAX, plan: usize::MAX, over: None }
    }

    fn add(&mut self, bytes: usize, span: Span) {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.over.is_none() && self.bytes > self.chapter {
            self.over = Some(Over::Chapter(span));
        } else if self.over.is_none() && self.bytes > self.plan {
            self.over = Some(Over::Plan(span));
        }
    }
}

/// Knows how large everything is that a chapter can show; what it has measured once, it remembers.
struct Scale<'a> {
    data: &'a Data,
    laws: FxHashMap<&'a str, (&'a str, Option<&'a str>)>,
    lengths: Arc<Lengths>,
    values: FxHashMap<&'a str, usize>,
    tables: FxHashMap<&'a str, (usize, usize)>,
}

impl<'a> Scale<'a> {
    fn new(chapters: &'a [Arc<Chapter>], part: usize, data: &'a Data, laws: &'a Laws) -> Self {
        let annexes = chapters.iter().filter(|chapter| chapter.kind == Kind::Annex);
        let lengths = Lengths {
            titles: FxHashMap::default(),
            law_list: laws.laws.iter().filter(|law| law.listed).map(|law| law.title.len() + SHORT).sum(),
            annex_list: annexes.map(|annex| annex.front.title.len() + SHORT).sum(),
            comparison: data.longest_comparison(),
            part,
        };
        let mut scale = Self::knowing(Arc::new(lengths), data, laws);
        for chapter in chapters {
            scale.keep(&chapter.id, chapter.front.title.len());
        }
        // A fast path: most titles are few words and nothing else, which need not be measured.
        let telling = |chapter: &'a Arc<Chapter>| {
            let mut telling = Vec::new();
            headings(chapter.tree.blocks(), &mut |anchor, title| {
                let put = put_into(title);
                if !put.is_empty() || written(title) > SHORT {
                    telling.push(Telling { id: anchor.id, title, shows: put.iter().filter_map(Put::title).collect() });
                }
            });
            telling
        };
        let telling: Vec<Telling<'_>> = chapters.par_iter().flat_map_iter(telling).collect();
        let Order { first, circles, last } = Order::of(&shown(&telling));
        scale.keep_titles(&telling, first);
        // In a circle each shows no more than the numbers of the others.
        let lengths: Vec<usize> = circles.iter().map(|at| scale.title(telling[*at].title)).collect();
        circles.into_iter().zip(lengths).for_each(|(at, length)| scale.keep(telling[at].id, length));
        scale.keep_titles(&telling, last);
        scale
    }

    /// One that knows titles and lists already.
    fn knowing(lengths: Arc<Lengths>, data: &'a Data, laws: &'a Laws) -> Self {
        Self {
            data,
            laws: laws.laws.iter().map(|law| (law.id.as_str(), (law.title.as_str(), law.article.as_deref()))).collect(),
            lengths,
            values: FxHashMap::default(),
            tables: FxHashMap::default(),
        }
    }

    fn keep(&mut self, id: &str, title: usize) {
        if title > SHORT {
            let known = Arc::make_mut(&mut self.lengths).titles.entry(id.into()).or_default();
            *known = title.max(*known);
        }
    }

    /// Measures some titles, one after the other.
    fn keep_titles(&mut self, telling: &[Telling<'a>], order: Vec<usize>) {
        for Telling { id, title, .. } in order.into_iter().map(|at| &telling[at]) {
            let length = self.title(*title);
            self.keep(id, length);
        }
    }

    /// A whole title, with the words that stand in it.
    fn title(&mut self, title: Inlines<'a>) -> usize {
        let mut load = Load::unbounded();
        self.inlines(title, &mut load);
        load.bytes.saturating_add(written(title))
    }

    /// What is put into a chapter of a plan that may still hold so many bytes.
    fn load(&mut self, chapter: &'a Chapter, plan: usize) -> Load {
        let mut load = Load { bytes: 0, chapter: CHAPTER, plan, over: None };
        if chapter.front.title.len() > TITLE {
            load.over = Some(Over::Title(None));
        }
        self.blocks(chapter.tree.blocks(), &mut load);
        for footnote in chapter.tree.footnotes() {
            self.blocks(footnote.blocks, &mut load);
        }
        load
    }

    fn blocks(&mut self, blocks: Blocks<'a>, load: &mut Load) {
        for block in blocks {
            // What is too large already need not be measured to its end.
            if load.over.is_some() {
                return;
            }
            match block.kind {
                BlockKind::Section(section) => self.section(&section, load),
                BlockKind::Paragraph(inlines) => self.inlines(inlines, load),
                BlockKind::List(list) => list.items.iter().for_each(|item| self.item(&item, load)),
                BlockKind::Quote(blocks) | BlockKind::Guidance(blocks) => self.blocks(blocks, load),
                BlockKind::Table(table) => {
                    table.lines().flatten().for_each(|cell| self.inlines(cell, load));
                }
                BlockKind::When { condition, blocks, .. } => {
                    self.condition(Some(condition), load);
                    self.blocks(blocks, load);
                }
                BlockKind::DataTable(table) => {
                    let (whole, blank_row) = self.table(table.name);
                    load.add(whole.saturating_add(blank_row * usize::from(table.blank_rows)), table.span);
                }
                BlockKind::Fields(fields) => {
                    fields.fields.iter().flat_map(Field::words).for_each(|words| self.inlines(words, load));
                }
                BlockKind::Signature(roles) => roles.iter().for_each(|role| self.inlines(role, load)),
                BlockKind::Laws(_) => load.add(self.lengths.law_list, block.span),
                BlockKind::Annexes(_) => load.add(self.lengths.annex_list, block.span),
                BlockKind::Code(_) | BlockKind::ThematicBreak => {}
            }
        }
    }

    fn section(&mut self, section: &Section<'a>, load: &mut Load) {
        self.condition(section.when, load);
        self.inlines(section.title, load);
        if load.over.is_none() && self.title(section.title) > TITLE {
            load.over = Some(Over::Title(Some(section.heading)));
        }
        self.blocks(section.blocks, load);
    }

    fn item(&mut self, item: &Item<'a>, load: &mut Load) {
        self.condition(item.when, load);
        self.blocks(item.blocks, load);
    }

    fn condition(&self, condition: Option<&Condition>, load: &mut Load) {
        if let Some(condition) = condition {
            load.add(comparisons(&condition.expression).saturating_mul(self.lengths.comparison), condition.span);
        }
    }

    fn inlines(&mut self, inlines: Inlines<'a>, load: &mut Load) {
        for inline in inlines.deep_beyond_words() {
            match inline {
                Inline::Value(value) => {
                    let data = self.data;
                    let weight = *self.values.entry(value.path).or_insert_with(|| data.weight(value.path));
                    load.add(weight, value.span);
                }
                Inline::Reference(reference) => {
                    let title = if matches!(reference.label, Label::Words(_)) {
                        0
                    } else {
                        self.lengths.titles.get(reference.target).copied().unwrap_or(SHORT)
                    };
                    // The part stands in the reference, in its preview, and before the clause where the other one says who cites it.
                    load.add(title.saturating_add(self.lengths.part.saturating_mul(3)), reference.span);
                }
                Inline::Law(law) if !matches!(law.label, Label::Words(_)) => load.add(self.law(&law), law.span),
                _ => {}
            }
        }
    }

    fn law(&self, reference: &LawReference<'_>) -> usize {
        let Some((title, pattern)) = self.laws.get(reference.law) else { return SHORT };
        let article = reference.article.map_or(0, |article| {
            pattern.map_or(SHORT, |pattern| pattern.len().saturating_add(pattern.matches("{n}").count().saturating_mul(article.len())))
        });
        title.len().saturating_add(article)
    }

    /// A table with all its rows, and one of its blank rows.
    fn table(&mut self, name: &'a str) -> (usize, usize) {
        if let Some(known) = self.tables.get(name) {
            return *known;
        }
        let Some(table) = self.data.table(name) else { return (0, 0) };
        let mut load = Load::unbounded();
        for fragment in table.fragments() {
            self.blocks(fragment.tree.blocks(), &mut load);
        }
        let known = (table.weight().saturating_add(load.bytes), table.blank_row_weight());
        self.tables.insert(name, known);
        known
    }
}

/// How many comparisons an expression holds.
fn comparisons(expression: &Expression) -> usize {
    match expression {
        Expression::Field(_) | Expression::Compare(..) => 1,
        Expression::Among(_, literals, _) => 1 + literals.len(),
        Expression::Not(inner) => comparisons(inner),
        Expression::And(left, right) | Expression::Or(left, right) => comparisons(left) + comparisons(right),
    }
}

/// The bytes of the words that stand in a title.
fn written(inlines: Inlines<'_>) -> usize {
    let bytes = |inline: Inline<'_>| match inline {
        Inline::Text(text) | Inline::Code(text) => text.len(),
        Inline::Image(image) => image.alternative.len(),
        _ => 0,
    };
    inlines.deep().map(bytes).sum()
}
