//! HTML escaping, the same for what templates and the program write.
//!
//! In: words. Out: words that cannot be taken for markup. `/` stays as it is, so that addresses read as addresses.

use std::convert::Infallible;

/// Adds text for an element's content or a double-quoted attribute.
pub fn escape(out: &mut String, text: &str) {
    let Ok(()) = pieces(text, |piece| {
        out.push_str(piece);
        Ok::<(), Infallible>(())
    });
}

/// Hands over escaped text piece by piece.
fn pieces<E>(text: &str, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let mut from = 0;
    for (chunk, bytes) in text.as_bytes().chunks(CHUNK).enumerate() {
        // Without an early end, so that many bytes are looked at in one step.
        if !bytes.iter().fold(false, |found, byte| found | matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
            continue;
        }
        for (at, byte) in (chunk * CHUNK..).zip(bytes) {
            let entity = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                _ => continue,
            };
            write(&text[from..at])?;
            write(entity)?;
            from = at + 1;
        }
    }
    write(&text[from..])
}

/// How many bytes are looked at together: words seldom hold a sign that is escaped.
const CHUNK: usize = 32;

/// How templates write a value: safe strings as they are, words escaped, anything else as the template engine does.
pub(super) fn format(
    out: &mut minijinja::Output<'_>,
    state: &mut minijinja::State<'_, '_>,
    value: &minijinja::Value,
) -> Result<(), minijinja::Error> {
    let escaped = matches!(state.auto_escape(), minijinja::AutoEscape::Html) && !value.is_safe();
    match value.as_str().filter(|_| escaped) {
        Some(text) => Ok(pieces(text, |piece| out.write_str(piece))?),
        None => minijinja::escape_formatter(out, state, value),
    }
}
