//! A damaged data directory: the server starts all the same, shows what is certain to be whole, saves nothing and touches
//! nothing. Every word is journalled in a segment of its own, so that a damage hits one of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use codraft::journal::{Durable, JournalConfig, Record, RecordKind, StorageState};
use codraft::storage::Storage;
use codraft::store::{DocEntry, DocNumber, Folded};
use codraft_core::{ClientId, Replica, Session, Splice};
use codraft_tests::{Client, Peer, ServerProcess, files, free_port, patiently};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// A data directory in the making.
struct Writing {
    data: PathBuf,
    storage: Storage,
    documents: BTreeMap<&'static str, Written>,
}

/// A document as far as it is written.
struct Written {
    replica: Replica,
    number: DocNumber,
    sequence: u64,
    folded: u64,
    durable: Arc<watch::Sender<Durable>>,
}

impl Writing {
    fn begin(data: &Path) -> Self {
        let config = JournalConfig { segment_bytes: 1, ..JournalConfig::default() };
        let storage = Storage::open_with(data, config).unwrap();
        Self { data: data.to_owned(), storage, documents: BTreeMap::new() }
    }

    /// Writes a word to the end of a document; returns the segment that it lies in.
    async fn word(&mut self, name: &'static str, word: &str) -> PathBuf {
        let storage = &self.storage;
        let document = self.documents.entry(name).or_insert_with(|| {
            let number = storage.store.next_number();
            storage.store.create(name, DocEntry { number, incarnation: 1 }).unwrap();
            let durable = Durable { through: 0, storage: StorageState::Accepting };
            let replica = Replica::new(ClientId::from_random(number.0));
            let durable = Arc::new(watch::Sender::new(durable));
            Written { replica, number, sequence: 0, folded: 0, durable }
        });
        let end = document.replica.text_len();
        let update = document.replica.edit(&[Splice::new(end, end, word)]);
        let mut records = Vec::new();
        if document.sequence == 0 {
            records.push(document.record(RecordKind::Create, name.as_bytes()));
        }
        records.push(document.record(RecordKind::Update, &update));
        storage.journal.reserve(2).await.unwrap().append(records, &document.durable);
        let mut durable = document.durable.subscribe();
        durable.wait_for(|durable| durable.through == document.sequence).await.unwrap();
        files(&self.data.join("journal")).into_keys().last().unwrap()
    }

    /// Merges what there is of a document into the store.
    fn fold(&mut self, name: &str) {
        let document = self.documents.get_mut(name).unwrap();
        document.folded = document.sequence;
        let state = document.replica.encode();
        let attribution = Vec::new();
        let folded = Folded {
            through: document.sequence,
            incarnation: 1,
            state,
            attribution,
            about: Vec::new(),
        };
        self.storage.store.fold(document.number, &folded).unwrap();
    }

    /// Lets the journal go of what is folded of a document.
    async fn prune(&self, name: &str) {
        let Written { number, folded, .. } = self.documents[name];
        self.storage.journal.folded(number, folded);
        self.storage.journal.unfolded().await.unwrap();
    }

    async fn end(self) -> BTreeMap<&'static str, String> {
        self.storage.journal.close().await.unwrap();
        let texts = self.documents.into_iter();
        texts.map(|(name, document)| (name, document.replica.text())).collect()
    }
}

impl Written {
    fn record(&mut self, kind: RecordKind, bytes: &[u8]) -> Record {
        self.sequence += 1;
        Record {
            kind,
            document: self.number,
            incarnation: 1,
            sequence: self.sequence,
            author: String::new(),
            dialect: 1,
            time: 0,
            bytes: bytes.to_vec().into(),
        }
    }
}

/// Flips a bit in the last third of a file.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.len() * 2 / 3;
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

async fn serve(data: &Path) -> (ServerProcess, String) {
    let port = free_port();
    let server = ServerProcess::start(([127, 0, 0, 1], port).into(), data).await;
    (server, format!("127.0.0.1:{port}"))
}

/// What a server says about its health.
async fn health(address: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    patiently("an answer", stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

/// Serves a directory read-only: these documents as they were, no other, and with nothing touched.
async fn expect_read_only(data: &Path, texts: &BTreeMap<&'static str, String>, whole: &[&str]) {
    let before = files(data);
    let (server, address) = serve(data).await;
    let answer = health(&address).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("read-only\n"), "{answer}");
    for (name, text) in texts {
        let served = Peer::fetch_text(server.url(name)).await;
        let expected = if whole.contains(name) { Ok(text.clone()) } else { Err(1011) };
        assert_eq!(served, expected, "{name}");
    }
    assert_eq!(Peer::fetch_text(server.url("never-heard-of")).await, Err(1011));
    assert!(server.terminate().await.success());
    assert!(files(data) == before, "a damaged directory was touched");
}

#[tokio::test]
async fn behind_a_damaged_entry_only_documents_that_go_on_without_a_gap_are_shown() {
    let data = TempDir::new().unwrap();
    let mut writing = Writing::begin(data.path());
    for name in ["before", "around", "gap", "folded-gap", "folded"] {
        writing.word(name, "one").await;
    }
    let damaged = [writing.word("gap", " two").await, writing.word("folded-gap", " two").await];
    writing.fold("folded-gap");
    writing.fold("folded");
    for name in ["around", "gap", "folded-gap", "after"] {
        writing.word(name, " three").await;
    }
    let texts = writing.end().await;
    damaged.iter().for_each(|path| damage(path));
    expect_read_only(data.path(), &texts, &["around", "folded-gap", "after"]).await;
    let (_, said) = codraft(&[&"verify", &"--data", &data.path()]).await;
    for name in texts.keys() {
        let is_left_out = ["before", "gap", "folded"].contains(name);
        let sentence = format!("the document {name:?} is not certain to be whole");
        assert_eq!(said.contains(&sentence), is_left_out, "{said}");
    }
    // A segment that is gone is no better than a damaged one.
    fs::remove_file(&damaged[0]).unwrap();
    expect_read_only(data.path(), &texts, &["around", "folded-gap", "after"]).await;
}

/// A directory with a document that the store alone has, one of which it has the beginning, and two that are in the
/// journal as a whole.
async fn folded(data: &Path) -> BTreeMap<&'static str, String> {
    let mut writing = Writing::begin(data);
    for name in ["store", "both"] {
        writing.word(name, "one").await;
        writing.fold(name);
        writing.prune(name).await;
    }
    writing.word("both", " two").await;
    writing.word("journal", "all").await;
    writing.word("also-folded", "all").await;
    writing.fold("also-folded");
    writing.prune("both").await;
    writing.end().await
}

