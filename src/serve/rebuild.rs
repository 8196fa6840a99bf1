//! One rebuild after the other.
//!
//! In: files that changed. Out: pages to serve and events to tell, and an account of what happened. When the plan has errors, or cannot
//! be read, the last good pages stay. A rebuild that is overtaken by further changes is never shown.

use super::{
    cause::{Cause, causes},
    connection::Server,
    feed::Changes,
    interrupt::Interruptible,
    open_points,
    pages::Pages,
    watch::{Changed, Watch},
};
use crate::{
    compile::{Compiled, compile, compile_again, compile_edited, is_current, is_unchanged, publish},
    diagnostic::{Diagnostic, Language, Rule},
    render::{RenderError, View},
    report,
    resolve::Plan,
    site::Site,
    source::{Project, ReadError, Sources},
};
use rustc_hash::FxHashSet;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a window is left alone with the processor to show what changed.
const COURTESY: Duration = Duration::from_millis(60);
/// The file that says which version of the search's index is there.
const INDEX: &str = "search/version.js";

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
        findings: &'a [Arc<Diagnostic>],
        /// The files they point into.
        sources: &'a Sources,
        /// How many pages changed.
        pages: usize,
        /// How many clauses changed.
        clauses: usize,
        /// The pages that changed, by cause; none the first time.
        causes: BTreeMap<Cause, Vec<String>>,
    },
    /// Errors: the last good pages stay.
    Kept {
        /// What was found, and where.
        findings: &'a [Arc<Diagnostic>],
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
    /// Whether this rebuild looked only at the files of which it was told.
    trusts: bool,
    /// Whether the last rebuild stopped after the pages that matter most.
    unfinished: bool,
}

impl Rebuilder {
    pub(super) fn new(project: Project, view: View, language: Language, polls: bool) -> Self {
        Self { project, view, language, polls, last: None, trusts: false, unfinished: false }
    }

    /// Whether pages are still to be rendered though nothing changes any more.
    pub(super) fn is_unfinished(&self) -> bool {
        self.unfinished
    }

