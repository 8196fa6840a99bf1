//! The clauses of a plan as a record keeps them.
//!
//! In: a resolved plan and its files. Out: a [`RecordedClause`] for each chapter, heading and item that readers see, in printed order, with its
//! own words: lead paragraphs, tables and footnotes, without markup, guidance and comments. What is inside another clause stands under its own.

use super::beside::{Beside, ShownFile};
use crate::{
    document::{Block, BlockKind, Blocks, Chapter, Field, Inline, Inlines, Runs, captions},
    resolve::{
        ANNEX, Fact, Facts, Plan, Says,
        data::{self, Cell},
        is_struck_title, is_struck_whole, listed,
        visit::visit_blocks,
        words,
    },
    source::{Sources, asset_name},
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Whether an address was written, and so stays, or follows from a position, and so may shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Address {
    /// `{#id}`, or a file's name.
    Explicit,
    /// `heading-id.1.3`.
    Positional,
}

/// One clause, chapter or annex with its own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedClause {
    /// Its address, unique in the plan.
    pub id: String,
    /// What kind of address that is.
    pub address: Address,
    /// Its number as citations have it: 「玖、二、(二)、1」.
    pub number: String,
    /// Its number as links have it: 「玖二(二)1」.
    pub short: String,
    /// Its number as it stands before it: 「1.」.
    pub label: String,
    /// How deep it stands: 0 is a chapter or an annex. It belongs to the nearest clause before it that stands less deep.
    pub depth: u8,
    /// The title of the part that a chapter or an annex stands in, where numbers begin anew in another part; nothing in a record of an earlier
    /// program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// A heading's words; empty for an item.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its own words, a paragraph or a table's row each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// Behind how many of the clauses that it holds each of these stands; nothing where it holds none, or where an earlier program wrote
    /// the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Vec<usize>>,
    /// The footnotes whose first mark stands in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What is printed beside its words: of a chapter or an annex even where that is nothing, of others where it is something; nothing at
    /// all in a record of an earlier program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
}

impl RecordedClause {
    /// What stands where it stands, a line each: title, paragraphs, rows.
    pub fn own_lines(&self) -> impl Iterator<Item = &str> {
        let title = Some(self.title.as_str()).filter(|title| !title.is_empty());
        title.into_iter().chain(self.text.iter().map(String::as_str))
    }

    /// Everything it says, a line each: title, paragraphs, footnotes.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.own_lines().chain(self.notes.iter().map(String::as_str))
    }

    /// What its own words come to; a footnote may say why they are gone.
    #[must_use]
    pub fn says(&self) -> Says {
        Says::of(self.text.iter().map(String::as_str))
    }

    /// Its number as links have it, a chapter's behind its part: 「第二編 機關計畫 壹」.
    #[must_use]
    pub fn called(&self) -> String {
        self.part.as_ref().map_or_else(|| self.short.clone(), |part| format!("{part} {}", self.short))
    }

    /// Everything it says as one text, its lines apart.
    #[must_use]
    pub fn words(&self) -> String {
        self.lines().collect::<Vec<_>>().join("\n")
    }
}

/// Every clause of a plan, in printed order.
#[must_use]
pub fn clauses(plan: &Plan, sources: &Sources) -> Vec<RecordedClause> {
    let present: Vec<usize> = plan.present().collect();
    present.par_iter().flat_map_iter(|index| of_chapter(plan, sources, *index)).collect()
}

/// Clauses that call the annexes of a list as another edition does: earlier programs did not say there which were deleted, and nobody amends a plan
/// by updating the program.
pub(super) fn listed_as<'c>(clauses: &'c [RecordedClause], other: &[RecordedClause]) -> Cow<'c, [RecordedClause]> {
    let is_of_list = |clause: &&RecordedClause| clause.id.starts_with(ANNEX) && clause.depth > 0;
    let says_so = other.iter().filter(is_of_list).filter(|clause| is_struck_title(&clause.title));
    let says_so: FxHashMap<&str, &str> = says_so.map(|clause| (clause.id.as_str(), clause.title.as_str())).collect();
    if says_so.is_empty() {
        return clauses.into();
    }
    let annexes = clauses.chunk_by(|_, next| next.depth > 0);
    let struck = annexes.filter(|annex| is_struck_whole(&annex[0].title, annex.iter().map(RecordedClause::says)));
    let struck: FxHashMap<&str, &str> = struck.map(|annex| (annex[0].id.as_str(), annex[0].title.as_str())).collect();
    let is_silent = |clause: &RecordedClause| {
        let title = clause.id.strip_prefix(ANNEX).and_then(|id| struck.get(id));
        title == Some(&clause.title.as_str()) && says_so.get(clause.id.as_str()) == Some(&&*listed(&clause.title))
    };
    let silent: Vec<usize> = (0..clauses.len()).filter(|index| is_silent(&clauses[*index])).collect();
    let mut clauses = Cow::Borrowed(clauses);
    for index in silent {
        let title = &mut clauses.to_mut()[index].title;
        *title = listed(title).into_owned();
    }
    clauses
}

