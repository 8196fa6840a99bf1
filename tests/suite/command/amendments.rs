//! An amendment from one approved edition to the next, through the command line: reasons, the amendment table, the pages and addresses.
//!
//! In: the filled plan of the fictional agency, approved, amended and approved again. Out: a failure that shows the row or the file that is
//! not as an officer would have written it by hand.

use super::{Ran, run, text, utf8};
use crate::project;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A copy of the filled plan that can be changed.
struct Agency {
    folder: TempDir,
}

impl Agency {
    fn approved() -> Self {
        let agency = Self { folder: tempfile::tempdir().unwrap() };
        copy(&project::root().join("content"), &agency.folder.path().join("content"));
        copy(&project::root().join("tests/plans/filled"), &agency.folder.path().join("filled"));
        agency.run(&["approve", "1.0", "--by", "王小明", "--on", "2025-11-20"]).ends(0);
        agency
    }

    fn run(&self, words: &[&str]) -> Ran {
        run(self.folder.path(), &[&["--overlay", "filled"], words].concat())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("filled").join(name)
    }

    fn write(&self, name: &str, words: &str) {
        fs::write(self.path(name), words).unwrap();
    }

    /// Replaces words that must be there.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let before = text(&self.path(name));
        assert!(before.contains(from), "{name} has no {from}");
        self.write(name, &before.replacen(from, to, 1));
    }

    /// Edits words, inserts a section before others, moves a clause, strikes one, deletes one, and switches to the CNS 27001 route.
    fn amend(&self) {
        let training = "chapters/training.md";
        self.edit(
            training,
            "## 資通安全教育訓練要求",
            "## 名詞定義 {#training-terms}\n\n本章所稱一般使用者，指本機關全體同仁。\n\n## 資通安全教育訓練要求",
        );
        self.edit(training, "員工報到時，", "員工報到後一個月內，");
        let moved = "資通安全教育及訓練之政策，除適用所屬員工外，對機關外部的使用者，亦應一體適用。 {#external-users}\n";
        self.edit(training, &format!("4. {moved}"), "");
        self.edit(training, "{#general-training}\n", &format!("{{#general-training}}\n3. {moved}"));
        self.edit(training, "資通安全作業內容。", "（刪除）");
        self.edit(training, "   4. 資通安全技術訓練。\n", "");
        self.edit("data/agency.yaml", "cns27001: none", "cns27001: certified");
        // Laws and forms that only the other route names stay listed.
        let open = "checks: { uncited-law: off, unlisted-law: off, unreferenced-annex: off }\n";
        self.write("plan.yaml", &(text(&self.path("plan.yaml")) + open));
    }

    fn explain(&self, number: &str) {
        self.write(
            &format!("editions/{number}.yaml"),
            "controls: 核心資通系統已通過 CNS 27001 驗證。\ntraining: 依內部稽核建議修正。\ntraining-terms: 明定適用對象。\n\
             access-log: 配合控制措施之改變。\naudit-checklist: 配合控制措施之改變。\n",
        );
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A table's rows: number and last line on both sides, and the explanation.
pub(super) fn rows(csv: &str) -> Vec<[String; 3]> {
    let text = csv.strip_prefix('\u{feff}').expect("a mark by which spreadsheets know UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let number = |at: usize| row[at].lines().next().unwrap_or_default().to_owned();
        [number(0), number(1), row[2].replace('\n', "")]
    });
    rows.collect()
}

