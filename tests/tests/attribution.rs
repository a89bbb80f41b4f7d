//! Who wrote what outlives the journal: folds keep it, and so do backups.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use codraft::journal::{Durable, Record, RecordKind, StorageState};
use codraft::storage::Storage;
use codraft::store::DocEntry;
use codraft_core::{Attribution, ClientId, Replica, Splice};
use codraft_tests::{Client, ServerProcess, free_port, patiently};
use tokio::sync::watch;

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

async fn codraft(arguments: &[&dyn AsRef<std::ffi::OsStr>]) {
    let mut command = ServerProcess::command();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    let output = patiently("codraft", command.output()).await.expect("the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What the folded document says about its writers.
fn attribution(data: &Path, name: &str) -> Attribution {
    let Storage { store, .. } = Storage::open(data).expect("a data directory");
    let entry = store.find(name).expect("a readable store").expect("the document");
    let folded = store.load(entry.number).expect("a readable store").expect("a fold");
    Attribution::decode(&folded.attribution).expect("an attribution")
}

#[tokio::test]
async fn a_fold_and_a_backup_keep_who_wrote_what_and_when() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (data, file, restored) =
        (folder.path().join("data"), folder.path().join("b.tar"), folder.path().join("restored"));
    for round in [0, 1] {
        let server = ServerProcess::start(address(), &data).await;
        for client in [1, 2] {
            let mut client = Client::connect(&server.url("notes"), round * 10 + client).await;
            client.append("some words. ");
            client.until_saved().await;
        }
        // The first round is folded from the journal that a killed server left.
        server.kill().await;
        codraft(&[&"compact", &"--data", &data]).await;
    }
    let folded = attribution(&data, "notes");
    for client in [1, 2, 11, 12] {
        let last = folded.of(client, 11).expect("somebody wrote that");
        assert_eq!(last.author, "", "nobody here has an identity");
        assert!(last.since > 1_700_000_000);
        assert!(folded.of(client, 12).is_none(), "nobody wrote that");
    }

    codraft(&[&"backup", &file, &"--data", &data]).await;
    codraft(&[&"restore", &file, &"--data", &restored]).await;
    assert_eq!(attribution(&restored, "notes"), folded);
}

/// An hour before the first record, in ms since 1970; each next one comes an hour later.
const BEGAN: u64 = 1_790_000_000_000;
const HOUR: u64 = 3_600_000;

/// Who wrote the five letters at each clock of one replica, in this order.
const AUTHORS: [&str; 4] = ["ada", "", "grace", "ada"];

/// How texts that were changed over HTTP are noted: the server writes for many under one client id. What comes under another
/// is whose the id is.
const OVER_HTTP: u8 = 4;

/// Leaves a data directory whose journal holds what these authors typed, nothing of it folded.
async fn typed_by_authors(data: &Path, name: &str) -> ClientId {
    let storage = Storage::open(data).expect("a data directory");
    let number = storage.store.next_number();
    storage.store.create(name, DocEntry { number, incarnation: 1 }).expect("a new name");
    storage.journal.tail(number, 0).await.expect("a journal");
    let record = |kind, sequence, author: &str, bytes: Vec<u8>| Record {
        kind,
        document: number,
        incarnation: 1,
        sequence,
        author: author.to_owned(),
        dialect: OVER_HTTP,
        time: BEGAN + sequence * HOUR,
        bytes: bytes.into(),
    };
    let mut replica = Replica::new(ClientId::from_random(7));
    let mut records = vec![record(RecordKind::Create, 1, "", name.into())];
    for (sequence, author) in (2..).zip(AUTHORS) {
        let update = replica.edit(&[Splice::new(0, 0, "words")]);
        records.push(record(RecordKind::Update, sequence, author, update));
    }
    let last = records.len() as u64;
    let durable = Durable { through: 0, storage: StorageState::Accepting };
    let (durable, mut heard) = watch::channel(durable);
    let mut slots = storage.journal.reserve(records.len()).await.expect("room for them");
    slots.append(records, &Arc::new(durable));
    drop(slots);
    let saved = heard.wait_for(|durable| durable.through >= last);
    patiently("the records to be saved", saved).await.expect("a journal that goes on");
    storage.journal.close().await.expect("a journal that ends well");
    replica.client()
}

/// Asserts that each author is noted for what they wrote, and for no more.
fn assert_authors(attribution: &Attribution, client: ClientId) {
    for (n, author) in (0..).zip(AUTHORS) {
        // The first record is the document's name.
        let since = (BEGAN + u64::from(n + 2) * HOUR) / 1000;
        for clock in n * 5..n * 5 + 5 {
            let written = attribution.of(client.get(), clock).expect("somebody wrote that");
            assert_eq!((written.author, written.since), (author, since), "clock {clock}");
        }
    }
    assert!(attribution.of(client.get(), 20).is_none(), "nobody wrote that");
}

#[tokio::test]
async fn the_authors_of_journal_records_are_in_the_fold_and_in_a_restored_backup() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (data, file, restored) =
        (folder.path().join("data"), folder.path().join("b.tar"), folder.path().join("restored"));
    let client = typed_by_authors(&data, "notes").await;
    codraft(&[&"compact", &"--data", &data]).await;
    assert_authors(&attribution(&data, "notes"), client);

    codraft(&[&"backup", &file, &"--data", &data]).await;
    codraft(&[&"restore", &file, &"--data", &restored]).await;
    assert_authors(&attribution(&restored, "notes"), client);
}
