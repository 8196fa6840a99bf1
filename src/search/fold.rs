//! Characters that mean the same to a reader who searches.
//!
//! In: the characters of the indexed text and of its synonyms. Out: characters that may be typed, each as its distance from the one before,
//! and then for each of them one of the text that it stands for: full-width and half-width, 臺 and 台, Simplified and Traditional. One
//! character always stands for one, so that offsets never move. The table of Simplified and Traditional characters is that of `OpenCC`; only
//! what the text needs of it is written.

use super::entry::Page;
use crate::resolve::words::plain;
use hanconv::RawDictionary;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::atomic::{AtomicU64, Ordering};

/// Variants that are no matter of Simplified and Traditional.
const VARIANTS: [(char, char); 6] = [('账', '帐'), ('汙', '污'), ('︰', ':'), ('臺', '台'), ('叁', '参'), ('叄', '参')];

/// About how many characters the table has.
const KNOWN: usize = 1 << 12;

/// A distance of nothing, after everything that needs an escape between quotes.
const NEAR: u32 = 93;

/// A character that says how far it is from one code to another, which is no less.
fn gap(from: u32, to: char) -> char {
    char::from_u32(NEAR + u32::from(to).saturating_sub(from)).unwrap_or(to)
}

/// The characters that a text uses, a bit for each; only those of the basic plane, which scripts hold in one unit.
pub(super) struct Corpus(Vec<AtomicU64>);

impl Default for Corpus {
    fn default() -> Self {
        Self((0..0x1_0000 / u64::BITS).map(|_| AtomicU64::default()).collect())
    }
}

impl Corpus {
    /// Notes what a page says.
    pub(super) fn see(&self, page: &Page<'_>) {
        page.entries.iter().flat_map(|entry| [&entry.text, &entry.number]).for_each(|text| self.see_text(text));
    }

    /// Notes what a text says.
    pub(super) fn see_text(&self, text: &str) {
        for c in text.chars() {
            let (at, bit) = (u32::from(c) / u64::BITS, 1 << (u32::from(c) % u64::BITS));
            if let Some(used) = self.0.get(at as usize)
                && used.load(Ordering::Relaxed) & bit == 0
            {
                used.fetch_or(bit, Ordering::Relaxed);
            }
        }
    }

    fn chars(&self) -> impl Iterator<Item = char> + '_ {
        let of = |(at, used): (u32, &AtomicU64)| {
            let used = used.load(Ordering::Relaxed);
            (0..u64::BITS).filter(move |bit| used >> bit & 1 == 1).map(move |bit| at * u64::BITS + bit)
        };
        (0..).zip(&self.0).flat_map(of).filter_map(char::from_u32)
    }

    /// Every character that may be typed for another one of the text. A character of the text that has variants in the text stands for itself,
    /// too.
    pub(super) fn variants(&self) -> Variants {
        let mut simplified: FxHashMap<char, char> = FxHashMap::with_capacity_and_hasher(KNOWN, FxBuildHasher);
        simplified.extend(RawDictionary::TSCharacters.iter().filter_map(pair).chain(VARIANTS));
        let root = |c: char| {
            let mut at = plain(c);
            // A variant of a variant; the table has no circles longer than this.
            for _ in 0..3 {
                match simplified.get(&at) {
                    Some(next) if *next != at => at = *next,
                    _ => break,
                }
            }
            at
        };
        // Matching knows no case, so that capitals are no variants.
        let mut classes: FxHashMap<char, Vec<char>> = FxHashMap::default();
        for c in self.chars() {
            let members = classes.entry(root(c)).or_default();
            if !members.contains(&c.to_ascii_lowercase()) {
                members.push(c.to_ascii_lowercase());
            }
        }
        let mut typed: Vec<char> = simplified.keys().copied().filter(|c| classes.contains_key(&root(*c))).collect();
        typed.extend(
            classes
                .iter()
                .filter(|(root, members)| members[..] != [**root])
                .flat_map(|(root, members)| members.iter().chain([root])),
        );
        typed.sort_unstable();
        typed.dedup();
        // A query is made half-width and lower-case before anything else.
        let known = typed.into_iter().filter(|c| plain(*c) == *c).filter_map(|c| Some((c, classes.get(&root(c))?)));
        let pairs = known
            .filter(|(c, members)| members[..] != [*c])
            .flat_map(|(c, members)| members.iter().map(move |member| (c, *member)));
        Variants(pairs.collect())
    }
}

/// Characters that may be typed, in the order of their codes, each as often as there are characters of the text that it stands for.
pub(super) struct Variants(Vec<(char, char)>);

impl Variants {
    /// All that may be typed, and then what it stands for, in the same order.
    pub(super) fn written(&self) -> String {
        let mut before = 0;
        let gaps = self.0.iter().map(|(typed, _)| gap(std::mem::replace(&mut before, u32::from(*typed)), *typed));
        let gaps: String = gaps.collect();
        gaps + &self.0.iter().map(|(_, stands)| stands).collect::<String>()
    }

    /// A text with one character for all that mean the same, as the engine writes a query.
    pub(super) fn alike(&self, text: &str) -> String {
        let first = |c: char| {
            let known = self.0.get(self.0.partition_point(|(typed, _)| *typed < c)).filter(|(typed, _)| *typed == c && !c.is_ascii());
            known.map_or(c, |(_, stands)| *stands)
        };
        text.chars().map(plain).map(first).collect()
    }
}

/// Whether scripts hold a character in one unit.
fn is_single(c: char) -> bool {
    u32::from(c) < 0x1_0000
}

fn pair((from, to): (&str, &str)) -> Option<(char, char)> {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|c| chars.next().is_none() && is_single(*c))
    };
    Some((single(from)?, single(to)?))
}
