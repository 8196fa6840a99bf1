//! planpress compiles a plan written in Markdown and data files into a static website.

pub mod config;
pub mod diagnostic;
pub mod document;
pub mod numeral;
pub mod parse;
pub mod site;
pub mod source;
