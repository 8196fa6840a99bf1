//! What amendment tables say beyond words: parts of a plan, and what is printed beside a clause.
//!
//! In: small plans, approved and changed, some with the records of earlier programs. Out: a failure that shows the row that is not as an
//! officer would have written it by hand.

use super::{amendments::rows, edit, run, text};
use crate::project;
use planpress::edition::{Record, clause_digest, format_of};
use std::fs;

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
    record.reasons = None;
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
    assert!(kept.contains("\"format\": 4,") && kept.matches("\"part\": \"第二編 機關計畫\"").count() == 3, "{kept}");
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
    run(root, &["build"]).ends(0);
    let cover = text(&root.join("public/index.html"));
    assert!(cover.contains("編號或引用的編號不同。") && !cover.contains("只有資料"), "the table has rows");
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
    project.write("content/assets/a.png", b"GIF89a");
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
    // Of what is new or gone everything is shown.
    project.write("content/plan.yaml", "title: 計畫\nchapters: [a, b]\nannexes: [g]\n".as_bytes());
    project.write("content/chapters/a.md", "---\ntitle: 甲\nunit: 秘書室\n---\n\n1. 應登記於[[g]]。\n".as_bytes());
    let added = "---\ntitle: 乙\nunit: 主計室\n---\n\n1. 圖 ![圖](assets/a.png \"新圖說\")\n";
    project.write("content/chapters/b.md", added.as_bytes());
    let other = form("number: ISMS-04-002\n").replace("登記表", "清冊").replace("承辦人", "主管");
    project.write("content/annexes/g.md", other.as_bytes());
    let document = run(root, &["compare", "1.0"]).ends(0).out;
    for words in ["負責單位　主計室", "新圖說", "文件編號　ISMS-04-002", "保存圖", "本章新增。", "本附件新增。", "本附件刪除。"]
    {
        assert!(document.contains(words), "{words}: {document}");
    }
    project.write("content/plan.yaml", "title: 計畫\nchapters: [a]\nannexes: [f]\n".as_bytes());
    // An earlier program's record does not say what was there.
    project.write("content/chapters/a.md", chapter("unit: 資訊室\n").replace("網路架構", "網路架構（修訂）").as_bytes());
    let record = root.join("content/editions/1.0.json");
    fs::write(&record, of_earlier_program(&text(&record))).unwrap();
    assert!(table().is_empty());
}

