//! Numbers that somebody typed as the plan prints them, `一、` or `(1)`: no Markdown, so that the lines run together into one paragraph.
//!
//! In: the source of a paragraph, paragraphs beside one another, and the items of a list. Out: findings for lines that begin so and continue a
//! paragraph, for paragraphs that do, and for items.
//! One such number may be a reference, and a paragraph may begin with one: only numbers that count on, one that begins the next level below a
//! numbered line, or one that begins a line after the end of a sentence, are reported. Letters and what else may be a name have to count on from the
//! line above.

use super::{lower::Lowering, pasted_line::lines_apart};
use crate::{diagnostic::Rule, message};
use comrak::{Node, nodes::NodeValue};
use std::{mem, ops::Range};

/// The plan's numbers have no more digits.
const DIGITS: usize = 2;
const HAN: &str = "一二三四五六七八九十";
const FORMAL: &str = "壹貳參肆伍陸柒捌玖拾";
const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
/// What ends a sentence, or announces a list.
const ENDS: [char; 7] = ['。', '；', '：', ';', ':', '！', '？'];
/// What follows a number that is part of a sentence: （一）之規定, 一、二款.
const GOES_ON: &str = "之所規至及或與和、，。；）)款目項點條類級等者";

/// A number at the beginning of a line.
#[derive(Clone, Copy)]
struct Typed {
    /// How it is written, by index.
    form: usize,
    value: u32,
    /// How many bytes it takes, its mark included.
    length: usize,
}

const FORMS: usize = 14;
const LETTER: usize = 6;
/// From this form on a number may be a name: `(a)`, 甲、, 第一條.
const NAMES: usize = 7;
/// In brackets: a capital, and after it a small letter.
const BRACKETED: usize = NAMES;
const CAPITAL: usize = 9;
const SMALL: usize = 10;
const STEM: usize = 11;
const ROMAN: usize = 12;
const ARTICLE: usize = 13;

impl Lowering<'_> {
    /// Reports typed numbers at the beginning of the lines of a paragraph that begins at `at`, once for a paragraph; whether there are any.
    pub(super) fn check_typed_numbers(&mut self, mut at: usize, source: &str) -> bool {
        // Of each form the last number, where it stands and the line's end.
        let mut last: [Option<(Typed, usize, usize)>; FORMS] = [None; FORMS];
        let mut before = None::<&str>;
        // The number with which the line above begins.
        let mut outer = None::<Typed>;
        for line in source.split_inclusive('\n') {
            let words = self.words_of(line, char::is_whitespace);
            let (start, above) = (at + line.len() - words.len(), at);
            at += line.len();
            let line = line.trim_end_matches(['\n', '\r']);
            let follows = before.filter(|before| !is_broken(before));
            before = Some(line);
            let number = typed(words);
            let outer = mem::replace(&mut outer, number);
            let Some(typed) = number else { continue };
            let counts_on =
                |(first, _, end): &(Typed, usize, usize)| first.value + 1 == typed.value && (typed.form < NAMES || *end == above);
            let first = last[typed.form].replace((typed, start, at)).filter(counts_on);
            let Some(previous) = follows else { continue };
            let first = first.map(|(first, start, _)| (first, start));
            let is_item = is_item(previous, outer, typed, &words[typed.length..]);
            let Some((found, start)) = first.or_else(|| is_item.then_some((typed, start))) else { continue };
            let message = message!(
                "這個編號是打上去的字，各行會連成一段",
                "This number is typed words, and the lines run together into one paragraph"
            );
            let help = if self.is_plain() {
                lines_apart()
            } else {
                message!(
                    "請把各行改成「1. 」開頭，與上一段空一行，下一層則縮排，編號會自己算；只要換行，請在上一行的行尾加反斜線",
                    "Begin each line with `1. ` below a blank line, indented for the next level, and the numbers are computed; to break lines only, end the line above with a backslash"
                )
            };
            self.report(Rule::UnrecognisedListItem, start..start + found.length, message, help);
            return true;
        }
        false
    }
}

