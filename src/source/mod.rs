//! The files of a plan project, read once.
//!
//! In: a project folder and perhaps an overlay folder. Out: [`Sources`], every file's text and digest by name, and findings
//! about files that cannot be text. This module reads; it does not know what a chapter or a table is.

mod character;
mod fix;
pub mod held;
mod number;
mod passed_over;
mod places;
mod read;
mod wide_space;
pub mod yaml;
mod yaml_alias;
mod yaml_block;
mod yaml_comma;
mod yaml_comment;
mod yaml_faulty_line;
mod yaml_mistake;
mod yaml_quote;

pub use character::{code, is_control, is_private, is_unreadable, meaningless, unreadable};
pub use fix::{Mended, mended};
pub use number::Numbers;
pub(crate) use read::normalised;
pub use read::{Earlier, Project, ReadError, is_inside, is_of_system, is_read, is_visible};

use crate::diagnostic::{Diagnostic, FileId, Rule, Span};
use sha2::{Digest as _, Sha256};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, OnceLock},
    time::SystemTime,
};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest as 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = String::with_capacity(2 * self.0.len());
        for byte in self.0 {
            digits.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
        }
        digits
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.hex()[..12])
    }
}

/// What the system says of a file without opening it: when it was last written and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    length: u64,
}

/// One text file.
#[expect(clippy::struct_excessive_bools, reason = "each says something else of a file, and none excludes another")]
#[derive(Debug)]
pub struct Source {
    /// Its name below `content/`, such as `chapters/scope.md`; the same in an overlay.
    pub name: String,
    /// The path that people see, relative to the project, `/`-separated.
    pub path: String,
    /// Its text without a byte order mark and with `\n` line ends.
    pub text: Arc<String>,
    /// The digest of `text`.
    pub digest: Digest,
    /// Whether the text could be read; when not, a finding says why and `text` holds what is needed to point at it.
    pub readable: bool,
    /// Whether it says what a file says that is part of the program, and so may change with another release of it.
    pub embedded: bool,
    /// Whether it is of a kind that is not read where it stands: it is here only to be pointed at.
    pub passed_over: bool,
    /// Whether it stands in an overlay, above what several agencies share.
    pub overlaid: bool,
    /// What it looked like on disk when it was read; `None` for a text from elsewhere.
    stamp: Option<Stamp>,
    lines: OnceLock<Vec<u32>>,
    /// Where everything in its YAML stands.
    places: OnceLock<Box<places::Places>>,
}

/// A picture or an attachment.
#[derive(Debug)]
pub struct Asset {
    /// Its name below `content/`, such as `assets/network.png`; the same in an overlay.
    pub name: String,
    /// The path that people see.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The digest of `bytes`.
    pub digest: Digest,
    stamp: Option<Stamp>,
}

/// A place for people: 1-based line and column, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Source {
    /// A text that was read from somewhere.
    #[must_use]
    pub fn new(name: impl Into<String>, path: impl Into<String>, text: impl Into<String>) -> Self {
        let text: String = text.into();
        let digest = Digest::of(text.as_bytes());
        Self {
            name: name.into(),
            path: path.into(),
            text: text.into(),
            digest,
            readable: true,
            embedded: false,
            passed_over: false,
            overlaid: false,
            stamp: None,
            lines: OnceLock::new(),
            places: OnceLock::new(),
        }
    }

    /// The same as a part of the program, or not.
    #[must_use]
    pub fn embedded(self, embedded: bool) -> Self {
        Self { embedded, ..self }
    }

    /// What its name ends with behind the last dot.
    #[must_use]
    pub fn extension(&self) -> &str {
        self.name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The same as one that is not read where it stands.
    #[must_use]
    pub fn unread(self) -> Self {
        Self { passed_over: true, ..self }
    }

    /// The line and column of a byte offset; an offset inside a character counts as its beginning.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line(offset);
        let from = self.line_starts()[line - 1] as usize;
        let column = self.text[from..].char_indices().take_while(|(at, _)| from + at < offset).count() + 1;
        Position { line, column }
    }

    /// The line of a byte offset. Unlike its column it takes no walk along the line, which may be a whole chapter.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts().partition_point(|start| *start as usize <= offset).max(1)
    }

    /// The byte offset at which a line begins; lines count from 1, and one past the end means the end of the text.
    #[must_use]
    pub fn line_start(&self, line: usize) -> usize {
        self.line_starts().get(line.saturating_sub(1)).map_or(self.text.len(), |start| *start as usize)
    }

    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let after_breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(after_breaks).filter_map(|start| u32::try_from(start).ok()).collect()
        })
    }
}

/// Every file of a project, by name; where an overlay has the same name, the overlay's.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Arc<Source>>,
    by_name: Arc<BTreeMap<String, FileId>>,
    /// `plan.yaml` below an overlay's own, which holds only the keys that differ.
    base_plan: Option<FileId>,
    assets: BTreeMap<String, Arc<Asset>>,
}

