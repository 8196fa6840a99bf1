//! What stops a build halfway: Ctrl+C, a kill, another build into the same folder. Signals are Unix's.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{Ran, Standing, assert_entries, assert_stands, command, run, small, standing, text};
use crate::project::Temporary;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
    thread::sleep,
    time::Duration,
};

const STAGING: &str = ".planpress-staging";
/// How many chapters make a build long enough to be stopped halfway.
const CHAPTERS: usize = 1500;

/// A long plan, on a RAM disk where there is one: its output takes some 25 MB.
fn long() -> Temporary {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let project = Temporary { folder: folder.expect("a temporary folder") };
    let paragraph = "本機關應依資通安全管理法辦理各項防護措施。".repeat(20);
    for at in 0..CHAPTERS {
        let chapter = format!("---\ntitle: 第 {at} 章\n---\n\n## 目的 {{#aim-{at}}}\n\n{paragraph}\n\n1. 一項。\n2. 又一項。\n");
        project.write(&format!("content/chapters/c{at}.md"), chapter.as_bytes());
    }
    edition(&project, 0);
    project
}

/// Writes the plan of one of two editions: every page has another title, and ten chapters are others.
fn edition(project: &Temporary, number: usize) {
    let absent = number * 10..number * 10 + 10;
    let ids: Vec<String> = (0..CHAPTERS).filter(|at| !absent.contains(at)).map(|at| format!("c{at}")).collect();
    let parts = ids.chunks(25).map(|ids| format!("  - {{ title: 一編, chapters: [{}] }}\n", ids.join(", ")));
    let plan = format!("title: {}\nparts:\n{}", ["舊版計畫", "新版計畫"][number], parts.collect::<String>());
    project.write("content/plan.yaml", plan.as_bytes());
}

fn public(project: &Temporary) -> PathBuf {
    project.folder.path().join("public")
}

fn start(project: &Temporary) -> Child {
    command(project.folder.path(), &["-q", "build"]).spawn().unwrap()
}

/// Waits for a moment of a run; `false` when the run ended before it came.
fn came(child: &mut Child, moment: impl Fn(&Child) -> bool) -> bool {
    while !moment(child) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        sleep(Duration::from_micros(500));
    }
    true
}

fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(kill.is_ok_and(|status| status.success()), "kill -{name}");
}

/// The first new files wait: pages are being rendered.
fn is_rendering(staging: &Path) -> bool {
    fs::read_dir(staging.join("site/chapters")).is_ok_and(|mut entries| entries.next().is_some())
}

/// The program listens for Ctrl+C: content is being read.
#[cfg(target_os = "linux")]
fn is_listening(child: &Child) -> bool {
    const INTERRUPT: u64 = 1 << 1;
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & INTERRUPT != 0)
}

