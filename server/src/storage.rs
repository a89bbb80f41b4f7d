//! Opens the data directory: the store of merged documents and the journal of what came after, and
//! refuses whatever is not whole. Does not know what a document is, nor who will use the two.

mod directory;
mod key;
mod probe;
mod rescue;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::watch;

use self::{directory::Directory, probe::Damage};
use crate::{
    access::{Keys, NotAKey, Secret, Tokens},
    journal::{self, Journal, JournalConfig, Keeper, Opening, ScanError},
    store::{DocEntry, Sentinel, Store, StoreError},
};

const STORE_FOLDER: &str = "store";
const JOURNAL_FOLDER: &str = "journal";
const SENTINEL_FILE: &str = "SENTINEL";

pub(crate) use self::{
    directory::{BUILDING, beside},
    key::{read_keys, read_token_key, write_keys},
    probe::{PROBE, look},
    rescue::{NotWhole, Rescue},
};

/// An open data directory.
#[derive(Debug)]
pub struct Storage {
    /// What is saved and not yet merged.
    pub journal: Journal,
    /// Names and merged documents.
    pub store: Store,
    /// The number of this start; it is in every record this server writes.
    pub epoch: u64,
    /// Makes and reads tokens, with the keys of the directory.
    pub(crate) tokens: Tokens,
    /// Those of apps, and what is kept of the administrator's.
    pub(crate) keys: Arc<watch::Sender<Arc<Keys>>>,
    /// What can be seen of a directory that is damaged, and is only read.
    pub(crate) rescue: Option<Rescue>,
}

/// Why a data directory cannot be used; each is a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The file system said no.
    #[error("the data directory cannot be used: {}: {source}", path.display())]
    Unusable {
        /// The file or folder in question.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// There is something else of that name.
    #[error("{} is not a directory", path.display())]
    NotADirectory {
        /// The path that was given.
        path: PathBuf,
    },
    /// Another server holds it.
    #[error("the data directory {} is in use by another server", path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// It holds something that no server of ours wrote.
    #[error(
        "{} is not empty and not a Codraft data directory; choose another one or an empty one",
        path.display()
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
    },
    /// It was written by a later release.
    #[error(
        "the data directory {} was written by a newer Codraft: its file FORMAT says {version}, this one knows {known}; \
         use that release or a later one; if there never was one, restore a backup with `codraft restore`",
        path.display()
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// The format it has.
        version: u32,
        /// The newest format this release knows.
        known: u32,
    },
    /// The key of the tokens is not one.
    #[error(
        "{} is damaged; delete it and start again: a new one is made, and tokens that were given out before are not \
         valid any more",
        path.display()
    )]
    TokenKey {
        /// The file.
        path: PathBuf,
    },
    /// The keys of apps are none.
    #[error(
        "{} is damaged; put it back from a copy, or delete it and start again: then make new keys for your apps with \
         `codraft key new`, and a new admin key with `codraft admin new`",
        path.display()
    )]
    Keys {
        /// The file.
        path: PathBuf,
    },
    /// A key cannot be made or changed.
    #[error("{0}")]
    Key(String),
    /// No server has run on the directory yet.
    #[error("{} is not there: start the server once, and it is made", path.display())]
    NoTokenKey {
        /// The file.
        path: PathBuf,
    },
    /// Something that was there at the last start is gone.
    #[error(
        "the data directory {} has lost something: {what}; restore a backup with `codraft restore`",
        path.display()
    )]
    Lost {
        /// The directory.
        path: PathBuf,
        /// What is gone.
        what: String,
    },
    /// A restore did not come to its end.
    #[error(
        "{} is not there, and {} is: a restore was cut off before its end; run `codraft restore` again",
        path.display(),
        building.display()
    )]
    CutOff {
        /// The directory.
        path: PathBuf,
        /// What was to take its place.
        building: PathBuf,
    },
    /// A small file of ours is not what was written.
    #[error(
        "{} is damaged; put it back, or restore a backup with `codraft restore`",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The store makes the process that opens it die.
    #[error(
        "the document store in {} is damaged: {what}; \
         restore a backup with `codraft restore`",
        path.display()
    )]
    Deadly {
        /// The store's folder.
        path: PathBuf,
        /// What became of the process that tried.
        what: String,
    },
    /// What a process that only looked has said.
    #[error("{0}")]
    Seen(String),
    /// The store does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal does not open.
    #[error(transparent)]
    Journal(#[from] ScanError),
}

