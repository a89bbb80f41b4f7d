//! What becomes of a segment once everything in it is folded: it is removed, or kept for a time as raw history. Does not
//! know records.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{Keeper, segment, segment::Segment};
use crate::store::sync_directory;

/// The folder of history inside the journal's.
const FOLDER: &str = "history";

/// How often history is looked through for what is too old, at least.
pub(super) const TICK: Duration = Duration::from_secs(3600);

/// The end of segments.
#[derive(Debug)]
pub(super) struct Retirement {
    journal: PathBuf,
    keeper: Box<dyn Keeper>,
    /// How long history is kept after its last record; without it segments are removed.
    keep: Option<Duration>,
}

impl Retirement {
    pub(super) fn new(
        journal: &Path,
        keeper: Box<dyn Keeper>,
        keep: Option<Duration>,
    ) -> Retirement {
        Retirement { journal: journal.to_owned(), keeper, keep }
    }

    /// Whether history is kept.
    pub(super) fn keeps_history(&self) -> bool {
        self.keep.is_some()
    }

    /// Takes a segment out of the journal, durably; readers that hold it go on reading.
    pub(super) fn retire(&mut self, segment: &Segment) -> io::Result<()> {
        self.keeper.vouch()?;
        if self.keep.is_some() {
            self.archive(segment)?;
        } else {
            remove(segment.path())?;
        }
        sync_directory(&self.journal)
    }

    fn archive(&self, segment: &Segment) -> io::Result<()> {
        let history = folder(&self.journal);
        if !history.is_dir() {
            fs::create_dir(&history)?;
            sync_directory(&self.journal)?;
        }
        let name = segment.path().file_name().unwrap_or_default();
        fs::rename(segment.path(), history.join(name))?;
        // The new name first: a power loss may leave both, never neither.
        sync_directory(&history)
    }

    /// Removes history that is older than it is to be kept.
    pub(super) fn expire(&self) {
        let Some(keep) = self.keep else { return };
        let now = SystemTime::now();
        for path in list(&folder(&self.journal)).unwrap_or_default() {
            let written = fs::metadata(&path).and_then(|metadata| metadata.modified());
            let is_old = written
                .is_ok_and(|written| now.duration_since(written).is_ok_and(|age| age > keep));
            if is_old && let Err(error) = remove(&path) {
                tracing::warn!(%error, path = %path.display(), "old history could not be removed");
            }
        }
    }
}

/// Whether history is or was kept beside a journal.
pub fn has_history(journal: &Path) -> bool {
    folder(journal).is_dir()
}

/// Where the history of a journal lies.
pub(super) fn folder(journal: &Path) -> PathBuf {
    journal.join(FOLDER)
}

/// Its segments, oldest first; none where there is no history.
pub(super) fn list(history: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(history) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    paths.retain(|path| segment::number(path).is_some());
    paths.sort();
    Ok(paths)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
