//! Names and merged states of documents, in sled. Calls block: async code goes through `spawn_blocking`.
//! Knows bytes, not documents: a merged state is opaque, and the journal's records are not seen here.

mod access;
mod database;
mod index_log;
mod listing;
mod metadata;
mod shadow;
mod states;
#[cfg(test)]
mod tests;
mod value;
mod worker;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use self::{
    access::{Inner, Place},
    database::{Database, SPARE_BYTES},
    states::Parts,
    worker::{Held, Worker},
};

pub(crate) use self::{database::sync_directory, listing::Listed, value::Sentinel};

/// A document's number inside this data directory; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocNumber(pub u64);

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocEntry {
    /// The document's number.
    pub number: DocNumber,
    /// Which life of the document; an even one is no life: the document is deleted.
    pub incarnation: u32,
}

impl DocEntry {
    /// Whether the document is deleted. Its name lives again only with a later life.
    pub fn is_deleted(self) -> bool {
        self.incarnation.is_multiple_of(2)
    }
}

/// A document as a fold left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The last record that is merged into it.
    pub through: u64,
    /// Which life of the document.
    pub incarnation: u32,
    /// The merged state, opaque here.
    pub state: Vec<u8>,
    /// Who wrote what of it, opaque here.
    pub attribution: Vec<u8>,
    /// What lists say about it, opaque here; some hundred bytes.
    pub about: Vec<u8>,
}

impl Folded {
    fn bytes(&self) -> u64 {
        (self.state.len() + self.attribution.len()) as u64
    }
}

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database or the file system under it failed.
    #[error("the document store failed: {0}")]
    Database(#[from] io::Error),
    /// The database's files are not what was written.
    #[error(
        "the document store is damaged: {} at byte {offset}: {what}; restore a backup with `codraft restore`",
        path.display()
    )]
    Damaged {
        /// The file, or the folder it is somewhere in.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// There is too little space to change anything safely; it goes on when there is more.
    #[error("the document store in {} needs {needed} bytes of free space and has {free}", folder.display())]
    Full {
        /// The store's folder.
        folder: PathBuf,
        /// How many bytes are free.
        free: u64,
        /// How many are needed.
        needed: u64,
    },
    /// It was opened to be read.
    #[error("the document store is only read")]
    ReadOnly,
    /// The database has failed and answers nothing before it is opened again.
    #[error("the document store has failed: {0}")]
    Spoiled(String),
    /// A document's merged state is not what was written.
    #[error(
        "the state of document {} in the folder store is damaged: {what}; restore a backup with `codraft restore`",
        document.0
    )]
    State {
        /// The document.
        document: DocNumber,
        /// What is wrong with it.
        what: &'static str,
    },
    /// What a name stands for cannot be read.
    #[error(
        "the entry for the document named {name:?} in the folder store is damaged; \
         restore a backup with `codraft restore`"
    )]
    Name {
        /// The name.
        name: String,
    },
}

impl StoreError {
    fn damaged(path: &Path, offset: usize, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: path.to_owned(), offset: offset as u64, what: what.into() }
    }
}

/// A handle to the store; cheap to clone. Dropping the last one waits until everything is on disk.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

impl Store {
    /// Creates an empty store in a folder that does not exist yet: afterwards it is there as a whole.
    pub(crate) fn create_folder(folder: &Path) -> Result<(), StoreError> {
        Database::create(folder)
    }

    /// Opens a folder made by `create_folder` and reads every name. `keep` lives as long as the
    /// store is in use.
    pub(crate) fn open(folder: &Path, keep: impl Send + 'static) -> Result<Store, StoreError> {
        Store::open_with(Place::Own(folder.to_owned()), keep)
    }

    /// Opens a store without ever changing one of its files, by means of a folder in one of these places; where there is
    /// no store, an empty one. Every change is refused.
    pub(crate) fn open_to_read(
        folder: Option<&Path>,
        scratch: Vec<PathBuf>,
        keep: impl Send + 'static,
    ) -> Result<Store, StoreError> {
        Store::open_with(Place::Shadow { folder: folder.map(Path::to_owned), scratch }, keep)
    }

