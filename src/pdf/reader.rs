//! Reading a plan for print.
//!
//! In: a plan whose clauses are numbered. Out: the blocks of [`tree`](super::tree), in printed order. Nothing is decided here that is not
//! decided in the plan.

use super::tree::{Block, Chapter, Clause, Column, Field, Inline, Part, Row};
use crate::{
    document::{self, Alignment, BlockKind, Blocks, Inlines, Item, Kind, List, ListKind, NodeId, Orientation, is_only_comments},
    resolve::{
        Decision, Fact, Facts, Plan,
        data::{self, Cell, FieldType, Format, circles},
        words::yes_or_no,
    },
    source::{Sources, asset_name},
};

/// Reads the parts of a plan; with an annex's id, that annex alone.
pub(super) fn parts(plan: &Plan, sources: &Sources, single: Option<&str>) -> Vec<Part> {
    let chapter = |index: &usize| Reader::new(plan, sources, *index, single.is_some()).chapter();
    let wanted = |index: &&usize| single.is_none_or(|id| *plan.chapters[**index].id == *id);
    let part = |(index, part): (usize, &crate::resolve::Part)| Part {
        title: part.title.clone(),
        named: plan.named_part(index).is_some(),
        chapters: if single.is_none() { part.chapters.iter().map(chapter).collect() } else { Vec::new() },
        annexes: part.annexes.iter().filter(wanted).map(chapter).collect(),
    };
    plan.parts.iter().enumerate().map(part).filter(|part| single.is_none() || !part.annexes.is_empty()).collect()
}

/// Reads one chapter.
pub(super) struct Reader<'a> {
    pub plan: &'a Plan,
    pub sources: &'a Sources,
    /// Whether nothing else is printed that a reference could lead to.
    pub alone: bool,
    index: usize,
    pub facts: &'a Facts,
    pub chapter: &'a document::Chapter,
}

impl<'a> Reader<'a> {
    fn new(plan: &'a Plan, sources: &'a Sources, index: usize, alone: bool) -> Self {
        Self { plan, sources, alone, index, facts: &plan.facts[index], chapter: &plan.chapters[index] }
    }

    fn chapter(&self) -> Chapter {
        let (plan, front) = (self.plan, &self.chapter.front);
        Chapter {
            anchor: self.chapter.id.to_string(),
            label: self.facts.number.label(self.chapter.kind, plan.style()),
            title: front.title.clone(),
            listed_title: plan.listed_title(self.index).into_owned(),
            form_number: front.number.clone(),
            landscape: front.orientation == Orientation::Landscape,
            condition: self.condition(front.when.as_deref(), self.facts.decision),
            blocks: self.blocks(self.chapter.tree.blocks()),
        }
    }

    /// A condition in words, as long as it is undecided.
    fn condition(&self, condition: Option<&document::Condition>, decision: Decision) -> Option<String> {
        condition.filter(|_| decision == Decision::Undecided).map(|condition| self.plan.condition_label(condition))
    }

    pub(super) fn blocks(&self, blocks: Blocks<'_>) -> Vec<Block> {
        let mut out = Vec::new();
        for block in blocks {
            match block.kind {
                // A decided condition leaves no trace.
                BlockKind::When { node, condition, blocks } => match self.facts.of(node) {
                    Fact::Decision(Decision::Fails) | Fact::Absent => {}
                    fact => match self.condition(Some(condition), decision(fact)) {
                        Some(condition) => out.push(Block::Alternative { condition, blocks: self.blocks(blocks) }),
                        None => out.append(&mut self.blocks(blocks)),
                    },
                },
                kind => out.extend(self.block(kind)),
            }
        }
        out
    }

    fn block(&self, kind: BlockKind<'_>) -> Option<Block> {
        Some(match kind {
            BlockKind::Section(section) => {
                let Fact::Clause(index, decision) = self.facts.of(section.node) else { return None };
                let clause = self.facts.clauses.at(index);
                Block::Section {
                    anchor: clause.anchor().into_owned(),
                    level: section.level,
                    listed: self.chapter.kind == Kind::Chapter,
                    number: self.number(index),
                    title: self.inlines(section.title),
                    condition: self.condition(section.when, decision),
                    blocks: self.blocks(section.blocks),
                }
            }
            BlockKind::Paragraph(inlines) if is_only_comments(inlines) => return None,
            BlockKind::Paragraph(inlines) => self.paragraph(inlines)?,
            BlockKind::List(list) => self.list(&list)?,
            BlockKind::Quote(blocks) => Block::Quote { blocks: self.blocks(blocks) },
            BlockKind::Table(table) => self.table(&table),
            BlockKind::Code(code) => Block::Code { text: code.text.trim_end().to_owned() },
            BlockKind::ThematicBreak => Block::Rule,
            BlockKind::DataTable(reference) => self.data_table(&reference)?,
            BlockKind::Fields(fields) => {
                let width = PAGE.0 / (2 * usize::from(fields.columns)).max(1);
                Block::Fields { columns: fields.columns, fields: fields.fields.iter().map(|field| self.field(&field, width)).collect() }
            }
            BlockKind::Signature(roles) => Block::Signatures { roles: roles.iter().map(|role| self.inlines(role)).collect() },
            BlockKind::Laws(node) => self.generated(node, &[])?,
            BlockKind::Annexes(node) => self.generated(node, &self.plan.parts[self.facts.part].annexes)?,
            BlockKind::Guidance(_) | BlockKind::When { .. } => return None,
        })
    }

