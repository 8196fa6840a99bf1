//! Formulas as other programs write them, between dollars: to planpress these are words.
//!
//! In: a paragraph, a heading or a cell of comrak's tree. Out: findings for `$$…$$`, once for both of its signs, and for `$…$` around what is no
//! price, no name of a variable and no path. It changes no tree, and sees nothing in code, in comments and behind a backslash.

use super::lower::Lowering;
use crate::{diagnostic::Rule, message};
use comrak::{Node, nodes::NodeValue};

/// What stands on a line by itself, or on both sides of it.
const DISPLAY: &str = "$$";
/// A formula among words takes no more bytes.
const LONG: usize = 120;

impl Lowering<'_> {
    /// Reports the formulas of a run.
    pub(super) fn check_formulas(&mut self, run: Node<'_>) {
        // Hardly any file has a dollar.
        if self.first_dollar.is_none() {
            return;
        }
        let (mut displays, mut inline) = (Vec::new(), None);
        for node in run.descendants() {
            let data = node.data();
            let NodeValue::Text(text) = &data.value else { continue };
            let range = self.range(data.sourcepos);
            displays.extend(displays_of(text).map(|at| range.start + at).filter(|at| at + DISPLAY.len() <= range.end));
            let place = |(at, length): (usize, usize)| (range.start + at).min(range.end)..(range.start + at + length).min(range.end);
            inline = inline.or_else(|| formula(text).map(place));
        }
        let mut rest = displays.as_slice();
        while let [open, after @ ..] = rest {
            let close = after.first().filter(|close| is_formula(&self.text[open + DISPLAY.len()..**close]));
            rest = if close.is_some() { &after[1..] } else { after };
            let place = *open..open + DISPLAY.len();
            if close.is_none() && self.text[self.line_of(&place)].trim_matches([' ', '>']) != DISPLAY {
                continue;
            }
            let message = message!("「$$」不會成為公式，會照樣印出來", "`$$` makes no formula and is printed");
            let help = message!(
                "請把公式寫成文字，例如 風險值 = 機率 × 衝擊，或放圖片；要印出「$」請寫 \\$",
                "Write the formula in words, such as risk = likelihood × impact, or put a picture of it; write \\$ for the sign itself"
            );
            self.report(Rule::UnsupportedMarkdown, place, message, help);
        }
        if let Some(place) = inline {
            let message = message!("「$」不會成為公式，會照樣印出來", "`$` makes no formula and is printed");
            let help = message!(
                "請直接寫公式的字，例如 x²、a × b；要印出「$」請寫 \\$",
                "Write the formula itself, such as x² or a × b; write \\$ for the sign itself"
            );
            self.warn(Rule::UnsupportedMarkdown, place, message, help);
        }
    }
}

/// Where two dollars stand, not more.
fn displays_of(text: &str) -> impl Iterator<Item = usize> {
    let is_dollar = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)) == Some(&b'$');
    text.match_indices(DISPLAY)
        .map(|(at, _)| at)
        .filter(move |at| !is_dollar(at.checked_sub(1)) && !is_dollar(Some(at + DISPLAY.len())))
}

/// Whether what stands between two such signs computes something.
fn is_formula(words: &str) -> bool {
    words.contains(['\\', '^', '_', '=', '+', '<', '>', '×', '÷'])
}

/// Where a formula stands among words, with its dollars.
fn formula(text: &str) -> Option<(usize, usize)> {
    text.match_indices('$').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let inside = &rest[..rest.find('$')?];
        let (before, after) = (text[..at].chars().next_back(), rest[inside.len() + 1..].chars().next());
        // A currency stands before a price: NT$; a name behind the dollar of another variable.
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '$' | '_' | '{'));
        let stands_apart = !is_part(before) && !is_part(after) && !inside.starts_with(' ') && !inside.ends_with(' ');
        (stands_apart && inside.len() <= LONG && computes(inside)).then_some((at, inside.len() + 2))
    })
}

/// Whether words between two dollars are a formula: a command of TeX, one letter, or signs that stand in no price and no name.
fn computes(inside: &str) -> bool {
    let is_letter = |at: usize| inside.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic);
    if inside.match_indices('\\').any(|(at, _)| is_letter(at + 1)) {
        return true;
    }
    let is_lowered =
        |(at, _): (usize, &str)| at > 0 && is_letter(at - 1) && (at == 1 || !inside.as_bytes()[at - 2].is_ascii_alphanumeric());
    let signs: &[char] = if inside.starts_with(|c: char| c.is_ascii_digit()) { &['^'] } else { &['^', '=', '+', '<', '>'] };
    inside.is_ascii() && (inside.len() == 1 && is_letter(0) || inside.contains(signs) || inside.match_indices('_').any(is_lowered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_no_price_no_variable_and_no_path() {
        for text in ["面積 $x^2$ 公尺", "（$n$）", "$x_1$", "$x_{i}$。", "$a = b + c$", "$\\alpha$", "$風險 = 機率 \\times 衝擊$", "$2^n$"]
        {
            assert!(formula(text).is_some(), "{text}");
        }
        for text in [
            "$100 至 $200",
            "$100、$200",
            "NT$100=US$3",
            "US$3、NT$100。",
            "$HOME/$USER_NAME",
            "$FILE_NAME$",
            "^abc$ 或 ^d$",
            "\\\\srv\\C$\\a 與 D$",
            "$$",
            "$ x^2 $",
            "$甲$",
        ] {
            assert_eq!(formula(text), None, "{text}");
        }
    }

    #[test]
    fn two_dollars_are_not_three() {
        assert_eq!(displays_of("$$a$$、$$$、$").collect::<Vec<_>>(), [0, 3]);
    }
}
