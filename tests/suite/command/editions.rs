//! `approve`, `verify` and what a build does with an approved edition; signatures are in `signatures`.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended. Comparing editions is
//! in `amendments`.

use super::{Ran, Temporary, assert_stands, command, edit, run, small, standing, template, text, utf8};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

const APPROVE: [&str; 6] = ["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"];

pub(super) fn approve(root: &Path) -> Ran {
    run(root, &APPROVE)
}

pub(super) fn record(root: &Path) -> std::path::PathBuf {
    root.join("content/editions/1.0.json")
}

#[test]
fn what_is_open_is_listed_and_nothing_is_approved() {
    let plan = template();
    let ran = approve(plan.path()).ends(1);
    assert!(ran.err.contains("錯誤[blank]") && ran.err.contains("錯誤[undecided-alternative]"), "{}", ran.err);
    assert!(ran.err.contains("項，沒有核定") && ran.out.is_empty(), "{}", ran.err);
    assert!(!plan.path().join("content/editions").exists(), "a refusal leaves no trace");
}

#[test]
fn a_plan_without_a_chapter_is_not_ready_and_not_approved() {
    let project = Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: []\n")]);
    let root = project.folder.path();
    for waiver in ["", "checks: { missing-chapter: off }\n"] {
        fs::write(root.join("content/plan.yaml"), format!("title: 計畫\nchapters: []\n{waiver}")).unwrap();
        let status = run(root, &["status"]);
        assert!(status.out.contains("計畫沒有任何一章") && !status.out.contains("可以送核定"), "{}", status.out);
        let ran = approve(root).ends(1);
        assert!(
            ran.err.contains("錯誤[missing-chapter]") && ran.err.contains("在 plan.yaml 的 chapters 列出各章"),
            "{}",
            ran.err
        );
        assert!(!record(root).exists());
    }
    fs::write(root.join("content/plan.yaml"), "title: 計畫\n").unwrap();
    let ran = run(root, &[&APPROVE[..], &["--lang", "en"]].concat()).ends(1);
    assert!(
        ran.err.contains("The plan has no chapter") && ran.err.contains("List the chapters under `chapters`"),
        "{}",
        ran.err
    );
    // A draft may begin with nothing.
    run(root, &["build"]).ends(0);
}

#[test]
fn an_approved_plan_is_built_as_that_edition_and_verified() {
    let project = small();
    let root = project.folder.path();
    let ran = approve(root).ends(0);
    let path = Path::new("content").join("editions").join("1.0.json");
    assert!(ran.out.starts_with(&format!("核定 1.0 版：{}（", path.display())), "{}", ran.out);
    let said = run(root, &["build"]).ends(0);
    assert!(!said.err.contains("紀錄不同"), "{}", said.err);
    let cover = text(&root.join("public/index.html"));
    for words in ["核定版 1.0", "中華民國 115 年 11 月 20 日", "王小明"] {
        assert!(cover.contains(words), "{words}");
    }
    let verified = run(root, &["verify", "public"]).ends(0).out;
    assert!(verified.contains("相符　index.html") && verified.contains("public 就是核定的 1.0 版"), "{verified}");
    run(root, &["verify", "content/editions/1.0.json"]).ends(0);
    run(root, &["verify", "public", "content/editions/1.0.json", "--lang", "en"]).ends(0);
    // A folder alone, without its project: an auditor's copy.
    let copy = tempfile::tempdir().unwrap();
    fs::copy(record(root), copy.path().join("1.0.json")).unwrap();
    run(copy.path(), &["verify", utf8(&root.join("public")), "1.0.json"]).ends(0);
    run(copy.path(), &["verify", utf8(&root.join("public"))]).refused("找不到核定紀錄");
    run(root, &["verify", "nowhere"]).refused("打錯");
    run(root, &["verify", "nowhere.json"]).refused("打錯");
    if cfg!(unix) {
        let sums = Command::new("sha256sum").args(["-c", "--quiet", "SHA256SUMS"]).current_dir(root.join("public")).output();
        assert!(sums.is_ok_and(|output| output.status.success()));
    }
}

