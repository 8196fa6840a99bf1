//! The plan as data for the print template.
//!
//! In: a plan. Out: [`Print`], plain structs whose fields are the print template's vocabulary, handed over as JSON. They hold no markup, so that
//! nothing in a plan can be run; numbers are text, as the plan wrote them. What a condition removed, guidance and comments are no part
//! of it: paper is for readers.

use crate::view::{ComparisonView, EditionView, SiteView};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that the print template reads.
#[derive(Serialize)]
pub(super) struct Print<'a> {
    pub site: SiteView,
    /// The theme's words.
    pub t: &'a BTreeMap<String, String>,
    /// Approved editions, oldest first.
    pub history: Vec<EditionView>,
    /// What the latest edition changed, or what has changed since; nothing in a first edition.
    pub comparison: Option<ComparisonView>,
    /// How deep the contents go: 1 is chapters, 2 sections, 3 subsections.
    pub contents_depth: u8,
    /// The families to set text in, the best first; only those that are there.
    pub fonts: &'a [String],
    /// One form alone, by the annex's id.
    pub single: Option<&'a str>,
    pub parts: Vec<Part>,
}

/// A part of the plan; a plan without parts has one without a title.
#[derive(Serialize)]
pub(super) struct Part {
    pub title: Option<String>,
    /// Whether contents, bookmarks and running heads name it: numbers begin anew in another part.
    pub named: bool,
    pub chapters: Vec<Chapter>,
    pub annexes: Vec<Chapter>,
}

/// A chapter or an annex.
#[derive(Serialize)]
pub(super) struct Chapter {
    /// The address.
    pub anchor: String,
    /// What stands before the title: `壹、` or `附件4`.
    pub label: String,
    pub title: String,
    /// What contents, bookmarks and running heads call it.
    pub listed_title: String,
    pub form_number: Option<String>,
    pub landscape: bool,
    /// The condition as long as it is undecided.
    pub condition: Option<String>,
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Block {
    /// A heading with what belongs to it; contents list it where `listed`.
    Section {
        anchor: String,
        level: u8,
        listed: bool,
        number: String,
        title: Vec<Inline>,
        condition: Option<String>,
        blocks: Vec<Block>,
    },
    Paragraph {
        text: Vec<Inline>,
    },
    Clauses {
        level: u8,
        items: Vec<Clause>,
    },
    List {
        ordered: bool,
        /// Of the items that do not count on from the one before.
        numbers: Vec<Option<u32>>,
        items: Vec<Vec<Block>>,
    },
    /// Boxes to tick, each with its words.
    Choices {
        items: Vec<Vec<Inline>>,
    },
    Quote {
        blocks: Vec<Block>,
    },
    Code {
        text: String,
    },
    Rule,
    Alternative {
        condition: String,
        blocks: Vec<Block>,
    },
    Picture {
        path: String,
        alternative: String,
        caption: String,
    },
    Table {
        columns: Vec<Column>,
        landscape: bool,
        rows: Vec<Row>,
        blank_rows: Vec<Row>,
    },
    Fields {
        columns: u8,
        fields: Vec<Field>,
    },
    Signatures {
        roles: Vec<Vec<Inline>>,
    },
}

/// A numbered clause of a list.
#[derive(Serialize)]
pub(super) struct Clause {
    pub anchor: String,
    pub number: String,
    pub condition: Option<String>,
    pub blocks: Vec<Block>,
}

/// A column of a table.
#[derive(Serialize)]
pub(super) struct Column {
    pub title: Vec<Inline>,
    /// Relative width from 1; 0 for a column of row numbers, `null` where the text decides.
    pub width: Option<u8>,
    /// `left`, `center` or `right`.
    pub align: &'static str,
}

/// A row of a table.
#[derive(Serialize)]
pub(super) struct Row {
    pub cells: Vec<Vec<Block>>,
    /// Whether it may be taller than a page, so that it may have to break.
    pub tall: bool,
}

/// One blank of a form.
#[derive(Serialize)]
pub(super) struct Field {
    pub label: Vec<Inline>,
    pub preprinted: Vec<Inline>,
    pub choices: Vec<Vec<Inline>>,
    /// Height in lines, at the least.
    pub rows: u8,
    /// Whether what is printed in it may be taller than a page.
    pub tall: bool,
}

/// A piece of running text: words as they are, or something with a type.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Inline {
    Words(String),
    Marked(Marked),
}

/// A piece of running text that is more than words.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Marked {
    Break,
    Code {
        words: String,
    },
    Emphasis {
        text: Vec<Inline>,
    },
    Strong {
        text: Vec<Inline>,
    },
    /// A link out of the plan.
    Link {
        url: String,
        text: Vec<Inline>,
    },
    /// A link to an address in the plan.
    Reference {
        anchor: String,
        words: String,
    },
    /// Words that no line's end parts.
    Whole {
        words: String,
    },
    Picture {
        path: String,
        alternative: String,
        caption: String,
    },
    /// A footnote's mark; the first one brings the note along.
    Note {
        id: String,
        number: String,
        blocks: Option<Vec<Block>>,
    },
}
