//! Where things are in the source tree.
//! Does not know what is built from them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::trouble::Trouble;

/// Folders that hold what others wrote: packages, build output, version control.
const NOT_OURS: [&str; 5] = ["node_modules", "dist", "target", "test-results", ".git"];

/// The source tree and its build folder.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// The workspace's root.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, which also holds everything xtask remembers.
    pub(crate) target: PathBuf,
}

impl Tree {
    /// The tree this xtask was compiled from.
    pub(crate) fn find() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("xtask is a folder of the workspace")
            .to_path_buf();
        let here = env::current_dir().unwrap_or_else(|_| root.clone());
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(chosen) => here.join(chosen),
            None => root.join("target"),
        };
        Self { root, target }
    }

    /// A path below the root.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// The npm package of the web part.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// The path as seen from the root, for messages.
    pub(crate) fn short<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// Every file of ours at or below `path`, sorted; a path that does not exist has none.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    if path.exists() {
        collect(path, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    if !path.is_dir() {
        found.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(Trouble::at(path))? {
        let entry = entry.map_err(Trouble::at(path))?;
        if !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
            collect(&entry.path(), found)?;
        }
    }
    Ok(())
}

/// Creates a folder and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<(), Trouble> {
    fs::create_dir_all(path).map_err(Trouble::at(path))
}
