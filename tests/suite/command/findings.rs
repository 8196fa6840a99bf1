//! What `check` says, as text, JSON and SARIF, and which file it names; what it says when there is nothing to check.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{Ran, broken, run, small, standing, text, utf8};
use crate::project::{self, Temporary};
use planpress::diagnostic::Rule;
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

const KEYS: [&str; 10] = ["column", "end_column", "end_line", "file", "help", "line", "message", "related", "rule", "severity"];

/// Findings of both severities in four files, one of them about two places.
fn faulty() -> Temporary {
    let plan = "title: 計畫\nchapters: [b, a]\nwaivers: [{ rule: raw-html, at: aim, reason: 舊文 }]\n";
    Temporary::new(&[
        ("plan.yaml", plan),
        (
            "chapters/a.md",
            "---\ntitle: 甲\n---\n\n## 目的 {#aim}\n\n資通🔒安全，見[[nowhere]]與 [[other|]]。\n\n## 無位址\n",
        ),
        ("chapters/b.md", "---\ntitle: 乙\n---\n\n## 目的 {#aim}\n"),
        ("chapters/c.md", "---\ntitle: 丙\n---\n"),
    ])
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// The findings of `check --format json`.
pub(super) fn findings(folder: &Path, words: &[&str]) -> Vec<Value> {
    let ran = run(folder, &[&["check", "--format", "json"], words].concat());
    assert!(ran.err.is_empty(), "{}", ran.err);
    json(&ran)["diagnostics"].as_array().expect("findings").clone()
}

#[test]
fn json_has_exactly_the_documented_keys() {
    let project = faulty();
    let ran = run(project.folder.path(), &["check", "--format", "json"]).ends(1);
    let all = json(&ran);
    assert_eq!((keys(&all), &all["format"]), (vec!["diagnostics", "format"], &Value::from(1)));
    let all = all["diagnostics"].as_array().unwrap();
    let related: Vec<_> = all.iter().flat_map(|finding| finding["related"].as_array().unwrap()).collect();
    assert!(all.len() >= 4 && !related.is_empty(), "{all:?}");
    for finding in all {
        assert_eq!(keys(finding), KEYS);
        assert!(Rule::named(finding["rule"].as_str().unwrap()).is_some(), "{finding}");
        assert!(["error", "warning"].contains(&finding["severity"].as_str().unwrap()), "{finding}");
        assert!(finding["help"].is_null() || finding["help"].is_string(), "{finding}");
    }
    assert!(related.iter().all(|other| keys(other) == ["column", "file", "line", "message"]), "{related:?}");
}

#[test]
fn json_is_sorted_and_its_paths_are_relative() {
    let project = faulty();
    let elsewhere = tempfile::tempdir().unwrap();
    let all = findings(elsewhere.path(), &["--project", utf8(project.folder.path())]);
    let place = |finding: &Value| {
        let number = |key: &str| finding[key].as_u64();
        (
            finding["file"].as_str().map(str::to_owned),
            number("line"),
            number("column"),
            finding["rule"].as_str().map(str::to_owned),
        )
    };
    assert!(all.is_sorted_by_key(place), "{all:#?}");
    let places = all.iter().chain(all.iter().flat_map(|finding| finding["related"].as_array().unwrap()));
    for file in places.filter_map(|place| place["file"].as_str()) {
        assert!(file.starts_with("content/") && project.folder.path().join(file).is_file(), "{file}");
    }
    assert_eq!(findings(project.folder.path(), &[]), all, "the same from within");
}

#[test]
fn places_count_from_1_in_characters() {
    let project = faulty();
    let all = findings(project.folder.path(), &[]);
    let finding = all.iter().find(|finding| finding["rule"] == "unknown-reference").unwrap();
    let place: Vec<_> = ["line", "column", "end_line", "end_column"]
        .map(|key| usize::try_from(finding[key].as_u64().unwrap()).unwrap())
        .into();
    let line = text(&project.folder.path().join("content/chapters/a.md")).lines().nth(6).unwrap().to_owned();
    let marked: String = line.chars().skip(place[1] - 1).take(place[3] - place[1]).collect();
    assert_eq!((place[0], place[2], marked.contains("nowhere")), (7, 7, true), "{marked:?}");
    assert!(!marked.contains('見') && !marked.contains('與'), "{marked:?}");
    let shown = format!("content/chapters/a.md:{}:{}\n", place[0], place[1]);
    let out = run(project.folder.path(), &["check"]).ends(1).out;
    assert!(out.contains(&shown), "no {shown} in\n{out}");
}

#[test]
fn a_reference_in_a_table_ends_behind_its_brackets() {
    let text = "---\ntitle: 甲\n---\n\n| 甲 |\n|---|\n| 見[[nowhere\\|字]]。 |\n";
    let project = Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", text)]);
    let all = findings(project.folder.path(), &[]);
    let finding = all.iter().find(|finding| finding["rule"] == "unknown-reference").unwrap();
    assert_eq!(["line", "column", "end_column"].map(|key| finding[key].as_u64().unwrap()), [7, 4, 18]);
}

#[test]
fn every_format_holds_the_same_findings_in_both_languages() {
    let project = faulty();
    for language in ["zh-TW", "en"] {
        let all = findings(project.folder.path(), &["--lang", language]);
        let in_words = run(project.folder.path(), &["check", "--lang", language]).ends(1).out;
        let sarif = json(&run(project.folder.path(), &["check", "--lang", language, "--format", "sarif"]).ends(1));
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert_eq!(all.len(), results.len());
        for (finding, result) in all.iter().zip(results) {
            let (rule, message) = (finding["rule"].as_str().unwrap(), finding["message"].as_str().unwrap());
            assert!(in_words.contains(&format!("[{rule}]: {message}")), "no {rule}: {message} in\n{in_words}");
            assert!(result["ruleId"] == rule && result["message"]["text"].as_str().unwrap().starts_with(message), "{result}");
            assert_eq!(result["level"], finding["severity"]);
        }
        let summary = in_words.lines().last().unwrap();
        assert!(summary.contains(if language == "en" { "error" } else { "錯誤" }), "{summary}");
    }
}

#[test]
fn sarif_names_its_version_its_driver_and_every_rule() {
    let project = faulty();
    let sarif = json(&run(project.folder.path(), &["check", "--format", "sarif"]).ends(1));
    let (run, driver) = (&sarif["runs"][0], &sarif["runs"][0]["tool"]["driver"]);
    assert_eq!((&sarif["version"], &driver["name"]), (&Value::from("2.1.0"), &Value::from("planpress")));
    assert!(sarif["$schema"].as_str().is_some_and(|schema| schema.contains("sarif-schema-2.1.0")));
    let rules: Vec<_> = driver["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(rules, Rule::ALL.iter().map(|rule| rule.name()).collect::<Vec<_>>());
    for result in run["results"].as_array().unwrap() {
        assert_eq!(rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()], result["ruleId"], "{result}");
        for place in result["locations"].as_array().unwrap() {
            let uri = place["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(project.folder.path().join(uri).is_file(), "{uri}");
            let region = place["physicalLocation"]["region"].as_object().unwrap();
            assert!(region.len() == 4 && region.values().all(|number| number.as_u64() >= Some(1)), "{region:?}");
        }
    }
}

#[test]
fn warnings_fail_only_when_denied() {
    let project = small();
    run(project.folder.path(), &["check", "--deny", "warnings"]).ends(0);
    project.write("content/chapters/b.md", "---\ntitle: 乙\n---\n\n## 無位址\n".as_bytes());
    for format in ["text", "json", "sarif"] {
        let words = ["check", "--format", format];
        let lenient = run(project.folder.path(), &words).ends(0);
        let strict = run(project.folder.path(), &[&words[..], &["--deny", "warnings"]].concat()).ends(1);
        assert!(lenient.out == strict.out && lenient.out.contains("missing-id"), "{strict:?}");
    }
    // What is denied is named, however quietly.
    for (words, named) in [(&["-q", "check"][..], false), (&["-q", "check", "--deny", "warnings"], true)] {
        let ran = run(project.folder.path(), words).ends(i32::from(named));
        assert_eq!(ran.out.contains("missing-id"), named, "{}", ran.out);
    }
    run(project.folder.path(), &["build"]).ends(0);
}

#[test]
fn checking_writes_nothing() {
    for project in [small(), broken()] {
        let before = standing(project.folder.path());
        for format in ["text", "json", "sarif"] {
            run(project.folder.path(), &["check", "--format", format]);
        }
        super::assert_stands(project.folder.path(), &before);
    }
}

#[test]
fn where_no_plan_is_the_way_to_one_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("content")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for command in ["build", "check"] {
        for (project, named) in [(".", "content/plan.yaml"), ("nowhere", "nowhere/content/plan.yaml"), ("file", "file/content")] {
            let ran = run(folder.path(), &[command, "--project", project]).refused(named);
            assert!(ran.err.contains("planpress init") && ran.err.contains("--project"), "{}", ran.err);
            let ran = run(folder.path(), &[command, "--project", project, "--lang", "en"]).refused("planpress init");
            assert!(ran.err.contains(named), "{}", ran.err);
        }
    }
    super::assert_entries(folder.path(), &["content", "file"]);
}

#[test]
fn a_plan_that_is_nearly_called_so_is_named() {
    for (name, is_meant) in [("plan.yml", true), ("Plan.YML", true), ("plan.yaml.txt", true), ("plans.yaml", false)] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("content")).unwrap();
        fs::write(folder.path().join("content").join(name), "title: 計畫\nchapters: []\n").unwrap();
        for (language, way_out) in [("zh-TW", format!("有 {name}：請改名為 plan.yaml")), ("en", format!("{name}: rename it to plan.yaml"))]
        {
            let ran = run(folder.path(), &["check", "--lang", language]).refused("content/plan.yaml");
            assert_eq!((ran.err.contains(&way_out), ran.err.contains("planpress init")), (is_meant, !is_meant), "{}", ran.err);
        }
        // A folder of that name is no plan.
        fs::remove_file(folder.path().join("content").join(name)).unwrap();
        fs::create_dir(folder.path().join("content").join(name)).unwrap();
        run(folder.path(), &["check"]).refused("planpress init");
    }
}

