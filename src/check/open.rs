//! What is still open: blanks, undecided alternatives and comments.
//!
//! In: a resolved plan. Out: a finding for each value that is blank, each condition that cannot be decided and each comment. What is
//! open is no mistake in a draft; it holds back an approval.

use super::{Given, OpenKind, OpenPoint, open_points};
use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    message,
    resolve::Plan,
    source::Sources,
};
use rustc_hash::FxHashSet;

pub(super) fn open(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let points = open_points(plan);
    let mut values = FxHashSet::default();
    for point in &points {
        match point.kind {
            OpenKind::Blank => {
                // A value that several clauses show is given once.
                if let Some(Given::Value(path)) = &point.given
                    && !values.insert(path.as_str())
                {
                    continue;
                }
                found.push(blank(plan, sources, point, &points));
            }
            OpenKind::Alternative => {
                let words = &point.words;
                let message = message!("還沒有決定：{words}", "Not decided yet: {words}");
                let help = message!("請在 data/ 填寫決定它的欄位", "Give the field in data/ that decides it");
                found.push(Diagnostic::new(Rule::UndecidedAlternative, point.span, message).help(help));
            }
            OpenKind::Comment => {
                let words = point.words.trim();
                let message = message!("註記還沒有處理：{words}", "A comment is still there: {words}");
                let help = message!("請照它改好條文，再刪去 %%…%%", "Do what it says, then delete %%…%%");
                let span = comment_place(point, sources);
                found.push(Diagnostic::new(Rule::LeftoverGuidance, span, message).help(help));
            }
            OpenKind::Guidance => {}
        }
    }
}

fn blank(plan: &Plan, sources: &Sources, point: &OpenPoint, all: &[OpenPoint]) -> Diagnostic {
    let title = &point.words;
    let (span, help) = match &point.given {
        Some(Given::Cell(name, row, column)) => {
            let place = plan.data.table(name).map_or(point.span, |table| table.cell_place(sources, *row, *column));
            (place, message!("請填 data/{name} 的這一格", "Fill this cell of data/{name}"))
        }
        Some(Given::Value(path)) => {
            let (file, field) = path.split_once('.').unwrap_or((path, ""));
            (point.span, message!("請填 data/{file}.yaml 的 {field}", "Give `{field}` in data/{file}.yaml"))
        }
        None => (point.span, message!("請填寫", "Fill it in")),
    };
    let mut finding = Diagnostic::new(Rule::Blank, span, message!("「{title}」還沒有填", "`{title}` is blank")).help(help);
    let others = all
        .iter()
        .filter(|other| matches!(other.given, Some(Given::Value(_))) && other.given == point.given && other.span != point.span);
    for other in others {
        finding = finding.related(other.span, message!("這裡也用到", "Used here as well"));
    }
    finding
}

/// The comment itself in what stands for its place.
fn comment_place(point: &OpenPoint, sources: &Sources) -> Span {
    let source = sources.file(point.span.file);
    let (from, words) = (point.span.start as usize, format!("%%{}%%", point.words));
    source
        .text
        .get(from..)
        .and_then(|text| text.find(&words))
        .map_or(point.span, |at| Span::new(point.span.file, from + at, from + at + words.len()))
}
