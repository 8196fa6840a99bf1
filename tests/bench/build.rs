//! How long building takes, by stage and as a whole process, at several sizes.
//!
//! In: `cargo bench --bench build`, or with words after `--`: sizes (`35 1000 10000`), and `peers` to run the other generators that are
//! installed beside it. `PLANPRESS_BENCH` names a project's folder to measure instead. Out: a table for each size on standard output:
//! minimum, median and maximum of each stage in milliseconds, peak memory, files and bytes, and what a bare Markdown parser and bare
//! reading and writing take on the same words. Nothing is judged here: machines are noisy, and only ratios within one run say much.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark looks at the clock and prints"
)]

mod corpus;
mod peers;

use corpus::Layout;
use planpress::{
    check::{self, OfChapters},
    config, edition,
    edition::Editions,
    parse,
    render::{Input, View, render},
    resolve::{self, data::Data},
    search,
    site::Site,
    source::{Project, Sources},
    theme::{self, Theme},
    write::Output,
};
use rayon::prelude::*;
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, atomic::AtomicBool},
    thread::sleep,
    time::{Duration, Instant},
};

/// The times of one stage.
struct Stage(&'static str, Vec<Duration>);

impl Stage {
    fn median(&mut self) -> Duration {
        self.1.sort();
        self.1[self.1.len() / 2]
    }

    fn print(&mut self, note: &str) {
        self.1.sort();
        let at = |index: usize| self.1[index].as_secs_f64() * 1e3;
        println!("{:<34}{:>10.2}{:>10.2}{:>10.2}   {note}", self.0, at(0), at(self.1.len() / 2), at(self.1.len() - 1));
    }
}

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let mut sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![35, 1_000, 10_000];
    }
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    if let Some(root) = env::var_os("PLANPRESS_BENCH") {
        return measure(Path::new(&root), place.path(), 31, &root.to_string_lossy());
    }
    measure(Path::new(env!("CARGO_MANIFEST_DIR")), place.path(), 31, "the template");
    for size in sizes {
        let root = place.path().join(format!("corpus-{size}"));
        corpus::write(&root, size, Layout::Planpress);
        let runs = if size > 5_000 { 3 } else { (20_000 / size.max(1)).clamp(5, 31) };
        measure(&root, place.path(), runs, &format!("{size} chapters"));
        if words.iter().any(|word| word == "peers") {
            peers::compare(&root, place.path(), size, runs.min(5));
        }
        fs::remove_dir_all(root).unwrap();
    }
}

/// Prints one table.
fn measure(root: &Path, place: &Path, runs: usize, what: &str) {
    let out = place.join("public");
    println!(
        "\n{:<34}{:>10}{:>10}{:>10}   {what}, {runs} runs, ms, output in {}",
        "stage",
        "min",
        "median",
        "max",
        place.display()
    );
    for stage in &mut stages(root, &out, runs) {
        stage.print("");
    }
    bare_parser(root, runs).print("comrak alone: parse and HTML, all threads");
    bare_files(root, &out, place, runs).print("the same files read, the same output written, all threads");
    let mut cold = process(root, &out, true, runs);
    cold.print(&format!("peak {} MB, {}", peak(root, &out) >> 10, weight(&out)));
    process(root, &out, false, runs).print("");
    let mut checking = Stage("whole process, check", Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        // Findings are no failure of the measurement.
        command(root).arg("check").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        checking.1.push(start.elapsed());
    }
    checking.print("");
    let _ = fs::remove_dir_all(out);
}

