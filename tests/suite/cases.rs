//! Runs every `tests/cases/<feature>/<case>.md`: prose, input files, expected pages and findings.
//!
//! In: fenced blocks. ```` ```md chapters/a.md ```` (yaml, csv, …) is a file below `content/`; `overlay/…` and `themes/…` stand beside
//! it; without `plan.yaml` one lists all chapters and annexes. `encoding=big5|utf-16|bom`, `size=BYTES` and `link` (a symbolic
//! link) make files that text cannot. Out: ```` ```html chapters/a.html ```` is a part of a page, `article` without its header unless
//! `select=` says otherwise, `view=draft` for the draft; ```` ```diagnostics ```` are all findings, ```` ```help ```` their ways out.
//! Findings that only hold back an approval count in the cases of such rules alone.
//! The addresses of clauses' numbers and `data-source` are left out unless the block says `raw`. `UPDATE=1` writes what it finds.

use super::{
    html::{self, Element},
    project::{self, Files, Temporary},
};
use planpress::{
    compile::Compiled,
    diagnostic::{Language, Rule},
    render::View,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

/// A piece of a case: prose, or a fenced block.
#[derive(Clone)]
pub(crate) enum Piece {
    Prose(String),
    Block(Block),
}

/// A fenced block.
#[derive(Clone)]
pub(crate) struct Block {
    fence: String,
    /// `md`, `html`, `diagnostics`, …
    pub language: String,
    /// The file it stands for.
    pub file: String,
    options: BTreeMap<String, String>,
    pub text: String,
}

/// One case.
pub(crate) struct Case {
    pub path: PathBuf,
    pub pieces: Vec<Piece>,
}

impl Case {
    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) => Some(block),
            Piece::Prose(_) => None,
        })
    }

    /// The files that it gives to the program.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Block> {
        self.blocks().filter(|block| !block.is_expectation())
    }

    /// The case's name: `feature/case`.
    pub(crate) fn name(&self) -> String {
        let folder = project::root().join("tests/cases");
        self.path.strip_prefix(folder).expect("a case").with_extension("").to_string_lossy().replace('\\', "/")
    }

    fn expectation(&self, language: &str) -> Option<&Block> {
        self.blocks().find(|block| block.is_expectation() && block.language == language)
    }
}

impl Block {
    fn expecting_no_findings() -> Self {
        let (fence, file, text) = (String::from("```"), String::new(), String::new());
        Self { fence, language: "diagnostics".into(), file, options: BTreeMap::new(), text }
    }

    fn is_expectation(&self) -> bool {
        matches!(self.language.as_str(), "diagnostics" | "help")
            || (self.language == "html" && !self.file.starts_with("themes/") && !self.file.starts_with("assets/"))
    }

    fn option(&self, key: &str) -> Option<&str> {
        self.options.get(key).map(String::as_str)
    }

    /// Where the file stands below the project's folder.
    pub(crate) fn path(&self) -> String {
        let beside = ["themes/", "overlay/"].iter().any(|folder| self.file.starts_with(folder));
        if beside { self.file.clone() } else { format!("content/{}", self.file) }
    }

    /// The file's bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let text = self.text.as_str();
        match self.option("encoding") {
            None => text.as_bytes().to_vec(),
            Some("big5") => encoding_rs::BIG5.encode(text).0.into_owned(),
            Some("bom") => format!("\u{feff}{text}").into_bytes(),
            Some("crlf") => text.replace('\n', "\r\n").into_bytes(),
            Some("utf-16") => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            Some(other) => panic!("no encoding {other}"),
        }
    }
}

