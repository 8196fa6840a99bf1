//! The output is the same everywhere and whole in itself.
//!
//! In: the template and the filled plan, in both views. Out: a failure for bytes that depend on a folder or on threads, a link
//! that leads nowhere, an id that is not unique, anything that asks another host or runs inline, and a list of digests that
//! does not fit. The filled plan must have nothing left open.

use super::{
    html::{self, Element},
    project::{self, Files},
    whole,
};
use planpress::{diagnostic::Severity, render::View, site::SUMS, source::Project};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

/// Each plan in each view, with a name for failures.
static SITES: LazyLock<Vec<(String, Files)>> = LazyLock::new(|| {
    let plans = [("template", project::template()), ("filled", project::filled())];
    let views = [View::Published, View::Draft];
    let site =
        |name: &str, plan: &Project, view: View| (format!("{name} {}", view.name()), project::publish(&project::compile(plan), view));
    plans.iter().flat_map(|(name, plan)| views.map(|view| site(name, plan, view))).collect()
});

/// Calls `check` with the name, path and tree of every page.
fn every_page(mut check: impl FnMut(&str, &Files, &str, &Element)) {
    for (name, files) in SITES.iter() {
        for (path, text) in project::pages(files) {
            check(name, files, path, &html::page(text));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(work)
}

#[test]
fn two_folders_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("另一個 folder");
    copy(&project::root().join("content"), &root.join("content"));
    copy(&project::root().join("tests/plans/filled"), &root.join("overlay"));
    let here = project::publish(&project::compile(&project::template()), View::Draft);
    let there = project::publish(&project::compile(&Project { root: root.clone(), overlay: None }), View::Draft);
    assert_same(&here, &there);
    // What an overlay's files are called in drafts depends on where it lies, so readers' pages are compared.
    let here = project::publish(&project::compile(&project::filled()), View::Published);
    let there = project::publish(&project::compile(&Project { overlay: Some(root.join("overlay")), root }), View::Published);
    assert_same(&here, &there);
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let make = || project::publish(&project::compile(&project::filled()), View::Draft);
    let one = in_pool(1, make);
    for threads in [2, 4, 4, 4] {
        assert_same(&one, &in_pool(threads, make));
    }
}

#[test]
fn findings_stand_in_the_same_order_with_any_number_of_threads() {
    let temporary = project::Temporary::new(&[
        ("chapters/b.md", "---\ntitle: 乙\n---\n\n[[x]] <b>\n"),
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n[[x]] {{ y.z }} [^n]\n"),
        ("data/one.yaml", "fields: [{ name: a, type: integer }]\nvalues: { a: b }\n"),
        ("data/two.yaml", "fields: [{ name: a, type: integer }]\nvalues: { a: b }\n"),
    ]);
    let lines = || {
        let compiled = temporary.compile();
        compiled.diagnostics.iter().map(|finding| project::line(&compiled, finding)).collect::<Vec<_>>()
    };
    let one = in_pool(1, lines);
    assert_eq!(one.len(), 7, "{one:#?}");
    assert!((0..5).all(|_| in_pool(4, lines) == one));
}

fn assert_same(one: &Files, other: &Files) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, bytes) in one {
        assert!(bytes == &other[path], "{path} differs");
    }
}

#[test]
fn the_order_in_which_files_are_made_does_not_matter() {
    let files =
        [("chapters/a.md", "---\ntitle: 甲\n---\n\n[[b]]\n"), ("chapters/b.md", "---\ntitle: 乙\n---\n\n[[a]][^n]\n\n[^n]: 註。\n")];
    let plan = ("plan.yaml", "title: 測試計畫\nchapters: [a, b]\n");
    let [one, other] = [[plan, files[0], files[1]], [files[1], plan, files[0]]].map(|files| project::Temporary::new(&files));
    assert_same(&project::publish(&one.compile(), View::Draft), &project::publish(&other.compile(), View::Draft));
}

