//! Wording: terms, figures and the agency's own name.
//!
//! In: the plan's runs and `data/terms.yaml`. Out: findings, most with a cure that needs no thought. Only words that stand in the source
//! count: titles of laws are what they are.

use super::{
    OfChapter,
    prose::{PUT_THERE, Runs, every_of, first_of, fix},
    words_place::{Quoted, places, places_of, visible},
};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Span},
    document::Kind,
    message,
    resolve::{Plan, Term, words::is_han},
    source::Sources,
};
use aho_corasick::AhoCorasick;
use memchr::{memchr2_iter, memmem};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What agencies call themselves, after 本.
const SELVES: [&str; 14] = ["機關", "府", "部", "會", "校", "院", "署", "局", "所", "處", "中心", "館", "分局", "公司"];

/// Words that begin with such a name and mean something else.
const MEANS_ELSE: [&str; 52] = [
    "部位", "部件", "部落", "部隊", "處方", "處境", "處遇", "處罰", "會診", "會談", "會員", "會簽", "會辦", "會勘", "會審", "會商", "會場",
    "會話", "會晤", "會務", "校驗", "校對", "校準", "校閱", "校訂", "署名", "局限", "局面", "部門", "會社", "部分", "部署", "會計", "會議",
    "會期", "會同", "所屬", "所列", "所定", "所稱", "所需", "所有", "所在", "院會", "處理", "處分", "處置", "處所", "部會", "局部", "府會",
    "校正",
];

/// Characters that make a word with 本 behind them, and hardly end one: 版本部署, 副本會送.
const BEFORE: [char; 8] = ['版', '副', '腳', '樣', '基', '根', '資', '正'];

/// What a word that comes before hardly ends with.
const ENDS: &str = "之的及與或和於在由為對將應各該其所以依按並至自從向使用把如若當經就請設定變更換改理存留本含有無是個名等時後前內外";
/// What a word that follows hardly begins so that both are one.
const BEGINS: &str =
    "之的及與或和於在由為應得須將可不未已並且以向對召核指擔負出參代請簽督協定等時後前內外者是有無均皆亦則如若即至從使依每經";

/// What makes of 成 before 本 the end of a word of its own: 組成本中心, and not 成本中心.
const DONE: [&str; 7] = ["完成", "組成", "達成", "構成", "形成", "造成", "養成"];

/// What a clause with figures that may contradict each other says.
const AVAILABLE: [&str; 3] = ["可用性", "可用率", "可用度"];
const OUTAGE: &str = "中斷";

/// Every variant of the plan's terms.
pub(super) struct Variants<'a> {
    all: Vec<(&'a Term, &'a str)>,
    first: Option<AhoCorasick>,
    every: Option<AhoCorasick>,
}

