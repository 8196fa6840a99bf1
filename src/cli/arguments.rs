//! Arguments: from words to validated choices, in one place.
//!
//! In: the process's words. Out: [`Arguments`], or clap's error, which `usage` puts into people's words. Common options may stand
//! before or after the command.

use super::{approve, build, check, compare, grammar::grammar, language_named, pdf, serve::Choices, view_named};
use crate::{diagnostic::Language, render::View};
use clap::{ArgMatches, error::Error};
use std::{ffi::OsString, path::PathBuf};

/// Where a preview listens unless told otherwise.
const PORT: u16 = 4321;

/// What was asked for.
#[derive(Debug)]
pub(super) struct Arguments {
    pub project: PathBuf,
    pub overlay: Option<PathBuf>,
    pub language: Language,
    pub color: anstream::ColorChoice,
    pub quiet: bool,
    pub verbose: bool,
    pub command: Command,
}

/// A command and its own options.
#[derive(Debug)]
pub(super) enum Command {
    Init { folder: PathBuf },
    Build(build::Choices),
    Serve(Choices),
    Check(check::Choices),
    Compare(compare::Choices),
    Status { format: Format },
    Pdf(pdf::Choices),
    Approve(approve::Choices),
    Verify { paths: Vec<PathBuf> },
    Explain { rule: Option<String> },
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Sarif,
}

/// The language that the words or the system ask for; Traditional Chinese unless one of them says English.
pub(super) fn language(words: &[OsString]) -> Language {
    let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
    let after = words.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
    if let Some(language) = joined.or(after).and_then(language_named) {
        return language;
    }
    let english = sys_locale::get_locale().is_some_and(|locale| locale.to_ascii_lowercase().starts_with("en"));
    if english { Language::English } else { Language::Chinese }
}

fn format(name: Option<&str>) -> Format {
    match name {
        Some("json") => Format::Json,
        Some("sarif") => Format::Sarif,
        _ => Format::Text,
    }
}

/// Reads the words.
pub(super) fn parse(words: &[OsString], language: Language) -> Result<Arguments, Error> {
    let matches = grammar(language, words).try_get_matches_from(words)?;
    let path = |matches: &ArgMatches, name: &str| matches.get_one::<PathBuf>(name).cloned();
    let paths = |matches: &ArgMatches, name: &str| matches.get_many::<PathBuf>(name).into_iter().flatten().cloned().collect();
    let word = |matches: &ArgMatches, name: &str| matches.get_one::<String>(name).cloned();
    let command = match matches.subcommand() {
        Some(("init", own)) => Command::Init { folder: path(own, "folder").unwrap_or_default() },
        Some(("check", own)) => Command::Check(check::Choices {
            format: format(word(own, "format").as_deref()),
            deny_warnings: own.contains_id("deny"),
            fix: own.get_flag("fix"),
        }),
        Some(("status", own)) => Command::Status { format: format(word(own, "format").as_deref()) },
        Some(("serve", own)) => Command::Serve(Choices {
            host: word(own, "host").unwrap_or_else(|| String::from("127.0.0.1")),
            port: own.get_one::<u16>("port").copied().unwrap_or(PORT),
            open: own.get_flag("open"),
            view: word(own, "view").as_deref().and_then(view_named).unwrap_or(View::Draft),
            poll: own.get_flag("poll"),
        }),
        Some(("pdf", own)) => Command::Pdf(pdf::Choices {
            out: path(own, "out"),
            annex: word(own, "annex"),
            font_paths: paths(own, "font-path"),
            replace_approved: own.get_flag("replace-approved"),
        }),
        Some(("approve", own)) => Command::Approve(approve::Choices {
            number: word(own, "number").unwrap_or_default(),
            by: word(own, "by").unwrap_or_default(),
            on: word(own, "on").unwrap_or_default(),
            pdf: own.get_flag("pdf"),
            font_paths: paths(own, "font-path"),
            key: path(own, "sign"),
        }),
        Some(("verify", own)) => Command::Verify { paths: paths(own, "path") },
        Some(("compare", own)) => Command::Compare(compare::Choices {
            old: word(own, "old").unwrap_or_default(),
            new: word(own, "new"),
            all: own.get_flag("all"),
            csv: word(own, "format").as_deref() == Some("csv"),
        }),
        Some(("explain", own)) => Command::Explain { rule: word(own, "rule") },
        // clap allows no other command than `build` here.
        other => Command::Build(build::Choices {
            out: other.and_then(|(_, own)| path(own, "out")),
            view: other.and_then(|(_, own)| view_named(&word(own, "view")?)).unwrap_or(View::Published),
            pdf: other.is_some_and(|(_, own)| own.get_flag("pdf")),
            font_paths: other.map(|(_, own)| paths(own, "font-path")).unwrap_or_default(),
            replace_approved: other.is_some_and(|(_, own)| own.get_flag("replace-approved")),
        }),
    };
    Ok(Arguments {
        project: path(&matches, "project").unwrap_or_else(|| PathBuf::from(".")),
        overlay: path(&matches, "overlay"),
        language: word(&matches, "lang").as_deref().and_then(language_named).unwrap_or(language),
        color: match word(&matches, "color").as_deref() {
            Some("always") => anstream::ColorChoice::Always,
            Some("never") => anstream::ColorChoice::Never,
            _ => anstream::ColorChoice::Auto,
        },
        quiet: matches.get_flag("quiet"),
        verbose: matches.get_flag("verbose"),
        command,
    })
}
