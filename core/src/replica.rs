//! One copy of a document: the only owner of the yrs `Doc`. It knows text, updates and clocks; no peers and no wire.
//!
//! Every method returns its effects: updates as bytes, changes of the text as [`Splice`]s. No transaction and no observer
//! outlives the method that opened it. Offsets count UTF-16 code units.

mod about;
mod digest;
mod field;
mod history;
mod merging;
mod places;
mod roots;
mod sticky;
mod text;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use thiserror::Error;
use yrs::{Doc, MapRef, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact};

use crate::Splice;
use crate::gate::{self, Clocks, Extent, Known, Verdict};
use crate::json::Json;
use crate::lib0::Malformed;
use crate::limits::CLIENT_ID_MAX;
use history::History;
use places::Places;

pub use about::{ABOUT, About, Fact};
pub use digest::Digest;
pub use field::NotText;
pub use merging::SMALL_BYTES;
pub use roots::Kind;

/// The root text that our editor shows where nothing else is asked for.
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
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged<'a> {
    /// What was new, as an update: the outside one itself when all of it was. None when everything was known already.
    pub new: Option<Cow<'a, [u8]>>,
    /// The update builds on something unknown: only what does not was merged. Ask its sender with a step1.
    pub has_gap: bool,
    /// The operations that were new, of each client that wrote some.
    pub added: Vec<Extent>,
}

/// Why an outside update was not merged.
#[derive(Debug, Error)]
pub enum MergeError {
    /// The gate refused the bytes; the document is as it was.
    #[error(transparent)]
    Garbage(#[from] Malformed),
    /// yrs refused what the gate let through, or kept a part of it aside: this replica must not be used any more.
    #[error("the update could not be applied: {0}")]
    Broken(&'static str),
    /// It was given up because it took too long: this replica must not be used any more.
    #[error("it takes too long to merge")]
    Costly,
    /// It builds on something that is not there, where nothing may be missing.
    #[error("the update builds on something that is not there")]
    Gap,
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
    about: MapRef,
    field: Arc<str>,
    doc: Doc,
    known: Known,
    /// Where an editor shows the text: see [`Replica::edit_shown`].
    places: Option<Places>,
    /// Something was undone or redone.
    has_stepped: bool,
    /// Until the next change.
    digest: Option<Digest>,
    client: ClientId,
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica")
            .field("client", &self.client)
            .field("clients", &self.known.clocks.len())
            .finish()
    }
}

impl Replica {
    /// An empty document that writes as `client`.
    pub fn new(client: ClientId) -> Self {
        Self::of_field(client, &CONTENT.into())
    }

    /// The same, with another root text as its text: other apps have theirs under other names.
    pub fn of_field(client: ClientId, field: &Arc<str>) -> Self {
        debug_assert!(client.0 <= CLIENT_ID_MAX);
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            // Another replica's formatting is its author's to clean up: this one writes only what it is told to.
            cleanup_formatting: false,
            ..Options::with_client_id(yrs::block::ClientID::new(client.0))
        });
        let text = doc.get_or_insert_text(field.clone());
        let about = doc.get_or_insert_map(ABOUT);
        Self {
            history: None,
            text,
            about,
            field: field.clone(),
            doc,
            known: Known::default(),
            places: None,
            has_stepped: false,
            digest: None,
            client,
        }
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

    /// The name of the root text that is its text: see [`Replica::of_field`].
    pub fn shown_field(&self) -> &Arc<str> {
        &self.field
    }

    /// How far each client is known.
    pub fn clocks(&self) -> &Clocks {
        &self.known.clocks
    }

    /// What this replica has, for a step1.
    pub fn state_vector(&self) -> Vec<u8> {
        self.known.clocks.encode()
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

    /// Changes the text; returns the update for the other replicas. Offsets beyond the text are moved to its end.
    /// Everything in the text must be shown in it: see [`Replica::text_len`].
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
        self.places = None;
        self.note_own(&update);
        update
    }

    /// The same where an editor shows the text: from the first time on the place of every character is known, which is worth
    /// its memory there. An update of a few letters takes no walk through the text then, nor does an edit, but for the first
    /// at a place where something may stand that is gone.
    pub fn edit_shown(&mut self, splices: &[Splice]) -> Vec<u8> {
        debug_assert!(Splice::in_order(splices));
        let mut places = self.take_places();
        let next = (self.client.0, self.known.clocks.get(self.client.0));
        let Some(update) = places.edit(splices, next, &self.field) else {
            let update = self.edit(splices);
            self.places = places.learn(&update, splices).then_some(places);
            return update;
        };
        let origin = self.history.as_ref().map(History::origin);
        let mut txn = match origin {
            Some(origin) => self.doc.transact_mut_with(origin),
            None => self.doc.transact_mut(),
        };
        merging::apply_own(&mut txn, &update);
        drop(txn);
        self.places = Some(places);
        self.note_own(&update);
        update
    }

