//! Files of a project's theme that nothing reads.
//!
//! In: the theme's folder, and what was read of it. Out: a finding for each file and folder that somebody may take for a part of the theme and
//! that has no effect, with what to do about it; nothing for remarks, licences and whatever else people keep beside a theme. Nothing is changed
//! here: a file that counted for the digest of an approved edition still does.

use super::{DEFAULT, options};
use crate::{
    config::is_language,
    diagnostic::{Diagnostic, Message, Rule, Span, nearest},
    message,
    source::{Source, Sources, is_visible},
};
use rustc_hash::FxHashSet;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folders of a theme, and the kind of file that is read from each.
pub(super) const KINDS: [(&str, &str); 6] =
    [("templates", "html"), ("styles", "css"), ("scripts", "js"), ("icons", "svg"), ("locales", "yaml"), ("print", "typ")];
/// Other endings of the same.
const OTHER_ENDINGS: [(&str, &str); 2] = [("htm", "html"), ("yml", "yaml")];
/// What no theme holds.
const MEDIA: [&str; 12] = ["bmp", "gif", "ico", "jpeg", "jpg", "otf", "png", "ttc", "ttf", "webp", "woff", "woff2"];
/// More ends of names, of which templates put the beginnings together themselves, are not looked at.
const ENDS: usize = 100;

/// Whether a file is a picture or a font.
pub(super) fn is_media(file: &str) -> bool {
    MEDIA.contains(&extension(file).as_str())
}

/// What to do about a picture or a font.
pub(super) fn help_with_media() -> Message {
    message!(
        "圖示請改用 icons 裡的 .svg；計畫的圖片放在 content/assets，由條文引用；字型用電腦裡的，PDF 可另加 --font-path",
        "Make an icon an .svg in icons; put the plan's pictures into content/assets, for clauses to show; fonts are the computer's, and those of --font-path for a PDF"
    )
}

/// Finds them in the theme's folder, of which `own` files were read, each by its name in the theme.
pub(super) fn find(folder: &Path, shown: &str, own: &[String], sources: &mut Sources) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut named = None;
    for (name, (kind, file)) in own.iter().filter_map(|name| Some((name, name.split_once('/')?))) {
        let Some((_, wanted)) = KINDS.iter().find(|(folder, _)| *folder == kind) else { continue };
        let said = if file.rsplit_once('.').is_none_or(|(_, extension)| extension != *wanted) {
            let is_printed = kind == "print" && named.get_or_insert_with(|| Named::of(sources)).has(name, file);
            if is_printed { None } else { of_another_kind(kind, wanted, file) }
        } else if DEFAULT.get_file(name).is_some() {
            None
        } else if kind == "locales" {
            no_language(file)
        } else {
            (!named.get_or_insert_with(|| Named::of(sources)).has(name, file)).then(|| unnamed(kind, name, file))
        };
        if let (Some(said), Some(id)) = (said, sources.named(&format!("theme/{name}"))) {
            found.push((id, said));
        }
    }
    for (name, said) in beside(folder) {
        let id = sources.add(Source::new(format!("theme/{name}"), format!("{shown}/{name}"), "").unread());
        found.push((id, said));
    }
    let finding = |(id, (message, help))| Diagnostic::new(Rule::UnlistedFile, Span::whole(id), message).help(help);
    found.into_iter().map(finding).collect()
}

/// A folder of themes under another name.
pub(super) fn misnamed_folder(root: &Path, sources: &mut Sources) -> Option<Diagnostic> {
    let is_theme = |folder: &Path| {
        let is_part =
            |(name, path): &(String, PathBuf)| name == options::FILE || (path.is_dir() && KINDS.iter().any(|(kind, _)| kind == name));
        entries(folder).iter().any(is_part)
    };
    // Where capitals make no other name, `Themes` is the folder that is read.
    let capital = Some("Themes").filter(|_| !root.join("themes").exists());
    let mut names = ["theme"].into_iter().chain(capital);
    let name = names.find(|name| {
        let folder = root.join(name);
        folder.is_dir() && (is_theme(&folder) || entries(&folder).iter().any(|(_, path)| path.is_dir() && is_theme(path)))
    })?;
    let id = sources.add(Source::new("theme", name, "").unread());
    let message = message!("沒有讀取資料夾「{name}」：佈景主題放在 themes", "The folder `{name}` is not read: themes stand in themes");
    let help = message!("請改名為 themes，裡面一個佈景主題一個資料夾", "Rename it to themes, with a folder for each theme");
    Some(Diagnostic::new(Rule::UnlistedFile, Span::whole(id), message).help(help))
}

