//! The `planpress` program.
//!
//! In: the process's arguments. Out: its exit code. Everything it does stands in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    planpress::cli::run(std::env::args_os())
}
