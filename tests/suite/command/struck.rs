//! Chapters and annexes that were deleted after an approval: what to do about them, and where readers meet them.
//!
//! In: small plans, approved and then changed, through the command line. Out: a failure for advice that leads to another finding, for a list that
//! names something deleted as if it were in force, or for an amendment that nobody made.

use super::run;
use crate::project::{self, Temporary};
use planpress::{
    edition::{Record, clause_digest},
    render::View,
};
use std::fs;

const CHAPTER: &str = "---\ntitle: 甲\n---\n\n## 附件 {#list}\n\n:::annexes\n\n:::\n\n## 規定 {#rules}\n\n1. 填[[g]]。 {#use}\n";

fn form(title: &str, words: &str) -> String {
    format!("---\ntitle: {title}\n---\n\n{words}\n")
}

/// A plan with two forms; the first is as it says.
fn plan(first: &str) -> Temporary {
    let (f, g) = (form("登記表", first), form("申請單", "丙"));
    let second = "---\ntitle: 乙\n---\n\n## 演練 {#drill}\n\n1. 每年演練。\n";
    let list = "title: 計畫\nchapters: [a, b]\nannexes: [f, g]\nchecks: { unreferenced-annex: warning }\n";
    Temporary::new(&[
        ("plan.yaml", list),
        ("chapters/a.md", CHAPTER),
        ("chapters/b.md", second),
        ("annexes/f.md", &f),
        ("annexes/g.md", &g),
    ])
}

fn approve(plan: &Temporary) {
    let waivers = "waivers: [{ rule: unreferenced-annex, at: f, reason: 備用 }]\n";
    let path = plan.folder.path().join("content/plan.yaml");
    let list = fs::read_to_string(&path).unwrap();
    fs::write(&path, list.clone() + waivers).unwrap();
    run(plan.folder.path(), &["approve", "1.0", "--by", "王小明", "--on", "2026-01-01"]).ends(0);
    fs::write(&path, list).unwrap();
}

#[test]
fn what_was_approved_is_to_be_struck_out_and_not_to_be_taken_away() {
    let plan = plan("甲");
    let check = || run(plan.folder.path(), &["check"]).out;
    let advice = |rule: &str, help: &str| {
        let found = check();
        let own = found
            .split("\n\n")
            .find(|finding| finding.contains(&format!("[{rule}]")))
            .unwrap_or_else(|| panic!("{rule}: {found}"));
        assert!(own.contains(help), "{rule}: {own}");
    };
    let line = "保留檔案與 plan.yaml 裡的那一行，內容寫「（刪除）」";
    advice("unreferenced-annex", "或從 plan.yaml 移除");
    approve(&plan);
    advice("unreferenced-annex", line);
    plan.write("content/chapters/b.md", "---\ntitle: 乙\n---\n".as_bytes());
    advice("empty-item", line);
    plan.write("content/chapters/b.md", "---\ntitle: 乙\n---\n\n## 演練 {#drill}\n".as_bytes());
    advice("empty-item", "保留編號與 id，標題寫「（刪除）」");
    plan.write("content/chapters/b.md", "---\ntitle: 乙\n---\n\n## 新的 {#new}\n".as_bytes());
    advice("empty-item", "或刪去這個標題");
    plan.write("content/chapters/a.md", CHAPTER.replace("填[[g]]。 ", "").as_bytes());
    advice("empty-item", "保留編號與 id，內容寫「（刪除）」");
    plan.write("content/chapters/a.md", CHAPTER.as_bytes());
    let list = |annexes: &str| plan.write("content/plan.yaml", format!("title: 計畫\nchapters: [a, b]\nannexes: [{annexes}]\n").as_bytes());
    list("g");
    advice("unlisted-file", "請列回 plan.yaml 的 annexes；若已刪除，列回之後內容寫「（刪除）」");
    list("f, g");
    plan.write("content/annexes/h.md", form("清冊", "丁").as_bytes());
    advice("unlisted-file", "請列入，或刪除這個檔案");
    fs::remove_file(plan.folder.path().join("content/annexes/h.md")).unwrap();
    fs::remove_file(plan.folder.path().join("content/annexes/f.md")).unwrap();
    advice("missing-file", "請取回這個檔案，改了檔名的改回 f.md；若已刪除，檔案的內容寫「（刪除）」");
    // Whoever follows the advice has done with it.
    plan.write("content/annexes/f.md", form("登記表", "（刪除）").as_bytes());
    plan.write("content/chapters/b.md", form("乙", "（刪除）").as_bytes());
    let found = check();
    let settled = ["unreferenced-annex", "empty-item", "unlisted-file", "missing-file", "vanished-id"];
    assert!(settled.iter().all(|rule| !found.contains(&format!("[{rule}]"))), "{found}");
}

