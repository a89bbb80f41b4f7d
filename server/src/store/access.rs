//! The two threads that have the database, and how they come by another one when it has failed: sled keeps its first
//! error, so one damaged leaf would take every document with it. Does not know what is read and written.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::heap;
use crate::scratch::Scratch;

use super::{
    StoreError,
    database::{Database, SPARE_BYTES},
    metadata, shadow, value,
    worker::{self, Held, Jobs, Worker},
};

/// Bytes that are read and written before the database is opened again. Whatever its cache is allowed, sled keeps every leaf
/// in memory that it has ever written, because it never forgets that the leaf was once unflushed; and the last 256 it has
/// read, however large they are.
const KEPT_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes that it may keep when nobody needs it.
const QUIET_BYTES: u64 = 1024 * 1024;
/// What it keeps of a document beside its bytes, or more.
const DOCUMENT_BYTES: u64 = 2 * 1024;

/// What all handles of a store share.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) place: Place,
    /// Everything that changes something. It ends first: what it could not write the other one must not try to.
    pub(super) writer: Worker,
    /// Finds and loads: they do not wait for a fold's sync.
    pub(super) reader: Worker,
    /// The highest number in use.
    pub(super) highest: AtomicU64,
    pub(super) count: AtomicU64,
    /// Folds that are durable, over all starts.
    pub(super) folds: Arc<AtomicU64>,
    /// Bytes that were read and written since the database was opened, or more than those.
    pub(super) kept: Arc<AtomicU64>,
}

impl Inner {
    /// Reads, from a database that is opened again first if it has failed. Whoever meets damage hears of it; the next
    /// one must not.
    pub(super) fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&mut Held) -> Result<T, StoreError> + Clone + Send + 'static,
    ) -> Result<T, StoreError> {
        match self.reader.run(job.clone()) {
            Err(StoreError::Spoiled(_)) => {
                self.renew()?;
                self.reader.run(job)
            }
            outcome => outcome,
        }
    }

    /// Changes something, and with it the names that have come since the last time; durable when this returns.
    pub(super) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if !matches!(self.place, Place::Own(_)) {
            return Err(StoreError::ReadOnly);
        }
        let names = self.read(|held| {
            held.database()?;
            Ok(held.names.clone())
        })?;
        let written = names.clone();
        let done = self.writer.run(move |held| {
            let database = held.database()?;
            let done = job(database)?;
            for (name, entry) in names {
                database.begin(SPARE_BYTES)?;
                database.names.insert(name, value::encode_entry(entry))?;
            }
            database.flush()?;
            Ok(done)
        })?;
        self.reader.run(move |held| {
            held.names.retain(|name, entry| written.get(name) != Some(entry));
            Ok(done)
        })
    }

    /// Opens the database again after it has failed, unless it has been meanwhile.
    fn renew(&self) -> Result<(), StoreError> {
        let (place, reader) = (self.place.clone(), self.reader.jobs());
        let durable = self.folds.load(Ordering::Relaxed);
        self.writer.run(move |held| {
            if held.database().is_ok() {
                return Ok(());
            }
            if let Some(database) = held.database.as_ref().filter(|database| !database.may_close()) {
                return database.expect_sound();
            }
            reopen(held, &place, reader, durable)?;
            tracing::warn!(folder = %place.named().display(), "the document store has failed and was opened again");
            Ok(())
        })
    }

    /// Notes that a document was read or written. Has the database opened again, which nobody waits for here, once it
    /// keeps too much.
    pub(super) fn keeps(&self, bytes: u64) {
        self.kept.fetch_add(bytes + DOCUMENT_BYTES, Ordering::Relaxed);
        self.unload(KEPT_BYTES);
    }

    /// Has the database opened again if it keeps what nobody needs: that is for the moments when it has rested.
    pub(super) fn rest(&self) {
        self.unload(QUIET_BYTES);
    }

    fn unload(&self, most: u64) {
        let Place::Own(folder) = &self.place else { return };
        if self.kept.load(Ordering::Relaxed) <= most {
            return;
        }
        let (folder, place, reader) = (folder.clone(), self.place.clone(), self.reader.jobs());
        let (kept, folds) = (self.kept.clone(), self.folds.clone());
        self.writer.hand_in(move |held| {
            let had = kept.load(Ordering::Relaxed);
            // One that cannot be closed, or not be opened again, is kept as it is.
            if had <= most || !held.database().is_ok_and(Database::may_reopen) {
                return Ok(());
            }
            kept.store(0, Ordering::Relaxed);
            metadata::check(&folder)?;
            reopen(held, &place, reader, folds.load(Ordering::Relaxed))?;
            tracing::debug!(
                bytes = had,
                "the document store was opened again, to keep less in memory"
            );
            Ok(())
        });
    }
}

/// Has both threads let go of their databases and gives them another one, with as many folds as these; for the writer's
/// thread.
fn reopen(
    held: &mut Held,
    place: &Place,
    reader: Option<Jobs>,
    durable: u64,
) -> Result<(), StoreError> {
    let give = reader.map(|reader| reader.exchange());
    held.let_go();
    // A database has tables of zeros, most of which it never writes: in memory that was used before they would be written.
    heap::give_back();
    let database = place.open(durable)?;
    held.database = Some(database.clone());
    if let Some(give) = give {
        // The store may be ending.
        let _ = give.send(database);
    }
    Ok(())
}

impl Drop for Inner {
    fn drop(&mut self) {
        if matches!(self.place, Place::Own(_))
            && let Err(error) = self.write(|_| Ok(()))
        {
            tracing::warn!(%error, "the document store did not end well; what it lacks is in the journal");
        }
    }
}

/// Where a store is.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In its folder, to be changed.
    Own(PathBuf),
    /// In a folder that must not change, or nowhere; it is opened by means of another one, made in one of these places.
    Shadow { folder: Option<PathBuf>, scratch: Vec<PathBuf> },
}

impl Place {
    /// The folder that messages name.
    pub(super) fn named(&self) -> &Path {
        match self {
            Place::Own(folder) | Place::Shadow { folder: Some(folder), .. } => folder,
            Place::Shadow { folder: None, .. } => Path::new("an empty store"),
        }
    }

    /// Opens the database, which must have as many folds as these.
    pub(super) fn open(&self, durable: u64) -> Result<Database, StoreError> {
        let database = match self {
            Place::Own(folder) => {
                metadata::check(folder)?;
                worker::contain(folder, || Ok(Database::open(folder)?))?
            }
            Place::Shadow { folder, scratch } => self.open_shadow(folder.as_deref(), scratch)?,
        };
        if worker::contain(self.named(), || database.folds())? < durable {
            return Err(StoreError::damaged(self.named(), 0, "its last writes are gone"));
        }
        Ok(database)
    }

    fn open_shadow(
        &self,
        folder: Option<&Path>,
        scratch: &[PathBuf],
    ) -> Result<Database, StoreError> {
        let scratch = Scratch::new(scratch)?;
        let shadow = scratch.path().join("store");
        match folder {
            Some(folder) => {
                metadata::check(folder)?;
                shadow::cast(folder, &shadow)?;
            }
            None => Database::create(&shadow)?,
        }
        // What is open stays so when the folder goes.
        worker::contain(self.named(), || Ok(Database::open(&shadow)?))
    }
}
