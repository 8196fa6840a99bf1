//! The folder that `build` writes: whole, only what changed, and nobody else's files.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{Ran, assert_entries, assert_stands, broken, command, differing, edit, marks, run, small, standing, template, text, utf8};
use std::{collections::BTreeSet, fs, path::Path, process::Command};

/// How many files planpress wrote into a folder, its hidden list not counted.
fn count(folder: &Path) -> usize {
    marks(folder).len() - 1
}

fn summary(written: usize, unchanged: usize, removed: usize) -> String {
    format!("public：寫入 {written} 個檔案，{unchanged} 個不變，移除 {removed} 個\n")
}

/// Whether all that was said is how much stands between the template and an approval.
fn only_counts_what_is_open(said: &str) -> bool {
    said.starts_with("還有 ") && said.ends_with(" 項待完成，planpress status 可看清單\n") && said.lines().count() == 1
}

#[test]
fn a_plan_is_built_whole_into_a_new_folder() {
    let plan = template();
    let ran = run(plan.path(), &["build"]).ends(0);
    let public = plan.path().join("public");
    assert_eq!(ran.out, summary(count(&public), 0, 0));
    assert!(only_counts_what_is_open(&ran.err), "{}", ran.err);
    for folder in ["chapters", "annexes"] {
        assert_eq!(marks(&public.join(folder)).len(), marks(&plan.path().join("content").join(folder)).len(), "{folder}");
    }
    for page in ["index.html", "print.html", "annexes.html", "laws.html", "coverage.html", "SHA256SUMS", ".planpress"] {
        assert!(public.join(page).is_file(), "{page}");
    }
    assert_entries(plan.path(), &[".gitattributes", ".gitignore", "content", "public"]);
    let english = run(plan.path(), &["build", "--lang", "en"]).ends(0).out;
    assert_eq!(english, format!("public: 0 files written, {} unchanged, 0 removed\n", count(&public)));
}

#[test]
fn a_second_build_writes_nothing() {
    let plan = template();
    let public = plan.path().join("public");
    run(plan.path(), &["build"]).ends(0);
    let (files, before) = (standing(&public), marks(&public));
    let said = run(plan.path(), &["build"]).ends(0).out;
    assert!(said.ends_with(&summary(0, count(&public), 0)), "{said}");
    assert_stands(&public, &files);
    assert_eq!(differing(&before, &marks(&public)), BTreeSet::new(), "inodes or times");
}

#[test]
fn any_empty_folder_will_do() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    fs::create_dir(root.join("empty")).unwrap();
    for out in ["empty", "new", "a/b/c", "./slash/", "輸出 資料夾/公開"] {
        assert!(run(root, &["build", "--out", out]).ends(0).out.contains(out.trim_end_matches('/')));
        assert_stands(&root.join(out), &standing(&root.join("public")));
    }
    assert_entries(root, &["a", "content", "empty", "new", "public", "slash", "輸出 資料夾"]);
}

#[test]
fn what_is_the_same_is_not_touched_when_a_chapter_changes() {
    let plan = template();
    let public = plan.path().join("public");
    run(plan.path(), &["build"]).ends(0);
    let (files, before) = (standing(&public), marks(&public));
    edit(&plan.path().join("content/chapters/scope.md"), "---\n\n", "---\n\n另有新的一段。\n\n");
    let said = run(plan.path(), &["build"]).ends(0).out;
    let changed = differing(&files, &standing(&public));
    assert!(changed.contains("chapters/scope.html") && !changed.contains("chapters/"), "{changed:?}");
    assert_eq!(differing(&before, &marks(&public)), changed, "inodes and times change with the bytes");
    // planpress's own list says what it was made from, and is not counted.
    let written = changed.iter().filter(|path| *path != ".planpress").count();
    assert!(said.ends_with(&summary(written, count(&public) - written, 0)), "{said}");
}

