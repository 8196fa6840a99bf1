//! `planpress approve`: seals an edition.
//!
//! In: a project, a number, a name and a day. Out: the record, and a line that says so; or everything that is still open, and nothing
//! written.

use super::{
    Outcome, arguments::Arguments, console::Console, not_rendered, not_written, project, signature, tell_exceptions, unreadable_help,
};
use crate::{
    approve::{Approval, Refusal, Request},
    diagnostic::{Message, Rule, Severity},
    message, report,
};
use std::path::{Path, PathBuf};

/// What to approve, and how.
#[derive(Debug)]
pub(super) struct Choices {
    pub number: String,
    pub by: String,
    pub on: String,
    /// Whether the printed edition is recorded, too.
    pub pdf: bool,
    #[cfg_attr(not(feature = "pdf"), expect(dead_code, reason = "only a program with the feature prints"))]
    pub font_paths: Vec<PathBuf>,
    /// The private key to sign with.
    pub key: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, choices: &Choices, console: &Console) -> Outcome {
    let request = Request { number: &choices.number, by: &choices.by, on: &choices.on };
    let mut approval = match Approval::prepare(&project(arguments), request) {
        Ok(approval) => approval,
        Err(refusal) => return refused(refusal, console),
    };
    let shown = console.shown(&approval.compiled.diagnostics);
    console.findings(&shown, &approval.compiled.sources);
    if choices.pdf
        && let Err(outcome) = print(&mut approval, choices, console)
    {
        return outcome;
    }
    let signed = choices.key.as_deref().map(|key| signed(&approval, key, &choices.on)).transpose();
    let signed = match signed {
        Ok(signed) => signed,
        Err(message) => {
            let help = message!("沒有核定；請確認 --sign 的金鑰", "Nothing was approved; check the key of --sign");
            console.error(&message, Some(&help));
            return Outcome::Failed;
        }
    };
    let (clauses, files) = approval.counts();
    let (rules_off, waivers) = approval.exceptions();
    let number = &choices.number;
    match approval.write(signed.as_deref()) {
        Ok(path) => {
            tell_exceptions(rules_off.iter().map(String::as_str), waivers, console);
            if signed.is_none() && signature::is_expected(&path) {
                let path = path.display();
                console.say(&message!(
                    "有 allowed_signers，但這一版沒有簽章，planpress verify 會指出；請補簽：ssh-keygen -Y sign -n planpress -f 私鑰 {path}",
                    "There are `allowed_signers`, and this edition has no signature, of which `planpress verify` tells; sign it: ssh-keygen -Y sign -n planpress -f KEY {path}"
                ));
            }
            let path = path.display();
            console.line(&message!(
                "核定 {number} 版：{path}（{clauses} 條、{files} 個檔案）。請執行 planpress build 產生核定版網站，並妥善保存這份紀錄",
                "Edition {number} is approved: {path} ({clauses} clauses, {files} files). Run `planpress build` for its site, and keep the record safe"
            ));
            Outcome::Done
        }
        Err(error) => {
            let help = message!("沒有核定，原來的紀錄都不變", "Nothing was approved; all records are as they were");
            console.error(&error.message, Some(error.help.as_ref().unwrap_or(&help)));
            Outcome::Failed
        }
    }
}

/// The signature of a record, unless nobody will take it for one.
fn signed(approval: &Approval, key: &Path, day: &str) -> Result<String, Message> {
    let (path, text) = (approval.path(), approval.text());
    let signature = signature::sign(&text, key)?;
    if signature::will_count(&signature, &path, &text, day)? {
        return Ok(signature);
    }
    let (key, day) = (key.display(), report::on_one_line(day));
    Err(message!(
        "allowed_signers 裡沒有「{key}」的公鑰，或它在 {day} 不算數，planpress verify 不會承認這個簽章",
        "`allowed_signers` has no public key of `{key}`, or none that counts on {day}; `planpress verify` would not take its signature"
    ))
}

fn refused(refusal: Refusal, console: &Console) -> Outcome {
    match refusal {
        Refusal::Request(message, help) => {
            console.error(&message, Some(&help));
            Outcome::Failed
        }
        Refusal::Read(error) => {
            console.error(&error.message(), unreadable_help(&error).as_ref());
            Outcome::Failed
        }
        Refusal::Open(compiled) => {
            let findings = &compiled.diagnostics;
            console.findings(&console.shown(findings), &compiled.sources);
            let count = report::Counts::of(findings).errors;
            let mut errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
            let help = if errors.all(|finding| finding.rule == Rule::MissingReason) {
                message!("請寫上各項修改的理由；會印在修正對照表", "Write why each of them changed; the amendment table prints it")
            } else {
                message!(
                    "請完成上面各項，或在 plan.yaml 以 waivers 寫明理由；planpress status 可逐章看",
                    "Finish them, or give reasons under `waivers` in plan.yaml; `planpress status` lists them by chapter"
                )
            };
            console.error(&message!("還有 {count} 項，沒有核定", "Still open: {count}; nothing was approved"), Some(&help));
            Outcome::Findings
        }
        Refusal::Render(error, compiled) => {
            let outcome = not_rendered(error, &compiled.sources, console);
            if outcome == Outcome::Findings {
                console.error(&message!("佈景主題有錯，沒有核定", "The theme has an error; nothing was approved"), None);
            }
            outcome
        }
        Refusal::Write(error) => not_written(&error, console),
    }
}

#[cfg(feature = "pdf")]
fn print(approval: &mut Approval, choices: &Choices, console: &Console) -> Result<(), Outcome> {
    let printed = super::pdf::typeset(&approval.compiled, None, &choices.font_paths, console)?;
    approval.add_pdf(&printed.paper).map_err(|error| not_rendered(error, &approval.compiled.sources, console))
}

#[cfg(not(feature = "pdf"))]
fn print(_: &mut Approval, _: &Choices, console: &Console) -> Result<(), Outcome> {
    Err(super::pdf::unavailable(console))
}
