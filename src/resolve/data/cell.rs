//! Reading one value by its field's rules.
//!
//! In: a YAML value, its field and its place. Out: a [`Cell`], and findings when the value breaks a rule. A value that
//! breaks a rule is shown as written all the same.

use super::{
    Cell, Field, FieldType, Format,
    value::{blank_width, is_same, with_unit, written},
};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Related, Rule, Span, did_you_mean_or_all},
    message, parse,
    resolve::words::plain,
    source::{Sources, yaml},
};
use serde_yaml::Value;

/// Where a value comes from.
pub(super) struct Origin<'a> {
    pub sources: &'a Sources,
    pub file: FileId,
    /// Searches the file, so it is asked only when there is a finding.
    pub place: &'a dyn Fn() -> Span,
    /// Its text, or that of an item of a list, where reading it has lost that: a number is shown as it is written, `99.90`.
    pub written: &'a dyn Fn(Option<usize>) -> Option<&'a str>,
}

/// Reads one value.
pub(super) fn read(field: &Field, value: &Value, origin: &Origin<'_>, findings: &mut Vec<Diagnostic>) -> Cell {
    if field.format == Format::RowNumber {
        return Cell::RowNumber;
    }
    if let Some(width) = blank_width(value) {
        return Cell::Blank(width);
    }
    check(field, value, origin, findings);
    if field.format != Format::Markdown || value.is_sequence() {
        // The items of a list are words, whatever their field says.
        let kind = if value.is_sequence() { yaml::PlainWords::Title } else { yaml::PlainWords::Cell };
        findings.extend(texts(value).find_map(|words| yaml::markup_in_plain_words(words, kind, origin.place)));
    }
    let number = |value: &Value, item| if value.is_number() && field.choices.is_empty() { (origin.written)(item) } else { None };
    match value {
        Value::String(text) if text.is_empty() => Cell::Empty,
        Value::String(text) if field.format == Format::Markdown => {
            let mut fragment = parse::fragment(text, origin.file);
            findings.extend(fragment.diagnostics.drain(..).map(|finding| in_cell(finding, origin)));
            Cell::Markdown(fragment)
        }
        Value::Sequence(items) if field.kind == FieldType::List && !field.choices.is_empty() => {
            Cell::Choices(field.choices.iter().map(|choice| items.iter().any(|item| is_same(item, &choice.value))).collect())
        }
        Value::Sequence(items) => {
            let words = |(index, item)| number(item, Some(index)).map_or_else(|| written(item), str::to_owned);
            Cell::Text(items.iter().enumerate().map(words).collect::<Vec<_>>().join("、"))
        }
        Value::Bool(value) if field.kind == FieldType::Boolean => Cell::Boolean(*value),
        _ => {
            let words = number(value, None).map_or_else(|| field.label_of(value), str::to_owned);
            Cell::Text(with_unit(words, field.unit.as_deref()))
        }
    }
}

/// A finding about a cell's Markdown in the cell, whose quotes of YAML may know backslashes of their own.
fn in_cell(finding: Diagnostic, origin: &Origin<'_>) -> Diagnostic {
    let place = (origin.place)();
    let source = origin.sources.file(origin.file);
    let is_quoted = source.extension() == "yaml" && origin.sources.slice(place).starts_with('"');
    let help = finding.help.map(|Message { zh, en }| {
        if is_quoted && zh.contains('\\') {
            message!("{zh}（在雙引號裡，反斜線寫兩個）", "{en} (between double quotes, two backslashes for one)")
        } else {
            Message { zh, en }
        }
    });
    let within = |part: Span| yaml::in_block(origin.sources, place, part.range()).unwrap_or(place);
    let related = finding.related.into_iter().map(|other| Related { span: within(other.span), ..other });
    Diagnostic { span: Some(finding.span.map_or(place, within)), help, related: related.collect(), ..finding }
}

/// The texts that a value is made of: itself, or the items of a list.
pub(super) fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let items = if let Value::Sequence(items) = value { items.as_slice() } else { std::slice::from_ref(value) };
    items.iter().filter_map(Value::as_str)
}

