//! The command line.
//!
//! In: arguments. Out: an exit code: 0 done, 1 diagnostics of error severity, 2 usage, files or an interruption. Only this layer prints:
//! results on standard output, everything else on standard error.

mod approve;
mod arguments;
mod build;
mod check;
mod compare;
mod console;
mod explain;
mod grammar;
mod init;
mod pdf;
mod place;
mod serve;
mod signature;
mod standing;
mod status;
mod usage;
mod verify;

use crate::{
    compile::{self, Compiled, Read},
    diagnostic::{Language, Message, Rule},
    message,
    render::{RenderError, View},
    site::Nowhere,
    source::{Project, ReadError, Sources},
    write::WriteError,
};
use arguments::{Arguments, Command};
use console::Console;
use std::{
    ffi::OsString,
    io,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What a command ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It did what it was asked.
    Done,
    /// The plan has findings of error severity.
    Findings,
    /// Usage, files, or an interruption.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Findings => 1,
            Outcome::Failed => 2,
        })
    }
}

/// Runs the program.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let language = arguments::language(&arguments);
    match arguments::parse(&arguments, language) {
        Ok(arguments) => command(&arguments).into(),
        Err(error) => usage::report(&error, language).into(),
    }
}

fn command(arguments: &Arguments) -> Outcome {
    let console = Console::new(arguments.language, arguments.color, arguments.quiet);
    let outcome = match &arguments.command {
        Command::Init { folder } => init::run(folder, &console),
        Command::Build(choices) => build::run(arguments, choices, &console),
        Command::Serve(choices) => serve::run(arguments, choices, &console),
        Command::Check(choices) => check::run(arguments, choices, &console),
        Command::Compare(choices) => compare::run(arguments, choices, &console),
        Command::Pdf(choices) => pdf::run(arguments, choices, &console),
        Command::Status { format } => status::run(arguments, *format, &console),
        Command::Approve(choices) => approve::run(arguments, choices, &console),
        Command::Verify { paths } => verify::run(arguments, paths, &console),
        Command::Explain { rule } => explain::run(rule.as_deref(), &console),
    };
    if console.has_lost_a_result() { Outcome::Failed } else { outcome }
}

/// The project that the arguments name.
fn project(arguments: &Arguments) -> Project {
    Project { root: arguments.project.clone(), overlay: arguments.overlay.clone() }
}

/// Compiles the project, or says why it cannot be read. The plan is never taken apart: the process ends with the command, and the
/// system frees a hundred thousand pieces at once.
fn compiled(arguments: &Arguments, console: &Console) -> Option<ManuallyDrop<Compiled>> {
    read(arguments, console).map(|read| ManuallyDrop::new(read.compile()))
}

/// Adds a mistake of the theme that shows only while rendering. What is rendered here goes nowhere, and some pages of each kind will do.
fn try_theme(compiled: &mut Compiled) {
    let theme_stands = !compiled.diagnostics.iter().any(|finding| finding.rule == Rule::Theme);
    for view in [View::Published, View::Draft].into_iter().filter(|_| theme_stands) {
        if let Err(RenderError::Template(finding)) = compiled.renderer(view, None).sample(&Nowhere) {
            compiled.diagnostics.push((*finding).into());
            break;
        }
    }
}

/// Reads the project that the arguments name, or says why it cannot be read.
fn read(arguments: &Arguments, console: &Console) -> Option<Read> {
    // This thread works as one of the pool's: a pool of its own threads would have to be woken for each piece of work that is shared. In
    // tests there is a pool already, and it only waits.
    let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    compile::read(&project(arguments))
        .map_err(|error| console.error(&error.message(), unreadable_help(&error).as_ref()))
        .ok()
}

/// Says what kept pages from being rendered: a mistake of the theme, or a file that could not be written.
fn not_rendered(error: RenderError, sources: &Sources, console: &Console) -> Outcome {
    match error {
        RenderError::Template(finding) => {
            console.findings(&[*finding], sources);
            Outcome::Findings
        }
        RenderError::Sink(error) => not_written(&error.into(), console),
    }
}

/// Says what kept a file from being written.
fn not_written(error: &WriteError, console: &Console) -> Outcome {
    console.error(&error.message, error.help.as_ref());
    Outcome::Failed
}

fn unreadable_help(error: &ReadError) -> Option<Message> {
    if error.error.kind() == io::ErrorKind::PermissionDenied {
        return Some(message!(
            "請讓目前的帳號可以讀取它，或換一個可以讀的帳號執行",
            "Let this account read it, or run it from an account that may"
        ));
    }
    let no_plan = match error.error.kind() {
        io::ErrorKind::NotFound => error.path.ends_with("content/plan.yaml"),
        // A file was named as the project, or has the name of the folder.
        io::ErrorKind::NotADirectory => std::path::Path::new(&error.path).ends_with("content"),
        _ => false,
    };
    match error.misnamed() {
        Some(name) if no_plan => Some(message!("那裡有 {name}：請改名為 plan.yaml", "There is {name}: rename it to plan.yaml")),
        None if no_plan => Some(message!(
            "請到計畫的資料夾執行，或用 --project 指定；新計畫請用 planpress init 資料夾",
            "Run it in the plan's folder, or name it with --project; `planpress init DIR` begins a new plan"
        )),
        _ => (error.error.kind() == io::ErrorKind::NotFound)
            .then(|| message!("請看名稱有沒有打錯，或是否已經移走", "See whether the name is mistyped, or what it names was moved away")),
    }
}

/// The languages on the command line.
fn language_named(name: &str) -> Option<Language> {
    match name {
        "zh-TW" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

fn view_named(name: &str) -> Option<View> {
    match name {
        "published" => Some(View::Published),
        "draft" => Some(View::Draft),
        _ => None,
    }
}

/// The default output folder of a project.
fn default_output(project: &Project) -> PathBuf {
    if project.root == Path::new(".") { PathBuf::from("public") } else { project.root.join("public") }
}

/// Says what an approval passes over because the plan wants it so. Rules that forbid no approval do not count.
fn tell_exceptions<'a>(rules_off: impl Iterator<Item = &'a str>, waivers: usize, console: &Console) {
    let counts = |name: &&str| Rule::named(name).is_some_and(Rule::forbids_approval);
    let off: Vec<&str> = rules_off.filter(counts).collect();
    let (zh, en) = (off.join("、"), off.join(", "));
    let message = match (off.is_empty(), waivers) {
        (true, 0) => return,
        (true, _) => message!("以理由接受的發現：{waivers} 項", "Findings accepted with a reason: {waivers}"),
        (false, 0) => message!("停用的規則：{zh}", "Rules turned off: {en}"),
        (false, _) => message!(
            "停用的規則：{zh}；以理由接受的發現：{waivers} 項",
            "Rules turned off: {en}; findings accepted with a reason: {waivers}"
        ),
    };
    console.line(&message);
}
