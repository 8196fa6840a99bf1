//! The parts of a plan: the pages of their chapters and annexes, and the whole part on one page, in the printed order.
//!
//! In: a plan. Out: the pages of all its chapters and annexes, and `print.html`, or for a plan in parts one page for each part and
//! `print.html` that lists them. It prints well, and without scripts it is where Ctrl+F finds a word. A body is written for both pages
//! in one go, and kept only until its part's page is there.

use super::{
    RenderError, Renderer,
    context::{AnnexView, ChapterView, PageFacts, PrintPage},
    link::Linker,
};
use crate::{site::Sink, theme::Html};
use rayon::prelude::*;

impl Renderer<'_> {
    /// Renders all chapters and annexes, each on its own page and in its part.
    pub(super) fn parts_with_chapters(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        let parts = &self.plan.parts;
        if parts.len() != 1 {
            let content = PrintPage { parts: self.parts(), chapters: Vec::new(), annexes: Vec::new(), history: self.history() };
            self.print_page("print.html".into(), content, sink)?;
        }
        let first_of = |part: usize| parts[..part].iter().map(|part| part.chapters.len() + part.annexes.len()).sum();
        (0..parts.len()).into_par_iter().try_for_each(|part| self.part_with_chapters(part, first_of(part), sink))
    }

    /// Renders a part, whose chapters stand from `first` on among those that belong to the plan.
    fn part_with_chapters(&self, part: usize, first: usize, sink: &dyn Sink) -> Result<(), RenderError> {
        let linker = Linker::print(self.plan, part);
        let of = &self.plan.parts[part];
        let body = |at: usize| self.chapter(first + at, Some(linker), sink);
        let chapter = |(at, index): (usize, &usize)| Ok(ChapterView { body: body(at)?, ..self.chapter_view(*index, linker) });
        let annex = |(at, index): (usize, &usize)| Ok(AnnexView { body: body(of.chapters.len() + at)?, ..self.annex_view(*index, linker) });
        let chapters = of.chapters.par_iter().enumerate().map(chapter).collect::<Result<_, RenderError>>()?;
        let annexes = of.annexes.par_iter().enumerate().map(annex).collect::<Result<_, RenderError>>()?;
        let content = PrintPage { parts: vec![self.part(part)], chapters, annexes, history: self.history() };
        self.print_page(Linker::print_page(self.plan, part), content, sink)
    }

    fn print_page(&self, href: String, content: PrintPage, sink: &dyn Sink) -> Result<(), RenderError> {
        let print = self.plan.term("print_page");
        // Else all parts would have one name among a browser's windows.
        let of_part = content.parts.first().filter(|_| content.parts.len() == 1 && self.plan.parts.len() > 1);
        let title = of_part
            .and_then(|part| part.title.as_deref())
            .map(|part| [part, self.plan.term("title_separator"), print].concat());
        let page = PageFacts { kind: "print", id: "", title: title.as_deref().unwrap_or(print), href };
        let bodies = content.chapters.iter().map(|chapter| &chapter.body).chain(content.annexes.iter().map(|annex| &annex.body));
        // Each body has a title above it.
        let size = bodies.flatten().filter_map(|body| Some(body.downcast_object_ref::<Html>()?.0.len() + 1024)).sum();
        self.page_around(size, "print.html", &self.page_view(page, None, content)?, sink)
    }
}
