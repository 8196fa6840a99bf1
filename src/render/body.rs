//! A chapter's blocks as HTML.
//!
//! In: a chapter and its facts. Out: the HTML of its body, in the vocabulary that themes style, for its own page and if wanted for the
//! one-page plan too. Every clause is one element with its id and number; what a condition removed and, for readers, guidance and
//! comments leave no byte behind.

use super::{
    Renderer, View,
    html::{attribute, attribute_with, escape, escaped},
    inline::mark_id,
    link::Linker,
};
use crate::{
    diagnostic::Span,
    document::{Block, BlockKind, Blocks, Chapter, Condition, Image, Inline, Inlines, Item, List, ListKind, Section, is_only_comments},
    numeral::arabic,
    resolve::{CitationWriter, Clause, Decision, Fact, Facts, Number, Place, words::number_and_title},
};

/// Writes one chapter's body.
pub(super) struct Body<'a> {
    pub renderer: &'a Renderer<'a>,
    pub chapter: &'a Chapter,
    pub facts: &'a Facts,
    linker: Linker<'a>,
    /// What stands on the chapter's page.
    pub out: String,
    /// The same for the one-page plan, if it is wanted.
    print: Option<Print<'a>>,
    /// Guidance cites nothing, so its law references lead to the law alone.
    pub in_guidance: bool,
    index: u32,
    citations: CitationWriter<'a>,
    /// How many table rows have an address so far; `None` where rows have none: in guidance, cells and footnotes.
    rows: Option<u32>,
    /// Whether what is written now stands in something that shares its sheet with what is around: an item, a quotation, a branch.
    pub boxed: bool,
}

/// A body as the one-page plan has it: the text of the chapter's page up to where the two differ, and its own way there.
struct Print<'a> {
    linker: Linker<'a>,
    out: String,
    /// How much of the page's text stands in this one.
    copied: usize,
}

impl<'a> Body<'a> {
    /// With a linker of the one-page plan, the body for that is written in the same go.
    pub(super) fn new(renderer: &'a Renderer<'a>, index: usize, print: Option<Linker<'a>>) -> Self {
        let (chapter, facts) = (&*renderer.plan.chapters[index], &renderer.plan.facts[index]);
        // About what HTML makes of a chapter's text.
        let room = || String::with_capacity(4 * renderer.sources.file(chapter.file).text.len());
        Self {
            renderer,
            chapter,
            facts,
            linker: renderer.linker(Some(index)),
            out: room(),
            print: print.map(|linker| Print { linker, out: room(), copied: 0 }),
            in_guidance: false,
            index: u32::try_from(index).unwrap_or(u32::MAX),
            citations: CitationWriter::new(chapter.kind, renderer.style),
            rows: Some(0),
            boxed: false,
        }
    }

    /// The whole body, footnotes included; and the same for the one-page plan.
    pub(super) fn html(mut self) -> (String, Option<String>) {
        self.blocks(self.chapter.tree.blocks());
        let unheaded = self.facts.clauses.iter().take_while(|clause| !clause.is_heading()).count();
        self.backlinks(0..u32::try_from(unheaded).unwrap_or(0), None);
        self.footnotes();
        self.by_page(|_, _| ());
        (self.out, self.print.map(|print| print.out))
    }

