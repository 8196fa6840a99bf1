//! Tests of writing: what a folder holds after runs that finish, stop halfway, or meet something that is not ours.
//!
//! In: folders made for each test. Out: nothing outside them.

#![allow(clippy::disallowed_methods, reason = "tests look at what was written")]

use super::*;
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, SystemTime},
};
use tempfile::TempDir;

/// A folder for one test, in which the output is `public`.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("public")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.out().join(path)
    }

    fn open(&self) -> Result<Output, WriteError> {
        Output::open(&self.out(), Arc::default())
    }

    fn write(&self, files: &[(&str, &str)]) -> Result<Summary, WriteError> {
        let output = self.open()?;
        for (path, text) in files {
            output.accept(file(path, text))?;
        }
        output.finish(None)
    }

    /// Everything that stands beside and in the output but its manifest, with the text of files.
    fn standing(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        let mut folders = vec![(String::new(), self.0.path().to_path_buf())];
        while let Some((name, folder)) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let name = format!("{name}/{}", entry.file_name().to_str().unwrap());
                if entry.file_type().unwrap().is_dir() {
                    folders.push((name.clone(), entry.path()));
                    all.insert(name, String::from("/"));
                } else if !name.ends_with(MANIFEST) {
                    all.insert(name, fs::read_to_string(entry.path()).unwrap());
                }
            }
        }
        all
    }

    fn manifest(&self) -> String {
        fs::read_to_string(self.at(MANIFEST)).unwrap()
    }

    /// Gives every file an old time, so that any write shows.
    fn age(&self) -> SystemTime {
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        for (name, text) in self.standing() {
            if text != "/" {
                let path = self.0.path().join(&name[1..]);
                fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
            }
        }
        old
    }

    fn modified(&self, path: &str) -> SystemTime {
        fs::metadata(self.at(path)).unwrap().modified().unwrap()
    }
}

fn file<'a>(path: &'a str, text: &'a str) -> File<'a> {
    File { path, bytes: text.as_bytes() }
}

const SITE: &[(&str, &str)] = &[("index.html", "cover"), ("chapters/scope.html", "貳"), ("assets/style.1a.css", "p{}")];

fn site() -> BTreeMap<String, String> {
    let folders = ["/public", "/public/assets", "/public/chapters"].map(|name| (name.to_owned(), String::from("/")));
    SITE.iter().map(|(path, text)| (format!("/public/{path}"), (*text).to_owned())).chain(folders).collect()
}

fn summary(written: usize, unchanged: usize, removed: usize) -> Summary {
    Summary { written, unchanged, removed }
}

#[test]
fn a_new_folder_appears_whole_and_lists_what_it_holds() {
    let place = Place::new();
    let output = place.open().unwrap();
    for (path, text) in SITE {
        output.accept(file(path, text)).unwrap();
        assert!(!place.out().exists(), "nothing shows before the end");
    }
    assert_eq!(output.finish(None).unwrap(), summary(3, 0, 0));
    assert_eq!(place.standing(), site());
    assert_eq!(place.manifest(), "planpress output 1\nassets/style.1a.css\nchapters/scope.html\nindex.html\n");
}

#[test]
fn folders_above_a_new_one_are_made_and_an_empty_one_is_filled() {
    let place = Place::new();
    let deep = place.out().join("a/b");
    let output = Output::open(&deep, Arc::default()).unwrap();
    output.accept(file("x/y.html", "z")).unwrap();
    output.finish(None).unwrap();
    assert_eq!(fs::read_to_string(deep.join("x/y.html")).unwrap(), "z");

    let place = Place::new();
    fs::create_dir(place.out()).unwrap();
    assert_eq!(place.write(SITE).unwrap(), summary(3, 0, 0));
    assert_eq!(place.standing(), site());
    assert!(place.manifest().contains("index.html"));
}

#[test]
fn the_same_site_again_writes_nothing() {
    let place = Place::new();
    place.write(SITE).unwrap();
    let (old, listed) = (place.age(), place.modified(MANIFEST));
    assert_eq!(place.write(SITE).unwrap(), summary(0, 3, 0));
    assert_eq!(place.standing(), site());
    for (path, _) in SITE {
        assert_eq!(place.modified(path), old, "{path}");
    }
    assert_eq!(place.modified(MANIFEST), listed);
}

