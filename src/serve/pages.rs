//! The site as it is served: every file in memory.
//!
//! In: the files of one rebuild, and the pages served before. Out: [`Pages`], sharing with the earlier ones what did not change, and what
//! did change: pages, clauses, and where the readers of a page that is gone should be led.

use super::{client, feed::Changes, successor::Successors};
use crate::source::Digest;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One file, ready to be sent.
#[derive(Debug)]
pub(super) struct Page {
    /// Its bytes, equal to those that `build` writes.
    pub(super) bytes: Vec<u8>,
    /// A name for exactly these bytes.
    pub(super) tag: String,
}

impl Page {
    /// A page as it is sent: with the line that brings in the client.
    pub(super) fn with_client(&self) -> Vec<u8> {
        let (before, after) = self.bytes.split_at(client::insertion(&self.bytes));
        [before, client::script(&self.tag).as_bytes(), after].concat()
    }
}

/// Every file of the site, by path.
#[derive(Debug, Default)]
pub(super) struct Pages {
    files: BTreeMap<String, Arc<Page>>,
    /// For pages that were once served: the page that now holds what they held.
    moved: BTreeMap<String, String>,
    /// Pages that were not there when everything was rendered the last time.
    new: BTreeSet<String>,
}

impl Pages {
    /// The file at a path.
    pub(super) fn get(&self, path: &str) -> Option<&Arc<Page>> {
        self.files.get(path)
    }

    /// Where to go from a page that is no longer there.
    pub(super) fn moved(&self, path: &str) -> Option<&str> {
        self.moved.get(path).map(String::as_str)
    }

    /// Whether there is nothing to serve yet.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The paths of all pages.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|path| is_page(path))
    }

    /// The pages with some of them rendered anew, and what that changed.
    pub(super) fn with(&self, files: BTreeMap<String, Vec<u8>>) -> (Self, Changes) {
        let (fresh, changes) = self.fresh(files);
        let mut with = Self { files: self.files.clone(), moved: self.moved.clone(), new: self.new.clone() };
        with.new.extend(fresh.files.keys().filter(|path| !self.files.contains_key(*path)).cloned());
        with.files.extend(fresh.files);
        (with, changes)
    }

    /// Files, shared with the earlier ones where they are the same, and the changes among them.
    fn fresh(&self, files: BTreeMap<String, Vec<u8>>) -> (Self, Changes) {
        let (mut after, mut changes) = (Self::default(), Changes::default());
        for (path, bytes) in files {
            let before = self.files.get(&path);
            if let Some(same) = before.filter(|before| before.bytes == bytes) {
                after.files.insert(path, Arc::clone(same));
                continue;
            }
            if is_page(&path) {
                changes.clauses.extend(changed_clauses(before.map_or(&[], |before| &before.bytes), &bytes));
                changes.pages.insert(path.clone());
            }
            let tag = Digest::of(&bytes).hex()[..16].to_owned();
            after.files.insert(path, Arc::new(Page { bytes, tag }));
        }
        (after, changes)
    }

    /// The pages after everything was rendered anew, and what that changed.
    pub(super) fn after(&self, files: BTreeMap<String, Vec<u8>>) -> (Self, Changes) {
        let (mut after, mut changes) = self.fresh(files);
        let gone: Vec<&String> = self.files.keys().filter(|path| is_page(path) && !after.files.contains_key(*path)).collect();
        after.moved = self.moved.clone();
        let moved = self.successors(&gone, &after);
        changes.pages.extend(gone.into_iter().cloned());
        after.moved.extend(moved);
        // What was led to a page that is gone now is led on; what is there again needs no lead.
        let end = |path: &str| {
            let mut at = path;
            for _ in 0..8 {
                match after.moved.get(at).filter(|_| !after.files.contains_key(at)) {
                    Some(next) => at = next,
                    None => break,
                }
            }
            at.to_owned()
        };
        let moved = after.moved.keys().filter(|path| !after.files.contains_key(*path)).map(|path| (path.clone(), end(path)));
        let moved: Vec<(String, String)> = moved.collect();
        // Collected into a map, they would bring another sort into the program, of which it has no room.
        after.moved.clear();
        after.moved.extend(moved);
        (after, changes)
    }

    /// Where each page that is gone leads: to the page of the same folder that took its place; else to the cover.
    fn successors(&self, gone: &[&String], after: &Self) -> Vec<(String, String)> {
        let folders: BTreeSet<&str> = gone.iter().map(|path| folder(path)).collect();
        let of_folder = |of: &str| {
            let is_new = |path: &String| self.new.contains(path) || !self.files.contains_key(path);
            let near = after.files.iter().filter(|(path, _)| is_page(path) && folder(path) == of);
            Successors::new(near.map(|(path, page)| (path.as_str(), &**page, is_new(path))))
        };
        let found: BTreeMap<&str, Successors<'_>> = folders.into_iter().map(|folder| (folder, of_folder(folder))).collect();
        let successor = |path: &str| found.get(folder(path))?.of(self.files.get(path)?);
        let leads_to = |path: &str| successor(path).unwrap_or("index.html").to_owned();
        gone.iter().map(|path| ((*path).clone(), leads_to(path))).collect()
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn is_page(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "html")
}

