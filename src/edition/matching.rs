//! Which clause of one edition is which of the other.
//!
//! In: two trees. Out: [`Matches`]. Written ids come first; then, among the children of two clauses that are the same, the same words and
//! like words; then the same and very like words anywhere. A positional id says nothing: another clause may have it by now.

use super::{Address, compare::is_struck, likeness::Shape, tree::Tree, variant};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// How like two clauses of one parent must be.
const LIKE: f64 = 0.4;
/// How like two clauses that stand in different places must be.
const VERY_LIKE: f64 = 0.7;
/// From how many characters on words are their own enough to be known again elsewhere.
const OWN_WORDS: usize = 8;
/// Up to how many pairs of brothers each is compared with each.
const ALL_PAIRS: usize = 10_000;
/// In longer lists, how far from its own place a brother is looked for.
const REACH: usize = 8;
/// A pair of characters that more clauses than this have tells none of them apart.
const COMMON: usize = 40;
/// How many clauses elsewhere are looked at closely.
const CANDIDATES: usize = 6;
/// How many clauses below one say how like it is to another.
const BELOW: usize = 40;

/// The partner of each clause on the other side, by index.
pub(super) struct Matches {
    pub of_old: Vec<Option<usize>>,
    pub of_new: Vec<Option<usize>>,
}

/// Matches the clauses of two editions.
pub(super) fn matches(old: &Tree<'_>, new: &Tree<'_>) -> Matches {
    let found = Matches { of_old: vec![None; old.clauses.len()], of_new: vec![None; new.clauses.len()] };
    let mut matcher = Matcher { old, new, found, shapes: Shapes::default() };
    matcher.by_id();
    matcher.brothers(None, None);
    for index in 0..new.clauses.len() {
        matcher.below(index);
    }
    matcher.elsewhere_by(|tree, index| (tree.own[index].length >= OWN_WORDS / 2).then_some(tree.whole[index]));
    matcher.elsewhere_by(|tree, index| (tree.own[index].length >= OWN_WORDS).then_some(tree.own[index].digest));
    matcher.elsewhere_by_likeness();
    matcher.found
}

struct Matcher<'a> {
    old: &'a Tree<'a>,
    new: &'a Tree<'a>,
    found: Matches,
    shapes: Shapes,
}

