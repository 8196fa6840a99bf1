//! Where the readers of a page that is gone should be led.
//!
//! In: pages that are gone, and those that are there now. Out: for each of the former the page that took its place: a new one with its title, or
//! the one that holds most of its clauses, or a new one with its words or that stands where it stood; none where nothing of it is left. Each page
//! is read once, however many there are.

use super::pages::{Page, clauses};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Shorter pieces of text, such as numbers, say nothing about which page they stand on.
const SHORT: usize = 12;
/// A page without clauses in common is a page's successor with this part of its words, 1 in so many.
const PART: usize = 4;

/// Finds successors among the pages of one folder.
#[derive(Default)]
pub(super) struct Successors<'a> {
    clauses: FxHashMap<&'a str, &'a str>,
    /// New pages: what stands on one that was there before may have stood there all the time.
    titles: Only<'a>,
    words: Only<'a>,
    /// New pages by the one before, and by the one after.
    previous: Only<'a>,
    next: Only<'a>,
}

/// Pages by something that only one of them has.
#[derive(Default)]
struct Only<'a>(FxHashMap<&'a str, Option<&'a str>>);

impl<'a> Only<'a> {
    fn add(&mut self, what: &'a str, path: &'a str) {
        self.0.entry(what).and_modify(|only| *only = only.filter(|only| *only == path)).or_insert(Some(path));
    }

    fn get(&self, what: &str) -> Option<&'a str> {
        self.0.get(what).copied().flatten()
    }
}

/// What speaks for a page, the strongest first.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Signs {
    title: bool,
    clauses: usize,
    words: usize,
    place: usize,
}

impl<'a> Successors<'a> {
    /// Reads the pages that are there now; of each it is known whether it is new.
    pub(super) fn new(pages: impl Iterator<Item = (&'a str, &'a Page, bool)>) -> Self {
        let mut found = Self::default();
        for (path, page, is_new) in pages {
            found.clauses.extend(clauses(&page.bytes).map(|(id, _)| (id, path)));
            if !is_new {
                continue;
            }
            words(page).for_each(|words| found.words.add(words, path));
            for (by, what) in
                [(&mut found.titles, title(page)), (&mut found.previous, beside(page, "prev")), (&mut found.next, beside(page, "next"))]
            {
                if let Some(what) = what {
                    by.add(what, path);
                }
            }
        }
        found
    }

    /// The page that took the place of one that is gone.
    pub(super) fn of(&self, gone: &Page) -> Option<&'a str> {
        let mut all: BTreeMap<&str, Signs> = BTreeMap::new();
        let mut signs =
            |path: Option<&'a str>, note: &dyn Fn(&mut Signs)| path.into_iter().for_each(|path| note(all.entry(path).or_default()));
        signs(title(gone).and_then(|title| self.titles.get(title)), &|signs| signs.title = true);
        clauses(&gone.bytes).for_each(|(id, _)| signs(self.clauses.get(id).copied(), &|signs| signs.clauses += 1));
        for (rel, by) in [("prev", &self.previous), ("next", &self.next)] {
            signs(beside(gone, rel).and_then(|beside| by.get(beside)), &|signs| signs.place += 1);
        }
        let mut length = 0;
        for words in words(gone) {
            length += words.len();
            signs(self.words.get(words), &|signs| signs.words += words.len());
        }
        let weighed = all
            .into_iter()
            .map(|(path, signs)| (Signs { words: if signs.words * PART < length { 0 } else { signs.words }, ..signs }, path));
        // Of equals the first.
        let best = weighed.filter(|(signs, _)| *signs != Signs::default()).rev().max_by_key(|(signs, _)| *signs);
        best.map(|(_, path)| path)
    }
}

fn html(page: &Page) -> &str {
    std::str::from_utf8(&page.bytes).unwrap_or_default()
}

fn title(page: &Page) -> Option<&str> {
    Some(html(page).split_once("<title>")?.1.split_once("</title>")?.0)
}

/// The address of the page before or after, as a page has it.
fn beside<'a>(page: &'a Page, rel: &str) -> Option<&'a str> {
    let (_, rest) = html(page).split_once(&format!(" rel=\"{rel}\" href=\""))?;
    Some(rest.split_once('"')?.0)
}

/// The pieces of a page's own text: what stands around its clauses stands on others as well.
fn words(page: &Page) -> impl Iterator<Item = &str> {
    let html = html(page);
    let own = html.split_once(" class=\"clause ").map_or(html, |(_, own)| own);
    let own = own.rsplit_once("</article>").map_or(own, |(own, _)| own);
    own.split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, words)| words.trim())
        .filter(|words| words.len() >= SHORT)
}
