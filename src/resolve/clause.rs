//! The numbered clauses of a chapter.
//!
//! In: clauses in document order, each with the one that holds it. Out: [`Clauses`], each of which is a [`Clause`] to be asked. A plan of ten
//! thousand chapters has hundreds of thousands of clauses: what follows from the clauses above, such as the number and the address of an
//! item without an id, is worked out when it is asked for. How ordinals are counted is the business of `walk`.

use super::{
    number::{Number, Step},
    position::Positions,
};
use crate::{
    diagnostic::{FileId, Span},
    document::{Chapter, Text, kept},
    numeral::arabic,
};
use std::{
    borrow::Cow,
    iter::successors,
    sync::{Arc, OnceLock},
};

/// The numbered clauses of a chapter, in document order.
#[derive(Debug)]
pub struct Clauses {
    /// The chapter's id, file and number.
    id: Arc<str>,
    file: FileId,
    number: Number,
    rows: Vec<Row>,
    /// What is written of some, each with the clause's index, in order.
    written: Vec<(u32, Written)>,
    positions: OnceLock<Positions>,
}

/// A clause as it is kept.
#[derive(Debug)]
struct Row {
    /// Two things in one number. The lowest bit says whether the clause has an entry in [`Clauses::written`], which most items have not. The
    /// bits above are one more than the index of the clause that holds it, or 0 where the chapter itself does.
    holder: u32,
    step: Step,
    start: u32,
    end: u32,
}

impl Row {
    fn is_written(&self) -> bool {
        self.holder & 1 != 0
    }
}

/// What is written of a clause.
#[derive(Debug)]
pub(super) struct Written {
    /// Its address.
    pub anchor: Text,
    /// Whether the address is a written id.
    pub explicit: bool,
    /// Its title.
    pub title: Option<Text>,
    /// If it is a heading, where everything below it ends.
    pub heading: Option<u32>,
}

/// A clause that is to be added.
pub(super) struct Counted {
    /// The clause that holds it, by index; `None` for the chapter.
    pub holder: Option<u32>,
    pub level: u8,
    pub ordinal: u32,
    pub span: Span,
    pub written: Option<Written>,
}

/// One numbered clause.
#[derive(Clone, Copy, Debug)]
pub struct Clause<'a> {
    all: &'a Clauses,
    index: u32,
    row: &'a Row,
}

impl Clauses {
    pub(super) fn new(chapter: &Chapter, number: Number) -> Self {
        Self {
            id: Arc::clone(&chapter.id),
            file: chapter.file,
            number,
            rows: Vec::new(),
            written: Vec::new(),
            positions: OnceLock::new(),
        }
    }

    /// Adds a clause, and returns its index.
    pub(super) fn push(&mut self, clause: Counted) -> u32 {
        let Counted { holder, level, ordinal, span, written } = clause;
        let index = self.count();
        let holder = holder.map_or(0, |holder| holder + 1) << 1 | u32::from(written.is_some());
        self.rows.push(Row { holder, step: Step::new(level, ordinal), start: span.start, end: span.end });
        self.written.extend(written.map(|written| (index, written)));
        index
    }

    /// The same in no more room than they need.
    pub(super) fn kept(self) -> Self {
        Self { rows: kept(self.rows).into(), written: kept(self.written).into(), ..self }
    }

    /// Gives a heading the title that could be read only once everything had its number.
    pub(super) fn entitle(&mut self, index: u32, title: Text) {
        if let Ok(at) = self.written.binary_search_by_key(&index, |(clause, _)| *clause) {
            self.written[at].1.title = Some(title);
        }
    }

    /// Gives those made from data other titles whose address is one of some.
    pub(super) fn retitle_generated(&mut self, is_one: impl Fn(&str) -> bool, other: impl Fn(&str) -> Text) {
        // An item has no title, and a heading an extent.
        let generated = self.written.iter_mut().map(|(_, written)| written).filter(|written| written.heading.is_none());
        for written in generated.filter(|written| is_one(&written.anchor)) {
            written.title = written.title.as_deref().map(&other);
        }
    }

