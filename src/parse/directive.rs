//! Block directives: `:::name arguments` … `:::`.
//!
//! In: comrak's directive node. Out: the block it stands for, or findings. A directive that an inner fence closed, or
//! nothing closed, is reported here.

use super::{label, lower::Lowering};
use crate::{
    diagnostic::{Rule, did_you_mean_or_all},
    document::{
        Orientation,
        owned::{Block, BlockKind, DataTable, Field, Fields, Run},
    },
    message,
};
use comrak::{
    Node,
    nodes::{ListType, NodeValue},
};
use memchr::memmem;
use rustc_hash::FxHashSet;
use std::ops::Range;

pub(super) const NAMES: [&str; 7] = ["guidance", "when", "table", "fields", "signature", "laws", "annexes"];

/// What a directive becomes.
pub(super) enum Lowered {
    /// One block.
    Kind(BlockKind),
    /// What it holds, as if it were not there: a mistake in its first line must not take its content along.
    Blocks(Vec<Block>),
}

impl From<BlockKind> for Lowered {
    fn from(kind: BlockKind) -> Self {
        Self::Kind(kind)
    }
}

/// Reads a directive.
pub(super) fn lower(lowering: &mut Lowering<'_>, node: Node<'_>, info: &str, fence: usize, range: Range<usize>) -> Lowered {
    let opening = lowering.line_of(&range);
    let info = info.trim();
    let name = info.split_whitespace().next().unwrap_or_default();
    if name.is_empty() {
        let help = message!(
            "請加上名稱，或刪去這行；內層的 ::: 若與外層一樣長，會先把外層關掉",
            "Name it or delete it; an inner fence as long as the outer one closes the outer one"
        );
        lowering.report(
            Rule::UnnamedDirective,
            opening,
            message!("::: 後面沒有名稱", "This ::: opens a directive without a name"),
            help,
        );
        return Lowered::Blocks(lowering.blocks(node));
    }
    check_closed(lowering, &range, &opening, name, fence);
    if lowering.is_plain() {
        let help = message!("請移到撰寫說明、註腳、引言或儲存格外面", "Move it out of the guidance, footnote, quote or cell");
        lowering.report(
            Rule::UnsupportedMarkdown,
            opening,
            message!("這裡不能有「{name}」區塊", "There can be no `{name}` here"),
            help,
        );
        return Lowered::Blocks(lowering.blocks(node));
    }
    let arguments_at = lowering.text[opening.clone()].find(info).map_or(opening.start, |at| opening.start + at) + name.len();
    let arguments = Arguments::read(&info[name.len()..], arguments_at);
    match name {
        "guidance" => {
            arguments.refuse_all(lowering);
            lowering.guidance += 1;
            let blocks = lowering.plain_blocks(node);
            lowering.guidance -= 1;
            BlockKind::Guidance(blocks).into()
        }
        "when" => {
            let (text, at) = (arguments.text.trim(), arguments.at + (arguments.text.len() - arguments.text.trim_start().len()));
            let node_id = lowering.node();
            let condition = lowering.condition(text, at..at + text.len());
            let blocks = lowering.blocks(node);
            match condition {
                Some(condition) => BlockKind::When { node: node_id, condition, blocks }.into(),
                None => Lowered::Blocks(blocks),
            }
        }
        "table" => {
            refuse_content(lowering, node, name, &opening);
            table(lowering, &arguments, &opening).map_or(Lowered::Blocks(Vec::new()), Lowered::Kind)
        }
        "fields" => BlockKind::Fields(fields(lowering, node, &arguments, &opening)).into(),
        "signature" => {
            arguments.refuse_all(lowering);
            let items = bullets(lowering, node, &opening);
            let roles = items
                .into_iter()
                .filter_map(|item| only_paragraph(lowering, item).map(|words| lowering.paragraph(words, None)));
            BlockKind::Signature(roles.collect()).into()
        }
        "laws" | "annexes" => {
            arguments.refuse_all(lowering);
            refuse_content(lowering, node, name, &opening);
            let node = lowering.node();
            if name == "laws" { BlockKind::Laws(node) } else { BlockKind::Annexes(node) }.into()
        }
        other => {
            let help = did_you_mean_or_all(other, &NAMES);
            lowering.report(Rule::UnknownDirective, opening, message!("沒有「{other}」這種區塊", "There is no directive `{other}`"), help);
            Lowered::Blocks(lowering.blocks(node))
        }
    }
}

