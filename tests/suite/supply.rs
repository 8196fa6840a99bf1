//! What planpress is built from: known licences, one registry, nothing that speaks to other machines.
//!
//! In: what cargo says of the locked dependencies, with every feature, and `.deny.toml`. Out: a failure that names the package; and
//! `target/licences.csv`, the list of every package with its version, licence and home, for whoever passes the program on.

use super::project;
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _, fs, process::Command};

/// Every package of the lock file that can be part of the program, without planpress itself.
fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(project::root())
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = metadata["packages"].as_array().expect("packages").iter();
    all.filter(|package| package["name"] != "planpress").cloned().collect()
}

fn word<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

/// The texts of a list in `.deny.toml`, one a line.
fn listed(name: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(project::root().join(".deny.toml")).expect(".deny.toml");
    let (_, list) = text.split_once(&format!("\n{name} = [\n")).expect("the list");
    let (list, _) = list.split_once("\n]").expect("its end");
    list.lines().filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

/// Whether a licence expression can be met with the licences allowed: any part of an `OR`, every part of an `AND`.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.trim();
    for (operator, any) in [(" OR ", true), ("/", true), (" AND ", false)] {
        let parts = apart(expression, operator);
        if parts.len() > 1 {
            let mut met = parts.into_iter().map(|part| is_met(part, allowed));
            return if any { met.any(|met| met) } else { met.all(|met| met) };
        }
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_met(inner, allowed),
        None => allowed.contains(expression),
    }
}

/// An expression taken apart at an operator, but not inside of brackets.
fn apart<'a>(expression: &'a str, operator: &str) -> Vec<&'a str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, c) in expression.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && at >= from && expression[at..].starts_with(operator) {
            parts.push(&expression[from..at]);
            from = at + operator.len();
        }
    }
    parts.push(&expression[from..]);
    parts
}

#[test]
fn every_licence_is_one_that_the_configuration_allows_and_all_are_listed() {
    let (packages, allowed) = (packages(), listed("allow"));
    assert!(packages.len() > 100 && allowed.len() > 5);
    let refused: Vec<_> = packages
        .iter()
        .filter(|package| !is_met(word(package, "license"), &allowed))
        .map(|package| format!("{} {}: {}", word(package, "name"), word(package, "version"), word(package, "license")))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
    let mut list = String::from("package,version,licence,home\n");
    for package in &packages {
        let cells = ["name", "version", "license", "repository"].map(|key| format!("\"{}\"", word(package, key)));
        writeln!(list, "{}", cells.join(",")).expect("a line");
    }
    fs::write(project::root().join("target/licences.csv"), list).expect("target/licences.csv");
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Unicode-3.0".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()]);
    for met in ["MIT", "GPL-3.0 OR MIT", "Unlicense/MIT", "(MIT OR X) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception OR X"] {
        assert!(is_met(met, &allowed), "{met}");
    }
    for unmet in ["", "GPL-3.0", "MIT AND GPL-3.0", "(X OR Y) AND MIT", "MIT-0"] {
        assert!(!is_met(unmet, &allowed), "{unmet}");
    }
}

#[test]
fn every_package_comes_from_the_one_registry_and_none_is_banned() {
    let text = fs::read_to_string(project::root().join(".deny.toml")).expect(".deny.toml");
    let banned: Vec<&str> = text.split("{ crate = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(banned.len() >= 3);
    for package in packages() {
        let name = word(&package, "name");
        assert_eq!(package["source"], "registry+https://github.com/rust-lang/crates.io-index", "{name}");
        assert!(!banned.contains(&name), "{name}");
    }
}
