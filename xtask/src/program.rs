//! Finds a program that is installed.
//! Does not know which, and installs none.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::trouble::Trouble;

/// The program that a variable names, if it is set; it must be there.
pub(crate) fn chosen(variable: &str) -> Result<Option<PathBuf>, Trouble> {
    let Some(chosen) = env::var_os(variable).map(PathBuf::from) else { return Ok(None) };
    if chosen.exists() {
        return Ok(Some(chosen));
    }
    Err(Trouble::advice(format!("{variable} names {}, which is not there", chosen.display())))
}

/// The first of these names for which there is a program on the path.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    along(&env::var_os("PATH").unwrap_or_default(), names)
}

/// The first of these files that is in a folder, or further down.
pub(crate) fn below(folder: &Path, files: &[&str]) -> Option<PathBuf> {
    files.iter().map(|file| folder.join(file)).find(|program| program.is_file())
}

fn along(path: &OsStr, names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(path).collect();
    names.iter().find_map(|name| folders.iter().find_map(|folder| below(folder, &[name])))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_path_is_searched_by_name_before_folder() {
        let names = ["chromium", "google-chrome"];
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = env::join_paths([first.path(), second.path()]).unwrap();
        assert_eq!(along(&path, &names), None);
        fs::write(first.path().join("google-chrome"), "").unwrap();
        fs::write(second.path().join("chromium"), "").unwrap();
        assert_eq!(along(&path, &names), Some(second.path().join("chromium")));
    }
}
