//! The rules about one chapter by itself: what it says, its notes, pictures and links, and what it calls things.
//!
//! In: a chapter of a resolved plan. Out: findings, and what the rules of the whole plan ask of it. It depends on nothing of the other chapters but
//! their numbers and titles, so that an edit elsewhere leaves it as it is.

use super::{
    OfChapter, address, annex, bracket, code, coverage, empty, footnote, law, leftover, media,
    open_point::OpenPoints,
    printed,
    printed_data::{Circled, Printed},
    prose::Runs,
    recorded::Recorded,
    repetition::repetitions,
    typed_number,
    typed_reference::TypedReferences,
    unused_data::Uses,
    wording,
};
use crate::{
    document::{BlockKind, Inline, Kind, kept},
    resolve::{
        Plan,
        visit::{Seen, visit},
    },
    source::Sources,
};
use std::sync::Arc;

/// What all chapters are read with.
pub(super) struct Rules<'a> {
    plan: &'a Plan,
    sources: &'a Sources,
    recorded: &'a Recorded<'a>,
    forms: annex::Forms<'a>,
    leftovers: leftover::Leftovers,
    terms: wording::Variants<'a>,
    names: wording::Names,
    assets: media::Assets<'a>,
    numbers: typed_number::Numbers,
    references: TypedReferences<'a>,
    circled: Circled<'a>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(plan: &'a Plan, sources: &'a Sources, recorded: &'a Recorded<'a>) -> Self {
        // Each is made from all its words at once.
        let words = || rayon::join(|| wording::Variants::new(plan), wording::Names::new);
        let (leftovers, (terms, names)) = rayon::join(leftover::Leftovers::new, words);
        let (forms, assets, numbers) = (annex::Forms::new(plan), media::Assets::new(sources), typed_number::Numbers::new(plan));
        let (references, circled) = (TypedReferences::new(plan), Circled::of(plan));
        Self { plan, sources, recorded, forms, leftovers, terms, names, assets, numbers, references, circled }
    }

    /// Reads a chapter.
    pub(super) fn read(&self, index: usize) -> OfChapter {
        let Self { plan, sources, recorded, .. } = self;
        let (chapter, facts) = (&plan.chapters[index], &plan.facts[index]);
        let (mut runs, mut laws, mut open) = (Runs::none(plan, index), law::Cited::default(), OpenPoints::of(plan, index));
        let mut heads = Runs::none(plan, index);
        heads.above(chapter);
        let (mut found, mut items, mut of_data) = (Vec::new(), leftover::Items::of(recorded), Printed::default());
        let mut uses = Uses::default();
        visit(chapter, facts, &plan.data, &mut |seen, context| {
            uses.see(seen);
            laws.see(plan, seen, context);
            open.see(seen, context);
            of_data.see(&self.circled, seen, context, sources);
            match seen {
                Seen::Inline(Inline::Image(image)) => {
                    let place = context.place(image.span, sources);
                    self.assets.picture(&image, place, &mut found);
                    if !context.guidance {
                        found.extend(printed::caption(image.caption, place, sources));
                    }
                    heads.caption(&image, context);
                }
                Seen::Inline(Inline::Link(link)) => self.assets.link(link.url, context.place(link.span, sources), sources, &mut found),
                Seen::Inline(Inline::Reference(reference)) => {
                    address::shifting(plan, &reference, context, sources, &mut found);
                    if chapter.kind == Kind::Chapter {
                        annex::other_name(plan, &reference, context, sources, &mut found);
                    }
                }
                Seen::Inline(_) => {}
                Seen::Block(block) => {
                    runs.see(block, context);
                    if let BlockKind::DataTable(table) = block.kind {
                        heads.heads(table.name, context);
                        if !context.guidance {
                            empty::table(plan, &table, context.place(table.span, sources), &mut found);
                        }
                    }
                    items.see(plan, facts, block, context, &mut found);
                    if let BlockKind::Code(code) = block.kind
                        && !context.guidance
                    {
                        let place = context.place(block.span, sources);
                        code::signs(code, place, context.is_in_cell(), sources, &mut found);
                    }
                }
            }
        });
        items.finish(&mut found);
        if chapter.kind == Kind::Chapter {
            self.forms.named(plan, &runs, sources, &mut found);
        }
        self.leftovers.find(&runs, sources, &mut found);
        repetitions(plan, &runs, sources, &mut found);
        self.terms.find(&heads, sources, &mut found);
        self.terms.find(&runs, sources, &mut found);
        bracket::brackets(&chapter.front.title, &[&heads, &runs], sources, &mut found);
        wording::figures(&runs, sources, &mut found);
        self.numbers.find(plan, index, sources, &mut found);
        self.references.find(&runs, index, sources, &mut found);
        printed::front_matter(plan, index, sources, &mut found);
        footnote::footnotes(plan, index, &mut found);
        coverage::sections(plan, index, &mut found);
        empty::headings(plan, index, recorded, &mut found);
        let found = kept(found.into_iter().map(Arc::new).collect());
        OfChapter { found, names: self.names.count(&runs), laws, open: open.all, printed: of_data, uses }
    }
}
