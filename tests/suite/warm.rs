//! A compile that builds on an earlier one comes to the same as one from nothing.
//!
//! In: a small plan and edits drawn from a fixed beginning: words, sections, addresses, values, titles, the plan's own list, files that
//! come and go, and mistakes. Out: a failure for the first edit after which a page, a search script, a digest or a finding differs.
//! `PLANPRESS_EDITS` asks for more edits than a test run has time for.

use super::project::{self, Temporary};
use planpress::{
    compile::{Compiled, compile, compile_again, compile_edited, is_current},
    diagnostic::Severity,
    render::View,
    resolve::Plan,
};
use std::{
    collections::BTreeSet,
    env, fs,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How many edits a test run makes.
const EDITS: usize = 150;
const CHAPTERS: [&str; 4] = ["chapters/a", "chapters/b", "annexes/c", "annexes/d"];
const RECORD: &str = "fields: [{ name: name, type: string, title: 名稱 }, { name: large, type: boolean, title: 大機關 }]\nvalues: ";

const WAIVER: &str = "waivers: [{ rule: uncovered-requirement, at: r-a, reason: 不適用 }]\n";
const REQUIREMENTS: &str = "law: law\narticle: 6\nrequirements: [{ id: r-a, item: 1, title: 一 }, { id: r-b, item: 2, title: 二 }]\n";

/// Draws numbers, the same ones in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// What an item may say.
const ITEMS: [&str; 9] = [
    "依 [[b]] 辦理。",
    "見 [[a-s0]]。",
    "由 {{ agency.name }} 執行[^n]。",
    "填 [[c]]。",
    "第 [[d|表]]。",
    "沒有東西。",
    "%%待確認%%請補。",
    "（刪除）",
    "依附件2及貳、一(詳下)。",
];

/// A chapter in which one item says something else: most edits are no more than that.
fn reworded(draw: &mut Draw, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let items: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].contains(". ")).collect();
    if items.is_empty() {
        return text.to_owned();
    }
    let line = items[draw.below(items.len())];
    let (number, _) = lines[line].split_once(". ").expect("an item");
    lines[line] = format!("{number}. {}", draw.of(&ITEMS));
    let text = lines.join("\n") + "\n";
    // A mark needs its note.
    if text.contains("[^n]。") && !text.contains("[^n]:") { text + "\n[^n]: 註腳。\n" } else { text }
}

/// A chapter of a few sections that refer to other chapters, values and laws, each of which may be missing.
fn chapter(draw: &mut Draw, id: &str) -> String {
    let title = draw.of(&["範圍", "組織", "風險", "稽核"]);
    let fulfils = if ["a", "b"].contains(&id) { format!("fulfils: [r-{id}]\n") } else { String::new() };
    let mut text = format!("---\ntitle: {title}\n{fulfils}---\n\n");
    // Of a chapter that was deleted, lists of annexes and of what fulfils the law say so.
    if draw.below(6) == 0 {
        return text + "（刪除）\n";
    }
    text += draw.of(&["", ":::annexes\n\n:::\n\n"]);
    for section in 0..1 + draw.below(3) {
        let when = draw.of(&["", "", " when=\"agency.large\""]);
        text += &format!(
            "## {} {{#{id}-s{section}{when}}}\n\n",
            draw.of(&["目的", "作法", "紀錄 {{ agency.name }}", "見[[a-s0|]]", "依[[b-s1]]及[[b-s0|]]"])
        );
        for item in 0..1 + draw.below(3) {
            let words = draw.of(&ITEMS);
            text += &format!("{}. {words}\n", item + 1);
        }
        text.push('\n');
    }
    if text.contains("[^n]") {
        text += "[^n]: 註腳。\n";
    }
    // Sometimes a reference that leads nowhere, which is a mistake until the chapter is written anew.
    text + draw.of(&["", "", "", "", "", "", "", "\n[[nowhere]]\n"])
}

fn record(draw: &mut Draw) -> String {
    format!(
        "{RECORD}{{ name: {}, large: {} }}\n",
        draw.of(&["甲機關", "乙機關", "○○"]),
        draw.of(&["true", "false", "null"])
    )
}

/// The plan's list, in one of its orders, and sometimes in parts, whose titles stand in references to the other one.
fn list(draw: &mut Draw) -> String {
    if draw.below(2) == 0 {
        let [one, other] = [draw.of(&["甲編", "乙編", "甲編 共同規定"]), draw.of(&["乙編", "丙編 機關計畫", ""])];
        let [first, last] = draw.of(&["a/b", "b/a", "a, b/", "/b, a"]).split('/').collect::<Vec<_>>()[..] else { unreachable!() };
        let part = |title: &str, chapters: &str, annex: &str| {
            format!("  - {{ title: \"{title}\", chapters: [{chapters}], annexes: [{annex}] }}\n")
        };
        return format!("title: 計畫\nlanguage: zh-Hant-TW\nparts:\n{}{}", part(one, first, "c"), part(other, last, "d"));
    }
    let chapters = draw.of(&["a, b", "b, a", "a"]);
    let annexes = draw.of(&["c, d", "d, c"]);
    format!("title: 計畫\nlanguage: zh-Hant-TW\nchapters: [{chapters}]\nannexes: [{annexes}]\n{}", draw.of(&["", WAIVER]))
}

