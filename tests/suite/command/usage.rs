//! Words on the command line: exit codes, streams, languages, help and colours.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{Ran, broken, program, run, small, utf8};
use crate::project::Temporary;
use planpress::diagnostic::Rule;
use std::{collections::BTreeSet, path::Path, process::Stdio};
use unicode_width::UnicodeWidthStr;

/// Words that cannot be understood, or that name what is not there.
const WRONG: [&[&str]; 20] = [
    &[],
    &["buld"],
    &["--project", "."],
    &["build", "--ou", "x"],
    &["build", "--out"],
    &["build", "--out", ""],
    &["build", "--view", "drft"],
    &["build", "extra"],
    &["check", "--format", "xml"],
    &["check", "--deny", "errors"],
    &["explain", "nosuch"],
    &["explain", "blank", "theme"],
    &["init"],
    &["init", "one", "two"],
    &["--color", "maybe", "check"],
    &["-q", "-v", "check"],
    &["--quiet=yes", "check"],
    &["build"],
    &["check"],
    &["check", "--overlay", "nowhere"],
];
const HELP: [&[&str]; 6] = [&["--help"], &["-h"], &["init", "--help"], &["build", "-h"], &["check", "--help"], &["explain", "--help"]];
const LANGUAGES: [&str; 2] = ["zh-TW", "en"];

fn is_han(c: char) -> bool {
    ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c)
}

fn in_language(folder: &Path, language: &str, words: &[&str]) -> Ran {
    run(folder, &[&["--lang", language], words].concat())
}

#[test]
fn what_succeeds_ends_with_0_and_speaks_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 8] = [
        &["init", "plan"],
        &["build", "--project", "plan"],
        &["build", "--project", "plan", "--view", "draft", "--out", "draft"],
        &["check", "--project", "plan"],
        &["check", "--project", "plan", "--format", "json"],
        &["explain"],
        &["explain", "theme"],
        &["--version"],
    ];
    for words in commands.into_iter().chain(HELP) {
        let ran = run(folder.path(), words).ends(0);
        // A build of a draft counts on standard error what is still open.
        let counts = words[0] == "build" && ran.err.lines().count() == 1;
        assert!(!ran.out.is_empty() && (ran.err.is_empty() || counts), "{words:?}: {ran:?}");
    }
}

#[test]
fn errors_in_content_end_with_1() {
    let project = broken();
    let commands: [&[&str]; 6] = [
        &["build"],
        &["build", "--view", "draft"],
        &["-q", "check"],
        &["check"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
    ];
    for words in commands {
        let ran = run(project.folder.path(), words).ends(1);
        let (findings, rest) = if words[0] == "build" { (&ran.err, &ran.out) } else { (&ran.out, &ran.err) };
        assert!(findings.contains("unknown-reference") && rest.is_empty(), "{words:?}: {ran:?}");
    }
}

#[test]
fn wrong_words_end_with_2_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for words in WRONG {
        let ran = run(folder.path(), words).refused("");
        assert!(!ran.err.is_empty() && !ran.err.contains("panicked"), "{words:?}: {ran:?}");
        super::assert_entries(folder.path(), &[]);
    }
}

#[test]
fn a_refusal_speaks_one_language() {
    let folder = tempfile::tempdir().unwrap();
    let mut mixed = Vec::new();
    for words in WRONG {
        let err = in_language(folder.path(), "en", words).ends(2).err;
        mixed.extend(err.lines().filter(|line| line.contains(is_han)).map(str::to_owned));
        let err = in_language(folder.path(), "zh-TW", words).ends(2).err;
        let is_english = |line: &str| {
            let words: Vec<_> = line.split([' ', '：']).collect();
            words
                .windows(4)
                .any(|four| four.iter().all(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic())))
        };
        mixed.extend(err.lines().filter(|line| is_english(line)).map(str::to_owned));
    }
    assert!(mixed.is_empty(), "{mixed:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn words_that_are_not_unicode_are_refused_in_chinese_too() {
    let word = std::os::unix::ffi::OsStrExt::from_bytes(b"\xff");
    let folder = tempfile::tempdir().unwrap();
    let words: [[&std::ffi::OsStr; 3]; 2] = [["check".as_ref(), "--format".as_ref(), word], ["check".as_ref(), "--lang".as_ref(), word]];
    for words in words {
        let ran = Ran::of(program(folder.path()).args(words).output().unwrap()).refused("錯誤：");
        assert!(!ran.err.contains("invalid"), "{}", ran.err);
    }
    // A folder's name may be anything.
    Ran::of(program(folder.path()).args(["init".as_ref(), word]).output().unwrap()).ends(0);
    assert!(folder.path().join(word).join("content/plan.yaml").exists());
}

