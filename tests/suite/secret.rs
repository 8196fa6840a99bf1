//! What only editors may see: a slip beside guidance or a comment publishes neither.
//!
//! In: a chapter with both, and a slip or two at random: a sign too many, a character or a line lost, a line moved in. Out: a failure that shows
//! the chapter whose published pages hold words of either although no error was found in it. Lines that begin or end guidance are kept as
//! they are, so that none of these slips can mean that the words are to be published. `ROBUST_ROUNDS=100` tries more.

use super::{
    fuzz::target,
    project::{self, Random, Temporary},
    robust::PIECES,
};
use planpress::render::View;

/// What must be in no published file.
const WORDS: [&str; 2] = ["內部祕語", "草稿祕註"];
const CHAPTER: &str = "---
title: 甲
---

前言。%%草稿祕註%%接著。

## 節一 {#one}

1. 第一項。
   - 子項一
   - 子項二

   續第一項。%%草稿祕註%%
2. 第二項 {#two}

:::guidance
內部祕語一。

1. 內部祕語二
:::

| 項目 | 說明 |
|---|---|
| 甲 | 乙%%草稿祕註%% |

::::when agency.level == 'A'

## 節二

段落[^n]，見[[two]]。

:::guidance

- 內部祕語三
- 內部祕語四

:::

::::

[^n]: 註。

## 節三 {#three}

末段。
";

/// A chapter with a slip at random.
fn slipped(random: &mut Random, chapter: &str) -> String {
    let mut lines: Vec<String> = chapter.lines().map(str::to_owned).collect();
    let at = 4 + random.below(lines.len() - 4);
    // Whoever takes away what makes it guidance, or a comment, wants it to be read.
    if lines[at].starts_with(":::") || WORDS.iter().any(|words| lines[at].contains(words)) {
        return chapter.to_owned();
    }
    let line = &lines[at];
    let places: Vec<usize> = line.char_indices().map(|(place, _)| place).chain([line.len()]).collect();
    let place = places[random.below(places.len())];
    match random.below(6) {
        0 => lines[at].insert_str(place, random.one_of(&PIECES)),
        1 => lines[at].insert_str(0, random.one_of(&PIECES)),
        2 => lines.insert(at, random.one_of(&PIECES).trim_end_matches('\n').to_owned()),
        3 => lines[at].insert_str(0, &" ".repeat(1 + random.below(8))),
        4 => drop(lines[at].drain(place..).next()),
        _ => drop(lines.remove(at)),
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_slip_beside_guidance_publishes_none_of_it() {
    let agency = "fields: [{ name: name, type: string }, { name: level, type: string, constraints: { enum: [A, B] } }]\nvalues: { name: 機關, level: A }\n";
    target("secret", 500, |random| {
        let mut chapter = CHAPTER.to_owned();
        for _ in 0..=random.below(2) {
            chapter = slipped(random, &chapter);
        }
        let compiled = Temporary::new(&[("chapters/a.md", &chapter), ("data/agency.yaml", agency)]).compile();
        if compiled.has_errors() {
            return Ok(());
        }
        let files = project::publish(&compiled, View::Published);
        let leaks = |bytes: &[u8]| WORDS.iter().any(|words| String::from_utf8_lossy(bytes).contains(words));
        let leak = files.iter().find(|(_, bytes)| leaks(bytes));
        leak.map_or(Ok(()), |(path, _)| Err(format!("{path} holds it: {chapter}")))
    });
}
