//! One document with its place on the disk: the replica, how far it is journalled and how far it is folded. It knows no
//! peers.

mod about;
mod editing;
mod fold;
mod kept;
mod life;
mod load;
mod merging;
mod notes;
mod people;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use codraft_core::gate::Extent;
use codraft_core::replica::Digest;
use codraft_core::{ClientId, DocId, Malformed, Replica};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::dialect::HTTP;
use crate::journal::{Durable, Record, RecordKind, Slots};
use crate::metrics::Metrics;
use crate::rights;
use crate::shelves::Shelves;
use crate::store::{DocEntry, StoreError};
pub(crate) use about::Card;
pub(crate) use editing::NotEdited;
use fold::{Unwritten, blocking, write_fold};
use kept::{Kept, Whole};
use load::Asleep;
pub(crate) use load::LoadError;
pub(crate) use merging::Change;
pub(crate) use notes::Notes;

/// Entries after which a document is folded while people are in it: a load then takes a few ms more.
const FOLD_ENTRIES: u64 = 4_000;
/// Bytes of entries after which it is folded.
const FOLD_BYTES: usize = 4 << 20;

/// Records that are handed to the journal in one piece: larger pieces would be memory that the allocator has to ask for and
/// give back each time.
const RECORDS: usize = 256;

/// Bytes that may take a thread so long that others on it would notice: a hostile 64 KiB have taken yrs five seconds.
const LONG_BYTES: usize = 16 << 10;

/// The state vector of somebody who has nothing.
pub(crate) const NEWCOMER: &[u8] = &[0];

/// Whom an edit is by, and how it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct By {
    /// A person's id; empty for somebody whom nobody knows.
    pub(crate) author: Arc<str>,
    /// As the journal notes it.
    pub(crate) dialect: u8,
}

impl By {
    /// What the server does by itself.
    pub(crate) fn nobody() -> Self {
        Self { author: "".into(), dialect: NO_DIALECT }
    }
}

/// The dialect in the journal of what did not come over a connection.
pub(crate) const NO_DIALECT: u8 = 0;

/// A fold that the store is writing: how far it goes, or none when it could not be written.
pub(crate) type Fold = JoinHandle<Option<u64>>;

/// An open document.
pub(crate) struct Document {
    name: DocId,
    shelves: Arc<Shelves>,
    /// Empty while the document is asleep.
    replica: Replica,
    asleep: Option<Asleep>,
    notes: Notes,
    entry: DocEntry,
    /// Whether the store knows what the name stands for; a document that nobody has written to is nowhere.
    created: bool,
    /// The sequence of the last entry handed to the journal.
    sequence: u64,
    folded: u64,
    /// What is folded is of an earlier life.
    is_outlived: bool,
    unfolded_bytes: usize,
    /// An upper bound of the encoded size, in bytes.
    size: usize,
    /// Merges to come that may take long, because one did.
    merges_aside: u32,
    /// What was encoded, until the next change or until nobody has joined for a while.
    kept: Kept,
    /// Entries of this turn, for [`Document::hand_over`].
    unjournalled: Vec<Vec<Record>>,
    /// Changes of rights that are made and wait for an entry.
    unrecorded: Vec<rights::Change>,
    durable: Arc<watch::Sender<Durable>>,
}

impl Document {
    fn empty(
        name: DocId,
        shelves: Arc<Shelves>,
        entry: DocEntry,
        created: bool,
        through: u64,
    ) -> Self {
        let durable = watch::Sender::new(Durable { through, storage: shelves.state() });
        Self {
            name,
            shelves,
            // The room's own replica takes a fresh id each time: it must not reuse clocks that a crash may have lost.
            replica: Replica::new(ClientId::from_random(fresh_id())),
            asleep: None,
            notes: Notes::default(),
            entry,
            created,
            sequence: through,
            folded: through,
            is_outlived: false,
            unfolded_bytes: 0,
            size: 0,
            merges_aside: 0,
            kept: Kept::default(),
            unjournalled: Vec::new(),
            unrecorded: Vec::new(),
            durable: Arc::new(durable),
        }
    }

