//! Files that stand among a plan's texts but are of a kind that nobody reads there.
//!
//! In: the folder, its other files and the name of one that is not read. Out: a file without text, and a finding that says so with what to do
//! about it; nothing for what no editor takes for a part of the plan, such as a copy kept by a program.

use super::Source;
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Severity, Span},
    message,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folders in which everything is meant to be published. Signed scans may well be kept beside the records of `editions/`; there only a file
/// that would be one of reasons if its ending were right is meant.
const FOLDERS: [&str; 3] = ["chapters", "annexes", "data"];
/// What stands at the top of `content/` and of an overlay.
const PLAN: &str = "plan.yaml";
const TOP: [&str; 5] = ["chapters", "annexes", "data", "editions", "assets"];
/// What editors, programs and people make of the plan's name.
const PLAN_NAMES: [&str; 5] = [PLAN, "plan.yml", "plan.yaml.txt", "plan.yml.txt", "plan.txt"];
const THEMES: &str = "themes";
/// What the texts of these folders are read from.
const TEXTS: [&str; 3] = ["md", "yaml", "csv"];
/// Other endings of the same.
const OTHER_ENDINGS: [&str; 2] = ["yml", "markdown"];
const DOCUMENTS: [&str; 4] = ["doc", "docx", "odt", "rtf"];
const TABLES: [&str; 5] = ["xls", "xlsx", "xlsm", "ods", "tsv"];
const PICTURES: [&str; 8] = ["bmp", "gif", "jpeg", "jpg", "pdf", "png", "svg", "webp"];

/// Whether somebody may take a file of this name, which is not read, for a part of the plan. Notes of one's own, and copies of a program's, are none.
pub(super) fn may_be_meant(folder: &str, file: &str) -> bool {
    let is_kind = |extension: String| {
        [&TEXTS[..], &OTHER_ENDINGS, &DOCUMENTS, &TABLES, &PICTURES]
            .iter()
            .any(|kinds| kinds.contains(&extension.as_str()))
    };
    if folder == "editions" {
        let is_reasons = |name: &str| extension(name).is_some_and(|extension| extension == "yaml");
        return extension(file).is_some_and(|extension| extension == "yml") || meant_name(file).is_some_and(is_reasons);
    }
    // What explains the data beside them.
    let is_note = folder == "data" && extension(file).is_some_and(|extension| extension == "md");
    FOLDERS.contains(&folder) && !is_note && (extension(file).is_some_and(is_kind) || meant_name(file).is_some())
}

/// The name that a file has beneath an ending which an editor of Windows has put behind it: `scope.md` of `scope.md.txt`.
fn meant_name(file: &str) -> Option<&str> {
    let (name, ending) = file.rsplit_once('.')?;
    let is_text = extension(name).is_some_and(|extension| TEXTS.contains(&extension.as_str()));
    (is_text && ending.eq_ignore_ascii_case("txt")).then_some(name)
}

/// What a file or a folder at the top of `content/` or an overlay is nearly called, which is not read under this name.
pub(super) fn meant_at_top(name: &str, is_folder: bool) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if !is_folder {
        return (name != PLAN && PLAN_NAMES.contains(&lower.as_str())).then_some(PLAN);
    }
    if ["theme", THEMES].contains(&lower.as_str()) {
        return Some(THEMES);
    }
    let is_near = |known: &&str| {
        lower == *known || known.strip_suffix('s') == Some(lower.as_str()) || known.strip_suffix("es") == Some(lower.as_str())
    };
    TOP.into_iter().filter(|known| *known != name).find(is_near)
}

/// What stands at the top of a folder and is nearly called as something that is read from there: its name, and whether it is a folder.
pub(super) fn at_top(folder: &Path, all: &[(String, PathBuf)]) -> Vec<(String, bool)> {
    let is_unread = |(name, path): &&(String, PathBuf)| {
        let is_folder = path.is_dir();
        let Some(meant) = meant_at_top(name, is_folder) else { return false };
        // Where capitals make no other name, it is the one that is read.
        let is_same = name.eq_ignore_ascii_case(meant) && folder.join(meant).exists() && !all.iter().any(|(name, _)| name == meant);
        // Themes stand beside `content/`, which an overlay may hold.
        let is_in_place = meant == THEMES && folder.join("content").exists();
        !is_same && !is_in_place && (!is_folder || fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()))
    };
    all.iter().filter(is_unread).map(|(name, path)| (name.clone(), path.is_dir())).collect()
}

/// The name of the first file among what stands at the top of `content/` that is nearly called `plan.yaml`.
pub(super) fn misnamed_plan(all: &[(String, PathBuf)]) -> Option<&str> {
    all.iter()
        .find(|(name, path)| path.is_file() && meant_at_top(name, false) == Some(PLAN))
        .map(|(name, _)| name.as_str())
}

/// What is not read of a folder and may be meant, and whether it is a folder. A file beside a text that was made from it, such as the workbook
/// of a table, is not.
pub(super) fn named<'a>(folder: &str, others: &'a [(String, PathBuf)], texts: &[(String, PathBuf)]) -> Vec<(&'a str, bool)> {
    let is_meant = |(file, path): &(String, PathBuf)| {
        if path.is_dir() {
            // A server's or a system's own: @eaDir, $RECYCLE.BIN.
            FOLDERS.contains(&folder)
                && !file.starts_with(['@', '$'])
                && fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some())
        } else {
            may_be_meant(folder, file) && !texts.iter().any(|(text, _)| is_origin(file, text))
        }
    };
    others.iter().filter(|one| is_meant(one)).map(|(file, path)| (file.as_str(), path.is_dir())).collect()
}

