//! How a document begins and ends: its name can live again, and what it was before is then no part of it. It knows no
//! peers.

use bytes::Bytes;
use codraft_core::gate::{self, Clocks};
use codraft_core::{Attribution, ClientId, Malformed, Replica};

use super::kept::Kept;
use super::{By, Document, fresh_id, unix_ms};
use crate::journal::RecordKind;
use crate::rights::Rights;
use crate::store::DocEntry;

impl Document {
    /// Whether the name stands for a document: somebody has written to it or created it, and it is not deleted.
    pub(crate) fn exists(&self) -> bool {
        self.sequence > 0 && !self.is_deleted()
    }

    /// Whether it was deleted and is not created again.
    pub(crate) fn is_deleted(&self) -> bool {
        self.entry.is_deleted()
    }

    /// Which life of the document this is.
    pub(crate) fn incarnation(&self) -> u32 {
        self.entry.incarnation
    }

    /// Which document it is, and which life of it.
    pub(crate) fn entry(&self) -> DocEntry {
        self.entry
    }

    /// Begins an empty document under a name that stands for none: one never heard of, or one that was deleted.
    pub(crate) fn begin(&mut self, by: &By) {
        debug_assert!(!self.exists());
        if self.is_deleted() {
            self.live(self.entry.incarnation + 1);
        }
        self.push_entry(RecordKind::Create, self.name_bytes(), unix_ms(), by);
    }

    /// Deletes what there is. The name stands for nothing then, until the document is begun again; what it held is gone
    /// from the disk with the next fold.
    pub(crate) fn delete(&mut self, by: &By) {
        debug_assert!(self.exists());
        self.push_entry(RecordKind::Delete, self.name_bytes(), unix_ms(), by);
        self.live(self.entry.incarnation + 1);
    }

    /// Whether an outside update brings something of an earlier life, or builds on it; the document must be awake.
    pub(crate) fn is_buried(&self, update: &[u8]) -> bool {
        let buried = &self.notes.buried;
        !buried.is_empty() && gate::is_buried(update, self.replica.clocks(), buried)
    }

    /// How many updates come before one that does; where nothing is buried they are not looked at.
    pub(crate) fn before_buried<'a>(&self, updates: impl Iterator<Item = &'a Bytes>) -> usize {
        if self.notes.buried.is_empty() {
            return usize::MAX;
        }
        updates.take_while(|update| !self.is_buried(update)).count()
    }

    /// Whether somebody with this state vector has a copy of an earlier life; the document must be awake.
    pub(crate) fn is_copy_buried(&self, state_vector: &[u8]) -> Result<bool, Malformed> {
        let buried = &self.notes.buried;
        if buried.is_empty() {
            return Ok(false);
        }
        let has = gate::check_state_vector(state_vector)?;
        Ok(gate::has_buried(&has, self.replica.clocks(), buried))
    }

    /// Buries what there is and goes on with nothing in it.
    pub(super) fn live(&mut self, incarnation: u32) {
        let clocks = self.clocks();
        self.notes.bury(&clocks);
        self.entry.incarnation = incarnation;
        self.created = false;
        self.replica = Replica::new(ClientId::from_random(fresh_id()));
        self.asleep = None;
        self.notes.attribution = Attribution::default();
        self.notes.rights = Rights::default();
        self.unrecorded.clear();
        self.kept = Kept::default();
        (self.size, self.unfolded_bytes, self.merges_aside) = (0, 0, 0);
    }

    /// How far each client is known; an asleep document's state vector is ours and can be read.
    fn clocks(&self) -> Clocks {
        match &self.asleep {
            Some(asleep) => gate::check_state_vector(&asleep.state_vector).unwrap_or_default(),
            None => self.replica.clocks().clone(),
        }
    }

    pub(super) fn name_bytes(&self) -> Bytes {
        Bytes::copy_from_slice(self.name.as_str().as_bytes())
    }
}
