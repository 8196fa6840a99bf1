//! Pictures and attachments of guidance.
//!
//! In: a plan and its files. Out: the assets to which nothing leads but guidance, which no reader may see any more than the guidance itself.
//! What nothing leads to at all is not among them: an agency may have its own reasons to publish it.

use crate::{
    document::Inline,
    resolve::{
        Plan,
        visit::{Seen, visit},
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
    let present: Vec<usize> = plan.present().collect();
    let (shown, hidden): (Vec<_>, Vec<_>) = present.par_iter().map(|index| named_in(plan, *index)).unzip();
    let shown: BTreeSet<String> = shown.into_iter().flatten().collect();
    hidden.into_iter().flatten().filter(|name| !shown.contains(name)).collect()
}

/// The assets to which a chapter leads, and those to which its guidance does.
fn named_in(plan: &Plan, index: usize) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut shown, mut hidden) = (BTreeSet::new(), BTreeSet::new());
    visit(&plan.chapters[index], &plan.facts[index], &plan.data, &mut |seen, context| {
        let url = match seen {
            Seen::Inline(Inline::Image(image)) => image.url,
            Seen::Inline(Inline::Link(link)) => link.url,
            _ => return,
        };
        let names = if context.guidance { &mut hidden } else { &mut shown };
        names.extend(asset_name(url));
    });
    (shown, hidden)
}
