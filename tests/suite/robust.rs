//! No content breaks the program: seeded mutations of every case and of every file of the template.
//!
//! In: a text, a seed. Out: a failure when compiling or publishing panics, when a finding points outside its file or into a
//! character, when a report cannot be written, or when a page is not well formed; and when a plan without errors has a site
//! with faults. The same seeds give the same mutations on every machine; `ROBUST_ROUNDS=20` runs more of them.

use super::{
    cases, html,
    project::{self, Random, Temporary},
    whole,
};
use planpress::{
    compile::{self, Compiled},
    diagnostic::{Language, Span},
    render::{RenderError, View},
    report,
    site::Site,
    source::Project,
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Mutex, Once, PoisonError},
    time::{Duration, Instant},
};

/// What is likely to confuse a reader of Markdown, YAML, conditions or HTML.
pub(crate) const PIECES: [&str; 84] = [
    ":::",
    "::::",
    ":::guidance\n",
    "\n:::\n",
    ":::when agency.level == 'A'\n",
    ":::table ",
    "%%",
    "%",
    "{{",
    "}}",
    "{{ agency.name }}",
    "[[",
    "]]",
    "[[law:",
    "|",
    "\\|",
    "\\",
    "[^",
    "[^n]",
    "]:",
    "{#",
    "{#id}",
    " {#a when=\"",
    "\"}",
    "}",
    "{",
    "\"",
    "'",
    "`",
    "```\n",
    "~~~",
    "*",
    "**",
    "_",
    "#",
    "# ",
    "## ",
    "\n### ",
    "- ",
    "1. ",
    "1.",
    "\n\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "    ",
    "> ",
    "---\n",
    "---",
    "| - |\n",
    "[ ] ",
    "[x] ",
    "<b>",
    "</script>",
    "<!--",
    "-->",
    "<",
    ">",
    "&",
    "&amp;",
    "&#0;",
    "![](",
    "](",
    "javascript:",
    "http://",
    "../",
    "\u{0}",
    "\u{feff}",
    "\u{e000}",
    "\u{202e}",
    "\u{200b}",
    "\u{301}",
    "😀",
    "𠮷",
    "　",
    "（",
    "：",
    "○",
    "agency.",
    " == ",
    " and not (",
    ": ",
    "&a *a",
];

/// A text with a few changes.
fn mutated(text: &str, random: &mut Random) -> Vec<u8> {
    let mut text = text.to_owned();
    for _ in 0..=random.below(3) {
        let at = place(&text, random);
        match random.below(10) {
            0..=3 => text.insert_str(at, random.one_of(&PIECES)),
            4 => {
                let end = text.ceil_char_boundary((at + random.below(20)).min(text.len()));
                text.replace_range(at..end, "");
            }
            5 => {
                let end = text.ceil_char_boundary((at + random.below(60)).min(text.len()));
                let piece = text[at..end].to_owned();
                let to = place(&text, random);
                text.insert_str(to, &piece);
            }
            6 => text.truncate(at),
            7 => text = exchanged_lines(&text, random),
            8 => text.insert_str(at, &random.one_of(&PIECES).repeat(1 + random.below(40))),
            _ => {
                let spaces = " ".repeat(random.below(6));
                let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
                text.insert_str(line, &spaces);
            }
        }
    }
    let mut bytes = text.into_bytes();
    if random.below(12) == 0 && !bytes.is_empty() {
        let at = random.below(bytes.len());
        bytes[at] = u8::try_from(random.below(256)).unwrap_or(0xff);
    }
    bytes
}

fn place(text: &str, random: &mut Random) -> usize {
    text.floor_char_boundary(random.below(text.len() + 1))
}

fn exchanged_lines(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (one, other) = (random.below(lines.len()), random.below(lines.len()));
    if lines.is_empty() {
        return String::new();
    }
    lines.swap(one, other);
    lines.concat()
}

