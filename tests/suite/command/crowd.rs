//! `serve` with many clients, with such as say or read nothing, and over a long time.
//!
//! In: the built program and folders made for each test. Out: that everybody is answered, in time and in a memory that does not grow.

use super::{
    preview::{LONG, Preview},
    small, template, text,
};
use std::{
    fs,
    io::Write as _,
    thread::sleep,
    time::{Duration, Instant},
};

#[test]
fn five_hundred_windows_and_clients_that_never_read_hold_up_nothing() {
    let plan = template();
    let preview = Preview::of(plan.path(), &[]);
    let file = plan.path().join("content/chapters/scope.md");
    let original = text(&file);
    let windows: Vec<_> = (0..500).map(|_| preview.events("chapters/controls.html")).collect();
    let stuck: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = preview.connect();
            write!(stream, "GET /print.html HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
            stream
        })
        .collect();
    // Their pages are made before memory is looked at, also on a busy machine; looking at the first byte reads none.
    for stream in &stuck {
        assert_eq!(stream.peek(&mut [0]).unwrap(), 1);
    }
    // Some say nothing at all, some never finish their request.
    let mute: Vec<_> = (0..40).map(|_| preview.connect()).collect();
    let slow: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = preview.connect();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
            stream
        })
        .collect();
    let mut events = preview.events("chapters/scope.html");
    let mut times = Vec::new();
    let mut memory = Vec::new();
    for number in 0..60 {
        let start = Instant::now();
        fs::write(&file, format!("{original}\n\n第 {number} 次。\n")).unwrap();
        events.reload("chapters/scope.html");
        times.push(start.elapsed());
        memory.extend(resident(preview.child.id()).filter(|_| number % 20 == 19));
        sleep(Duration::from_millis(20));
    }
    times.sort();
    assert!(times[30] < Duration::from_secs(1), "median {:?}", times[30]);
    assert!(preview.body("/chapters/scope.html").contains("第 59 次"));
    if let [first, .., last] = memory.as_slice() {
        assert!(*last < first + 16_000, "memory grew: {memory:?} KB");
    }
    drop((windows, stuck, mute, slow));
}

#[test]
fn a_request_behind_clients_that_say_nothing_is_answered() {
    let project = small();
    let preview = Preview::of(project.folder.path(), &[]);
    // They come together, as the connections do that browsers open beforehand, and each time a page is asked for behind them.
    for _ in 0..10 {
        let mute: Vec<_> = (0..80).map(|_| preview.connect()).collect();
        let start = Instant::now();
        assert!(preview.body("/index.html").contains("</html>"));
        assert!(start.elapsed() < LONG / 2, "{:?}", start.elapsed());
        drop(mute);
    }
}

#[cfg(unix)]
#[test]
fn a_client_from_before_the_system_had_no_room_for_more_is_answered() {
    use std::{
        io::Read as _,
        process::{Command, Stdio},
    };
    let project = small();
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 64 && exec \"$@\"", "sh", env!("CARGO_BIN_EXE_planpress"), "serve", "--port", "0", "--lang", "en"]);
    limited.current_dir(project.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let preview = Preview::listening(limited.spawn().unwrap());
    let mut early = preview.connect();
    // A page that is answered says that the connection before it was taken.
    assert!(preview.body("/index.html").contains("</html>"));
    let crowd: Vec<_> = (0..100).map(|_| preview.connect()).collect();
    sleep(Duration::from_secs(1));
    drop(crowd);
    // A busy machine needs a moment to see that they are gone.
    sleep(Duration::from_secs(1));
    assert!(preview.body("/index.html").contains("</html>"));
    early.write_all(b"GET /index.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    early.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

#[test]
fn memory_stays_flat_over_hundreds_of_edits() {
    let plan = template();
    let preview = Preview::of(plan.path(), &[]);
    let file = plan.path().join("content/chapters/controls.md");
    let original = text(&file);
    let mut events = preview.events("chapters/controls.html");
    let mut memory = Vec::new();
    for number in 0..400 {
        // Every page changes with the agency's name, most with a chapter's title.
        fs::write(&file, original.replace("title: ", &format!("title: {number} "))).unwrap();
        events.reload("chapters/controls.html");
        memory.extend(resident(preview.child.id()).filter(|_| number % 100 == 99));
    }
    if let [first, .., last] = memory.as_slice() {
        assert!(*last < first + 12_000, "memory grew: {memory:?} KB");
    }
}

/// The memory that a process holds, in KB, where the system tells.
fn resident(id: u32) -> impl Iterator<Item = u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok());
    line.into_iter()
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_at_once() {
    let project = small();
    let mut preview = Preview::of(project.folder.path(), &[]);
    let windows: Vec<_> = (0..20).map(|_| preview.events("")).collect();
    let start = Instant::now();
    assert!(std::process::Command::new("kill").args(["-INT", &preview.child.id().to_string()]).status().unwrap().success());
    // Not waited for without end: who starts tests may have told the system to ignore that key.
    while preview.child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(1), "it goes on");
        sleep(Duration::from_millis(5));
    }
    drop(windows);
}