#[test]
fn what_has_one_cure_is_mended_and_nothing_else_is_touched() {
    let project = Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a]\nannexes: [f]\n"),
        ("data/agency.yaml", "fields: [{ name: big, title: 大, type: boolean }]\nvalues: { big: true }\n"),
        ("data/terms.yaml", "terms:\n  - { term: 資通安全長, variants: [資安長] }\n"),
        ("annexes/f.md", "---\ntitle: 登記表\n---\n\n甲。\n"),
        (
            "data/t.yaml",
            "fields: [{ name: a, title: 說明, type: string, format: markdown }]\nrows: [{ a: \"應填[[f|進出登記表]]，留存三年，見[[f|進出表]]\" }]\n",
        ),
    ]);
    let table = project.folder.path().join("content/data/t.yaml");
    let chapter = project.folder.path().join("content/chapters/a.md");
    // As Windows editors write it: a byte order mark, two bytes at a line's end, blanks that nobody needs.
    let before = "\u{feff}---\r\ntitle: 甲\r\n---\r\n\r\n## 無位址  \r\n\r\n由資安長(含代理人)填[[f|進出登記表]]。   \r\n\r\n## 條件 {when=\"agency.big\"}\r\n\r\n## 閉合 ##\r\n\r\n兩行\r\n---\r\n\r\n:::table t\r\n\r\n:::\r\n";
    fs::create_dir_all(chapter.parent().unwrap()).unwrap();
    fs::write(&chapter, before).unwrap();
    let ran = run(project.folder.path(), &["check", "--fix"]);
    assert!(
        ran.out.contains("content/chapters/a.md:7：資安長 → 資通安全長") && ran.out.contains("改了 5 處"),
        "{}",
        ran.out
    );
    let after = before
        .replace("## 無位址", "## 無位址 {#a-1}")
        .replace("資安長(含代理人)", "資通安全長（含代理人）")
        .replace("[[f|進出登記表]]", "[[f|]]");
    assert_eq!(fs::read_to_string(&chapter).unwrap(), after);
    assert!(
        fs::read_to_string(&table).unwrap().contains("a: \"應填[[f|]]，留存三年，見[[f|進出表]]\""),
        "only the reference in the cell changes that is nearly the annex's name"
    );
    assert!(run(project.folder.path(), &["check", "--fix"]).out.contains("改了 0 處"));
    assert_eq!(fs::read_to_string(&chapter).unwrap(), after, "a second run changes nothing");
}

