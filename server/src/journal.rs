//! The append-only journal: what is in it is saved. Rooms hand in records; one writer thread commits
//! whatever waits from all of them with one `fdatasync` and reports how far each document is durable.
//! Knows records, not documents: what the bytes mean, and when a fold is worth it, is decided elsewhere.

mod active;
mod history;
mod index;
mod meter;
mod reader;
mod record;
mod scan;
mod segment;
mod tail;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::JoinHandle;

pub(crate) use self::meter::Meter;
pub use self::{
    history::has_history,
    record::{Record, RecordKind},
    scan::{ScanError, check_history},
};
pub use crate::store::DocNumber;
use crate::store::StoreError;

use self::{
    index::Run,
    scan::Scan,
    writer::{Command, Writer},
};

/// Bytes of queue that one slot stands for; a larger record takes more of them while there are any.
const SLOT_BYTES: usize = 8 * 1024;

/// What may differ between a server and a test of one.
#[derive(Clone, Debug)]
pub struct JournalConfig {
    /// A segment that has reached this many bytes is followed by a new one.
    pub segment_bytes: u64,
    /// Records that may wait for the disk, over all documents.
    pub slots: usize,
    /// How long the writer waits before it tries a disk again that refused.
    pub retry: Duration,
    /// How long folded segments are kept as raw history; without it they are removed.
    pub keep_history: Option<Duration>,
}

/// How far a document is durable, as its room sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durable {
    /// The highest sequence that is durable.
    pub through: u64,
    /// Whether appends reach the disk.
    pub storage: StorageState,
}

/// Whether the disk takes what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageState {
    /// It does.
    Accepting,
    /// It does not; one sentence for operators.
    Refusing(String),
}

/// The journal has been closed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the journal is closed")]
pub struct JournalClosed;

/// What can go wrong with a journal that was opened.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The writer has ended.
    #[error("the journal is closed")]
    Closed,
    /// Records that were asked for are folded and gone.
    #[error("document {}: records after {after} were asked for, but the journal begins with {first}", document.0)]
    Gap {
        /// The document.
        document: DocNumber,
        /// What was asked for.
        after: u64,
        /// The first record there is.
        first: u64,
    },
    /// The file system said no.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// A record is not what was written.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// The disk refused until the end.
    #[error("{records} records could not be saved: {reason}")]
    NotSaved {
        /// How many were given up.
        records: usize,
        /// What the disk said last.
        reason: String,
    },
}

/// A place in the journal where something is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the journal is damaged: {} at byte {offset}: {what}; restore a backup with `codraft restore`",
    path.display()
)]
pub struct Damaged {
    /// The file.
    pub path: PathBuf,
    /// Where in it.
    pub offset: u64,
    /// What is wrong there.
    pub what: String,
}

/// A handle to the journal.
#[derive(Clone, Debug)]
pub struct Journal {
    commands: mpsc::Sender<Command>,
    capacity: Arc<Semaphore>,
    slots: usize,
    meter: Meter,
}

/// Room for appends that the journal has promised.
#[derive(Debug)]
pub struct Slots {
    commands: mpsc::Sender<Command>,
    capacity: Arc<Semaphore>,
    permit: OwnedSemaphorePermit,
}

/// What the journal holds of a document; it is being read.
#[derive(Debug)]
pub struct Tail {
    is_empty: bool,
    reading: JoinHandle<Result<Vec<Record>, JournalError>>,
}

/// Whoever answers for the merged documents once the journal lets go of records.
pub(crate) trait Keeper: std::fmt::Debug + Send + 'static {
    /// Asked before records are removed: notes durably how far the merged documents are.
    fn vouch(&mut self) -> std::io::Result<()>;
}

/// A journal whose records are read and whose writer has not started.
#[derive(Debug)]
pub(crate) struct Opening {
    scan: Scan,
    folder: PathBuf,
    config: JournalConfig,
}

