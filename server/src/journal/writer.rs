//! The journal's one thread: gathers what waits, commits it with one sync, reports, and never drops
//! an accepted record while it lives. Does not know rooms beyond the `watch` each of them gave.

use std::{
    collections::{HashMap, VecDeque},
    io,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, oneshot, watch};

use super::{
    Durable, JournalConfig, JournalError, Keeper, Meter, Opening, StorageState,
    active::Active,
    history::{self, Retirement},
    index::{Index, Run},
    record::Record,
    refuse,
    segment::Header,
};
use crate::store::DocNumber;

/// Bytes of one commit: larger ones do not make the disk faster, only the first record later.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// How often a refusing disk is tried again once the journal is to close.
const CLOSING_TRIES: u32 = 5;
/// The pause between those tries.
const CLOSING_PAUSE: Duration = Duration::from_millis(100);

/// What the writer is asked to do.
#[derive(Debug)]
pub(super) enum Command {
    Append {
        records: Vec<Record>,
        durable: Arc<watch::Sender<Durable>>,
        slots: Option<OwnedSemaphorePermit>,
    },
    Tail {
        document: DocNumber,
        after: u64,
        reply: oneshot::Sender<Result<Vec<Run>, JournalError>>,
    },
    Folded {
        document: DocNumber,
        through: u64,
    },
    Unfolded {
        reply: oneshot::Sender<Vec<DocNumber>>,
    },
    Close {
        reply: oneshot::Sender<Result<(), JournalError>>,
    },
}

/// Accepted records of one document, one after another, that are not durable yet.
struct Waiting {
    records: Vec<Record>,
    bytes: usize,
    durable: Arc<watch::Sender<Durable>>,
    /// Gives the records' room in the queue back when it is dropped.
    _slots: Option<OwnedSemaphorePermit>,
}

/// The writer's state; owned by its thread.
pub(super) struct Writer {
    folder: PathBuf,
    config: JournalConfig,
    inbox: mpsc::Receiver<Command>,
    meter: Meter,
    retirement: Retirement,
    index: Index,
    active: Active,
    queue: VecDeque<Waiting>,
    queued_bytes: usize,
    /// The last accepted sequence of documents that may have records in the queue.
    accepted: HashMap<DocNumber, u64>,
    /// Everything but appends, in order; done after the next commit.
    later: Vec<Command>,
    batch: Vec<u8>,
    /// Why the disk refuses, while it does.
    refusal: Option<String>,
    closing: bool,
    reply: Option<oneshot::Sender<Result<(), JournalError>>>,
}

impl Writer {
    /// Begins a segment of this start's own and removes what is folded.
    pub(super) fn start(
        opening: Opening,
        epoch: u64,
        inbox: mpsc::Receiver<Command>,
        keeper: Box<dyn Keeper>,
        meter: Meter,
    ) -> io::Result<Writer> {
        let Opening { scan, folder, config } = opening;
        let mut index = scan.index;
        if let Some(newest) = &scan.newest {
            newest.settle(scan.length)?;
        }
        let header = Header { epoch, number: scan.next, previous: scan.length };
        let active = Active::begin(&folder, header, &mut index)?;
        let mut retirement = Retirement::new(&folder, keeper, config.keep_history);
        index.prune(&mut retirement)?;
        retirement.expire();
        meter.accepts(true);
        Ok(Writer {
            folder,
            config,
            inbox,
            meter,
            retirement,
            index,
            active,
            queue: VecDeque::new(),
            queued_bytes: 0,
            accepted: HashMap::new(),
            later: Vec::new(),
            batch: Vec::new(),
            refusal: None,
            closing: false,
            reply: None,
        })
    }

    /// Works until the journal is closed or its last handle is gone; the keeper is dropped before
    /// that is reported.
    pub(super) fn run(mut self) {
        while !self.closing {
            self.gather();
            self.save();
            self.serve();
        }
        let outcome = self.finish();
        let reply = self.reply.take();
        drop(self);
        match (reply, outcome) {
            (Some(reply), outcome) => drop(reply.send(outcome)),
            (None, Err(error)) => tracing::error!(%error, "the journal ended without being closed"),
            (None, Ok(())) => {}
        }
    }