    /// Finds out where every character is, unless that is known or there is no text: otherwise the first edit takes the time for
    /// it, and whatever asks for a place walks through the text.
    pub fn find_places(&mut self) {
        if self.text_len() > 0 {
            let places = self.take_places();
            self.places = Some(places);
        }
    }

    /// The places, made if there are none; whoever takes them brings them back.
    fn take_places(&mut self) -> Places {
        self.places.take().unwrap_or_else(|| {
            let mut places = Places::default();
            places.renew(&self.text, &self.doc, |_| 0);
            places
        })
    }

    /// Asks yrs where everything is, and answers what has changed; `before` is how far each client had been known.
    fn renew(&mut self, mut places: Places, before: impl Fn(u64) -> u32) -> Vec<Splice> {
        let splices = places.renew(&self.text, &self.doc, before);
        self.places = Some(places);
        splices
    }

    /// The whole text. What is not text in it (an embedded object of another app) stands as one U+FFFC.
    pub fn text(&self) -> String {
        text::read(&self.text, &self.doc.transact())
    }

    /// The length of the text in UTF-16 code units. It is more than is shown when another app keeps a list under the name of
    /// our text: offsets then mean nothing, and yrs panics over a deletion that finds too little text.
    pub fn text_len(&self) -> u32 {
        self.text.len(&self.doc.transact())
    }

    /// Whether yrs keeps a part of an update aside; the gate and [`MergeError::Broken`] see to it that it never does.
    pub fn has_pending(&self) -> bool {
        self.doc.transact().has_missing_updates()
    }

    /// A position that stays beside its neighbours while others type, as Yjs's JSON.
    pub(crate) fn sticky(&self, offset: u32) -> Option<Json> {
        let places = self.places.as_ref();
        text::sticky(&self.text, &self.doc.transact(), places, offset)
            .map(|sticky| sticky::to_json(&sticky))
    }

    /// Where a position of [`Replica::sticky`], of this or another replica, is now; none when it is not in our text.
    pub(crate) fn offset_of(&self, sticky: &Json) -> Option<u32> {
        let places = self.places.as_ref();
        text::offset_of(&self.text, &self.doc.transact(), places, &sticky::from_json(sticky)?)
    }

    /// Begins or continues an undo step: call before [`Replica::edit`] with the selection before it and the time in ms.
    pub fn mark_history(&mut self, selection: Option<Selection>, now: u64) {
        let (text, doc, places) = (&self.text, &self.doc, self.places.as_ref());
        if let Some(history) = &mut self.history {
            history.mark(now, || {
                let txn = doc.transact();
                selection.and_then(|selection| history::keep(text, &txn, places, selection))
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
        step: fn(&mut History, Option<history::Kept>) -> Option<Option<history::Kept>>,
    ) -> Option<Undone> {
        let here = {
            let txn = self.doc.transact();
            let places = self.places.as_ref();
            selection.and_then(|selection| history::keep(&self.text, &txn, places, selection))
        };
        let places = self.take_places();
        let mut kept = None;
        let update = text::update_of(&self.doc, || {
            kept = self.history.as_mut().and_then(|history| step(history, here));
        });
        let (mut followed, mut splices) = (places.clone(), Vec::new());
        self.has_stepped = true;
        if followed.follow(&update, &self.known.clocks, &self.field, &|_| None, &mut splices) {
            self.places = Some(followed);
        } else {
            let (own, before) = (self.client.0, self.known.clocks.get(self.client.0));
            splices = self.renew(places, |client| if client == own { before } else { u32::MAX });
        }
        let kept = kept?;
        self.note_own(&update);
        let (txn, places) = (self.doc.transact(), self.places.as_ref());
        let selection = kept.and_then(|kept| history::locate(&self.text, &txn, places, &kept));
        Some(Undone { update, splices, selection })
    }

    /// Notes how far this replica's own update went; the gate reads it as it reads everyone's.
    fn note_own(&mut self, update: &[u8]) {
        self.digest = None;
        let verdict = gate::check_update(update, &self.known);
        debug_assert!(
            matches!(verdict, Ok(Verdict::Accept(_))),
            "the gate refuses an own update: {verdict:?}"
        );
        if let Ok(Verdict::Accept(accepted)) = verdict {
            self.known.extend(&accepted);
        }
    }
}

#[cfg(test)]
mod tests;
