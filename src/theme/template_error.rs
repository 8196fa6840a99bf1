//! What is wrong with a template.
//!
//! In: an error of the template engine. Out: a finding at its place, with the kind of error in both languages beside the engine's own words, which
//! are English. Nothing is rendered here.

use super::FUEL;
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Span},
    message,
    source::Sources,
};
use minijinja::ErrorKind;

/// A template's error as a finding at its place; `known` are the variables it could have meant.
#[must_use]
pub fn template_finding(error: &minijinja::Error, sources: &Sources, known: &[&str]) -> Diagnostic {
    // An included template's own error stands behind the one of the `include`.
    let mut error = error;
    while let Some(inner) = std::error::Error::source(error).and_then(|inner| inner.downcast_ref::<minijinja::Error>()) {
        error = inner;
    }
    let template = error.name().unwrap_or("?");
    let (what, cure) = if error.kind() == ErrorKind::OutOfFuel {
        (message!("一頁超過 {FUEL} 步", "more than {FUEL} steps for one page"), None)
    } else if error.detail().is_some_and(|words| words.contains("recursion limit")) {
        let what = message!(
            "巢狀太深，或樣板、巨集一再放入自己",
            "too many levels in one another, or a template or macro that holds itself"
        );
        let cure = message!(
            "請看這裡放入或叫用的是不是自己；只是層數太多的，請分成幾步或幾個樣板",
            "See whether it includes or calls itself here; if there are only too many levels, take several steps or templates"
        );
        (what, Some(cure))
    } else {
        (in_words(error), None)
    };
    let place = sources.named(&format!("theme/templates/{template}")).map(|file| {
        let source = sources.file(file);
        let line = source.line_start(error.line().unwrap_or(1));
        let range = error.range().unwrap_or(line..line);
        // The engine counts bytes, and may point into a character.
        Span::new(file, source.text.floor_char_boundary(range.start), source.text.ceil_char_boundary(range.end))
    });
    let Message { zh, en } = what;
    let message = message!("佈景主題的樣板有錯：{zh}", "A template of the theme has an error: {en}");
    let help = place.and_then(|span| {
        let expression = sources.slice(span);
        let mut parts = expression.split('.').map(str::trim).filter(|part| !known.contains(part));
        crate::diagnostic::did_you_mean(parts.next()?, known.iter().copied())
    });
    Diagnostic { span: place, ..Diagnostic::nowhere(Rule::Theme, message) }.help(cure.or(help).unwrap_or_else(mend))
}

/// What kind of error it is, and what the engine says of it in its own words.
fn in_words(error: &minijinja::Error) -> Message {
    let kind = error.kind();
    let zh = match kind {
        ErrorKind::SyntaxError | ErrorKind::BadEscape => "語法不對",
        ErrorKind::UnknownFilter => "沒有這個過濾器",
        ErrorKind::UnknownFunction => "沒有這個函式",
        ErrorKind::UnknownTest => "沒有這個測試",
        ErrorKind::UnknownMethod => "沒有這個方法",
        ErrorKind::UnknownBlock => "沒有這個區塊",
        ErrorKind::TemplateNotFound => "沒有這個樣板",
        ErrorKind::TooManyArguments => "引數太多",
        ErrorKind::MissingArgument => "缺少引數",
        ErrorKind::UndefinedError => "用了不存在的值",
        ErrorKind::NonPrimitive | ErrorKind::NonKey | ErrorKind::CannotUnpack => "值的型別不對",
        _ => "無法執行",
    };
    let words = error.detail().map_or_else(|| kind.to_string(), str::to_owned);
    message!("{zh}（{words}）", "{words}")
}

fn mend() -> Message {
    message!(
        "請照說明改正這一行；沒有要改的樣板，從 themes/ 刪去就用程式內建的",
        "Correct the line; a template that needs no change can be deleted from themes/ for the one in the program"
    )
}