fn is_origin(file: &str, of: &str) -> bool {
    let stem = |name| Path::new(name).file_stem();
    stem(file) == stem(of) && !extension(file).is_some_and(|extension| OTHER_ENDINGS.contains(&extension.as_str()))
}

/// The place for what is said of such a file: its text is none of the plan's.
pub(super) fn source(name: &str, shown: &str) -> Source {
    Source::new(name, shown, "").unread()
}

/// Says that a file, or a folder, is not read.
pub(super) fn finding(id: FileId, name: &str, is_folder: bool) -> Diagnostic {
    let Some((folder, file)) = name.split_once('/') else { return finding_at_top(id, name, is_folder) };
    let message = if is_folder {
        message!("沒有讀取 {folder} 裡的資料夾「{file}」", "The folder `{file}` in {folder} is not read")
    } else {
        message!(
            "沒有讀取這個檔案：它的種類在 {folder} 裡沒有作用",
            "This file is not read: files of its kind have no effect in {folder}"
        )
    };
    Diagnostic::new(Rule::UnlistedFile, Span::whole(id), message).help(help(folder, file, is_folder))
}

fn finding_at_top(id: FileId, name: &str, is_folder: bool) -> Diagnostic {
    let (message, help) = match meant_at_top(name, is_folder) {
        Some(THEMES) => (
            message!("沒有讀取這個資料夾：佈景主題不放在這裡", "This folder is not read: themes do not stand here"),
            message!("佈景主題放在 themes，與 content 並列", "Themes stand in `themes`, beside `content`"),
        ),
        Some(meant) if is_folder => (
            message!("沒有讀取這個資料夾", "This folder is not read"),
            message!("請改名為 {meant}；已經有了就把檔案移進去", "Rename it to {meant}; if there is one, move the files into it"),
        ),
        _ => (
            message!("沒有讀取這個檔案", "This file is not read"),
            message!("請改名為 {PLAN}；已經有了就只留一個", "Rename it to {PLAN}; if there is one, keep one of them"),
        ),
    };
    Diagnostic::new(Rule::UnlistedFile, Span::whole(id), message).help(help)
}

/// Says that nothing, or not all, of an overlay is used: it lies over `content/` itself, and files in a folder of that name inside of it count
/// for nothing.
pub(super) fn overlay(folder: &Path, shown: &str, is_used: bool) -> Option<(Source, Diagnostic)> {
    let inside = folder.join("content");
    let (message, help) = if inside.is_dir() {
        (
            message!("覆蓋資料夾裡的 content 沒有讀取", "The folder `content` in the overlay is not read"),
            message!("--overlay 請改用它裡面的 content", "Use the folder `content` inside of it as --overlay"),
        )
    } else if is_used {
        return None;
    } else {
        (
            message!("覆蓋資料夾「{shown}」裡沒有可用的檔案", "The overlay `{shown}` has no file that is used"),
            message!(
                "裡面要像 content 一樣有 plan.yaml、chapters、annexes、data 或 assets；不需要就不寫 --overlay",
                "As content/ does, it holds plan.yaml, chapters, annexes, data or assets; leave out --overlay if there is nothing to lay over"
            ),
        )
    };
    let (name, shown) = if inside.is_dir() { ("overlay/content", format!("{shown}/content")) } else { ("overlay", shown.to_owned()) };
    // Without its files the plan is another agency's, or nobody's.
    let finding = Diagnostic { severity: Severity::Error, ..Diagnostic::nowhere(Rule::UnlistedFile, message) };
    Some((source(name, &shown), finding.help(help)))
}

fn help(folder: &str, file: &str, is_folder: bool) -> Message {
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let extension = extension(file).unwrap_or_default();
    let is = |kinds: &[&str]| kinds.contains(&extension.as_str());
    if let Some(name) = meant_name(file) {
        return message!("請把檔名改成 {name}：拿掉後面的 .txt", "Rename it to {name}, without the .txt behind");
    }
    if is_folder {
        return message!(
            "請把裡面的檔案直接放在 {folder}；不用的請移走",
            "Put its files directly into {folder}, or move it away if it is not used"
        );
    }
    if is(&PICTURES) {
        return message!("圖片與附檔請放在 assets", "Pictures and attachments belong in assets");
    }
    match folder {
        "data" | "editions" if is(&OTHER_ENDINGS) => {
            message!("請把檔名改成 {stem}.yaml；已經有了就只留一個", "Rename it to {stem}.yaml; if there is one, keep one of them")
        }
        "data" if is(&TABLES) => message!(
            "請另存成 {stem}.csv（CSV UTF-8），並在 {stem}.yaml 說明欄位",
            "Save it as {stem}.csv (CSV UTF-8), and declare its fields in {stem}.yaml"
        ),
        "data" => message!("資料只讀 .yaml 與 .csv；不用的請移走", "Data are read from .yaml and .csv; move away what is not used"),
        _ if is(&OTHER_ENDINGS) => {
            message!("請把檔名改成 {stem}.md；已經有了就只留一個", "Rename it to {stem}.md; if there is one, keep one of them")
        }
        _ => message!(
            "章與附件只讀 .md；請把內容寫成 {stem}.md，不用的請移走",
            "Chapters and annexes are read from .md: write its text as {stem}.md, or move it away"
        ),
    }
}

fn extension(file: &str) -> Option<String> {
    Path::new(file).extension()?.to_str().map(str::to_ascii_lowercase)
}