/// What an officer would write by hand, but for chapter 玖 and annex 14, of which the next test speaks.
const BY_HAND: [[&str; 3]; 12] = [
    ["壹拾參", "壹拾參", "名稱未修正。"],
    ["壹拾參一", "", "本點新增。明定適用對象。"],
    ["壹拾參二", "壹拾參一", "點次變更。"],
    ["壹拾參二3", "壹拾參二4", "由壹拾參二4移列。依內部稽核建議修正。"],
    ["壹拾參三", "壹拾參二", "點次變更。"],
    ["壹拾參三2(3)", "壹拾參二2(3)", "本點刪除，保留點次。依內部稽核建議修正。"],
    ["（刪除）", "壹拾參二2(4)", "本點刪除。依內部稽核建議修正。"],
    ["壹拾參三3", "壹拾參二3", "依內部稽核建議修正。"],
    ["附件7", "附件7", "配合控制措施之改變。"],
    ["附件10", "附件10", "配合編號變更，調整引用之編號。"],
    ["附件11", "附件11", "配合編號變更，調整引用之編號。"],
    ["附件14", "附件14", "名稱未修正。"],
];

#[test]
fn what_cannot_be_read_is_not_called_gone() {
    let agency = Agency::approved();
    let training = agency.path("chapters/training.md");
    let words = text(&training);
    let found = |rule: &str| agency.run(&["check"]).ends(1).out.contains(&format!("[{rule}]"));
    let is_alone = |rule: &str| found(rule) && !found("vanished-id") && !found("missing-reason");
    let (big5, _, _) = encoding_rs::BIG5.encode(&words);
    fs::write(&training, big5).unwrap();
    assert!(is_alone("invalid-utf8"));
    fs::write(&training, words).unwrap();
    for file in ["plan.yaml", "data/laws.yaml", "data/agency.yaml"] {
        let words = text(&agency.path(file));
        agency.write(file, "title: [");
        assert!(is_alone("invalid-yaml") && !found("uncovered-requirement"), "{file}");
        agency.write(file, &words);
    }
    // Each is one that covers a statutory item.
    let core = text(&agency.path("chapters/core-business.md"));
    agency.edit("chapters/core-business.md", "title:", "titel:");
    assert!(is_alone("front-matter") && !found("uncovered-requirement"));
    agency.write("chapters/core-business.md", &core);
    agency.write("editions/1.1.yaml", "training: [");
    agency.edit("chapters/training.md", "   4. 資通安全技術訓練。\n", "");
    assert!(is_alone("invalid-yaml"));
    fs::remove_file(agency.path("editions/1.1.yaml")).unwrap();
    assert!(agency.run(&["check"]).out.contains("[missing-reason]"));
    fs::remove_file(agency.path("chapters/core-business.md")).unwrap();
    fs::remove_file(agency.folder.path().join("content/chapters/core-business.md")).unwrap();
    assert!(is_alone("missing-file") && !found("uncovered-requirement"));
}

#[test]
fn what_cannot_be_read_is_not_approved_whatever_the_plan_turns_off() {
    let project = project::Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a, gone]\nchecks: { missing-file: off }\n"),
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n1. 甲。\n"),
    ]);
    let root = project.folder.path();
    let refused = run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(1).err;
    assert!(refused.contains("錯誤[missing-file]: 沒有 chapters/gone.md"), "{refused}");
    assert!(!run(root, &["status"]).ends(1).out.contains("可以送核定"));
    assert!(!root.join("content/editions").exists());
}

