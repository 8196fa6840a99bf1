//! What is commonly wrong with YAML, in people's words.
//!
//! In: what the library says of a text that it cannot read, the text and where. Out: a message and a way out for the mistakes that people make who
//! do not write YAML every day; nothing for the others. Those that stand elsewhere than where they are found are `yaml_faulty_line`'s.

use super::yaml_faulty_line::line_at;
use crate::{diagnostic::Message, message};

/// What is wrong, and what to do about it.
pub(super) fn cause(what: &str, text: &str, at: usize) -> Option<(Message, Message)> {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let line = &text[start..end];
    if what.contains("mapping values") {
        // A second colon in a line is one of the value; the only one stands where none belongs.
        return Some(if text[start..at].contains(": ") {
            (
                message!("值裡面有冒號加空格，被當成另一個欄位", "The value holds a colon and a space, which begins another field"),
                message!("請用引號把整個值括起來，例如 name: \"甲: 乙\"", "Quote the whole value, as in name: \"a: b\""),
            )
        } else {
            indentation()
        });
    }
    if what.contains("found character that cannot start any token")
        || what.contains("found a tab character")
        || what.contains("could not find expected directive name")
    {
        return Some(match text[at..].chars().next() {
            Some(sign @ ('@' | '`' | '%')) => cannot_begin(sign),
            _ if line.contains('\t') => (
                message!("縮排用了定位字元（Tab）", "The line is indented with a tab"),
                message!("請改用空格縮排，與同層的其他欄位對齊", "Indent with spaces, in line with the other fields of its level"),
            ),
            _ => return None,
        });
    }
    if what.contains("unexpected end of stream") {
        return Some((
            message!("這個引號沒有結尾", "This quote has no end"),
            message!("引號要成對；值裡面的 \" 請寫成 \\\"", "Quotes stand in pairs; write a \" inside a value as \\\""),
        ));
    }
    if what.contains("unknown escape character") {
        return Some((
            message!("雙引號裡的反斜線「\\」有特別的意思", "A backslash means something else between double quotes"),
            message!("請改用單引號，例如 'C:\\temp'", "Use single quotes, as in 'C:\\temp'"),
        ));
    }
    if what.contains("expected ',' or") {
        return Some((
            message!("[ ] 或 {{ }} 沒有結尾，或少了逗號", "A [ ] or {{ }} has no end, or lacks a comma"),
            message!(
                "請補上括號或逗號；值裡面有 [ ] {{ }} 或逗號時，用引號括起來",
                "Add the bracket or comma; quote a value that holds one itself"
            ),
        ));
    }
    if what.contains("could not find expected ':'") {
        return Some((
            message!("這一行或上一行少了冒號", "This line or the one before lacks its colon"),
            message!("請寫成「欄位: 值」，冒號後面空一格", "Write `field: value`, with a space after the colon"),
        ));
    }
    if BEHIND.iter().any(|words| what.contains(words)) {
        return Some(begun(line, at - start).unwrap_or_else(indentation));
    }
    if let Some((value, known)) = what.split_once("unknown variant `").and_then(|(_, rest)| rest.split_once("`, expected ")) {
        let en = known.trim_start_matches("one of ").replace('`', "").replace(" or ", ", ");
        let zh = en.replace(", ", "、");
        return Some((
            message!("「{value}」不是這裡可用的值", "`{value}` is no value here"),
            message!("可用的有：{zh}", "There are: {en}"),
        ));
    }
    wrong_shape(what)
}

/// What the library says of what it finds behind the mistake.
const BEHIND: [&str; 3] = ["did not find expected", "sequence entries are not allowed", "mapping keys are not allowed"];

/// Where a value begins that cannot begin so; the library stops behind its sign.
pub(super) fn value_start(what: &str, text: &str, at: usize) -> Option<usize> {
    let line = line_at(text, at.min(text.len()));
    let words = &text[line.clone()];
    let value = words.split_once(": ").map(|(_, value)| value).or_else(|| words.trim_start().strip_prefix("- "))?.trim_start();
    let is_sign = value.starts_with(['*', '&', '!', '>', '|', ',', ']', '}']) && BEHIND.iter().any(|said| what.contains(said));
    let start = line.end - value.len();
    (is_sign && at >= start && begun(words, at - line.start).is_some()).then_some(start)
}

