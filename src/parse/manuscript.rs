//! All chapters and annexes of a plan, in printed order.
//!
//! In: the sources and the settings. Out: a [`Manuscript`], and findings about lists and files that disagree; those from inside a
//! chapter stay with it. What chapters say to one another is not known here.

use super::chapter;
use crate::{
    config::{Config, IdList, Part, is_id},
    diagnostic::{Diagnostic, FileId, Rule, Span, did_you_mean},
    document::{Chapter, Kind},
    message,
    source::Sources,
};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The chapters and annexes that `plan.yaml` lists and that exist.
#[derive(Debug, Default)]
pub struct Manuscript {
    /// In printed order.
    pub chapters: Vec<Arc<Chapter>>,
    /// The part to which each belongs, by index.
    pub part_of: Vec<usize>,
}

/// Reads every chapter, several at a time. Of `earlier` chapters, those whose text is still the same are taken over as they are.
#[must_use]
pub fn manuscript(sources: &Sources, config: &Config, earlier: &[Arc<Chapter>]) -> (Manuscript, Vec<Diagnostic>) {
    let (files, findings) = listed(sources, config);
    let known: FxHashMap<_, _> = earlier.iter().map(|chapter| ((chapter.file, chapter.kind, chapter.digest), chapter)).collect();
    let read = |(kind, id, file, _): &Listed| {
        let source = sources.file(*file);
        let same = known.get(&(*file, *kind, source.digest)).filter(|same| *same.id == **id && source.readable && same.readable);
        same.map_or_else(|| Arc::new(chapter(sources, *file, id, *kind)), |same| Arc::clone(same))
    };
    let chapters: Vec<Arc<Chapter>> = files.par_iter().map(read).collect();
    (Manuscript { chapters, part_of: files.iter().map(|(.., part)| *part).collect() }, findings)
}

/// The same chapters after an edit of some files.
#[must_use]
pub fn reread(sources: &Sources, earlier: &[Arc<Chapter>], edited: &[FileId]) -> Vec<Arc<Chapter>> {
    let read = |before: &Arc<Chapter>| {
        let again = || Arc::new(chapter(sources, before.file, &before.id, before.kind));
        if edited.contains(&before.file) { again() } else { Arc::clone(before) }
    };
    earlier.iter().map(read).collect()
}

/// A file's name without its folder and its ending, where either is written.
fn stem(written: &str) -> Option<&str> {
    let name = written.rsplit('/').next().unwrap_or(written);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    (stem.len() < written.len()).then_some(stem)
}

