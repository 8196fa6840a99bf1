//! Circles that stand for a blank: ○○市政府.
//!
//! In: a text that readers see. Out: where such circles stand in it, what is wrong with them, and what to do. A circle that is part of a number is none.

use crate::{diagnostic::Message, message};

/// Circles that stand for a blank, as various keyboards write them. A single 〇 is the digit zero, as in 一〇五, so that of it only a pair counts.
pub(super) const CIRCLES: [&str; 3] = ["○", "◯", "〇〇"];

/// The first circle of a kind that is no part of a number, such as 二〇〇八: where it stands among all of that kind, and in the text.
pub(super) fn first_of_kind(text: &str, circle: &str) -> Option<(usize, usize)> {
    let (mut nth, mut from) = (0, 0);
    while let Some(at) = text[from..].find(circle).map(|at| from + at) {
        if circle != "〇〇" || !text[..at].ends_with(|c| "一二三四五六七八九".contains(c)) {
            return Some((nth, at));
        }
        // All of a number is passed over, and each two neighbours in it are one of their kind.
        let rest = text[at..].trim_start_matches('〇');
        nth += (text.len() - at - rest.len()) / '〇'.len_utf8() - 1;
        from = text.len() - rest.len();
    }
    None
}

/// Whether a text says with circles what is to be filled in; one alone may be the sign that is meant: 打○, ○／×.
pub(super) fn is_blank(text: &str) -> bool {
    ["○○", "◯◯"].iter().any(|circles| text.contains(circles)) || first_of_kind(text, "〇〇").is_some()
}

/// The first circle in a text, and where it stands.
pub(super) fn first(text: &str) -> Option<(&'static str, usize)> {
    CIRCLES.into_iter().find_map(|circle| Some((circle, first_of_kind(text, circle)?.1)))
}

/// What to do about a circle; in plain words nothing stands for a value.
pub(super) fn help(is_plain: bool) -> Message {
    if is_plain {
        message!("請直接寫出要印的字", "Write the words that are to be printed")
    } else {
        message!(
            "請填寫，或改為 {{{{ 檔名.欄位 }}}}，在 data/ 填一次",
            "Fill it in, or write {{{{ file.field }}}} and give it once in data/"
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
    fn a_circle_of_a_number_stands_for_no_blank() {
        assert_eq!(first("二〇〇八年由〇〇單位"), Some(("〇〇", 18)));
        assert_eq!(first_of_kind("一〇〇〇及〇〇", "〇〇"), Some((2, 15)), "two of three circles stand in the number");
        assert_eq!(first("一〇五年，房號一〇〇〇"), None);
        assert_eq!(first(&"一〇".repeat(100_000)), None);
        assert_eq!(first(&("一".to_owned() + &"〇".repeat(1_000_000))), None, "in no time");
        assert_eq!(first("甲○"), Some(("○", 3)));
        assert_eq!(["符合（打○）", "○／×", "二〇〇八年"].map(is_blank), [false; 3]);
        assert_eq!(["○○局意見", "◯◯", "〇〇單位"].map(is_blank), [true; 3]);
    }
}
