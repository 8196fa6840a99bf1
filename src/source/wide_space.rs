//! Spaces behind a sign that look like the one that it needs: full-width ones, and those that do not break.
//!
//! In: a text and what it is. Out: a finding where such a space stands behind the sign of an item, or behind the colon of a field, at the beginning
//! of a line: no other space makes of the line what it looks like, and nothing shows why. What is wrong with the line otherwise is for its readers.

use super::{Source, code};
use crate::{
    diagnostic::{Diagnostic, FileId, Fix, Rule, Span},
    message,
};
use memchr::memmem;

/// What stands before a sign at the beginning of a line takes no more bytes.
const NEAR: usize = 100;

/// As many other places are named.
const PLACES: usize = 10;

/// Reports them in a file, those behind the same sign once.
pub(super) fn behind_signs(source: &Source, file: FileId, findings: &mut Vec<Diagnostic>) {
    let text = source.text.as_str();
    let fields = fields(source);
    for space in ['\u{3000}', '\u{a0}'] {
        let mut places: Vec<(char, Vec<Span>)> = Vec::new();
        for at in memmem::find_iter(text.as_bytes(), space.encode_utf8(&mut [0; 4]).as_bytes()) {
            let Some(sign) = sign_before(&text[..at], at < fields) else { continue };
            let span = Span::new(file, at, at + space.len_utf8());
            match places.iter_mut().find(|(known, _)| *known == sign) {
                Some((_, places)) => places.push(span),
                None => places.push((sign, vec![span])),
            }
        }
        findings.extend(places.iter().filter_map(|(sign, places)| finding(*sign, space, places)));
    }
}

/// How far fields of YAML go: through all of a data file, and to the end of a chapter's front matter.
fn fields(source: &Source) -> usize {
    let text = source.text.as_str();
    if source.name.rsplit_once('.').is_some_and(|(_, kind)| kind == "yaml") {
        return text.len();
    }
    text.strip_prefix("---\n").and_then(|rest| rest.find("\n---")).map_or(0, |end| end + "---\n".len())
}

/// The sign right before a space, where nothing but spaces or a field's name stands before it on its line.
fn sign_before(before: &str, is_field: bool) -> Option<char> {
    let sign = before.chars().next_back().filter(|c| matches!(c, '-' | '*' | '+' | ':'))?;
    let near = before.floor_char_boundary(before.len().saturating_sub(NEAR));
    let start = before[near..].rfind('\n').map(|at| near + at + 1).or((near == 0).then_some(0))?;
    let line = before[start..before.len() - 1].trim_start_matches(' ');
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_sign = match sign {
        ':' => is_field && is_name(line.trim_start_matches("- ").trim_start_matches(' ')),
        '-' => line.is_empty(),
        _ => line.is_empty() && !is_field,
    };
    is_sign.then_some(sign)
}

fn finding(sign: char, space: char, places: &[Span]) -> Option<Diagnostic> {
    let (first, others) = places.split_first()?;
    let (code, count) = (code(space), places.len());
    let message = if count == 1 {
        message!(
            "「{sign}」後面的空格是 {code}，「{sign}」會失去作用",
            "The space behind this `{sign}` is {code}, and the `{sign}` has no effect"
        )
    } else {
        message!(
            "有 {count} 處「{sign}」後面的空格是 {code}，「{sign}」會失去作用",
            "The space behind {count} `{sign}` is {code}, and they have no effect"
        )
    };
    let help = message!("請改成半形空格，或執行 planpress check --fix", "Write a half-width space, or run planpress check --fix");
    let mut finding = Diagnostic::new(Rule::PrivateUseCharacter, *first, message).help(help);
    finding.fixes = places.iter().map(|span| Fix { span: *span, text: " ".to_owned() }).collect();
    let related = others.iter().take(PLACES);
    Some(related.fold(finding, |finding, span| finding.related(*span, message!("這裡也有", "Another one"))))
}
