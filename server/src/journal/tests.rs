//! The journal on a real disk: cut, flipped, starved, fenced. Nothing here knows the store.

mod damage;
mod service;

use std::{
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use tempfile::TempDir;
use tokio::sync::{oneshot, watch};

use super::{
    Damaged, Durable, Journal, JournalConfig, JournalError, Keeper, Meter, Opening, Record,
    RecordKind, ScanError, StorageState, check_history,
    record::Frame,
    segment::{self, HEADER},
    writer::{Command, Writer},
};
use crate::store::DocNumber;

type Room = Arc<watch::Sender<Durable>>;

fn config() -> JournalConfig {
    JournalConfig { retry: Duration::from_millis(5), ..JournalConfig::default() }
}

/// Every commit gets a segment of its own.
fn tiny() -> JournalConfig {
    JournalConfig { segment_bytes: 1, ..config() }
}

fn open(folder: &Path) -> Result<Journal, ScanError> {
    open_with(folder, config(), 1, 0)
}

fn open_with(
    folder: &Path,
    config: JournalConfig,
    epoch: u64,
    folded: u64,
) -> Result<Journal, ScanError> {
    Ok(Opening::read(folder, config, |_| Ok(folded))?.start(epoch, Nobody).unwrap())
}

fn room() -> Room {
    room_at(0)
}

fn room_at(through: u64) -> Room {
    Arc::new(watch::Sender::new(Durable { through, storage: StorageState::Accepting }))
}

fn record(document: u64, sequence: u64) -> Record {
    Record {
        kind: RecordKind::Update,
        document: DocNumber(document),
        incarnation: 1,
        sequence,
        author: "ada".into(),
        dialect: 1,
        time: 1_790_000_000_000,
        bytes: Bytes::from(format!("edit {sequence} of {document}")),
    }
}

async fn append(journal: &Journal, room: &Room, records: impl IntoIterator<Item = Record>) {
    journal.reserve(1).await.unwrap().append(records.into_iter().collect(), room);
}

async fn saved(room: &Room, through: u64) {
    room.subscribe().wait_for(|durable| durable.through >= through).await.unwrap();
}

/// Waits until the writer has done what it was asked before.
async fn settled(journal: &Journal) {
    let nothing = journal.tail(DocNumber(u64::MAX), 0).await.unwrap();
    assert!(nothing.is_empty());
}

/// Appends the records of document 1 in this range, each in a commit of its own.
async fn append_each(journal: &Journal, range: RangeInclusive<u64>) {
    let room = room();
    for sequence in range {
        append(journal, &room, [record(1, sequence)]).await;
        saved(&room, sequence).await;
    }
}

async fn expect_tail(journal: &Journal, document: u64, range: RangeInclusive<u64>) {
    let expected: Vec<Record> = range.clone().map(|sequence| record(document, sequence)).collect();
    let tail = journal.tail(DocNumber(document), range.start() - 1).await.unwrap();
    assert_eq!(tail.is_empty(), expected.is_empty());
    assert_eq!(tail.records().await.unwrap(), expected);
}

/// What is in the journal's folder now, as a kill would leave it.
struct Image(Vec<(PathBuf, Vec<u8>)>);

impl Image {
    fn take(folder: &Path) -> Image {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        files.sort();
        Image(files)
    }

    fn newest(&mut self) -> &mut Vec<u8> {
        &mut self.0.last_mut().unwrap().1
    }

    /// Lays the files out again.
    fn lay(&self) -> TempDir {
        let folder = TempDir::new().unwrap();
        for (path, bytes) in &self.0 {
            fs::write(folder.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        folder
    }
}

/// Answers for nothing.
#[derive(Debug)]
struct Nobody;

impl Keeper for Nobody {
    fn vouch(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A journal whose whole queue is there before the writer starts: one commit, always.
fn commit_at_once(folder: &Path, records: impl IntoIterator<Item = Record>) -> Room {
    let room = room();
    let (commands, inbox) = mpsc::channel();
    for record in records {
        commands
            .send(Command::Append { records: vec![record], durable: room.clone(), slots: None })
            .unwrap();
    }
    let (reply, mut closed) = oneshot::channel();
    commands.send(Command::Close { reply }).unwrap();
    let opening = Opening::read(folder, config(), |_| Ok(0)).unwrap();
    Writer::start(opening, 1, inbox, Box::new(Nobody), Meter::default()).unwrap().run();
    closed.try_recv().unwrap().unwrap();
    room
}

/// The offset and length of every frame in a segment.
fn frames(segment: &[u8]) -> Vec<(usize, Frame)> {
    let mut frames = Vec::new();
    let mut offset = HEADER;
    while let Ok(frame) = Frame::decode(&segment[offset..]) {
        let length = frame.length;
        frames.push((offset, frame));
        offset += length;
    }
    frames
}