#[test]
fn a_warm_compile_comes_to_the_same_as_a_cold_one() {
    let edits = env::var("PLANPRESS_EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(EDITS);
    let mut draw = Draw(8);
    let temporary = Temporary::new(&[("plan.yaml", "title: 計畫\nlanguage: zh-Hant-TW\nchapters: [a, b]\nannexes: [c, d]\n")]);
    for path in CHAPTERS {
        temporary.write(&format!("content/{path}.md"), chapter(&mut draw, &path[path.len() - 1..]).as_bytes());
    }
    temporary.write("content/data/agency.yaml", record(&mut draw).as_bytes());
    temporary.write("content/data/laws.yaml", "laws: [{ id: law, title: 法 }]\n".as_bytes());
    temporary.write("content/data/requirements.yaml", REQUIREMENTS.as_bytes());
    let project = temporary.project();
    let mut last = compile(&project).expect("a plan");
    let (mut with_errors, mut taken_over, mut trusting) = (0, 0, 0);
    for edit in 0..edits {
        let kind = draw.below(16);
        let path = match kind {
            0 => "content/plan.yaml".to_owned(),
            1 => "content/data/agency.yaml".to_owned(),
            2 => "content/assets/note.txt".to_owned(),
            _ => format!("content/{}.md", draw.of(&CHAPTERS)),
        };
        let text = match path.as_str() {
            "content/plan.yaml" => list(&mut draw),
            "content/data/agency.yaml" => record(&mut draw),
            "content/assets/note.txt" => draw.of(&["一", "二"]).to_owned(),
            _ if kind > 6 => reworded(&mut draw, &fs::read_to_string(temporary.folder.path().join(&path)).expect("a chapter")),
            chapter_file => chapter(&mut draw, &chapter_file[chapter_file.len() - 4..chapter_file.len() - 3]),
        };
        temporary.write(&path, text.as_bytes());
        let changed = BTreeSet::from([temporary.folder.path().join(&path)]);
        // Of an edited chapter somebody may know that nothing else has changed.
        let told = if edit % 2 == 0 { compile_edited(&project, &last, &changed) } else { None };
        trusting += usize::from(told.is_some());
        let warm = told.unwrap_or_else(|| compile_again(&project, &last, &changed).expect("a plan"));
        assert!(is_current(&project, &warm), "edit {edit} of {path}");
        let cold = compile(&project).expect("a plan");
        assert_eq!(warm.diagnostics, cold.diagnostics, "edit {edit} of {path}:\n{text}");
        with_errors += usize::from(cold.diagnostics.iter().any(|finding| finding.severity == Severity::Error));
        for view in [View::Published, View::Draft] {
            let (warm, cold) = (project::publish(&warm, view), project::publish(&cold, view));
            let differing: Vec<&String> = cold.keys().chain(warm.keys()).filter(|path| warm.get(*path) != cold.get(*path)).collect();
            assert!(differing.is_empty(), "edit {edit} of {path} changed {differing:?} in another way:\n{text}");
        }
        let shares = |plan: &Plan| plan.facts.iter().any(|facts| last.plan.facts.iter().any(|before| Arc::ptr_eq(facts, before)));
        taken_over += usize::from(shares(&warm.plan));
        last = warm;
    }
    assert!((1..edits).contains(&taken_over), "facts were taken over after {taken_over} of {edits} edits");
    assert!((1..edits).contains(&trusting), "{trusting} of {edits} edits were told of");
    assert!((1..edits).contains(&with_errors), "both sound and faulty plans were met: {with_errors} of {edits} had errors");
}

#[test]
fn what_nobody_told_of_is_seen() {
    let plan = "title: 計畫\nlanguage: zh-Hant-TW\nchapters: [a, b]\n";
    let chapter = |words: &str, id: &str| format!("---\ntitle: 章\n---\n\n## 節 {{#{id}-s}}\n\n{words}\n");
    let temporary = Temporary::new(&[
        ("plan.yaml", plan),
        ("chapters/a.md", &chapter("甲", "a")),
        ("chapters/b.md", &chapter("乙", "b")),
        ("data/agency.yaml", &format!("{RECORD}{{ name: 甲機關, large: true }}\n")),
    ]);
    let (project, file) = (temporary.project(), |name: &str| temporary.folder.path().join(name));
    let first = compile(&project).expect("a plan");
    assert!(is_current(&project, &first));
    temporary.write("content/chapters/a.md", chapter("甲二", "a").as_bytes());
    assert!(!is_current(&project, &first));
    let told = |names: &[&str]| names.iter().map(|name| file(name)).collect::<BTreeSet<_>>();
    let second = compile_edited(&project, &first, &told(&["content/chapters/a.md"])).expect("an edit of words");
    assert!(is_current(&project, &second));
    // Another chapter, another kind of file, one that comes and one that goes.
    temporary.write("content/chapters/b.md", chapter("乙乙乙", "b").as_bytes());
    temporary.write("content/chapters/a.md", chapter("甲三三", "a").as_bytes());
    let third = compile_edited(&project, &second, &told(&["content/chapters/a.md"])).expect("an edit of words");
    assert!(!is_current(&project, &third));
    let others = [("content/plan.yaml", plan.replace("計畫", "書")), ("content/data/agency.yaml", format!("{RECORD}{{ name: 乙機關 }}\n"))];
    others.iter().for_each(|(other, text)| temporary.write(other, text.as_bytes()));
    for other in ["content/plan.yaml", "content/data/agency.yaml", "content/chapters/new.md", "content/chapters", "content"] {
        assert!(compile_edited(&project, &third, &told(&[other, "content/chapters/a.md"])).is_none(), "{other}");
    }
    assert!(compile_edited(&project, &third, &BTreeSet::new()).is_none());
    let fourth = compile_again(&project, &third, &BTreeSet::new()).expect("a plan");
    temporary.write("content/assets/note.txt", "一".as_bytes());
    assert!(!is_current(&project, &fourth));
    fs::remove_file(file("content/assets/note.txt")).expect("a file to remove");
    assert!(is_current(&project, &fourth));
    fs::remove_file(file("content/chapters/b.md")).expect("a file to remove");
    assert!(!is_current(&project, &fourth));
    assert!(compile_edited(&project, &fourth, &told(&["content/chapters/b.md"])).is_none());
}

#[test]
fn an_annex_that_is_struck_out_is_listed_so_at_once() {
    let form = |words: &str| format!("---\ntitle: 登記表\n---\n\n{words}\n");
    let chapter = |words: &str| format!("---\ntitle: 章\n---\n\n{words}見[[f]]。\n\n:::annexes\n\n:::\n");
    let plan = "title: 計畫\nlanguage: zh-Hant-TW\nchapters: [a]\nannexes: [f]\n";
    let temporary = Temporary::new(&[("plan.yaml", plan), ("chapters/a.md", &chapter("應")), ("annexes/f.md", &form("甲"))]);
    let project = temporary.project();
    let mut last = compile(&project).expect("a plan");
    let mut told_of = 0;
    let edits =
        [("annexes/f", form("（刪除）")), ("chapters/a", chapter("應先")), ("annexes/f", form("乙")), ("chapters/a", chapter("應"))];
    for (name, text) in edits {
        let path = format!("content/{name}.md");
        temporary.write(&path, text.as_bytes());
        let changed = BTreeSet::from([temporary.folder.path().join(&path)]);
        last = compile_edited(&project, &last, &changed).expect("an edit of a chapter");
        let cold = compile(&project).expect("a plan");
        assert_eq!(last.diagnostics, cold.diagnostics, "{text}");
        let [warm, cold] = [&last, &cold].map(|compiled| project::publish(compiled, View::Published));
        assert!(warm == cold, "{text}");
        told_of += usize::from(project::text(&warm, "chapters/a.html").contains(">登記表（刪除）</a>"));
    }
    assert_eq!(told_of, 2, "struck, and while the list is edited");
}

#[test]
fn a_picture_below_an_overlay_is_not_taken_for_the_overlays_own() {
    let temporary = Temporary::new(&[("chapters/a.md", "---\ntitle: 章\n---\n\n![圖](assets/a.png)\n")]);
    let [below, above] = ["content", "overlay"].map(|folder| format!("{folder}/assets/a.png"));
    temporary.write(&below, b"below");
    temporary.write(&above, b"above");
    // Written at one time, and of one length.
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    for path in [&below, &above] {
        let file = fs::File::options().write(true).open(temporary.folder.path().join(path)).expect("a picture");
        file.set_modified(time).expect("a time");
    }
    let project = temporary.project();
    let bytes = |compiled: &Compiled| compiled.sources.assets()["assets/a.png"].bytes.clone();
    let first = compile(&project).expect("a plan");
    assert_eq!(bytes(&first), b"above");
    fs::remove_file(temporary.folder.path().join(&above)).expect("a picture to remove");
    let second = compile_again(&project, &first, &BTreeSet::new()).expect("a plan");
    assert_eq!(bytes(&second), b"below");
}

#[test]
fn what_was_held_back_is_told_once_the_file_can_be_read() {
    let temporary = Temporary::new(&[
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n見[[nowhere]]。\n"),
        ("chapters/b.md", "---\ntitle: 乙\n---\n\n全機關。\n"),
    ]);
    let path = temporary.folder.path().join("content/chapters/b.md");
    let text = fs::read(&path).expect("a chapter");
    temporary.write("content/chapters/b.md", b"---\ntitle: \xa4\xa4\n---\n");
    let rules = |compiled: &Compiled| compiled.diagnostics.iter().map(|finding| finding.rule.name()).collect::<Vec<_>>();
    let first = compile(&temporary.project()).expect("a plan");
    assert_eq!(rules(&first), ["invalid-utf8"]);
    fs::write(&path, text).expect("a chapter");
    let second = compile_again(&temporary.project(), &first, &BTreeSet::from([path])).expect("a plan");
    assert_eq!(rules(&second), ["unknown-reference"]);
}
