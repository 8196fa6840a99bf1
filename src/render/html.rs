//! Writing HTML.
//!
//! In: words. Out: words that cannot be taken for markup. Knows nothing of plans.

pub(super) use crate::theme::{escape, escaped};

/// Adds ` name="value"`.
pub(super) fn attribute(out: &mut String, name: &str, value: &str) {
    attribute_with(out, name, |out| out.push_str(value));
}

/// Adds ` name="…"` with a value that is written in its place.
pub(super) fn attribute_with(out: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escaped(out, value);
    out.push('"');
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
