//! The compiler: the one place that orders the stages.
//!
//! In: a project. Out: [`Compiled`], a plan with all its findings, ready to be published into any sink. Preview, build, check and
//! approval are this same compile.

use crate::{
    check::{self, Status},
    config,
    diagnostic::{Diagnostic, FileId, Language, Severity},
    edition::{self, Amendment, Editions},
    parse,
    render::{Input, RenderError, Renderer, View},
    resolve::{self, Plan, data::Data},
    search,
    site::{File, SUMS, Sink},
    source::{Digest, Earlier, Project, ReadError, Sources},
    theme::{self, Theme},
    view::{PDF, Paper},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
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
    pub diagnostics: Vec<Diagnostic>,
    kept: Kept,
}

/// What the next compile takes over while the files it was made from stay the same.
#[derive(Debug)]
struct Kept {
    theme: Made<(String, Identity), Theme>,
    data: Made<Identity, Data>,
}

/// Files as far as they tell whether anything made from them is still the same.
type Identity = Vec<(FileId, Digest)>;

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

/// Compiles a project.
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn compile(project: &Project) -> Result<Compiled, ReadError> {
    compile_after(project, None, None)
}

/// Compiles a project that is to become the edition `number`: the same compile, in which the reasons for changes are those of that edition.
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn compile_edition(project: &Project, number: &str) -> Result<Compiled, ReadError> {
    compile_after(project, None, Some(number))
}

/// Compiles a project, knowing an earlier compile of it and the files that changed since. The result is the same as that of [`compile`].
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn compile_again(project: &Project, earlier: &Compiled, changed: &BTreeSet<PathBuf>) -> Result<Compiled, ReadError> {
    compile_after(project, Some((earlier, changed)), None)
}

fn compile_after(project: &Project, earlier: Option<(&Compiled, &BTreeSet<PathBuf>)>, number: Option<&str>) -> Result<Compiled, ReadError> {
    let (nothing, earlier, changed) = (Sources::default(), earlier.map(|(earlier, _)| earlier), earlier.map(|(_, changed)| changed));
    let known = earlier.map_or(&nothing, |earlier| &earlier.sources);
    let (mut sources, mut found) = project.read_again(Earlier { sources: known, changed: changed.unwrap_or(&BTreeSet::new()) })?;
    let (config, findings) = config::read(&sources);
    found.extend(findings);
    found.extend(theme::read(&mut sources, &project.root, &config.theme, known)?);
    let kept = earlier.map(|earlier| &earlier.kept);
    // Templates, chapters and data know nothing of one another.
    let read_theme = || {
        let from = (config.language.clone(), sources.identity(&["theme"]));
        Made::or_new(kept.map(|kept| &kept.theme), from, || Theme::new(&sources, &config.language))
    };
    let read_data = || Made::or_new(kept.map(|kept| &kept.data), sources.identity(&["data"]), || Data::read(&sources));
    let read_chapters = || parse::manuscript(&sources, &config, earlier.map_or(&[], |earlier| &earlier.plan.chapters));
    let (theme, ((manuscript, text_findings), data)) = rayon::join(read_theme, || rayon::join(read_chapters, read_data));
    found.extend(theme.findings.iter().cloned().chain(text_findings).chain(data.findings.iter().cloned()));
    let (plan, findings) = resolve::resolve(&sources, config, theme.value.locale.clone(), manuscript, Arc::clone(&data.value));
    found.extend(findings);
    let (editions, findings) = Editions::read(&sources, plan.digest);
    found.extend(findings);
    let (amendment, findings) = edition::amendment(&plan, &editions, &sources, number);
    found.extend(findings);
    let diagnostics = check::check(&plan, &sources, found);
    Ok(Compiled { theme: Arc::clone(&theme.value), kept: Kept { theme, data }, sources, plan, editions, amendment, diagnostics })
}

impl Compiled {
    /// Whether anything found forbids publishing.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// What stands between the plan and its approval, in words of a language.
    #[must_use]
    pub fn status(&self, language: Language) -> Status {
        check::status(&self.plan, &self.sources, &self.diagnostics, language)
    }

    /// What renders the plan for a view; with its pages on paper, if it is printed.
    #[must_use]
    pub fn renderer<'a>(&'a self, view: View, paper: Option<&'a Paper>) -> Renderer<'a> {
        let Self { plan, editions, amendment, sources, theme, diagnostics: findings, .. } = self;
        Renderer::new(Input { plan, editions, amendment: amendment.as_ref(), sources, theme, view, paper, findings })
    }

    /// Renders every file into a sink, the printed edition too if there is one, and the list of digests last.
    ///
    /// # Errors
    /// When the sink refuses a file or a template cannot be rendered.
    pub fn publish(&self, view: View, paper: Option<&Paper>, sink: &dyn Sink) -> Result<(), RenderError> {
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

/// Renders every file into a sink, the printed edition too if there is one, and the list of digests last.
///
/// # Errors
/// When the sink refuses a file or a template cannot be rendered.
pub fn publish(renderer: &Renderer<'_>, sink: &dyn Sink) -> Result<(), RenderError> {
    let summing = Summing { sink, sums: Mutex::default() };
    // Editors look at their own machine, where nothing waits for bytes.
    let packed = renderer.view() == View::Published;
    let (index, pages) = rayon::join(|| search::write(renderer.plan(), packed, &summing), || renderer.all(&summing));
    pages?;
    index?;
    if let Some(paper) = renderer.paper() {
        summing.accept(File { path: PDF.into(), bytes: paper.bytes.clone() })?;
    }
    let sums = summing.sums.into_inner().unwrap_or_else(PoisonError::into_inner);
    let lines = sums.iter().fold(String::new(), |lines, (path, digest)| lines + &digest.hex() + "  " + path + "\n");
    Ok(sink.accept(File { path: SUMS.into(), bytes: lines.into_bytes() })?)
}

/// Passes files on and keeps their digests.
struct Summing<'a> {
    sink: &'a dyn Sink,
    sums: Mutex<BTreeMap<String, Digest>>,
}

impl Sink for Summing<'_> {
    fn accept(&self, file: File) -> io::Result<()> {
        let digest = Digest::of(&file.bytes);
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).insert(file.path.clone(), digest);
        self.sink.accept(file)
    }
}