#[test]
fn what_nobody_sees_is_taken_away() {
    let (project, chapter) = with_terms("\u{200b}1. 甲\u{ad}乙\n\u{200b}2. 丙\n\n-\u{a0}丁👩\u{200d}💻");
    let ran = run(project.folder.path(), &["check", "--fix"]);
    assert!(
        ran.out.contains("U+200B → ×") && ran.out.contains("U+00A0 → U+0020") && ran.out.contains("改了 4 處"),
        "{}",
        ran.out
    );
    assert!(fs::read_to_string(&chapter).unwrap().ends_with("\n1. 甲乙\n2. 丙\n\n- 丁👩\u{200d}💻\n"));
}

#[test]
fn one_long_paragraph_is_mended_at_once() {
    let text = "資安長與[[s|節]]及字:字，".repeat(2_000) + &"資安長由字:字，`://(](「甲登記表".repeat(20_000);
    let (project, chapter) = with_terms(&format!("## 節 {{#s}}\n\n{text}"));
    assert!(run(project.folder.path(), &["check", "--fix"]).out.contains(" 處"));
    assert!(fs::read_to_string(&chapter).unwrap().contains("資通安全長與[[s|節]]及字：字，資通安全長"));
}

#[test]
fn addresses_code_and_conditions_are_not_reworded() {
    let kept =
        "1. 見 https://a.tw/資安長/密碼 。\n2. 見<https://a.tw/資安長>與[此](https://a.tw/(資安長)/密碼)。\n3. 執行 `mysql --密碼 甲:乙`。";
    let (project, chapter) = with_terms(&format!("{kept}\n4. **`密碼`** 與密碼。"));
    let ran = run(project.folder.path(), &["check", "--fix"]);
    assert!(ran.out.contains("改了 1 處") && !ran.out.contains("term-variant"), "{}", ran.out);
    assert!(fs::read_to_string(&chapter).unwrap().ends_with(&format!("{kept}\n4. **`密碼`** 與通行碼。\n")));
}

