//! Signatures of records, by OpenSSH.
//!
//! In: a text and a key, or a record and what stands beside it. Out: a signature, or what is known of one. The cryptography is
//! `ssh-keygen -Y`'s; here it is only called.

use crate::{
    approve::signature_path,
    diagnostic::{Message, reason},
    message,
};
use std::{
    ffi::OsStr,
    fs,
    io::{self, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

/// Says to what a signature belongs, so that none of another purpose counts.
const NAMESPACE: &str = "planpress";
/// The file beside the records that says whose signatures count, in the shape of `ssh-keygen`'s ALLOWED SIGNERS.
const ALLOWED: &str = "allowed_signers";

/// What is known of a record's signature.
pub(super) enum Signature {
    /// There is none, and nobody expects one.
    None,
    /// There is none, though somebody said whose count.
    Lacking,
    /// It is that of somebody who may sign.
    Of(String),
    /// It fits, and nothing says whose it is.
    Unknown,
    /// It is not that of this record, or not of somebody who may sign.
    Wrong,
    /// Nobody could look.
    Unchecked(Message),
}

/// Signs a text with a private key.
pub(super) fn sign(text: &str, key: &Path) -> Result<String, Message> {
    let output = keygen(&["-Y", "sign", "-n", NAMESPACE, "-f"], &[key], text)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(message!("ssh-keygen 沒有簽章：{said}", "ssh-keygen did not sign: {said}"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether somebody said whose signatures of a record count.
pub(super) fn is_expected(record: &Path) -> bool {
    record.with_file_name(ALLOWED).exists()
}

/// Whether a signature will count that is to stand beside a record approved on a day.
pub(super) fn will_count(signature: &str, record: &Path, text: &str, day: &str) -> Result<bool, Message> {
    if !is_expected(record) {
        return Ok(true);
    }
    let written = || -> io::Result<tempfile::TempPath> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(signature.as_bytes())?;
        Ok(file.into_temp_path())
    };
    let file = written().map_err(|error| reason(&error))?;
    let known = with_own_line_ends(&record.with_file_name(ALLOWED), |allowed| check_allowed(&file, allowed, text, day))?;
    Ok(matches!(known, Signature::Of(_)))
}

/// Looks at the signature beside a record that was approved on a day.
pub(super) fn check(record: &Path, text: &str, day: &str) -> Signature {
    let signature = signature_path(record);
    let allowed = record.with_file_name(ALLOWED);
    if !signature.exists() {
        // Anybody can compute a seal.
        return if allowed.exists() { Signature::Lacking } else { Signature::None };
    }
    let checked = with_own_line_ends(&signature, |signature| {
        if allowed.exists() {
            with_own_line_ends(&allowed, |allowed| check_allowed(signature, allowed, text, day))
        } else {
            check_any(signature, text)
        }
    });
    checked.unwrap_or_else(Signature::Unchecked)
}

/// Shows a file to ssh-keygen, which takes no line ends of Windows; of one that version control has given them, a copy without.
#[expect(clippy::disallowed_methods, reason = "signatures are read here without the rest of the project")]
fn with_own_line_ends(path: &Path, look: impl FnOnce(&Path) -> Result<Signature, Message>) -> Result<Signature, Message> {
    // What cannot be read, it says itself.
    let Some(bytes) = fs::read(path).ok().filter(|bytes| bytes.contains(&b'\r')) else { return look(path) };
    let copied = || -> io::Result<tempfile::TempPath> {
        let mut copy = tempfile::NamedTempFile::new()?;
        let without: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
        copy.write_all(&without)?;
        // Windows lets nobody read what is open for writing.
        Ok(copy.into_temp_path())
    };
    match copied() {
        Ok(copy) => look(&copy),
        Err(error) => {
            let (Message { zh, en }, shown) = (reason(&error), path.display());
            Err(message!("無法核對「{shown}」：{zh}", "Cannot check `{shown}`: {en}"))
        }
    }
}

fn check_any(signature: &Path, text: &str) -> Result<Signature, Message> {
    let output = keygen(&["-Y", "check-novalidate", "-n", NAMESPACE, "-s"], &[signature], text)?;
    Ok(if output.status.success() { Signature::Unknown } else { Signature::Wrong })
}

/// A key that counts for a time only counts if it did on the day of the approval: what was signed then is not unsigned later. The day has no hour,
/// and so its beginning and its end are both asked for.
#[expect(clippy::disallowed_methods, reason = "signatures are read here without the rest of the project")]
fn check_allowed(signature: &Path, allowed: &Path, text: &str, day: &str) -> Result<Signature, Message> {
    let day = day.replace('-', "");
    let times = ["000000", "235959"].map(|hour| format!("-Overify-time={day}{hour}"));
    // Without such keys any ssh-keygen does, of which older ones know no time.
    let for_a_time = fs::read_to_string(allowed).is_ok_and(|keys| keys.contains("valid-after=") || keys.contains("valid-before="));
    let times: Vec<Option<&str>> = if for_a_time { times.iter().map(|time| Some(time.as_str())).collect() } else { vec![None] };
    let paths = [allowed, Path::new("-s"), signature];
    for time in times {
        let with_time = |words: &[&str]| words.iter().copied().chain(time).chain(["-f"]).map(str::to_owned).collect::<Vec<_>>();
        let found = keygen(&with_time(&["-Y", "find-principals"]), &paths, "")?;
        let signers = String::from_utf8_lossy(&found.stdout).into_owned();
        for signer in signers.lines() {
            if keygen(&with_time(&["-Y", "verify", "-n", NAMESPACE, "-I", signer]), &paths, text)?.status.success() {
                return Ok(Signature::Of(signer.to_owned()));
            }
        }
    }
    Ok(Signature::Wrong)
}

/// Runs ssh-keygen with words and paths, and a text to read.
fn keygen(words: &[impl AsRef<OsStr>], paths: &[&Path], text: &str) -> Result<Output, Message> {
    let failed = |error: &io::Error| {
        let Message { zh, en } = reason(error);
        message!(
            "無法執行 ssh-keygen：{zh}（請安裝 OpenSSH 8.2 以上）",
            "Cannot run ssh-keygen: {en} (install OpenSSH 8.2 or later)"
        )
    };
    let mut command = Command::new("ssh-keygen");
    command.args(words).args(paths).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that has seen enough closes its end; what it says tells the rest.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait_with_output().map_err(|error| failed(&error))
}
