//! Text and data that are long, and full of what is to be found.
//!
//! In: one paragraph or table with thousands of the same mistake, or of what looks like it. Out: an end within the patience of a reader.

use super::{hostile::survived, project::Temporary};
use std::collections::BTreeSet;

#[test]
fn a_paragraph_full_of_wording_to_mend_does_not_take_for_ever() {
    let terms = "terms:\n  - { term: 資通安全長, variants: [資安長] }\n";
    let numbered = |piece: &str| (0..20_000).map(|at| piece.replace('#', &at.to_string())).collect::<String>();
    for text in [
        "資安長與[[s|節]]及".repeat(2_000),
        "資安長".repeat(20_000),
        "字:字".repeat(40_000),
        numbered("(甲#)"),
        numbered("「甲#登記表」"),
        numbered("「**甲#**登記表」"),
        format!("可用性與中斷{}", numbered("9#%、0.#%")),
        "%%註%%甲".repeat(20_000),
        numbered("%%註#%%甲"),
        "資安長`".repeat(20_000),
        format!("資安長{}", "](".repeat(20_000)),
        format!("{}甲{}", "(".repeat(100_000), ")".repeat(100_000)),
        "資安長://(".repeat(20_000),
    ] {
        let chapter = format!("---\ntitle: 甲\n---\n\n## 節 {{#s}}\n\n{text}\n");
        let found = survived(&Temporary::new(&[("chapters/a.md", &chapter), ("data/terms.yaml", terms)]));
        assert!(found.is_empty(), "{found:?}: {}", text.chars().take(20).collect::<String>());
    }
}

#[test]
fn many_unknown_marks_and_arguments_do_not_take_for_ever() {
    let numbered = |piece: &str| (0..20_000).map(|at| piece.replace('#', &at.to_string())).collect::<String>();
    for (text, rule) in [
        (numbered("[^甲#]、"), "unknown-footnote"),
        (format!(":::fields {}\n\n- 欄\n\n:::", numbered("a#=1 ")), "unknown-attribute"),
        (format!("### 乙 {{#b {}}}", numbered("a#=1 ")), "unknown-attribute"),
    ] {
        let chapter = format!("---\ntitle: 甲\n---\n\n## 節 {{#s}}\n\n{text}\n");
        let found = survived(&Temporary::new(&[("chapters/a.md", &chapter)]));
        assert!(found.iter().any(|found| found == rule), "{found:?}");
    }
}

#[test]
fn a_form_full_of_the_same_mistake_does_not_take_for_ever() {
    let fields = |field: &str| (0..20_000).map(|at| field.replace('#', &at.to_string())).collect::<String>();
    for (field, rule) in [("- 甲#：○\n", "blank"), ("- 甲#…\n", "leftover-ellipsis"), ("- 甲：可用性 9#%，中斷 9%\n", "conflicting-figure")]
    {
        let chapter = format!("---\ntitle: 甲\n---\n\n:::fields\n\n{}\n:::\n", fields(field));
        let temporary = Temporary::new(&[("chapters/a.md", &chapter)]);
        assert!(survived(&temporary).is_empty());
        let found = temporary.compile().diagnostics;
        let places: BTreeSet<u32> = found
            .iter()
            .filter(|finding| finding.rule.name() == rule)
            .filter_map(|finding| Some(finding.span?.start))
            .collect();
        assert!(places.len() > 15_000, "{rule}: {}", places.len());
    }
}

#[test]
fn many_rows_that_name_other_rows_do_not_take_for_ever() {
    let rows: String = (0..40_000).map(|at| format!("{at}\n")).collect();
    let (names, other) = (format!("a\n{rows}"), format!("b\n{rows}"));
    let key = "fields: [{ name: b }]\nforeignKeys: [{ fields: b, reference: { resource: t, fields: a } }]\n";
    let files = [
        ("chapters/a.md", "---\ntitle: 甲\n---\n\n:::table u\n\n:::\n"),
        ("data/t.yaml", "fields: [{ name: a }]\n"),
        ("data/t.csv", &names),
        ("data/u.yaml", key),
        ("data/u.csv", &other),
    ];
    assert!(survived(&Temporary::new(&files)).is_empty());
}

