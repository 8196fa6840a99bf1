//! The tests of planpress, in one binary: each module shows one property of the whole program.
//!
//! `fidelity` that the plan's words are the official ones; `cases` what the authoring language does; `tidy` that the code keeps
//! to its design; `robust` and `hostile` that no content breaks the program; `same` that its output is the same everywhere and
//! whole in itself. `UPDATE=1 cargo test --test suite cases` rewrites expectations: review the difference.

mod cases;
mod command;
mod fidelity;
mod hostile;
mod html;
mod plan_source;
mod project;
mod robust;
mod rust;
mod same;
mod tidy;
mod whole;
