//! A folder for the moment, outside of the data directory where that is possible. Does not know what is put there.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// A folder of our own; it goes when this is dropped.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder among the system's temporary files, or else in a folder of ours.
    pub(super) fn new(or_else: &Path) -> io::Result<Scratch> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("codraft-{}-{number}.scratch", std::process::id());
        create(&std::env::temp_dir().join(&name)).or_else(|_| create(&or_else.join(&name)))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// Somebody else's folder of that name is not used: names and texts of documents come to lie there.
fn create(path: &Path) -> io::Result<Scratch> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    Ok(Scratch(path.to_owned()))
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, path = %self.0.display(), "a temporary folder could not be removed");
        }
    }
}
