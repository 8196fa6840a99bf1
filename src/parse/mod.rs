//! From text to tree.
//!
//! In: the sources that `plan.yaml` lists, one chapter, or one cell's text. Out: a [`Manuscript`], a [`Chapter`] or a [`Fragment`], owned,
//! with its findings. Parsing never fails, and a tree depends on no other file: the same text always gives the same tree.

mod attributes;
mod cell_sign;
mod code_block;
mod condition;
mod directive;
mod entity;
mod footnote_mark;
mod foreign;
mod formula;
mod front_matter;
mod heading;
mod html;
mod inline;
mod item;
mod label;
mod lost_sign;
mod lower;
mod manuscript;
mod misread;
mod nest;
mod pasted_line;
mod row;
mod stray_directive;
mod text;
mod typed_number;

pub use front_matter::place as place_in_front_matter;
pub use inline::is_article;
pub use manuscript::{Manuscript, is_reserved, manuscript, reread};
pub use row::cells_of_row;
pub use stray_directive::is_named as is_directive;

use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span},
    document::{Chapter, FrontMatter, Kind, Tree, owned::Footnote},
    message,
    source::{self, Sources},
};
use comrak::{Arena, Options};
use lower::Lowering;
use std::sync::Arc;

/// A piece of Markdown that stands outside a chapter: a cell of a data table.
#[derive(Debug)]
pub struct Fragment {
    /// What it says.
    pub tree: Tree,
    /// How many bytes it was read from.
    pub bytes: usize,
    /// What was found wrong. Its places, as all of the tree, are those in the text: only the caller knows where a cell stands.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a chapter or an annex.
#[must_use]
pub fn chapter(sources: &Sources, file: FileId, id: &str, kind: Kind) -> Chapter {
    let source = sources.file(file);
    let mut chapter = Chapter {
        id: id.into(),
        kind,
        file,
        digest: source.digest,
        readable: source.readable,
        front: FrontMatter::new(id.to_owned(), Span::whole(file)),
        tree: Tree::empty(file),
        nodes: 0,
        diagnostics: Vec::new(),
    };
    if !source.readable {
        return chapter;
    }
    let (front, start) = front_matter::read(sources, file, kind, &mut chapter.diagnostics);
    if let Some(front) = front {
        chapter.front = front;
    }
    let mut lowering = Lowering::of_file(file, &source.text, start);
    let (blocks, footnotes) = lowering.document();
    (chapter.tree, chapter.nodes) = (Tree::new(file, &source.text, blocks, footnotes), lowering.nodes());
    chapter.diagnostics.append(&mut lowering.findings());
    source::meaningless(sources, file, &mut chapter.diagnostics);
    chapter
}

/// Reads one cell of a data file.
#[must_use]
pub fn fragment(text: &str, file: FileId) -> Fragment {
    let whole = Arc::new(text.to_owned());
    let mut lowering = Lowering::of_fragment(&whole, file);
    let (blocks, footnotes) = lowering.document();
    let mut diagnostics = lowering.findings();
    if let Some(footnote) = footnotes.first() {
        diagnostics.push(no_footnotes_here(footnote));
    }
    Fragment { tree: Tree::new(file, &whole, blocks, Vec::new()), bytes: text.len(), diagnostics }
}

fn no_footnotes_here(footnote: &Footnote) -> Diagnostic {
    let message = message!("資料表的儲存格裡不能有註腳", "A cell of a data table cannot hold a footnote");
    let help = message!(
        "請把說明寫在格子裡，或寫在放這張表的條文裡",
        "Write its words in the cell, or in the clause that shows the table"
    );
    Diagnostic::new(Rule::UnsupportedMarkdown, footnote.span, message).help(help)
}

/// The Markdown that planpress reads: `CommonMark`, GFM tables, footnotes, and five of comrak's extensions.
fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.footnotes = true;
    extension.header_attributes = true;
    extension.wikilinks_title_after_pipe = true;
    extension.block_directive = true;
    extension.ofm_comments = true;
    extension.cjk_friendly_emphasis = true;
    // A footnote without a mark is a finding, so its definition must stay in the tree.
    options.parse.leave_footnote_definitions = true;
    // A line of dashes under a paragraph is a line across, never a heading without an address.
    options.parse.ignore_setext = true;
    // `\{{` stays words.
    options.parse.escaped_char_spans = true;
    options
}

/// Parses Markdown and hands comrak's tree, which borrows its arena, to a reader.
fn with_tree<T>(markdown: &str, read: impl FnOnce(comrak::Node<'_>) -> T) -> T {
    let arena = Arena::new();
    read(comrak::parse_document(&arena, markdown, &options()))
}