#[test]
fn what_only_looks_like_a_variant_of_the_templates_terms_is_kept() {
    let terms = fs::read_to_string(crate::project::root().join("content/data/terms.yaml")).unwrap();
    let kept = "密碼學、密碼技術、密碼模組、密碼演算法、密碼系統及密碼編譯，依資安長期及資安長短程計畫與本規範，含機敏資訊及資通系統。";
    let (project, path) = with_terms(&format!("{kept}密碼由資安長核定。"));
    fs::write(project.folder.path().join("content/data/terms.yaml"), terms).unwrap();
    assert!(run(project.folder.path(), &["check", "--fix"]).out.contains("改了 2 處"));
    assert!(fs::read_to_string(path).unwrap().contains(&format!("{kept}通行碼由資通安全長核定。")));
}

#[test]
fn terms_that_are_each_others_variants_are_not_swapped() {
    let (project, chapter) = with_terms("通行碼與密碼及口令。");
    let terms = "terms: [{ term: 通行碼, variants: [密碼, 口令] }, { term: 密碼, variants: [通行碼] }]\n";
    fs::write(project.folder.path().join("content/data/terms.yaml"), terms).unwrap();
    let ran = run(project.folder.path(), &["check", "--fix"]);
    assert!(ran.out.contains("改了 1 處") && ran.out.contains("content/data/terms.yaml:1:"), "{}", ran.out);
    assert!(fs::read_to_string(&chapter).unwrap().ends_with("通行碼與密碼及通行碼。\n"));
}

