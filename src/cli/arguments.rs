//! Arguments: from words to validated choices, in one place.
//!
//! In: the process's words. Out: [`Arguments`], or clap's error, which `usage` puts into people's words. Common options may stand
//! before or after the command.

use super::{language_named, view_named};
use crate::{diagnostic::Language, render::View};
use clap::{Arg, ArgAction, ArgMatches, Command as Clap, builder::PossibleValuesParser, error::Error, value_parser};
use std::{ffi::OsString, path::PathBuf};

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
    Build { out: Option<PathBuf>, view: View },
    Check { format: Format, deny_warnings: bool },
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

/// Reads the words.
pub(super) fn parse(words: &[OsString], language: Language) -> Result<Arguments, Error> {
    let matches = grammar(language).try_get_matches_from(words)?;
    let path = |matches: &ArgMatches, name: &str| matches.get_one::<PathBuf>(name).cloned();
    let word = |matches: &ArgMatches, name: &str| matches.get_one::<String>(name).cloned();
    let command = match matches.subcommand() {
        Some(("init", own)) => Command::Init { folder: path(own, "folder").unwrap_or_default() },
        Some(("check", own)) => Command::Check {
            format: match word(own, "format").as_deref() {
                Some("json") => Format::Json,
                Some("sarif") => Format::Sarif,
                _ => Format::Text,
            },
            deny_warnings: own.contains_id("deny"),
        },
        Some(("explain", own)) => Command::Explain { rule: word(own, "rule") },
        // clap allows no other command than `build` here.
        other => Command::Build {
            out: other.and_then(|(_, own)| path(own, "out")),
            view: other.and_then(|(_, own)| view_named(&word(own, "view")?)).unwrap_or(View::Published),
        },
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

/// The grammar of the command line, with help in one language.
fn grammar(language: Language) -> Clap {
    let say = |zh: &'static str, en: &'static str| match language {
        Language::Chinese => zh,
        Language::English => en,
    };
    let option = |name: &'static str, value: &'static str, help: &'static str| Arg::new(name).long(name).value_name(value).help(help);
    let folder = say("資料夾", "DIR");
    let common = [
        option("project", folder, say("計畫所在的資料夾（預設為目前資料夾）", "the plan's folder (default: the current one)"))
            .value_parser(value_parser!(PathBuf))
            .global(true),
        option("overlay", folder, say("疊在 content/ 上、逐檔取代的資料夾", "a folder laid over content/ file by file"))
            .value_parser(value_parser!(PathBuf))
            .global(true),
        option("lang", say("語言", "LANGUAGE"), say("訊息的語言：zh-TW 或 en", "language of messages: zh-TW or en"))
            .value_parser(PossibleValuesParser::new(["zh-TW", "en"]))
            .hide_possible_values(true)
            .global(true),
        option("color", say("何時", "WHEN"), say("顏色：auto、always 或 never", "colours: auto, always or never"))
            .value_parser(PossibleValuesParser::new(["auto", "always", "never"]))
            .hide_possible_values(true)
            .global(true),
        Arg::new("quiet")
            .short('q')
            .long("quiet")
            .action(ArgAction::SetTrue)
            .help(say("只顯示錯誤", "show errors only"))
            .global(true),
        Arg::new("verbose")
            .short('v')
            .long("verbose")
            .action(ArgAction::SetTrue)
            .conflicts_with("quiet")
            .help(say("顯示所花時間", "show how long things take"))
            .global(true),
        Arg::new("help")
            .short('h')
            .long("help")
            .action(ArgAction::Help)
            .help(say("顯示說明", "show help"))
            .global(true),
    ];
    let command = |name: &'static str, about: &'static str| {
        Clap::new(name).about(about).help_template(template(language, false)).disable_help_flag(true)
    };
    let init = command("init", say("以內建的官方範本建立新計畫", "begin a new plan from the built-in official template")).arg(
        Arg::new("folder")
            .value_name(folder)
            .required(true)
            .value_parser(value_parser!(PathBuf))
            .help(say("新的或空的資料夾", "a new or empty folder")),
    );
    let build = command("build", say("產生網站", "build the website"))
        .arg(
            option(
                "out",
                folder,
                say("輸出資料夾（預設為計畫裡的 public）", "output folder (default: public in the plan's folder)"),
            )
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(
                "view",
                say("檢視", "VIEW"),
                say("published（讀者所見）或 draft（含撰寫說明）", "published (what readers see) or draft (with guidance)"),
            )
            .value_parser(PossibleValuesParser::new(["published", "draft"]))
            .hide_possible_values(true),
        );
    let check = command("check", say("檢查內容", "check the content"))
        .arg(
            option("format", say("格式", "FORMAT"), say("text、json 或 sarif", "text, json or sarif"))
                .value_parser(PossibleValuesParser::new(["text", "json", "sarif"]))
                .hide_possible_values(true),
        )
        .arg(
            option("deny", "warnings", say("有警告也算失敗", "fail on warnings too"))
                .value_parser(PossibleValuesParser::new(["warnings"]))
                .hide_possible_values(true),
        );
    let explain = command("explain", say("說明一條規則；不寫規則則列出全部", "explain a rule; without one, list them all"))
        .arg(Arg::new("rule").value_name(say("規則", "RULE")).help(say("規則的名稱", "the rule's name")));
    Clap::new("planpress")
        .version(env!("CARGO_PKG_VERSION"))
        .about(say("把資通安全維護計畫做成可搜尋、可列印的網站", "Publishes a Cyber Security Maintenance Plan as a website"))
        .help_template(template(language, true))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(say("顯示版本", "show the version")),
        )
        .args(common)
        .subcommands([init, build, check, explain])
}

/// The layout of help texts, with headings in one language.
fn template(language: Language, top: bool) -> &'static str {
    match (language, top) {
        (Language::Chinese, true) => "{about}\n\n用法：planpress <指令> [選項]\n\n指令：\n{subcommands}\n\n選項：\n{options}\n",
        (Language::Chinese, false) => "{about}\n\n用法：{usage}\n\n{positionals}\n\n選項：\n{options}\n",
        (Language::English, true) => "{about}\n\nUsage: planpress <COMMAND> [OPTIONS]\n\nCommands:\n{subcommands}\n\nOptions:\n{options}\n",
        (Language::English, false) => "{about}\n\nUsage: {usage}\n\n{positionals}\n\nOptions:\n{options}\n",
    }
}