#[test]
fn an_older_record_and_an_older_site_are_looked_at_for_what_they_are() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    run(root, &["build", "--out", "old"]).ends(0);
    edit(&root.join("content/chapters/b.md"), "全機關。", "全機關及所屬。");
    project.write("content/editions/1.1.yaml", "b: 擴大適用。\n".as_bytes());
    run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(0);
    run(root, &["build"]).ends(0);
    // What stands in public/ is another edition, and nobody asked for it.
    run(root, &["verify", "content/editions/1.0.json"]).ends(0);
    run(root, &["verify", "public", "content/editions/1.0.json"]).ends(1);
    // Without the list of digests the files tell which edition it was.
    fs::remove_file(root.join("old/SHA256SUMS")).unwrap();
    let said = run(root, &["verify", "old"]).ends(1).err;
    assert!(said.contains("不是核定的 1.0 版：0 個不同、1 個缺少") && said.contains("請取回核定的檔案"), "{said}");
    fs::rename(root.join("content/editions/1.1.json"), root.join("content/editions/1.1.JSON")).unwrap();
    run(root, &["verify", "public"]).ends(0);
    // One edition under the name of another would hide it, and let an older site pass for the latest.
    fs::copy(record(root), root.join("content/editions/1.1.JSON")).unwrap();
    for words in [&["verify", "old"][..], &["verify", "content/editions/1.1.JSON"], &["verify", "old", "content/editions/1.1.JSON"]] {
        let said = run(root, words).ends(1).err;
        assert!(said.contains("檔名與版次「1.0」不符"), "{said}");
    }
    // Wherever else a record is kept, it may have any name.
    fs::copy(record(root), root.join("kept.json")).unwrap();
    run(root, &["verify", "kept.json"]).ends(0);
}

#[test]
fn a_paragraph_that_went_past_an_item_is_an_amendment() {
    let project = small();
    let root = project.folder.path();
    let with = |items: &str| {
        let chapter = format!("---\ntitle: 乙\n---\n\n## 人員 {{#staff}}\n\n{items}");
        project.write("content/chapters/b.md", chapter.as_bytes());
    };
    let said = "以上人員之帳號，離職當日停用。";
    with(&format!("1. 正式人員應具結。\n2. 約聘人員應具結。\n\n{said}\n\n3. 委外人員應具結。\n"));
    approve(root).ends(0);
    assert!(text(&record(root)).contains("\"places\": [\n"));
    // One item more before it is that item's business.
    with(&format!("1. 正式人員應具結。\n2. 約聘人員應具結。\n3. 實習人員亦同。\n\n{said}\n\n4. 委外人員應具結。\n"));
    let table = run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out;
    assert!(table.contains("實習人員") && !table.contains(said), "{table}");
    with(&format!("1. 正式人員應具結。\n2. 約聘人員應具結。\n3. 委外人員應具結。\n\n{said}\n"));
    let table = run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out;
    assert!(table.contains(said) && table.contains("未編號之文字改列於所屬各點之前後。"), "{table}");
    let ran = run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(1);
    assert!(ran.err.contains("沒有寫修正理由"), "{}", ran.err);
}

