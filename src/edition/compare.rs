//! What changed between two editions.
//!
//! In: the clauses of both, each from a record or from a plan. Out: [`Comparison`], a row for every clause of either side in the order of the
//! new one, deleted clauses where they stood. Nothing but the clauses counts, so that any two editions can be compared at any time.

use super::{
    RecordedClause, beside,
    clause::listed_as,
    following,
    matching::{Matches, matches},
    order,
    part::{Kept, Parts},
    tree::Tree,
    variant,
};
use crate::resolve::{Says, is_struck_title};
use rustc_hash::FxHashSet;

/// What became of a clause's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// They are the same but for width and white space.
    Unchanged,
    /// They differ, or stand elsewhere among the clauses that it holds.
    Amended,
    /// They differ only in the numbers of other clauses, which have others now.
    Followed,
    /// The clause is new.
    Added,
    /// The clause is gone.
    Deleted,
    /// Its number stays and says 「（刪除）」.
    Struck,
}

/// What became of a clause's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It has the number it had, or only what holds it has another.
    Same,
    /// It stands where it stood and has another number, or its part another title.
    Renumbered,
    /// It stands elsewhere.
    Moved,
}

/// One clause, on one side or on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The old clause, by index.
    pub old: Option<usize>,
    /// The new clause, by index.
    pub new: Option<usize>,
    /// What became of its words.
    pub change: Change,
    /// What became of its place.
    pub placed: Placed,
}

impl Row {
    /// Whether it belongs into an amendment table.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.change != Change::Unchanged || self.placed != Placed::Same
    }

    /// Whether somebody decided it; another number alone, its own or one that it names, follows from other changes.
    #[must_use]
    pub fn needs_reason(&self) -> bool {
        !matches!(self.change, Change::Unchanged | Change::Followed) || self.placed == Placed::Moved
    }
}

/// What changed between two editions.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Every clause, in the order of the new edition.
    pub rows: Vec<Row>,
    /// The new clause that each old one has become, by index.
    pub new_of_old: Vec<Option<usize>>,
    /// What holds each old clause.
    pub old_parents: Vec<Option<usize>>,
    /// What holds each new clause.
    pub new_parents: Vec<Option<usize>>,
    /// The deleted clauses whose id is now that of another one whose reason may stand under it.
    pub shared: FxHashSet<usize>,
}

/// Compares two editions.
#[must_use]
pub fn compare(old: &[RecordedClause], new: &[RecordedClause]) -> Comparison {
    let (old, new) = (listed_as(old, new), listed_as(new, old));
    let (old, new) = rayon::join(|| Tree::new(&old), || Tree::new(&new));
    let matches = matches(&old, &new);
    let mut rows = Rows {
        old: &old,
        new: &new,
        placed: placed(&old, &new, &matches),
        gone: Gone::new(&old, &new, &matches),
        matches,
        out: Vec::new(),
    };
    rows.below(None);
    let Rows { out: mut rows, matches, .. } = rows;
    following::mark(&old, &new, &mut rows);
    order::mark(&old, &new, &matches, &mut rows);
    beside::mark(&old, &new, &mut rows);
    let shared = shared(&old, &new, &rows);
    Comparison { rows, new_of_old: matches.of_old, old_parents: old.parents, new_parents: new.parents, shared }
}

/// The deleted clauses whose id a new clause has that changed, or that holds one: positions shift.
fn shared(old: &Tree<'_>, new: &Tree<'_>, rows: &[Row]) -> FxHashSet<usize> {
    let deleted = || rows.iter().filter(|row| row.new.is_none()).filter_map(|row| row.old);
    if deleted().next().is_none() {
        return FxHashSet::default();
    }
    let mut explained: FxHashSet<&str> = FxHashSet::default();
    for changed in rows.iter().filter(|row| row.needs_reason()).filter_map(|row| row.new) {
        let upwards = std::iter::successors(Some(changed), |index| new.parents[*index]);
        // Above one that was met before everything was.
        let _ = upwards.map(|index| new.clauses[index].id.as_str()).take_while(|id| explained.insert(id)).count();
    }
    deleted().filter(|index| explained.contains(old.clauses[*index].id.as_str())).collect()
}

/// Whether a clause says of itself that it was deleted: 「（刪除）」 for all its words, or after its title.
#[must_use]
pub fn is_struck(clause: &RecordedClause) -> bool {
    clause.says() == Says::Deleted || is_struck_title(&clause.title)
}