    /// A picture that has the paragraph to itself is set as one.
    fn paragraph(&self, inlines: Inlines<'_>) -> Option<Block> {
        let Some(document::Inline::Image(image)) = inlines.only() else { return Some(Block::Paragraph { text: self.inlines(inlines) }) };
        Some(Block::Picture {
            path: self.picture(image.url)?,
            alternative: image.alternative.to_owned(),
            caption: image.caption.to_owned(),
        })
    }

    fn number(&self, index: u32) -> String {
        self.facts.clauses.at(index).number().label(self.chapter.kind, self.plan.style())
    }

    fn list(&self, list: &List<'_>) -> Option<Block> {
        if list.kind != ListKind::Clauses {
            let (numbers, items) = list.items.iter().map(|item| (item.number, self.blocks(item.blocks))).unzip();
            return Some(Block::List { ordered: list.kind == ListKind::Ordered, numbers, items });
        }
        let items: Vec<(u32, Clause)> = list.items.iter().filter_map(|item| self.item(&item)).collect();
        let level = self.facts.clauses.at(items.first()?.0).level();
        Some(Block::Clauses { level, items: items.into_iter().map(|(_, item)| item).collect() })
    }

    fn item(&self, item: &Item<'_>) -> Option<(u32, Clause)> {
        let Fact::Clause(index, decision) = self.facts.of(item.node) else { return None };
        let clause = Clause {
            anchor: self.facts.clauses.at(index).anchor().into_owned(),
            number: self.number(index),
            condition: self.condition(item.when, decision),
            blocks: self.blocks(item.blocks),
        };
        Some((index, clause))
    }

    /// Clauses made from data; what each says is the words of its title, or an annex's name that leads to it.
    fn generated(&self, node: NodeId, annexes: &[usize]) -> Option<Block> {
        let Fact::Clauses(first, count) = self.facts.of(node) else { return None };
        let item = |at: u32| {
            let clause = self.facts.clauses.at(first + at);
            let words = clause.title().map_or("", |title| title);
            let annex = annexes.get(at as usize).filter(|_| !self.alone).map(|index| &self.plan.chapters[*index]);
            let text = annex.map_or_else(|| Inline::words(words), |annex| Inline::reference(&*annex.id, words));
            Clause {
                anchor: clause.anchor().into_owned(),
                number: self.number(first + at),
                condition: None,
                blocks: vec![Block::Paragraph { text: vec![text] }],
            }
        };
        let level = self.facts.clauses.get(first)?.level();
        Some(Block::Clauses { level, items: (0..count).map(item).collect() })
    }

    fn table(&self, table: &document::Table<'_>) -> Block {
        let align = |alignment: Option<Alignment>| match alignment {
            Some(Alignment::Center) => "center",
            Some(Alignment::Right) => "right",
            _ => "left",
        };
        let column = |(alignment, title)| Column { title: self.inlines(title), width: None, align: align(alignment) };
        let cell = |cell| self.paragraph(cell).into_iter().collect();
        let columns: Vec<Column> = table.aligned(table.head).map(column).collect();
        let rows = table.rows.iter().map(|row| Row::new(row.iter().map(cell).collect(), &columns)).collect();
        Block::Table { columns, landscape: false, rows, blank_rows: Vec::new() }
    }

    fn data_table(&self, reference: &document::DataTable<'_>) -> Option<Block> {
        let table = self.plan.data.table(reference.name)?;
        let column = |field: &data::Field| {
            let counted = field.format == Format::RowNumber;
            Column {
                title: vec![Inline::Words(field.title.clone())],
                width: Some(field.width.unwrap_or(if counted { 0 } else { 3 })),
                align: if counted { "center" } else { "left" },
            }
        };
        let columns: Vec<Column> = table.fields.iter().map(column).collect();
        let row = |(at, row): (usize, &data::Row)| {
            let cells = table.fields.iter().zip(&row.cells);
            Row::new(cells.map(|(field, cell)| self.cell(field, Some(cell), at + 1)).collect(), &columns)
        };
        let blank = |at: usize| Row::new(table.fields.iter().map(|field| self.cell(field, None, at)).collect(), &columns);
        let (first, count) = (table.rows.len() + 1, usize::from(reference.blank_rows));
        Some(Block::Table {
            // A form that lies across already has no page to turn.
            landscape: reference.orientation == Orientation::Landscape && self.chapter.front.orientation == Orientation::Portrait,
            rows: table.rows.iter().enumerate().map(row).collect(),
            blank_rows: (first..first + count).map(blank).collect(),
            columns,
        })
    }