#[test]
fn a_word_that_does_not_exist_is_answered_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &str); 8] = [
        (&["buld"], "build"),
        (&["chek", "--format", "json"], "check"),
        (&["build", "--ou", "x"], "--out"),
        (&["build", "--view", "drft"], "draft"),
        (&["check", "--format", "jsn"], "json"),
        (&["check", "--deny", "warning"], "warnings"),
        (&["--colour", "never", "check"], "--color"),
        (&["explain", "duplicate-i"], "duplicate-id"),
    ];
    for (words, near) in cases {
        in_language(folder.path(), "zh-TW", words).refused(&format!("是不是「{near}」？"));
        let err = in_language(folder.path(), "en", words).refused("").err.to_lowercase();
        assert!(err.contains(&format!("did you mean `{near}`?")), "{err}");
    }
}

#[test]
fn a_word_too_many_is_not_called_an_option() {
    let folder = tempfile::tempdir().unwrap();
    for words in [&["build", "public"][..], &["check", "public"], &["verify", "one", "two", "public"]] {
        let ran = run(folder.path(), words).refused("不需要「public」");
        assert!(!ran.err.contains("選項"), "{}", ran.err);
    }
    run(folder.path(), &["check", "--overlay", "one", "--overlay", "two"]).refused("「--overlay <資料夾>」只能寫一次");
    run(folder.path(), &["check", "-q", "-v"]).refused("並用");
}

#[cfg(target_os = "linux")]
#[test]
fn the_language_is_that_of_the_option_or_of_the_locale_or_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &[&str], bool); 10] = [
        (&[], &[], true),
        (&["LANG=C"], &[], true),
        (&["LANG="], &[], true),
        (&["LANG=ja_JP.UTF-8"], &[], true),
        (&["LANG=en_US.UTF-8"], &[], false),
        (&["LC_ALL=en_GB.UTF-8", "LANG=zh_TW.UTF-8"], &[], false),
        (&["LC_ALL=C", "LANG=en_US.UTF-8"], &[], true),
        (&["LANG=en_US.UTF-8"], &["--lang", "zh-TW"], true),
        (&[], &["--lang", "en"], false),
        (&[], &["--lang=en"], false),
    ];
    for (environment, words, chinese) in cases {
        let ran = |more: &[&str]| {
            Ran::of(
                program(folder.path())
                    .envs(environment.iter().filter_map(|variable| variable.split_once('=')))
                    .args(words)
                    .args(more)
                    .output()
                    .unwrap(),
            )
        };
        for more in [&["explain", "theme"][..], &["--help"], &["check"], &["buld"]] {
            let ran = ran(more);
            assert_eq!((ran.out + &ran.err).contains(is_han), chinese, "{environment:?} {words:?} {more:?}");
        }
    }
}

#[test]
fn common_options_stand_before_or_after_the_command() {
    let project = broken();
    project.write("機關/chapters/b.md", "---\ntitle: 乙\n---\n".as_bytes());
    let elsewhere = tempfile::tempdir().unwrap();
    let (root, overlay) = (utf8(project.folder.path()), project.folder.path().join("機關"));
    let options: [&[&str]; 6] = [
        &["--lang", "en"],
        &["--lang=en", "--color=always"],
        &["--color", "always"],
        &["-q"],
        &["--overlay", utf8(&overlay)],
        &["--overlay", utf8(&overlay), "--lang", "en", "--color", "never"],
    ];
    for option in options {
        let before = run(elsewhere.path(), &[option, &["--project", root, "check"]].concat());
        let after = run(elsewhere.path(), &[&["check", "--project", root], option].concat());
        let around = run(elsewhere.path(), &[&["--project", root, "check"], option].concat());
        assert_eq!(before.code, Some(i32::from(option[0] != "--overlay")), "{option:?}: {before:?}");
        assert_eq!((&before, &before), (&after, &around), "{option:?}");
    }
}

#[test]
fn help_names_everything_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let common = ["--project", "--overlay", "--lang", "--color", "-q, --quiet", "-v, --verbose", "-h, --help"];
    let own: [(&[&str], &[&str]); 5] = [
        (&["--help"], &["init", "build", "check", "explain", "-V, --version"]),
        (&["init", "--help"], &["planpress init <"]),
        (&["build", "--help"], &["planpress build ", "--out", "--view", "published", "draft", "public"]),
        (&["check", "--help"], &["planpress check ", "--format", "text", "json", "sarif", "--deny"]),
        (&["explain", "--help"], &["planpress explain ["]),
    ];
    for (words, names) in own {
        for language in LANGUAGES {
            let out = in_language(folder.path(), language, words).ends(0).out;
            let missing: Vec<_> = names.iter().chain(&common).filter(|name| !out.contains(**name)).collect();
            assert!(missing.is_empty(), "{words:?} lacks {missing:?}\n{out}");
            assert_eq!(out.contains(is_han), language == "zh-TW", "{out}");
            assert!(
                language == "en" || out.lines().filter(|line| line.contains("  --")).all(|line| line.contains(is_han)),
                "{out}"
            );
        }
    }
}

