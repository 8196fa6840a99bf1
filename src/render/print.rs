//! The whole plan on one page, in the printed order.
//!
//! In: a plan. Out: `print.html`, or for a plan in parts one page for each part and `print.html` that lists them. It prints well, and
//! without scripts it is where Ctrl+F finds a word.

use super::{
    RenderError, Renderer,
    body::Body,
    context::{AnnexView, ChapterView, PageFacts, PrintPage},
    link::Linker,
};
use crate::site::Sink;
use minijinja::value::Value;
use rayon::prelude::*;

impl Renderer<'_> {
    pub(super) fn print(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        let parts = self.plan.parts.len();
        if parts != 1 {
            let content = PrintPage { parts: self.parts(), chapters: Vec::new(), annexes: Vec::new(), history: self.history() };
            self.print_page("print.html".into(), content, sink)?;
        }
        (0..parts).into_par_iter().try_for_each(|part| self.print_part(part, sink))
    }

    fn print_part(&self, part: usize, sink: &dyn Sink) -> Result<(), RenderError> {
        let linker = Linker::print(self.plan, part);
        let body = |index: usize| Some(Value::from_safe_string(Body::new(self, index, linker).html()));
        let of = &self.plan.parts[part];
        let chapters = of
            .chapters
            .par_iter()
            .map(|index| ChapterView { body: body(*index), ..self.chapter_view(*index, linker) })
            .collect();
        let annexes = of
            .annexes
            .par_iter()
            .map(|index| AnnexView { body: body(*index), ..self.annex_view(*index, linker) })
            .collect();
        let content = PrintPage { parts: vec![self.part(part)], chapters, annexes, history: self.history() };
        self.print_page(Linker::print_page(self.plan, part), content, sink)
    }

    fn print_page(&self, href: String, content: PrintPage, sink: &dyn Sink) -> Result<(), RenderError> {
        let page = PageFacts { kind: "print", id: "", title: self.plan.term("print_page"), href };
        let bodies = content.chapters.iter().map(|chapter| &chapter.body).chain(content.annexes.iter().map(|annex| &annex.body));
        // Each body has a title above it.
        let size = bodies.flatten().map(|body| body.as_str().map_or(0, str::len) + 1024).sum();
        self.page_around(size, "print.html", &self.page_view(page, None, content)?, sink)
    }
}
