//! Random texts for each of the program's readers: Markdown, conditions, patterns of numbers, data and the search index.
//!
//! In: a seed. Out: a failure when something panics or does not end, when a number is not what its pattern says, or when the search index
//! is not the same twice. `robust` changes good plans a little; here nothing is good. `ROBUST_ROUNDS=100` tries more of everything.

use super::{
    project::{self, Random, Temporary, count},
    robust::{PIECES, report_faults, rounds},
};
use planpress::{numeral::Pattern, render::View, report};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Words that YAML, CSV and schemas know, and what confuses their readers.
const DATA: [&str; 44] = [
    "fields:\n",
    "rows:\n",
    "values:\n",
    "  - { name: a, title: 甲, type: string }\n",
    "  - { name: b, type: integer }\n",
    "  - { name: c, type: list, constraints: { enum: [甲, 乙] } }\n",
    "  - { name: d, format: markdown }\n",
    "  - { a: 甲, b: 1, c: [甲] }\n",
    "  - ",
    "a: ",
    "b: ",
    "c: ",
    "null",
    "~",
    "true",
    "1.10",
    "-1",
    "1e999",
    "0x7fffffffffffffff",
    "99999999999999999999",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "|\n",
    ">\n",
    "&a ",
    "*a ",
    "<<: ",
    "!!binary ",
    "? ",
    ": ",
    ",",
    "\n",
    "\t",
    "{{ t.a }}",
    "{{ agency.x }}",
    "constraints: ",
    "unit: 分鐘\n",
    "foreignKeys: [{ fields: a, reference: { resource: t, fields: a } }]\n",
    "\u{feff}",
    "# \n",
];

/// A text of so many pieces, now and then with any character at all between them.
fn text(random: &mut Random, pieces: &[&str], most: usize) -> String {
    let mut text = String::new();
    for _ in 0..random.below(most) {
        match random.below(4) {
            0 => text.extend(char::from_u32(u32::try_from(random.below(0x11_0000)).unwrap_or(0))),
            1 => text.push_str("資通安全"),
            _ => text.push_str(random.one_of(pieces)),
        }
    }
    text
}

/// Tries seeds on a target; a panic or a fault is told with its seed.
pub(crate) fn target(name: &str, seeds: u64, try_it: impl Fn(&mut Random) -> Result<(), String> + Sync) {
    let seeds = seeds * rounds();
    count("inputs", usize::try_from(seeds).unwrap_or(usize::MAX));
    let faults: Vec<_> = (0..seeds)
        .into_par_iter()
        .filter_map(|seed| {
            let outcome = catch_unwind(AssertUnwindSafe(|| try_it(&mut Random::new(seed ^ 0x5eed))));
            let fault = match outcome {
                Ok(Ok(())) => return None,
                Ok(Err(fault)) => fault,
                Err(_) => "panics".to_owned(),
            };
            Some((format!("{name} seed {seed}"), fault))
        })
        .collect();
    report_faults(&faults);
}

/// Compiles a plan with these files, renders both views and every report.
fn whole(files: &[(&str, &str)]) -> Result<(), String> {
    let compiled = Temporary::new(files).compile();
    for view in [View::Published, View::Draft] {
        project::publish(&compiled, view);
    }
    let json = report::json(&compiled.diagnostics, &compiled.sources, planpress::diagnostic::Language::English);
    serde_json::from_str::<serde_json::Value>(&json).map(drop).map_err(|error| error.to_string())
}

#[test]
fn markdown_of_any_kind_is_read() {
    target("markdown", 300, |random| {
        whole(&[("chapters/a.md", &format!("---\ntitle: 甲\n---\n\n{}", text(random, &PIECES, 60)))])
    });
}