#[test]
fn only_what_changed_is_written_and_only_what_is_ours_is_removed() {
    let place = Place::new();
    place.write(SITE).unwrap();
    fs::write(place.at("web.config"), "theirs").unwrap();
    fs::write(place.at("chapters/notes.txt"), "theirs").unwrap();
    let old = place.age();
    let next = [("index.html", "COVER"), ("assets/style.1a.css", "p{}"), ("annexes/team.html", "new")];
    assert_eq!(place.write(&next).unwrap(), summary(2, 1, 1));
    assert_eq!(place.modified("assets/style.1a.css"), old);
    assert_ne!(place.modified("index.html"), old);
    assert!(!place.at("chapters/scope.html").exists());
    assert_eq!(fs::read_to_string(place.at("index.html")).unwrap(), "COVER");
    assert_eq!(fs::read_to_string(place.at("web.config")).unwrap(), "theirs");
    assert_eq!(fs::read_to_string(place.at("chapters/notes.txt")).unwrap(), "theirs");
    assert_eq!(place.manifest(), "planpress output 1\nannexes/team.html\nassets/style.1a.css\nindex.html\n");
    assert!(!place.at(staging::STAGING).exists());
}

#[test]
fn a_folder_that_planpress_did_not_make_is_refused() {
    let place = Place::new();
    fs::create_dir(place.out()).unwrap();
    fs::write(place.at("thesis.doc"), "mine").unwrap();
    let before = place.standing();
    assert!(place.open().unwrap_err().message.zh.contains("不是 planpress 寫的"));
    // A file of the manifest's name that planpress did not write makes it no better.
    fs::write(place.at(MANIFEST), "hello\n").unwrap();
    assert!(place.open().is_err());
    fs::write(place.at(MANIFEST), "planpress output 99\n").unwrap();
    assert!(place.open().unwrap_err().message.zh.contains("較新版"));
    assert_eq!(place.standing(), before);
}

#[test]
fn a_file_in_the_place_of_the_folder_is_refused() {
    let place = Place::new();
    fs::write(place.out(), "a file").unwrap();
    assert!(place.open().unwrap_err().message.en.contains("is a file"));
    let below = place.out().join("site");
    assert!(Output::open(&below, Arc::default()).unwrap_err().message.zh.contains("不是資料夾"));
    assert_eq!(place.standing().len(), 1);
}

#[test]
fn a_file_of_others_inside_is_never_overwritten() {
    let place = Place::new();
    place.write(SITE).unwrap();
    fs::write(place.at("laws.html"), "theirs").unwrap();
    let before = place.standing();
    let error = place.write(&[("index.html", "COVER"), ("laws.html", "ours")]).unwrap_err();
    assert!(error.message.zh.contains("「laws.html」不是 planpress 寫的"), "{error:?}");
    assert_eq!(place.standing(), before);
}

#[test]
fn cancelling_leaves_everything_as_it_was() {
    for fresh in [true, false] {
        let place = Place::new();
        if !fresh {
            place.write(SITE).unwrap();
        }
        let before = place.standing();
        let cancel = Arc::new(AtomicBool::new(false));
        let output = Output::open(&place.out(), cancel.clone()).unwrap();
        output.accept(file("index.html", "half")).unwrap();
        cancel.store(true, Ordering::Relaxed);
        let error = WriteError::from(output.accept(file("print.html", "half")).unwrap_err());
        assert!(error.cancelled);
        assert!(output.finish(None).unwrap_err().cancelled);
        assert_eq!(place.standing(), before);
    }
}

#[test]
fn an_output_dropped_or_failed_leaves_everything_as_it_was() {
    let place = Place::new();
    drop(place.open().unwrap());
    assert!(place.standing().is_empty());
    place.write(SITE).unwrap();
    let before = place.standing();
    for path in ["../evil", "/etc/evil", "a/../../evil", MANIFEST, "Index.html"] {
        let output = place.open().unwrap();
        output.accept(file("index.html", "half")).unwrap();
        output.accept(file(path, "evil")).unwrap_err();
        // A caller that forgets the error still commits nothing.
        output.finish(None).unwrap_err();
        assert_eq!(place.standing(), before, "{path}");
    }
}

