//! What a process that died was opening: a document that has killed two of them is not opened again. Knows numbers and
//! files, not documents.
//!
//! A crumb is a file with one byte for each time it was laid and not picked up again. It need not survive a power loss:
//! only a process that dies of a document must leave it behind.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::store::DocNumber;

const FOLDER: &str = "opening";
/// Processes that may die while they open a document.
const DEATHS: u64 = 2;

/// Why a document is not opened.
#[derive(Debug, Error)]
#[error(
    "{DEATHS} servers have died while they opened it, so it is kept as it is; \
     remove {} to try again, or restore a backup with `codraft restore`",
    .0.display()
)]
pub(crate) struct Quarantined(PathBuf);

/// The folder of crumbs.
#[derive(Debug, Clone)]
pub(crate) struct Crumbs {
    folder: PathBuf,
    /// Deaths of earlier processes, by document.
    deaths: Arc<HashMap<u64, u64>>,
    /// Whether new ones may be laid.
    is_writable: bool,
    /// Documents under suspicion are opened one at a time, so that a death is blamed on the right one.
    suspects: Arc<Semaphore>,
}

/// A document is being opened; dropping this says that the process has survived it.
#[derive(Debug)]
pub(crate) struct Crumb {
    path: Option<PathBuf>,
    /// Of suspects one at a time.
    turn: Option<OwnedSemaphorePermit>,
}

impl Crumbs {
    /// Those of a data directory, which may be one that is only read.
    pub(crate) fn of(data: &Path, is_writable: bool) -> Self {
        let folder = data.join(FOLDER);
        let deaths = Arc::new(deaths(&folder));
        Self { folder, deaths, is_writable, suspects: Arc::new(Semaphore::new(1)) }
    }

    /// Lays a crumb before a document is opened, unless it has killed too often.
    pub(crate) async fn lay(&self, document: DocNumber) -> Result<Crumb, Quarantined> {
        let path = self.folder.join(document.0.to_string());
        let deaths = self.deaths_of(document, &path);
        if deaths >= DEATHS {
            return Err(Quarantined(path));
        }
        let turn = match deaths {
            0 => None,
            _ => self.suspects.clone().acquire_owned().await.ok(),
        };
        if !self.is_writable {
            return Ok(Crumb { path: None, turn });
        }
        self.put(&path, deaths + 1);
        Ok(Crumb { path: Some(path), turn })
    }

    /// Lays one for a document that has been opened before without a death.
    pub(crate) fn lay_again(&self, document: DocNumber) -> Crumb {
        let path = self.folder.join(document.0.to_string());
        let path = self.is_writable.then(|| {
            self.put(&path, self.deaths_of(document, &path) + 1);
            path
        });
        Crumb { path, turn: None }
    }

    /// How many documents are not opened any more. Blocks.
    pub(crate) fn quarantined(&self) -> usize {
        let Ok(crumbs) = fs::read_dir(&self.folder) else { return 0 };
        let sizes = crumbs.filter_map(|crumb| Some(crumb.ok()?.metadata().ok()?.len()));
        sizes.filter(|&deaths| deaths >= DEATHS).count()
    }

    /// A crumb that is not there has been picked up; one that no earlier process has left is of a load that is under way.
    fn deaths_of(&self, document: DocNumber, path: &Path) -> u64 {
        let deaths = self.deaths.get(&document.0).copied().unwrap_or(0);
        if deaths > 0 && path.exists() { deaths } else { 0 }
    }

    /// Written, not added to: a backup may be opening the same document at the same time.
    fn put(&self, path: &Path, bytes: u64) {
        let put = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(path, b".".repeat(bytes as usize)));
        if let Err(error) = put {
            // A full disk must not keep documents from being read.
            tracing::debug!(%error, path = %path.display(), "a crumb could not be laid");
        }
    }
}

/// The crumbs that lie in a folder.
fn deaths(folder: &Path) -> HashMap<u64, u64> {
    let Ok(entries) = fs::read_dir(folder) else { return HashMap::new() };
    let crumb = |entry: fs::DirEntry| {
        Some((entry.file_name().to_str()?.parse().ok()?, entry.metadata().ok()?.len()))
    };
    entries.flatten().filter_map(crumb).collect()
}

impl Crumb {
    /// Whether a process has died of the document before.
    pub(crate) fn is_of_a_suspect(&self) -> bool {
        self.turn.is_some()
    }
}

impl Drop for Crumb {
    fn drop(&mut self) {
        let Some(path) = &self.path else { return };
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, path = %path.display(), "a crumb could not be picked up");
            }
            Ok(()) | Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: DocNumber = DocNumber(7);

    /// As if the process died: the crumb is not picked up.
    async fn die(crumbs: &Crumbs) {
        std::mem::forget(crumbs.lay(DOCUMENT).await.unwrap());
    }

    #[tokio::test]
    async fn a_document_that_killed_two_processes_is_not_opened_until_its_crumb_is_removed() {
        let data = tempfile::tempdir().unwrap();
        for _ in 0..DEATHS {
            die(&Crumbs::of(data.path(), true)).await;
        }
        let crumbs = Crumbs::of(data.path(), true);
        let refusal = crumbs.lay(DOCUMENT).await.unwrap_err().to_string();
        let crumb = data.path().join("opening/7");
        assert!(refusal.contains(&crumb.display().to_string()), "{refusal}");
        assert!(crumbs.lay(DocNumber(8)).await.is_ok(), "another document suffers for it");
        fs::remove_file(crumb).unwrap();
        assert!(crumbs.lay(DOCUMENT).await.is_ok());
    }

    #[tokio::test]
    async fn a_document_that_opened_once_starts_anew() {
        let data = tempfile::tempdir().unwrap();
        for _ in 0..3 {
            die(&Crumbs::of(data.path(), true)).await;
            drop(Crumbs::of(data.path(), true).lay(DOCUMENT).await.unwrap());
        }
        assert!(!data.path().join("opening/7").exists());
    }
}