type Said = (Message, Message);

/// A file in one of the folders that is read from none, or from another one.
fn of_another_kind(folder: &str, wanted: &str, file: &str) -> Option<Said> {
    let (lower, ending) = (file.to_ascii_lowercase(), extension(file));
    let is_other = OTHER_ENDINGS.iter().any(|(other, of)| *other == ending && *of == wanted);
    let end = format!(".{wanted}");
    let help = if is_other || ending == wanted {
        let name = format!("{}{end}", file.rsplit_once('.').map_or(file, |(stem, _)| stem));
        let of_program = in_folder(folder).find(|known| known.eq_ignore_ascii_case(&name));
        Some(of_program.map_or(name, str::to_owned))
    } else {
        // What an editor or a program keeps: page.css.orig, page.css.txt.
        lower.find(&format!("{end}.")).and_then(|at| Some(file.get(..at + end.len())?.to_owned()))
    };
    let help = match (help, home(&ending)) {
        (Some(name), _) => message!("請把檔名改成 {name}；已經有了就只留一個", "Rename it to {name}; if there is one, keep one of them"),
        (None, Some(home)) => message!("請放進 {home}；不用的請移走", "Put it into {home}, or move it away if it is not used"),
        (None, None) => return None,
    };
    let message = message!("沒有讀取這個檔案：{folder} 裡只讀 {end}", "This file is not read: of {folder} only {end} is");
    Some((message, help))
}

/// A locale whose name is no language.
fn no_language(file: &str) -> Option<Said> {
    let stem = file.strip_suffix(".yaml").unwrap_or(file);
    if is_language(stem) {
        return None;
    }
    let near = nearest(file, in_folder("locales")).unwrap_or("zh-Hant-TW.yaml");
    let message = message!(
        "沒有讀取這個檔案：檔名要與 plan.yaml 的 language 一樣",
        "This file is not read: its name is that of `language` in plan.yaml"
    );
    Some((message, message!("檔名例如 {near}", "Rename it, for example to {near}")))
}

/// A file that could be used and is not.
fn unnamed(folder: &str, name: &str, file: &str) -> Said {
    let message = message!("沒有樣板用到這個檔案", "No template uses this file");
    let how = match folder {
        "templates" => format!("{{% include \"{file}\" %}}"),
        "print" => format!("#import \"{file}\""),
        _ => format!("{{{{ asset(\"{name}\") }}}}"),
    };
    let lower = file.to_ascii_lowercase();
    let help = match nearest(&lower, in_folder(folder)) {
        Some(near) => message!(
            "檔名是不是「{near}」？不是的話，在樣板裡寫 {how}，或移走它",
            "Did you mean `{near}`? If not, write {how} in a template, or move it away"
        ),
        None => message!("請在樣板裡寫 {how}，或移走它", "Write {how} in a template, or move it away"),
    };
    (message, help)
}

