//! A project's own theme: file by file over the built-in one, and its mistakes.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{assert_stands, differing, edit, run, small, standing, template, text};
use crate::project;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A file of the built-in theme.
fn built_in(file: &str) -> String {
    text(&project::root().join("themes/default").join(file))
}

/// Writes a file of a project's own theme.
fn write(root: &Path, file: &str, words: &str) -> PathBuf {
    let path = root.join("themes").join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, words).unwrap();
    path
}

/// The styles and scripts of a site by their names without the digests.
fn assets(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    standing(&folder.join("assets"))
        .into_iter()
        .map(|(name, bytes)| (name.split('.').next().unwrap_or_default().to_owned(), bytes))
        .collect()
}

#[test]
fn a_style_of_the_project_replaces_that_style_only() {
    let plan = template();
    let root = plan.path();
    run(root, &["build"]).ends(0);
    write(root, "default/styles/print.css", "p { color: #123456 }\n");
    run(root, &["build", "--out", "own"]).ends(0);
    let (before, after) = (assets(&root.join("public")), assets(&root.join("own")));
    assert_eq!(differing(&before, &after).into_iter().collect::<Vec<_>>(), ["print"]);
    assert_eq!(after["print"], b"p { color: #123456 }\n");
    // The pages link it under its new name, and nothing links the old one.
    let named = |folder: &str| standing(&root.join(folder).join("assets")).into_keys().find(|name| name.starts_with("print.")).unwrap();
    let (old, new) = (named("public"), named("own"));
    let page = text(&root.join("own/chapters/scope.html"));
    assert!(old != new && page.contains(&new) && !page.contains(&old));
}

#[test]
fn a_template_of_the_project_replaces_that_template_only() {
    let plan = template();
    let root = plan.path();
    run(root, &["build"]).ends(0);
    let own = built_in("templates/facts.html").replace("<dl class=\"facts\">", "<dl class=\"facts\" data-own>");
    write(root, "default/templates/facts.html", &own);
    run(root, &["build", "--out", "own"]).ends(0);
    assert_eq!(assets(&root.join("public")), assets(&root.join("own")));
    let page = |folder: &str| text(&root.join(folder).join("chapters/scope.html"));
    assert!(page("own").contains(" data-own>"));
    let without = |page: String| page.lines().filter(|line| !line.contains("<code>")).collect::<Vec<_>>().join("\n");
    assert_eq!(without(page("own").replace(" data-own>", ">")), without(page("public")));
}

#[test]
fn a_theme_of_ones_own_may_be_one_file() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    project.write("content/plan.yaml", "title: 測試計畫\ntheme: agency\nchapters: [a, b]\nannexes: [form]\n".as_bytes());
    write(root, "agency/styles/print.css", "/* own */\n");
    run(root, &["check", "--deny", "warnings"]).ends(0);
    run(root, &["build", "--out", "own"]).ends(0);
    let (before, after) = (assets(&root.join("public")), assets(&root.join("own")));
    assert_eq!(differing(&before, &after).into_iter().collect::<Vec<_>>(), ["print"]);
    // A folder of another theme, even `default`, does not count then.
    write(root, "default/styles/page.css", "/* not asked for */\n");
    run(root, &["build", "--out", "again"]).ends(0);
    assert_stands(&root.join("again"), &standing(&root.join("own")));
}

/// That `check` and `build` name the place and the words, and that nothing is written.
#[track_caller]
fn assert_reported(root: &Path, place: &str, words: &str) {
    let before = standing(root);
    let checked = run(root, &["check"]).ends(1);
    for said in [checked.out, run(root, &["build"]).ends(1).err, run(root, &["build", "--out", "new"]).ends(1).err] {
        assert!(said.contains(&format!("--> {place}:")) && said.contains(words), "no {place} with {words:?} in\n{said}");
    }
    assert_stands(root, &before);
}

/// A project that was built, and a template of its own with some words on a third line.
fn with_template(template: &str, words: &str) -> project::Temporary {
    let project = small();
    run(project.folder.path(), &["build"]).ends(0);
    write(project.folder.path(), &format!("default/templates/{template}"), &format!("<p>\n</p>\n{words}\n"));
    project
}

#[test]
fn a_template_that_cannot_be_read_is_named_with_its_line() {
    for (template, words) in [("facts.html", "{% if %}"), ("chapter.html", "{{ page.title"), ("macros.html", "{% nonsense %}")] {
        let project = with_template(template, words);
        let named = "錯誤[theme]: 佈景主題的樣板有錯：語法不對（";
        assert_reported(project.folder.path(), &format!("themes/default/templates/{template}:3"), named);
    }
}

#[test]
fn a_template_that_cannot_be_read_is_reported_once() {
    let project = with_template("facts.html", "{% if %}");
    let out = run(project.folder.path(), &["check"]).ends(1).out;
    assert_eq!(out.matches("[theme]").count(), 1, "{out}");
}

