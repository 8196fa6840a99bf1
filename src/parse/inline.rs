//! Lowering comrak's inlines into our own.
//!
//! In: a paragraph, heading or cell of comrak's tree. Out: owned inlines. References and law references are read from the
//! wikilink's source; values and what looks like a mistake are found in `text`.

use super::{lost_sign, lower::Lowering};
use crate::{
    diagnostic::{Diagnostic, Message, Rule},
    document::{
        self, Text, Tree,
        owned::{Block, BlockKind, FootnoteMark, Image, Inline, Label, LawReference, Link, Reference},
        plain_text,
    },
    message,
};
use comrak::{Node, nodes::NodeValue};
use std::{borrow::Cow, ops::Range};

impl Lowering<'_> {
    /// A paragraph's or a cell's inlines; `[ ]` at its beginning is a box. Nothing from byte `cut` on is kept.
    pub(super) fn paragraph(&mut self, node: Node<'_>, cut: Option<usize>) -> Vec<Inline> {
        self.check_formulas(node);
        let mut inlines = self.inlines(node, cut);
        let ticked = match inlines.first() {
            Some(Inline::Text(text)) if text.starts_with("[ ]") => Some(false),
            Some(Inline::Text(text)) if text.starts_with("[x]") || text.starts_with("[X]") => Some(true),
            _ => None,
        };
        if let (Some(ticked), Some(Inline::Text(text))) = (ticked, inlines.first_mut()) {
            *text = text.part(text.len() - text[3..].trim_start().len()..text.len());
            inlines.insert(0, Inline::Checkbox(ticked));
        }
        inlines
    }

    /// The inlines below a node.
    pub(super) fn inlines(&mut self, node: Node<'_>, cut: Option<usize>) -> Vec<Inline> {
        let range = self.range(node.data().sourcepos);
        self.deeper(range, |lowering| {
            let mut out = Vec::new();
            for child in node.children() {
                let range = lowering.range(child.data().sourcepos);
                if cut.is_some_and(|cut| range.start >= cut) {
                    break;
                }
                lowering.inline(child, range, cut, &mut out);
            }
            let mut out = joined(out);
            trim_end(&mut out);
            out
        })
    }

    /// The inlines inside another inline, where no line of the paragraph begins.
    fn inside(&mut self, node: Node<'_>, cut: Option<usize>) -> Vec<Inline> {
        let lines = std::mem::take(&mut self.lines_are_text);
        let inlines = self.inlines(node, cut);
        self.lines_are_text = lines;
        inlines
    }

    fn inline(&mut self, node: Node<'_>, range: Range<usize>, cut: Option<usize>, out: &mut Vec<Inline>) {
        let data = node.data();
        match &data.value {
            NodeValue::Text(text) => {
                // Counted from the end, because an entity is longer in the source than in the text.
                let end = cut.map_or(text.len(), |cut| text.floor_char_boundary(text.len().saturating_sub(range.end.saturating_sub(cut))));
                let is_broken = || self.is_cell() && matches!(out.last(), Some(Inline::LineBreak));
                let at_line_start = self.lines_are_text && (matches!(out.last(), None | Some(Inline::SoftBreak)) || is_broken());
                if text.starts_with(['{', ' ']) && matches!(out.last(), Some(Inline::Image(_) | Inline::Link(_))) {
                    let is_picture = matches!(out.last(), Some(Inline::Image(_)));
                    self.check_attributes_behind(&text[..end], &range, is_picture);
                }
                self.words(&text[..end], range, at_line_start, out);
            }
            NodeValue::Escaped => {
                self.check_backslashes(node, &range);
                self.check_path(node, &range);
                for child in node.children() {
                    if let NodeValue::Text(text) = &child.data().value {
                        push_text(out, self.shared(text, range.clone()));
                    }
                }
            }
            // A spreadsheet breaks a cell's lines where its writer did.
            NodeValue::SoftBreak if self.is_cell() => out.push(Inline::LineBreak),
            NodeValue::SoftBreak => out.push(Inline::SoftBreak),
            NodeValue::LineBreak => out.push(Inline::LineBreak),
            NodeValue::Code(code) => out.push(Inline::Code(self.shared(&code.literal, range))),
            NodeValue::Emph => {
                self.check_emphasis(node, &range);
                out.push(Inline::Emphasis(self.inside(node, cut)));
            }
            NodeValue::Strong => {
                self.check_emphasis(node, &range);
                out.push(Inline::Strong(self.inside(node, cut)));
            }
            NodeValue::Link(_) if self.is_mark(&range) => {
                let mark = self.text.get(range.clone()).unwrap_or_default();
                self.words(mark, range, false, out);
            }
            NodeValue::Link(link) => out.push(self.link(node, &link.url, range, cut)),
            NodeValue::Image(image) => out.push(self.image(node, [&image.url, &image.title], range, cut)),
            NodeValue::WikiLink(link) if link.embed => self.unsupported(range),
            NodeValue::WikiLink(link) => {
                let words: String = node.children().filter_map(|child| child.data().value.text().map(str::to_owned)).collect();
                let reference = self.reference(&link.url, &words, range);
                out.push(reference);
            }
            NodeValue::FootnoteReference(reference) => {
                if self.is_plain() {
                    let help = message!("註腳標記只能放在條文裡", "A footnote's mark stands in a clause");
                    self.report(Rule::UnsupportedMarkdown, range, message!("這裡不能有註腳", "There can be no footnote here"), help);
                    return;
                }
                self.check_link_inside(node, &range);
                let (node, name) = (self.node(), self.shared(&reference.name, range.clone()));
                out.push(Inline::FootnoteMark(Box::new(FootnoteMark { node, name, span: self.span(range) })));
            }
            NodeValue::CommentInline(comment) => out.push(Inline::Comment(self.shared(&comment.literal, range))),
            NodeValue::HtmlInline(_) => self.raw_html(range),
            NodeValue::Document
            | NodeValue::FrontMatter(_)
            | NodeValue::BlockQuote
            | NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::DescriptionList
            | NodeValue::DescriptionItem(_)
            | NodeValue::DescriptionTerm
            | NodeValue::DescriptionDetails
            | NodeValue::CodeBlock(_)
            | NodeValue::HtmlBlock(_)
            | NodeValue::Paragraph
            | NodeValue::Heading(_)
            | NodeValue::ThematicBreak
            | NodeValue::FootnoteDefinition(_)
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell
            | NodeValue::TaskItem(_)
            | NodeValue::Raw(_)
            | NodeValue::Strikethrough
            | NodeValue::Highlight
            | NodeValue::Insert
            | NodeValue::Superscript
            | NodeValue::Math(_)
            | NodeValue::MultilineBlockQuote(_)
            | NodeValue::Underline
            | NodeValue::Subscript
            | NodeValue::SpoileredText
            | NodeValue::EscapedTag(_)
            | NodeValue::Alert(_)
            | NodeValue::Callout(_)
            | NodeValue::CalloutTitle
            | NodeValue::Subtext
            | NodeValue::BlockDirective(_)
            | NodeValue::MultilineComment(_) => self.unsupported(range),
        }
    }

    /// A link with this address.
    fn link(&mut self, node: Node<'_>, url: &str, range: Range<usize>, cut: Option<usize>) -> Inline {
        let children = self.inside(node, cut);
        let url = self.readable(url, &range);
        self.check_url(&url, &range);
        if children.iter().all(|child| matches!(child, Inline::Comment(_))) {
            let message = message!("這個連結沒有文字，讀者看不到它", "This link has no words; no reader sees it");
            let help = message!("請在 [ ] 裡寫出文字，或刪去這個連結", "Write words between the brackets, or delete the link");
            self.report(Rule::UnsupportedMarkdown, range.clone(), message, help);
        }
        let url = self.shared(&url, range.clone());
        Inline::Link(Box::new(Link { url, children, span: self.span(range) }))
    }

    /// A picture with this address and caption.
    fn image(&mut self, node: Node<'_>, of: [&str; 2], range: Range<usize>, cut: Option<usize>) -> Inline {
        let [url, caption] = of.map(|text| self.readable(text, &range));
        self.plain_only(&caption, &range);
        self.check_url(&url, &range);
        let (url, caption) = (url.into_owned().into(), caption.into_owned().into());
        let alternative = self.alternative(node, range.clone(), cut).into();
        Inline::Image(Box::new(Image { url, alternative, caption, span: self.span(range) }))
    }

    /// The plain words below a node, which describe a picture.
    fn alternative(&mut self, node: Node<'_>, range: Range<usize>, cut: Option<usize>) -> String {
        let words = self.inside(node, cut);
        self.check_alternative(&words);
        let described = Block { kind: BlockKind::Paragraph(words), span: self.span(range) };
        let tree = Tree::new(self.file, &self.whole, vec![described], Vec::new());
        let words = tree.blocks().iter().map(|block| match block.kind {
            document::BlockKind::Paragraph(inlines) => plain_text(inlines, &mut |_| String::new()),
            _ => String::new(),
        });
        words.collect()
    }

    /// Reports what a picture's description would lack without a word: it is words and nothing else.
    fn check_alternative(&mut self, words: &[Inline]) {
        for inline in words {
            let (rule, span, what) = match inline {
                Inline::Emphasis(inside) | Inline::Strong(inside) => {
                    self.check_alternative(inside);
                    continue;
                }
                Inline::Value(value) => (Rule::UnknownValue, value.span, message!("值", "value")),
                Inline::FootnoteMark(mark) => (Rule::UnsupportedMarkdown, mark.span, message!("註腳", "footnote")),
                _ => continue,
            };
            let Message { zh, en } = what;
            let message =
                message!("圖的替代文字裡不能有{zh}，它不會印出來", "A picture's description cannot hold a {en}; it is not printed");
            let help = message!("請直接寫出要說的字", "Write the words themselves");
            self.findings.push(Diagnostic::new(rule, span, message).help(help));
        }
    }

    /// Reports a value in an address, which is printed as it stands.
    fn check_url(&mut self, url: &str, range: &Range<usize>) {
        if url.contains("{{") {
            let message = message!("網址裡不能放值", "An address cannot hold a value");
            self.report(Rule::UnknownValue, range.clone(), message, message!("請直接寫出網址", "Write the address itself"));
        }
    }

    /// Reports a mark that stands in a link's words: it is a link itself, and a link inside of a link is none.
    fn check_link_inside(&mut self, node: Node<'_>, range: &Range<usize>) {
        if node.ancestors().skip(1).any(|above| matches!(above.data().value, NodeValue::Link(_))) {
            let message = message!("連結的文字裡不能有註腳", "A link's words cannot hold a footnote");
            let help = message!("請移到連結後面", "Move it behind the link");
            self.report(Rule::UnsupportedMarkdown, range.clone(), message, help);
        }
    }

    /// Reports attributes behind a picture or a link, as other programs know them: they are printed.
    fn check_attributes_behind(&mut self, text: &str, range: &Range<usize>, is_picture: bool) {
        // Behind a link and a space there are words.
        let words = text.strip_prefix(' ').filter(|_| is_picture).unwrap_or(text);
        let (start, text) = (range.start + text.len() - words.len(), words);
        let Some(inside) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(inside, _)| inside) else { return };
        if !inside.starts_with('#') && (inside.starts_with(['.', ':']) || inside.contains('=')) {
            let place = start..(start + inside.len() + 2).min(range.end);
            let message =
                message!("圖與連結沒有屬性，這段大括號會照樣印出來", "Pictures and links have no attributes; these braces are printed");
            let help = message!("請刪去；要印出大括號請寫 \\{{", "Delete them; write \\{{ for the brace itself");
            self.report(Rule::UnknownAttribute, place, message, help);
        }
    }

    /// Reports values and comments where words are printed as they stand: a comment there would be published.
    fn plain_only(&mut self, words: &str, range: &Range<usize>) {
        if words.contains("{{") {
            let help = message!("請把值寫在連結外面", "Write the value outside the link");
            self.report(
                Rule::UnknownValue,
                range.clone(),
                message!("連結文字與圖說裡不能放值", "A link's words and a caption cannot hold a value"),
                help,
            );
        }
        if words.find("**").is_some_and(|at| lost_sign::has_second(words, at, "**")) {
            let message = message!("連結文字與圖說裡的 ** 會照樣印出來", "A ** in a link's words or a caption is printed");
            let help = message!("請把 ** 寫在參照外面；圖說請刪去", "Write the ** around the reference; delete them in a caption");
            self.report(Rule::PrintedMarkup, range.clone(), message, help);
        }
        if words.contains("%%") {
            let help = message!("請把註解寫在連結外面", "Write the comment outside the link");
            let message = message!(
                "連結文字與圖說裡不能有註解，它會印出來",
                "A link's words and a caption cannot hold a comment; it would be printed"
            );
            self.report(Rule::UnclosedComment, range.clone(), message, help);
        }
    }

    /// The range of a reference up to its brackets: in a table the parser does not count the backslash before the bar.
    fn to_its_end(&self, range: Range<usize>) -> Range<usize> {
        if !self.in_table || self.text.get(range.clone()).is_some_and(|source| source.ends_with("]]")) {
            return range;
        }
        let line = self.text.get(range.start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let end = line.find("]]").map_or(range.end, |end| range.start + end + "]]".len());
        range.start..end
    }

    /// `[[target]]`, `[[target|]]`, `[[target|words]]`; a table cell writes the bar as `\|`.
    fn reference(&mut self, url: &str, words: &str, range: Range<usize>) -> Inline {
        let range = self.to_its_end(range);
        let bar = self.text[range.clone()].contains('|');
        let words = &*self.readable(words, &range);
        let label = match (bar, words.is_empty()) {
            (false, _) => Label::NumberAndTitle,
            (true, true) => Label::Title,
            (true, false) => Label::Words(self.shared(words, range.start + url.len()..range.end)),
        };
        if let Label::Words(words) = &label {
            self.plain_only(words, &range);
        }
        let target = url.trim_end_matches('\\').trim();
        let span = self.span(range.clone());
        let Some(law) = target.strip_prefix("law:") else {
            return Inline::Reference(Box::new(Reference { target: self.shared(target, range), label, span }));
        };
        let (law, written) = law.split_once('#').map_or((law, None), |(law, article)| (law, Some(article)));
        let article = half_width(written.unwrap_or_default().trim());
        if written.is_some() && article.is_empty() {
            let message = message!("# 後面沒有條號", "No article number follows the #");
            let help = message!(
                "請寫條號，例如 [[law:{law}#10]]；不要條號就寫 [[law:{law}]]",
                "Write one, as in [[law:{law}#10]], or [[law:{law}]] without"
            );
            self.report(Rule::UnknownReference, range.clone(), message, help);
        }
        if !article.is_empty() && !is_article(&article) {
            let message = message!("「{article}」不是條號", "`{article}` is no article number");
            let help = message!(
                "條號只寫數字，例如 [[law:{law}#10]]、[[law:{law}#10-1]]；「第」與「條」會自己加上",
                "Write the number alone, such as [[law:{law}#10]] or [[law:{law}#10-1]]; its words are added"
            );
            self.report(Rule::UnknownReference, range.clone(), message, help);
        }
        let at = |words: &str, range: &Range<usize>| self.shared(words, range.clone());
        let article = Some(at(&article, &range)).filter(|article| !article.is_empty());
        Inline::Law(Box::new(LawReference { law: at(law, &range), article, label, span }))
    }
}

