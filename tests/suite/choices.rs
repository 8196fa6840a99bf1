//! Every choice that the template offers leads to a whole plan.
//!
//! In: the fields of `content/data/agency.yaml` that conditions rest on, with values for some or all of them laid over the
//! template. Out: a failure when a choice brings an error, a link that leads nowhere, or a number that is missing or repeated.

use super::{
    html::Element,
    project,
    whole::{self, Pages},
};
use planpress::{numeral::Pattern, render::View, source::Project};
use serde_yaml::Value;
use std::{collections::BTreeMap, fs};

/// The fields with a choice, and what can be chosen.
fn fields() -> Vec<(String, Vec<Value>)> {
    let text = fs::read_to_string(project::root().join("content/data/agency.yaml")).expect("agency.yaml");
    let file: Value = serde_yaml::from_str(&text).expect("YAML");
    let choices = |field: &Value| match field["type"].as_str() {
        Some("boolean") => Some(vec![Value::Bool(true), Value::Bool(false)]),
        _ => field["constraints"]["enum"].as_sequence().cloned(),
    };
    let fields = file["fields"].as_sequence().expect("fields");
    fields.iter().filter_map(|field| Some((field["name"].as_str()?.to_owned(), choices(field)?))).collect()
}

/// The template with some values chosen.
fn chosen(choice: &[(&str, &Value)]) -> (tempfile::TempDir, Project) {
    let text = fs::read_to_string(project::root().join("content/data/agency.yaml")).expect("agency.yaml");
    let mut file: Value = serde_yaml::from_str(&text).expect("YAML");
    for (name, value) in choice {
        file["values"][*name] = (*value).clone();
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("data")).expect("a folder");
    fs::write(folder.path().join("data/agency.yaml"), serde_yaml::to_string(&file).expect("YAML")).expect("a file");
    let project = Project { root: project::root(), overlay: Some(folder.path().to_path_buf()) };
    (folder, project)
}

/// What is wrong with the plan that a choice makes.
fn faults(choice: &[(&str, &Value)]) -> Vec<String> {
    let (_folder, project) = chosen(choice);
    let compiled = project::compile(&project);
    let files = project::publish(&compiled, View::Published);
    let pages = whole::pages(&files);
    // What a choice leaves open is open in the template as well.
    let findings = compiled
        .diagnostics
        .iter()
        .filter(|finding| !finding.rule.holds_back_approval())
        .map(|finding| project::line(&compiled, finding));
    findings
        .chain(whole::faults(&files, &pages))
        .chain(misnumbered(&pages))
        .map(|fault| format!("{choice:?}: {fault}"))
        .collect()
}

/// Clauses whose number is not the next one below the clause that holds them.
fn misnumbered(pages: &Pages<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (path, page) in pages.iter().filter(|(path, _)| !path.starts_with("annexes/")) {
        for chapter in page.named("article") {
            count(chapter, &mut BTreeMap::new(), path, &mut found);
        }
    }
    found
}

/// Counts the clauses inside an element by level; `counters` are those of the clause that holds it.
fn count(element: &Element, counters: &mut BTreeMap<usize, u32>, path: &str, found: &mut Vec<String>) {
    let patterns = ["壹、", "一、", "(一)", "1.", "(1)", "A."].map(|sample| Pattern::parse(sample).expect("a pattern"));
    for child in element.elements().filter(|child| !child.is("guidance") && !child.is("footnotes")) {
        if !child.is("clause") {
            count(child, counters, path, found);
            continue;
        }
        let class = child.attribute("class").unwrap_or_default();
        let level: usize = class.rsplit("level-").next().and_then(|level| level[..1].parse().ok()).expect("a level");
        let ordinal = counters.entry(level).or_insert(0);
        *ordinal += 1;
        let (shown, expected) = (child.find(".number").map(Element::text).unwrap_or_default(), patterns[level - 1].label(*ordinal));
        if shown != expected {
            found.push(format!("{path} #{}: {shown} instead of {expected}", child.attribute("id").unwrap_or_default()));
        }
        count(child, &mut BTreeMap::new(), path, found);
    }
}

#[test]
fn each_choice_by_itself_leaves_a_whole_plan() {
    let fields = fields();
    assert!(fields.len() >= 8, "{fields:?}");
    for (name, values) in &fields {
        for value in values {
            assert_eq!(faults(&[(name, value)]), [""; 0]);
        }
    }
}

#[test]
fn choices_together_leave_a_whole_plan() {
    let fields = fields();
    // Each field's values in turn, at another pace for each field, so that different values meet.
    for round in 0..10 {
        let choice: Vec<(&str, &Value)> = fields
            .iter()
            .enumerate()
            .map(|(at, (name, values))| (name.as_str(), &values[(round / (at % 3 + 1) + at * round) % values.len()]))
            .collect();
        assert_eq!(faults(&choice), [""; 0]);
    }
}

#[test]
fn a_missing_number_is_found() {
    let page = |second: &str| {
        let clause = |number: &str| format!("<section class=\"clause level-2\" id=\"a\"><span class=\"number\">{number}</span></section>");
        super::html::fragment(&format!("<article>{}{}</article>", clause("一、"), clause(second)))
    };
    assert!(misnumbered(&Pages::from([("chapters/a.html", page("二、"))])).is_empty());
    assert_eq!(misnumbered(&Pages::from([("chapters/a.html", page("三、"))])).len(), 1);
}