impl Default for JournalConfig {
    fn default() -> JournalConfig {
        JournalConfig {
            // Small enough that a start reads one at a time and a quiet document pins little.
            segment_bytes: 16 * 1024 * 1024,
            slots: 8192,
            retry: Duration::from_secs(1),
            keep_history: None,
        }
    }
}

impl Opening {
    /// Reads a journal's folder, whatever it is like, and touches nothing.
    pub(crate) fn look(folder: &Path, config: JournalConfig) -> Result<Opening, ScanError> {
        Ok(Opening { scan: scan::scan(folder)?, folder: folder.to_owned(), config })
    }

    /// The same, and refuses it if anything is missing. `folded` tells how far a document's merged state goes, 0 without
    /// one.
    pub(crate) fn read(
        folder: &Path,
        config: JournalConfig,
        folded: impl Fn(DocNumber) -> Result<u64, StoreError>,
    ) -> Result<Opening, ScanError> {
        let mut opening = Opening::look(folder, config)?;
        opening.scan.expect_whole(folded)?;
        Ok(opening)
    }

    /// Whether everything that was saved of a document is either in this merged state or here.
    pub(crate) fn completes(&mut self, document: DocNumber, folded: u64) -> bool {
        let completes = self.scan.has_all_after(document, folded);
        if completes {
            self.scan.index.fold(document, folded);
        }
        completes
    }

    /// Notes that the journal has lost its end, which may have been about any document.
    pub(crate) fn lose_end(&mut self) {
        let what = "what was written last is missing".to_owned();
        self.scan.damages.push(Damaged { path: self.folder.clone(), offset: 0, what });
    }

    /// The create and delete records in it: what names stand for.
    pub(crate) fn created(&self) -> &[Record] {
        &self.scan.created
    }

    /// The highest document number in it.
    pub(crate) fn documents(&self) -> u64 {
        self.scan.documents
    }

    /// The highest epoch in it.
    pub(crate) fn epoch(&self) -> u64 {
        self.scan.epoch
    }

    /// Whether there is no segment at all.
    pub(crate) fn is_fresh(&self) -> bool {
        self.scan.length == 0
    }

    /// Gives readers what was read; nothing is written, and every append is refused for this reason.
    pub(crate) fn start_reading(self, reason: String) -> std::io::Result<Journal> {
        let slots = self.config.slots;
        let (commands, inbox) = mpsc::channel();
        let index = self.scan.index;
        let read = move || reader::run(&index, &inbox, &reason);
        std::thread::Builder::new().name("journal".into()).spawn(read)?;
        let capacity = Arc::new(Semaphore::new(slots));
        Ok(Journal { commands, capacity, slots, meter: Meter::default() })
    }

    /// Starts the writer with a segment of its own. The keeper lives as long as the writer does.
    pub(crate) fn start(self, epoch: u64, keeper: impl Keeper) -> std::io::Result<Journal> {
        let slots = self.config.slots;
        let (commands, inbox) = mpsc::channel();
        let meter = Meter::default();
        let writer = Writer::start(self, epoch, inbox, Box::new(keeper), meter.clone())?;
        std::thread::Builder::new().name("journal".into()).spawn(move || writer.run())?;
        Ok(Journal { commands, capacity: Arc::new(Semaphore::new(slots)), slots, meter })
    }
}

impl Journal {
    /// Waits for room for `n` appends: the back-pressure. Taken before a room handles its next mail.
    pub async fn reserve(&self, n: usize) -> Result<Slots, JournalClosed> {
        let wanted = u32::try_from(n.min(self.slots)).unwrap_or(u32::MAX);
        let permit =
            self.capacity.clone().acquire_many_owned(wanted).await.map_err(|_| JournalClosed)?;
        Ok(Slots { commands: self.commands.clone(), capacity: self.capacity.clone(), permit })
    }