fn of_chapter(plan: &Plan, sources: &Sources, index: usize) -> Vec<RecordedClause> {
    let (chapter, facts) = (&*plan.chapters[index], &plan.facts[index]);
    let mut all = headed(plan, chapter, facts);
    let held = held(facts);
    visit_blocks(chapter, facts, &plan.data, &mut |block, context| {
        if context.guidance || context.note {
            return;
        }
        // A title is its own clause's.
        if let BlockKind::Section(section) = &block.kind
            && let Fact::Clause(index, _) = facts.of(section.node)
        {
            show(section.title, sources, &mut all[index as usize + 1].beside);
        }
        let own = context.clause.map_or(0, |clause| clause as usize + 1);
        let (clause, held) = (&mut all[own], &held[own]);
        runs_of(block, &mut |inlines| show(inlines, sources, &mut clause.beside));
        given_numbers(block, &mut clause.beside);
        // A cell's blocks are part of their row.
        if context.is_in_cell() {
            return;
        }
        lines_of(plan, facts.part, block, &mut clause.text);
        if !held.is_empty() {
            let behind = held.partition_point(|start| *start < block.span.start);
            clause.places.get_or_insert_default().resize(clause.text.len(), behind);
        }
    });
    for (footnote, fact) in facts.printed_notes(chapter) {
        let mut lines = Vec::new();
        nested(plan, facts.part, footnote.blocks, &mut lines);
        let clause = &mut all[fact.clause.map_or(0, |clause| clause as usize + 1)];
        clause.notes.push(lines.join(" "));
        runs_below(footnote.blocks, &mut |inlines| show(inlines, sources, &mut clause.beside));
        numbers_below(footnote.blocks, &mut clause.beside);
    }
    all
}

/// Where the clauses begin that the chapter holds, and then those that each of its clauses holds.
fn held(facts: &Facts) -> Vec<Vec<u32>> {
    let mut held = vec![Vec::new(); facts.clauses.count() as usize + 1];
    for clause in facts.clauses.iter() {
        held[clause.holder().map_or(0, |holder| holder.index() as usize + 1)].push(clause.span().start);
    }
    held
}

/// The chapter itself and then its clauses, without their words.
fn headed(plan: &Plan, chapter: &Chapter, facts: &Facts) -> Vec<RecordedClause> {
    let (kind, style) = (chapter.kind, plan.style());
    let clause = |id: &str, explicit, number: &crate::resolve::Number, title: &str| RecordedClause {
        id: id.to_owned(),
        address: if explicit { Address::Explicit } else { Address::Positional },
        number: number.citation(kind, style),
        short: number.short(kind, style),
        label: number.label(kind, style),
        depth: number.depth(),
        part: None,
        title: title.to_owned(),
        text: Vec::new(),
        places: None,
        notes: Vec::new(),
        beside: None,
    };
    let part = plan.named_part(facts.part).map(str::to_owned);
    let (unit, number) = (chapter.front.unit.clone(), chapter.front.number.clone());
    let beside = Beside { unit, number, files: Some(Vec::new()), ..Beside::default() };
    let own = RecordedClause { part, beside: Some(beside), ..clause(&chapter.id, true, &facts.number, &chapter.front.title) };
    let below = |of: crate::resolve::Clause<'_>| clause(&of.anchor(), of.is_explicit(), &of.number(), of.title().map_or("", |title| title));
    std::iter::once(own).chain(facts.clauses.iter().map(below)).collect()
}

/// The words that a block holds itself; what stands in blocks inside it is visited by itself.
fn lines_of(plan: &Plan, part: usize, block: Block<'_>, out: &mut Vec<String>) {
    let mut add = |words: String| {
        if !words.is_empty() {
            out.push(words);
        }
    };
    match block.kind {
        BlockKind::Paragraph(inlines) => add(words::of(plan, Some(part), inlines)),
        BlockKind::Code(code) => add(code.text.trim_end().to_owned()),
        BlockKind::Table(table) => {
            let row = |cells: Runs<'_>| cells.iter().map(|cell| words::of(plan, Some(part), cell)).collect::<Vec<_>>().join(" | ");
            table.lines().for_each(|cells| add(row(cells)));
        }
        BlockKind::Fields(fields) => {
            for field in fields.fields {
                add(field
                    .words()
                    .map(|words| words::of(plan, Some(part), words))
                    .filter(|words| !words.is_empty())
                    .collect::<Vec<_>>()
                    .join(" "));
            }
        }
        BlockKind::Signature(roles) => add(roles.iter().map(|role| words::of(plan, Some(part), role)).collect::<Vec<_>>().join(" | ")),
        BlockKind::DataTable(reference) => {
            let Some(table) = plan.data.table(reference.name) else { return };
            add(table.fields.iter().map(|field| field.title.as_str()).collect::<Vec<_>>().join(" | "));
            for (number, row) in (1..).zip(&table.rows) {
                let cells = table.fields.iter().zip(&row.cells).map(|(field, cell)| cell_words(plan, part, field, cell, number));
                add(cells.collect::<Vec<_>>().join(" | "));
            }
        }
        BlockKind::Section(_)
        | BlockKind::List(_)
        | BlockKind::Quote(_)
        | BlockKind::When { .. }
        | BlockKind::Guidance(_)
        | BlockKind::ThematicBreak
        | BlockKind::Laws(_)
        | BlockKind::Annexes(_) => {}
    }
}