impl<'a> Variants<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let of_term = |term: &'a Term| term.variants.iter().map(move |variant| (term, variant.as_str()));
        let all: Vec<_> = plan.terms.terms.iter().flat_map(of_term).collect();
        let words = || all.iter().map(|(_, variant)| *variant);
        Self { first: first_of(words()), every: every_of(words()), all }
    }

    /// Reports variants of the plan's terms.
    pub(super) fn find(&self, runs: &Runs<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
        let Some((first, every)) = self.first.as_ref().zip(self.every.as_ref()) else { return };
        let (mut wanted, mut terms, mut titles) = (Vec::new(), Vec::new(), Vec::new());
        for run in runs.holding(|own| first.find(own).map(|one| one.start())).filter(|run| !run.is_quoted()) {
            let (prose, mut place, mut quoted) = (run.prose(), None, None);
            for one in every.find_overlapping_iter(&*prose) {
                let (term, variant) = self.all[one.pattern().as_usize()];
                let is_right = term.keeps(&prose, variant, one.start()) || ends_other_word(&prose[..one.start()], variant);
                let is_sure = is_apart(&prose, one.range()) && !quoted.get_or_insert_with(|| Quoted::of(&prose)).hold(one.start());
                let (there, title) = *place.get_or_insert_with(|| match run.in_csv(sources) {
                    Some((there, title)) => (there, Some(title)),
                    None => (run.place(sources), None),
                });
                wanted.push((there, variant));
                titles.extend(title.map(|title| (title, variant)));
                terms.push(((!is_right).then_some(term), title.is_some(), is_sure));
            }
        }
        let mut titles = places(&titles, sources).into_iter();
        for (((_, variant), (term, is_in_csv, is_sure)), span) in wanted.iter().zip(terms).zip(places(&wanted, sources)) {
            let title = if is_in_csv { titles.next() } else { None };
            let Some(kind) = term else { continue };
            let term = &kind.term;
            let message = message!("「{variant}」在本計畫統一寫作「{term}」", "The plan's term for `{variant}` is `{term}`");
            // Of a value of several lines the place is only the first, which may have another word.
            let is_there = |place: Span| {
                let text = &sources.file(place.file).text;
                !kind.keeps(text, variant, place.start as usize) && is_apart(text, place.range())
            };
            let fix = |place| fix(place, variant, term.clone(), sources).filter(|_| is_sure && is_there(place));
            let (help, fixes) = match title {
                None if is_sure => (message!("請改為「{term}」", "Write `{term}`"), fix(span).into_iter().collect()),
                None => (by_hand(term), Vec::new()),
                Some(title) => {
                    let (csv, file) = (sources.file(span.file), sources.file(title.file));
                    let shown = &file.path;
                    let help = message!(
                        "請在這裡與 {shown} 這一欄的 title 都改為「{term}」",
                        "Write `{term}` both here and in the `title` of this column in {shown}"
                    );
                    // With only one of them changed, the column would be another; of an overlay, only its own files are.
                    let both = [fix(span), fix(title)].into_iter().collect::<Option<Vec<_>>>();
                    (help, both.filter(|_| csv.overlaid == file.overlaid).unwrap_or_default())
                }
            };
            found.push(Diagnostic { fixes, ..Diagnostic::new(Rule::TermVariant, span, message).help(help) });
        }
    }
}

/// Whether a variant that begins with 本 goes on a word instead: 基本安全維護計畫.
fn ends_other_word(before: &str, variant: &str) -> bool {
    variant.starts_with('本') && before.ends_with(BEFORE)
}

/// Whether a variant stands for itself, and no word ends in it or goes on with it, as in 門禁密碼鎖 and 病人資訊及資通系統.
fn is_apart(text: &str, variant: Range<usize>) -> bool {
    let (before, after) = (&text[..variant.start], &text[variant.end..]);
    let ends = |c: char| !is_han(c) || ENDS.contains(c);
    let begins = |c: char| !is_han(c) || BEGINS.contains(c);
    before.chars().next_back().is_none_or(ends) && after.chars().next().is_none_or(begins)
}

/// What to do about a variant that may be part of another word.
fn by_hand(term: &str) -> Message {
    message!(
        "請改為「{term}」；它若是別的詞的一部分，請在 data/terms.yaml 把那個詞列入 except，引用別的文件的原文請放在引用區塊（> ）",
        "Write `{term}`; if it is part of another word, list that as `except` in data/terms.yaml, and put what is quoted from another text into a quotation (> )"
    )
}

/// Reports percentages of one clause that contradict each other: an availability and an outage that do not add up.
pub(super) fn figures(runs: &Runs<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let (mut wanted, mut findings) = (Vec::new(), Vec::new());
    for run in runs.holding(percentage) {
        // All of them are looked for, because those of the form's next field stand behind them.
        let (start, own) = (wanted.len(), percentages(run.own));
        let words = runs.words(&run);
        let wrong = contradiction(&words);
        if !own.is_empty() || wrong.is_some() {
            let place = run.place(sources);
            wanted.extend(own.iter().map(|figure| (place, figure.written)));
            findings.resize_with(wanted.len(), || None);
            if let Some((other, message, help)) = wrong {
                match own.iter().position(|figure| figure.written == other) {
                    Some(nth) => findings[start + nth] = Some((message, help)),
                    // The plan puts it there.
                    None => found.push(Diagnostic::new(Rule::ConflictingFigure, place, message).help(help)),
                }
            }
        }
    }
    if findings.iter().any(Option::is_some) {
        let places = places_of(&wanted, sources, figure_starts);
        let at_places = places.into_iter().zip(findings).filter_map(|(span, finding)| Some((span, finding?)));
        found.extend(at_places.map(|(span, (message, help))| Diagnostic::new(Rule::ConflictingFigure, span, message).help(help)));
    }
}

