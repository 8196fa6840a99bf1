//! Reading a project's files from disk.
//!
//! In: [`Project`], a folder and perhaps an overlay. Out: [`Sources`] and findings about files that cannot be used: not UTF-8,
//! too large, a link that leads out of the project, of a kind that is not read where it stands, or of an overlay that is not used. Errors of the
//! file system itself stop the run as [`ReadError`].

use super::{
    Asset, Digest, Source, Sources, Stamp,
    character::{is_control, is_noncharacter, may_hold_control},
    held, passed_over,
};
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span, reason},
    message,
};
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A chapter or table larger than this (bytes) is a mistake: the whole template plan is 60 KB.
pub(super) const TEXT_LIMIT: u64 = 8 << 20;
/// An attachment larger than this (bytes) does not belong on an intranet page.
const ASSET_LIMIT: u64 = 64 << 20;
/// The folders of `content/` that hold text, and the kinds of file read from each.
const TEXT_FOLDERS: [(&str, &[&str]); 4] =
    [("chapters", &["md"]), ("annexes", &["md"]), ("data", &["yaml", "csv"]), ("editions", &["json", "yaml"])];

/// Where a plan stands on disk.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that holds `content/`.
    pub root: PathBuf,
    /// A folder laid over `content/` file by file.
    pub overlay: Option<PathBuf>,
}

/// A file or folder that the system would not let us read.
#[derive(Debug)]
pub struct ReadError {
    /// What was to be read, as people see it.
    pub path: String,
    /// Why it was not.
    pub error: io::Error,
}

impl ReadError {
    /// What happened, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        let (path, Message { zh, en }) = (&self.path, reason(&self.error));
        message!("無法讀取「{path}」：{zh}", "Cannot read `{path}`: {en}")
    }

    /// What to do about something that was there a while ago; nothing where another reason than that says more.
    #[must_use]
    pub fn lost(&self) -> Option<Message> {
        let is_gone = self.error.kind() == io::ErrorKind::NotFound && self.misnamed().is_none();
        is_gone.then(|| {
            message!(
                "資料夾可能移走或改了名；放回原處，預覽就接著更新",
                "The folder may have been moved or renamed; once it is back in its place, the preview goes on"
            )
        })
    }

    /// The name of the file that stands where `plan.yaml` is missing, and is nearly called so.
    #[must_use]
    pub fn misnamed(&self) -> Option<String> {
        // The system itself puts nothing into its errors.
        self.error.get_ref().filter(|_| self.error.kind() == io::ErrorKind::NotFound).map(ToString::to_string)
    }
}

/// What an earlier read of the same project found. A file that still looks the same on disk is not read again.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// What it found.
    pub sources: &'a Sources,
    /// Files to read even if they look the same: two writes within one tick of the file system's clock can.
    pub changed: &'a BTreeSet<PathBuf>,
}

/// What stands in the folders of a project.
#[derive(Default)]
struct Listing {
    /// Where the files of each name stand: path, path as it is shown, and folder of content.
    files: BTreeMap<String, Vec<(PathBuf, String, PathBuf)>>,
    /// What stands among the texts and is not read: name, path as it is shown, and whether it is a folder.
    passed_over: Vec<(String, String, bool)>,
}

enum Loaded {
    Text(Arc<Source>, Option<Diagnostic>),
    Asset(Arc<Asset>),
    Refused(Source, Diagnostic),
}

/// Whether planpress reads a file of this name, which is relative to `content/` or an overlay, says that it does not, or looks for files in a
/// folder of this name.
#[must_use]
pub fn is_read(name: &Path) -> bool {
    let parts: Option<Vec<&str>> = name.components().map(|part| part.as_os_str().to_str()).collect();
    let Some(parts) = parts.filter(|parts| parts.iter().all(|part| is_visible(part))) else { return false };
    match parts.as_slice() {
        [top] => {
            let is_meant = || [false, true].into_iter().any(|is_folder| passed_over::meant_at_top(top, is_folder).is_some());
            *top == "plan.yaml" || *top == "assets" || TEXT_FOLDERS.iter().any(|(folder, _)| folder == top) || is_meant()
        }
        [] | ["assets", ..] => true,
        [top, file] => {
            let is_text = |(folder, extensions): &(&str, &[&str])| folder == top && has_extension(Path::new(file), extensions);
            TEXT_FOLDERS.iter().any(is_text) || passed_over::may_be_meant(top, file)
        }
        _ => false,
    }
}

