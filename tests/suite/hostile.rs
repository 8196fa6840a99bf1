//! Content that is broken on purpose: towers, bombs, circles, giant files, wrong encodings and ways out of the project.
//!
//! In: one bad thing at a time, and once all together. Out: the finding that it must cause. What could exhaust the stack, the
//! memory or the patience runs in a child process with a limit, so that a failure is a failure and not the end of all tests.

use super::{
    html,
    project::{self, Temporary, rules},
};
use planpress::{
    compile,
    diagnostic::{Language, Severity},
    render::View,
    report,
    source::Project,
};
use std::{
    env, fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Tells the child which project to compile.
const CHILD: &str = "PLANPRESS_TEST_PROJECT";
/// Longer than this (seconds) is a failure; in a dev build on a busy machine.
const LIMIT: u64 = 40;

/// Compiles and publishes in a child process; the rules of its findings, without repeats.
pub(super) fn survived(temporary: &Temporary) -> Vec<String> {
    project::count("inputs", 1);
    let program = env::current_exe().expect("this program");
    let output = temporary.folder.path().join("output.txt");
    let mut child = Command::new(program)
        .args(["--exact", "hostile::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(CHILD, temporary.folder.path())
        .stdout(fs::File::create(&output).expect("a file"))
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let since = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a status") {
            break status;
        }
        if since.elapsed().as_secs() > LIMIT {
            child.kill().expect("an end");
            child.wait().expect("a status");
            panic!("does not end within {LIMIT} seconds");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "the program dies: {status}");
    let output = fs::read_to_string(output).expect("the output");
    let mut rules: Vec<String> = output.lines().filter_map(|line| line.strip_prefix("rule ")).map(str::to_owned).collect();
    rules.sort();
    rules.dedup();
    rules
}

#[test]
#[ignore = "runs in a child process only"]
fn child() {
    let Some(root) = env::var_os(CHILD) else { return };
    let compiled = project::compile(&Project { root: root.into(), overlay: None });
    for view in [View::Published, View::Draft] {
        for (_, text) in project::pages(&project::publish(&compiled, view)) {
            assert!(text.ends_with("</html>\n") || text.ends_with("</html>"));
        }
    }
    drop(report::text(&compiled.diagnostics, &compiled.sources, Language::Chinese));
    drop(report::sarif(&compiled.diagnostics, &compiled.sources, Language::English));
    // How such a text reads is another matter.
    for rule in compiled.diagnostics.iter().map(|finding| finding.rule).filter(|rule| !rule.holds_back_approval()) {
        println!("\nrule {}", rule.name());
    }
}

/// A chapter whose text is a tower of these pieces.
fn tower(open: &str, middle: &str, close: &str) -> Vec<String> {
    survived(&Temporary::chapter(&format!("{}{middle}{}\n", open.repeat(10_000), close.repeat(10_000))))
}

#[test]
fn ten_thousand_quotes_and_lists_end_in_one_finding() {
    assert_eq!(tower("> ", "引言", ""), ["nested-too-deeply"]);
    assert_eq!(tower("- ", "點", ""), ["nested-too-deeply"]);
    assert_eq!(tower("1. ", "項", ""), ["nested-too-deeply"]);
}

#[test]
fn ten_thousand_marks_of_emphasis_and_brackets_break_nothing() {
    assert!(tower("*甲 **乙 ", "", "** *").iter().all(|rule| rule == "nested-too-deeply"));
    assert!(
        tower("[", "文", "](https://example.gov.tw)")
            .iter()
            .all(|rule| ["nested-too-deeply", "unknown-reference"].contains(&rule.as_str()))
    );
    assert!(
        tower("![", "圖", "](assets/a.png)").iter().all(|rule| [
            "nested-too-deeply",
            "missing-file",
            "missing-alternative-text",
            "unknown-reference"
        ]
        .contains(&rule.as_str()))
    );
    for piece in ["[[", "[[a|", "{{", "{{ a.", "%%", "[^", "[^n]", "`", "<", "<b>", "&", "|", "\\", "{#", " {#a "] {
        tower(piece, "", "");
    }
}

#[test]
fn ten_thousand_directives_end_in_findings() {
    assert!(tower(":::guidance\n\n", "", "").contains(&"unclosed-directive".to_owned()));
    assert!(tower(":::when agency.open\n\n", "文\n\n", ":::\n\n").contains(&"unknown-value".to_owned()));
    assert!(tower(":::\n\n", "", "").contains(&"unnamed-directive".to_owned()));
}

#[test]
fn deep_yaml_ends_in_a_finding() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    for yaml in [deep("[", "]"), deep("{a: ", "}"), deep("- ", ""), deep("[", ""), deep("? ", "")] {
        let files = [("chapters/a.md", "---\ntitle: 甲\n---\n\n甲。\n"), ("data/deep.yaml", yaml.as_str())];
        assert_eq!(survived(&Temporary::new(&files)), ["invalid-yaml"], "{}", &yaml[..10]);
        let front = format!("---\ntitle: 甲\nfulfils: {yaml}\n---\n");
        assert_eq!(survived(&Temporary::new(&[("chapters/a.md", &front)])), ["front-matter"], "{}", &yaml[..10]);
        let plan = format!("title: 計畫\nwaivers: {yaml}\n");
        assert!(survived(&Temporary::new(&[("plan.yaml", &plan)])).contains(&"invalid-yaml".to_owned()), "{}", &yaml[..10]);
    }
}

#[test]
fn a_bomb_of_aliases_ends_in_a_finding() {
    let mut yaml = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        yaml.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
    }
    let temporary = Temporary::new(&[("chapters/a.md", "---\ntitle: 甲\n---\n\n甲。\n"), ("data/bomb.yaml", &yaml)]);
    assert_eq!(survived(&temporary), ["invalid-yaml"]);
    let compiled = temporary.compile();
    let help = compiled.diagnostics[0].help.as_ref().expect("a way out");
    assert!(help.zh.contains("別名"), "{}", help.zh);
}

