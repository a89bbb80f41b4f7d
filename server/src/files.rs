//! Files that belong to documents: pictures in a folder of the data directory, each under the SHA-256 of its bytes. It knows
//! documents by their number and life, not who may see what.
//!
//! `files/NUMBER-LIFE/HASH.KIND` belongs to one life of a document: what is left of an earlier one is nobody's, and is
//! removed now and then. What is being received lies in `files/incoming`, and is nothing until it is moved from there.

mod incoming;
mod keeper;
mod kind;
mod name;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use crate::store::{DocEntry, DocNumber};
use keeper::{Order, Stock};

pub(crate) use incoming::{Incoming, NotReceived, Received, is_whole};
pub(crate) use kind::Kind;
pub(crate) use name::FileName;

const FOLDER: &str = "files";
const INCOMING: &str = "incoming";
/// Orders that may wait for the thread.
const ORDERS: usize = 64;

/// The files of all documents.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    folder: PathBuf,
    orders: mpsc::Sender<Order>,
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) name: FileName,
    pub(crate) bytes: u64,
}

/// Why a file is not kept.
#[derive(Debug, Error)]
pub(crate) enum NotKept {
    #[error("the document was deleted meanwhile")]
    Gone,
    #[error("the files of the document would have {needed} bytes, more than {most}")]
    Full { needed: u64, most: u64 },
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Files {
    /// Those of a data directory, which may be one that is only read; what the last run was still receiving is let go of.
    pub(crate) fn of(data: &Path, is_writable: bool) -> Self {
        let folder = data.join(FOLDER);
        if is_writable {
            clean(&folder.join(INCOMING));
        }
        let (orders, inbox) = mpsc::channel(ORDERS);
        Stock::new(folder.clone()).start(inbox);
        Self { folder, orders }
    }

    /// A place for a file that is about to come. Blocks.
    pub(crate) fn receive(&self) -> io::Result<Incoming> {
        Incoming::begin(&self.folder.join(INCOMING))
    }

    /// Gives a document a file, durably; returns whether it had it not before. All its files have at most so many bytes.
    pub(crate) async fn keep(
        &self,
        file: Received,
        owner: DocEntry,
        most: u64,
    ) -> Result<bool, NotKept> {
        self.order(|reply| Order::Keep { file, owner, most, reply }).await?
    }

    /// Bytes of all files of a document.
    pub(crate) async fn used(&self, owner: DocEntry) -> io::Result<u64> {
        self.order(|reply| Order::Count { owner, reply }).await?
    }

    /// Takes a file away, durably; returns whether there was one.
    pub(crate) async fn remove(&self, owner: DocEntry, name: FileName) -> io::Result<bool> {
        self.order(|reply| Order::Remove { owner, name, reply }).await?
    }

    /// Takes all files of a life away that is over. None is added to it any more.
    pub(crate) async fn forget(&self, owner: DocEntry) {
        match self.order(|reply| Order::Forget { owner, reply }).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) | Err(error) => {
                warn!(%error, document = owner.number.0, "files of a deleted document are still there");
            }
        }
    }

    /// The lives that have files. Blocks.
    pub(crate) fn owners(&self) -> io::Result<Vec<DocEntry>> {
        let Some(entries) = found(fs::read_dir(&self.folder))? else { return Ok(Vec::new()) };
        let names = entries.map(|entry| Ok(entry?.file_name()));
        let owners = names.map(|name: io::Result<_>| Ok(name?.to_str().and_then(owner_of)));
        owners.filter_map(Result::transpose).collect()
    }

    /// Takes away what belongs to none of these lives any more. `owners` are those that had files before the lives were
    /// looked up: a document that has just begun is not among them.
    pub(crate) async fn sweep(
        &self,
        owners: Vec<DocEntry>,
        lives: &HashMap<DocNumber, u32>,
    ) -> usize {
        let is_over = |owner: &DocEntry| lives.get(&owner.number) != Some(&owner.incarnation);
        let over: Vec<DocEntry> = owners.into_iter().filter(is_over).collect();
        for owner in &over {
            self.forget(*owner).await;
        }
        over.len()
    }

    /// A file of a document, if it has it. Blocks.
    pub(crate) fn open(&self, owner: DocEntry, name: &FileName) -> io::Result<Option<File>> {
        found(File::open(self.path(owner, name)))
    }

    /// Where it is, if it is there.
    pub(crate) fn path(&self, owner: DocEntry, name: &FileName) -> PathBuf {
        folder_of(&self.folder, owner).join(name.to_string())
    }

    /// The files of a document, in the order of their names. Blocks.
    pub(crate) fn list(&self, owner: DocEntry) -> io::Result<Vec<Stored>> {
        list(&folder_of(&self.folder, owner))
    }

    async fn order<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> io::Result<T> {
        let (reply, answer) = oneshot::channel();
        let gone = || io::Error::other("the thread for files has ended");
        self.orders.send(order(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }
}

/// The folder of a life.
fn folder_of(files: &Path, owner: DocEntry) -> PathBuf {
    files.join(format!("{}-{}", owner.number.0, owner.incarnation))
}

/// Whose folder has this name, if it is one of a life.
fn owner_of(folder: &str) -> Option<DocEntry> {
    let (number, life) = folder.split_once('-')?;
    let owner =
        DocEntry { number: DocNumber(number.parse().ok()?), incarnation: life.parse().ok()? };
    (format!("{}-{}", owner.number.0, owner.incarnation) == folder).then_some(owner)
}

/// What is not ours in a folder is passed over.
fn list(folder: &Path) -> io::Result<Vec<Stored>> {
    let Some(entries) = found(fs::read_dir(folder))? else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_str().and_then(FileName::read);
        // One that is gone meanwhile was removed.
        let (Some(name), Some(metadata)) = (name, found(entry.metadata())?) else { continue };
        files.push(Stored { name, bytes: metadata.len() });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// None for what is not there.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes what a process left that ended while it was receiving.
fn clean(incoming: &Path) {
    match found(fs::remove_dir_all(incoming)) {
        Ok(_) => {}
        Err(error) => {
            warn!(%error, path = %incoming.display(), "what was being received is still there")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
    const OWNER: DocEntry = DocEntry { number: DocNumber(7), incarnation: 1 };

    fn received(files: &Files, more: &[u8]) -> Received {
        let mut incoming = files.receive().unwrap();
        incoming.write(PNG).unwrap();
        incoming.write(more).unwrap();
        incoming.finish().unwrap()
    }

    #[tokio::test]
    async fn a_file_is_kept_once_counted_once_and_gone_with_its_owner() {
        let data = tempfile::tempdir().unwrap();
        let files = Files::of(data.path(), true);
        let all = PNG.len() as u64 + 1;
        assert!(files.keep(received(&files, b"a"), OWNER, all).await.unwrap());
        assert!(!files.keep(received(&files, b"a"), OWNER, all).await.unwrap());
        assert_eq!(files.used(OWNER).await.unwrap(), all);
        let full = files.keep(received(&files, b"b"), OWNER, all).await;
        assert!(matches!(full, Err(NotKept::Full { .. })), "{full:?}");
        let [only] = &files.list(OWNER).unwrap()[..] else { panic!("not one file") };
        assert!(files.open(OWNER, &only.name).unwrap().is_some());
        let again = DocEntry { incarnation: 3, ..OWNER };
        assert!(files.open(again, &only.name).unwrap().is_none());
        files.forget(OWNER).await;
        assert!(files.open(OWNER, &only.name).unwrap().is_none());
        let late = files.keep(received(&files, b"a"), OWNER, all).await;
        assert!(matches!(late, Err(NotKept::Gone)), "{late:?}");
        assert!(files.keep(received(&files, b"a"), again, all).await.unwrap());
        assert_eq!(fs::read_dir(data.path().join("files/incoming")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn what_nobody_owns_is_swept_and_what_was_coming_is_gone_after_a_start() {
        let data = tempfile::tempdir().unwrap();
        let files = Files::of(data.path(), true);
        let dead = DocEntry { number: DocNumber(8), incarnation: 1 };
        for owner in [OWNER, dead] {
            assert!(files.keep(received(&files, b""), owner, 1_000).await.unwrap());
        }
        std::mem::forget(files.receive().unwrap());
        fs::create_dir(data.path().join("files/notes")).unwrap();
        let files = Files::of(data.path(), true);
        assert!(!data.path().join("files/incoming").exists());
        let owners = files.owners().unwrap();
        assert_eq!(owners.len(), 2);
        let lives = HashMap::from([(OWNER.number, 1), (dead.number, 2)]);
        assert_eq!(files.sweep(owners, &lives).await, 1);
        assert_eq!(files.owners().unwrap(), [OWNER]);
        assert!(data.path().join("files/notes").exists(), "it is not ours");
    }
}
