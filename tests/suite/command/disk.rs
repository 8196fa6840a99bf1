//! Disks that refuse: full, read-only, files and folders that nobody may change. On Linux only, which can play all of these.
//!
//! In: the built program and folders made for each test. Out: what it printed, what it wrote, and how it ended.

use super::{Standing, assert_entries, assert_stands, edit, run, small, standing, template, utf8};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// A disk of its own; unmounted when dropped.
pub(super) struct Disk(TempDir);

impl Disk {
    /// Needs the right to mount, as root or in a container.
    pub(super) fn mount(options: &str) -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        if disk.mounted(options) {
            return Some(disk);
        }
        super::skip("this user may not mount a disk");
        None
    }

    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }

    fn mounted(&self, options: &str) -> bool {
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(self.folder()).output();
        mount.is_ok_and(|output| output.status.success())
    }

    fn becomes_read_only(&self) {
        assert!(self.mounted("remount,ro"), "a disk that was mounted can be mounted read-only");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.folder()).output();
    }
}

/// A file or folder that nobody, not even root, may change; changeable again when dropped.
struct Immutable(PathBuf);

impl Immutable {
    fn new(path: PathBuf) -> Option<Self> {
        let chattr = Command::new("chattr").arg("+i").arg(&path).output();
        if chattr.is_ok_and(|output| output.status.success()) {
            return Some(Self(path));
        }
        super::skip("chattr +i needs root and a disk that knows it");
        None
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        let _ = Command::new("chattr").arg("-i").arg(&self.0).output();
    }
}

#[test]
fn a_full_disk_is_named_and_the_old_output_stays() {
    let project = small();
    let root = project.folder.path();
    // In a folder of the disk, in the disk's own root, and where nothing stands yet.
    for (folder, existing) in [("public", true), ("", true), ("deep/public", false)] {
        let Some(disk) = Disk::mount("size=512k") else { return };
        let out = disk.folder().join(folder);
        if existing {
            run(root, &["build", "--out", utf8(&out)]).ends(0);
        }
        let before = standing(disk.folder());
        project.write("content/assets/large.bin", &vec![7; 1 << 20]);
        edit(&root.join("content/plan.yaml"), "測試計畫", "新的計畫");
        let ran = run(root, &["build", "--out", utf8(&out)]).refused("磁碟空間不足");
        assert!(ran.err.contains(utf8(&out)), "{}", ran.err);
        run(root, &["build", "--lang", "en", "--out", utf8(&out)]).refused("the disk is full");
        assert_without_folders(&standing(disk.folder()), &before);
        // When there is room again, the same words build the whole.
        fs::remove_file(root.join("content/assets/large.bin")).unwrap();
        run(root, &["build", "--out", utf8(&out)]).ends(0);
        assert!(super::text(&out.join("index.html")).contains("新的計畫"));
        edit(&root.join("content/plan.yaml"), "新的計畫", "測試計畫");
    }
}

/// That the same files stand; empty folders on the way to an output that did not come to be may.
#[track_caller]
fn assert_without_folders(now: &Standing, before: &Standing) {
    let differing = super::differing(before, now);
    assert!(differing.iter().all(|path| path.ends_with('/') && !path.contains("planpress")), "{differing:?}");
}

#[test]
fn a_read_only_disk_is_named_and_the_old_output_stays() {
    let project = small();
    let root = project.folder.path();
    let Some(disk) = Disk::mount("size=1m") else { return };
    fs::create_dir(disk.folder().join("empty")).unwrap();
    run(root, &["build", "--out", utf8(&disk.folder().join("public"))]).ends(0);
    disk.becomes_read_only();
    let before = standing(disk.folder());
    edit(&root.join("content/plan.yaml"), "測試計畫", "新的計畫");
    for out in ["public", "empty", "new"] {
        let out = disk.folder().join(out);
        run(root, &["build", "--out", utf8(&out)]).refused(&format!("無法寫入「{}」：磁碟是唯讀的", utf8(&out)));
    }
    assert_stands(disk.folder(), &before);
}

#[test]
fn a_read_only_project_is_built_elsewhere() {
    let plan = template();
    let Some(disk) = Disk::mount("size=8m") else { return };
    run(plan.path(), &["init", utf8(&disk.folder().join("plan"))]).ends(0);
    disk.becomes_read_only();
    let place = tempfile::tempdir().unwrap();
    let project = disk.folder().join("plan");
    run(place.path(), &["check", "--project", utf8(&project)]).ends(0);
    run(place.path(), &["build", "--project", utf8(&project)]).refused("磁碟是唯讀的");
    run(place.path(), &["build", "--project", utf8(&project), "--out", "public"]).ends(0);
    run(plan.path(), &["build"]).ends(0);
    assert_entries(place.path(), &["public"]);
    assert_stands(&place.path().join("public"), &standing(&plan.path().join("public")));
}

#[test]
fn an_output_folder_that_nobody_may_change_stays_as_it_is() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    let before = standing(&root.join("public"));
    edit(&root.join("content/plan.yaml"), "測試計畫", "新的計畫");
    let Some(_immutable) = Immutable::new(root.join("public")) else { return };
    let ran = run(root, &["build"]).refused("public");
    assert!(ran.err.contains("沒有寫入權限"), "{}", ran.err);
    assert_stands(&root.join("public"), &before);
}

#[test]
fn a_page_that_nobody_may_replace_is_named_and_the_next_run_completes_the_rest() {
    let project = small();
    let root = project.folder.path();
    run(root, &["build"]).ends(0);
    edit(&root.join("content/plan.yaml"), "測試計畫", "新的計畫");
    let Some(immutable) = Immutable::new(root.join("public/chapters/b.html")) else { return };
    let ran = run(root, &["build"]).refused("chapters/b.html");
    assert!(ran.err.contains("再執行一次"), "{}", ran.err);
    assert!(!root.join("public/.planpress-staging").exists());
    drop(immutable);
    run(root, &["build"]).ends(0);
    run(root, &["build", "--out", "reference"]).ends(0);
    assert_stands(&root.join("public"), &standing(&root.join("reference")));
}