#[test]
fn the_columns_of_help_are_straight() {
    let folder = tempfile::tempdir().unwrap();
    for words in HELP {
        for language in LANGUAGES {
            let out = in_language(folder.path(), language, words).ends(0).out;
            // What an option means stands behind the last two blanks of its line.
            let options = out.lines().filter(|line| line.trim_start().starts_with('-'));
            let columns: BTreeSet<_> = options.map(|line| line[..line.rfind("  ").unwrap() + 2].width()).collect();
            assert_eq!(columns.len(), 1, "{out}");
        }
    }
}

#[test]
fn no_command_shows_the_help_on_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    let help = Ran::of(program(folder.path()).arg("--help").output().unwrap()).ends(0).out;
    assert_eq!(Ran::of(program(folder.path()).output().unwrap()).refused("planpress").err, help);
}

#[test]
fn colours_are_shown_as_asked_and_never_in_a_pipe() {
    let project = broken();
    for (color, expected) in
        [(&[][..], false), (&["--color", "auto"], false), (&["--color", "never"], false), (&["--color", "always"], true)]
    {
        for words in [&["check"][..], &["build"], &["check", "--overlay", "nowhere"]] {
            let ran = run(project.folder.path(), &[color, words].concat());
            assert_eq!((ran.out + &ran.err).contains('\u{1b}'), expected, "{color:?} {words:?}");
        }
        for words in HELP
            .into_iter()
            .chain([&["buld"][..], &["explain"], &["check", "--format", "json"], &["check", "--format", "sarif"]])
        {
            let ran = run(project.folder.path(), &[color, words].concat());
            assert!(!(ran.out + &ran.err).contains('\u{1b}'), "{color:?} {words:?}");
        }
    }
}

#[test]
fn quiet_leaves_errors_only_and_verbose_says_how_long() {
    let project = small();
    let quiet = run(project.folder.path(), &["-q", "build"]).ends(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    let verbose = run(project.folder.path(), &["build", "-v"]).ends(0);
    assert!(verbose.err.contains("毫秒") && !verbose.out.contains("毫秒"), "{verbose:?}");
    project.write("content/chapters/a.md", "---\ntitle: 甲\n---\n\n## 無位址\n\n見[[nowhere]]。\n".as_bytes());
    for words in [["-q", "check"], ["-q", "build"]] {
        let ran = run(project.folder.path(), &words).ends(1);
        let said = ran.out + &ran.err;
        assert!(said.contains("unknown-reference") && !said.contains("missing-id"), "{said}");
    }
}

/// Whether a text is Chinese, perhaps with English names in it, or the other way round: only English is full of blanks.
fn is_chinese(text: &str) -> bool {
    text.chars().filter(|c| is_han(*c)).count() > text.matches(' ').count()
}

#[test]
fn every_rule_is_explained_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for language in LANGUAGES {
        let list = in_language(folder.path(), language, &["explain"]).ends(0).out;
        for rule in Rule::ALL {
            let line = list
                .lines()
                .find_map(|line| line.trim_start().strip_prefix(rule.name())?.trim_start().strip_prefix(rule.severity().name()));
            assert!(line.is_some_and(|line| is_chinese(line.trim()) == (language == "zh-TW")), "{}: {line:?}", rule.name());
            let page = in_language(folder.path(), language, &["explain", rule.name()]).ends(0).out;
            let prose = page
                .lines()
                .find(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with(rule.name()))
                .unwrap();
            assert!(page.starts_with(rule.name()) && page.contains("```"), "{page}");
            assert_eq!(is_chinese(prose), language == "zh-TW", "{}: {prose}", rule.name());
        }
    }
    run(folder.path(), &["explain", "nothing-like-it"]).refused("planpress explain");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let project = Temporary::chapter(&"見[[nowhere]]。\n\n".repeat(2000));
    for (words, code) in [(&["check"][..], 1), (&["check", "--format", "json"], 1), (&["build"], 1), (&["explain"], 0), (&["--help"], 0)] {
        let mut child = super::command(project.folder.path(), words).spawn().unwrap();
        drop(child.stdout.take());
        let ran = Ran::of(child.wait_with_output().unwrap()).ends(code);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        let mut child = super::command(project.folder.path(), words).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        Ran::of(child.wait_with_output().unwrap()).ends(code);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let project = small();
    for words in [&["check", "--format", "json"][..], &["explain"], &["check"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Ran::of(program(project.folder.path()).args(words).stdout(full).output().unwrap());
        assert_eq!(ran.code, Some(2), "{words:?} to a full disk: {}", ran.err);
    }
}

#[test]
#[cfg(not(feature = "pdf"))]
fn a_program_without_the_typesetter_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["init", "plan"]).ends(0);
    for words in [&["pdf", "--project", "plan"][..], &["build", "--pdf", "--project", "plan"]] {
        let said = run(folder.path(), words).ends(2).err;
        assert!(said.contains("--features pdf") && said.contains("print.html"), "{said}");
    }
    assert!(!folder.path().join("plan/public").exists());
}
