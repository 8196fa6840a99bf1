//! The label of a form's entry, and what is printed beside it.
//!
//! In: an entry's inlines. Out: those before the first `：` that stands in no brackets, and those after it. A colon in brackets belongs to
//! the label: 檢附文件（如：身分證影本）.

use crate::document::owned::Inline;

/// Brackets of both widths and quotation marks.
const OPENING: &str = "（(「『〔【《〈";
const CLOSING: &str = "）)」』〕】》〉";

/// Parts a label from what is printed beside it.
pub(super) fn split(mut label: Vec<Inline>) -> (Vec<Inline>, Vec<Inline>) {
    let Some((at, colon)) = colon(&label) else { return (label, Vec::new()) };
    let mut beside = label.split_off(at + 1);
    if let Some(Inline::Text(text)) = label.last_mut() {
        // A full-width space is room to write in.
        let after = text[colon..]
            .strip_prefix('：')
            .map_or("", |after| after.trim_start_matches(|c: char| c.is_ascii_whitespace()))
            .len();
        if after > 0 {
            beside.insert(0, Inline::Text(text.part(text.len() - after..text.len())));
        }
        *text = text.part(0..colon);
    }
    (label, beside)
}

/// Which inline holds the colon, and at which byte.
fn colon(label: &[Inline]) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for (index, inline) in label.iter().enumerate() {
        let Inline::Text(text) = inline else { continue };
        for (at, c) in text.char_indices() {
            match c {
                '：' if depth == 0 => return Some((index, at)),
                _ if OPENING.contains(c) => depth += 1,
                _ if CLOSING.contains(c) => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    None
}