/// Each stage by itself, in one process.
fn stages(root: &Path, out: &Path, runs: usize) -> Vec<Stage> {
    let names = [
        "read files",
        "settings",
        "theme",
        "parse chapters",
        "read data",
        "resolve",
        "check",
        "search index",
        "render to memory",
        "render and write, cold",
    ];
    let mut stages: Vec<Stage> = names.into_iter().map(|name| Stage(name, Vec::new())).collect();
    let project = Project { root: root.to_path_buf(), overlay: None };
    for _ in 0..runs {
        let mut times = stages.iter_mut();
        let mut note = |since: Instant| times.next().unwrap().1.push(since.elapsed());
        let start = Instant::now();
        let (mut sources, found) = project.read().unwrap();
        note(start);
        let start = Instant::now();
        let (config, _) = config::read(&sources);
        note(start);
        let start = Instant::now();
        theme::read(&mut sources, root, &config.theme, &Sources::default()).unwrap();
        let (theme, _) = Theme::new(&sources, &config.language);
        note(start);
        let start = Instant::now();
        let (manuscript, _) = parse::manuscript(&sources, &config, &[]);
        note(start);
        let start = Instant::now();
        let (data, _) = Data::read(&sources);
        note(start);
        let start = Instant::now();
        let (plan, _) = resolve::resolve(&sources, config, theme.locale.clone(), manuscript, data);
        note(start);
        let start = Instant::now();
        let recorded = |_: &str| false;
        drop(check::check(&plan, &sources, &recorded, || OfChapters::new(&plan, &sources, &recorded), found, true));
        note(start);
        let start = Instant::now();
        search::Index::read(&plan).write(true, &Site::default()).unwrap();
        note(start);
        let (editions, _) = Editions::read(&sources, plan.digest);
        let (amendment, _) = edition::amendment(&plan, &editions, &sources, None, true);
        let input = Input {
            plan: &plan,
            editions: &editions,
            amendment: amendment.as_ref(),
            sources: &sources,
            theme: &theme,
            view: View::Published,
            paper: None,
            findings: &[],
            waivers: 0,
        };
        let start = Instant::now();
        render(input, &Site::default()).unwrap();
        note(start);
        let _ = fs::remove_dir_all(out);
        let start = Instant::now();
        let output = Output::open(out, Arc::new(AtomicBool::new(false))).unwrap();
        render(input, &output).unwrap();
        output.finish(None).unwrap();
        note(start);
    }
    stages
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

/// What the words cost whoever turns Markdown into HTML.
fn bare_parser(root: &Path, runs: usize) -> Stage {
    let texts: Vec<String> = files(&root.join("content"))
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.front_matter_delimiter = Some("---".into());
    let mut stage = Stage("floor: Markdown", Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        let bytes: usize = texts.par_iter().map(|text| comrak::markdown_to_html(text, &options).len()).sum();
        stage.1.push(start.elapsed());
        assert!(bytes > 0);
    }
    stage
}

/// What reading the sources and writing as many files as large costs, whatever stands in them. `out` holds what was written.
fn bare_files(root: &Path, out: &Path, place: &Path, runs: usize) -> Stage {
    let sizes: Vec<(PathBuf, usize)> = files(out)
        .into_iter()
        .map(|path| (path.strip_prefix(out).unwrap().to_path_buf(), usize::try_from(fs::metadata(&path).unwrap().len()).unwrap()))
        .collect();
    let folders: BTreeSet<&Path> = sizes.iter().filter_map(|(path, _)| path.parent()).collect();
    let bytes = vec![b'x'; sizes.iter().map(|(_, size)| *size).max().unwrap_or(0)];
    let copy = place.join("bare");
    let mut stage = Stage("floor: reading and writing", Vec::new());
    for _ in 0..runs {
        let _ = fs::remove_dir_all(&copy);
        let start = Instant::now();
        let read: usize = files(&root.join("content")).par_iter().map(|path| fs::read(path).unwrap().len()).sum();
        for folder in &folders {
            fs::create_dir_all(copy.join(folder)).unwrap();
        }
        sizes.par_iter().for_each(|(path, size)| fs::write(copy.join(path), &bytes[..*size]).unwrap());
        stage.1.push(start.elapsed());
        assert!(read > 0);
    }
    let _ = fs::remove_dir_all(copy);
    stage
}

fn command(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planpress"));
    command.args(["--quiet", "--project"]).arg(root);
    command
}

/// The whole program, from its start to its end.
fn process(root: &Path, out: &Path, cold: bool, runs: usize) -> Stage {
    let mut stage = Stage(if cold { "whole process, cold" } else { "whole process, unchanged" }, Vec::new());
    for _ in 0..runs {
        if cold {
            let _ = fs::remove_dir_all(out);
        }
        let start = Instant::now();
        let done = command(root).args(["build", "--out"]).arg(out).status();
        stage.1.push(start.elapsed());
        assert!(done.unwrap().success());
    }
    stage
}

/// The most memory that a cold build held, in KB, as the system counts it; 0 where it does not say.
fn peak(root: &Path, out: &Path) -> u64 {
    let _ = fs::remove_dir_all(out);
    let mut child = command(root).args(["build", "--out"]).arg(out).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0).max(peak);
        sleep(Duration::from_millis(1));
    }
    peak
}

/// How much there is below a folder.
fn weight(folder: &Path) -> String {
    let all = files(folder);
    let bytes: u64 = all.iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    format!("{} files, {} bytes", all.len(), bytes)
}
