//! Data directories as a server would have left them, made without one.
//! Knows the server's storage as a library; knows no socket.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use codraft::journal::{Durable, Journal, Record, RecordKind, StorageState};
use codraft::storage::Storage;
use codraft::store::{DocEntry, Folded};
use tokio::sync::watch;

use crate::stop::Stop;

/// Entries that are handed to the journal at once.
const BATCH: usize = 1_000;
/// The dialect of a record: y-websocket.
const Y_WEBSOCKET: u8 = 1;

/// A document to be put on the disk.
#[derive(Debug)]
pub(crate) struct Stored<'a> {
    pub(crate) name: &'a str,
    /// Merged into the store.
    pub(crate) state: &'a [u8],
    /// In the journal only.
    pub(crate) entries: &'a [Vec<u8>],
}

/// Makes a data directory with these documents in it.
pub(crate) async fn make(data: &Path, documents: &[Stored<'_>]) -> Result<(), Stop> {
    let failed = |error: &dyn std::fmt::Display| Stop::wrong(format!("no data directory: {error}"));
    let storage = Storage::open(data).map_err(|error| failed(&error))?;
    for document in documents {
        put(&storage, document).await.map_err(|error| failed(&error))?;
    }
    storage.store.flush().map_err(|error| failed(&error))?;
    storage.journal.close().await.map_err(|error| failed(&error))
}

async fn put(
    storage: &Storage,
    document: &Stored<'_>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let entry = DocEntry { number: storage.store.next_number(), incarnation: 1 };
    storage.store.create(document.name, entry)?;
    let name = Bytes::copy_from_slice(document.name.as_bytes());
    let first = [
        record(entry, 1, RecordKind::Create, name),
        record(entry, 2, RecordKind::Update, Bytes::copy_from_slice(document.state)),
    ];
    append(&storage.journal, first.into()).await?;
    let (state, through) = (document.state.to_vec(), 2);
    storage.store.fold(
        entry.number,
        &Folded { through, incarnation: 1, state, attribution: Vec::new(), about: Vec::new() },
    )?;
    storage.journal.folded(entry.number, through);
    for (batch, entries) in document.entries.chunks(BATCH).enumerate() {
        let first = through + 1 + (batch * BATCH) as u64;
        let records = entries.iter().zip(first..).map(|(bytes, sequence)| {
            record(entry, sequence, RecordKind::Update, Bytes::copy_from_slice(bytes))
        });
        append(&storage.journal, records.collect()).await?;
    }
    Ok(())
}

/// Appends and waits until it is on disk.
async fn append(
    journal: &Journal,
    records: Vec<Record>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let last = records.last().map_or(0, |record| record.sequence);
    let durable =
        Arc::new(watch::Sender::new(Durable { through: 0, storage: StorageState::Accepting }));
    journal.reserve(records.len()).await?.append(records, &durable);
    durable.subscribe().wait_for(|durable| durable.through >= last).await?;
    Ok(())
}

fn record(entry: DocEntry, sequence: u64, kind: RecordKind, bytes: Bytes) -> Record {
    let DocEntry { number, incarnation } = entry;
    Record {
        kind,
        document: number,
        incarnation,
        sequence,
        author: String::new(),
        dialect: Y_WEBSOCKET,
        time: 0,
        bytes,
    }
}
