//! Words that are the same, and stand elsewhere among the clauses that theirs holds.
//!
//! In: rows of two editions. Out: the same rows, in which a clause with an unnumbered paragraph that went past one of its items is
//! [`Change::Amended`]: 「以上人員」 may be others then. A clause that came or went past a paragraph has a row of its own.

use super::{Change, Placed, Row, matching::Matches, tree::Tree};
use rustc_hash::{FxHashMap, FxHashSet};

/// Marks the rows whose words stand elsewhere.
pub(super) fn mark(old: &Tree<'_>, new: &Tree<'_>, matches: &Matches, rows: &mut [Row]) {
    let moved: FxHashSet<usize> = rows.iter().filter(|row| row.placed == Placed::Moved).filter_map(|row| row.new).collect();
    for row in rows.iter_mut().filter(|row| row.change == Change::Unchanged) {
        let (Some(before), Some(after)) = (row.old, row.new) else { continue };
        let (Some(then), Some(now)) = (&old.clauses[before].places, &new.clauses[after].places) else { continue };
        let place_of: FxHashMap<usize, usize> = old.children(Some(before)).iter().copied().zip(0..).collect();
        let there = new.children(Some(after)).iter().zip(0..).filter(|(child, _)| !moved.contains(child));
        // The places of the items that both have; these are in one order.
        let stayed = there.filter_map(|(child, is)| Some((*place_of.get(&matches.of_new[*child]?)?, is)));
        let (mut was, mut is): (Vec<usize>, Vec<usize>) = stayed.unzip();
        was.sort_unstable();
        is.sort_unstable();
        let before = |places: &[usize], place: usize| places.partition_point(|item| *item < place);
        let went_past = |(then, now): (&usize, &usize)| before(&was, *then) != before(&is, *now);
        if then.len() == now.len() && then.iter().zip(now).any(went_past) {
            row.change = Change::Amended;
        }
    }
}
