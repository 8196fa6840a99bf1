//! Deciding conditions.
//!
//! In: a condition and the agency's record. Out: whether it holds, fails or is still undecided, findings for what it names
//! wrongly, and its words for people. Three-valued: a blank makes a comparison unknown, and unknown stays unknown unless
//! the rest settles it.

use super::data::{Data, Field, FieldType, Record, is_same, written};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, did_you_mean, did_you_mean_or_all},
    document::{Comparison, Condition, Expression, Literal, Path},
    message,
};
use std::collections::BTreeMap;

/// What a condition comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// A value that it needs is still blank.
    Undecided,
}

impl Decision {
    /// Both at once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fails, _) | (_, Self::Fails) => Self::Fails,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            _ => Self::Holds,
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    fn not(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            Self::Undecided => Self::Undecided,
        }
    }

    fn of(value: bool) -> Self {
        if value { Self::Holds } else { Self::Fails }
    }
}

/// Decides a condition, reporting unknown fields and literals.
pub(super) fn decide(data: &Data, condition: &Condition, findings: &mut Vec<Diagnostic>) -> Decision {
    decide_expression(data, &condition.expression, findings)
}

fn decide_expression(data: &Data, expression: &Expression, findings: &mut Vec<Diagnostic>) -> Decision {
    let mut decided = |inner: &Expression| decide_expression(data, inner, findings);
    match expression {
        Expression::And(left, right) => decided(left).and(decided(right)),
        Expression::Or(left, right) => decided(left).or(decided(right)),
        Expression::Not(inner) => decided(inner).not(),
        Expression::Field(path) => boolean(data, path, findings),
        Expression::Compare(path, comparison, literal) => {
            let equal = among(data, path, std::slice::from_ref(literal), findings);
            if *comparison == Comparison::Equal { equal } else { equal.not() }
        }
        Expression::Among(path, literals, negated) => {
            let found = among(data, path, literals, findings);
            if *negated { found.not() } else { found }
        }
    }
}

fn boolean(data: &Data, path: &Path, findings: &mut Vec<Diagnostic>) -> Decision {
    let Some((record, field)) = declared(data, path, findings) else { return Decision::Undecided };
    if field.kind != FieldType::Boolean {
        let help = message!("請與一個值比較，例如 {path} == '…'", "Compare it, as in {path} == '…'", path = path.text);
        let message = message!(
            "「{title}」不是是非欄位，不能單獨當條件",
            "`{title}` is no boolean and is no condition by itself",
            title = field.title
        );
        findings.push(Diagnostic::new(Rule::InvalidCondition, path.span, message).help(help));
        return Decision::Undecided;
    }
    record.value(&field.name).and_then(serde_yaml::Value::as_bool).map_or(Decision::Undecided, Decision::of)
}

fn among(data: &Data, path: &Path, literals: &[Literal], findings: &mut Vec<Diagnostic>) -> Decision {
    let Some((record, field)) = declared(data, path, findings) else { return Decision::Undecided };
    for literal in literals {
        if let Some((message, help)) = mismatch(field, literal) {
            findings.push(Diagnostic::new(Rule::UnknownValue, literal.span, message).maybe_help(help));
        }
    }
    let Some(value) = record.value(&field.name) else { return Decision::Undecided };
    let is = |literal: &Literal| match value {
        serde_yaml::Value::Sequence(items) => items.iter().any(|item| is_same(item, &literal.value)),
        one => is_same(one, &literal.value),
    };
    Decision::of(literals.iter().any(is))
}

/// The declared field behind a path; conditions rest on `data/agency.yaml` alone.
fn declared<'a>(data: &'a Data, path: &Path, findings: &mut Vec<Diagnostic>) -> Option<(&'a Record, &'a Field)> {
    let (name, rest) = path.text.split_once('.')?;
    let found = data.record(name).filter(|_| name == "agency").and_then(|record| Some((record, record.field(rest)?)));
    if found.is_none() && !(name == "agency" && data.is_unread(name)) {
        let known = data
            .record("agency")
            .map(|record| record.fields.iter().map(|field| format!("agency.{}", field.name)).collect::<Vec<_>>());
        let message = message!(
            "條件裡的「{path}」沒有在 data/agency.yaml 宣告",
            "`{path}` is not declared in data/agency.yaml",
            path = path.text
        );
        let help = did_you_mean(&path.text, known.iter().flatten().map(String::as_str)).unwrap_or_else(|| {
            message!(
                "請改成那裡 fields 宣告的欄位，例如 agency.level，或在那裡加上它",
                "Write a field that its `fields` declare, such as agency.level, or add it there"
            )
        });
        findings.push(Diagnostic::new(Rule::UnknownValue, path.span, message).help(help));
    }
    found
}

/// A condition in people's words: 「CNS 27001：已通過」.
pub(super) fn words(data: &Data, condition: &Condition, locale: &BTreeMap<String, String>) -> String {
    Words { data, locale }.of(&condition.expression, Inside::Nothing)
}

