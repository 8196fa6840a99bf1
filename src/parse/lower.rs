//! Lowering comrak's blocks into our own.
//!
//! In: comrak's tree, which borrows its arena. Out: owned blocks with spans in bytes, and findings. Every kind of node that
//! comrak has is named below, so that a new one fails to compile and never vanishes.

use super::{
    directive::{self, Lowered},
    item::number_items,
    nest::{Flat, nest},
    with_tree,
};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Severity, Span},
    document::{
        Alignment, ListKind, NodeId, Text,
        owned::{Block, BlockKind, Footnote, Inline, Item, List, Table},
    },
    message,
};
use comrak::{
    Node,
    nodes::{ListType, NodeValue, Sourcepos, TableAlignment},
};
use memchr::memmem;
use rustc_hash::{FxHashMap, FxHashSet};
use std::{ops::Range, sync::Arc};

/// Blocks and inlines nested deeper than this are a mistake, and would exhaust the stack of the stages below.
const DEPTH: usize = 48;

/// About how many bytes the lines of a text have that has many.
const SHORT: usize = 48;

/// How far words may stand from where they are looked for in their file.
const NEAR: usize = 32;

/// What a text is that of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    File,
    Cell,
}

/// Reads one text; ranges are bytes of that text, spans are places in a file.
pub(super) struct Lowering<'a> {
    pub(super) text: &'a str,
    /// The file's text, of which words are a part.
    pub(super) whole: Arc<String>,
    /// Where the text begins in its file.
    base: usize,
    pub(super) file: FileId,
    of: Of,
    lines: Vec<usize>,
    pub(super) findings: Vec<Diagnostic>,
    /// Entities that were reported: by where they stand, in a cell by what they name.
    entities: FxHashSet<usize>,
    footnotes: Vec<Footnote>,
    nodes: u32,
    depth: usize,
    /// How many enclosing blocks hold no clauses: guidance, quotes, footnotes.
    plain: usize,
    /// How many blocks of guidance enclose the block.
    pub(super) guidance: usize,
    /// How many items of lists enclose the block.
    pub(super) items: usize,
    /// By name, the position of each footnote.
    names: FxHashMap<String, usize>,
    /// Whether a line that looks like a list item is one that the writer meant as such.
    pub(super) lines_are_text: bool,
    /// Whether the words are those of a Markdown table.
    pub(super) in_table: bool,
    /// Where words that are printed begin with a bracket.
    pub(super) brackets: FxHashSet<usize>,
    /// What is no Markdown, or reported as such.
    pub(super) literal: Vec<Range<usize>>,
    /// The marks that begin a line, each with its colon, once somebody asked.
    pub(super) definitions: Option<FxHashSet<String>>,
    /// Whether the text holds any full-width sign that is to be reported.
    pub(super) has_wide_signs: bool,
    /// Where the text has its first dollar.
    pub(super) first_dollar: Option<usize>,
}

impl<'a> Lowering<'a> {
    pub(super) fn of_file(file: FileId, whole: &'a Arc<String>, start: usize) -> Self {
        Self::new(whole, start, file, Of::File)
    }

    pub(super) fn of_fragment(whole: &'a Arc<String>, file: FileId) -> Self {
        Self { plain: 1, ..Self::new(whole, 0, file, Of::Cell) }
    }

    fn new(whole: &'a Arc<String>, base: usize, file: FileId, of: Of) -> Self {
        let text = &whole[base..];
        let mut lines = Vec::with_capacity(1 + text.len() / SHORT);
        lines.push(0);
        lines.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self {
            text,
            whole: Arc::clone(whole),
            base,
            file,
            of,
            lines,
            findings: Vec::new(),
            entities: FxHashSet::default(),
            footnotes: Vec::new(),
            nodes: 0,
            depth: 0,
            plain: 0,
            guidance: 0,
            items: 0,
            names: FxHashMap::default(),
            lines_are_text: false,
            in_table: false,
            brackets: FxHashSet::default(),
            literal: Vec::new(),
            definitions: None,
            has_wide_signs: super::text::has_wide_signs(text),
            first_dollar: memchr::memchr(b'$', text.as_bytes()),
        }
    }

    pub(super) fn document(&mut self) -> (Vec<Block>, Vec<Footnote>) {
        // The parser asks each open directive about each line: what stands in more than any plan has is not given to it.
        let end = directive::too_deep(self.text);
        let blocks = with_tree(&self.text[..end.unwrap_or(self.text.len())], |root| self.blocks(root));
        if let Some(end) = end {
            self.too_deep(end..end);
        }
        self.check_definitions();
        (blocks, std::mem::take(&mut self.footnotes))
    }

    pub(super) fn nodes(&self) -> u32 {
        self.nodes
    }