#[test]
fn a_changed_chapter_changes_no_other_page() {
    let plan = template();
    let public = plan.path().join("public");
    run(plan.path(), &["build"]).ends(0);
    let before = standing(&public);
    // Not at its beginning, which the previews of links to it quote.
    edit(&plan.path().join("content/chapters/scope.md"), "%%機關。\n\n:::\n", "%%機關。\n\n:::\n\n另有新的一段。\n");
    run(plan.path(), &["build"]).ends(0);
    // Its own page, the cover with the draft's digest, the whole on one page, the index, the digests and planpress's own list.
    let must = ["chapters/scope.html", "index.html", "print.html", "SHA256SUMS", ".planpress"];
    let mut changed = differing(&before, &standing(&public));
    changed.retain(|path| !must.contains(&path.as_str()) && !path.starts_with("search/"));
    assert_eq!(changed, BTreeSet::new());
}

#[test]
fn a_removed_chapter_takes_its_page_along_and_nothing_else() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    for foreign in ["web.config", "chapters/notes.txt", "own/page.html", ".htaccess"] {
        project.write(&format!("public/{foreign}"), b"theirs");
    }
    let before = standing(&root.join("public"));
    edit(&root.join("content/plan.yaml"), "\"a\", \"b\"", "\"a\"");
    fs::remove_file(root.join("content/chapters/b.md")).unwrap();
    let said = run(root, &["build"]).ends(0).out;
    assert!(said.ends_with("，移除 1 個\n"), "{said}");
    let after = standing(&root.join("public"));
    let gone: Vec<_> = before.keys().filter(|path| !after.contains_key(*path)).collect();
    assert_eq!(gone, ["chapters/b.html"]);
    assert_eq!(after.values().filter(|bytes| *bytes == b"theirs").count(), 4);
    // The last of a folder takes the folder along.
    edit(&root.join("content/plan.yaml"), "\"form\"", "");
    edit(&root.join("content/chapters/a.md"), "，見[[form]]", "");
    fs::remove_file(root.join("content/annexes/form.md")).unwrap();
    run(root, &["build"]).ends(0);
    assert!(!root.join("public/annexes").exists() && root.join("public/chapters").exists());
}

#[test]
fn a_foreign_file_where_a_page_should_go_stops_the_build() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    project.write("public/chapters/c.html", b"theirs");
    project.write("content/chapters/c.md", "---\ntitle: 丙\n---\n\n內容。\n".as_bytes());
    edit(&root.join("content/plan.yaml"), "\"a\", \"b\"", "\"a\", \"c\", \"b\"");
    let before = standing(&root.join("public"));
    run(root, &["build"]).refused("chapters/c.html");
    assert_stands(&root.join("public"), &before);
    fs::remove_file(root.join("public/chapters/c.html")).unwrap();
    run(root, &["build"]).ends(0);
}

#[test]
fn an_output_folder_that_is_not_ours_is_refused() {
    let project = small();
    let root = project.folder.path();
    project.write("theirs/a.txt", b"theirs");
    project.write("hidden/.git", b"theirs");
    project.write("file", b"theirs");
    project.write("themes/default/styles/own.css", b"p {}");
    let before = standing(root);
    let inside = "輸出資料夾不能在 content/";
    let cases = [
        ("theirs", "不是 planpress 寫的"),
        ("hidden/", "不是 planpress 寫的"),
        (".", "不是 planpress 寫的"),
        ("file", "是檔案，不是資料夾"),
        ("content", inside),
        ("content/public", inside),
        ("content/new/public", inside),
        ("theirs/../content/public", inside),
        ("themes/default/styles", inside),
    ];
    for (out, why) in cases {
        let ran = run(root, &["build", "--out", out]).refused(why);
        assert!(ran.err.contains("--out"), "{out}: what to do about it: {}", ran.err);
        let english = run(root, &["build", "--lang", "en", "--out", out]).refused("--out").err;
        assert!(english.is_ascii() || english.contains('’'), "{english}");
        assert_stands(root, &before);
    }
}