/// What is wrong with a value that begins with a sign of YAML's own, or goes on behind its quotes.
fn begun(line: &str, at: usize) -> Option<(Message, Message)> {
    let value = match line.split_once(": ") {
        Some((_, value)) => value,
        None => line.trim_start().strip_prefix("- ")?,
    };
    let value = value.trim_start();
    // What stands before the value is wrong otherwise.
    let sign = value.chars().next().filter(|_| at >= line.len() - value.len())?;
    let is_block = matches!(sign, '>' | '|') && value[1..].trim_end().bytes().all(|byte| matches!(byte, b'-' | b'+' | b'0'..=b'9'));
    if is_block {
        return None;
    }
    if value.starts_with("- ") {
        return Some((
            message!("清單不能接在欄位後面", "A list cannot begin on the line of its field"),
            message!(
                "清單從下一行開始，每項一行，以「- 」開頭；若是文字，請用引號括起來",
                "Begin it on the next line, a line `- a` for each; quote what is a text"
            ),
        ));
    }
    if matches!(sign, '*' | '&' | '!' | '>' | '|' | ',' | ']' | '}') || value.starts_with("? ") {
        return Some(cannot_begin(sign));
    }
    let is_behind = || {
        let before = line.get(line.len() - value.len() + 1..at).unwrap_or_default();
        before.trim_end().ends_with(sign)
    };
    (matches!(sign, '"' | '\'') && is_behind()).then(|| {
        let other = if sign == '"' { '\'' } else { '"' };
        (
            message!(
                "引號 {sign} 後面還有字，值到引號就結束了",
                "Something stands behind the quote {sign} with which the value ends"
            ),
            message!(
                "請把整個值括起來；值裡面有 {sign} 時，外面用 {other}",
                "Quote the whole value; around one that holds {sign} put {other}"
            ),
        )
    })
}

fn cannot_begin(sign: char) -> (Message, Message) {
    (
        message!("值不能以「{sign}」開頭", "A value cannot begin with `{sign}`"),
        message!("請用引號把整個值括起來，例如 \"{sign}甲\"", "Quote the whole value, as in \"{sign}a\""),
    )
}

fn indentation() -> (Message, Message) {
    (
        message!("這一行的縮排與上面的對不起來", "The indentation of this line does not fit the lines above"),
        message!(
            "同層的欄位要對齊，下層的多縮兩格；也請檢查上面的引號是否成對",
            "Align the fields of a level, indent those below by two spaces, and check the quotes above"
        ),
    )
}

/// What has another shape than its field wants: 「invalid type: string "x", expected a sequence」.
fn wrong_shape(what: &str) -> Option<(Message, Message)> {
    let (_, rest) = what.split_once("invalid type: ").or_else(|| what.split_once("invalid value: "))?;
    let (found, wanted) = rest.rsplit_once(", expected ")?;
    if wanted == "any YAML value" {
        return Some((
            message!("這個數字太大", "This number is too large"),
            message!("請加引號，當成文字", "Quote it, which makes it a text"),
        ));
    }
    let found = match found.split([' ', '`']).next()? {
        "string" => message!("文字", "text"),
        "integer" | "floating" => message!("數字", "a number"),
        "boolean" => message!("真偽值", "true or false"),
        "sequence" => message!("清單", "a list"),
        "map" => message!("欄位", "fields"),
        "unit" => message!("空的", "nothing"),
        _ => return None,
    };
    let (shape, help) = match wanted {
        "a sequence" => (
            message!("清單", "a list"),
            message!("例如 [甲, 乙]，或一行一個「- 甲」", "For example [a, b], or a line `- a` for each"),
        ),
        "a map" | "a YAML mapping" => fields(),
        _ if wanted.starts_with("struct") => fields(),
        "a string" => (message!("文字", "text"), message!("請加引號，或改寫成一段文字", "Quote it, or write one text")),
        "a boolean" => (message!(" true 或 false", "true or false"), message!("請寫 true 或 false", "Write true or false")),
        "u8" | "u16" | "u32" | "u64" | "usize" => (
            message!("1、2、3 這樣的整數", "a whole number such as 1, 2, 3"),
            message!("請寫整數，不加引號", "Write a whole number without quotes"),
        ),
        "i64" | "f64" => (message!("數字", "a number"), message!("請寫數字，不加引號", "Write a number without quotes")),
        _ => return None,
    };
    let message = Message {
        zh: format!("這裡要寫{}，現在是{}", shape.zh, found.zh).into(),
        en: format!("Here should be {}, and is {}", shape.en, found.en).into(),
    };
    Some((message, help))
}

fn fields() -> (Message, Message) {
    (
        message!("「欄位: 值」", "fields with their values"),
        message!("一行一個「欄位: 值」，冒號後面空一格", "Write a line `field: value` for each, with a space after the colon"),
    )
}
