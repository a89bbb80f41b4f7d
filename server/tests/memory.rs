//! How much a store keeps in memory of documents that were read and written; alone in its process, whose memory it looks
//! at.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use codraft::{
    storage::Storage,
    store::{DocNumber, Folded},
};

const DOCUMENTS: u64 = 80;
const DOCUMENT_BYTES: usize = 2 << 20;
/// Less than the documents are, and more than the store is to keep.
const MOST_BYTES: u64 = 100 << 20;

fn state(number: u64) -> Folded {
    let state = (0..DOCUMENT_BYTES as u64).map(|at| ((at * at * number) >> 9) as u8).collect();
    Folded { through: 1, incarnation: 1, state, attribution: Vec::new(), about: Vec::new() }
}

/// Bytes of this process's memory that are no file's.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10
}

fn expect_little_more_than(before: u64) {
    let more = memory().saturating_sub(before);
    assert!(more < MOST_BYTES, "{} MiB are kept", more >> 20);
}

#[tokio::test]
async fn a_store_does_not_keep_in_memory_what_was_folded_and_loaded_through_it() {
    let data = tempfile::tempdir().unwrap();
    let Storage { store, journal, .. } = Storage::open(data.path()).unwrap();
    let before = memory();
    for number in 1..=DOCUMENTS {
        store.fold(DocNumber(number), &state(number)).unwrap();
    }
    expect_little_more_than(before);
    for number in 1..=DOCUMENTS {
        assert_eq!(store.load(DocNumber(number)).unwrap(), Some(state(number)));
    }
    expect_little_more_than(before);
    journal.close().await.unwrap();
}