#[test]
fn a_folder_that_a_system_has_looked_into_is_still_empty() {
    let project = small();
    let root = project.folder.path();
    project.write("public/Thumbs.db", b"x");
    run(root, &["build"]).ends(0);
    assert!(root.join("public/index.html").exists() && root.join("public/Thumbs.db").exists());
}

#[test]
fn a_folder_without_a_plan_is_named() {
    let project = small();
    let root = project.folder.path();
    run(root, &["check", "--project", "nosuch"]).refused("nosuch/content/plan.yaml");
    fs::create_dir(root.join("empty")).unwrap();
    run(&root.join("empty"), &["check"]).refused("「content/plan.yaml」");
}

#[test]
fn no_detour_leads_into_the_content() {
    let project = small();
    let root = project.folder.path();
    project.write("機關/chapters/b.md", "---\ntitle: 乙\n---\n".as_bytes());
    let before = standing(root);
    // The last is what a theme of one's own would stand in.
    for out in ["new/../content/public", "themes", "themes/public", "new/../themes"] {
        run(root, &["build", "--out", out]).refused("content/");
        assert_stands(root, &before);
    }
    for out in ["機關", "機關/public", "機關/new/public"] {
        run(root, &["build", "--overlay", "機關", "--out", out]).refused("--out");
        assert_stands(root, &before);
    }
}

/// A plan that cannot be reached has not gone: nobody is told to begin a new one. Links in a circle stand for what needs another account.
#[cfg(unix)]
#[test]
fn a_content_folder_that_cannot_be_looked_into_is_not_called_missing() {
    let empty = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("content", empty.path().join("content")).unwrap();
    for command in ["check", "build", "serve"] {
        let ran = run(empty.path(), &[command]).refused("無法讀取「content」：捷徑（符號連結）繞回自己");
        assert!(!ran.err.contains("planpress init"), "{}", ran.err);
    }
    let file = tempfile::tempdir().unwrap();
    fs::write(file.path().join("content"), "").unwrap();
    run(file.path(), &["check"]).refused("無法讀取「content」：不是資料夾");
    let path = utf8(file.path());
    run(Path::new("."), &["check", "--project", path]).refused(&format!("無法讀取「{path}/content」：不是資料夾"));
    // The same for a folder within.
    let project = small();
    fs::write(project.folder.path().join("content/data"), "").unwrap();
    run(project.folder.path(), &["check"]).refused("無法讀取「content/data」：不是資料夾");
}

#[test]
fn a_file_where_a_folder_is_needed_is_named() {
    let project = small();
    let root = project.folder.path();
    fs::write(root.join("file"), "theirs").unwrap();
    let before = standing(root);
    for out in ["file/public", "file/far/public"] {
        run(root, &["build", "--out", out]).refused(&format!("無法寫入「{out}」：路徑中有一段是檔案"));
        run(root, &["build", "--out", out, "--lang", "en"]).refused(out);
    }
    assert_stands(root, &before);
    // The same inside an output: the folder of chapters has become somebody's file.
    run(root, &["build"]).ends(0);
    fs::rename(root.join("public/chapters"), root.join("elsewhere")).unwrap();
    fs::write(root.join("public/chapters"), "theirs").unwrap();
    let before = standing(root);
    run(root, &["build"]).refused("chapters");
    assert_stands(root, &before);
}

#[cfg(unix)]
#[test]
fn no_link_leads_into_the_content() {
    let project = small();
    let root = project.folder.path();
    std::os::unix::fs::symlink("content", root.join("link")).unwrap();
    fs::create_dir(root.join("content/empty")).unwrap();
    std::os::unix::fs::symlink("content/empty", root.join("public")).unwrap();
    let before = standing(&root.join("content"));
    for out in ["link", "link/public", "public"] {
        run(root, &["build", "--out", out]).refused("content/");
        assert_stands(&root.join("content"), &before);
    }
}