/// Compiles and publishes a project in one view and says what is wrong with what the program made of it.
fn verdict(project: &Project, view: View) -> Result<(), String> {
    let compiled = compile::compile(project).map_err(|error| format!("{}: {}", error.path, error.error))?;
    for finding in &compiled.diagnostics {
        for span in finding.span.into_iter().chain(finding.related.iter().map(|related| related.span)) {
            inside(&compiled, span).map_err(|fault| format!("{fault}: {}", project::line(&compiled, finding)))?;
        }
        let words = [&finding.message.zh, &finding.message.en];
        if words.iter().any(|words| words.trim().is_empty()) {
            return Err(format!("a finding of {} says nothing", finding.rule.name()));
        }
    }
    reports(&compiled)?;
    let site = Site::default();
    match compiled.publish(view, None, &site) {
        Ok(_) if compiled.plan.config.theme == "default" => {}
        // A project's own theme may fail, and may write what it likes; the default one may not.
        Err(RenderError::Template(finding)) if compiled.plan.config.theme != "default" => {
            return finding.span.map_or(Ok(()), |span| inside(&compiled, span));
        }
        Ok(_) => return Ok(()),
        Err(error) => return Err(format!("{error:?}")),
    }
    let files = site.into_files();
    let pages = whole::pages(&files);
    let faults = if compiled.has_errors() { Vec::new() } else { whole::faults(&files, &pages) };
    if let Some(fault) = faults.first() {
        return Err(format!("no error is reported, but {fault}"));
    }
    for (path, page) in &pages {
        let hidden = |element: &&html::Element| element.is("guidance") || element.is("comment");
        if view == View::Published && page.all().iter().any(hidden) {
            return Err(format!("{path} shows guidance or a comment to readers"));
        }
        if let Some(danger) = whole::dangers(page).first() {
            return Err(format!("{path}: {danger}"));
        }
    }
    Ok(())
}

/// Whether a span lies within its file, between characters.
fn inside(compiled: &Compiled, span: Span) -> Result<(), String> {
    let source = compiled.sources.file(span.file);
    let range = span.range();
    match source.text.get(range.clone()) {
        Some(_) => Ok(()),
        None => Err(format!("{range:?} is no part of {} ({} bytes)", source.path, source.text.len())),
    }
}

/// Every report can be written, and the two for machines can be read.
fn reports(compiled: &Compiled) -> Result<(), String> {
    for language in [Language::Chinese, Language::English] {
        drop(report::text(&compiled.diagnostics, &compiled.sources, language));
        for json in [report::json, report::sarif].map(|report| report(&compiled.diagnostics, &compiled.sources, language)) {
            serde_json::from_str::<serde_json::Value>(&json).map_err(|error| format!("a report is no JSON: {error}"))?;
        }
    }
    Ok(())
}

/// What is being run, by thread, and since when; a run that does not end aborts the tests, since no thread can be stopped.
static RUNNING: Mutex<BTreeMap<usize, (String, Instant)>> = Mutex::new(BTreeMap::new());
static WATCH: Once = Once::new();
/// Longer than this (seconds) means for ever: a run takes some hundredths.
const PATIENCE: u64 = 60;

fn watched<T>(name: &str, run: impl FnOnce() -> T) -> T {
    WATCH.call_once(|| drop(std::thread::spawn(watch)));
    let key = std::ptr::from_ref(&name) as usize;
    let running = || RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running().insert(key, (name.to_owned(), Instant::now()));
    let result = run();
    running().remove(&key);
    result
}

fn watch() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((name, _)) = running.values().find(|(_, since)| since.elapsed().as_secs() > PATIENCE) {
            eprintln!("{name} does not end");
            std::process::abort();
        }
    }
}

/// One mutation of one file: what it is called, and the project that has it.
struct Mutation<'a> {
    name: String,
    text: &'a str,
    seed: u64,
}