    /// Notes who wrote something: whoever has written under the same client id before, and otherwise whoever brings it. What
    /// the server writes, it writes for many under one id.
    fn note(&mut self, added: &[Extent], by: &By, time: u64) {
        for &extent in added {
            let before = self.author_of(extent.client).filter(|author| !author.is_empty());
            let author = before.filter(|_| by.dialect != HTTP).unwrap_or_else(|| by.author.clone());
            self.notes.attribution.note(extent, &author, time);
        }
    }

    fn grown(&mut self, bytes: usize) {
        self.unfolded_bytes += bytes;
        self.size += bytes;
        self.kept = Kept::default();
    }

    /// The same document, from what is stored of it: for a replica that must not be used any more. Waits until everything
    /// that was handed to the journal is on disk.
    pub(crate) async fn rebuilt(&self) -> Result<Self, LoadError> {
        Self::load(self.name.clone(), self.shelves.clone()).await
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &DocId {
        &self.name
    }

    /// The numbers of its server.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shelves.metrics
    }

    /// Bytes that it takes, encoded, or somewhat more.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Reports how far the document is on disk.
    pub(crate) fn durable(&self) -> watch::Receiver<Durable> {
        self.durable.subscribe()
    }

    /// The sequence of the last entry: everything known now is durable once this is.
    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// How many entries wait to be handed to the journal.
    pub(crate) fn entries(&self) -> usize {
        self.unjournalled.iter().map(Vec::len).sum()
    }

    /// Whether there is something for the journal.
    pub(crate) fn has_entries(&self) -> bool {
        !self.unjournalled.is_empty()
    }

    /// Lets the name stand for this life of the document, before the first entry of it is journalled.
    pub(crate) async fn create(&mut self) -> Result<(), StoreError> {
        if !self.created {
            let (name, entry, store) = (self.name.clone(), self.entry, self.shelves.store.clone());
            blocking(move || store.create(name.as_str(), entry)).await?;
            self.created = true;
        }
        Ok(())
    }

    /// Notes what another data directory had noted. What is noted here already stays.
    pub(crate) fn take_notes(&mut self, notes: &Notes) {
        if !notes.is_empty() {
            let bytes = notes.encode().into();
            self.note_entry(RecordKind::Notes, bytes, unix_ms(), &By::nobody());
            self.notes.merge(notes);
        }
    }

    /// What is kept beside what is in it.
    pub(crate) fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Hands the entries since the last time to the journal: before anybody hears of what is in them, so that what is told
    /// is on its way to the disk.
    pub(crate) fn hand_over(&mut self, slots: &mut Slots) {
        for records in self.unjournalled.drain(..) {
            slots.append(records, &self.durable);
        }
    }

    /// The first entry of a document comes after its name.
    fn note_entry(&mut self, kind: RecordKind, bytes: Bytes, time: u64, by: &By) {
        if self.sequence == 0 {
            self.push_entry(RecordKind::Create, self.name_bytes(), time, by);
        }
        self.push_entry(kind, bytes, time, by);
    }

    fn push_entry(&mut self, kind: RecordKind, bytes: Bytes, time: u64, by: &By) {
        let record = self.record(kind, bytes, time, by);
        self.sequence = record.sequence;
        match self.unjournalled.last_mut().filter(|records| records.len() < RECORDS) {
            Some(records) => records.push(record),
            None => self.unjournalled.push(vec![record]),
        }
    }

    fn record(&self, kind: RecordKind, bytes: Bytes, time: u64, by: &By) -> Record {
        Record {
            kind,
            document: self.entry.number,
            incarnation: self.entry.incarnation,
            sequence: self.sequence + 1,
            author: by.author.as_ref().to_owned(),
            dialect: by.dialect,
            time,
            bytes,
        }
    }