#[test]
fn with_an_error_in_content_nothing_is_written() {
    let project = broken();
    let root = project.folder.path();
    let before = standing(root);
    for words in [&["build"][..], &["build", "--view", "draft"], &["build", "--out", "a/b"]] {
        let ran = run(root, words).ends(1);
        assert!(
            ran.out.is_empty() && ran.err.contains("沒有寫入任何檔案") && ran.err.contains("content/chapters/b.md:7:"),
            "{}",
            ran.err
        );
        assert_stands(root, &before);
    }
}

#[test]
fn an_error_in_content_leaves_the_old_output_byte_for_byte() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    let (files, times) = (standing(&root.join("public")), marks(&root.join("public")));
    edit(&root.join("content/chapters/a.md"), "資通安全", "資訊");
    edit(&root.join("content/chapters/b.md"), "全機關", "[[nowhere]]");
    run(root, &["build"]).ends(1);
    assert_stands(&root.join("public"), &files);
    assert_eq!(differing(&times, &marks(&root.join("public"))), BTreeSet::new());
    edit(&root.join("content/chapters/b.md"), "[[nowhere]]", "全機關");
    run(root, &["build"]).ends(0);
    assert!(text(&root.join("public/chapters/a.html")).contains("資訊"));
}

#[test]
fn either_view_replaces_the_other_without_a_trace() {
    let project = small();
    let root = project.folder.path();
    edit(&root.join("content/chapters/b.md"), "全機關。", "全機關。\n\n:::guidance\n請依實際情形撰寫。\n:::");
    run(root, &["build"]).ends(0);
    let published = standing(&root.join("public"));
    run(root, &["build", "--view", "draft"]).ends(0);
    assert!(text(&root.join("public/chapters/b.html")).contains("請依實際情形撰寫"));
    run(root, &["build", "--view", "published"]).ends(0);
    assert_stands(&root.join("public"), &published);
    assert!(!published.values().any(|bytes| String::from_utf8_lossy(bytes).contains("請依實際情形撰寫")));
}

#[test]
fn readers_get_no_file_that_only_guidance_shows() {
    let picture = |name: &str| format!("![圖](assets/{name}.png)");
    let guidance = format!("{}、{}、[稿](assets/sketch.docx)", picture("hidden"), picture("both"));
    let chapter = format!("---\ntitle: 甲\n---\n\n1. 見{}。\n\n:::guidance\n\n{guidance}\n\n:::\n", picture("both"));
    // What a condition removes has guidance, too.
    let removed = format!("---\ntitle: 乙\nwhen: agency.level == 'B'\n---\n\n1. 乙。\n\n:::guidance\n\n{}\n\n:::\n", picture("removed"));
    let agency = "fields: [{ name: level, title: 等級, type: string }]\nvalues: { level: A }\n";
    let project = super::Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a, b]\n"),
        ("data/agency.yaml", agency),
        ("chapters/a.md", &chapter),
        ("chapters/b.md", &removed),
    ]);
    for name in ["hidden.png", "both.png", "sketch.docx", "unnamed.pdf", "removed.png"] {
        project.write(&format!("content/assets/{name}"), format!("GIF89a {name}").as_bytes());
    }
    let root = project.folder.path();
    let published = |view: &str| {
        run(root, &["build", "--view", view]).ends(0);
        let names = ["hidden.", "both.", "sketch.", "unnamed.", "removed."];
        names.map(|name| standing(&root.join("public")).keys().any(|path| path.contains(name)))
    };
    assert_eq!(published("draft"), [true; 5]);
    assert_eq!(published("published"), [false, true, false, true, false]);
}

