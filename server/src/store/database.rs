//! sled, with the settings that suit documents and a creation that a power loss cannot tear.
//! Does not know what keys and values mean.

use std::{
    fs::{self, File},
    io,
    path::Path,
    thread,
    time::Duration,
};

use super::index_log;

/// Values in a leaf. A fold rewrites one leaf: 1,024 (sled's default) wrote 98 MB where 4 write 163 KB.
const FAN_OUT: usize = 4;
/// Bytes of sled's cache: rooms hold what is in use, so it only has to carry the index.
const CACHE_BYTES: usize = 32 * 1024 * 1024;
/// How often, and how far apart, a lock that ought to be free is tried.
const LOCK_TRIES: usize = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

type Tree = sled::Tree<FAN_OUT>;

/// The open database. A clone is for another thread and for good: dropping one flushes.
#[derive(Clone, Debug)]
pub(super) struct Database {
    /// Name → entry.
    pub(super) names: Tree,
    /// Number → header.
    pub(super) documents: Tree,
    /// Number, generation, chunk → bytes.
    pub(super) states: Tree,
    /// What the store says about itself.
    pub(super) marks: Tree,
    sled: sled::Db<FAN_OUT>,
}

impl Database {
    /// Creates an empty database. It is built aside and moved into place, because one that loses its
    /// power in the first seconds does not open again.
    pub(super) fn create(folder: &Path) -> io::Result<()> {
        let aside = folder.with_extension("new");
        match fs::remove_dir_all(&aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let database = Database::open(&aside)?;
        database.flush()?;
        drop(database);
        sync_all(&aside)?;
        fs::rename(&aside, folder)?;
        folder.parent().map_or(Ok(()), sync_directory)
    }

    /// Opens a database.
    pub(super) fn open(folder: &Path) -> io::Result<Database> {
        index_log::ensure(folder)?;
        let config =
            sled::Config::new().path(folder).cache_capacity_bytes(CACHE_BYTES).flush_every_ms(None);
        let sled = open_patiently(&config)?;
        Ok(Database {
            names: sled.open_tree("names")?,
            documents: sled.open_tree("documents")?,
            states: sled.open_tree("states")?,
            marks: sled.open_tree("marks")?,
            sled,
        })
    }

    /// Makes everything durable that was written before, on any thread.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.sled.flush().map(drop)
    }
}

/// Opens sled, whose lock a child process of this one may hold until its `exec`; ours above it has
/// settled that there is no other server.
fn open_patiently(config: &sled::Config) -> io::Result<sled::Db<FAN_OUT>> {
    for _ in 0..LOCK_TRIES {
        match config.open() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(LOCK_PAUSE),
            outcome => return outcome,
        }
    }
    config.open()
}

/// Makes created, renamed and removed names of a directory durable.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    // Only Unix lets a directory be opened and synced; elsewhere the file system keeps names by itself.
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// Makes a folder and everything in it durable; sled does not sync all it creates.
fn sync_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    sync_directory(folder)
}
