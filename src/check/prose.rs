//! The words that readers see, run by run.
//!
//! In: the blocks of a chapter of a resolved plan. Out: a [`Run`] for each paragraph, heading, cell, field, title, caption, unit and
//! head of a table that belongs to the plan, in printed order, with its place. Guidance and comments are no part of it. What a run means is the
//! business of the rules.

use super::{
    cell::Cells,
    words_place::{visible, without_addresses},
};
use crate::{
    diagnostic::{Fix, Span},
    document::{
        Block, BlockKind, Chapter, Field, Image, Inline, Inlines, Label, LawReference, Reference, ValueReference, plain_text,
        write_plain_text,
    },
    parse,
    resolve::{
        Plan,
        data::{Cell, Table},
        visit::{Context, visit_blocks},
        words,
    },
    source::Sources,
};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::borrow::Cow;

/// Stands in a run's own words for what the plan puts there: a value, a title, an article. A text may hold it, and is then only looked at
/// with less care.
pub(super) const PUT_THERE: char = '\u{fffc}';

/// The same as a text, for code.
const CODE: &str = "\u{fffc}";

/// Every run of a chapter, in printed order.
pub(super) struct Runs<'a> {
    plan: &'a Plan,
    /// The part that the chapter belongs to, by index.
    part: usize,
    /// The own words of all runs, each with a line end behind it.
    text: String,
    parts: Vec<Part<'a>>,
    tables: Vec<Cells>,
}

/// A run but for its words.
struct Part<'a> {
    /// Where its own words end.
    end: usize,
    inlines: Option<Inlines<'a>>,
    span: Span,
    context: Context<'a>,
    /// For a cell of a Markdown table: which table, and which of its cells.
    cell: Option<(u32, u32)>,
    head: Option<Head<'a>>,
}

