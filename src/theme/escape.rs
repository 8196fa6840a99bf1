//! HTML escaping, the same for what templates and the program write.
//!
//! In: words, and [`Html`]. Out: words that cannot be taken for markup, and HTML as it is. `/` stays as it is, so that addresses read as
//! addresses.

use minijinja::value::{Object, ObjectRepr, Value};
use std::{convert::Infallible, fmt, sync::Arc};

/// HTML that templates write as it is. A safe string would be a copy of it.
#[derive(Debug)]
pub struct Html(pub String);

impl Html {
    /// HTML for a template.
    #[must_use]
    pub fn value(html: String) -> Value {
        Value::from_object(Self(html))
    }
}

impl Object for Html {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.0.is_empty()
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Adds text for an element's content or a double-quoted attribute.
pub fn escape(out: &mut String, text: &str) {
    let Ok(()) = pieces(text, |piece| {
        out.push_str(piece);
        Ok::<(), Infallible>(())
    });
}

/// Adds text that is written in its place, and escapes it there if it has to be, which is seldom.
pub fn escaped(out: &mut String, write: impl FnOnce(&mut String)) {
    let from = out.len();
    write(out);
    if !is_clean(&out.as_bytes()[from..]) {
        let text = out.split_off(from);
        escape(out, &text);
    }
}

/// Hands over escaped text piece by piece.
fn pieces<E>(text: &str, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    if is_clean(text.as_bytes()) {
        return write(text);
    }
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| SPECIAL.contains(byte)) {
        write(&text[from..at])?;
        write(match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        from = at + 1;
    }
    write(&text[from..])
}

/// The signs that are escaped.
const SPECIAL: [u8; 5] = *b"&<>\"'";

/// Whether nothing has to be escaped. Many bytes are looked at in one step, the last ones twice rather than one by one.
fn is_clean(bytes: &[u8]) -> bool {
    // Numbers, and no early end: all bytes are compared with all signs at once.
    let found = |byte: u8| SPECIAL.iter().fold(0, |found, sign| found | u8::from(byte == *sign));
    let clean = |chunk: &[u8; CHUNK]| chunk.iter().fold(0, |all, byte| all | found(*byte)) == 0;
    match bytes.last_chunk() {
        Some(last) => bytes.as_chunks().0.iter().all(clean) && clean(last),
        None => bytes.iter().all(|byte| found(*byte) == 0),
    }
}

/// How many bytes are looked at together: words seldom hold a sign that is escaped.
const CHUNK: usize = 16;

/// How templates write a value: safe strings as they are, words escaped, anything else as the template engine does.
pub(super) fn format(
    out: &mut minijinja::Output<'_>,
    state: &mut minijinja::State<'_, '_>,
    value: &minijinja::Value,
) -> Result<(), minijinja::Error> {
    let escaped = matches!(state.auto_escape(), minijinja::AutoEscape::Html) && !value.is_safe();
    match value.as_str() {
        Some(text) if escaped => Ok(pieces(text, |piece| out.write_str(piece))?),
        _ => match value.downcast_object_ref::<Html>() {
            Some(html) => Ok(out.write_str(&html.0)?),
            None => minijinja::escape_formatter(out, state, value),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_written_as_it_is_and_words_are_not() {
        let mut engine = minijinja::Environment::new();
        engine.set_formatter(format);
        engine
            .add_template("page.html", "{{ html }}{{ words }}{{ html | replace('b', 'i') | safe }}{% if none %}!{% endif %}")
            .unwrap();
        let values = minijinja::context! { html => Html::value("<b>&amp;".into()), none => Html::value(String::new()), words => "<b>" };
        assert_eq!(engine.get_template("page.html").unwrap().render(values).unwrap(), "<b>&amp;&lt;b&gt;<i>&amp;");
    }

    #[test]
    fn a_sign_is_escaped_wherever_it_stands() {
        for length in 0..40 {
            for at in 0..=length {
                let text = format!("{}<{}", "a".repeat(at), "b".repeat(length - at));
                let mut out = String::from("&");
                escape(&mut out, &text);
                escaped(&mut out, |out| out.push_str(&text));
                let expected = text.replace('<', "&lt;");
                assert_eq!(out, format!("&{expected}{expected}"));
            }
        }
    }
}