/// As many directives inside one another are far more than can be read.
const MOST: usize = 500;

/// Where the line begins that opens one directive too many inside of others. Lines of code count as well: no plan shows as many.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    // A fast path: no plan has as many.
    memmem::find_iter(text.as_bytes(), ":::").nth(MOST)?;
    let (mut at, mut open) = (0, 0_usize);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(rest) = line.trim_start_matches(' ').strip_prefix(":::") else { continue };
        if rest.trim_start_matches(':').trim().is_empty() {
            open = open.saturating_sub(1);
        } else if open < MOST {
            open += 1;
        } else {
            return Some(start);
        }
    }
    None
}

/// Reports a directive whose last line is no closing fence.
fn check_closed(lowering: &mut Lowering<'_>, range: &Range<usize>, opening: &Range<usize>, name: &str, fence: usize) {
    let last = lowering.text[..range.end].trim_end().rsplit('\n').next().unwrap_or_default().trim();
    let last = last.trim_start_matches(['>', ' ']);
    if last.len() >= fence && last.bytes().all(|byte| byte == b':') {
        return;
    }
    let help = message!(
        "請以 {colons} 結束；外層的冒號要比內層多",
        "Close it with {colons}; an outer fence has more colons than an inner one",
        colons = ":".repeat(fence)
    );
    lowering.report(Rule::UnclosedDirective, opening.clone(), message!("「{name}」沒有結尾", "`{name}` has no end"), help);
}

fn refuse_content(lowering: &mut Lowering<'_>, node: Node<'_>, name: &str, opening: &Range<usize>) {
    if node.first_child().is_some() {
        let help = message!("內容來自資料檔，請把兩行 ::: 之間清空", "Its content comes from data; leave nothing between the fences");
        lowering.report(
            Rule::UnsupportedMarkdown,
            opening.clone(),
            message!("「{name}」裡面不能寫字", "Nothing can stand inside `{name}`"),
            help,
        );
    }
}

/// The words after a directive's name.
struct Arguments<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Arguments<'a> {
    fn read(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Each word with its place.
    fn words(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> + use<'a> {
        let (text, at) = (self.text, self.at);
        text.split_whitespace().map(move |word| {
            let start = at + (word.as_ptr() as usize - text.as_ptr() as usize);
            (word, start..start + word.len())
        })
    }

    /// Reports those that stand there twice.
    fn refuse_repeated(&self, lowering: &mut Lowering<'_>) {
        let key = |word: &'a str| word.split_once('=').map(|(key, _)| key);
        let mut seen = FxHashSet::default();
        for (word, place) in self.words() {
            let Some(key_of_word) = key(word) else { continue };
            if !seen.insert(key_of_word) {
                lowering.repeated_attribute(key_of_word, place);
            }
        }
    }

    fn refuse_all(&self, lowering: &mut Lowering<'_>) {
        for (word, place) in self.words() {
            unknown(lowering, word, place, &[]);
        }
    }
}

fn unknown(lowering: &mut Lowering<'_>, word: &str, place: Range<usize>, known: &[&str]) {
    let key = word.split('=').next().unwrap_or(word);
    if known.is_empty() {
        let help = message!("這種區塊不接參數，請刪去", "This directive takes no arguments; delete it");
        return lowering.report(Rule::UnknownAttribute, place, message!("不能有「{word}」", "There can be no `{word}`"), help);
    }
    let help = did_you_mean_or_all(key, known);
    lowering.report(Rule::UnknownAttribute, place, message!("沒有「{key}」這個參數", "There is no argument `{key}`"), help);
}

