//! Fenced code, and fences that are none.
//!
//! In: a fenced block of comrak's tree and its range. Out: the code, and findings for a block without a closing fence, one that a fence of the
//! same kind opens inside of another, and a comment beside the fence. In code nothing is Markdown: an open block takes the clauses behind it,
//! and publishes the guidance among them.

use super::lower::Lowering;
use crate::{
    diagnostic::{Related, Rule},
    document::owned::Code,
    message,
};
use comrak::nodes::NodeCodeBlock;
use std::ops::Range;

impl Lowering<'_> {
    /// Reads a fenced block.
    pub(super) fn code(&mut self, code: &NodeCodeBlock, range: &Range<usize>) -> Code {
        let fence = char::from(code.fence_char).to_string().repeat(code.fence_length);
        let opening = range.start..self.line_of(range).end.clamp(range.start, range.end);
        if !code.closed {
            let message = message!(
                "「{fence}」沒有結尾，後面的條文與撰寫說明都成了程式碼，會照樣印出來",
                "This {fence} has no end; the clauses and the guidance behind it are code and printed as they stand"
            );
            let help = message!(
                "請在程式碼後面另起一行寫 {fence}；不是程式碼就刪去這一行，橫線請寫 ---，前後空一行",
                "Write {fence} on a line of its own behind the code; if it is none, delete this line, and write --- between blank lines for a line across"
            );
            self.report(Rule::UnclosedCode, range.start..range.start + code.fence_length, message, help);
            self.name_code_above(range, code.fence_char);
        } else if let Some(inner) = self.fence_inside(code, range, &fence) {
            let opened = self.text[inner.clone()].to_owned();
            let message = message!(
                "「{opened}」在另一段程式碼裡面，上面的「{fence}」還沒有結尾",
                "`{opened}` stands inside other code; the {fence} above it has no end yet"
            );
            let help = message!(
                "請在上一段程式碼的最後另起一行寫 {fence}；要照樣印出這一行，外面的前後兩行都寫 {fence}{sign}",
                "Write {fence} on a line of its own where the code above ends; to print this line as it stands, write {fence}{sign} for both outer fences",
                sign = &fence[..1]
            );
            self.report(Rule::UnclosedCode, inner, message, help);
        }
        if code.info.contains("%%") {
            let message =
                message!("{fence} 這一行不能有註解，它會印在網頁裡", "There can be no comment beside a {fence}; it would be published");
            let help = message!("請把註解寫在程式碼前面，自成一段", "Write the comment above the code, in a paragraph of its own");
            self.report(Rule::UnclosedComment, opening, message, help);
        }
        let language = code.info.split_whitespace().next().unwrap_or_default();
        Code { language: self.shared(language, range.clone()), text: self.shared(&code.literal, range.clone()) }
    }

    /// Adds the code above to the finding: where its end lacks, it ends where this one begins, and this one begins where it should end.
    fn name_code_above(&mut self, range: &Range<usize>, sign: u8) {
        let is_code = |above: &&Range<usize>| above.start < range.start && self.text.as_bytes().get(above.start) == Some(&sign);
        let Some(above) = self.literal.iter().rev().find(is_code).map(|above| self.span(self.line_of(above))) else { return };
        let message = message!("也可能是上面這一段少了結尾", "Or it is this code above that lacks its end");
        if let Some(finding) = self.findings.last_mut() {
            finding.related.push(Related { span: above, message });
        }
    }

    /// Where a line inside of code opens code itself: it has a language, with which no fence closes.
    fn fence_inside(&self, code: &NodeCodeBlock, range: &Range<usize>, fence: &str) -> Option<Range<usize>> {
        // A fast path: hardly any code holds its own fence.
        if !code.literal.contains(fence) {
            return None;
        }
        let source = self.text.get(range.clone())?;
        let mut at = range.start + source.find('\n')? + 1;
        for (line, code_line) in source.split_inclusive('\n').skip(1).zip(code.literal.lines()) {
            let words = line.trim_start_matches([' ', '\t', '>']);
            let start = at + line.len() - words.len();
            at += line.len();
            let words = words.trim_end();
            let info = words.trim_start_matches(char::from(code.fence_char));
            let opens = words.starts_with(fence) && info.starts_with(|c: char| c.is_ascii_alphanumeric()) && !info.contains('`');
            // With more spaces it would be no fence.
            if opens && !code_line.starts_with("    ") {
                return Some(start..start + words.len());
            }
        }
        None
    }
}
