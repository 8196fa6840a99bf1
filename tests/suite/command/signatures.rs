//! Signatures of records, and what carries records from one machine to another.
//!
//! In: the built program, OpenSSH, and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{
    Ran,
    editions::{approve, record},
    program, run, small, text, utf8,
};
use std::{fs, process::Command};

#[test]
fn a_record_with_the_line_ends_of_windows_is_the_same_record() {
    let project = small();
    let root = project.folder.path();
    approve(root).ends(0);
    let lines = text(&record(root)).replace('\n', "\r\n");
    fs::write(record(root), lines).unwrap();
    run(root, &["build"]).ends(0);
    assert!(text(&root.join("public/index.html")).contains("核定版 1.0"));
    run(root, &["verify", "public"]).ends(0);
    run(root, &["compare", "content/editions/1.0.json"]).ends(0);
    let kept = text(&{
        let folder = root.join("new");
        run(root, &["init", utf8(&folder)]).ends(0);
        folder.join(".gitattributes")
    });
    // Wherever an overlay lies.
    for name in ["editions/*.json", "editions/*.sig", "editions/allowed_signers", "assets/**"] {
        assert!(kept.lines().any(|line| line == format!("**/{name} -text")), "{kept}");
    }
}

#[test]
fn a_signature_without_its_record_is_not_taken_for_that_of_the_next() {
    let project = small();
    let root = project.folder.path();
    let left = root.join("content/editions/1.0.json.sig");
    fs::create_dir_all(left.parent().unwrap()).unwrap();
    fs::write(&left, "-----BEGIN SSH SIGNATURE-----\n").unwrap();
    approve(root).ends(0);
    assert!(!left.exists());
    run(root, &["build"]).ends(0);
    run(root, &["verify", "public"]).ends(0);
}

#[test]
fn a_record_is_signed_and_checked_by_openssh() {
    if Command::new("ssh-keygen").arg("-?").output().is_err() {
        super::skip("there is no ssh-keygen");
        return;
    }
    let project = small();
    let root = project.folder.path();
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f", "key"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(made.status.success());
    let with = |key| run(root, &["approve", "1.0", "--by", "王小明", "--on", "2026-11-20", "--sign", key]);
    with("nokey").refused("ssh-keygen");
    assert!(!record(root).exists(), "nothing is approved without the signature that was asked for");
    with("key").ends(0);
    let verified = run(root, &["verify", "content/editions/1.0.json"]).ends(0);
    assert!(verified.out.contains("無法確認是誰簽的"), "{}", verified.out);
    let allowed = root.join("content/editions/allowed_signers");
    fs::write(&allowed, format!("officer@agency.gov.tw {}", text(&root.join("key.pub")))).unwrap();
    let verified = run(root, &["verify", "content/editions/1.0.json"]).ends(0);
    assert!(verified.out.contains("簽署人 officer@agency.gov.tw"), "{}", verified.out);
    run(root, &["build"]).ends(0);
    run(root, &["verify", "public"]).ends(0);
    // Version control on Windows gives all of them its line ends.
    for path in [&record(root), &root.join("content/editions/1.0.json.sig"), &allowed] {
        fs::write(path, text(path).replace('\n', "\r\n")).unwrap();
        let verified = run(root, &["verify", "public"]).ends(0);
        assert!(verified.out.contains("簽署人 officer@agency.gov.tw"), "{}", verified.out);
    }
    // Somebody else's signature, and one of another record.
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f", "other"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(made.status.success());
    fs::write(&allowed, format!("officer@agency.gov.tw {}", text(&root.join("other.pub")))).unwrap();
    let said = run(root, &["verify", "public"]).ends(1).err;
    assert!(said.contains("簽章不是") && said.contains("請取回"), "{said}");
    // Anybody can write a record that is whole.
    let signature = root.join("content/editions/1.0.json.sig");
    let signed = fs::read(&signature).unwrap();
    fs::remove_file(&signature).unwrap();
    assert!(run(root, &["verify", "public"]).ends(1).err.contains("這份紀錄沒有簽章"));
    fs::write(&signature, signed).unwrap();
    // A key counts if it did on the day of the approval, whatever day it is.
    for (of, until, code) in
        [("20200101", "20261121", 0), ("20261120", "20991231", 0), ("20200101", "20261119", 1), ("20261122", "20991231", 1)]
    {
        let times = format!("valid-after=\"{of}\",valid-before=\"{until}\"");
        fs::write(&allowed, format!("officer@agency.gov.tw {times} {}", text(&root.join("key.pub")))).unwrap();
        run(root, &["verify", "public"]).ends(code);
    }
    // A key that nobody will take seals nothing: an edition that is approved cannot be approved again.
    let with = |key| run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21", "--sign", key]);
    with("other").refused("allowed_signers 裡沒有");
    with("key").refused("在 2026-11-21 不算數");
    assert!(!root.join("content/editions/1.1.json").exists() && !root.join("content/editions/1.1.json.sig").exists());
    // Without the program nobody can look, and that is said.
    let ran = Ran::of(program(root).env("PATH", "").args(["--lang", "zh-TW", "verify", "public"]).output().unwrap());
    assert!(ran.clone().ends(2).err.contains("無法執行 ssh-keygen"), "{}", ran.err);
    // One who forgets to sign what has to be signed is told at once.
    let ran = run(root, &["approve", "1.1", "--by", "王小明", "--on", "2026-11-21"]).ends(0);
    assert!(ran.err.contains("沒有簽章") && ran.err.contains("1.1.json"), "{}", ran.err);
}