#[test]
fn another_picture_of_the_same_name_is_an_amendment_and_the_same_under_another_name_is_none() {
    let chapter = "---\ntitle: 甲\n---\n\n1. 組織如圖。\n\n   ![組織圖](assets/a.png)\n2. 格式見[範本](assets/b.docx)[^n]。\n\n[^n]: 見 ![圖](assets/c.png)\n";
    let project = project::Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", chapter)]);
    let root = project.folder.path();
    for name in ["a.png", "b.docx", "c.png"] {
        project.write(&format!("content/assets/{name}"), format!("GIF89a {name}").as_bytes());
    }
    let table = || rows(&run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out);
    let numbers = || table().into_iter().map(|[new, ..]| new).collect::<Vec<_>>();
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    let record = root.join("content/editions/1.0.json");
    let kept = text(&record);
    fs::rename(root.join("content/assets/a.png"), root.join("content/assets/組織.png")).unwrap();
    edit(&root.join("content/chapters/a.md"), "assets/a.png", "assets/組織.png");
    assert!(table().is_empty());
    project.write("content/assets/組織.png", b"GIF89a other departments");
    assert_eq!(numbers(), ["壹", "壹1"]);
    project.write("content/assets/b.docx", b"another form");
    project.write("content/assets/c.png", b"GIF89a another picture");
    assert_eq!(numbers(), ["壹", "壹1", "壹2"]);
    assert_eq!(run(root, &["check"]).ends(0).out.matches("missing-reason").count(), 2);
    let document = run(root, &["compare", "1.0"]).ends(0).out;
    for words in [
        "檔案　<del>a</del>.png（摘要 <del>",
        "檔案　<ins>組織</ins>.png（摘要 <ins>",
        "檔案　b.docx（摘要 <ins>",
        "檔案　c.png（摘要 <ins>",
    ] {
        assert!(document.contains(words), "{words}: {document}");
    }
    // The words alone may change where the same picture stands.
    ["組織.png", "b.docx", "c.png"].into_iter().zip(["a.png", "b.docx", "c.png"]).for_each(|(name, content)| {
        project.write(&format!("content/assets/{name}"), format!("GIF89a {content}").as_bytes());
    });
    edit(&root.join("content/chapters/a.md"), "組織如圖", "組織如下圖");
    let document = run(root, &["compare", "1.0"]).ends(0).out;
    assert!(document.contains("組織如<ins>下</ins>圖") && !document.contains("檔案　"), "{document}");
    // A picture that is gone from a clause is gone from its row.
    edit(&root.join("content/chapters/a.md"), "\n   ![組織圖](assets/組織.png)\n", "");
    let document = run(root, &["compare", "1.0"]).ends(0).out;
    assert!(document.contains("檔案　a.png（摘要 ") && !document.contains("組織.png"), "{document}");
    // An earlier program's record does not say which file it was.
    let mut earlier = Record::parse(&kept).expect("a whole record");
    earlier.clauses.iter_mut().filter_map(|clause| clause.beside.as_mut()).for_each(|beside| beside.files = None);
    (earlier.format, earlier.clause_digest) = (format_of(&earlier.clauses), clause_digest(&earlier.clauses).hex());
    assert_eq!(earlier.format, 3);
    fs::write(&record, earlier.text()).unwrap();
    fs::write(root.join("content/chapters/a.md"), chapter.replace("assets/a.png", "assets/組織.png")).unwrap();
    project.write("content/assets/組織.png", b"GIF89a other departments");
    assert!(table().is_empty());
}

