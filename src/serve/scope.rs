//! Which files of a project count.
//!
//! In: a project. Out: the folders to watch, and of any path whether a rebuild could read it. Files that planpress does not read, such as a log in
//! the project's folder, are not heard of.

use crate::source::{Project, is_read, is_visible};
use notify::RecursiveMode;
use std::path::{Path, PathBuf};

/// The files of a project that count.
#[derive(Clone)]
pub(super) struct Scope {
    project: Project,
    folders: Vec<(PathBuf, RecursiveMode)>,
}

impl Scope {
    /// Those of a project whose paths are absolute.
    pub(super) fn new(project: &Project) -> Self {
        let root = &project.root;
        let mut folders = vec![(root.clone(), RecursiveMode::NonRecursive)];
        folders.extend(["content", "themes"].map(|name| (root.join(name), RecursiveMode::Recursive)));
        if let Some(overlay) = &project.overlay {
            folders.extend(overlay.parent().map(|parent| (parent.to_path_buf(), RecursiveMode::NonRecursive)));
            folders.push((overlay.clone(), RecursiveMode::Recursive));
        }
        Self { project: project.clone(), folders }
    }

    /// The folders to watch: what is in them, and the folders that hold them, for when one of them comes, goes or is replaced.
    pub(super) fn folders(&self) -> &[(PathBuf, RecursiveMode)] {
        &self.folders
    }

    /// The project's own folder.
    pub(super) fn root(&self) -> &Path {
        &self.project.root
    }

    /// Where everything lies that could be read if nobody knows better.
    pub(super) fn content(&self) -> PathBuf {
        self.project.root.join("content")
    }

    /// Whether a path is one of the folders to watch.
    pub(super) fn is_folder(&self, path: &Path) -> bool {
        self.folders.iter().any(|(folder, _)| folder == path)
    }

    /// Whether a folder is watched only for the folders in it.
    pub(super) fn holds_only(&self, path: &Path) -> bool {
        self.folders.iter().any(|(folder, mode)| folder == path && *mode == RecursiveMode::NonRecursive)
    }

    /// Whether a rebuild could read this file, or files in this folder.
    pub(super) fn is_read(&self, path: &Path) -> bool {
        // An overlay may lie inside `content/`.
        let contents = [Some(self.content()), self.project.overlay.clone()];
        if contents.iter().flatten().any(|folder| path.strip_prefix(folder).is_ok_and(is_read)) {
            return true;
        }
        let is_own = |name: &Path| name.iter().all(|part| part.to_str().is_some_and(is_visible));
        path.strip_prefix(self.project.root.join("themes")).is_ok_and(is_own)
    }

    /// Whether anybody has to hear of what happened to a path.
    pub(super) fn counts(&self, path: &Path) -> bool {
        self.is_folder(path) || self.is_read(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_read_does_not_count() {
        let scope = Scope::new(&Project { root: "/plan".into(), overlay: Some("/plan/content/agency".into()) });
        let counts = |path: &str| scope.counts(Path::new(path));
        for path in ["", "content", "content/plan.yaml", "content/chapters/a.md", "content/agency/data/a.csv", "themes", "themes/own/a.css"]
        {
            assert!(counts(Path::new("/plan").join(path).to_str().unwrap()), "{path}");
        }
        for path in ["app.log", "public/index.html", "content/notes.txt", "content/chapters/.a.md.swp", "themes/own/.a.css~", "contents"] {
            assert!(!counts(Path::new("/plan").join(path).to_str().unwrap()), "{path}");
        }
    }
}
