//! References that somebody typed as numbers: 詳附件3, 依第玖章, 見玖、二、(二).
//!
//! In: a chapter's runs and the numbers of the plan. Out: a finding for each number of the plan in a sentence that points at it, with the reference
//! that would follow it. A number of another document has that document's name before it; what a reference, a value or a law puts
//! there is not typed, and what is quoted is as it is where it comes from.

use super::prose::{Run, Runs, first_of};
use crate::{
    diagnostic::{Diagnostic, Message, Rule},
    document::Kind,
    message,
    numeral::value,
    resolve::{
        Clause, Facts, Place, Plan,
        words::{is_han, plain},
    },
    source::Sources,
};
use aho_corasick::AhoCorasick;
use std::ops::Range;

/// What stands before a number that a sentence points at; before a number of another document stands the end of its name.
const POINTS: &str = "如詳見依按照參閱附即於在據考填具，。；：（(「";
/// What says whose number it is.
const OWN: [&str; 4] = ["本計畫", "本計畫之", "本計畫的", "使用"];
/// What stands between two numbers of one list.
const LIST: [&str; 9] = ["、", "及", "與", "或", "和", "至", "～", "~", "以及"];
/// What goes on behind a number; any other word makes another word of its last sign: 附件一覽表.
const AFTER: &str = "規所之辦及與或和至的表格填列中內外為係應得須可亦第等";
const FORMAL: [&str; 10] = ["壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖", "拾"];
const FORMAL_SIGNS: &str = "零壹貳參肆伍陸柒捌玖拾佰仟";
const NUMERALS: &str = "〇零一二三四五六七八九十百千壹貳參肆伍陸柒捌玖拾佰仟";
/// What stands around and between the numerals of a clause's number.
const BETWEEN: &str = "、.第節點項款目";

/// What the numbers of the plan look like.
pub(super) struct TypedReferences<'a> {
    plan: &'a Plan,
    first: Option<AhoCorasick>,
    /// What stands before the number of an annex.
    annex: &'a str,
    /// What stands around the number of a chapter.
    chapter: [&'a str; 2],
}

/// A number in a run's prose, and what has it, if anything does.
struct Typed {
    at: Range<usize>,
    kind: Kind,
    place: Option<Place>,
}

