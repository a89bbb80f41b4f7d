//! What whole-system tests are made of: real servers, real sockets, real replicas. It asserts nothing about the product.
//!
//! Every wait is for an event and ends with a sentence after [`PATIENCE`]; nothing sleeps. Random tests print their seed
//! and run it again when `CODRAFT_SEED` says so.

mod api;
mod client;
mod corpus;
mod disk;
mod http;
mod peer;
mod seed;
mod server;
mod small_disk;
mod trace;
mod typist;

use std::collections::BTreeMap;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use api::{Api, Events, Heard};
pub use client::Client;
pub use corpus::{Hostile, Reaction, corpus};
pub use disk::{Disk, Names, Survivors};
pub use http::{Answer, Asking};
pub use peer::{Peer, Said};
pub use seed::{Mischief, seeds};
pub use server::{ServerProcess, TestServer, free_port};
pub use small_disk::SmallDisk;
pub use trace::{Call, Event, Place, Recorder, Trace};
pub use typist::Typist;

/// How long anything may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for something that is expected; `what` completes the sentence "waited too long for …".
pub async fn patiently<T>(what: &str, event: impl Future<Output = T>) -> T {
    // In a box: a handshake takes as much of the stack as a test thread has for a few of them.
    match tokio::time::timeout(PATIENCE, Box::pin(event)).await {
        Ok(done) => done,
        Err(_) => panic!("waited too long for {what}"),
    }
}

/// Every file of a folder with its bytes, at any depth.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder to read") {
        let path = entry.expect("an entry to read").path();
        match fs::metadata(&path).expect("a file to look at") {
            metadata if metadata.is_dir() => files.extend(self::files(&path)),
            metadata if metadata.is_file() => {
                files.insert(path.clone(), fs::read(path).expect("a file to read"));
            }
            _ => {}
        }
    }
    files
}
