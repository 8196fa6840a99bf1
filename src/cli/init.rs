//! `planpress init`: a new plan from the template in the program.
//!
//! In: a folder that is new or empty. Out: the official template, complete. The folder appears as a whole or not at all.

use super::{
    Outcome,
    console::{self, Console},
};
use crate::{diagnostic::Message, message};
use include_dir::{Dir, include_dir};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

static TEMPLATE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");

/// Runs the command.
pub(super) fn run(folder: &Path, console: &Console) -> Outcome {
    let shown = folder.display();
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        let help = message!("請指定新的或空的資料夾", "Name a new or empty folder");
        console.error(&message!("「{shown}」裡已經有東西", "`{shown}` is not empty"), Some(&help));
        return Outcome::Failed;
    }
    if let Err(error) = create(folder) {
        let Message { zh, en } = console::reason(&error);
        console.error(&message!("無法建立「{shown}」：{zh}", "Cannot make `{shown}`: {en}"), None);
        return Outcome::Failed;
    }
    console.line(&message!(
        "已在「{shown}」建立計畫。接著：\n  1. 在 content/data/agency.yaml 填寫機關資料\n  2. planpress --project {shown} build",
        "A new plan stands in `{shown}`. Next:\n  1. Fill in content/data/agency.yaml\n  2. planpress --project {shown} build"
    ));
    Outcome::Done
}

/// Writes the template beside the folder, then moves it into place.
fn create(folder: &Path) -> io::Result<()> {
    let folder = std::path::absolute(folder)?;
    let parent = folder.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    fs::create_dir_all(&parent)?;
    let staging = tempfile::Builder::new().prefix(".planpress-init-").tempdir_in(&parent)?;
    // A folder of our own making inside: the temporary one can be read by its owner alone.
    let plan = staging.path().join("plan");
    let content = plan.join("content");
    fs::create_dir_all(&content)?;
    TEMPLATE.extract(&content)?;
    fs::write(plan.join(".gitignore"), "/public\n")?;
    if folder.exists() {
        fs::remove_dir(&folder)?;
    }
    fs::rename(plan, folder)
}
