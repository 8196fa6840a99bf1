//! Which part of one edition is which of the other.
//!
//! In: two trees, and which clause is which. Out: [`Parts`], which says of a chapter or an annex whether it is still in the part that it was in.
//! A part is known again by its title or, where that is another, by most of what it holds; records of plans in one part, and those of
//! earlier programs, name none, and then nothing is known.

use super::{RecordedClause, matching::Matches, tree::Tree, variant};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// What became of the part of a chapter or an annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is in the part that it was in, as far as is known.
    Same,
    /// That part has another title.
    Retitled,
    /// It is in another part.
    Other,
}

/// The parts that both editions have: the new title of each old one.
pub(super) struct Parts(FxHashMap<String, String>);

impl Parts {
    pub(super) fn new(old: &Tree<'_>, new: &Tree<'_>, matches: &Matches) -> Self {
        // How much of each old part is in each new one, in the order of the new edition.
        let mut shared: Vec<((String, String), usize)> = Vec::new();
        let mut place_of: FxHashMap<(String, String), usize> = FxHashMap::default();
        for chapter in new.children(None) {
            let Some(before) = matches.of_new[*chapter] else { continue };
            let Some(pair) = titles(&old.clauses[before], &new.clauses[*chapter]) else { continue };
            let place = *place_of.entry(pair.clone()).or_insert(shared.len());
            match shared.get_mut(place) {
                Some((_, count)) => *count += 1,
                None => shared.push((pair, 1)),
            }
        }
        shared.sort_by_key(|((before, after), count)| (before != after, Reverse(*count)));
        let (mut new_of_old, mut taken) = (FxHashMap::default(), FxHashSet::default());
        for ((before, after), _) in shared {
            if !new_of_old.contains_key(&before) && taken.insert(after.clone()) {
                new_of_old.insert(before, after);
            }
        }
        Self(new_of_old)
    }

    /// What became of the part of a chapter or an annex.
    pub(super) fn kept(&self, before: &RecordedClause, after: &RecordedClause) -> Kept {
        match titles(before, after) {
            Some((before, after)) if self.0.get(&before) != Some(&after) => Kept::Other,
            Some((before, after)) if before != after => Kept::Retitled,
            _ => Kept::Same,
        }
    }
}

/// The titles of the parts of a chapter on both sides, but for width.
fn titles(before: &RecordedClause, after: &RecordedClause) -> Option<(String, String)> {
    let key = |clause: &RecordedClause| clause.part.as_deref().map(variant::key);
    key(before).zip(key(after))
}

#[cfg(test)]
mod tests {
    use crate::edition::{Address, Change, Placed, RecordedClause, Row, compare};

    /// Clauses from lines: a part's title stands alone behind `#`; a chapter's line is its id, number and words, an item's begins with a space.
    fn edition(lines: &str) -> Vec<RecordedClause> {
        let (mut part, mut chapter) = (None, String::new());
        let mut all = Vec::new();
        for line in lines.lines() {
            if let Some(title) = line.strip_prefix('#') {
                part = Some(title.trim().to_owned());
                continue;
            }
            let is_item = line.starts_with(' ');
            let words: Vec<&str> = line.trim().splitn(3, ' ').collect();
            if !is_item {
                words[1].clone_into(&mut chapter);
            }
            let short = if is_item { chapter.clone() + words[1] } else { chapter.clone() };
            all.push(RecordedClause {
                id: words[0].into(),
                address: Address::Explicit,
                number: short.clone(),
                short,
                label: words[1].into(),
                depth: u8::from(is_item),
                part: part.clone().filter(|_| !is_item),
                title: if is_item { String::new() } else { words[2].into() },
                text: if is_item { vec![words[2].into()] } else { Vec::new() },
                places: None,
                notes: Vec::new(),
                beside: None,
            });
        }
        all
    }

    /// What changed, a line each: the old and the new place, and what became of words and place.
    fn table(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (edition(old), edition(new));
        let called = |side: &[RecordedClause], at: Option<usize>| at.map_or("–".into(), |at| side[at].called());
        let line = |row: Row| {
            format!("{} {} {:?} {:?} {}", called(&old, row.old), called(&new, row.new), row.change, row.placed, row.needs_reason())
        };
        compare(&old, &new).rows.into_iter().filter(Row::is_changed).map(line).collect()
    }

