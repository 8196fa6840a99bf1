//! `init`: a plan in a new or an empty folder, or nothing at all.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{assert_entries, assert_stands, differing, run, standing, text};
use crate::project;
use std::{fs, path::Path};

/// That a folder holds the template plan, complete.
#[track_caller]
fn assert_template(folder: &Path) {
    assert_entries(folder, &[".gitattributes", ".gitignore", "content"]);
    let differing = differing(&standing(&project::root().join("content")), &standing(&folder.join("content")));
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn a_plan_begins_in_a_new_an_empty_or_a_nested_folder() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("empty")).unwrap();
    for target in ["new", "empty", "empty slash/", "a/b/c", "./資安 計畫/一一四年"] {
        let ran = run(place.path(), &["init", target]).ends(0);
        assert!(ran.out.contains(target) && ran.err.is_empty(), "{ran:?}");
        assert_template(&place.path().join(target));
    }
    assert_entries(place.path(), &["a", "empty", "empty slash", "new", "資安 計畫"]);
    assert_entries(&place.path().join("a/b"), &["c"]);
}

#[test]
fn a_new_plan_is_built_and_says_how_much_is_open() {
    let place = tempfile::tempdir().unwrap();
    run(place.path(), &["init", "plan"]).ends(0);
    let plan = place.path().join("plan");
    let said = run(&plan, &["check"]).ends(0).out;
    let sum = said.lines().last().unwrap_or_default().trim_end_matches(" 個警告").to_owned();
    assert!(sum.parse::<usize>().is_ok_and(|count| count > 100), "{sum}");
    assert_eq!(run(&plan, &["build"]).ends(0).err, format!("還有 {sum} 項待完成，planpress status 可看清單\n"));
    assert_entries(&plan, &[".gitattributes", ".gitignore", "content", "public"]);
    assert_eq!(text(&plan.join(".gitignore")), "/public\n/plan.pdf\n.planpress-lock\n");
}

#[test]
fn a_folder_that_holds_something_and_a_file_are_left_as_they_are() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("full")).unwrap();
    fs::write(place.path().join("full/.hidden"), "theirs").unwrap();
    fs::write(place.path().join("file"), "theirs").unwrap();
    let before = standing(place.path());
    for target in ["full", ".", "./full/"] {
        run(place.path(), &["init", target]).refused(&format!("「{target}」裡已經有東西"));
        run(place.path(), &["init", target, "--lang", "en"]).refused("is not empty");
    }
    for (target, words) in [("file", "是檔案，不是資料夾"), ("file/below", "不是資料夾"), ("file/far/below", "不是資料夾")]
    {
        let ran = run(place.path(), &["init", target]).refused(&format!("「{target}」"));
        assert!(ran.err.contains(words) && !ran.err.contains("os error"), "{target}: {}", ran.err);
    }
    assert_stands(place.path(), &before);
}

#[test]
fn a_plan_is_never_written_over() {
    let place = tempfile::tempdir().unwrap();
    run(place.path(), &["init", "plan"]).ends(0);
    fs::write(place.path().join("plan/content/plan.yaml"), "mine").unwrap();
    let before = standing(place.path());
    run(place.path(), &["init", "plan"]).refused("plan");
    assert_stands(place.path(), &before);
}

#[cfg(unix)]
#[test]
fn the_empty_folder_that_one_stands_in_stays_the_same_folder() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("plan");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o2750)).unwrap();
    let mark = || fs::metadata(&folder).map(|found| (super::inode(&found), found.permissions())).unwrap();
    let before = mark();
    // In the shell that ran it, the plan is there.
    let script = format!("'{}' init . && test -f content/plan.yaml", env!("CARGO_BIN_EXE_planpress"));
    let status = std::process::Command::new("sh").args(["-c", &script]).current_dir(&folder).output().unwrap().status;
    assert!(status.success(), "the shell stands in a folder that was removed");
    assert_eq!(mark(), before, "its place and its access rules");
    assert_template(&folder);
}

#[cfg(unix)]
#[test]
fn a_link_to_an_empty_folder_is_as_good_as_the_folder() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", place.path().join("link")).unwrap();
    run(place.path(), &["init", "link"]).ends(0);
    assert_template(&place.path().join("real"));
    assert!(place.path().join("link").is_symlink());
}

#[cfg(unix)]
#[test]
fn the_advice_can_be_pasted_into_a_shell() {
    for target in ["plan", "資安 計畫", "it's"] {
        let place = tempfile::tempdir().unwrap();
        let out = run(place.path(), &["init", target]).ends(0).out;
        let advice = out.lines().find_map(|line| Some(line.split_once("planpress ")?.1)).unwrap();
        let script = format!("'{}' {advice}", env!("CARGO_BIN_EXE_planpress"));
        let ran = std::process::Command::new("sh").args(["-c", &script]).current_dir(place.path()).output().unwrap();
        assert!(ran.status.success(), "{script}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}

#[test]
fn what_could_not_be_made_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    // No file system knows names of 300 letters.
    let long = "x".repeat(300);
    for target in [long.clone(), format!("{long}/plan"), format!("new/{long}")] {
        let ran = run(place.path(), &["init", &target]).refused("無法建立");
        assert!(!ran.err.contains("os error"), "{}", ran.err);
        assert_entries(place.path(), &[]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_or_read_only_disk_is_named_and_left_as_it_was() {
    for (options, words) in [("size=64k", "磁碟"), ("ro", "磁碟是唯讀的")] {
        let Some(disk) = super::disk::Disk::mount(options) else { return };
        for target in ["plan", "a/b/plan"] {
            let ran = run(Path::new("/"), &["init", super::utf8(&disk.folder().join(target))]).refused("無法建立");
            assert!(ran.err.contains(words) && !ran.err.contains(".planpress-init"), "{}", ran.err);
            assert_entries(disk.folder(), &[]);
        }
        run(Path::new("/"), &["init", super::utf8(disk.folder())]).refused(words);
        assert_entries(disk.folder(), &[]);
    }
}
