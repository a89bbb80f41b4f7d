//! What was in a deleted document does not come back into the next one of its name, whoever still has a copy and however
//! they bring it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use codraft::journal::{Durable, Record, RecordKind, StorageState};
use codraft::storage::Storage;
use codraft::store::{DocEntry, DocNumber, Folded};
use codraft_core::session::Network;
use codraft_core::{ClientId, Replica, Splice, frame};
use codraft_tests::{Api, Client, Peer, ServerProcess, files, free_port, patiently};
use tokio::sync::watch;

use super::deleting::succeed;
use super::{problem, with_ann};

const GONE: u16 = 4404;

/// A copy of the document as it was.
fn copy_of(update: &[u8], client: u64) -> Replica {
    let mut copy = Replica::new(ClientId::from_random(client));
    copy.merge(update).expect("a document of the server's");
    copy
}

async fn fetch(api: Api) -> Vec<u8> {
    api.get("/doc/update", &[]).await.bytes
}

fn append(replica: &mut Replica, text: &str) -> Vec<u8> {
    let end = replica.text_len();
    replica.edit(&[Splice::new(end, end, text)])
}

/// How the server takes frames that come together.
async fn ends(url: &str, frames: &[u8]) -> u16 {
    let mut peer = Peer::connect(url).await;
    peer.try_send(frames.to_vec()).await;
    peer.closed().await.0
}

/// Asserts that a copy of an earlier life is kept out on every way, and that nothing of it has come in.
async fn assert_is_kept_out(address: SocketAddr, old: &[u8], stage: &str) {
    let (url, api) = (format!("ws://{address}/ws/doc"), Api::of(address));
    let before = fetch(api).await;
    let mut copy = copy_of(old, 77);
    let beside = append(&mut copy, "beside");
    let after = append(&mut copy, "after");
    assert_eq!(ends(&url, &frame::step1(&copy.state_vector())).await, GONE, "{stage}: a question");
    assert_eq!(ends(&url, &frame::step2(old)).await, GONE, "{stage}: an answer");
    assert_eq!(ends(&url, &frame::update(&beside)).await, GONE, "{stage}: what builds on it");
    problem(&api.send("POST", "/doc/update", &[], old).await, 410, "was deleted");
    problem(&api.send("POST", "/doc/update", &[], &beside).await, 410, "was deleted");
    assert!(fetch(api).await == before, "{stage}: something has come in");
    // A peer that nobody knew, and who goes on with what nobody has: it is asked, and then tells.
    let mut peer = Peer::connect(&url).await;
    peer.send(&frame::update(&after)).await;
    peer.send(&frame::step2(&copy.encode())).await;
    assert_eq!(peer.closed().await.0, GONE, "{stage}: a gap");
    assert!(fetch(api).await == before, "{stage}: something has come in");
}

#[tokio::test]
async fn no_copy_of_a_deleted_document_gets_into_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let address: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    let server = ServerProcess::start(address, &path("data")).await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("old words");
    ann.until_saved().await;
    ann.unplug();
    let first = fetch(api).await;
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    server.kill().await;

    let server = ServerProcess::start(address, &path("data")).await;
    assert_is_kept_out(address, &first, "after kill -9").await;
    assert_eq!(api.send("PUT", "/doc/text", &[], b"new words").await.status, 204);
    let second = fetch(api).await;
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(api.send("PUT", "/doc/text", &[], b"x").await.status, 404);
    assert!(server.terminate().await.success());
    succeed(&[&"compact", &"--data", &path("data")]).await;
    succeed(&[&"backup", &path("grave.tar"), &"--data", &path("data")]).await;

    let server = ServerProcess::start(address, &path("data")).await;
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    for old in [&first, &second] {
        assert_is_kept_out(address, old, "from a fold").await;
    }
    ann.plug_in();
    let refused = Network::Refused { code: GONE };
    ann.until("the end", |session| session.status().network == refused).await;
    let mut bob = Client::connect(&server.url("doc"), 2).await;
    bob.append("new words");
    bob.until_saved().await;
    drop(bob);
    server.kill().await;
    succeed(&[&"backup", &path("life.tar"), &"--data", &path("data")]).await;

    for backup in ["grave.tar", "life.tar"] {
        succeed(&[&"restore", &path(backup), &"--data", &path(backup).with_extension("data")])
            .await;
        let server = ServerProcess::start(address, &path(backup).with_extension("data")).await;
        api.send("PUT", "/doc", &[], b"").await;
        for old in [&first, &second] {
            assert_is_kept_out(address, old, backup).await;
        }
        let text = api.get("/doc/text", &[]).await.body;
        assert_eq!(text, if backup == "life.tar" { "new words" } else { "" });
        assert!(server.terminate().await.success());
    }
}

#[tokio::test]
async fn what_is_typed_before_an_old_word_in_one_breath_is_taken_and_the_rest_is_not() {
    let (server, api, ann) = with_ann("old").await;
    let old = fetch(api).await;
    drop(ann);
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    let mut fresh = Replica::new(ClientId::from_random(5));
    let mut frames = Vec::new();
    for update in [append(&mut fresh, "n"), append(&mut fresh, "ew"), old, append(&mut fresh, "!")]
    {
        frame::push_update(&mut frames, &update);
    }
    assert_eq!(ends(&server.url("doc"), &frames).await, GONE);
    assert_eq!(api.get("/doc/text", &[]).await.body, "new");
}

