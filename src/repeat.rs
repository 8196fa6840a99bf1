//! Repeating: whether a build would make exactly what stands in its output already.
//!
//! In: the digest of everything a build depends on, and an output folder. Out: [`Mark`], what a build left in the manifest about itself,
//! if every file is still as it was written. It reads files and compares digests, never dates; nothing is compiled and nothing is written.

use crate::{
    render::View,
    site::SUMS,
    source::{Digest, Sources},
    write::Standing,
};
use rayon::prelude::*;
use std::path::Path;

/// The program that builds: another one may make other files of the same sources.
const PROGRAM: &str = env!("PLANPRESS_PROGRAM");

/// What a build says of itself, for the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Everything that it depended on, as [`made_from`] has it.
    pub made_from: String,
    /// The digest of its list of digests, in hexadecimal.
    pub sums: String,
    /// How many things stood between the plan and its approval.
    pub waiting: usize,
}

/// The digest of everything that a site depends on, in hexadecimal: the sources, the view and the program.
#[must_use]
pub fn made_from(sources: &Sources, view: View) -> String {
    Digest::of(format!("{PROGRAM}\n{}\n{}", view.name(), sources.identity_of_all().hex()).as_bytes()).hex()
}

impl Mark {
    /// The mark in the words of a manifest.
    #[must_use]
    pub fn text(&self) -> String {
        format!("made from {}, sums {}, waiting {}", self.made_from, self.sums, self.waiting)
    }

    fn parse(text: &str) -> Option<Self> {
        let (made_from, rest) = text.strip_prefix("made from ")?.split_once(", sums ")?;
        let (sums, waiting) = rest.split_once(", waiting ")?;
        Some(Self { made_from: made_from.to_owned(), sums: sums.to_owned(), waiting: waiting.parse().ok()? })
    }
}

/// What the build that wrote a folder said, and how many files it wrote, if it depended on the same and they all stand there unchanged.
#[must_use]
pub fn standing(folder: &Path, made_from: &str) -> Option<(Mark, usize)> {
    let standing = Standing::of(folder)?;
    let mark = Mark::parse(standing.mark()?).filter(|mark| mark.made_from == made_from)?;
    let sums = standing.read(SUMS).filter(|sums| Digest::of(sums).hex() == mark.sums)?;
    let sums = String::from_utf8(sums).ok()?;
    let listed: Vec<(&str, &str)> = sums.lines().filter_map(|line| line.split_once("  ")).collect();
    let all_listed = listed.len() + 1 == standing.paths().len() && listed.iter().all(|(_, path)| standing.paths().contains(*path));
    let is_same = |(digest, path): &(&str, &str)| standing.read(path).is_some_and(|bytes| Digest::of(&bytes).hex() == *digest);
    (all_listed && listed.par_iter().all(is_same)).then(|| (mark, standing.paths().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let mark = Mark { made_from: "a1".into(), sums: "b2".into(), waiting: 3 };
        assert_eq!(Mark::parse(&mark.text()), Some(mark));
        for other in ["", "made from a1", "made from a1, sums b2, waiting many"] {
            assert_eq!(Mark::parse(other), None, "{other}");
        }
    }
}
