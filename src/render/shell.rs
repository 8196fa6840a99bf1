//! Shell scripts as HTML.
//!
//! In: a script. Out: the same with what a reader tells apart in it marked as classes: comments, words in quotes, variables, options and
//! keywords. The grammar that comes with the library knows far more and takes longer to be made ready than all else about a plan of 35
//! chapters; what is told apart here keeps to ASCII and to one line.

use super::code_html::{self, Piece, Place, comment, escaped, run};

const COMMENT: &str = "hl-comment hl-line hl-number-sign hl-shell";
const ESCAPE: &str = "hl-constant hl-character hl-escape hl-shell";
const VARIABLE: &str = "hl-variable hl-other hl-readwrite hl-shell";
const OPTION: &str = "hl-variable hl-parameter hl-option hl-shell";
const OPERATOR: &str = "hl-keyword hl-operator hl-shell";
const KEYWORD: &str = "hl-keyword hl-control hl-shell";
const COMMAND: &str = "hl-support hl-function hl-shell";
const HEREDOC: &str = "hl-string hl-unquoted hl-heredoc hl-shell";
const HEREDOC_MARK: &str = "hl-keyword hl-operator hl-heredoc hl-shell";
const SINGLE: &str = "hl-string hl-quoted hl-single hl-shell";
const DOUBLE: &str = "hl-string hl-quoted hl-double hl-shell";

const LANGUAGES: [&str; 5] = ["sh", "bash", "shell", "zsh", "ksh"];
const KEYWORDS: [&str; 18] = [
    "if", "then", "elif", "else", "fi", "for", "in", "do", "done", "case", "esac", "while", "until", "function", "return", "exit", "break",
    "continue",
];
const COMMANDS: [&str; 18] = [
    "alias", "cd", "echo", "eval", "exec", "export", "local", "printf", "read", "readonly", "set", "shift", "source", "test", "trap",
    "ulimit", "umask", "unset",
];

/// The most bytes of a variable in braces: one that nobody closes is not looked for through all of a long line.
const LONGEST: usize = 1000;

/// What a place in a script is part of.
#[derive(Clone, Copy)]
enum Within<'a> {
    Commands,
    Single,
    Double,
    /// Lines up to one that says this.
    Heredoc(&'a str),
}

/// Whether a code block's language is that of shell scripts.
pub(super) fn is_shell(language: &str) -> bool {
    LANGUAGES.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// The script with classes.
pub(super) fn marked(script: &str) -> String {
    code_html::marked(script, Within::Commands)
}

impl<'a> Place<'a> for Within<'a> {
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Commands => None,
            Self::Single => Some(SINGLE),
            Self::Double => Some(DOUBLE),
            Self::Heredoc(_) => Some(HEREDOC),
        }
    }

    fn piece(self, line: &'a str, at: usize) -> Option<Piece<Self>> {
        let (rest, before) = (&line.as_bytes()[at..], at.checked_sub(1).map(|at| line.as_bytes()[at]));
        let stay = |class: &'static str| move |length| Piece { length, class: Some(class), then: self };
        let turn = |quote: u8, then| (rest[0] == quote).then_some(Piece { length: 1, class: None, then });
        match self {
            Self::Single => turn(b'\'', Self::Commands),
            Self::Double => turn(b'"', Self::Commands)
                .or_else(|| escaped(line, at).map(stay(ESCAPE)))
                .or_else(|| variable(rest).map(stay(VARIABLE))),
            Self::Heredoc(end) => (at == 0)
                .then(|| ending(line, end))
                .flatten()
                .map(|length| Piece { length, class: Some(HEREDOC_MARK), then: Self::Commands })
                .or_else(|| variable(rest).map(stay(VARIABLE))),
            Self::Commands => {
                let begins_word = before.is_none_or(|byte| b" \t;|&(`".contains(&byte));
                let is_option = matches!(before, Some(b' ' | b'\t'));
                // Nothing is read that does not count here: a long line is read once.
                begins_word
                    .then(|| comment(rest))
                    .flatten()
                    .map(stay(COMMENT))
                    .or_else(|| escaped(line, at).map(stay(ESCAPE)))
                    .or_else(|| turn(b'\'', Self::Single))
                    .or_else(|| turn(b'"', Self::Double))
                    .or_else(|| variable(rest).map(stay(VARIABLE)))
                    .or_else(|| heredoc(line, at))
                    .or_else(|| begins_word.then(|| word(rest)).flatten().map(|(length, class)| stay(class)(length)))
                    .or_else(|| is_option.then(|| option(rest)).flatten().map(stay(OPTION)))
                    .or_else(|| operator(rest).map(stay(OPERATOR)))
            }
        }
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// The length of a name at the beginning: letters, and digits after the first.
fn name(bytes: &[u8]) -> Option<usize> {
    bytes.first().filter(|first| is_letter(**first))?;
    Some(run(bytes, |byte| is_letter(byte) || byte.is_ascii_digit()))
}

fn variable(rest: &[u8]) -> Option<usize> {
    let after = rest.strip_prefix(b"$")?;
    let length = match after.first()? {
        b'{' => after.iter().take(LONGEST).position(|byte| *byte == b'}')? + 1,
        b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-' => 1,
        _ => name(after)?,
    };
    Some(1 + length)
}

/// The length of a line that ends a text: its word, whatever white space is before it.
fn ending(line: &str, end: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let word = &line[indent..];
    (word.strip_suffix('\n').unwrap_or(word) == end).then_some(indent + end.len())
}

/// `<<END`, `<<-END` or `<<'END'`.
fn heredoc(line: &str, at: usize) -> Option<Piece<Within<'_>>> {
    let after = line.get(at..)?.strip_prefix("<<")?;
    let after = after.strip_prefix('-').unwrap_or(after).trim_start_matches([' ', '\t']);
    let quote = if after.starts_with(['\'', '"']) { &after[..1] } else { "" };
    let word = &after[quote.len()..];
    let end = &word[..run(word.as_bytes(), is_letter)];
    let rest = word[end.len()..].strip_prefix(quote).filter(|_| !end.is_empty())?;
    Some(Piece { length: line.len() - at - rest.len(), class: Some(HEREDOC_MARK), then: Within::Heredoc(end) })
}