/// A data file of values that refer to the next one.
fn chain(length: usize, value: impl Fn(usize) -> String) -> Temporary {
    let mut yaml: String = (0..length).map(|at| format!("a{at}: \"{}\"\n", value(at + 1))).collect();
    yaml.push_str(&format!("a{length}: 終\n"));
    Temporary::new(&[("chapters/a.md", "---\ntitle: 甲\n---\n\n{{ words.a0 }}\n"), ("data/words.yaml", &yaml)])
}

#[test]
fn a_bomb_of_values_ends_in_a_finding() {
    let doubling = chain(40, |next| format!("{{{{ words.a{next} }}}}{{{{ words.a{next} }}}}"));
    assert!(!survived(&doubling).is_empty());
}

#[test]
fn a_long_chain_of_values_breaks_nothing() {
    survived(&chain(10_000, |next| format!("{{{{ words.a{next} }}}}")));
}

/// Thousands of uses of something large, in one chapter after a title.
fn many_times(piece: &str, files: &[(&str, &str)]) -> Temporary {
    let text = format!("---\ntitle: 甲\n---\n\n## 節 {{#heading}}\n\n{}", format!("{piece}\n\n").repeat(5_000));
    let files: Vec<_> = files.iter().copied().chain([("chapters/a.md", text.as_str())]).collect();
    Temporary::new(&files)
}

