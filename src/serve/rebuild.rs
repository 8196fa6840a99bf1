//! One rebuild after the other.
//!
//! In: files that changed. Out: pages to serve and events to tell, and an account of what happened. When the plan has errors, or cannot
//! be read, the last good pages stay. A rebuild that is overtaken by further changes is never shown.

use super::{
    connection::Server,
    open,
    watch::{Changed, Watch},
};
use crate::{
    compile::{Compiled, compile, compile_again},
    diagnostic::{Diagnostic, Language, Rule},
    render::{RenderError, View},
    report,
    site::Site,
    source::{Project, ReadError, Sources},
};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// An account of one rebuild.
#[derive(Debug)]
pub struct Rebuild<'a> {
    /// The files that changed, as people see them; none the first time.
    pub files: Vec<String>,
    /// What came of it.
    pub outcome: Outcome<'a>,
    /// How long it took, from the first change to the pages.
    pub took: Duration,
    /// Whether files are looked at again and again.
    pub polls: bool,
}

/// What came of a rebuild.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// New pages are served.
    Served {
        /// What was found, and where.
        findings: &'a [Diagnostic],
        /// The files they point into.
        sources: &'a Sources,
        /// How many pages changed.
        pages: usize,
        /// How many clauses changed.
        clauses: usize,
    },
    /// Errors: the last good pages stay.
    Kept {
        /// What was found, and where.
        findings: &'a [Diagnostic],
        /// The files they point into.
        sources: &'a Sources,
    },
    /// Files cannot be read: the last good pages stay.
    Unreadable(&'a ReadError),
}

/// Rebuilds a project.
pub(super) struct Rebuilder {
    project: Project,
    view: View,
    language: Language,
    polls: bool,
    /// What the next compile can build on.
    last: Option<Compiled>,
}

impl Rebuilder {
    pub(super) fn new(project: Project, view: View, language: Language, polls: bool) -> Self {
        Self { project, view, language, polls, last: None }
    }

    /// Builds for the first time.
    #[expect(clippy::disallowed_methods, reason = "how long a rebuild takes is told to whoever started the server and nowhere else")]
    pub(super) fn first(&mut self, server: &Server, tell: &mut dyn FnMut(&Rebuild<'_>)) {
        let started = Instant::now();
        let built = compile(&self.project).map(|compiled| self.render(compiled));
        self.show(built, Vec::new(), started, server, tell);
    }

    /// Rebuilds after changes, unless more follow meanwhile.
    pub(super) fn again(&mut self, changed: Changed, watch: &mut Watch, server: &Server, tell: &mut dyn FnMut(&Rebuild<'_>)) {
        let compiled = match &self.last {
            Some(last) => compile_again(&self.project, last, &changed.paths),
            None => compile(&self.project),
        };
        let built = compiled.map(|compiled| self.render(compiled));
        if watch.takes_back(&changed) {
            return;
        }
        let files = changed.paths.iter().map(|path| path.strip_prefix(&self.project.root).unwrap_or(path).to_string_lossy().replace('\\', "/"));
        self.show(built, files.collect(), changed.since, server, tell);
    }

    /// Renders everything; the mistakes of a theme may show only now.
    fn render(&self, mut compiled: Compiled) -> (Compiled, Option<BTreeMap<String, Vec<u8>>>) {
        if compiled.has_errors() {
            return (compiled, None);
        }
        let site = Site::default();
        let files = match compiled.publish(self.view, &site) {
            Ok(()) => Some(site.into_files()),
            Err(RenderError::Template(finding)) => {
                compiled.diagnostics.push(*finding);
                None
            }
            // Memory refuses no file.
            Err(RenderError::Sink(_)) => None,
        };
        (compiled, files)
    }

    fn show(
        &mut self,
        built: Result<(Compiled, Option<BTreeMap<String, Vec<u8>>>), ReadError>,
        files: Vec<String>,
        since: Instant,
        server: &Server,
        tell: &mut dyn FnMut(&Rebuild<'_>),
    ) {
        let (polls, language) = (self.polls, self.language);
        let mut account = |outcome: Outcome<'_>| tell(&Rebuild { files: files.clone(), outcome, took: since.elapsed(), polls });
        let (compiled, site) = match built {
            Ok(built) => built,
            Err(error) => {
                let finding = Diagnostic::nowhere(Rule::MissingFile, error.message());
                server.feed.tell(&report::preview(&[finding], &Sources::default(), language), "null");
                return account(Outcome::Unreadable(&error));
            }
        };
        let (findings, sources) = (&compiled.diagnostics, &compiled.sources);
        let diagnostics = report::preview(findings, sources, language);
        if let Some(site) = site {
            let (pages, changes) = server.pages().after(site);
            let (changed_pages, clauses) = (changes.pages.len(), changes.clauses.len());
            let all = Arc::new(pages.paths());
            server.replace(pages);
            if changed_pages > 0 {
                server.feed.reload(changes, all);
            }
            let open_points = if self.view == View::Draft { open::json(&compiled, language) } else { String::from("null") };
            server.feed.tell(&diagnostics, &open_points);
            account(Outcome::Served { findings, sources, pages: changed_pages, clauses });
        } else {
            server.feed.tell(&diagnostics, "null");
            account(Outcome::Kept { findings, sources });
        }
        self.last = Some(compiled);
    }
}