#[test]
fn every_reason_on_the_way_stands_at_the_clause_that_it_was_given_for() {
    let project = small();
    let root = project.folder.path();
    let with = |items: &str| {
        let chapter = format!("---\ntitle: 乙\n---\n\n## 郵件 {{#mail}}\n\n{items}");
        project.write("content/chapters/b.md", chapter.as_bytes());
    };
    let approve = |number: &str, reasons: &str| {
        project.write(&format!("content/editions/{number}.yaml"), reasons.as_bytes());
        run(root, &["approve", number, "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    };
    with("1. 信箱應設通行碼。\n2. 附件應掃毒。\n");
    approve("1.0", "");
    with("1. 信箱應設通行碼。\n2. 附件應掃毒。\n3. 電子郵件應保存三年備查。\n");
    approve("1.1", "mail.3: 依檔案法令增列。\n");
    with("1. 信箱應設通行碼。\n2. 對外郵件應加註免責聲明。\n3. 附件應先掃毒。\n4. 電子郵件應保存三年備查。\n");
    approve("1.2", "mail.2: 依法務單位建議增列。\nmail.3: 依稽核建議修正。\n");
    let table = run(root, &["compare", "1.0", "1.2", "--format", "csv"]).ends(0).out;
    let rows: Vec<&str> = table.split("\r\n").filter(|row| row.contains('。')).collect();
    let reason_of = |words: &str| rows.iter().find(|row| row.contains(words)).map(|row| row.rsplit('\n').next().unwrap_or(row));
    for (words, reason) in [("免責聲明", "依法務單位建議增列。"), ("保存三年", "依檔案法令增列。"), ("先掃毒", "依稽核建議修正。")]
    {
        assert!(reason_of(words).is_some_and(|found| found.contains(reason)), "{words}: {rows:#?}");
    }
    // Backwards there is no way, and nothing was decided on it.
    let back = run(root, &["compare", "1.2", "1.0", "--format", "csv"]).ends(0).out;
    assert!(!back.contains("法務單位"), "{back}");
}

#[test]
fn what_the_system_or_an_office_program_leaves_among_the_sources_is_none() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    for path in ["assets/Thumbs.db", "assets/desktop.ini", "assets/~$form.docx", "editions/~$1.1.json", "chapters/Desktop.INI"] {
        project.write(&format!("content/{path}"), b"x");
    }
    project.write("themes/default/styles/Thumbs.db", b"x");
    run(root, &["build"]).ends(0);
    fs::write(root.join("public/chapters/Thumbs.db"), b"x").unwrap();
    run(root, &["verify", "public"]).ends(0);
    assert!(text(&root.join("public/index.html")).contains("核定版 1.0"));
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_forges_a_line_or_reaches_the_terminal() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    run(root, &["build"]).ends(0);
    fs::write(root.join("public/a\n相符　b\u{1b}[2J.html"), b"x").unwrap();
    let verified = run(root, &["verify", "public"]).ends(1).out;
    assert!(verified.lines().any(|line| line.starts_with("多出　a 相符　b")), "{verified}");
    assert!(!verified.contains('\u{1b}'), "{verified}");
}

#[test]
fn what_is_not_equal_is_named() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    run(root, &["build"]).ends(0);
    edit(&root.join("public/chapters/a.html"), "資通安全", "資訊安全");
    fs::remove_file(root.join("public/laws.html")).unwrap();
    fs::write(root.join("public/note.txt"), "x").unwrap();
    let ran = run(root, &["verify", "public"]).ends(1);
    for line in ["不同　chapters/a.html", "缺少　laws.html", "多出　note.txt", "相符　index.html"] {
        assert!(ran.out.contains(line), "{line} in {}", ran.out);
    }
    assert!(ran.err.contains("1 個不同、1 個缺少、1 個多出"), "{}", ran.err);
    let quiet = run(root, &["verify", "public", "-q"]).ends(1);
    assert!(!quiet.out.contains("相符"), "{}", quiet.out);
    // What planpress wrote is put right by the next build.
    fs::remove_file(root.join("public/note.txt")).unwrap();
    run(root, &["build"]).ends(0);
    run(root, &["verify", "public"]).ends(0);
}

#[test]
fn a_request_that_cannot_be_is_refused_before_anything_is_compiled() {
    let project = small();
    let root = project.folder.path();
    let with = |number, by, on| run(root, &["approve", number, "--by", by, "--on", on]);
    for number in ["1/0", "index", "Draft", "3..1", "1-", "1.0.json", "CON", "nul"] {
        with(number, "王小明", "2026-11-20").refused(&format!("版次不能是「{number}」"));
    }
    with("1.0", " ", "2026-11-20").refused("要有核定人的姓名");
    with("1.0", "王\n小明", "2026-11-20").refused("姓名裡有換行");
    for day in ["2026-02-30", "115-11-20", "0115-11-20", "昨天", "2026-11-20T10"] {
        with("1.0", "王小明", day).refused("不是日期");
    }
    run(root, &["approve", "1.0", "--by", "王小明"]).refused("缺少");
    assert!(!root.join("content/editions").exists());
}

#[test]
fn a_number_counts_once_and_time_goes_on() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    let before = text(&record(root));
    let with = |number, on| run(root, &["approve", number, "--by", "李大華", "--on", on]);
    approve(root).refused("1.0 版已經核定過");
    with("1.1", "2026-11-19").refused("早於 1.0 版的 2026-11-20");
    with("0.9", "2026-11-21").refused("請用比 1.0 大的版次");
    for same in ["1-0", "01.0", "1.00", "1", "1.0.0"] {
        with(same, "2026-11-21").refused(&format!("版次 {same} 就是已核定的 1.0 版"));
    }
    with("v1.1", "2026-11-21").refused("版次 v1.1 與已核定的 1.0 寫法不同");
    with("2a", "2026-11-21").refused("版次 2a 與已核定的 1.0 寫法不同");
    // Nobody is asked for the reasons of an edition that there will never be.
    edit(&root.join("content/chapters/b.md"), "全機關。", "全機關及所屬。");
    approve(root).refused("1.0 版已經核定過");
    edit(&root.join("content/chapters/b.md"), "全機關及所屬。", "全機關。");
    assert_eq!(text(&record(root)), before);
    // The same text may be approved anew, as the yearly review does; and numbers count as people count.
    with("1.9", "2026-11-20").ends(0);
    with("1.10", "2027-11-20").ends(0);
    run(root, &["build"]).ends(0);
    let cover = text(&root.join("public/index.html"));
    assert!(cover.contains("核定版 1.10") && cover.contains("李大華"));
    let next: serde_json::Value = serde_json::from_str(&text(&root.join("content/editions/1.10.json"))).unwrap();
    assert_eq!(next["previous"]["number"], "1.9");
}

