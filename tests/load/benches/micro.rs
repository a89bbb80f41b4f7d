//! What the parts of one keystroke cost by themselves: `cargo bench --package codraft-load`.
//! Knows the core and the journal as libraries, and one server in this process for what goes over sockets.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use codraft::journal::{DocNumber, Durable, Journal, Record, RecordKind, StorageState};
use codraft::storage::Storage;
use codraft_core::gate::{Known, Verdict, check_update};
use codraft_core::{ClientId, Replica, Splice, frame};
use codraft_tests::{Peer, Said, TestServer};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::watch;

/// Letters of a document that somebody has worked on.
const EDITS: usize = 10_000;
/// People who are told a letter.
const PEOPLE: usize = 50;
/// A document's number in the journal.
const DOCUMENT: DocNumber = DocNumber(1);

/// A document, letter by letter: with a jump now and then, so that there are blocks.
fn letters() -> (Replica, Vec<Vec<u8>>) {
    let mut replica = Replica::new(ClientId::from_random(7));
    let mut random = fastrand::Rng::with_seed(7);
    let mut caret = 0;
    let mut letter = |length: usize| {
        if random.u32(..100) < 3 {
            caret = random.u32(..=length as u32);
        }
        caret += 1;
        replica.edit(&[Splice::new(caret - 1, caret - 1, random.lowercase())])
    };
    let updates = (0..EDITS).map(&mut letter).collect();
    (replica, updates)
}

fn gate(criterion: &mut Criterion) {
    let (replica, updates) = letters();
    let mut known = Known::default();
    for update in &updates[..EDITS - 1] {
        if let Ok(Verdict::Accept(accepted)) = check_update(update, &known.clone()) {
            known.extend(&accepted);
        }
    }
    let (letter, whole, nothing) = (&updates[EDITS - 1], replica.encode(), Known::default());
    criterion.bench_function("gate: a letter", |bencher| {
        bencher.iter(|| check_update(black_box(letter), &known).is_ok());
    });
    criterion.bench_function("gate: a whole document", |bencher| {
        bencher.iter(|| check_update(black_box(&whole), &nothing).is_ok());
    });
}

fn merge(criterion: &mut Criterion) {
    let (replica, updates) = letters();
    let (last, before) = updates.split_last().expect("there are letters");
    let whole = replica.encode();
    let before = || {
        let mut replica = Replica::new(ClientId::from_random(8));
        before.iter().for_each(|update| drop(replica.merge(update).expect("a letter")));
        replica
    };
    criterion.bench_function("merge: a letter", |bencher| {
        bencher.iter_batched_ref(
            before,
            |replica| replica.merge(last).is_ok(),
            BatchSize::PerIteration,
        );
    });
    criterion.bench_function("merge: a whole document", |bencher| {
        let empty = || Replica::new(ClientId::from_random(8));
        bencher.iter_batched_ref(
            empty,
            |replica| replica.merge(&whole).is_ok(),
            BatchSize::SmallInput,
        );
    });
}

fn encode(criterion: &mut Criterion) {
    let (replica, _) = letters();
    let state_vector = replica.state_vector();
    criterion
        .bench_function("encode: a whole document", |bencher| bencher.iter(|| replica.encode()));
    criterion.bench_function("encode: what somebody lacks who has all", |bencher| {
        bencher.iter(|| replica.diff(black_box(&state_vector)));
    });
}

fn journal(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::open(folder.path()).expect("a data directory");
    let durable = Durable { through: 0, storage: StorageState::Accepting };
    let durable = Arc::new(watch::Sender::new(durable));
    let mut sequence = 0;
    criterion.bench_function("journal: 100 entries until they are on disk", |bencher| {
        bencher.iter(|| {
            let records = (1..=100).map(|number| record(sequence + number)).collect();
            sequence += 100;
            runtime.block_on(append(&storage.journal, records, &durable, sequence));
        });
    });
}

async fn append(
    journal: &Journal,
    records: Vec<Record>,
    durable: &Arc<watch::Sender<Durable>>,
    last: u64,
) {
    let mut slots = journal.reserve(records.len()).await.expect("an open journal");
    slots.append(records, durable);
    let on_disk = |durable: &Durable| durable.through >= last;
    durable.subscribe().wait_for(on_disk).await.expect("a journal that goes on");
}

fn record(sequence: u64) -> Record {
    Record {
        kind: RecordKind::Update,
        document: DOCUMENT,
        incarnation: 1,
        sequence,
        author: String::new(),
        dialect: 1,
        time: 0,
        bytes: Bytes::from_static(&[0; 40]),
    }
}

/// From sending a letter until everybody else has it, a server and all its peers in this process.
fn broadcast(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let (_, updates) = letters();
    runtime.block_on(async {
        let mut server = TestServer::start().await;
        let mut people = Vec::new();
        for _ in 0..=PEOPLE {
            let mut peer = Peer::connect(&server.url("broadcast")).await;
            peer.send(&frame::step1(&[0])).await;
            let joined = |said| matches!(said, Said::Step2(_)).then_some(());
            peer.hear_until("the document", joined).await;
            people.push(peer);
        }
        let mut updates = updates.iter();
        criterion.bench_function("broadcast: a letter to 50 people", |bencher| {
            bencher.iter_custom(|times| {
                let told = tell(&mut people, &mut updates, times);
                tokio::task::block_in_place(|| Handle::current().block_on(told))
            });
        });
        server.stop().await;
    });
}

async fn tell<'a>(
    people: &mut [Peer],
    updates: &mut impl Iterator<Item = &'a Vec<u8>>,
    times: u64,
) -> Duration {
    let begin = Instant::now();
    for update in updates.take(times as usize) {
        people[0].send(&frame::update(update)).await;
        for peer in &mut people[1..] {
            let is_it =
                |said| matches!(said, Said::Update(heard) if heard == *update).then_some(());
            peer.hear_until("a letter", is_it).await;
        }
    }
    begin.elapsed()
}

criterion_group!(micro, gate, merge, encode, journal, broadcast);
criterion_main!(micro);
