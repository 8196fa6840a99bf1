//! What is still open: blanks, undecided alternatives and comments.
//!
//! In: what is open in each chapter. Out: a finding for each value that is blank, each condition that cannot be decided and each comment. What is
//! open is no mistake in a draft; it holds back an approval.

use super::{Given, OfChapter, OpenKind, OpenPoint, open_point::blanks};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span},
    message,
    resolve::{Plan, data::Value},
    source::Sources,
};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// How many places of one value are named.
const PLACES: usize = 10;

/// Reports everything that is open, a value or a cell once, however often it is shown.
pub(super) fn open(plan: &Plan, sources: &Sources, chapters: &[(usize, &OfChapter)], found: &mut Vec<Diagnostic>) {
    let of_cover = of_cover(plan, sources);
    let points = || chapters.iter().flat_map(|(_, own)| &own.open).chain(&of_cover);
    let mut shown: FxHashMap<&Given, Vec<Span>> = FxHashMap::default();
    for point in points() {
        if let Some(given) = &point.given {
            shown.entry(given).or_default().push(point.place(plan, sources));
        }
    }
    let (mut comments, mut printed) = (Comments::default(), FxHashMap::default());
    for point in points() {
        match point.kind {
            OpenKind::Blank => {
                let places = point.given.as_ref().and_then(|given| shown.remove(given));
                if let Some(places) = places {
                    found.push(blank(plan, sources, point, &places));
                }
            }
            OpenKind::Alternative => {
                let help =
                    message!("請在 data/agency.yaml 的 values 填寫這個欄位", "Fill in this field among the `values` of data/agency.yaml");
                found.push(Diagnostic::new(Rule::UndecidedAlternative, point.span, point.message()).help(help));
            }
            // A cell that is printed elsewhere as well holds the same comment.
            OpenKind::Comment if point.cell.is_some_and(|cell| *printed.entry(cell).or_insert(point.span) != point.span) => {}
            OpenKind::Comment => {
                let help = message!("請照它改好條文，再刪去 %%…%%", "Do what it says, then delete %%…%%");
                let span = comments.place(point.place(plan, sources), &point.words, sources);
                let finding = Diagnostic::new(Rule::LeftoverGuidance, span, point.message()).help(help);
                found.push(if point.cell.is_some() { finding.related(point.span, printed_here()) } else { finding });
            }
            OpenKind::Guidance => {}
        }
    }
}

fn printed_here() -> Message {
    message!("印在這裡", "It is printed here")
}

/// The blanks in the agency's name, which the cover shows even where no clause does.
fn of_cover(plan: &Plan, sources: &Sources) -> Vec<OpenPoint> {
    let name = plan.agency().filter(|name| matches!(name, Value::Partial(_)));
    let blanks = name.into_iter().flat_map(|name| blanks(Plan::AGENCY, name));
    let point = |(words, path): (String, String)| {
        let span = plan.data.place(sources, &path)?;
        Some(OpenPoint { kind: OpenKind::Blank, chapter: 0, clause: None, span, cell: None, given: Some(Given::Value(path)), words })
    };
    blanks.filter_map(point).collect()
}

fn blank(plan: &Plan, sources: &Sources, point: &OpenPoint, places: &[Span]) -> Diagnostic {
    let message = point.message();
    let with = |finding: Diagnostic, others: &[Span], words: fn() -> Message| {
        others.iter().take(PLACES).fold(finding, |finding, other| finding.related(*other, words()))
    };
    match &point.given {
        Some(Given::Cell(name, row, column)) => {
            let place = plan.data.table(name).map_or(point.span, |table| table.cell_place(sources, *row, *column));
            let help = message!("請填 data/{name} 的這一格", "Fill this cell of data/{name}");
            let finding = Diagnostic::new(Rule::Blank, place, message).help(help);
            with(finding, places, printed_here)
        }
        Some(Given::Value(path)) => {
            let (file, field) = path.split_once('.').unwrap_or((path, ""));
            let help = message!("請填 data/{file}.yaml 的 {field}", "Give `{field}` in data/{file}.yaml");
            let finding = Diagnostic::new(Rule::Blank, places.first().copied().unwrap_or(point.span), message).help(help);
            with(finding, places.get(1..).unwrap_or_default(), || message!("這裡也用到", "Used here as well"))
        }
        None => Diagnostic::new(Rule::Blank, point.span, message),
    }
}

/// Finds comments behind what stands for their place, one behind the other as they are printed: equal ones stand at different places.
#[derive(Default)]
struct Comments {
    /// Where the last comment ends.
    last: Option<(FileId, usize)>,
}

impl Comments {
    fn place(&mut self, span: Span, words: &str, sources: &Sources) -> Span {
        let (file, start) = (span.file, span.start as usize);
        let text = &sources.file(file).text;
        let behind = self.last.filter(|(same, end)| *same == file && *end > start);
        let behind = behind.and_then(|(_, end)| comment(text, end, words));
        // One of a footnote or of a data table's cell may stand before what is printed before it.
        let Some(place) = behind.or_else(|| comment(text, start, words)) else { return span };
        self.last = Some((file, place.end));
        Span::new(file, place.start, place.end)
    }
}

/// Where a comment stands; one of several lines as far as its first line of words, because how far the others are indented its words do not say.
fn comment(text: &str, from: usize, words: &str) -> Option<Range<usize>> {
    let (rest, words) = (text.get(from..)?, words.trim());
    let Some(first) = words.lines().next() else {
        return rest.find("%%%%").map(|at| from + at..from + at + 4);
    };
    let is_whole = first.len() == words.len();
    rest.match_indices(first.trim_end()).find_map(|(at, first)| {
        let start = rest[..at].trim_end().strip_suffix("%%")?.len();
        let (end, after) = (at + first.len(), &rest[at + first.len()..]);
        let close = after.trim_start();
        let end = if is_whole { close.starts_with("%%").then_some(rest.len() - close.len() + 2) } else { Some(end) };
        Some(from + start..from + end.filter(|_| is_whole || after.trim_start_matches([' ', '\t', '\r']).starts_with('\n'))?)
    })
}
