//! Where documents are kept: the journal, the store, and what to make of them if they are damaged. It knows names, not
//! what is in documents.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;

use crate::access::{Keys, Mode};
use crate::crumbs::Crumbs;
use crate::document::LoadError;
use crate::files::Files;
use crate::garbage::Garbage;
use crate::journal::{Journal, StorageState};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::storage::{Rescue, Storage};
use crate::store::{DocEntry, Listed, Store, StoreError};

/// Where documents are kept.
#[derive(Debug, Clone)]
pub(crate) struct Shelves {
    pub(crate) journal: Journal,
    pub(crate) store: Store,
    pub(crate) crumbs: Crumbs,
    pub(crate) garbage: Garbage,
    pub(crate) files: Files,
    /// What can be seen of a damaged data directory; nothing is saved then.
    pub(crate) rescue: Option<Arc<Rescue>>,
    pub(crate) limits: Limits,
    pub(crate) metrics: Arc<Metrics>,
    /// How people come to documents.
    pub(crate) mode: Mode,
    /// What vouches for their tokens.
    pub(crate) keys: watch::Receiver<Arc<Keys>>,
}

impl Shelves {
    /// Those of an open data directory.
    pub(crate) fn of(storage: Storage, data: &Path, limits: Limits, mode: Mode) -> Self {
        let Storage { journal, store, rescue, keys, .. } = storage;
        let crumbs = Crumbs::of(data, rescue.is_none());
        let garbage = Garbage::of(data, rescue.is_none());
        let files = Files::of(data, rescue.is_none());
        let metrics = Metrics::new(journal.meter());
        let rescue = rescue.map(Arc::new);
        let keys = keys.subscribe();
        Self { journal, store, crumbs, garbage, files, rescue, limits, metrics, mode, keys }
    }

    /// What a name stands for. Blocks.
    pub(crate) fn find(&self, name: &str) -> Result<Option<DocEntry>, LoadError> {
        match &self.rescue {
            Some(rescue) => Ok(Some(rescue.find(name)?)),
            None => Ok(self.store.find(name)?),
        }
    }

    /// The first names after one that begin with a prefix, of documents that are not deleted. Blocks.
    pub(crate) fn page(
        &self,
        prefix: &str,
        after: &str,
        most: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let Some(rescue) = &self.rescue else { return self.store.page(prefix, after, most) };
        let is_next = |name: &str| name.starts_with(prefix) && name > after;
        let names = rescue.names().into_iter();
        let next = names.filter(|(name, entry)| is_next(name) && !entry.is_deleted());
        let listed = |(name, entry)| Listed { name, entry, bytes: None, about: Vec::new() };
        Ok(next.take(most).map(listed).collect())
    }

    /// Whether edits are saved, as far as it is known before the first one.
    pub(crate) fn state(&self) -> StorageState {
        match &self.rescue {
            Some(rescue) => StorageState::Refusing(rescue.reason.clone()),
            None => StorageState::Accepting,
        }
    }
}
