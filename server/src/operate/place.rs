//! Where files and folders go: beside others, in the place of others. It knows paths only.

use std::io;
use std::path::{Path, PathBuf};

use super::{OperateError, at};
use crate::storage::beside;

/// Whether another file system begins here.
#[cfg(unix)]
pub(super) fn is_mount_point(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.dev());
    let (here, around) = (device(path), device(&folder_of(path)));
    here.is_ok_and(|here| around.is_ok_and(|around| here != around))
}

#[cfg(not(unix))]
pub(super) fn is_mount_point(_: &Path) -> bool {
    false
}

/// The folder that something lies in.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// The first name beside a path that nothing has.
pub(super) fn unused_beside(path: &Path, what: &str) -> PathBuf {
    let numbered = (2..).map(|number| beside(path, &format!("{what}-{number}")));
    let mut names = std::iter::once(beside(path, what)).chain(numbered);
    names.find(|name| !name.exists()).expect("the numbers do not end")
}

pub(super) fn remove_folder(path: &Path) -> Result<(), OperateError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