impl Lowering<'_> {
    /// Reports typed numbers at the beginning of items, which are printed with their own: two in a row that count on, once for a list.
    pub(super) fn check_typed_items(&mut self, list: Node<'_>) {
        let mut above = None::<(Typed, usize)>;
        for item in list.children() {
            let words = item.first_child().filter(|first| matches!(first.data().value, NodeValue::Paragraph));
            let start = words.map(|words| self.range(words.data().sourcepos).start);
            let number = start.and_then(|start| {
                let words = self.text.get(start..)?;
                let number = typed(words).filter(|typed| typed.form < NAMES && !words[typed.length..].trim_start().starts_with(goes_on))?;
                Some((number, start))
            });
            if let (Some((first, start)), Some((next, _))) = (above, number)
                && (first.form, first.value + 1) == (next.form, next.value)
            {
                let place = start..start + first.length;
                let written = &self.text[place.clone()];
                let message = message!(
                    "項目前打了編號「{written}」，印出來會有兩個編號",
                    "A number is typed before the item, `{written}`, and the item is printed with two"
                );
                let help = message!(
                    "請刪去這份清單各項打上去的編號，編號會自己算",
                    "Delete the typed numbers of this list's items; their numbers are computed"
                );
                return self.report(Rule::TypedNumber, place, message, help);
            }
            above = number;
        }
    }
}

/// Signs that begin the points of a list, a paragraph each, and no note.
const BULLETS: &str = "●•◎■◆◇➢➤►▶▲";

impl Lowering<'_> {
    /// Reports typed numbers at the beginning of paragraphs beside one another, which are no items to anybody but their reader: two that count
    /// on, or begin with the same bullet, once for as many as stand together.
    pub(super) fn check_typed_paragraphs(&mut self, parent: Node<'_>) {
        let is_paragraph = |node: &Node<'_>| matches!(node.data().value, NodeValue::Paragraph);
        // An item mostly has one.
        if self.is_plain() || parent.children().filter(is_paragraph).nth(1).is_none() {
            return;
        }
        let mut last: [Option<(Typed, usize, usize)>; FORMS] = [None; FORMS];
        let (mut bullet, mut is_told) = (None::<(char, usize)>, false);
        for (index, node) in parent.children().enumerate() {
            if !is_paragraph(&node) {
                (last, bullet, is_told) = ([None; FORMS], None, false);
                continue;
            }
            if is_told {
                continue;
            }
            let start = self.range(node.data().sourcepos).start;
            let source = self.text.get(start..).unwrap_or_default();
            // Of what a word processor made, the number may be bold.
            let words = source.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
            let start = start + source.len() - words.len();
            let sign = words.chars().next().filter(|c| BULLETS.contains(*c)).map(|c| (c, start));
            let above = mem::replace(&mut bullet, sign).filter(|(above, _)| sign.is_some_and(|(sign, _)| sign == *above));
            if let Some((sign, start)) = above {
                self.bullets_apart(sign, start);
                is_told = true;
                continue;
            }
            let is_number = |typed: &Typed| !words[typed.length..].trim_start().starts_with(joins);
            let Some(typed) = typed(words).filter(is_number) else { continue };
            let counts_on =
                |(first, _, above): &(Typed, usize, usize)| first.value + 1 == typed.value && (typed.form < NAMES || *above + 1 == index);
            if let Some((first, start, _)) = last[typed.form].replace((typed, start, index)).filter(counts_on) {
                self.numbers_apart(start..start + first.length);
                is_told = true;
            }
        }
    }

    fn numbers_apart(&mut self, place: Range<usize>) {
        let written = &self.text[place.clone()];
        let message = message!(
            "段落前打了編號「{written}」，它不會跟著增刪改變，也沒有網址",
            "A number is typed before the paragraph, `{written}`; it changes with nothing and has no address"
        );
        let help = message!(
            "請把這幾段的編號都改成「1. 」，編號會自己算；下一層縮排，各節的標題寫「## 」",
            "Write `1. ` for the number of each of these paragraphs, indented for the next level, or `## ` for headings; their numbers are computed"
        );
        self.report(Rule::TypedNumber, place, message, help);
    }

    fn bullets_apart(&mut self, sign: char, start: usize) {
        let message = message!("這幾段以「{sign}」開頭，沒有成為清單", "These paragraphs begin with `{sign}` and are no list");
        let help = message!("請把各段的「{sign}」改成「- 」", "Write `- ` for the `{sign}` of each");
        self.warn(Rule::UnrecognisedListItem, start..start + sign.len_utf8(), message, help);
    }
}

