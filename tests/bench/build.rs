//! How long a cold build takes, by stage and as a whole process.
//!
//! In: `cargo bench`, and perhaps `PLANPRESS_BENCH` with another project's folder. Out: a table on standard output: minimum, median and
//! maximum of each stage in milliseconds. Nothing is judged here: machines are noisy, and only ratios within one run say much.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark looks at the clock and prints"
)]

use planpress::{
    check, config,
    edition::Editions,
    parse,
    render::{Input, View, render},
    resolve::{self, data::Data},
    site::Site,
    source::{Project, Sources},
    theme::{self, Theme},
    write::Output,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

const RUNS: usize = 31;

/// The times of one stage.
struct Stage(&'static str, Vec<Duration>);

impl Stage {
    fn print(&mut self) {
        self.1.sort();
        let at = |index: usize| self.1[index].as_secs_f64() * 1e3;
        println!("{:<28}{:>9.2}{:>9.2}{:>9.2}", self.0, at(0), at(self.1.len() / 2), at(self.1.len() - 1));
    }
}

fn main() {
    let root = env::var_os("PLANPRESS_BENCH").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let out = place.path().join("public");
    println!(
        "{:<28}{:>9}{:>9}{:>9}   ({RUNS} runs, ms, output on {})",
        "stage",
        "min",
        "median",
        "max",
        place.path().display()
    );
    let mut stages = stages(&root, &out);
    stages.iter_mut().for_each(Stage::print);
    process(&root, &out, true).print();
    process(&root, &out, false).print();
}

/// Each stage by itself, in one process.
fn stages(root: &Path, out: &Path) -> Vec<Stage> {
    let names = [
        "read files",
        "settings",
        "theme",
        "parse chapters",
        "read data",
        "resolve",
        "check",
        "render to memory",
        "render and write, cold",
    ];
    let mut stages: Vec<Stage> = names.into_iter().map(|name| Stage(name, Vec::new())).collect();
    let project = Project { root: root.to_path_buf(), overlay: None };
    for _ in 0..RUNS {
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
        drop(check::check(&plan, &sources, found));
        note(start);
        let (editions, _) = Editions::read(&sources, plan.digest);
        let input = Input {
            plan: &plan,
            amendment: None,
            editions: &editions,
            sources: &sources,
            theme: &theme,
            view: View::Published,
            paper: None,
            findings: &[],
        };
        let start = Instant::now();
        render(input, &Site::default()).unwrap();
        note(start);
        let _ = fs::remove_dir_all(out);
        let start = Instant::now();
        let output = Output::open(out, Arc::new(AtomicBool::new(false))).unwrap();
        render(input, &output).unwrap();
        output.finish().unwrap();
        note(start);
    }
    stages
}

/// The whole program, from its start to its end.
fn process(root: &Path, out: &Path, cold: bool) -> Stage {
    let mut stage = Stage(if cold { "whole process, cold" } else { "whole process, unchanged" }, Vec::new());
    for _ in 0..RUNS {
        if cold {
            let _ = fs::remove_dir_all(out);
        }
        let start = Instant::now();
        let done = Command::new(env!("CARGO_BIN_EXE_planpress"))
            .args(["--quiet", "--project"])
            .arg(root)
            .args(["build", "--out"])
            .arg(out)
            .status();
        stage.1.push(start.elapsed());
        assert!(done.unwrap().success());
    }
    stage
}
