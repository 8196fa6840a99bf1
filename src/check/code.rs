//! Signs of the plan inside of code, where they are printed as they stand.
//!
//! In: a block of code that is published, and its place. Out: a finding for guidance, or else for the first line that begins a directive or ends in
//! an address: two lines across, `~~~`, make code of the clauses and the guidance between them. Code that names its language is meant as such, and may
//! show this very one; only guidance in it is told.

use crate::{
    config::is_id,
    diagnostic::{Diagnostic, Rule, Severity, Span},
    document::Code,
    message,
    parse::is_directive,
    source::Sources,
};

/// Reports one such line of code at a place; for code in a cell of data that is the cell.
pub(super) fn signs(code: Code<'_>, place: Span, is_in_cell: bool, sources: &Sources, found: &mut Vec<Diagnostic>) {
    // A fast path: hardly any code holds either.
    if !code.text.contains(":::") && !code.text.contains("{#") {
        return;
    }
    let signs = || code.text.lines().filter_map(sign);
    let guidance = signs().find(|sign| sign.trim_start_matches(':').trim_start().starts_with("guidance"));
    let Some(sign) = guidance.or_else(|| signs().next().filter(|_| code.language.is_empty())) else { return };
    let at = sources.slice(place).find(sign).filter(|_| !is_in_cell);
    let span = at.map_or(place, |at| place.within(at, at + sign.len()));
    let message = message!("「{sign}」在程式碼裡，會照樣印出來", "`{sign}` stands in code and is printed as it stands");
    let help = message!(
        "請移到程式碼外面；前後的 ``` 或 ~~~ 不是為了程式碼就刪去",
        "Move it out of the code; delete the ``` or ~~~ around it where they are not meant for code"
    );
    let mut finding = Diagnostic::new(Rule::PrintedMarkup, span, message).help(help);
    // Readers of a draft are not to read it either.
    if guidance.is_some() {
        finding.severity = Severity::Error;
    }
    found.push(finding);
}

/// The directive that a line begins, or the address that it ends in.
fn sign(line: &str) -> Option<&str> {
    let words = line.trim();
    if words.starts_with(":::") && is_directive(words.trim_start_matches(':').trim_start()) {
        return Some(words);
    }
    let at = words.rfind(" {#")? + 1;
    let id = words[at..].strip_prefix("{#")?.strip_suffix('}')?;
    is_id(id).then_some(&words[at..])
}