#[track_caller]
fn assert_stopped(child: Child) {
    let ran = Ran::of(child.wait_with_output().unwrap()).refused("已中斷，輸出資料夾沒有變動");
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn ctrl_c_halfway_leaves_the_old_output_or_none() {
    let project = long();
    let staging =
        |inside: bool| if inside { public(&project).join(STAGING) } else { project.folder.path().join(format!(".public{STAGING}")) };
    let mut child = start(&project);
    assert!(came(&mut child, |_| is_rendering(&staging(false))), "the build was over before it could be stopped");
    signal(&child, "INT");
    assert_stopped(child);
    assert_entries(project.folder.path(), &["content"]);

    run(project.folder.path(), &["-q", "build"]).ends(0);
    let old = standing(&public(&project));
    edition(&project, 1);
    let mut child = start(&project);
    assert!(came(&mut child, |_| is_rendering(&staging(true))), "the build was over before it could be stopped");
    signal(&child, "INT");
    assert_stopped(child);
    assert_stands(&public(&project), &old);
    assert_entries(project.folder.path(), &["content", "public"]);
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_while_content_is_read_leaves_no_trace() {
    let project = long();
    let mut child = start(&project);
    assert!(came(&mut child, is_listening), "the build was over before it could be stopped");
    signal(&child, "INT");
    assert_stopped(child);
    assert_entries(project.folder.path(), &["content"]);
}

/// The list of what was written has changed: pages are being put in their places.
fn watching_the_list(project: &Temporary) -> impl Fn(&Child) -> bool {
    let list = public(project).join(".planpress");
    let before = text(&list);
    move |_| text(&list) != before
}

#[test]
fn ctrl_c_when_pages_go_to_their_places_lets_all_of_them_go() {
    let project = long();
    run(project.folder.path(), &["-q", "build"]).ends(0);
    edition(&project, 1);
    let (mut child, is_committing) = (start(&project), watching_the_list(&project));
    assert!(came(&mut child, is_committing), "the build was over before it could be stopped");
    signal(&child, "INT");
    Ran::of(child.wait_with_output().unwrap()).ends(0);
    let site = standing(&public(&project));
    assert!(!site.contains_key("chapters/c10.html") && site.contains_key("chapters/c0.html"));
    for (path, bytes) in site.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|kind| kind == "html")) {
        assert!(String::from_utf8_lossy(bytes).contains("新版計畫"), "{path}");
    }
    assert_entries(project.folder.path(), &["content", "public"]);
}

#[test]
fn after_a_kill_the_next_build_repairs() {
    let project = long();
    let root = project.folder.path();
    let editions = [0, 1].map(|number| {
        edition(&project, number);
        run(root, &["-q", "build"]).ends(0);
        standing(&public(&project))
    });
    project.write("public/web.config", b"theirs");
    // While pages are rendered, and while they go to their places.
    for (round, committing) in [false, true, true].into_iter().enumerate() {
        let (old, new) = (&editions[(round + 1) % 2], &editions[round % 2]);
        edition(&project, round % 2);
        let (mut child, is_committing) = (start(&project), watching_the_list(&project));
        let moment = |child: &Child| if committing { is_committing(child) } else { is_rendering(&public(&project).join(STAGING)) };
        assert!(came(&mut child, moment), "the build was over before it could be killed");
        child.kill().unwrap();
        let code = child.wait().unwrap().code();
        // On a busy machine the last page may be in its place before the kill arrives.
        assert!(code.is_none() || (committing && code == Some(0)), "ended with {code:?}");
        if !committing {
            assert_is(&public(&project), old, true);
        }
        run(root, &["-q", "build"]).ends(0);
        assert_is(&public(&project), new, false);
    }
}

/// That a folder holds a site and somebody's `web.config`, and perhaps what a killed run left behind.
#[track_caller]
fn assert_is(folder: &Path, site: &Standing, was_killed: bool) {
    let mut now = standing(folder);
    assert_eq!(now.remove("web.config").as_deref(), Some(&b"theirs"[..]));
    if was_killed {
        now.retain(|path, _| !path.starts_with(STAGING));
    }
    let differing = super::differing(&now, site);
    assert!(differing.is_empty(), "{} paths differ, such as {:?}", differing.len(), differing.first());
}

#[test]
fn a_folder_that_another_build_holds_is_refused() {
    let (holder, other) = (long(), small());
    let mut child = start(&holder);
    let staging = holder.folder.path().join(format!(".public{STAGING}"));
    assert!(came(&mut child, |_| is_rendering(&staging)), "the build was over before another could come");
    let out = public(&holder);
    let ran = run(other.folder.path(), &["build", "--out", super::utf8(&out)]).refused("另一個 planpress 正在寫入");
    assert!(ran.err.contains("請等它結束"), "{}", ran.err);
    Ran::of(child.wait_with_output().unwrap()).ends(0);
    assert_eq!(fs::read_dir(out.join("chapters")).unwrap().count(), CHAPTERS - 10, "the site of the one that came first");
    assert_entries(holder.folder.path(), &["content", "public"]);
}
