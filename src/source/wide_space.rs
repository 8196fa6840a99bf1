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
    let (text, kind) = (source.text.as_str(), source.extension());
    // A table of commas has no such signs.
    if !matches!(kind, "md" | "yaml") {
        return;
    }
    let fields = if kind == "yaml" { text.len() } else { front_matter(text) };
    let mut fences = None;
    for space in ['\u{3000}', '\u{a0}'] {
        let mut places: Vec<(char, Vec<Span>)> = Vec::new();
        for at in memmem::find_iter(text.as_bytes(), space.encode_utf8(&mut [0; 4]).as_bytes()) {
            let Some(sign) = sign_before(&text[..at], at < fields) else { continue };
            let fences = fences.get_or_insert_with(|| fences_of(&text[fields..], fields));
            // What is printed as it stands.
            if at >= fields && fences.partition_point(|fence| *fence < at) % 2 == 1 {
                continue;
            }
            let span = Span::new(file, at, at + space.len_utf8());
            match places.iter_mut().find(|(known, _)| *known == sign) {
                Some((_, places)) => places.push(span),
                None => places.push((sign, vec![span])),
            }
        }
        // One star alone is the mark of a note: *　為必填欄位.
        let is_meant = |(sign, places): &&(char, Vec<Span>)| !matches!(*sign, '*' | '+') || places.len() > 1;
        findings.extend(places.iter().filter(is_meant).filter_map(|(sign, places)| finding(*sign, space, places)));
    }
}

/// How far the fields of a chapter go.
fn front_matter(text: &str) -> usize {
    text.strip_prefix("---\n").and_then(|rest| rest.find("\n---")).map_or(0, |end| end + "---\n".len())
}

/// Where the fences of code stand in a text that begins at a place of the whole.
fn fences_of(text: &str, start: usize) -> Vec<usize> {
    let mut at = start;
    let lines = text.split_inclusive('\n').map(|line| {
        let next = at + line.len();
        (std::mem::replace(&mut at, next), line)
    });
    let is_fence = |line: &str| ["```", "~~~"].iter().any(|fence| line.trim_start().starts_with(fence));
    lines.filter(|(_, line)| is_fence(line)).map(|(at, _)| at).collect()
}

/// The sign right before a space, where nothing but spaces or a field's name stands before it on its line.
fn sign_before(before: &str, is_field: bool) -> Option<char> {
    let sign = before.chars().next_back().filter(|c| matches!(c, '-' | '*' | '+' | ':'))?;
    let near = before.floor_char_boundary(before.len().saturating_sub(NEAR));
    let start = before[near..].rfind('\n').map(|at| near + at + 1).or((near == 0).then_some(0))?;
    let line = before[start..before.len() - 1].trim_start_matches(' ');
    // Fields are written small; TEL: stands in words of several lines.
    let is_own = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(is_own);
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