fn table(lowering: &mut Lowering<'_>, arguments: &Arguments<'_>, opening: &Range<usize>) -> Option<BlockKind> {
    arguments.refuse_repeated(lowering);
    let mut words = arguments.words();
    let Some((name, place)) = words.next().filter(|(word, _)| !word.contains('=')) else {
        let help = message!("例如 :::table core_business", "For example :::table core_business");
        lowering.report(Rule::UnknownValue, opening.clone(), message!("沒有寫要放哪一張表", "It does not say which table"), help);
        return None;
    };
    let mut table = DataTable {
        name: lowering.shared(name, place.clone()),
        span: lowering.span(place),
        blank_rows: 0,
        orientation: Orientation::Portrait,
    };
    for (word, place) in words {
        match word.split_once('=') {
            Some(("rows", number)) => table.blank_rows = lowering.number(number, place, 0..=500).unwrap_or(0),
            Some(("orientation", "landscape")) => table.orientation = Orientation::Landscape,
            Some(("orientation", "portrait")) => {}
            _ => unknown(lowering, word, place, &["rows", "orientation=landscape"]),
        }
    }
    Some(BlockKind::DataTable(Box::new(table)))
}

fn fields(lowering: &mut Lowering<'_>, node: Node<'_>, arguments: &Arguments<'_>, opening: &Range<usize>) -> Fields {
    arguments.refuse_repeated(lowering);
    let mut columns = 1;
    for (word, place) in arguments.words() {
        match word.split_once('=') {
            Some(("columns", number)) => columns = lowering.number(number, place, 1..=4).unwrap_or(1),
            _ => unknown(lowering, word, place, &["columns"]),
        }
    }
    let items = bullets(lowering, node, opening);
    Fields { columns, fields: items.into_iter().filter_map(|item| field(lowering, item)).collect() }
}

/// `標籤：預印文字` with choices nested below it.
fn field(lowering: &mut Lowering<'_>, item: Node<'_>) -> Option<Field> {
    let (attributes, words) = lowering.item_paragraph(item.first_child()?, true);
    let (label, preprinted) = label::split(words);
    let mut choices: Vec<Run> = Vec::new();
    for child in item.children().skip(1) {
        let is_ordered = if let NodeValue::List(list) = &child.data().value {
            list.list_type == ListType::Ordered
        } else {
            lowering.not_in_a_form(child);
            continue;
        };
        if is_ordered {
            let first = lowering.line_of(&lowering.range(child.data().sourcepos));
            let message =
                message!("這份清單會印成選項的方框，編號不會印出來", "This list is printed as boxes to tick, without its numbers");
            let help = message!(
                "選項請寫「- 」；要印出編號，請寫在冒號後面，或把這一格移到 :::fields 外面，寫成條文",
                "Write `- ` for choices; to print numbers, write them behind the colon, or move the entry out of :::fields and make clauses of it"
            );
            lowering.report(Rule::UnsupportedMarkdown, first, message, help);
        }
        for choice in child.children() {
            choices.extend(only_paragraph(lowering, choice).map(|words| lowering.paragraph(words, None)));
        }
    }
    Some(Field { label, preprinted, choices, rows: attributes.rows.unwrap_or(1) })
}

/// The one paragraph of an item; anything else in it has no place in a form.
fn only_paragraph<'n>(lowering: &mut Lowering<'_>, item: Node<'n>) -> Option<Node<'n>> {
    item.children().skip(1).for_each(|child| lowering.not_in_a_form(child));
    item.first_child()
}

/// The items of the bullet lists inside a form directive, which holds nothing else.
fn bullets<'n>(lowering: &mut Lowering<'_>, node: Node<'n>, opening: &Range<usize>) -> Vec<Node<'n>> {
    let is_list = |child: &Node<'n>| matches!(&child.data().value, NodeValue::List(list) if list.list_type == ListType::Bullet);
    if node.children().any(|child| !is_list(&child)) || node.first_child().is_none() {
        let help = message!("每一格寫成一個「- 項目」", "Write each entry as `- item`");
        lowering.report(
            Rule::UnsupportedMarkdown,
            opening.clone(),
            message!("這裡面要有項目清單，而且只能有項目清單", "It holds a bullet list and nothing else"),
            help,
        );
    }
    let items: Vec<Node<'n>> = node.children().filter(is_list).flat_map(comrak::arena_tree::Node::children).collect();
    for item in items.iter().filter(|item| item.first_child().is_none()) {
        let line = lowering.line_of(&lowering.range(item.data().sourcepos));
        let help = message!("請寫出這一格的名稱，或刪去這一行", "Name the entry, or delete the line");
        lowering.report(Rule::EmptyItem, line, message!("這一格沒有名稱", "This entry has no name"), help);
    }
    items
}
