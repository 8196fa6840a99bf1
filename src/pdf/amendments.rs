//! The amendment table of the printed edition.
//!
//! In: a plan, its editions and what has changed since the latest. Out: the table from the edition before to this one, or from the latest to
//! the sources while they differ; nothing in a first edition. It is the table of the site, whose words are worked out elsewhere.

use crate::{
    edition::{Amendment, Compared, Editions, Reasons, Row, compare},
    resolve::Plan,
    source::Sources,
    view::{ComparisonView, Table},
};

pub(super) fn table(plan: &Plan, editions: &Editions, amendment: Option<&Amendment>, sources: &Sources) -> Option<ComparisonView> {
    let view = |title: &str, old_title: &str, compared: Compared<'_>| {
        let reasons = Reasons::for_edition(sources, editions, compared.new_number);
        let reason = |row: &Row| row.needs_reason().then(|| reasons.found(row, compared)).flatten();
        Table { plan, title, old_title, compared, reason: &reason, all: false }.view(|_| None)
    };
    match (editions.records.as_slice(), amendment) {
        ([.., latest], Some(amendment)) => Some(view(&plan.full_title(), &latest.title, amendment.compared(latest))),
        ([.., before, latest], None) => {
            let comparison = compare(&before.clauses, &latest.clauses);
            let compared = Compared {
                old: &before.clauses,
                new: &latest.clauses,
                comparison: &comparison,
                old_number: &before.number,
                new_number: Some(&latest.number),
            };
            Some(view(&latest.title, &before.title, compared))
        }
        _ => None,
    }
}
