//! sled, with the settings that suit documents and a creation that a power loss cannot tear.
//! Does not know what keys and values mean.

use std::{
    fs::{self, File},
    io,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use super::{StoreError, index_log, metadata};

/// Values in a leaf. A fold rewrites one leaf: 1,024 (sled's default) wrote 98 MB where 4 write 163 KB.
const FAN_OUT: usize = 4;
/// Bytes of sled's cache: rooms hold what is in use, so it only has to carry the index. It keeps more than that all the
/// same, until it is opened again.
const CACHE_BYTES: usize = 2 * 1024 * 1024;
/// How often, and how far apart, a lock that ought to be free is tried.
const LOCK_TRIES: usize = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(10);
/// Bytes that must be free for a small change; sled does not survive a write that fails.
pub(super) const SPARE_BYTES: u64 = 1024 * 1024;
/// Bytes that a fold leaves free: acknowledging goes on where folding has stopped.
pub(super) const LEFT_BYTES: u64 = 32 * 1024 * 1024;

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
    debt: Arc<Debt>,
    folder: PathBuf,
}

/// What keeps sled from being closed: each handle that is dropped writes what is left, and after a write that failed
/// it waits for ever.
#[derive(Debug, Default)]
struct Debt {
    /// Something has changed that was not flushed.
    is_unwritten: AtomicBool,
    /// A flush has failed.
    is_spoiled: AtomicBool,
}

impl Database {
    /// Creates an empty database. It is built aside and moved into place, because one that loses its
    /// power in the first seconds does not open again.
    pub(super) fn create(folder: &Path) -> Result<(), StoreError> {
        let aside = folder.with_extension("new");
        match fs::remove_dir_all(&aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        let database = Database::open(&aside)?;
        let flushed = database.flush();
        database.close();
        flushed?;
        sync_all(&aside)?;
        fs::rename(&aside, folder)?;
        Ok(folder.parent().map_or(Ok(()), sync_directory)?)
    }

    /// Opens a database. It writes nothing to its values as long as nothing changes.
    pub(super) fn open(folder: &Path) -> io::Result<Database> {
        index_log::ensure(folder)?;
        let mut config =
            sled::Config::new().path(folder).cache_capacity_bytes(CACHE_BYTES).flush_every_ms(None);
        // Otherwise it moves values together to keep its files full, whenever it writes or is closed: that saves a tenth
        // of the space, and one damaged value that nobody asked for would fail every write, or hang the next open.
        config.target_heap_file_fill_ratio = 0.0;
        let sled = open_patiently(&config)?;
        Ok(Database {
            names: sled.open_tree("names")?,
            documents: sled.open_tree("documents")?,
            states: sled.open_tree("states")?,
            marks: sled.open_tree("marks")?,
            sled,
            debt: Arc::default(),
            folder: folder.to_owned(),
        })
    }

    /// Makes everything durable that was written before, on any thread.
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.expect_sound()?;
        let flushed = catch_unwind(AssertUnwindSafe(|| self.sled.flush()));
        let is_spoiled = !matches!(flushed, Ok(Ok(_)));
        self.debt.is_spoiled.store(is_spoiled, Ordering::Relaxed);
        flushed.unwrap_or_else(|panic| resume_unwind(panic))?;
        self.debt.is_unwritten.store(false, Ordering::Relaxed);
        if let Err(error) = metadata::note(&self.folder) {
            // Nothing is lost by it: damage to the end of the list would be met later, or not be told from a power loss.
            tracing::warn!(%error, "how far the document store has come could not be noted");
        }
        Ok(())
    }

    /// Comes before every change: refuses it where fewer bytes than these are free.
    pub(super) fn begin(&self, needed: u64) -> Result<(), StoreError> {
        self.expect_sound()?;
        self.expect_space(needed)?;
        self.debt.is_unwritten.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn expect_space(&self, needed: u64) -> Result<(), StoreError> {
        // A file system that does not tell is tried.
        let free = fs2::available_space(&self.folder).unwrap_or(u64::MAX);
        if free < needed {
            return Err(StoreError::Full { folder: self.folder.clone(), free, needed });
        }
        Ok(())
    }

    /// Refuses a database that answers nothing any more: sled keeps its first error, whoever met it.
    pub(super) fn expect_sound(&self) -> Result<(), StoreError> {
        if self.debt.is_spoiled.load(Ordering::Relaxed) {
            return Err(StoreError::Spoiled("a write has failed; start the server again".into()));
        }
        self.names.check_error().map_err(|error| StoreError::Spoiled(error.to_string()))
    }

    /// Whether it can be closed and opened again without losing anything.
    pub(super) fn may_close(&self) -> bool {
        let Debt { is_unwritten, is_spoiled } = &*self.debt;
        !is_unwritten.load(Ordering::Relaxed) && !is_spoiled.load(Ordering::Relaxed)
    }

    /// Whether it can be closed and opened again now.
    pub(super) fn may_reopen(&self) -> bool {
        self.may_close() && self.expect_space(LEFT_BYTES).is_ok()
    }

    /// Lets go of it, and of its lock once all clones are closed; what cannot be written is left to the journal.
    pub(super) fn close(self) {
        // sled may write when it is closed, but not after an error.
        let has_failed = self.names.check_error().is_err();
        let may_write = || self.expect_space(SPARE_BYTES).is_ok();
        let may_drop = match self.may_close() {
            true => has_failed || may_write(),
            false => may_write() && self.flush().is_ok(),
        };
        if !may_drop {
            std::mem::forget(self);
        }
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