#[test]
fn every_cell_of_a_table_is_mended_in_one_run() {
    let rows = |word: &str, colon: &str| format!("| 誰 | 何 |\n|---|---|\n{}", format!("| {word} | 甲{colon}乙 |\n").repeat(12));
    let (project, chapter) = with_terms(&rows("資安長", ":"));
    assert!(run(project.folder.path(), &["check", "--fix"]).out.contains("改了 24 處"));
    assert!(fs::read_to_string(&chapter).unwrap().contains(&rows("資通安全長", "：")));
}

#[test]
fn nothing_is_mended_at_the_place_of_something_else() {
    let (project, _) = with_terms(":::table t\n\n:::");
    let path = project.folder.path().join("content/data/t.yaml");
    // Of these values only the first line has a place, and one of them is written in another way.
    let rows = "  - a: >\n      密碼編譯(ISO)\n      密碼(甲)\n  - a: \"乙(ISO) \\u0028丙)\"\n";
    let text = format!("fields: [{{ name: a, title: 欄 }}]\nrows:\n{rows}");
    fs::write(&path, &text).unwrap();
    let terms = "terms: [{ term: 通行碼, variants: [密碼], except: [密碼編譯] }]\n";
    fs::write(project.folder.path().join("content/data/terms.yaml"), terms).unwrap();
    assert!(run(project.folder.path(), &["check", "--fix"]).ends(0).out.contains("改了 0 處"));
    assert_eq!(fs::read_to_string(path).unwrap(), text);
}

#[test]
fn a_column_that_a_csv_calls_by_its_title_is_mended_in_both_files() {
    let (project, _) = with_terms(":::table t\n\n:::");
    let write = |file: &str, text: &str| project.write(file, text.as_bytes());
    write("content/data/t.yaml", "fields: [{ name: a, title: 密碼與密碼, type: string }]\n");
    write("content/data/t.csv", "密碼與密碼\n甲\n");
    assert!(run(project.folder.path(), &["check", "--fix"]).ends(0).out.contains("改了 4 處"));
    let read = |file: &str| fs::read_to_string(project.folder.path().join("content/data").join(file)).unwrap();
    assert!(read("t.yaml").contains("title: 通行碼與通行碼") && read("t.csv").starts_with("通行碼與通行碼\n"));
    // Of an overlay only its own files are mended: the column would be another one.
    write("content/data/t.yaml", "fields: [{ name: a, title: 密碼, type: string }]\n");
    write("overlay/data/t.csv", "密碼\n甲\n");
    let ran = run(project.folder.path(), &["--overlay", "overlay", "check", "--fix"]).ends(0);
    assert!(ran.out.contains("改了 0 處") && ran.out.contains("overlay/data/t.csv:1:1"), "{}", ran.out);
}

#[test]
fn a_document_on_standard_output_stands_there_alone() {
    for format in ["json", "sarif"] {
        let (project, _) = with_terms("1. 資安長。");
        let ran = run(project.folder.path(), &["check", "--fix", "--format", format]);
        assert!(serde_json::from_str::<serde_json::Value>(&ran.out).is_ok(), "{}", ran.out);
        assert!(ran.err.contains("資安長 → 資通安全長") && ran.err.contains("改了 1 處"), "{}", ran.err);
    }
}

/// A plan of one chapter with two terms.
pub(super) fn with_terms(text: &str) -> (Temporary, std::path::PathBuf) {
    let terms = "terms:\n  - { term: 資通安全長, variants: [資安長] }\n  - { term: 通行碼, variants: [密碼] }\n";
    let chapter = format!("---\ntitle: 甲\n---\n\n{text}\n");
    let project = Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("data/terms.yaml", terms), ("chapters/a.md", &chapter)]);
    let path = project.folder.path().join("content/chapters/a.md");
    (project, path)
}