impl Sources {
    /// Adds a text under its name; a later text of the same name counts instead of the earlier one.
    pub fn add(&mut self, source: impl Into<Arc<Source>>) -> FileId {
        let source = source.into();
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        if let Some(under) = Arc::make_mut(&mut self.by_name).insert(source.name.clone(), id)
            && source.name == "plan.yaml"
        {
            self.base_plan = Some(under);
        }
        self.files.push(source);
        id
    }

    /// The files of a folder and of the folders in it, in the order of their names.
    fn within(&self, folder: &str) -> impl Iterator<Item = (&str, FileId)> {
        let prefix = format!("{folder}/");
        let from = self.by_name.range(prefix.clone()..);
        from.map(|(name, id)| (name.as_str(), *id)).take_while(move |(name, _)| name.starts_with(&prefix))
    }

    /// The same files, some of them with another text.
    pub(super) fn with(&self, texts: Vec<(FileId, Arc<Source>)>) -> Self {
        let mut files = self.files.clone();
        for (id, text) in texts {
            files[id.0 as usize] = text;
        }
        Self { files, by_name: Arc::clone(&self.by_name), base_plan: self.base_plan, assets: self.assets.clone() }
    }

    /// The file behind an id.
    #[must_use]
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The file with this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<FileId> {
        self.by_name.get(name).copied()
    }

    /// The `plan.yaml` that an overlay's lies on.
    #[must_use]
    pub fn base_plan(&self) -> Option<FileId> {
        self.base_plan
    }

    /// The files whose names begin with `folder/` and end with `.extension`, in the order of their names.
    pub fn in_folder<'a>(&'a self, folder: &'a str, extension: &'a str) -> impl Iterator<Item = (&'a str, FileId)> + 'a {
        self.within(folder).filter_map(move |(name, id)| {
            let stem = name[folder.len() + 1..].strip_suffix(extension)?.strip_suffix('.')?;
            Some((stem, id))
        })
    }

    /// The key under which what was made from the files of some folders is kept: equal keys mean equal texts behind equal ids.
    #[must_use]
    pub fn identity(&self, folders: &[&str]) -> Vec<(FileId, [bool; 2], Digest)> {
        let of_all = folders.iter().flat_map(|folder| self.within(folder));
        // Of a file that cannot be read to its end, the text may be the same as after somebody took the rest away.
        of_all
            .map(|(_, id)| (id, self.file(id)))
            .map(|(id, file)| (id, [file.readable, file.overlaid], file.digest))
            .collect()
    }

    /// The key under which what was made from all files is kept, records of earlier editions among them.
    #[must_use]
    pub fn identity_of_all(&self) -> Digest {
        let mut all = Sha256::new();
        let texts = self.files.iter().map(|file| (&file.name, file.path.as_str(), file.digest));
        let assets = self.assets.iter().map(|(name, asset)| (name, "", asset.digest));
        for (name, path, digest) in texts.chain(assets) {
            for part in [name.as_bytes(), path.as_bytes()] {
                all.update(part);
                all.update([0]);
            }
            all.update(digest.0);
        }
        Digest(all.finalize().into())
    }

    /// The texts that are not what they were in another read, if nothing else is: the same files in the same order, and the same pictures.
    #[must_use]
    pub fn edited_since(&self, earlier: &Self) -> Option<Vec<FileId>> {
        let is_same_file = |(one, other): (&Arc<Source>, &Arc<Source>)| {
            Arc::ptr_eq(one, other) || (one.name == other.name && one.path == other.path && one.readable && other.readable)
        };
        let same_files = self.files.len() == earlier.files.len()
            && self.base_plan == earlier.base_plan
            && self.files.iter().zip(&earlier.files).all(is_same_file)
            && self.has_same_assets(earlier);
        let is_edited = |(id, (one, other)): (u32, (&Arc<Source>, &Arc<Source>))| {
            (!Arc::ptr_eq(one, other) && one.digest != other.digest).then_some(FileId(id))
        };
        same_files.then(|| (0u32..).zip(self.files.iter().zip(&earlier.files)).filter_map(is_edited).collect())
    }

    /// Whether every file could be read.
    #[must_use]
    pub fn are_all_readable(&self) -> bool {
        self.files.iter().all(|file| file.readable)
    }

    /// Where the path of each file stands among those of all, by id: files of one path stand at one place.
    #[must_use]
    pub fn order_of_paths(&self) -> Vec<u32> {
        let mut sorted: Vec<usize> = (0..self.files.len()).collect();
        // Most are in order: files are read by name.
        sorted.sort_unstable_by_key(|file| self.files[*file].path.as_str());
        let mut order = vec![0; sorted.len()];
        for (place, pair) in (1..).zip(sorted.windows(2)) {
            let same = self.files[pair[0]].path == self.files[pair[1]].path;
            order[pair[1]] = if same { order[pair[0]] } else { place };
        }
        order
    }

    /// A text that was read before under the same name and from the same place, if it is still the same.
    #[must_use]
    pub fn same(&self, name: &str, path: &str, text: &str) -> Option<Arc<Source>> {
        let source = &self.files[self.named(name)?.0 as usize];
        (source.path == path && *source.text == text).then(|| Arc::clone(source))
    }

    /// Every picture and attachment, by name.
    #[must_use]
    pub fn assets(&self) -> &BTreeMap<String, Arc<Asset>> {
        &self.assets
    }

    /// Whether every picture and attachment is the same in the other read.
    #[must_use]
    pub fn has_same_assets(&self, other: &Self) -> bool {
        let is_same =
            |(one, other): (&Arc<Asset>, &Arc<Asset>)| Arc::ptr_eq(one, other) || (one.name == other.name && one.digest == other.digest);
        self.assets.len() == other.assets.len() && self.assets.values().zip(other.assets.values()).all(is_same)
    }

    /// The names of assets that exist but could not be used.
    pub fn refused_assets(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str).filter(|name| name.starts_with("assets/"))
    }

    /// The text that a span covers; empty when the span lies outside the text or cuts a character.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// Whether a finding says that a file that the plan lists is not there, or is none. A picture that is not there is another matter.
    #[must_use]
    pub fn lack_a_chapter(&self, finding: &Diagnostic) -> bool {
        let is_of_list = |span: Span| {
            let file = self.file(span.file);
            file.name == "plan.yaml" || !file.readable
        };
        finding.rule == Rule::MissingFile && finding.span.is_some_and(is_of_list)
    }

    /// Everything that the published words depend on, digested in the order of names: the same files give the same digest on
    /// every machine. Records of earlier editions do not count, and neither do files of the program: what was approved stays approved
    /// when another release publishes it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest_of(|file| !file.embedded)
    }

    /// The same with the files of the program: what is made for these pages is not taken for those of another release.
    #[must_use]
    pub fn digest_with_program(&self) -> Digest {
        self.digest_of(|_| true)
    }

    fn digest_of(&self, counts: impl Fn(&Source) -> bool) -> Digest {
        let mut all = Sha256::new();
        let texts = self
            .by_name
            .iter()
            .map(|(name, id)| (name, self.file(*id)))
            .filter(|(_, file)| !file.passed_over && counts(file));
        let texts = texts.map(|(name, file)| (name, file.digest));
        let assets = self.assets.iter().map(|(name, asset)| (name, asset.digest));
        let base = self.base_plan.iter().map(|id| (&self.file(*id).path, self.file(*id).digest));
        for (name, digest) in texts.chain(assets).chain(base).filter(|(name, _)| !name.starts_with("editions/")) {
            all.update(name.as_bytes());
            all.update([0]);
            all.update(digest.0);
        }
        Digest(all.finalize().into())
    }
}

