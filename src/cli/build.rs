//! `planpress build`: compiles and writes the website.
//!
//! In: a project and an output folder. Out: the folder, changed as a whole or not at all; findings on standard error, one line of
//! result on standard output. With any error nothing is written.

use super::{
    Outcome,
    arguments::Arguments,
    console::{Console, holds_back_approval},
    default_output, not_rendered, not_written,
    place::is_among_sources,
    project, read,
    standing::Standing,
};
use crate::{
    compile::Compiled,
    edition::Editions,
    message,
    render::View,
    repeat::{self, Mark},
    site::{File, SUMS, Sink},
    source::Digest,
    view::Paper,
    write::{Output, Summary},
};
use std::{
    io,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// How long a build may take before it says how far it is.
const PATIENCE: Duration = Duration::from_millis(400);

/// What to build, and where.
#[derive(Debug)]
pub(super) struct Choices {
    pub out: Option<PathBuf>,
    pub view: View,
    /// Whether the printed edition goes with it.
    pub pdf: bool,
    pub font_paths: Vec<PathBuf>,
    /// Whether a draft, or an edition that knows nothing of it, may take the place of an approved edition.
    pub replace_approved: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, choices: &Choices, console: &Console) -> Outcome {
    #[expect(clippy::disallowed_methods, reason = "how long a build takes is said on the terminal and nowhere else")]
    let started = Instant::now();
    let folder = choices.out.clone().unwrap_or_else(|| default_output(&project(arguments)));
    if is_among_sources(&folder, arguments) {
        let help = message!("請用 --out 指定別的資料夾", "Name another folder with --out");
        console.error(
            &message!(
                "輸出資料夾不能在 content/、themes/ 或疊上去的資料夾裡",
                "The output folder cannot lie in content/, in themes/ or in the overlay"
            ),
            Some(&help),
        );
        return Outcome::Failed;
    }
    let Some(read) = read(arguments, console) else { return Outcome::Failed };
    // What a PDF looks like depends on the fonts of the machine too, and what reading found has to be said.
    let made_from = (!choices.pdf && read.found_nothing()).then(|| repeat::made_from(&read.sources, choices.view));
    if let Some((mark, count)) = made_from.as_ref().and_then(|made_from| repeat::standing(&folder, made_from)) {
        console.waiting(mark.waiting);
        summarise(&folder, Summary { unchanged: count, ..Summary::default() }, console);
        if arguments.verbose {
            let checked = started.elapsed().as_secs_f64() * 1e3;
            console.say(&message!(
                "原稿與輸出都和上一次產生時相同，核對 {checked:.1} 毫秒",
                "sources and output are as the last build left them, checked in {checked:.1} ms"
            ));
        }
        return Outcome::Done;
    }
    let mut compiled = ManuallyDrop::new(read.compile());
    let shown = console.shown_of_draft(&compiled.diagnostics);
    console.findings(&shown, &compiled.sources);
    if compiled.has_errors() {
        return stopped(console);
    }
    let edition = compiled.editions.approved().filter(|_| choices.view == View::Published);
    if !choices.replace_approved
        && approved_in(&folder, &compiled.editions).is_some_and(|standing| standing.stays(&folder, edition, console))
    {
        return Outcome::Failed;
    }
    let seals = edition.is_some();
    let checked = started.elapsed();
    let printed = match if choices.pdf { typeset(&compiled, &choices.font_paths, console) } else { Ok(None) } {
        Ok(printed) => printed,
        Err(outcome) => return outcome,
    };
    let quiet = compiled.diagnostics.iter().all(|finding| holds_back_approval(finding));
    let waiting = compiled.diagnostics.len();
    if choices.view == View::Published {
        compiled.forget_findings();
    }
    let cancel = Arc::new(AtomicBool::new(false));
    let pressed = Arc::clone(&cancel);
    // Until here nothing is open and Ctrl+C may end the process at once; from here on the staging folder is to be removed first.
    let _ = ctrlc::set_handler(move || pressed.store(true, Ordering::Release));
    let output = match Output::open(&folder, cancel) {
        Ok(output) => output,
        Err(error) => return not_written(&error, console),
    };
    let watched = Watched { output: &output, count: AtomicUsize::new(0), started, console };
    let published = compiled.publish(choices.view, printed.as_ref(), &watched);
    watched.clear();
    let digests = match published {
        Ok(digests) => digests,
        Err(error) => {
            let outcome = not_rendered(error, &compiled.sources, console);
            return if outcome == Outcome::Findings { stopped(console) } else { outcome };
        }
    };
    let sums = digests.get(SUMS).map(Digest::hex);
    let differs = seals && differs_from_record(&compiled, sums.as_ref());
    // What the next build may know of this one: one that had nothing to say but how much holds back an approval says the same again.
    let mark = sums.zip(made_from).filter(|_| quiet && !differs).map(|(sums, made_from)| Mark { made_from, sums, waiting });
    match output.finish(mark.map(|mark| mark.text())) {
        Ok(summary) => {
            summarise(&folder, summary, console);
            if differs {
                tell_difference_from_record(&compiled, console);
            }
            if arguments.verbose {
                let (compile, write) = (checked.as_secs_f64() * 1e3, started.elapsed().saturating_sub(checked).as_secs_f64() * 1e3);
                console.say(&message!(
                    "編譯 {compile:.1} 毫秒，產生與寫入 {write:.1} 毫秒",
                    "compiled in {compile:.1} ms, rendered and written in {write:.1} ms"
                ));
            }
            Outcome::Done
        }
        Err(error) => not_written(&error, console),
    }
}

#[cfg(feature = "pdf")]
fn typeset(compiled: &Compiled, font_paths: &[PathBuf], console: &Console) -> Result<Option<Paper>, Outcome> {
    super::pdf::typeset(compiled, None, font_paths, console).map(|printed| Some(printed.paper))
}

#[cfg(not(feature = "pdf"))]
fn typeset(_: &Compiled, _: &[PathBuf], console: &Console) -> Result<Option<Paper>, Outcome> {
    Err(super::pdf::unavailable(console))
}

/// The approved edition in a folder. Its list of digests is that of a record; and its cover says so, even where the record belongs to an overlay
/// that was forgotten this time or is on another machine, or another program made other files of the same text.
#[expect(clippy::disallowed_methods, reason = "the output says which edition it is")]
fn approved_in(folder: &Path, editions: &Editions) -> Option<Standing> {
    let sums = std::fs::read(folder.join(SUMS)).ok().map(|sums| Digest::of(&sums).hex());
    if let Some(record) = sums.and_then(|sums| editions.records.iter().find(|record| record.has_sums(&sums))) {
        return Some(Standing::of(record));
    }
    let cover = std::fs::read_to_string(folder.join("index.html")).ok()?;
    let (_, body) = cover.split_once("<body ")?;
    let (body, _) = body.split_once('>')?;
    let value = |name: &str| body.split_once(name)?.1.split_once('"').map(|(value, _)| value);
    let is_approved = value("data-view=\"") == Some("published") && value("data-state=\"") == Some("approved");
    let number = value("data-edition=\"").filter(|_| is_approved)?;
    Some(Standing::named(number, editions, |record| cover.contains(record.short_digest())))
}

/// One line of result.
fn summarise(folder: &Path, summary: Summary, console: &Console) {
    let (folder, Summary { written, unchanged, removed }) = (folder.display(), summary);
    console.line(&message!(
        "{folder}：寫入 {written} 個檔案，{unchanged} 個不變，移除 {removed} 個",
        "{folder}: {written} files written, {unchanged} unchanged, {removed} removed"
    ));
}

/// Whether the same sources no longer give the files that were approved: a later program renders them in another way.
fn differs_from_record(compiled: &Compiled, sums: Option<&String>) -> bool {
    compiled.editions.latest().is_some_and(|record| !sums.is_some_and(|sums| record.has_sums(sums)))
}

fn tell_difference_from_record(compiled: &Compiled, console: &Console) {
    let Some(record) = compiled.editions.latest() else { return };
    let (number, then, now) = (&record.number, &record.program, env!("CARGO_PKG_VERSION"));
    let lost: Vec<&str> = compiled.editions.lost().collect();
    if !lost.is_empty() {
        let (zh, en) = (lost.join("、"), lost.join(", "));
        console.say(&message!(
            "條文與核定的 {number} 版相同，但檔案與紀錄不同：{zh} 版的核定紀錄不在了，網站少了它；取回後再執行 planpress build",
            "The clauses are those of edition {number}, the files are not: the record of edition {en} is gone, and the site lacks it; take it back and build again"
        ));
        return;
    }
    let said = message!(
        "條文與核定的 {number} 版相同，但檔案與紀錄不同（核定時的程式 {then}，現在 {now}；或核定時沒有以 --pdf 一併記錄），planpress verify 會指出不同",
        "The clauses are those of edition {number}, the files are not (planpress {then} then, {now} now; or --pdf was not recorded); `planpress verify` names them"
    );
    console.say(&said);
}

/// Errors in content stop the build.
fn stopped(console: &Console) -> Outcome {
    let help = message!(
        "請修正上面的錯誤；{rule} 可看規則說明",
        "Mend the errors above; {rule} explains a rule",
        rule = "planpress explain RULE"
    );
    console.error(&message!("沒有寫入任何檔案，原來的輸出不變", "Nothing was written; the output is as it was"), Some(&help));
    Outcome::Findings
}

/// Passes files on and, when it takes long and somebody watches, says how many.
struct Watched<'a> {
    output: &'a Output,
    count: AtomicUsize,
    started: Instant,
    console: &'a Console,
}

impl Sink for Watched<'_> {
    fn accept(&self, file: File<'_>) -> io::Result<()> {
        self.output.accept(file)?;
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_multiple_of(256) && self.started.elapsed() > PATIENCE && self.console.is_watched() {
            let said = message!("已產生 {count} 個檔案…", "{count} files so far…");
            self.console.note(&format!("\r{}", said.text(self.console.language)));
        }
        Ok(())
    }
}

impl Watched<'_> {
    /// Removes the line of progress.
    fn clear(&self) {
        if self.started.elapsed() > PATIENCE && self.console.is_watched() {
            self.console.note("\r\u{1b}[K");
        }
    }
}
