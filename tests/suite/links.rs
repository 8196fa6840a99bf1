//! Links of the file system in a project.
//!
//! In: files and folders that are links. Out: those that lead out of the project refused, the others followed, and no circle without an end.

use super::project::{self, Temporary, rules};
use planpress::{compile, render::View};
use std::{
    fs,
    os::unix::fs::symlink,
    time::{Duration, Instant},
};

#[test]
fn links_and_folders_that_lead_out_of_the_project_are_refused() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.md"), "---\ntitle: 機密\n---\n").expect("a file");
    let template = "themes/default/templates/chapter.html";
    for link in
        ["content/chapters/hidden.md", "content/assets/hidden.md", "content/annexes", "content/assets", "content/assets/inner", template]
    {
        let temporary = Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a, hidden]\nannexes: [secret]\n")]);
        temporary.write("content/chapters/a.md", b"---\ntitle: \xe7\x94\xb2\n---\n");
        let path = temporary.folder.path().join(link);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let target = if link.contains('.') { outside.path().join("secret.md") } else { outside.path().to_path_buf() };
        symlink(target, &path).expect("a link");
        let compiled = match compile::compile(&temporary.project()) {
            Ok(compiled) => compiled,
            // What cannot be read at all ends the run, which keeps the secret as well.
            Err(_) => continue,
        };
        assert!(rules(&compiled).contains(&"outside-project"), "{link}: {:?}", rules(&compiled));
        let files = project::publish(&compiled, View::Draft);
        let secret = files.values().any(|bytes| String::from_utf8_lossy(bytes).contains("機密<"));
        let copied = files.keys().any(|path| path.starts_with("assets/") && (path.contains("secret") || path.contains("hidden")));
        assert!(!secret && !copied, "{link}");
    }
}

#[test]
fn links_inside_the_project_are_followed() {
    let temporary = Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a, b]\n")]);
    let root = temporary.folder.path();
    fs::create_dir_all(root.join("common")).expect("a folder");
    fs::write(root.join("common/b.md"), "---\ntitle: 乙\n---\n\n文\n").expect("a file");
    temporary.write("content/chapters/a.md", "---\ntitle: 甲\n---\n\n文\n".as_bytes());
    symlink("../../common/b.md", root.join("content/chapters/b.md")).expect("a link");
    let compiled = compile::compile(&temporary.project()).expect("readable");
    assert!(rules(&compiled).is_empty(), "{:?}", rules(&compiled));
    assert!(project::publish(&compiled, View::Published).contains_key("chapters/b.html"));
}

#[test]
fn links_in_a_circle_end() {
    let temporary = Temporary::chapter("文\n");
    temporary.write("content/assets/a.txt", b"a");
    symlink(".", temporary.folder.path().join("content/assets/self")).expect("a link");
    symlink("loop", temporary.folder.path().join("content/assets/loop")).expect("a link");
    let since = Instant::now();
    drop(compile::compile(&temporary.project()));
    assert!(since.elapsed() < Duration::from_secs(2));
}