    /// Room for `n` appends if there is some at once.
    pub fn try_reserve(&self, n: usize) -> Option<Slots> {
        let wanted = u32::try_from(n.min(self.slots)).unwrap_or(u32::MAX);
        let permit = self.capacity.clone().try_acquire_many_owned(wanted).ok()?;
        Some(Slots { commands: self.commands.clone(), capacity: self.capacity.clone(), permit })
    }

    /// Finds everything of a document after a sequence, and begins to read it. Waits until all of it is
    /// durable, so what is returned is saved. It also tells the journal where the document stands: a room
    /// asks before its first append.
    pub async fn tail(&self, document: DocNumber, after: u64) -> Result<Tail, JournalError> {
        let (reply, runs) = oneshot::channel();
        self.send(Command::Tail { document, after, reply })?;
        let runs: Vec<Run> = runs.await.map_err(|_| JournalError::Closed)??;
        let is_empty = runs.is_empty();
        let read = move || tail::read(document, after, &runs);
        Ok(Tail { is_empty, reading: tokio::task::spawn_blocking(read) })
    }

    /// The documents with records that are not folded.
    pub async fn unfolded(&self) -> Result<Vec<DocNumber>, JournalError> {
        let (reply, unfolded) = oneshot::channel();
        self.send(Command::Unfolded { reply })?;
        unfolded.await.map_err(|_| JournalError::Closed)
    }

    /// What its disk does, in numbers.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Notes that a merged state through this sequence is durable in the store: records up to it may go, or become
    /// history.
    pub fn folded(&self, document: DocNumber, through: u64) {
        // After close there is nobody to tell, and nothing lost: the store is asked at the next start.
        let _ = self.send(Command::Folded { document, through });
    }

    /// Takes no more reservations, writes what waits and ends the writer.
    pub async fn close(self) -> Result<(), JournalError> {
        self.capacity.close();
        let (reply, closed) = oneshot::channel();
        self.send(Command::Close { reply })?;
        closed.await.map_err(|_| JournalError::Closed)?
    }

    fn send(&self, command: Command) -> Result<(), JournalError> {
        self.commands.send(command).map_err(|_| JournalError::Closed)
    }
}

impl Tail {
    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// The records, oldest first.
    pub async fn records(self) -> Result<Vec<Record>, JournalError> {
        self.reading.await.map_err(|_| JournalError::Closed)?
    }
}

impl Slots {
    /// Appends records of one document without waiting, a slot for each: more of them than were
    /// reserved go in all the same, past the back-pressure. `durable` hears how far the document is
    /// saved. A record that is not the next of its document is refused there, loudly.
    pub fn append(&mut self, records: Vec<Record>, durable: &Arc<watch::Sender<Durable>>) {
        if records.is_empty() {
            return;
        }
        let slots = self.take(&records);
        let append = Command::Append { records, durable: durable.clone(), slots };
        if self.commands.send(append).is_err() {
            refuse(durable, &JournalClosed.to_string());
        }
    }

    /// The slots of some records, and for large ones as many more as are free.
    fn take(&mut self, records: &[Record]) -> Option<OwnedSemaphorePermit> {
        let mut slots = self.permit.split(records.len().min(self.permit.num_permits()))?;
        let more = records.iter().map(|record| record.bytes.len() / SLOT_BYTES).sum::<usize>();
        let more = u32::try_from(more.min(self.capacity.available_permits())).unwrap_or(u32::MAX);
        if let Ok(more) = self.capacity.clone().try_acquire_many_owned(more) {
            slots.merge(more);
        }
        Some(slots)
    }
}

/// Tells a document's room that its appends do not reach the disk.
fn refuse(durable: &watch::Sender<Durable>, reason: &str) {
    let storage = StorageState::Refusing(reason.to_owned());
    durable.send_if_modified(|known| {
        let changed = known.storage != storage;
        known.storage = storage;
        changed
    });
}