#[test]
fn conditions_inside_one_another_are_each_asked_once() {
    // Asked once more at each depth, forty of them would be asked a million million times.
    let depths = || (0..40).map(|depth| ":".repeat(43 - depth));
    let open: String = depths().map(|colons| format!("   {colons}when agency.level == 'B'\n\n")).collect();
    let close: String = depths().collect::<Vec<_>>().into_iter().rev().map(|colons| format!("   {colons}\n")).collect();
    let chapter = format!("---\ntitle: 甲\n---\n\n## 節 {{#s}}\n\n1. 乙：\n\n{open}   - 丙\n\n{close}");
    let agency = "fields: [{ name: level, constraints: { enum: [A, B] } }]\nvalues: { level: A }\n";
    let temporary = Temporary::new(&[("chapters/a.md", &chapter), ("data/agency.yaml", agency)]);
    assert!(survived(&temporary).is_empty());
    let found: Vec<_> = temporary.compile().diagnostics.iter().map(|finding| finding.rule.name()).collect();
    assert_eq!(found, ["leftover-ellipsis"]);
}

#[test]
fn many_codes_that_nobody_can_read_do_not_take_for_ever() {
    let chapter = format!(
        "---\ntitle: 甲\n---\n\n{}\n\n{}\n",
        "五&#1;六&#xE001;".repeat(5_000),
        "[a&#1;](https://a.tw/&#1;)".repeat(2_000)
    );
    let value = |code: &str| format!("fields: [{{ name: a }}]\nrows: [{{ a: \"{}\" }}]\n", code.repeat(100_000));
    let values = format!("fields: [{{ name: a }}]\nrows:\n{}", "  - { a: \"\\uE001\" }\n".repeat(20_000));
    let named = "private-use-character";
    for (data, expected) in [(value("\\uE001"), &[named][..]), (value("\\x01"), &["invalid-yaml", named]), (values, &[named])] {
        assert_eq!(survived(&Temporary::new(&[("chapters/a.md", &chapter), ("data/t.yaml", &data)])), expected);
    }
}

#[test]
fn each_cell_of_a_long_table_has_its_findings_at_its_own_place() {
    for (field, cell, rule) in [
        ("type: string", "null", "blank"),
        ("type: string", "1.10", "not-a-string"),
        ("type: integer", "x", "schema-violation"),
        ("format: markdown", "甲…", "leftover-ellipsis"),
    ] {
        let rows = format!("  - {{ a: {cell}, b: {cell} }}\n").repeat(5_000);
        let table = format!("fields:\n  - {{ name: a, {field} }}\n  - {{ name: b, {field} }}\nrows:\n{rows}");
        let chapter = "---\ntitle: 甲\n---\n\n:::table t\n:::\n";
        // Several chapters show it, which are read at the same time.
        let files = [("chapters/a.md", chapter), ("chapters/b.md", chapter), ("chapters/c.md", chapter), ("data/t.yaml", &table)];
        let temporary = Temporary::new(&files);
        survived(&temporary);
        let found = temporary.compile().diagnostics;
        let places: BTreeSet<_> = found.iter().filter(|finding| finding.rule.name() == rule).filter_map(|finding| finding.span).collect();
        assert_eq!((places.len(), found.len()), (10_000, 10_000), "{rule}");
        assert!(places.iter().all(|span| cell.ends_with(&table[span.range()])), "{rule}");
    }
}

