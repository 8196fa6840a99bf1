//! Marks of footnotes that are none: without a footnote, in full width, or with a space in the name.
//!
//! In: one run of words and its range, and links and lines that begin as a footnote's mark and definition do. Out: findings. A name ends at a
//! space, so that Markdown takes one with a space for words, or for a link where its definition is one word.

use super::lower::Lowering;
use crate::{diagnostic::Rule, message};
use std::ops::Range;

/// The most characters of a name with spaces; more is a sentence in brackets.
const NAME: usize = 40;

impl Lowering<'_> {
    /// Reports what looks like a mark among words.
    pub(super) fn check_marks(&mut self, text: &str, range: &Range<usize>) {
        for (at, _) in text.match_indices("[^") {
            let rest = &text[at + 2..];
            let Some(end) = rest.find(['[', ']', '］', '\n']).filter(|end| *end > 0 && rest[*end..].starts_with([']', '］'])) else {
                continue;
            };
            let (name, is_wide) = (&rest[..end], rest[end..].starts_with('］'));
            let length = end + 2 + if is_wide { "］".len() } else { 1 };
            let place = (range.start + at).min(range.end)..(range.start + at + length).min(range.end);
            if name.contains(' ') {
                self.check_name(name, place);
                continue;
            }
            let (message, help) = if is_wide {
                (
                    message!("全形的「］」沒有作用，標記會照樣印出來", "The full-width `］` has no effect, and the mark is printed"),
                    message!("請寫 [^{name}]", "Write [^{name}]"),
                )
            } else if self.is_cell() {
                (
                    message!("資料表的儲存格裡不能有註腳", "A cell of a data table cannot hold a footnote"),
                    message!(
                        "請把說明寫在格子裡，或寫在放這張表的條文裡",
                        "Write its words in the cell, or in the clause that shows the table"
                    ),
                )
            } else if rest[end + 1..].starts_with('：') && self.begins_line(place.start) {
                (
                    message!(
                        "[^{name}] 後面是全形的冒號，這一行不是註腳",
                        "A full-width colon follows [^{name}], and the line is no footnote"
                    ),
                    message!(
                        "請寫半形冒號加一個空格：[^{name}]: 內容；這一行前面空一行",
                        "Write a half-width colon and a space, [^{name}]: text, below a blank line"
                    ),
                )
            } else if self.defines(&format!("[^{name}]：")) {
                (
                    message!("沒有註腳「{name}」", "There is no footnote `{name}`"),
                    message!("它的內容前面請寫半形冒號：[^{name}]: 內容", "Write a half-width colon before its text: [^{name}]: text"),
                )
            } else {
                (
                    message!("沒有註腳「{name}」", "There is no footnote `{name}`"),
                    message!("請在章末加上 [^{name}]: 內容", "Add [^{name}]: text at the chapter's end"),
                )
            };
            self.report(Rule::UnknownFootnote, place, message, help);
        }
    }

    /// Whether nothing stands before a place on its line.
    fn begins_line(&self, at: usize) -> bool {
        let line = self.line_of(&(at..at));
        self.text.get(line.start..at).is_some_and(|before| before.trim_start_matches([' ', '\t', '>']).is_empty())
    }

    /// Whether a line begins with a mark and a colon.
    fn defines(&mut self, mark: &str) -> bool {
        let text = self.text;
        // The lines are read once: there may be many marks.
        let definitions = self.definitions.get_or_insert_with(|| {
            let definition = |line: &str| {
                let line = line.trim_start_matches([' ', '\t', '>']);
                let end = line.starts_with("[^").then(|| line.find(']'))?? + 1;
                let colon = line[end..].chars().next().filter(|c| matches!(c, ':' | '：'))?;
                Some(line[..end + colon.len_utf8()].to_owned())
            };
            text.lines().filter_map(definition).collect()
        });
        definitions.contains(mark)
    }

    /// Reports a name with a space, of a mark or a definition.
    pub(super) fn check_name(&mut self, name: &str, place: Range<usize>) {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
        let whole: String = name.split(' ').collect();
        // 註 1 is a name; other words are one if they have a definition.
        let ends_in_number = name.rsplit(' ').next().is_some_and(|last| !last.is_empty() && last.chars().all(char::is_numeric));
        let begins_in_word = name.starts_with(|c: char| c.is_alphabetic()) && !name.contains('-');
        let is_name = (begins_in_word && ends_in_number) || self.defines(&format!("[^{name}]:"));
        if whole.is_empty() || name.chars().count() > NAME || !name.chars().all(is_word) || !is_name {
            return;
        }
        let message = message!("註腳的名稱不能有空格", "A footnote's name cannot hold a space");
        let help = message!("標記與註腳的開頭都請寫 [^{whole}]", "Write [^{whole}] for the mark and before the footnote's words");
        self.report(Rule::UnknownFootnote, place, message, help);
    }

    /// Whether a link is a mark, for which Markdown found an address where the footnote's words stand.
    pub(super) fn is_mark(&self, range: &Range<usize>) -> bool {
        let inside = self.text.get(range.clone()).and_then(|source| source.strip_prefix("[^")?.strip_suffix(']'));
        inside.is_some_and(|name| name.contains(' ') && !name.contains(['[', ']']))
    }
}
