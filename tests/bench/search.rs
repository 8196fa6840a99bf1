//! How long the search index takes, and what it weighs.
//!
//! In: `cargo bench --bench search`, and perhaps `PLANPRESS_BENCH` with another project's folder. Out: a table on standard output: the
//! time on the clock and on all processors together, the number of scripts and their bytes. What a query takes is measured by
//! `node tests/browser/search.bench.js`. Nothing is judged here: machines are noisy.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark looks at the clock and prints"
)]

use planpress::{
    compile::compile,
    search,
    site::{File, Sink},
    source::Project,
};
use std::{
    env, fs, io,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// Counts what it is handed.
#[derive(Default)]
struct Scale {
    scripts: AtomicUsize,
    bytes: AtomicUsize,
}

impl Sink for Scale {
    fn accept(&self, file: File<'_>) -> io::Result<()> {
        self.scripts.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(file.bytes.len(), Ordering::Relaxed);
        Ok(())
    }
}

fn main() {
    let root = env::var_os("PLANPRESS_BENCH").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let compiled = compile(&Project { root, overlay: None }).unwrap();
    let runs = if compiled.plan.chapters.len() > 1_000 { 5 } else { 31 };
    println!(
        "{:<10}{:>9}{:>9}{:>9}   ({runs} runs, ms, {} pages)",
        "time",
        "min",
        "median",
        "max",
        compiled.plan.chapters.len()
    );
    let (mut clock, mut processors, mut scale) = (Vec::new(), Vec::new(), Scale::default());
    for _ in 0..runs {
        scale = Scale::default();
        let (start, used) = (Instant::now(), processor_time());
        search::Index::read(&compiled.plan).write(true, &scale).unwrap();
        clock.push(start.elapsed());
        processors.push(processor_time().saturating_sub(used));
    }
    for (name, mut times) in [("clock", clock), ("processor", processors)] {
        times.sort();
        let at = |index: usize| times[index].as_secs_f64() * 1e3;
        println!("{name:<10}{:>9.2}{:>9.2}{:>9.2}", at(0), at(times.len() / 2), at(times.len() - 1));
    }
    println!("{} scripts, {} bytes", scale.scripts.into_inner(), scale.bytes.into_inner());
}

/// The time that this process has used on all processors, as Linux counts it in hundredths of a second; nothing elsewhere.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<u64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split(' ')
        .skip(12)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    Duration::from_millis(10 * fields.iter().sum::<u64>())
}
