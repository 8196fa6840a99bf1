//! How a place becomes a link.
//!
//! In: a place and the page that links to it. Out: a relative address: `page.html#id` between pages, `#id` within one. This is
//! the only difference between the website and the one-page plan.

use crate::resolve::{Place, Plan};
use std::borrow::Cow;

/// Makes addresses for one page.
#[derive(Clone, Copy)]
pub(super) struct Linker<'a> {
    plan: &'a Plan,
    /// From the page to the top: nothing or `../`.
    pub root: &'static str,
    on: On,
}

/// Which page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    /// The page of one chapter.
    Chapter(usize),
    /// A page at the top.
    Top,
    /// The one-page plan of a part.
    Print(usize),
}

impl<'a> Linker<'a> {
    /// For a chapter's page, or a page at the top.
    pub(super) fn page(plan: &'a Plan, chapter: Option<usize>) -> Self {
        match chapter {
            Some(chapter) => Self { plan, root: "../", on: On::Chapter(chapter) },
            None => Self { plan, root: "", on: On::Top },
        }
    }

    /// For the one-page plan of a part.
    pub(super) fn print(plan: &'a Plan, part: usize) -> Self {
        Self { plan, root: "", on: On::Print(part) }
    }

    /// The part that the page belongs to, by index.
    pub(super) fn part(&self) -> Option<usize> {
        match self.on {
            On::Chapter(own) => Some(self.plan.facts[own].part),
            On::Print(part) => Some(part),
            On::Top => None,
        }
    }

    /// Whether the whole part stands on this page.
    pub(super) fn is_print(&self) -> bool {
        matches!(self.on, On::Print(_))
    }

    /// The address of a place.
    pub(super) fn place(&self, place: Place) -> String {
        let mut address = String::with_capacity(48);
        self.write_place(place, &mut address);
        address
    }

    /// Adds the address of a place.
    pub(super) fn write_place(&self, place: Place, out: &mut String) {
        let chapter = place.chapter as usize;
        let anchor = match place.clause {
            Some(clause) => self.plan.facts[chapter].clauses.at(clause).anchor(),
            None => Cow::Borrowed(&*self.plan.chapters[chapter].id),
        };
        let here = self.has(place);
        if !here {
            self.write_chapter(chapter, out);
        }
        if here || place.clause.is_some() {
            out.extend(["#", &*anchor]);
        }
    }

    /// Whether a place stands on this page.
    pub(super) fn has(&self, place: Place) -> bool {
        let chapter = place.chapter as usize;
        match self.on {
            On::Chapter(own) => own == chapter,
            On::Print(part) => self.plan.facts[chapter].part == part,
            On::Top => false,
        }
    }

    /// The address of a chapter's page.
    pub(super) fn chapter(&self, chapter: usize) -> String {
        let mut address = String::with_capacity(48);
        self.write_chapter(chapter, &mut address);
        address
    }

    fn write_chapter(&self, chapter: usize, out: &mut String) {
        let target = &self.plan.chapters[chapter];
        match self.on {
            On::Chapter(own) if self.plan.chapters[own].kind == target.kind => {}
            _ => out.extend([self.root, target.kind.folder(), "/"]),
        }
        out.extend([&*target.id, ".html"]);
    }

    /// The address of a law, or of one of its articles, among the laws.
    pub(super) fn law(&self, id: &str, article: Option<&str>) -> String {
        let mut address = String::with_capacity(48);
        self.write_law(id, article, &mut address);
        address
    }

    /// Adds the address of a law, or of one of its articles.
    pub(super) fn write_law(&self, id: &str, article: Option<&str>, out: &mut String) {
        out.extend([self.root, "laws.html#"]);
        match article {
            Some(article) => out.push_str(&article_id(id, article)),
            None => out.push_str(id),
        }
    }

    /// The one-page plan of a part.
    pub(super) fn print_page(plan: &Plan, part: usize) -> String {
        if plan.parts.len() == 1 { "print.html".into() } else { format!("print-{}.html", part + 1) }
    }
}

/// The id of an article on the page of laws, set apart by a dot, which no id holds; what stands in an address only as a name is kept, the rest becomes `-`.
pub(super) fn article_id(law: &str, article: &str) -> String {
    let safe: String = article.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' }).collect();
    format!("{law}.{safe}")
}