/// Whether the line after this one begins on a line of its own.
pub(super) fn is_broken(line: &str) -> bool {
    line.ends_with('\\') || line.ends_with("  ")
}

/// Whether a number that counts on from none can only be an item's, by what stands before and after it; `outer` is the number of the line above.
fn is_item(before: &str, outer: Option<Typed>, typed: Typed, words: &str) -> bool {
    let spaced = words.starts_with(char::is_whitespace) && typed.form != LETTER;
    let own = words.trim_start();
    let begins_level = typed.value == 1 && outer.is_some_and(|outer| outer.form != typed.form);
    typed.form < NAMES && (spaced || begins_level || before.trim_end().ends_with(ENDS)) && !own.is_empty() && !own.starts_with(goes_on)
}

/// Whether what follows a number at the beginning of a paragraph joins it to another word or number: 一、目的 and 二、規定 begin as words do.
fn joins(c: char) -> bool {
    "之及或與和至，、。；）)款".contains(c) || HAN.contains(c) || c.is_numeric()
}

/// Whether what follows a number makes it a part of a sentence.
fn goes_on(c: char) -> bool {
    GOES_ON.contains(c) || HAN.contains(c) || c.is_numeric()
}

/// The number at the beginning of a line, with its mark. `1.` and `1)` are Markdown's own.
fn typed(line: &str) -> Option<Typed> {
    let first = line.chars().next()?;
    let counted = |from: char| u32::from(first) - u32::from(from) + 1;
    let circled = |from: char, form| Some(Typed { form, value: counted(from), length: first.len_utf8() });
    match first {
        '①'..='⑳' => circled('①', 0),
        '㈠'..='㈩' => circled('㈠', 1),
        'Ⅰ'..='Ⅻ' => marked(line, ROMAN, counted('Ⅰ'), &['、', '．', '.']),
        'ⅰ'..='ⅻ' => marked(line, ROMAN, counted('ⅰ'), &['、', '．', '.', ')', '）']),
        '(' | '（' => {
            let inside = &line[first.len_utf8()..];
            let (value, form, length) = match numeral(inside) {
                Some((value, is_han, length)) => (value, if is_han { 2 } else { 3 }, length),
                // (s) is a plural.
                None => letter(inside)
                    .filter(|(value, _)| *value <= LETTERS)
                    .map(|(value, is_small)| (value, BRACKETED + usize::from(is_small), 1))?,
            };
            let close = inside[length..].chars().next().filter(|c| matches!(c, ')' | '）'))?;
            Some(Typed { form, value, length: first.len_utf8() + length + close.len_utf8() })
        }
        'A'..='Z' => marked(line, LETTER, counted('A'), &['.', '．']).or_else(|| marked(line, CAPITAL, counted('A'), &[')', '）'])),
        'a'..='z' => marked(line, SMALL, counted('a'), &['.', '．', ')', '）']),
        '第' => article(line),
        _ if STEMS.contains(first) => {
            let value = (1..).zip(STEMS.chars()).find(|(_, stem)| *stem == first).map(|(value, _)| value)?;
            marked(line, STEM, value, &['、', '．']).filter(|typed| !line[typed.length..].starts_with(|c| STEMS.contains(c)))
        }
        _ => {
            let (value, is_han, length) = numeral(line)?;
            let mark = line[length..].chars().next().filter(|c| matches!(c, '、' | '．' | '.' | '）' | ')'))?;
            let is_markdown = first.is_ascii() && mark.is_ascii();
            let length = length + mark.len_utf8();
            // 1．5 is a figure, and so are 114、115.
            let is_figure = line[length..].starts_with(char::is_numeric) && !is_han;
            (!is_markdown && !is_figure).then_some(Typed { form: if is_han { 4 } else { 5 }, value, length })
        }
    }
}

