//! Folds documents that nobody has open, after each start and now and then: a quiet document must not keep the journal
//! long. Lets a quiet store rest, and removes files that nobody owns. It knows names and numbers, not what is in documents.

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use codraft_core::DocId;
use tokio::sync::{oneshot, watch};
use tracing::{info, warn};

use crate::hub::Hub;
use crate::mail::Mail;
use crate::shelves::Shelves;
use crate::store::{DocNumber, Store};

/// How long after one round the next begins; a full disk may have refused folds meanwhile.
const PAUSE: Duration = Duration::from_secs(600);

/// How long the store has read and written nothing when it is let rest.
const QUIET: Duration = Duration::from_secs(10);

/// Folds what is not, one document after another: first what the last run of the server left.
pub(crate) async fn run(hub: Hub, shelves: Shelves, mut closing: watch::Receiver<()>) {
    let rounds = async {
        clean(&hub, &shelves, "documents of the last run").await;
        empty_graves(&hub, &shelves.store).await;
        loop {
            sweep_files(&shelves).await;
            tokio::time::sleep(PAUSE).await;
            clean(&hub, &shelves, "documents").await;
        }
    };
    tokio::select! {
        () = rounds => {}
        () = let_rest(&shelves.store) => {}
        _ = closing.changed() => {}
    }
}

async fn let_rest(store: &Store) {
    let mut before = 0;
    loop {
        tokio::time::sleep(QUIET).await;
        let now = store.kept();
        if now == before {
            store.rest();
        }
        before = now;
    }
}

async fn clean(hub: &Hub, shelves: &Shelves, which: &str) {
    match fold_all(hub, shelves).await {
        Ok(0) => {}
        Ok(documents) => info!(documents, "{which} were folded"),
        Err(error) => warn!(%error, "{which} could not be folded"),
    }
}

async fn fold_all(hub: &Hub, shelves: &Shelves) -> Result<usize, Box<dyn Error + Send + Sync>> {
    let unfolded = shelves.journal.unfolded().await?;
    if unfolded.is_empty() {
        return Ok(0);
    }
    let store = shelves.store.clone();
    let names = tokio::task::spawn_blocking(move || store.names()).await??;
    let names: HashMap<DocNumber, String> =
        names.into_iter().map(|(name, entry)| (entry.number, name)).collect();
    for number in &unfolded {
        if let Some(name) = names.get(number).and_then(|name| DocId::new(name).ok()) {
            fold(hub, name).await;
        }
    }
    Ok(unfolded.len())
}

/// Has the store let go of what deleted documents held, where the last run has ended between the two.
async fn empty_graves(hub: &Hub, store: &Store) {
    let store = store.clone();
    match tokio::task::spawn_blocking(move || store.outlived()).await {
        Ok(Ok(names)) => {
            for name in names.iter().filter_map(|name| DocId::new(name).ok()) {
                fold(hub, name).await;
            }
            if !names.is_empty() {
                info!(documents = names.len(), "what deleted documents held was let go of");
            }
        }
        Ok(Err(error)) => warn!(%error, "what deleted documents held may still be there"),
        Err(error) => warn!(%error, "what deleted documents held may still be there"),
    }
}

/// Has files removed that belong to no document any more: the server may have ended between the two.
async fn sweep_files(shelves: &Shelves) {
    if shelves.rescue.is_some() {
        return;
    }
    let (files, store) = (shelves.files.clone(), shelves.store.clone());
    let looked = tokio::task::spawn_blocking(move || {
        // Those with files first: whoever has just begun must be among the names.
        let owners = files.owners()?;
        let names = store.names()?.into_iter();
        let lives: HashMap<_, _> =
            names.map(|(_, entry)| (entry.number, entry.incarnation)).collect();
        Ok((owners, lives))
    });
    let looked: Result<_, Box<dyn Error + Send + Sync>> =
        looked.await.unwrap_or_else(|e| Err(e.into()));
    match looked {
        Ok((owners, lives)) => match shelves.files.sweep(owners, &lives).await {
            0 => {}
            documents => info!(documents, "files of deleted documents were removed"),
        },
        Err(error) => warn!(%error, "files of deleted documents may still be there"),
    }
}

/// Opens a document's room, has it fold and lets it go again. One that cannot be opened has said so.
async fn fold(hub: &Hub, name: DocId) {
    let (done, folded) = oneshot::channel();
    let Some(room) = hub.open(name).await else { return };
    if room.send(Mail::Fold { done }).await.is_ok() {
        // It is dropped, not sent, when the fold is over.
        let _ = folded.await;
    }
}
