//! What says of itself that it was deleted.
//!
//! In: words; or a plan whose clauses have their titles. Out: whether words say it, the one place that knows which do; and beside each chapter
//! what of it says so. Lists of chapters and annexes say it behind the title: what is called there by its title alone would read as in force.

use super::{Facts, Place, Plan, visit::visit_blocks, words};
use crate::{
    document::{BlockKind, Text},
    source::Sources,
};
use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::{borrow::Cow, sync::Arc};

/// How lists say it.
const MARK: &str = "（刪除）";
/// What stands in all words that say it.
const DELETED: &str = "刪除";

/// What the own words of a clause come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// There are none.
    Nothing,
    /// They say 「（刪除）」 and nothing else.
    Deleted,
    /// They say something.
    Else,
}

impl Says {
    /// Reads words, a paragraph or several.
    pub fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut all = bare(words.into_iter().flat_map(str::chars));
        let deleted = match all.next() {
            None => return Self::Nothing,
            Some('刪') => all.eq(['除']),
            Some('(') => all.eq(['刪', '除', ')']),
            Some(_) => false,
        };
        if deleted { Self::Deleted } else { Self::Else }
    }
}

/// Characters without white space and with brackets of one width.
fn bare(words: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    words.filter(|c| !c.is_whitespace()).map(|c| match c {
        '（' | '﹙' | '︵' => '(',
        '）' | '﹚' | '︶' => ')',
        _ => c,
    })
}

/// Whether a title ends with a word in brackets.
fn ends_with(title: &str, [first, last]: [char; 2]) -> bool {
    bare(title.chars().rev()).take(4).eq([')', last, first, '('])
}

/// Whether a title says that what it names was deleted, whatever stands below it.
#[must_use]
pub fn is_struck_title(title: &str) -> bool {
    ends_with(title, ['刪', '除'])
}

/// Whether a title says that nothing stands below it any more, or not yet: 「（保留）」.
#[must_use]
pub fn is_kept_title(title: &str) -> bool {
    is_struck_title(title) || ends_with(title, ['保', '留'])
}

/// Whether a chapter or an annex was deleted, by its title and by what each of its clauses says: it says so, or all of its words do.
#[must_use]
pub fn is_struck_whole(title: &str, clauses: impl IntoIterator<Item = Says>) -> bool {
    let mut said = clauses.into_iter().filter(|own| *own != Says::Nothing).peekable();
    is_struck_title(title) || said.peek().is_some() && said.all(|own| own == Says::Deleted)
}

/// What lists call what was deleted: its title, which may say so itself.
#[must_use]
pub fn listed(title: &str) -> Cow<'_, str> {
    if is_struck_title(title) { title.into() } else { [title, MARK].concat().into() }
}

impl Facts {
    /// Whether all of the chapter was deleted.
    #[must_use]
    pub fn is_struck(&self) -> bool {
        self.struck.first() == Some(&None)
    }
}

impl Plan {
    /// What lists call a chapter or an annex.
    #[must_use]
    pub fn listed_title(&self, index: usize) -> Cow<'_, str> {
        let title = &self.chapters[index].front.title;
        if self.facts[index].is_struck() { listed(title) } else { title.into() }
    }
}

/// Notes beside some chapters that belong to the plan what of them was deleted, and in their lists of annexes which of these were.
pub(super) fn strike(plan: &mut Plan, sources: &Sources, chapters: &[usize]) {
    let struck = |index: &usize| Some((*index, of_chapter(plan, *index, sources))).filter(|(_, struck)| !struck.is_empty());
    let found: Vec<_> = chapters.par_iter().filter_map(struck).collect();
    for (index, struck) in found {
        // Nobody else holds the facts of a plan in the making.
        if let Some(facts) = Arc::get_mut(&mut plan.facts[index]) {
            facts.struck = struck;
        }
    }
    let annexes = plan.parts.iter().flat_map(|part| &part.annexes).filter(|index| plan.facts[**index].is_struck());
    let annexes: FxHashSet<(usize, &str)> = annexes.map(|index| (plan.facts[*index].part, &*plan.chapters[*index].id)).collect();
    if annexes.is_empty() {
        return;
    }
    for index in chapters {
        let Some(facts) = Arc::get_mut(&mut plan.facts[*index]) else { continue };
        let part = facts.part;
        let is_struck = |anchor: &str| anchor.strip_prefix(ANNEX).is_some_and(|id| annexes.contains(&(part, id)));
        facts.clauses.retitle_generated(is_struck, |title| Text::from(&*listed(title)));
    }
}

/// What the address of an entry in a list of annexes begins with.
pub const ANNEX: &str = "annex-";

/// What says of a chapter or an annex that it was deleted, in order; `None` is itself, any other one of its clauses. What stands inside of a
/// clause speaks for itself.
fn of_chapter(plan: &Plan, index: usize, sources: &Sources) -> Box<[Option<u32>]> {
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
            BlockKind::Paragraph(inlines) => Says::of([words::of(plan, Some(facts.part), inlines).as_str()]),
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
        *own = match (*own, says) {
            (one, Says::Nothing) | (Says::Nothing, one) => one,
            _ => Says::Else,
        };
    });
    let place = |clause| Place { chapter: u32::try_from(index).unwrap_or(u32::MAX), clause };
    let whole = is_struck_whole(&chapter.front.title, all.iter().copied());
    let own = all.iter().skip(1).zip(0..).map(|(says, clause)| (Some(clause), *says));
    let clauses = own.filter(|(clause, says)| *says == Says::Deleted || is_struck_title(words::title(plan, place(*clause))));
    std::iter::once(None).filter(|_| whole).chain(clauses.map(|(clause, _)| clause)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_that_something_was_deleted_and_nothing_else() {
        for words in ["（刪除）", "(刪除)", " （刪除） ", "刪除", "﹙刪 除﹚", "（刪\n除）"] {
            assert_eq!(Says::of([words]), Says::Deleted, "{words}");
        }
        for words in ["（刪除）。", "應刪除", "刪除。", "（刪除", "（保留）", "（刪除）（刪除）"] {
            assert_eq!(Says::of([words]), Says::Else, "{words}");
        }
        assert_eq!(Says::of(["", " \n"]), Says::Nothing);
        assert_eq!(Says::of(["（刪除）", "（刪除）"]), Says::Else);
    }

    #[test]
    fn a_title_says_it_in_brackets_at_its_end() {
        assert!(["清冊（刪除）", "清冊 (刪除) ", "（刪除）"].into_iter().all(is_struck_title));
        assert!(["刪除", "帳號之刪除", "（刪除）清冊", "清冊（保留）", ""].into_iter().all(|title| !is_struck_title(title)));
        assert!(is_kept_title("清冊（保留）") && is_kept_title("清冊（刪除）") && !is_kept_title("清冊"));
        assert_eq!([listed("清冊"), listed("清冊(刪除)")], ["清冊（刪除）", "清冊(刪除)"]);
    }

    #[test]
    fn a_chapter_was_deleted_when_all_its_words_were() {
        use Says::{Deleted, Else, Nothing};
        assert!(is_struck_whole("清冊（刪除）", [Else]));
        assert!(is_struck_whole("清冊", [Nothing, Deleted, Deleted]));
        for clauses in [[Nothing, Nothing, Nothing], [Deleted, Else, Nothing], [Else, Deleted, Deleted]] {
            assert!(!is_struck_whole("清冊", clauses), "{clauses:?}");
        }
    }
}