/// What stands beside the folders of a theme, or in folders inside of them.
fn beside(folder: &Path) -> Vec<(String, Said)> {
    let all = entries(folder);
    let has = |wanted: &str| all.iter().any(|(name, _)| name == wanted);
    let mut found = Vec::new();
    for (name, path) in &all {
        let lower = name.to_ascii_lowercase();
        let (zh, en) = (KINDS.map(|(folder, _)| folder).join("、"), KINDS.map(|(folder, _)| folder).join(", "));
        let near = nearest(&lower, KINDS.map(|(folder, _)| folder));
        if path.is_dir() {
            // Where capitals make no other name, it is the folder itself.
            let is_read = KINDS.iter().any(|(kind, _)| lower == *kind && (name == kind || (!has(kind) && folder.join(kind).exists())));
            if is_read {
                let inside = entries(path).into_iter().filter(|(_, path)| holds_parts(path));
                let help = || message!("請把裡面的檔案直接放在 {name}", "Put its files directly into {name}");
                found.extend(inside.map(|(inside, _)| (format!("{name}/{inside}"), (no_folder(), help()))));
            } else if holds_parts(path) || (near.is_some() && !entries(path).is_empty()) {
                let help = near.map_or_else(
                    || {
                        message!(
                            "佈景主題的資料夾是 {zh}；圖片放在 content/assets",
                            "A theme's folders are {en}; pictures go into content/assets"
                        )
                    },
                    |near| message!("是不是「{near}」？", "Did you mean `{near}`?"),
                );
                found.push((name.clone(), (no_folder(), help)));
            }
            continue;
        }
        let meant = nearest(&lower, [options::FILE]);
        let home = home(&extension(name));
        if name == options::FILE || (meant.is_none() && home.is_none() && !is_media(name)) {
            continue;
        }
        let help = match (meant, home) {
            (Some(file), _) => message!("請改名為 {file}", "Rename it to {file}"),
            (None, Some(home)) => message!("請放進 {home}；不用的請移走", "Put it into {home}, or move it away if it is not used"),
            (None, None) => help_with_media(),
        };
        let read = options::FILE;
        let message = message!("沒有讀取這個檔案：這裡只讀 {read}", "This file is not read: here only {read} is");
        found.push((name.clone(), (message, help)));
    }
    found
}

fn no_folder() -> Message {
    message!("沒有讀取這個資料夾", "This folder is not read")
}

/// Whether a folder directly holds what may be a part of a theme.
fn holds_parts(folder: &Path) -> bool {
    let is_part = |(name, path): &(String, PathBuf)| !path.is_dir() && (home(&extension(name)).is_some() || is_media(name));
    entries(folder).iter().any(is_part)
}

/// The folder for files of an ending.
fn home(extension: &str) -> Option<&'static str> {
    let extension = OTHER_ENDINGS.iter().find(|(other, _)| *other == extension).map_or(extension, |(_, of)| of);
    KINDS.iter().find(|(_, kind)| *kind == extension).map(|(folder, _)| *folder)
}

fn extension(file: &str) -> String {
    Path::new(file).extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default().to_ascii_lowercase()
}

/// The program's own files of a folder.
fn in_folder(folder: &str) -> impl Iterator<Item = &'static str> {
    let files = DEFAULT.get_dir(folder).into_iter().flat_map(include_dir::Dir::files);
    files.filter_map(|file| file.path().file_name()?.to_str())
}

/// What is visible in a folder, by name; nothing of one that is none, or a link, which is not followed.
fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let Some(listing) = fs::read_dir(folder).ok().filter(|_| !folder.is_symlink()) else { return Vec::new() };
    let named = listing.filter_map(|entry| entry.ok().and_then(|entry| Some((entry.file_name().to_str()?.to_owned(), entry.path()))));
    let mut all: Vec<_> = named.filter(|(name, _)| is_visible(name)).collect();
    all.sort_unstable();
    all
}

/// What templates and print files name between quotes.
struct Named {
    names: FxHashSet<String>,
    /// Ends of names whose beginnings are put before them: `"frame-" ~ kind ~ ".html"`.
    ends: Vec<String>,
}

impl Named {
    fn of(sources: &Sources) -> Self {
        let files = [("theme/templates", "html"), ("theme/print", "typ")];
        let files = files.into_iter().flat_map(|(folder, extension)| sources.in_folder(folder, extension));
        let texts = files.map(|(_, file)| sources.file(file).text.as_str());
        let quoted = texts.flat_map(|text| text.split(['"', '\''])).filter(|words| words.contains('.') && words.len() < 256);
        let (mut names, mut ends) = (FxHashSet::default(), Vec::new());
        for words in quoted {
            let is_kind = words.rsplit_once('.').is_some_and(|(_, ending)| home(ending).is_some());
            if is_kind && words.starts_with(['.', '-', '_']) && ends.len() < ENDS {
                ends.push(words.to_owned());
            }
            names.extend([words, words.rsplit('/').next().unwrap_or(words)].map(str::to_owned));
        }
        Self { names, ends }
    }

    /// Whether a file is named, in its folder as templates name styles, or alone.
    fn has(&self, name: &str, file: &str) -> bool {
        let is_asset = ["styles/", "scripts/", "icons/"].iter().any(|folder| name.starts_with(folder));
        self.names.contains(if is_asset { name } else { file }) || self.ends.iter().any(|end| file.ends_with(end))
    }
}