/// Every case, in the order of their paths.
pub(crate) fn all() -> Vec<Case> {
    project::files_below(&project::root().join("tests/cases"), "md").into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Case {
    let text = fs::read_to_string(&path).expect("a case");
    let mut pieces = Vec::new();
    let mut lines = text.lines();
    let mut prose = String::new();
    while let Some(line) = lines.next() {
        let length = line.len() - line.trim_start_matches(['`', '~']).len();
        if length < 3 {
            prose.push_str(line);
            prose.push('\n');
            continue;
        }
        pieces.push(Piece::Prose(std::mem::take(&mut prose)));
        let (fence, info) = line.split_at(length);
        let mut words = info.split(' ');
        let language = words.next().unwrap_or_default().to_owned();
        let (options, names): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('=') || *word == "raw");
        let options = options
            .into_iter()
            .map(|word| word.split_once('=').unwrap_or((word, "")))
            .map(|(key, value)| (key.into(), value.into()));
        let mut body = String::new();
        loop {
            let line = lines.next().unwrap_or_else(|| panic!("{}: {fence}{info} is not closed", path.display()));
            if line == fence {
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        pieces.push(Piece::Block(Block {
            fence: fence.to_owned(),
            language,
            file: names.first().copied().unwrap_or_default().replace("%20", " "),
            options: options.collect(),
            text: body,
        }));
    }
    pieces.push(Piece::Prose(prose));
    Case { path, pieces }
}

/// Makes a case's project.
pub(crate) fn project(case: &Case) -> Temporary {
    let temporary = Temporary::new(&[("plan.yaml", "")]);
    let listed: Vec<&str> = case.inputs().map(|block| block.file.as_str()).collect();
    if !listed.contains(&"plan.yaml") {
        temporary.write("content/plan.yaml", project::default_plan(listed.iter().copied()).as_bytes());
    }
    for block in case.inputs() {
        let path = temporary.folder.path().join(block.path());
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        if block.language == "link" {
            #[cfg(unix)]
            std::os::unix::fs::symlink(block.text.trim_end(), &path).expect("a link");
            continue;
        }
        fs::write(&path, block.bytes()).expect("an input");
        if let Some(size) = block.option("size") {
            fs::File::options()
                .write(true)
                .open(&path)
                .and_then(|file| file.set_len(size.parse().expect("a size")))
                .expect("a large file");
        }
    }
    temporary
}

/// What the program makes of a case.
struct Outcome {
    compiled: Compiled,
    published: Files,
    draft: Files,
}

impl Outcome {
    fn of(case: &Case) -> Self {
        let temporary = project(case);
        let mut compiled = temporary.compile();
        // A case about something else is a draft, of which it shows no more than it needs.
        let rule = case.name().strip_prefix("rules/").and_then(|name| Rule::named(name.trim_end_matches("-kept")));
        if !rule.is_some_and(Rule::holds_back_approval) {
            compiled.diagnostics.retain(|finding| !finding.rule.holds_back_approval());
        }
        // A theme that cannot be rendered has no pages; everything else has, also with errors.
        let wants_pages = case.expectation("html").is_some();
        let publish = |view| if wants_pages { project::publish(&compiled, view) } else { Files::new() };
        let (published, draft) = (publish(View::Published), publish(View::Draft));
        Self { compiled, published, draft }
    }

    fn found(&self, block: &Block) -> String {
        let mut lines: Vec<String> = Vec::new();
        match block.language.as_str() {
            "diagnostics" => lines.extend(self.compiled.diagnostics.iter().map(|finding| project::line(&self.compiled, finding))),
            "help" => lines.extend(
                self.compiled
                    .diagnostics
                    .iter()
                    .map(|finding| finding.help.as_ref().map_or_else(|| "–".into(), |help| help.text(Language::Chinese).to_owned())),
            ),
            _ => {
                let files = if block.option("view") == Some("draft") { &self.draft } else { &self.published };
                return part(files, block);
            }
        }
        lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// The part of a page that a block shows.
fn part(files: &Files, block: &Block) -> String {
    let page = project::text(files, &block.file);
    let tree = html::page(page);
    let selected = match block.option("select") {
        Some(selector) => tree.find(selector),
        None => tree.find("article"),
    };
    let element = selected.unwrap_or_else(|| panic!("nothing is selected in {}", block.file));
    let mut from = element.inner.start;
    if block.option("select").is_none()
        && let Some(header) = element.elements().find(|child| child.name == "header")
    {
        from = header.outer.end;
    }
    let mut out = page[from..element.inner.end].to_owned();
    if block.option("raw").is_none() {
        out = without_addresses(&out);
    }
    format!("{}\n", out.trim())
}

/// A page's part without what stands on every clause alike.
fn without_addresses(part: &str) -> String {
    let tree = html::fragment(part);
    let mut out = String::new();
    let mut at = 0;
    for element in tree.all() {
        let cut = if is_number(element) { attribute(part, element, " href=\"") } else { attribute(part, element, " data-source=\"") };
        if let Some(cut) = cut {
            out.push_str(&part[at..cut.start]);
            at = cut.end;
        }
    }
    out + &part[at..]
}

/// A clause's number, which leads to where it stands.
fn is_number(element: &Element) -> bool {
    element.name == "a" && element.is("number")
}

fn attribute(part: &str, element: &Element, begin: &str) -> Option<std::ops::Range<usize>> {
    let tag = element.outer.start..element.inner.start;
    let start = part[tag.clone()].find(begin).map(|at| tag.start + at)?;
    let value = start + begin.len();
    Some(start..value + part[value..].find('"')? + 1)
}

/// What differs from what a case expects.
fn compare(case: &Case) -> Vec<String> {
    let outcome = Outcome::of(case);
    let none = Block::expecting_no_findings();
    let findings = case.expectation("diagnostics").is_none().then_some(&none);
    let blocks = case.blocks().filter(|block| block.is_expectation()).chain(findings);
    let compared = blocks.map(|block| (block, outcome.found(block))).filter(|(block, found)| *found != block.text);
    compared
        .map(|(block, found)| format!("{} {} {}\n{}", case.name(), block.language, block.file, difference(&block.text, &found)))
        .collect()
}

/// Whether a case needs neither links nor names that differ only in their capitals.
fn stands_on_windows(case: &Case) -> bool {
    let names: BTreeSet<String> = case.inputs().map(|block| block.file.to_lowercase()).collect();
    names.len() == case.inputs().count() && case.inputs().all(|block| block.language != "link")
}

/// Writes a case with what was found, a block for findings added when there are some.
fn update(case: &Case) -> Vec<String> {
    let outcome = Outcome::of(case);
    let mut out = String::new();
    for piece in &case.pieces {
        match piece {
            Piece::Prose(prose) => out.push_str(prose),
            Piece::Block(block) => {
                let text = if block.is_expectation() { outcome.found(block) } else { block.text.clone() };
                if text.is_empty() && block.is_expectation() {
                    continue;
                }
                let mut info: Vec<String> = vec![block.language.clone(), block.file.replace(' ', "%20")];
                info.extend(block.options.iter().map(|(key, value)| if value.is_empty() { key.clone() } else { format!("{key}={value}") }));
                info.retain(|word| !word.is_empty());
                out.push_str(&format!("{fence}{}\n{text}{fence}\n", info.join(" "), fence = block.fence));
            }
        }
    }
    if case.expectation("diagnostics").is_none() && !outcome.compiled.diagnostics.is_empty() {
        let found = outcome.found(&Block::expecting_no_findings());
        out = format!("{}\n\n```diagnostics\n{found}```\n", out.trim_end());
    }
    fs::write(&case.path, format!("{}\n", out.trim_end())).expect("a written case");
    Vec::new()
}

#[test]
fn every_case_comes_out_as_it_says() {
    let updating = std::env::var_os("UPDATE").is_some();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut wrong = Vec::new();
    for case in all().iter().filter(|case| case.name().contains(&only)) {
        if cfg!(not(unix)) && !stands_on_windows(case) {
            continue;
        }
        match std::panic::catch_unwind(|| if updating { update(case) } else { compare(case) }) {
            Ok(found) => wrong.extend(found),
            Err(_) => wrong.push(format!("{} panics, see above\n", case.name())),
        }
    }
    assert!(wrong.is_empty(), "{} expectations differ; UPDATE=1 rewrites them\n\n{}", wrong.len(), wrong.join("\n"));
}

/// The lines that differ, those of the case with `-`.
fn difference(expected: &str, found: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let same_end = before[same..].iter().rev().zip(after[same..].iter().rev()).take_while(|(one, other)| one == other).count();
    let lines = |mark: &str, lines: &[&str]| lines.iter().map(|line| format!("{mark} {line}\n")).collect::<String>();
    lines("-", &before[same..before.len() - same_end]) + &lines("+", &after[same..after.len() - same_end])
}

#[test]
fn every_rule_has_a_case_that_breaks_it_and_one_that_keeps_it() {
    let (mut broken, mut kept) = (BTreeSet::new(), BTreeMap::new());
    for case in all() {
        let findings = case.expectation("diagnostics").map_or("", |block| block.text.as_str());
        let rules: Vec<&str> = findings.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        broken.extend(rules.iter().filter_map(|name| Rule::named(name)).map(Rule::name));
        assert!(rules.iter().all(|name| Rule::named(name).is_some()), "{}", case.name());
        // `rules/NAME.md` breaks a rule; `rules/NAME-kept.md` comes as near as it can without a finding.
        let name = case.name();
        if let Some(rule) = name.strip_prefix("rules/").and_then(|name| name.strip_suffix("-kept")) {
            kept.insert(rule.to_owned(), rules.contains(&rule));
        }
    }
    for rule in Rule::ALL.iter().map(|rule| rule.name()) {
        assert!(broken.contains(rule), "no case expects {rule}");
        assert_eq!(kept.get(rule), Some(&false), "rules/{rule}-kept.md");
    }
}

#[test]
fn every_case_explains_itself() {
    for case in all() {
        let Some(Piece::Prose(first)) = case.pieces.first() else { panic!("{} has no prose", case.name()) };
        let mut lines = first.lines().filter(|line| !line.is_empty());
        assert!(lines.next().is_some_and(|line| line.starts_with("# ")), "{} begins with a title", case.name());
        assert!(
            lines.next().is_some_and(|line| line.ends_with(['.', ':'])),
            "{} says in a sentence what it shows",
            case.name()
        );
        assert!(case.inputs().next().is_some(), "{} has an input", case.name());
    }
}

#[test]
fn every_finding_has_a_way_out() {
    for case in all().iter().filter(|case| cfg!(unix) || case.inputs().all(|block| block.language != "link")) {
        for finding in &Outcome::of(case).compiled.diagnostics {
            assert!(finding.help.is_some(), "{}: {}", case.name(), finding.message.text(Language::Chinese));
        }
    }
}
