//! The `planpress` program.
//!
//! In: the process's arguments. Out: its exit code. Everything it does stands in the library.

use std::process::ExitCode;

/// A plan is a great many small pieces, made on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    planpress::cli::run(std::env::args_os())
}