    /// Takes everything that waits, up to a batch; sleeps until there is something.
    fn gather(&mut self) {
        match self.wait() {
            Ok(command) => self.take(command),
            Err(RecvTimeoutError::Timeout) => return self.retirement.expire(),
            Err(RecvTimeoutError::Disconnected) => self.closing = true,
        }
        while self.queued_bytes < BATCH_BYTES
            && let Ok(command) = self.inbox.try_recv()
        {
            self.take(command);
        }
    }

    /// The next command; a journal that keeps history also wakes up to look through it.
    fn wait(&self) -> Result<Command, RecvTimeoutError> {
        if self.retirement.keeps_history() {
            return self.inbox.recv_timeout(history::TICK);
        }
        Ok(self.inbox.recv()?)
    }

    fn take(&mut self, command: Command) {
        match command {
            Command::Append { records, durable, slots } => self.accept(records, durable, slots),
            Command::Close { reply } => {
                self.closing = true;
                self.reply = Some(reply);
            }
            Command::Tail { .. } | Command::Folded { .. } | Command::Unfolded { .. } => {
                self.later.push(command);
            }
        }
    }

    /// Queues records as far as each is the next of its document.
    fn accept(
        &mut self,
        mut records: Vec<Record>,
        durable: Arc<watch::Sender<Durable>>,
        slots: Option<OwnedSemaphorePermit>,
    ) {
        let Some(document) = records.first().map(|record| record.document) else { return };
        let last = self.last(document);
        let is_next = |(record, expected): &(&Record, u64)| {
            record.document == document && record.sequence == *expected && record.fits()
        };
        let fit = records.iter().zip(last + 1..).take_while(is_next).count();
        if let Some(Record { sequence, .. }) = records.get(fit) {
            let expected = last + 1 + fit as u64;
            let reason = format!(
                "document {}: record {sequence} was refused, {expected} is next",
                document.0
            );
            tracing::error!(document = document.0, sequence, expected, "journal record refused");
            refuse(&durable, &reason);
        } else if let Some(reason) = &self.refusal {
            refuse(&durable, reason);
        }
        records.truncate(fit);
        if fit > 0 {
            self.accepted.insert(document, last + fit as u64);
            let bytes = records.iter().map(Record::frame_len).sum();
            self.queued_bytes += bytes;
            self.queue.push_back(Waiting { records, bytes, durable, _slots: slots });
        }
    }

    /// The last sequence of a document that was accepted, durable or not.
    fn last(&self, document: DocNumber) -> u64 {
        let durable = self.index.last(document).unwrap_or(0);
        self.accepted.get(&document).map_or(durable, |&accepted| accepted.max(durable))
    }

    /// Writes the queue until it is empty, however long the disk refuses; only a closing journal
    /// gives up.
    fn save(&mut self) {
        let mut tries = CLOSING_TRIES;
        while !self.queue.is_empty() {
            let Err(error) = self.commit() else { continue };
            self.refuse_all(&error);
            if self.closing {
                tries -= 1;
                if tries == 0 {
                    return;
                }
                std::thread::sleep(CLOSING_PAUSE);
            } else {
                self.pause();
            }
        }
        self.accepted.clear();
    }

    /// Makes the front of the queue durable with one write and one sync, and says so.
    fn commit(&mut self) -> io::Result<()> {
        if self.active.suspect || self.active.is_full(self.config.segment_bytes) {
            self.rotate()?;
        }
        self.batch.clear();
        let (mut count, mut records) = (0, 0);
        for waiting in &self.queue {
            if count > 0 && self.batch.len() + waiting.bytes > BATCH_BYTES {
                break;
            }
            for record in &waiting.records {
                record.encode(self.active.header.epoch, &mut self.batch);
            }
            count += 1;
            records += waiting.records.len();
        }
        self.active.append(&self.batch, &self.meter)?;
        self.meter.committed(records);
        self.report(count);
        if self.refusal.take().is_some() {
            tracing::info!("the journal's disk accepts writes again");
        }
        // A batch far above the usual size is not kept: idle memory is small.
        self.batch.shrink_to(BATCH_BYTES);
        Ok(())
    }

