//! Lowering comrak's blocks into our own.
//!
//! In: comrak's tree, which borrows its arena. Out: owned blocks with spans in bytes, and findings. Every kind of node that
//! comrak has is named below, so that a new one fails to compile and never vanishes.

use super::{
    attributes::{self, Ending},
    directive::{self, Lowered},
    front_matter::check_id,
    nest::{Flat, nest},
    with_tree,
};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span},
    document::{Alignment, Anchor, Block, BlockKind, Condition, Footnote, Inline, Item, List, ListKind, NodeId, Section, Table},
    message,
};
use comrak::{
    Node,
    nodes::{ListType, NodeValue, Sourcepos, TableAlignment},
};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Blocks and inlines nested deeper than this are a mistake, and would exhaust the stack of the stages below.
const DEPTH: usize = 48;

/// Reads one text; ranges are bytes of that text, spans are places in a file.
pub(super) struct Lowering<'a> {
    pub(super) text: &'a str,
    /// Where the text begins in its file.
    base: usize,
    file: FileId,
    /// For a cell: the one place at which every finding points.
    fixed: Option<Span>,
    lines: Vec<usize>,
    findings: Vec<Diagnostic>,
    footnotes: Vec<Footnote>,
    nodes: u32,
    depth: usize,
    /// How many enclosing blocks hold no clauses: guidance, quotes, footnotes.
    plain: usize,
    /// How many items of lists enclose the block.
    items: usize,
    /// By name, the position of each footnote.
    names: FxHashMap<String, usize>,
    /// Whether a line that looks like a list item is one that the writer meant as such.
    pub(super) lines_are_text: bool,
}

/// What an item's `{…}` says.
#[derive(Default)]
pub(super) struct ItemAttributes {
    pub anchor: Option<Anchor>,
    pub when: Option<Condition>,
    pub rows: Option<u8>,
}

impl<'a> Lowering<'a> {
    pub(super) fn of_file(file: FileId, text: &'a str, start: usize) -> Self {
        Self::new(&text[start..], start, file, None)
    }

    pub(super) fn of_fragment(text: &'a str, span: Span) -> Self {
        Self { plain: 1, ..Self::new(text, 0, span.file, Some(span)) }
    }