#[test]
fn every_id_is_unique_on_its_page() {
    every_page(|name, _, path, page| assert_eq!(whole::repeated_ids(page), [""; 0], "{name} {path}"));
}

#[test]
fn every_link_leads_somewhere() {
    let mut links = 0;
    every_page(|_, _, _, page| links += page.all().into_iter().filter(|element| element.attribute("href").is_some()).count());
    assert!(links > 5000, "{links}");
    for (name, files) in SITES.iter() {
        assert_eq!(whole::broken_links(files, &whole::pages(files)), [""; 0], "{name}");
    }
}

#[test]
fn nothing_asks_another_host_or_runs_inline() {
    every_page(|name, _, path, page| {
        assert_eq!(whole::dangers(page), [""; 0], "{name} {path}");
        for link in page.classed("external") {
            assert_eq!(link.attribute("rel"), Some("noreferrer"), "{name} {path}");
            assert_eq!(path, "laws.html", "{name}: laws' addresses stand on one page");
        }
    });
    for (name, files) in SITES.iter() {
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".css") || path.ends_with(".js")) {
            let text = without_comments(&String::from_utf8_lossy(bytes));
            assert!(!["http://", "https://", "url(", "@import"].iter().any(|word| text.contains(word)), "{name} {path}");
            assert!(!["eval(", "innerHTML", "new Function"].iter().any(|word| text.contains(word)), "{name} {path}");
        }
    }
}

fn without_comments(text: &str) -> String {
    text.split("/*")
        .enumerate()
        .map(|(at, piece)| if at == 0 { piece } else { piece.split_once("*/").map_or("", |(_, code)| code) })
        .collect()
}

#[test]
fn every_page_carries_its_policy() {
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
                  base-uri 'none'; form-action 'none'";
    every_page(|name, _, path, page| {
        let is_policy = |meta: &&Element| meta.attribute("http-equiv") == Some("Content-Security-Policy");
        let head = page.find("head").expect("a head");
        let policies: Vec<_> = head.named("meta").into_iter().filter(is_policy).collect();
        assert_eq!(policies.iter().filter_map(|meta| meta.attribute("content")).collect::<Vec<_>>(), [policy], "{name} {path}");
        // A policy holds only for what stands below it.
        let before = head.elements().take_while(|element| !is_policy(element));
        assert!(before.into_iter().all(|element| element.name == "meta"), "{name} {path}");
    });
}

#[test]
fn every_page_has_its_language_title_landmarks_and_headings_in_order() {
    every_page(|name, _, path, page| {
        let html = page.find("html").expect("an html element");
        assert_eq!(html.attribute("lang"), Some("zh-Hant-TW"), "{name} {path}");
        assert!(!page.find("title").expect("a title").text().is_empty(), "{name} {path}");
        for landmark in ["header", "main", "footer"] {
            assert!(page.find(landmark).is_some(), "{name} {path}: {landmark}");
        }
        let skip = page.find("body").and_then(|body| body.elements().next()).expect("a first element");
        assert!(skip.is("skip") && skip.attribute("href").is_some_and(|href| href.starts_with('#')), "{name} {path}");
        let main = page.find("main").expect("main");
        let level = |element: &Element| element.name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
        let levels: Vec<u8> = main.all().into_iter().filter_map(level).collect();
        assert_eq!(
            (levels.first(), levels.iter().filter(|level| **level == 1).count()),
            (Some(&1), 1),
            "{name} {path}: {levels:?}"
        );
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{name} {path}: h{} after h{}", pair[1], pair[0]);
        }
        assert!(
            page.all().into_iter().all(|element| element.name != "img" || element.attribute("alt").is_some()),
            "{name} {path}"
        );
    });
}

