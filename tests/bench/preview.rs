//! How long an edit takes to reach a window, by part.
//!
//! In: `cargo bench --bench preview`, and perhaps `PLANPRESS_BENCH` with another project's folder, which is copied. Out: a table on
//! standard output: minimum, median and maximum in milliseconds. What a browser then needs to paint is measured by
//! `node tests/browser/preview.bench.js`. Nothing is judged here: machines are noisy, and only ratios within one run say much.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark looks at the clock and prints"
)]

use planpress::{
    compile::{compile, compile_again},
    render::View,
    site::Site,
    source::Project,
};
use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const EDITS: usize = 41;

fn main() {
    let from = env::var_os("PLANPRESS_BENCH").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    copy(&from.join("content"), &place.path().join("content"));
    let chapters = place.path().join("content/chapters");
    let mut names: Vec<_> = fs::read_dir(&chapters).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    // One in the middle: numbers and notes stand before and after it.
    let name = &names[names.len() / 2];
    println!(
        "{:<34}{:>9}{:>9}{:>9}   ({EDITS} edits of {name} among {} chapters, ms)",
        "part",
        "min",
        "median",
        "max",
        names.len()
    );
    inside(place.path(), &chapters.join(name));
    outside(place.path(), &chapters.join(name));
}

/// What compiling and rendering take, in this process.
fn inside(root: &Path, file: &Path) {
    let project = Project { root: root.to_path_buf(), overlay: None };
    let original = fs::read_to_string(file).unwrap();
    let mut last = compile(&project).unwrap();
    let (mut compiling, mut rendering, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for edit in 0..EDITS {
        fs::write(file, format!("{original}\n\n第 {edit} 次。\n")).unwrap();
        let start = Instant::now();
        let next = compile_again(&project, &last, &BTreeSet::from([file.to_path_buf()])).unwrap();
        compiling.push(start.elapsed());
        let start = Instant::now();
        let renderer = next.renderer(View::Draft, None);
        let changed = |index: usize| next.plan.chapters[index].digest != last.plan.chapters[index].digest;
        renderer.chapters(changed, &Site::default()).unwrap();
        rendering.push(start.elapsed());
        let start = Instant::now();
        next.publish(View::Draft, None, &Site::default()).unwrap();
        all.push(start.elapsed());
        last = next;
    }
    fs::write(file, original).unwrap();
    print("compile again", compiling);
    print("render the page", rendering);
    print("render everything, after the event", all);
}

/// What a window sees: from the end of the write to the event, and from there to the new page.
fn outside(root: &Path, file: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planpress"));
    command.args(["--lang", "en", "--project"]).arg(root).args(["serve", "--port", "0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit('/').next().unwrap().to_owned();
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        stream
    };
    let page = format!("chapters/{}.html", file.file_stem().unwrap().to_str().unwrap());
    let mut events = BufReader::new(ask(&format!("_planpress/events?page={page}")));
    let original = fs::read_to_string(file).unwrap();
    let (mut event, mut transfer) = (Vec::new(), Vec::new());
    for edit in 0..EDITS {
        // Until everything else is rendered as well.
        sleep(Duration::from_millis(700));
        fs::write(file, format!("{original}\n\n第 {edit} 次。\n")).unwrap();
        let start = Instant::now();
        wait_for(&mut events, &page);
        event.push(start.elapsed());
        let start = Instant::now();
        let mut answer = String::new();
        ask(&page).read_to_string(&mut answer).unwrap();
        transfer.push(start.elapsed());
        assert!(answer.contains(&format!("第 {edit} 次。")));
    }
    fs::write(file, original).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    print("write to reload event", event);
    print("reload event to new page", transfer);
}

fn wait_for(events: &mut impl BufRead, page: &str) {
    let mut is_reload = false;
    loop {
        let mut line = String::new();
        assert!(events.read_line(&mut line).unwrap() > 0, "the stream ended");
        if is_reload && line.contains(page) {
            return;
        }
        is_reload = line.starts_with("event: reload");
    }
}

fn print(part: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |index: usize| times[index].as_secs_f64() * 1e3;
    println!("{part:<34}{:>9.2}{:>9.2}{:>9.2}", at(0), at(times.len() / 2), at(times.len() - 1));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