    fn open_with(place: Place, keep: impl Send + 'static) -> Result<Store, StoreError> {
        let database = place.open(0)?;
        let (highest, count, folds) = worker::contain(place.named(), || survey(&database))?;
        let inner = Inner {
            writer: Worker::start("store-write", place.named(), database.clone(), keep)?,
            reader: Worker::start("store-read", place.named(), database, ())?,
            place,
            highest: AtomicU64::new(highest),
            count: AtomicU64::new(count),
            folds: Arc::new(AtomicU64::new(folds)),
            kept: Arc::default(),
        };
        Ok(Store { inner: Arc::new(inner) })
    }

    /// What a name stands for.
    pub fn find(&self, name: &str) -> Result<Option<DocEntry>, StoreError> {
        let name = name.to_owned();
        self.inner.read(move |held| find(held, &name))
    }

    /// Every name and what it stands for, in the order of the names.
    pub fn names(&self) -> Result<Vec<(String, DocEntry)>, StoreError> {
        self.inner.read(|held| {
            let pairs = held.database()?.names.iter().map(|pair| {
                let (name, bytes) = pair?;
                let entry = decode_entry(&name, &bytes)?;
                Ok((String::from_utf8_lossy(&name).into_owned(), entry))
            });
            let mut names: BTreeMap<_, _> = pairs.collect::<Result<_, StoreError>>()?;
            names.extend(held.names.clone());
            Ok(names.into_iter().collect())
        })
    }

