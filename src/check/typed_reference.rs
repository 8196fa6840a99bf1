//! References that somebody typed as numbers: 詳附件3, 依第玖章, 見玖、二、(二).
//!
//! In: a chapter's runs and the numbers of the plan. Out: a finding for each number of the plan in a sentence that points at it, with the reference
//! that would follow it. A number of another document has that document's name before it; what a reference, a value or a law puts
//! there is not typed, and what is quoted is as it is where it comes from.

use super::{
    prose::{Run, Runs, first_of},
    words_place::{Quoted, places, starts_in},
};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Span},
    document::{FrontMatter, Kind},
    message,
    numeral::value,
    resolve::{
        Clause, Facts, Place, Plan,
        words::{is_han, plain},
    },
    source::Sources,
};
use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;
use std::{ops::Range, sync::OnceLock};

/// What stands before a number that a sentence points at; before a number of another document stands the end of its name.
const POINTS: &str = "如詳見依按照參閱附即於在據考填具";
/// Names that end like a word that points.
const NAMES: [&str; 9] = ["意見", "證照", "執照", "數據", "單據", "收據", "證據", "備考", "工具"];
/// What a sentence goes on with, be it about another document.
const GOES_ON: &str = "，。；：";
/// What else a number follows that nothing says of whom it is.
const OPENS: &str = "（(「";
/// What the name of a law ends with: its chapters may follow in brackets or behind a comma.
const LAWS: [&str; 3] = ["法", "條例", "細則"];
/// What the name of a document ends with that may have annexes of its own, which follow in brackets.
const DOCUMENTS: [&str; 12] = ["書", "手冊", "指引", "規範", "辦法", "要點", "契約", "合約", "函", "程序", "基準", "公告"];
/// What says whose number it is.
const OWN: [&str; 4] = ["本計畫", "本計畫之", "本計畫的", "使用"];
/// What stands between two numbers of one list.
const LIST: [&str; 9] = ["、", "及", "與", "或", "和", "至", "～", "~", "以及"];
/// What goes on behind a number; any other word makes another word of its last sign: 附件一覽表.
const AFTER: &str = "規所之辦及與或和至的表格填列中內外為係應得須可亦第等";
/// What a formal number begins with. 參考 and 參加 are met everywhere, so that three counts only before what goes on with a clause's number.
const FIRST_FORMAL: [&str; 15] = ["壹", "貳", "參、", "參一", "參二", "參三", "參四", "參五", "參六", "肆", "伍", "陸", "柒", "捌", "玖"];
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
    /// Made once something is typed.
    known: OnceLock<Known>,
}

/// What has which number.
struct Known {
    chapters: FxHashMap<(usize, Kind, u32), u32>,
    /// Of each chapter, once something below it is asked for.
    clauses: Box<[OnceLock<FxHashMap<String, u32>>]>,
}

/// A number in a run's prose, and what has it, if anything does.
struct Typed {
    at: Range<usize>,
    kind: Kind,
    place: Option<Place>,
}

/// What is wrong, and what to do about it.
type Wrong = (Message, Message);

/// Whose number it is that follows some words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Plan,
    Other,
    Unknown,
}

