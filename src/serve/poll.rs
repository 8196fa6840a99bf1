//! Looking at files again and again, for folders that send no events.
//!
//! In: folders. Out: the paths of files that came, went or look different from the last time: another time of writing, to the full
//! precision of the file system, or another length. Files are not opened.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// Every file with its time of writing and its length.
type Looks = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Tells of changes below some folders; `tell` says whether anybody listens still.
pub(super) fn start(folders: Vec<PathBuf>, tell: impl Fn(PathBuf) -> bool + Send + 'static) {
    // What changes from now on is a change, however late the thread begins.
    let mut before = look(&folders);
    thread::spawn(move || {
        loop {
            thread::sleep(INTERVAL);
            let now = look(&folders);
            for path in differing(&before, &now) {
                if !tell(path) {
                    return;
                }
            }
            before = now;
        }
    });
}

fn look(folders: &[PathBuf]) -> Looks {
    let (mut looks, mut rest) = (Looks::new(), folders.to_vec());
    while let Some(folder) = rest.pop() {
        // A folder that is not there, or not for a moment, has no files.
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, Ok(own)) = (entry.path(), entry.metadata()) else { continue };
            if own.is_dir() {
                rest.push(path);
                continue;
            }
            // What a link leads to is read; a folder behind one is not looked into, because it could lead in a circle.
            let behind = if own.is_symlink() { fs::metadata(&path).ok().filter(fs::Metadata::is_file) } else { None };
            let looked_at = behind.unwrap_or(own);
            looks.insert(path, (looked_at.modified().ok(), looked_at.len()));
        }
    }
    looks
}

fn differing(before: &Looks, now: &Looks) -> Vec<PathBuf> {
    let other = |path: &Path| before.get(path) != now.get(path);
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    now.keys().filter(|path| other(path)).chain(gone).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_went_or_looks_different_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_path_buf();
        let at = |name: &str| root.join(name);
        fs::create_dir(at("deep")).unwrap();
        for name in ["same", "longer", "gone", "deep/touched"] {
            fs::write(at(name), "1").unwrap();
        }
        let before = look(&[root.clone(), at("not-there")]);
        fs::write(at("longer"), "12").unwrap();
        fs::write(at("new"), "1").unwrap();
        fs::remove_file(at("gone")).unwrap();
        // To an earlier time, as a copy from elsewhere has.
        let earlier = SystemTime::UNIX_EPOCH + Duration::from_millis(1_500_000_000_123);
        fs::File::options().write(true).open(at("deep/touched")).unwrap().set_modified(earlier).unwrap();
        assert_eq!(
            differing(&before, &look(std::slice::from_ref(&root))),
            [at("deep/touched"), at("longer"), at("new"), at("gone")]
        );
        assert_eq!(differing(&before, &before), Vec::<PathBuf>::new());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_looks_as_the_file_behind_it() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (link, file) = (folder.path().join("link"), elsewhere.path().join("file"));
        fs::write(&file, "1").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).unwrap();
        let look = || look(&[folder.path().to_path_buf()]);
        let before = look();
        assert_eq!(before.len(), 2);
        fs::write(&file, "12").unwrap();
        assert_eq!(differing(&before, &look()), [link]);
    }
}