#[tokio::test]
async fn whoever_may_only_read_does_not_get_the_new_text_into_an_old_copy() {
    let (server, api, ann) = with_ann("old").await;
    let old = copy_of(&fetch(api).await, 7);
    drop(ann);
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(api.send("PUT", "/doc/text?field=other", &[], b"x").await.status, 404);
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    let mut peer = Peer::connect(&server.url("doc")).await;
    peer.send(&frame::step1(&old.state_vector())).await;
    let heard = peer.hear_until("the end", |said| match said {
        codraft_tests::Said::Step2(_) => Some(Err("it was sent the new text")),
        codraft_tests::Said::Closed(code, _) => Some(Ok(code)),
        _ => None,
    });
    assert_eq!(heard.await, Ok(GONE));
}

#[tokio::test]
async fn deleting_what_is_buried_anyway_is_no_harm_and_a_gap_of_the_new_life_is_asked_for() {
    let (server, api, ann) = with_ann("old").await;
    let mut copy = copy_of(&fetch(api).await, 7);
    drop(ann);
    let deletion = copy.edit(&[Splice::new(0, 3, "")]);
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    let mut peer = Peer::connect(&server.url("doc")).await;
    peer.send(&frame::update(&deletion)).await;
    peer.settle().await;
    let mut fresh = Replica::new(ClientId::from_random(5));
    append(&mut fresh, "ne");
    peer.send(&frame::update(&append(&mut fresh, "w"))).await;
    peer.settle().await;
    peer.send(&frame::step2(&fresh.encode())).await;
    peer.settle().await;
    assert_eq!(api.get("/doc/text", &[]).await.body, "new");
}

const SECRET: &str = "a word that is nowhere else";

/// A data directory with one document, as these entries of the journal left it.
async fn journalled(data: &Path, entries: Vec<(RecordKind, u32, Vec<u8>)>) -> (Storage, DocNumber) {
    let storage = Storage::open(data).expect("a data directory");
    let document = storage.store.next_number();
    storage.store.create("doc", DocEntry { number: document, incarnation: 1 }).expect("a new name");
    storage.journal.tail(document, 0).await.expect("a journal");
    let record = |(sequence, (kind, incarnation, bytes))| Record {
        kind,
        document,
        incarnation,
        sequence,
        author: String::new(),
        dialect: 0,
        time: 0,
        bytes: Vec::into(bytes),
    };
    let records: Vec<Record> = (1..).zip(entries).map(record).collect();
    let last = records.len() as u64;
    let durable = Durable { through: 0, storage: StorageState::Accepting };
    let (durable, mut heard) = watch::channel(durable);
    let mut slots = storage.journal.reserve(records.len()).await.expect("room for them");
    slots.append(records, &Arc::new(durable));
    drop(slots);
    let saved = heard.wait_for(|durable| durable.through >= last);
    patiently("the records to be saved", saved).await.expect("a journal that goes on");
    (storage, document)
}

fn secret() -> Replica {
    let mut replica = Replica::new(ClientId::from_random(7));
    append(&mut replica, SECRET);
    replica
}

#[tokio::test]
async fn what_only_the_journal_has_of_a_deleted_document_stays_out_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let old = secret().encode();
    let entries = vec![
        (RecordKind::Create, 1, b"doc".to_vec()),
        (RecordKind::Update, 1, old.clone()),
        (RecordKind::Delete, 1, b"doc".to_vec()),
        (RecordKind::Create, 3, b"doc".to_vec()),
    ];
    let (storage, _) = journalled(&data, entries).await;
    storage.journal.close().await.expect("a journal that ends well");
    drop(storage.store);
    let address: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    for stage in ["from the journal", "from the fold that came of it"] {
        let server = ServerProcess::start(address, &data).await;
        assert_eq!(Api::of(address).get("/doc/text", &[]).await.body, "");
        assert_is_kept_out(address, &old, stage).await;
        assert!(server.terminate().await.success());
    }
}

/// Leaves a data directory as a crash can: the store knows that a document was deleted, and the journal does not.
async fn named_dead(data: &Path) -> Vec<u8> {
    let create = (RecordKind::Create, 1, b"doc".to_vec());
    let (storage, number) = journalled(data, vec![create]).await;
    let (through, state, attribution) = (1, secret().encode(), Vec::new());
    let folded =
        Folded { through, incarnation: 1, state: state.clone(), attribution, about: Vec::new() };
    storage.store.fold(number, &folded).expect("a fold");
    storage.journal.folded(number, through);
    storage.store.create("doc", DocEntry { number, incarnation: 2 }).expect("a later life");
    storage.store.flush().expect("a store on disk");
    storage.journal.close().await.expect("a journal that ends well");
    state
}

fn is_secret_in(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
}

/// What the store has of the document.
fn folded(data: &Path) -> Folded {
    let Storage { store, .. } = Storage::open(data).expect("a data directory");
    let entry = store.find("doc").expect("a readable store").expect("the document");
    store.load(entry.number).expect("a readable store").expect("a fold")
}

#[tokio::test]
async fn a_deletion_that_a_crash_cut_short_leaves_nothing_behind_either() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let old = named_dead(&data).await;
    let address: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    let mut server = ServerProcess::start(address, &data).await;
    server.says("what deleted documents held was let go of").await;
    assert!(server.terminate().await.success());
    let emptied = folded(&data);
    assert_eq!(emptied.incarnation, 2);
    assert!(!is_secret_in(&emptied.state));
    let server = ServerProcess::start(address, &data).await;
    problem(&api.get("/doc", &[]).await, 404, "deleted");
    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    assert_is_kept_out(address, &old, "after the crash").await;
    assert!(server.terminate().await.success());
    succeed(&[&"compact", &"--data", &data]).await;
    assert_eq!(folded(&data).incarnation, 3);
    assert!(!files(&data.join("journal")).values().any(|bytes| is_secret_in(bytes)));
}