#[test]
fn another_number_of_a_quoted_item_is_an_amendment() {
    let chapter = "---\ntitle: 甲\n---\n\n1. 依法[^n]：\n\n   > 1. 第一款。\n   > 3. 第三款。\n2. 應保存。\n\n[^n]: 註：\n\n    2. 二。\n";
    let project = project::Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", chapter)]);
    let root = project.folder.path();
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    for (from, to, shown) in [("> 3.", "> 4.", "清單編號　<ins>4</ins>、2"), ("    2.", "    5.", "清單編號　3、<ins>5</ins>")]
    {
        edit(&root.join("content/chapters/a.md"), from, to);
        let document = run(root, &["compare", "1.0"]).ends(0).out;
        assert!(document.contains(shown), "{document}");
        edit(&root.join("content/chapters/a.md"), to, from);
    }
    assert!(rows(&run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out).is_empty());
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

#[test]
fn a_plan_with_another_title_says_so_above_all_rows() {
    let plan = |title: &str| format!("title: {title}\nchapters: [a]\n");
    let chapter = "---\ntitle: 甲\n---\n\n1. 應登記。\n";
    let project = project::Temporary::new(&[("plan.yaml", &*plan("資通安全計畫")), ("chapters/a.md", chapter)]);
    let root = project.folder.path();
    let table = || rows(&run(root, &["compare", "1.0", "--format", "csv"]).ends(0).out);
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    // Width and white space do not matter.
    project.write("content/plan.yaml", plan("\"資通安全　計畫\"").as_bytes());
    assert!(table().is_empty());
    project.write("content/plan.yaml", plan("資通安全維護計畫").as_bytes());
    assert_eq!(table(), [["資通安全維護計畫", "資通安全計畫", "計畫名稱修正。"]]);
    let document = run(root, &["compare", "1.0"]).ends(0).out;
    assert!(document.contains("<p class=\"title\">資通安全<ins>維護</ins>計畫</p>"), "{document}");
    // Nobody has to explain what is no clause.
    run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(0);
    run(root, &["build"]).ends(0);
    let page = text(&root.join("public/editions/1.1.html"));
    assert!(page.contains("計畫名稱修正。") && !page.contains("條文沒有變動"), "{page}");
    // The history says as much, and of an edition in which nothing has changed that nothing has.
    project.write("content/plan.yaml", (plan("資通安全維護計畫") + "document: { number: D-1 }\n").as_bytes());
    run(root, &["approve", "1.2", "--by", "王小明", "--on", "2026-11-22"]).ends(0);
    run(root, &["build", "--replace-approved"]).ends(0);
    let history = text(&root.join("public/editions/index.html"));
    for cell in ["<li>計畫名稱修正。</li>\n<li><a href=\"1.1.html\">", "<li>條文沒有變動。</li>\n<li><a href=\"1.2.html\">"] {
        assert!(history.contains(cell), "{cell}: {history}");
    }
    // The next one has its name as it is.
    edit(&root.join("content/chapters/a.md"), "應登記", "應即登記");
    assert_eq!(rows(&run(root, &["compare", "1.1", "--format", "csv"]).ends(0).out).len(), 2);
    assert_eq!(table()[0][2], "計畫名稱修正。");
}

#[test]
fn a_table_that_was_moved_shows_no_row_numbers_either() {
    let section = |title: &str, id: &str, own: &str| format!("## {title} {{#{id}}}\n\n{own}\n\n");
    let systems = section("系統", "systems", "| 項次 | 系統 |\n|---|---|\n| 1 | 公文系統 |\n| 2 | 差勤系統 |");
    let review = section("清查", "review", "帳號每季清查一次。");
    let chapter =
        |sections: &[&String]| format!("---\ntitle: 甲\n---\n\n{}", sections.iter().map(|section| section.as_str()).collect::<String>());
    let project =
        project::Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", &chapter(&[&review, &systems]))]);
    let root = project.folder.path();
    run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    for changed in [vec![&systems, &review], vec![&systems], vec![&review]] {
        project.write("content/chapters/a.md", chapter(&changed).as_bytes());
        let document = run(root, &["compare", "1.0"]).ends(0).out;
        assert!(!document.contains("項次"), "{document}");
    }
}

#[test]
fn a_reason_on_the_way_stands_where_it_was_given_whatever_the_whole_way_calls_moved() {
    let chapter = |items: &[&str]| {
        let items: String = (1..).zip(items).map(|(number, item)| format!("{number}. {item}\n")).collect();
        format!("---\ntitle: 甲\n---\n\n## 對象 {{#who}}\n\n{items}")
    };
    let [staff, hired, helping] = ["正式人員應遵守本計畫。", "約聘人員應接受訓練。", "志工應簽署切結書。"];
    let project = project::Temporary::new(&[("plan.yaml", "title: 計畫\nchapters: [a]\n"), ("chapters/a.md", &chapter(&[staff, hired]))]);
    let root = project.folder.path();
    let approve = |number: &str, reasons: &str| {
        project.write(&format!("content/editions/{number}.yaml"), reasons.as_bytes());
        run(root, &["approve", number, "--by", "王小明", "--on", "2026-11-20"]).ends(0);
    };
    approve("1.0", "");
    project.write("content/chapters/a.md", chapter(&[helping, hired, staff]).as_bytes());
    approve("1.1", "who.1: 納入志工。\nwho.3: 依人數多寡排序。\n");
    project.write("content/chapters/a.md", chapter(&[hired, staff]).as_bytes());
    approve("1.2", "who.1: 另訂規定。\n");
    let table = rows(&run(root, &["compare", "1.0", "1.2", "--format", "csv"]).ends(0).out);
    let row = table.iter().find(|[new, old, _]| new == "壹一2" && old == "壹一1").unwrap();
    assert!(row[2].contains("依人數多寡排序。"), "{table:?}");
}