/// Whether a file or folder of this name counts: editors and systems keep their own under others.
#[must_use]
pub fn is_visible(name: &str) -> bool {
    !name.starts_with('.') && !name.ends_with('~') && !name.starts_with("~$") && !is_of_system(name)
}

/// Whether a file is one that Windows or macOS puts into folders that somebody has looked into.
#[must_use]
pub fn is_of_system(name: &str) -> bool {
    ["Thumbs.db", "ehthumbs.db", "desktop.ini", ".DS_Store"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let is = |extension: &str| extensions.iter().any(|one| one.eq_ignore_ascii_case(extension));
    path.extension().and_then(OsStr::to_str).is_some_and(is)
}

/// A text file's name as it is looked for: some programs write its extension in capitals.
fn name_of_text(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !name.starts_with("assets/") => format!("{stem}.{}", extension.to_ascii_lowercase()),
        _ => name.to_owned(),
    }
}

/// Whether a path, with its links followed, stays inside a folder; both must exist.
#[must_use]
pub fn is_inside(path: &Path, folder: &Path) -> bool {
    match (fs::canonicalize(path), fs::canonicalize(folder)) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

impl Project {
    /// Reads every file of the project, several at a time.
    ///
    /// # Errors
    /// When `content/plan.yaml` is missing or a file or folder cannot be read.
    pub fn read(&self) -> Result<(Sources, Vec<Diagnostic>), ReadError> {
        self.read_again(Earlier { sources: &Sources::default(), changed: &BTreeSet::new() })
    }

    /// Reads what changed since an earlier read; the result is the same as if everything were read.
    ///
    /// # Errors
    /// When `content/plan.yaml` is missing or a file or folder cannot be read.
    pub fn read_again(&self, earlier: Earlier<'_>) -> Result<(Sources, Vec<Diagnostic>), ReadError> {
        let content = self.root.join("content");
        let (mut found, mut unused) = (Listing::default(), None);
        self.list(&content, "content", &mut found)?;
        if let Some(overlay) = &self.overlay {
            // An agency's editions are its own: what another one approved is no earlier edition of its plan.
            found.files.retain(|name, _| !name.starts_with("editions/"));
            found.passed_over.retain(|(name, ..)| !name.starts_with("editions/"));
            let shown = shown_path(overlay, &self.root);
            if !overlay.is_dir() {
                let kind = if overlay.exists() { io::ErrorKind::NotADirectory } else { io::ErrorKind::NotFound };
                return Err(ReadError { path: overlay.to_string_lossy().replace('\\', "/"), error: kind.into() });
            }
            self.list(overlay, &shown, &mut found)?;
            unused = passed_over::overlay(overlay, &shown, found.files.values().flatten().any(|(.., folder)| folder == overlay));
        }
        let wanted: Vec<_> = found
            .files
            .iter()
            .flat_map(|(name, places)| counting(name, places).iter().map(move |place| (name.as_str(), place)))
            .collect();
        let loaded: Vec<Loaded> = wanted
            .par_iter()
            .map(|(name, (path, shown, folder))| self.load(name, path, shown, folder, earlier))
            .collect::<Result<_, _>>()?;
        let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
        for file in loaded {
            match file {
                Loaded::Asset(asset) => drop(sources.assets.insert(asset.name.clone(), asset)),
                Loaded::Text(source, finding) => {
                    let id = sources.add(source);
                    diagnostics.extend(finding.map(|finding| at_end(finding, id, &sources)));
                }
                Loaded::Refused(source, finding) => {
                    let id = sources.add(source);
                    diagnostics.push(at_end(finding, id, &sources));
                }
            }
        }
        for (name, passed_over) in found.files.iter().filter_map(|(name, places)| Some((name, twin(places)?))) {
            let message =
                message!("「{passed_over}」與這個檔案同名，沒有讀取", "`{passed_over}` has the same name as this file and is not read");
            let help = message!("請只留一個；副檔名的大小寫不算不同", "Keep one of them; capitals in an extension make no other name");
            let finding = sources.named(name).map(|id| Diagnostic::new(Rule::UnlistedFile, Span::whole(id), message).help(help));
            diagnostics.extend(finding);
        }
        for (name, shown, is_folder) in &found.passed_over {
            let id = sources.add(passed_over::source(name, shown));
            diagnostics.push(passed_over::finding(id, name, *is_folder));
        }
        if let Some((source, finding)) = unused {
            let id = sources.add(source);
            diagnostics.push(at_end(finding, id, &sources));
        }
        Ok((sources, diagnostics))
    }

    /// Reads only the texts that a watcher says were edited; `None` if one of them is no file that was read before and can be read now.
    #[must_use]
    pub fn read_edited(&self, earlier: &Sources, edited: &BTreeSet<PathBuf>) -> Option<Sources> {
        let read = |path: &PathBuf| {
            let content = (self.root.join("content"), String::from("content"));
            let overlay = self.overlay.as_ref().map(|overlay| (overlay.clone(), shown_path(overlay, &self.root)));
            let (folder, shown) = overlay.into_iter().chain([content]).find(|(folder, _)| path.starts_with(folder))?;
            let name = path.strip_prefix(&folder).ok()?.to_str()?.replace('\\', "/");
            let (name, shown) = (name_of_text(&name), format!("{shown}/{name}"));
            let id = earlier.named(&name)?;
            let known = earlier.file(id);
            let again = Earlier { sources: earlier, changed: edited };
            match self.load(&name, path, &shown, &folder, again).ok()? {
                Loaded::Text(text, None) if known.readable && !known.passed_over && known.path == shown => Some((id, text)),
                _ => None,
            }
        };
        Some(earlier.with(edited.iter().map(read).collect::<Option<_>>()?))
    }

    /// Notes every file of one content folder under its name.
    fn list(&self, folder: &Path, shown: &str, found: &mut Listing) -> Result<(), ReadError> {
        let mut note = |name: String, path: PathBuf| {
            let shown = format!("{shown}/{name}");
            found.files.entry(name_of_text(&name)).or_default().push((path, shown, folder.to_path_buf()));
        };
        let plan = folder.join("plan.yaml");
        let is_own = shown == "content";
        // Somebody may have named another folder than they meant.
        let named = |path: &str| {
            let root = Some(&self.root).filter(|root| is_own && root.as_path() != Path::new("."));
            root.map_or_else(PathBuf::new, PathBuf::clone).join(path).to_string_lossy().replace('\\', "/")
        };
        // A folder that may not be looked into has not lost its plan.
        let is_there = plan.try_exists().map_err(|error| ReadError { path: named(shown), error })?;
        let beside = entries(folder, &named(shown))?;
        if is_there {
            note("plan.yaml".into(), plan);
        } else if is_own {
            let missing = io::ErrorKind::NotFound;
            let error = passed_over::misnamed_plan(&beside).map_or(missing.into(), |name| io::Error::new(missing, name));
            return Err(ReadError { path: named("content/plan.yaml"), error });
        }
        let beside = passed_over::at_top(folder, &beside).into_iter();
        found.passed_over.extend(beside.map(|(name, is_folder)| (name.clone(), format!("{shown}/{name}"), is_folder)));
        // A folder that is a link out of the project is refused as a whole: it is noted as if it were a file.
        for (name, extensions) in TEXT_FOLDERS {
            if self.is_led_out(&folder.join(name), folder) {
                note(name.to_owned(), folder.join(name));
                continue;
            }
            let (texts, others): (Vec<_>, Vec<_>) = entries(&folder.join(name), &format!("{shown}/{name}"))?
                .into_iter()
                .partition(|(_, path)| has_extension(path, extensions));
            for (file, is_folder) in passed_over::named(name, &others, &texts) {
                found.passed_over.push((format!("{name}/{file}"), format!("{shown}/{name}/{file}"), is_folder));
            }
            for (file, path) in texts {
                note(format!("{name}/{file}"), path);
            }
        }
        let assets = folder.join("assets");
        if self.is_led_out(&assets, folder) {
            note("assets".to_owned(), assets);
            return Ok(());
        }
        let mut folders = vec![(String::from("assets"), assets)];
        while let Some((name, path)) = folders.pop() {
            for (file, path) in entries(&path, &format!("{shown}/{name}"))? {
                let name = format!("{name}/{file}");
                // A link to a folder is not followed: it could lead out of the project or in a circle.
                if path.is_dir() && !path.is_symlink() { folders.push((name, path)) } else { note(name, path) }
            }
        }
        Ok(())
    }

    /// Whether a path is a link that leads neither into its own folder, which may itself stand elsewhere, nor into the project.
    fn is_led_out(&self, path: &Path, folder: &Path) -> bool {
        path.is_symlink() && ![folder, &self.root].into_iter().any(|inside| is_inside(path, inside))
    }

    #[expect(clippy::disallowed_methods, reason = "this is where files are read")]
    fn load(&self, name: &str, path: &Path, shown: &str, folder: &Path, earlier: Earlier<'_>) -> Result<Loaded, ReadError> {
        let failed = |error| ReadError { path: shown.to_owned(), error };
        let overlaid = self.overlay.as_deref() == Some(folder);
        let refused = |diagnostic| Ok(Loaded::Refused(Source { readable: false, overlaid, ..Source::new(name, shown, "") }, diagnostic));
        let mut metadata = fs::symlink_metadata(path).map_err(failed)?;
        if metadata.is_symlink() && self.is_led_out(path, folder) {
            let message = message!("「{shown}」是失效或連到專案外的連結", "`{shown}` is a link that is broken or leads out of the project");
            let help = message!("請把檔案本身放進專案", "Put the file itself into the project");
            return refused(Diagnostic::nowhere(Rule::OutsideProject, message).help(help));
        }
        let is_asset = name.starts_with("assets/");
        if metadata.is_symlink() {
            metadata = fs::metadata(path).map_err(failed)?;
        }
        if !metadata.is_file() {
            let message = message!("「{shown}」不是一般檔案", "`{shown}` is no regular file");
            return refused(Diagnostic::nowhere(Rule::MissingFile, message).help(message!("請移走它", "Move it away")));
        }
        let (size, limit) = (metadata.len(), if is_asset { ASSET_LIMIT } else { TEXT_LIMIT });
        if size > limit {
            let (size, limit) = (size.div_ceil(1 << 20), limit >> 20);
            let message = message!("檔案有 {size} MB，超過上限 {limit} MB", "The file has {size} MB; the limit is {limit} MB");
            let help = message!("請確認檔案是否放錯位置，或拆成較小的檔案", "Check that it belongs here, or split it");
            return refused(Diagnostic::nowhere(Rule::OversizedFile, message).help(help));
        }
        // Looked at before the file is read: what is written in between looks different next time.
        let stamp = metadata.modified().ok().map(|modified| Stamp { modified, length: size });
        if let Some(same) = earlier.unchanged(name, path, shown, stamp) {
            return Ok(same);
        }
        let bytes = held::reading(|| fs::read(path)).map_err(failed)?;
        if is_asset {
            let (name, path, digest) = (name.to_owned(), shown.to_owned(), Digest::of(&bytes));
            return Ok(Loaded::Asset(Arc::new(Asset { name, path, bytes, digest, stamp })));
        }
        // The standard library looks at each character of Chinese by itself.
        Ok(match simdutf8::compat::from_utf8(&bytes) {
            Ok(text) => {
                Loaded::Text(Arc::new(Source { overlaid, stamp, ..Source::new(name, shown, normalised(name, text.to_owned())) }), None)
            }
            Err(error) => {
                let finding = not_utf8(name, &bytes);
                let text = normalised(name, String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned());
                Loaded::Text(Arc::new(Source { readable: false, overlaid, ..Source::new(name, shown, text) }), Some(finding))
            }
        })
    }
}

impl Earlier<'_> {
    /// The file as it was read before, if it still looks the same and nothing was wrong with it.
    fn unchanged(self, name: &str, path: &Path, shown: &str, stamp: Option<Stamp>) -> Option<Loaded> {
        if stamp.is_none() || self.changed.contains(path) {
            return None;
        }
        if let Some(asset) = self.sources.assets.get(name) {
            return (asset.stamp == stamp && asset.path == shown).then(|| Loaded::Asset(Arc::clone(asset)));
        }
        // An overlay's plan.yaml and the one below it have the same name.
        let ids = [self.sources.named(name), self.sources.base_plan().filter(|_| name == "plan.yaml")];
        let mut files = ids.into_iter().flatten().map(|id| &self.sources.files[id.0 as usize]);
        let same = files.find(|file| file.stamp == stamp && file.path == shown)?;
        Some(Loaded::Text(Arc::clone(same), None))
    }
}

