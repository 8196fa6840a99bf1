//! Reading conditions: `agency.level == 'C' and not agency.core_systems`.
//!
//! In: a condition's text and its place. Out: an expression tree, or a finding that says what was expected where.
//! Nothing is evaluated here.

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    document::{Comparison, Condition, Expression, Literal, Path},
    message,
};

/// Conditions nested deeper than this are a mistake.
const DEPTH: usize = 32;
/// So are conditions with more comparisons than this; each is a level of the tree.
const TERMS: usize = 100;

/// Reads a condition that stands at `span`.
pub(super) fn parse(text: &str, span: Span) -> Result<Condition, Box<Diagnostic>> {
    let mut parser = Parser { text, span, at: 0, depth: 0, terms: 0 };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(Condition { expression, span }),
        Some(_) => Err(parser.expected("and、or 或結尾", "`and`, `or` or the end")),
    }
}

/// Quotes that are none here.
const OTHER_QUOTES: [char; 10] = ['‘', '’', '“', '”', '「', '『', '＇', '＂', '`', '´'];

struct Parser<'a> {
    text: &'a str,
    span: Span,
    at: usize,
    depth: usize,
    terms: usize,
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

impl Parser<'_> {
    fn or(&mut self) -> Outcome<Expression> {
        let mut left = self.and()?;
        while self.word("or") {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Outcome<Expression> {
        let mut left = self.not()?;
        while self.word("and") {
            left = Expression::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Outcome<Expression> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.finding(message!("條件的巢狀太深", "The condition is nested too deeply")));
        }
        let inner = if self.word("not") {
            Expression::Not(Box::new(self.not()?))
        } else if self.mark("(") {
            let inner = self.or()?;
            if !self.mark(")") {
                return Err(self.expected("「)」", "`)`"));
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(inner)
    }

    fn comparison(&mut self) -> Outcome<Expression> {
        self.terms += 1;
        if self.terms > TERMS {
            return Err(self.finding(message!("條件超過 {TERMS} 項，太長了", "The condition has more than {TERMS} terms")));
        }
        let path = self.path()?;
        for (mark, comparison) in [("==", Comparison::Equal), ("!=", Comparison::NotEqual)] {
            if self.mark(mark) {
                return Ok(Expression::Compare(path, comparison, self.literal()?));
            }
        }
        let before = self.at;
        let negated = self.word("not");
        if self.word("in") {
            return Ok(Expression::Among(path, self.list()?, negated));
        }
        self.at = before;
        Ok(Expression::Field(path))
    }

    fn path(&mut self) -> Outcome<Path> {
        self.space();
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
        let text = &rest[..end];
        let whole = text.split('.').all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')) && text.contains('.');
        if !whole {
            return Err(self.expected("像 agency.level 這樣的欄位", "a field such as `agency.level`"));
        }
        let span = self.span.within(self.at, self.at + end);
        self.at += end;
        Ok(Path { text: text.to_owned(), span })
    }

    fn literal(&mut self) -> Outcome<Literal> {
        self.space();
        let start = self.at;
        let rest = &self.text[start..];
        let value = if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            let Some(end) = rest[1..].find(quote) else { return Err(self.expected("結尾的引號", "the closing quote")) };
            self.at += end + 2;
            serde_yaml::Value::String(rest[1..=end].to_owned())
        } else if rest.starts_with(OTHER_QUOTES) {
            let message = message!("這裡的引號不是半形的 '，沒有作用", "These quotes are not straight ones, ', and have no effect");
            return Err(self.finding(message));
        } else {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))).unwrap_or(rest.len());
            let value = match &rest[..end] {
                "true" => Some(serde_yaml::Value::Bool(true)),
                "false" => Some(serde_yaml::Value::Bool(false)),
                number => number.parse::<i64>().map(Into::into).ok().or_else(|| number.parse::<f64>().map(Into::into).ok()),
            };
            let Some(value) = value else {
                return Err(self.expected("加引號的文字、數字、true 或 false", "a quoted text, a number, `true` or `false`"));
            };
            self.at += end;
            value
        };
        Ok(Literal { value, span: self.span.within(start, self.at) })
    }

    fn list(&mut self) -> Outcome<Vec<Literal>> {
        let close = if self.mark("[") {
            "]"
        } else if self.mark("(") {
            ")"
        } else {
            return Err(self.expected("「[」", "`[`"));
        };
        let mut items = vec![self.literal()?];
        while self.mark(",") {
            items.push(self.literal()?);
        }
        if self.mark(close) { Ok(items) } else { Err(self.expected("「,」或「]」", "`,` or `]`")) }
    }

    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&mut self) -> Option<char> {
        self.space();
        self.text[self.at..].chars().next()
    }

    fn mark(&mut self, mark: &str) -> bool {
        self.space();
        let found = self.text[self.at..].starts_with(mark);
        self.at += if found { mark.len() } else { 0 };
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.space();
        let rest = self.text[self.at..].strip_prefix(word);
        let found = rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')));
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn expected(&mut self, zh: &str, en: &str) -> Box<Diagnostic> {
        self.space();
        self.finding(message!("條件在這裡要有{zh}", "The condition needs {en} here"))
    }

    fn finding(&self, message: crate::diagnostic::Message) -> Box<Diagnostic> {
        let end = self.text[self.at..].chars().next().map_or(self.at, |c| self.at + c.len_utf8());
        let help = message!(
            "例如：agency.level == 'C' and agency.core_systems",
            "For example: agency.level == 'C' and agency.core_systems"
        );
        Box::new(Diagnostic::new(Rule::InvalidCondition, self.span.within(self.at, end), message).help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;

    fn read(text: &str) -> Outcome<Condition> {
        parse(text, Span::new(FileId(0), 100, 100 + text.len()))
    }

    #[test]
    fn and_binds_closer_than_or() {
        let read = read("a.b or a.c and not a.d == 'x'").expect("a condition").expression;
        let Expression::Or(left, right) = read else { panic!("{read:?}") };
        assert!(matches!(*left, Expression::Field(_)));
        let Expression::And(_, right) = *right else { panic!() };
        assert!(matches!(*right, Expression::Not(_)));
    }

    #[test]
    fn lists_and_their_negation() {
        assert!(matches!(read("a.b in ['A', 'B']").expect("in").expression, Expression::Among(_, items, false) if items.len() == 2));
        assert!(matches!(read("a.b not in ('A', 2)").expect("not in").expression, Expression::Among(_, _, true)));
        assert!(matches!(read("a.notable").expect("field").expression, Expression::Field(_)));
    }

    #[test]
    fn what_is_wrong_is_found_at_its_place() {
        let at = |text: &str| read(text).expect_err("a finding").span.map(|span| span.start - 100);
        assert_eq!(at("agency.level = 'C'"), Some(13));
        assert_eq!(at("level == 'C'"), Some(0));
        assert_eq!(at("a.b == 'C"), Some(7));
        assert_eq!(at("a.b =="), Some(6));
        assert_eq!(at("(a.b"), Some(4));
        assert_eq!(at(""), Some(0));
        assert_eq!(at("a.b == 等"), Some(7));
    }

    #[test]
    fn deep_nesting_ends_in_a_finding() {
        assert!(read(&format!("{}a.b{}", "(".repeat(10_000), ")".repeat(10_000))).is_err());
        assert!(read(&format!("{}a.b", "not ".repeat(10_000))).is_err());
        assert!(read(&format!("a.b{}", " and a.b".repeat(10_000))).is_err());
    }
}
