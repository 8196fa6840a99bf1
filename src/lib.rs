//! planpress publishes a plan, written in Markdown and data files, as a static website. It is a staged compiler:
//!
//! ```text
//! files ─ source ─▶ Sources ─ parse ─▶ Chapter … ─ resolve ─▶ Plan ─ check ─▶ diagnostics
//!                                                              └─ render ─▶ File … ─▶ write to disk │ keep in memory
//! ```
//!
//! - [`source`] reads every file once. Nothing later touches the disk but [`theme`], which is read beside it, and [`write`](mod@write).
//! - [`parse`] turns one file into one owned tree with places in bytes. It knows no other file.
//! - [`resolve`] decides conditions, counts numbers and footnotes, and finds what every reference and value stands for. These facts
//!   stand beside the trees, keyed by node; no stage fills in what an earlier one left open.
//! - [`edition`] says whether these sources are an approved edition, a change of one, or a draft.
//! - [`check`] asks the questions that need the whole plan, and applies the plan's own severities and waivers.
//! - [`render`] makes finished files and hands them, one by one and from several threads, to any [`site::Sink`].
//! - `pdf`, a feature of its own, typesets the printed edition from the same plan; [`view`] holds what pages and paper both say.
//! - [`search`] makes the index that readers search, from the plan itself and not from its pages.
//! - [`write`](mod@write) keeps a folder equal to what it was handed, touching only what changed, all at once.
//!
//! [`approve`](mod@approve) seals an edition: the same compile, and a record of what came out. [`verify`](mod@verify) compares files with a record, compiling nothing.
//! [`repeat`] finds that a build has nothing to do. [`serve`](mod@serve) keeps the files in memory and compiles again when a source changes.
//!
//! [`compile`](mod@compile) is the only place that puts the stages in order. What is wrong with content is never an error of a stage: it is a
//! [`diagnostic::Diagnostic`], and one run finds them all. [`report`] turns findings into text, JSON or SARIF, and only [`cli`] prints.
//! A module imports only from layers below its own; `tests/suite/tidy.rs` says which those are.

pub mod approve;
pub mod check;
pub mod cli;
pub mod compile;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod edition;
pub mod numeral;
pub mod parse;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod render;
pub mod repeat;
pub mod report;
pub mod resolve;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod theme;
pub mod verify;
pub mod view;
pub mod write;