impl<'a> TypedReferences<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let around = |key: &str| plan.term(key).split_once("{n}").unwrap_or_default();
        let is_chinese = |word: &&str| word.chars().all(is_han) && !word.is_empty();
        let (annex, (before, after)) = (around("annex").0.trim_end(), around("chapter_ordinal"));
        let is_formal = plan.style().patterns.first().is_some_and(|pattern| pattern.bare(1).contains(FIRST_FORMAL[0]));
        let signs = FIRST_FORMAL.into_iter().filter(|_| is_formal);
        let first = first_of([annex, after].into_iter().filter(is_chinese).chain(signs));
        // With a file less than are listed, everything behind it has another number.
        let listed = plan.config.parts.iter().map(|part| part.chapters.ids.len() + part.annexes.ids.len()).sum::<usize>();
        let first = first.filter(|_| listed == plan.chapters.len());
        Self { plan, first, annex, chapter: [before, after], known: OnceLock::new() }
    }

    /// Reports those of a chapter.
    pub(super) fn find(&self, runs: &Runs<'_>, index: usize, sources: &Sources, found: &mut Vec<Diagnostic>) {
        let Some(first) = &self.first else { return };
        let (mut wanted, mut findings) = (Vec::new(), Vec::new());
        for run in runs.holding(|own| first.find(own).map(|found| found.start())).filter(|run| !run.is_quoted()) {
            let words = run.prose();
            let typed = self.in_words(first, &words, self.plan.facts[index].part);
            if typed.iter().any(|(_, is_told)| *is_told) {
                let (places, wrong): (Vec<_>, Vec<_>) = self.of_run(&run, &words, index, &typed, run.place(sources)).into_iter().unzip();
                if wrong.iter().any(Option::is_some) {
                    wanted.extend(places);
                    findings.extend(wrong);
                }
            }
        }
        for (place, finding) in places(&wanted, sources).into_iter().zip(findings) {
            found.extend(finding.map(|(message, help)| Diagnostic::new(Rule::TypedReference, place, message).help(help)));
        }
    }

    /// The numbers of the plan in some words, each with whether a sentence points at it.
    fn in_words(&self, first: &AhoCorasick, words: &str, part: usize) -> Vec<(Typed, bool)> {
        let (mut all, mut last, mut numeral_end, mut quoted) = (Vec::new(), None, 0, None);
        for word in first.find_iter(words) {
            // Each numeral is read once, however many signs it has.
            if word.start() < numeral_end {
                continue;
            }
            numeral_end = word.start() + length(&words[word.start()..], |c| FORMAL_SIGNS.contains(c));
            let Some(typed) = self.at(words, word.range(), part) else { continue };
            let is_all = words.trim() == &words[typed.at.clone()];
            let before = &words[..typed.at.start];
            let whose = if is_all {
                Whose::Plan
            } else if typed.kind == Kind::Annex && self.is_behind_document(before) {
                Whose::Other
            } else {
                whose(before, typed.kind, last)
            };
            last = Some((typed.at.end, typed.kind, whose));
            let mut is_quoted = || quoted.get_or_insert_with(|| Quoted::of(words)).hold_more_than(typed.at.clone());
            let is_told = whose == Whose::Plan && !is_quoted();
            all.push((typed, is_told));
        }
        all
    }

    /// Whether words end in a document's name and a bracket, and no annex of the plan has a name that ends like it: 「建議書（附件一）」.
    fn is_behind_document(&self, before: &str) -> bool {
        let Some(named) = before.trim_end().strip_suffix(['（', '(']) else { return false };
        let named = named.trim_end_matches(['」', '』', '》', ' ']);
        let end = named.char_indices().rev().nth(1).map_or(named, |(at, _)| &named[at..]);
        let mut annexes = self.plan.present().map(|index| &self.plan.chapters[index]).filter(|chapter| chapter.kind == Kind::Annex);
        let is_called_so = |front: &FrontMatter| front.aliases.iter().chain([&front.title]).any(|name| name.ends_with(end));
        DOCUMENTS.into_iter().any(|document| named.ends_with(document)) && !annexes.any(|annex| is_called_so(&annex.front))
    }

    /// What is wrong with the numbers in one run's words, and where to look for it.
    fn of_run(&self, run: &Run<'_>, own: &str, index: usize, typed: &[(Typed, bool)], place: Span) -> Vec<((Span, String), Option<Wrong>)> {
        let mut words: Vec<&str> = typed.iter().map(|(typed, _)| &own[typed.at.clone()]).collect();
        words.sort_unstable();
        words.dedup();
        // What a reference is called leads to its place all the same.
        let is_bare = starts_in([(0, &*run.bare())].into_iter(), &words);
        let all = words.iter().zip(starts_in([(0, own)].into_iter(), &words)).zip(is_bare);
        let wrong = |start: usize, word: &str, is_bare: bool| {
            let at = typed.binary_search_by_key(&start, |(typed, _)| typed.at.start).ok()?;
            let (typed, _) = Some(&typed[at]).filter(|(typed, is_told)| *is_told && typed.at.len() == word.len())?;
            if is_bare { self.wrong(word, typed, index) } else { None }
        };
        all.flat_map(|((word, starts), bare)| starts.into_iter().map(move |start| (*word, start, !bare.is_empty())))
            .map(|(word, start, is_bare)| ((place, word.to_owned()), wrong(start, word, is_bare)))
            .collect()
    }

    /// The number of the plan that a word, or a numeral, is part of.
    fn at(&self, own: &str, word: Range<usize>, part: usize) -> Option<Typed> {
        let [before, after] = self.chapter;
        let numbered = if own[word.clone()] == *self.annex {
            let (ordinal, end) = Self::numeral(own, word.end + blanks(&own[word.end..]))?;
            let place = self.numbered(Kind::Annex, ordinal, part);
            Typed { at: word.start..end, kind: Kind::Annex, place }
        } else if own[word.clone()] == *after {
            let numeral = own[..word.start].trim_end();
            let start = numeral.trim_end_matches(is_numeral).len();
            let (ordinal, _) = Self::numeral(own, start)?;
            let place = self.numbered(Kind::Chapter, ordinal, part)?;
            let (place, end) = self.below(own, place, word.end).unwrap_or((place, word.end));
            Typed { at: own[..start].trim_end().strip_suffix(before)?.len()..end, kind: Kind::Chapter, place: Some(place) }
        } else {
            let end = word.start + length(&own[word.start..], |c| FORMAL_SIGNS.contains(c));
            let ordinal = value(&own[word.start..end])?;
            // A numeral alone is a word like any other.
            let (place, end) = self.below(own, self.numbered(Kind::Chapter, ordinal, part)?, end)?;
            Typed { at: word.start..end, kind: Kind::Chapter, place: Some(place) }
        };
        let (number, rest) = own[numbered.at.start..].split_at(numbered.at.len());
        if number.ends_with([')', '）']) {
            return Some(numbered);
        }
        // Only laws have articles below their chapters, and the plan's pages are of its print, not of its chapters.
        if numbered.kind == Kind::Chapter && (is_numbered(rest, '條') || is_numbered(rest, '頁')) {
            return None;
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

    /// The numeral that begins at a place, and where it ends.
    fn numeral(own: &str, start: usize) -> Option<(u32, usize)> {
        let end = start + length(&own[start..], is_numeral);
        let numeral: String = own[start..end].chars().map(plain).collect();
        Some((value(&numeral)?, end))
    }

    /// What has which number; plans in which nobody types one do without.
    fn known(&self) -> &Known {
        self.known.get_or_init(|| {
            let mut chapters = FxHashMap::default();
            for index in self.plan.present() {
                let (chapter, facts) = (&self.plan.chapters[index], &self.plan.facts[index]);
                let place = u32::try_from(index).unwrap_or(u32::MAX);
                chapters.entry((facts.part, chapter.kind, facts.number.ordinal())).or_insert(place);
            }
            Known { chapters, clauses: self.plan.chapters.iter().map(|_| OnceLock::new()).collect() }
        })
    }

    /// The chapter or the annex of a part that has a number.
    fn numbered(&self, kind: Kind, ordinal: u32, part: usize) -> Option<Place> {
        let chapter = *self.known().chapters.get(&(part, kind, ordinal))?;
        Some(Place { chapter, clause: None })
    }

    /// The clauses of a chapter by their numbers behind the chapter's.
    fn clauses(&self, index: usize) -> FxHashMap<String, u32> {
        let (kind, facts) = (self.plan.chapters[index].kind, &self.plan.facts[index]);
        let above = facts.number.short(kind, self.plan.style()).len();
        let mut all = FxHashMap::default();
        for clause in facts.clauses.iter() {
            let number = clause.number().short(kind, self.plan.style());
            all.entry(number[above..].chars().filter(|c| !BETWEEN.contains(*c)).map(plain).collect())
                .or_insert(clause.index());
        }
        all
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
        let clause = *self.known().clauses[index].get_or_init(|| self.clauses(index)).get(&key)?;
        Some((Place { clause: Some(clause), ..chapter }, end))
    }

    /// What is wrong with a number in a chapter.
    fn wrong(&self, words: &str, typed: &Typed, index: usize) -> Option<Wrong> {
        let Some(target) = typed.place else {
            let message = message!("計畫裡沒有「{words}」", "The plan has no `{words}`");
            let help = message!(
                "請改引用現有的附件；指別的文件的附件，請在前面寫出那份文件的名稱",
                "Refer to an annex that there is; if one of another document is meant, name that document before it"
            );
            return Some((message, help));
        };
        let own = Place { chapter: u32::try_from(index).ok()?, clause: None };
        if target == own {
            return None;
        }
        let message = message!(
            "「{words}」是打上去的編號，前面增刪章節或附件時不會跟著改",
            "`{words}` is a typed number; it stays as it is when chapters or annexes come and go before it"
        );
        Some((message, help(&self.plan.facts[target.chapter as usize], target, self.plan)))
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

/// Whose number it is that follows some words; `last` is where the number before it ends, of what it is one, and whose.
fn whose(before: &str, kind: Kind, last: Option<(usize, Kind, Whose)>) -> Whose {
    let word = before.trim_end();
    let is_next = |end| LIST.contains(&before[end..].trim().trim_start_matches(['，', '；']));
    if let Some((_, _, whose)) = last.filter(|(end, ..)| is_next(*end)) {
        return whose;
    }
    if OWN.iter().any(|own| word.ends_with(own)) {
        return Whose::Plan;
    }
    match word.chars().next_back() {
        None => Whose::Unknown,
        Some(c) if POINTS.contains(c) && !NAMES.iter().any(|name| word.ends_with(name)) => Whose::Plan,
        Some(c) if GOES_ON.contains(c) || OPENS.contains(c) => {
            let is_of_law = || LAWS.iter().any(|law| word[..word.len() - c.len_utf8()].ends_with(law));
            let is_same = last.is_some_and(|(_, of, whose)| of == kind && whose == Whose::Other && GOES_ON.contains(c));
            if is_same || kind == Kind::Chapter && is_of_law() { Whose::Other } else { Whose::Plan }
        }
        Some(_) => Whose::Other,
    }
}

/// Whether the number of such a thing, an article or a page, begins a text.
fn is_numbered(text: &str, thing: char) -> bool {
    let numeral = text.trim_start().strip_prefix('第').map(str::trim_start);
    numeral.is_some_and(|numeral| numeral.trim_start_matches(is_numeral).trim_start().starts_with(thing))
}

fn is_numeral(c: char) -> bool {
    NUMERALS.contains(c) || plain(c).is_ascii_digit()
}

/// How much of a text's beginning are characters of a kind.
fn length(text: &str, is_one: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_one(c)).unwrap_or(text.len())
}

/// How much white space a text begins with.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}
