//! The compiler: the one place that orders the stages.
//!
//! In: a project. Out: [`Compiled`], a plan with all its findings, ready to be published into any sink. Preview, build, check and
//! approval are this same compile.

use crate::{
    check::{self, Checked, OfChapters, Status},
    config::{self, Config},
    diagnostic::{Diagnostic, FileId, Language, Rule, Severity},
    edition::{self, Amendment, Editions},
    parse::{self, Manuscript},
    render::{Input, RenderError, Renderer, View},
    resolve::{self, Plan, data::Data},
    search,
    site::{File, SUMS, Sink},
    source::{Digest, Earlier, Project, ReadError, Source, Sources},
    theme::{self, Theme},
    view::{PDF, Paper},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io, mem,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// A compiled project.
#[derive(Debug)]
pub struct Compiled {
    /// Its files.
    pub sources: Sources,
    /// Its theme.
    pub theme: Arc<Theme>,
    /// The plan.
    pub plan: Plan,
    /// What was approved, and how the sources stand to it.
    pub editions: Editions,
    /// What has changed since the latest approved edition; `None` when nothing was approved, or when nothing changed.
    pub amendment: Option<Amendment>,
    /// Everything that was found wrong.
    pub diagnostics: Vec<Arc<Diagnostic>>,
    /// The waivers of the plan that accept something that was found, by index.
    pub accepted: Vec<usize>,
    kept: Kept,
}

/// What the next compile takes over while the files it was made from stay the same.
#[derive(Debug)]
struct Kept {
    theme: Made<(String, Identity), Theme>,
    data: Made<Identity, Data>,
    of_chapters: OfChapters,
    /// What was found while files and settings were read.
    of_files: Vec<Diagnostic>,
    /// What was found where the list of chapters and the files disagree.
    of_list: Vec<Diagnostic>,
    /// Whether resolving found nothing wrong, and held nothing back.
    clean: bool,
}

/// How many chapters may change for the others to be taken over; with more, resolving everything costs no more.
const FEW: usize = 16;

/// Files as far as they tell whether anything made from them is still the same.
type Identity = Vec<(FileId, [bool; 2], Digest)>;

/// Something made from files, with the findings of making it.
#[derive(Debug)]
struct Made<K, T> {
    from: K,
    value: Arc<T>,
    findings: Vec<Diagnostic>,
}

impl<K: PartialEq, T> Made<K, T> {
    /// The earlier one if it was made from the same, else a new one.
    fn or_new(earlier: Option<&Self>, from: K, make: impl FnOnce() -> (T, Vec<Diagnostic>)) -> Self {
        if let Some(same) = earlier.filter(|earlier| earlier.from == from) {
            return Self { from, value: Arc::clone(&same.value), findings: same.findings.clone() };
        }
        let (value, findings) = make();
        Self { from, value: Arc::new(value), findings }
    }
}

/// The files of a project, read and not yet understood.
#[derive(Debug)]
pub struct Read {
    /// The files.
    pub sources: Sources,
    config: Arc<Config>,
    found: Vec<Diagnostic>,
}

/// Reads a project's files.
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn read(project: &Project) -> Result<Read, ReadError> {
    read_after(project, Earlier { sources: &Sources::default(), changed: &BTreeSet::new() })
}

/// Reads no project, and only the words of the program itself: what is made of records alone needs no more.
///
/// # Errors
/// When a theme that stands there cannot be read.
pub fn read_nothing(root: &Path) -> Result<Read, ReadError> {
    let mut sources = Sources::default();
    sources.add(Source::new("plan.yaml", "content/plan.yaml", "title: \"\"\nchapters: []\n"));
    let (config, mut found) = config::read(&sources);
    found.extend(theme::read(&mut sources, root, &config.theme, &Sources::default())?);
    Ok(Read { sources, config: config.into(), found })
}

fn read_after(project: &Project, earlier: Earlier<'_>) -> Result<Read, ReadError> {
    let (mut sources, mut found) = project.read_again(earlier)?;
    let (config, findings) = config::read(&sources);
    found.extend(findings);
    found.extend(theme::read(&mut sources, &project.root, &config.theme, earlier.sources)?);
    Ok(Read { sources, config: config.into(), found })
}

impl Read {
    /// Whether nothing is wrong with the files themselves.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        self.found.is_empty()
    }

    /// Compiles what was read.
    #[must_use]
    pub fn compile(self) -> Compiled {
        compile_read(self, None, None)
    }
}