#[test]
fn a_project_elsewhere_is_built_into_its_own_folder() {
    let (project, elsewhere) = (small(), tempfile::tempdir().unwrap());
    let root = project.folder.path();
    run(elsewhere.path(), &["build", "--project", utf8(root)]).ends(0);
    let from_outside = standing(&root.join("public"));
    assert_entries(elsewhere.path(), &[]);
    // `--out` counts from where one stands.
    run(elsewhere.path(), &["build", "--project", utf8(root), "--out", "site"]).ends(0);
    assert_stands(&elsewhere.path().join("site"), &from_outside);
    run(root, &["build", "--out", "site"]).ends(0);
    assert_stands(&root.join("site"), &from_outside);
}

#[test]
fn a_project_is_built_from_any_folder_inside_it() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build", "--out", "reference"]).ends(0);
    for (inside, words) in [("content", ["build", "--project", ".."]), ("content/chapters", ["build", "--project", "../.."])] {
        run(&root.join(inside), &words).ends(0);
        assert_stands(&root.join("public"), &standing(&root.join("reference")));
    }
}

#[test]
fn folders_and_files_may_have_spaces_and_han_characters() {
    let place = tempfile::tempdir().unwrap();
    run(place.path(), &["init", "資安 計畫/一一四年 版"]).ends(0);
    let plan = place.path().join("資安 計畫/一一四年 版");
    fs::create_dir_all(plan.join("content/assets/圖 表")).unwrap();
    fs::write(plan.join("content/assets/圖 表/網路 架構.png"), "GIF89a").unwrap();
    edit(&plan.join("content/chapters/scope.md"), "---\n\n", "---\n\n![架構](<../assets/圖 表/網路 架構.png>)\n\n");
    let words = ["--project", "資安 計畫/一一四年 版", "build", "--out", "公開 網站"];
    let ran = run(place.path(), &words).ends(0);
    assert!(ran.out.starts_with("公開 網站：") && only_counts_what_is_open(&ran.err), "{ran:?}");
    let site = standing(&place.path().join("公開 網站"));
    assert!(site.values().any(|bytes| bytes == b"GIF89a"));
    // The same bytes as of a plan without such names around it.
    fs::rename(&plan, place.path().join("plan")).unwrap();
    run(&place.path().join("plan"), &["build"]).ends(0);
    assert_stands(&place.path().join("plan/public"), &site);
    verify_sums(&place.path().join("公開 網站"));
}

/// That `sha256sum -c` finds every file as listed.
fn verify_sums(folder: &Path) {
    match Command::new("sha256sum").args(["-c", "--strict", "--quiet", "SHA256SUMS"]).current_dir(folder).output() {
        Ok(ran) => assert!(ran.status.success() && ran.stdout.is_empty(), "{}", String::from_utf8_lossy(&ran.stdout)),
        Err(error) => super::skip(&format!("sha256sum: {error}")),
    }
}

#[test]
fn the_digests_verify_and_list_every_file() {
    let plan = template();
    let public = plan.path().join("public");
    run(plan.path(), &["build"]).ends(0);
    verify_sums(&public);
    let sums = text(&public.join("SHA256SUMS"));
    let listed: Vec<_> = sums.lines().map(|line| line.split_once("  ").expect("two blanks").1).collect();
    let files = marks(&public);
    let files: Vec<_> = files.keys().map(String::as_str).filter(|path| !["SHA256SUMS", ".planpress"].contains(path)).collect();
    assert_eq!(listed, files);
    fs::write(public.join("index.html"), "altered").unwrap();
    run(plan.path(), &["build"]).ends(0);
    verify_sums(&public);
}

#[test]
fn what_a_killed_first_build_left_is_no_obstacle() {
    let project = small();
    project.write(".public.planpress-staging/site/chapters/a.html", b"half");
    project.write("empty/.planpress-staging/site/chapters/a.html", b"half");
    for out in ["public", "empty"] {
        run(project.folder.path(), &["build", "--out", out]).ends(0);
    }
    assert_entries(project.folder.path(), &["content", "empty", "public"]);
    assert_stands(&project.folder.path().join("empty"), &standing(&project.folder.path().join("public")));
}