    /// Writes what is not the same on the chapter's page and on the one-page plan.
    pub(super) fn by_page(&mut self, write: impl Fn(&mut String, Linker<'a>)) {
        let shared = self.out.len();
        write(&mut self.out, self.linker);
        if let Some(print) = &mut self.print {
            print.out.push_str(&self.out[print.copied..shared]);
            write(&mut print.out, print.linker);
            print.copied = self.out.len();
        }
    }

    pub(super) fn blocks(&mut self, blocks: Blocks<'_>) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: Block<'_>) {
        match block.kind {
            BlockKind::Section(section) => self.section(&section),
            BlockKind::Paragraph(inlines) => self.paragraph(inlines, block.span),
            BlockKind::List(list) => self.list(&list),
            BlockKind::Quote(blocks) => self.element("blockquote", |body| body.boxed(|body| body.blocks(blocks))),
            BlockKind::Table(table) => self.table(&table),
            BlockKind::Code(code) => self.renderer.code.write(&mut self.out, code.language, code.text),
            BlockKind::ThematicBreak => self.out.push_str("<hr>\n"),
            BlockKind::Guidance(blocks) => self.guidance(blocks),
            BlockKind::When { node, condition, blocks } => match self.facts.of(node) {
                Fact::Decision(Decision::Fails) | Fact::Absent => {}
                Fact::Decision(Decision::Undecided) => self.alternative(condition, |body| body.blocks(blocks)),
                _ => self.blocks(blocks),
            },
            BlockKind::DataTable(table) => self.data_table(&table),
            BlockKind::Fields(fields) => self.fields(&fields),
            BlockKind::Signature(roles) => self.signature(roles),
            BlockKind::Laws(node) => self.generated(node, Body::law_item),
            BlockKind::Annexes(node) => self.generated(node, Body::annex_item),
        }
    }

    fn element(&mut self, tag: &str, content: impl FnOnce(&mut Self)) {
        self.out.extend(["<", tag, ">\n"]);
        content(self);
        self.out.extend(["</", tag, ">\n"]);
    }

    fn paragraph(&mut self, inlines: Inlines<'_>, span: Span) {
        if self.renderer.view == View::Published && is_only_comments(inlines) {
            return;
        }
        if let Some(Inline::Image(image)) = inlines.only() {
            return self.picture(&image);
        }
        self.out.push_str("<p");
        self.source(span);
        self.out.push('>');
        self.inlines(inlines);
        self.out.push_str("</p>\n");
    }

    fn picture(&mut self, image: &Image<'_>) {
        self.out.push_str("<figure class=\"picture\">");
        self.bare_image(image);
        if !image.caption.is_empty() {
            self.out.push_str("<figcaption>");
            escape(&mut self.out, image.caption);
            self.out.push_str("</figcaption>");
        }
        self.out.push_str("</figure>\n");
    }

    /// The place in the source, for editors.
    fn source(&mut self, span: Span) {
        if self.renderer.view == View::Draft {
            // A cell's words stand in its data file, where only a finding is worth a search for their line.
            let source = self.renderer.sources.file(span.file);
            let line = if span.file == self.chapter.file { source.line(span.start as usize) } else { 1 };
            attribute(&mut self.out, "data-source", &format!("{}:{line}", source.path));
        }
    }

    fn guidance(&mut self, blocks: Blocks<'_>) {
        if self.renderer.view == View::Published {
            return;
        }
        self.out.push_str("<aside class=\"guidance\"><p class=\"guidance-label\">");
        escape(&mut self.out, self.renderer.plan.term("guidance"));
        self.out.push_str("</p>\n");
        self.in_guidance = true;
        self.without_rows(|body| body.blocks(blocks));
        self.in_guidance = false;
        self.out.push_str("</aside>\n");
    }

    fn condition(&mut self, tag: &str, condition: &Condition) {
        self.out.push_str(&format!("<{tag} class=\"condition\">"));
        escape(&mut self.out, &self.renderer.plan.condition_label(condition));
        self.out.push_str(&format!("</{tag}>\n"));
    }

    /// A branch whose condition is still undecided.
    fn alternative(&mut self, condition: &Condition, content: impl FnOnce(&mut Self)) {
        self.out.push_str("<div class=\"alternative\">\n");
        self.condition("p", condition);
        self.boxed(content);
        self.out.push_str("</div>\n");
    }

    fn section(&mut self, section: &Section<'_>) {
        let Fact::Clause(index, decision) = self.facts.of(section.node) else { return };
        match section.when {
            Some(condition) if decision == Decision::Undecided => self.alternative(condition, |body| body.decided_section(section, index)),
            _ => self.decided_section(section, index),
        }
    }

    fn decided_section(&mut self, section: &Section<'_>, index: u32) {
        let facts = self.facts;
        let clause = facts.clauses.at(index);
        let level = section.level;
        // On the one-page plan a chapter's title is a level deeper than on its own page.
        let heading = |out: &mut String, linker: Linker<'_>| arabic((level + u8::from(linker.is_print())).into(), out);
        let (anchor, number) = (clause.anchor(), clause.number());
        self.open_clause("section", level, clause, (&anchor, &number));
        self.out.push_str("<h");
        self.by_page(heading);
        self.out.push('>');
        self.number(&anchor, &number);
        self.out.push_str("<span class=\"title\">");
        self.inlines(section.title);
        self.out.push_str("</span></h");
        self.by_page(heading);
        self.out.push_str(">\n");
        self.blocks(section.blocks);
        let below = facts.clauses.iter().skip(index as usize + 1).take_while(|clause| !clause.is_heading()).count();
        self.backlinks(index..index + 1 + u32::try_from(below).unwrap_or(0), Some(index));
        self.out.push_str("</section>\n");
    }

    /// Opens a clause's element.
    fn open_clause(&mut self, tag: &str, level: u8, clause: Clause<'_>, (anchor, number): (&str, &Number)) {
        self.out.extend(["<", tag, " class=\"clause level-"]);
        arabic(level.into(), &mut self.out);
        self.out.push('"');
        attribute(&mut self.out, "id", anchor);
        attribute(&mut self.out, "data-number", self.citations.of(number));
        if let Some(page) = self.renderer.paper_page(anchor) {
            attribute(&mut self.out, "data-page", &page.to_string());
        }
        self.source(clause.span());
        self.out.push('>');
    }

    /// A clause's number, which is the link to the clause.
    fn number(&mut self, anchor: &str, number: &Number) {
        let (kind, style) = (self.chapter.kind, self.renderer.style);
        self.out.push_str("<a class=\"number\"");
        attribute_with(&mut self.out, "href", |out| out.extend(["#", anchor]));
        self.out.push('>');
        escaped(&mut self.out, |out| number.write_label(kind, style, out));
        self.out.push_str("</a>");
    }

    fn list(&mut self, list: &List<'_>) {
        match list.kind {
            ListKind::Clauses => {
                let facts = self.facts;
                let present = |item: &Item<'_>| matches!(facts.of(item.node), Fact::Clause(..));
                let Some(first) = list.items.iter().find(present) else { return };
                let Fact::Clause(index, _) = facts.of(first.node) else { return };
                self.open_items(facts.clauses.at(index).level());
                self.boxed(|body| list.items.iter().for_each(|item| body.item(&item)));
                self.out.push_str("</ol>\n");
            }
            ListKind::Ordered | ListKind::Bullets => {
                let tag = if list.kind == ListKind::Ordered { "ol" } else { "ul" };
                self.element(tag, |body| {
                    for item in list.items {
                        body.out.push_str("<li");
                        if let Some(number) = item.number {
                            attribute_with(&mut body.out, "value", |out| arabic(number, out));
                        }
                        body.out.push('>');
                        body.boxed(|body| body.tight(item.blocks));
                        body.out.push_str("</li>\n");
                    }
                });
            }
        }
    }

    /// Opens a list of clauses.
    fn open_items(&mut self, level: u8) {
        self.out.push_str("<ol class=\"items level-");
        arabic(level.into(), &mut self.out);
        self.out.push_str("\">\n");
    }

    /// Blocks of a plain list's item; a single paragraph needs no element of its own.
    pub(super) fn tight(&mut self, blocks: Blocks<'_>) {
        let mut reading = blocks.iter();
        match reading.next() {
            Some(Block { kind: BlockKind::Paragraph(inlines), .. }) => {
                self.inlines(inlines);
                self.blocks(reading.rest());
            }
            _ => self.blocks(blocks),
        }
    }

    fn item(&mut self, item: &Item<'_>) {
        let Fact::Clause(index, decision) = self.facts.of(item.node) else { return };
        if let Some(condition) = item.when.filter(|_| decision == Decision::Undecided) {
            self.condition("li", condition);
        }
        let facts = self.facts;
        self.open_item(facts.clauses.at(index));
        self.blocks(item.blocks);
        self.out.push_str("</div></li>\n");
    }

    fn open_item(&mut self, clause: Clause<'_>) {
        let (anchor, number) = (clause.anchor(), clause.number());
        self.open_clause("li", clause.level(), clause, (&anchor, &number));
        self.number(&anchor, &number);
        self.out.push_str("<div class=\"text\">");
    }

    /// Clauses made from data.
    fn generated(&mut self, node: crate::document::NodeId, mut content: impl FnMut(&mut Self, usize)) {
        let Fact::Clauses(first, count) = self.facts.of(node) else { return };
        let facts = self.facts;
        let mut clauses = facts.clauses.iter().skip(first as usize).take(count as usize).peekable();
        let Some(level) = clauses.peek().map(|clause| clause.level()) else { return };
        self.open_items(level);
        for (at, clause) in clauses.enumerate() {
            self.open_item(clause);
            self.out.push_str("<p>");
            content(self, at);
            self.out.push_str("</p>\n</div></li>\n");
        }
        self.out.push_str("</ol>\n");
    }

    fn law_item(&mut self, at: usize) {
        let plan = self.renderer.plan;
        let Some(law) = plan.laws.laws.iter().filter(|law| law.listed).nth(at) else { return };
        self.simple_link("law", |linker, out| linker.write_law(&law.id, None, out), &law.title);
    }

    fn annex_item(&mut self, at: usize) {
        let plan = self.renderer.plan;
        let Some(annex) = plan.parts[self.facts.part].annexes.get(at).copied() else { return };
        let place = Place { chapter: u32::try_from(annex).unwrap_or(u32::MAX), clause: None };
        self.simple_link("reference", |linker, out| linker.write_place(place, out), &plan.listed_title(annex));
    }

    pub(super) fn simple_link(&mut self, class: &str, address: impl Fn(Linker<'a>, &mut String), words: &str) {
        self.out.push_str("<a");
        attribute(&mut self.out, "class", class);
        self.by_page(|out, linker| attribute_with(out, "href", |out| address(linker, out)));
        self.out.push('>');
        escape(&mut self.out, words);
        self.out.push_str("</a>");
    }

    /// Opens a table's row, with an address that a search can lead to.
    pub(super) fn row(&mut self) {
        let Some(rows) = &mut self.rows else { return self.out.push_str("<tr>") };
        *rows += 1;
        let (chapter, row) = (&self.chapter.id, *rows);
        self.out.push_str("<tr");
        // No clause's id has such a form.
        attribute_with(&mut self.out, "id", |out| {
            out.extend([&**chapter, ".row-"]);
            arabic(row, out);
        });
        self.out.push('>');
    }

    /// Writes something whose rows have no address.
    pub(super) fn without_rows(&mut self, content: impl FnOnce(&mut Self)) {
        let rows = self.rows.take();
        self.boxed(content);
        self.rows = rows;
    }

    /// Writes something that has no sheet to itself.
    fn boxed(&mut self, content: impl FnOnce(&mut Self)) {
        let boxed = std::mem::replace(&mut self.boxed, true);
        content(self);
        self.boxed = boxed;
    }

    /// Who cites these clauses; the `own` one, a section, needs no number before its line.
    fn backlinks(&mut self, clauses: std::ops::Range<u32>, own: Option<u32>) {
        let facts = self.facts;
        for index in clauses {
            let plan = self.renderer.plan;
            let citing: Vec<Place> = plan.citations.of(Place { chapter: self.index, clause: Some(index) }).collect();
            if citing.is_empty() {
                continue;
            }
            self.out.push_str("<aside class=\"backlinks\"><span class=\"label\">");
            if own != Some(index) {
                let number = facts.clauses.at(index).number().short(self.chapter.kind, plan.style());
                escape(&mut self.out, &number);
                escape(&mut self.out, plan.term("preview_separator"));
            }
            escape(&mut self.out, plan.term("cited_by"));
            self.out.push_str("</span>");
            for (at, place) in citing.into_iter().enumerate() {
                if at > 0 {
                    escape(&mut self.out, plan.term("list_separator"));
                }
                let (number, title) = number_and_title(plan, Some(facts.part), place);
                let words = if title.is_empty() { number } else { format!("{number} {title}") };
                self.simple_link("reference", |linker, out| linker.write_place(place, out), &words);
            }
            self.out.push_str("</aside>\n");
        }
    }

    fn footnotes(&mut self) {
        let (chapter, facts) = (self.chapter, self.facts);
        let mut printed: Vec<_> = facts.printed_notes(chapter).collect();
        printed.sort_unstable_by_key(|(_, fact)| fact.number);
        if printed.is_empty() {
            return;
        }
        let plan = self.renderer.plan;
        self.out.push_str("<section class=\"footnotes\" role=\"doc-endnotes\"");
        // The one-page plan has several of these, which a reader of landmarks must tell apart.
        let label = format!("{}{}", self.facts.number.label(chapter.kind, plan.style()), plan.term("footnotes"));
        let on_page = plan.term("footnotes");
        self.by_page(|out, linker| attribute(out, "aria-label", if linker.is_print() { &label } else { on_page }));
        self.out.push_str("><ol>\n");
        for (footnote, fact) in printed {
            let number = fact.number;
            self.out.extend(["<li class=\"footnote\" id=\"", &fact.anchor(), "\"><span class=\"number\">"]);
            arabic(number, &mut self.out);
            self.out.push_str("</span><div class=\"text\">");
            self.without_rows(|body| body.blocks(footnote.blocks));
            self.out.push_str("</div>");
            for ordinal in 1..=fact.marks {
                self.out.push_str("<a class=\"footnote-back\" href=\"#");
                mark_id(number, ordinal, &mut self.out);
                self.out.push('"');
                let term = plan.term(if fact.marks > 1 { "footnote_back_of" } else { "footnote_back" });
                let label = term.replace("{n}", &number.to_string()).replace("{m}", &ordinal.to_string());
                attribute(&mut self.out, "aria-label", &label);
                self.out.push_str("></a>");
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol></section>\n");
    }
}