impl Storage {
    /// Opens a data directory, creating it where there is none. Blocks; called once at start.
    pub fn open(path: &Path) -> Result<Storage, StorageError> {
        Storage::open_with(path, JournalConfig::default())
    }

    /// Opens a data directory after another process has looked at it. A damaged one is opened to be read, as far as it is
    /// whole, and not touched. Only for processes whose executable is the `codraft` command.
    pub(crate) fn open_or_rescue(
        path: &Path,
        config: JournalConfig,
    ) -> Result<Storage, StorageError> {
        match probe::probe(path)? {
            None => Storage::open_with(path, config),
            Some(damage) => rescue::open(path, damage),
        }
    }

    /// The same as `open` with another journal configuration.
    pub fn open_with(path: &Path, config: JournalConfig) -> Result<Storage, StorageError> {
        let directory = Arc::new(Directory::claim(path)?);
        let keys = Arc::new(watch::Sender::new(Arc::new(key::read_keys(path)?)));
        let tokens = Tokens::new(&key::token_key(&directory)?, keys.subscribe());
        let before = read_sentinel(&directory)?;
        let store = open_store(&directory, before)?;
        let opening = open_journal(&directory, before, config, &store)?;
        directory.upgrade()?;
        let last = before.map_or(0, |sentinel| sentinel.epoch).max(opening.epoch());
        let epoch = last.max(store.sentinel()?.map_or(0, |sentinel| sentinel.epoch)) + 1;
        name_created(&store, &opening)?;

        let unusable = |source| StorageError::Unusable { path: path.join(JOURNAL_FOLDER), source };
        let keeper = Witness { directory: directory.clone(), folds: store.folds() };
        let journal = opening.start(epoch, keeper).map_err(unusable)?;
        // The store's mark first: the file beside it must never be ahead of an intact store.
        let folds = store.folds().load(Ordering::Relaxed);
        let sentinel = Sentinel { epoch, documents: store.count(), folds };
        store.set_sentinel(sentinel)?;
        directory.replace(SENTINEL_FILE, &sentinel.encode())?;
        Ok(Storage { journal, store, epoch, tokens, keys, rescue: None })
    }

    /// Makes an admin key where there is none yet; it is shown once, here.
    pub(crate) fn first_admin_key(&self, path: &Path) -> Result<Option<Secret>, StorageError> {
        let mut keys = Keys::clone(&self.keys.borrow());
        if keys.has_admin() || self.rescue.is_some() {
            return Ok(None);
        }
        let secret = keys.renew_admin()?;
        key::write_keys(path, &keys)?;
        self.keys.send_replace(Arc::new(keys));
        Ok(Some(secret))
    }
}

impl From<NotAKey> for StorageError {
    fn from(error: NotAKey) -> Self {
        Self::Key(error.to_string())
    }
}

/// Notes in the file beside the store how far the store is, before the journal lets go of what is folded.
#[derive(Debug)]
struct Witness {
    directory: Arc<Directory>,
    folds: Arc<AtomicU64>,
}

impl Keeper for Witness {
    fn vouch(&mut self) -> io::Result<()> {
        let folds = self.folds.load(Ordering::Relaxed);
        match read_sentinel(&self.directory).map_err(io::Error::other)? {
            Some(sentinel) if sentinel.folds < folds => {
                let sentinel = Sentinel { folds, ..sentinel };
                let written = self.directory.replace(SENTINEL_FILE, &sentinel.encode());
                written.map_err(io::Error::other)
            }
            // A first start writes it once the journal is there.
            Some(_) | None => Ok(()),
        }
    }
}

/// Whether raw history is or was kept in a data directory.
pub(crate) fn has_history(path: &Path) -> bool {
    journal::has_history(&path.join(JOURNAL_FOLDER))
}

/// Checks the raw history of a data directory; returns how many entries are in it.
pub(crate) fn check_history(path: &Path) -> Result<u64, StorageError> {
    Ok(journal::check_history(&path.join(JOURNAL_FOLDER))?)
}

