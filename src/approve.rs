//! Approving a plan: from a finished plan to the record that says what was approved.
//!
//! In: a project and who approves it, when, under which number. Out: the record, written once, or the reasons why the plan cannot be
//! approved. It is the same compile as that of any build. Nothing but the record, and its signature if one is wanted, is written.

use crate::{
    compile::{Compiled, compile_edition},
    diagnostic::{Message, Severity},
    edition::{self, Accepted, Editions, Previous, PrintedFiles, Reasons, Record},
    message,
    render::{RenderError, View},
    site::Nowhere,
    source::{Project, ReadError},
    view::{PDF, Paper},
    write::{self, FolderLock, WriteError},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is approved.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The edition's number.
    pub number: &'a str,
    /// Who approves it.
    pub by: &'a str,
    /// The day, such as `2026-11-22`.
    pub on: &'a str,
}

/// Why a plan was not approved.
#[derive(Debug)]
pub enum Refusal {
    /// The request cannot be carried out, whatever the plan says.
    Request(Message, Message),
    /// The files cannot be read.
    Read(ReadError),
    /// Something is open; the findings that hold the approval back are errors now.
    Open(Box<Compiled>),
    /// The site cannot be rendered.
    Render(RenderError, Box<Compiled>),
    /// The record cannot be written.
    Write(WriteError),
}

/// A plan that can be approved, and what will be written when it is. While it lives, nobody else approves an edition of the same plan.
#[derive(Debug)]
pub struct Approval {
    /// The plan, in the state of the new edition.
    pub compiled: Compiled,
    /// The folder of the records.
    folder: PathBuf,
    record: Record,
    _lock: FolderLock,
}

/// The folder of a project's records: that of the overlay, if there is one, because an agency's editions are its own.
#[must_use]
pub fn folder(project: &Project) -> PathBuf {
    if let Some(overlay) = &project.overlay {
        return overlay.join("editions");
    }
    let folder = project.root.join("content").join("editions");
    // Other paths in the plan's own folder are shown without `./`, too.
    folder.strip_prefix(".").map_or_else(|_| folder.clone(), Path::to_path_buf)
}

impl Approval {
    /// Compiles a project and makes the record of its approval.
    ///
    /// # Errors
    /// When the request is wrong, something is open, or files cannot be read, rendered or written.
    pub fn prepare(project: &Project, request: Request<'_>) -> Result<Self, Refusal> {
        check_words(request)?;
        let folder = folder(project);
        // A plan that is not finished leaves no trace, not even a folder.
        finished(project, request)?;
        let lock = FolderLock::take(&folder).map_err(Refusal::Write)?;
        // Under the lock: what another approval has just written counts.
        let mut compiled = finished(project, request)?;
        let mut record = record(&compiled, request);
        let records = compiled.editions.records.iter().cloned().chain([record.clone()]).collect();
        compiled.editions = Editions::new(records, compiled.plan.digest);
        // What changed is part of the new edition now.
        compiled.amendment = None;
        match digests(&compiled, None) {
            Ok(files) => record.files = files,
            Err(error) => return Err(Refusal::Render(error, Box::new(compiled))),
        }
        Ok(Self { compiled, folder, record, _lock: lock })
    }

    /// Adds the printed edition to what is recorded.
    ///
    /// # Errors
    /// When the site that goes with it cannot be rendered.
    pub fn add_pdf(&mut self, paper: &Paper) -> Result<(), RenderError> {
        let mut files = digests(&self.compiled, Some(paper))?;
        files.retain(|path, digest| self.record.files.get(path) != Some(digest));
        let digest = files.remove(PDF).unwrap_or_default();
        self.record.pdf = Some(PrintedFiles { digest, files });
        Ok(())
    }