#[test]
fn one_run_mends_what_stands_inside_another_change_and_counts_what_it_changed() {
    let (project, chapter) = with_terms("1. 主管(資安長)應檢視：甲:乙:丙:丁。");
    let ran = run(project.folder.path(), &["check", "--fix"]);
    assert!(ran.out.contains("改了 5 處") && ran.out.matches(" → ").count() == 5, "{}", ran.out);
    assert!(fs::read_to_string(&chapter).unwrap().ends_with("1. 主管（資通安全長）應檢視：甲：乙：丙：丁。\n"));
    assert!(run(project.folder.path(), &["check", "--fix"]).out.contains("改了 0 處"));
    fs::write(&chapter, fs::read_to_string(&chapter).unwrap().replace("通安全", "安")).unwrap();
    let ran = run(project.folder.path(), &["check", "--fix", "--format", "json"]);
    assert!(
        ran.out.starts_with('{') || ran.out.starts_with('['),
        "standard output is the document and nothing else: {}",
        ran.out
    );
}

#[test]
fn status_says_by_chapter_what_is_open_and_where() {
    let project = Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [b, a]\n"),
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n1. 本全機關。\n2.\n"),
        ("chapters/b.md", "---\ntitle: 乙\n---\n\n1. 乙。\n"),
    ]);
    let said = run(project.folder.path(), &["status"]).ends(0).out;
    assert!(said.contains("content/chapters/a.md:5:4  ") && said.contains("還有 2 項"), "{said}");
    let all = json(&run(project.folder.path(), &["status", "--format", "json"]).ends(0));
    assert_eq!((&all["format"], &all["ready"], &all["total"]), (&Value::from(1), &Value::from(false), &Value::from(2)));
    let parts = all["parts"].as_array().unwrap();
    assert_eq!((parts.len(), &parts[0]["id"], &parts[0]["number"]), (1, &Value::from("a"), &Value::from("貳、")));
    assert_eq!(parts[0]["open"][1]["rule"], "empty-item");
    assert_eq!(parts[0]["open"][1]["href"], "chapters/a.html#a.2");
    fs::write(project.folder.path().join("content/chapters/a.md"), "---\ntitle: 甲\n---\n\n1. 甲。\n").unwrap();
    let said = run(project.folder.path(), &["status"]).ends(0).out;
    assert_eq!(said, "沒有待完成事項，可以送核定。\n");
}

#[test]
fn status_counts_reminders_apart_and_is_ready_with_nothing_else() {
    let text = |first: &str| format!("---\ntitle: 甲\n---\n\n1. {first}\n2. 依[[a.1]]辦理。\n");
    let project = Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", &text("本○○部。"))]);
    let status = |more: &[&str]| run(project.folder.path(), &[&["status"], more].concat()).ends(0).out;
    let counted = || {
        let all: Value = serde_json::from_str(&status(&["--format", "json"])).unwrap();
        ["ready", "total", "waiting"].map(|name| all[name].to_string()).join(" ")
    };
    assert!(status(&[]).ends_with("還有 1 項，完成之後才能核定；另有 1 項提醒。\n"), "{}", status(&[]));
    assert_eq!(counted(), "false 2 1");
    fs::write(project.folder.path().join("content/chapters/a.md"), text("本部。")).unwrap();
    assert!(status(&[]).ends_with("還有 1 項提醒，不擋核定。\n"), "{}", status(&[]));
    assert_eq!(counted(), "true 1 0");
}

