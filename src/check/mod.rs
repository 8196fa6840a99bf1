//! The rules about a whole plan.
//!
//! In: a resolved plan, its sources and everything that the stages before have found. Out: all findings, with the plan's own
//! severities and waivers applied, in the order of files and places. Nothing is changed and nothing is printed here.

mod active;
mod address;
mod annex;
mod chapter;
mod coverage;
mod footnote;
mod law;
mod leftover;
mod media;
mod open;
mod open_point;
mod prose;
mod settings;
mod status;
mod synonym;
mod table;
mod wording;

pub use open_point::{Given, OpenKind, OpenPoint, open_points};
pub use status::{COLUMNS, Open, Part, Status, status};

use crate::{diagnostic::Diagnostic, resolve::Plan, source::Sources};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// What was found in each chapter by itself, by index; nothing for one that does not belong to the plan.
#[derive(Debug)]
pub struct OfChapters(Vec<Option<Arc<OfChapter>>>);

/// What was found in a chapter by itself.
#[derive(Debug)]
struct OfChapter {
    found: Vec<Diagnostic>,
    /// How often it calls the agency what.
    names: wording::Counts,
}

impl OfChapters {
    /// Reads every chapter, several at a time.
    #[must_use]
    pub fn new(plan: &Plan, sources: &Sources) -> Self {
        let rules = chapter::Rules::new(plan, sources);
        let present: FxHashSet<usize> = plan.present().collect();
        // The words of a whole plan weigh more than the plan: no more than a few chapters' are held at once.
        let read = |index: usize| present.contains(&index).then(|| Arc::new(rules.read(index)));
        Self((0..plan.chapters.len()).into_par_iter().map(read).collect())
    }

    /// The same after an edit that changed nothing but the words of some chapters.
    #[must_use]
    pub fn again(&self, plan: &Plan, sources: &Sources, changed: &[usize]) -> Self {
        let (rules, mut of_chapters) = (chapter::Rules::new(plan, sources), self.0.clone());
        for index in changed {
            of_chapters[*index] = of_chapters[*index].take().map(|_| Arc::new(rules.read(*index)));
        }
        Self(of_chapters)
    }
}

/// Checks a plan; `found` is what earlier stages have found, and `of_chapters` reads the chapters.
#[must_use]
pub fn check(
    plan: &Plan,
    sources: &Sources,
    of_chapters: impl FnOnce() -> OfChapters + Send,
    mut found: Vec<Diagnostic>,
) -> (Vec<Diagnostic>, OfChapters) {
    address::mend_missing_ids(plan, sources, &mut found);
    // Neither asks the other.
    let (of_chapters, mut of_structure) = rayon::join(of_chapters, || structure(plan, sources));
    found.append(&mut of_structure);
    let own = || plan.present().filter_map(|index| Some((index, of_chapters.0.get(index)?.as_deref()?)));
    let counts: Vec<_> = own().map(|(index, own)| (index, own.names)).collect();
    wording::Names::conflicting(plan, &counts, sources, &mut found);
    found.extend(own().flat_map(|(_, own)| own.found.iter().cloned()));
    let mut findings = settings::apply(plan, sources, found);
    let key = |finding: &Diagnostic| finding.span.map(|span| (sources.file(span.file).path.clone(), span.start, span.end));
    findings.sort_by_cached_key(|finding| (key(finding), finding.rule));
    findings.dedup();
    (findings, of_chapters)
}

/// The rules about the whole plan: notes, addresses, rows, annexes, laws, what is open, what must be there.
fn structure(plan: &Plan, sources: &Sources) -> Vec<Diagnostic> {
    // Both search data files for places, which are limited: one after the other, so that the same places are always found.
    let open = || {
        let mut found = Vec::new();
        table::missing_rows(plan, sources, &mut found);
        open::open(plan, sources, &mut found);
        found
    };
    let others = || {
        let mut found = Vec::new();
        footnote::footnotes(plan, &mut found);
        address::repeated_numbers(plan, &mut found);
        annex::unreferenced(plan, &mut found);
        law::laws(plan, sources, &mut found);
        coverage::requirements(plan, sources, &mut found);
        coverage::sections(plan, &mut found);
        synonym::unused(plan, sources, &mut found);
        active::assets(sources, &mut found);
        found
    };
    // What is open is about as much as all the rest.
    let (mut found, mut open) = rayon::join(others, open);
    found.append(&mut open);
    found
}
