//! What drafting leaves behind: items without words, ellipses, words of the guidance, blanks that were deleted with their circle.
//!
//! In: the plan's items and runs. Out: findings.

use super::{
    blank_circle::{self, CIRCLES, LETTERS},
    prose::{Run, Runs, first_of},
    recorded::Recorded,
    words_place::{overlapping, places},
};
use crate::{
    diagnostic::{Diagnostic, Message, Rule},
    document::{Block, BlockKind, Inline, Inlines, List, ListKind, is_only_comments},
    message,
    resolve::{Decision, Fact, Facts, Plan, visit::Context, words},
    source::Sources,
};
use aho_corasick::AhoCorasick;

/// What a text that says how to write a plan says, and a plan does not.
const GUIDANCE: [&str; 10] =
    ["撰寫說明", "範本如下", "範本：", "範例一", "範例二", "範例如下", "（範例）", "(範例)", "以下為例示", "供例示參考"];
/// What an unfinished sentence ends with.
const DOTS: [&str; 4] = ["...", "…", "．．．", "⋯"];
/// What stands for words that are still to be written.
const TO_DO: [&str; 10] =
    ["（待補）", "(待補)", "（待補充）", "(待補充)", "［待補］", "[待補]", "【待補】", "［請填寫", "[請填寫", "【請填寫"];
/// What a word processor prints for a reference whose target is gone.
const LOST: [&str; 2] = ["找不到參照來源", "Reference source not found"];
/// What a spreadsheet shows where a formula came to nothing.
const FAILED: [&str; 7] = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"];
/// Sentences that a deleted circle has broken, and what is missing in them.
const BROKEN: [(&str, &str); 7] = [
    ("本全機關", "機關的自稱（府、部、校…）"),
    ("責任等級級", "等級（A 至 E）"),
    ("單位單位", "單位名稱"),
    ("人員人，", "人數"),
    ("第條", "條號"),
    ("於月召開", "月份"),
    ("應持有張", "張數"),
];

/// Finds items of lists without a word, and items that end with a colon.
pub(super) struct Items<'a> {
    recorded: &'a Recorded<'a>,
    /// Where the list ends whose last item ends with a colon, and its finding: what follows the list may be what the colon means.
    waiting: Option<(u32, Diagnostic)>,
}

impl<'a> Items<'a> {
    /// Those of a chapter.
    pub(super) fn of(recorded: &'a Recorded<'a>) -> Self {
        Self { recorded, waiting: None }
    }

    /// Takes the blocks of a chapter in their order.
    pub(super) fn see(&mut self, plan: &Plan, facts: &Facts, block: Block<'_>, context: Context<'_>, found: &mut Vec<Diagnostic>) {
        // A condition is no block of its own, and what only drafts show says nothing.
        let says_something = || !context.guidance && !is_silent(&block) && !matches!(block.kind, BlockKind::When { .. });
        let told = self.waiting.take_if(|(end, _)| block.span.start >= *end && says_something());
        found.extend(told.filter(|_| context.note || !is_what_a_colon_means(&block)).map(|(_, finding)| finding));
        if let BlockKind::List(list) = block.kind
            && let Some(finding) = items(plan, facts, self.recorded, list, context, found)
        {
            let before = self.waiting.replace((block.span.end, finding));
            found.extend(before.map(|(_, finding)| finding));
        }
    }

    /// Ends the chapter: what waits now is followed by nothing.
    pub(super) fn finish(self, found: &mut Vec<Diagnostic>) {
        found.extend(self.waiting.map(|(_, finding)| finding));
    }
}

/// Whether a block can be what an item announces that stands before it, not indented: a table, a form, a picture, bullets, code.
fn is_what_a_colon_means(block: &Block<'_>) -> bool {
    match &block.kind {
        BlockKind::Table(_)
        | BlockKind::DataTable(_)
        | BlockKind::Fields(_)
        | BlockKind::Signature(_)
        | BlockKind::Code(_)
        | BlockKind::Quote(_) => true,
        BlockKind::List(list) => list.kind != ListKind::Clauses,
        BlockKind::Paragraph(inlines) => inlines.beyond_words().any(|inline| matches!(inline, Inline::Image(_))),
        _ => false,
    }
}

