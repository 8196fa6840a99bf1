//! Data files that nothing in the plan uses.
//!
//! In: what each chapter shows of the data, the data and the texts. Out: a finding for each file of `data/` whose name stands nowhere where it would
//! be used: in a table, a value or a foreign key, in a text that conditions leave out or that the plan does not list as well; and for rows of a CSV
//! beside a file that is no table. Under an overlay only its own files are told of: those below it serve other agencies too.

use super::OfChapter;
use crate::{
    diagnostic::{Diagnostic, FileId, Rule, Span},
    document::{Block, BlockKind, Inline},
    message,
    resolve::{Plan, visit::Seen},
    source::{Source, Sources},
};
use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// What the program uses itself: covers name the agency, and conditions ask its record.
const AGENCY: &str = "agency";

/// Where a name may stand.
const FOLDERS: [(&str, &str); 4] = [("chapters", "md"), ("annexes", "md"), ("data", "yaml"), ("data", "csv")];

/// The files of data of which a chapter shows something.
#[derive(Debug, Default)]
pub(super) struct Uses(Vec<Box<str>>);

impl Uses {
    /// Notes what stands in a chapter.
    pub(super) fn see(&mut self, seen: Seen<'_>) {
        let name = match seen {
            Seen::Inline(Inline::Value(value)) => value.path.split_once('.').map_or(value.path, |(name, _)| name),
            Seen::Block(Block { kind: BlockKind::DataTable(table), .. }) => table.name,
            _ => return,
        };
        if name != AGENCY && !self.0.iter().any(|used| **used == *name) {
            self.0.push(name.into());
        }
    }
}

/// Reports them.
pub(super) fn unused(plan: &Plan, sources: &Sources, chapters: &[(usize, &OfChapter)], found: &mut Vec<Diagnostic>) {
    let shown: FxHashSet<&str> = chapters.iter().flat_map(|(_, own)| &own.uses.0).map(|name| &**name).collect();
    let rest: Vec<&str> = plan.data.names().filter(|name| *name != AGENCY && !shown.contains(name)).collect();
    // One without a YAML file is told of where data are read.
    let is_rows = |name: &str| plan.data.table(name).is_some() || plan.data.is_unread(name);
    let beside: Vec<(&str, FileId)> = sources
        .in_folder("data", "csv")
        .filter(|(name, _)| !is_rows(name) && sources.named(&format!("data/{name}.yaml")).is_some())
        .collect();
    // Hardly any plan has any, and there may be thousands of texts.
    if rest.is_empty() && beside.is_empty() {
        return;
    }
    let texts = || {
        FOLDERS
            .into_iter()
            .flat_map(|(folder, extension)| sources.in_folder(folder, extension))
            .map(|(_, file)| sources.file(file))
    };
    let has_overlay = sources.base_plan().is_some() || texts().any(|source| source.overlaid);
    let is_own = |file: &FileId| !has_overlay || sources.file(*file).overlaid;
    let csv_of = |name: &str| sources.named(&format!("data/{name}.csv")).filter(is_own);
    let rest: Vec<(&str, FileId)> = rest
        .into_iter()
        .filter_map(|name| Some((name, sources.named(&format!("data/{name}.yaml")).filter(is_own).or_else(|| csv_of(name))?)))
        .collect();
    if !rest.is_empty() {
        // What is wrong with a file itself comes first.
        let faulty: FxHashSet<FileId> = found.iter().filter_map(|finding| Some(finding.span?.file)).collect();
        let is_faulty = |name: &str| {
            ["yaml", "csv"]
                .iter()
                .any(|kind| sources.named(&format!("data/{name}.{kind}")).is_some_and(|file| faulty.contains(&file)))
        };
        // A name may stand in what a condition leaves out, in another file of data, or where a mistake keeps it from being read.
        let texts: Vec<&Source> = texts().collect();
        for (name, file) in rest
            .into_iter()
            .filter(|(name, _)| !is_faulty(name) && !texts.par_iter().any(|source| names(&source.text, name)))
        {
            let message = message!("沒有條文用到這個資料檔，不會印出", "No text uses this data file, and nothing of it is printed");
            let help = if plan.data.table(name).is_some() {
                message!(
                    "請在用到它的條文寫 :::table {name}；不用就移走這個檔案，同名的 CSV 也一起",
                    "Write :::table {name} where it is to stand, or move the file away, with the CSV of its name"
                )
            } else {
                message!(
                    "請在用到它的條文寫 {{{{ {name}.欄位 }}}}；不用就移走這個檔案",
                    "Write {{{{ {name}.field }}}} where it is to stand, or move the file away"
                )
            };
            found.push(Diagnostic::new(Rule::UnlistedFile, Span::whole(file), message).help(help));
        }
    }
    for (name, file) in beside.into_iter().filter(|(_, file)| is_own(file)) {
        let message = message!("沒有讀取這個檔案：data/{name}.yaml 不是表格", "This file is not read: data/{name}.yaml is no table");
        let help = message!(
            "表格要有 fields，而沒有 values；不用就移走這個 CSV",
            "A table has `fields` and no `values`; move the CSV away if it is not used"
        );
        found.push(Diagnostic::new(Rule::UnlistedFile, Span::whole(file), message).help(help));
    }
}

/// Whether a text names a file of data where that uses it.
fn names(text: &str, name: &str) -> bool {
    memmem::find_iter(text.as_bytes(), name).any(|at| {
        let (before, after) = (text[..at].trim_end_matches([' ', '\t', '"', '\'']), text[at + name.len()..].bytes().next());
        let is_whole = after.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-'));
        is_whole && ["table", "{{", "resource:", "resource\":"].iter().any(|sign| before.ends_with(sign))
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_name_is_used_behind_a_sign_of_use() {
        for text in [":::table systems", "甲{{ systems.name }}", "{{systems.name}}", "reference: { resource: systems, fields: a }"] {
            assert!(names(text, "systems"), "{text}");
        }
        for text in [":::table systems_old", "systems", "見[[systems]]", ":::table old-systems", "{{ old_systems.name }}"] {
            assert!(!names(text, "systems"), "{text}");
        }
    }
}