/// Compiles a project.
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn compile(project: &Project) -> Result<Compiled, ReadError> {
    Ok(read(project)?.compile())
}

/// Compiles a project that is to become the edition `number`: the same compile, in which the reasons for changes are those of that edition.
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn compile_edition(project: &Project, number: &str) -> Result<Compiled, ReadError> {
    Ok(compile_read(read(project)?, None, Some(number)))
}

/// Compiles a project, knowing an earlier compile of it and the files that changed since. The result is the same as that of [`compile`].
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn compile_again(project: &Project, earlier: &Compiled, changed: &BTreeSet<PathBuf>) -> Result<Compiled, ReadError> {
    let read = read_after(project, Earlier { sources: &earlier.sources, changed })?;
    Ok(compile_read(read, Some(earlier), None))
}

/// Compiles a project again, looking only at the chapters that a watcher says were edited. The result is the same as that of [`compile`] if
/// nothing else has changed, which [`is_current`] tells; `None` if the edit is not of a few chapters.
#[must_use]
pub fn compile_edited(project: &Project, earlier: &Compiled, edited: &BTreeSet<PathBuf>) -> Option<Compiled> {
    if edited.is_empty() || edited.len() > FEW {
        return None;
    }
    let sources = project.read_edited(&earlier.sources, edited)?;
    edited_since(&sources, &earlier.sources)?;
    let read = Read { sources, config: Arc::clone(&earlier.plan.config), found: earlier.kept.of_files.clone() };
    Some(compile_read(read, Some(earlier), None))
}

/// Whether the files of a project still look as they did when it was compiled.
#[must_use]
pub fn is_current(project: &Project, compiled: &Compiled) -> bool {
    is_current_with(project, compiled, &BTreeSet::new())
}

/// Whether the files of which a watcher told still have the content that they had when the project was compiled.
#[must_use]
pub fn is_unchanged(project: &Project, compiled: &Compiled, stirred: &BTreeSet<PathBuf>) -> bool {
    match project.read_edited(&compiled.sources, stirred) {
        Some(sources) => is_same(&sources, compiled),
        // What is no text that was read before may mean anything.
        None => is_current_with(project, compiled, stirred),
    }
}

fn is_current_with(project: &Project, compiled: &Compiled, changed: &BTreeSet<PathBuf>) -> bool {
    let read = read_after(project, Earlier { sources: &compiled.sources, changed });
    read.is_ok_and(|read| is_same(&read.sources, compiled))
}

fn is_same(sources: &Sources, compiled: &Compiled) -> bool {
    sources.edited_since(&compiled.sources).is_some_and(|edited| edited.is_empty())
}

