//! What can be found on one page.
//!
//! In: a chapter or annex of a plan. Out: a [`Page`], with an [`Entry`] for each heading, form number, clause, paragraph outside of clauses,
//! table row, form and footnote that readers see, in document order. Guidance, comments and what a condition removed are no part of it.

use crate::{
    document::{Block, BlockKind, Blocks, Chapter, Fields, Footnote, Inline, Inlines, Item, Kind, List, ListKind, Table, captions},
    resolve::{
        Clause, Decision, Fact, Facts, FootnoteFact, Plan,
        data::{self, Cell},
        words,
    },
};
use std::borrow::Cow;

/// What stands between the entries of a page as scripts hold it, and before an entry's address and its text: ASCII's own separators,
/// which no text has.
pub(super) const RECORD: char = '\u{1e}';
const ANCHOR: char = '\u{1c}';
const TEXT: char = '\u{1f}';
/// What stands for something that follows from what is there already; no text has it either.
const DERIVED: char = '\t';

/// What an entry is; the order is that of the engine's field weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Chapter,
    Section,
    Subsection,
    Annex,
    Clause,
    Row,
    Footnote,
}

/// One thing that can be found.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub field: Field,
    /// How deep it stands: 0 is the page itself. What it belongs to is the nearest numbered entry before it that stands less deep.
    pub depth: u8,
    /// Its number without that of what it belongs to; empty for what has no number of its own.
    pub number: Cow<'a, str>,
    /// Its address: empty for that of what it belongs to; `.1` below that; `#3` for the page's third row; else the whole id.
    pub anchor: Cow<'a, str>,
    pub text: Cow<'a, str>,
}

/// One page.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub entries: Vec<Entry<'a>>,
    script: String,
}

impl<'a> Page<'a> {
    /// Reads a chapter or annex.
    pub(super) fn new(plan: &'a Plan, index: usize) -> Self {
        let (chapter, facts) = (&*plan.chapters[index], &plan.facts[index]);
        let number = facts.number.own(chapter.kind, plan.style()).into();
        let field = if chapter.kind == Kind::Annex { Field::Annex } else { Field::Chapter };
        let title = Entry { field, depth: 0, number, anchor: (&*chapter.id).into(), text: plan.listed_title(index) };
        let mut notes: Vec<_> = facts.printed_notes(chapter).collect();
        notes.sort_unstable_by_key(|(_, fact)| (fact.clause, fact.number));
        let entries = Vec::with_capacity(facts.clauses.count() as usize + 8);
        let mut reader = Reader { plan, chapter, facts, entries, notes, rows: 0 };
        reader.entries.push(title);
        let page = Holder { anchor: &chapter.id, depth: 0 };
        reader.cells(chapter.front.number.iter().cloned(), page, Cow::default());
        reader.footnotes(None, page);
        reader.blocks(chapter.tree.blocks(), page, None);
        let entries = reader.entries;
        // The title of its part tells the pages of a plan in several parts from one another.
        let part = plan.named_part(facts.part);
        let script = script(part.unwrap_or_default(), &entries);
        Self { entries, script }
    }

    /// The page as scripts hold it: in a plan of several parts the part's title, and its entries, with [`RECORD`] before each. The page's
    /// path follows from the first entry.
    pub(super) fn script(&self) -> &str {
        &self.script
    }
}

