//! How large the program is and how fast it starts.
//!
//! In: the release build. Out: its size, and the median of many runs that only say the version. `cargo bench --bench start`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a benchmark prints, looks at the clock and stops at the first surprise"
)]

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const RUNS: usize = 101;

fn main() {
    let program = env!("CARGO_BIN_EXE_planpress");
    let size = fs::metadata(program).expect("the program").len();
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let since = Instant::now();
            let status = Command::new(program).arg("--version").stdout(Stdio::null()).status().expect("a run");
            assert!(status.success());
            since.elapsed()
        })
        .collect();
    times.sort();
    println!("program: {} KB", size / 1000);
    println!(
        "start: {:.1} ms (median of {RUNS}, fastest {:.1} ms)",
        times[RUNS / 2].as_secs_f64() * 1e3,
        times[0].as_secs_f64() * 1e3
    );
}
