//! What stands between a plan and its approval.
//!
//! In: a plan with its findings. Out: [`Status`]: by chapter and annex, in printed order, everything that was found, each with its place
//! in the files and, where it stands in a chapter, on the site. It is the same for the command line, for JSON and for the page of the draft
//! view.

use crate::{
    diagnostic::{Diagnostic, Family, Language, Severity, Span},
    message,
    report::Places,
    resolve::Plan,
    source::Sources,
};
use serde::Serialize;
use std::sync::Arc;

/// Everything that is open.
#[derive(Debug, Serialize)]
pub struct Status {
    /// The version of this shape.
    pub format: u8,
    /// Whether nothing holds back an approval; reminders may be left.
    pub ready: bool,
    /// How much is open, reminders among it.
    pub total: usize,
    /// How much of it holds back an approval.
    pub waiting: usize,
    /// The rules that would forbid an approval and that the plan has turned off.
    pub rules_off: Vec<&'static str>,
    /// How many findings the plan accepts, each with a reason.
    pub waivers: usize,
    /// By chapter and annex in printed order, data and settings last; only those with something open.
    pub parts: Vec<Part>,
}

/// What is open in one chapter or annex.
#[derive(Debug, Serialize)]
pub struct Part {
    /// The chapter's id; `data` for what belongs to none.
    pub id: String,
    /// Its number as text.
    pub number: String,
    /// Its title.
    pub title: String,
    /// How much is open, by column of [`COLUMNS`].
    pub counts: [usize; COLUMNS.len()],
    /// What is open.
    pub open: Vec<Open>,
}

/// One thing that is open.
#[derive(Debug, Serialize)]
pub struct Open {
    /// The rule.
    pub rule: &'static str,
    /// How heavy it is now.
    pub severity: &'static str,
    /// What it is.
    pub message: String,
    /// The file, relative to the project.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The address of the clause where it stands, or where what stands in data is printed, from the top of the site; `None` for settings.
    pub href: Option<String>,
}

/// The columns of the table: families that hold back an approval, and everything else; each with its heads.
pub const COLUMNS: [(Option<Family>, &str, &str); 6] = [
    (Some(Family::Completeness), "未完成", "open"),
    (Some(Family::Annex), "附件", "annex"),
    (Some(Family::Law), "法規", "law"),
    (Some(Family::Coverage), "法定", "coverage"),
    (Some(Family::Wording), "用詞", "wording"),
    (None, "其他", "other"),
];

/// Puts the findings of a plan in the order of its chapters; `waivers` is how many of the plan accept a finding.
#[must_use]
pub fn status(plan: &Plan, sources: &Sources, found: &[Arc<Diagnostic>], waivers: usize, language: Language) -> Status {
    let part =
        |id: &str, number, title: &str| Part { id: id.into(), number, title: title.into(), counts: [0; COLUMNS.len()], open: Vec::new() };
    let chapters: Vec<_> = plan.present().map(|index| (&*plan.chapters[index], &*plan.facts[index])).collect();
    let number = |at: usize| {
        let (chapter, facts) = chapters[at];
        let number = facts.number.label(chapter.kind, plan.style());
        // Numbers begin anew in each part.
        plan.named_part(facts.part).map_or_else(|| number.clone(), |part| format!("{part} {number}"))
    };
    let mut parts: Vec<Part> = (0..chapters.len()).map(|at| part(&chapters[at].0.id, number(at), &chapters[at].0.front.title)).collect();
    // What stands in data, settings or the theme belongs to no chapter.
    parts.push(part("data", String::new(), message!("資料與設定", "Data and settings").text(language)));
    let by_file: rustc_hash::FxHashMap<_, _> = chapters.iter().enumerate().map(|(at, (chapter, _))| (chapter.file, at)).collect();
    let places = Places::of_spans(found.iter().filter_map(|finding| finding.span), sources);
    for finding in found {
        let at = finding.span.and_then(|span| by_file.get(&span.file).copied()).unwrap_or(chapters.len());
        let family = (finding.rule.holds_back_approval()).then(|| finding.rule.family());
        let column = COLUMNS.iter().position(|(of, ..)| *of == family).unwrap_or(COLUMNS.len() - 1);
        parts[at].counts[column] += 1;
        let address = |span: Span| {
            let (chapter, facts) = chapters[*by_file.get(&span.file)?];
            Some(facts.address(chapter, facts.clauses.holding(span)))
        };
        let href = finding.span.into_iter().chain(finding.related.iter().map(|other| other.span)).find_map(address);
        parts[at].open.push(Open { href, ..open(finding, sources, &places, language) });
    }
    parts.retain(|part| !part.open.is_empty());
    let waits = |finding: &&Arc<Diagnostic>| finding.severity == Severity::Error || finding.rule.holds_back_approval();
    let waiting = found.iter().filter(waits).count();
    let off = plan.config.severities.iter().filter(|(rule, severity)| severity.is_none() && rule.forbids_approval());
    Status {
        format: 1,
        ready: waiting == 0,
        total: found.len(),
        waiting,
        rules_off: off.map(|(rule, _)| rule.name()).collect(),
        waivers,
        parts,
    }
}

fn open(finding: &Diagnostic, sources: &Sources, places: &Places, language: Language) -> Open {
    let place = finding.span.map(|span| (&sources.file(span.file).path, places.of_span(span).0));
    Open {
        rule: finding.rule.name(),
        severity: finding.severity.name(),
        message: finding.message.text(language).to_owned(),
        file: place.map(|(file, _)| file.clone()),
        line: place.map(|(_, position)| position.line),
        column: place.map(|(_, position)| position.column),
        href: None,
    }
}
