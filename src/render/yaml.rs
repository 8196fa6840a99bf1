//! YAML and JSON as HTML.
//!
//! In: a text in YAML, which every text in JSON is too. Out: the same with what a reader tells apart in it marked as classes: comments,
//! keys, values in quotes and without, numbers, words that stand for a value, anchors, aliases, tags, marks of documents, and blocks of
//! lines. The grammars that come with the library know more, and to make that of YAML ready takes more than a quarter of the time of a plan
//! of 35 chapters.
//!
//! What the default theme does not colour has no class: dashes, colons, commas and brackets. A key in quotes is told apart as a text in
//! quotes, a key that is a number as a key, and a date as any other value. Nothing is refused: where a text is not YAML, what is like
//! YAML is marked.

use super::code_html::{self, Piece, Place, comment, escaped, run};

const COMMENT: &str = "hl-comment hl-line hl-number-sign hl-yaml";
const KEY: &str = "hl-entity hl-name hl-tag hl-yaml";
const PLAIN: &str = "hl-string hl-unquoted hl-plain hl-yaml";
const SINGLE: &str = "hl-string hl-quoted hl-single hl-yaml";
const DOUBLE: &str = "hl-string hl-quoted hl-double hl-yaml";
const ESCAPE: &str = "hl-constant hl-character hl-escape hl-yaml";
const NUMBER: &str = "hl-constant hl-numeric hl-yaml";
const CONSTANT: &str = "hl-constant hl-language hl-yaml";
const ANCHOR: &str = "hl-entity hl-name hl-other hl-anchor hl-yaml";
const ALIAS: &str = "hl-keyword hl-control hl-flow hl-alias hl-yaml";
const TAG: &str = "hl-storage hl-type hl-tag-handle hl-yaml";
const DIRECTIVE: &str = "hl-keyword hl-other hl-directive hl-yaml";
const DOCUMENT: &str = "hl-entity hl-other hl-document hl-yaml";
const BLOCK: &str = "hl-string hl-unquoted hl-block hl-yaml";
const BLOCK_MARK: &str = "hl-keyword hl-control hl-flow hl-block-scalar hl-yaml";

const LANGUAGES: [&str; 3] = ["yaml", "yml", "json"];
/// The words that stand for a value, in whatever case.
const CONSTANTS: [&str; 10] = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"];
/// The numbers that no digits say.
const NUMBERS: [&str; 2] = [".inf", ".nan"];

/// What a place in a text is part of.
#[derive(Clone, Copy)]
enum Within {
    /// Keys and values, within so many brackets.
    Nodes(usize),
    /// A value in quotes, within so many brackets.
    Single(usize),
    Double(usize),
    /// After the mark of a block, which begins with the next line that says anything if that is indented so far at least.
    Begin(usize, Indent),
    /// A block of lines that are indented so far at least.
    Block(usize),
}

/// How far the lines of a block are indented at least.
#[derive(Clone, Copy)]
enum Indent {
    /// As far as the first.
    First,
    /// As far as its mark says.
    Given,
}

