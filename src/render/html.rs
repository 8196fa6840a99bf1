//! Writing HTML.
//!
//! In: words. Out: words that cannot be taken for markup. Knows nothing of plans.

pub(super) use crate::theme::escape;

/// Adds ` name="value"`.
pub(super) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value);
    out.push('"');
}

/// Whether a line end between two characters reads as nothing: between Han characters and their punctuation.
pub(super) fn joins_without_space(before: Option<char>, after: Option<char>) -> bool {
    let wide = |c: char| matches!(u32::from(c), 0x2e80..=0x9fff | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xffef | 0x20000..=0x3ffff);
    matches!((before, after), (Some(before), Some(after)) if wide(before) && wide(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_end_an_attribute_or_open_a_tag() {
        let mut out = String::new();
        attribute(&mut out, "title", "\"><script>&'條文");
        assert_eq!(out, " title=\"&quot;&gt;&lt;script&gt;&amp;&#39;條文\"");
    }
}
