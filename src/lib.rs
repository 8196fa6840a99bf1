//! planpress compiles a plan written in Markdown and data files into a static website.

pub mod diagnostic;
pub mod numeral;
pub mod site;
pub mod source;
