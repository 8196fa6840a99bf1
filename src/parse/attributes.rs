//! `{#id when="…"}` at the end of a heading or of an item's first paragraph.
//!
//! In: the source of one line or paragraph. Out: the attributes with their places, relative to that source. Which
//! attributes a heading or an item may have is not decided here.

use crate::config::is_id;
use std::ops::Range;

/// The attributes at the end of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// From `{` to `}`.
    pub range: Range<usize>,
    /// The ids, each with its place.
    pub ids: Vec<(String, Range<usize>)>,
    /// `key=value` and `key="value"`, each with the places of key and value.
    pub pairs: Vec<Pair>,
    /// `.class` and bare words, none of which planpress knows.
    pub others: Vec<(String, Range<usize>)>,
}

/// One `key="value"`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub key: String,
    pub key_range: Range<usize>,
    pub value: String,
    /// Without the quotes.
    pub value_range: Range<usize>,
}

/// What stands at the end of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Words.
    Words,
    /// Attributes.
    Attributes(Attributes),
    /// Something that begins like attributes and is none: its place.
    Malformed(Range<usize>),
    /// Attributes with a value between quotes that are none here: their place, and the id among them with its own.
    Quoted(Range<usize>, Option<(String, Range<usize>)>),
    /// An id with a full-width sign before it, so that it is printed: the place of the braces, and the id with its own.
    Unsigned(Range<usize>, (String, Range<usize>)),
}

/// Reads the attributes at the end of `text`, which must follow a space or stand alone.
pub(super) fn at_end(text: &str) -> Ending {
    let trimmed = text.trim_end();
    let Some(open) = trimmed.strip_suffix('}').filter(|rest| !rest.ends_with('}')).and_then(opening_brace) else { return Ending::Words };
    // Whoever escapes the brace wants it printed.
    let backslashes = open - trimmed[..open].trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        return Ending::Words;
    }
    let spaced = open == 0 || trimmed[..open].ends_with(char::is_whitespace);
    let inside = &trimmed[open + 1..trimmed.len() - 1];
    let likely = inside.starts_with(['#', '.']) || inside.contains('=');
    if spaced && has_other_quotes(inside) {
        let id = inside.split_whitespace().find_map(|word| word.strip_prefix('#')).filter(|id| !id.is_empty());
        let place = |id: &str| open + 1 + (id.as_ptr() as usize - inside.as_ptr() as usize);
        return Ending::Quoted(open..trimmed.len(), id.map(|id| (id.to_owned(), place(id)..place(id) + id.len())));
    }
    if let Some(id) = unsigned_id(inside).filter(|_| spaced) {
        let at = open + 1 + (id.as_ptr() as usize - inside.as_ptr() as usize);
        return Ending::Unsigned(open..trimmed.len(), (id.to_owned(), at..at + id.len()));
    }
    match attributes(inside, open + 1) {
        Some(attributes) if spaced => Ending::Attributes(Attributes { range: open..trimmed.len(), ..attributes }),
        _ if likely => Ending::Malformed(open..trimmed.len()),
        _ => Ending::Words,
    }
}

