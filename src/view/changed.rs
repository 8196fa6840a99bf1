//! What has changed since the latest approved edition, in a few words.
//!
//! In: a plan and its amendment. Out: [`ChangedView`], the numbers of the clauses that somebody changed. Every page and the printed cover say
//! them, so that nobody takes a changed plan for the approved one; the whole is in the amendment table.

use crate::{
    edition::{Amendment, Record},
    resolve::Plan,
};
use serde::Serialize;

/// How many clauses are named.
const NAMED: usize = 12;

/// What has changed since the latest approved edition.
#[derive(Serialize)]
pub struct ChangedView {
    /// The first clauses that were amended, added, deleted or moved, in printed order.
    pub clauses: Vec<ChangedClause>,
    /// How many more there are.
    pub more: usize,
    /// Whether others have another number, or name one: the table has rows of which nobody decided anything.
    pub numbers: bool,
}

/// One changed clause.
#[derive(Serialize)]
pub struct ChangedClause {
    /// The title of the part that it stands in, where that of the one before it is another.
    pub part: Option<String>,
    /// Its number as links have it.
    pub number: String,
    /// Where it stands, from the top; nowhere if it was deleted.
    pub href: Option<String>,
}

impl ChangedView {
    pub(super) fn new(plan: &Plan, latest: &Record, amendment: &Amendment) -> Self {
        let (all, others): (Vec<_>, Vec<_>) = amendment.changed(&latest.clauses).partition(|(row, _)| row.needs_reason());
        let compared = amendment.compared(latest);
        let mut above = None;
        let named = all.iter().take(NAMED).map(|(row, clause)| {
            let part = compared.part(row);
            let told = part.filter(|part| above != Some(*part)).map(str::to_owned);
            above = part;
            ChangedClause { part: told, number: clause.short.clone(), href: row.new.and_then(|_| address(plan, &clause.id)) }
        });
        Self { clauses: named.collect(), more: all.len().saturating_sub(NAMED), numbers: !others.is_empty() }
    }
}

/// The address of a clause from the top.
fn address(plan: &Plan, id: &str) -> Option<String> {
    let place = plan.targets.find(id, &plan.facts)?;
    let chapter = &plan.chapters[place.chapter as usize];
    Some(format!("{}#{id}", chapter.kind.page(&chapter.id)))
}
