//! Code as HTML, piece by piece.
//!
//! In: a text, and what tells its pieces apart. Out: the text with the pieces marked as classes. Every line is read once, from its
//! beginning to its end. Knows of no language more than what several have in common.

use super::html::escape;

/// What a place in a text is part of.
pub(super) trait Place<'a>: Copy {
    /// The class of a text that several pieces are parts of, if the place is in one.
    fn class(self) -> Option<&'static str>;

    /// The piece that begins at a place of a line. One without length says that all is part of something else from there on.
    fn piece(self, line: &'a str, at: usize) -> Option<Piece<Self>>;
}

/// A piece that is told apart. It begins and ends between characters.
pub(super) struct Piece<P> {
    pub(super) length: usize,
    pub(super) class: Option<&'static str>,
    /// What comes after it is part of this. A text that begins or ends there has the piece as its first or last.
    pub(super) then: P,
}

/// The text with classes.
pub(super) fn marked<'a, P: Place<'a>>(text: &'a str, mut place: P) -> String {
    let mut out = String::with_capacity(2 * text.len());
    for line in text.split_inclusive('\n') {
        let (mut at, mut plain) = (0, 0);
        while at < line.len() {
            let Some(piece) = place.piece(line, at) else {
                at += 1;
                continue;
            };
            escape(&mut out, &line[plain..at]);
            plain = at + piece.length;
            let (before, after) = (place.class(), piece.then.class());
            if let (None, Some(class)) = (before, after) {
                open(&mut out, class);
            }
            if let Some(class) = piece.class {
                open(&mut out, class);
                escape(&mut out, &line[at..plain]);
                close(&mut out);
            } else {
                escape(&mut out, &line[at..plain]);
            }
            if let (Some(_), None) = (before, after) {
                close(&mut out);
            }
            (at, place) = (plain, piece.then);
        }
        escape(&mut out, &line[plain..]);
    }
    if place.class().is_some() {
        close(&mut out);
    }
    out
}

fn open(out: &mut String, class: &str) {
    out.extend(["<span class=\"", class, "\">"]);
}

fn close(out: &mut String) {
    out.push_str("</span>");
}

/// How many bytes from the beginning on are of a kind.
pub(super) fn run(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of(**byte)).count()
}

/// A `#` and the rest of its line.
pub(super) fn comment(rest: &[u8]) -> Option<usize> {
    (rest[0] == b'#').then(|| run(rest, |byte| byte != b'\n'))
}

/// A backslash and the character after it.
pub(super) fn escaped(line: &str, at: usize) -> Option<usize> {
    if line.as_bytes()[at] != b'\\' {
        return None;
    }
    line[at + 1..].chars().next().filter(|next| *next != '\n').map(|next| 1 + next.len_utf8())
}

#[cfg(test)]
pub(super) mod tests {
    /// Fails unless the HTML says what the text does, and closes what it opens.
    pub(in crate::render) fn is_whole(text: &str, html: &str) {
        let said = html
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
            .collect::<String>()
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        assert_eq!(said, text, "{html}");
        assert_eq!(html.matches("<span").count(), html.matches("</span>").count(), "{html}");
    }

    /// Fails if what comes again and again after a beginning is read anew from every place.
    #[expect(clippy::disallowed_methods, reason = "what is read anew from every place shows only in the time that it takes")]
    pub(in crate::render) fn is_read_once(before: &str, again: &str, marked: impl Fn(&str) -> String) {
        let text = before.to_owned() + &again.repeat(500_000);
        let start = std::time::Instant::now();
        assert!(marked(&text).len() >= text.len());
        // Read anew from every place it would take minutes.
        assert!(start.elapsed() < std::time::Duration::from_secs(10), "{again}");
    }
}