    pub(super) fn findings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.findings)
    }

    pub(super) fn node(&mut self) -> NodeId {
        self.nodes += 1;
        NodeId(self.nodes - 1)
    }

    /// The place of a range in the file, or in a cell's text. A range counted in decoded text may lie beside the source's by a few bytes and is
    /// widened to whole characters.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let (start, end) = (self.text.floor_char_boundary(range.start), self.text.ceil_char_boundary(range.end));
        Span::new(self.file, self.base + start, self.base + end)
    }

    /// Words that stand at the beginning of a range, or soon after it.
    pub(super) fn shared(&self, words: &str, near: Range<usize>) -> Text {
        let at = |start: usize| Text::of(&self.whole, self.base + start..self.base + start + words.len());
        let is_here = |start: usize| self.text.get(start..start + words.len()) == Some(words);
        if is_here(near.start) {
            return at(near.start);
        }
        let (start, end) = (near.start, near.end.min(near.start + words.len() + NEAR));
        let (start, end) = (self.text.floor_char_boundary(start), self.text.floor_char_boundary(end));
        let found = self.text.get(start..end).and_then(|text| memmem::find(text.as_bytes(), words.as_bytes()));
        found.map_or_else(|| words.into(), |found| at(start + found))
    }

    pub(super) fn report(&mut self, rule: Rule, range: Range<usize>, message: Message, help: Message) {
        let span = self.span(range);
        self.findings.push(Diagnostic::new(rule, span, message).help(help));
    }

    /// Reports what may be meant as it is, and stand in what was approved: a warning, whatever its rule says.
    pub(super) fn warn(&mut self, rule: Rule, range: Range<usize>, message: Message, help: Message) {
        let finding = Diagnostic::new(rule, self.span(range), message).help(help);
        self.findings.push(Diagnostic { severity: Severity::Warning, ..finding });
    }

    /// Whether an entity is reported for the first time: a link's address, its words and its caption stand in one range.
    pub(super) fn is_new(&mut self, at: usize, names: char) -> bool {
        self.entities.insert(if self.is_cell() { names as usize } else { at })
    }

    /// comrak's places are 1-based, end-inclusive lines and byte columns.
    pub(super) fn range(&self, place: Sourcepos) -> Range<usize> {
        let offset = |line: usize, column: usize| {
            let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
            self.text.floor_char_boundary(start + column)
        };
        let start = offset(place.start.line, place.start.column.saturating_sub(1));
        start..offset(place.end.line, place.end.column).max(start)
    }

    /// The line on which a range begins.
    pub(super) fn line_of(&self, range: &Range<usize>) -> Range<usize> {
        let next = self.lines.partition_point(|start| *start <= range.start);
        let end = self.lines.get(next).map_or(self.text.len(), |start| start - 1);
        self.lines[next.saturating_sub(1)]..end
    }

    /// Whether the text is that of a data table's cell.
    pub(super) fn is_cell(&self) -> bool {
        self.of == Of::Cell
    }

    pub(super) fn is_plain(&self) -> bool {
        self.plain > 0
    }

    /// Says once that the nesting is too deep: one finding for a tower, not one for each of its floors.
    fn too_deep(&mut self, range: Range<usize>) {
        if !self.findings.iter().any(|finding| finding.rule == Rule::NestedTooDeeply) {
            let first = self.line_of(&range);
            self.report(
                Rule::NestedTooDeeply,
                first,
                message!("巢狀超過 {DEPTH} 層", "Nested deeper than {DEPTH} levels"),
                message!("請減少層次", "Use fewer levels"),
            );
        }
    }

    /// Runs `read` unless the nesting is too deep.
    pub(super) fn deeper<T: Default>(&mut self, range: Range<usize>, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEPTH {
            self.too_deep(range);
            return T::default();
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Reads the blocks inside a node that holds no clauses.
    pub(super) fn plain_blocks(&mut self, node: Node<'_>) -> Vec<Block> {
        self.plain += 1;
        let blocks = self.blocks(node);
        self.plain -= 1;
        blocks
    }

    pub(super) fn blocks(&mut self, parent: Node<'_>) -> Vec<Block> {
        let range = self.range(parent.data().sourcepos);
        self.deeper(range, |lowering| {
            lowering.check_typed_paragraphs(parent);
            let mut flat = Vec::new();
            for child in parent.children() {
                lowering.block(child, &mut flat);
            }
            lowering.check_after_sections(&flat);
            nest(flat)
        })
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of node, so that none can be forgotten")]
    fn block(&mut self, node: Node<'_>, out: &mut Vec<Flat>) {
        let data = node.data();
        let range = self.range(data.sourcepos);
        if self.is_cell() {
            self.check_cell(node, &range);
        }
        if let NodeValue::CodeBlock(_) | NodeValue::Table(_) | NodeValue::MultilineComment(_) | NodeValue::HtmlBlock(_) = &data.value {
            self.literal.push(range.clone());
        }
        let mut push = |lowering: &Self, kind: BlockKind| out.push(Flat::Block(Block { kind, span: lowering.span(range.clone()) }));
        match &data.value {
            NodeValue::Paragraph => {
                self.check_lines(&range);
                self.check_bars(node, &range);
                self.check_caption(node, &range);
                self.lines_are_text = true;
                let inlines = self.paragraph(node, None);
                self.lines_are_text = false;
                push(self, BlockKind::Paragraph(inlines));
            }
            NodeValue::Heading(heading) => {
                let level = heading.level;
                if let Some(section) = self.heading(node, level, range) {
                    out.push(Flat::Heading(section));
                }
            }
            NodeValue::List(list) => {
                let ordered = list.list_type == ListType::Ordered;
                let list = self.list(node, ordered);
                push(self, BlockKind::List(list));
            }
            NodeValue::BlockQuote => {
                let blocks = self.plain_blocks(node);
                push(self, BlockKind::Quote(blocks));
            }
            NodeValue::Table(table) => {
                let table = self.table(node, &table.alignments);
                push(self, BlockKind::Table(Box::new(table)));
            }
            NodeValue::CodeBlock(code) if code.fenced => {
                let code = self.code(code, &range);
                push(self, BlockKind::Code(Box::new(code)));
            }
            NodeValue::CodeBlock(_) => {
                let help =
                    message!("條文請靠左或對齊清單；程式碼請用 ``` 圍起來", "Move text to the left or to its list; fence code with ```");
                self.report(
                    Rule::UnsupportedMarkdown,
                    range,
                    message!("縮排四格以上會變成程式碼", "Four spaces of indentation make this code"),
                    help,
                );
            }
            NodeValue::ThematicBreak => {
                push(self, BlockKind::ThematicBreak);
                self.check_across(node, &range);
            }
            NodeValue::FootnoteDefinition(definition) => {
                self.footnote(node, &definition.name, definition.total_references > 0, range);
            }
            NodeValue::BlockDirective(directive) => {
                let (info, fence) = (directive.info.clone(), directive.fence_length);
                match directive::lower(self, node, &info, fence, range.clone()) {
                    Lowered::Kind(kind) => push(self, kind),
                    Lowered::Blocks(blocks) => out.extend(blocks.into_iter().map(Flat::Block)),
                }
            }
            NodeValue::MultilineComment(comment) if comment.closed => {
                let comment = self.shared(comment.literal.trim(), range.clone());
                push(self, BlockKind::Paragraph(vec![Inline::Comment(comment)]));
            }
            NodeValue::MultilineComment(_) => {
                let help = message!("請在同一行補上結尾的 %%", "Close it with %% on the same line");
                self.report(
                    Rule::UnclosedComment,
                    self.line_of(&range),
                    message!("%% 沒有結尾，後面的文字都成了註解", "This %% has no end; everything after it is a comment"),
                    help,
                );
            }
            NodeValue::HtmlBlock(_) => self.raw_html(range),
            NodeValue::Document | NodeValue::Item(_) | NodeValue::TableRow(_) | NodeValue::TableCell => {
                out.extend(self.blocks(node).into_iter().map(Flat::Block));
            }
            NodeValue::FrontMatter(_)
            | NodeValue::DescriptionList
            | NodeValue::DescriptionItem(_)
            | NodeValue::DescriptionTerm
            | NodeValue::DescriptionDetails
            | NodeValue::TaskItem(_)
            | NodeValue::MultilineBlockQuote(_)
            | NodeValue::Alert(_)
            | NodeValue::Callout(_)
            | NodeValue::CalloutTitle
            | NodeValue::Subtext
            | NodeValue::Raw(_)
            | NodeValue::Text(_)
            | NodeValue::SoftBreak
            | NodeValue::LineBreak
            | NodeValue::Code(_)
            | NodeValue::HtmlInline(_)
            | NodeValue::Emph
            | NodeValue::Strong
            | NodeValue::Strikethrough
            | NodeValue::Highlight
            | NodeValue::Insert
            | NodeValue::Superscript
            | NodeValue::Link(_)
            | NodeValue::Image(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::Math(_)
            | NodeValue::Escaped
            | NodeValue::WikiLink(_)
            | NodeValue::Underline
            | NodeValue::Subscript
            | NodeValue::SpoileredText
            | NodeValue::EscapedTag(_)
            | NodeValue::CommentInline(_) => self.unsupported(range),
        }
    }

    fn footnote(&mut self, node: Node<'_>, name: &str, marked: bool, range: Range<usize>) {
        let blocks = self.plain_blocks(node);
        let span = self.span(self.line_of(&range));
        if blocks.is_empty() && marked {
            let help = message!("請寫出內容，或連同標記刪去", "Say something, or delete it together with its mark");
            self.report(Rule::EmptyItem, self.line_of(&range), message!("這個註腳沒有內容", "This footnote is empty"), help);
        }
        let Some(at) = self.names.get(name).copied() else {
            self.names.insert(name.to_owned(), self.footnotes.len());
            let name = self.shared(name, range);
            return self.footnotes.push(Footnote { name, span, marked, blocks });
        };
        let first = &mut self.footnotes[at];
        // Which of the two the parser counts marks for is its own affair; the first is printed.
        first.marked |= marked;
        let message = message!("註腳「{name}」定義了兩次，只印第一個", "The footnote `{name}` is defined twice; the first is printed");
        let help = message!("請改名，或刪去其中一個", "Rename one of them, or delete it");
        let finding =
            Diagnostic::new(Rule::UnusedFootnote, span, message).related(first.span, message!("第一個在這裡", "The first is here"));
        self.findings.push(finding.help(help));
    }

    /// Reports what a form's entry cannot hold.
    pub(super) fn not_in_a_form(&mut self, node: Node<'_>) {
        let place = self.line_of(&self.range(node.data().sourcepos));
        let help = message!("一格寫成一個「- 項目」，選項寫在下一層", "Write one `- item` for each entry, with choices one level below");
        self.report(
            Rule::UnsupportedMarkdown,
            place,
            message!("表單的一格裡不能有這段", "An entry of a form cannot hold this"),
            help,
        );
    }

    pub(super) fn unsupported(&mut self, range: Range<usize>) {
        let help = message!("請改用段落、清單或表格", "Use a paragraph, a list or a table");
        self.report(
            Rule::UnsupportedMarkdown,
            range,
            message!("計畫裡不能用這種 Markdown 寫法", "A plan cannot contain this Markdown construct"),
            help,
        );
    }

    fn list(&mut self, node: Node<'_>, ordered: bool) -> List {
        let kind = match (ordered, self.is_plain()) {
            (true, false) => ListKind::Clauses,
            (true, true) => ListKind::Ordered,
            (false, _) => ListKind::Bullets,
        };
        if ordered {
            self.check_alignment(node);
        }
        if kind == ListKind::Clauses {
            self.check_typed_items(node);
        }
        let mut items: Vec<Item> = node.children().map(|item| self.item(item, kind)).collect();
        if kind == ListKind::Ordered {
            number_items(node, &mut items);
        }
        List { kind, items }
    }

    fn item(&mut self, node: Node<'_>, kind: ListKind) -> Item {
        self.items += 1;
        let item = self.item_content(node, kind);
        self.items -= 1;
        item
    }

    fn item_content(&mut self, node: Node<'_>, kind: ListKind) -> Item {
        let range = self.range(node.data().sourcepos);
        let id = self.node();
        if kind != ListKind::Bullets {
            self.check_number(node);
        }
        let first = node
            .first_child()
            .filter(|child| kind == ListKind::Clauses && matches!(child.data().value, NodeValue::Paragraph));
        let Some(first) = first else {
            return Item { node: id, anchor: None, when: None, number: None, span: self.span(range), blocks: self.blocks(node) };
        };
        let (attributes, paragraph) = self.item_paragraph(first, false);
        // An open item that has nothing but an address stays empty.
        let span = self.span(self.range(first.data().sourcepos));
        let mut blocks: Vec<Block> =
            (!paragraph.is_empty()).then_some(Block { kind: BlockKind::Paragraph(paragraph), span }).into_iter().collect();
        self.check_typed_paragraphs(node);
        let mut flat = Vec::new();
        self.deeper(range.clone(), |lowering| node.children().skip(1).for_each(|child| lowering.block(child, &mut flat)));
        blocks.extend(nest(flat));
        Item { node: id, anchor: attributes.anchor, when: attributes.when, number: None, span: self.span(range), blocks }
    }

    fn table(&mut self, node: Node<'_>, alignments: &[TableAlignment]) -> Table {
        let columns = alignments.len();
        let alignments = alignments
            .iter()
            .map(|alignment| match alignment {
                TableAlignment::None | TableAlignment::Left => Alignment::Usual,
                TableAlignment::Center => Alignment::Center,
                TableAlignment::Right => Alignment::Right,
            })
            .collect();
        node.children().skip(1).for_each(|row| self.check_row(row, columns));
        self.in_table = true;
        let mut rows = node.children().map(|row| row.children().map(|cell| self.paragraph(cell, None)).collect());
        let (head, rows) = (rows.next().unwrap_or_default(), rows.collect());
        self.in_table = false;
        Table { alignments, head, rows }
    }
}
