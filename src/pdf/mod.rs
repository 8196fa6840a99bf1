//! The printed edition: a PDF of record, typeset from the plan itself.
//!
//! In: a resolved plan, its sources and editions, and fonts. Out: [`Printed`], the bytes of a PDF that is tagged (PDF/UA-1) and made for
//! archives (PDF/A-2a), the same on every run, and the page of every clause. The layout is the theme's `print/plan.typ`, which reads the
//! plan as data; nothing in a plan is ever run. No PDF is made in which a character is missing.

mod amendments;
mod fault;
mod font;
mod inline;
mod reader;
mod seal;
mod tree;
mod world;

pub use font::{FAMILIES, Fonts};
pub use seal::Seal;

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    edition::{Amendment, Editions},
    message,
    resolve::Plan,
    source::Sources,
    view::{EditionView, Paper, SiteView},
};
use font::Unfit;
use std::collections::BTreeMap;
use tree::Print;
use typst::{
    foundations::NativeElement as _,
    foundations::{Selector, Smart},
    introspection::{Introspector as _, MetadataElem},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use world::PrintWorld;

/// What is printed, and with what.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What was approved.
    pub editions: &'a Editions,
    /// What has changed since.
    pub amendment: Option<&'a Amendment>,
    /// The files, for pictures and the template.
    pub sources: &'a Sources,
    /// The fonts.
    pub fonts: &'a Fonts,
    /// One annex alone, by its id.
    pub single: Option<&'a str>,
}

/// A finished PDF.
#[derive(Debug)]
pub struct Printed {
    /// Its bytes, and where everything stands.
    pub paper: Paper,
    /// How many pages it has.
    pub count: usize,
}

/// A character that no font could draw.
#[derive(Debug)]
pub struct Missing {
    /// The character.
    pub character: char,
    /// Where it stands first, if it stands in a file as it is.
    pub place: Option<Span>,
}

/// Why there is no PDF.
#[derive(Debug)]
pub enum PdfError {
    /// None of the families is there.
    NoFont,
    /// Some characters would have been boxes.
    Missing(Vec<Missing>),
    /// A picture, a font or the template cannot be used, or a character may not stay.
    Findings(Vec<Diagnostic>),
}

/// Typesets a plan.
///
/// # Errors
/// When a font, a picture, a character or the template does not do.
pub fn print(input: Input<'_>) -> Result<Printed, PdfError> {
    let Input { plan, editions, amendment, sources, fonts, single } = input;
    if fonts.available().is_empty() {
        return Err(PdfError::NoFont);
    }
    let data = Print {
        site: SiteView::new(plan, editions).amended(plan, editions, amendment),
        t: &plan.locale,
        history: editions.records.iter().map(|record| EditionView::new(record, plan)).collect(),
        comparison: single.is_none().then(|| amendments::table(plan, editions, amendment, sources)).flatten(),
        contents_depth: plan.config.contents_depth,
        fonts: fonts.available(),
        single,
        parts: reader::parts(plan, sources, single),
    };
    let json = serde_json::to_vec(&data).map_err(|error| PdfError::Findings(vec![internal(&error.to_string())]))?;
    let Some(world) = PrintWorld::new(sources, fonts, json) else { return Err(PdfError::NoFont) };
    let document = typst::compile::<PagedDocument>(&world).output;
    let mut document = document.map_err(|errors| PdfError::Findings(fault::of_layout(&errors, &world, input)))?;
    let Unfit { missing, private } = font::unfit(&document);
    if !private.is_empty() {
        let finding = |character| fault::of_private_use(character, first_place(character, sources));
        return Err(PdfError::Findings(private.into_iter().map(finding).collect()));
    }
    if !missing.is_empty() {
        let place = |character| Missing { character, place: first_place(character, sources) };
        return Err(PdfError::Missing(missing.into_iter().map(place).collect()));
    }
    if let Some(record) = editions.approved() {
        document.info_mut().keywords.push(Seal::of(record).keyword().into());
    }
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", plan.digest.hex(), single.unwrap_or_default())),
        creator: Smart::Custom(Some(concat!("planpress ", env!("CARGO_PKG_VERSION")).to_owned())),
        standards: standards()?,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| PdfError::Findings(fault::of_export(&errors, input)))?;
    // Kept between runs by the typesetter; a process prints once.
    typst::comemo::evict(0);
    Ok(Printed { count: document.pages().len(), paper: Paper { bytes, pages: pages(&document) } })
}

/// The page of each address: the template marks every one by a piece of metadata.
fn pages(document: &PagedDocument) -> BTreeMap<String, usize> {
    let introspector = document.introspector();
    let marks = introspector.query(&Selector::Elem(MetadataElem::ELEM, None));
    let page = |mark: &typst::foundations::Content| {
        let anchor = mark.to_packed::<MetadataElem>()?.value.clone().cast::<typst::foundations::Str>().ok()?;
        let page = introspector.page(mark.location()?)?;
        Some((anchor.to_string(), page.get()))
    };
    marks.iter().filter_map(page).collect()
}

/// Where a character stands first among the plan's texts.
fn first_place(character: char, sources: &Sources) -> Option<Span> {
    let folders = [("chapters", "md"), ("annexes", "md"), ("data", "yaml"), ("data", "csv")];
    let mut files = folders.into_iter().flat_map(|(folder, extension)| sources.in_folder(folder, extension)).map(|(_, file)| file);
    let all = sources.named("plan.yaml").into_iter().chain(&mut files);
    all.into_iter().find_map(|file| {
        let at = sources.file(file).text.find(character)?;
        Some(Span::new(file, at, at + character.len_utf8()))
    })
}

/// What a PDF of record keeps to: one that everybody can read, and that can be read for long.
fn standards() -> Result<PdfStandards, PdfError> {
    PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]).map_err(|error| PdfError::Findings(vec![internal(error.message())]))
}

fn internal(what: &str) -> Diagnostic {
    Diagnostic::nowhere(Rule::Theme, message!("無法排版：{what}", "The plan cannot be typeset: {what}"))
}
