//! A thread that does the database's work in turn: sled's trees may move to a thread, not be shared.
//! Does not know what the work is.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
};

use super::{StoreError, database::Database};

const PANICKED: &str = "the database panicked over its files";

type Job = Box<dyn FnOnce(&Database) + Send>;

/// A handle to the thread; dropping it waits until the work that was handed in is done.
#[derive(Debug)]
pub(super) struct Worker {
    /// Where the database is, for messages.
    folder: PathBuf,
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts a thread with a database of its own; `keep` lives as long as the thread does.
    pub(super) fn start(
        name: &str,
        folder: &Path,
        database: Database,
        keep: impl Send + 'static,
    ) -> io::Result<Worker> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let work = move || {
            for job in inbox {
                job(&database);
            }
            drop(database);
            drop(keep);
        };
        let thread = std::thread::Builder::new().name(name.into()).spawn(work)?;
        Ok(Worker { folder: folder.to_owned(), jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has the thread do something and waits for the outcome.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, outcome) = mpsc::sync_channel(1);
        let folder = self.folder.clone();
        let job = Box::new(move |database: &Database| {
            // Whoever asked may be gone.
            let _ = reply.send(contain(&folder, || job(database)));
        });
        let panicked = || StoreError::damaged(&self.folder, 0, PANICKED);
        self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or_else(panicked)?;
        outcome.recv().map_err(|_| panicked())?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic has been logged where it happened.
            let _ = thread.join();
        }
    }
}

/// Does something with the database, which asserts its way through damaged files: says that they are.
pub(super) fn contain<T>(
    folder: &Path,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    use io::ErrorKind::{InvalidData, Other, UnexpectedEof};
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Err(StoreError::Database(error))) => match error.kind() {
            InvalidData | Other | UnexpectedEof => {
                Err(StoreError::damaged(folder, 0, error.to_string()))
            }
            kind => Err(io::Error::new(kind, format!("{}: {error}", folder.display())).into()),
        },
        Ok(outcome) => outcome,
        Err(_) => Err(StoreError::damaged(folder, 0, PANICKED)),
    }
}
