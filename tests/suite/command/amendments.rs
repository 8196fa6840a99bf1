//! An amendment from one approved edition to the next, through the command line: reasons, the amendment table, the pages and addresses.
//!
//! In: the filled plan of the fictional agency, approved, amended and approved again. Out: a failure that shows the row or the file that is
//! not as an officer would have written it by hand.

use super::{Ran, edit, run, text, utf8};
use crate::project;
use planpress::edition::{Record, clause_digest, format_of};
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
fn rows(csv: &str) -> Vec<[String; 3]> {
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
    agency.write("plan.yaml", "title: [");
    assert!(is_alone("invalid-yaml"));
}

#[test]
fn the_reason_for_a_deleted_clause_can_be_waived_by_the_name_in_its_help() {
    let agency = Agency::approved();
    agency.edit("chapters/training.md", "   4. 資通安全技術訓練。\n", "");
    let asked = || agency.run(&["check"]).out.contains("加一行「training-delivery.2.4: 理由」");
    assert!(asked(), "{}", agency.run(&["check"]).out);
    agency.edit(
        "plan.yaml",
        "document:",
        "waivers: [{ rule: missing-reason, at: training-delivery.2.4, reason: 併入他項 }]\ndocument:",
    );
    assert!(!asked() && !agency.run(&["check"]).out.contains("unused-waiver"));
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
    agency.run(&["compare", "filled/editions/damaged.txt"]).refused("damaged.txt");
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

/// A plan of two parts, each with a 壹, a 貳 and an 附件1.
fn in_parts() -> project::Temporary {
    let chapter = |title: &str, id: &str| format!("---\ntitle: {title}\n---\n\n## 依據 {{#{id}-s}}\n\n1. 本機關應維護資通安全。\n");
    let form = |title: &str| format!("---\ntitle: {title}\n---\n\n:::signature\n- 承辦人\n:::\n");
    project::Temporary::new(&[
        ("plan.yaml", &plan_in_parts("第二編 機關計畫", ["a, b", "c, d"])),
        ("chapters/a.md", &chapter("目的", "a")),
        ("chapters/b.md", &chapter("範圍", "b")),
        ("chapters/c.md", &chapter("目的", "c")),
        ("chapters/d.md", &chapter("施行", "d")),
        ("annexes/f1.md", &form("名冊")),
        ("annexes/f2.md", &form("清冊")),
    ])
}

fn plan_in_parts(second: &str, chapters: [&str; 2]) -> String {
    let [first, last] = chapters;
    format!(
        "title: 計畫\nchecks: {{ unreferenced-annex: off }}\nparts:\n  - {{ title: 第一編 共同規定, chapters: [{first}], annexes: [f1] }}\n  \
         - {{ title: {second}, chapters: [{last}], annexes: [f2] }}\n"
    )
}

/// A record as a program wrote it that kept nothing of parts and of what is printed beside words.
fn of_earlier_program(record: &str) -> String {
    let mut record = Record::parse(record).expect("a whole record");
    record.clauses.iter_mut().for_each(|clause| (clause.part, clause.beside) = (None, None));
    (record.format, record.clause_digest) = (format_of(&record.clauses), clause_digest(&record.clauses).hex());
    record.text()
}

#[test]
fn where_numbers_begin_anew_a_chapter_stands_behind_its_part() {
    let project = in_parts();
    let root = project.folder.path();
    let run = |words: &[&str]| run(root, words);
    let table = |words: &[&str]| rows(&run(&[&["compare", "1.0", "--format", "csv"], words].concat()).ends(0).out);
    let numbers = |words: &[&str]| table(words).into_iter().map(|[new, old, _]| [new, old]).collect::<Vec<_>>();
    run(&["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    let record = root.join("content/editions/1.0.json");
    let kept = text(&record);
    assert!(kept.contains("\"format\": 3,") && kept.matches("\"part\": \"第二編 機關計畫\"").count() == 3, "{kept}");
    // The rows of either 壹 would look alike.
    edit(&root.join("content/chapters/c.md"), "應維護", "應持續維護");
    edit(&root.join("content/chapters/a.md"), "應維護", "應致力維護");
    let wanted = [["第一編 共同規定 壹"; 2], ["壹一1"; 2], ["第二編 機關計畫 壹"; 2], ["壹一1"; 2]];
    assert_eq!(numbers(&[]), wanted);
    assert!(numbers(&["--all"]).contains(&["第二編 機關計畫 附件1".to_owned(), "第二編 機關計畫 附件1".to_owned()]));
    let document = run(&["compare", "1.0"]).ends(0).out;
    assert!(document.contains("<span class=\"number\">第二編 機關計畫 壹</span>"));
    run(&["build"]).ends(0);
    let cover = text(&root.join("public/index.html"));
    for link in
        ["第一編 共同規定 <a href=\"chapters/a.html#a-s.1\">壹一1</a>、", "第二編 機關計畫 <a href=\"chapters/c.html#c-s.1\">壹一1</a>。"]
    {
        assert!(cover.contains(link), "{link}");
    }
    // A record that says nothing of parts makes no chapter another one.
    fs::write(&record, of_earlier_program(&kept)).unwrap();
    let wanted = [["第一編 共同規定 壹", "壹"], ["壹一1"; 2], ["第二編 機關計畫 壹", "壹"], ["壹一1"; 2]];
    assert_eq!(numbers(&[]), wanted);
    assert!(!text(&record).contains("\"part\"") && text(&record).contains("\"format\": 2,"));
}

#[test]
fn a_part_with_another_title_needs_no_reason_and_a_chapter_that_went_to_another_part_does() {
    let project = in_parts();
    let root = project.folder.path();
    let plan = |second: &str, chapters| project.write("content/plan.yaml", plan_in_parts(second, chapters).as_bytes());
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    plan("第二編 各機關之計畫", ["a, b", "c, d"]);
    let table = || rows(&run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out);
    let renamed = |number: &str| [format!("第二編 各機關之計畫 {number}"), format!("第二編 機關計畫 {number}"), "編名變更。".to_owned()];
    assert_eq!(table(), ["壹", "貳", "附件1"].map(renamed));
    let checked = run(root, &["check"]).ends(0).out;
    assert!(!checked.contains("missing-reason"), "{checked}");
    plan("第二編 機關計畫", ["a", "b, c, d"]);
    let row = |new: &str, old: &str, why: &str| [new.to_owned(), old.to_owned(), why.to_owned()];
    let wanted = [
        row("第二編 機關計畫 壹", "第一編 共同規定 貳", "由第一編 共同規定 貳移列。"),
        row("第二編 機關計畫 貳", "第二編 機關計畫 壹", "編號變更。"),
        row("第二編 機關計畫 參", "第二編 機關計畫 貳", "編號變更。"),
    ];
    assert_eq!(table(), wanted);
    let checked = run(root, &["check"]).ends(0).out;
    assert!(checked.contains("第二編 機關計畫 壹與 1.0 版的第一編 共同規定 貳不同"), "{checked}");
    assert_eq!(checked.matches("missing-reason").count(), 1, "{checked}");
}

#[test]
fn a_plan_of_one_part_is_recorded_as_it_ever_was() {
    let of = |plan: &str| {
        let project = project::Temporary::new(&[("plan.yaml", plan), ("chapters/a.md", "---\ntitle: 甲\n---\n\n1. 應登記。\n")]);
        run(project.folder.path(), &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
        text(&project.folder.path().join("content/editions/1.0.json"))
    };
    let clauses = |record: &str| record[record.find("\"clauses\"").unwrap()..record.find("\"seal\"").unwrap()].to_owned();
    let plain = of("title: 計畫\nchapters: [a]\n");
    let titled = of("title: 計畫\nparts: [{ title: 第一編, chapters: [a] }]\n");
    assert!(!titled.contains("\"part\""), "{titled}");
    assert_eq!(clauses(&plain), clauses(&titled));
}

#[test]
fn what_is_printed_beside_words_is_amended_as_they_are() {
    let chapter = |unit: &str| {
        format!(
            "---\ntitle: 甲\n{unit}---\n\n1. 應登記於[[f]]。\n\n   ![架構](assets/a.png \"網路架構\")\n2. 應保存[^n]。\n\n[^n]: 如圖 ![圖](assets/a.png \"保存圖\")\n"
        )
    };
    let form = |number: &str| format!("---\ntitle: 登記表\n{number}---\n\n:::signature\n- 承辦人\n:::\n");
    let project = project::Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a]\nannexes: [f]\n"),
        ("chapters/a.md", &chapter("unit: 秘書室\n")),
        ("annexes/f.md", &form("")),
    ]);
    project.write("content/assets/a.png", b"picture");
    let root = project.folder.path();
    let table = || rows(&run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out);
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    assert!(table().is_empty());
    // Width and white space do not matter.
    project.write("content/chapters/a.md", chapter("unit: 秘書室 \n").replace("網路架構", "網路　架構").as_bytes());
    assert!(table().is_empty());
    project.write("content/chapters/a.md", chapter("unit: 秘書室\n").replace("保存圖", "保存流程圖").as_bytes());
    assert_eq!(table().iter().map(|[new, ..]| new.as_str()).collect::<Vec<_>>(), ["壹", "壹2"]);
    project.write("content/chapters/a.md", chapter("unit: 資訊室\n").replace("網路架構", "網路架構（修訂）").as_bytes());
    project.write("content/annexes/f.md", form("number: ISMS-04-001\n").as_bytes());
    let document = run(root, &["compare", "1.0"]).ends(0).out;
    for words in ["負責單位　<ins>資訊</ins>室", "負責單位　<del>秘書</del>室", "網路架構<ins>（修訂）</ins>", "文件編號　ISMS-04-001"]
    {
        assert!(document.contains(words), "{words}: {document}");
    }
    let numbers: Vec<String> = table().into_iter().map(|[new, ..]| new).collect();
    assert_eq!(numbers, ["壹", "壹1", "附件1"]);
    assert_eq!(run(root, &["check"]).ends(0).out.matches("missing-reason").count(), 3);
    // An earlier program's record does not say what was there.
    let record = root.join("content/editions/1.0.json");
    fs::write(&record, of_earlier_program(&text(&record))).unwrap();
    assert!(table().is_empty());
}

#[test]
fn a_reference_that_names_its_part_or_no_longer_does_only_follows() {
    let chapter = |title: &str| {
        format!("---\ntitle: {title}\n---\n\n1. 依[[a]]、[[c]]與[[f2]]辦理，見[[d|]]；[[c]]、[[a]]、[[c]]、[[c]]、[[a]]、[[c]]亦同。\n")
    };
    let plan = |parts: &str| format!("title: 計畫\nchecks: {{ unreferenced-annex: off, empty-item: off }}\n{parts}");
    let two = "parts:\n  - { title: 甲編, chapters: [a, b] }\n  - { title: 乙編, chapters: [c, d], annexes: [f2] }\n";
    let one = "chapters: [a, b, c, d]\nannexes: [f2]\n";
    let form = "---\ntitle: 清冊\n---\n\n:::signature\n- 承辦人\n:::\n";
    let [a, b, c, d] = ["目的", "範圍", "目的", "施行"].map(chapter);
    let missing = |before: &str, after: &str, by_earlier_program: bool| {
        let files = [("chapters/a.md", &*a), ("chapters/b.md", &b), ("chapters/c.md", &c), ("chapters/d.md", &d), ("annexes/f2.md", form)];
        let project = project::Temporary::new(&[&[("plan.yaml", &*plan(before))][..], &files].concat());
        let root = project.folder.path();
        run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
        let record = root.join("content/editions/1.0.json");
        if by_earlier_program {
            // What it called a clause of another part was that clause's number alone.
            let mut earlier = Record::parse(&of_earlier_program(&text(&record))).unwrap();
            for line in earlier.clauses.iter_mut().flat_map(|clause| &mut clause.text) {
                *line = line.replace("甲編 ", "").replace("乙編 ", "");
            }
            earlier.clause_digest = clause_digest(&earlier.clauses).hex();
            fs::write(&record, earlier.text()).unwrap();
        }
        project.write("content/plan.yaml", plan(after).as_bytes());
        let checked = run(root, &["check"]).ends(0).out;
        let lines = checked.lines().filter(|line| line.contains("missing-reason"));
        lines.map(|line| line.split_once("]: ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(missing(two, two, true), none, "an earlier program's record");
    assert_eq!(missing(one, two, false), none, "split into parts");
    assert_eq!(missing(two, one, false), none, "put together");
    assert_eq!(missing(two, &two.replace("title: 甲編, ", ""), false), none, "a part without a title");
    let three = two.replace("title: 甲編, chapters: [a, b]", "title: 甲編, chapters: [a]").replace("title: 乙編, ", "")
        + "  - { title: 丙編, chapters: [b] }\n";
    assert_eq!(
        missing(&three, &three.replace("[c, d]", "[d, c]"), false),
        ["壹與 1.0 版的貳不同，但沒有寫修正理由"],
        "the chapter that was put first, and nobody who cites it from a part with a title"
    );
    let moved = |parts: &str| missing(two, parts, false);
    let annex = two.replace(", annexes: [f2]", "").replace("[a, b]", "[a, b], annexes: [f2]");
    assert_eq!(moved(&annex), ["甲編 附件1與 1.0 版的乙編 附件1不同，但沒有寫修正理由"]);
    let swapped = two.replace("[a, b]", "[c, b]").replace("[c, d]", "[a, d]");
    assert_eq!(moved(&swapped).len(), 2, "each of both went to the other part");
}
