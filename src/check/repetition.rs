//! Words that a value and the text beside it both say: 副局長長, 本本局, 資訊單位單位.
//!
//! In: a chapter's runs and the values in them. Out: findings. A value fills the place of a circle, and the sentence around the circle has said what
//! is no part of it.

use super::prose::{PUT_THERE, Runs};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Span},
    message,
    resolve::{
        Plan,
        words::{is_han, value_words},
    },
    source::Sources,
};

/// What sentences say around a circle, and seldom twice; of anything else two characters are needed.
const SHORT: [&str; 6] = ["本", "長", "級", "人", "月", "日"];
/// What makes of the second one the beginning of another word: 局長長期督導, 11 月月底.
const OTHER_WORDS: [(&str, &str); 5] = [
    ("長", "期官度久年遠假時達程照"),
    ("級", "別數距分"),
    ("人", "員數力次選事名才口工身格民資文為"),
    ("月", "底初報會中內刊曆考例"),
    ("日", "常誌間報曆夜照光用記本語期"),
];
/// What ends with 本 and is no 本 of its own: 副本本局收執.
const COPIES: &str = "版副腳樣基根資正影抄譯原文日書";
/// What makes of the second of two words the beginning of another: 承辦單位單位主管, 審查會議會議紀錄.
const GOES_ON: [&str; 18] = [
    "主管", "首長", "同仁", "內", "管理", "負責", "紀錄", "記錄", "決議", "名稱", "清冊", "主席", "主任", "帳號", "使用", "維護", "存取",
    "日誌",
];
/// So many characters are compared.
const LONGEST: usize = 30;
/// So many characters of a value are shown.
const SHOWN: usize = 24;

/// Reports them.
pub(super) fn repetitions(plan: &Plan, runs: &Runs<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
    for run in runs.holding(|own| own.find(PUT_THERE)) {
        for (at, value) in run.values() {
            let words = value_words(plan, &plan.data.shown(value.path));
            let (before, after) = (run.own[..at].trim_end(), run.own[at + PUT_THERE.len_utf8()..].trim_start());
            let follows = repeated(&words, after, "").map(|twice| (twice, Side::After));
            let Some((twice, side)) = follows.or_else(|| Some((repeated(before, &words, after)?, Side::Before))) else { continue };
            found.push(finding(plan, sources, (value.path, run.place_of_part(value.span, sources)), &words, twice, side));
        }
    }
}

/// On which side of the value the text says the same.
#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

/// What one text ends with and the next begins with, if nobody writes that twice; `rest` stands behind the next.
fn repeated<'a>(one: &str, next: &'a str, rest: &str) -> Option<&'a str> {
    let ends = next.char_indices().take(LONGEST).map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= one.len());
    let is_twice = |end: &usize| {
        let (word, after) = next.split_at(*end);
        one.ends_with(word) && is_wrong(&one[..one.len() - word.len()], word, if after.is_empty() { rest } else { after })
    };
    ends.filter(is_twice).last().map(|end| &next[..end])
}

/// Whether a word that stands twice is a mistake between what stands before and behind the two.
fn is_wrong(before: &str, word: &str, after: &str) -> bool {
    if !SHORT.contains(&word) {
        return word.chars().count() > 1 && word.chars().all(is_han) && !GOES_ON.iter().any(|other| after.starts_with(other));
    }
    let is_copy = word == "本" && before.ends_with(|c| COPIES.contains(c));
    let is_other = |(short, next): &(&str, &str)| word == *short && after.starts_with(|c| next.contains(c));
    !is_copy && !OTHER_WORDS.iter().any(is_other)
}

fn finding(plan: &Plan, sources: &Sources, (path, span): (&str, Span), words: &str, twice: &str, side: Side) -> Diagnostic {
    let shown = shortened(words, side);
    let message = match side {
        Side::After => message!(
            "{{{{ {path} }}}} 印出「{shown}」，後面又寫了「{twice}」",
            "{{{{ {path} }}}} is shown as `{shown}`, and `{twice}` follows it once more"
        ),
        Side::Before => message!(
            "{{{{ {path} }}}} 印出「{shown}」，前面已經寫了「{twice}」",
            "{{{{ {path} }}}} is shown as `{shown}`, and `{twice}` stands before it already"
        ),
    };
    let finding = Diagnostic::new(Rule::BrokenBlank, span, message).help(help(plan, path, twice, side));
    match plan.data.place(sources, path) {
        Some(place) => finding.related(place, message!("值寫在這裡", "The value is given here")),
        None => finding,
    }
}

fn help(plan: &Plan, path: &str, twice: &str, side: Side) -> Message {
    let (zh, en) = match side {
        Side::After => ("後面", "behind"),
        Side::Before => ("前面", "before"),
    };
    let written = plan.data.written(path).and_then(|text| match side {
        Side::After => text.strip_suffix(twice),
        Side::Before => text.strip_prefix(twice),
    });
    let written = written.map(str::trim);
    let (file, field) = path.split_once('.').unwrap_or((path, ""));
    match written {
        // What its unit says, or another value.
        None => message!("請刪去它{zh}的「{twice}」", "Delete the `{twice}` {en} it"),
        Some("") => message!(
            "請把 data/{file}.yaml 的 {field} 改為別的字，或刪去它{zh}的「{twice}」",
            "Give other words for `{field}` in data/{file}.yaml, or delete the `{twice}` {en} it"
        ),
        Some(right) => message!(
            "請把 data/{file}.yaml 的 {field} 改為「{right}」，或刪去它{zh}的「{twice}」",
            "Write `{right}` for `{field}` in data/{file}.yaml, or delete the `{twice}` {en} it"
        ),
    }
}

/// The end of a value that the text repeats, or the beginning.
fn shortened(words: &str, side: Side) -> String {
    let count = words.chars().count();
    match side {
        _ if count <= SHOWN => words.to_owned(),
        Side::After => words.chars().skip(count - SHOWN).fold("…".to_owned(), |shown, c| shown + c.encode_utf8(&mut [0; 4])),
        Side::Before => words.chars().take(SHOWN).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::repeated;

    #[test]
    fn words_that_stand_twice_are_told_from_words_that_go_on() {
        for (one, next, twice) in [
            ("副局長", "長為資通安全長", "長"),
            ("涵蓋本", "本局", "本"),
            ("資訊單位", "單位簽陳", "單位"),
            ("示範機關", "機關全體", "機關"),
            ("3 小時", "小時以上", "小時"),
            ("11 月", "月召開", "月"),
            ("C 級", "級機關", "級"),
            ("14 日", "日前通知", "日"),
            ("便民服務網站", "網站", "網站"),
        ] {
            assert_eq!(repeated(one, next, ""), Some(twice), "{one}{next}");
        }
        for (one, next) in [
            ("副局長", "長期督導"),
            ("抄送副本", "本局"),
            ("第二版版本", "本計畫"),
            ("承辦單位", "單位主管核准"),
            ("2 人", "人數"),
            ("11 月", "月底"),
            ("管理審查會議", "會議紀錄"),
            ("公文系統", "系統管理者"),
            ("資訊科", "科長"),
            ("ISO 27001", "27001"),
            ("", "長"),
            ("長", ""),
        ] {
            assert_eq!(repeated(one, next, ""), None, "{one}{next}");
        }
        assert_eq!(repeated("承辦單位", "單位", "主管"), None, "what goes on may stand behind the value");
    }
}
