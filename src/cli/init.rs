//! `planpress init`: a new plan from the template in the program.
//!
//! In: a folder that is new or empty. Out: the official template, complete. The folder appears as a whole or not at all.

use super::{Outcome, console::Console};
use crate::{
    diagnostic::{Message, reason},
    message,
    source::held,
};
use include_dir::{Dir, include_dir};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

static TEMPLATE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");

/// Runs the command.
pub(super) fn run(folder: &Path, console: &Console) -> Outcome {
    let shown = folder.display();
    if folder.is_file() {
        let help = message!("請指定新的或空的資料夾", "Name a new or empty folder");
        console.error(&message!("「{shown}」是檔案，不是資料夾", "`{shown}` is a file, not a folder"), Some(&help));
        return Outcome::Failed;
    }
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let help = message!("請指定新的或空的資料夾", "Name a new or empty folder");
        console.error(&message!("「{shown}」裡已經有東西", "`{shown}` is not empty"), Some(&help));
        return Outcome::Failed;
    }
    if let Err(error) = create(folder) {
        let Message { zh, en } = reason(&error);
        console.error(&message!("無法建立「{shown}」：{zh}", "Cannot make `{shown}`: {en}"), None);
        return Outcome::Failed;
    }
    let quoted = quoted(&shown.to_string());
    console.line(&message!(
        "已在「{shown}」建立計畫。接著：\n  1. 在 content/data/agency.yaml 填寫機關資料\n  2. planpress --project {quoted} build",
        "A new plan stands in `{shown}`. Next:\n  1. Fill in content/data/agency.yaml\n  2. planpress --project {quoted} build"
    ));
    Outcome::Done
}

/// A path as a shell reads it.
fn quoted(path: &str) -> String {
    if path.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c)) {
        return path.to_owned();
    }
    if cfg!(windows) { format!("\"{path}\"") } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// Makes missing folders, writes, and takes the folders back when that fails.
fn create(folder: &Path) -> io::Result<()> {
    let folder = std::path::absolute(folder)?;
    let missing: Vec<_> = folder.ancestors().take_while(|above| !above.exists()).collect();
    let result = written(&folder);
    if result.is_err() {
        for above in missing {
            let _ = fs::remove_dir(above);
        }
    }
    result
}

/// Writes the template beside or in the folder, then moves it into place.
fn written(folder: &Path) -> io::Result<()> {
    let parent = folder.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    if parent.ancestors().any(Path::is_file) {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    fs::create_dir_all(&parent)?;
    let exists = folder.exists();
    let place = if exists { folder } else { &parent };
    let staging = tempfile::Builder::new()
        .prefix(".planpress-init-")
        .tempdir_in(place)
        .map_err(|error| io::Error::from(error.kind()))?;
    // A folder of our own making inside: the temporary one can be read by its owner alone.
    let plan = staging.path().join("plan");
    let content = plan.join("content");
    fs::create_dir_all(&content)?;
    TEMPLATE.extract(&content)?;
    // The lock of approvals stays where it is: were it removed, two could hold a lock of that name.
    fs::write(plan.join(".gitignore"), "/public\n/plan.pdf\n.planpress-lock\n")?;
    // Digests and signatures are of bytes, which version control on Windows would change, be they content's or an overlay's.
    fs::write(
        plan.join(".gitattributes"),
        "**/editions/*.json -text\n**/editions/*.sig -text\n**/editions/allowed_signers -text\n**/assets/** -text\n",
    )?;
    if !exists {
        return held::replacing(|| fs::rename(&plan, folder));
    }
    for name in [".gitignore", ".gitattributes", "content"] {
        held::replacing(|| fs::rename(plan.join(name), folder.join(name)))?;
    }
    Ok(())
}