/// Whether a code block's language is YAML, or a part of it.
pub(super) fn is_yaml(language: &str) -> bool {
    LANGUAGES.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// The text with classes.
pub(super) fn marked(text: &str) -> String {
    code_html::marked(text, Within::Nodes(0))
}

impl Place<'_> for Within {
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Nodes(_) | Self::Begin(..) => None,
            Self::Single(_) => Some(SINGLE),
            Self::Double(_) => Some(DOUBLE),
            Self::Block(_) => Some(BLOCK),
        }
    }

    fn piece(self, line: &str, at: usize) -> Option<Piece<Self>> {
        let rest = &line.as_bytes()[at..];
        let stay = |class: &'static str| move |length| Piece { length, class: Some(class), then: self };
        let close = |quote: u8, depth| (rest[0] == quote).then_some(Piece { length: 1, class: None, then: Self::Nodes(depth) });
        let turn = |then| Some(Piece { length: 0, class: None, then });
        // The indentation counts where a line begins that says anything.
        let indent = || (at == 0 && !line.trim_ascii().is_empty()).then(|| run(rest, |byte| byte == b' '));
        match self {
            Self::Nodes(depth) => node(line, at, depth),
            Self::Single(depth) => rest.starts_with(b"''").then_some(2).map(stay(ESCAPE)).or_else(|| close(b'\'', depth)),
            Self::Double(depth) => escaped(line, at).map(stay(ESCAPE)).or_else(|| close(b'"', depth)),
            Self::Begin(least, how) => match (indent(), how) {
                (Some(indent), _) if indent < least => turn(Self::Nodes(0)),
                (Some(indent), Indent::First) => turn(Self::Block(indent)),
                (Some(_), Indent::Given) => turn(Self::Block(least)),
                (None, _) => comment(rest).map(stay(COMMENT)),
            },
            Self::Block(least) => indent().filter(|indent| *indent < least).and_then(|_| turn(Self::Nodes(0))),
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_bracket_or_comma(byte: u8) -> bool {
    matches!(byte, b'[' | b']' | b'{' | b'}' | b',')
}

/// Whether something ends before what is left of a line.
fn ends(rest: &[u8], in_brackets: bool) -> bool {
    rest.first().is_none_or(|next| is_space(*next) || in_brackets && is_bracket_or_comma(*next))
}

/// The piece that begins at a place among keys and values. A value without quotes is one piece, so that nothing begins within it.
fn node(line: &str, at: usize, depth: usize) -> Option<Piece<Within>> {
    let (rest, before) = (&line.as_bytes()[at..], at.checked_sub(1).map(|at| line.as_bytes()[at]));
    let stay = |class: &'static str| move |length| Piece { length, class: Some(class), then: Within::Nodes(depth) };
    let turn = |then| Some(Piece { length: 1, class: None, then });
    let word = || Some(run(rest, |byte| !ends(&[byte], depth > 0))).filter(|length| *length > 1);
    match rest[0] {
        b' ' | b'\t' | b'\r' | b'\n' => None,
        b'#' => before.is_none_or(is_space).then(|| comment(rest)).flatten().map(stay(COMMENT)),
        b'\'' => turn(Within::Single(depth)),
        b'"' => turn(Within::Double(depth)),
        b'[' | b'{' => turn(Within::Nodes(depth + 1)),
        b']' | b'}' => turn(Within::Nodes(depth.saturating_sub(1))),
        b'&' => word().map(stay(ANCHOR)),
        b'*' => word().map(stay(ALIAS)),
        b'!' => word().map(stay(TAG)),
        b'%' if at == 0 => word().map(stay(DIRECTIVE)),
        b'|' | b'>' if depth == 0 => block(line, at),
        b'-' | b'.' if at == 0 && is_document_mark(rest) => Some(Piece { length: 3, class: Some(DOCUMENT), then: Within::Nodes(0) }),
        // In `{"key":"value"}` nothing is between a key and its value.
        b':' if matches!(before, Some(b'\'' | b'"')) => None,
        _ => scalar(line, at, depth > 0).map(|(length, class)| stay(class)(length)),
    }
}

fn is_document_mark(line: &[u8]) -> bool {
    (line.starts_with(b"---") || line.starts_with(b"...")) && ends(&line[3..], false)
}

/// A key or a value without quotes.
fn scalar(line: &str, at: usize, in_brackets: bool) -> Option<(usize, &'static str)> {
    let rest = &line.as_bytes()[at..];
    let begins = match rest[0] {
        b'-' | b'?' | b':' => !ends(&rest[1..], in_brackets),
        first => !b",[]{}#&*!|>'\"%@`".contains(&first),
    };
    if !begins {
        return None;
    }
    let mut length = 0;
    for (place, byte) in rest.iter().enumerate() {
        match byte {
            b':' if ends(&rest[place + 1..], in_brackets) => return Some((length, KEY)),
            b'#' if is_space(rest[place - 1]) => break,
            byte if in_brackets && is_bracket_or_comma(*byte) => break,
            byte if is_space(*byte) => {}
            _ => length = place + 1,
        }
    }
    Some((length, class(&line[at..at + length])))
}

/// The class of a value without quotes.
fn class(value: &str) -> &'static str {
    let is_one_of = |words: &[&str], value: &str| words.iter().any(|word| word.eq_ignore_ascii_case(value));
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let is_hexadecimal = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let is_decimal =
        |digits: &str| digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') && digits.parse::<f64>().is_ok();
    if is_one_of(&CONSTANTS, value) {
        CONSTANT
    } else if is_decimal(unsigned) || unsigned.strip_prefix("0x").is_some_and(is_hexadecimal) || is_one_of(&NUMBERS, unsigned) {
        NUMBER
    } else {
        PLAIN
    }
}

/// `|` or `>`, maybe with how far its lines are indented and what becomes of the last line breaks: `|2-`.
fn block(line: &str, at: usize) -> Option<Piece<Within>> {
    let rest = &line.as_bytes()[at..];
    let length = 1 + run(&rest[1..rest.len().min(3)], |byte| matches!(byte, b'1'..=b'9' | b'-' | b'+'));
    let after = &rest[length..];
    let space = run(after, is_space);
    let is_last = space == after.len() || space > 0 && after[space] == b'#';
    let given = rest[1..length].iter().find(|byte| byte.is_ascii_digit()).map(|digit| usize::from(digit - b'0'));
    is_last.then(|| {
        let column = parent(&line[..at]);
        let then = given.map_or(Within::Begin(column + 1, Indent::First), |given| Within::Begin(column + given, Indent::Given));
        Piece { length, class: Some(BLOCK_MARK), then }
    })
}

/// The column of what a block belongs to: its key, else the last dash before it, else the text.
fn parent(before: &str) -> usize {
    let spaces = |from: usize| from + run(&before.as_bytes()[from..], |byte| byte == b' ');
    let (mut at, mut dash) = (spaces(0), 0);
    while ["- ", "? ", ": "].iter().any(|mark| before[at..].starts_with(mark)) {
        dash = at;
        at = spaces(at + 1);
    }
    if before[at..].contains(": ") { at } else { dash }
}

#[cfg(test)]
mod tests {
    use super::{
        super::code_html::tests::{is_read_once, is_whole},
        *,
    };

    #[test]
    fn what_stays_open_is_closed_and_no_character_is_cut() {
        let pieces = [
            "資", "a", "1", " ", "\t", "\n", "\r\n", ": ", ":", "- ", "-", "?", "#", "&", "*", "!", "|", ">2-\n", "a: |\n  ", "'", "\"",
            "\\", "%", "[", "]", "{", "}", ",", "---", "<", "@", "\u{feff}",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = [first, second, third].concat();
                    is_whole(&text, &marked(&text));
                }
            }
        }
    }

    #[test]
    fn a_long_line_is_read_once() {
        for again in [
            "a", "a ", "a:", "a: ", "a #", " ", "#", "[a,", "| ", "|   ", "- ", "- | ", "? ", "\"\"", "& ", "&a ", "!", "1", "a: |\n",
            "---\n",
        ] {
            is_read_once("", again, marked);
        }
        for (before, again) in [("[", "a,"), ("[", ":"), ("\"", "\\a"), ("'", "''"), ("a: |\n", " "), ("a: |\n", "\n"), ("a: |\n", "  a\n")]
        {
            is_read_once(before, again, marked);
        }
    }

    /// What has a class, with it.
    fn classes(text: &str) -> Vec<(String, String)> {
        let html = marked(text);
        let spans = html.split("<span class=\"").skip(1).filter_map(|span| span.split_once("\">"));
        spans.map(|(class, text)| (text.split('<').next().unwrap_or_default().to_owned(), class.to_owned())).collect()
    }

    fn are(text: &str, expected: &[(&str, &str)]) {
        let expected = expected.iter().map(|(text, class)| ((*text).to_owned(), (*class).to_owned())).collect::<Vec<_>>();
        assert_eq!(classes(text), expected, "{text}");
    }

    #[test]
    fn a_key_ends_with_a_colon_before_a_space() {
        are("鍵 一: http://a:b#c # d", &[("鍵 一", KEY), ("http://a:b#c", PLAIN), ("# d", COMMENT)]);
        are("a, [b]: c, [d]", &[("a, [b]", KEY), ("c, [d]", PLAIN)]);
        are("- -a:\n- :b", &[("-a", KEY), (":b", PLAIN)]);
        are("鍵：值", &[("鍵：值", PLAIN)]);
    }

    #[test]
    fn a_value_in_brackets_ends_with_them() {
        are("[a b, {c: d}, e:]", &[("a b", PLAIN), ("c", KEY), ("d", PLAIN), ("e", KEY)]);
        are(
            "{a: *b, c: !d 1}\ne: f,",
            &[("a", KEY), ("*b", ALIAS), ("c", KEY), ("!d", TAG), ("1", NUMBER), ("e", KEY), ("f,", PLAIN)],
        );
        are("{\"a\":1}", &[("&quot;a&quot;", DOUBLE), ("1", NUMBER)]);
        are(
            "[\n\t-2e5,null,\"\",true\n]",
            &[("-2e5", NUMBER), ("null", CONSTANT), ("&quot;&quot;", DOUBLE), ("true", CONSTANT)],
        );
        are("[a,\n # b\n c]", &[("a", PLAIN), ("# b", COMMENT), ("c", PLAIN)]);
    }

    #[test]
    fn a_block_ends_before_a_line_that_is_indented_less() {
        are(
            "a: |\n  b: c\n\n   # d\n e: f",
            &[("a", KEY), ("|", BLOCK_MARK), ("  b: c\n\n   # d\n", BLOCK), ("e", KEY), ("f", PLAIN)],
        );
        are("- 2: |- # b\n  c: d", &[("2", KEY), ("|-", BLOCK_MARK), ("# b", COMMENT), ("c", KEY), ("d", PLAIN)]);
        are("- |2+\n    a\n  b\n c", &[("|2+", BLOCK_MARK), ("    a\n  b\n", BLOCK), ("c", PLAIN)]);
        are("a: | b\n  c", &[("a", KEY), ("b", PLAIN), ("c", PLAIN)]);
    }

    #[test]
    fn a_number_or_a_word_stands_for_a_value_only_as_a_whole() {
        assert!(["1", "-1.5", "+.5", "1e3", "0x1F", "-.inf", ".NaN", "017"].into_iter().all(|value| class(value) == NUMBER));
        assert!(["true", "No", "NULL", "~"].into_iter().all(|value| class(value) == CONSTANT));
        assert!(
            ["1.2.3", "1 2", "0x", "-", ".", "inf", "-true", "nothing", "1１", "2025-09-24"]
                .into_iter()
                .all(|value| class(value) == PLAIN)
        );
    }
}