/// What became of the place of each new clause.
fn placed(old: &Tree<'_>, new: &Tree<'_>, matches: &Matches) -> Vec<Placed> {
    let mut placed = vec![Placed::Same; new.clauses.len()];
    let parts = Parts::new(old, new, matches);
    for parent in std::iter::once(None).chain((0..new.clauses.len()).map(Some)) {
        let old_parent = parent.map(|parent| matches.of_new[parent]);
        let stayed =
            |partner: usize| old_parent.map_or(old.parents[partner].is_none(), |held| held.is_some() && old.parents[partner] == held);
        let mut brothers: Vec<(usize, usize, Kept)> = Vec::new();
        for child in new.children(parent) {
            let Some(partner) = matches.of_new[*child] else { continue };
            match parts.kept(&old.clauses[partner], &new.clauses[*child]) {
                kept @ (Kept::Same | Kept::Retitled) if stayed(partner) => brothers.push((*child, partner, kept)),
                _ => placed[*child] = Placed::Moved,
            }
        }
        // Parts may change places with all that they hold.
        for brothers in brothers.chunk_by(|one, next| new.clauses[one.0].part == new.clauses[next.0].part) {
            let labelled = brothers.iter().map(|(child, partner, _)| {
                let is_same = variant::are_variants(&old.clauses[*partner].label, &new.clauses[*child].label);
                (*partner, is_same)
            });
            let labelled: Vec<(usize, bool)> = labelled.collect();
            for (((child, _, kept), (_, same_label)), in_order) in brothers.iter().zip(&labelled).zip(longest_rise(&labelled)) {
                placed[*child] = match (in_order, same_label, kept) {
                    // What went past another one may have the number that it had: somebody moved it all the same.
                    (false, ..) => Placed::Moved,
                    (true, true, Kept::Same) => Placed::Same,
                    (true, ..) => Placed::Renumbered,
                };
            }
        }
    }
    placed
}

/// Which of some brothers, each with its old place and whether it has the label that it had, belong to the longest row of them that rises. Of
/// equally long ones that counts in which the most have their label: nobody says of what keeps its number that it was moved if another was.
fn longest_rise(brothers: &[(usize, bool)]) -> Vec<bool> {
    let mut places: Vec<usize> = brothers.iter().map(|(old, _)| *old).collect();
    places.sort_unstable();
    // A binary indexed tree of the best rows that end at a place or before: how long, how many keep their label, and who ends it.
    let mut best: Vec<(usize, usize, Option<usize>)> = vec![(0, 0, None); brothers.len() + 1];
    let mut before = Vec::with_capacity(brothers.len());
    for (at, (old, same_label)) in brothers.iter().enumerate() {
        let rank = places.partition_point(|other| other < old);
        let (mut lower, mut found) = (rank, (0, 0, None));
        while lower > 0 {
            found = found.max(best[lower]);
            lower &= lower - 1;
        }
        let (length, same, end) = found;
        before.push(end);
        let (mut upper, own) = (rank + 1, (length + 1, same + usize::from(*same_label), Some(at)));
        while upper < best.len() {
            best[upper] = best[upper].max(own);
            upper += upper & upper.wrapping_neg();
        }
    }
    let mut rises = vec![false; brothers.len()];
    let mut next = best.into_iter().max().and_then(|(.., end)| end);
    while let Some(at) = next {
        rises[at] = true;
        next = before[at];
    }
    rises
}

/// Deleted clauses, by what they stood behind.
struct Gone {
    /// At the very beginning.
    first: Vec<usize>,
    /// Before everything that a new clause holds.
    inside: Vec<Vec<usize>>,
    /// After a new clause and everything that it holds.
    after: Vec<Vec<usize>>,
}

impl Gone {
    fn new(old: &Tree<'_>, new: &Tree<'_>, matches: &Matches) -> Self {
        let none = || vec![Vec::new(); new.clauses.len()];
        let mut gone = Self { first: Vec::new(), inside: none(), after: none() };
        for parent in std::iter::once(None).chain((0..old.clauses.len()).map(Some)) {
            // What stood in a deleted clause follows it.
            let held = parent.map(|parent| matches.of_old[parent]);
            if held == Some(None) {
                continue;
            }
            let held = held.flatten();
            let mut behind = None;
            for child in old.children(parent) {
                match matches.of_old[*child] {
                    // A clause that stands elsewhere now is no landmark.
                    Some(partner) if new.parents[partner] == held => behind = Some(partner),
                    Some(_) => {}
                    None => match (behind, held) {
                        (Some(partner), _) => gone.after[partner].push(*child),
                        (None, Some(held)) => gone.inside[held].push(*child),
                        (None, None) => gone.first.push(*child),
                    },
                }
            }
        }
        gone
    }
}

/// Writes the rows.
struct Rows<'a> {
    old: &'a Tree<'a>,
    new: &'a Tree<'a>,
    matches: Matches,
    placed: Vec<Placed>,
    gone: Gone,
    out: Vec<Row>,
}

