//! Clauses by the numbers that are printed.
//!
//! In: a plan whose clauses are numbered. Out: the id of the clause that somebody called by its number, as in `[[玖二(一)]]`, for advice. A number
//! that several parts have leads nowhere: nobody knows which clause was meant.

use super::Plan;
use rustc_hash::FxHashMap;

/// The id of each clause by its number; `None` for a number of several.
pub(super) struct Called(FxHashMap<String, Option<String>>);

impl Called {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut ids: FxHashMap<String, Option<String>> = FxHashMap::default();
        let mut add = |number: &str, id: &str| {
            ids.entry(key(number)).and_modify(|known| *known = None).or_insert_with(|| Some(id.to_owned()));
        };
        for index in plan.present() {
            let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
            add(&facts.number.short(chapter.kind, plan.style()), &chapter.id);
            for clause in facts.clauses.iter() {
                add(&clause.number().short(chapter.kind, plan.style()), &clause.anchor());
            }
        }
        Self(ids)
    }

    /// The id of the clause with a number, however that is written.
    pub(super) fn id(&self, number: &str) -> Option<&str> {
        self.0.get(&key(number))?.as_deref()
    }
}

/// A number as it is compared: 「第玖章二、（二）」 is 玖二(二).
fn key(number: &str) -> String {
    let sign = |c: char| match c {
        '（' => Some('('),
        '）' => Some(')'),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        '第' | '章' | '、' | '．' | '.' | '點' => None,
        c => Some(c).filter(|c| !c.is_whitespace()),
    };
    number.chars().filter_map(sign).collect()
}