    /// Whether other chapters can say the same of these clauses as of others.
    pub(super) fn are_shown_as(&self, other: &Self) -> bool {
        let written = |(index, written): &(u32, Written)| {
            (*index, written.anchor.clone(), written.explicit, written.title.clone(), written.heading.is_some())
        };
        let shown = |row: &Row| (row.holder, row.step);
        self.id == other.id
            && self.number == other.number
            && self.rows.iter().map(shown).eq(other.rows.iter().map(shown))
            && self.written.iter().map(written).eq(other.written.iter().map(written))
    }

    /// The id of the chapter.
    #[must_use]
    pub fn chapter(&self) -> &str {
        &self.id
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// A clause, by index.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<Clause<'_>> {
        self.rows.get(index as usize).map(|row| Clause { all: self, index, row })
    }

    /// A clause that there is, by index.
    #[must_use]
    pub fn at(&self, index: u32) -> Clause<'_> {
        Clause { all: self, index, row: &self.rows[index as usize] }
    }

    /// The clause with an address by position, by index.
    pub(super) fn positioned(&self, address: &str) -> Option<u32> {
        self.positions.get_or_init(|| Positions::of(self)).find(address, self)
    }

    /// The innermost clause that holds a place of the chapter's file, by index.
    #[must_use]
    pub fn holding(&self, span: Span) -> Option<u32> {
        // What begins last before the place is inside of everything that holds it.
        let last = self.rows.partition_point(|row| row.start <= span.start).checked_sub(1)?;
        let clause = self.get(u32::try_from(last).ok()?);
        successors(clause, |clause| clause.holder())
            .find(|clause| span.start < clause.extent().end)
            .map(|clause| clause.index)
    }

    /// All of them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Clause<'_>> + ExactSizeIterator {
        (0..self.count()).map(|index| self.at(index))
    }
}

impl<'a> Clause<'a> {
    /// Its index.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// The clause that holds it; `None` when the chapter does.
    #[must_use]
    pub fn holder(self) -> Option<Self> {
        (self.row.holder >> 1).checked_sub(1).map(|index| self.all.at(index))
    }

    fn written(self) -> Option<&'a Written> {
        if !self.row.is_written() {
            return None;
        }
        let written = &self.all.written;
        written.binary_search_by_key(&self.index, |(clause, _)| *clause).ok().map(|at| &written[at].1)
    }

    /// Its address. An item without an id has that of its heading with the ordinals from there down.
    #[must_use]
    pub fn anchor(self) -> Cow<'a, str> {
        if let Some(written) = self.written() {
            return Cow::Borrowed(&written.anchor);
        }
        let mut anchor = String::with_capacity(self.all.id.len() + 24);
        self.write_position(&mut anchor);
        Cow::Owned(anchor)
    }

    /// Writes the address that it would have as an item without an id.
    fn write_position(self, out: &mut String) {
        match self.holder() {
            None => out.push_str(&self.all.id),
            Some(holder) if holder.is_heading() => out.push_str(&holder.anchor()),
            Some(holder) => holder.write_position(out),
        }
        out.push('.');
        arabic(self.row.step.ordinal(), out);
    }

    /// Whether the address is a written id, which stays, or a position, which may shift.
    #[must_use]
    pub fn is_explicit(self) -> bool {
        self.written().is_some_and(|written| written.explicit)
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> Number {
        let steps = successors(Some(self), |clause| clause.holder()).map(|clause| clause.row.step);
        self.all.number.below(steps)
    }

    /// Its level: 2 for a heading `##`.
    #[must_use]
    pub fn level(self) -> u8 {
        self.row.step.level()
    }

    /// A heading's words, or the title of a law or annex in a list.
    #[must_use]
    pub fn title(self) -> Option<&'a Text> {
        self.written().and_then(|written| written.title.as_ref())
    }

    /// Whether it is a heading.
    #[must_use]
    pub fn is_heading(self) -> bool {
        self.written().is_some_and(|written| written.heading.is_some())
    }

    /// Where it stands: the heading or the item.
    #[must_use]
    pub fn span(self) -> Span {
        Span { file: self.all.file, start: self.row.start, end: self.row.end }
    }

    /// The whole clause with everything below it.
    #[must_use]
    pub fn extent(self) -> Span {
        let end = self.written().and_then(|written| written.heading).unwrap_or(self.row.end);
        Span { end, ..self.span() }
    }
}