/// A name that is given a value, a keyword or a command of the shell's own.
fn word(rest: &[u8]) -> Option<(usize, &'static str)> {
    let length = name(rest)?;
    let (word, after) = rest.split_at(length);
    if after.starts_with(b"=") || after.starts_with(b"+=") {
        return Some((length, VARIABLE));
    }
    let is_one_of = |words: &[&str]| words.iter().any(|known| known.as_bytes() == word);
    let ends = after.first().is_none_or(|byte| b" \t\n;|&)".contains(byte));
    let class = if is_one_of(&KEYWORDS) { Some(KEYWORD) } else { is_one_of(&COMMANDS).then_some(COMMAND) };
    class.filter(|_| ends).map(|class| (length, class))
}

/// `-x` or `--long-option`.
fn option(rest: &[u8]) -> Option<usize> {
    let after = rest.strip_prefix(b"-")?;
    let after = after.strip_prefix(b"-").unwrap_or(after);
    after.first().filter(|first| first.is_ascii_alphabetic())?;
    Some(rest.len() - after.len() + run(after, |byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

fn operator(rest: &[u8]) -> Option<usize> {
    if [b"&&", b"||", b";;"].iter().any(|pair| rest.starts_with(*pair)) {
        return Some(2);
    }
    if matches!(rest[0], b'|' | b';' | b'&' | b'<') {
        return Some(1);
    }
    // `2>>&1` and its parts.
    let digit = usize::from(rest[0].is_ascii_digit());
    let arrows = run(&rest[digit..rest.len().min(digit + 2)], |byte| byte == b'>');
    let length = digit + arrows;
    let to = matches!(rest[length..], [b'&', b'0'..=b'9', ..]);
    (arrows > 0).then_some(length + if to { 2 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::{
        super::code_html::tests::{is_read_once, is_whole},
        *,
    };

    #[test]
    fn what_stays_open_is_closed_and_no_character_is_cut() {
        for script in ["echo \"資", "<<'END\"", "a=${", "cat <<-資\n", "\\資 \\", "x 2>&1 >>&3 <<A\n\tA", "'", "-", "$", "if=1 fi"] {
            is_whole(script, &marked(script));
        }
    }

    #[test]
    fn a_long_line_is_read_once() {
        for (before, again) in
            [("", "a"), ("a", "#"), ("", ">"), ("", "${"), ("<<A\n", " "), ("", "<<"), ("", "-a"), ("\"", "\\a"), ("", "$a")]
        {
            is_read_once(before, again, marked);
        }
    }

    #[test]
    fn a_word_is_told_apart_only_where_it_begins_and_ends() {
        let class_of = |script: &str| marked(script).split('"').nth(1).map(str::to_owned);
        assert_eq!(["done", "(do", "in;"].map(class_of), [(); 3].map(|()| Some(KEYWORD.to_owned())));
        assert_eq!(["undone", "done2", "do-it", "plan#1", "a-b"].map(class_of), [const { None }; 5]);
        assert_eq!(class_of("do=1").as_deref(), Some(VARIABLE));
    }
}
