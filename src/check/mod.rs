//! The rules about a whole plan.
//!
//! In: a resolved plan, its sources and everything that the stages before have found. Out: all findings, with the plan's own
//! severities and waivers applied, in the order of files and places. Nothing is changed and nothing is printed here.

mod address;
mod media;
mod open_point;
mod settings;
mod synonym;
mod table;

pub use open_point::{Given, OpenKind, OpenPoint, open_points};

use crate::{
    diagnostic::{Diagnostic, Rule},
    document::Inline,
    message,
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
    footnotes(plan, &mut found);
    address::repeated_numbers(plan, &mut found);
    table::missing_rows(plan, sources, &mut found);
    synonym::unused(plan, sources, &mut found);
    let assets = media::Assets::new(sources);
    for (seen, context) in files_and_links(plan) {
        see(&assets, seen, context, sources, &mut found);
    }
    let mut findings = settings::apply(plan, sources, found);
    let key = |finding: &Diagnostic| finding.span.map(|span| (sources.file(span.file).path.clone(), span.start, span.end));
    findings.sort_by_cached_key(|finding| (key(finding), finding.rule));
    findings.dedup();
    findings
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

/// Footnotes that no mark points to; one whose marks a condition removed is silent, as its clause is.
fn footnotes(plan: &Plan, found: &mut Vec<Diagnostic>) {
    for footnote in plan.present().flat_map(|index| &plan.chapters[index].footnotes).filter(|footnote| !footnote.marked) {
        let name = &footnote.name;
        let message = message!("註腳「{name}」沒有標記，不會印出", "No mark points to the footnote `{name}`; it is not printed");
        let help = message!("請在條文裡加上 [^{name}]，或刪去這個註腳", "Add [^{name}] to a clause, or delete the footnote");
        found.push(Diagnostic::new(Rule::UnusedFootnote, footnote.span, message).help(help));
    }
}
