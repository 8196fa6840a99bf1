//! Circles that stand for a blank: ○○市政府.
//!
//! In: a text that readers see. Out: where such circles stand in it, what is wrong with them, and what to do. A circle that is part of a number is none.

use super::visible::overlapping;
use crate::{diagnostic::Message, message};

/// Circles that stand for a blank, as various keyboards write them. The last but a pair is a digit: 一〇五.
pub(super) const CIRCLES: [&str; 3] = ["○", "◯", "〇〇"];

/// The first circle of a kind that is no part of a number, such as 二〇〇八: where it stands among all of that kind, and in the text.
pub(super) fn first_of_kind(text: &str, circle: &str) -> Option<(usize, usize)> {
    let is_digit = |at: usize| text[..at].trim_end_matches('〇').ends_with(|c| "一二三四五六七八九".contains(c));
    overlapping(text, circle).enumerate().find(|(_, at)| circle != "〇〇" || !is_digit(*at))
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