fn compile_read(read: Read, earlier: Option<&Compiled>, number: Option<&str>) -> Compiled {
    let Read { sources, config, found: of_files } = read;
    let mut found = of_files.clone();
    let kept = earlier.map(|earlier| &earlier.kept);
    // Templates, chapters and data know nothing of one another.
    let read_theme = || {
        let from = (config.language.clone(), sources.identity(&["theme"]));
        Made::or_new(kept.map(|kept| &kept.theme), from, || Theme::new(&sources, &config.language))
    };
    let read_data = || Made::or_new(kept.map(|kept| &kept.data), sources.identity(&["data"]), || Data::read(&sources));
    let edit = earlier.and_then(|earlier| Edit::since(earlier, &sources));
    let read_chapters = || match &edit {
        Some(edit) => edit.manuscript(&sources),
        None => parse::manuscript(&sources, &config, earlier.map_or(&[], |earlier| &earlier.plan.chapters)),
    };
    let (theme, ((manuscript, of_list), data)) = rayon::join(read_theme, || rayon::join(read_chapters, read_data));
    let of_texts = manuscript.chapters.iter().flat_map(|chapter| &chapter.diagnostics);
    found.extend(theme.findings.iter().chain(&of_list).chain(of_texts).chain(&data.findings).cloned());
    let locale = || theme.value.locale.clone();
    let again = edit
        .and_then(|edit| resolve::resolve_again(&edit.earlier.plan, &sources, Arc::clone(&config), locale(), manuscript.chapters.clone()));
    let (plan, changed, findings) = if let Some((plan, changed)) = again {
        (plan, Some(changed), Vec::new())
    } else {
        let (plan, findings) = resolve::resolve(&sources, config, locale(), manuscript, Arc::clone(&data.value));
        (plan, None, findings)
    };
    let is_resolved = findings.is_empty();
    found.extend(findings);
    let (editions, findings) = Editions::read(&sources, plan.digest);
    let is_unread = |finding: &Diagnostic| finding.rule.leaves_out_a_file();
    let is_listed = |finding: &Diagnostic| finding.rule != Rule::MissingFile;
    let is_whole = sources.are_all_readable() && !found.iter().chain(&findings).any(is_unread) && of_list.iter().all(is_listed);
    // Beside a record that cannot be read, an earlier one is not the latest.
    let are_known = is_whole && !findings.iter().any(|finding| finding.rule == Rule::BrokenRecord);
    found.extend(findings);
    let (amendment, findings) = edition::amendment(&plan, &editions, &sources, number, are_known);
    found.extend(findings);
    for (id, reason, place) in edition::unsealed(&sources, &editions, number).into_iter().filter(|_| are_known) {
        check::reason(&id, &reason, place, &sources, &mut found);
    }
    let Checked { findings: diagnostics, accepted, of_chapters } = {
        let ids = LazyLock::new(|| editions.written_ids());
        let recorded = |id: &str| ids.contains(id);
        let of_chapters = || match (kept, &changed) {
            (Some(kept), Some(changed)) => kept.of_chapters.again(&plan, &sources, &recorded, changed),
            _ => OfChapters::new(&plan, &sources, &recorded),
        };
        check::check(&plan, &sources, &recorded, of_chapters, found, is_whole)
    };
    Compiled {
        theme: Arc::clone(&theme.value),
        kept: Kept { theme, data, of_chapters, of_files, of_list, clean: is_resolved && is_whole },
        sources,
        plan,
        editions,
        amendment,
        diagnostics,
        accepted,
    }
}

/// An edit of a few chapters, after a compile from which everything else can be taken over.
struct Edit<'a> {
    earlier: &'a Compiled,
    chapters: Vec<FileId>,
}

impl<'a> Edit<'a> {
    fn since(earlier: &'a Compiled, sources: &Sources) -> Option<Self> {
        let chapters = edited_since(sources, &earlier.sources)?;
        earlier.kept.clean.then_some(Self { earlier, chapters })
    }

    fn manuscript(&self, sources: &Sources) -> (Manuscript, Vec<Diagnostic>) {
        let plan = &self.earlier.plan;
        let chapters = parse::reread(sources, &plan.chapters, &self.chapters);
        let part_of = plan.facts.iter().map(|facts| facts.part).collect();
        (Manuscript { chapters, part_of }, self.earlier.kept.of_list.clone())
    }
}

/// What differs from an earlier read, if it is nothing but a few chapters.
fn edited_since(sources: &Sources, earlier: &Sources) -> Option<Vec<FileId>> {
    let is_chapter = |file: &FileId| ["chapters/", "annexes/"].iter().any(|folder| sources.file(*file).name.starts_with(folder));
    sources.edited_since(earlier).filter(|edited| edited.len() <= FEW && edited.iter().all(is_chapter))
}

