//! The program as people run it: its words, exit codes, streams and folders.
//!
//! In: the real binary in temporary folders. Out: a failure that shows what it said. `usage` is about words on the command line, `start` about
//! `init`, `output` about `build`'s folder, `stop` about what interrupts it, `kill` about kills at any moment, `disk` about disks that refuse,
//! `findings` about `check`, `editions` about `approve` and `verify`, `signatures` about signed records, `amendments` and `beside` about `compare`,
//! `addresses` about those of older editions, `preview` about `serve`, `replaced` about what it makes of renamed chapters and other folders, `noise` about files that change meanwhile and say nothing new, `repeat` about
//! builds with nothing to do, `theming` about a project's own theme, `overlay` about an
//! agency's own files. What needs a right or a tool that the machine does not give (mounting, `chattr`, `sha256sum`) is skipped with a printed reason.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests read what the program wrote, say what they skip, and stop at the first surprise"
)]

mod addresses;
mod amendments;
mod beside;
mod crowd;
#[cfg(target_os = "linux")]
mod disk;
mod editions;
mod findings;
#[cfg(unix)]
mod kill;
mod noise;
mod output;
mod overlay;
mod preview;
mod repeat;
mod replaced;
mod signatures;
mod start;
#[cfg(unix)]
mod stop;
mod struck;
mod theming;
mod usage;

use super::project::Temporary;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, Metadata},
    path::Path,
    process::{Command, Output, Stdio},
    time::SystemTime,
};
use tempfile::TempDir;

/// What a run ended with.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }

    /// That the run refused: code 2, a reason with these words on standard error, no result.
    #[track_caller]
    fn refused(self, words: &str) -> Self {
        let ran = self.ends(2);
        assert!(ran.out.is_empty() && ran.err.contains(words), "no {words:?} in\n{}{}", ran.out, ran.err);
        ran
    }
}

/// The program in a folder of somebody whose system says nothing about languages and colours.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planpress"));
    for name in ["LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANG", "LANGUAGE", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The same, told to speak Chinese where the system's own language cannot be taken away.
fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = program(folder);
    if !cfg!(target_os = "linux") && !words.iter().any(|word| word.starts_with("--lang")) {
        command.args(["--lang", "zh-TW"]);
    }
    command.args(words);
    command
}

fn run(folder: &Path, words: &[&str]) -> Ran {
    Ran::of(command(folder, words).output().expect("a run"))
}

/// A fresh copy of the template plan.
fn template() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(Path::new("."), &["init", utf8(folder.path())]).ends(0);
    folder
}

/// A plan of two chapters, `a` and `b`, and one annex, `form`, without findings.
fn small() -> Temporary {
    Temporary::new(&[
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n## 目的 {#aim}\n\n本機關應維護資通安全，見[[form]]。\n"),
        ("chapters/b.md", "---\ntitle: 乙\n---\n\n## 範圍 {#reach}\n\n全機關。\n"),
        ("annexes/form.md", "---\ntitle: 表單\n---\n\n內容。\n"),
    ])
}

/// The same with an error in `b`, a reference to nothing.
fn broken() -> Temporary {
    let project = small();
    project.write("content/chapters/b.md", "---\ntitle: 乙\n---\n\n## 範圍 {#reach}\n\n全機關，見[[nowhere]]。\n".as_bytes());
    project
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Puts other words in the place of some in a file.
fn edit(path: &Path, from: &str, to: &str) {
    let before = text(path);
    assert!(before.contains(from), "no {from:?} in {}", path.display());
    fs::write(path, before.replace(from, to)).expect("a written file");
}

/// What stands below a folder: bytes by path, hidden files too, folders as paths that end in `/`.
type Standing = BTreeMap<String, Vec<u8>>;

fn standing(folder: &Path) -> Standing {
    let mut found = Standing::new();
    walk(folder, "", &mut |path, metadata| {
        let bytes = if metadata.is_dir() { Vec::new() } else { fs::read(folder.join(path)).expect("a file") };
        found.insert(format!("{path}{}", if metadata.is_dir() { "/" } else { "" }), bytes);
    });
    found
}

/// The inode and the time of every file below a folder.
fn marks(folder: &Path) -> BTreeMap<String, (u64, SystemTime)> {
    let mut found = BTreeMap::new();
    walk(folder, "", &mut |path, metadata| {
        if metadata.is_file() {
            found.insert(path.to_owned(), (inode(metadata), metadata.modified().expect("a time")));
        }
    });
    found
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

fn walk(root: &Path, below: &str, found: &mut impl FnMut(&str, &Metadata)) {
    for entry in fs::read_dir(root.join(below)).unwrap_or_else(|error| panic!("{}: {error}", root.join(below).display())) {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        let metadata = entry.metadata().expect("metadata");
        found(&path, &metadata);
        if metadata.is_dir() {
            walk(root, &path, found);
        }
    }
}

/// The paths at which two folders differ.
fn differing<T: PartialEq>(before: &BTreeMap<String, T>, after: &BTreeMap<String, T>) -> BTreeSet<String> {
    before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

/// That a folder holds exactly this.
#[track_caller]
fn assert_stands(folder: &Path, expected: &Standing) {
    let differing = differing(expected, &standing(folder));
    assert!(differing.is_empty(), "{} differs at {differing:?}", folder.display());
}

/// That a folder has only these entries; no staging folder, no half-made plan.
#[track_caller]
fn assert_entries(folder: &Path, expected: &[&str]) {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let entries: BTreeSet<_> = entries.map(|name| name.into_string().expect("a name in UTF-8")).collect();
    assert_eq!(entries.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

/// Says that a test shows nothing here, and why.
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    for (path, bytes) in standing(from) {
        let place = to.join(&path);
        let folder = if path.ends_with('/') { &place } else { place.parent().expect("a folder") };
        fs::create_dir_all(folder).expect("folders");
        if !path.ends_with('/') {
            fs::write(&place, bytes).expect("a written file");
        }
    }
}