impl Matcher<'_> {
    fn pair(&mut self, old: usize, new: usize) {
        self.found.of_old[old] = Some(new);
        self.found.of_new[new] = Some(old);
    }

    fn by_id(&mut self) {
        let written = |tree: &Tree<'_>, index: &usize| tree.clauses[*index].address == Address::Explicit;
        let (old, new) = (self.old, self.new);
        let ids: FxHashMap<&str, usize> = (0..old.clauses.len())
            .rev()
            .filter(|index| written(old, index))
            .map(|index| (old.clauses[index].id.as_str(), index))
            .collect();
        for index in (0..new.clauses.len()).filter(|index| written(new, index)) {
            if let Some(partner) = ids.get(new.clauses[index].id.as_str()).copied().filter(|partner| self.found.of_old[*partner].is_none())
            {
                self.pair(partner, index);
            }
        }
    }

    /// Matches what two partners hold.
    fn below(&mut self, new: usize) {
        if let Some(old) = self.found.of_new[new] {
            self.brothers(Some(old), Some(new));
        }
    }

    fn brothers(&mut self, old_parent: Option<usize>, new_parent: Option<usize>) {
        let (old, new) = (self.old, self.new);
        let left = |matcher: &Self| -> (Vec<usize>, Vec<usize>) {
            let of_old = old.children(old_parent).iter().copied().filter(|index| matcher.found.of_old[*index].is_none());
            let of_new = new.children(new_parent).iter().copied().filter(|index| matcher.found.of_new[*index].is_none());
            (of_old.collect(), of_new.collect())
        };
        let (ours, theirs) = left(self);
        if ours.is_empty() || theirs.is_empty() {
            return;
        }
        self.by(&ours, &theirs, |tree, index| Some(tree.whole[index]));
        self.by(&ours, &theirs, |tree, index| (tree.own[index].length > 0).then_some(tree.own[index].digest));
        let (ours, theirs) = left(self);
        self.struck(&ours, &theirs);
        self.by_likeness(&ours, &theirs);
    }

    /// Pairs clauses of the same words in their order.
    fn by(&mut self, ours: &[usize], theirs: &[usize], words: impl Fn(&Tree<'_>, usize) -> Option<u64>) {
        let mut waiting: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for index in ours.iter().rev().filter(|index| self.found.of_old[**index].is_none()) {
            if let Some(words) = words(self.old, *index) {
                waiting.entry(words).or_default().push(*index);
            }
        }
        for index in theirs {
            let open = self.found.of_new[*index].is_none();
            let partner = words(self.new, *index).filter(|_| open).and_then(|words| waiting.get_mut(&words)?.pop());
            if let Some(partner) = partner {
                self.pair(partner, *index);
            }
        }
    }

    /// What says 「（刪除）」 has no words of its own left, but the number that it had.
    fn struck(&mut self, ours: &[usize], theirs: &[usize]) {
        for index in theirs.iter().filter(|index| is_struck(&self.new.clauses[**index])).copied().collect::<Vec<_>>() {
            let label = &self.new.clauses[index].label;
            let had_it = |old: &&usize| self.found.of_old[**old].is_none() && variant::are_variants(&self.old.clauses[**old].label, label);
            if let Some(partner) = ours.iter().find(had_it).copied() {
                self.pair(partner, index);
            }
        }
    }

    /// Pairs the likest clauses first.
    fn by_likeness(&mut self, ours: &[usize], theirs: &[usize]) {
        let open =
            |partners: &[Option<usize>], all: &[usize]| all.iter().copied().filter(|index| partners[*index].is_none()).collect::<Vec<_>>();
        let (ours, theirs) = (open(&self.found.of_old, ours), open(&self.found.of_new, theirs));
        let each = ours.len().saturating_mul(theirs.len()) <= ALL_PAIRS;
        let mut scored = Vec::new();
        for (place, new) in theirs.iter().enumerate() {
            let near = if each { 0..ours.len() } else { place.saturating_sub(REACH).min(ours.len())..(place + REACH).min(ours.len()) };
            for at in near {
                let likeness = self.likeness(ours[at], *new);
                if likeness >= LIKE {
                    scored.push((likeness, at.abs_diff(place), ours[at], *new));
                }
            }
        }
        scored
            .sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then_with(|| (one.1, one.3, one.2).cmp(&(other.1, other.3, other.2))));
        for (_, _, old, new) in scored {
            if self.found.of_old[old].is_none() && self.found.of_new[new].is_none() {
                self.pair(old, new);
            }
        }
    }

    /// A heading is never like an item.
    fn likeness(&mut self, old: usize, new: usize) -> f64 {
        if self.old.clauses[old].title.is_empty() != self.new.clauses[new].title.is_empty() {
            return 0.0;
        }
        let own = self.shapes.likeness((self.old, old), (self.new, new), false);
        if self.old.children(Some(old)).is_empty() || self.new.children(Some(new)).is_empty() {
            return own;
        }
        own.max(self.shapes.likeness((self.old, old), (self.new, new), true))
    }

    fn left(&self) -> (Vec<usize>, Vec<usize>) {
        let open = |partners: &[Option<usize>]| (0..partners.len()).filter(|index| partners[*index].is_none()).collect();
        (open(&self.found.of_old), open(&self.found.of_new))
    }

    fn elsewhere_by(&mut self, words: impl Fn(&Tree<'_>, usize) -> Option<u64>) {
        let (ours, theirs) = self.left();
        if ours.is_empty() || theirs.is_empty() {
            return;
        }
        self.by(&ours, &theirs, words);
        for index in theirs {
            self.below(index);
        }
    }

    fn elsewhere_by_likeness(&mut self) {
        let (ours, theirs) = self.left();
        if ours.is_empty() || theirs.is_empty() {
            return;
        }
        let mut having: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for index in ours.into_iter().filter(|index| self.old.own[*index].length >= OWN_WORDS) {
            for pair in self.shapes.of_old(self.old, index).pairs() {
                having.entry(pair).or_default().push(index);
            }
        }
        for index in theirs {
            if self.found.of_new[index].is_none() && self.new.own[index].length >= OWN_WORDS {
                let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
                for pair in self.shapes.of_new(self.new, index).pairs() {
                    for candidate in having.get(&pair).into_iter().flatten().take(COMMON) {
                        *shared.entry(*candidate).or_default() += 1;
                    }
                }
                let mut candidates: Vec<(usize, usize)> =
                    shared.into_iter().filter(|(candidate, _)| self.found.of_old[*candidate].is_none()).collect();
                candidates.sort_unstable_by_key(|(candidate, count)| (Reverse(*count), *candidate));
                let scored = candidates.into_iter().take(CANDIDATES).map(|(candidate, _)| (self.likeness(candidate, index), candidate));
                let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
                if let Some((_, partner)) = best.filter(|(likeness, _)| *likeness >= VERY_LIKE) {
                    self.pair(partner, index);
                }
            }
            self.below(index);
        }
    }
}

/// The shapes of both sides that were asked for, of a clause alone or with what is below it.
#[derive(Default)]
struct Shapes([FxHashMap<(usize, bool), Shape>; 2]);

impl Shapes {
    fn of_old(&mut self, tree: &Tree<'_>, index: usize) -> &Shape {
        Self::kept(&mut self.0[0], tree, index, false)
    }

    fn of_new(&mut self, tree: &Tree<'_>, index: usize) -> &Shape {
        Self::kept(&mut self.0[1], tree, index, false)
    }

    /// How like two clauses are, alone or with what is below them.
    fn likeness(&mut self, old: (&Tree<'_>, usize), new: (&Tree<'_>, usize), whole: bool) -> f64 {
        let [olds, news] = &mut self.0;
        Self::kept(olds, old.0, old.1, whole).likeness(Self::kept(news, new.0, new.1, whole))
    }

    fn kept<'s>(shapes: &'s mut FxHashMap<(usize, bool), Shape>, tree: &Tree<'_>, index: usize, whole: bool) -> &'s Shape {
        shapes.entry((index, whole)).or_insert_with(|| {
            let depth = tree.clauses[index].depth;
            let below = tree.clauses[index + 1..].iter().take_while(|clause| clause.depth > depth).take(if whole { BELOW } else { 0 });
            let words = below.fold(tree.clauses[index].words(), |words, clause| words + "\n" + &clause.words());
            Shape::of(&variant::key(&words))
        })
    }
}
