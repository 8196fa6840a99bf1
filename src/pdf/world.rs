//! What the typesetter may see: the theme's print files, the plan as data, its pictures and the fonts.
//!
//! In: these. Out: Typst's `World`. There is no disk, no network, no package and no clock in it.

use super::font::Fonts;
use crate::source::Sources;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

/// The template that everything begins with, among the theme's print files.
const MAIN: &str = "plan.typ";
/// The plan, beside the template.
const DATA: &str = "plan.json";
/// One picture, set as the template sets it, and nothing else.
const PICTURE: &str = r#"
#let (path, fonts) = json("plan.json")
#set document(title: path, date: datetime(year: 1980, month: 1, day: 1))
#set text(font: fonts, fallback: false)
#if lower(path.split(".").last()) == "svg" { image(path, format: "svg", alt: path) } else { image(read(path, encoding: none), alt: path) }
"#;

pub(super) struct PrintWorld<'a> {
    library: LazyHash<Library>,
    main: FileId,
    /// What stands in place of the theme's main template.
    own: Option<&'static str>,
    sources: &'a Sources,
    fonts: &'a Fonts,
    data: Bytes,
}

impl<'a> PrintWorld<'a> {
    /// `None` when the name of the main template is no path, which it is.
    pub(super) fn new(sources: &'a Sources, fonts: &'a Fonts, data: Vec<u8>) -> Option<Self> {
        let path = VirtualPath::new(MAIN).ok()?;
        let main = RootedPath::new(VirtualRoot::Project, path).intern();
        Some(Self { library: LazyHash::new(Library::default()), main, own: None, sources, fonts, data: Bytes::new(data) })
    }

    /// A picture alone.
    pub(super) fn of_picture(sources: &'a Sources, fonts: &'a Fonts, path: &str) -> Option<Self> {
        let data = serde_json::json!({ "path": path, "fonts": fonts.available() });
        Some(Self { own: Some(PICTURE), ..Self::new(sources, fonts, data.to_string().into_bytes())? })
    }

    /// The theme's file behind an id, as it is named among the sources.
    pub(super) fn name(id: FileId) -> String {
        format!("theme/print/{}", id.get().vpath().get_without_slash())
    }

    fn text(&self, id: FileId) -> FileResult<&'a str> {
        if let Some(own) = self.own.filter(|_| id == self.main) {
            return Ok(own);
        }
        let file = self.sources.named(&Self::name(id));
        file.map(|file| self.sources.file(file).text.as_str()).ok_or_else(|| not_found(id))
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

impl World for PrintWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        Ok(Source::new(id, self.text(id)?.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.get().vpath().get_without_slash();
        if name == DATA {
            return Ok(self.data.clone());
        }
        // Pictures stand below `assets/`, as chapters name them.
        if let Some(asset) = self.sources.assets().get(name) {
            return Ok(Bytes::new(asset.bytes.clone()));
        }
        Ok(Bytes::from_string(self.text(id)?.to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