impl Compiled {
    /// Forgets what was found, once it has been told: readers see nothing of it, and there can be a great many findings.
    pub fn forget_findings(&mut self) {
        let forgotten = (mem::take(&mut self.diagnostics), mem::take(&mut self.kept.of_chapters));
        // Taking a great many apart takes a while.
        rayon::spawn(move || drop(forgotten));
        // Nothing can be taken over from what is not known any more.
        self.kept.clean = false;
    }

    /// Whether anything found forbids publishing.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// What stands between the plan and its approval, in words of a language.
    #[must_use]
    pub fn status(&self, language: Language) -> Status {
        check::status(&self.plan, &self.sources, &self.diagnostics, self.accepted.len(), language)
    }

    /// What renders the plan for a view; with its pages on paper, if it is printed.
    #[must_use]
    pub fn renderer<'a>(&'a self, view: View, paper: Option<&'a Paper>) -> Renderer<'a> {
        let Self { plan, editions, amendment, sources, theme, diagnostics: findings, .. } = self;
        let waivers = self.accepted.len();
        Renderer::new(Input { plan, editions, amendment: amendment.as_ref(), sources, theme, view, paper, findings, waivers })
    }

    /// Renders every file into a sink, as [`publish`] does.
    ///
    /// # Errors
    /// When the sink refuses a file or a template cannot be rendered.
    pub fn publish(&self, view: View, paper: Option<&Paper>, sink: &dyn Sink) -> Result<BTreeMap<String, Digest>, RenderError> {
        publish(&self.renderer(view, paper), sink)
    }

    /// Typesets the plan, or one annex of it.
    ///
    /// # Errors
    /// When a font, a picture or the template does not do.
    #[cfg(feature = "pdf")]
    pub fn print(&self, fonts: &crate::pdf::Fonts, single: Option<&str>) -> Result<crate::pdf::Printed, crate::pdf::PdfError> {
        let Self { plan, editions, amendment, sources, .. } = self;
        crate::pdf::print(crate::pdf::Input { plan, editions, amendment: amendment.as_ref(), sources, fonts, single })
    }
}

/// Renders every file into a sink, the printed edition too if there is one, and the list of digests last. Returns the digest of every file by
/// path, that of the list too.
///
/// # Errors
/// When the sink refuses a file or a template cannot be rendered.
pub fn publish(renderer: &Renderer<'_>, sink: &dyn Sink) -> Result<BTreeMap<String, Digest>, RenderError> {
    let summing = Summing { sink, sums: Mutex::default() };
    // Editors look at their own machine, where nothing waits for bytes.
    let packed = renderer.view() == View::Published;
    let index = search::Index::read(renderer.plan());
    let (index, pages) = rayon::join(|| index.write(packed, &summing), || renderer.all(&summing));
    pages?;
    index?;
    if let Some(paper) = renderer.paper() {
        summing.accept(File { path: PDF, bytes: &paper.bytes })?;
    }
    let mut sums = summing.sums.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut lines = String::with_capacity(96 * sums.len());
    for (path, digest) in &sums {
        lines.extend([&digest.hex(), "  ", path, "\n"]);
    }
    sink.accept(File { path: SUMS, bytes: lines.as_bytes() })?;
    sums.insert(SUMS.to_owned(), Digest::of(lines.as_bytes()));
    Ok(sums)
}

/// From so many bytes on a file is summed and handed over at the same time.
const LONG: usize = 1 << 18;

/// Passes files on and keeps their digests.
struct Summing<'a> {
    sink: &'a dyn Sink,
    sums: Mutex<BTreeMap<String, Digest>>,
}

impl Sink for Summing<'_> {
    fn accept(&self, file: File<'_>) -> io::Result<()> {
        let (sum, accept) = (|| Digest::of(file.bytes), || self.sink.accept(file));
        // A plan's one page is often the last: nothing else would be left for the other processors.
        let (digest, accepted) = if file.bytes.len() < LONG { (sum(), accept()) } else { rayon::join(sum, accept) };
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).insert(file.path.to_owned(), digest);
        accepted
    }
}