    /// A cell of a data table; `None` is one for a pen, in which choices keep their boxes.
    fn cell(&self, field: &data::Field, cell: Option<&Cell>, row: usize) -> Vec<Block> {
        if field.format == Format::RowNumber {
            return vec![Block::words(row.to_string())];
        }
        let unticked = vec![false; field.choices.len()];
        match cell {
            Some(Cell::Text(text)) => {
                if let Some((unit, number)) = field.unit.as_deref().and_then(|unit| Some((unit, text.strip_suffix(unit)?))) {
                    return vec![Block::Paragraph { text: vec![Inline::words(number), Inline::whole(unit)] }];
                }
                let lines: Vec<Vec<Inline>> = text.trim_end().lines().map(|line| vec![Inline::words(line)]).collect();
                vec![Block::Paragraph { text: Inline::lines(lines) }]
            }
            Some(Cell::Blank(width)) => {
                let unit = Inline::whole(field.unit.as_deref().unwrap_or_default());
                vec![Block::Paragraph { text: vec![Inline::words(circles(*width)), unit] }]
            }
            Some(Cell::Choices(ticked)) => choices(field, ticked),
            Some(Cell::Markdown(fragment)) => self.blocks(fragment.tree.blocks()),
            Some(Cell::Boolean(value)) => vec![Block::words(yes_or_no(self.plan, *value))],
            None | Some(Cell::Empty) if field.kind == FieldType::List => choices(field, &unticked),
            None | Some(Cell::Empty | Cell::RowNumber) => Vec::new(),
        }
    }

    /// A field that is about so many characters wide.
    fn field(&self, field: &document::Field<'_>, width: usize) -> Field {
        let (label, preprinted) = (self.inlines(field.label), self.inlines(field.preprinted));
        let choices: Vec<Vec<Inline>> = field.choices.iter().map(|choice| self.inlines(choice)).collect();
        let printed = lines_of(&preprinted, width) + choices.iter().map(|choice| lines_of(choice, width)).sum::<usize>();
        Field { tall: printed.max(usize::from(field.rows)) > PAGE.1, rows: field.rows, label, preprinted, choices }
    }

    /// The name of a picture that exists.
    pub(super) fn picture(&self, url: &str) -> Option<String> {
        asset_name(url).filter(|name| self.sources.assets().contains_key(name.as_str()))
    }
}

/// How many characters of a table's size a page is wide, and how many lines of them a row may surely have on one page.
const PAGE: (usize, usize) = (42, 30);

impl Row {
    fn new(cells: Vec<Vec<Block>>, columns: &[Column]) -> Self {
        let share = |column: &Column| usize::from(column.width.unwrap_or(1));
        let all: usize = columns.iter().map(share).sum();
        let lines = |(column, cell): (&Column, &Vec<Block>)| lines(cell, (PAGE.0 * share(column) / all.max(1)).max(1));
        let tall = columns.iter().zip(&cells).map(lines).max().unwrap_or(0) > PAGE.1;
        Self { cells, tall }
    }
}

/// About how many lines blocks take in a column of so many characters; the template measures what may be more than a page, as a picture.
fn lines(blocks: &[Block], width: usize) -> usize {
    let of = |block: &Block| match block {
        Block::Paragraph { text } if text.iter().any(Inline::is_picture) => PAGE.1 + 1,
        Block::Paragraph { text } => lines_of(text, width),
        Block::Choices { items } => items.iter().map(|item| lines_of(item, width)).sum(),
        Block::List { items, .. } => items.iter().map(|item| lines(item, width)).sum(),
        Block::Quote { blocks } | Block::Alternative { blocks, .. } => lines(blocks, width),
        Block::Code { text } => text.lines().map(|line| line.chars().count() / width + 1).sum(),
        Block::Rule => 1,
        _ => PAGE.1 + 1,
    };
    blocks.iter().map(of).sum()
}

/// About how many lines a paragraph takes.
fn lines_of(text: &[Inline], width: usize) -> usize {
    text.iter().map(Inline::length).sum::<usize>() / width.max(1) + 1
}

fn decision(fact: Fact) -> Decision {
    match fact {
        Fact::Decision(decision) => decision,
        _ => Decision::Holds,
    }
}

fn choices(field: &data::Field, ticked: &[bool]) -> Vec<Block> {
    let choice = |(choice, ticked): (&data::Choice, &bool)| vec![Inline::checkbox(*ticked), Inline::words(&choice.label)];
    let items: Vec<Vec<Inline>> = field.choices.iter().zip(ticked).map(choice).collect();
    if items.is_empty() { Vec::new() } else { vec![Block::Choices { items }] }
}