#[test]
fn something_large_that_is_used_thousands_of_times_ends_in_one_finding() {
    let long = "長".repeat(1 << 20);
    let words = format!("a: {long}\n");
    for piece in ["{{ words.a }}", "1. {{ words.a }}", "| {{ words.a }} |\n| - |", ":::guidance\n\n{{ words.a }}\n\n:::"] {
        assert_eq!(survived(&many_times(piece, &[("data/words.yaml", &words)])), ["oversized-text"], "{piece}");
    }
    let rows = |format: &str, cell: &str| {
        format!("fields: [{{ name: a, format: {format} }}]\nrows:\n{}", format!("  - a: {cell}\n").repeat(20_000))
    };
    for rows in [rows("default", "值"), rows("markdown", "\"{{ words.a }}\"")] {
        let files = [("data/rows.yaml", rows.as_str()), ("data/words.yaml", "a: 一二三四五六七八\n")];
        assert_eq!(survived(&many_times(":::table rows\n\n:::", &files)), ["oversized-text"]);
    }
    let law = format!("laws: [{{ id: a, title: {} }}]\n", "法".repeat(20_000));
    for piece in ["[[law:a]]", ":::laws\n\n:::"] {
        assert_eq!(survived(&many_times(piece, &[("data/laws.yaml", &law)])), ["oversized-text"], "{piece}");
    }
    let annex = format!("---\ntitle: {}\n---\n", "表".repeat(20_000));
    for piece in ["[[f]]", ":::annexes\n\n:::"] {
        let found = survived(&many_times(piece, &[("annexes/f.md", &annex)]));
        assert!(found.contains(&"oversized-text".to_owned()), "{piece}: {found:?}");
    }
    let agency = format!("fields: [{{ name: open, title: {}, type: boolean }}]\nvalues: {{ open: null }}\n", "題".repeat(20_000));
    let found = survived(&many_times(":::when agency.open\n\n文\n\n:::", &[("data/agency.yaml", &agency)]));
    assert_eq!(found, ["oversized-text"]);
}

#[test]
fn values_put_together_from_large_ones_and_large_titles_end_in_one_finding() {
    let words = format!("a: \"{}\"\nb: {}\n", "{{ words.b }}".repeat(900), "長".repeat(1 << 19));
    let survive = |text: &str| {
        survived(&Temporary::new(&[
            ("chapters/a.md", &format!("---\ntitle: 甲\n---\n\n{text}\n")),
            ("data/words.yaml", &words),
        ]))
    };
    assert_eq!(survive("{{ words.a }}"), ["oversized-text"]);
    assert_eq!(survive("## {{ words.b }} {#b}"), ["oversized-text"]);
    assert_eq!(survive(&"{{ words.a }}".repeat(1_000)), ["oversized-text"]);
    let title = format!("---\ntitle: {}\n---\n\n文\n", "題".repeat(1 << 20));
    assert_eq!(survived(&Temporary::new(&[("chapters/a.md", &title)])), ["oversized-text"]);
}

#[test]
fn many_chapters_that_are_large_together_end_in_one_finding() {
    let text = format!("---\ntitle: 章\n---\n\n{}", "{{ words.a }}\n\n".repeat(5));
    let names: Vec<String> = (0..20).map(|at| format!("chapters/c{at}.md")).collect();
    let words = format!("a: {}\n", "長".repeat(1 << 20));
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), text.as_str())).chain([("data/words.yaml", words.as_str())]).collect();
    let temporary = Temporary::new(&files);
    assert_eq!(survived(&temporary), ["oversized-text"]);
    assert_eq!(rules(&temporary.compile()), ["oversized-text"]);
}

#[test]
fn values_in_a_circle_are_one_finding_for_each_use() {
    let compiled = Temporary::new(&[
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n{{ words.a }}{{ words.b }}\n"),
        ("data/words.yaml", "a: \"{{ words.b }}\"\nb: \"{{ words.a }}\"\n"),
    ])
    .compile();
    assert_eq!(rules(&compiled), ["cyclic-value"; 2]);
}

const AGENCY: &str = "fields: [{ name: open, type: boolean }]\nvalues: { open: null }\n";

#[test]
fn deep_and_long_conditions_break_nothing() {
    let many = |piece: &str| piece.repeat(10_000);
    let conditions = [
        format!("{}agency.open{}", many("("), many(")")),
        format!("{}agency.open", many("not ")),
        format!("{}agency.open", many("agency.open and ")),
        format!("{}agency.open", many("agency.open or ")),
        format!("{}agency.open", many("not agency.open and ")),
        format!("agency.open in [{}true]", many("true, ")),
    ];
    for condition in conditions {
        let text = format!("---\ntitle: 甲\n---\n\n:::when {condition}\n\n文\n\n:::\n\n1. 項 {{when=\"{condition}\"}}\n");
        let found = survived(&Temporary::new(&[("chapters/a.md", &text), ("data/agency.yaml", AGENCY)]));
        assert!(found.iter().all(|rule| rule == "invalid-condition"), "{found:?}: {}", &condition[..30]);
    }
}

