//! The rules about a whole plan.
//!
//! In: a resolved plan, its sources and everything that the stages before have found. Out: all findings, with the plan's own
//! severities and waivers applied, in the order of files and places. Nothing is changed and nothing is printed here.

mod active;
mod address;
mod annex;
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

use crate::{
    diagnostic::Diagnostic,
    document::Inline,
    resolve::{
        Plan,
        visit::{Context, Seen, visit},
    },
    source::Sources,
};
use rayon::prelude::*;

/// Checks a plan; `found` is what earlier stages have found.
#[must_use]
pub fn check(plan: &Plan, sources: &Sources, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    address::mend_missing_ids(plan, sources, &mut found);
    // What stands where, and what is said: neither asks the other.
    let (mut of_structure, mut of_words) = rayon::join(|| structure(plan, sources), || words(plan, sources));
    found.append(&mut of_structure);
    found.append(&mut of_words);
    let mut findings = settings::apply(plan, sources, found);
    let key = |finding: &Diagnostic| finding.span.map(|span| (sources.file(span.file).path.clone(), span.start, span.end));
    findings.sort_by_cached_key(|finding| (key(finding), finding.rule));
    findings.dedup();
    findings
}

/// The rules about what stands where: addresses, rows, annexes, laws, what is open, what must be there.
fn structure(plan: &Plan, sources: &Sources) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    footnote::footnotes(plan, &mut found);
    address::repeated_numbers(plan, &mut found);
    table::missing_rows(plan, sources, &mut found);
    annex::unreferenced(plan, &mut found);
    annex::other_names(plan, sources, &mut found);
    law::laws(plan, sources, &mut found);
    open::open(plan, sources, &mut found);
    coverage::requirements(plan, sources, &mut found);
    coverage::sections(plan, &mut found);
    leftover::items(plan, &mut found);
    found
}

/// The rules about what is said, and about pictures and links.
fn words(plan: &Plan, sources: &Sources) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    synonym::unused(plan, sources, &mut found);
    let (forms, leftovers, terms, names) =
        (annex::Forms::new(plan), leftover::Leftovers::new(), wording::Variants::new(plan), wording::Names::new());
    // The words of a whole plan weigh more than the plan: no more than a few chapters' are held at once.
    let of_chapter = |index: &usize| {
        let (runs, mut found) = (prose::runs(plan, *index), Vec::new());
        forms.named(plan, &runs, sources, &mut found);
        leftovers.find(&runs, sources, &mut found);
        terms.find(plan, &runs, sources, &mut found);
        wording::brackets(plan, &runs, sources, &mut found);
        wording::figures(plan, &runs, sources, &mut found);
        (names.count(&runs), found)
    };
    let present: Vec<usize> = plan.present().collect();
    let of_chapters: Vec<_> = present.par_iter().map(of_chapter).collect();
    let counts: Vec<_> = present.iter().copied().zip(of_chapters.iter().map(|(counts, _)| *counts)).collect();
    found.extend(of_chapters.into_iter().flat_map(|(_, found)| found));
    wording::Names::conflicting(plan, &counts, sources, &mut found);
    active::assets(sources, &mut found);
    let assets = media::Assets::new(sources);
    for (seen, context) in files_and_links(plan) {
        see(&assets, seen, context, sources, &mut found);
    }
    found
}

/// Every picture and link of the plan, in printed order.
fn files_and_links(plan: &Plan) -> Vec<(Seen<'_>, Context<'_>)> {
    let present: Vec<usize> = plan.present().collect();
    let of = |index: &usize| {
        let mut all = Vec::new();
        visit(&plan.chapters[*index], &plan.facts[*index], &plan.data, &mut |seen, context| {
            if let Seen::Inline(Inline::Image(_) | Inline::Link(_)) = seen {
                all.push((seen, context));
            }
        });
        all
    };
    present.par_iter().flat_map_iter(of).collect()
}

fn see(assets: &media::Assets<'_>, seen: Seen<'_>, context: Context<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
    match seen {
        Seen::Inline(Inline::Image(image)) => assets.picture(image, context.place(image.span, sources), found),
        Seen::Inline(Inline::Link(link)) => assets.link(&link.url, context.place(link.span, sources), found),
        Seen::Block(_) | Seen::Inline(_) => {}
    }
}