#[test]
fn each_entry_of_a_long_list_in_front_matter_has_its_own_place() {
    let chapter = format!("---\ntitle: 甲\nfulfils:\n{}---\n", "  - x\n".repeat(5_000));
    let plan = format!("title: 計畫\nchapters: [a{}]\n", ", none".repeat(5_000));
    let temporary = Temporary::new(&[("chapters/a.md", &chapter), ("plan.yaml", &plan), ("data/requirements.yaml", "article: 1\n")]);
    survived(&temporary);
    let found = temporary.compile().diagnostics;
    for (rule, count) in [("unknown-value", 5_000), ("duplicate-id", 4_999)] {
        let places: BTreeSet<_> = found.iter().filter(|finding| finding.rule.name() == rule).filter_map(|finding| finding.span).collect();
        assert_eq!(places.len(), count, "{rule}");
    }
}

/// A chapter of headings, each of which refers to others by the place after its own.
fn headings(count: usize, title: impl Fn(usize) -> String) -> Temporary {
    let text: String = (0..count).map(|at| format!("## {} {{#h{at}}}\n\n", title(at))).collect();
    Temporary::new(&[("chapters/a.md", &format!("---\ntitle: 甲\n---\n\n{text}"))])
}

#[test]
fn headings_that_refer_to_headings_do_not_grow_for_ever() {
    let found = |headings: &Temporary| survived(headings);
    // Each shows all behind it.
    let chain = |at: usize, last: usize| if at == last { String::from("末") } else { format!("[[h{}|]]甲", at + 1) };
    assert!(found(&headings(1_000, |at| chain(at, 999))).is_empty());
    assert_eq!(found(&headings(40_000, |at| chain(at, 39_999))), ["oversized-text"]);
    // Each shows the next one twice.
    assert_eq!(found(&headings(60, |at| format!("[[h{0}]][[h{0}]]", at + 1))), ["oversized-text"]);
    // Each shows the next one, and the last one the first.
    assert!(found(&headings(10_000, |at| format!("[[h{}]]", (at + 1) % 10_000))).is_empty());
    assert!(found(&headings(30, |_| (0..30).map(|at| format!("[[h{at}]]")).collect())).is_empty());
}

#[test]
fn few_aliases_of_something_large_end_in_a_finding() {
    let doubled: String = (1..=10).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1)).collect();
    let yaml = format!("a0: &a0 {}\n{doubled}", "x".repeat(1 << 20));
    let temporary = Temporary::new(&[("chapters/a.md", "---\ntitle: 甲\n---\n\n文。\n"), ("data/bomb.yaml", &yaml)]);
    assert_eq!(survived(&temporary), ["invalid-yaml"]);
    let span = temporary.compile().diagnostics[0].span.expect("a place");
    assert!(yaml[span.start as usize..].starts_with("*a2, *a2]\na4"), "{:?}", &yaml[span.start as usize..]);
}

#[test]
fn ids_that_are_no_words_are_not_compared() {
    let id = "a".repeat(100_000);
    let text = format!("---\ntitle: 甲\n---\n\n## 節 {{#{id}}}\n\n見[[{id}b]]。\n");
    assert_eq!(survived(&Temporary::new(&[("chapters/a.md", &text)])), ["unknown-reference"]);
}

#[test]
fn many_references_by_position_do_not_take_for_ever() {
    let many = 20_000;
    let items: String = (0..many).map(|at| format!("1. 見[[x.{}]]。\n", at * 7 % many + 1)).collect();
    let temporary = Temporary::chapter(&format!("## 節 {{#x}}\n\n{items}"));
    assert_eq!(survived(&temporary), ["shifting-reference"]);
    assert_eq!(temporary.compile().diagnostics.len(), many);
}

#[test]
fn directives_that_nothing_closes_do_not_take_for_ever() {
    let many = 60_000;
    for opening in [":::guidance\n\n", ":::when agency.level == 'B'\n", "   :::fields\n"] {
        let found = survived(&Temporary::chapter(&opening.repeat(many)));
        assert!(found.iter().any(|rule| rule == "nested-too-deeply"), "{opening}: {found:?}");
    }
    // One behind the other they are not deep.
    assert!(survived(&Temporary::chapter(&":::guidance\n\n甲\n\n:::\n\n".repeat(many))).is_empty());
}