#[test]
fn no_waiver_takes_the_place_of_a_reason() {
    let agency = Agency::approved();
    agency.edit("chapters/training.md", "   4. 資通安全技術訓練。\n", "");
    let asked = || agency.run(&["check"]).out.contains("加一行「training-delivery.2.4: 理由」");
    assert!(asked(), "{}", agency.run(&["check"]).out);
    agency.edit(
        "plan.yaml",
        "document:",
        "waivers: [{ rule: missing-reason, at: training-delivery.2.4, reason: 併入他項 }]\ndocument:",
    );
    let said = agency.run(&["check"]).out;
    assert!(asked() && said.contains("missing-reason 不能豁免"), "{said}");
    let refused = agency.run(&["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(1);
    assert!(refused.err.contains("請寫上各項修改的理由") && !refused.err.contains("waivers 寫明"), "{}", refused.err);
}

#[test]
fn the_reasons_of_an_approved_edition_stay_those_of_its_day() {
    let agency = Agency::approved();
    agency.edit("chapters/training.md", "   4. 資通安全技術訓練。\n", "");
    // What is called otherwise is not passed over in silence.
    agency.write("editions/下一版.yaml", "training-delivery.2.4: 併入他項\n");
    let said = agency.run(&["check"]).out;
    assert!(said.contains("檔名「下一版」不是下一版的版次") && said.contains("例如 1.1.yaml"), "{said}");
    fs::rename(agency.path("editions/下一版.yaml"), agency.path("editions/1.1.yaml")).unwrap();
    agency.run(&["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(0);
    agency.run(&["build"]).ends(0);
    let table = || text(&agency.folder.path().join("public/editions/1.1.html"));
    let approved = table();
    assert!(approved.contains("併入他項"), "{approved}");
    for other in ["training-delivery.2.4: 另有考量\n", ""] {
        agency.write("editions/1.1.yaml", other);
        let said = agency.run(&["check"]).ends(0).out;
        assert!(said.contains("1.1 版核定之後，這個檔案改過"), "{said}");
        agency.run(&["build"]).ends(0);
        assert_eq!(table(), approved);
    }
    agency.run(&["verify", "public"]).ends(0);
    // With the record that keeps them, the file may go.
    fs::remove_file(agency.path("editions/1.1.yaml")).unwrap();
    agency.run(&["build"]).ends(0);
    assert_eq!(table(), approved);
}

#[test]
fn a_deleted_clause_and_the_one_that_has_its_id_now_have_a_reason_each() {
    let project = project::Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a]\n"),
        (
            "chapters/a.md",
            "---\ntitle: 甲\n---\n\n## 標題 {#h}\n\n1. 通行碼長度八碼以上。\n2. 機房進出應登記並留存紀錄。\n3. 委外廠商應簽署保密切結書。\n",
        ),
    ]);
    let run = |words: &[&str]| run(project.folder.path(), words);
    run(&["approve", "1.0", "--by", "王小明", "--on", "2026-01-01"]).ends(0);
    let amended = "---\ntitle: 甲\n---\n\n## 標題 {#h}\n\n1. 通行碼長度八碼以上。\n2. 委外廠商及其人員應簽署保密切結書。\n";
    project.write("content/chapters/a.md", amended.as_bytes());
    let reasons = |lines: &str| project.write("content/editions/1.1.yaml", lines.as_bytes());
    let asks = |key: &str| run(&["check"]).out.contains(&format!("加一行「{key}: 理由」"));
    assert!(asks("1.0/h.2") && asks("h.2"));
    // What speaks of either speaks of the new one, whatever the heading says.
    reasons("h: 全面檢討。\nh.2: 擴及人員。\n");
    assert!(asks("1.0/h.2") && !asks("h.2"));
    run(&["approve", "1.1", "--by", "王小明", "--on", "2026-01-02"]).ends(1);
    reasons("h.2: 擴及人員。\n1.0/h.2: 移至門禁規定。\n");
    let table = run(&["compare", "1.0", "--format", "csv"]).ends(0).out;
    let explained: Vec<_> = rows(&table).into_iter().map(|[new, old, why]| (new, old, why)).skip(1).collect();
    let row = |new: &str, old: &str, why: &str| (new.to_owned(), old.to_owned(), why.to_owned());
    let wanted = [row("（刪除）", "壹一2", "本點刪除。移至門禁規定。"), row("壹一2", "壹一3", "點次變更。擴及人員。")];
    assert_eq!(explained, wanted);
    // A bare id is enough where no other clause that changed has it.
    project.write("content/chapters/a.md", amended.replace("廠商及其人員應", "廠商應").as_bytes());
    reasons("h.2: 移至門禁規定。\n");
    assert!(!run(&["check"]).out.contains("missing-reason"));
    run(&["approve", "1.1", "--by", "王小明", "--on", "2026-01-02"]).ends(0);
}

#[test]
fn a_reason_is_finished_before_it_is_sealed() {
    let project = super::small();
    let root = project.folder.path();
    let approve = |number, day| run(root, &["approve", number, "--by", "王小明", "--on", day]);
    approve("1.0", "2026-01-01").ends(0);
    super::edit(&root.join("content/chapters/b.md"), "全機關。", "全機關及所屬。");
    let with = |reason: &str| project.write("content/editions/1.1.yaml", format!("# 理由\nreach: {reason}\n").as_bytes());
    let cases = [
        ("依○○○意見修正", "blank", "1.1.yaml:2:9\n", "請直接寫出要印的字"),
        ("（請補）……", "leftover-ellipsis", "1.1.yaml:2:12\n", "請把理由寫完"),
        ("|\n  依稽核修正。\n  範例如下", "leftover-guidance", "1.1.yaml:4:3\n", "請刪去，只寫理由"),
        ("配合[[aim]]修正", "printed-markup", "1.1.yaml:2:8\n", "請直接寫出要印的字"),
    ];
    for (reason, rule, place, help) in cases {
        with(reason);
        let found = run(root, &["check"]).ends(0).out;
        assert!([&format!("警告[{rule}]"), place, help].iter().all(|words| found.contains(*words)), "{reason}: {found}");
        let refused = approve("1.1", "2026-01-02").ends(1).err;
        assert!(refused.contains(&format!("錯誤[{rule}]")), "{reason}: {refused}");
    }
    with("依稽核意見修正。");
    approve("1.1", "2026-01-02").ends(0);
    // What is sealed is that of its day, and nobody can mend it.
    with("依○○○意見修正");
    assert!(!run(root, &["check"]).ends(0).out.contains("[blank]"));
}

/// A small plan, approved three times: what the second edition added and explained, the third took away again.
fn three_editions() -> project::Temporary {
    let project = super::small();
    let root = project.folder.path();
    let words = ["1. 本機關。\n", "1. 本機關。\n2. 委外廠商及其人員。\n", "1. 本機關及所屬。\n"];
    let reasons = ["", "reach.2: 依稽核增列。\n", "reach: 全面檢討。\n"];
    for (at, (words, reasons)) in words.into_iter().zip(reasons).enumerate() {
        project.write("content/chapters/b.md", format!("---\ntitle: 乙\n---\n\n## 範圍 {{#reach}}\n\n{words}").as_bytes());
        project.write(&format!("content/editions/1.{at}.yaml"), reasons.as_bytes());
        run(root, &["approve", &format!("1.{at}"), "--by", "王小明", "--on", "2026-01-01"]).ends(0);
    }
    project
}

#[test]
fn of_a_record_that_is_gone_nothing_is_said_but_that() {
    let project = three_editions();
    let root = project.folder.path();
    fs::remove_file(root.join("content/editions/1.1.json")).unwrap();
    let found = run(root, &["check"]).ends(0).out;
    assert!(found.contains("[missing-record]") && found.contains("1 個警告"), "{found}");
    let said = run(root, &["compare", "1.0", "1.2", "--format", "csv"]).ends(0).err;
    assert!(said.contains("editions/1.1.json 不在了"), "{said}");
    let said = run(root, &["build"]).ends(0).err;
    assert!(said.contains("1.1 版的核定紀錄不在了") && !said.contains("核定時的程式"), "{said}");
    // What was approved last is not known where its record cannot be read, and so nothing lacks a reason.
    fs::write(root.join("content/editions/1.2.json"), "{").unwrap();
    let found = run(root, &["check"]).ends(1).out;
    assert!(found.contains("[broken-record]") && !found.contains("missing-reason"), "{found}");
}

#[test]
fn records_alone_are_enough_to_compare() {
    let project = three_editions();
    let copy = tempfile::tempdir().unwrap();
    for name in ["1.0.json", "1.2.json"] {
        fs::copy(project.folder.path().join("content/editions").join(name), copy.path().join(name)).unwrap();
    }
    let compare = |words: &[&str]| run(copy.path(), &[&["compare", "1.0.json", "1.2.json"], words].concat());
    let page = compare(&[]).ends(0);
    assert!(page.out.contains("<ins>及所屬</ins>") && page.out.contains("修正對照表") && page.err.is_empty(), "{page:?}");
    let [_, .., row] = &rows(&compare(&["--format", "csv"]).ends(0).out)[..] else { panic!("no rows") };
    assert_eq!(row, &["貳一1", "貳一1", "全面檢討。"]);
    run(copy.path(), &["compare", "1.0.json"]).refused("無法讀取");
    // One that was altered ends as it does everywhere.
    super::edit(&copy.path().join("1.2.json"), "王小明", "王大明");
    assert!(compare(&[]).ends(1).err.contains("被改過"));
}

#[test]
fn reasons_under_a_name_that_is_not_read_are_told_of() {
    let project = super::small();
    let root = project.folder.path();
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-01-01"]).ends(0);
    super::edit(&root.join("content/chapters/b.md"), "全機關。", "全機關及所屬。");
    for (name, help) in [("1.1.yml", "請把檔名改成 1.1.yaml"), ("1.1.yaml.txt", "請把檔名改成 1.1.yaml：拿掉後面的 .txt")]
    {
        let file = root.join("content/editions").join(name);
        fs::write(&file, "reach: 擴大適用。\n").unwrap();
        let found = run(root, &["check"]).ends(0).out;
        assert!(found.contains(&format!("content/editions/{name}")) && found.contains(help), "{found}");
        fs::remove_file(file).unwrap();
    }
    // Signed scans are kept where the records are.
    for name in ["1.0.pdf", "1.0.png", "說明.txt"] {
        fs::write(root.join("content/editions").join(name), "x").unwrap();
    }
    assert!(!run(root, &["check"]).ends(0).out.contains("unlisted-file"));
}

#[test]
fn a_law_that_was_repealed_leaves_the_list_with_a_reason() {
    let laws = |more: &str| format!("laws:\n  - {{ id: csma, title: 資通安全管理法 }}\n{more}");
    let old = "  - { id: old-rules, title: 廢止之辦法 }\n";
    let project = project::Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a]\nchecks: { uncited-law: off }\n"),
        ("data/laws.yaml", &laws(old)),
        (
            "chapters/a.md",
            "---\ntitle: 甲\n---\n\n## 法規 {#law-list}\n\n:::laws\n\n:::\n\n## 依據 {#law-basis}\n\n1. 依法訂定。\n",
        ),
    ]);
    let run = |words: &[&str]| run(project.folder.path(), words);
    run(&["approve", "1.0", "--by", "王小明", "--on", "2026-01-01"]).ends(0);
    project.write("content/data/laws.yaml", laws("").as_bytes());
    let found = run(&["check"]).ends(0).out;
    assert!(found.contains("加一行「law-old-rules: 理由」") && !found.contains("vanished-id"), "{found}");
    project.write("content/editions/1.1.yaml", "law-old-rules: 已廢止。\n".as_bytes());
    run(&["approve", "1.1", "--by", "王小明", "--on", "2026-01-02"]).ends(0);
    // A written id stays, whatever it is called.
    project.write("content/chapters/a.md", "---\ntitle: 甲\n---\n\n## 法規 {#law-list}\n\n:::laws\n\n:::\n".as_bytes());
    assert!(run(&["check"]).ends(1).out.contains("「law-basis」不見了"));
}

