//! One copy of a document: the only owner of the yrs `Doc`. It knows text, updates and clocks; no peers and no wire.
//!
//! Every method returns its effects: updates as bytes, changes of the text as [`Splice`]s. No transaction and no observer
//! outlives the method that opened it. Offsets count UTF-16 code units.

mod history;
mod sticky;
mod text;

use std::fmt;

use thiserror::Error;
use yrs::updates::decoder::Decode;
use yrs::{
    Doc, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact, TransactionMut, Update,
};

use crate::Splice;
use crate::gate::{self, Clocks, Extent, Verdict};
use crate::json::Json;
use crate::lib0::Malformed;
use crate::limits::CLIENT_ID_MAX;
use history::History;

/// The root text that our editor shows.
pub const CONTENT: &str = "content";

/// The number under which a replica writes; unique in its document, fresh at every start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(u64);

impl ClientId {
    /// A client id from a random number; 32 bits of it are used, because longer ids cost bytes in every keystroke.
    pub fn from_random(random: u64) -> Self {
        Self((random & u64::from(u32::MAX)).max(1))
    }

    /// The number on the wire.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A selection in the text, in UTF-16 offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// The end that stays when the selection is extended.
    pub anchor: u32,
    /// The end that moves.
    pub head: u32,
}

/// What merging an outside update did.
#[derive(Debug, PartialEq, Eq)]
pub enum Merged {
    /// The document changed; the bytes are what was new, as an update.
    Changed(Vec<u8>),
    /// Everything was known already.
    Unchanged,
    /// The update builds on something unknown and was not applied: ask its sender with a step1.
    Gap,
}

/// Why an outside update was not merged; the document is as it was.
#[derive(Debug, Error)]
pub enum MergeError {
    /// The gate refused the bytes.
    #[error(transparent)]
    Garbage(#[from] Malformed),
    /// yrs refused what the gate let through.
    #[error("the update could not be applied: {0}")]
    Refused(String),
}

/// What undoing or redoing did.
#[derive(Debug, PartialEq, Eq)]
pub struct Undone {
    /// For the other replicas.
    pub update: Vec<u8>,
    /// For the editor.
    pub splices: Vec<Splice>,
    /// Where the selection was before the change that was undone.
    pub selection: Option<Selection>,
}

/// One copy of a document.
pub struct Replica {
    // Dropped before `doc`: it holds observers there.
    history: Option<History>,
    text: TextRef,
    doc: Doc,
    clocks: Clocks,
    client: ClientId,
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica")
            .field("client", &self.client)
            .field("clients", &self.clocks.len())
            .finish()
    }
}

