//! The pages at the top: cover, site map, ledger of annexes, laws and coverage.
//!
//! In: a plan. Out: one page each. They list and link; what they list is worked out in the plan.

use super::{
    RenderError, Renderer, View,
    context::{
        ArticleView, CoverPage, CoveragePage, CoverageView, LawView, LawsPage, LedgerPage, LinkView, OpenPoints, PageFacts, PartView,
        SiteMapPage,
    },
    link::{Linker, article_id},
    outline::entry,
    page::position,
};
use crate::{
    check::{OpenKind, open_points, waived},
    resolve::{Place, words::article_words},
    site::Sink,
    view::EditionView,
};
use minijinja::value::{Serde, Value};

impl Renderer<'_> {
    pub(super) fn indexes(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        let parts = Value::from(Serde(&self.parts()));
        self.cover(parts.clone(), sink)?;
        if self.theme.options.site_map {
            self.site_map(parts, sink)?;
        }
        self.ledger(sink)?;
        self.laws(sink)?;
        self.coverage(sink)?;
        if self.view == View::Draft { self.status(sink) } else { Ok(()) }
    }

    /// Every approved edition, oldest first.
    pub(super) fn history(&self) -> Vec<EditionView> {
        self.editions.records.iter().map(|record| EditionView::new(record, self.plan)).collect()
    }

    /// Every part's contents.
    pub(super) fn parts(&self) -> Vec<PartView> {
        (0..self.plan.parts.len()).map(|part| self.part(part)).collect()
    }

    pub(super) fn part(&self, part: usize) -> PartView {
        let of = &self.plan.parts[part];
        let entries = |indexes: &[usize]| indexes.iter().map(|index| entry(self, *index)).collect();
        PartView {
            title: of.title.clone(),
            print_href: Linker::print_page(self.plan, part),
            chapters: entries(&of.chapters),
            annexes: entries(&of.annexes),
        }
    }

    fn top<'p>(kind: &'static str, title: &'p str, href: &str) -> PageFacts<'p> {
        PageFacts { kind, id: "", title, href: href.to_owned() }
    }

    fn cover(&self, parts: Value, sink: &dyn Sink) -> Result<(), RenderError> {
        let open_points = (self.view == View::Draft).then(|| self.open_points());
        let content = CoverPage { parts, open_points, history: self.history() };
        self.page("cover.html", &self.page_view(Self::top("cover", "", "index.html"), None, content)?, sink)
    }

    fn site_map(&self, parts: Value, sink: &dyn Sink) -> Result<(), RenderError> {
        let page = Self::top("site-map", self.plan.term("site_map"), "sitemap.html");
        self.page("sitemap.html", &self.page_view(page, None, SiteMapPage { parts })?, sink)
    }

    fn ledger(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        let linker = self.linker(None);
        let entries = self.plan.parts.iter().flat_map(|part| &part.annexes).map(|index| self.annex_view(*index, linker)).collect();
        let page = Self::top("ledger", self.plan.term("ledger"), "annexes.html");
        self.page("annexes.html", &self.page_view(page, None, LedgerPage { entries })?, sink)
    }

    fn laws(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        let linker = self.linker(None);
        let entries = self.plan.laws.laws.iter().enumerate().map(|(index, law)| {
            let mut articles: Vec<ArticleView> = Vec::new();
            let mut citing = Vec::new();
            for (article, place) in self.plan.citations.of_law(index) {
                let link = self.link(place, linker);
                let Some(article) = article else {
                    citing.push(link);
                    continue;
                };
                let id = article_id(&law.id, article);
                match articles.last_mut().filter(|last| last.id == id) {
                    Some(last) => last.citing.push(link),
                    None => articles.push(ArticleView {
                        id,
                        label: article_words(self.plan, law, article).trim().to_owned(),
                        citing: vec![link],
                    }),
                }
            }
            articles.sort_by_cached_key(|article| in_order(&article.label));
            LawView {
                id: law.id.clone(),
                title: law.title.clone(),
                listed: law.listed,
                aliases: law.aliases.clone(),
                publisher: law.publisher.clone(),
                version: law.version.clone(),
                date: law.date.clone(),
                // Anything else could run a script.
                url: law.url.clone().filter(|url| url.starts_with("https://") || url.starts_with("http://")),
                citing,
                articles,
            }
        });
        let page = Self::top("laws", self.plan.term("laws"), "laws.html");
        self.page("laws.html", &self.page_view(page, None, LawsPage { entries: entries.collect() })?, sink)
    }

    fn coverage(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        let (plan, linker) = (self.plan, self.linker(None));
        let requirements = &plan.requirements;
        let fulfilling = |id| -> Vec<LinkView> {
            plan.fulfilling(id).map(|index| self.link(Place { chapter: position(index), clause: None }, linker)).collect()
        };
        let entries = requirements.requirements.iter().map(|requirement| CoverageView {
            number: requirement.item.to_string(),
            title: requirement.title.clone(),
            chapters: fulfilling(&requirement.id),
            waived: waived(plan, &requirement.id),
        });
        let law_title = plan.laws.named(&requirements.law).map_or(String::new(), |(_, law)| {
            format!("{}{}", law.title, plan.term("article").replace("{n}", &requirements.article.to_string()))
        });
        let content = CoveragePage { law_title, entries: entries.collect() };
        let page = Self::top("coverage", plan.term("coverage"), "coverage.html");
        self.page("coverage.html", &self.page_view(page, None, content)?, sink)
    }

    /// Counts what a drafter has still to decide.
    fn open_points(&self) -> OpenPoints {
        let mut points = OpenPoints::default();
        for point in open_points(self.plan) {
            match point.kind {
                OpenKind::Blank => points.blanks += 1,
                OpenKind::Alternative => points.alternatives += 1,
                OpenKind::Comment => points.comments += 1,
                OpenKind::Guidance => points.guidance += 1,
            }
        }
        points
    }
}

/// A label's numbers, by which 第 9 條 comes before 第 10 條, then the label itself.
fn in_order(label: &str) -> (Vec<u32>, String) {
    (
        label.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect(),
        label.to_owned(),
    )
}