#[test]
fn what_a_plan_turns_off_or_accepts_is_told_where_it_is_ready_and_where_it_was_approved() {
    let project =
        Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", "---\ntitle: 甲\n---\n\n1. 本○○部。\n2.\n")]);
    let root = project.folder.path();
    let told = "停用的規則：blank、unknown-value；以理由接受的發現：1 項";
    let waiver = "waivers: [{ rule: empty-item, at: a.2, reason: 保留項次 }]\n";
    // One that accepts nothing is none.
    let waivers = waiver.replace('[', "[{ rule: blank, at: a.2, reason: 無 }, ");
    let off = "blank: off, unknown-value: off, unused-synonym: off, unused-waiver: off";
    let plan = format!("title: 計畫\nchapters: [a]\nchecks: {{ {off} }}\n{waivers}");
    fs::write(root.join("content/plan.yaml"), plan).unwrap();
    assert_eq!(run(root, &["status"]).ends(0).out, format!("沒有待完成事項，可以送核定。\n{told}\n"));
    let all = json(&run(root, &["status", "--format", "json"]).ends(0));
    assert_eq!(
        (all["rules_off"].to_string(), &all["waivers"]),
        (String::from("[\"blank\",\"unknown-value\"]"), &Value::from(1))
    );
    run(root, &["build", "--view", "draft"]).ends(0);
    let page = fs::read_to_string(root.join("public/status.html")).unwrap();
    assert!(page.contains("停用的規則　blank、unknown-value") && page.contains("以理由接受的發現：1 項"), "{page}");
    let approved = run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0).out;
    assert!(approved.starts_with(told), "{approved}");
    let verified = run(root, &["verify", "content/editions/1.0.json"]).ends(0).out;
    assert!(verified.contains(told), "{verified}");
}

#[test]
fn status_leads_from_a_blank_cell_to_where_it_is_printed() {
    let project = Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a]\n"),
        ("data/t.yaml", "fields: [{ name: a, title: 系統, type: string }]\nrows: [{ a: ○○ }]\n"),
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n1. 甲。\n2. 如下：\n\n   :::table t\n\n   :::\n"),
    ]);
    let all = json(&run(project.folder.path(), &["status", "--format", "json"]).ends(0));
    let (part, open) = (&all["parts"][0]["id"], &all["parts"][0]["open"][0]);
    assert_eq!(
        (part, &open["file"], &open["href"]),
        (&"data".into(), &"content/data/t.yaml".into(), &"chapters/a.html#a.2".into())
    );
}

#[test]
fn a_part_without_a_title_of_its_own_is_told_and_holds_back_an_approval() {
    let plan = "title: 計畫\nparts:\n  - { title: 第一編, chapters: [a] }\n  - { chapters: [b] }\n  - { title: \" \", chapters: [c] }\n";
    let chapter = "---\ntitle: 章\n---\n\n文\n";
    let files = [("plan.yaml", plan), ("chapters/a.md", chapter), ("chapters/b.md", chapter), ("chapters/c.md", chapter)];
    let project = project::Temporary::new(&files);
    let root = project.folder.path();
    let said = run(root, &["check"]).ends(0).out;
    for (number, line) in [(2, "4:5"), (3, "5:5")] {
        let finding =
            format!("警告[empty-item]: 第 {number} 編沒有標題，別編引用它的條文時，分不出是哪一編的\n --> content/plan.yaml:{line}");
        assert!(said.contains(&finding), "{said}");
    }
    let same = plan.replace("{ chapters: [b] }", "{ title: 第二編, chapters: [b] }").replace("\" \"", "第一編");
    project.write("content/plan.yaml", same.as_bytes());
    let said = run(root, &["check"]).ends(0).out;
    assert!(said.contains("第 3 編與前面的一編都叫「第一編」") && said.contains("content/plan.yaml:5:14"), "{said}");
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(1);
    // Alone, it needs none.
    project.write("content/plan.yaml", b"title: T\nparts:\n  - { chapters: [a, b, c] }\n");
    assert!(!run(root, &["check"]).ends(0).out.contains("empty-item"));
}

#[test]
fn what_a_missing_file_could_explain_is_told_once_it_is_back() {
    let project = broken();
    let root = project.folder.path();
    let (here, away) = (root.join("content/chapters/a.md"), root.join("a.md"));
    let whole = findings(root, &[]);
    assert!(whole.iter().any(|finding| finding["rule"] == "unknown-reference"), "{whole:?}");
    fs::rename(&here, &away).unwrap();
    let told = findings(root, &[]);
    assert_eq!(told.iter().map(|finding| &finding["rule"]).collect::<Vec<_>>(), ["missing-file"], "{told:?}");
    run(root, &["check"]).ends(1);
    run(root, &["build"]).ends(1);
    assert!(!root.join("public").exists());
    fs::rename(&away, &here).unwrap();
    assert_eq!(findings(root, &[]), whole);
}