/// Where a percentage can be: at its sign, or where the plan puts words.
fn percentage(text: &str) -> Option<usize> {
    // Signs that begin with the same byte are frequent, but all other bytes need not be looked at one by one.
    let mut found = memchr2_iter(b'%', "％".as_bytes()[0], text.as_bytes());
    found.find(|at| text[*at..].starts_with(['%', '％', PUT_THERE]))
}

/// The outage among the percentages of a clause that contradicts an availability, and what to say of it.
fn contradiction(words: &str) -> Option<(&str, Message, Message)> {
    if !(words.contains(OUTAGE) && AVAILABLE.iter().any(|word| words.contains(word))) {
        return None;
    }
    let (high, low): (Vec<_>, Vec<_>) = percentages(words).into_iter().partition(|figure| figure.value >= 50.0);
    let low = outages(words, low);
    // One clause may speak of several systems: what adds up with some figure contradicts none.
    let (high, low) = (without_rest(&high, &low)?, without_rest(&low, &high)?);
    let (shown, other) = (high.written, low.written);
    let message = message!("可用性 {shown} 與中斷 {other} 互相矛盾", "An availability of {shown} contradicts an outage of {other}");
    let right = format!("{:.4}", 100.0 - high.value);
    let right = right.trim_end_matches('0').trim_end_matches('.');
    let help = message!("可用性 {shown} 時，中斷比率是 {right}%", "With an availability of {shown}, the outage is {right}%");
    Some((other, message, help))
}

/// Those of some percentages that are an outage's: their sentence names one before them, and no other rate in between.
fn outages<'a>(words: &str, mut figures: Vec<Figure<'a>>) -> Vec<Figure<'a>> {
    let (mut from, mut is_outage) = (0, false);
    figures.retain(|figure| {
        let mut between = &words[from..figure.start];
        from = figure.start;
        if let Some((_, sentence)) = between.rsplit_once(['。', '；']) {
            (between, is_outage) = (sentence, false);
        }
        is_outage = match between.rsplit_once(OUTAGE) {
            Some((_, after)) => !after.trim_start_matches("比率").trim_start_matches('率').contains('率'),
            None => is_outage && !between.contains('率'),
        };
        is_outage
    });
    figures
}

/// Where each of some percentages begins in a source text, as a whole and not as the end of another.
fn figure_starts(text: &str, figures: &[&str]) -> Vec<Vec<usize>> {
    let numbers: FxHashMap<&str, usize> = figures.iter().copied().zip(0..).collect();
    let mut found = vec![Vec::new(); figures.len()];
    for (at, piece) in visible(text) {
        for figure in percentages(piece) {
            if let Some(number) = numbers.get(figure.written) {
                found[*number].push(at + figure.start);
            }
        }
    }
    found
}

/// A percentage.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Figure<'a> {
    value: f64,
    /// As it is written.
    written: &'a str,
    /// Where it begins in its text.
    start: usize,
}

/// The first of some percentages that adds up to a hundred with none of the others.
fn without_rest<'a>(figures: &[Figure<'a>], others: &[Figure<'_>]) -> Option<Figure<'a>> {
    const NEAR: f64 = 1e-6;
    let mut rests: Vec<f64> = others.iter().map(|other| 100.0 - other.value).collect();
    rests.sort_unstable_by(f64::total_cmp);
    let adds_up = |value: f64| rests.get(rests.partition_point(|rest| *rest < value - NEAR)).is_some_and(|rest| *rest < value + NEAR);
    figures.iter().copied().find(|figure| !adds_up(figure.value))
}

/// The percentages of a text.
fn percentages(text: &str) -> Vec<Figure<'_>> {
    let ends = text.char_indices().filter(|(_, c)| matches!(c, '%' | '％'));
    ends.filter_map(|(at, sign)| {
        let digits = text[..at].trim_end();
        let start = digits
            .rfind(|c: char| !c.is_ascii_digit() && c != '.')
            .map_or(0, |before| before + digits[before..].chars().next().map_or(1, char::len_utf8));
        let value = digits[start..].parse().ok()?;
        Some(Figure { value, written: &text[start..at + sign.len_utf8()], start })
    })
    .collect()
}

/// How often each of [`SELVES`] stands in a chapter.
pub(super) type Counts = [usize; SELVES.len()];