#[test]
fn what_a_killed_run_left_is_removed_and_completed() {
    let place = Place::new();
    // Killed before the folder existed.
    let beside = place.0.path().join(".public.planpress-staging");
    fs::create_dir_all(beside.join("site/chapters")).unwrap();
    fs::write(beside.join("site/chapters/half.html"), "ha").unwrap();
    fs::write(beside.join("lock"), "").unwrap();
    place.write(SITE).unwrap();
    assert_eq!(place.standing(), site());
    // Killed in the middle of a commit that adds `laws.html` and removes `index.html`, before and after the renaming.
    for renamed in [false, true] {
        fs::create_dir_all(place.at(".planpress-staging/site")).unwrap();
        fs::write(place.at(".planpress-staging/site/laws.html"), "laws").unwrap();
        fs::write(place.at(MANIFEST), format!("{}laws.html\n", place.manifest())).unwrap();
        if renamed {
            fs::write(place.at("laws.html"), "laws").unwrap();
        }
        let next = [("laws.html", "laws!")];
        assert_eq!(place.write(&next).unwrap(), summary(1, 0, 3));
        assert_eq!(place.standing().keys().collect::<Vec<_>>(), ["/public", "/public/laws.html"]);
        place.write(SITE).unwrap();
        assert_eq!(place.standing(), site());
    }
}

#[test]
fn many_threads_write_at_once() {
    let place = Place::new();
    for round in 0..2 {
        let output = place.open().unwrap();
        let text = |at: usize| format!("{at}{}", "x".repeat(if at.is_multiple_of(3) { round } else { 0 }));
        (0..2000_usize).into_par_iter().for_each(|at| {
            output.accept(file(&format!("part-{}/section-{}/{at}.html", at % 7, at % 5), &text(at))).unwrap();
        });
        let expected = if round == 0 { summary(2000, 0, 0) } else { summary(667, 1333, 0) };
        assert_eq!(output.finish(None).unwrap(), expected);
        for at in [0, 1, 1998, 1999] {
            assert_eq!(fs::read_to_string(place.at(&format!("part-{}/section-{}/{at}.html", at % 7, at % 5))).unwrap(), text(at));
        }
    }
}

#[test]
fn two_runs_at_once_do_not_mix() {
    for fresh in [true, false] {
        let place = Place::new();
        if !fresh {
            place.write(&[("old.html", "old")]).unwrap();
        }
        let first = place.open().unwrap();
        first.accept(file("index.html", "first")).unwrap();
        let error = place.write(SITE).unwrap_err();
        assert!(error.message.zh.contains("另一個 planpress"), "{error:?}");
        first.finish(None).unwrap();
        assert_eq!(fs::read_to_string(place.at("index.html")).unwrap(), "first");
        assert!(!place.at("chapters").exists() && !place.at("old.html").exists());
        place.write(SITE).unwrap();
        assert_eq!(place.standing(), site());
    }
}

