//! From a plan to finished files.
//!
//! In: a resolved plan, its sources, a theme and a view. Out: files, one by one, into a [`Sink`], from several threads. Bodies are
//! written here, pages by the theme's templates; nothing is decided here that is not decided in the plan.

mod addresses;
mod asset;
mod body;
mod code;
mod code_html;
mod context;
mod editions;
mod form;
mod gone;
mod html;
mod index;
mod inline;
mod link;
mod named;
mod outline;
mod page;
mod preview;
mod print;
mod shared_frames;
mod shell;
mod status;
mod table;
mod withheld;
mod yaml;

use crate::{
    diagnostic::Diagnostic,
    edition::{Amendment, Editions, State},
    resolve::{Plan, Style},
    site::{File, Sink},
    source::Sources,
    theme::{Html, Theme, template_finding},
    view::{PDF, Paper, SiteView},
};
use asset::Assets;
use context::{CommonView, ListPages, PageView};
use link::Linker;
use minijinja::value::{Serde, Value};
use named::Named;
use outline::Outlines;
use rayon::prelude::*;
use serde::Serialize;
use shared_frames::Common;
use std::{collections::BTreeSet, io, sync::Arc};

/// Who looks at the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Readers: no guidance, no comments.
    Published,
    /// Editors: guidance, comments, source places and open points.
    Draft,
}

impl View {
    /// The name in templates and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Draft => "draft",
        }
    }
}

/// About how many bytes a page has beside its bodies and its outline.
const FRAME: usize = 16 << 10;

/// How many chapters and annexes tell whether a theme's templates stand.
const SAMPLE: usize = 64;

/// The part whose outline stands beside pages that belong to none.
const FIRST_PART: usize = 0;

/// Why rendering stopped.
#[derive(Debug)]
pub enum RenderError {
    /// The sink could not keep a file.
    Sink(io::Error),
    /// A template could not be rendered.
    Template(Box<Diagnostic>),
}

impl From<io::Error> for RenderError {
    fn from(error: io::Error) -> Self {
        Self::Sink(error)
    }
}

/// What pages are rendered from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What was approved.
    pub editions: &'a Editions,
    /// What has changed since.
    pub amendment: Option<&'a Amendment>,
    /// The files, for pictures and source places.
    pub sources: &'a Sources,
    /// The theme.
    pub theme: &'a Theme,
    /// Who looks.
    pub view: View,
    /// The printed edition that goes with the pages.
    pub paper: Option<&'a Paper>,
    /// Everything that was found, for the draft view.
    pub findings: &'a [Arc<Diagnostic>],
    /// How many of the plan's waivers accept a finding.
    pub waivers: usize,
}

/// What every page is rendered from, and what is worked out once for all of them.
pub struct Renderer<'a> {
    plan: &'a Plan,
    editions: &'a Editions,
    amendment: Option<&'a Amendment>,
    sources: &'a Sources,
    theme: &'a Theme,
    view: View,
    paper: Option<&'a Paper>,
    findings: &'a [Arc<Diagnostic>],
    waivers: usize,
    words: Value,
    common: Arc<Common>,
    assets: Assets<'a>,
    previews: preview::Previews,
    outlines: Outlines,
    code: code::Blocks,
    style: Style<'a>,
    /// The chapters and annexes that belong to the plan, in printed order.
    present: Vec<usize>,
}

/// Renders every page, style, script and picture.
///
/// # Errors
/// When the sink refuses a file, or a template has an error that shows only while rendering.
pub fn render(input: Input<'_>, sink: &dyn Sink) -> Result<(), RenderError> {
    Renderer::new(input).all(sink)
}

impl<'a> Renderer<'a> {
    /// Gets ready to render a plan.
    #[must_use]
    pub fn new(input: Input<'a>) -> Self {
        let Input { plan, editions, amendment, sources, theme, view, paper, findings, waivers } = input;
        let amendment = amendment.filter(|_| editions.state == State::Modified);
        let site = SiteView { pdf: paper.map(|_| PDF), ..SiteView::new(plan, editions).amended(plan, editions, amendment) };
        let pages = ListPages {
            ledger: plan.parts.iter().any(|part| !part.annexes.is_empty()),
            laws: !plan.laws.laws.is_empty(),
            coverage: !plan.requirements.requirements.is_empty(),
        };
        let words = Named::value(plan.locale.iter().map(|(name, words)| (name.clone(), Value::from(words))));
        Self {
            plan,
            editions,
            amendment,
            sources,
            theme,
            view,
            paper,
            findings,
            waivers,
            common: Common::new(&CommonView { t: words.clone(), view: view.name(), site: &site, options: theme.options, pages }),
            words,
            assets: Assets::new(sources),
            previews: preview::Previews::new(plan),
            outlines: Outlines::of_parts(plan.parts.len()),
            code: code::Blocks::default(),
            style: plan.style(),
            present: plan.present().collect(),
        }
    }

