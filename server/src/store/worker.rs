//! A thread that does the database's work in turn: sled's trees may move to a thread, not be shared.
//! Does not know what the work is.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread::JoinHandle,
};

use super::{StoreError, database::Database};

type Job = Box<dyn FnOnce(&Database) + Send>;

/// A handle to the thread; dropping it waits until the work that was handed in is done.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts a thread with a database of its own; `keep` lives as long as the thread does.
    pub(super) fn start(
        name: &str,
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
        Ok(Worker { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has the thread do something and waits for the outcome.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Database) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, outcome) = mpsc::sync_channel(1);
        let job = Box::new(move |database: &Database| {
            // sled asserts its way through damaged files: one document's damage stays its own.
            let outcome = catch_unwind(AssertUnwindSafe(|| job(database)));
            // Whoever asked may be gone.
            let _ = reply.send(outcome.unwrap_or_else(|_| Err(panicked())));
        });
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

fn panicked() -> StoreError {
    StoreError::Database(io::Error::other("the database panicked; its files are probably damaged"))
}
