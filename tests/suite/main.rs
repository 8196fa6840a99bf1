//! The tests of planpress, in one binary: each module shows one property of the whole program.
//!
//! `amendments` that an amendment table says what changed; `editions` that records of earlier releases verify; `fidelity` that the plan's words are
//! the official ones; `cases` what the authoring language does; `choices` that every choice of the template leads to a whole plan; `command` what
//! the program says and returns; `tidy` that the code keeps to its design; `instructions` how much work a plan is; `warm` that building on an
//! earlier compile changes nothing; `supply` that it is built from what the licence allows; `robust`, `fuzz`, `hostile` and `long` that no content
//! breaks the program; `links` which links of the file system are followed; `secret` that what only editors may see is not published by a slip;
//! `same` that its output is the same everywhere and whole in itself.
//! `UPDATE=1 cargo test --test suite cases` rewrites expectations: review the difference.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests read files, look at the clock, fail by panicking, and need no more polish than their readers do"
)]

mod amendments;
mod cases;
mod choices;
mod command;
mod editions;
mod fidelity;
mod fuzz;
mod grammars;
mod hostile;
mod html;
mod instructions;
#[cfg(unix)]
mod links;
mod long;
mod plan_source;
mod project;
mod robust;
mod rust;
mod same;
mod secret;
mod supply;
mod tidy;
mod warm;
mod whole;
