//! planpress compiles a plan written in Markdown and data files into a static website.

pub mod check;
pub mod cli;
pub mod compile;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod numeral;
pub mod parse;
pub mod render;
pub mod report;
pub mod resolve;
pub mod site;
pub mod source;
pub mod theme;
pub mod write;