const IN_THE_JOURNAL: [&str; 2] = ["journal", "also-folded"];

#[tokio::test]
async fn without_the_store_documents_that_are_in_the_journal_from_their_beginning_are_shown() {
    let whole = TempDir::new().unwrap();
    let texts = folded(whole.path()).await;
    let store = files(&whole.path().join("store"));
    let damaged = |path: &&PathBuf| {
        let name = path.display().to_string();
        name.contains("snapshot_") || name.ends_with("cookie") || name.ends_with("slabs/128")
    };
    let mut rounds = 0;
    let is_used = |path: &&PathBuf| !store[*path].is_empty();
    for path in store.keys().filter(damaged).filter(is_used) {
        for is_cut in [false, true] {
            let bytes = fs::read(path).unwrap();
            damage(path);
            if is_cut {
                fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
            }
            expect_read_only(whole.path(), &texts, &IN_THE_JOURNAL).await;
            fs::write(path, bytes).unwrap();
            rounds += 1;
        }
    }
    assert!(rounds >= 4, "{rounds} rounds");
    fs::rename(whole.path().join("store"), whole.path().join("aside")).unwrap();
    expect_read_only(whole.path(), &texts, &IN_THE_JOURNAL).await;
}

#[tokio::test]
async fn what_is_typed_into_a_damaged_directory_is_seen_by_others_and_saved_when_it_is_whole_again()
{
    let data = TempDir::new().unwrap();
    let mut texts = folded(data.path()).await;
    let sentinel = data.path().join("SENTINEL");
    let whole = fs::read(&sentinel).unwrap();
    damage(&sentinel);
    let before = files(data.path());
    let (server, address) = serve(data.path()).await;
    let mut ann = Client::connect(&server.url("journal"), 1).await;
    let mut bob = Client::connect(&server.url("journal"), 2).await;
    let refuses = |session: &Session| session.status().storage_refusing;
    ann.until("the word that nothing is saved", refuses).await;
    ann.append(" and more");
    ann.drive().await;
    bob.until_text("all and more").await;
    // A keep-alive's worth of time in which it could be called saved.
    ann.run_for(std::time::Duration::from_millis(2_500)).await;
    assert!(!ann.session.status().saved, "nothing is saved on a damaged disk");
    assert!(server.terminate().await.success());
    assert!(files(data.path()) == before, "a damaged directory was touched");
    fs::write(&sentinel, whole).unwrap();
    let server = ServerProcess::start(address.parse().unwrap(), data.path()).await;
    ann.until_saved().await;
    texts.insert("journal", "all and more".into());
    for (name, text) in texts {
        assert_eq!(Peer::fetch_text(server.url(name)).await, Ok(text), "{name}");
    }
}

/// Runs `codraft` with these arguments; returns whether it succeeded and what it said.
async fn codraft(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> (bool, String) {
    let mut command = ServerProcess::command();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    let output = patiently("codraft", command.output()).await.unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test]
async fn an_operator_takes_what_is_whole_out_of_a_damaged_directory_and_restores_over_it() {
    let folder = TempDir::new().unwrap();
    let (data, good) = (folder.path().join("data"), folder.path().join("good.tar"));
    let (partial, export) = (folder.path().join("partial.tar"), folder.path().join("export"));
    let texts = folded(&data).await;
    let (succeeded, said) = codraft(&[&"backup", &good, &"--data", &data]).await;
    assert!(succeeded, "{said}");
    let texts = BTreeMap::from_iter(texts);
    let snapshot = files(&data.join("store/metadata")).into_keys().last().unwrap();
    damage(&snapshot);
    let before = files(&data);
    for refused in ["verify", "compact"] {
        let (succeeded, said) = codraft(&[&refused, &"--data", &data]).await;
        let explained = said.contains("snapshot_") && said.contains("codraft restore");
        assert!(!succeeded && explained, "{refused}: {said}");
    }
    for (command, place) in [("backup", &partial), ("export", &export)] {
        let (succeeded, said) = codraft(&[&command, place, &"--data", &data]).await;
        assert!(!succeeded && said.contains("--partial") && !place.exists(), "{command}: {said}");
        let (succeeded, said) = codraft(&[&command, place, &"--data", &data, &"--partial"]).await;
        assert!(succeeded && said.contains("snapshot_"), "{command}: {said}");
    }
    assert!(files(&data) == before, "a damaged directory was touched");
    let (succeeded, said) = codraft(&[&"restore", &good, &"--data", &data, &"--force"]).await;
    assert!(succeeded, "{said}");
    let (server, _) = serve(&data).await;
    for (name, text) in texts {
        assert_eq!(Peer::fetch_text(server.url(name)).await, Ok(text), "{name}");
    }
}