#[test]
fn every_clause_has_its_number_its_id_and_its_link() {
    let mut clauses = 0;
    every_page(|name, _, path, page| {
        for clause in page.classed("clause") {
            clauses += 1;
            let (id, number) = (clause.attribute("id"), clause.attribute("data-number"));
            assert!(
                id.is_some_and(|id| !id.is_empty()) && number.is_some_and(|number| !number.is_empty()),
                "{name} {path}: {id:?}"
            );
            let shown = clause.find(".number").map(Element::text).unwrap_or_default();
            let last = number.and_then(|number| number.rsplit('、').next()).unwrap_or_default();
            assert!(shown.contains(last), "{name} {path}: {number:?} shows {shown}");
            let anchor = clause.find("a.number").and_then(|anchor| anchor.attribute("href"));
            assert!(clause.is("annex") || anchor == id.map(|id| format!("#{id}")).as_deref(), "{name} {path}: {id:?}");
        }
    });
    assert!(clauses > 2000, "{clauses}");
}

#[test]
fn no_byte_names_this_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("project");
    copy(&project::root().join("content"), &root.join("content"));
    let compiled = project::compile(&Project { root: root.clone(), overlay: None });
    let own: Vec<String> = [folder.path(), root.as_path(), project::root().as_path(), std::env::temp_dir().as_path()]
        .map(|path| path.to_string_lossy().into_owned())
        .to_vec();
    for view in [View::Published, View::Draft] {
        for (path, bytes) in project::publish(&compiled, view) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(own.iter().all(|own| !text.contains(own.as_str())), "{path}");
        }
    }
    for finding in &compiled.diagnostics {
        let words = [&finding.message.zh, &finding.message.en];
        assert!(words.iter().all(|words| own.iter().all(|own| !words.contains(own.as_str()))), "{finding:?}");
    }
}

#[test]
fn the_list_of_digests_fits_every_other_file() {
    for (name, files) in SITES.iter() {
        let mut listed = BTreeMap::new();
        for line in project::text(files, SUMS).lines() {
            let (digest, path) = line.split_once("  ").expect("a digest and a path");
            listed.insert(path.to_owned(), digest.to_owned());
        }
        let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let found: BTreeMap<String, String> =
            files.iter().filter(|(path, _)| *path != SUMS).map(|(path, bytes)| (path.clone(), hex(bytes))).collect();
        assert_eq!(listed, found, "{name}");
    }
}

#[test]
fn the_pages_are_those_that_bookmarks_rely_on() {
    let stems = |folder: &str| -> Vec<String> {
        let files = project::files_below(&project::root().join("content").join(folder), "md");
        files.iter().filter_map(|path| Some(format!("{folder}/{}.html", path.file_stem()?.to_str()?))).collect()
    };
    let tops = ["index.html", "sitemap.html", "print.html", "annexes.html", "laws.html", "coverage.html", SUMS].map(String::from);
    let wanted: Vec<String> = stems("chapters").into_iter().chain(stems("annexes")).chain(tops).collect();
    assert_eq!(wanted.len(), 17 + 18 + 7);
    for (name, files) in SITES.iter().filter(|(name, _)| name.starts_with("template")) {
        assert!(wanted.iter().all(|path| files.contains_key(path)), "{name}");
    }
}

#[test]
fn the_template_has_no_error() {
    let compiled = project::compile(&project::template());
    let errors: Vec<String> = compiled
        .diagnostics
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| project::line(&compiled, finding))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_filled_plan_has_nothing_left_open() {
    let compiled = project::compile(&project::filled());
    let findings: Vec<String> = compiled.diagnostics.iter().map(|finding| project::line(&compiled, finding)).collect();
    assert!(!compiled.has_errors(), "{findings:#?}");
    for (path, text) in project::pages(&project::publish(&compiled, View::Draft)) {
        let page = html::page(text);
        for class in ["blank", "condition", "alternative", "comment"] {
            assert!(page.classed(class).is_empty(), "{path}: {class}");
        }
        let article = page.find("article").map(Element::text).unwrap_or_default();
        assert!(!article.contains('○') && !article.contains("..."), "{path}");
    }
}
