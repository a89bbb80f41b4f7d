//! The two threads that have the database, and how they come by another one when it has failed: sled keeps its first
//! error, so one damaged leaf would take every document with it. Does not know what is read and written.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::scratch::Scratch;

use super::{
    StoreError,
    database::{Database, SPARE_BYTES},
    metadata, shadow, value,
    worker::{self, Held, Worker},
};

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
            let give = reader.map(|reader| reader.exchange());
            held.let_go();
            let database = place.open(durable)?;
            held.database = Some(database.clone());
            if let Some(give) = give {
                // The store may be ending.
                let _ = give.send(database);
            }
            tracing::warn!(folder = %place.named().display(), "the document store has failed and was opened again");
            Ok(())
        })
    }
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