/// Reports items of a list without a word, and items that end with a colon; the finding about the colon of the last item is returned instead.
fn items(
    plan: &Plan,
    facts: &Facts,
    recorded: &Recorded<'_>,
    list: List<'_>,
    context: Context<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<Diagnostic> {
    if context.guidance || context.quoted || list.kind != ListKind::Clauses {
        return None;
    }
    let mut of_last = None;
    for item in list.items.iter().filter(|item| matches!(facts.of(item.node), Fact::Clause(..))) {
        found.extend(of_last.take());
        let mut present = item.blocks.iter().filter(|block| !is_unseen(facts, block));
        let (first, second) = (present.next(), present.next());
        let is_whole = item.blocks.iter().all(|block| !is_removed(facts, &block));
        let unfinished = match first {
            Some(Block { kind: BlockKind::Paragraph(inlines), span }) if second.is_none() => {
                ends_with_colon(plan, facts.part, inlines).then_some(span)
            }
            _ => None,
        };
        of_last = unfinished.map(|span| {
            let help = if is_whole { message!("請在冒號後面寫完", "Say what follows the colon") } else { on_the_item() };
            let message = message!("冒號後面沒有內容", "Nothing follows the colon");
            Diagnostic::new(Rule::LeftoverEllipsis, span, message).help(help)
        });
        if first.is_none() {
            let help = if !is_whole {
                on_the_item()
            } else if item.anchor.is_some_and(|anchor| recorded(anchor.id)) {
                message!(
                    "請寫出內容；若已刪除，保留編號與 id，內容寫「（刪除）」",
                    "Say something; if it was deleted, keep its number and id and write 「（刪除）」"
                )
            } else {
                message!("請寫出內容，或刪去這一點", "Say something, or delete the item")
            };
            found.push(Diagnostic::new(Rule::EmptyItem, item.span, message!("這一點沒有內容", "This item is empty")).help(help));
        }
    }
    of_last
}

/// What to do about an item of which a condition leaves too little.
fn on_the_item() -> Message {
    message!(
        "條件不成立時這一點沒有下文；請把條件寫在這一點上（{{when=\"…\"}}），或補上不成立時的內容",
        "Nothing is left where the condition does not hold; put the condition on the item ({{when=\"…\"}}), or say what holds then"
    )
}

/// Whether a block is not published: comments, guidance, and what a condition removed.
fn is_unseen(facts: &Facts, block: &Block<'_>) -> bool {
    is_silent(block) || is_removed(facts, block)
}

/// Whether a block is comments or guidance.
pub(super) fn is_silent(block: &Block<'_>) -> bool {
    matches!(block.kind, BlockKind::Guidance(_)) || matches!(block.kind, BlockKind::Paragraph(inlines) if is_only_comments(inlines))
}

/// Whether a condition removed all of a block.
pub(super) fn is_removed(facts: &Facts, block: &Block<'_>) -> bool {
    match &block.kind {
        BlockKind::When { node, blocks, .. } => {
            let fails = matches!(facts.of(*node), Fact::Absent | Fact::Decision(Decision::Fails));
            // Each block is asked once: conditions stand inside one another.
            let mut rest = blocks.iter().filter(|block| !is_silent(block)).peekable();
            fails || rest.peek().is_some() && rest.all(|block| is_removed(facts, &block))
        }
        BlockKind::List(list) => list.items.iter().all(|item| facts.of(item.node) == Fact::Absent),
        _ => false,
    }
}

fn ends_with_colon(plan: &Plan, part: usize, inlines: Inlines<'_>) -> bool {
    match inlines.iter().last() {
        Some(Inline::Text(text)) if !text.trim_end().is_empty() => text.trim_end().ends_with(['：', ':']),
        _ => words::of(plan, Some(part), inlines).ends_with(['：', ':']),
    }
}

/// What makes of the second 單位 a word of its own: 由承辦單位單位主管核准.
const GOES_ON: [&str; 4] = ["主管", "首長", "同仁", "內"];

/// Whether a text holds a broken sentence, and not only what looks like one.
fn is_broken(text: &str, broken: &str) -> bool {
    text.match_indices(broken)
        .any(|(at, _)| !GOES_ON.iter().any(|word| text[at + broken.len()..].starts_with(word)))
}

/// What a run without leftovers holds none of: of words with one beginning that beginning, because few are looked for faster than many.
const SIGNS: [&str; 15] = [
    "撰寫說明",
    "範本",
    "範例",
    "以下為例示",
    "供例示參考",
    "待補",
    "填寫",
    "參照來源",
    "Reference source",
    "#N/A",
    "#NAME",
    "#NU",
    "#REF",
    "#VALUE",
    "#DIV",
];

/// Everything that is written in a run with leftovers but for letters in the place of circles.
pub(super) struct Leftovers(Option<AhoCorasick>);

impl Leftovers {
    pub(super) fn new() -> Self {
        let written = SIGNS.into_iter().chain(BROKEN.map(|(broken, _)| broken)).chain(DOTS).chain(CIRCLES);
        Self(first_of(written.chain(LETTERS.into_iter().filter(|letters| !letters.is_ascii()))))
    }

    /// Reports ellipses, leftover guidance, broken blanks and circles that stand for a blank.
    pub(super) fn find(&self, runs: &Runs<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
        let first = |own: &str| Some(self.0.as_ref()?.find(own)?.start());
        of_runs(runs.holding(first), sources, found, &|own, kind, report| {
            in_most_words(own, kind, report);
            letters_in_words(own, kind.plain, false, report);
        });
        of_runs(runs.holding(blank_circle::first_ascii_letters), sources, found, &|own, kind, report| {
            letters_in_words(own, kind.plain, true, report);
        });
    }
}

/// What words are looked at.
#[derive(Clone, Copy)]
struct Words {
    /// In plain words nothing stands for a value.
    plain: bool,
    /// What another text leaves out is not left over.
    quoted: bool,
}

/// Reports what is wrong with the words of some runs.
fn of_runs<'r>(
    runs: impl Iterator<Item = Run<'r>>,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
    in_words: &dyn Fn(&str, Words, &mut Report<'_>),
) {
    let (mut wanted, mut findings) = (Vec::new(), Vec::new());
    for run in runs {
        let (prose, place) = (run.prose(), run.place(sources));
        let own = prose.trim();
        // Of each word the first occurrence is reported, and all are looked for, because those of the form's next field stand behind them.
        let mut report_nth = |nth: usize, rule, words: &'static str, message: Message, help: Message| {
            findings.resize_with(wanted.len() + nth, || None);
            wanted.extend(overlapping(own, words).map(|_| (place, words)));
            findings.push(Some((rule, message, help)));
            findings.resize_with(wanted.len(), || None);
        };
        in_words(own, Words { plain: run.is_plain(), quoted: run.is_quoted() }, &mut report_nth);
    }
    for (span, finding) in places(&wanted, sources).into_iter().zip(findings) {
        found.extend(finding.map(|(rule, message, help)| Diagnostic::new(rule, span, message).help(help)));
    }
}

