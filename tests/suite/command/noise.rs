//! `serve` while files change that say nothing new.
//!
//! In: the built program, a plan that takes a while to render, and a file that is written again and again. Out: that everything is shown all the same.

use super::{
    edit,
    preview::{LONG, Preview},
};
use crate::project::Temporary;
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread::{self, sleep},
    time::{Duration, Instant},
};

/// A plan whose pages take longer to render than the noise is quiet.
fn large() -> Temporary {
    let items = "1. 本機關應定期檢視資通安全維護作業，並參考[[c1-aim]]。\n".repeat(30);
    let chapters = (0..400).map(|at| (format!("chapters/c{at}.md"), format!("---\ntitle: 管理\n---\n\n## 目的 {{#c{at}-aim}}\n\n{items}")));
    let chapters: Vec<(String, String)> = chapters.collect();
    Temporary::new(&chapters.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

/// Edits a chapter while something makes noise every few milliseconds, and waits for the page that is rendered last.
fn edited_amid(noise: impl Fn(&Path) + Sync) {
    let plan = large();
    let root = plan.folder.path();
    let preview = Preview::of(root, &[]);
    // Whoever looks at a page has it before the rest is rendered.
    let mut events = preview.events("chapters/c5.html");
    let ends = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !ends.load(Ordering::Relaxed) {
                noise(root);
                sleep(Duration::from_millis(5));
            }
        });
        sleep(Duration::from_millis(100));
        edit(&root.join("content/chapters/c5.md"), "定期檢視", "逐月檢視");
        events.reload("chapters/c5.html");
        let (start, mut shown) = (Instant::now(), false);
        while !shown && start.elapsed() < LONG {
            sleep(Duration::from_millis(100));
            shown = preview.body("/print.html").contains("逐月檢視");
        }
        ends.store(true, Ordering::Relaxed);
        assert!(shown, "the print page keeps its old words");
    });
}

#[test]
fn a_file_that_is_never_read_holds_up_no_page() {
    edited_amid(|root| fs::write(root.join("app.log"), "又一行\n").unwrap());
}

#[test]
fn a_file_that_says_what_it_said_holds_up_no_page() {
    edited_amid(|root| {
        let (file, copy) = (root.join("content/chapters/c7.md"), root.join("content/chapters/.c7.md"));
        fs::copy(&file, &copy).unwrap();
        fs::rename(&copy, &file).unwrap();
    });
}