#[test]
fn the_list_of_annexes_is_amended_with_the_annex_and_for_the_same_reason() {
    let plan = plan("甲");
    approve(&plan);
    plan.write("content/annexes/f.md", form("登記表", "（刪除）").as_bytes());
    let asked = |key: &str| run(plan.folder.path(), &["check"]).ends(0).out.contains(&format!("加一行「{key}: 理由」"));
    assert!(asked("f") && asked("annex-f"));
    plan.write("content/editions/1.1.yaml", "f: 改以系統登記。\n".as_bytes());
    assert!(!asked("f") && !asked("annex-f"));
    let table = run(plan.folder.path(), &["compare", "1.0", "--format", "csv"]).ends(0).out;
    for row in [
        "\"壹一1\n登記表（刪除）\",\"壹一1\n登記表\",\"本點刪除，保留點次。\n改以系統登記。\"",
        "\"附件1\n登記表\n（刪除）\",\"附件1\n登記表\n甲\",\"本附件刪除，保留編號。\n改以系統登記。\"",
    ] {
        assert!(table.replace('\r', "").contains(row), "{row}: {table}");
    }
}

/// Makes of a record what a program wrote that did not say in lists of annexes which were deleted.
fn of_earlier_program(plan: &Temporary, number: &str) {
    let path = plan.folder.path().join(format!("content/editions/{number}.json"));
    let mut record = Record::parse(&fs::read_to_string(&path).unwrap()).expect("a whole record");
    let listed = record.clauses.iter_mut().find(|clause| clause.id == "annex-f").expect("the entry of the list");
    assert_eq!(listed.title, "登記表（刪除）");
    listed.title = "登記表".into();
    record.clause_digest = clause_digest(&record.clauses).hex();
    fs::write(&path, record.text()).unwrap();
}

#[test]
fn a_list_that_an_earlier_program_recorded_is_no_amendment() {
    let plan = plan("甲");
    let compared = |words: &[&str]| run(plan.folder.path(), &[&["compare", "--format", "csv"], words].concat()).ends(0).out;
    approve(&plan);
    plan.write("content/annexes/f.md", form("登記表", "（刪除）").as_bytes());
    plan.write("content/editions/1.1.yaml", "f: 改以系統登記。\n".as_bytes());
    run(plan.folder.path(), &["approve", "1.1", "--by", "王小明", "--on", "2026-01-02"]).ends(0);
    let lists = |table: &str| table.contains("壹一1");
    assert!(lists(&compared(&["1.0", "1.1"])));
    of_earlier_program(&plan, "1.1");
    // What these two programs said of one another stays.
    let table = compared(&["1.0", "1.1"]);
    assert!(table.contains("附件1") && !lists(&table), "{table}");
    plan.write("content/chapters/b.md", form("乙", "## 演練 {#drill}\n\n每季演練。").as_bytes());
    let found = run(plan.folder.path(), &["check"]).ends(0).out;
    assert!(found.contains("加一行「drill: 理由」") && !found.contains("annex-f"), "{found}");
    let table = compared(&["1.1"]);
    assert!(table.contains("每季演練") && !table.contains("登記表"), "{table}");
    assert!(lists(&compared(&["1.0"])), "since the first edition the list has changed");
    // A form that is taken up again is an amendment of both.
    plan.write("content/annexes/f.md", form("登記表", "乙").as_bytes());
    assert!(compared(&["1.1"]).contains("附件1"));
}

#[test]
fn a_search_finds_what_was_deleted_under_a_name_that_says_so() {
    let files = project::publish(&plan("（刪除）").compile(), View::Draft);
    let index: String = files.keys().filter(|path| path.starts_with("search/")).map(|path| project::text(&files, path)).collect();
    let named = index.matches("登記表").count();
    assert_eq!((named, index.matches("登記表（刪除）").count()), (2, 2), "the annex, and its entry in the list");
}