/// Whether Windows keeps a name for a device and can hold no such file, whatever its ending.
#[must_use]
pub fn is_reserved(id: &str) -> bool {
    let lowered = id.to_ascii_lowercase();
    let numbered = |prefix: &str| {
        lowered
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    matches!(lowered.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// What a part lists of one kind.
fn list(part: &Part, kind: Kind) -> &IdList {
    match kind {
        Kind::Chapter => &part.chapters,
        Kind::Annex => &part.annexes,
    }
}

/// Says which of the files that should stand in a folder are missing; where none is there, once for all of them.
fn of_missing(folder: &str, missing: &[(&str, Option<Span>)], listed: &BTreeSet<&str>, sources: &Sources) -> Vec<Diagnostic> {
    let finding = |place: Option<Span>, message| Diagnostic { span: place, ..Diagnostic::nowhere(Rule::MissingFile, message) };
    let known: Vec<&str> = sources.in_folder(folder, "md").map(|(stem, _)| stem).collect();
    if let ([(_, place), _, ..], true) = (missing, known.is_empty()) {
        let count = missing.len();
        let message = message!(
            "{folder} 裡沒有任何一個檔案，plan.yaml 卻列了 {count} 個",
            "There is no file in {folder}, and plan.yaml lists {count} of them"
        );
        let help = message!(
            "資料夾可能移走或改了名：請把它放回 content/{folder}；不是的話，請新增這些檔案，或從清單移除",
            "The folder may have been moved or renamed: put it back as content/{folder}; if not, add the files, or take them off the list"
        );
        return vec![finding(*place, message).help(help)];
    }
    let unlisted: Vec<&str> = known.iter().copied().filter(|stem| !listed.contains(stem)).collect();
    let each = |(id, place): &(&str, Option<Span>)| {
        let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| match unlisted[..] {
            [renamed] if missing.len() == 1 => message!(
                "如果它改名成 {renamed}.md，清單請寫 {renamed}；否則請新增這個檔案，或從清單移除",
                "If it was renamed to {renamed}.md, list `{renamed}`; otherwise add the file, or take it off the list"
            ),
            _ => message!("請新增這個檔案，或從清單移除", "Add the file, or take it off the list"),
        });
        finding(*place, message!("沒有 {folder}/{id}.md", "There is no {folder}/{id}.md")).help(help)
    };
    missing.iter().map(each).collect()
}

type Listed = (Kind, String, FileId, usize);

/// The files that `plan.yaml` lists, in printed order, each with its part; and findings about lists and files that disagree.
fn listed(sources: &Sources, config: &Config) -> (Vec<Listed>, Vec<Diagnostic>) {
    let (mut files, mut findings, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    let (mut seen, mut lowered): (BTreeSet<&str>, BTreeMap<_, &str>) = (BTreeSet::new(), BTreeMap::new());
    for (part, settings) in config.parts.iter().enumerate() {
        for (kind, list) in [Kind::Chapter, Kind::Annex].map(|kind| (kind, list(settings, kind))) {
            for (index, id) in list.ids.iter().enumerate() {
                let finding = |rule, message| Diagnostic { span: list.place(sources, index), ..Diagnostic::nowhere(rule, message) };
                if !seen.insert(id) {
                    let help = message!("請刪去其中一個", "Delete one of them");
                    findings.push(finding(Rule::DuplicateId, message!("「{id}」列了兩次", "`{id}` is listed twice")).help(help));
                    continue;
                }
                if id.trim().is_empty() {
                    let help = message!("請刪去這一項，或寫檔名", "Delete the item, or write a file's name");
                    findings.push(finding(Rule::InvalidId, message!("清單的這一項是空的", "This item of the list is empty")).help(help));
                    continue;
                }
                if !is_id(id) || is_reserved(id) {
                    let help = if let Some(stem) = stem(id).filter(|stem| is_id(stem)) {
                        // The file is listed, however it is written.
                        seen.insert(stem);
                        message!("清單裡不寫資料夾與 .md，請寫 {stem}", "A list has neither folders nor `.md`; write `{stem}`")
                    } else if is_reserved(id) {
                        message!("Windows 不能有這個檔名，請改用別的", "Windows allows no file of this name; use another")
                    } else {
                        message!(
                            "請把檔名改成英文字母開頭，只含英文字母、數字、- 與 _",
                            "Rename the file: begin with a letter; use only letters, digits, `-` and `_`"
                        )
                    };
                    findings.push(finding(Rule::InvalidId, message!("「{id}」不能當位址", "`{id}` cannot be an address")).help(help));
                    continue;
                }
                // Windows and macOS do not tell the two files apart.
                if let Some(other) = lowered.insert((kind, id.to_ascii_lowercase()), id) {
                    let message = message!("「{id}」與「{other}」只差大小寫", "`{id}` and `{other}` differ only in case");
                    findings.push(finding(Rule::DuplicateId, message));
                    continue;
                }
                match sources.named(&format!("{}/{id}.md", kind.folder())) {
                    Some(file) => files.push((kind, id.clone(), file, part)),
                    None => missing.push((kind, id.as_str(), list.place(sources, index))),
                }
            }
        }
    }
    for kind in [Kind::Chapter, Kind::Annex] {
        let of_kind: Vec<_> = missing.iter().filter(|(of, ..)| *of == kind).map(|(_, id, place)| (*id, *place)).collect();
        findings.extend(of_missing(kind.folder(), &of_kind, &seen, sources));
    }
    for kind in [Kind::Chapter, Kind::Annex].into_iter().filter(|_| config.readable) {
        // What an agency's own list leaves out of those that several share is left out on purpose, and is not the agency's to delete.
        let is_of_overlay = |file: FileId| sources.file(file).overlaid;
        let mut lists = config.parts.iter().filter_map(|part| list(part, kind).file());
        let is_own_list = lists.any(is_of_overlay);
        let unlisted = |(stem, file): &(&str, FileId)| !seen.contains(stem) && (!is_own_list || is_of_overlay(*file));
        for (stem, file) in sources.in_folder(kind.folder(), "md").filter(unlisted) {
            let key = kind.folder();
            let message = message!(
                "plan.yaml 的 {key} 沒有列出「{stem}」，不會發布",
                "`{key}` in plan.yaml does not list `{stem}`; it is not published"
            );
            findings.push(
                Diagnostic::new(Rule::UnlistedFile, Span::whole(file), message)
                    .help(message!("請列入，或刪除這個檔案", "List it, or delete the file")),
            );
        }
    }
    (files, findings)
}