#[test]
fn wide_tables_and_many_notes_break_nothing() {
    let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(2_000));
    assert!(survived(&Temporary::chapter(&format!("{}{}{}", row("欄"), row("-"), row("值").repeat(20)))).is_empty());
    let marks: String = (0..3_000).map(|at| format!("文[^n{at}]。\n")).collect();
    let notes: String = (0..3_000).map(|at| format!("[^n{at}]: 註。\n\n")).collect();
    assert!(survived(&Temporary::chapter(&format!("{marks}\n{notes}"))).is_empty());
}

#[test]
fn many_unknown_references_do_not_take_for_ever() {
    let text: String = (0..3_000).map(|at| format!("## 節 {{#heading-number-{at}}}\n\n見[[headnig-nubmer-{at}]]。\n\n")).collect();
    assert_eq!(survived(&Temporary::chapter(&text)), ["unknown-reference"]);
}

#[test]
fn many_typed_numbers_do_not_take_for_ever() {
    let clauses: String = (0..5_000).map(|at| format!("{at}. 依壹、一、{at}辦理。\n")).collect();
    let annexes: String = (0..20_000).map(|at| format!("、附件{at}")).collect();
    for text in [clauses, format!("依附件0{annexes}。\n"), format!("依附件1{}。\n", "、附件1".repeat(20_000))] {
        assert_eq!(survived(&Temporary::chapter(&format!("## 節 {{#heading}}\n\n{text}"))), ["typed-reference"]);
    }
    assert!(survived(&Temporary::chapter(&format!("依{}。\n", "貳".repeat(200_000)))).is_empty());
}

#[test]
fn a_file_of_a_hundred_megabytes_is_not_read() {
    let names =
        ["chapters/a.md", "annexes/f.md", "data/agency.yaml", "data/table.csv", "plan.yaml", "assets/film.mp4", "editions/1.0.json"];
    for name in names {
        let temporary =
            Temporary::new(&[("chapters/a.md", "---\ntitle: 甲\n---\n\n甲。\n"), ("data/table.yaml", "fields: [{ name: a }]\n")]);
        temporary.write(&format!("content/{name}"), b"");
        let file = fs::File::options().write(true).open(temporary.folder.path().join("content").join(name)).expect("a file");
        file.set_len(100 << 20).expect("a large file");
        let since = Instant::now();
        let compiled = temporary.compile();
        assert!(since.elapsed() < Duration::from_secs(2), "{name}");
        let found: Vec<_> = compiled.diagnostics.iter().filter(|finding| finding.rule.name() == "oversized-file").collect();
        assert_eq!(found.len(), 1, "{name}: {:?}", rules(&compiled));
        assert_eq!(compiled.sources.file(found[0].span.expect("a place").file).name, name);
    }
}

#[test]
fn a_table_in_big5_comes_with_the_advice_to_save_it_as_utf8() {
    let temporary = Temporary::new(&[
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n:::table t\n\n:::\n"),
        ("data/t.yaml", "fields: [{ name: a, title: 名稱 }]\n"),
    ]);
    temporary.write("content/data/t.csv", &encoding_rs::BIG5.encode("名稱\n資通系統主機\n").0);
    let compiled = temporary.compile();
    assert_eq!(rules(&compiled), ["invalid-utf8"]);
    let finding = &compiled.diagnostics[0];
    assert!(finding.message.zh.contains("Big5"));
    assert!(finding.help.as_ref().is_some_and(|help| help.zh.contains("另存 CSV UTF-8")));
    temporary.write("content/data/t.csv", "\u{feff}名稱\r\n資通系統主機\r\n".as_bytes());
    assert!(rules(&temporary.compile()).is_empty());
}