/// Writes a page as scripts hold it. An entry is a digit for the field, one for the depth, the number, the anchor and the text. Most
/// numbers and addresses follow from those before, so that [`DERIVED`] stands for them.
fn script(part: &str, entries: &[Entry<'_>]) -> String {
    let mut out = String::with_capacity(entries.iter().map(|entry| entry.text.len() + 32).sum());
    push(part, &mut out);
    // The numbered entries that the next one may stand under, with their numbers.
    let (mut above, mut rows): (Vec<(u8, &str)>, _) = (Vec::new(), 0);
    let mut digits = String::new();
    for Entry { field, depth, number, anchor, text } in entries {
        let depth = depth.min(&9);
        out.push(RECORD);
        out.push(char::from(b'0' + *field as u8));
        // No plan has ten levels.
        out.push(char::from(b'0' + depth));
        let mut before = None;
        while let Some((_, number)) = above.pop_if(|(before, _)| *before >= *depth) {
            before = Some(number);
        }
        if before.is_some_and(|before| is_next(before, number)) {
            out.push(DERIVED);
        } else {
            push(number, &mut out);
        }
        if !number.is_empty() && *field < Field::Row {
            above.push((*depth, number));
        }
        out.push(ANCHOR);
        digits.clear();
        digits.extend(number.chars().filter(char::is_ascii_digit));
        if let Some(row) = anchor.strip_prefix('#').and_then(|row| row.parse::<u32>().ok()) {
            rows += 1;
            if row == rows {
                out.push('#');
            } else {
                push(anchor, &mut out);
                rows = row;
            }
        } else if let Some(before) = anchor.strip_suffix(&*digits).filter(|_| !digits.is_empty()) {
            push(before, &mut out);
            out.push(DERIVED);
        } else {
            push(anchor, &mut out);
        }
        out.push(TEXT);
        push(text, &mut out);
    }
    out
}

/// Writes a text. Code has lines, which a phrase goes on over.
fn push(text: &str, out: &mut String) {
    // Every control character has one of these bytes.
    if text.bytes().fold(false, |found, byte| found | matches!(byte, 0..=0x1f | 0x7f | 0xc2)) {
        out.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    } else {
        out.push_str(text);
    }
}

/// Whether a number comes after another one: it is the same but for its first digits, which are one more and written alike.
fn is_next(before: &str, number: &str) -> bool {
    let parts = |number| {
        let number: &str = number;
        let start = number.find(|c: char| c.is_ascii_digit())?;
        let length = number[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len() - start);
        let digits = &number[start..start + length];
        Some((&number[..start], digits, &number[start + length..]))
    };
    let (Some(one), Some(other)) = (parts(before), parts(number)) else { return false };
    let next = one.1.parse::<u32>().ok().and_then(|value| value.checked_add(1));
    // As numbers are written: `01` comes after none.
    (one.0, one.2) == (other.0, other.2) && !other.1.starts_with('0') && next.is_some() && other.1.parse().ok() == next
}

/// Writes a text as scripts quote it.
pub(super) fn quote(text: &str, out: &mut String) {
    out.push('"');
    // A fast path: nearly no text has either sign, and is then copied as a whole.
    if memchr::memchr2(b'"', b'\\', text.as_bytes()).is_some() {
        for c in text.chars() {
            if matches!(c, '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
    } else {
        out.push_str(text);
    }
    out.push('"');
}

/// What holds a block: the clause, or the page itself.
#[derive(Clone, Copy)]
struct Holder<'a> {
    anchor: &'a str,
    depth: u8,
}

struct Reader<'a> {
    plan: &'a Plan,
    chapter: &'a Chapter,
    facts: &'a Facts,
    entries: Vec<Entry<'a>>,
    /// The footnotes with where they are marked, clause by clause.
    notes: Vec<(Footnote<'a>, FootnoteFact)>,
    /// How many table rows there were on the page.
    rows: u32,
}

impl<'a> Reader<'a> {
    /// Reads blocks; `into` is the clause whose text they are, by position, and without one each paragraph stands for itself.
    fn blocks(&mut self, blocks: Blocks<'a>, holder: Holder<'_>, into: Option<usize>) {
        for block in blocks {
            self.block(block, holder, into);
        }
    }

    fn block(&mut self, block: Block<'a>, holder: Holder<'_>, into: Option<usize>) {
        match block.kind {
            BlockKind::Section(section) => {
                let Fact::Clause(index, _) = self.facts.of(section.node) else { return };
                let clause = self.facts.clauses.at(index);
                let field = if section.level == 2 { Field::Section } else { Field::Subsection };
                let title = words::of(self.plan, Some(self.facts.part), section.title).into();
                self.clause(clause, index, field, title, holder, |reader, own, _| reader.blocks(section.blocks, own, None));
            }
            BlockKind::Paragraph(inlines) => self.words(inlines, holder, into),
            BlockKind::List(list) => self.list(&list, holder, into),
            BlockKind::Quote(blocks) => self.blocks(blocks, holder, into),
            BlockKind::Table(table) => self.table(&table, holder),
            BlockKind::Code(code) => self.text(code.text.trim().into(), holder, into),
            BlockKind::When { node, blocks, .. } => {
                if !matches!(self.facts.of(node), Fact::Absent | Fact::Decision(Decision::Fails)) {
                    self.blocks(blocks, holder, into);
                }
            }
            BlockKind::DataTable(reference) => {
                if let Some(table) = self.plan.data.table(reference.name) {
                    self.data_table(table, holder);
                }
            }
            BlockKind::Fields(fields) => self.fields(&fields, holder),
            BlockKind::Signature(roles) => {
                let roles = roles.iter().map(|role| run_words(self.plan, self.facts.part, role));
                self.cells(roles, holder, Cow::default());
            }
            BlockKind::Laws(node) | BlockKind::Annexes(node) => {
                let Fact::Clauses(first, count) = self.facts.of(node) else { return };
                for index in first..first + count {
                    let clause = self.facts.clauses.at(index);
                    let title = clause.title().map_or("", |title| title).into();
                    self.clause(clause, index, Field::Clause, title, holder, |_, _, _| {});
                }
            }
            BlockKind::Guidance(_) | BlockKind::ThematicBreak => {}
        }
    }

    /// Adds a clause with its footnotes, and then what stands in it.
    fn clause(
        &mut self,
        clause: Clause<'a>,
        index: u32,
        field: Field,
        text: Cow<'a, str>,
        holder: Holder<'_>,
        inside: impl FnOnce(&mut Self, Holder<'_>, usize),
    ) {
        let number = clause.number().own(self.chapter.kind, self.plan.style()).into();
        let depth = clause.level().saturating_sub(1).max(holder.depth + 1);
        let whole = clause.anchor();
        let anchor = match whole.strip_prefix(holder.anchor) {
            Some(below) if below.starts_with('.') => below.to_owned().into(),
            _ => whole.clone(),
        };
        let at = self.entries.len();
        self.entries.push(Entry { field, depth, number, anchor, text });
        let own = Holder { anchor: &whole, depth };
        self.footnotes(Some(index), own);
        inside(self, own, at);
        // An item left open says nothing that could be found.
        if field == Field::Clause && self.entries.len() == at + 1 && self.entries[at].text.is_empty() {
            self.entries.pop();
        }
    }

    fn list(&mut self, list: &List<'a>, holder: Holder<'_>, into: Option<usize>) {
        for item in list.items {
            match self.clause_of(list, &item) {
                Some((clause, index)) => {
                    self.clause(clause, index, Field::Clause, Cow::default(), holder, |reader, own, at| {
                        reader.blocks(item.blocks, own, Some(at));
                    });
                }
                None if list.kind == ListKind::Clauses => {}
                None => self.blocks(item.blocks, holder, into),
            }
        }
    }

    fn clause_of(&self, list: &List<'_>, item: &Item<'_>) -> Option<(Clause<'a>, u32)> {
        let facts = self.facts;
        match facts.of(item.node) {
            Fact::Clause(index, _) if list.kind == ListKind::Clauses => Some((facts.clauses.at(index), index)),
            _ => None,
        }
    }

    fn words(&mut self, inlines: Inlines<'a>, holder: Holder<'_>, into: Option<usize>) {
        // Most paragraphs are words and nothing else.
        let text = match inlines.only() {
            Some(Inline::Text(text)) => text.trim().into(),
            _ => run_words(self.plan, self.facts.part, inlines).into(),
        };
        self.text(text, holder, into);
    }

    fn text(&mut self, text: Cow<'a, str>, holder: Holder<'_>, into: Option<usize>) {
        if text.is_empty() {
            return;
        }
        match into {
            Some(at) => {
                let whole = &mut self.entries[at].text;
                if whole.is_empty() {
                    *whole = text;
                } else {
                    let whole = whole.to_mut();
                    whole.push(' ');
                    whole.push_str(&text);
                }
            }
            None => self.push(Field::Clause, text, holder, Cow::default()),
        }
    }

    fn push(&mut self, field: Field, text: Cow<'a, str>, holder: Holder<'_>, anchor: Cow<'a, str>) {
        self.entries.push(Entry { field, depth: holder.depth + 1, number: Cow::default(), anchor, text });
    }

    /// Adds cells as one entry; nothing is found across their borders.
    fn cells(&mut self, cells: impl Iterator<Item = String>, holder: Holder<'_>, anchor: Cow<'a, str>) {
        let text = cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" | ");
        if !text.is_empty() {
            self.push(Field::Row, text.into(), holder, anchor);
        }
    }

    fn row(&mut self, cells: impl Iterator<Item = String>, holder: Holder<'_>) {
        self.rows += 1;
        self.cells(cells, holder, format!("#{}", self.rows).into());
    }

    fn table(&mut self, table: &Table<'_>, holder: Holder<'_>) {
        let (plan, part) = (self.plan, self.facts.part);
        self.cells(table.head.iter().map(|cell| run_words(plan, part, cell)), holder, Cow::default());
        for row in table.rows {
            self.row(row.iter().map(|cell| run_words(plan, part, cell)), holder);
        }
    }

    fn data_table(&mut self, table: &data::Table, holder: Holder<'_>) {
        self.cells(table.fields.iter().map(|field| field.title.clone()), holder, Cow::default());
        for row in &table.rows {
            let cells = table.fields.iter().zip(&row.cells).map(|(field, cell)| cell_words(self.plan, self.facts.part, field, cell));
            self.row(cells.collect::<Vec<_>>().into_iter(), holder);
        }
    }

    fn fields(&mut self, fields: &Fields<'_>, holder: Holder<'_>) {
        let (plan, part) = (self.plan, self.facts.part);
        let field = |field: crate::document::Field<'_>| {
            let words = field.words().map(|words| run_words(plan, part, words));
            words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
        };
        self.cells(fields.fields.iter().map(field), holder, Cow::default());
    }

    /// Adds the footnotes whose first mark stands in a clause, or in none.
    fn footnotes(&mut self, clause: Option<u32>, holder: Holder<'_>) {
        let start = self.notes.partition_point(|(_, fact)| fact.clause < clause);
        for (footnote, fact) in self.notes[start..].iter().take_while(|(_, fact)| fact.clause == clause) {
            let number = self.plan.term("note").replace("{n}", &fact.number.to_string()).into();
            let text = blocks_words(self.plan, self.facts.part, footnote.blocks).into();
            let anchor = fact.anchor().into();
            self.entries.push(Entry { field: Field::Footnote, depth: holder.depth + 1, number, anchor, text });
        }
    }
}

fn cell_words(plan: &Plan, part: usize, field: &data::Field, cell: &Cell) -> String {
    match cell {
        Cell::Choices(_) => field.choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(" "),
        Cell::Markdown(fragment) => blocks_words(plan, part, fragment.tree.blocks()),
        Cell::Text(_) | Cell::Blank(_) | Cell::Boolean(_) | Cell::Empty | Cell::RowNumber => words::of_cell(plan, field, cell),
    }
}

/// The words of a run of inlines, and behind them the captions of its pictures.
fn run_words(plan: &Plan, part: usize, inlines: Inlines<'_>) -> String {
    let mut out = words::of(plan, Some(part), inlines);
    captions(inlines, &mut |caption| out.extend([" ", caption]));
    out
}

/// The words of blocks that hold no clauses and no conditions: those of a cell or a footnote.
fn blocks_words(plan: &Plan, part: usize, blocks: Blocks<'_>) -> String {
    let words = |block: Block<'_>| match block.kind {
        BlockKind::Paragraph(inlines) => run_words(plan, part, inlines),
        BlockKind::List(list) => list.items.iter().map(|item| blocks_words(plan, part, item.blocks)).collect::<Vec<_>>().join(" "),
        BlockKind::Quote(blocks) => blocks_words(plan, part, blocks),
        BlockKind::Code(code) => code.text.trim().to_owned(),
        BlockKind::Table(table) => table.lines().flatten().map(|cell| run_words(plan, part, cell)).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    };
    blocks.iter().map(words).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_after_a_number_is_one_more_and_written_alike() {
        for (before, number) in [("1", "2"), ("(9)", "(10)"), ("附件9、2", "附件10、2"), ("007", "8")] {
            assert!(is_next(before, number), "{number} after {before}");
        }
        for (before, number) in
            [("1", "3"), ("1", "02"), ("1", "1"), ("9", "10."), ("(1)", "2"), ("一", "二"), ("4294967295", "0"), ("1", ""), ("", "1")]
        {
            assert!(!is_next(before, number), "{number} after {before}");
        }
    }

    #[test]
    fn what_follows_from_before_is_not_written_again() {
        let entry = |field, depth, number: &'static str, anchor: &'static str| Entry {
            field,
            depth,
            number: number.into(),
            anchor: anchor.into(),
            text: "\n".into(),
        };
        let entries = [
            entry(Field::Chapter, 0, "壹", "c"),
            entry(Field::Clause, 3, "1", ".1"),
            entry(Field::Clause, 4, "(1)", "own"),
            entry(Field::Clause, 3, "2", ".2"),
            entry(Field::Row, 4, "", "#1"),
            entry(Field::Row, 4, "", "#3"),
            entry(Field::Footnote, 4, "註7", "fn-7"),
            entry(Field::Clause, 3, "4", ".5"),
        ];
        let written = script("編", &entries).replace([RECORD, ANCHOR, TEXT], "|");
        assert_eq!(written, "編|00壹|c| |431|.\t| |44(1)|own| |43\t|.\t| |54|#| |54|#3| |64註7|fn-\t| |434|.5| ");
    }
}
