//! Where the clauses of older editions stand now.
//!
//! In: the steps from each edition to the next. Out: for each edition that is not the present one `editions/NUMBER.js`, a small script that
//! knows where its clauses stand now and in which editions their words were amended.

use super::{RenderError, Renderer, editions::Step};
use crate::{
    edition::{Address, Change, RecordedClause, are_variants, compare, is_struck},
    site::{File, Sink},
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// What became of a clause.
pub(super) enum Now<'s> {
    /// It is that one, and these steps gave it other words.
    Stands(usize, Vec<&'s str>),
    /// This step deleted it.
    Gone(usize),
}

impl Renderer<'_> {
    /// Writes for each edition that is not the present one where its clauses stand now, and which tables amended their words.
    pub(super) fn addresses(&self, steps: &[Step<'_>], whereabouts: &[Vec<Now<'_>>], sink: &dyn Sink) -> Result<(), RenderError> {
        let Some(last) = steps.last() else { return Ok(()) };
        let pages = self.pages_of(last.new);
        let after = chapters_of(last.new);
        steps.par_iter().zip(whereabouts).try_for_each(|(step, whereabouts)| {
            let (before, mut entries) = (chapters_of(step.old), Vec::new());
            for (index, now) in whereabouts.iter().enumerate() {
                let clause = &step.old[index];
                let id = clause.id.as_str();
                let entry = match now {
                    Now::Stands(now, amended) => {
                        let (now, new) = (*now, &last.new[*now]);
                        let is_elsewhere = match (&before[index].part, &after[now].part) {
                            (Some(then), Some(now)) => !are_variants(then, now),
                            // Where one side names no parts, nobody knows whether it is another one; a number that is another now needs its part.
                            _ => clause.short != new.short,
                        };
                        let [then, is] = [(before[index], clause), (after[now], new)].map(|(chapter, clause)| {
                            let part = chapter.part.as_ref().filter(|_| is_elsewhere);
                            part.map_or_else(|| clause.short.clone(), |part| format!("{part} {}", clause.short))
                        });
                        let stands = (id, &then, &before[index].id) == (new.id.as_str(), &is, &after[now].id);
                        // Who cites its number quotes its words: both must be the same for nothing to be said.
                        if stands && amended.is_empty() {
                            continue;
                        }
                        let Some(page) = pages.get(new.id.as_str()) else { continue };
                        let address = format!("{page}#{}", new.id);
                        // Its number is kept and nothing else: the last table that gave it other words took them out.
                        if let Some(by) = amended.last().filter(|_| is_struck(new) && !is_struck(clause)) {
                            entries.push(format!("{}:{}", serde_json::json!(id), serde_json::json!([address, then, null, [by]])));
                            continue;
                        }
                        if amended.is_empty() {
                            serde_json::json!([address, then, is])
                        } else {
                            serde_json::json!([address, then, is, amended])
                        }
                    }
                    Now::Gone(at) => serde_json::json!([null, clause.short, format!("editions/{}", steps[*at].href())]),
                };
                entries.push(format!("{}:{entry}", serde_json::json!(id)));
            }
            let number = step.old_number;
            let text = format!("planpressEdition({}, {{\n{}\n}});\n", serde_json::json!(number), entries.join(",\n"));
            Ok(sink.accept(File { path: &format!("editions/{number}.js"), bytes: text.as_bytes() })?)
        })
    }
}

/// What became of the old clauses of each step after the last one.
pub(super) fn whereabouts<'s>(steps: &'s [Step<'_>]) -> Vec<Vec<Now<'s>>> {
    let amended: Vec<Vec<bool>> = steps.iter().map(amended).collect();
    (0..steps.len()).into_par_iter().map(|from| whereabouts_of(steps, &amended, from)).collect()
}

/// What became of one step's old clauses after the last one; `amended` says of each step which clauses it gave other words.
fn whereabouts_of<'s>(steps: &'s [Step<'_>], amended: &[Vec<bool>], from: usize) -> Vec<Now<'s>> {
    let (Some(first), Some(last)) = (steps.get(from), steps.last()) else { return Vec::new() };
    let mut all: Vec<Now<'s>> = (0..first.old.len()).map(|index| followed(steps, amended, from, index)).collect();
    // What an earlier step than the last one deleted may have come back, as what a condition takes out does.
    if !all.iter().any(|now| matches!(now, Now::Gone(at) if at + 1 < steps.len())) {
        return all;
    }
    let taken: FxHashSet<usize> = all.iter().filter_map(|now| if let Now::Stands(now, _) = now { Some(*now) } else { None }).collect();
    let old_of_new: Vec<Vec<Option<usize>>> = steps[from..].iter().map(old_of_new).collect();
    for row in compare(first.old, last.new).rows {
        let (Some(before), Some(after)) = (row.old, row.new) else { continue };
        // A written id is the same clause, whatever it says; another one must say what it said.
        let is_written = first.old[before].address == Address::Explicit && first.old[before].id == last.new[after].id;
        let says_it = matches!(row.change, Change::Unchanged | Change::Followed);
        if matches!(all[before], Now::Gone(_)) && (is_written || says_it && !taken.contains(&after)) {
            // The step that brought it back, and where it put it.
            let (mut came, mut there) = (from, after);
            for (at, old_of_new) in old_of_new.iter().enumerate().rev() {
                came = from + at;
                match old_of_new[there] {
                    Some(old) => there = old,
                    None => break,
                }
            }
            let is_same = says_it || are_variants(&first.old[before].words(), &steps[came].new[there].words());
            let mut names: Vec<&str> = if is_same { Vec::new() } else { vec![steps[came].name()] };
            if let Now::Stands(_, since) = followed(steps, amended, came + 1, there) {
                names.extend(since);
            }
            all[before] = Now::Stands(after, names);
        }
    }
    all
}

/// What an old clause of a step has become after the last one; behind that, itself.
fn followed<'s>(steps: &'s [Step<'_>], amended: &[Vec<bool>], from: usize, index: usize) -> Now<'s> {
    let (mut now, mut names) = (index, Vec::new());
    for (at, (step, amended)) in steps.iter().zip(amended).enumerate().skip(from) {
        names.extend(amended[now].then(|| step.name()));
        match step.comparison.new_of_old[now] {
            Some(next) => now = next,
            None => return Now::Gone(at),
        }
    }
    Now::Stands(now, names)
}

/// Whether each old clause of a step has other words afterwards.
fn amended(step: &Step<'_>) -> Vec<bool> {
    let mut amended = vec![false; step.old.len()];
    let changed = step.comparison.rows.iter().filter(|row| matches!(row.change, Change::Amended | Change::Struck));
    changed.filter_map(|row| row.old).for_each(|old| amended[old] = true);
    amended
}

/// The old clause that each new one of a step was.
fn old_of_new(step: &Step<'_>) -> Vec<Option<usize>> {
    let mut old_of_new = vec![None; step.new.len()];
    for (old, new) in step.comparison.new_of_old.iter().enumerate() {
        if let Some(new) = new {
            old_of_new[*new] = Some(old);
        }
    }
    old_of_new
}

/// The chapter or annex in which each clause stands.
fn chapters_of(clauses: &[RecordedClause]) -> Vec<&RecordedClause> {
    let mut chapters: Vec<&RecordedClause> = Vec::with_capacity(clauses.len());
    for clause in clauses {
        let above = chapters.last().copied().filter(|_| clause.depth > 0);
        chapters.push(above.unwrap_or(clause));
    }
    chapters
}