    /// Builds for the first time.
    #[expect(clippy::disallowed_methods, reason = "how long a rebuild takes is told to whoever started the server and nowhere else")]
    pub(super) fn first(&mut self, server: &Server, tell: &mut dyn FnMut(&Rebuild<'_>)) {
        let since = Instant::now();
        let compiled = compile(&self.project);
        let account = Account { files: Vec::new(), since, shown: None, polls: self.polls };
        self.show(compiled, account, None, server, tell);
    }

    /// Rebuilds after changes, unless more follow meanwhile.
    pub(super) fn again(&mut self, changed: &Changed, watch: &mut Watch, server: &Server, tell: &mut dyn FnMut(&Rebuild<'_>)) {
        // Whoever looks at all files again and again learns of a change late, and of one that is taken back not at all.
        let told = self.last.as_ref().filter(|_| !self.polls);
        let edited = told.and_then(|last| compile_edited(&self.project, last, &changed.paths));
        self.trusts = edited.is_some();
        // What stands in another folder is another file, however much it looks like the one before.
        let last = self.last.as_ref().filter(|_| !changed.paths.contains(&self.project.root));
        let compiled = match (edited, last) {
            (Some(compiled), _) => Ok(compiled),
            (None, Some(last)) => compile_again(&self.project, last, &changed.paths),
            (None, None) => compile(&self.project),
        };
        let shown = |path: &PathBuf| {
            let within = path.strip_prefix(&self.project.root).ok().filter(|within| !within.as_os_str().is_empty());
            within.unwrap_or(path).to_string_lossy().replace('\\', "/")
        };
        let account = Account { files: changed.paths.iter().map(shown).collect(), since: changed.since, shown: None, polls: self.polls };
        self.show(compiled, account, Some((changed, watch)), server, tell);
    }

    /// Shows what a compile came to, unless further changes have overtaken it.
    fn show(
        &mut self,
        compiled: Result<Compiled, ReadError>,
        mut account: Account,
        mut files: Option<(&Changed, &mut Watch)>,
        server: &Server,
        tell: &mut dyn FnMut(&Rebuild<'_>),
    ) {
        let language = self.language;
        if compiled.as_ref().map_or(true, Compiled::has_errors) && overtaken(&mut files) {
            return;
        }
        // What was left for later is done now, or has nothing to show.
        self.unfinished = false;
        let mut compiled = match compiled {
            Ok(compiled) => compiled,
            Err(error) => {
                let finding = Diagnostic::nowhere(Rule::MissingFile, error.message()).maybe_help(error.lost());
                server.feed.tell_diagnostics(&report::preview(&[finding], &Sources::default(), language));
                return tell(&account.of(Outcome::Unreadable(&error)));
            }
        };
        let changes = if compiled.has_errors() {
            self.unfinished = self.has_missed_something(&compiled);
            None
        } else {
            match self.render(&compiled, &mut account, files, server) {
                Ok(Rendered::Overtaken) => return,
                Ok(Rendered::Shown(changes)) => Some(changes),
                Err(error) => {
                    compiled.diagnostics.extend(mistake(error).map(Arc::from));
                    None
                }
            }
        };
        let (findings, sources) = (&compiled.diagnostics, &compiled.sources);
        let outcome = if let Some(changes) = changes {
            let open_points = if self.view == View::Draft { open_points::json(&compiled, language) } else { String::from("null") };
            server.feed.tell_open_points(&open_points);
            let causes = self.last.as_ref().map(|last| causes(last, &compiled, &changes.pages)).unwrap_or_default();
            Outcome::Served { findings, sources, pages: changes.pages.len(), clauses: changes.clauses.len(), causes }
        } else {
            server.feed.tell_diagnostics(&report::preview(findings, sources, language));
            Outcome::Kept { findings, sources }
        };
        tell(&account.of(outcome));
        self.last = Some(compiled);
    }

    /// Whether a file changed of which nobody told, as behind a link; the next rebuild looks at all of them.
    fn has_missed_something(&self, compiled: &Compiled) -> bool {
        self.trusts && !is_current(&self.project, compiled)
    }

    /// Renders first the pages whose chapters changed and those that somebody is looking at, and shows them; then everything, unless
    /// something changes again. An error is a mistake of the theme that showed only now.
    fn render(
        &mut self,
        compiled: &Compiled,
        account: &mut Account,
        mut files: Option<(&Changed, &mut Watch)>,
        server: &Server,
    ) -> Result<Rendered, RenderError> {
        let renderer = compiled.renderer(self.view, None);
        let is_change = |stirred: &BTreeSet<PathBuf>| !is_unchanged(&self.project, compiled, stirred);
        let (shown, chapters) = (server.feed.shown(), &compiled.plan.chapters);
        let looked_at: BTreeSet<usize> = shown.iter().filter_map(|page| chapter_of(&compiled.plan, page)).collect();
        let known: FxHashSet<_> = self.last.iter().flat_map(|last| &last.plan.chapters).map(Arc::as_ptr).collect();
        let wanted = |index: usize| !known.contains(&Arc::as_ptr(&chapters[index])) || looked_at.contains(&index);
        let first = Site::default();
        if !server.pages().is_empty() {
            // A page must not ask for a style or a picture that is not there yet; those of a plan with errors were never served.
            let same = |last: &Compiled| {
                !last.has_errors() && Arc::ptr_eq(&last.theme, &compiled.theme) && last.sources.has_same_assets(&compiled.sources)
            };
            // Which pictures are published depends on the chapters.
            if self.view == View::Published || !self.last.as_ref().is_some_and(same) {
                renderer.assets(&first)?;
            }
            renderer.chapters(wanted, &first)?;
        }
        if overtaken(&mut files) {
            return Ok(Rendered::Overtaken);
        }
        let (pages, mut changes) = server.pages().with(first.into_files());
        if !changes.pages.is_empty() {
            serve(server, pages, &changes);
        }
        server.feed.tell_diagnostics(&report::preview(&compiled.diagnostics, &compiled.sources, self.language));
        account.shown = Some(account.since.elapsed());
        // Whoever looks at a page that is finished now fetches and paints it first; the rest would only take the processor away.
        let is_finished = |page: &String| chapter_of(&compiled.plan, page).is_some();
        if !changes.pages.is_empty() && !shown.is_empty() && shown.iter().all(is_finished) {
            let changes_again = files.as_mut().is_some_and(|(_, watch)| watch.changes_within(COURTESY, &is_change));
            if changes_again {
                self.unfinished = true;
                return Ok(Rendered::Shown(changes));
            }
        }
        if self.has_missed_something(compiled) {
            self.unfinished = true;
            return Ok(Rendered::Shown(changes));
        }
        let all = Interruptible::new(files.map(|(_, watch)| watch), &is_change);
        match publish(&renderer, &all) {
            Ok(_) => {
                let (pages, rest) = server.pages().after(all.site.into_files());
                serve(server, pages, &rest);
                changes.pages.extend(rest.pages);
                changes.clauses.extend(rest.clauses);
            }
            Err(RenderError::Sink(_)) => self.unfinished = true,
            Err(error) => return Err(error),
        }
        Ok(Rendered::Shown(changes))
    }
}

/// How far rendering came.
enum Rendered {
    /// Further changes came before anything was shown.
    Overtaken,
    /// These changes are shown.
    Shown(Changes),
}

/// The chapter or annex of the plan that a page holds, by index.
fn chapter_of(plan: &Plan, page: &str) -> Option<usize> {
    let (_, file) = page.rsplit_once('/')?;
    let place = plan.targets.find(file.strip_suffix(".html")?, &plan.facts)?;
    let index = place.chapter as usize;
    let chapter = &plan.chapters[index];
    (place.clause.is_none() && chapter.kind.page(&chapter.id) == page).then_some(index)
}

/// Whether more has changed, so that what was rebuilt is to be rebuilt with the rest.
fn overtaken(files: &mut Option<(&Changed, &mut Watch)>) -> bool {
    files.as_mut().is_some_and(|(changed, watch)| watch.takes_back(changed))
}

/// Serves other pages from now on and tells of what changed.
fn serve(server: &Server, pages: Pages, changes: &Changes) {
    let (pages, before) = (Arc::new(pages), server.pages());
    server.replace(Arc::clone(&pages));
    // Other synonyms change no page, but what an open search finds.
    let index = |pages: &Pages| pages.get(INDEX).map(|file| file.tag.clone());
    if !changes.pages.is_empty() || index(&before) != index(&pages) {
        // Which of the first pages' clauses are new to a window that an earlier server showed them, nobody knows.
        let changes = if before.is_empty() { Changes { pages: changes.pages.clone(), ..Changes::default() } } else { changes.clone() };
        server.feed.reload(changes, pages);
    }
}

/// A theme's mistake; memory refuses no file.
fn mistake(error: RenderError) -> Option<Diagnostic> {
    match error {
        RenderError::Template(finding) => Some(*finding),
        RenderError::Sink(_) => None,
    }
}

/// What is told of a rebuild whatever comes of it.
struct Account {
    files: Vec<String>,
    since: Instant,
    /// How long after that the changed pages were shown.
    shown: Option<Duration>,
    polls: bool,
}

impl Account {
    fn of(self, outcome: Outcome<'_>) -> Rebuild<'_> {
        Rebuild { files: self.files, outcome, took: self.shown.unwrap_or_else(|| self.since.elapsed()), polls: self.polls }
    }
}
