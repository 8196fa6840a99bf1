//! A build that has nothing to do finds that out without doing it, and is fooled by nothing.
//!
//! In: the built program and folders made for each test. Out: what it printed with `--verbose`, which tells whether it compiled.

use super::{Ran, assert_stands, broken, edit, run, small, standing, template};
use std::{fs, path::Path};

/// Builds, and says whether it found that there was nothing to do.
#[track_caller]
fn is_skipped(root: &Path, words: &[&str]) -> bool {
    let ran = build(root, words);
    let skipped = ran.err.contains("核對");
    assert_ne!(skipped, ran.err.contains("編譯"), "{}", ran.err);
    skipped
}

#[track_caller]
fn build(root: &Path, words: &[&str]) -> Ran {
    run(root, &[&["build", "-v"], words].concat()).ends(0)
}

#[test]
fn the_second_build_says_what_the_first_said_and_compiles_nothing() {
    let plan = template();
    let first = build(plan.path(), &[]);
    let files = standing(&plan.path().join("public"));
    let second = build(plan.path(), &[]);
    assert!(first.err.contains("編譯") && second.err.contains("核對"), "{}{}", first.err, second.err);
    assert_eq!(first.err.lines().next(), second.err.lines().next(), "how much is to be done");
    let count = files.keys().filter(|path| !path.ends_with('/')).count() - 1;
    assert!(second.out.ends_with(&format!("寫入 0 個檔案，{count} 個不變，移除 0 個\n")), "{}", second.out);
    assert_stands(&plan.path().join("public"), &files);
}

#[test]
fn whatever_an_output_depends_on_makes_a_build() {
    let project = small();
    let root = project.folder.path();
    project.write("content/assets/a.txt", b"one");
    edit(&root.join("content/chapters/b.md"), "全機關。", "全機關，見[附圖](assets/a.txt)。");
    assert!(!is_skipped(root, &[]) && is_skipped(root, &[]));
    for (path, bytes) in [
        ("content/chapters/b.md", "---\ntitle: 乙\n---\n\n## 範圍 {#reach}\n\n各單位，見[附圖](assets/a.txt)。\n"),
        ("content/assets/a.txt", "two"),
        ("themes/default/styles/text.css", "p { color: red }"),
        ("other/chapters/b.md", "---\ntitle: 丙\n---\n\n## 範圍 {#reach}\n\n附[圖](assets/a.txt)。\n"),
    ] {
        project.write(path, bytes.as_bytes());
        let words: &[&str] = if path.starts_with("other") { &["--overlay", "other"] } else { &[] };
        assert!(!is_skipped(root, words), "{path}");
        assert!(is_skipped(root, words), "{path}");
    }
    assert!(!is_skipped(root, &["--view", "draft"]), "another view");
    assert!(is_skipped(root, &["--view", "draft"]));
    assert!(!is_skipped(root, &["--out", "new"]), "another folder");
}

#[test]
fn a_file_that_can_be_read_only_in_part_is_an_error_the_second_time_too() {
    let project = small();
    let root = project.folder.path();
    build(root, &[]);
    assert!(is_skipped(root, &[]));
    let chapter = root.join("content/chapters/b.md");
    let whole = fs::read(&chapter).unwrap();
    fs::write(&chapter, [&*whole, b"\xb7s\xbcW"].concat()).unwrap();
    assert!(run(root, &["build", "-v"]).ends(1).err.contains("invalid-utf8"));
    fs::write(&chapter, whole).unwrap();
    assert!(is_skipped(root, &[]));
}

#[test]
fn whatever_happened_to_an_output_is_repaired() {
    let project = small();
    let root = project.folder.path();
    let at = |path: &str| root.join("public").join(path);
    build(root, &[]);
    let whole = standing(&root.join("public"));
    let page = fs::read(at("chapters/b.html")).unwrap();
    let mut same_size = page.clone();
    same_size[page.len() / 2] ^= 1;
    let cases: [(&str, &dyn Fn()); 6] = [
        ("a page of the same size", &|| {
            let date = fs::metadata(at("chapters/b.html")).unwrap().modified().unwrap();
            fs::write(at("chapters/b.html"), &same_size).unwrap();
            fs::File::options().write(true).open(at("chapters/b.html")).unwrap().set_modified(date).unwrap();
        }),
        ("a page that is gone", &|| fs::remove_file(at("chapters/b.html")).unwrap()),
        ("the digests", &|| fs::write(at("SHA256SUMS"), "").unwrap()),
        ("no digests", &|| fs::remove_file(at("SHA256SUMS")).unwrap()),
        ("a staging folder that a killed run left", &|| fs::create_dir_all(at(".planpress-staging/site")).unwrap()),
        ("a page that was ours once", &|| {
            let manifest = fs::read_to_string(at(".planpress")).unwrap();
            fs::write(at(".planpress"), manifest + "chapters/old.html\n").unwrap();
            fs::write(at("chapters/old.html"), "old").unwrap();
        }),
    ];
    for (what, harm) in cases {
        assert!(is_skipped(root, &[]), "before {what}");
        harm();
        assert!(!is_skipped(root, &[]), "{what}");
        assert_stands(&root.join("public"), &whole);
    }
}

#[test]
fn findings_are_shown_by_every_build() {
    let project = small();
    let root = project.folder.path();
    project.write("content/chapters/c.md", "---\ntitle: 丙\n---\n\n內容。\n".as_bytes());
    let first = run(root, &["build"]).ends(0);
    assert!(first.err.contains("unlisted-file"), "{}", first.err);
    assert_eq!(run(root, &["build"]).err, first.err);
    let project = broken();
    let root = project.folder.path();
    assert_eq!(run(root, &["build"]).ends(1), run(root, &["build"]).ends(1));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_page_is_not_taken_for_it() {
    let project = small();
    let root = project.folder.path();
    build(root, &[]);
    let page = root.join("public/chapters/b.html");
    fs::rename(&page, root.join("b.html")).unwrap();
    std::os::unix::fs::symlink(root.join("b.html"), &page).unwrap();
    assert!(!is_skipped(root, &[]));
    assert!(!page.is_symlink());
}
