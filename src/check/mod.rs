//! The rules about a whole plan.
//!
//! In: a resolved plan, its sources and everything that the stages before have found. Out: all findings, with the plan's own
//! severities and waivers applied, in the order of files and places, files that are missing first. Nothing is changed and nothing is printed here.

mod active_content;
mod address;
mod annex;
mod blank_circle;
mod bracket;
mod cell;
mod chapter;
mod code;
mod coverage;
mod empty;
mod footnote;
mod law;
mod leftover;
mod media;
mod open_point;
mod picture;
mod printed;
mod printed_data;
mod prose;
mod reason;
mod recorded;
mod repetition;
mod settings;
mod status;
mod struck;
mod synonym;
mod table;
mod typed_number;
mod typed_reference;
mod unfinished;
mod unused_data;
mod wording;
mod words_place;

pub use coverage::waived;
pub use open_point::{Given, OpenKind, OpenPoint, open_points};
pub use reason::reason;
pub use recorded::Recorded;
pub use status::{COLUMNS, Open, Part, Status, status};

use crate::{diagnostic::Diagnostic, resolve::Plan, source::Sources};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// What was found in each chapter by itself, by index; nothing for one that does not belong to the plan.
#[derive(Debug, Default)]
pub struct OfChapters(Vec<Option<Arc<OfChapter>>>);

/// What was found in a chapter by itself, and what the rules of the whole plan ask of it.
#[derive(Debug)]
struct OfChapter {
    found: Box<[Arc<Diagnostic>]>,
    /// How often it calls the agency what.
    names: wording::Counts,
    /// The laws that it cites.
    laws: law::Cited,
    /// What is open in it.
    open: Vec<OpenPoint>,
    /// What of the data it prints, where some of it holds circles.
    printed: printed_data::Printed,
    /// The data of which it shows something.
    uses: unused_data::Uses,
}

impl OfChapters {
    /// Reads every chapter, several at a time.
    #[must_use]
    pub fn new(plan: &Plan, sources: &Sources, recorded: &Recorded<'_>) -> Self {
        let rules = chapter::Rules::new(plan, sources, recorded);
        let present: FxHashSet<usize> = plan.present().collect();
        // The words of a whole plan weigh more than the plan: no more than a few chapters' are held at once.
        let read = |index: usize| present.contains(&index).then(|| Arc::new(rules.read(index)));
        Self((0..plan.chapters.len()).into_par_iter().map(read).collect())
    }

    /// The same after an edit that changed nothing but the words of some chapters.
    #[must_use]
    pub fn again(&self, plan: &Plan, sources: &Sources, recorded: &Recorded<'_>, changed: &[usize]) -> Self {
        let (rules, mut of_chapters) = (chapter::Rules::new(plan, sources, recorded), self.0.clone());
        for index in changed {
            of_chapters[*index] = of_chapters[*index].take().map(|_| Arc::new(rules.read(*index)));
        }
        Self(of_chapters)
    }
}

/// What checking a plan comes to.
#[derive(Debug)]
pub struct Checked {
    /// Everything that was found, as the plan wants it.
    pub findings: Vec<Arc<Diagnostic>>,
    /// The waivers of the plan that accept a finding, by index.
    pub accepted: Vec<usize>,
    /// What the next check takes over.
    pub of_chapters: OfChapters,
}

/// Checks a plan; `found` is what earlier stages have found, and `of_chapters` reads the chapters. Unless the plan `is_whole`, with every file
/// read that it is made of, nothing else is said to be missing, or to be unused.
#[must_use]
pub fn check(
    plan: &Plan,
    sources: &Sources,
    recorded: &Recorded<'_>,
    of_chapters: impl FnOnce() -> OfChapters + Send,
    mut found: Vec<Diagnostic>,
    is_whole: bool,
) -> Checked {
    address::mend_missing_ids(plan, sources, &mut found);
    recorded::mend_advice(recorded, sources, &mut found);
    let of_chapters = of_chapters();
    let own = || plan.present().filter_map(|index| Some((index, of_chapters.0.get(index)?.as_deref()?)));
    let chapters: Vec<(usize, &OfChapter)> = own().collect();
    structure(plan, sources, &chapters, is_whole, &mut found);
    if is_whole {
        annex::unreferenced(plan, recorded, &mut found);
        coverage::chapters(plan, sources, &mut found);
        coverage::requirements(plan, sources, &mut found);
        synonym::unused(plan, sources, &mut found);
        unused_data::unused(plan, sources, &chapters, &mut found);
    }
    wording::Names::conflicting(plan, &chapters, sources, &mut found);
    let of_plan = found.into_iter().map(Arc::new);
    let of_each = chapters.iter().flat_map(|(_, own)| own.found.iter().cloned());
    let (mut findings, accepted) = settings::apply(plan, sources, of_plan.chain(of_each), is_whole);
    let files = sources.order_of_paths();
    let place = |finding: &Diagnostic| finding.span.map(|span| (files[span.file.0 as usize], span.start, span.end));
    // What is missing explains much of the rest.
    findings.sort_by_cached_key(|finding| (!sources.lack_a_chapter(finding), place(finding), finding.rule));
    findings.dedup();
    Checked { findings, accepted, of_chapters }
}

/// The rules about the whole plan: addresses, laws, rows, what is open.
fn structure(plan: &Plan, sources: &Sources, chapters: &[(usize, &OfChapter)], is_whole: bool, found: &mut Vec<Diagnostic>) {
    address::repeated_numbers(plan, found);
    struck::references(plan, sources, found);
    law::laws(plan, sources, chapters, is_whole, found);
    active_content::assets(sources, found);
    table::missing_rows(plan, sources, found);
    unfinished::open(plan, sources, chapters, found);
    printed::of_plan(plan, sources, found);
    printed_data::printed(plan, sources, chapters, found);
}