/// Takes something that is wrong with a text: which occurrence of which words in it, the rule, what is wrong, and what to do.
pub(super) type Report<'r> = dyn FnMut(usize, Rule, &'static str, Message, Message) + 'r;

/// Reports the leftovers of one text, of each kind the first; in plain words nothing stands for a value.
pub(super) fn in_words(own: &str, is_plain: bool, report_nth: &mut Report<'_>) {
    in_most_words(own, Words { plain: is_plain, quoted: false }, report_nth);
    letters_in_words(own, is_plain, false, report_nth);
    letters_in_words(own, is_plain, true, report_nth);
}

/// Reports letters in the place of circles, those that are ASCII or the others.
fn letters_in_words(own: &str, is_plain: bool, ascii: bool, report_nth: &mut Report<'_>) {
    let letters = LETTERS.into_iter().filter(|letters| letters.is_ascii() == ascii);
    for (letters, (nth, _)) in letters.filter_map(|letters| Some((letters, blank_circle::first_letters(own, letters)?))) {
        report_nth(nth, Rule::Blank, letters, blank_circle::message(letters), blank_circle::help(is_plain));
    }
}

fn in_most_words(own: &str, Words { plain: is_plain, quoted }: Words, report_nth: &mut Report<'_>) {
    let mut report = |rule, words, message, help| report_nth(0, rule, words, message, help);
    if !quoted && let Some(dots) = DOTS.into_iter().find(|dots| own.trim_end_matches(['。', '；']).ends_with(dots)) {
        let help = message!("請寫完，或刪去這一點", "Finish it, or delete it");
        report(Rule::LeftoverEllipsis, dots, message!("這裡還沒有寫完", "This is not finished"), help);
    }
    if let Some(words) = GUIDANCE.into_iter().find(|words| own.contains(words)) {
        let message = message!("「{words}」是給撰寫者看的話", "`{words}` is said to those who write a plan");
        let help = message!("請刪去，或移到 :::guidance 裡", "Delete it, or move it into :::guidance");
        report(Rule::LeftoverGuidance, words, message, help);
    }
    if let Some(words) = TO_DO.into_iter().find(|words| own.contains(words)) {
        let message = message!("「{words}」：這裡還沒有寫完", "`{words}`: this is not finished");
        report(Rule::LeftoverEllipsis, words, message, message!("請補上要說的字", "Write what is to be said"));
    }
    if let Some(words) = LOST.into_iter().find(|words| own.contains(words)) {
        let message = message!(
            "這是 Word 的錯誤訊息：原來的交互參照已經失效",
            "This is a word processor's message: what was a reference leads nowhere"
        );
        let help = if is_plain {
            message!("請直接寫出要說的字", "Write the words themselves")
        } else {
            message!("請改寫成 [[id]]，或直接寫出要說的字", "Write [[id]] in its place, or the words themselves")
        };
        report(Rule::UnknownReference, words, message, help);
    }
    if let Some(words) = FAILED.into_iter().find(|words| own.trim() == *words) {
        let message = message!("「{words}」是試算表算不出來的記號", "`{words}` is what a spreadsheet shows for a formula that failed");
        report(
            Rule::Blank,
            words,
            message,
            message!("請填入正確的內容，或清空這一格", "Give the right value, or empty the cell"),
        );
    }
    for (broken, missing) in BROKEN.into_iter().filter(|(broken, _)| is_broken(own, broken)) {
        let message = message!("「{broken}」缺了{missing}", "`{broken}` lacks a word: {missing}");
        let help = message!(
            "刪去 ○ 之後，這句話要補上原來該填的字",
            "Where a ○ was deleted, the sentence needs the word that it stood for"
        );
        report(Rule::BrokenBlank, broken, message, help);
    }
    for (circle, (nth, _)) in CIRCLES.into_iter().filter_map(|circle| Some((circle, blank_circle::first_of_kind(own, circle)?))) {
        report_nth(nth, Rule::Blank, circle, blank_circle::message(circle), blank_circle::help(is_plain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_stands_in_everything_that_is_looked_for() {
        for words in GUIDANCE.iter().chain(&TO_DO).chain(&LOST).chain(&FAILED) {
            assert!(SIGNS.iter().any(|sign| words.contains(sign)), "{words}");
        }
    }
}