impl Rows<'_> {
    /// Everything that a new clause holds; of none, all.
    fn below(&mut self, parent: Option<usize>) {
        let first = parent.map_or_else(|| std::mem::take(&mut self.gone.first), |parent| std::mem::take(&mut self.gone.inside[parent]));
        self.deleted(&first);
        let new = self.new;
        for child in new.children(parent) {
            self.out.push(self.row(*child));
            self.below(Some(*child));
            let after = std::mem::take(&mut self.gone.after[*child]);
            self.deleted(&after);
        }
    }

    fn row(&self, new: usize) -> Row {
        let old = self.matches.of_new[new];
        let change = match old {
            None => Change::Added,
            Some(old) if self.old.own[old].digest == self.new.own[new].digest => Change::Unchanged,
            Some(old) if is_struck(&self.new.clauses[new]) && !is_struck(&self.old.clauses[old]) => Change::Struck,
            Some(_) => Change::Amended,
        };
        Row { old, new: Some(new), change, placed: self.placed[new] }
    }

    fn deleted(&mut self, all: &[usize]) {
        let old = self.old;
        for index in all {
            if self.matches.of_old[*index].is_none() {
                self.out.push(Row { old: Some(*index), new: None, change: Change::Deleted, placed: Placed::Same });
            }
            // What it held may stand elsewhere now.
            let held: Vec<usize> =
                old.children(Some(*index)).iter().copied().filter(|child| self.matches.of_old[*child].is_none()).collect();
            self.deleted(&held);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::Address;

    /// Clauses from lines: a space for each level of depth, an id or `-`, a label and the words.
    fn edition(lines: &str) -> Vec<RecordedClause> {
        let clause = |(place, line): (usize, &str)| {
            let depth = line.len() - line.trim_start().len();
            let parts: Vec<&str> = line.trim_start().splitn(3, ' ').collect();
            let explicit = parts[0] != "-";
            RecordedClause {
                id: if explicit { parts[0].into() } else { format!("at.{place}") },
                address: if explicit { Address::Explicit } else { Address::Positional },
                number: parts[1].into(),
                short: parts[1].into(),
                label: parts[1].into(),
                depth: u8::try_from(depth).expect("a small depth"),
                part: None,
                title: String::new(),
                text: vec![parts.get(2).copied().unwrap_or_default().into()],
                places: None,
                notes: Vec::new(),
                beside: None,
            }
        };
        lines.lines().enumerate().map(clause).collect()
    }

    /// What changed, a line each: the old label, the new one, and what it is.
    fn table(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (edition(old), edition(new));
        let label = |side: &[RecordedClause], at: Option<usize>| at.map_or("–".into(), |at| side[at].label.clone());
        let changed = compare(&old, &new).rows.into_iter().filter(Row::is_changed);
        changed
            .map(|row| format!("{} {} {:?} {:?}", label(&old, row.old), label(&new, row.new), row.change, row.placed))
            .collect()
    }

    #[test]
    fn a_new_clause_renumbers_its_brothers_and_not_what_they_hold() {
        let old = "a 壹 總則\n s 一 適用範圍為全機關\n  - 1 資訊單位應每年檢討\n t 二 實施日期另定之\n  - 1 自核定日起實施";
        let new =
            "a 壹 總則\n n 一 名詞定義如下表\n s 二 適用範圍為全機關\n  - 1 資訊單位應每年檢討\n t 三 實施日期另定之\n  - 1 自核定日起實施";
        assert_eq!(table(old, new), ["– 一 Added Same", "一 二 Unchanged Renumbered", "二 三 Unchanged Renumbered"]);
    }

    #[test]
    fn what_went_past_another_was_moved_whatever_number_it_has_now() {
        let old = "a 壹 總則\n - 1 通行碼長度八碼以上\n - 2 機房門禁紀錄保存一年\n - 3 委外廠商應簽保密切結書";
        let new = "a 壹 總則\n n 1 志工應受訓練\n - 2 機房門禁紀錄保存一年\n - 3 通行碼長度八碼以上\n - 4 委外廠商應簽保密切結書";
        assert_eq!(table(old, new), ["– 1 Added Same", "1 3 Unchanged Moved", "3 4 Unchanged Renumbered"]);
        let old = "a 壹\n p 1 甲\n q 2 乙\n s 3 丙\n t 4 丁\n u 5 戊\n v 6 己";
        let new = "a 壹\n t 1 丁\n u 2 戊\n s 3 丙\n v 4 己";
        let moved: Vec<_> = table(old, new).into_iter().filter(|row| row.ends_with("Moved")).collect();
        assert_eq!(moved, ["3 3 Unchanged Moved"]);
    }

    #[test]
    fn a_positional_id_says_nothing() {
        let old = "a 壹 總則\n - 1 通行碼長度八碼以上\n - 2 機房門禁紀錄保存一年";
        let new = "a 壹 總則\n - 1 機房門禁紀錄保存一年\n - 2 通行碼長度十二碼以上";
        assert_eq!(table(old, new), ["2 1 Unchanged Moved", "1 2 Amended Renumbered"]);
    }

    #[test]
    fn a_deleted_clause_stands_where_it_stood_with_what_it_held() {
        let old = "a 壹 總則\n - 1 通行碼長度八碼以上\n - 2 機房門禁\n  - (1) 紀錄保存一年以上\n - 3 委外廠商應簽保密切結書";
        let new = "a 壹 總則\n - 1 通行碼長度八碼以上\n - 2 委外廠商應簽保密切結書";
        assert_eq!(table(old, new), ["2 – Deleted Same", "(1) – Deleted Same", "3 2 Unchanged Renumbered"]);
        let first = "a 壹 總則\n - 1 機房門禁\n  - (1) 紀錄保存一年以上\n - 2 委外廠商應簽保密切結書";
        assert_eq!(table(old, first)[0], "1 – Deleted Same");
    }

    #[test]
    fn a_clause_is_known_again_elsewhere() {
        let old = "a 壹 甲\n - 1 委外廠商應簽署保密切結書並留存備查\n - 2 其他事項\nb 貳 乙\n - 1 資訊單位應每年檢討";
        let new = "a 壹 甲\n - 1 其他事項\nb 貳 乙\n - 1 資訊單位應每年檢討\n - 2 委外廠商均應簽署保密切結書並留存備查";
        assert_eq!(table(old, new), ["2 1 Unchanged Renumbered", "1 2 Amended Moved"]);
    }

    #[test]
    fn a_written_id_is_kept_through_any_change() {
        let old = "a 壹 甲\n x 1 完全不同的文字\nb 貳 乙";
        assert_eq!(table(old, "a 壹 甲\nb 貳 乙\n x 1 臺北市政府"), ["1 1 Amended Moved"]);
        assert_eq!(table(old, "a 壹 甲\n x 1 （刪除）\nb 貳 乙"), ["1 1 Struck Same"]);
    }

    #[test]
    fn a_number_that_is_kept_for_a_deleted_clause_is_known_by_itself() {
        let (old, new) = ("a 壹 甲\n - 1 應登記\n - 2 不得共用帳號\n - 3 應上鎖", "a 壹 甲\n - 1 應登記\n - 2 （刪除）\n - 3 應上鎖");
        assert_eq!(table(old, new), ["2 2 Struck Same"]);
        assert!(table(new, new).is_empty());
    }

    #[test]
    fn a_reference_that_follows_a_number_is_no_amendment() {
        let old = "a 壹 總則\n s 壹一 適用範圍為全機關\nb 貳 依壹一及壹一1辦理";
        let new = "a 壹 總則\n n 壹一 名詞定義如下表\n s 壹二 適用範圍為全機關\nb 貳 依壹二及壹二1辦理";
        let rows = ["– 壹一 Added Same", "壹一 壹二 Unchanged Renumbered", "貳 貳 Followed Same"];
        assert_eq!(table(old, new), rows);
        assert_eq!(table(old, &new.replace("及壹二1", "或壹二1"))[2], "貳 貳 Amended Same");
        assert_eq!(table(old, &new.replace("依壹二", "依壹一"))[2], "貳 貳 Amended Same", "the reference stayed behind");
    }

    #[test]
    fn a_numeral_among_other_words_is_no_reference() {
        let old = "b 壹 總則\n - 壹1 每次裁處新臺幣壹萬元\nc 貳 細則\n - 貳1 依壹1及參考手冊辦理\nd 參 附則";
        let new = "a 壹 名詞\nb 貳 總則\n - 貳1 每次裁處新臺幣貳萬元\nc 參 細則\n - 參1 依貳1及參考手冊辦理\nd 肆 附則";
        let changes: Vec<_> = table(old, new).into_iter().filter(|row| !row.contains("Unchanged")).collect();
        assert_eq!(changes, ["– 壹 Added Same", "壹1 貳1 Amended Renumbered", "貳1 參1 Followed Renumbered"]);
    }

    #[test]
    fn width_is_no_change() {
        assert!(table("a 壹 臺北市：○○", "a 壹 台北市︰００").is_empty());
    }

    #[test]
    fn the_longest_rise_leaves_out_as_few_as_it_can() {
        let rise = |places: &[usize]| longest_rise(&places.iter().map(|place| (*place, false)).collect::<Vec<_>>());
        assert_eq!(rise(&[3, 0, 1, 2]), [false, true, true, true]);
        assert_eq!(rise(&[0, 2, 1, 3]).into_iter().filter(|rises| *rises).count(), 3);
        assert!(rise(&[]).is_empty());
    }
}
