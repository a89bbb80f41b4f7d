//! How a document begins and ends: its name can live again, and what it was before is then no part of it. It knows no
//! peers.

use bytes::Bytes;
use codraft_core::{Attribution, ClientId, Replica};

use super::{By, Document, fresh_id, unix_ms};
use crate::journal::RecordKind;
use crate::rights::Rights;

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

    /// Goes on with nothing in it; what was buried before stays so.
    pub(super) fn live(&mut self, incarnation: u32) {
        self.entry.incarnation = incarnation;
        self.created = false;
        self.replica = Replica::new(ClientId::from_random(fresh_id()));
        self.asleep = None;
        self.notes.attribution = Attribution::default();
        self.notes.rights = Rights::default();
        self.unrecorded.clear();
        self.encoded = None;
        (self.size, self.unfolded_bytes, self.merges_aside) = (0, 0, 0);
    }

    pub(super) fn name_bytes(&self) -> Bytes {
        Bytes::copy_from_slice(self.name.as_str().as_bytes())
    }
}
