//! Annexes and the names by which the text calls them.
//!
//! In: the plan's annexes, who cites them, and its runs. Out: findings for annexes that nothing refers to, for references under another
//! name, and for forms that the text names and the plan has not.

use super::{
    prose::{Runs, fix},
    recorded::Recorded,
    words_place::places,
};
use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    document::{FrontMatter, Kind, Label, Reference},
    message,
    resolve::{Place, Plan, visit::Context},
    source::Sources,
};
use memchr::memmem;
use rustc_hash::FxHashSet;
use std::{collections::BTreeSet, sync::OnceLock};

/// What names of forms end with.
const FORMS: [&str; 12] =
    ["分工表", "登記表", "紀錄表", "項目表", "評估表", "參考表", "簽到表", "申請單", "清冊", "切結書", "同意書", "資產表"];
/// What a form can be called, and other things are more often.
const LISTS: &str = "清單";
/// What words begin with that point at an annex and do not name it: 前開清冊, 如附件.
const POINTING: [&str; 24] = [
    "前開",
    "前述",
    "前列",
    "前揭",
    "前項",
    "前款",
    "上開",
    "上述",
    "上列",
    "上揭",
    "下開",
    "下述",
    "下列",
    "該",
    "本機關",
    "本附",
    "本表",
    "本清冊",
    "如",
    "詳",
    "此",
    "各該",
    "各附",
    "各表",
];
/// Words that say what an annex is, and not which.
const KINDS: [&str; 5] = ["附件", "附表", "清冊", "表單", "表"];
/// How much of their pairs of characters two names of one form share, in hundredths.
const ALIKE: usize = 60;

/// Reports annexes that no chapter or other annex refers to.
pub(super) fn unreferenced(plan: &Plan, recorded: &Recorded<'_>, found: &mut Vec<Diagnostic>) {
    let is_annex = |index: &usize| plan.chapters[*index].kind == Kind::Annex && plan.chapters[*index].readable;
    for index in plan.present().filter(is_annex) {
        let (chapter, place) = (&plan.chapters[index], u32::try_from(index).unwrap_or(u32::MAX));
        let whole = plan.citations.of(Place { chapter: place, clause: None }).any(|from| from.chapter != place);
        // Of a form that was deleted, its number and its address are kept, which nobody is to use.
        if whole || !plan.citations.of_chapter(place).is_empty() || plan.facts[index].is_struck() {
            continue;
        }
        let (id, title) = (&chapter.id, &chapter.front.title);
        let message = message!("沒有條文引用附件「{title}」", "No clause refers to the annex `{title}`");
        let help = if recorded(id) {
            message!(
                "請在用到它的條文寫 [[{id}]]；若已刪除，保留檔案與 plan.yaml 裡的那一行，內容寫「（刪除）」",
                "Write [[{id}]] where it is used; if it was deleted, keep its file and its line in plan.yaml, and write 「（刪除）」 in it"
            )
        } else {
            message!(
                "請在用到它的條文寫 [[{id}]]，或從 plan.yaml 移除",
                "Write [[{id}]] where it is used, or take it out of plan.yaml"
            )
        };
        found.push(Diagnostic::new(Rule::UnreferencedAnnex, chapter.front.span, message).help(help));
    }
}

/// Reports a reference that calls an annex by another name than its own.
pub(super) fn other_name(plan: &Plan, reference: &Reference<'_>, context: Context<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
    let Label::Words(words) = reference.label else { return };
    let Some(Place { chapter, clause: None }) = plan.targets.find(reference.target, &plan.facts) else { return };
    let annex = &plan.chapters[chapter as usize];
    let title = &annex.front.title;
    let is_name = annex.front.aliases.iter().chain([title]).any(|name| **name == *words);
    if context.guidance || annex.kind != Kind::Annex || is_name || points(words) {
        return;
    }
    let message = message!("附件「{title}」在這裡叫作「{words}」", "The annex `{title}` is called `{words}` here");
    let help = message!(
        "請寫 [[{id}|]] 印出現在的名稱；確定要這樣叫，就把它列入該附件的 aliases",
        "Write [[{id}|]] to print its name; if it is to be called so, list that among the annex's `aliases`",
        id = annex.id
    );
    let (place, target) = (context.place(reference.span, sources), reference.target);
    let written = format!("[[{target}|{words}]]");
    // The place of a reference in data is the whole cell.
    let span = sources.slice(place).find(&written).map_or(place, |at| place.within(at, at + written.len()));
    // What is hardly like the name may be part of the sentence: somebody has to look.
    let fixes = fix(span, &written, format!("[[{target}|]]"), sources).filter(|_| is_alike(title, words));
    let fixes = fixes.into_iter().collect();
    found.push(Diagnostic { fixes, ..Diagnostic::new(Rule::AnnexNameMismatch, span, message).help(help) });
}