    /// The record's path.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(Record::file_name(&self.record.number))
    }

    /// The text of the record: what a signature signs.
    #[must_use]
    pub fn text(&self) -> String {
        self.record.text()
    }

    /// How many clauses and files the record holds.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.record.clauses.len(), self.record.files.len())
    }

    /// The rules that were turned off, and how many findings were accepted.
    #[must_use]
    pub fn exceptions(&self) -> (Vec<String>, usize) {
        (self.record.rules_off.clone(), self.record.waivers.len())
    }

    /// Writes the record, and its signature beside it.
    ///
    /// # Errors
    /// When the system refuses; then there is neither.
    pub fn write(self, signature: Option<&str>) -> Result<PathBuf, WriteError> {
        let path = self.path();
        let beside = signature_path(&path);
        match signature {
            Some(signature) => write::file(&beside, signature.as_bytes())?,
            // One that a record left behind would say of this one that it was altered.
            None if !path.exists() => drop(std::fs::remove_file(&beside)),
            None => {}
        }
        write::new_file(&path, self.text().as_bytes()).inspect_err(|_| {
            if signature.is_some() {
                let _ = std::fs::remove_file(&beside);
            }
        })?;
        Ok(path)
    }
}

/// Where a record's signature stands.
#[must_use]
pub fn signature_path(record: &std::path::Path) -> PathBuf {
    let mut path = record.as_os_str().to_owned();
    path.push(".sig");
    path.into()
}

/// Pages beside the tables of the editions, each of which is named after its edition.
const PAGES: [&str; 2] = ["index", "draft"];

/// The first year of the Republic: nothing was approved before.
const FIRST_YEAR: i16 = 1912;

fn check_words(request: Request<'_>) -> Result<(), Refusal> {
    let Request { number, by, on } = request;
    if !edition::is_new_number(number) || PAGES.iter().any(|page| number.eq_ignore_ascii_case(page)) {
        let help = message!(
            "版次用英文字母、數字、「.」與「-」，「.」與「-」前後都要有字，也不能是檔名或 Windows 保留的名稱，例如 1.0",
            "A number has letters and digits, with `.` or `-` between them, and is no file's name nor one that Windows keeps, such as 1.0"
        );
        return Err(Refusal::Request(message!("版次不能是「{number}」", "`{number}` cannot be an edition's number"), help));
    }
    if by.chars().any(char::is_control) {
        let help = message!("姓名寫成一行，例如：--by 王小明", "Write the name in one line, for example: --by 王小明");
        return Err(Refusal::Request(
            message!("核定人的姓名裡有換行或看不見的字元", "The approver's name holds a line break or another control character"),
            help,
        ));
    }
    if by.trim().is_empty() {
        let help = message!("例如：--by 王小明", "For example: --by 王小明");
        return Err(Refusal::Request(message!("要有核定人的姓名", "The approver's name is missing"), help));
    }
    // A year of the Republic, such as 0115, is none of these.
    let is_day = on.parse::<jiff::civil::Date>().is_ok_and(|day| day.year() >= FIRST_YEAR) && on.len() == "2026-11-22".len();
    if !is_day {
        let help = message!("請寫西元的年-月-日，例如 --on 2026-11-22", "Write year-month-day, for example --on 2026-11-22");
        return Err(Refusal::Request(message!("「{on}」不是日期", "`{on}` is no date"), help));
    }
    Ok(())
}

