//! Templates that would need more of the stack than there is.
//!
//! In: the text of a project's own template. Out: a finding when one of its tags, or the alternatives of an `if`, go deeper than the template engine
//! can follow: it calls itself for each operator of a chain and for each `elif`, and the program would end without a word. What a template means
//! is not known here; text counts where the engine reads code, and where the two may differ, more counts than has to.

use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span},
    message,
};

/// How many words and signs a tag may have, strings, numbers and what separates items left out. Each takes the engine up to 400 bytes of the stack,
/// of which a main thread on Windows has a million; the longest tag of the program's own templates has some sixty.
const MOST_WORDS: usize = 1_000;
/// How many `elif` may stand behind one another and in one another. Each takes some 1,200 bytes; the program's own templates have two.
const MOST_ALTERNATIVES: usize = 200;

/// What is wrong with a template that goes too deep, at the tag that does.
pub(super) fn too_deep(text: &str, file: FileId) -> Option<Diagnostic> {
    let mut reader = Reader { text, brackets: 0, at: 0 };
    // Of each `if` that has no end yet, how many `elif` it has.
    let (mut open, mut alternatives) = (Vec::new(), 0);
    while let Some(start) = reader.next_tag() {
        let finding = |(message, help): (Message, Message)| {
            let Message { zh, en } = message;
            let message = message!("佈景主題的樣板有錯：{zh}", "A template of the theme has an error: {en}");
            Some(Diagnostic::new(Rule::Theme, Span::new(file, start, start + TAG), message).help(help))
        };
        match reader.tag(start) {
            Tag::TooLong => return finding(too_long()),
            Tag::Named("if") => open.push(0),
            Tag::Named("elif") => {
                *open.last_mut()? += 1;
                alternatives += 1;
            }
            Tag::Named("endif") => alternatives -= open.pop()?,
            Tag::Named("raw") => reader.skip_raw(),
            Tag::Named(_) => {}
        }
        if alternatives > MOST_ALTERNATIVES {
            return finding(too_many());
        }
    }
    None
}

fn too_long() -> (Message, Message) {
    (
        message!("這個標籤的字詞與運算超過 {MOST_WORDS} 個", "this tag has more than {MOST_WORDS} words and operators"),
        message!("請用 {{% set … %}} 分成幾步", "Take several steps, with {{% set … %}}"),
    )
}

fn too_many() -> (Message, Message) {
    (
        message!("{{% elif %}} 超過 {MOST_ALTERNATIVES} 個", "more than {MOST_ALTERNATIVES} {{% elif %}} follow one another"),
        message!(
            "請改用對照表 {{% set … = {{…}} %}}，或在 {{% else %}} 裡以 {{% include %}} 放入另一個樣板",
            "Look the words up with {{% set … = {{…}} %}}, or go on in another template, with {{% include %}} in the {{% else %}}"
        ),
    )
}

/// How many bytes begin or end a tag.
const TAG: usize = 2;

/// A tag that was read.
enum Tag<'a> {
    /// One with more words and signs than any may have.
    TooLong,
    /// What a statement begins with; nothing for a value.
    Named(&'a str),
}

