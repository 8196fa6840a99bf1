//! An agency's own files over those that several share: which count, what findings call them, and what `--fix` changes.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{
    edit,
    findings::{findings, with_terms},
    run, small, standing, template, text, utf8,
};
use crate::project;
use serde_json::Value;
use std::fs;

/// The template with a copy of the filled plan as an overlay in its folder, named `示範 機關`.
fn overlaid() -> tempfile::TempDir {
    let plan = template();
    for (path, bytes) in standing(&project::root().join("tests/plans/filled")) {
        let place = plan.path().join("示範 機關").join(&path);
        if path.ends_with('/') { fs::create_dir_all(place).unwrap() } else { fs::write(place, bytes).unwrap() }
    }
    plan
}

#[test]
fn what_lies_below_a_file_of_the_overlay_does_not_count() {
    let plan = overlaid();
    assert_eq!(findings(plan.path(), &["--overlay", "示範 機關"]), [] as [Value; 0]);
    fs::write(plan.path().join("content/chapters/training.md"), "沒有標題，見 [[nowhere]]").unwrap();
    assert_eq!(findings(plan.path(), &["--overlay", "示範 機關"]), [] as [Value; 0]);
    assert!(!findings(plan.path(), &[]).is_empty());
}

#[test]
fn findings_name_the_file_of_the_overlay_that_counted() {
    let (plan, elsewhere) = (overlaid(), tempfile::tempdir().unwrap());
    let overlay = plan.path().join("示範 機關");
    edit(&overlay.join("chapters/controls.md"), "---\n\n", "---\n\n見 [[nowhere]]。\n\n");
    let from_elsewhere = ["--project", utf8(plan.path()), "--overlay", utf8(&overlay)];
    for (from, words) in [(plan.path(), &["--overlay", "示範 機關"][..]), (elsewhere.path(), &from_elsewhere)] {
        let all = findings(from, words);
        assert_eq!(all.len(), 1, "{all:#?}");
        assert_eq!((&all[0]["rule"], &all[0]["file"]), (&"unknown-reference".into(), &"示範 機關/chapters/controls.md".into()));
    }
    let sarif = run(plan.path(), &["check", "--overlay", "示範 機關", "--format", "sarif"]).ends(1).out;
    assert!(sarif.contains("%E7%A4%BA%E7%AF%84%20%E6%A9%9F%E9%97%9C/chapters/controls.md"), "{sarif}");
}

#[test]
fn the_overlay_is_named_from_the_project_wherever_one_stands() {
    let plan = overlaid();
    let overlay = plan.path().join("示範 機關");
    edit(&overlay.join("chapters/controls.md"), "---\n\n", "---\n\n見 [[nowhere]]。\n\n");
    for (from, words) in
        [(&overlay, ["--project", "..", "--overlay", "."]), (&overlay.join("data"), ["--project", "../..", "--overlay", ".."])]
    {
        assert_eq!(findings(from, &words)[0]["file"], "示範 機關/chapters/controls.md");
    }
}

#[test]
fn an_overlay_changes_what_is_built() {
    let plan = template();
    let overlay = project::root().join("tests/plans/filled");
    run(plan.path(), &["build", "--out", "template"]).ends(0);
    run(plan.path(), &["build", "--out", "filled", "--overlay", utf8(&overlay)]).ends(0);
    let says = |folder: &str| text(&plan.path().join(folder).join("chapters/scope.html")).contains("示範機關");
    assert_eq!((says("template"), says("filled")), (false, true));
}

#[test]
fn an_overlay_that_is_no_folder_is_named_as_it_was_written() {
    let project = small();
    fs::write(project.folder.path().join("file"), "").unwrap();
    for command in ["build", "check"] {
        for (overlay, why) in [("nowhere/at all", "打錯"), ("/nowhere", "打錯"), ("file", "不是資料夾")] {
            let ran = run(project.folder.path(), &[command, "--overlay", overlay]).refused(&format!("「{overlay}」"));
            assert!(ran.err.contains(why), "{}", ran.err);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn files_and_folders_in_other_capitals_are_told_where_these_make_another_name() {
    let project = small();
    let root = project.folder.path();
    for (file, path) in
        [("Plan.yaml", "Plan.yaml"), ("Chapters/c.md", "Chapters"), ("Data/agency.yaml", "Data"), ("THEMES/own/a.css", "THEMES")]
    {
        for folder in ["content", "overlay"] {
            let place = root.join(folder).join(file);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, "").unwrap();
        }
        let all = findings(root, &["--overlay", "overlay"]);
        for folder in ["content", "overlay"] {
            let is_told = |one: &&Value| one["rule"] == "unlisted-file" && one["file"] == format!("{folder}/{path}").as_str();
            assert_eq!(all.iter().filter(is_told).count(), 1, "{folder}/{path}: {all:#?}");
        }
    }
}

#[test]
fn with_an_overlay_only_its_own_files_are_mended() {
    let (project, shared) = with_terms("1. 資安長與密碼。");
    let root = project.folder.path();
    let own = root.join("overlay/chapters/b.md");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "---\ntitle: 乙\n---\n\n1. 資安長。\n").unwrap();
    fs::write(root.join("overlay/plan.yaml"), "chapters: [a, b]\n").unwrap();
    let before = fs::read_to_string(&shared).unwrap();
    let ran = run(root, &["--overlay", "overlay", "check", "--fix"]);
    assert!(ran.out.contains("改了 1 處") && ran.out.contains("另有 2 處"), "{}", ran.out);
    assert!(fs::read_to_string(&own).unwrap().ends_with("1. 資通安全長。\n"));
    assert_eq!(fs::read_to_string(&shared).unwrap(), before);
    let ran = run(root, &["check", "--fix"]);
    assert!(ran.out.contains("改了 2 處") && !ran.out.contains("另有"), "{}", ran.out);
}

#[test]
fn the_project_itself_as_an_overlay_has_places_in_the_project() {
    let project = small();
    fs::write(project.folder.path().join("plan.yaml"), "titel: 甲\n").unwrap();
    let all = findings(project.folder.path(), &["--overlay", "."]);
    assert!(all.iter().any(|one| one["rule"] == "unknown-field" && one["file"] == "./plan.yaml"), "{all:#?}");
    assert!(all.iter().all(|one| !one["file"].as_str().unwrap_or_default().starts_with('/')), "{all:#?}");
}
