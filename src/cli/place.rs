//! Where commands may write.
//!
//! In: a path that need not exist yet, and the project. Out: whether it lies among the project's sources, which nothing but an approval
//! may write to. Nothing is written here.

use super::arguments::Arguments;
use std::path::{Component, Path, PathBuf};

/// Whether a file or folder lies in `content/`, in `themes/` or in the overlay, or is one of them.
pub(super) fn is_among_sources(path: &Path, arguments: &Arguments) -> bool {
    let folders = ["content", "themes"].map(|folder| arguments.project.join(folder));
    folders.iter().chain(&arguments.overlay).any(|folder| is_below(path, folder))
}

fn is_below(path: &Path, folder: &Path) -> bool {
    as_resolved(path).starts_with(as_resolved(folder))
}

/// A path as the system will resolve it once its missing folders are made.
fn as_resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut real = PathBuf::new();
    for part in absolute.components() {
        if part == Component::ParentDir {
            real.pop();
        } else {
            real.push(part);
            real = real.canonicalize().unwrap_or(real);
        }
    }
    real
}