/// Reads a template as the engine does, as far as it tells code from text.
struct Reader<'a> {
    text: &'a str,
    /// Brackets that are open: what ends a tag ends none among them.
    brackets: isize,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Where the next tag begins that is no comment.
    fn next_tag(&mut self) -> Option<usize> {
        loop {
            let start = self.at + self.text.get(self.at..)?.find('{')?;
            match self.text.as_bytes().get(start + 1) {
                Some(b'{' | b'%') => return Some(start),
                Some(b'#') => self.at = start + TAG + self.text[start + TAG..].find("#}")? + TAG,
                _ => self.at = start + 1,
            }
        }
    }

    /// Reads the tag that begins here, and stands behind it.
    fn tag(&mut self, start: usize) -> Tag<'a> {
        let bytes = self.text.as_bytes();
        let is_sign = |at: usize| matches!(bytes.get(at), Some(b'-' | b'+'));
        let close: &[u8] = if bytes[start + 1] == b'{' { b"}}" } else { b"%}" };
        let ends = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(close));
        let (mut name, mut count) = ("", 0);
        self.at = start + TAG + usize::from(is_sign(start + TAG));
        while let Some(byte) = bytes.get(self.at) {
            let from = self.at;
            if self.brackets == 0 && (ends(from) || (is_sign(from) && ends(from + 1))) {
                self.at += TAG + usize::from(!ends(from));
                break;
            }
            self.at += 1;
            match byte {
                b'"' | b'\'' => self.skip_string(*byte),
                b',' | b':' => {}
                byte if byte.is_ascii_whitespace() => {}
                byte if is_of_word(*byte) => {
                    self.at += bytes[self.at..].iter().take_while(|byte| is_of_word(**byte)).count();
                    count += usize::from(!byte.is_ascii_digit());
                    if count == 1 && name.is_empty() && close == b"%}" {
                        name = self.text.get(from..self.at).unwrap_or_default();
                    }
                }
                byte => {
                    self.brackets += match byte {
                        b'(' | b'[' | b'{' => 1,
                        b')' | b']' | b'}' => -1,
                        _ => 0,
                    };
                    count += 1;
                }
            }
            if count > MOST_WORDS {
                return Tag::TooLong;
            }
        }
        Tag::Named(name)
    }

    /// Stands behind a string whose quote was read.
    fn skip_string(&mut self, quote: u8) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at).filter(|byte| **byte != quote) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
    }

    /// Stands before the tag that ends what is printed as it stands.
    fn skip_raw(&mut self) {
        let ends = |at: usize| {
            let inside = &self.text[at + TAG..];
            inside.strip_prefix(['-', '+']).unwrap_or(inside).trim_ascii_start().starts_with("endraw")
        };
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.match_indices("{%").map(|(at, _)| self.at + at).find(|at| ends(*at));
        self.at = end.unwrap_or(self.text.len());
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::Environment;

    fn refused(text: &str) -> bool {
        too_deep(text, FileId(0)).is_some()
    }

    /// What is not refused, the engine compiles on as little of the stack as a main thread has anywhere, or has its own words about.
    fn stands(text: &str) {
        assert!(!refused(text), "{}", &text[..text.len().min(60)]);
        let text = text.to_owned();
        let compile = move || Environment::new().add_template_owned("a", text).is_ok();
        let thread = std::thread::Builder::new().stack_size(900 << 10).spawn(compile);
        thread.unwrap().join().unwrap();
    }

    /// Chains of all kinds, of so many parts.
    fn chains(parts: usize) -> Vec<String> {
        let around = |before: &str, inside: &str, after: &str| format!("{before}{}{after}", inside.repeat(parts));
        let mut all: Vec<String> = ["+", "-", "*", "/", "//", "%", "**", "~", " and ", " or "]
            .map(|operator| around("{{ a", &format!("{operator}1"), " }}"))
            .into();
        for (before, inside) in [("", "-"), ("", "not "), ("a", ".a"), ("a", "[0]"), ("a", "()"), ("a", "|e"), ("a", " is not b")] {
            all.push(around(&format!("{{{{ {before}"), inside, "a }}"));
        }
        all.push(around("{{ ", "1 if a else ", "1 }}"));
        all.push(around("{% set ", "(", "a = 1 %}"));
        all.push(around("{% filter e", "|e", " %}{% endfilter %}"));
        // Where somebody might take the tag's end for one: in strings, in brackets, in what no longer is raw.
        all.push(around("{{ '}}' ~ {'a': {}} ~ '\\'}}'", "+1", " }}"));
        all.push(around("{# {% raw %} #}{% raw %}{{{% endraw %}{{ a", "+1", " }}"));
        all
    }

    #[test]
    fn chains_that_the_engine_cannot_follow_are_refused() {
        for text in chains(50_000) {
            assert!(refused(&text), "{}", &text[..60]);
        }
        assert!(refused(&format!("{{% if a %}}{}{{% endif %}}", "{%- elif 0 -%}b".repeat(50_000))));
        // In one another they are as deep as one behind the other.
        let nested = format!("{}{}", format!("{{% if a %}}{}", "{% elif a %}".repeat(20)).repeat(20), "{% endif %}".repeat(20));
        assert!(refused(&nested));
    }

    #[test]
    fn what_is_not_refused_compiles() {
        // Of any kind so many parts are allowed that no template needs more.
        for text in chains(200) {
            stands(&text);
        }
        stands(&format!("{{{{ {}a }}}}", "not ".repeat(MOST_WORDS - 1)));
        stands(&format!("{{{{ a{} }}}}", " is not b".repeat(MOST_WORDS / 3 - 1)));
        let deepest = format!("{{{{ {}a }}}}", "not ".repeat(MOST_WORDS - 1));
        let alternatives = format!("{{% if a %}}{}{deepest}{{% endif %}}", "{% elif a %}".repeat(MOST_ALTERNATIVES));
        stands(&format!("{}{alternatives}{}", "{% if a %}".repeat(40), "{% endif %}".repeat(40)));
    }

    #[test]
    fn long_templates_that_are_not_deep_are_none_of_them() {
        stands(&format!("{{% set a = [{}] %}}", "'甲+乙', 1, ".repeat(5_000)));
        stands(&"{% if a %}b{% elif c %}d{% else %}e{% endif %}".repeat(5_000));
        stands(&"{{ a + b }}{# {{ #}".repeat(5_000));
        stands(&format!("{{% raw %}}{{{{ {} {{% endraw %}}", "+1".repeat(5_000)));
        assert!(
            super::super::DEFAULT
                .get_dir("templates")
                .into_iter()
                .flat_map(include_dir::Dir::files)
                .all(|file| { file.contents_utf8().is_some_and(|text| !refused(text)) })
        );
    }
}