#[test]
fn an_unknown_variable_is_named_with_its_line_and_the_nearest() {
    for (template, words, near) in [("chapter.html", "{{ site.titel }}", "title"), ("chapter.html", "{{ chaptr.title }}", "chapter")] {
        let project = with_template(template, words);
        assert_reported(project.folder.path(), &format!("themes/default/templates/{template}:3"), &format!("「{near}」"));
    }
}

#[test]
fn a_mistake_in_an_included_template_is_named_where_it_stands() {
    for (words, near) in [
        ("{{ chapter.titel }}", "「title」"),
        ("{{ t.chapter_kin }}", "「chapter_kind」"),
        ("{{ asset('styles/pag.css') }}", "styles/page.css"),
    ] {
        let project = with_template("facts.html", words);
        assert_reported(project.folder.path(), "themes/default/templates/facts.html:3", near);
    }
}

#[test]
fn a_build_that_a_template_stops_says_that_nothing_was_written() {
    let project = with_template("chapter.html", "{{ nothing }}");
    let ran = run(project.folder.path(), &["build"]).ends(1);
    assert!(ran.out.is_empty() && ran.err.contains("沒有寫入任何檔案"), "{}", ran.err);
}

#[test]
fn words_of_a_locale_that_are_no_words_are_named_with_their_line() {
    let project = small();
    let root = project.folder.path();
    let own = built_in("locales/zh-Hant-TW.yaml");
    let line = own.lines().count() + 1;
    write(root, "default/locales/zh-Hant-TW.yaml", &format!("{own}own: [一, 二\n"));
    assert_reported(root, "themes/default/locales/zh-Hant-TW.yaml", "錯誤");
    write(root, "default/locales/zh-Hant-TW.yaml", &format!("{own}own: [一, 二]\n"));
    assert_reported(root, &format!("themes/default/locales/zh-Hant-TW.yaml:{line}"), "錯誤");
}

#[test]
fn what_a_theme_offers_can_be_left_out_line_by_line() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    let page = |name: &str| text(&root.join("public").join(name));
    let all = page("chapters/a.html");
    assert_eq!((all.matches("class=\"region\"").count(), all.matches(" accesskey=").count()), (4, 5));
    assert!(page("sitemap.html").contains("chapters/b.html") && all.contains("../sitemap.html"));
    write(root, "default/options.yaml", "access_keys: false\n");
    run(root, &["build"]).ends(0);
    let marks = page("chapters/a.html");
    assert_eq!((marks.matches("class=\"region\"").count(), marks.matches(" accesskey=").count()), (4, 0));
    write(root, "default/options.yaml", "region_marks: false\naccess_keys: false\nsite_map: false\n");
    run(root, &["build"]).ends(0);
    let none = page("chapters/a.html");
    assert!(!none.contains("class=\"region") && !none.contains("accesskey") && !none.contains("sitemap"));
    assert!(!root.join("public/sitemap.html").exists() && !page("index.html").contains("sitemap"));
}

#[test]
fn an_option_that_does_not_exist_is_named_with_its_line_and_the_nearest() {
    let project = small();
    let root = project.folder.path();
    write(root, "default/options.yaml", "site_map: true\nacces_keys: false\n");
    let ran = run(root, &["check"]);
    assert!(
        ran.out.contains("themes/default/options.yaml:2:1") && ran.out.contains("access_keys"),
        "{}{}",
        ran.out,
        ran.err
    );
    write(root, "default/options.yaml", "site_map: maybe\n");
    assert!(run(root, &["check"]).ends(1).out.contains("themes/default/options.yaml:1"));
}

#[cfg(unix)]
#[test]
fn a_theme_that_is_a_link_out_of_the_project_is_refused() {
    let project = small();
    let root = project.folder.path();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("secret.css"), "/* 機密 */\n").unwrap();
    for link in ["themes/default/styles", "themes/default", "themes"] {
        let link = root.join(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &link).unwrap();
        fs::create_dir_all(elsewhere.path().join("default/styles")).unwrap();
        fs::write(elsewhere.path().join("default/styles/secret.css"), "/* 機密 */\n").unwrap();
        let out = run(root, &["check"]).ends(1).out;
        assert!(out.contains("outside-project") && out.contains("themes/default"), "{out}");
        fs::remove_file(&link).unwrap();
        let _ = fs::remove_dir(link.parent().unwrap());
    }
}

#[test]
fn an_unknown_theme_is_named_where_the_plan_names_it() {
    let plan = template();
    let root = plan.path();
    run(root, &["build"]).ends(0);
    edit(&root.join("content/plan.yaml"), "theme: default", "theme: defualt");
    let number = text(&root.join("content/plan.yaml")).lines().position(|line| line.starts_with("theme:")).unwrap() + 1;
    assert_reported(root, &format!("content/plan.yaml:{number}"), "themes/defualt");
    fs::create_dir_all(root.join("overlay")).unwrap();
    fs::write(root.join("overlay/plan.yaml"), "theme: nowhere\n").unwrap();
    let out = run(root, &["check", "--overlay", "overlay"]).ends(1).out;
    assert!(out.contains("--> overlay/plan.yaml:1:"), "{out}");
}

