//! What changed between two editions, for any change: the table applied to the old edition gives the new one.
//!
//! In: the filled plan, and many plans made from it by random edits. Out: a failure that shows the first clause that comes out otherwise.
//! The table is read as people read it: a clause in it has the number and the words that it says; any other has those it had.

use super::project;
use planpress::edition::{Address, Change, Comparison, Piece, Placed, RecordedClause, Row, are_variants, clauses, compare, difference};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

/// A generator of numbers that only look random.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).expect("a small number")
    }

    fn words(&mut self) -> String {
        const HAN: [char; 24] = [
            '機', '關', '應', '每', '年', '檢', '討', '資', '通', '安', '全', '人', '員', '設', '備', '紀', '錄', '不', '得', '之', '8',
            '年', 'A', '。',
        ];
        (0..4 + self.below(12)).map(|_| HAN[self.below(HAN.len())]).collect()
    }
}

fn filled() -> Vec<RecordedClause> {
    // What stands where among items does not follow from clauses that are thrown about.
    let placeless = |clause| RecordedClause { places: None, ..clause };
    let compiled = project::compile(&project::filled());
    numbered(clauses(&compiled.plan, &compiled.sources).into_iter().map(placeless).collect())
}

/// Where a clause and everything that it holds ends.
fn end(all: &[RecordedClause], at: usize) -> usize {
    all[at + 1..]
        .iter()
        .position(|clause| clause.depth <= all[at].depth)
        .map_or(all.len(), |length| at + 1 + length)
}

fn parents(all: &[RecordedClause]) -> Vec<Option<usize>> {
    (0..all.len()).map(|at| (0..at).rev().find(|above| all[*above].depth < all[at].depth)).collect()
}

/// Counts clauses anew, and gives those without a written id that of their position.
fn numbered(mut all: Vec<RecordedClause>) -> Vec<RecordedClause> {
    let mut counts: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    for (at, parent) in parents(&all).into_iter().enumerate() {
        let count = counts.entry(parent).or_default();
        *count += 1;
        let count = *count;
        let (above, short) = parent.map_or((String::new(), String::new()), |parent| (all[parent].id.clone(), all[parent].short.clone()));
        let clause = &mut all[at];
        clause.label = format!("{count}.");
        clause.short = format!("{short}{count}.");
        clause.number = clause.short.clone();
        if clause.address == Address::Positional {
            clause.id = format!("{above}.{count}");
        }
    }
    all
}

/// Changes a plan in one way.
fn edit(all: &mut Vec<RecordedClause>, dice: &mut Dice) {
    let at = dice.below(all.len());
    match dice.below(9) {
        0 | 1 => amend(&mut all[at], dice),
        2 => drop(all.drain(at..end(all, at))),
        3 => {
            let mut new = all[at].clone();
            (new.address, new.id) =
                if dice.below(2) == 0 { (Address::Positional, String::new()) } else { (Address::Explicit, format!("new-{}", dice.next())) };
            new.text = vec![dice.words()];
            let place = end(all, at);
            all.insert(place, new);
        }
        4 | 5 => {
            // Elsewhere, as deep as its new neighbour.
            let moved: Vec<_> = all.drain(at..end(all, at)).collect();
            let to = dice.below(all.len());
            let (from_depth, to_depth) = (moved[0].depth, all.get(to).map_or(0, |clause| clause.depth));
            let place = if all.is_empty() { 0 } else { end(all, to) };
            let deeper = moved.into_iter().map(|clause| RecordedClause { depth: clause.depth - from_depth + to_depth, ..clause });
            all.splice(place..place, deeper.collect::<Vec<_>>());
        }
        6 => {
            let brother = end(all, at);
            if all.get(brother).is_some_and(|other| other.depth == all[at].depth) {
                let after: Vec<_> = all.drain(brother..end(all, brother)).collect();
                all.splice(at..at, after);
            }
        }
        7 => {
            for line in &mut all[at].text {
                *line = line.replace('臺', "台").replace('：', "︰").replace('（', "(").replace('8', "８") + " ";
            }
        }
        _ => (all[at].title, all[at].text) = (String::new(), vec![String::from("（刪除）")]),
    }
    if all.is_empty() {
        *all = filled();
    }
}

fn amend(clause: &mut RecordedClause, dice: &mut Dice) {
    let count = clause.text.len();
    match clause.text.get_mut(dice.below(count)) {
        None => clause.text.push(dice.words()),
        Some(line) => {
            let mut chars: Vec<char> = line.chars().collect();
            let from = dice.below(chars.len());
            let to = (from + dice.below(4)).min(chars.len());
            chars.splice(from..to, dice.words().chars());
            *line = chars.into_iter().collect();
        }
    }
}

/// The old words with the changes of a row.
fn applied(old: &str, new: &str) -> String {
    let (mut rest, mut out) = (old, String::new());
    for piece in difference(old, new) {
        match piece {
            Piece::Same { old, new } => {
                assert!(are_variants(&old, &new), "{old:?} {new:?}");
                rest = rest.strip_prefix(old.as_str()).expect("the old text");
                out.push_str(&old);
            }
            Piece::Old(old) => rest = rest.strip_prefix(old.as_str()).expect("the old text"),
            Piece::New(new) => out.push_str(&new),
        }
    }
    assert_eq!(rest, "", "the old text is used up");
    out
}

/// A clause as the table leaves it: its place among its brothers, and its words.
type Applied = BTreeMap<Option<usize>, BTreeMap<usize, (usize, String)>>;