/// Notes the pictures and attachments of some words.
fn show(inlines: Inlines<'_>, sources: &Sources, beside: &mut Option<Beside>) {
    captions(inlines, &mut |caption| beside.get_or_insert_default().captions.push(caption.to_owned()));
    for inline in inlines.deep_beyond_words() {
        let url = match inline {
            Inline::Image(image) => image.url,
            Inline::Link(link) => link.url,
            _ => continue,
        };
        // What is not there is a finding of its own.
        if let Some(asset) = asset_name(url).and_then(|name| sources.assets().get(&name)) {
            let file = ShownFile { name: asset.name.clone(), digest: asset.digest.hex() };
            beside.get_or_insert_default().files.get_or_insert_default().push(file);
        }
    }
}

/// Notes the numbers that items of a list which is no clauses were given.
fn given_numbers(block: Block<'_>, beside: &mut Option<Beside>) {
    let BlockKind::List(list) = block.kind else { return };
    let numbers = list.items.iter().filter_map(|item| Some(item.number?.to_string()));
    numbers.for_each(|number| beside.get_or_insert_default().numbers.push(number));
}

/// The same of blocks that hold no clauses.
fn numbers_below(blocks: Blocks<'_>, beside: &mut Option<Beside>) {
    for block in blocks {
        given_numbers(block, beside);
        match block.kind {
            BlockKind::List(list) => list.items.iter().for_each(|item| numbers_below(item.blocks, beside)),
            BlockKind::Quote(blocks) => numbers_below(blocks, beside),
            _ => {}
        }
    }
}

/// The runs of words that a block holds itself.
fn runs_of<'a>(block: Block<'a>, see: &mut dyn FnMut(Inlines<'a>)) {
    match block.kind {
        BlockKind::Paragraph(inlines) => see(inlines),
        BlockKind::Table(table) => table.lines().flatten().for_each(see),
        BlockKind::Fields(fields) => fields.fields.iter().flat_map(Field::words).for_each(see),
        BlockKind::Signature(roles) => roles.iter().for_each(see),
        _ => {}
    }
}

/// The same of blocks that hold no clauses.
fn runs_below<'a>(blocks: Blocks<'a>, see: &mut dyn FnMut(Inlines<'a>)) {
    for block in blocks {
        match block.kind {
            BlockKind::List(list) => list.items.iter().for_each(|item| runs_below(item.blocks, see)),
            BlockKind::Quote(blocks) => runs_below(blocks, see),
            _ => runs_of(block, see),
        }
    }
}

/// The words of blocks that hold no clauses: those of a cell or a footnote.
fn nested(plan: &Plan, part: usize, blocks: Blocks<'_>, out: &mut Vec<String>) {
    for block in blocks {
        match block.kind {
            BlockKind::List(list) => list.items.iter().for_each(|item| nested(plan, part, item.blocks, out)),
            BlockKind::Quote(blocks) => nested(plan, part, blocks, out),
            _ => lines_of(plan, part, block, out),
        }
    }
}

fn cell_words(plan: &Plan, part: usize, field: &data::Field, cell: &Cell, row: usize) -> String {
    match cell {
        Cell::Choices(ticked) => {
            let choice = |(choice, ticked): (&data::Choice, &bool)| format!("{} {}", if *ticked { '☑' } else { '☐' }, choice.label);
            field.choices.iter().zip(ticked).map(choice).collect::<Vec<_>>().join(" ")
        }
        Cell::Markdown(fragment) => {
            let mut lines = Vec::new();
            nested(plan, part, fragment.tree.blocks(), &mut lines);
            lines.join(" ")
        }
        Cell::RowNumber => row.to_string(),
        Cell::Text(_) | Cell::Blank(_) | Cell::Boolean(_) | Cell::Empty => words::of_cell(plan, field, cell),
    }
}