#[test]
fn a_draft_replaces_an_approved_edition_only_on_purpose() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    run(root, &["build"]).ends(0);
    let approved = standing(&root.join("public"));
    run(root, &["build", "--view", "draft"]).refused("是核定的 1.0 版");
    edit(&root.join("content/chapters/b.md"), "全機關。", "全機關及所屬。");
    run(root, &["build"]).refused("--replace-approved");
    assert_stands(&root.join("public"), &approved);
    run(root, &["build", "--out", "draft"]).ends(0);
    run(root, &["build", "--replace-approved"]).ends(0);
    assert!(text(&root.join("public/index.html")).contains("核定後修改中"));
    run(root, &["verify", "public"]).ends(1);
    // A draft is replaced without a word.
    edit(&root.join("content/chapters/b.md"), "全機關及所屬。", "全機關。");
    run(root, &["build"]).ends(0);
    run(root, &["verify", "public"]).ends(0);
}

#[test]
fn an_edition_that_knows_nothing_of_another_replaces_it_only_on_purpose() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    run(root, &["build"]).ends(0);
    let stale = small();
    let stale_root = stale.folder.path();
    fs::create_dir_all(stale_root.join("content/editions")).unwrap();
    fs::copy(record(root), record(stale_root)).unwrap();
    let amend = |project: &super::Temporary, words: &str| {
        edit(&project.folder.path().join("content/chapters/b.md"), "全機關。", words);
        project.write("content/editions/1.1.yaml", "reach: 擴大適用。\n".as_bytes());
        run(project.folder.path(), &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(0);
    };
    amend(&project, "全機關及所屬。");
    // What was published before is replaced by what follows it, with its record or without.
    run(root, &["build"]).ends(0);
    let approved = standing(&root.join("public"));
    let public = root.join("public");
    let onto = |words: &[&str]| run(stale_root, &[&["build", "--out", utf8(&public)], words].concat());
    onto(&[]).refused("是核定的 1.1 版，但不是這裡的核定紀錄所記的，不會用 1.0 版取代");
    amend(&stale, "本機關。");
    onto(&["--lang", "en"]).refused("edition 1.1 does not replace it");
    assert_stands(&public, &approved);
    // The same edition, made by another program, is the same edition.
    edit(&root.join("public/SHA256SUMS"), "index.html", "other.html");
    run(root, &["build"]).ends(0);
    onto(&["--replace-approved"]).ends(0);
    run(root, &["build"]).refused("--replace-approved");
}