/// Checks a value against its field's rules.
pub(super) fn check(field: &Field, value: &Value, origin: &Origin<'_>, findings: &mut Vec<Diagnostic>) {
    if blank_width(value).is_some() {
        return;
    }
    if field.format != Format::Markdown || value.is_sequence() {
        findings.extend(texts(value).find_map(|words| yaml::comment_in_plain_words(words, origin.place)));
    }
    let mut report = |rule: Rule, message: Message, help: Option<Message>| {
        findings.push(Diagnostic::new(rule, (origin.place)(), message).maybe_help(help));
    };
    let title = &field.title;
    if value.as_str() == Some("") {
        if field.required {
            let help = message!(
                "請填這一格；可以空著的，請刪去 fields 裡這一欄的 required",
                "Fill the cell; if it may be empty, delete the field's `required` among `fields`"
            );
            report(Rule::SchemaViolation, message!("「{title}」必填", "`{title}` is required"), Some(help));
        }
        return;
    }
    match (field.kind, value) {
        (FieldType::String, Value::Number(_) | Value::Bool(_)) => {
            // What is written, not what YAML made of it: that is the point of the finding.
            let written = origin.sources.slice((origin.place)());
            let help = message!(
                "請加引號：\"{written}\"（沒有引號時 1.10 會變成 1.1）",
                "Quote it: \"{written}\" (unquoted, 1.10 becomes 1.1)"
            );
            report(
                Rule::NotAString,
                message!(
                    "「{title}」是文字，YAML 卻把它讀成數字或真偽值",
                    "`{title}` is text, but YAML reads this as a number or a truth value"
                ),
                Some(help),
            );
        }
        (FieldType::String, Value::String(_))
        | (FieldType::Integer, Value::Number(_))
        | (FieldType::Boolean, Value::Bool(_))
        | (FieldType::List, Value::Sequence(_)) => {}
        (FieldType::Number, Value::Number(number)) if number.is_finite() => {}
        (FieldType::Date, Value::String(text)) if text.parse::<jiff::civil::Date>().is_ok() => {}
        (kind, _) => {
            let Message { zh, en } = wanted(kind);
            let is_list = kind == FieldType::String && value.is_sequence();
            let unquoted = || is_list.then(|| yaml::unquoted(origin.sources.file(origin.file), (origin.place)())).flatten();
            let in_csv = (origin.written)(None).is_some();
            let help = value
                .as_str()
                .and_then(|text| rewritten(kind, text, in_csv))
                .or_else(unquoted)
                .unwrap_or_else(|| by_type(kind));
            report(Rule::SchemaViolation, message!("「{title}」必須是{zh}", "`{title}` must be {en}"), Some(help));
            return;
        }
    }
    if field.kind == FieldType::Integer && value.as_i64().is_none() {
        report(
            Rule::SchemaViolation,
            message!("「{title}」必須是整數", "`{title}` must be a whole number"),
            Some(by_type(field.kind)),
        );
    }
    let items: &[Value] = if let Value::Sequence(items) = value { items } else { std::slice::from_ref(value) };
    if !field.choices.is_empty() {
        for item in items.iter().filter(|item| !field.choices.iter().any(|choice| is_same(&choice.value, item))) {
            let (item, known) = (written(item), field.choices.iter().map(|choice| written(&choice.value)).collect::<Vec<_>>());
            // Only a CSV has a list as a text.
            let in_csv = field.kind == FieldType::List && (origin.written)(None).is_some();
            let help = if in_csv && item.contains(['、', ',', '，', '/', '／']) {
                let example = known.iter().take(2).map(String::as_str).collect::<Vec<_>>().join("；");
                message!(
                    "CSV 裡的清單以「；」分隔，例如「{example}」",
                    "In a CSV a list's items are separated by semicolons: `{example}`"
                )
            } else {
                did_you_mean_or_all(&item, &known)
            };
            report(
                Rule::SchemaViolation,
                message!("「{item}」不是「{title}」可用的值", "`{item}` is no value of `{title}`"),
                Some(help),
            );
        }
    }
    check_limits(field, value, &mut report);
}