#[test]
fn files_that_are_no_text_are_named_and_the_rest_is_read() {
    let temporary = Temporary::new(&[("chapters/a.md", ""), ("chapters/b.md", "---\ntitle: 乙\n---\n\n[[b.9]]\n"), ("annexes/f.md", "")]);
    temporary.write("content/chapters/a.md", &[0xff, 0xfe, b'a', 0, b'b', 0]);
    temporary.write("content/annexes/f.md", &[b'-', 0xc3, 0x28, 0xf0, 0x9f]);
    let compiled = temporary.compile();
    assert_eq!(rules(&compiled), ["invalid-utf8", "invalid-utf8", "unknown-reference"]);
    assert!(compiled.diagnostics[1].message.zh.contains("UTF-16"));
    html::page(project::text(&project::publish(&compiled, View::Published), "chapters/a.html"));
}

#[test]
fn addresses_that_lead_out_of_the_project_are_refused() {
    for address in [
        "../secret.txt",
        "../../secret.txt",
        "/etc/passwd",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "assets/../../secret.txt",
        "assets/..%2f..%2fsecret.txt",
        "C:\\secret.txt",
        "\\\\server\\share\\x",
    ] {
        for text in [format!("[文](<{address}>)\n"), format!("![圖](<{address}>)\n")] {
            let compiled = Temporary::chapter(&text).compile();
            assert!(compiled.has_errors(), "{text}");
            let files = project::publish(&compiled, View::Published);
            let page = html::page(project::text(&files, "chapters/a.html"));
            let article = page.find("article").expect("an article");
            let links = article
                .all()
                .into_iter()
                .filter(|element| !element.is("number") && (element.name == "a" || element.name == "img"));
            assert_eq!(links.count(), 0, "{text}");
        }
    }
}

#[test]
fn a_project_without_a_plan_is_an_error_of_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = compile::compile(&Project { root: folder.path().to_path_buf(), overlay: None }).expect_err("no plan");
    assert!(
        folder.path().join("content/plan.yaml").ends_with(&error.path) && error.path.ends_with("/content/plan.yaml"),
        "{}",
        error.path
    );
}

#[test]
fn empty_files_are_findings_or_nothing() {
    let plan = "title: 計畫\nchapters: [a]\nannexes: [f]\n";
    let data = ["data/agency.yaml", "data/laws.yaml", "data/requirements.yaml", "data/words.yaml", "data/table.yaml", "data/table.csv"];
    for empty in ["", "\n", "# 註解\n", "---\n", "null\n", "[]\n", "42\n"] {
        let mut files = vec![("plan.yaml", plan), ("chapters/a.md", empty), ("annexes/f.md", empty)];
        files.extend(data.map(|name| (name, empty)));
        let compiled = Temporary::new(&files).compile();
        project::publish(&compiled, View::Draft);
        let compiled = Temporary::new(&[("plan.yaml", empty), ("chapters/a.md", "")]).compile();
        assert!(compiled.has_errors(), "{empty:?}: {:?}", rules(&compiled));
    }
}

#[test]
fn everything_is_reported_in_one_run() {
    let temporary = Temporary::new(&[
        ("plan.yaml", "title: 計畫\nchapters: [a, b, missing, a]\nannexes: [f]\ncheks: {}\n"),
        (
            "chapters/a.md",
            "---\ntitle: 甲\n---\n\n## 沒有位址\n\n[[f.9]] {{ agency.nothing }} [^n] <b> %%x\n\n:::guidence\n\n:::\n\n\u{e000}\n",
        ),
        ("chapters/b.md", "沒有開頭\n\n![](assets/none.png)\n\n1.項 {#a when=\"agency\"}\n\n:::table none\n\n:::\n"),
        ("annexes/f.md", "---\ntitle: 表\ntitel: 表\n---\n\n# 標題\n"),
        ("data/agency.yaml", "fields: [{ name: level, type: integer }]\nvalues: { level: 高 }\n"),
        ("data/broken.yaml", "a: [\n"),
    ]);
    temporary.write("content/data/big5.csv", &encoding_rs::BIG5.encode("名稱").0);
    let compiled = temporary.compile();
    let found = rules(&compiled);
    for rule in [
        "duplicate-id",
        "missing-file",
        "unknown-field",
        "missing-id",
        "unknown-reference",
        "unknown-value",
        "unknown-footnote",
        "raw-html",
        "unclosed-comment",
        "unknown-directive",
        "private-use-character",
        "front-matter",
        "missing-alternative-text",
        "unrecognised-list-item",
        "unsupported-markdown",
        "schema-violation",
        "invalid-yaml",
        "invalid-utf8",
    ] {
        assert!(found.contains(&rule), "{rule} is not among {found:?}");
    }
    assert!(compiled.diagnostics.iter().any(|finding| finding.severity == Severity::Warning));
    assert!(project::publish(&compiled, View::Draft).contains_key("chapters/b.html"));
}