/// Every name that an agency may use for itself.
pub(super) struct Names(Option<AhoCorasick>);

impl Names {
    pub(super) fn new() -> Self {
        Self(every_of(SELVES.map(|name| format!("本{name}")).iter().map(String::as_str)))
    }

    /// Counts the names in a chapter.
    pub(super) fn count(&self, runs: &Runs<'_>) -> Counts {
        let mut counts = [0; SELVES.len()];
        let Some(all) = &self.0 else { return counts };
        for run in runs.holding(|own| memmem::find(own.as_bytes(), "本".as_bytes())).filter(|run| !run.is_quoted()) {
            for found in all.find_overlapping_iter(run.own).filter(|found| !means_else(run.own, found.start())) {
                counts[found.pattern().as_usize()] += 1;
            }
        }
        counts
    }

    /// Reports names that an agency uses for itself beside another one; `chapters` stand in printed order.
    pub(super) fn conflicting(plan: &Plan, chapters: &[(usize, &OfChapter)], sources: &Sources, found: &mut Vec<Diagnostic>) {
        // Forms are signed by contractors too, who call themselves 本公司.
        let counts = |chapter: usize, name: usize| SELVES[name] != "公司" || plan.chapters[chapter].kind == Kind::Chapter;
        let total =
            |name: usize| chapters.iter().filter(|(chapter, _)| counts(*chapter, name)).map(|(_, own)| own.names[name]).sum::<usize>();
        let mut names: Vec<(usize, &str, usize)> = SELVES
            .into_iter()
            .enumerate()
            .map(|(at, name)| (total(at), name, at))
            .filter(|(count, ..)| *count > 0)
            .collect();
        names.sort_unstable_by(|one, other| other.cmp(one));
        let Some(((_, usual, _), others)) = names.split_first().map(|(first, rest)| (*first, rest)) else { return };
        for (_, other, at) in others {
            let written = format!("本{other}");
            let Some((chapter, _)) = chapters.iter().find(|(chapter, own)| counts(*chapter, *at) && own.names[*at] > 0) else { continue };
            let place = Runs::of(plan, *chapter).iter().filter(|run| !run.is_quoted()).find_map(|run| {
                let mut all = run.own.match_indices(&written).enumerate();
                let (nth, _) = all.find(|(_, (at, _))| !means_else(run.own, *at))?;
                Some(run.place_of(&written, nth, sources))
            });
            let Some(span) = place else { continue };
            let title = &plan.config.title;
            let message = message!(
                "「{title}」裡自稱有「本{usual}」，也有「本{other}」",
                "The agency calls itself both `本{usual}` and `本{other}` in `{title}`"
            );
            let help = message!("請統一自稱", "Use one of them throughout");
            found.push(Diagnostic::new(Rule::ConflictingName, span, message).help(help));
        }
    }
}

/// Whether what begins at 本 only looks like such a name.
fn means_else(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + "本".len()..]);
    // 本部門禁 is the access control of 本部.
    let means_else = |word: &str| after.starts_with(word) && !(word == "部門" && after.starts_with("部門禁"));
    let is_cost = before.ends_with('成') && !DONE.iter().any(|word| before.ends_with(word));
    before.ends_with(BEFORE) || is_cost || MEANS_ELSE.into_iter().any(means_else)
}

#[cfg(test)]
mod tests {
    use super::{percentages, without_rest};

    #[test]
    fn a_percentage_that_adds_up_with_another_contradicts_none() {
        let without = |figures, others| without_rest(&percentages(figures), &percentages(others)).map(|figure| figure.written);
        let (high, low) = ("99.9% 99.5%", "0.1% 0.5%");
        assert_eq!((without(high, low), without(low, high)), (None, None));
        assert_eq!(without(high, "0.1%"), Some("99.5%"));
        assert_eq!(without("0.5%", "99.9%"), Some("0.5%"));
        assert_eq!(without("", low), None);
    }

    #[test]
    fn percentages_are_read_as_they_are_written() {
        let read = |text| percentages(text).iter().map(|figure| (figure.value, figure.written)).collect::<Vec<_>>();
        assert_eq!(read("達 99.99%以上，低於 5 % 及 2％"), [(99.99, "99.99%"), (5.0, "5 %"), (2.0, "2％")]);
        assert_eq!(read("%"), []);
    }
}
