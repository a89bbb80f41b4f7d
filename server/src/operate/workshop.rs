//! A data directory that is open for an operator's command and for nobody else. It knows what lies in it, not what is done
//! with that.

use std::path::Path;
use std::time::Duration;

use super::{OperateError, at};
use crate::access::Mode;
use crate::journal::JournalConfig;
use crate::limits::Limits;
use crate::shelves::Shelves;
use crate::storage::{self, Storage};
use crate::store::DocEntry;

/// A data directory that no server has.
pub(super) struct Workshop {
    pub(super) shelves: Shelves,
    pub(super) names: Vec<(String, DocEntry)>,
}

impl Workshop {
    /// Opens a directory, creating it where there is none.
    pub(super) fn open(data: &Path) -> Result<Self, OperateError> {
        let workshop = Self::on(Storage::open_or_rescue(data, keeping_history(data))?, data)?;
        match workshop.shelves.rescue {
            Some(rescue) => Err(OperateError::Rescued(rescue)),
            None => Ok(workshop),
        }
    }

    /// Opens a directory that has to be there already.
    pub(super) fn open_existing(data: &Path) -> Result<Self, OperateError> {
        std::fs::metadata(data).map_err(at(data))?;
        Self::open(data)
    }

    /// Opens a directory to take documents out of it: of a damaged one those that are whole, if they will do.
    pub(super) fn open_to_read(data: &Path, partial: bool) -> Result<Self, OperateError> {
        std::fs::metadata(data).map_err(at(data))?;
        let workshop = Self::on(Storage::open_or_rescue(data, keeping_history(data))?, data)?;
        match &workshop.shelves.rescue {
            Some(rescue) if !partial => Err(OperateError::Partial(rescue.clone())),
            _ => Ok(workshop),
        }
    }

    fn on(storage: Storage, data: &Path) -> Result<Self, OperateError> {
        let shelves = Shelves::of(storage, data, Limits::default(), Mode::default());
        let names = match &shelves.rescue {
            Some(rescue) => rescue.names(),
            None => shelves.store.names()?,
        };
        Ok(Self { shelves, names })
    }

    /// Says what is wrong with a damaged directory and names the documents that are not certain to be whole.
    pub(super) fn report_damage(&self) {
        let Some(rescue) = &self.shelves.rescue else { return };
        tracing::error!("{rescue}");
        for name in &rescue.left_out {
            tracing::error!("the document {name:?} is not certain to be whole");
        }
    }

    pub(super) async fn close(self) -> Result<(), OperateError> {
        if self.shelves.rescue.is_none() {
            self.shelves.store.flush()?;
        }
        Ok(self.shelves.journal.close().await?)
    }
}

/// Whoever has started to keep history has it kept by every command; how long is the server's business.
fn keeping_history(data: &Path) -> JournalConfig {
    let keep_history = storage::has_history(data).then_some(Duration::MAX);
    JournalConfig { keep_history, ..JournalConfig::default() }
}