/// Whether words point at an annex, which the sentence does not name.
fn points(words: &str) -> bool {
    POINTING.iter().any(|pointing| words.starts_with(pointing)) || KINDS.contains(&words)
}

/// What the plan's forms are called.
pub(super) struct Forms<'a> {
    /// The titles of the annexes, each once, with their pairs of characters, once something is compared with them.
    titles: OnceLock<Vec<(&'a str, Vec<Pair>)>>,
    /// All titles and other names; only ever looked up.
    known: FxHashSet<&'a str>,
}

impl<'a> Forms<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let names = annexes(plan).flat_map(|front| front.aliases.iter().chain([&front.title]));
        Self { titles: OnceLock::new(), known: names.map(String::as_str).collect() }
    }

    fn titles(&self, plan: &'a Plan) -> &[(&'a str, Vec<Pair>)] {
        self.titles.get_or_init(|| {
            let titles: BTreeSet<&str> = annexes(plan).map(|front| front.title.as_str()).collect();
            titles.into_iter().map(|title| (title, pairs(title))).collect()
        })
    }

    /// Reports forms that a chapter names in 「」 and that are no annex, or an annex under another name.
    pub(super) fn named(&self, plan: &'a Plan, runs: &Runs<'_>, sources: &Sources, found: &mut Vec<Diagnostic>) {
        for run in runs.holding(|own| memmem::find(own.as_bytes(), "「".as_bytes())) {
            let bare = run.bare();
            let forms = bare
                .split('「')
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('」')?.0))
                .filter(|name| FORMS.iter().chain([&LISTS]).any(|form| name.ends_with(form)) && !self.known.contains(name));
            // One that is named again is the same mistake.
            let names: BTreeSet<&str> = forms.collect();
            if names.is_empty() {
                continue;
            }
            let place = run.place(sources);
            // With its brackets, because one name may end another; without, where there is bold type between them.
            let wanted: Vec<(Span, String)> = names
                .iter()
                .flat_map(|name| [format!("「{name}」"), (*name).to_owned()])
                .map(|words| (place, words))
                .collect();
            let found_at = places(&wanted, sources);
            for (name, at) in names.into_iter().zip(found_at.chunks_exact(2)) {
                let bracket = "「".len();
                let span = if at[0] == place { at[1] } else { at[0].within(bracket, bracket + name.len()) };
                let all = pairs(name);
                let own: FxHashSet<Pair> = all.iter().copied().collect();
                let near = self
                    .titles(plan)
                    .iter()
                    .map(|(title, pairs)| (likeness(pairs, &own, all.len()), *title))
                    .max()
                    .filter(|(likeness, _)| *likeness >= ALIKE);
                found.push(if let Some((_, title)) = near {
                    let message = message!("附件「{title}」在這裡叫作「{name}」", "The annex `{title}` is called `{name}` here");
                    let id = plan.chapters.iter().find(|other| other.kind == Kind::Annex && other.front.title == title);
                    let id = id.map_or_else(String::new, |annex| annex.id.to_string());
                    let help = message!("請用 [[{id}|]] 引用它", "Refer to it as [[{id}|]]");
                    Diagnostic::new(Rule::AnnexNameMismatch, span, message).help(help)
                } else if name.ends_with(LISTS) {
                    continue;
                } else {
                    let message = message!("附件清單裡沒有「{name}」", "There is no annex `{name}`");
                    let help = message!("請加入 annexes/，或改用既有的附件", "Add it to annexes/, or use an annex that exists");
                    Diagnostic::new(Rule::UnlistedForm, span, message).help(help)
                });
            }
        }
    }
}

fn annexes(plan: &Plan) -> impl Iterator<Item = &FrontMatter> {
    plan.chapters.iter().filter(|chapter| chapter.kind == Kind::Annex).map(|annex| &annex.front)
}

/// Two neighbouring characters.
type Pair = (char, char);

fn pairs(name: &str) -> Vec<Pair> {
    name.chars().zip(name.chars().skip(1)).collect()
}

/// Whether a name is nearly another.
fn is_alike(name: &str, other: &str) -> bool {
    let other = pairs(other);
    let own: FxHashSet<Pair> = other.iter().copied().collect();
    likeness(&pairs(name), &own, other.len()) >= ALIKE
}

/// How much of their pairs of neighbouring characters two names share, in hundredths; `length` says how many pairs the other has.
fn likeness(one: &[Pair], other: &FxHashSet<Pair>, length: usize) -> usize {
    let shared = one.iter().filter(|pair| other.contains(pair)).count();
    200 * shared / (one.len() + length).max(1)
}
