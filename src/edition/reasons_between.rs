//! Why a clause has changed over several editions.
//!
//! In: editions one after another, each with the reasons for its own changes; and a row of the comparison of the first edition with the last.
//! Out: every reason that one of the editions gives for the row's clause. The clause is followed from each edition to the next by comparing the
//! two. Its id alone does not lead to it, because an id that follows from a position may be another clause's in the next edition.

use super::{Compared, Comparison, Reasons, RecordedClause, Row, compare};

/// An edition, or the sources that are to become one, on the way.
#[derive(Clone, Copy, Debug)]
pub struct Station<'a> {
    /// Its number; `None` where it has none yet.
    pub number: Option<&'a str>,
    /// What it says.
    pub clauses: &'a [RecordedClause],
}

/// The steps from one edition to a later one.
#[derive(Debug)]
pub struct Way<'a>(Vec<Step<'a>>);

/// Two editions on the way.
#[derive(Debug)]
struct Step<'a> {
    old: Station<'a>,
    new: Station<'a>,
    comparison: Comparison,
    /// The row of each clause, by index.
    row_of_old: Vec<Option<usize>>,
    row_of_new: Vec<Option<usize>>,
    reasons: Reasons,
}

impl<'a> Way<'a> {
    /// The way through all stations in their order; `reasons` says why a station differs from the one before.
    #[must_use]
    pub fn new(stations: &[Station<'a>], reasons: impl Fn(Station<'a>) -> Reasons) -> Self {
        let step = |pair: &[Station<'a>]| {
            let comparison = compare(pair[0].clauses, pair[1].clauses);
            let (mut row_of_old, mut row_of_new) = (vec![None; pair[0].clauses.len()], vec![None; pair[1].clauses.len()]);
            for (at, row) in comparison.rows.iter().enumerate() {
                row.old.into_iter().for_each(|old| row_of_old[old] = Some(at));
                row.new.into_iter().for_each(|new| row_of_new[new] = Some(at));
            }
            Step { old: pair[0], new: pair[1], comparison, row_of_old, row_of_new, reasons: reasons(pair[1]) }
        };
        Self(stations.windows(2).map(step).collect())
    }

    /// The reasons for a row of the first station compared with the last, and something that only rows with the same reasons have alike.
    #[must_use]
    pub fn find(&self, row: &Row) -> Option<(String, String)> {
        let on_the_way = row.new.map_or_else(|| self.forwards(row.old), |new| self.backwards(new));
        let (mut ids, mut reasons) = (String::new(), Vec::new());
        for (at, row) in on_the_way {
            let step = &self.0[at];
            let Some((id, reason)) = step.reasons.find(row, step.compared()).filter(|_| row.needs_reason()) else { continue };
            ids.push_str(&format!("{at} {id}\n"));
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        (!reasons.is_empty()).then(|| (ids, reasons.join("\n")))
    }

    /// What became of an old clause, step by step, up to where it was deleted.
    fn forwards(&self, old: Option<usize>) -> Vec<(usize, &Row)> {
        let (mut at, mut rows) = (old, Vec::new());
        for (nth, step) in self.0.iter().enumerate() {
            let Some(row) = at.and_then(|index| step.row_of_old[index]).map(|row| &step.comparison.rows[row]) else { break };
            rows.push((nth, row));
            at = row.new;
        }
        rows
    }

    /// From where a new clause was added, what became of it step by step.
    fn backwards(&self, new: usize) -> Vec<(usize, &Row)> {
        let (mut at, mut rows) = (Some(new), Vec::new());
        for (nth, step) in self.0.iter().enumerate().rev() {
            let Some(row) = at.and_then(|index| step.row_of_new[index]).map(|row| &step.comparison.rows[row]) else { break };
            rows.push((nth, row));
            at = row.old;
        }
        rows.reverse();
        rows
    }
}

impl Step<'_> {
    fn compared(&self) -> Compared<'_> {
        Compared {
            old: self.old.clauses,
            new: self.new.clauses,
            comparison: &self.comparison,
            old_number: self.old.number.unwrap_or_default(),
            new_number: self.new.number,
        }
    }
}