impl<'a> TypedReferences<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let around = |key: &str| plan.term(key).split_once("{n}").unwrap_or_default();
        let is_chinese = |word: &&str| word.chars().all(is_han) && !word.is_empty();
        let (annex, (before, after)) = (around("annex").0.trim_end(), around("chapter_ordinal"));
        let is_formal = plan.style().patterns.first().is_some_and(|pattern| pattern.bare(1).contains(FORMAL[0]));
        let signs = FORMAL.into_iter().filter(|_| is_formal);
        let first = first_of([annex, after].into_iter().filter(is_chinese).chain(signs));
        Self { plan, first, annex, chapter: [before, after] }
    }

    /// Reports those of a chapter.
    pub(super) fn find(&self, runs: &Runs<'_>, index: usize, sources: &Sources, found: &mut Vec<Diagnostic>) {
        let Some(first) = &self.first else { return };
        let facts = &self.plan.facts[index];
        for run in runs.holding(|own| first.find(own).map(|found| found.start())).filter(|run| !run.is_quoted()) {
            // Where the last number of the plan ends, of which another one may go on.
            let mut last = None;
            let words = run.prose();
            for word in first.find_iter(&*words) {
                let Some(start) = self.start(&words, word.range()) else { continue };
                // What nothing points at, and is not all that is said, is the rarest to be one: it costs nothing more.
                let is_pointed_at = points(&words[..start], last);
                if !is_pointed_at && !words[..start].trim().is_empty() {
                    continue;
                }
                let Some(typed) = self.at(&words, start, word.range(), facts.part) else { continue };
                if is_pointed_at || words[typed.at.end..].trim().is_empty() {
                    last = Some(typed.at.end);
                    found.extend(self.finding(&run, &words, &typed, index, sources));
                }
            }
        }
    }

    /// Where the number begins that a word may be part of.
    fn start(&self, own: &str, word: Range<usize>) -> Option<usize> {
        let [before, after] = self.chapter;
        if own[word.clone()] != *after {
            return Some(word.start);
        }
        let numeral = own[..word.start].trim_end();
        let above = numeral.trim_end_matches(is_numeral);
        (above.len() < numeral.len()).then(|| above.trim_end().strip_suffix(before).map(str::len)).flatten()
    }

    /// The number of the plan that begins at a place, and that a word, or a numeral, is part of.
    fn at(&self, own: &str, start: usize, word: Range<usize>, part: usize) -> Option<Typed> {
        let [before, after] = self.chapter;
        let numbered = if own[word.clone()] == *self.annex {
            let (ordinal, end) = numeral(own, word.end, is_numeral)?;
            Typed { at: start..end, kind: Kind::Annex, place: self.numbered(Kind::Annex, ordinal, part) }
        } else if own[word.clone()] == *after {
            let (ordinal, _) = numeral(own, start + before.len(), is_numeral)?;
            let place = self.numbered(Kind::Chapter, ordinal, part)?;
            let (place, end) = self.below(own, place, word.end).unwrap_or((place, word.end));
            Typed { at: start..end, kind: Kind::Chapter, place: Some(place) }
        } else {
            let (ordinal, end) = numeral(own, start, |c| FORMAL_SIGNS.contains(c))?;
            // A numeral alone is a word like any other.
            let (place, end) = self.below(own, self.numbered(Kind::Chapter, ordinal, part)?, end)?;
            Typed { at: start..end, kind: Kind::Chapter, place: Some(place) }
        };
        let (number, rest) = own[numbered.at.start..].split_at(numbered.at.len());
        if number.ends_with([')', '）']) {
            return Some(numbered);
        }
        let mut rest = rest.chars();
        let is_more = |c: char| is_numeral(c) || plain(c).is_ascii_alphanumeric() || matches!(c, '.' | '-' | '之');
        let goes_on = match rest.next() {
            Some('之' | '.' | '-') => rest.next().is_some_and(is_more),
            Some(c) => (is_han(c) && !AFTER.contains(c)) || is_more(c),
            None => false,
        };
        (!goes_on).then_some(numbered)
    }

    /// The chapter or the annex of a part that has a number.
    fn numbered(&self, kind: Kind, ordinal: u32, part: usize) -> Option<Place> {
        let part = self.plan.parts.get(part)?;
        let all = if kind == Kind::Annex { &part.annexes } else { &part.chapters };
        let number = |index: usize| self.plan.facts[index].number.ordinal();
        // They are numbered in their order, from wherever the part begins.
        let at = ordinal.checked_sub(number(*all.first()?))?;
        let index = *all.get(at as usize).filter(|index| number(**index) == ordinal)?;
        Some(Place { chapter: u32::try_from(index).ok()?, clause: None })
    }

    /// The clause of a chapter whose number goes on behind the chapter's, and where it ends.
    fn below(&self, own: &str, chapter: Place, from: usize) -> Option<(Place, usize)> {
        let (mut key, mut end) = (String::new(), from);
        for (at, c) in own[from..].char_indices() {
            let c = plain(c);
            if is_numeral(c) || c.is_ascii_alphanumeric() || matches!(c, '(' | ')') {
                key.push(c);
                end = from + at + c.len_utf8();
            } else if !BETWEEN.contains(c) {
                break;
            } else if "節點項款目".contains(c) {
                end = from + at + c.len_utf8();
            }
        }
        if key.is_empty() {
            return None;
        }
        let index = chapter.chapter as usize;
        let (kind, facts) = (self.plan.chapters[index].kind, &self.plan.facts[index]);
        let above = facts.number.short(kind, self.plan.style()).len();
        let has = |number: String| number[above..].chars().filter(|c| !BETWEEN.contains(*c)).map(plain).eq(key.chars());
        let clause = facts.clauses.iter().find(|clause| has(clause.number().short(kind, self.plan.style())))?;
        Some((Place { clause: Some(clause.index()), ..chapter }, end))
    }

    fn finding(&self, run: &Run<'_>, own: &str, typed: &Typed, index: usize, sources: &Sources) -> Option<Diagnostic> {
        let words = &own[typed.at.clone()];
        // A reference that calls an annex by its number is reported as one under another name.
        if typed.kind == Kind::Annex && !run.bare().contains(words) {
            return None;
        }
        let before = own[..typed.at.start].matches(words).count();
        let place = run.place_of(words, before, sources);
        let Some(target) = typed.place else {
            let message = message!("計畫裡沒有「{words}」", "The plan has no `{words}`");
            let help = message!(
                "請改引用現有的附件；指別的文件的附件，請在前面寫出那份文件的名稱",
                "Refer to an annex that there is; if one of another document is meant, name that document before it"
            );
            return Some(Diagnostic::new(Rule::TypedReference, place, message).help(help));
        };
        let own = Place { chapter: u32::try_from(index).ok()?, clause: None };
        if target == own {
            return None;
        }
        let message = message!(
            "「{words}」是打上去的編號，前面增刪章節或附件時不會跟著改",
            "`{words}` is a typed number; it stays as it is when chapters or annexes come and go before it"
        );
        Some(Diagnostic::new(Rule::TypedReference, place, message).help(help(&self.plan.facts[target.chapter as usize], target, self.plan)))
    }
}

