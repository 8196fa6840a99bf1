//! Records that earlier releases made, which every later one must verify.
//!
//! In: `tests/editions/<release>/`, each with the records and the site of a small plan as that release wrote them. They are never made anew: a
//! release that changes the shape of records adds a folder of its own. Out: a failure that names what is not equal any more.

use super::project;
use planpress::{
    edition::{self, PrintedFiles, Record},
    verify::{self, Fate},
};
use std::{fs, path::PathBuf};

fn releases() -> Vec<PathBuf> {
    let folder = project::root().join("tests/editions");
    let mut all: Vec<PathBuf> = fs::read_dir(folder).expect("tests/editions").map(|entry| entry.expect("an entry").path()).collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

#[test]
fn records_of_earlier_releases_verify_with_this_one() {
    for release in releases() {
        let records = project::files_below(&release, "json");
        assert!(records.len() > 1, "{}", release.display());
        let found: Vec<_> = records.iter().map(|path| verify::read(path).unwrap_or_else(|why| panic!("{why:?}"))).collect();
        for found in &found {
            assert!(!found.record.clauses.is_empty(), "{}", found.path.display());
        }
        let latest = found.iter().max_by(|one, other| one.record.order(&other.record)).expect("a record");
        let verified = verify::verify(&release.join("site"), &latest.record).expect("a folder");
        let wrong: Vec<_> = verified.files.iter().filter(|(_, fate)| **fate != Fate::Equal).collect();
        assert!(wrong.is_empty() && verified.count(Fate::Equal) > 10, "{}: {wrong:?}", release.display());
    }
}

#[test]
fn a_pdf_beside_a_site_without_one_is_all_that_is_wrong() {
    let release = releases().remove(0);
    let mut record = verify::read(&release.join("1.1.json")).expect("a record").record;
    // As if it had been approved with the printed edition, which was not published.
    let of_others = ["SHA256SUMS", "index.html"].map(|name| (name.to_owned(), "0".repeat(64)));
    record.pdf = Some(PrintedFiles { digest: "0".repeat(64), files: of_others.into() });
    let site = tempfile::tempdir().expect("a temporary folder");
    for name in record.files.keys() {
        let place = site.path().join(name);
        fs::create_dir_all(place.parent().expect("a folder")).expect("folders");
        fs::copy(release.join("site").join(name), place).expect("a copy");
    }
    fs::write(site.path().join("plan.pdf"), "%PDF").expect("a written file");
    let verified = verify::verify(site.path(), &record).expect("a folder");
    let wrong: Vec<_> = verified.files.iter().filter(|(_, fate)| **fate != Fate::Equal).collect();
    assert_eq!(wrong, [(&"plan.pdf".to_owned(), &Fate::Added)]);
}

#[test]
fn records_of_earlier_releases_can_be_compared() {
    for release in releases() {
        let records = project::files_below(&release, "json");
        let mut read: Vec<Record> = records.iter().map(|path| verify::read(path).expect("a record").record).collect();
        read.sort_by(Record::order);
        for pair in read.windows(2) {
            let changed = edition::compare(&pair[0].clauses, &pair[1].clauses);
            assert!(changed.rows.iter().any(edition::Row::is_changed), "{}", release.display());
        }
    }
}
