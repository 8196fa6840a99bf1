//! Addresses of older editions: where their clauses stand now, as the site tells it.
//!
//! In: small plans, approved several times. Out: a failure that shows what an old bookmark would be told.

use super::{edit, run, text};
use crate::project;
use std::{fs, path::Path};

/// Approves what stands there, all changes for one reason.
fn approve(root: &Path, number: &str, day: &str) {
    fs::create_dir_all(root.join("content/editions")).unwrap();
    fs::write(root.join(format!("content/editions/{number}.yaml")), "a: 檢討修正。\n").unwrap();
    run(root, &["approve", number, "--by", "王小明", "--on", day]).ends(0);
}

/// What an old edition's addresses lead to, once the plan is built.
fn addresses(root: &Path, number: &str) -> String {
    run(root, &["build", "--replace-approved"]).ends(0);
    text(&root.join(format!("public/editions/{number}.js")))
}

const AGENCY: &str = "fields:\n  - { name: level, title: 等級, type: string, constraints: { enum: [B, C] } }\nvalues: { level: C }\n";

#[test]
fn a_clause_that_came_back_is_not_called_deleted() {
    let chapter = "---\ntitle: 甲\n---\n\n## 清查 {#review}\n\n1. 帳號每季清查一次。\n2. 離職當日即收回權限。\n\n## 健診 {#checkup when=\"agency.level == 'C'\"}\n\n每年健診一次。\n";
    let project =
        project::Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("data/agency.yaml", AGENCY), ("chapters/a.md", chapter)]);
    let root = project.folder.path();
    let agency = root.join("content/data/agency.yaml");
    approve(root, "1.0", "2026-01-01");
    edit(&agency, "level: C", "level: B");
    edit(&root.join("content/chapters/a.md"), "2. 離職當日即收回權限。\n", "");
    approve(root, "1.1", "2026-01-02");
    let gone = addresses(root, "1.0");
    assert!(
        gone.contains(r#""checkup":[null,"壹二","editions/1.1.html"]"#) && gone.contains(r#""review.2":[null,"#),
        "{gone}"
    );
    edit(&agency, "level: B", "level: C");
    project.write("content/chapters/a.md", chapter.as_bytes());
    approve(root, "1.2", "2026-01-03");
    assert_eq!(addresses(root, "1.0"), "planpressEdition(\"1.0\", {\n\n});\n", "both stand where they stood");
    // With other words it is the same where its id is written, and says so.
    edit(&root.join("content/chapters/a.md"), "每年健診", "每半年健診");
    edit(&root.join("content/chapters/a.md"), "2. 離職當日", "2. 離職次日");
    approve(root, "1.3", "2026-01-04");
    let amended = addresses(root, "1.0");
    assert!(amended.contains(r#""checkup":["chapters/a.html#checkup","壹二","壹二",["1.3"]]"#), "{amended}");
}

#[test]
fn a_chapter_or_an_annex_that_is_gone_leaves_a_page_at_its_address() {
    let when = "when: agency.level == 'C'\n";
    let chapter = |title: &str, front: &str, own: &str| format!("---\ntitle: {title}\n{front}---\n\n{own}");
    let review = "## 清查 {#review}\n\n帳號每季清查一次。\n";
    let form = |front: &str| chapter("申請表", front, ":::signature\n- 申請人\n:::\n");
    let project = project::Temporary::new(&[
        (
            "plan.yaml",
            "title: 計畫\nchapters: [a, b]\nannexes: [f]\nchecks: { unreferenced-annex: off, empty-item: off }\n",
        ),
        ("data/agency.yaml", AGENCY),
        ("chapters/a.md", &chapter("甲", "", "1. 應登記。\n")),
        ("chapters/b.md", &chapter("乙", when, &format!("{review}\n## 改善 {{#improve}}\n\n一個月內改善。\n"))),
        ("annexes/f.md", &form(when)),
    ]);
    let root = project.folder.path();
    let page = |name: &str| text(&root.join("public").join(name));
    approve(root, "1.0", "2026-01-01");
    run(root, &["build"]).ends(0);
    assert!(page("chapters/b.html").contains("一個月內改善"));
    edit(&root.join("content/data/agency.yaml"), "level: C", "level: B");
    project.write("content/chapters/a.md", chapter("甲", "", &format!("1. 應登記。\n\n{review}")).as_bytes());
    project.write("content/chapters/b.md", chapter("乙", when, "## 改善 {#improve}\n\n一個月內改善。\n").as_bytes());
    // Not before it is approved is it in force no more.
    run(root, &["build", "--replace-approved"]).ends(0);
    assert!(
        page("annexes/f.html").contains("尚未核定。 <a href=\"../editions/draft.html\">"),
        "{}",
        page("annexes/f.html")
    );
    project.write("content/editions/1.1.yaml", "a: 檢討修正。\nb: 檢討修正。\nf: 檢討修正。\nreview: 移列。\n".as_bytes());
    run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-01-02"]).ends(0);
    run(root, &["build"]).ends(0);
    let gone = page("chapters/b.html");
    for words in [
        "<h1>貳 乙</h1>",
        "這是 1.0 版的內容，自 1.1 版起已刪除。 <a href=\"../editions/1.1.html\">",
        "<li>貳一　現為<a href=\"../chapters/a.html#review\">壹一 清查</a></li>",
        "name=\"robots\" content=\"noindex\"",
    ] {
        assert!(gone.contains(words), "{words}: {gone}");
    }
    assert!(!gone.contains("一個月內改善") && !gone.contains("improve"), "{gone}");
    assert!(page("annexes/f.html").contains("<h1>附件1 申請表</h1>"));
    assert!(!page("sitemap.html").contains("b.html") && !page("print.html").contains("b.html"));
    run(root, &["verify", "public"]).ends(0);
    // What is in force again has its page again, whichever editions were without.
    edit(&root.join("content/data/agency.yaml"), "level: B", "level: C");
    run(root, &["build", "--replace-approved"]).ends(0);
    assert!(page("chapters/b.html").contains("一個月內改善") && !page("chapters/b.html").contains("noindex"));
}

#[test]
fn a_number_that_is_another_now_is_called_by_its_part_where_parts_are_new() {
    let chapter = |title: &str, id: &str| format!("---\ntitle: {title}\n---\n\n## 依據 {{#{id}-s}}\n\n應維護資通安全。\n");
    let project = project::Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a, b, c]\n"),
        ("chapters/a.md", &chapter("甲", "a")),
        ("chapters/b.md", &chapter("乙", "b")),
        ("chapters/c.md", &chapter("丙", "c")),
    ]);
    let root = project.folder.path();
    approve(root, "1.0", "2026-01-01");
    let parts = "title: 計畫\nparts:\n  - { title: 總則, chapters: [a, b] }\n  - { title: 分則, chapters: [c] }\n";
    project.write("content/plan.yaml", parts.as_bytes());
    let now = addresses(root, "1.0");
    assert!(now.contains(r#""c-s":["chapters/c.html#c-s","參一","分則 壹一"]"#) && !now.contains("總則"), "{now}");
}

#[test]
fn a_clause_of_which_only_the_number_is_kept_is_called_deleted() {
    let chapter = "---\ntitle: 甲\n---\n\n## 清查 {#review}\n\n1. 帳號每季清查一次。\n2. 離職當日即收回權限。\n";
    let project = project::Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", chapter)]);
    let root = project.folder.path();
    approve(root, "1.0", "2026-01-01");
    edit(&root.join("content/chapters/a.md"), "帳號每季清查一次。", "（刪除）");
    approve(root, "1.1", "2026-01-02");
    let struck = addresses(root, "1.0");
    assert!(struck.contains(r#""review.1":["chapters/a.html#review.1","壹一1",null,["1.1"]]"#), "{struck}");
}