#[test]
fn an_earlier_edition_is_no_longer_what_is_approved() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    run(root, &["build"]).ends(0);
    edit(&root.join("content/chapters/b.md"), "全機關。", "全機關及所屬。");
    project.write("content/editions/1.1.yaml", "reach: 擴大適用。\n".as_bytes());
    run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(0);
    let ran = run(root, &["verify", "public"]).ends(1);
    assert!(ran.err.contains("較早核定的 1.0 版") && ran.err.contains("已有核定的 1.1 版"), "{}", ran.err);
    assert!(ran.err.contains("planpress build") && ran.err.contains("1.0.json"), "{}", ran.err);
    run(root, &["verify", "public", "content/editions/1.0.json"]).ends(0);
    // A record that is lost keeps nobody from publishing the edition after it.
    fs::remove_file(record(root)).unwrap();
    run(root, &["build"]).ends(0);
    assert!(text(&root.join("public/index.html")).contains("核定版 1.1"));
}

#[test]
fn a_theme_of_the_project_is_approved_with_its_text() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    let state_with = |style: Option<&str>| {
        let file = root.join("themes/default/styles/print.css");
        match style {
            Some(style) => project.write("themes/default/styles/print.css", style.as_bytes()),
            None => fs::remove_file(file).unwrap(),
        }
        run(root, &["build", "--replace-approved"]).ends(0);
        text(&root.join("public/index.html")).contains("核定後修改中")
    };
    assert!(state_with(Some("p { color: red }")), "pages look otherwise than when they were approved");
    assert!(!state_with(None), "what the program brings along is no part of the plan");
    let copy = fs::read_to_string(crate::project::root().join("themes/default/styles/print.css")).unwrap();
    assert!(!state_with(Some(&copy)), "neither is a copy of it");
    run(root, &["verify", "public"]).ends(0);
}

#[test]
fn an_agency_s_editions_are_its_own() {
    let project = small();
    let root = project.folder.path();
    for overlay in ["one", "other"] {
        fs::create_dir_all(root.join(overlay).join("chapters")).unwrap();
        fs::copy(root.join("content/chapters/b.md"), root.join(overlay).join("chapters/b.md")).unwrap();
    }
    approve(root).ends(0);
    let with = |overlay, words: &[&str]| run(root, &[&["--overlay", overlay], words].concat());
    // What was approved without the overlay is no earlier edition of the agency's plan.
    with("one", &["build"]).ends(0);
    assert!(text(&root.join("public/index.html")).contains("data-state=\"draft\""));
    edit(&root.join("one/chapters/b.md"), "全機關。", "全機關及所屬。");
    with("one", &APPROVE).ends(0);
    with("one", &["build"]).ends(0);
    // Nor does a draft replace it when the overlay is forgotten, or is another one's, or when the list of digests is gone.
    let approved = standing(&root.join("public"));
    edit(&root.join("content/chapters/b.md"), "全機關。", "本機關。");
    run(root, &["build"]).refused("是核定的 1.0 版");
    with("other", &["build"]).refused("--replace-approved");
    assert_stands(&root.join("public"), &approved);
    with("one", &["verify", "public"]).ends(0);
    with("other", &["build", "--replace-approved"]).ends(0);
}

#[test]
fn waivers_are_part_of_the_record() {
    let project = small();
    let root = project.folder.path();
    edit(&root.join("content/chapters/b.md"), "全機關。", "本全機關。");
    approve(root).ends(1);
    let plan = root.join("content/plan.yaml");
    let with = text(&plan) + "waivers: [{ rule: broken-blank, at: b, reason: 依長官核示維持原文 }]\nchecks: { term-variant: off }\n";
    fs::write(&plan, with).unwrap();
    approve(root).ends(0);
    let record: serde_json::Value = serde_json::from_str(&text(&record(root))).unwrap();
    assert_eq!(record["waivers"][0]["reason"], "依長官核示維持原文");
    assert_eq!(record["rules_off"][0], "term-variant");
}

