//! The compiler: the one place that orders the stages.
//!
//! In: a project. Out: [`Compiled`], a plan with all its findings, ready to be published into any sink. Preview, build, check and
//! approval are this same compile.

use crate::{
    check, config,
    diagnostic::{Diagnostic, Severity},
    edition::Editions,
    parse,
    render::{self, Input, RenderError, View},
    resolve::{self, Plan, data::Data},
    site::{File, Sink},
    source::{Digest, Project, ReadError, Sources},
    theme::{self, Theme},
};
use std::{
    collections::BTreeMap,
    io,
    sync::{Mutex, PoisonError},
};

/// The file that lists every other file's digest, as `sha256sum -c` reads it.
pub const SUMS: &str = "SHA256SUMS";

/// A compiled project.
#[derive(Debug)]
pub struct Compiled {
    /// Its files.
    pub sources: Sources,
    /// Its theme.
    pub theme: Theme,
    /// The plan.
    pub plan: Plan,
    /// What was approved, and how the sources stand to it.
    pub editions: Editions,
    /// Everything that was found wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a project.
///
/// # Errors
/// When files cannot be read; what is wrong with their content is a diagnostic.
pub fn compile(project: &Project) -> Result<Compiled, ReadError> {
    let (mut sources, mut found) = project.read()?;
    let (config, findings) = config::read(&sources);
    found.extend(findings);
    found.extend(theme::read(&mut sources, &project.root, &config.theme)?);
    // Templates, chapters and data know nothing of one another.
    let read = || rayon::join(|| parse::manuscript(&sources, &config), || Data::read(&sources));
    let ((theme, theme_findings), ((manuscript, text_findings), (data, data_findings))) =
        rayon::join(|| Theme::new(&sources, &config.language), read);
    found.extend(theme_findings.into_iter().chain(text_findings).chain(data_findings));
    let (plan, findings) = resolve::resolve(&sources, config, theme.locale.clone(), manuscript, data);
    found.extend(findings);
    let (editions, findings) = Editions::read(&sources, plan.digest);
    found.extend(findings);
    let diagnostics = check::check(&plan, &sources, found);
    Ok(Compiled { sources, theme, plan, editions, diagnostics })
}

impl Compiled {
    /// Whether anything found forbids publishing.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Renders every file into a sink, the list of digests last.
    ///
    /// # Errors
    /// When the sink refuses a file or a template cannot be rendered.
    pub fn publish(&self, view: View, sink: &dyn Sink) -> Result<(), RenderError> {
        let summing = Summing { sink, sums: Mutex::default() };
        let input = Input { plan: &self.plan, editions: &self.editions, sources: &self.sources, theme: &self.theme, view };
        render::render(input, &summing)?;
        let sums = summing.sums.into_inner().unwrap_or_else(PoisonError::into_inner);
        let lines = sums.iter().fold(String::new(), |lines, (path, digest)| lines + &digest.hex() + "  " + path + "\n");
        Ok(sink.accept(File { path: SUMS.into(), bytes: lines.into_bytes() })?)
    }
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
