//! Bytes that were refused, kept for whoever wants to know what they are: a folder with a bound. It knows no documents.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, io};

use bytes::Bytes;
use tokio::sync::Semaphore;
use tracing::{debug, info};

const FOLDER: &str = "garbage";
/// Files that are kept; of more the oldest go.
const FILES: usize = 64;
/// Bytes of one file; of more the first.
const FILE_BYTES: usize = 1 << 20;

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct Garbage {
    folder: PathBuf,
    /// What comes while something is being written is not kept: nobody fills the disk's queue with what they send.
    turn: Arc<Semaphore>,
}

impl Garbage {
    /// That of a data directory, which may be one that is only read.
    pub(crate) fn of(data: &Path, is_writable: bool) -> Self {
        let turn = Arc::new(Semaphore::new(usize::from(is_writable)));
        Self { folder: data.join(FOLDER), turn }
    }

    /// Keeps what was refused, sooner or later and if it can be.
    pub(crate) fn keep(&self, bytes: &Bytes) {
        let Ok(turn) = self.turn.clone().try_acquire_owned() else { return };
        let (folder, bytes) = (self.folder.clone(), bytes.clone());
        tokio::task::spawn_blocking(move || {
            match put(&folder, &bytes) {
                Ok(path) => info!(path = %path.display(), "the refused bytes are kept"),
                Err(error) => debug!(%error, "the refused bytes are not kept"),
            }
            drop(turn);
        });
    }
}

/// Writes a file; its name says when.
fn put(folder: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    names.sort();
    for oldest in &names[..(names.len() + 1).saturating_sub(FILES)] {
        fs::remove_file(oldest)?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let path = folder.join(format!("{now:020}.bin"));
    fs::write(&path, &bytes[..bytes.len().min(FILE_BYTES)])?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_no_more_than_fit() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join(FOLDER);
        let mut kept = Vec::new();
        for n in 0..FILES + 10 {
            kept.push(put(&folder, &vec![n as u8; n]).unwrap());
        }
        kept.dedup();
        let here = fs::read_dir(&folder).unwrap().count();
        assert!(here <= FILES, "{here} files");
        assert!(kept.last().unwrap().exists());
        assert!(!kept[0].exists());
        let large = put(&folder, &vec![7; FILE_BYTES + 1]).unwrap();
        assert_eq!(fs::metadata(large).unwrap().len(), FILE_BYTES as u64);
    }
}