#[test]
fn a_record_that_was_cut_short_or_altered_or_is_newer_stops_everything_and_loses_nothing() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    run(root, &["build"]).ends(0);
    let (whole, public) = (text(&record(root)), standing(&root.join("public")));
    let cases = [
        (whole[..whole.len() / 2].to_owned(), "無法讀取"),
        (String::new(), "無法讀取"),
        (whole.replace("王小明", "王大明"), "被改過"),
        (whole.replace("\"format\": 4", "\"format\": 9"), "格式是第 9 版"),
    ];
    for (text, words) in cases {
        fs::write(record(root), text).unwrap();
        let ran = run(root, &["build"]).ends(1);
        assert!(ran.err.contains("broken-record") && ran.err.contains(words), "{}", ran.err);
        assert!(ran.err.contains("從備份或版本控制取回原檔"), "{}", ran.err);
        run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(1);
        assert!(!root.join("content/editions/1.1.json").exists());
        let verified = run(root, &["verify", "public"]).ends(1);
        assert!(verified.err.contains(words), "{}", verified.err);
        assert_stands(&root.join("public"), &public);
    }
    fs::write(record(root), whole).unwrap();
    run(root, &["verify", "public"]).ends(0);
}

#[test]
fn of_two_approvals_at_once_one_counts() {
    let project = small();
    let root = project.folder.path();
    let start = |number: &str| {
        let mut command = command(root, &["approve", number, "--by", "王小明", "--on", "2026-11-20"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for round in 1..8 {
        let number = format!("{round}.0");
        let mut runs = [start(&number), start(&number), start(&number)];
        let done = runs.iter_mut().filter_map(|run| run.wait().unwrap().code()).filter(|code| *code == 0).count();
        assert_eq!(done, 1, "round {round}");
        run(root, &["verify", &format!("content/editions/{number}.json")]).ends(0);
    }
}

#[cfg(unix)]
#[test]
fn an_approval_that_is_killed_leaves_all_or_nothing() {
    let project = small();
    let root = project.folder.path();
    let started = std::time::Instant::now();
    approve(root).ends(0);
    let (whole, takes) = (text(&record(root)), started.elapsed());
    let (mut cut_off, rounds) = (0, 40_u32);
    crate::project::count("faults", 40);
    for round in 0..rounds {
        fs::remove_dir_all(root.join("content/editions")).unwrap();
        let mut run = command(root, &APPROVE).spawn().unwrap();
        std::thread::sleep(takes * round / rounds + std::time::Duration::from_micros(u64::from(round) * 37));
        run.kill().unwrap();
        run.wait().unwrap();
        match fs::read_to_string(record(root)) {
            Ok(text) => assert_eq!(text, whole, "round {round}"),
            Err(_) => cut_off += 1,
        }
        fs::create_dir_all(root.join("content/editions")).unwrap();
    }
    println!("approvals cut off: {cut_off} of {rounds}");
    let _ = fs::remove_file(record(root));
    approve(root).ends(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_leaves_the_records_as_they_were() {
    let Some(disk) = super::disk::Disk::mount("size=256k") else { return };
    let project = small();
    let root = disk.folder();
    super::copy(&project.folder.path().join("content"), &root.join("content"));
    approve(root).ends(0);
    let before = text(&record(root));
    // Whatever room is left.
    let mut size = 256 << 10;
    while size > 0 {
        if fs::write(root.join("filler"), vec![7; size]).is_ok() {
            break;
        }
        size -= 1 << 10;
    }
    let ran = run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(2);
    assert!(ran.err.contains("磁碟空間不足") && ran.err.contains("沒有核定"), "{}", ran.err);
    let left: Vec<_> = fs::read_dir(root.join("content/editions")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name == "1.0.json" || name == ".planpress-lock"), "{left:?}");
    assert_eq!(text(&record(root)), before);
    fs::remove_file(root.join("filler")).unwrap();
    run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(0);
}