    /// A number no document has had, in the store or in the journal.
    pub fn next_number(&self) -> DocNumber {
        DocNumber(self.inner.highest.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Notes that all numbers up to this one are taken.
    pub(crate) fn reserve_through(&self, highest: u64) {
        self.inner.highest.fetch_max(highest, Ordering::Relaxed);
    }

    /// Lets a name stand for a document, unless it stands for this or a later life already. Durable
    /// with the next fold or flush; until then the journal's create record is what lasts.
    pub fn create(&self, name: &str, entry: DocEntry) -> Result<(), StoreError> {
        self.create_all(vec![(name.to_owned(), entry)])
    }

    /// The same for many names at once.
    pub(crate) fn create_all(&self, names: Vec<(String, DocEntry)>) -> Result<(), StoreError> {
        let highest = names.iter().map(|(_, entry)| entry.number.0).max().unwrap_or(0);
        self.reserve_through(highest);
        let new = self.inner.read(move |held| {
            let mut new = 0;
            for (name, entry) in &names {
                let known = find(held, name)?;
                if known.is_none_or(|known| known.incarnation < entry.incarnation) {
                    held.names.insert(name.clone(), *entry);
                }
                new += u64::from(known.is_none());
            }
            Ok(new)
        })?;
        self.inner.count.fetch_add(new, Ordering::Relaxed);
        Ok(())
    }

    /// The newest merged state of a document. A damaged one is an error, never an empty document nor
    /// an older generation: that lacks records the journal may have let go.
    pub fn load(&self, number: DocNumber) -> Result<Option<Folded>, StoreError> {
        let named = self.inner.place.named().to_owned();
        let loaded = self.inner.read(move |held| {
            if let Some(what) = held.damaged.get(&number) {
                return Err(StoreError::damaged(&named, 0, what));
            }
            let loaded = load(held.database()?, number);
            if let Err(error) = &loaded
                && held.database().is_err()
            {
                held.damaged.insert(number, error.to_string());
            }
            loaded
        })?;
        self.inner.keeps(loaded.as_ref().map_or(0, Folded::bytes));
        Ok(loaded)
    }

    /// The names of deleted documents whose newest merged state is still that of a life.
    pub(crate) fn outlived(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.names()?;
        names.retain(|(_, entry)| entry.is_deleted());
        self.inner.read(move |held| {
            let database = held.database()?;
            let mut outlived = Vec::new();
            for (name, entry) in &names {
                let header = database.header(entry.number)?;
                if header.is_some_and(|had| had.current.incarnation < entry.incarnation) {
                    outlived.push(name.clone());
                }
            }
            Ok(outlived)
        })
    }

    /// How far the newest merged state of a document goes, without reading it; 0 if there is none.
    pub(crate) fn through(&self, number: DocNumber) -> Result<u64, StoreError> {
        self.inner.read(move |held| {
            Ok(held.database()?.header(number)?.map_or(0, |header| header.current.through))
        })
    }

    /// Stores a merged state; it is durable when this returns. The one before it is kept, the one
    /// before that goes.
    pub fn fold(&self, number: DocNumber, folded: &Folded) -> Result<(), StoreError> {
        let (parts, bytes) = (Parts::of(folded), folded.bytes());
        let folds = self.inner.write(move |database| database.fold(number, parts))?;
        self.inner.folds.fetch_max(folds, Ordering::Relaxed);
        self.inner.keeps(bytes);
        Ok(())
    }

    /// Has the database let go of the documents that it keeps in memory: for when it has rested for a while.
    pub(crate) fn rest(&self) {
        self.inner.rest();
    }

    /// How much has been read and written; it begins anew when the database lets go of it.
    pub(crate) fn kept(&self) -> u64 {
        self.inner.kept.load(Ordering::Relaxed)
    }

    /// Lets go of the merged state before the newest one, and of the text that was deleted since; durable when this returns.
    pub fn forget_previous(&self, number: DocNumber) -> Result<(), StoreError> {
        let header = self.inner.read(move |held| held.database()?.header(number))?;
        match header.and_then(|header| header.previous) {
            Some(_) => self.inner.write(move |database| {
                database.begin(SPARE_BYTES)?;
                database.forget_previous(number)
            }),
            None => Ok(()),
        }
    }

    /// How many folds are durable, also later on. A database that has lost its last ones has fewer.
    pub(crate) fn folds(&self) -> Arc<AtomicU64> {
        self.inner.folds.clone()
    }

    /// Makes everything durable.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.inner.write(|_| Ok(()))
    }

    /// How many names there are.
    pub fn count(&self) -> u64 {
        self.inner.count.load(Ordering::Relaxed)
    }

    /// The mark of the last start, if there was one.
    pub(crate) fn sentinel(&self) -> Result<Option<Sentinel>, StoreError> {
        let bytes = self.inner.read(|held| Ok(held.database()?.marks.get(Sentinel::KEY)?))?;
        let damaged =
            || io::Error::new(io::ErrorKind::InvalidData, "its mark of the last start is damaged");
        Ok(bytes.map(|bytes| Sentinel::decode(&bytes).ok_or_else(damaged)).transpose()?)
    }

    /// Leaves the mark of this start, durably.
    pub(crate) fn set_sentinel(&self, sentinel: Sentinel) -> Result<(), StoreError> {
        self.inner.write(move |database| {
            database.begin(SPARE_BYTES)?;
            database.marks.insert(Sentinel::KEY, sentinel.encode())?;
            Ok(())
        })
    }
}

/// Reads every name: the highest number in use, how many there are, and how many folds there have been.
fn survey(database: &Database) -> Result<(u64, u64, u64), StoreError> {
    let (mut highest, mut count) = (0, 0);
    for pair in database.names.iter() {
        let (name, bytes) = pair?;
        highest = highest.max(decode_entry(&name, &bytes)?.number.0);
        count += 1;
    }
    Ok((highest, count, database.folds()?))
}

fn load(database: &Database, number: DocNumber) -> Result<Option<Folded>, StoreError> {
    let Some(header) = database.header(number)? else { return Ok(None) };
    let folded = database.read(number, &header.current)?;
    Ok(Some(Folded { about: header.about, ..folded }))
}

fn find(held: &Held, name: &str) -> Result<Option<DocEntry>, StoreError> {
    if let Some(&entry) = held.names.get(name) {
        return Ok(Some(entry));
    }
    let bytes = held.database()?.names.get(name)?;
    bytes.map(|bytes| decode_entry(name.as_bytes(), &bytes)).transpose()
}

fn decode_entry(name: &[u8], bytes: &[u8]) -> Result<DocEntry, StoreError> {
    let damaged = || StoreError::Name { name: String::from_utf8_lossy(name).into_owned() };
    value::decode_entry(bytes).ok_or_else(damaged)
}
