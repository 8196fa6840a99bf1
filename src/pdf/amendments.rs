//! The amendment table of the printed edition.
//!
//! In: a plan, its editions and what has changed since the latest. Out: the table from the edition before to this one, or from the latest to
//! the sources while they differ; nothing in a first edition. It is the table of the site, whose words are worked out elsewhere.

use crate::{
    edition::{Amendment, Compared, Editions, Reasons, Row, compare, next_number},
    resolve::Plan,
    source::Sources,
    view::{ComparisonView, SiteView, Table, full_title},
};

pub(super) fn table(plan: &Plan, editions: &Editions, amendment: Option<&Amendment>, sources: &Sources) -> Option<ComparisonView> {
    let view = |old_number: &str, new_number: Option<&str>, title: &str, compared: Compared<'_>| {
        let number = new_number.or_else(|| next_number(sources, editions));
        let (reasons, _) = number.map(|number| Reasons::of(sources, number)).unwrap_or_default();
        let reason = |row: &Row| reasons.found(row, compared);
        let table = Table { plan, title, old_number, new_number, compared, reason: &reason, all: false };
        table.view(|_| None)
    };
    match (editions.records.as_slice(), amendment) {
        ([.., latest], Some(amendment)) => {
            Some(view(&latest.number, None, &full_title(&SiteView::new(plan, editions)), amendment.compared(latest)))
        }
        ([.., before, latest], None) => {
            let comparison = compare(&before.clauses, &latest.clauses);
            let compared = Compared {
                old: &before.clauses,
                new: &latest.clauses,
                comparison: &comparison,
                old_number: &before.number,
                is_approved: true,
            };
            Some(view(&before.number, Some(&latest.number), &latest.title, compared))
        }
        _ => None,
    }
}
