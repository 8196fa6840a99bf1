//! `serve`: what a preview answers and what it tells. Many clients are in `crowd`.
//!
//! In: the built program and folders made for each test; plain sockets instead of a browser, whose part `tests/browser` tests. Out: what
//! was answered, told and printed, and how it ended.

use super::{command, copy, edit, run, small, template, text, utf8};
use crate::project::Temporary;
use std::{
    fs,
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStderr},
    sync::{Arc, Mutex},
    thread::{self, sleep},
    time::{Duration, Instant},
};

/// Longer than anything takes on a busy machine.
pub(super) const LONG: Duration = Duration::from_secs(20);

/// A running preview.
pub(super) struct Preview {
    pub(super) child: Child,
    port: u16,
    said: Arc<Mutex<String>>,
}

impl Preview {
    pub(super) fn of(folder: &Path, words: &[&str]) -> Self {
        let words = [&["serve", "--port", "0", "--lang", "en"], words].concat();
        Self::listening(command(folder, &words).spawn().expect("a preview"))
    }

    /// A program that serves, once it has said where.
    pub(super) fn listening(mut child: Child) -> Self {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).expect("its address");
        let port = line
            .trim()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .unwrap_or_else(|| panic!("no port in {line:?}"));
        let said = Arc::new(Mutex::new(String::new()));
        let (stderr, keep) = (child.stderr.take().unwrap(), Arc::clone(&said));
        thread::spawn(move || listen_to(stderr, &keep));
        Self { child, port, said }
    }

    pub(super) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// How many rebuilds there were since the first build.
    pub(super) fn rebuilds(&self) -> usize {
        self.said().lines().filter(|line| line.ends_with(" ms)")).count()
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    /// Sends a request as it is and reads all that comes back.
    fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap_or_else(|error| panic!("{request:?}: {error}"));
        String::from_utf8(answer).unwrap()
    }

    pub(super) fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port))
    }

    pub(super) fn body(&self, path: &str) -> String {
        self.get(path).split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    pub(super) fn events(&self, page: &str) -> Events {
        let mut stream = self.connect();
        write!(stream, "GET /_planpress/events?page={page} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port).unwrap();
        let mut events = Events(BufReader::new(stream));
        // From here on nothing is missed.
        events.next("retry: 500");
        events
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen_to(stderr: ChildStderr, said: &Mutex<String>) {
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        said.lock().unwrap().push_str(&(line + "\n"));
    }
}

/// A stream of events.
pub(super) struct Events(BufReader<TcpStream>);

impl Events {
    /// The next block of lines that begins like this.
    fn next(&mut self, beginning: &str) -> String {
        let (mut block, start) = (String::new(), Instant::now());
        loop {
            assert!(start.elapsed() < LONG, "no {beginning:?}");
            let before = block.len();
            assert!(
                self.0.read_line(&mut block).unwrap_or_else(|error| panic!("waiting for {beginning:?}: {error}")) > 0,
                "the stream ended"
            );
            if block[before..].trim().is_empty() {
                if block.starts_with(beginning) {
                    return block;
                }
                block.clear();
            }
        }
    }

    /// Waits for a reload that names a page.
    pub(super) fn reload(&mut self, page: &str) -> serde_json::Value {
        loop {
            let block = self.next("event: reload");
            let data: serde_json::Value = serde_json::from_str(block.lines().nth(1).unwrap().strip_prefix("data: ").unwrap()).unwrap();
            if data["pages"].as_array().unwrap().iter().any(|known| known == page) {
                return data;
            }
        }
    }

    /// Whether anything is told within a time.
    fn is_silent_for(&mut self, time: Duration) -> bool {
        self.0.get_ref().set_read_timeout(Some(time)).unwrap();
        let told = self.0.fill_buf().map(<[u8]>::len);
        self.0.get_ref().set_read_timeout(Some(LONG)).unwrap();
        matches!(told, Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    }
}

pub(super) fn until(sentence: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < LONG, "never happened: {sentence}");
        sleep(Duration::from_millis(10));
    }
}

fn chapter(project: &Temporary, words: &str) {
    project.write(
        "content/chapters/a.md",
        format!("---\ntitle: 甲\n---\n\n## 目的 {{#aim}}\n\n{words}，見[[form]]。\n").as_bytes(),
    );
}

#[test]
fn pages_are_those_of_a_build_but_for_one_line() {
    let plan = template();
    for (view, words) in [("draft", &[][..]), ("published", &["--view", "published"])] {
        let out = plan.path().join(view);
        run(plan.path(), &["build", "--view", view, "--out", utf8(&out)]).ends(0);
        let preview = Preview::of(plan.path(), words);
        for page in ["index.html", "chapters/controls.html", "annexes/asset-register.html", "print.html", "laws.html"] {
            let answer = preview.get(&format!("/{page}"));
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("Cache-Control: no-store") && head.contains("X-Content-Type-Options: nosniff"), "{head}");
            let own: Vec<&str> = body.lines().filter(|line| line.contains("/_planpress/")).collect();
            assert_eq!(own.len(), 1, "{own:?}");
            assert_eq!(body.replace(&format!("{}\n", own[0]), ""), text(&out.join(page)), "{view} {page}");
        }
        assert_eq!(preview.body("/SHA256SUMS"), text(&out.join("SHA256SUMS")));
    }
    assert!(!plan.path().join("public").exists(), "nothing is written to disk");
}

