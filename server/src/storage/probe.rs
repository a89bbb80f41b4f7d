//! Looks at a data directory before anything in it is touched, in a process of its own: damaged files can make the one
//! that reads them die, or never come to an end. Does not know what is done about damage.

use std::{
    fs,
    mem::ManuallyDrop,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    JOURNAL_FOLDER, STORE_FOLDER, StorageError, check_store,
    directory::{Directory, FORMAT_FILE},
    expect_store, expect_whole_journal, read_sentinel,
};
use crate::{
    journal::{JournalConfig, Opening, ScanError},
    scratch::Scratch,
    store::{Store, StoreError},
};

/// The hidden subcommand that looks and does nothing else.
pub(crate) const PROBE: &str = "probe-store";
/// The least time that a look may take, and what makes it more.
const PATIENCE: Duration = Duration::from_secs(10);
const BYTES_A_SECOND: u64 = 100 * 1024;

/// The exit codes of a look: it could not be taken; it did not come to an end; the store is damaged; only the journal is.
const FAILED: i32 = 1;
const ENDLESS: i32 = 3;
const STORE_DAMAGED: i32 = 4;
const JOURNAL_DAMAGED: i32 = 5;

/// The file in which one that was taken says what is wrong.
const SENTENCE: &str = "sentence";

/// What is wrong with a data directory.
#[derive(Debug)]
pub(crate) struct Damage {
    /// The sentence for the operator.
    pub(crate) error: StorageError,
    /// Whether the store is as it was: then only the journal is damaged.
    pub(crate) is_store_whole: bool,
}

/// Has another process look, unless the directory is somebody's: that is left to the real start.
pub(crate) fn probe(path: &Path) -> Result<Option<Damage>, StorageError> {
    if !path.join(FORMAT_FILE).exists() {
        return Ok(None);
    }
    let unusable = |source| StorageError::Unusable { path: path.to_owned(), source };
    let scratch = Scratch::new(&Scratch::places(path)).map_err(unusable)?;
    let status = Command::new(std::env::current_exe().map_err(unusable)?)
        .arg(PROBE)
        .arg("--data")
        .arg(path)
        .arg("--scratch")
        .arg(scratch.path())
        // sled runs `sync`, which waits for the whole machine; once is enough.
        .env("PATH", "")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(unusable)?;
    let said = || match fs::read_to_string(scratch.path().join(SENTENCE)) {
        Ok(sentence) => StorageError::Seen(sentence),
        Err(source) => unusable(source),
    };
    let what = match status.code() {
        Some(0) => return Ok(None),
        Some(FAILED) => return Err(said()),
        Some(code @ (STORE_DAMAGED | JOURNAL_DAMAGED)) => {
            return Ok(Some(Damage { error: said(), is_store_whole: code == JOURNAL_DAMAGED }));
        }
        Some(ENDLESS) => "reading it does not come to an end".to_owned(),
        _ => format!("reading it ended with {status}"),
    };
    let error = StorageError::Deadly { path: path.join(STORE_FOLDER), what };
    Ok(Some(Damage { error, is_store_whole: false }))
}

/// The other process: returns its exit code, after having said what is wrong. It must exit without any further ado, so
/// that nothing that was opened is closed in good order.
pub(crate) fn look(path: &Path, scratch: &Path) -> i32 {
    let Err(Damage { error, is_store_whole }) = examine(path, scratch) else { return 0 };
    // sled prints to both outputs. Without the sentence the other side says that there is none.
    let _ = fs::write(scratch.join(SENTENCE), error.to_string());
    match is_store_whole {
        _ if !is_damage(&error) => FAILED,
        true => JOURNAL_DAMAGED,
        false => STORE_DAMAGED,
    }
}

fn examine(path: &Path, scratch: &Path) -> Result<(), Damage> {
    let Ok(directory) = Directory::claim_within(path, Duration::ZERO) else { return Ok(()) };
    let in_store = |error| Damage { error, is_store_whole: false };
    let in_journal = |error| Damage { error, is_store_whole: true };

    let before = read_sentinel(&directory).map_err(in_store)?;
    let has_store = expect_store(&directory, before).map_err(in_store)?;
    let folder = path.join(STORE_FOLDER);
    give_up_after(patience(&folder));
    let folder = has_store.then_some(folder.as_path());
    let store = Store::open_to_read(folder, vec![scratch.to_owned()], ());
    // Closed by the end of the process only.
    let store = ManuallyDrop::new(store.map_err(|error| in_store(error.into()))?);
    check_store(&directory, before, &store).map_err(in_store)?;

    let (folder, config) = (path.join(JOURNAL_FOLDER), JournalConfig::default());
    let opening = Opening::read(&folder, config, |document| store.through(document));
    let opening = opening.map_err(|error| in_journal(error.into()))?;
    expect_whole_journal(&directory, before, &store, &opening).map_err(in_journal)
}

/// Whether files are not what was written; another try does not help then.
fn is_damage(error: &StorageError) -> bool {
    match error {
        StorageError::Store(error) | StorageError::Journal(ScanError::Store(error)) => {
            !matches!(error, StoreError::Database(_) | StoreError::Full { .. })
        }
        StorageError::Journal(ScanError::Damaged(_))
        | StorageError::Lost { .. }
        | StorageError::Damaged { .. } => true,
        _ => false,
    }
}

fn give_up_after(patience: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(patience);
        std::process::exit(ENDLESS);
    });
}

/// How long opening a store may take: as long as its lists are, and damaged ones can send sled in circles.
fn patience(store: &Path) -> Duration {
    let files = fs::read_dir(store.join("metadata")).into_iter().flatten().flatten();
    let bytes: u64 = files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
    PATIENCE + Duration::from_secs(bytes / BYTES_A_SECOND)
}