#[test]
fn a_mistake_in_every_row_does_not_take_for_ever() {
    let rows = |row: &str| row.repeat(8_000);
    let fields = "fields: [{ name: a, type: string }]\nrows:\n";
    for (name, yaml) in [
        ("data/t.yaml", format!("{fields}{}", rows("  - { b: x }\n"))),
        ("data/t.yaml", format!("{fields}{}", rows("  - { a: 1.10 }\n"))),
        (
            "data/t.yaml",
            format!("{fields}{}", rows("  - { a: \"{{ x.y }}\" }\n")).replace("string", "string, format: markdown"),
        ),
        ("data/laws.yaml", format!("laws:\n{}", rows("  - { id: a, title: 法, url: x }\n"))),
        (
            "data/requirements.yaml",
            format!("law: a\narticle: 1\nrequirements:\n{}", rows("  - { id: a, item: 1, titel: x, title: y }\n")),
        ),
        ("plan.yaml", format!("title: 計畫\nchapters: [a]\nwaivers:\n{}", rows("  - { rule: x, at: a, reason: y }\n"))),
    ] {
        let table = if name == "data/t.yaml" { ":::table t\n\n:::\n" } else { "" };
        let chapter = format!("---\ntitle: 甲\n---\n\n{table}");
        assert!(!survived(&Temporary::new(&[("chapters/a.md", &chapter), (name, &yaml)])).is_empty(), "{name}");
    }
}

/// The message of the one finding of a plan with a file of data.
fn only_message(name: &str, text: &str) -> String {
    let table = "fields: [{ name: a }, { name: b }]\n";
    let temporary = Temporary::new(&[("chapters/a.md", "---\ntitle: 甲\n---\n\n甲。\n"), ("data/t.yaml", table), (name, text)]);
    assert_eq!(survived(&temporary), ["schema-violation"]);
    let compiled = temporary.compile();
    let messages: Vec<_> = compiled
        .diagnostics
        .iter()
        .filter(|finding| finding.help.is_some())
        .map(|finding| finding.message.zh.clone())
        .collect();
    assert_eq!(messages.len(), 1, "{:?}", &messages[..messages.len().min(3)]);
    messages[0].to_string()
}

#[test]
fn tables_and_records_beyond_any_page_end_in_a_finding_that_says_the_limit() {
    let rows = format!("fields: [{{ name: a }}, {{ name: b }}]\nrows:\n{}", "  - {}\n".repeat(50_001));
    assert_eq!(only_message("data/t.yaml", &rows), "2 欄的表有 50001 列，上限 50000 列");
    let csv = format!("a,b\n{}", "1,\n".repeat(60_000));
    assert_eq!(only_message("data/t.csv", &csv), "2 欄的表有 50001 列，上限 50000 列");
    let names: String = (0..20_000).map(|at| format!("  - {{ name: a{at} }}\n")).collect();
    assert_eq!(only_message("data/t.yaml", &format!("fields:\n{names}values: {{}}\n")), "有 20000 個欄位，上限 500 個");
    let choices = format!("fields: [{{ name: a, type: list, constraints: {{ enum: [{}b] }} }}]\nrows: []\n", "c, ".repeat(200_000));
    assert_eq!(only_message("data/t.yaml", &choices), "一個欄位有超過 1000 個選項");
}
