//! Fonts: which are there, and whether they can draw a plan.
//!
//! In: the system's fonts and folders that people name. Out: [`Fonts`]; and after layout, the characters that may not stay. Fonts are only
//! read; none comes with the program.

use crate::source::is_private;
use std::{collections::BTreeSet, path::PathBuf};
use typst::{
    layout::{Frame, FrameItem},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;

/// The families to set a plan in, the best first: the kai script of official documents, then serifs, then what else has Han characters,
/// then signs.
pub const FAMILIES: [&str; 24] = [
    "TW-Kai",
    "TW-Kai-98_1",
    "DFKai-SB",
    "標楷體",
    "BiauKai",
    "BiauKaiTC",
    "Kaiti TC",
    "Noto Serif CJK TC",
    "Noto Serif TC",
    "Source Han Serif TC",
    "Songti TC",
    "PMingLiU",
    "新細明體",
    "MingLiU",
    "Noto Sans CJK TC",
    "Noto Sans TC",
    "Source Han Sans TC",
    "Microsoft JhengHei",
    "PingFang TC",
    "PMingLiU-ExtB",
    "TW-Kai-Ext-B",
    "Segoe UI Symbol",
    "Apple Symbols",
    "DejaVu Sans",
];

/// Fonts that were found, each read when it is first used.
pub struct Fonts {
    store: FontStore,
    available: Vec<String>,
}

impl Fonts {
    /// Finds the fonts below some folders and those of the system; the folders' come first.
    #[must_use]
    pub fn find(folders: &[PathBuf]) -> Self {
        let mut store = FontStore::new();
        let mut named = Vec::new();
        for font in folders.iter().flat_map(|folder| typst_kit::fonts::scan(folder)) {
            // A folder that somebody names holds fonts to be used, whatever they are called.
            named.push(font.1.family.clone());
            store.push(font);
        }
        store.extend(typst_kit::fonts::system());
        let known = || FAMILIES.iter().map(|family| (*family).to_owned());
        // Of a folder with many, such as the system's own, those come first that are known to be fit.
        let fit: Vec<String> = known().filter(|family| named.contains(family)).collect();
        let mut available: Vec<String> = Vec::new();
        for family in fit.into_iter().chain(named).chain(known()) {
            if store.book().contains_family(&family.to_lowercase()) && !available.contains(&family) {
                available.push(family);
            }
        }
        Self { store, available }
    }

    /// The families that are there, the best first.
    #[must_use]
    pub fn available(&self) -> &[String] {
        &self.available
    }

    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(super) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }
}

/// Characters that no PDF may hold, or no font draws.
#[derive(Default)]
pub(super) struct Unfit {
    /// Those that no font could draw.
    pub missing: BTreeSet<char>,
    /// Those of the private use area.
    pub private: BTreeSet<char>,
}

/// Looks for them in what was typeset.
pub(super) fn unfit(document: &PagedDocument) -> Unfit {
    let mut found = Unfit::default();
    for page in document.pages() {
        look(&page.frame, &mut found);
    }
    found
}

fn look(frame: &Frame, found: &mut Unfit) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => look(&group.frame, found),
            FrameItem::Text(text) => {
                found.private.extend(text.text.chars().filter(|c| is_private(*c)));
                // Glyph 0 is the box that stands for what a font has not.
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    found.missing.extend(text.text.get(glyph.range()).unwrap_or_default().chars());
                }
            }
            _ => {}
        }
    }
}