#[test]
fn runs_that_race_end_with_one_of_their_sites() {
    let place = Place::new();
    let sites: Vec<Vec<(String, String)>> =
        (0..8).map(|run| (0..20).map(|at| (format!("{run}/{at}.html"), format!("{run}"))).collect()).collect();
    for _ in 0..10 {
        let done: Vec<bool> = std::thread::scope(|scope| {
            let run = |site: &[(String, String)]| {
                let files: Vec<_> = site.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
                match place.write(&files) {
                    Ok(_) => true,
                    Err(error) => {
                        assert!(error.message.zh.contains("另一個 planpress"), "{error:?}");
                        false
                    }
                }
            };
            let threads: Vec<_> = sites.iter().map(|site| scope.spawn(move || run(site))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(done.contains(&true));
        let standing = place.standing();
        assert_eq!(standing.len(), 22, "one site, whole: {:?}", standing.keys());
    }
}

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let place = Place::new();
    place.write(&[("a", "file"), ("b/c.html", "file"), ("b/d/e", "file"), ("Scope.html", "1")]).unwrap();
    assert_eq!(place.write(&[("a/b.html", "below"), ("b", "file"), ("scope.html", "1")]).unwrap(), summary(3, 0, 4));
    assert_eq!(
        place.standing().into_iter().map(|(name, text)| format!("{name} {text}")).collect::<Vec<_>>(),
        ["/public /", "/public/a /", "/public/a/b.html below", "/public/b file", "/public/scope.html 1"]
    );
    // A folder that holds a file of somebody else does not become a file, nor is such a file taken for a folder.
    fs::create_dir(place.at("a/deep")).unwrap();
    fs::write(place.at("a/deep/theirs"), "theirs").unwrap();
    fs::write(place.at("c"), "theirs").unwrap();
    let before = place.standing();
    place.write(&[("scope.html", "2"), ("a", "file")]).unwrap_err();
    place.write(&[("scope.html", "2"), ("c/d.html", "ours")]).unwrap_err();
    assert_eq!(place.standing(), before);
}

#[test]
fn a_manifest_from_elsewhere_removes_nothing_outside() {
    let place = Place::new();
    place.write(SITE).unwrap();
    fs::write(place.0.path().join("precious.txt"), "theirs").unwrap();
    fs::write(place.at(MANIFEST), format!("{}../precious.txt\n", place.manifest())).unwrap();
    place.write(SITE).unwrap();
    assert!(place.0.path().join("precious.txt").exists());
}

#[cfg(unix)]
#[test]
fn links_inside_are_not_followed_and_the_folder_itself_may_be_one() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    place.write(SITE).unwrap();
    let elsewhere = place.0.path().join("elsewhere");
    fs::rename(place.at("chapters"), &elsewhere).unwrap();
    symlink(&elsewhere, place.at("chapters")).unwrap();
    // Neither written through …
    let error = place.write(&[("index.html", "COVER"), ("chapters/scope.html", "new")]).unwrap_err();
    assert!(error.message.zh.contains("是連結"), "{error:?}");
    // … nor removed through.
    place.write(&[("index.html", "cover")]).unwrap();
    assert_eq!(fs::read_to_string(elsewhere.join("scope.html")).unwrap(), "貳");
    // A link in the place of a file of ours is replaced, and what it led to stays.
    fs::remove_file(place.at("index.html")).unwrap();
    symlink(elsewhere.join("scope.html"), place.at("index.html")).unwrap();
    place.write(&[("index.html", "貳")]).unwrap();
    assert!(fs::symlink_metadata(place.at("index.html")).unwrap().is_file());
    assert_eq!(fs::read_to_string(elsewhere.join("scope.html")).unwrap(), "貳");

    let named = place.0.path().join("named");
    symlink(place.out(), &named).unwrap();
    let output = Output::open(&named, Arc::default()).unwrap();
    output.accept(file("index.html", "through")).unwrap();
    output.finish(None).unwrap();
    assert!(fs::symlink_metadata(&named).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(place.at("index.html")).unwrap(), "through");
}

#[test]
fn a_place_that_cannot_be_written_leaves_the_old_output() {
    let place = Place::new();
    place.write(SITE).unwrap();
    // Root may write anywhere, but not make a folder where a file stands.
    fs::write(place.at(staging::STAGING), "theirs").unwrap();
    let before = place.standing();
    assert!(place.write(&[("index.html", "COVER")]).unwrap_err().message.zh.contains("無法寫入"));
    assert_eq!(place.standing(), before);
}

/// A disk of 256 KB; unmounted when dropped.
#[cfg(target_os = "linux")]
struct SmallDisk(TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// Needs the right to mount, as root or in a container.
    fn mount() -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
            .arg(disk.0.path())
            .output();
        mount.is_ok_and(|output| output.status.success()).then_some(disk)
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).output();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_output_and_no_rubbish() {
    // In a folder, in the disk's own root, and where nothing stands yet.
    for (folder, existing) in [("public", true), ("", true), ("public", false)] {
        let Some(disk) = SmallDisk::mount() else { return };
        let out = disk.0.path().join(folder);
        let open = || Output::open(&out, Arc::default()).unwrap();
        if existing {
            let output = open();
            output.accept(file("index.html", "cover")).unwrap();
            output.finish(None).unwrap();
        }
        let output = open();
        output.accept(file("index.html", "half")).unwrap();
        let error = (0..100).find_map(|at| output.accept(file(&format!("{at}.html"), &"x".repeat(10_000))).err());
        let error = WriteError::from(error.unwrap());
        assert!(error.message.zh.contains("磁碟空間不足"), "{error:?}");
        output.finish(None).unwrap_err();
        let listed = fs::read_dir(if existing { &out } else { disk.0.path() }).unwrap();
        let names: BTreeSet<_> = listed.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        if existing {
            assert_eq!(names.iter().collect::<Vec<_>>(), [MANIFEST, "index.html"]);
            assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "cover");
        } else {
            assert!(names.is_empty(), "{names:?}");
        }
    }
}
