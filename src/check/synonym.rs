//! Synonyms that nothing in the plan uses.
//!
//! In: the groups of `data/synonyms.yaml` and the files that the plan is made from. Out: a finding for each group none of whose words
//! stands in any of them. A group only helps to find words that are there.

use crate::{
    diagnostic::{Diagnostic, Rule},
    message,
    resolve::{Plan, synonym_file, words::plain},
    source::{
        Source, Sources,
        yaml::{Part, locate},
    },
};
use rayon::prelude::*;

/// Finds the groups that could be left out.
pub(super) fn unused(plan: &Plan, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let Some(file) = synonym_file(sources) else { return };
    let folders = [("chapters", "md"), ("annexes", "md"), ("data", "yaml"), ("data", "csv")];
    let files = folders.into_iter().flat_map(|(folder, extension)| sources.in_folder(folder, extension));
    let texts: Vec<&Source> = files.filter(|(_, other)| *other != file).map(|(_, file)| sources.file(file)).collect();
    let finder = plan.synonyms.finder();
    let unmet = || finder.groups().enumerate().filter(|(_, group)| !group.iter().any(|(_, met)| *met)).map(|(at, _)| at);
    // Nearly every word stands somewhere as it is written.
    texts.par_iter().for_each(|source| finder.see(&source.text));
    let mut rest: Vec<usize> = unmet().collect();
    if !rest.is_empty() {
        let folded: Vec<String> = texts.par_iter().map(|source| folded(&source.text)).collect();
        rest.retain(|group| !plan.synonyms.groups[*group].iter().any(|word| holds(&folded, word)));
    }
    for group in rest {
        let span = locate(sources, file, &plan.synonyms.path(group), Part::Value);
        let (zh, en) = (plan.synonyms.groups[group].join("、"), plan.synonyms.groups[group].join(", "));
        let message = message!("沒有條文用到這組同義詞：{zh}", "No text uses any of these synonyms: {en}");
        let help = message!("請加上條文實際用的詞，或刪去這一組", "Add the word that the text uses, or delete the group");
        found.push(Diagnostic::new(Rule::UnusedSynonym, span, message).help(help));
    }
}

fn holds(texts: &[String], word: &str) -> bool {
    let word = folded(word);
    !word.is_empty() && texts.iter().any(|text| text.contains(&word))
}

/// A text without white space, half-width and lower-case: a line of the source may end within a word.
fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(plain).collect()
}
