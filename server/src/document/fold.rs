//! A merged state on its way from a document to the store. It knows bytes and sequences, not what is in a document.

use bytes::Bytes;
use tokio::sync::watch;
use tracing::error;

use crate::journal::{Durable, StorageState};
use crate::store::{DocEntry, Folded, Store};

/// A merged state on its way to the store.
pub(super) struct Unwritten {
    pub(super) entry: DocEntry,
    pub(super) through: u64,
    pub(super) state: Bytes,
    pub(super) notes: Vec<u8>,
    /// What lists say about it.
    pub(super) about: Vec<u8>,
}

/// Writes a merged state once the journal has everything in it: were it ahead, a crash would leave a gap after it.
pub(super) async fn write_fold(
    store: Store,
    unwritten: Unwritten,
    mut durable: watch::Receiver<Durable>,
) -> Option<u64> {
    let Unwritten { entry, through, state, notes, about } = unwritten;
    let refuses = |durable: &Durable| durable.storage != StorageState::Accepting;
    let settled = durable
        .wait_for(|durable| durable.through >= through || refuses(durable))
        .await
        .ok()?
        .clone();
    if settled.through < through {
        return None;
    }
    let (incarnation, state) = (entry.incarnation, state.to_vec());
    let folded = Folded { through, incarnation, state, attribution: notes, about };
    match blocking(move || store.fold(entry.number, &folded)).await {
        Ok(()) => Some(through),
        Err(error) => {
            error!(%error, "the document could not be folded; its entries stay in the journal");
            None
        }
    }
}

/// Runs what blocks on a thread for that; a panic there goes on here.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