/// A number of one character before one of these marks, unless a name goes on after it: A.5.1.
fn marked(line: &str, form: usize, value: u32, marks: &[char]) -> Option<Typed> {
    let mut signs = line.chars();
    let (number, mark) = (signs.next()?, signs.next().filter(|mark| marks.contains(mark))?);
    let is_name = signs.next().is_none_or(|c| c.is_ascii_graphic() || c.is_numeric());
    (!is_name).then(|| Typed { form, value, length: number.len_utf8() + mark.len_utf8() })
}

/// As many letters count points.
const LETTERS: u32 = 8;

/// A letter alone, and whether it is a small one.
fn letter(text: &str) -> Option<(u32, bool)> {
    let first = text.bytes().next().filter(u8::is_ascii_alphabetic)?;
    Some((u32::from(first.to_ascii_lowercase() - b'a') + 1, first.is_ascii_lowercase()))
}

/// 第一條 with a space after it, as it begins an article and hardly a sentence.
fn article(line: &str) -> Option<Typed> {
    let rest = line.strip_prefix('第')?.trim_start_matches(' ');
    let (value, _, length) = numeral(rest)?;
    let after = rest[length..].trim_start_matches(' ').strip_prefix('條')?;
    let is_spaced = after.starts_with(char::is_whitespace) && !after.trim_start().is_empty();
    is_spaced.then(|| Typed { form: ARTICLE, value, length: line.len() - after.len() })
}

fn is_numeral(c: char) -> bool {
    let is_han = matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十');
    is_han || matches!(c, '0'..='9' | '０'..='９') || FORMAL.contains(c)
}

/// The numeral at the beginning of a text: its value, whether it is Chinese, and its length.
fn numeral(text: &str) -> Option<(u32, bool, usize)> {
    // A fast path: every item and every line is asked, and hardly any begins so.
    if !text.starts_with(is_numeral) {
        return None;
    }
    let value_in = |digits: &str, c: char| (1..).zip(digits.chars()).find(|(_, digit)| *digit == c).map(|(value, _)| value);
    let han = |c: char| value_in(HAN, c).or_else(|| value_in(FORMAL, c));
    let digit = |c: char| match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    };
    let is_han = text.chars().next().and_then(han).is_some();
    let (mut tens, mut ones, mut length) = (0, 0, 0);
    for (count, c) in text.chars().enumerate() {
        match han(c).filter(|_| is_han) {
            Some(10) => (tens, ones) = (ones.max(1) * 10, 0),
            Some(value) => ones = value,
            None if is_han => break,
            None => match digit(c) {
                Some(_) if count >= DIGITS => return None,
                Some(digit) => ones = ones * 10 + digit,
                None => break,
            },
        }
        length += c.len_utf8();
    }
    (length > 0 && length <= 3 * "十".len()).then_some((tens + ones, is_han, length))
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn numbers_as_the_plan_prints_them() {
        let numbers = [
            ("一、甲", Some(1)),
            ("壹拾貳、甲", Some(12)),
            ("二十一、甲", Some(21)),
            ("（十）甲", Some(10)),
            ("(3) 甲", Some(3)),
            ("３．甲", Some(3)),
            ("3、甲", Some(3)),
            ("④甲", Some(4)),
            ("㈡甲", Some(2)),
            ("B. 甲", Some(2)),
            ("c) 甲", Some(3)),
            ("(b)甲", Some(2)),
            ("（C）甲", Some(3)),
            ("乙、說明", Some(2)),
            ("Ⅲ、甲", Some(3)),
            ("ⅱ. 甲", Some(2)),
            ("第一條　目的", Some(1)),
            ("第 12 條 附則", Some(12)),
            ("3. 甲", None),
            ("３．５倍", None),
            ("114、115 年", None),
            ("(114) 年", None),
            ("A.5.1 甲", None),
            ("（一甲", None),
            ("甲、乙", None),
            ("甲、", None),
            ("a.b", None),
            ("(ab) 甲", None),
            ("第一條規定", None),
            ("第一條之一　甲", None),
            ("一旦", None),
            ("", None),
        ];
        for (line, value) in numbers {
            assert_eq!(typed(line).map(|typed| typed.value), value, "{line}");
        }
    }
}