/// Whether a literal can never equal the field's value.
fn mismatch(field: &Field, literal: &Literal) -> Option<(Message, Option<Message>)> {
    let shown = written(&literal.value);
    let title = &field.title;
    if !field.choices.is_empty() {
        if field.choices.iter().any(|choice| is_same(&choice.value, &literal.value)) {
            return None;
        }
        let known: Vec<String> = field.choices.iter().map(|choice| written(&choice.value)).collect();
        let help = did_you_mean_or_all(&shown, &known);
        return Some((message!("「{title}」沒有「{shown}」這個值", "`{title}` has no value `{shown}`"), Some(help)));
    }
    let fits = match field.kind {
        FieldType::Boolean => literal.value.is_bool(),
        FieldType::Integer | FieldType::Number => literal.value.is_number(),
        FieldType::String | FieldType::Date | FieldType::List => literal.value.is_string(),
    };
    let help = || match field.kind {
        FieldType::Boolean => Some(message!("請寫 true 或 false，不加引號", "Write true or false without quotes")),
        FieldType::Integer | FieldType::Number if shown.trim().parse::<f64>().is_ok() => {
            let number = shown.trim();
            Some(message!("數字不加引號，請寫 {number}", "Write the number without quotes: {number}"))
        }
        FieldType::Integer | FieldType::Number => Some(message!("請寫數字", "Write a number")),
        FieldType::String | FieldType::Date | FieldType::List => Some(message!("文字要加引號，請寫 '{shown}'", "Quote a text: '{shown}'")),
    };
    (!fits).then(|| (message!("「{title}」不會是「{shown}」", "`{title}` is never `{shown}`"), help()))
}

/// What an expression stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    And,
    Or,
    Not,
}

/// Writes conditions in the reader's words.
struct Words<'a> {
    data: &'a Data,
    locale: &'a BTreeMap<String, String>,
}

impl Words<'_> {
    /// Writes an expression; `inside` says what it stands in, which decides about brackets.
    fn of(&self, expression: &Expression, inside: Inside) -> String {
        let joined = |left: &Expression, right: &Expression, key: &str, inner: Inside| {
            let both = format!("{}{}{}", self.of(left, inner), self.term(key), self.of(right, inner));
            let loose = inside == Inside::Not || (inside == Inside::And && inner == Inside::Or);
            if loose { format!("（{both}）") } else { both }
        };
        match expression {
            Expression::And(left, right) => joined(left, right, "condition_and", Inside::And),
            Expression::Or(left, right) => joined(left, right, "condition_or", Inside::Or),
            Expression::Not(inner) => match &**inner {
                Expression::Field(path) => format!("{}：{}", self.title(path), self.term("no")),
                inner => format!("{}{}", self.term("condition_not"), self.of(inner, Inside::Not)),
            },
            Expression::Field(path) => format!("{}：{}", self.title(path), self.term("yes")),
            Expression::Compare(path, comparison, literal) => {
                self.compared(path, *comparison == Comparison::NotEqual, std::slice::from_ref(literal))
            }
            Expression::Among(path, literals, negated) => self.compared(path, *negated, literals),
        }
    }

    fn compared(&self, path: &Path, negated: bool, literals: &[Literal]) -> String {
        let field = self.field(path);
        let label = |literal: &Literal| match (&literal.value, field) {
            (serde_yaml::Value::Bool(value), _) => self.term(if *value { "yes" } else { "no" }).to_owned(),
            (value, Some(field)) => field.label_of(value),
            (value, None) => written(value),
        };
        // 「非已通過」 says less than the one other choice that remains.
        let others: Vec<&str> = field
            .into_iter()
            .flat_map(|field| &field.choices)
            .filter(|choice| !literals.iter().any(|literal| is_same(&literal.value, &choice.value)))
            .map(|choice| choice.label.as_str())
            .collect();
        let values = match others.as_slice() {
            [only] if negated => (*only).to_owned(),
            _ => {
                let all = literals.iter().map(label).collect::<Vec<_>>().join(self.term("list_separator"));
                if negated { format!("{}{all}", self.term("condition_not")) } else { all }
            }
        };
        format!("{}：{values}", self.title(path))
    }

    fn field(&self, path: &Path) -> Option<&Field> {
        let (name, rest) = path.text.split_once('.')?;
        self.data.record(name)?.field(rest)
    }

    fn title<'p>(&'p self, path: &'p Path) -> &'p str {
        self.field(path).map_or(path.text.as_str(), |field| field.title.as_str())
    }

    fn term(&self, key: &str) -> &str {
        self.locale.get(key).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Decision::{Fails, Holds, Undecided};

    #[test]
    fn unknown_stays_unknown_unless_the_rest_settles_it() {
        assert_eq!(Undecided.and(Fails), Fails);
        assert_eq!(Undecided.and(Holds), Undecided);
        assert_eq!(Undecided.or(Holds), Holds);
        assert_eq!(Undecided.or(Fails), Undecided);
        assert_eq!(Undecided.not(), Undecided);
    }
}