impl Mutation<'_> {
    /// Runs the program over a project in which `path` holds the mutated text.
    fn fault(&self, project: &Project, path: &Path) -> Option<(String, String)> {
        let bytes = mutated(self.text, &mut Random::new(self.seed));
        fs::write(path, &bytes).expect("a written file");
        let view = if self.seed.is_multiple_of(2) { View::Published } else { View::Draft };
        let called = format!("{} seed {}", self.name, self.seed);
        project::count("inputs", 1);
        let outcome = watched(&called, || catch_unwind(AssertUnwindSafe(|| verdict(project, view))));
        let fault = match outcome {
            Ok(Ok(())) => return None,
            Ok(Err(fault)) => fault,
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                panic.downcast_ref::<String>().cloned().or(text).unwrap_or_default()
            }
        };
        Some((format!("{called}: {fault}"), String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// How many mutations of each file.
pub(crate) fn rounds() -> u64 {
    std::env::var("ROBUST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Fails with a line for each fault and the whole text of the shortest.
pub(crate) fn report_faults(faults: &[(String, String)]) {
    let Some((_, text)) = faults.iter().min_by_key(|(_, text)| text.len()) else { return };
    let lines: Vec<&str> = faults.iter().map(|(fault, _)| fault.as_str()).collect();
    panic!("{} faults\n{}\n---- the shortest text\n{text}\n----", faults.len(), lines.join("\n"));
}

#[test]
fn mutated_cases_break_nothing() {
    let cases = cases::all();
    let faults = cases.par_iter().enumerate().flat_map_iter(|(at, case)| {
        // A template is a program: what it writes when it is broken is its own.
        let is_template = |file: &str| file.starts_with("themes/") && file.ends_with(".html");
        let is_text = |block: &&cases::Block| block.language != "link" && !block.file.starts_with("assets/") && !is_template(&block.file);
        let inputs: Vec<_> = case.inputs().filter(is_text).collect();
        let mutations = inputs.into_iter().enumerate().flat_map(move |(input, block)| {
            (0..rounds()).filter_map(move |round| {
                let temporary: Temporary = cases::project(case);
                let seed = (at as u64) << 32 | (input as u64) << 16 | (round + at as u64);
                let mutation = Mutation { name: format!("{} {}", case.name(), block.file), text: &block.text, seed };
                mutation.fault(&temporary.project(), &temporary.folder.path().join(block.path()))
            })
        });
        mutations.collect::<Vec<_>>()
    });
    report_faults(&faults.collect::<Vec<_>>());
}

#[test]
fn mutated_files_of_the_template_break_nothing() {
    let content = project::root().join("content");
    let files: Vec<_> = ["md", "yaml", "csv"].iter().flat_map(|extension| project::files_below(&content, extension)).collect();
    assert!(files.len() > 50, "{}", files.len());
    let faults = files.par_iter().enumerate().flat_map_iter(|(at, file)| {
        let text = fs::read_to_string(file).expect("a file");
        let name = file.strip_prefix(&content).expect("a file of content/").to_path_buf();
        (0..rounds())
            .filter_map(|round| {
                // The mutated file alone is laid over the template.
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join(&name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                let project = Project { root: project::root(), overlay: Some(folder.path().to_path_buf()) };
                Mutation { name: name.display().to_string(), text: &text, seed: (at as u64) << 16 | (round + at as u64) }
                    .fault(&project, &path)
            })
            .collect::<Vec<_>>()
    });
    report_faults(&faults.collect::<Vec<_>>());
}

#[test]
fn the_same_seed_makes_the_same_mutation() {
    let make = |seed| mutated("---\ntitle: 甲\n---\n\n1. 項 {#a}\n", &mut Random::new(seed));
    assert_eq!(make(7), make(7));
    assert!((0..50).map(make).map(|bytes| (bytes, ())).collect::<BTreeMap<_, _>>().len() > 40);
}