    /// The plan that is rendered.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        self.plan
    }

    /// Who looks at the pages.
    #[must_use]
    pub fn view(&self) -> View {
        self.view
    }

    /// The page on paper on which an address stands.
    fn paper_page(&self, anchor: &str) -> Option<usize> {
        self.paper?.pages.get(anchor).copied()
    }

    /// The printed edition that goes with the pages.
    #[must_use]
    pub fn paper(&self) -> Option<&Paper> {
        self.paper
    }

    /// Renders everything.
    ///
    /// # Errors
    /// When the sink refuses a file, or a template has an error that shows only while rendering.
    pub fn all(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        self.assets(sink)?;
        self.outlines.prepare(self, "", [FIRST_PART])?;
        let parts = || {
            self.outlines.prepare(self, "../", 0..self.plan.parts.len())?;
            self.parts_with_chapters(sink)
        };
        // What lists the whole plan comes first, and is gone before other things are large.
        let (indexes, parts) = rayon::join(|| self.indexes(sink), parts);
        parts.and(indexes)?;
        self.editions(sink)
    }

    /// Renders some pages of each kind, for mistakes of the theme that show only then.
    ///
    /// # Errors
    /// When the sink refuses a file, or a template has an error that shows only while rendering.
    pub fn sample(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        if self.present.len() <= SAMPLE {
            return self.all(sink);
        }
        let wanted = |indexes: &[usize]| indexes.iter().take(SAMPLE / 2).copied().collect::<Vec<_>>();
        let wanted: Vec<usize> = self
            .plan
            .parts
            .iter()
            .flat_map(|part| [wanted(&part.chapters), wanted(&part.annexes)])
            .flatten()
            .take(SAMPLE)
            .collect();
        self.chapters(|index| wanted.contains(&index), sink)?;
        self.outlines.prepare(self, "", [FIRST_PART])?;
        self.indexes(sink)?;
        self.editions(sink)
    }

    /// Hands over styles, scripts, pictures and attachments.
    ///
    /// # Errors
    /// When the sink refuses a file.
    pub fn assets(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        for asset in self.theme.assets.values() {
            sink.accept(File { path: &asset.path, bytes: asset.text.as_bytes() })?;
        }
        let withheld = if self.view == View::Published { withheld::withheld(self.plan, self.sources) } else { BTreeSet::new() };
        for (_, asset) in self.sources.assets().iter().filter(|(name, _)| !withheld.contains(*name)) {
            sink.accept(File { path: &self.assets.path(asset), bytes: &asset.bytes })?;
        }
        Ok(())
    }

    /// Renders only the pages of some chapters and annexes, named by their index in the plan.
    ///
    /// # Errors
    /// When the sink refuses a file, or a template has an error that shows only while rendering.
    pub fn chapters(&self, wanted: impl Fn(usize) -> bool, sink: &dyn Sink) -> Result<(), RenderError> {
        let wanted: Vec<usize> = (0..self.present.len()).filter(|at| wanted(self.present[*at])).collect();
        let parts: BTreeSet<usize> = wanted.iter().map(|at| self.plan.facts[self.present[*at]].part).collect();
        self.outlines.prepare(self, "../", parts)?;
        wanted.par_iter().try_for_each(|at| self.chapter(*at, None, sink).map(drop))
    }
}

impl Renderer<'_> {
    /// Renders one page with the theme's template of that name.
    fn page<C: Serialize>(&self, template: &str, page: &PageView<'_, C>, sink: &dyn Sink) -> Result<(), RenderError> {
        self.page_around(0, template, page, sink)
    }

    /// Renders one page that holds bodies of so many bytes.
    fn page_around<C: Serialize>(&self, bodies: usize, template: &str, page: &PageView<'_, C>, sink: &dyn Sink) -> Result<(), RenderError> {
        // Room for the whole page at once: text that grows is copied again and again.
        let outlines =
            [&page.outline, &page.outline_annexes].map(|outline| outline.downcast_object_ref::<Html>().map_or(0, |html| html.0.len()));
        let mut bytes = Vec::with_capacity(bodies + outlines.iter().sum::<usize>() + FRAME);
        self.template_into(template, &page.value(), &mut bytes)?;
        Ok(sink.accept(File { path: &page.page.href, bytes: &bytes })?)
    }

    /// Renders a template to text.
    fn template<C: Serialize>(&self, template: &str, context: &C) -> Result<String, RenderError> {
        let mut bytes = Vec::new();
        self.template_into(template, &Value::from(Serde(context)), &mut bytes)?;
        Ok(String::from_utf8(bytes).unwrap_or_default())
    }

    fn template_into(&self, template: &str, value: &Value, out: &mut Vec<u8>) -> Result<(), RenderError> {
        let failed = |error: minijinja::Error| {
            let names = variables(value);
            RenderError::Template(Box::new(template_finding(&error, self.sources, &names.iter().map(String::as_str).collect::<Vec<_>>())))
        };
        let template = self.theme.templates.get_template(template).map_err(failed)?;
        template.render_captured_to(value.clone(), out).map(drop).map_err(failed)
    }

    /// A linker for a page in the folder of chapters or annexes, or at the top.
    fn linker(&self, chapter: Option<usize>) -> Linker<'_> {
        Linker::page(self.plan, chapter)
    }
}

/// The names that a template can use, two levels deep, for did-you-mean.
fn variables(value: &Value) -> Vec<String> {
    let keys = |value: &Value| value.try_iter().map(|keys| keys.map(|key| key.to_string()).collect::<Vec<_>>()).unwrap_or_default();
    let mut names = keys(value);
    for name in names.clone() {
        if let Ok(inner) = value.get_attr(&name)
            && inner.kind() == minijinja::value::ValueKind::Map
        {
            names.extend(keys(&inner));
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}