/// Where words stand that are above or below a text; they are searched for only when a finding needs it.
#[derive(Clone, Copy)]
enum Head<'a> {
    /// A field of the front matter.
    Front(&'static str),
    /// A caption, in the source of its picture.
    Caption(&'a str),
    /// The title of a data table or one of its columns.
    Table(&'a Table, usize),
}

/// A paragraph, heading, cell or field.
pub(super) struct Run<'a> {
    /// The words that stand in the source; what the plan puts among them is one character, [`PUT_THERE`], that hardly any text holds.
    pub own: &'a str,
    /// `None` for a cell that is words and nothing else.
    inlines: Option<Inlines<'a>>,
    span: Span,
    context: Context<'a>,
    cell: Option<(&'a Cells, usize)>,
    head: Option<Head<'a>>,
}

impl<'a> Runs<'a> {
    /// None yet of a chapter.
    pub(super) fn none(plan: &'a Plan, chapter: usize) -> Self {
        Self { plan, part: plan.facts[chapter].part, text: String::new(), parts: Vec::new(), tables: Vec::new() }
    }

    /// Those of a chapter.
    pub(super) fn of(plan: &'a Plan, chapter: usize) -> Self {
        let mut runs = Self::none(plan, chapter);
        visit_blocks(&plan.chapters[chapter], &plan.facts[chapter], &plan.data, &mut |block, context| runs.see(block, context));
        runs
    }

    /// Adds what stands above a chapter's text.
    pub(super) fn above(&mut self, chapter: &'a Chapter) {
        let front = &chapter.front;
        for (key, words) in [("title", Some(&front.title)), ("unit", front.unit.as_ref())] {
            let Some(words) = words else { continue };
            self.head(words, Span::whole(chapter.file), Context::default(), Head::Front(key));
        }
    }

    /// Adds the caption of a picture.
    pub(super) fn caption(&mut self, image: &Image<'a>, context: Context<'a>) {
        if !context.guidance && !image.caption.is_empty() {
            self.head(image.caption, image.span, context, Head::Caption(image.caption));
        }
    }

    /// Adds what stands above the rows of a data table.
    pub(super) fn heads(&mut self, name: &str, context: Context<'a>) {
        let Some(table) = self.plan.data.table(name).filter(|_| !context.guidance) else { return };
        for (nth, (words, _)) in table.heads().enumerate() {
            self.head(words, Span::whole(table.file), context, Head::Table(table, nth));
        }
    }

    fn head(&mut self, words: &str, span: Span, context: Context<'a>, head: Head<'a>) {
        self.text.push_str(words);
        self.end(None, span, context, None);
        if let Some(part) = self.parts.last_mut() {
            part.head = Some(head);
        }
    }

    /// Adds those of the chapter's next block.
    pub(super) fn see(&mut self, block: Block<'a>, context: Context<'a>) {
        if context.guidance {
            return;
        }
        let mut add = |inlines, span| self.add(inlines, span, context, None);
        match block.kind {
            BlockKind::Section(section) => add(section.title, section.heading),
            BlockKind::Paragraph(inlines) => add(inlines, block.span),
            BlockKind::Table(table) => {
                let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
                let at = number(self.tables.len());
                self.tables.push(Cells::new(table.head.iter().count()));
                for (nth, cell) in table.lines().flatten().enumerate() {
                    // In a cell of data, nobody knows where its lines begin.
                    self.add(cell, block.span, context, (!context.is_in_cell()).then(|| (at, number(nth))));
                }
            }
            BlockKind::Fields(fields) => {
                fields.fields.iter().flat_map(Field::words).for_each(|part| add(part, block.span));
            }
            BlockKind::Signature(roles) => roles.iter().for_each(|role| add(role, block.span)),
            BlockKind::DataTable(reference) => {
                let Some(table) = self.plan.data.table(reference.name) else { return };
                for (row, cells) in table.rows.iter().enumerate() {
                    for (column, cell) in cells.cells.iter().enumerate() {
                        let Cell::Text(text) = cell else { continue };
                        self.text.push_str(text);
                        self.end(None, block.span, context.in_cell(table, row, column), None);
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, inlines: Inlines<'a>, span: Span, context: Context<'a>, cell: Option<(u32, u32)>) {
        let start = self.text.len();
        write_own(inlines, &mut self.text);
        let own = &self.text[start..];
        // What the plan puts there may be nothing.
        if own.chars().all(|c| c == PUT_THERE || c.is_whitespace())
            && (own.is_empty() || words::of(self.plan, Some(self.part), inlines).is_empty())
        {
            return self.text.truncate(start);
        }
        self.end(Some(inlines), span, context, cell);
    }

    fn end(&mut self, inlines: Option<Inlines<'a>>, span: Span, context: Context<'a>, cell: Option<(u32, u32)>) {
        self.parts.push(Part { end: self.text.len(), inlines, span, context, cell, head: None });
        self.text.push('\n');
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = Run<'_>> {
        (0..self.parts.len()).filter_map(|at| self.get(at))
    }

    /// The words of one of them as readers see them.
    pub(super) fn words<'r>(&self, run: &Run<'r>) -> Cow<'r, str> {
        // Without anything that the plan puts there, these are its own.
        match run.inlines {
            Some(inlines) if run.own.contains(PUT_THERE) => words::of(self.plan, Some(self.part), inlines).into(),
            _ => Cow::Borrowed(run.own),
        }
    }

    fn get(&self, at: usize) -> Option<Run<'_>> {
        let part = self.parts.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.parts[before].end + 1);
        let cell = part.cell.and_then(|(table, nth)| Some((self.tables.get(table as usize)?, nth as usize)));
        let Part { end, inlines, span, context, head, .. } = *part;
        Some(Run { own: &self.text[start..end], inlines, span, context, cell, head })
    }

    /// Those whose own words hold something; `first` says where the first of it begins in a text. All words are read once, and of a run no
    /// more than up to there.
    pub(super) fn holding(&self, first: impl Fn(&str) -> Option<usize>) -> impl Iterator<Item = Run<'_>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + first(self.text.get(from..)?)?;
            let nth = self.parts.partition_point(|part| part.end < at);
            from = self.parts.get(nth)?.end + 1;
            self.get(nth)
        })
    }
}