/// Full-width digits and signs as half-width ones, so that one article has one number.
fn half_width(words: &str) -> Cow<'_, str> {
    let is_wide = |c: char| matches!(c, '！'..='～');
    if !words.contains(is_wide) {
        return words.into();
    }
    let narrow = |c: char| if is_wide(c) { char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) } else { c };
    words.chars().map(narrow).collect()
}

/// Whether this can be the number of an article: `10`, `10-1`, and in standards `6.2.1` and `A.5.1`.
pub fn is_article(words: &str) -> bool {
    // No law has ten thousand.
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && matches!(part.len(), 1..=4) && !part.starts_with('0');
    let is_letter = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut parts = words.split(['.', '-']).peekable();
    parts.next_if(|part| is_letter(part));
    parts.peek().is_some() && parts.all(is_number)
}

/// Adds words.
pub(super) fn push_text(out: &mut Vec<Inline>, text: Text) {
    if !text.is_empty() {
        out.push(Inline::Text(text));
    }
}

/// Joins runs of words, each run once.
fn joined(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(inlines.len());
    let mut run = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) => run.push(text),
            other => {
                push_text(&mut out, Text::joined(&run));
                run.clear();
                out.push(other);
            }
        }
    }
    push_text(&mut out, Text::joined(&run));
    out
}

/// Removes spaces at the end, left over where attributes stood.
fn trim_end(inlines: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        *text = text.trimmed_end();
        if text.is_empty() {
            inlines.pop();
        }
    }
}
