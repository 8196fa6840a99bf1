//! What holds for every site that planpress finishes, whatever the content.
//!
//! In: a finished site, or one of its pages. Out: what is wrong with it, in words; nothing for a sound one. `same` asks this of the
//! template and the filled plan, `robust` of every mutated plan that has no error.

use super::{
    html::{self, Element},
    project::{self, Files},
};
use std::collections::{BTreeMap, BTreeSet};

/// The pages of a site, read.
pub(crate) type Pages<'a> = BTreeMap<&'a str, Element>;

/// Reads every page of a site.
pub(crate) fn pages(files: &Files) -> Pages<'_> {
    project::pages(files).map(|(path, text)| (path, html::page(text))).collect()
}

/// Everything that is wrong with a site of a plan without errors.
pub(crate) fn faults(files: &Files, pages: &Pages<'_>) -> Vec<String> {
    let repeated = pages
        .iter()
        .flat_map(|(path, page)| repeated_ids(page).into_iter().map(move |id| format!("{path}: {id} twice")));
    broken_links(files, pages).into_iter().chain(repeated).collect()
}

/// Ids that a page has twice or that cannot be addressed.
pub(crate) fn repeated_ids(page: &Element) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = page.all().into_iter().filter_map(|element| element.attribute("id"));
    ids.filter(|id| !seen.insert(*id) || id.is_empty() || id.contains(char::is_whitespace))
        .map(|id| format!("#{id}"))
        .collect()
}

/// What runs inline, looks inline or asks another host.
pub(crate) fn dangers(page: &Element) -> Vec<String> {
    let mut found = Vec::new();
    for element in page.all() {
        let name = element.name.as_str();
        let inline_script = name == "script" && (element.attribute("src").is_none() || !element.text().is_empty());
        if inline_script || ["style", "iframe", "form", "object", "embed", "base"].contains(&name) {
            found.push(format!("<{name}>"));
        }
        for (key, value) in &element.attributes {
            let safe = ["http:", "https:", "mailto:"]
                .iter()
                .any(|scheme| value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
            let address = ["href", "src", "action", "data", "poster", "srcset", "formaction", "ping"].contains(&key.as_str());
            let asks = address && (value.starts_with("//") || value.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':')));
            if key.starts_with("on") || key == "style" || (asks && !(name == "a" && element.is("external") && safe)) {
                found.push(format!("<{name} {key}=\"{value}\">"));
            }
        }
    }
    found
}

/// Links, pictures and references between elements that lead nowhere.
pub(crate) fn broken_links(files: &Files, pages: &Pages<'_>) -> Vec<String> {
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, page)| (*path, page.all().into_iter().filter_map(|element| element.attribute("id")).collect()))
        .collect();
    let mut found = Vec::new();
    for (path, page) in pages {
        for element in page.all() {
            for key in ["aria-labelledby", "aria-controls", "aria-describedby", "popovertarget", "for"] {
                found.extend(element.attribute(key).filter(|id| !ids[path].contains(id)).map(|id| format!("{path}: {key}={id}")));
            }
            let Some(address) = element.attribute("href").or(element.attribute("src")).filter(|_| !element.is("external")) else {
                continue;
            };
            if !leads_somewhere(path, address, files, &ids) {
                found.push(format!("{path}: {address}"));
            }
        }
    }
    found
}

fn leads_somewhere(path: &str, address: &str, files: &Files, ids: &BTreeMap<&str, BTreeSet<&str>>) -> bool {
    let (file, id) = address.split_once('#').map_or((address, None), |(file, id)| (file, Some(id)));
    let target = if file.is_empty() { Some(path.to_owned()) } else { relative(path, &decoded(file)) };
    // The part of an attachment that an address names is the business of its viewer.
    let has_id = |target: &str| id.is_none_or(|id| ids.get(target).is_none_or(|ids| ids.contains(id)));
    target.is_some_and(|target| files.contains_key(&target) && has_id(&target))
}

/// The path that an address on a page leads to; `None` when it leaves the site.
fn relative(page: &str, address: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            ".." => drop(parts.pop()?),
            "" => return None,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn decoded(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let [first, after @ ..] = rest {
        let code = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => (bytes.push(code), rest = &after[2..]).1,
            None => (bytes.push(*first), rest = after).1,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn faults_are_found() {
    let page = |body: &str| html::fragment(body);
    assert_eq!(repeated_ids(&page("<p id=\"a\"></p><p id=\"a\"></p>")), ["#a"]);
    assert_eq!(dangers(&page("<p onclick=\"x\"></p>")).len(), 1);
    assert_eq!(dangers(&page("<a class=\"external\" href=\"javascript:x\">y</a>")).len(), 1);
    assert!(dangers(&page("<a class=\"external\" href=\"https://example.gov.tw\">y</a>")).is_empty());
    let site = |body: &str| Files::from([("a/b.html".to_owned(), format!("<!doctype html><html>{body}</html>").into_bytes())]);
    let files = site("<p id=\"x\"><a href=\"../a/b.html#x\">y</a><a href=\"../../a\">z</a></p>");
    assert_eq!(faults(&files, &pages(&files)), ["a/b.html: ../../a"]);
}
