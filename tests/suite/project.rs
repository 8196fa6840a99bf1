//! Plan projects for tests: in temporary folders, or the repository's own.
//!
//! In: files by name, or nothing. Out: a compiled plan and its site, both as the program makes them.

use planpress::{
    compile::{self, Compiled},
    diagnostic::{Diagnostic, Language, Span},
    render::View,
    site::Site,
    source::Project,
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A finished site: bytes by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The official template plan.
pub(crate) fn template() -> Project {
    Project { root: root(), overlay: None }
}

/// The fictional agency's plan with nothing left open.
pub(crate) fn filled() -> Project {
    Project { root: root(), overlay: Some(root().join("tests/plans/filled")) }
}

/// A project in a folder that is removed at the end of the test.
pub(crate) struct Temporary {
    pub folder: TempDir,
}

impl Temporary {
    /// A project whose `plan.yaml` lists the given chapters and annexes, unless it is among the files itself.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let temporary = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        if !files.iter().any(|(name, _)| *name == "plan.yaml") {
            temporary.write("content/plan.yaml", default_plan(files.iter().map(|(name, _)| *name)).as_bytes());
        }
        for (name, text) in files {
            temporary.write(&format!("content/{name}"), text.as_bytes());
        }
        temporary
    }

    /// A project with one chapter, `chapters/a.md`, whose front matter is written here.
    pub(crate) fn chapter(text: &str) -> Self {
        Self::new(&[("chapters/a.md", &format!("---\ntitle: 甲\n---\n\n{text}"))])
    }

    /// Writes a file below the project's folder.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, bytes).expect("a written file");
    }

    /// The project; an overlay counts when there is one.
    pub(crate) fn project(&self) -> Project {
        let overlay = self.folder.path().join("overlay");
        Project { root: self.folder.path().to_path_buf(), overlay: overlay.is_dir().then_some(overlay) }
    }

    pub(crate) fn compile(&self) -> Compiled {
        compile(&self.project())
    }
}

/// A `plan.yaml` that lists the chapters and annexes among some files, in their order.
pub(crate) fn default_plan<'a>(names: impl Iterator<Item = &'a str> + Clone) -> String {
    let listed = |folder: &str| {
        names
            .clone()
            .filter_map(|name| name.strip_prefix(folder)?.strip_suffix(".md"))
            .map(|stem| format!("\"{}\"", stem.escape_default()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!("title: 測試計畫\nchapters: [{}]\nannexes: [{}]\n", listed("chapters/"), listed("annexes/"))
}

pub(crate) fn compile(project: &Project) -> Compiled {
    compile::compile(project).unwrap_or_else(|error| panic!("{}: {}", error.path, error.error))
}

pub(crate) fn publish(compiled: &Compiled, view: View) -> Files {
    let site = Site::default();
    compiled.publish(view, None, &site).unwrap_or_else(|error| panic!("{error:?}"));
    site.into_files()
}

/// A page of a site.
pub(crate) fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path} among {:?}", files.keys()));
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// Every page of a site; an attachment that is called `.html` is none.
pub(crate) fn pages(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    let is_page = |path: &str| path.ends_with(".html") && !path.starts_with("assets/");
    files
        .iter()
        .filter(move |(path, _)| is_page(path))
        .map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).expect("UTF-8")))
}

/// The rules that were broken, by name, in the order of the findings.
pub(crate) fn rules(compiled: &Compiled) -> Vec<&'static str> {
    compiled.diagnostics.iter().map(|finding| finding.rule.name()).collect()
}

/// A finding in one line: `severity rule file:line:column message`.
pub(crate) fn line(compiled: &Compiled, finding: &Diagnostic) -> String {
    let message = finding.message.text(Language::Chinese);
    format!("{} {} {} {message}", finding.severity.name(), finding.rule.name(), place(compiled, finding.span))
}

fn place(compiled: &Compiled, span: Option<Span>) -> String {
    let Some(span) = span else { return "-".into() };
    let source = compiled.sources.file(span.file);
    let position = source.position(span.start as usize);
    format!("{}:{}:{}", source.path, position.line, position.column)
}

/// Every file below a folder whose name ends so, in the order of their paths.
pub(crate) fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|own| own == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Says how much was tried, for the last line of `tests/run`.
pub(crate) fn count(what: &str, number: usize) {
    use std::io::Write;
    let folder = root().join("target/tried");
    fs::create_dir_all(&folder).expect("a folder");
    let file = fs::File::options().create(true).append(true).open(folder.join(std::process::id().to_string()));
    // One write, so that lines of several threads stay whole.
    file.expect("a file").write_all(format!("{what} {number}\n").as_bytes()).expect("a line");
}

/// A small generator of reproducible numbers (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub(crate) fn one_of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}