impl Run<'_> {
    /// Whether it is words and nothing else, whatever signs they hold.
    pub(super) fn is_plain(&self) -> bool {
        self.inlines.is_none()
    }

    /// For the head of a column that a CSV calls by its title: where it has it, and where the title itself stands. Whoever rewords one has to
    /// do so in both.
    pub(super) fn in_csv(&self, sources: &Sources) -> Option<(Span, Span)> {
        let Some(Head::Table(table, nth)) = self.head else { return None };
        let column = nth.checked_sub(usize::from(table.title.is_some()))?;
        let (there, (_, place)) = table.csv_heads.get(column).copied().flatten().zip(table.heads().nth(nth))?;
        Some((there, place(sources)))
    }

    /// Whether its words are those of another text, which stay as they are there.
    pub(super) fn is_quoted(&self) -> bool {
        self.context.quoted
    }

    /// Where it stands.
    pub(super) fn place(&self, sources: &Sources) -> Span {
        let span = self.context.place(self.span, sources);
        match self.head {
            Some(Head::Front(key)) => return parse::place_in_front_matter(sources, span.file, key),
            Some(Head::Table(table, nth)) => return table.heads().nth(nth).map_or(span, |(_, place)| place(sources)),
            // The description before it may say the same.
            Some(Head::Caption(words)) => {
                return sources.slice(span).rfind(words).map_or(span, |at| span.within(at, at + words.len()));
            }
            None => {}
        }
        self.cell.map_or(span, |(cells, nth)| cells.place(span, nth, sources))
    }

    /// Its own words but for code and addresses, which nobody may reword.
    pub(super) fn prose(&self) -> Cow<'_, str> {
        let own = match self.inlines {
            Some(inlines) if holds_code(inlines) => plain_text(without_code(inlines), &mut own_words).into(),
            _ => Cow::Borrowed(self.own),
        };
        without_addresses(own)
    }

    /// The values among its own words, each with where it stands there.
    pub(super) fn values(&self) -> impl Iterator<Item = (usize, ValueReference<'_>)> {
        let put = self.inlines.into_iter().flat_map(put_there);
        self.own.match_indices(PUT_THERE).zip(put).filter_map(|((at, _), value)| Some((at, value?)))
    }

    /// The place for a finding about a part of it: the part's own, or in a data table the cell's.
    pub(super) fn place_of_part(&self, part: Span, sources: &Sources) -> Span {
        self.context.place(part, sources)
    }

    /// Its own words without those of references, which name what they lead to.
    pub(super) fn bare(&self) -> String {
        self.inlines
            .map_or_else(|| self.own.to_owned(), |inlines| plain_text(inlines, &mut |_| PUT_THERE.to_string()))
    }

    /// Where some of its own words stand: the occurrence with this number, from 0; the run itself where they cannot be found.
    pub(super) fn place_of(&self, needle: &str, occurrence: usize, sources: &Sources) -> Span {
        let place = self.place(sources);
        let found = visible(sources.slice(place))
            .flat_map(|(at, piece)| piece.match_indices(needle).map(move |(within, _)| at + within))
            .nth(occurrence);
        found.map_or(place, |at| place.within(at, at + needle.len()))
    }
}

/// The change of what stands at a place; `None` where that is not what stands there as it is written, and somebody has to look.
pub(super) fn fix(place: Span, written: &str, right: String, sources: &Sources) -> Option<Fix> {
    (sources.slice(place) == written).then_some(Fix { span: place, text: right })
}

/// Something that says quickly where the first of some words stands: most runs hold none. `None` when there are no words.
pub(super) fn first_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<AhoCorasick> {
    let words: Vec<&str> = words.into_iter().collect();
    // Where the leftmost one is asked for, many bytes are looked at in one step.
    let mut builder = AhoCorasick::builder();
    let builder = builder.match_kind(MatchKind::LeftmostFirst).kind(Some(AhoCorasickKind::DFA));
    builder.build(&words).ok().filter(|_| !words.is_empty())
}

/// Something that finds each of some words, within one another too.
pub(super) fn every_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<AhoCorasick> {
    AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(words).ok()
}

fn write_own(inlines: Inlines<'_>, out: &mut String) {
    write_plain_text(inlines, &mut own_words, out);
}

/// What the source itself says where the plan may put something.
fn own_words(inline: Inline<'_>) -> String {
    match inline {
        Inline::Reference(reference) => label(reference.label),
        Inline::Law(law) => label(law.label),
        _ => PUT_THERE.to_string(),
    }
}

/// Everything for which [`PUT_THERE`] stands in the own words of a run, and which of it is a value.
fn put_there(inlines: Inlines<'_>) -> impl Iterator<Item = Option<ValueReference<'_>>> {
    inlines.deep_beyond_words().filter_map(|inline| match inline {
        Inline::Value(value) => Some(Some(value)),
        Inline::Reference(Reference { label, .. }) | Inline::Law(LawReference { label, .. }) if !matches!(label, Label::Words(_)) => {
            Some(None)
        }
        _ => None,
    })
}

fn holds_code(inlines: Inlines<'_>) -> bool {
    inlines.deep_beyond_words().any(|inline| matches!(inline, Inline::Code(_)))
}

/// A run of inlines without its emphasis and links, and with one character for each piece of code.
fn without_code(inlines: Inlines<'_>) -> impl Iterator<Item = Inline<'_>> {
    inlines.deep().filter_map(|inline| match inline {
        Inline::Emphasis(_) | Inline::Strong(_) | Inline::Link(_) => None,
        Inline::Code(_) => Some(Inline::Text(CODE)),
        other => Some(other),
    })
}

fn label(label: Label<'_>) -> String {
    match label {
        Label::Words(words) => words.to_owned(),
        _ => PUT_THERE.to_string(),
    }
}