/// The name of the asset behind an address as written in a chapter: `assets/a.png`, `../assets/a.png`, `./assets/a.png`.
/// `None` when it leads elsewhere.
#[must_use]
pub fn asset_name(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let path = path.strip_prefix("./").or_else(|| path.strip_prefix("../")).unwrap_or(path);
    let inside = path.starts_with("assets/") && !path.split('/').any(|part| matches!(part, "" | "." | ".."));
    // Markdown may write a space or a Han character in an address as `%20`.
    let decoded = || percent_encoding::percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), Cow::into_owned);
    (inside && !path.contains(['\\', ':'])).then(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let source = Source::new("a", "a", "一二\n三四五\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(3), Position { line: 1, column: 2 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.position(13), Position { line: 2, column: 3 });
        assert_eq!(source.position(999), Position { line: 3, column: 1 });
        assert_eq!(source.line_start(2), 7);
    }

    #[test]
    fn what_belongs_to_the_program_is_no_part_of_what_is_approved() {
        let digest = |style: &str, embedded| {
            let mut sources = Sources::default();
            sources.add(Source::new("plan.yaml", "content/plan.yaml", "title: 計畫\n"));
            sources.add(Source::new("theme/styles/page.css", "themes/default/styles/page.css", style).embedded(embedded));
            (sources.digest(), sources.digest_with_program())
        };
        let [one, other] = ["a {}", "b {}"].map(|style| digest(style, true));
        assert_eq!(one.0, other.0);
        assert_ne!(one.1, other.1, "what is made from it differs");
        let [one, other] = ["a {}", "b {}"].map(|style| digest(style, false));
        assert_ne!(one.0, other.0);
    }

    #[test]
    fn an_asset_stays_inside_its_folder() {
        let name = |url| asset_name(url);
        assert_eq!(name("../assets/a%20b.png").as_deref(), Some("assets/a b.png"));
        assert_eq!(name("assets/網路.png").as_deref(), Some("assets/網路.png"));
        assert_eq!(
            [name("assets/../plan.yaml"), name("/etc/passwd"), name("../../assets/a"), name("assets\\..\\a"), name("C:assets/a")],
            [const { None }; 5]
        );
    }

    #[test]
    fn an_overlay_counts_and_keeps_the_plan_below() {
        let mut sources = Sources::default();
        let below = sources.add(Source::new("plan.yaml", "content/plan.yaml", "a: 1"));
        let above = sources.add(Source::new("plan.yaml", "agency/plan.yaml", "a: 2"));
        assert_eq!((sources.named("plan.yaml"), sources.base_plan()), (Some(above), Some(below)));
    }
}