    fn new(text: &'a str, base: usize, file: FileId, fixed: Option<Span>) -> Self {
        let lines = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            text,
            base,
            file,
            fixed,
            lines,
            findings: Vec::new(),
            footnotes: Vec::new(),
            nodes: 0,
            depth: 0,
            plain: 0,
            items: 0,
            names: FxHashMap::default(),
            lines_are_text: false,
        }
    }

    pub(super) fn document(&mut self, markdown: &str) -> (Vec<Block>, Vec<Footnote>) {
        let blocks = with_tree(markdown, |root| self.blocks(root));
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

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.fixed.unwrap_or_else(|| Span::new(self.file, self.base + range.start, self.base + range.end))
    }

    pub(super) fn report(&mut self, rule: Rule, range: Range<usize>, message: Message, help: Message) {
        let span = self.span(range);
        self.findings.push(Diagnostic::new(rule, span, message).help(help));
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

    pub(super) fn is_plain(&self) -> bool {
        self.plain > 0
    }

    /// Runs `read` unless the nesting is too deep.
    pub(super) fn deeper<T: Default>(&mut self, range: Range<usize>, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEPTH {
            let first = self.line_of(&range);
            // One finding for a tower, not one for each of its floors.
            if !self.findings.iter().any(|finding| finding.rule == Rule::NestedTooDeeply) {
                self.report(
                    Rule::NestedTooDeeply,
                    first,
                    message!("巢狀超過 {DEPTH} 層", "Nested deeper than {DEPTH} levels"),
                    message!("請減少層次", "Use fewer levels"),
                );
            }
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
            let mut flat = Vec::new();
            for child in parent.children() {
                lowering.block(child, &mut flat);
            }
            nest(flat)
        })
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of node, so that none can be forgotten")]
    fn block(&mut self, node: Node<'_>, out: &mut Vec<Flat>) {
        let data = node.data();
        let range = self.range(data.sourcepos);
        let mut push = |lowering: &Self, kind: BlockKind| out.push(Flat::Block(Block { kind, span: lowering.span(range.clone()) }));
        match &data.value {
            NodeValue::Paragraph => {
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
                let language = code.info.split_whitespace().next().unwrap_or_default().to_owned();
                push(self, BlockKind::Code { language, text: code.literal.clone() });
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
            NodeValue::ThematicBreak => push(self, BlockKind::ThematicBreak),
            NodeValue::FootnoteDefinition(definition) => {
                let (name, marked) = (definition.name.clone(), definition.total_references > 0);
                self.footnote(node, name, marked, range);
            }
            NodeValue::BlockDirective(directive) => {
                let (info, fence) = (directive.info.clone(), directive.fence_length);
                match directive::lower(self, node, &info, fence, range.clone()) {
                    Lowered::Kind(kind) => push(self, kind),
                    Lowered::Blocks(blocks) => out.extend(blocks.into_iter().map(Flat::Block)),
                }
            }
            NodeValue::MultilineComment(comment) if comment.closed => {
                push(self, BlockKind::Paragraph(vec![Inline::Comment(comment.literal.trim().into())]));
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

    fn footnote(&mut self, node: Node<'_>, name: String, marked: bool, range: Range<usize>) {
        let blocks = self.plain_blocks(node);
        let span = self.span(self.line_of(&range));
        let Some(at) = self.names.get(&name).copied() else {
            self.names.insert(name.clone(), self.footnotes.len());
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

    pub(super) fn raw_html(&mut self, range: Range<usize>) {
        let html = self.text.get(range.clone()).unwrap_or_default();
        let help = if html.starts_with("<!--") {
            message!("給撰寫者的話請寫成 %%…%%", "Write notes to the drafter as %%…%%")
        } else if html.starts_with("<br") {
            message!("換行請在行尾加反斜線", "End the line with a backslash instead")
        } else if html.starts_with("<input") {
            message!("勾選框請寫成 [ ] 或 [x]", "Write a box as [ ] or [x]")
        } else {
            message!("請改用 Markdown；角括號文字請寫成 \\<", "Use Markdown; write a literal angle bracket as \\<")
        };
        let line = self.line_of(&range);
        self.report(Rule::RawHtml, range.start..range.end.min(line.end), message!("不能寫 HTML", "HTML is not allowed"), help);
    }

    fn heading(&mut self, node: Node<'_>, level: u8, range: Range<usize>) -> Option<Section> {
        if self.is_plain() || self.items > 0 || !(2..=3).contains(&level) {
            let (message, help) = if self.is_plain() {
                (
                    message!("這裡不能有標題", "There can be no heading here"),
                    message!("撰寫說明、註腳與引言裡請用段落", "Use paragraphs in guidance, footnotes and quotes"),
                )
            } else if self.items > 0 {
                (
                    message!("清單項目裡不能有標題", "There can be no heading inside a list item"),
                    message!("請把標題靠左，或改成段落", "Move the heading to the left, or make it a paragraph"),
                )
            } else if level == 1 {
                (
                    message!("章名寫在 front matter 的 title，不用 #", "The chapter's title is `title` in the front matter, not `#`"),
                    message!("節用 ##，小節用 ###", "Use ## for sections and ### for subsections"),
                )
            } else {
                (
                    message!("標題只有 ## 與 ### 兩層", "Headings have two levels, ## and ###"),
                    message!("更下層請用編號清單", "Use numbered lists below them"),
                )
            };
            self.report(Rule::UnsupportedMarkdown, range, message, help);
            return None;
        }
        let node_id = self.node();
        let source = self.text[range.clone()].trim_end().trim_end_matches('#').trim_end();
        let cut = cut(range.start, source);
        let found = self.item_attributes(range.start, source, false);
        let title = self.inlines(node, cut);
        Some(Section {
            node: node_id,
            level,
            anchor: found.anchor,
            when: found.when,
            title,
            heading: self.span(range),
            blocks: Vec::new(),
        })
    }

    fn list(&mut self, node: Node<'_>, ordered: bool) -> List {
        let kind = match (ordered, self.is_plain()) {
            (true, false) => ListKind::Clauses,
            (true, true) => ListKind::Ordered,
            (false, _) => ListKind::Bullets,
        };
        let items = node.children().map(|item| self.item(item, kind)).collect();
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
        let first = node
            .first_child()
            .filter(|child| kind == ListKind::Clauses && matches!(child.data().value, NodeValue::Paragraph));
        let Some(first) = first else {
            return Item { node: id, anchor: None, when: None, span: self.span(range), blocks: self.blocks(node) };
        };
        let (attributes, paragraph) = self.item_paragraph(first, false);
        let mut blocks = vec![Block { kind: BlockKind::Paragraph(paragraph), span: self.span(self.range(first.data().sourcepos)) }];
        let mut flat = Vec::new();
        self.deeper(range.clone(), |lowering| node.children().skip(1).for_each(|child| lowering.block(child, &mut flat)));
        blocks.extend(nest(flat));
        Item { node: id, anchor: attributes.anchor, when: attributes.when, span: self.span(range), blocks }
    }

    /// An item's first paragraph without the attributes at its end, and the attributes.
    pub(super) fn item_paragraph(&mut self, paragraph: Node<'_>, form: bool) -> (ItemAttributes, Vec<Inline>) {
        let mut range = self.range(paragraph.data().sourcepos);
        // A fence that closes right below the paragraph counts as its last line for the parser.
        if let Some(last) = paragraph.last_child() {
            range.end = self.range(last.data().sourcepos).end.clamp(range.start, range.end);
        }
        let source = &self.text[range.clone()];
        let cut = cut(range.start, source);
        let attributes = self.item_attributes(range.start, source, form);
        self.lines_are_text = !form;
        let inlines = self.paragraph(paragraph, cut);
        self.lines_are_text = false;
        (attributes, inlines)
    }

    /// The attributes at the end of a text that begins at `base`; `form` allows `rows`, clauses have `id` and `when`.
    fn item_attributes(&mut self, base: usize, source: &str, form: bool) -> ItemAttributes {
        let mut result = ItemAttributes::default();
        let found = match attributes::at_end(source) {
            Ending::Words => return result,
            Ending::Malformed(range) => {
                let help = message!("前面要有一個空格，例如：標題 {{#english-id}}", "Put a space before it, as in: title {{#english-id}}");
                self.report(
                    Rule::UnknownAttribute,
                    base + range.start..base + range.end,
                    message!("這段大括號讀不出屬性", "These braces cannot be read as attributes"),
                    help,
                );
                return result;
            }
            Ending::Attributes(found) => found,
        };
        let shifted = |range: &Range<usize>| base + range.start..base + range.end;
        let allowed = if form { "rows" } else { "when" };
        for (word, range) in &found.others {
            self.unknown_attribute(word, shifted(range), allowed);
        }
        for (index, (id, range)) in found.ids.iter().enumerate() {
            let span = self.span(shifted(range));
            if form || index > 0 {
                self.unknown_attribute(&format!("#{id}"), shifted(range), allowed);
                continue;
            }
            check_id(id, span, &mut self.findings);
            result.anchor = Some(Anchor { id: id.clone(), span });
        }
        for pair in &found.pairs {
            match pair.key.as_str() {
                "when" if !form => result.when = self.condition(&pair.value, shifted(&pair.value_range)),
                "rows" if form => result.rows = self.number(&pair.value, shifted(&pair.value_range), 1..=12),
                _ => self.unknown_attribute(&pair.key, shifted(&pair.key_range), allowed),
            }
        }
        result
    }

    fn unknown_attribute(&mut self, word: &str, range: Range<usize>, allowed: &str) {
        let near = crate::diagnostic::did_you_mean(word, [allowed]);
        let help = near.unwrap_or_else(|| message!("這裡可用的是 {allowed}", "What can stand here is {allowed}"));
        self.report(Rule::UnknownAttribute, range, message!("沒有「{word}」這個屬性", "There is no attribute `{word}`"), help);
    }

    /// Reads a condition at a range of the text.
    pub(super) fn condition(&mut self, text: &str, range: Range<usize>) -> Option<Condition> {
        let span = self.span(range);
        super::condition::parse(text, span).map_err(|finding| self.findings.push(*finding)).ok()
    }

    /// Reads a whole number between bounds.
    pub(super) fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(
        &mut self,
        text: &str,
        range: Range<usize>,
        bounds: std::ops::RangeInclusive<T>,
    ) -> Option<T> {
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (low, high) = (bounds.start(), bounds.end());
            let message = message!("「{text}」不是 {low} 到 {high} 的整數", "`{text}` is no whole number from {low} to {high}");
            self.report(Rule::UnknownAttribute, range, message, message!("請寫 {low} 到 {high}", "Write {low} to {high}"));
        }
        number
    }

    fn table(&mut self, node: Node<'_>, alignments: &[TableAlignment]) -> Table {
        let alignments = alignments
            .iter()
            .map(|alignment| match alignment {
                TableAlignment::None => Alignment::None,
                TableAlignment::Left => Alignment::Left,
                TableAlignment::Center => Alignment::Center,
                TableAlignment::Right => Alignment::Right,
            })
            .collect();
        let mut rows = node.children().map(|row| row.children().map(|cell| self.paragraph(cell, None)).collect::<Vec<_>>());
        let head = rows.next().unwrap_or_default();
        Table { alignments, head, rows: rows.collect() }
    }
}

/// Where the words of a text end that has attributes, or what was meant as such, at its end.
fn cut(base: usize, source: &str) -> Option<usize> {
    match attributes::at_end(source) {
        Ending::Attributes(found) => Some(base + found.range.start),
        Ending::Malformed(found) => Some(base + found.start),
        Ending::Words => None,
    }
}