/// The places of one name that count: the overlay's, but for `plan.yaml` both, the lower one first.
fn counting<'a, T>(name: &str, places: &'a [T]) -> &'a [T] {
    if name == "plan.yaml" { places } else { &places[places.len() - 1..] }
}

/// The file of one name that does not count beside another one of the same folder, as it is shown.
fn twin(places: &[(PathBuf, String, PathBuf)]) -> Option<&str> {
    match places {
        [.., (_, passed_over, folder), (_, _, of)] if folder == of => Some(passed_over),
        _ => None,
    }
}

/// The visible entries of a folder by name; a folder that does not exist has none.
fn entries(folder: &Path, shown: &str) -> Result<Vec<(String, PathBuf)>, ReadError> {
    let failed = |error| ReadError { path: shown.to_owned(), error };
    let listing = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(failed)?,
    };
    let mut names = Vec::new();
    for entry in listing {
        let entry = entry.map_err(failed)?;
        // A name that is not Unicode can be no id and no address.
        if let Some(name) = entry.file_name().to_str().filter(|name| is_visible(name)) {
            names.push((name.to_owned(), entry.path()));
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// A text without byte order mark, with `\n` line ends, and with a visible sign for each character that cannot stand in it.
pub(crate) fn normalised(name: &str, text: String) -> String {
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    if !may_hold_control(&text) {
        return text;
    }
    text.replace(cannot_stand_in(name), "\u{fffd}")
}

/// Which characters cannot stand in the text of a file. YAML refuses most of them by itself, and says so; the rest it would read as a line end or let
/// pass. A record is what it is: its seal tells.
pub(super) fn cannot_stand_in(name: &str) -> fn(char) -> bool {
    let has = |extension| has_extension(Path::new(name), &[extension]);
    if has("json") {
        |c| c == '\0'
    } else if has("yaml") {
        |c| matches!(c, '\0' | '\u{85}') || is_noncharacter(c) && !matches!(c, '\u{fffe}' | '\u{ffff}')
    } else {
        is_control
    }
}

fn not_utf8(name: &str, bytes: &[u8]) -> Diagnostic {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let (_, _, malformed) = encoding_rs::BIG5.decode(bytes);
    let table = Path::new(name).extension().is_some_and(|extension| extension == "csv");
    let message = if utf16 {
        message!("檔案是 UTF-16 編碼，不是 UTF-8", "The file is UTF-16, not UTF-8")
    } else if malformed {
        message!("檔案含有不是 UTF-8 的位元組", "The file holds bytes that are not UTF-8")
    } else {
        message!("檔案看來是 Big5 編碼，不是 UTF-8", "The file seems to be Big5, not UTF-8")
    };
    let help = if table {
        message!("請在 Excel 另存 CSV UTF-8（逗號分隔）", "In Excel, save it as “CSV UTF-8 (comma delimited)”")
    } else {
        message!("請在編輯器另存為 UTF-8", "Save it as UTF-8 in your editor")
    };
    Diagnostic::nowhere(Rule::InvalidUtf8, message).help(help)
}

/// Points a finding at the end of what could be read.
fn at_end(mut finding: Diagnostic, id: FileId, sources: &Sources) -> Diagnostic {
    let end = sources.file(id).text.len();
    finding.span = Some(Span::new(id, end, end));
    finding
}

/// A path as people see it: relative to the project, `/`-separated.
fn shown_path(path: &Path, root: &Path) -> String {
    let absolute = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf());
    let (path, root) = (absolute(path), absolute(root));
    let mut ups = 0;
    let mut base = root.as_path();
    while !path.starts_with(base) {
        match base.parent() {
            Some(parent) => (base, ups) = (parent, ups + 1),
            None => return path.to_string_lossy().replace('\\', "/"),
        }
    }
    let rest = path.strip_prefix(base).unwrap_or(&path);
    let parts =
        std::iter::repeat_n(String::from(".."), ups).chain(rest.components().map(|part| part.as_os_str().to_string_lossy().into_owned()));
    let shown = parts.collect::<Vec<_>>().join("/");
    // Of the project itself nothing is left, and what stands in it would seem to stand at the root of the disk.
    if shown.is_empty() { ".".into() } else { shown }
}