impl Replica {
    /// An empty document that writes as `client`.
    pub fn new(client: ClientId) -> Self {
        debug_assert!(client.0 <= CLIENT_ID_MAX);
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            // Another replica's formatting is its author's to clean up: this one writes only what it is told to.
            cleanup_formatting: false,
            ..Options::with_client_id(yrs::block::ClientID::new(client.0))
        });
        let text = doc.get_or_insert_text(CONTENT);
        Self { history: None, text, doc, clocks: Clocks::default(), client }
    }

    /// Starts to remember this replica's own edits, so that they can be undone.
    pub fn track_history(&mut self) {
        if self.history.is_none() {
            self.history = Some(History::new(&self.doc, &self.text));
        }
    }

    /// The number under which this replica writes.
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// How far each client is known.
    pub fn clocks(&self) -> &Clocks {
        &self.clocks
    }

    /// What this replica has, for a step1.
    pub fn state_vector(&self) -> Vec<u8> {
        self.clocks.encode()
    }

    /// The whole document as one update.
    pub fn encode(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// What somebody with an outside state vector lacks, for a step2.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Vec<u8>, Malformed> {
        let theirs: StateVector = gate::check_state_vector(state_vector)?
            .iter()
            .map(|(client, clock)| (yrs::block::ClientID::new(client), clock))
            .collect();
        Ok(self.doc.transact().encode_state_as_update_v1(&theirs))
    }

    /// Merges an outside update.
    pub fn merge(&mut self, update: &[u8]) -> Result<Merged, MergeError> {
        let extents = match gate::check_update(update, &self.clocks)? {
            Verdict::Accept(extents) => extents,
            Verdict::Gap => return Ok(Merged::Gap),
        };
        let mut txn = self.doc.transact_mut_with(REMOTE);
        apply(&mut txn, update)?;
        let merged = if txn.has_changes() {
            Merged::Changed(txn.encode_update_v1())
        } else {
            Merged::Unchanged
        };
        drop(txn);
        self.advance(&extents);
        Ok(merged)
    }

    /// Merges outside updates in their order, as one change of the text; stops at the first that is a gap or garbage.
    pub fn merge_text(&mut self, updates: &[Vec<u8>]) -> (Vec<Splice>, Result<Merged, MergeError>) {
        let mut outcome = Ok(Merged::Unchanged);
        let (text, doc, clocks) = (&self.text, &self.doc, &mut self.clocks);
        let splices = text::observed(text, || {
            let mut txn = doc.transact_mut_with(REMOTE);
            for update in updates {
                match gate::check_update(update, clocks) {
                    Ok(Verdict::Accept(extents)) => {
                        if let Err(error) = apply(&mut txn, update) {
                            outcome = Err(error);
                            break;
                        }
                        advance(clocks, &extents);
                    }
                    Ok(Verdict::Gap) => outcome = Ok(Merged::Gap),
                    Err(garbage) => outcome = Err(garbage.into()),
                }
                if outcome.as_ref().map_or(true, |merged| *merged == Merged::Gap) {
                    break;
                }
            }
        });
        (splices, outcome)
    }

    /// Changes the text; returns the update for the other replicas. Offsets beyond the text are moved to its end.
    pub fn edit(&mut self, splices: &[Splice]) -> Vec<u8> {
        debug_assert!(Splice::in_order(splices));
        let origin = self.history.as_ref().map(History::origin);
        let mut txn = match origin {
            Some(origin) => self.doc.transact_mut_with(origin),
            None => self.doc.transact_mut(),
        };
        text::splice(&self.text, &mut txn, splices);
        let update = txn.encode_update_v1();
        drop(txn);
        self.note_own(&update);
        update
    }

    /// The whole text. What is not text in it (an embedded object of another app) stands as one U+FFFC.
    pub fn text(&self) -> String {
        text::read(&self.text, &self.doc.transact())
    }

    /// The length of the text in UTF-16 code units.
    pub fn text_len(&self) -> u32 {
        self.text.len(&self.doc.transact())
    }

    /// Whether the document is in the state yrs keeps updates aside in; the gate sees to it that it never is.
    pub fn has_pending(&self) -> bool {
        self.doc.transact().has_missing_updates()
    }

    /// A position that stays beside its neighbours while others type, as Yjs's JSON.
    pub(crate) fn sticky(&self, offset: u32) -> Option<Json> {
        text::sticky(&self.text, &self.doc.transact(), offset)
            .map(|sticky| sticky::to_json(&sticky))
    }

    /// Where a position of [`Replica::sticky`], of this or another replica, is now; none when it is not in our text.
    pub(crate) fn offset_of(&self, sticky: &Json) -> Option<u32> {
        text::offset_of(&self.text, &self.doc.transact(), &sticky::from_json(sticky)?)
    }

    /// Begins or continues an undo step: call before [`Replica::edit`] with the selection before it and the time in ms.
    pub fn mark_history(&mut self, selection: Option<Selection>, now: u64) {
        let (text, doc) = (&self.text, &self.doc);
        if let Some(history) = &mut self.history {
            history.mark(now, || {
                let txn = doc.transact();
                selection.and_then(|selection| history::keep(text, &txn, selection))
            });
        }
    }

    /// Ends the undo step: the next edit begins another.
    pub fn close_undo_step(&mut self) {
        if let Some(history) = &mut self.history {
            history.close_step();
        }
    }

    /// Whether an own edit can be undone, and whether one can be redone.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        self.history
            .as_ref()
            .map_or((false, false), |history| (history.can_undo(), history.can_redo()))
    }

    /// Takes back this replica's last undo step; others' edits stay.
    pub fn undo(&mut self, selection: Option<Selection>) -> Option<Undone> {
        self.step(selection, History::undo)
    }

    /// Brings back what was undone last.
    pub fn redo(&mut self, selection: Option<Selection>) -> Option<Undone> {
        self.step(selection, History::redo)
    }

    fn step(
        &mut self,
        selection: Option<Selection>,
        step: impl FnOnce(&mut History, Option<history::Kept>) -> Option<Option<history::Kept>>,
    ) -> Option<Undone> {
        let here = {
            let txn = self.doc.transact();
            selection.and_then(|selection| history::keep(&self.text, &txn, selection))
        };
        let history = self.history.as_mut()?;
        let mut kept = None;
        let (splices, update) =
            text::observed_with_update(&self.text, &self.doc, || kept = step(history, here));
        let kept = kept?;
        self.note_own(&update);
        let txn = self.doc.transact();
        let selection = kept.and_then(|kept| history::locate(&self.text, &txn, &kept));
        Some(Undone { update, splices, selection })
    }

    fn advance(&mut self, extents: &[Extent]) {
        advance(&mut self.clocks, extents);
    }

    /// Notes how far this replica's own update went; the gate reads it as it reads everyone's.
    fn note_own(&mut self, update: &[u8]) {
        let verdict = gate::check_update(update, &self.clocks);
        debug_assert!(
            matches!(verdict, Ok(Verdict::Accept(_))),
            "the gate refuses an own update: {verdict:?}"
        );
        if let Ok(Verdict::Accept(extents)) = verdict {
            self.advance(&extents);
        }
    }
}

/// The origin of outside changes: own history does not remember them.
const REMOTE: &str = "remote";

fn apply(txn: &mut TransactionMut<'_>, update: &[u8]) -> Result<(), MergeError> {
    let update =
        Update::decode_v1(update).map_err(|error| MergeError::Refused(error.to_string()))?;
    txn.apply_update(update).map_err(|error| MergeError::Refused(error.to_string()))
}

fn advance(clocks: &mut Clocks, extents: &[Extent]) {
    for extent in extents {
        clocks.advance(extent.client, extent.end);
    }
}

#[cfg(test)]
mod tests;