#[test]
fn only_what_may_be_asked_is_answered() {
    let project = small();
    let preview = Preview::of(project.folder.path(), &[]);
    let status = |request: &str| preview.ask(request).lines().next().unwrap_or_default().to_owned();
    let get = |path: &str, host: &str| status(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert_eq!(get("/", "localhost"), "HTTP/1.1 200 OK");
    assert_eq!(get("/", "planpress.evil.example"), "HTTP/1.1 403 Forbidden");
    for path in [
        "/../content/plan.yaml",
        "/content/plan.yaml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/chapters",
        "/_planpress/mod.rs",
        "/_planpress/eventsX",
    ] {
        assert_eq!(get(path, "localhost"), "HTTP/1.1 404 Not Found", "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        assert_eq!(
            status(&format!("{method} / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")),
            "HTTP/1.1 405 Method Not Allowed"
        );
    }
    assert!(status("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    let head = preview.ask("HEAD /chapters/a.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(
        head.starts_with("HTTP/1.1 200 OK") && head.ends_with("\r\n\r\n") && head.contains("Content-Length: "),
        "{head}"
    );
    let tag = head.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
    let same = preview.ask(&format!(
        "GET /chapters/a.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIf-None-Match: {tag}\r\n\r\n"
    ));
    assert!(same.starts_with("HTTP/1.1 304 Not Modified") && same.ends_with("\r\n\r\n"), "{same}");
}

#[test]
fn a_port_in_use_is_named_with_the_next_that_is_free() {
    let project = small();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refused = run(project.folder.path(), &["serve", "--port", &port]).refused(&format!("連接埠 {port} 已有其他程式在用"));
    let free = refused.err.split("--port ").nth(1).unwrap().trim().to_owned();
    assert!(free.parse::<u16>().unwrap() > port.parse::<u16>().unwrap());
    run(project.folder.path(), &["serve", "--port", "65536"]).refused("要是 0 到 65535 的整數，不是「65536」");
    let at = |host: &str| run(project.folder.path(), &["serve", "--host", host, "--port", "4599"]).refused(host).err;
    let unknown = at("no.such.host.invalid");
    assert!(unknown.contains("找不到") && unknown.contains("0.0.0.0"), "{unknown}");
    assert!(at("192.0.2.1").contains("不是這台電腦的位址"));
    assert!(at("127.0.0.1:8080").contains("--host 127.0.0.1 --port 8080"));
    let empty = tempfile::tempdir().unwrap();
    run(empty.path(), &["serve"]).refused("content/plan.yaml");
}

#[test]
fn an_edit_is_told_once_with_its_pages_and_clauses() {
    let project = small();
    let preview = Preview::of(project.folder.path(), &[]);
    let mut events = preview.events("chapters/a.html");
    assert!(events.next("event: diagnostics").contains("{\"format\":1,\"diagnostics\":[],\"excerpts\":[]}"));
    chapter(&project, "改過的一句話");
    let told = events.reload("chapters/a.html");
    assert_eq!(told, serde_json::json!({ "pages": ["chapters/a.html"], "clauses": ["aim"] }));
    assert!(preview.body("/chapters/a.html").contains("改過的一句話"));
    events.reload("print.html");
    // The same words again change nothing.
    chapter(&project, "改過的一句話");
    until("the second save was seen", || preview.said().contains("no page changed"));
    assert!(events.is_silent_for(Duration::from_millis(300)));
    assert!(preview.said().contains("content/chapters/a.md: 3 pages, 1 clauses changed"), "{}", preview.said());
}

#[test]
fn with_verbose_it_says_why_each_page_was_rebuilt() {
    let project = small();
    let preview = Preview::of(project.folder.path(), &["-v"]);
    let said = |words: &str| until(words, || preview.said().contains(words));
    chapter(&project, "改過的一句話");
    said("its own text changed: chapters/a.html\n");
    said("gathers chapters that changed: index.html, print.html\n");
    // Another title of the annex is seen wherever the annex is named.
    edit(&project.folder.path().join("content/annexes/form.md"), "title: 表單", "title: 申請單");
    said("its own text changed: annexes/form.html\n");
    said("a number, title or citation that it shows changed: chapters/a.html, chapters/b.html\n");
    edit(&project.folder.path().join("content/plan.yaml"), "\"a\", \"b\"", "\"a\"");
    said("no longer in the plan: chapters/b.html\n");
    said("plan.yaml changed: ");
}

#[test]
fn a_mistake_keeps_the_last_good_pages_and_is_told_in_the_words_of_check() {
    let project = small();
    let preview = Preview::of(project.folder.path(), &[]);
    let mut events = preview.events("");
    events.next("event: diagnostics");
    chapter(&project, "見[[nowhere]]");
    let told = events.next("event: diagnostics");
    let told: serde_json::Value = serde_json::from_str(told.lines().nth(1).unwrap().strip_prefix("data: ").unwrap()).unwrap();
    let checked = run(project.folder.path(), &["check", "--format", "json", "--lang", "en"]).ends(1).out;
    let checked: serde_json::Value = serde_json::from_str(&checked).unwrap();
    assert_eq!((&told["format"], &told["diagnostics"]), (&checked["format"], &checked["diagnostics"]));
    assert_eq!(told["excerpts"], serde_json::json!([["見", "[[nowhere]]", "，見[[form]]。"]]));
    assert!(preview.body("/chapters/a.html").contains("本機關應維護資通安全"));
    chapter(&project, "已改正");
    events.reload("chapters/a.html");
    assert!(events.next("event: diagnostics").contains("\"diagnostics\":[]"));
}

#[test]
fn a_style_that_changed_beside_a_mistake_is_there_with_the_page_that_mends_it() {
    let project = small();
    project.write("themes/default/styles/page.css", b"body { color: green }\n");
    let preview = Preview::of(project.folder.path(), &[]);
    // Somebody who looks at the page has it before everything else is rendered.
    let mut events = preview.events("chapters/a.html");
    events.next("event: diagnostics");
    chapter(&project, "見[[nowhere]]");
    events.next("event: diagnostics");
    project.write("themes/default/styles/page.css", b"body { color: red }\n");
    until("the style was seen", || preview.said().contains("page.css"));
    chapter(&project, "已改正");
    events.reload("chapters/a.html");
    let page = preview.body("/chapters/a.html");
    let links = page.split("href=\"../").skip(1).filter_map(|rest| rest.split('"').next());
    let styles: Vec<String> = links.filter(|path| path.ends_with(".css")).map(|path| preview.get(&format!("/{path}"))).collect();
    assert!(styles.iter().all(|answer| answer.starts_with("HTTP/1.1 200 OK")), "a style is not there yet");
    assert!(styles.iter().any(|answer| answer.contains("color: red")), "the style is not the new one");
}

#[test]
fn many_files_at_once_are_one_rebuild() {
    let plan = template();
    let preview = Preview::of(plan.path(), &[]);
    let mut events = preview.events("");
    // As a change of branches does it: each file is removed and made anew.
    for entry in fs::read_dir(plan.path().join("content/chapters")).unwrap() {
        let path = entry.unwrap().path();
        let words = text(&path) + "\n多一段話。\n";
        fs::remove_file(&path).unwrap();
        fs::write(&path, words).unwrap();
    }
    let told = events.reload("chapters/controls.html");
    assert!(told["pages"].as_array().unwrap().len() >= 17, "{told}");
    sleep(Duration::from_millis(400));
    assert_eq!(preview.rebuilds(), 1, "{}", preview.said());
}

#[test]
fn every_way_of_saving_is_followed() {
    let project = small();
    let root = project.folder.path();
    let preview = Preview::of(root, &[]);
    let mut events = preview.events("chapters/a.html");
    let file = root.join("content/chapters/a.md");
    let with = |words: &str| format!("---\ntitle: 甲\n---\n\n## 目的 {{#aim}}\n\n{words}，見[[form]]。\n");
    let mut shown = |words: &str| {
        events.reload("chapters/a.html");
        assert!(preview.body("/chapters/a.html").contains(words), "{words}");
        assert!(!preview.said().contains("errors"), "{}", preview.said());
    };
    // In place.
    fs::write(&file, with("就地寫入")).unwrap();
    shown("就地寫入");
    // Into another file, which takes the place.
    fs::write(root.join("content/chapters/.a.md.swp"), with("改名取代")).unwrap();
    fs::rename(root.join("content/chapters/.a.md.swp"), &file).unwrap();
    shown("改名取代");
    // With a copy of the old one kept beside it.
    fs::rename(&file, root.join("content/chapters/a.md~")).unwrap();
    fs::write(&file, with("留下備份")).unwrap();
    shown("留下備份");
    // Emptied first, filled later, in two pieces. Where no system says that a file is closed, the first is shown for a moment.
    if cfg!(target_os = "linux") {
        let (mut open, words) = (fs::File::create(&file).unwrap(), with("分兩次寫"));
        for piece in [&words.as_bytes()[..20], &words.as_bytes()[20..]] {
            sleep(Duration::from_millis(120));
            open.write_all(piece).unwrap();
        }
        drop(open);
        shown("分兩次寫");
    }
    // The whole folder replaced by another.
    fs::rename(root.join("content"), root.join("content.old")).unwrap();
    copy(&root.join("content.old"), &root.join("content.new"));
    fs::write(root.join("content.new/chapters/a.md"), with("換掉資料夾")).unwrap();
    fs::rename(root.join("content.new"), root.join("content")).unwrap();
    events.reload("chapters/a.html");
    until("the folder's new words are shown", || preview.body("/chapters/a.html").contains("換掉資料夾"));
    fs::write(&file, with("換掉之後再改")).unwrap();
    events.reload("chapters/a.html");
    assert!(preview.body("/chapters/a.html").contains("換掉之後再改"));
}

#[test]
fn shares_are_looked_at_again_and_again_and_overlays_and_new_themes_are_followed() {
    let project = small();
    project.write("overlay/chapters/b.md", "---\ntitle: 乙\n---\n\n## 範圍 {#reach}\n\n疊上去的話。\n".as_bytes());
    for words in [&["--overlay", "overlay"][..], &["--overlay", "overlay", "--poll"]] {
        let preview = Preview::of(project.folder.path(), words);
        let mut events = preview.events("");
        assert!(preview.body("/chapters/b.html").contains("疊上去的話"));
        edit(&project.folder.path().join("overlay/chapters/b.md"), "疊上去的話", "疊上去的新話");
        events.reload("chapters/b.html");
        assert!(preview.body("/chapters/b.html").contains("疊上去的新話"));
        edit(&project.folder.path().join("overlay/chapters/b.md"), "疊上去的新話", "疊上去的話");
        events.reload("chapters/b.html");
        project.write("themes/default/locales/zh-Hant-TW.yaml", "outline: 本計畫章節\n".as_bytes());
        until("the new theme counts", || preview.body("/chapters/b.html").contains("本計畫章節"));
        fs::remove_dir_all(project.folder.path().join("themes")).unwrap();
        until("the theme is gone again", || !preview.body("/chapters/b.html").contains("本計畫章節"));
    }
}

#[cfg(unix)]
#[test]
fn content_behind_a_link_and_an_overlay_inside_it_are_followed() {
    let project = small();
    let root = project.folder.path();
    fs::rename(root.join("content"), root.join("real")).unwrap();
    std::os::unix::fs::symlink("real", root.join("content")).unwrap();
    fs::create_dir_all(root.join("real/agency/chapters")).unwrap();
    fs::copy(root.join("real/chapters/b.md"), root.join("real/agency/chapters/b.md")).unwrap();
    let preview = Preview::of(root, &["--overlay", "content/agency"]);
    let mut events = preview.events("chapters/b.html");
    edit(&root.join("real/agency/chapters/b.md"), "全機關。", "全機關及所屬。");
    events.reload("chapters/b.html");
    let plan = root.join("real/plan.yaml");
    fs::write(&plan, text(&plan).replacen("title: ", "title: 新的", 1)).unwrap();
    events.reload("index.html");
    assert!(preview.body("/index.html").contains("新的"));
}
