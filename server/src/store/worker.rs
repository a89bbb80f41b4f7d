//! A thread that does the database's work in turn: sled's trees may move to a thread, not be shared.
//! Does not know what the work is.

use std::{
    collections::BTreeMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
};

use super::{DocEntry, DocNumber, StoreError, database::Database};

const PANICKED: &str = "the database panicked over its files";

/// Bytes of a thread's stack: opening sled takes more than the usual 2 MiB of it.
const STACK_BYTES: usize = 8 * 1024 * 1024;

type Job = Box<dyn FnOnce(&mut Held) + Send>;

/// What a thread has at hand.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// None once it could not be opened again.
    pub(super) database: Option<Database>,
    /// Names that are not in the database yet; the reader's.
    pub(super) names: BTreeMap<String, DocEntry>,
    /// Documents over which the database has failed, and how. They are not read again: while something is being written
    /// that would be the end of it.
    pub(super) damaged: BTreeMap<DocNumber, String>,
}

/// A handle to the thread; dropping it waits until the work that was handed in is done.
#[derive(Debug)]
pub(super) struct Worker {
    /// Where the database is, for messages.
    folder: PathBuf,
    jobs: Option<Jobs>,
    thread: Option<JoinHandle<()>>,
}

/// A way to hand in work; the thread does not end before it is dropped.
#[derive(Clone, Debug)]
pub(super) struct Jobs(mpsc::Sender<Job>);

impl Held {
    /// The database, if it has not failed.
    pub(super) fn database(&self) -> Result<&Database, StoreError> {
        let failed = || StoreError::Spoiled("it could not be opened again".into());
        let database = self.database.as_ref().ok_or_else(failed)?;
        database.expect_sound()?;
        Ok(database)
    }

    /// Closes the database; one that panics over it is gone too.
    pub(super) fn let_go(&mut self) {
        if let Some(database) = self.database.take() {
            let _ = catch_unwind(AssertUnwindSafe(|| database.close()));
        }
    }
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
            let mut held = Held { database: Some(database), ..Held::default() };
            for job in inbox {
                job(&mut held);
            }
            held.let_go();
            drop(keep);
        };
        let thread = std::thread::Builder::new().name(name.into()).stack_size(STACK_BYTES);
        let thread = thread.spawn(work)?;
        Ok(Worker { folder: folder.to_owned(), jobs: Some(Jobs(jobs)), thread: Some(thread) })
    }

    /// Has the thread do something and waits for the outcome.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Held) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, outcome) = mpsc::sync_channel(1);
        let folder = self.folder.clone();
        let job = Box::new(move |held: &mut Held| {
            // Whoever asked may be gone.
            let _ = reply.send(contain(&folder, || job(held)));
        });
        let panicked = || StoreError::damaged(&self.folder, 0, PANICKED);
        let jobs = self.jobs.as_ref().ok_or_else(panicked)?;
        jobs.0.send(job).map_err(|_| panicked())?;
        outcome.recv().map_err(|_| panicked())?
    }

    /// Has the thread do something that nobody waits for.
    pub(super) fn hand_in(
        &self,
        job: impl FnOnce(&mut Held) -> Result<(), StoreError> + Send + 'static,
    ) {
        let folder = self.folder.clone();
        let job = Box::new(move |held: &mut Held| {
            if let Err(error) = contain(&folder, || job(held)) {
                tracing::warn!(%error, "the document store could not tidy up");
            }
        });
        // A thread that has ended needs no tidying.
        let _ = self.jobs.as_ref().map(|jobs| jobs.0.send(job));
    }

    /// A way to hand in more work, for another thread.
    pub(super) fn jobs(&self) -> Option<Jobs> {
        self.jobs.clone()
    }
}

impl Jobs {
    /// Has the thread let go of its database and waits for that. It waits in turn until it is given another one, or
    /// until the way to do so is dropped.
    pub(super) fn exchange(&self) -> mpsc::Sender<Database> {
        let (gone, is_gone) = mpsc::channel();
        let (give, fresh) = mpsc::channel();
        let job = Box::new(move |held: &mut Held| {
            held.let_go();
            drop::<mpsc::Sender<()>>(gone);
            held.database = fresh.recv().ok();
        });
        if self.0.send(job).is_ok() {
            // Nothing is sent: it is dropped.
            let _ = is_gone.recv();
        }
        give
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
