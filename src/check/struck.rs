//! References to what says of itself that it was deleted.
//!
//! In: a chapter, and then the whole plan. Out: the clauses of the chapter that keep their number and their address for nothing, 「（刪除）」, and a
//! finding for each reference to one of them that readers see. What stands inside of such a clause speaks for itself.

use super::OfChapter;
use crate::{
    diagnostic::{Diagnostic, Rule, Severity},
    document::{BlockKind, Inline},
    message,
    resolve::{
        Place, Plan,
        visit::{Seen, visit, visit_blocks},
        words,
    },
    source::Sources,
};
use memchr::memmem;

/// What every such clause says.
const DELETED: &str = "刪除";

/// What the own words of a clause come to.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    Nothing,
    Deleted,
    Else,
}

/// What says of a chapter or an annex that it was deleted: 「（刪除）」 for all its words, or behind its title. `None` is itself, any other one of its
/// clauses.
pub(super) fn of_chapter(plan: &Plan, index: usize, sources: &Sources) -> Box<[Option<u32>]> {
    let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
    if memmem::find(sources.file(chapter.file).text.as_bytes(), DELETED.as_bytes()).is_none() {
        return Box::default();
    }
    let mut all = vec![Says::Nothing; facts.clauses.count() as usize + 1];
    visit_blocks(chapter, facts, &plan.data, &mut |block, context| {
        if context.guidance || context.note || context.is_in_cell() {
            return;
        }
        let says = match block.kind {
            BlockKind::Paragraph(inlines) => match words::of(plan, Some(facts.part), inlines).trim() {
                "" => return,
                "（刪除）" | "(刪除)" | DELETED => Says::Deleted,
                _ => Says::Else,
            },
            BlockKind::Section(_)
            | BlockKind::List(_)
            | BlockKind::Quote(_)
            | BlockKind::When { .. }
            | BlockKind::Guidance(_)
            | BlockKind::ThematicBreak => return,
            BlockKind::Code(_)
            | BlockKind::Table(_)
            | BlockKind::Fields(_)
            | BlockKind::Signature(_)
            | BlockKind::DataTable(_)
            | BlockKind::Laws(_)
            | BlockKind::Annexes(_) => Says::Else,
        };
        let own = &mut all[context.clause.map_or(0, |clause| clause as usize + 1)];
        *own = if *own == Says::Nothing { says } else { Says::Else };
    });
    let chapter = u32::try_from(index).unwrap_or(u32::MAX);
    let places = std::iter::once(None).chain((0..facts.clauses.count()).map(Some));
    let is_struck = |(clause, says): &(Option<u32>, Says)| match says {
        Says::Nothing => is_struck_title(words::title(plan, Place { chapter, clause: *clause })),
        Says::Deleted => true,
        Says::Else => false,
    };
    places.zip(all).filter(is_struck).map(|(clause, _)| clause).collect()
}

fn is_struck_title(title: &str) -> bool {
    let title = title.trim_end();
    title == DELETED || ["（刪除）", "(刪除)"].iter().any(|mark| title.ends_with(mark))
}

/// Reports the references to them.
pub(super) fn references(plan: &Plan, sources: &Sources, chapters: &[(usize, &OfChapter)], found: &mut Vec<Diagnostic>) {
    let struck = chapters.iter().flat_map(|(index, own)| {
        let chapter = u32::try_from(*index).unwrap_or(u32::MAX);
        own.struck.iter().map(move |clause| Place { chapter, clause: *clause })
    });
    // They are in order: chapters may stand apart in the plan, but each is looked at once.
    let mut struck: Vec<Place> = struck.filter(|place| plan.citations.of(*place).next().is_some()).collect();
    struck.sort_unstable();
    let mut citing: Vec<u32> = struck.iter().flat_map(|place| plan.citations.of(*place)).map(|from| from.chapter).collect();
    citing.sort_unstable();
    citing.dedup();
    for index in citing.into_iter().map(|index| index as usize) {
        visit(&plan.chapters[index], &plan.facts[index], &plan.data, &mut |seen, context| {
            let Seen::Inline(Inline::Reference(reference)) = seen else { return };
            let target = plan.targets.find(reference.target, &plan.facts).filter(|_| !context.guidance);
            let own = Place { chapter: u32::try_from(index).unwrap_or(u32::MAX), clause: context.clause };
            if !target.is_some_and(|target| target != own && struck.binary_search(&target).is_ok()) {
                return;
            }
            let id = reference.target;
            let message = message!("「{id}」已標明「（刪除）」", "`{id}` says of itself that it was deleted");
            let help = message!(
                "請改引用現行的條文，或刪去這個參照；確實要提到已刪除的，請在 plan.yaml 的 waivers 寫明理由",
                "Cite what is in force, or delete the reference; if the deleted one is meant, say why among the `waivers` of plan.yaml"
            );
            let place = context.place(reference.span, sources);
            // Its number and its address are kept, so that it leads somewhere.
            let finding = Diagnostic::new(Rule::ReferenceToAbsentClause, place, message).help(help);
            found.push(Diagnostic { severity: Severity::Warning, ..finding });
        });
    }
}
