//! A folder for the moment. Does not know what is put there.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// A folder of our own; it goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Where one that has to do with a data directory may be: outside of it, or else in it.
    pub(crate) fn places(data: &Path) -> Vec<PathBuf> {
        vec![std::env::temp_dir(), data.to_owned()]
    }

    /// An empty folder in the first of these places that takes one.
    pub(crate) fn new(places: &[PathBuf]) -> io::Result<Scratch> {
        let mut made = Err(io::ErrorKind::NotFound.into());
        for place in places {
            made = made.or_else(|_: io::Error| create_in(place));
        }
        made
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

/// A folder with a name that nothing has; a process that was killed may have left some.
fn create_in(place: &Path) -> io::Result<Scratch> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("codraft-{}-{number}.scratch", std::process::id());
        match create(&place.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
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