/// Applies a table to the old edition; clauses are called by their place in the new one.
fn apply(old: &[RecordedClause], new: &[RecordedClause], comparison: &Comparison) -> Applied {
    let ordinal = |clause: &RecordedClause| clause.label.trim_end_matches('.').parse().expect("a number");
    let mut out = Applied::new();
    for Row { old: before, new: after, placed, change } in comparison.rows.iter().copied() {
        let Some(after) = after else { continue };
        let is_in_table = Row { old: before, new: Some(after), placed, change }.is_changed();
        let (parent, number, words) = match before {
            // Not in the table: where it was, what it was.
            Some(before) if !is_in_table => {
                let parent = comparison.old_parents[before].map(|parent| comparison.new_of_old[parent].expect("a parent that stays"));
                (parent, ordinal(&old[before]), old[before].words())
            }
            Some(before) => (comparison.new_parents[after], ordinal(&new[after]), applied(&old[before].words(), &new[after].words())),
            None => (comparison.new_parents[after], ordinal(&new[after]), new[after].words()),
        };
        let taken = out.entry(parent).or_default().insert(number, (after, words));
        assert!(taken.is_none(), "two clauses have the number {number}");
    }
    out
}

fn assert_table_holds(old: &[RecordedClause], new: &[RecordedClause]) {
    let comparison = compare(old, new);
    let (ours, theirs): (Vec<_>, Vec<_>) = (
        comparison.rows.iter().filter_map(|row| row.old).collect(),
        comparison.rows.iter().filter_map(|row| row.new).collect(),
    );
    assert_eq!(theirs, (0..new.len()).collect::<Vec<_>>(), "every new clause is there once, in its order");
    assert_eq!(
        (ours.len(), ours.iter().collect::<BTreeSet<_>>().len()),
        (old.len(), old.len()),
        "every old clause is there once"
    );
    // A written id is the same clause.
    let written = |side: &[RecordedClause]| -> BTreeMap<String, usize> {
        side.iter()
            .enumerate()
            .filter(|(_, clause)| clause.address == Address::Explicit)
            .map(|(at, clause)| (clause.id.clone(), at))
            .collect()
    };
    let new_ids = written(new);
    for (id, at) in written(old) {
        assert!(new_ids.get(&id).is_none_or(|there| comparison.new_of_old[at] == Some(*there)), "{id}");
    }
    for row in &comparison.rows {
        if let (Some(before), Some(after)) = (row.old, row.new) {
            let same = are_variants(&old[before].words(), &new[after].words());
            assert_eq!(row.change == Change::Unchanged, same, "{:?}\n{:?}", old[before], new[after]);
            assert!(row.placed != Placed::Renumbered || old[before].label != new[after].label);
        }
    }
    // From the table and the old edition alone.
    let applied = apply(old, new, &comparison);
    let mut expected = Applied::new();
    let mut places: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    for (at, parent) in parents(new).into_iter().enumerate() {
        let place = places.entry(parent).or_default();
        *place += 1;
        expected.entry(parent).or_default().insert(*place, (at, new[at].words()));
    }
    for (parent, brothers) in &expected {
        let found = &applied[parent];
        assert_eq!(found.len(), brothers.len());
        for (place, (at, words)) in brothers {
            let (there, said) = &found[place];
            assert!(there == at && are_variants(said, words), "{:?}\nbecame\n{said}", new[*at]);
        }
    }
}

#[test]
fn any_table_applied_to_the_old_edition_gives_the_new_one() {
    let original = filled();
    assert!(original.len() > 500, "{}", original.len());
    for seed in 0..120 {
        let mut dice = Dice(seed);
        let mut edited = original.clone();
        for _ in 0..=dice.below(12) {
            edit(&mut edited, &mut dice);
            edited = numbered(edited);
        }
        assert_table_holds(&original, &edited);
        assert_table_holds(&edited, &original);
    }
}

#[test]
fn a_plan_is_equal_to_itself_and_wholly_new_beside_nothing() {
    let plan = filled();
    assert!(!compare(&plan, &plan).rows.iter().any(Row::is_changed));
    assert!(compare(&[], &plan).rows.iter().all(|row| row.change == Change::Added));
    assert!(compare(&plan, &[]).rows.iter().all(|row| row.change == Change::Deleted));
}

/// However much is new, gone or changed, no clause is compared with every other.
#[test]
fn a_large_plan_without_one_known_id_is_compared_in_seconds() {
    let plan = |chapters: usize, salt: usize| {
        let mut dice = Dice(7);
        let all = (0..chapters).flat_map(|chapter| {
            let head = RecordedClause {
                id: format!("c{salt}-{chapter}"),
                address: Address::Explicit,
                number: String::new(),
                short: String::new(),
                label: String::new(),
                depth: 0,
                part: None,
                title: format!("第{chapter}章"),
                text: Vec::new(),
                places: None,
                notes: Vec::new(),
                beside: None,
            };
            let items: Vec<_> = (0..14)
                .map(|item| {
                    let changed = if (item + chapter) % 5 == salt { dice.words() } else { String::new() };
                    RecordedClause {
                        address: Address::Positional,
                        depth: 1,
                        title: String::new(),
                        text: vec![format!("{chapter}{}{changed}", dice.words())],
                        ..head.clone()
                    }
                })
                .collect();
            std::iter::once(head.clone()).chain(items).collect::<Vec<_>>()
        });
        all.collect::<Vec<_>>()
    };
    let took = |chapters: usize| {
        // All chapters have other ids, so that nothing is matched by them.
        let (old, new) = (plan(chapters, 0), plan(chapters, 1));
        let since = Instant::now();
        let comparison = compare(&old, &new);
        assert!(comparison.rows.len() >= old.len());
        since.elapsed().as_secs_f64()
    };
    // Each with each would be 800 million pairs of clauses, and minutes; busy machines need no more than a few seconds.
    let took = took(2000);
    assert!(took < 20.0, "{took} s");
}
