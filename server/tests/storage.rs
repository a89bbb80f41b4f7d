//! Conversations with a real data directory: what was reported durable is there again, and what is
//! damaged is refused with a sentence.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path, sync::Arc};

use bytes::Bytes;
use codraft::{
    journal::{Durable, Journal, JournalConfig, Record, RecordKind, StorageState},
    storage::{Storage, StorageError},
    store::{DocEntry, DocNumber, Folded},
};
use tempfile::TempDir;
use tokio::sync::watch;

/// A document as a room would drive it.
struct Room {
    journal: Journal,
    number: DocNumber,
    next: u64,
    durable: Arc<watch::Sender<Durable>>,
}

impl Room {
    async fn open(storage: &Storage, number: u64, after: u64) -> Room {
        let number = DocNumber(number);
        let tail = storage.journal.tail(number, after).await.unwrap();
        let through = after + tail.len() as u64;
        let durable = Durable { through, storage: StorageState::Accepting };
        Room {
            journal: storage.journal.clone(),
            number,
            next: through + 1,
            durable: Arc::new(watch::channel(durable).0),
        }
    }

    fn record(&mut self, bytes: impl Into<Bytes>) -> Record {
        let sequence = self.next;
        self.next += 1;
        record(self.number, sequence, bytes)
    }

    async fn append(&mut self, bytes: impl Into<Bytes>) {
        let record = self.record(bytes);
        self.journal.reserve(1).await.unwrap().append([record], &self.durable);
    }

    async fn saved(&self) {
        let through = self.next - 1;
        self.durable.subscribe().wait_for(|durable| durable.through >= through).await.unwrap();
    }

    async fn type_and_save(&mut self, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            self.append(text).await;
        }
        self.saved().await;
    }
}

fn record(document: DocNumber, sequence: u64, bytes: impl Into<Bytes>) -> Record {
    Record {
        kind: RecordKind::Update,
        document,
        incarnation: 1,
        sequence,
        author: "ada".into(),
        dialect: 1,
        time: 1_790_000_000_000 + sequence,
        bytes: bytes.into(),
    }
}

fn texts(range: std::ops::RangeInclusive<u64>) -> impl Iterator<Item = String> {
    range.map(|n| format!("edit {n}"))
}

async fn read(storage: &Storage, number: u64, after: u64) -> Vec<String> {
    let records = storage.journal.tail(DocNumber(number), after).await.unwrap();
    records.iter().map(|record| String::from_utf8(record.bytes.to_vec()).unwrap()).collect()
}

fn folded(through: u64, state: &[u8]) -> Folded {
    Folded { through, incarnation: 1, state: state.to_vec() }
}

fn small_segments() -> JournalConfig {
    JournalConfig { segment_bytes: 1000, ..JournalConfig::default() }
}

fn segments(data: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(data.join("journal")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_restart() {
    let data = TempDir::new().unwrap();
    let storage = Storage::open(data.path()).unwrap();
    let (mut one, mut two) = (Room::open(&storage, 1, 0).await, Room::open(&storage, 2, 0).await);
    for n in 1..=50 {
        one.append(format!("edit {n}")).await;
        two.append(format!("word {n}")).await;
    }
    one.saved().await;
    two.saved().await;
    storage.journal.close().await.unwrap();
    drop(storage.store);

    let storage = Storage::open(data.path()).unwrap();
    assert_eq!(storage.epoch, 2);
    assert!(read(&storage, 1, 0).await.into_iter().eq(texts(1..=50)));
    assert!(read(&storage, 1, 30).await.into_iter().eq(texts(31..=50)));
    assert!(read(&storage, 2, 49).await.into_iter().eq(["word 50".to_owned()]));
    assert!(read(&storage, 3, 0).await.is_empty());
}

#[tokio::test]
async fn a_second_server_is_refused() {
    let data = TempDir::new().unwrap();
    let _storage = Storage::open(data.path()).unwrap();
    let error = Storage::open(data.path()).unwrap_err();
    assert!(error.to_string().contains("in use by another server"), "{error}");
    assert!(matches!(error, StorageError::InUse { .. }));
}

#[tokio::test]
async fn names_and_folds_survive() {
    let data = TempDir::new().unwrap();
    let storage = Storage::open(data.path()).unwrap();
    let number = storage.store.next_number();
    storage.store.create("notes/a b", DocEntry { number, incarnation: 1 }).unwrap();
    storage.store.fold(number, &folded(5, b"first")).unwrap();
    let large = vec![7; 700_000];
    storage.store.fold(number, &folded(9, &large)).unwrap();
    storage.journal.close().await.unwrap();
    drop(storage.store);

    let storage = Storage::open(data.path()).unwrap();
    assert_eq!(storage.store.find("notes/a b").unwrap().unwrap().number, number);
    assert_eq!(storage.store.find("notes/a").unwrap(), None);
    assert_eq!(storage.store.load(number).unwrap(), Some(folded(9, &large)));
    assert_eq!((storage.store.count(), storage.store.next_number().0), (1, number.0 + 1));
}

#[tokio::test]
async fn folded_segments_go_and_the_order_spans_segments() {
    let data = TempDir::new().unwrap();
    let storage = Storage::open_with(data.path(), small_segments()).unwrap();
    let mut room = Room::open(&storage, 1, 0).await;
    for text in texts(1..=100) {
        room.type_and_save([text]).await;
    }
    assert!(segments(data.path()).len() > 5);
    assert!(read(&storage, 1, 0).await.into_iter().eq(texts(1..=100)));
    storage.store.fold(DocNumber(1), &folded(90, b"merged")).unwrap();
    storage.journal.folded(DocNumber(1), 90);
    assert!(read(&storage, 1, 90).await.into_iter().eq(texts(91..=100)));
    assert!(segments(data.path()).len() < 5);
    storage.journal.tail(DocNumber(1), 89).await.unwrap_err();
}