#[test]
fn an_amendment_is_compared_explained_and_approved() {
    let agency = Agency::approved();
    agency.amend();
    // Without reasons nothing is approved; the table says where they are missing.
    let refused = agency.run(&["approve", "1.1", "--by", "王小明", "--on", "2026-11-20"]).ends(1);
    assert!(
        refused.err.contains("錯誤[missing-reason]") && refused.err.contains("filled/editions/1.1.yaml 加一行「training-terms: 理由」")
    );
    let without = agency.run(&["compare", "1.0"]).ends(0).out;
    assert!(without.contains("（尚未填寫理由）") && without.contains("修正草案對照表</title>"));
    agency.explain("1.1");
    let checked = agency.run(&["check"]).ends(0);
    assert!(!checked.out.contains("missing-reason") && !checked.out.contains("vanished-id"), "{}", checked.out);

    let draft = agency.run(&["compare", "1.0", "--format", "csv"]).ends(0).out;
    assert!(draft.starts_with("\u{feff}修正規定（草案）,現行規定（1.0 版）,說明\r\n"), "{draft}");
    let found = rows(&draft);
    let elsewhere = |row: &&[String; 3]| !row.iter().any(|cell| cell.starts_with('玖') || cell.starts_with("附件14、"));
    let by_hand: Vec<_> = found.iter().filter(elsewhere).map(|row| row.each_ref().map(String::as_str)).collect();
    assert_eq!(by_hand, BY_HAND);
    // The whole of chapter 玖 goes, and says why once for all.
    let controls: Vec<_> = found.iter().filter(|row| row[1].starts_with('玖')).collect();
    assert_eq!(controls[0].each_ref().map(String::as_str), ["玖", "玖", "核心資通系統已通過 CNS 27001 驗證。"]);
    assert!(controls.len() > 150, "{}", controls.len());
    for row in &controls[1..] {
        assert_eq!((row[0].as_str(), row[2].as_str()), ("（刪除）", "本點刪除。核心資通系統已通過 CNS 27001 驗證。"), "{row:?}");
    }

    // The same once it is approved; then it is no draft any more.
    agency.run(&["approve", "1.1", "--by", "李大華", "--on", "2026-11-20"]).ends(0);
    let approved = agency.run(&["compare", "1.0", "1.1", "--format", "csv"]).ends(0).out;
    assert_eq!(rows(&approved), found);
    assert_eq!(agency.run(&["compare", "1.0", "--format", "csv"]).ends(0).out, approved, "the sources are edition 1.1");
    let document = agency.run(&["compare", "1.0", "1.1"]).ends(0).out;
    assert!(document.contains("<title>示範機關資通安全維護計畫修正對照表</title>") && document.contains("員工報到<del>時</del>"));
    assert!(document.contains("員工報到<ins>後一個月內</ins>"), "the words that changed are underlined");
    assert!(!document.contains("src=") && !document.contains("<link"), "it needs no other file");

    agency.run(&["build"]).ends(0);
    let site = agency.folder.path().join("public");
    let history = text(&site.join("editions/index.html"));
    for words in ["中華民國 114 年 11 月 20 日", "中華民國 115 年 11 月 20 日", "王小明", "李大華", "href=\"1.1.html\"", "移列 1", "新增 "]
    {
        assert!(history.contains(words), "{words}");
    }
    let table = text(&site.join("editions/1.1.html"));
    assert!(table.contains("href=\"../chapters/training.html?edition=1.1#external-users\""));
    assert!(!site.join("editions/draft.html").exists() && !site.join("editions/1.0.html").exists());
    let addresses = text(&site.join("editions/1.0.js"));
    assert!(addresses.contains(r#""external-users":["chapters/training.html#external-users","壹拾參二4","壹拾參二3"]"#));
    assert!(addresses.contains(r#""training-delivery.2.4":[null,"壹拾參二2(4)","editions/1.1.html"]"#));
    assert!(!addresses.contains("\"legal-basis\""), "what stands where it stood is not listed");
    agency.run(&["verify", "public"]).ends(0);
}

#[test]
fn all_clauses_are_shown_on_demand() {
    let agency = Agency::approved();
    agency.edit("chapters/training.md", "員工報到時，", "員工報到後一個月內，");
    let few = rows(&agency.run(&["compare", "1.0", "--format", "csv"]).ends(0).out);
    let numbers: Vec<_> = few.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(numbers, ["壹拾參", "壹拾參二3"]);
    let all = rows(&agency.run(&["compare", "1.0", "--all", "--format", "csv"]).ends(0).out);
    assert!(all.len() > 500 && all.iter().filter(|row| row[2] == "本點未修正。").count() > 400, "{}", all.len());
    let names = ["1.0", utf8(&agency.path("editions/1.0.json"))].map(|name| agency.run(&["compare", name, "--format", "csv"]).ends(0).out);
    assert_eq!(names[0], names[1], "a record is named by its number or its file");
    let english = agency.run(&["compare", "1.0", "--lang", "en"]).ends(0).out;
    assert!(english.contains("lang=\"zh-Hant-TW\""), "the table speaks the plan's language");
}

#[test]
fn an_edition_that_does_not_exist_is_refused_with_those_that_do() {
    let agency = Agency::approved();
    agency.run(&["compare", "1.O"]).refused("是不是「1.0」？");
    agency.run(&["compare", "1.0", "2.7"]).refused("核定過的版次有：1.0");
    agency.run(&["compare"]).refused("舊版");
    agency.write("editions/damaged.txt", "{}");
    assert!(agency.run(&["compare", "filled/editions/damaged.txt"]).ends(1).err.contains("damaged.txt"));
}

#[test]
fn what_cannot_be_read_is_not_said_to_be_deleted() {
    let agency = Agency::approved();
    let training = text(&agency.path("chapters/training.md"));
    agency.write("chapters/training.md", "沒有開頭\n");
    let ran = agency.run(&["compare", "1.0", "--format", "csv"]).ends(1);
    assert!(ran.err.contains("錯誤[front-matter]") && ran.err.contains("計畫沒有全部讀到"), "{}", ran.err);
    assert_eq!(ran.out, "");
    let record = text(&agency.path("editions/1.0.json"));
    agency.write("editions/1.0.json", &record[..record.len() / 2]);
    let ran = agency.run(&["compare", "1.0"]).ends(1);
    assert!(ran.err.contains("錯誤[broken-record]"), "{}", ran.err);
    agency.write("editions/1.0.json", &record);
    // A reference to nothing hides no text.
    agency.write("chapters/training.md", &training.replacen("員工報到時，", "員工報到後（[[nowhere]]），", 1));
    let ran = agency.run(&["compare", "1.0", "--format", "csv"]).ends(0);
    assert!(ran.out.contains("員工報到後"), "{}", ran.out);
}

#[test]
fn a_note_is_told_from_what_it_stands_below() {
    let project = super::small();
    let root = project.folder.path();
    let with =
        |words: &str| project.write("content/chapters/b.md", format!("---\ntitle: 乙\n---\n\n## 紀錄 {{#log}}\n\n{words}").as_bytes());
    with("1. 紀錄應保存半年。\n2. 紀錄應備份[^copy]。\n\n[^copy]: 至少一份。\n");
    super::editions::approve(root).ends(0);
    with("1. 紀錄應保存一年[^from]。\n2. 紀錄應備份[^copy]。\n\n[^from]: 自產生之日起算。\n\n[^copy]: 至少兩份。\n");
    let table = run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out;
    assert!(table.contains("紀錄應保存一年。\n註：自產生之日起算。") && table.contains("註：至少兩份。"), "{table}");
    let table = run(root, &["compare", "1.0", "--format", "html"]).ends(0).out;
    let amended = "紀錄應保存<ins>一</ins>年。</p><p><ins>註：自產生之日起算。</ins></p>";
    assert!(table.contains(amended), "{table}");
}