    /// Whether there is room for an update. Encodes the document when the bound says no, to be sure; an update without
    /// operations of its own is what a reader sends, and always welcome.
    pub(crate) fn has_room_for(&mut self, update: &[u8]) -> bool {
        self.is_within_limit(update.len())
            || !self.replica.has_new_operations(update)
            || self.has_room_for_bytes(update.len())
    }

    /// Whether there is room for so many more bytes, once the document is encoded to be sure.
    fn has_room_for_bytes(&mut self, more: usize) -> bool {
        if !self.is_within_limit(more) {
            self.size = self.encode().len();
        }
        self.is_within_limit(more)
    }

    fn is_within_limit(&self, more: usize) -> bool {
        self.size.saturating_add(more) <= self.shelves.limits.document_bytes
    }

    /// Our state vector.
    pub(crate) fn state_vector(&self) -> Vec<u8> {
        match &self.asleep {
            Some(asleep) => asleep.state_vector.clone(),
            None => self.replica.state_vector(),
        }
    }

    /// What a peer with this state vector lacks.
    pub(crate) fn diff(&mut self, state_vector: &[u8]) -> Result<Bytes, Malformed> {
        if state_vector == NEWCOMER {
            return Ok(self.encode());
        }
        debug_assert!(self.asleep.is_none());
        self.replica.diff(state_vector).map(Bytes::from)
    }

    /// The text that our editor shows; the document must be awake.
    pub(crate) fn text(&self) -> String {
        self.replica.text()
    }

    /// What the document holds, in two numbers.
    pub(crate) fn digest(&mut self) -> Digest {
        aside(self.size, || self.replica.digest())
    }

    /// The frame with what a peer with this state vector lacks; everyone who joins with nothing is sent the same bytes.
    pub(crate) fn step2(&mut self, state_vector: &[u8]) -> Result<Bytes, Malformed> {
        if state_vector == NEWCOMER {
            return Ok(self.whole().frame);
        }
        debug_assert!(self.asleep.is_none());
        self.kept.step2(state_vector, || self.replica.diff(state_vector))
    }

    /// The whole document as one update, encoded anew only after a change.
    pub(crate) fn encode(&mut self) -> Bytes {
        self.whole().state
    }

    fn whole(&mut self) -> Whole {
        if let Some(asleep) = &self.asleep {
            return asleep.whole.clone();
        }
        self.kept.whole(|| self.replica.encode())
    }

    /// Lets go of what was encoded if nobody has wanted it since the last call.
    pub(crate) fn tidy(&mut self) {
        self.kept.tidy();
    }

    /// Whether enough has come since the last fold to make another one worth it.
    pub(crate) fn wants_fold(&self) -> bool {
        self.sequence - self.folded >= FOLD_ENTRIES || self.unfolded_bytes >= FOLD_BYTES
    }

    /// Whether anything has come since the last fold.
    pub(crate) fn is_unfolded(&self) -> bool {
        (self.sequence > self.folded || self.is_outlived) && self.shelves.rescue.is_none()
    }

    /// Encodes the document and lets the store write it; no edit waits for that.
    pub(crate) fn fold(&mut self) -> Fold {
        self.unfolded_bytes = 0;
        let through = self.sequence;
        let state = self.encode();
        self.size = state.len();
        let (notes, about) = (self.notes.encode(), self.card());
        let folded = Unwritten { entry: self.entry, through, state, notes, about };
        tokio::spawn(write_fold(self.shelves.store.clone(), folded, self.durable()))
    }

    /// A merged state through this sequence is on disk: the journal may let go of what it holds.
    pub(crate) fn folded(&mut self, through: u64) {
        self.folded = through;
        self.is_outlived = false;
        self.shelves.metrics.folds.inc();
        self.shelves.journal.folded(self.entry.number, through);
    }
}

/// Does what may take long for so many bytes, without holding up what else this thread has to do where the runtime has more.
pub(crate) fn aside<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    let has_more = || Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
    if bytes >= LONG_BYTES && has_more() { tokio::task::block_in_place(work) } else { work() }
}

fn unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// A random number; the standard library seeds each of its hashers with one.
fn fresh_id() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
}
