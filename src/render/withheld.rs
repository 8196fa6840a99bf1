//! Pictures and attachments of guidance.
//!
//! In: a plan and its files. Out: the assets to which nothing leads but guidance, which no reader may see any more than the guidance itself.
//! What nothing leads to at all is not among them: an agency may have its own reasons to publish it.

use crate::{
    document::Inline,
    resolve::{
        Plan,
        visit::{Seen, visit, visit_with_absent},
    },
    source::{Sources, asset_name},
};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The names of these assets.
pub(super) fn withheld(plan: &Plan, sources: &Sources) -> BTreeSet<String> {
    if sources.assets().is_empty() {
        return BTreeSet::new();
    }
    let (shown, hidden): (Vec<_>, Vec<_>) = (0..plan.chapters.len()).into_par_iter().map(|index| named_in(plan, index)).unzip();
    let shown: BTreeSet<String> = shown.into_iter().flatten().collect();
    hidden.into_iter().flatten().filter(|name| !shown.contains(name)).collect()
}

/// The assets to which a chapter leads, and those to which its guidance does, though a condition removed it.
fn named_in(plan: &Plan, index: usize) -> (BTreeSet<String>, BTreeSet<String>) {
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    let (mut shown, mut hidden) = (BTreeSet::new(), BTreeSet::new());
    visit(chapter, facts, &plan.data, &mut |seen, context| shown.extend(asset(seen).filter(|_| !context.guidance)));
    visit_with_absent(chapter, facts, &plan.data, &mut |seen, context| hidden.extend(asset(seen).filter(|_| context.guidance)));
    (shown, hidden)
}

/// The asset that a picture or a link names.
fn asset(seen: Seen<'_>) -> Option<String> {
    match seen {
        Seen::Inline(Inline::Image(image)) => asset_name(image.url),
        Seen::Inline(Inline::Link(link)) => asset_name(link.url),
        _ => None,
    }
}
