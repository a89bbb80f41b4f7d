//! Documents that have lived long: thousands of past sessions, and text that was deleted.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use codraft::storage::Storage;
use codraft_core::{Splice, Writer, frame};
use codraft_tests::{Client, Peer, Said, ServerProcess, TestServer, free_port};

const SESSIONS: u64 = 20_000;

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

/// One letter by each of many clients, each behind the one before, as one update.
fn letters_of_many() -> Vec<u8> {
    const STRING: u8 = 4;
    const HAS_ORIGIN: u8 = 0x80;
    let mut update = Writer::new();
    update.var_uint(SESSIONS);
    for client in 1..=SESSIONS {
        update.var_uint(1).var_uint(client).var_uint(0);
        match client {
            1 => update.raw(&[STRING, 1]).var_string("content"),
            _ => update.raw(&[STRING | HAS_ORIGIN]).var_uint(client - 1).var_uint(0),
        };
        update.var_string("x");
    }
    update.var_uint(0);
    update.finish()
}

#[tokio::test]
async fn a_document_of_thousands_of_past_sessions_is_edited_folded_and_opened_again() {
    let mut server = TestServer::start().await;
    let url = server.url("old");
    let mut peer = Peer::connect(&url).await;
    peer.send(&frame::update(&letters_of_many())).await;
    let echoed = |said| matches!(said, Said::Update(_)).then_some(());
    peer.hear_until("the word that it is on disk", echoed).await;

    let mut text = "x".repeat(SESSIONS as usize);
    for round in [SESSIONS + 1, SESSIONS + 2] {
        let mut ann = Client::connect(&url, round).await;
        ann.until_text(&text).await;
        ann.edit(&[Splice::new(5_000, 5_001, "the 5,001st. ")]);
        ann.until_saved().await;
        text = ann.editor.clone();
        server.restart().await;
    }
    Client::connect(&url, SESSIONS + 3).await.until_text(&text).await;
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries.map(|entry| entry.path()).collect()
}

fn says(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[tokio::test]
async fn text_that_was_deleted_before_the_first_fold_is_neither_in_it_nor_in_the_journal_left() {
    const SECRET: &str = "a word that should not have been written";
    let data = tempfile::tempdir().expect("a temporary directory");
    let server = ServerProcess::start(address(), data.path()).await;
    let mut ann = Client::connect(&server.url("notes"), 1).await;
    ann.append("Kept. ");
    ann.append(SECRET);
    ann.until_saved().await;
    ann.edit(&[Splice::new(6, 6 + SECRET.len() as u32, "")]);
    ann.until_saved().await;
    // The last reader has gone, and the document is folded.
    assert!(server.terminate().await.success());

    let Storage { store, journal, .. } = Storage::open(data.path()).expect("a data directory");
    let entry = store.find("notes").expect("a readable store").expect("the document");
    let folded = store.load(entry.number).expect("a readable store").expect("a fold");
    assert!(says(&folded.state, "Kept. ") && !says(&folded.state, SECRET));
    journal.close().await.expect("a journal that ends well");
    for file in files(&data.path().join("journal")) {
        let bytes = fs::read(&file).expect("a segment");
        assert!(!says(&bytes, SECRET), "{} still has it", file.display());
    }
}
