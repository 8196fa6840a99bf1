//! Why a page is another one than before.
//!
//! In: two compiles of one project, and the pages that came out otherwise. Out: for each the nearest [`Cause`]. Nothing is rendered here,
//! and nothing depends on it: it is told to whoever wants to know.

use crate::{compile::Compiled, source::Sources};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Why a page changed, the nearest cause first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Its own file changed, or is new.
    OwnText,
    /// It is gone.
    Gone,
    /// The theme changed.
    Theme,
    /// `plan.yaml` changed.
    Settings,
    /// A data file changed.
    Data,
    /// It gathers chapters, and what it gathers changed.
    Gathers,
    /// It cites, lists or stands beside something whose number, title or citations changed.
    Refers,
}

/// The pages that changed, by cause.
pub(super) fn causes(before: &Compiled, now: &Compiled, changed: &BTreeSet<String>) -> BTreeMap<Cause, Vec<String>> {
    let pages = |compiled: &Compiled| -> BTreeMap<String, usize> {
        let chapters = compiled
            .plan
            .present()
            .map(|index| (compiled.plan.chapters[index].kind, &compiled.plan.chapters[index].id, index));
        chapters.map(|(kind, id, index)| (kind.page(id), index)).collect()
    };
    let (old_pages, new_pages) = (pages(before), pages(now));
    let known: BTreeSet<_> = before.plan.chapters.iter().map(Arc::as_ptr).collect();
    let settings =
        |sources: &Sources| [sources.named("plan.yaml"), sources.base_plan()].map(|file| file.map(|file| sources.file(file).digest));
    let of_all = if !Arc::ptr_eq(&before.theme, &now.theme) {
        Some(Cause::Theme)
    } else if settings(&before.sources) != settings(&now.sources) {
        Some(Cause::Settings)
    } else if !Arc::ptr_eq(&before.plan.data, &now.plan.data) {
        Some(Cause::Data)
    } else {
        None
    };
    let cause = |page: &String| match new_pages.get(page) {
        Some(index) if !known.contains(&Arc::as_ptr(&now.plan.chapters[*index])) => Cause::OwnText,
        None if old_pages.contains_key(page) => Cause::Gone,
        Some(_) => of_all.unwrap_or(Cause::Refers),
        None => of_all.unwrap_or(Cause::Gathers),
    };
    let mut causes: BTreeMap<Cause, Vec<String>> = BTreeMap::new();
    for page in changed {
        causes.entry(cause(page)).or_default().push(page.clone());
    }
    causes
}