/// A number counts once, and time goes on.
fn check_order(editions: &Editions, request: Request<'_>) -> Result<(), Refusal> {
    let Request { number, on, .. } = request;
    let Some(Record { number: latest, approved_on: day, .. }) = editions.latest() else { return Ok(()) };
    if editions.records.iter().any(|record| record.number.eq_ignore_ascii_case(number)) {
        let help = message!(
            "核定過的版次不會再改；請用下一個版次（最近的是 {latest}）",
            "An approved edition never changes; use the next number (the latest is {latest})"
        );
        return Err(Refusal::Request(message!("{number} 版已經核定過", "Edition {number} is approved already"), help));
    }
    if on < day.as_str() {
        let help = message!(
            "請確認日期；{latest} 版的日期若寫錯而還沒有公布，移走核定紀錄 {latest}.json 再核定一次",
            "Check the date; if that of edition {latest} is wrong and it is not published yet, move its record {latest}.json away and approve it again"
        );
        let message = message!("核定日期 {on} 早於 {latest} 版的 {day}", "{on} is before {day}, the day of edition {latest}");
        return Err(Refusal::Request(message, help));
    }
    // Letters come after all numbers: after one `v1.1` or `2a` every `3.0` would be below it, for ever.
    let is_counted = |number: &str| number.split(['.', '-']).next().is_some_and(|first| first.parse::<u64>().is_ok());
    if is_counted(latest) && !is_counted(number) {
        let help = message!("開頭請像 {latest} 一樣只寫數字", "Begin with a number alone, as {latest} does");
        let message = message!("版次 {number} 與已核定的 {latest} 寫法不同", "{number} is not written like the approved {latest}");
        return Err(Refusal::Request(message, help));
    }
    // Of two that people count alike, such as 1.0 and 1-0, nobody could say which one is the later.
    if edition::by_number(number, latest).is_le() {
        let help = message!("請用比 {latest} 大的版次", "Use a number above {latest}");
        let message = if edition::by_number(number, latest).is_eq() {
            message!("版次 {number} 就是已核定的 {latest} 版", "{number} is the same number as the approved {latest}")
        } else {
            message!("版次 {number} 不大於已核定的 {latest}", "{number} is not above the approved {latest}")
        };
        return Err(Refusal::Request(message, help));
    }
    Ok(())
}

/// Compiles a plan in which nothing is open. What holds back an approval is an error here. A number that cannot be is said first: nobody gives
/// reasons for the changes of an edition that there will never be.
fn finished(project: &Project, request: Request<'_>) -> Result<Compiled, Refusal> {
    let mut compiled = compile_edition(project, request.number).map_err(Refusal::Read)?;
    check_order(&compiled.editions, request)?;
    for finding in compiled.diagnostics.iter_mut().filter(|finding| finding.rule.holds_back_approval()) {
        Arc::make_mut(finding).severity = Severity::Error;
    }
    if compiled.has_errors() { Err(Refusal::Open(Box::new(compiled))) } else { Ok(compiled) }
}

fn record(compiled: &Compiled, request: Request<'_>) -> Record {
    let (plan, editions) = (&compiled.plan, &compiled.editions);
    let clauses = edition::clauses(plan, &compiled.sources);
    let accepted = |waiver: &crate::config::Waiver| Accepted {
        rule: waiver.rule.name().to_owned(),
        at: waiver.at.clone(),
        reason: waiver.reason.clone(),
    };
    let off = plan.config.severities.iter().filter(|(_, severity)| severity.is_none());
    Record {
        format: edition::format_of(&clauses),
        number: request.number.to_owned(),
        approved_on: request.on.to_owned(),
        approved_by: request.by.trim().to_owned(),
        title: plan.full_title(),
        document_number: plan.config.document_number.clone(),
        previous: editions.latest().map(|latest| Previous { number: latest.number.clone(), seal: latest.seal.clone() }),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        source_digest: plan.digest.hex(),
        clause_digest: edition::clause_digest(&clauses).hex(),
        reasons: Some(Reasons::for_edition(&compiled.sources, editions, Some(request.number)).into_record()),
        waivers: compiled.accepted.iter().map(|index| accepted(&plan.config.waivers[*index])).collect(),
        rules_off: off.map(|(rule, _)| rule.name().to_owned()).collect(),
        files: BTreeMap::new(),
        pdf: None,
        clauses,
        seal: String::new(),
    }
}

/// The digest of every file of the published site.
fn digests(compiled: &Compiled, paper: Option<&Paper>) -> Result<BTreeMap<String, String>, RenderError> {
    let digests = compiled.publish(View::Published, paper, &Nowhere)?;
    let mut written = BTreeMap::new();
    for (path, digest) in digests {
        written.insert(path, digest.hex());
    }
    Ok(written)
}