/// What to write instead of a number.
fn help(facts: &Facts, target: Place, plan: &Plan) -> Message {
    let chapter = &plan.chapters[target.chapter as usize];
    let clause = target.clause.and_then(|clause| facts.clauses.get(clause));
    let (id, title) = match clause {
        Some(clause) => (clause.anchor().into_owned(), clause.title().map_or_else(String::new, ToString::to_string)),
        None => (chapter.id.to_string(), chapter.front.title.clone()),
    };
    let (zh, en) = match title.as_str() {
        "" => (String::new(), String::new()),
        title => (format!("「{title}」"), format!("`{title}` ")),
    };
    if clause.is_none_or(Clause::is_explicit) {
        message!(
            "要指現在這個編號的{zh}，請改寫 [[{id}]]；指別的文件，請在前面寫出它的名稱",
            "For {en}which has this number now, write [[{id}]]; if another document is meant, name it before the number"
        )
    } else {
        message!(
            "要指現在這個編號的{zh}，請給它 {{#english-id}}，再改寫 [[english-id]]；指別的文件，請在前面寫出它的名稱",
            "For {en}which has this number now, give it {{#english-id}} and write [[english-id]]; if another document is meant, name it before the number"
        )
    }
}

/// The numeral that begins at a place, with white space before it or without, and where it ends.
fn numeral(own: &str, start: usize, is_sign: impl Fn(char) -> bool) -> Option<(u32, usize)> {
    let rest = own[start..].trim_start();
    let end = rest.find(|c| !is_sign(c)).unwrap_or(rest.len());
    let numeral: String = rest[..end].chars().map(plain).collect();
    Some((value(&numeral)?, own.len() - rest.len() + end))
}

/// Whether a sentence points at the number that follows some words; `last` is where the number before it ends.
fn points(before: &str, last: Option<usize>) -> bool {
    let word = before.trim_end();
    let between = last.and_then(|end| before.get(end..)).map(|between| between.trim().trim_start_matches(['，', '；']));
    let is_next = between.is_some_and(|between| LIST.contains(&between));
    is_next || word.ends_with(|c| POINTS.contains(c)) || OWN.iter().any(|own| word.ends_with(own))
}

fn is_numeral(c: char) -> bool {
    NUMERALS.contains(c) || plain(c).is_ascii_digit()
}
