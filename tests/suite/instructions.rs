//! How much work a plan is, counted in the processor's instructions: a machine that is busy changes no count.
//!
//! In: a corpus of a benchmark's making, and callgrind. Out: a failure when reading, checking and rendering a plan takes clearly more
//! work than the stored figure, or work that grows faster than the plan. What is stored is how many times the work of comrak alone on the
//! same words it is, so that another compiler or library of the system changes both sides. `tests/run` runs this; plain `cargo test` does
//! not, because it needs valgrind: `cargo test --locked --test suite instructions -- --ignored`.

#[path = "../bench/corpus.rs"]
mod corpus;

use corpus::Layout;
use planpress::{compile::compile, render::View, site::Site, source::Project};
use std::{env, fmt::Write as _, fs, path::Path, process::Command, thread};

/// The file with the work of planpress for each instruction of comrak's, in hundredths. `UPDATE=1` stores a new figure; the commit says why
/// it is another.
///
/// With the typesetter the compiler cuts the program into other pieces and, at the tests' level of optimisation, leaves more of the standard
/// library's small functions and their checks as calls: the same work in other counts, so that each build has a figure of its own.
const STORED: &str = if cfg!(feature = "pdf") { "tests/suite/instructions-pdf.stored" } else { "tests/suite/instructions.stored" };
/// How far from the stored figure the work may be, in hundredths of it.
const TOLERANCE: u64 = 5;
/// How many chapters are added, and then twice as many, to a plan whose text is too long already to be packed: packing is work that
/// small plans have and large ones have not.
const CHAPTERS: usize = 35;

/// Which work the other process is to do: a word and a folder.
const WORK: &str = "PLANPRESS_COUNTED_WORK";

/// Parses, resolves, checks, renders and indexes a plan, on one thread.
#[inline(never)]
fn counted_planpress(root: &Path) -> usize {
    let compiled = compile(&Project { root: root.to_path_buf(), overlay: None }).expect("a compiled plan");
    let site = Site::default();
    compiled.publish(View::Published, None, &site).expect("a site");
    site.into_files().len()
}

/// Makes HTML of the same words.
#[inline(never)]
fn counted_comrak(texts: &[String]) -> usize {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    texts.iter().map(|text| comrak::markdown_to_html(text, &options).len()).sum()
}

/// Not a test: what callgrind counts, in a process of its own.
#[test]
#[ignore = "run by the test below, under valgrind"]
fn counted_work() {
    let Ok(work) = env::var(WORK) else { return };
    let (kind, argument) = work.split_once(' ').expect("a kind of work and what to do it with");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let done = if kind == "comrak" {
        let texts = corpus::markdown(argument.parse().expect("a size"));
        counted_comrak(&texts)
    } else {
        pool.install(|| counted_planpress(Path::new(argument)))
    };
    assert!(done > 0);
}

/// The instructions of one piece of work.
fn count(kind: &str, argument: &str) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg(format!("--toggle-collect=*::counted_{kind}"))
        .arg(env::current_exe().expect("this program"))
        .args(["--exact", "instructions::counted_work", "--ignored", "--nocapture"])
        .env(WORK, format!("{kind} {argument}"))
        .output()
        .expect("valgrind is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let collected = said.lines().find_map(|line| line.split_once("Collected :")).expect("a count").1;
    collected.trim().parse().expect("a number")
}

#[test]
#[ignore = "needs valgrind; tests/run runs it"]
fn a_plan_is_as_much_work_as_it_was_and_one_twice_as_large_twice_as_much() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = |chapters: usize| folder.path().join(chapters.to_string());
    let sizes = [2 * CHAPTERS, 3 * CHAPTERS, 5 * CHAPTERS];
    sizes.iter().for_each(|size| corpus::write(&root(*size), *size, Layout::Planpress));
    let planpress = |size: usize| count("planpress", root(size).to_str().expect("a path"));
    let (comrak, [small, middle, large]) = thread::scope(|scope| {
        let large = scope.spawn(|| planpress(sizes[2]));
        let counts = (count("comrak", &CHAPTERS.to_string()), planpress(sizes[0]), planpress(sizes[1]));
        (counts.0, [counts.1, counts.2, large.join().expect("a count")])
    });
    let (first, second) = (middle - small, large - middle);
    let mut said = format!("{CHAPTERS} chapters more: {first} instructions, {} more after that: {second}\n", 2 * CHAPTERS);
    let ratio = 100 * first / comrak;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(STORED);
    let stored: u64 = fs::read_to_string(&file).expect("a stored figure").trim().parse().expect("a number");
    let _ = writeln!(said, "{ratio} hundredths of comrak's {comrak}; stored are {stored}");
    println!("{said}");
    // The second step is twice the first where work is proportional, four times where it is quadratic.
    assert!(second * 10 <= first * 22, "work grows faster than the plan: {said}");
    if env::var_os("UPDATE").is_some() {
        return fs::write(file, format!("{ratio}\n")).expect("a stored figure");
    }
    assert!(ratio * 100 <= stored * (100 + TOLERANCE), "more work than stored: {said}");
    assert!(
        ratio * 100 >= stored * (100 - TOLERANCE),
        "less work than stored, which is good: store the new figure. {said}"
    );
}
