//! Circles that stand for a blank, ○○市政府, and letters in their place.
//!
//! In: a text that readers see. Out: where such circles stand in it, what is wrong with them, and what to do. A circle that is part of a number is
//! none, and letters are what they say unless one of the words follows that nobody names so.

use crate::{diagnostic::Message, message, resolve::words::is_han};

/// Circles that stand for a blank, as various keyboards write them. A single 〇 is the digit zero, as in 一〇五, so that of it only a pair counts.
pub(super) const CIRCLES: [&str; 3] = ["○", "◯", "〇〇"];

/// What stands behind a number whose zero is written as a circle: 二○二六年, 一○五號.
const COUNTED: &str = "一二三四五六七八九年月日號條項款目章節點頁度屆次萬元個件份種秒天週歲倍";
/// What stands before one: 附件一○.
const NUMBERED: [&str; 5] = ["附件", "附表", "表", "圖", "第"];

/// The first circle of a kind that is no part of a number, such as 二〇〇八: where it stands among all of that kind, and in the text.
pub(super) fn first_of_kind(text: &str, circle: &str) -> Option<(usize, usize)> {
    let sign = circle.chars().next()?;
    let is_digit = |c: char| "一二三四五六七八九".contains(c);
    let (mut nth, mut from) = (0, 0);
    while let Some(at) = text[from..].find(circle).map(|at| from + at) {
        let (before, rest) = (&text[..at], text[at..].trim_start_matches(sign));
        // A 〇 is a digit wherever it follows one; any other circle is one where that makes a number.
        let is_number = sign == '〇' || rest.starts_with(|c| COUNTED.contains(c)) || {
            let named = before.trim_end_matches(|c| is_digit(c) || c == sign);
            !rest.starts_with(is_han) && NUMBERED.iter().any(|name| named.ends_with(name))
        };
        if !(before.ends_with(is_digit) && is_number) {
            return Some((nth, at));
        }
        // All of a number is passed over, and each two neighbours in it are one of their kind.
        nth += (text.len() - at - rest.len()) / sign.len_utf8() + 1 - circle.chars().count();
        from = text.len() - rest.len();
    }
    None
}

/// What keyboards without circles write for two of them, and what others write.
pub(super) const LETTERS: [&str; 5] = ["OO", "XX", "ＯＯ", "ＸＸ", "●●"];

/// Where the first of those that are ASCII stand, whatever they mean there. They are looked for by themselves: among longer words two bytes would
/// be met everywhere.
pub(super) fn first_ascii_letters(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'O', b'X', bytes).find(|at| bytes.get(at + 1) == bytes.get(*at))
}

/// What a name or a number stands before that is still to be filled in: OO市政府, 第XX條. XX may be twenty, and OO a way to write programs.
const NAMED: [&str; 32] = [
    "市", "縣", "府", "部", "局", "處", "署", "院", "會", "校", "所", "鄉", "鎮", "區", "室", "科", "課", "組", "條", "年", "月", "日",
    "單位", "機關", "公司", "系統", "大學", "學校", "中心", "主任", "委員", "小時",
];

/// The first letters of a kind that stand for a name: where they stand among all of that kind, and in the text.
pub(super) fn first_letters(text: &str, letters: &str) -> Option<(usize, usize)> {
    let letter = letters.chars().next()?;
    let (mut nth, mut from) = (0, 0);
    while let Some(at) = text[from..].find(letters).map(|at| from + at) {
        let rest = text[at..].trim_start_matches(letter);
        let is_apart = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        // OO 系統 is one that is written in a certain way.
        let is_named = |named: &str| rest.starts_with(named) && !(named == "系統" && matches!(letter, 'O' | 'Ｏ'));
        if is_apart && NAMED.into_iter().any(is_named) {
            return Some((nth, at));
        }
        from = text.len() - rest.len();
        nth += (from - at) / letter.len_utf8() - 1;
    }
    None
}

/// Whether a text says with circles what is to be filled in; one alone may be the sign that is meant: 打○, ○／×.
pub(super) fn is_blank(text: &str) -> bool {
    ["○○", "◯◯", "〇〇"].iter().any(|circles| first_of_kind(text, circles).is_some())
}

/// The first circle in a text, or letters in its place, and where it stands.
pub(super) fn first(text: &str) -> Option<(&'static str, usize)> {
    let circles = CIRCLES.into_iter().find_map(|circle| Some((circle, first_of_kind(text, circle)?.1)));
    circles.or_else(|| LETTERS.into_iter().find_map(|letters| Some((letters, first_letters(text, letters)?.1))))
}

/// What to do about a circle; in plain words nothing stands for a value.
pub(super) fn help(is_plain: bool) -> Message {
    if is_plain {
        message!("請直接寫出要印的字", "Write the words that are to be printed")
    } else {
        message!(
            "請填寫，或改為 {{{{ 檔名.欄位 }}}}，在 data/ 填一次；當作記號的圈，請寫出它的意思或放進 `…`，數字零請寫〇",
            "Fill it in, or write {{{{ file.field }}}} and give it once in data/; for a circle that is a mark, say what it means or put it between `…`; a zero is written 〇"
        )
    }
}

/// What is wrong with a circle.
pub(super) fn message(circle: &str) -> Message {
    message!("「{circle}」還沒有填", "A {circle} is still to be filled in")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_for_a_name_before_what_has_one() {
        for text in ["OO市政府", "由ＸＸ單位", "XXX系統", "第XX條", "●●處"] {
            assert!(LETTERS.iter().any(|letters| first_letters(text, letters).is_some()), "{text}");
        }
        for text in ["XXE 攻擊", "OO 物件導向", "OO設計", "XX世紀", "BOO部", "●●○", "尺寸XXL", "O市"] {
            assert!(LETTERS.iter().all(|letters| first_letters(text, letters).is_none()), "{text}");
        }
        assert_eq!(first_letters("XXXE及XX局", "XX"), Some((2, 7)), "two of three stand before");
        assert_eq!(first_letters(&"X".repeat(1_000_000), "XX"), None, "in no time");
    }

    #[test]
    fn a_circle_of_a_number_stands_for_no_blank() {
        assert_eq!(first("二〇〇八年由〇〇單位"), Some(("〇〇", 18)));
        assert_eq!(first_of_kind("一〇〇〇及〇〇", "〇〇"), Some((2, 15)), "two of three circles stand in the number");
        assert_eq!(first("一〇五年，房號一〇〇〇"), None);
        assert_eq!(first(&"一〇".repeat(100_000)), None);
        assert_eq!(first(&("一".to_owned() + &"〇".repeat(1_000_000))), None, "in no time");
        assert_eq!(first("甲○"), Some(("○", 3)));
        for number in ["二○二六年", "一○五年度", "二○○八年", "附件一○。", "（第一○）", "一○五號", "二◯二六年", "第二○次會議", "一○○萬元"]
        {
            assert_eq!(first(number), None, "{number}");
        }
        for blank in ["第○條", "○年○月", "共一○單位", "其一○○局", "以○表示", "附件一○○局"] {
            assert!(first(blank).is_some(), "{blank}");
        }
        assert_eq!(first_of_kind("二○二六年○月", "○"), Some((1, 15)));
        assert_eq!(first(&"一○".repeat(100_000)), Some(("○", 599_997)), "in no time");
        assert_eq!(["符合（打○）", "○／×", "二〇〇八年", "二○○八年"].map(is_blank), [false; 4]);
        assert_eq!(["○○局意見", "◯◯", "〇〇單位"].map(is_blank), [true; 3]);
    }
}
