//! `planpress verify`: whether files are those of an approved edition.
//!
//! In: a folder, a record, or both. Out: what became of each file on standard output, and what is known of the record. The code is 0
//! only when everything is as it was approved; where nobody named a record, that is the latest edition.

use super::{
    Outcome,
    arguments::Arguments,
    console::Console,
    default_output, project,
    signature::{self, Signature},
    tell_exceptions, unreadable_help,
};
use crate::{
    diagnostic::Message,
    message, report,
    verify::{self, Fate, Found, Unusable},
};
use std::path::{Path, PathBuf};

/// Runs the command.
pub(super) fn run(arguments: &Arguments, paths: &[PathBuf], console: &Console) -> Outcome {
    let project = project(arguments);
    let (folders, records): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(|path| path.is_dir());
    if folders.len() > 1 || records.len() > 1 {
        let help = message!("例如：planpress verify public 1.0.json", "For example: planpress verify public 1.0.json");
        console.error(&message!("請給一個資料夾、一份核定紀錄，或各一", "Name a folder, a record, or one of each"), Some(&help));
        return Outcome::Failed;
    }
    let output = default_output(&project);
    let folder = match folders.first() {
        Some(folder) => Some(folder.as_path()),
        // A record that is named alone may be that of an edition long gone.
        None => Some(output.as_path()).filter(|output| records.is_empty() && output.is_dir()),
    };
    let found = match (records.first(), folder) {
        (Some(record), _) => verify::read(record).map(Some),
        (None, Some(folder)) => verify::record_for(&project, folder),
        (None, None) => Ok(None),
    };
    match found {
        Ok(Some(found)) => report(&found, folder, console),
        Ok(None) => {
            let help = message!(
                "請一併指定核定紀錄，例如：planpress verify public content/editions/1.0.json",
                "Name the record, too, such as: planpress verify public content/editions/1.0.json"
            );
            console.error(&message!("找不到核定紀錄可以核對", "There is no record to compare with"), Some(&help));
            Outcome::Failed
        }
        Err(Unusable::Read(error)) => {
            console.error(&error.message(), unreadable_help(&error).as_ref());
            Outcome::Failed
        }
        Err(Unusable::Broken(path, Message { zh, en })) => {
            let path = path.display();
            let help = message!(
                "請從備份或版本控制取回原檔（格式較新的紀錄請更新 planpress）",
                "Take the original from a backup or from version control (for a newer format, update planpress)"
            );
            console.error(&message!("{path}：{zh}", "{path}: {en}"), Some(&help));
            Outcome::Findings
        }
    }
}

fn report(found: &Found, folder: Option<&Path>, console: &Console) -> Outcome {
    let record = &found.record;
    let (number, day, by, clauses) = (&record.number, &record.approved_on, &record.approved_by, record.clauses.len());
    console.line(&message!(
        "{number} 版，{day} 由 {by} 核定，{clauses} 條；紀錄完整",
        "edition {number}, approved on {day} by {by}, {clauses} clauses; the record is whole"
    ));
    tell_exceptions(record.rules_off.iter().map(String::as_str), record.waivers.len(), console);
    let signed = signed(found, console);
    let Some(folder) = folder else { return signed };
    let verified = match verify::verify(folder, record) {
        Ok(verified) => verified,
        Err(error) => {
            console.error(&error.message(), unreadable_help(&error).as_ref());
            return Outcome::Failed;
        }
    };
    let said = |name: &str, fate| match fate {
        Fate::Equal => message!("相符　{name}", "equal    {name}"),
        Fate::Altered => message!("不同　{name}", "altered  {name}"),
        Fate::Missing => message!("缺少　{name}", "missing  {name}"),
        Fate::Added => message!("多出　{name}", "added    {name}"),
    };
    let lines = verified
        .files
        .iter()
        .filter(|(_, fate)| !console.quiet || **fate != Fate::Equal)
        // Somebody else may have named what was added.
        .map(|(name, fate)| format!("{}\n", said(&report::on_one_line(name), *fate).text(console.language)));
    console.result(&lines.collect::<String>());
    let [equal, altered, missing, added] = [Fate::Equal, Fate::Altered, Fate::Missing, Fate::Added].map(|fate| verified.count(fate));
    let folder = folder.display();
    if verified.is_equal()
        && let Some(later) = &found.later
    {
        let message = message!(
            "{folder} 是較早核定的 {number} 版（{equal} 個檔案都相符），已有核定的 {later} 版",
            "{folder} is the earlier edition {number} as approved ({equal} files); edition {later} is approved since"
        );
        let record = found.path.display();
        let help = message!(
            "要公布 {later} 版，請執行 planpress build；要核對的就是 {number} 版，請一併指定 {record}",
            "`planpress build` makes edition {later}; if it is edition {number} that you compare with, name {record} too"
        );
        console.error(&message, Some(&help));
        return Outcome::Findings;
    }
    if verified.is_equal() {
        console.line(&message!(
            "{folder} 就是核定的 {number} 版（{equal} 個檔案）",
            "{folder} is edition {number} as approved ({equal} files)"
        ));
        return signed;
    }
    let message = message!(
        "{folder} 不是核定的 {number} 版：{altered} 個不同、{missing} 個缺少、{added} 個多出，{equal} 個相符",
        "{folder} is not edition {number} as approved: {altered} altered, {missing} missing, {added} added, {equal} equal"
    );
    let help = message!(
        "請取回核定的檔案，移走多出的；原稿仍是 {number} 版時，核定時所用的 planpress 以 build 會重新產生",
        "Take the approved files back and move added ones away; from sources that are still edition {number}, `build` of the same planpress makes them again"
    );
    console.error(&message, Some(&help));
    Outcome::Findings
}

fn signed(found: &Found, console: &Console) -> Outcome {
    let (message, outcome) = match signature::check(&found.path, &found.text, &found.record.approved_on) {
        Signature::None => return Outcome::Done,
        Signature::Lacking => {
            let help = message!(
                "請取回核定時的 .sig，或刪去 allowed_signers",
                "Take the `.sig` of the approval back, or delete `allowed_signers`"
            );
            let message =
                message!("有 allowed_signers，但這份紀錄沒有簽章", "There are `allowed_signers`, and this record has no signature");
            console.error(&message, Some(&help));
            return Outcome::Findings;
        }
        Signature::Of(signer) => (message!("簽章有效，簽署人 {signer}", "signed by {signer}"), Outcome::Done),
        Signature::Unknown => {
            let message = message!(
                "簽章有效，但沒有 allowed_signers，無法確認是誰簽的",
                "the signature fits; without `allowed_signers` nobody knows whose it is"
            );
            (message, Outcome::Done)
        }
        Signature::Wrong => {
            let message = message!(
                "簽章不是這份紀錄的，或簽署人在核定那一天不在 allowed_signers 裡",
                "The signature is not that of this record, or its signer was not among `allowed_signers` on the day of approval"
            );
            let help = message!(
                "請取回核定時的紀錄與 .sig；簽署人漏列時，補進 allowed_signers（ssh-keygen 的 ALLOWED SIGNERS 格式）",
                "Take the record and the `.sig` of the approval back; a signer that is not listed goes into `allowed_signers` (see ALLOWED SIGNERS of ssh-keygen)"
            );
            console.error(&message, Some(&help));
            return Outcome::Findings;
        }
        Signature::Unchecked(why) => {
            console.error(&why, None);
            return Outcome::Failed;
        }
    };
    console.line(&message);
    outcome
}