#[test]
fn builds_at_once_end_with_one_whole_site() {
    let plan = template();
    run(plan.path(), &["build", "--out", "reference"]).ends(0);
    let reference = standing(&plan.path().join("reference"));
    for round in 0..5 {
        let builds: Vec<_> = (0..3).map(|_| command(plan.path(), &["build"]).spawn().unwrap()).collect();
        let all: Vec<_> = builds.into_iter().map(|child| Ran::of(child.wait_with_output().unwrap())).collect();
        assert!(all.iter().any(|ran| ran.code == Some(0)), "{all:?}");
        for ran in all.into_iter().filter(|ran| ran.code != Some(0)) {
            ran.refused("另一個 planpress");
        }
        assert_stands(&plan.path().join("public"), &reference);
        assert_entries(plan.path(), &[".gitattributes", ".gitignore", "content", "public", "reference"]);
        if round % 2 == 1 {
            fs::remove_dir_all(plan.path().join("public")).unwrap();
        }
    }
}

#[test]
fn clocks_languages_homes_line_ends_and_byte_order_marks_change_no_byte() {
    let project = small();
    let root = project.folder.path();
    let built = |settings: &[(&str, &str)], out: &str| {
        let mut command = command(root, &["-q", "build", "--out", out]);
        command.envs(settings.iter().copied());
        Ran::of(command.output().unwrap()).ends(0);
        standing(&root.join(out))
    };
    let first = built(&[], "first");
    let machines: [&[(&str, &str)]; 5] = [
        &[("TZ", "Pacific/Kiritimati"), ("LANG", "ar_EG.UTF-8"), ("HOME", "/nonexistent")],
        &[("TZ", "America/New_York"), ("LC_ALL", "C"), ("SOURCE_DATE_EPOCH", "1")],
        &[("LC_ALL", "tr_TR.UTF-8"), ("LANGUAGE", "de:fr"), ("TERM", "dumb")],
        &[("LC_ALL", "zh_CN.GB18030"), ("RAYON_NUM_THREADS", "1"), ("COLUMNS", "20")],
        &[("TMPDIR", "/nonexistent"), ("USER", "某人"), ("NO_COLOR", "1")],
    ];
    for (at, settings) in machines.iter().enumerate() {
        let differing = differing(&first, &built(settings, &format!("again{at}")));
        assert!(differing.is_empty(), "{settings:?}: {differing:?}");
    }
    for name in ["content/plan.yaml", "content/chapters/a.md", "content/chapters/b.md", "content/annexes/form.md"] {
        let text = text(&root.join(name));
        project.write(name, format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes());
    }
    let differing = differing(&first, &built(&[], "windows"));
    assert!(differing.is_empty(), "line ends and byte order marks: {differing:?}");
}

#[test]
fn the_longest_names_that_a_disk_allows_are_published() {
    let project = small();
    let root = project.folder.path();
    // 255 bytes at most, of which the published name needs nine for its digest.
    let name = format!("{}😀.png", "長".repeat(78));
    project.write(&format!("content/assets/{name}"), b"GIF89a");
    let text = format!("---\ntitle: 乙\n---\n\n## 範圍 {{#reach}}\n\n![圖](<assets/{name}>)\n");
    project.write("content/chapters/b.md", text.as_bytes());
    run(root, &["build"]).ends(0);
    assert!(standing(&root.join("public")).keys().any(|path| path.starts_with(&format!("assets/{}", "長".repeat(78)))));
    // One that would become too long with its digest is cut.
    project.write(&format!("content/assets/{}.png", "長".repeat(83)), b"GIF89a");
    run(root, &["build"]).ends(0);
    assert!(standing(&root.join("public")).keys().any(|path| path.starts_with(&format!("assets/{}.", "長".repeat(80)))));
}
