//! Opens a damaged data directory to be read, touching nothing in it: only what is provably whole can be seen, and
//! nothing is saved. Does not know what a document is, nor who will look.
//!
//! A document is whole if every record of it that was ever saved is either merged in an intact store or in the journal.
//! Without the store that is so if its records are there from the first one on. Where the journal is damaged, what is
//! missing may have been of any document; only if a document has a record after the damage, which follows on the last
//! one before it, the missing ones were not its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    sync::Arc,
};

use tokio::sync::watch;

use super::{
    Damage, JOURNAL_FOLDER, STORE_FOLDER, Storage, StorageError, directory::Directory, key,
    read_sentinel,
};
use crate::{
    access::Tokens,
    journal::{JournalConfig, Opening},
    scratch::Scratch,
    store::{DocEntry, Store},
};

/// What can be seen of a damaged data directory.
#[derive(Debug)]
pub(crate) struct Rescue {
    /// What is wrong, and the way out.
    pub(crate) reason: String,
    whole: BTreeMap<String, DocEntry>,
    /// Names of documents that are not whole, as far as they are known.
    pub(crate) left_out: BTreeSet<String>,
}

/// A document cannot be shown from a damaged data directory.
#[derive(Debug, thiserror::Error)]
#[error("it is not certain to be whole in the damaged data directory")]
pub(crate) struct NotWhole;

impl Rescue {
    /// What a name stands for, if it is a whole document's. Every other name is refused, also one never heard of: it may
    /// be a document that is missing.
    pub(crate) fn find(&self, name: &str) -> Result<DocEntry, NotWhole> {
        self.whole.get(name).copied().ok_or(NotWhole)
    }

    /// The whole documents, deleted ones among them.
    pub(crate) fn names(&self) -> Vec<(String, DocEntry)> {
        self.whole.iter().map(|(name, &entry)| (name.clone(), entry)).collect()
    }
}

impl fmt::Display for Rescue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, left_out) = (self.whole.len(), self.left_out.len());
        write!(
            f,
            "{}; nothing is touched or saved until then: {whole} documents are certain to be whole and can be read, \
             {left_out} others that are known by name cannot; `codraft verify` names them, and \
             `codraft export --partial` and `codraft backup --partial` take what is whole",
            self.reason
        )
    }
}

/// Opens what is whole; if nothing is, the damage is the error.
pub(super) fn open(path: &Path, damage: Damage) -> Result<Storage, StorageError> {
    let Damage { error, is_store_whole } = damage;
    let directory = Directory::claim(path)?;
    let before = read_sentinel(&directory).ok().flatten();
    let mut opening = Opening::look(&path.join(JOURNAL_FOLDER), JournalConfig::default())?;
    if before.is_some_and(|before| opening.epoch() < before.epoch) {
        opening.lose_end();
    }
    let unusable = |source| StorageError::Unusable { path: path.to_owned(), source };
    let folder = path.join(STORE_FOLDER);
    let folder = is_store_whole.then_some(folder.as_path());
    let store = Store::open_to_read(folder, Scratch::places(path), directory)?;

    let (whole, left_out): (BTreeMap<_, _>, BTreeMap<_, _>) =
        names(&store, &opening)?.into_iter().partition(|(_, entry)| {
            let Some(entry) = entry else { return false };
            store.through(entry.number).is_ok_and(|folded| opening.completes(entry.number, folded))
        });
    let whole: BTreeMap<_, _> =
        whole.into_iter().filter_map(|(name, entry)| Some((name, entry?))).collect();
    if whole.is_empty() {
        return Err(error);
    }
    let epoch = opening.epoch();
    let rescue =
        Rescue { reason: error.to_string(), whole, left_out: left_out.into_keys().collect() };
    let journal = opening.start_reading(rescue.reason.clone()).map_err(unusable)?;
    // Whoever has a token that can still be checked may read.
    let keys = Arc::new(watch::Sender::new(Arc::new(key::read_keys(path).unwrap_or_default())));
    let tokens = Tokens::new(&key::fresh(path)?, keys.subscribe());
    Ok(Storage { journal, store, epoch, tokens, keys, rescue: Some(rescue) })
}

/// Every name there is a trace of, and what it stands for; none where the traces disagree.
fn names(
    store: &Store,
    opening: &Opening,
) -> Result<BTreeMap<String, Option<DocEntry>>, StorageError> {
    let mut names: BTreeMap<_, _> =
        store.names()?.into_iter().map(|(name, entry)| (name, Some(entry))).collect();
    for record in opening.created() {
        let entry = DocEntry { number: record.document, incarnation: record.life() };
        let name = String::from_utf8_lossy(&record.bytes).into_owned();
        // The later of two lives is the one that counts.
        let agrees = |known: &DocEntry| known.number == entry.number;
        names
            .entry(name)
            .and_modify(|known| *known = known.filter(agrees).map(|known| known.max(entry)))
            .or_insert(Some(entry));
    }
    Ok(names)
}
