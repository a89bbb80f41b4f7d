//! Who has written in a document, and who may: what is noted of people beside what is in it. It knows no connections.

use std::sync::Arc;

use bytes::Bytes;

use super::{By, Document, unix_ms};
use crate::journal::RecordKind;
use crate::rights::{self, Change, Rights};

impl Document {
    /// What its owners have said.
    pub(crate) fn rights(&self) -> &Rights {
        &self.notes.rights
    }

    /// Who has written under a client id; empty for somebody whom nobody knows, none if nobody has.
    pub(crate) fn author_of(&self, client: u64) -> Option<Arc<str>> {
        self.notes.attribution.author_of(client)
    }

    /// Whether somebody has written in it who is known.
    pub(crate) fn has_authors(&self) -> bool {
        self.notes.attribution.has_authors()
    }

    /// The clients under whose ids an outside update would add something.
    pub(crate) fn new_clients(&self, update: &[u8]) -> Vec<u64> {
        super::aside(update.len(), || self.replica.new_clients(update))
    }

    /// Changes the rights, in an entry for the journal.
    pub(crate) fn change_rights(&mut self, change: Change, by: &By) {
        let bytes = rights::encode(std::slice::from_ref(&change));
        self.notes.rights.apply(change);
        self.push_entry(RecordKind::Rights, bytes.into(), unix_ms(), by);
    }

    /// Changes them at once, with an entry for the journal when there is room: what is noted so may be lost in a crash.
    pub(crate) fn note_rights(&mut self, change: Option<Change>) {
        // Whoever looks at a name does not make a document.
        if let Some(change) = change.filter(|_| self.exists() && self.shelves.rescue.is_none()) {
            self.notes.rights.apply(change.clone());
            self.unrecorded.push(change);
        }
    }

    /// Whether some wait for that.
    pub(crate) fn has_unrecorded_rights(&self) -> bool {
        !self.unrecorded.is_empty()
    }

    /// Makes the entry.
    pub(crate) fn record_rights(&mut self) {
        let changes = std::mem::take(&mut self.unrecorded);
        if !changes.is_empty() && self.exists() {
            let bytes = Bytes::from(rights::encode(&changes));
            self.push_entry(RecordKind::Rights, bytes, unix_ms(), &By::nobody());
        }
    }
}
