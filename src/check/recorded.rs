//! What approved editions have: advice to delete it would lead to an id that is gone, which is an error.
//!
//! In: whether some record has an id, and what was found wrong while files were listed, when nobody knew of records. Out: other advice. The question
//! is put only where something is found: plans have many records and few findings.

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    message,
    source::Sources,
};

/// Whether some approved edition has a written id.
pub type Recorded<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// Changes the advice about files that the plan does not list, or that are not there, where an approved edition has them.
pub(super) fn mend_advice(recorded: &Recorded<'_>, sources: &Sources, found: &mut [Diagnostic]) {
    for finding in found.iter_mut().filter(|finding| matches!(finding.rule, Rule::UnlistedFile | Rule::MissingFile)) {
        let Some(span) = finding.span else { continue };
        if finding.rule == Rule::UnlistedFile {
            let Some((folder, _)) = chapter(sources, span).filter(|(_, id)| recorded(id)) else { continue };
            finding.help = Some(message!(
                "核定過的版次有它：請列回 plan.yaml 的 {folder}；若已刪除，列回之後內容寫「（刪除）」",
                "An approved edition has it: list it under `{folder}` in plan.yaml again; if it was deleted, let it say 「（刪除）」 there"
            ));
        } else if sources.file(span.file).name == "plan.yaml" {
            let id = sources.slice(span).trim_matches(['"', '\'']);
            // Where a whole folder is gone, it is to be put back.
            if finding.message.en.contains(&format!("/{id}.md")) && recorded(id) {
                finding.help = Some(message!(
                    "核定過的版次有它：請取回這個檔案，改了檔名的改回 {id}.md；若已刪除，檔案的內容寫「（刪除）」",
                    "An approved edition has it: take the file back, or name it {id}.md again; if it was deleted, let the file say 「（刪除）」"
                ));
            }
        }
    }
}

/// The folder and the id of the chapter or annex that a place is the file of.
fn chapter(sources: &Sources, span: Span) -> Option<(&str, &str)> {
    let (folder, file) = sources.file(span.file).name.split_once('/')?;
    Some((folder, file.strip_suffix(".md")?)).filter(|(folder, _)| ["chapters", "annexes"].contains(folder))
}