/// Keeps others out of a data directory, whatever is in it, for as long as the answer lives.
pub(crate) fn hold(path: &Path) -> Result<impl Sized, StorageError> {
    directory::lock(path)
}

fn read_sentinel(directory: &Directory) -> Result<Option<Sentinel>, StorageError> {
    let Some(bytes) = directory.read(SENTINEL_FILE)? else { return Ok(None) };
    let damaged = || StorageError::Damaged { path: directory.path.join(SENTINEL_FILE) };
    Sentinel::decode(&bytes).map(Some).ok_or_else(damaged)
}

fn open_store(directory: &Arc<Directory>, before: Option<Sentinel>) -> Result<Store, StorageError> {
    let folder = directory.path.join(STORE_FOLDER);
    if !expect_store(directory, before)? {
        Store::create_folder(&folder)?;
    }
    let store = Store::open(&folder, directory.clone())?;
    check_store(directory, before, &store)?;
    Ok(store)
}

/// Whether there is a store; only before the end of a first start there may be none.
fn expect_store(directory: &Directory, before: Option<Sentinel>) -> Result<bool, StorageError> {
    let is_there = directory.path.join(STORE_FOLDER).is_dir();
    if !is_there && before.is_some() {
        return Err(lost(directory, "the folder store is missing"));
    }
    Ok(is_there)
}

/// Compares a store with the mark beside it: a database that lost its index opens as an empty one, without a word.
fn check_store(
    directory: &Directory,
    before: Option<Sentinel>,
    store: &Store,
) -> Result<(), StorageError> {
    let inside = store.sentinel()?;
    let expected =
        inside.into_iter().chain(before).map(|sentinel| sentinel.documents).max().unwrap_or(0);
    if store.count() < expected {
        let what = format!("the store has {} documents and had {expected}", store.count());
        return Err(lost(directory, what));
    }
    if inside.map_or(0, |inside| inside.epoch) < before.map_or(0, |before| before.epoch) {
        return Err(lost(directory, "the store is older than the files around it"));
    }
    let (folds, expected) =
        (store.folds().load(Ordering::Relaxed), before.map_or(0, |before| before.folds));
    if folds < expected {
        let what = format!(
            "the last writes of the store are gone, it knows of {folds} and there were {expected}"
        );
        return Err(lost(directory, what));
    }
    Ok(())
}

fn open_journal(
    directory: &Directory,
    before: Option<Sentinel>,
    config: JournalConfig,
    store: &Store,
) -> Result<Opening, StorageError> {
    let folder = directory.folder(JOURNAL_FOLDER)?;
    let opening = Opening::read(&folder, config, |document| store.through(document))?;
    expect_whole_journal(directory, before, store, &opening)?;
    Ok(opening)
}

/// Compares a journal with the mark beside it.
fn expect_whole_journal(
    directory: &Directory,
    before: Option<Sentinel>,
    store: &Store,
    opening: &Opening,
) -> Result<(), StorageError> {
    // A journal always has a segment once a first start is over.
    if before.is_some() && opening.is_fresh() {
        return Err(lost(directory, "the folder journal is empty"));
    }
    if before.is_some_and(|before| opening.epoch() < before.epoch) {
        return Err(lost(directory, "the journal is older than the files around it"));
    }
    if before.is_none() && store.sentinel()?.is_none() && opening.documents() > 0 {
        return Err(lost(
            directory,
            "the journal has records, but neither the store nor SENTINEL knows of any",
        ));
    }
    Ok(())
}

/// Puts names into the store whose create and delete records outlived it.
fn name_created(store: &Store, opening: &Opening) -> Result<(), StorageError> {
    store.reserve_through(opening.documents());
    let names = opening.created().iter().map(|record| {
        let entry = DocEntry { number: record.document, incarnation: record.life() };
        (String::from_utf8_lossy(&record.bytes).into_owned(), entry)
    });
    Ok(store.create_all(names.collect())?)
}

fn lost(directory: &Directory, what: impl Into<String>) -> StorageError {
    StorageError::Lost { path: directory.path.clone(), what: what.into() }
}
