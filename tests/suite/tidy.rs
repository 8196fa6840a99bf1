//! The code keeps to its design: layers, sizes, names, words and documentation.
//!
//! In: `src/`, the theme and the rules. Out: a failure that names the file and what is wrong with it. `rust.rs` reads the
//! sources well enough to tell code from comments, texts and tests.

use super::{project, rust};
use planpress::{
    diagnostic::{Language, Rule},
    report,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Which modules may import which: every layer only those above it in this list (design.md, section 2).
const LAYERS: [&[&str]; 13] = [
    &["diagnostic", "numeral", "site"],
    &["source"],
    &["config", "document", "report"],
    &["parse", "theme"],
    &["resolve"],
    &["check", "edition"],
    &["view"],
    &["render", "search", "pdf"],
    &["write"],
    &["compile"],
    &["approve", "repeat", "serve"],
    &["verify"],
    &["cli"],
];

fn sources() -> Vec<PathBuf> {
    project::files_below(&project::root().join("src"), "rs")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The path below `src/`.
fn shown(path: &Path) -> String {
    path.strip_prefix(project::root().join("src")).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The top module that a file belongs to; `None` for the crate's own three files.
fn module(path: &Path) -> Option<String> {
    let shown = shown(path);
    let top = shown.split('/').next()?.trim_end_matches(".rs").to_owned();
    (!["lib", "main", "build"].contains(&top.as_str())).then_some(top)
}

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or_else(|| panic!("the design has no module `{module}`"))
}

/// Files that only tests compile.
fn is_test(path: &Path) -> bool {
    let parent = path.parent().map(|folder| folder.join("mod.rs")).filter(|parent| parent.exists());
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    parent.is_some_and(|parent| read(&parent).contains(&format!("#[cfg(test)]\nmod {stem};")))
}

#[test]
fn a_module_imports_only_from_the_layers_below_its_own() {
    let mut wrong = Vec::new();
    for path in sources() {
        let Some(own) = module(&path) else { continue };
        for imported in rust::imports(&rust::code(&read(&path))) {
            // A macro of the crate stands at its root.
            let imported = if imported == "message" { "diagnostic".to_owned() } else { imported };
            if imported != own && layer(&imported) >= layer(&own) {
                wrong.push(format!("{} imports {imported}", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_nested_import_is_seen() {
    let code = rust::code("use crate::{a::{b, c}, d, message};\nuse crate::e::f;\n// use crate::g;\nlet x = crate::h::i(\"crate::j\");");
    assert_eq!(rust::imports(&code), ["a", "d", "message", "e", "h"]);
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let tests = project::files_below(&project::root().join("tests/suite"), "rs");
    let long: Vec<_> = sources().into_iter().chain(tests).filter(|path| read(path).lines().count() > 500).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let tests = project::files_below(&project::root().join("tests/suite"), "rs");
    let silent: Vec<_> = sources()
        .into_iter()
        .chain(tests)
        .filter(|path| read(path).lines().take_while(|line| line.starts_with("//!")).count() < 2)
        .map(|path| shown(&path))
        .collect();
    assert!(silent.is_empty(), "fewer than two lines of //! in {silent:#?}");
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let nothing = ["utils", "util", "helpers", "helper", "common", "manager", "misc"];
    let vague: Vec<_> = sources()
        .into_iter()
        .map(|path| shown(&path))
        .filter(|path| path.trim_end_matches(".rs").split('/').any(|part| nothing.contains(&part)))
        .collect();
    assert!(vague.is_empty(), "{vague:#?}");
}

#[test]
fn only_tests_panic_and_only_cli_prints() {
    let mut wrong = Vec::new();
    for path in sources().into_iter().filter(|path| !is_test(path)) {
        let code = rust::without_tests(&rust::code(&read(&path)));
        let mut forbidden = vec![".unwrap()", ".expect(", "unsafe ", "todo!", "unimplemented!", "dbg!", "panic!", "process::exit"];
        // cargo reads what the build script prints.
        if !matches!(module(&path).as_deref(), Some("cli")) && shown(&path) != "build.rs" {
            forbidden.extend(["println!", "eprintln!", " print!", " eprint!"]);
        }
        wrong.extend(forbidden.into_iter().filter(|word| code.contains(word)).map(|word| format!("{}: {word}", shown(&path))));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_is_explained_in_both_languages() {
    let folder = project::root().join("src/diagnostic/explanations");
    let mut pages: BTreeSet<String> = project::files_below(&folder, "md").iter().map(|path| shown(path)).collect();
    for rule in Rule::ALL {
        let name = rule.name();
        assert!(pages.remove(&format!("diagnostic/explanations/{name}.md")), "{name} has no page");
        let [chinese, english] = [Language::Chinese, Language::English].map(|language| report::explanation(*rule, language));
        let is_chinese = |text: &str| text.chars().filter(|c| matches!(u32::from(*c), 0x4e00..=0x9fff)).count() > 40;
        assert!(is_chinese(chinese), "{name}: the first half is Chinese");
        assert!(english.split_whitespace().filter(|word| word.is_ascii()).count() > 30, "{name}: the second half is English");
        for half in [chinese, english] {
            assert!(half.trim_start().starts_with(&format!("# {name}")), "{name}: each half begins with the rule's name");
            assert!(half.matches("```").count() >= 2, "{name}: each half shows an example");
        }
    }
    assert!(pages.is_empty(), "pages without a rule: {pages:?}");
}

#[test]
fn rules_have_distinct_kebab_case_names() {
    let names: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(names.len(), Rule::ALL.len());
    assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit())));
    assert!(Rule::ALL.iter().all(|rule| Rule::named(rule.name()) == Some(*rule)));
}

fn locale(name: &str) -> BTreeMap<String, String> {
    let text = read(&project::root().join("themes/default/locales").join(name));
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn both_locales_have_the_same_words_to_say() {
    let (chinese, english) = (locale("zh-Hant-TW.yaml"), locale("en.yaml"));
    assert_eq!(chinese.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
    for (key, words) in &chinese {
        let filled_in = |words: &str| ["{n}", "{title}", "{text}", "{agency}"].map(|mark| words.contains(mark));
        assert_eq!(filled_in(words), filled_in(&english[key]), "{key} is filled in alike");
        assert!(!words.is_empty() && !english[key].is_empty(), "{key} says something");
    }
}

#[test]
fn every_word_that_the_program_asks_for_exists() {
    let locale = locale("zh-Hant-TW.yaml");
    let mut asked = 0;
    for path in sources().into_iter().filter(|path| module(path).is_some_and(|own| own != "cli")) {
        let is_key = |text: &String| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        for key in rust::texts_given_to(&read(&path), &["term", "locale.get", "joined"]).into_iter().filter(is_key) {
            asked += 1;
            assert!(locale.contains_key(&key), "{} asks for `{key}`", shown(&path));
        }
    }
    assert!(asked > 20, "{asked}");
}

/// What templates name by themselves, in loops and in macros; everything else comes from the program.
const OWN_NAMES: [&str; 28] = [
    "loop",
    "index",
    "last",
    "index0",
    "entries",
    "entry",
    "chapter",
    "annex",
    "section",
    "line",
    "law",
    "level",
    "article",
    "edition",
    "part",
    "heading",
    "number",
    "title",
    "href",
    "requirement",
    "asset",
    "column",
    "count",
    "open",
    "row",
    "side",
    "piece",
    "clause",
];

#[test]
fn every_name_in_the_templates_is_one_that_the_program_gives() {
    let context = rust::code(&read(&project::root().join("src/render/context.rs")));
    let shared = ["src/view.rs", "src/view/changed.rs", "src/view/comparison.rs", "src/check/status.rs", "src/theme/options.rs"]
        .map(|file| rust::code(&read(&project::root().join(file))))
        .concat();
    let fields: BTreeSet<&str> = context
        .lines()
        .chain(shared.lines())
        .filter_map(|line| line.trim().strip_prefix("pub ").and_then(|field| field.split_once(": ")))
        .map(|(name, _)| name)
        .collect();
    let locale = locale("zh-Hant-TW.yaml");
    let mut seen = BTreeSet::new();
    for path in project::files_below(&project::root().join("themes/default/templates"), "html") {
        for dotted in template_paths(&read(&path)) {
            let mut parts = dotted.split('.');
            let first = parts.next().unwrap_or_default();
            assert!(fields.contains(first) || OWN_NAMES.contains(&first) || first == "site", "{}: {dotted}", path.display());
            for part in parts {
                let known = if first == "t" { locale.contains_key(part) } else { fields.contains(part) || OWN_NAMES.contains(&part) };
                assert!(known, "{}: {dotted}", path.display());
                seen.insert(part.to_owned());
            }
        }
    }
    assert!(seen.len() > 100, "{seen:?}");
}

/// The dotted names inside `{{ … }}` and `{% … %}`.
fn template_paths(template: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        for piece in template.split(open).skip(1) {
            let inside = piece.split(close).next().unwrap_or_default();
            let words = rust::without_texts(inside);
            let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
            found.extend(words.split(|c| !word(c)).filter(|word| word.contains('.') && !word.starts_with('.')).map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_word_on_a_page_comes_from_the_locales() {
    let theme = project::root().join("themes/default");
    let files = project::files_below(&theme.join("templates"), "html")
        .into_iter()
        .chain(project::files_below(&theme.join("scripts"), "js"));
    for path in files {
        let text = rust::without_comments(&read(&path));
        let outside = text
            .split("{#")
            .enumerate()
            .map(|(at, piece)| if at == 0 { piece } else { piece.split("#}").nth(1).unwrap_or_default() });
        let han = outside.flat_map(str::chars).find(|c| matches!(u32::from(*c), 0x4e00..=0x9fff));
        assert!(han.is_none(), "{}: {han:?} belongs into the locales", path.display());
    }
}