#[test]
fn references_conditions_and_values_of_any_kind_are_resolved() {
    let agency = "fields: [{ name: level, type: string, constraints: { enum: [A, B] } }, { name: x, type: boolean }]\nvalues: { level: A, x: null }\n";
    let words =
        ["agency.level", "agency.x", "==", "!=", "'A'", "'B'", "not", "and", "or", "in", "(", ")", "[", "]", ",", "true", "null", " "];
    target("resolve", 300, |random| {
        let condition: String = (0..random.below(14)).map(|_| format!("{} ", random.one_of(&words))).collect();
        let id = ["one", "two", "a", "form", "one.1", "law:x#1", "", " ", "one|", "|"][random.below(10)];
        let chapter = format!(
            "---\ntitle: 甲\n---\n\n## 節 {{#one when=\"{condition}\"}}\n\n:::when {condition}\n\n見[[{id}]]、{{{{ agency.{id} }}}}。\n\n:::\n\n1. 項 {{#two}}\n"
        );
        whole(&[("chapters/a.md", &chapter), ("annexes/form.md", "---\ntitle: 表\n---\n\n[[two]]\n"), ("data/agency.yaml", agency)])
    });
}

#[test]
fn patterns_of_any_kind_number_as_they_say() {
    let pieces = ["壹", "一", "1", "A", "a", "i", "I", "甲", "十", "、", "(", ")", "第", "章", ".", "１", "①", "", " ", "{n}", "<b>"];
    target("patterns", 3_000, |random| {
        let sample = text(random, &pieces, 6);
        let Some(pattern) = Pattern::parse(&sample) else { return Ok(()) };
        if pattern.label(1) != sample {
            return Err(format!("{sample:?} gives {:?} for one", pattern.label(1)));
        }
        let labels: std::collections::BTreeSet<String> = (1..=300).map(|ordinal| pattern.label(ordinal)).collect();
        for ordinal in [0, 9_999, 10_000, 1_000_000, u32::MAX] {
            drop((pattern.label(ordinal), pattern.bare(ordinal)));
        }
        if labels.len() == 300 { Ok(()) } else { Err(format!("{sample:?} gives a number twice")) }
    });
}

#[test]
fn data_of_any_kind_is_read() {
    target("data", 300, |random| {
        let (yaml, csv) = (text(random, &DATA, 30), text(random, &["a", "b", ",", "\n", "\"", "\"\"", "甲", "\r\n", ";"], 30));
        let fields = "fields: [{ name: a, title: 甲 }, { name: b, type: integer }]\n";
        let chapter = "---\ntitle: 甲\n---\n\n:::table t rows=2\n\n:::\n\n:::table u\n\n:::\n\n{{ t.a }}{{ w.a }}\n";
        whole(&[
            ("chapters/a.md", chapter),
            ("data/t.yaml", &yaml),
            ("data/w.yaml", &text(random, &DATA, 20)),
            ("data/laws.yaml", &text(random, &DATA, 12)),
            ("data/u.yaml", fields),
            ("data/u.csv", &csv),
        ])
    });
}

#[test]
fn the_search_index_of_any_text_is_the_same_twice_and_can_be_read() {
    target("search", 150, |random| {
        let chapter = format!(
            "---\ntitle: 甲\n---\n\n## 節 {{#one}}\n\n{}\n",
            text(random, &["通行碼", "AbC", "１２３", "臺", "ﬀ", "e\u{301}", "\u{2028}", "</script>", "\\", "\"", "𠮷"], 80)
        );
        let temporary = Temporary::new(&[("chapters/a.md", &chapter)]);
        let index = || -> Vec<(String, Vec<u8>)> {
            project::publish(&temporary.compile(), View::Published)
                .into_iter()
                .filter(|(path, _)| path.starts_with("search/"))
                .collect()
        };
        let (one, other) = (index(), index());
        if one.is_empty() || one != other {
            return Err(format!("{} and {} files of the index differ: {chapter:?}", one.len(), other.len()));
        }
        for (path, bytes) in &one {
            let script = std::str::from_utf8(bytes).map_err(|error| format!("{path}: {error}"))?;
            if script.contains('\0') {
                return Err(format!("{path} holds a NUL: {chapter:?}"));
            }
        }
        Ok(())
    });
}
