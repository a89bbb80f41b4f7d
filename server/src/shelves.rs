//! Where documents are kept: the journal, the store, and what to make of them if they are damaged. It knows names, not
//! what is in documents.

use std::path::Path;
use std::sync::Arc;

use crate::crumbs::Crumbs;
use crate::document::LoadError;
use crate::garbage::Garbage;
use crate::journal::{Journal, StorageState};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::storage::{Rescue, Storage};
use crate::store::{DocEntry, Store};

/// Where documents are kept.
#[derive(Debug, Clone)]
pub(crate) struct Shelves {
    pub(crate) journal: Journal,
    pub(crate) store: Store,
    pub(crate) crumbs: Crumbs,
    pub(crate) garbage: Garbage,
    /// What can be seen of a damaged data directory; nothing is saved then.
    pub(crate) rescue: Option<Arc<Rescue>>,
    pub(crate) limits: Limits,
    pub(crate) metrics: Arc<Metrics>,
}

impl Shelves {
    /// Those of an open data directory.
    pub(crate) fn of(storage: Storage, data: &Path, limits: Limits) -> Self {
        let Storage { journal, store, rescue, .. } = storage;
        let crumbs = Crumbs::of(data, rescue.is_none());
        let garbage = Garbage::of(data, rescue.is_none());
        let metrics = Metrics::new(journal.meter());
        let rescue = rescue.map(Arc::new);
        Self { journal, store, crumbs, garbage, rescue, limits, metrics }
    }

    /// What a name stands for. Blocks.
    pub(crate) fn find(&self, name: &str) -> Result<Option<DocEntry>, LoadError> {
        match &self.rescue {
            Some(rescue) => Ok(Some(rescue.find(name)?)),
            None => Ok(self.store.find(name)?),
        }
    }

    /// Whether edits are saved, as far as it is known before the first one.
    pub(crate) fn state(&self) -> StorageState {
        match &self.rescue {
            Some(rescue) => StorageState::Refusing(rescue.reason.clone()),
            None => StorageState::Accepting,
        }
    }
}
