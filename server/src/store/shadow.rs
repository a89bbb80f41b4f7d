//! A second way into a store whose files must not change: a folder elsewhere with a copy of the database's list and links
//! to its data, which sled writes only when something has changed. Does not know what is in them.

use std::{fs, io, path::Path};

/// Makes a folder with which the store in another one can be opened.
pub(super) fn cast(store: &Path, shadow: &Path) -> io::Result<()> {
    fs::create_dir(shadow)?;
    let store = store.canonicalize()?;
    for entry in fs::read_dir(&store)? {
        let entry = entry?;
        let target = shadow.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            fs::copy(entry.path(), target)?;
            continue;
        }
        fs::create_dir(&target)?;
        let place = if entry.file_name() == "slabs" { link } else { copy };
        for file in fs::read_dir(entry.path())? {
            let file = file?;
            place(&file.path(), &target.join(file.file_name()))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to).map(drop)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

/// Links need a privilege here.
#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    copy(from, to)
}
