//! The printed edition: a PDF of record, typeset from the plan itself.
//!
//! In: a resolved plan, its sources and editions, and fonts. Out: [`Printed`], the bytes of a PDF that is tagged (PDF/UA-1) and made for
//! archives (PDF/A-2a), the same on every run, and the page of every clause. The layout is the theme's `print/plan.typ`, which reads the
//! plan as data; nothing in a plan is ever run. No PDF is made in which a character is missing.

mod amendments;
mod font;
mod inline;
mod reader;
mod tree;
mod world;

pub use font::{FAMILIES, Fonts};

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    edition::{Amendment, Editions},
    message,
    resolve::Plan,
    source::Sources,
    view::{EditionView, Paper, SiteView},
};
use std::collections::BTreeMap;
use tree::Print;
use typst::{
    WorldExt,
    diag::SourceDiagnostic,
    foundations::NativeElement as _,
    foundations::{Bytes, Selector, Smart},
    introspection::{Introspector as _, MetadataElem},
    visualize::{ExchangeFormat, RasterImage},
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
    /// A picture or the template cannot be used.
    Findings(Vec<Diagnostic>),
}

/// Typesets a plan.
///
/// # Errors
/// When a font, a picture or the template does not do.
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
    let failed = |errors: &[SourceDiagnostic]| PdfError::Findings(findings(errors, &world, sources));
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|errors| failed(&errors))?;
    let missing = font::missing(&document);
    if !missing.is_empty() {
        let place = |character| Missing { character, place: first_place(character, sources) };
        return Err(PdfError::Missing(missing.into_iter().map(place).collect()));
    }
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]);
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", plan.digest.hex(), single.unwrap_or_default())),
        creator: Smart::Custom(Some(concat!("planpress ", env!("CARGO_PKG_VERSION")).to_owned())),
        standards: standards.map_err(|error| PdfError::Findings(vec![internal(error.message())]))?,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| failed(&errors))?;
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

/// The typesetter's errors as findings: pictures that cannot be read by name, the rest at its place in the template.
fn findings(errors: &[SourceDiagnostic], world: &PrintWorld<'_>, sources: &Sources) -> Vec<Diagnostic> {
    let broken: Vec<Diagnostic> = sources.assets().iter().filter_map(|(name, asset)| broken_picture(name, &asset.bytes)).collect();
    if !broken.is_empty() {
        return broken;
    }
    let finding = |error: &SourceDiagnostic| {
        let what = error.message.as_str();
        let place = error.span.id().and_then(|id| sources.named(&PrintWorld::name(id))).zip(world.range(error.span));
        let message = message!("列印版面有錯：{what}", "The print template has an error: {what}");
        let span = place.map(|(file, range)| Span::new(file, range.start, range.end));
        Diagnostic { span, ..Diagnostic::nowhere(Rule::Theme, message) }
    };
    errors.iter().map(finding).collect()
}

fn broken_picture(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let format = match extension.as_str() {
        "png" => ExchangeFormat::Png,
        "jpg" | "jpeg" => ExchangeFormat::Jpg,
        "gif" => ExchangeFormat::Gif,
        "webp" => ExchangeFormat::Webp,
        _ => return None,
    };
    let error = RasterImage::plain(Bytes::new(bytes.to_vec()), format).err()?;
    let message = message!("無法讀取圖檔 {name}：{error}", "The picture {name} cannot be read: {error}");
    let help = message!("請以影像程式重新存檔", "Save it again with an image editor");
    Some(Diagnostic::nowhere(Rule::Theme, message).help(help))
}

fn internal(what: &str) -> Diagnostic {
    Diagnostic::nowhere(Rule::Theme, message!("無法排版：{what}", "The plan cannot be typeset: {what}"))
}