    /// Moves durable records from the queue to the index and tells their rooms.
    fn report(&mut self, count: usize) {
        let mut offset = self.active.length - self.batch.len() as u64;
        let mut durable = self.queue.drain(..count).peekable();
        while let Some(Waiting { records, bytes, durable: room, .. }) = durable.next() {
            let added = self.index.add(&records, self.active.header.number, offset);
            debug_assert!(added, "accept checks the sequence");
            offset += bytes as u64;
            self.queued_bytes -= bytes;
            let through = records.last().map_or(0, |record| record.sequence);
            if durable.peek().is_none_or(|next| !Arc::ptr_eq(&next.durable, &room)) {
                room.send_modify(|known| {
                    known.through = known.through.max(through);
                    known.storage = StorageState::Accepting;
                });
            }
        }
    }

    /// Goes on in a new segment; one that holds nothing is begun again instead, so that a disk that
    /// stays full does not gather empty files.
    fn rotate(&mut self) -> io::Result<()> {
        let Active { header, length, .. } = self.active;
        let next = Header { number: header.number + 1, previous: length, ..header };
        let header = if self.active.is_empty() { header } else { next };
        self.active.seal();
        self.active = Active::begin(&self.folder, header, &mut self.index)?;
        self.prune();
        Ok(())
    }

    fn refuse_all(&mut self, error: &io::Error) {
        let reason = format!("the journal in {} refuses writes: {error}", self.folder.display());
        if self.refusal.as_ref() != Some(&reason) {
            tracing::error!(records = self.queued(), "{reason}");
        }
        self.meter.accepts(false);
        for waiting in &self.queue {
            refuse(&waiting.durable, &reason);
        }
        self.refusal = Some(reason);
    }

    /// How many records wait.
    fn queued(&self) -> usize {
        self.queue.iter().map(|waiting| waiting.records.len()).sum()
    }

    /// Waits before the next try and meanwhile serves readers and takes what rooms have slots for.
    fn pause(&mut self) {
        let until = Instant::now() + self.config.retry;
        while !self.closing {
            match self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(command) => self.take(command),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => self.closing = true,
            }
            self.serve();
        }
    }

    /// Does what is not an append; readers of a document with records in the queue go on waiting.
    fn serve(&mut self) {
        for command in std::mem::take(&mut self.later) {
            match command {
                Command::Tail { document, .. } if self.is_queued(document) => {
                    self.later.push(command)
                }
                Command::Tail { document, after, reply } => {
                    drop(reply.send(self.tail(document, after)))
                }
                Command::Folded { document, through } => {
                    self.index.fold(document, through);
                    self.prune();
                }
                // Whoever asked may be gone.
                Command::Unfolded { reply } => drop(reply.send(self.index.unfolded())),
                Command::Append { .. } | Command::Close { .. } => {}
            }
        }
    }

    fn prune(&mut self) {
        if let Err(error) = self.index.prune(&mut self.retirement) {
            tracing::warn!(%error, "a folded journal segment could not be let go");
        }
    }

    fn is_queued(&self, document: DocNumber) -> bool {
        self.last(document) > self.index.last(document).unwrap_or(0)
    }

    fn tail(&mut self, document: DocNumber, after: u64) -> Result<Vec<Run>, JournalError> {
        if after > 0 && self.index.last(document).is_none_or(|last| last < after) {
            // The store is ahead of the journal: that is where the document goes on.
            self.index.fold(document, after);
        }
        self.index.after(document, after)
    }

    /// Seals what was written: the next segment's header vouches for this one's length.
    fn finish(&mut self) -> Result<(), JournalError> {
        if !self.queue.is_empty() {
            let reason = self.refusal.take().unwrap_or_default();
            return Err(JournalError::NotSaved { records: self.queued(), reason });
        }
        if self.active.is_empty() {
            return Ok(());
        }
        let path = self.folder.clone();
        self.rotate().map_err(|source| JournalError::Io { path, source })
    }
}
