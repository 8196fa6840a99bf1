//! The draft view's page of what is still open.
//!
//! In: a plan with its findings. Out: `status.html`, which says what `planpress status` says. Readers never see it.

use super::{
    RenderError, Renderer,
    context::{PageFacts, StatusPage},
};
use crate::{
    check::{COLUMNS, status},
    diagnostic::Language,
    site::Sink,
};

impl Renderer<'_> {
    pub(super) fn status(&self, sink: &dyn Sink) -> Result<(), RenderError> {
        let language = if self.plan.config.language.starts_with("zh") { Language::Chinese } else { Language::English };
        let columns = COLUMNS.map(|(_, zh, en)| language.pick(zh, en)).to_vec();
        let content = StatusPage { columns, status: status(self.plan, self.sources, self.findings, self.waivers, language) };
        let page = PageFacts { kind: "status", id: "", title: self.plan.term("status_page"), href: String::from("status.html") };
        self.page("status.html", &self.page_view(page, None, content)?, sink)
    }
}