/// The ids of clauses whose own text is not what it was, in order.
fn changed_clauses(before: &[u8], after: &[u8]) -> Vec<String> {
    let before: BTreeMap<&str, String> = clauses(before).map(|(id, html)| (id, without_places(html))).collect();
    clauses(after)
        .filter(|(id, html)| before.get(id).is_none_or(|before| *before != without_places(html)))
        .map(|(id, _)| id.to_owned())
        .collect()
}

/// Every clause of a page: its id, and its HTML up to the next clause's.
pub(super) fn clauses(html: &[u8]) -> impl Iterator<Item = (&str, &str)> {
    let html = std::str::from_utf8(html).unwrap_or_default();
    // What stands before the first belongs to none.
    html.split(" class=\"clause ").skip(1).filter_map(|piece| {
        let (_, rest) = piece.split_once(" id=\"")?;
        let (id, rest) = rest.split_once('"')?;
        Some((id, rest))
    })
}

/// HTML without places in the sources: a line more above a clause does not change the clause.
fn without_places(html: &str) -> String {
    let mut pieces = html.split(" data-source=\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('"').map_or(piece, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pages: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        pages.iter().map(|(path, html)| ((*path).to_owned(), html.as_bytes().to_vec())).collect()
    }

    fn page(clauses: &[(&str, u32, &str)]) -> String {
        let clause = |(id, line, text): &(&str, u32, &str)| {
            format!(
                "<li class=\"clause level-4\" id=\"{id}\" data-number=\"一\" data-source=\"a.md:{line}\"><p data-source=\"a.md:{line}\">{text}</p></li>"
            )
        };
        clauses.iter().map(clause).collect()
    }

    fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        names.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn only_the_pages_and_clauses_that_changed_are_named() {
        let before = page(&[("a", 3, "甲"), ("b", 4, "乙"), ("c", 5, "丙")]);
        // A line more above moves every place below it, but changes no text.
        let after = page(&[("a", 3, "甲"), ("new", 4, "新"), ("b", 5, "乙二"), ("c", 6, "丙")]);
        let (pages, _) = Pages::default().after(files(&[("a.html", &before), ("b.html", "same"), ("s.css", "1")]));
        let (again, changes) = pages.after(files(&[("a.html", &after), ("b.html", "same"), ("s.css", "2")]));
        assert_eq!(changes, Changes { pages: names(["a.html"]), clauses: names(["new", "b"]) });
        assert!(Arc::ptr_eq(pages.get("b.html").unwrap(), again.get("b.html").unwrap()));
        assert_ne!(pages.get("a.html").unwrap().tag, again.get("a.html").unwrap().tag);
        assert_eq!(again.paths().collect::<Vec<_>>(), ["a.html", "b.html"]);
    }

    #[test]
    fn a_page_that_is_gone_leads_to_the_one_that_holds_its_clauses() {
        let (text, other) = (page(&[("x", 1, "甲"), ("y", 2, "乙")]), page(&[("z", 1, "丙")]));
        let (first, _) = Pages::default().after(files(&[("chapters/old.html", &text), ("chapters/other.html", &other)]));
        let renamed = page(&[("new", 1, "題"), ("x", 2, "甲"), ("y", 3, "乙")]);
        let (second, changes) = first.after(files(&[("chapters/new.html", &renamed), ("chapters/other.html", &other)]));
        assert_eq!(second.moved("chapters/old.html"), Some("chapters/new.html"));
        assert_eq!(changes.pages, names(["chapters/new.html", "chapters/old.html"]));
        let (third, _) = second.after(files(&[("chapters/last.html", &renamed), ("chapters/other.html", &other)]));
        assert_eq!(third.moved("chapters/old.html"), Some("chapters/last.html"), "led on");
        let (fourth, _) = third.after(files(&[("chapters/other.html", &other)]));
        assert_eq!(fourth.moved("chapters/last.html"), Some("index.html"));
        let (fifth, _) = fourth.after(files(&[("chapters/old.html", &text)]));
        assert_eq!((fifth.moved("chapters/old.html"), fifth.moved("chapters/other.html")), (None, Some("index.html")));
    }
}