/// Whether the first value begins with a quote that is not `"`. What stands behind a `"` is the value itself, and may hold others.
fn has_other_quotes(inside: &str) -> bool {
    let before = inside.split('"').next().unwrap_or_default();
    before.match_indices('=').any(|(at, _)| {
        let is_key = before[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        is_key && before[at + 1..].starts_with(['\'', '“', '”', '‘', '’', '＂', '＇', '「', '『', '〝'])
    })
}

/// The id in braces that begin with a full-width sign. Without a sign a word in braces is one: 主旨為 {title}.
fn unsigned_id(inside: &str) -> Option<&str> {
    let id = inside.trim_start().strip_prefix('＃')?.split_whitespace().next()?;
    is_id(id).then_some(id)
}

/// Where the braces that end a text open, quotes considered.
fn opening_brace(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b'"' => quoted = !quoted,
            b'{' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn attributes(inside: &str, base: usize) -> Option<Attributes> {
    let mut found = Attributes::default();
    let mut at = 0;
    loop {
        at += inside[at..].len() - inside[at..].trim_start().len();
        let rest = &inside[at..];
        let Some(first) = rest.chars().next() else { break };
        let name_end = |text: &str| text.find(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '{' | '}')).unwrap_or(text.len());
        if first == '#' {
            let end = name_end(rest);
            if end < 2 {
                return None;
            }
            found.ids.push((rest[1..end].to_owned(), base + at + 1..base + at + end));
            at += end;
            continue;
        }
        let end = name_end(rest);
        if end == 0 {
            return None;
        }
        let key_range = base + at..base + at + end;
        let Some(value) = rest[end..].strip_prefix('=') else {
            found.others.push((rest[..end].to_owned(), key_range));
            at += end;
            continue;
        };
        let (value, value_at, used) = if let Some(quoted) = value.strip_prefix('"') {
            let close = quoted.find('"')?;
            (&quoted[..close], at + end + 2, close + 3)
        } else {
            let close = value.find(char::is_whitespace).unwrap_or(value.len());
            (&value[..close], at + end + 1, close + 1)
        };
        let value_range = base + value_at..base + value_at + value.len();
        found.pairs.push(Pair { key: rest[..end].to_owned(), key_range, value: value.to_owned(), value_range });
        at += end + used;
    }
    let real = !found.ids.is_empty() || !found.pairs.is_empty() || found.others.iter().any(|(word, _)| word.starts_with('.'));
    real.then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Attributes {
        match at_end(text) {
            Ending::Attributes(attributes) => attributes,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_id_and_a_condition() {
        let text = "標題 {#access when=\"agency.level == 'C'\"}";
        let found = read(text);
        assert_eq!(&text[found.ids[0].1.clone()], "access");
        assert_eq!(found.pairs[0].key, "when");
        assert_eq!(&text[found.pairs[0].value_range.clone()], "agency.level == 'C'");
        assert_eq!(&text[..found.range.start], "標題 ");
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(at_end("值 {{ agency.name }}"), Ending::Words);
        assert_eq!(at_end("集合 {甲、乙}"), Ending::Words);
        assert_eq!(at_end("寫成 \\{#id}"), Ending::Words);
        assert_eq!(at_end(""), Ending::Words);
    }

    #[test]
    fn what_looks_like_attributes_is_reported() {
        assert!(matches!(at_end("標題{#no-space}"), Ending::Malformed(_)));
        assert!(matches!(at_end("標題 {#}"), Ending::Malformed(_)));
        assert!(matches!(at_end("標題 {#a =}"), Ending::Malformed(_)));
    }

    #[test]
    fn other_quotes_are_told_from_those_inside_a_value() {
        let id = |text: &str| match at_end(text) {
            Ending::Quoted(_, id) => id.map(|(id, place)| (id == text[place]).then_some(id)),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(id("標題 {#h when=“agency.level == 'C'”}"), Some(Some("h".into())));
        assert_eq!(id("標題 {when='agency.level == \"C\"' #h}"), Some(Some("h".into())));
        assert_eq!(id("標題 {when=「agency.level」}"), None);
        assert_eq!(read("標題 {when=\"agency.level=='C'\"}").pairs[0].value, "agency.level=='C'");
        assert_eq!(read("標題 {when=agency.level=='C'}").pairs[0].value, "agency.level=='C'");
    }

    #[test]
    fn an_id_behind_a_wide_sign_is_told_from_words() {
        let id = |text: &str| match at_end(text) {
            Ending::Unsigned(place, (id, at)) => (text[at] == id && text[place].starts_with('{')).then_some(id),
            _ => None,
        };
        assert_eq!(id("標題 {＃k when=\"agency.core\"}").as_deref(), Some("k"));
        for words in ["路徑 /{id}", "主旨為 {title}", "集合 {甲}", "集合 {a, b}", "標題 \\{k}", "標題 {}", "標題 {#k}", "標題 {＃}"]
        {
            assert_eq!(id(words), None, "{words}");
        }
    }

    #[test]
    fn classes_and_bare_words_are_kept_for_the_finding() {
        let found = read("標題 {.note wide #a rows=4}");
        assert_eq!(found.others.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>(), [".note", "wide"]);
        assert_eq!(found.pairs[0].value, "4");
    }
}