/// Checks what a field's constraints say of the size and the form of a value.
fn check_limits(field: &Field, value: &Value, report: &mut dyn FnMut(Rule, Message, Option<Message>)) {
    let title = &field.title;
    if let Some(number) = value.as_f64() {
        if let Some(minimum) = field.minimum.filter(|minimum| number < *minimum) {
            report(
                Rule::SchemaViolation,
                message!("「{title}」至少要 {minimum}", "`{title}` is at least {minimum}"),
                Some(by_limit("minimum")),
            );
        }
        if let Some(maximum) = field.maximum.filter(|maximum| number > *maximum) {
            report(
                Rule::SchemaViolation,
                message!("「{title}」最多 {maximum}", "`{title}` is at most {maximum}"),
                Some(by_limit("maximum")),
            );
        }
    }
    if let (Some(pattern), Value::String(text)) = (&field.pattern, value)
        && pattern.excludes(text)
    {
        let pattern = &pattern.text;
        report(
            Rule::SchemaViolation,
            message!("「{text}」不符合「{title}」的格式 {pattern}", "`{text}` does not match `{title}`'s pattern {pattern}"),
            Some(by_limit("pattern")),
        );
    }
}

/// What to do about a value of another type than its field's.
fn by_type(kind: FieldType) -> Message {
    let Message { zh, en } = wanted(kind);
    message!(
        "請改寫成{zh}；本來就要填別的，請改 fields 裡這一欄的 type",
        "Write {en}; if something else is to stand here, change the field's `type` among `fields`"
    )
}

/// What to do about a value that one of its field's constraints excludes.
fn by_limit(constraint: &'static str) -> Message {
    message!(
        "請改正這個值；限制不對的，請改 fields 裡這一欄的 {constraint}",
        "Correct the value; if the constraint is wrong, change the field's `{constraint}` among `fields`"
    )
}

/// How somebody wrote a number or a date who thinks of paper or Excel, and how it is written here.
fn rewritten(kind: FieldType, text: &str, in_csv: bool) -> Option<Message> {
    let excel = |zh: &'static str, en: &'static str| if in_csv { (zh, en) } else { ("", "") };
    match kind {
        FieldType::Integer | FieldType::Number => {
            let number = without_separators(&half_width(text)).filter(|number| number != text)?;
            let (zh, en) = excel("；Excel 的儲存格格式不用千分位", "; in Excel, format the cell without separators");
            let fits =
                if kind == FieldType::Integer { number.parse::<i64>().is_ok() } else { number.parse::<f64>().is_ok_and(f64::is_finite) };
            fits.then_some(())?;
            Some(message!("請寫 {number}{zh}", "Write {number}{en}"))
        }
        FieldType::Date => {
            let words = half_width(text.trim_start_matches("民國"));
            // No year has a sign before it, and one of a single figure is a month or a day.
            let figures = words.bytes().take_while(u8::is_ascii_digit).count();
            (2..=4).contains(&figures).then_some(())?;
            let mut parts = words.split(['/', '.', '-', '年', '月', '日']).map(str::trim).filter(|part| !part.is_empty());
            let (year, month, day) = (parts.next()?.parse::<i16>().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            // Years of the Republic.
            let year = if year < 200 { year + 1911 } else { year };
            let date = jiff::civil::Date::new(year, month, day).ok().filter(|_| parts.next().is_none())?;
            let (zh, en) = excel("；Excel 的儲存格格式請自訂 yyyy-mm-dd", "; in Excel, format the cell as yyyy-mm-dd");
            Some(if in_csv { message!("請寫 {date}{zh}", "Write {date}{en}") } else { message!("請寫 \"{date}\"", "Write \"{date}\"") })
        }
        _ => None,
    }
}

fn half_width(words: &str) -> String {
    words.trim().chars().map(plain).collect()
}

/// A number in figures without the commas between its thousands; nothing where they part something else.
fn without_separators(number: &str) -> Option<String> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let mut groups = whole.strip_prefix('-').unwrap_or(whole).split(',').map(str::trim);
    let is_digits = |words: &str| !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|first| is_digits(first))?;
    let are_thousands = groups.all(|group| group.len() == 3 && is_digits(group) && first.len() <= 3);
    (are_thousands && is_digits(part)).then(|| number.replace([',', ' '], ""))
}

fn wanted(kind: FieldType) -> Message {
    match kind {
        FieldType::String => message!("文字", "text"),
        FieldType::Integer => message!("整數", "a whole number"),
        FieldType::Number => message!("數字", "a number"),
        FieldType::Boolean => message!(" true 或 false", "true or false"),
        FieldType::Date => message!("日期，例如 \"2026-11-22\"", "a date such as \"2026-11-22\""),
        FieldType::List => message!("清單，例如 [甲, 乙]", "a list such as [a, b]"),
    }
}