#[test]
fn a_theme_holds_texts_only_and_says_where_pictures_go() {
    let project = small();
    let root = project.folder.path();
    for file in ["icons/logo.png", "styles/kai.woff2"] {
        let path = write(root, &format!("default/{file}"), "");
        fs::write(&path, b"\x89PNG\xff").unwrap();
        let out = run(root, &["check"]).ends(1).out;
        assert!(out.contains("只放文字檔") && out.contains("content/assets") && !out.contains("UTF-8"), "{out}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_folder_of_themes_under_another_name_is_told() {
    let project = small();
    let root = project.folder.path();
    for (file, is_told) in [("theme/agency/styles/page.css", true), ("theme/options.yaml", true), ("theme/notes/a.md", false)] {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
        let out = run(root, &["check"]).ends(0).out;
        assert_eq!(out.contains("unlisted-file") && out.contains("請改名為 themes"), is_told, "{file}: {out}");
        fs::remove_dir_all(root.join("theme")).unwrap();
    }
}

#[test]
fn a_theme_has_words_for_its_own_templates_and_marks_that_they_fill_in() {
    let project = small();
    let root = project.folder.path();
    let words = "motto: 安全第一\nmenu: 目次（{office}）\n";
    write(root, "default/locales/zh-Hant-TW.yaml", words);
    let out = run(root, &["check"]).ends(0).out;
    assert!(out.contains("「motto」") && out.contains("「{office}」"), "{out}");
    write(root, "default/templates/toc.html", "<p>{{ t.motto }} {{ t.menu | replace(\"{office}\", \"總務課\") }}</p>");
    run(root, &["build"]).ends(0);
    assert!(text(&root.join("public/chapters/a.html")).contains("<p>安全第一 目次（總務課）</p>"));
}

#[test]
fn a_theme_cannot_lie_outside_the_project() {
    let project = small();
    let elsewhere = tempfile::tempdir().unwrap();
    write(elsewhere.path(), "styles/print.css", "/* not ours */\n");
    for name in ["../..", "..", ".", "", "/", project_name(elsewhere.path()).as_str()] {
        let plan = format!("title: 測試計畫\ntheme: \"{name}\"\nchapters: [a, b]\nannexes: [form]\n");
        project.write("content/plan.yaml", plan.as_bytes());
        let out = run(project.folder.path(), &["check"]).ends(1).out;
        assert!(out.contains("content/plan.yaml"), "{name:?}: {out}");
    }
}

/// A folder's address as a theme's name, on Windows too.
fn project_name(folder: &Path) -> String {
    folder.join("themes").to_string_lossy().replace('\\', "/")
}

#[test]
fn a_template_that_does_not_end_is_named() {
    let loops = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}";
    let project = with_template("coverage.html", loops);
    assert_reported(project.folder.path(), "themes/default/templates/coverage.html", "一頁超過 50000000 步");
    let english = run(project.folder.path(), &["--lang", "en", "check"]).ends(1).out;
    assert!(english.contains("more than 50000000 steps for one page"), "{english}");
    // What includes or calls itself comes to an end as well.
    for words in [
        "{% include 'coverage.html' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    ] {
        let project = with_template("coverage.html", words);
        assert_reported(project.folder.path(), "themes/default/templates/coverage.html:3", "請看這裡放入或叫用的是不是自己");
    }
}

#[test]
fn a_template_that_is_too_deep_is_named_where_it_is() {
    let chain = format!("{{{{ {}1 }}}}", "-".repeat(50_000));
    let alternatives = format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(20_000));
    for (words, help) in [(chain, "請用 {% set … %} 分成幾步"), (alternatives, "{% include %}")] {
        let project = with_template("facts.html", &words);
        assert_reported(project.folder.path(), "themes/default/templates/facts.html:3", help);
    }
}

#[test]
fn a_plan_whose_theme_cannot_be_rendered_is_not_ready() {
    let project = project::Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a]\n"),
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n1. 應登記。\n"),
    ]);
    assert!(run(project.folder.path(), &["status"]).ends(0).out.contains("可以送核定"));
    project.write("themes/default/templates/chapter.html", b"{{ chapter.nothing.more }}");
    let all: serde_json::Value = serde_json::from_str(&run(project.folder.path(), &["status", "--format", "json"]).ends(1).out).unwrap();
    assert_eq!(all["ready"], serde_json::Value::from(false));
    assert!(run(project.folder.path(), &["status"]).ends(1).out.contains("templates/chapter.html"));
}