    const TWO: &str = "# 第一編\na 壹 目的\n x 一 依第二編 壹 範圍辦理\nb 貳 定義\n# 第二編\nc 壹 範圍\nd 貳 施行";

    #[test]
    fn a_chapter_that_went_to_another_part_was_moved_by_somebody() {
        let new = "# 第一編\na 壹 目的\n x 一 依第二編 貳 範圍辦理\n# 第二編\nb 壹 定義\nc 貳 範圍\nd 參 施行";
        let rows = [
            "壹一 壹一 Followed Same false",
            "第一編 貳 第二編 壹 Unchanged Moved true",
            "第二編 壹 第二編 貳 Unchanged Renumbered false",
            "第二編 貳 第二編 參 Unchanged Renumbered false",
        ];
        assert_eq!(table(TWO, new), rows);
        // Its number may be what it was.
        let swapped = TWO.replace("a 壹", "- 壹").replace("c 壹 範圍", "a 壹 目的").replace("- 壹 目的", "c 壹 範圍");
        assert_eq!(table(TWO, &swapped).iter().filter(|row| row.ends_with("Unchanged Moved true")).count(), 3, "{swapped}");
    }

    #[test]
    fn a_part_with_another_title_asks_for_no_reason_and_neither_does_what_names_it() {
        let rows = [
            "壹一 壹一 Followed Same false",
            "第二編 壹 附編 壹 Unchanged Renumbered false",
            "第二編 貳 附編 貳 Unchanged Renumbered false",
        ];
        assert_eq!(table(TWO, &TWO.replace("第二編", "附編")), rows);
        assert!(table(TWO, &TWO.replace("# 第二編", "# 第 二編")).is_empty(), "white space is no change");
    }

    #[test]
    fn a_part_is_known_by_what_it_holds_where_another_has_its_title() {
        let new = "# 第一編\nn 壹 總說\n# 第二編\na 壹 目的\n x 一 依第三編 壹 範圍辦理\nb 貳 定義\n# 第三編\nc 壹 範圍\nd 貳 施行";
        let reasons: Vec<_> = table(TWO, new).into_iter().filter(|row| row.ends_with("true")).collect();
        assert_eq!(reasons, ["– 第一編 壹 Added Same true"]);
        // Parts that change places take along what they hold.
        let swapped = "# 第一編\nc 壹 範圍\nd 貳 施行\n# 第二編\na 壹 目的\n x 一 依第一編 壹 範圍辦理\nb 貳 定義";
        let rows = table(TWO, swapped);
        assert!(rows.len() == 5 && rows.iter().all(|row| row.ends_with("false")), "{rows:?}");
    }

    #[test]
    fn where_an_edition_names_no_parts_nothing_is_known_of_them() {
        let bare: String = TWO.lines().filter(|line| !line.starts_with('#')).map(|line| line.to_owned() + "\n").collect();
        assert!(table(&bare, TWO).is_empty() && table(TWO, &bare).is_empty());
    }

    #[test]
    fn a_number_that_two_parts_have_is_that_of_its_own_part() {
        let old = "# 甲編\na 壹 目的\nb 貳 範圍\n x 一 依貳 範圍辦理\n# 乙編\nc 壹 目的\nd 貳 範圍\n y 一 依貳 範圍辦理";
        let new = "# 甲編\na 壹 目的\nb 貳 範圍\n x 一 依貳 範圍辦理\n# 乙編\nc 壹 目的\nn 貳 名詞\nd 參 範圍\n y 一 依參 範圍辦理";
        let rows = table(old, new);
        assert_eq!(
            rows,
            ["– 乙編 貳 Added Same true", "乙編 貳 乙編 參 Unchanged Renumbered false", "貳一 參一 Followed Same false"]
        );
        assert_eq!(
            compare(&edition(old), &edition(&new.replace("依參", "依貳"))).rows.last().map(|row| row.change),
            Some(Change::Unchanged)
        );
        assert!(compare(&edition(new), &edition(new)).rows.iter().all(|row| row.placed == Placed::Same));
    }
}
