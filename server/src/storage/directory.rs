//! The data directory as such: whose it is, which format it has, and that only one server uses it.
//! Does not know what lies in its folders.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::StorageError;
use crate::store::sync_directory;

/// The format of the data directory that this release writes. The first one had no attribution beside merged states; it is
/// read, and is of this format from then on.
const FORMAT: u32 = 2;
pub(super) const FORMAT_FILE: &str = "FORMAT";
const LOCK_FILE: &str = "lock";
/// How long a lock may be held by a server that is just ending, or by a child process of this one
/// that has not reached its `exec` yet.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);
const LOCK_PAUSE: Duration = Duration::from_millis(10);
/// What lies in every directory that a server of ours has used.
const OURS: [&str; 3] = ["journal", "store", LOCK_FILE];
/// What may lie in a directory that nobody has used yet: the lock of a first start that did not get
/// further, and what `mkfs` leaves in a fresh volume.
const HARMLESS: [&str; 3] = [LOCK_FILE, "FORMAT.new", "lost+found"];

/// What the name of a directory ends with that is being restored.
pub(crate) const BUILDING: &str = "restoring";

/// A data directory that is ours, for as long as this lives.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Takes the directory, creating it where there is none. A refusal touches nothing.
    pub(super) fn claim(path: &Path) -> Result<Directory, StorageError> {
        Directory::claim_within(path, LOCK_PATIENCE)
    }

    /// The same with another patience for whoever has the lock.
    pub(super) fn claim_within(path: &Path, patience: Duration) -> Result<Directory, StorageError> {
        let unusable = |source| StorageError::Unusable { path: path.to_owned(), source };
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_dir() => {
                return Err(StorageError::NotADirectory { path: path.to_owned() });
            }
            Ok(_) => drop(check(path)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let building = beside(path, BUILDING);
                if building.exists() {
                    return Err(StorageError::CutOff { path: path.to_owned(), building });
                }
                create(path).map_err(unusable)?
            }
            Err(error) => return Err(unusable(error)),
        }
        let lock = lock_within(path, patience)?;
        // Another server may have been here between the first look and the lock.
        let format = check(path)?;
        let directory = Directory { path: path.to_owned(), _lock: lock };
        if format.is_none() {
            directory.set_format()?;
        }
        Ok(directory)
    }

    /// Makes a directory of an older release one of this release's, before anything is written that the older one cannot
    /// read.
    pub(super) fn upgrade(&self) -> Result<(), StorageError> {
        if check(&self.path)? == Some(FORMAT) { Ok(()) } else { self.set_format() }
    }

    fn set_format(&self) -> Result<(), StorageError> {
        self.replace(FORMAT_FILE, format!("codraft data {FORMAT}\n").as_bytes())
    }

    /// A file of the directory itself, or `None` where there is none.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        read(&self.path.join(name))
    }

    /// Replaces a file of the directory itself, durably and as a whole.
    pub(super) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let unusable = |source| StorageError::Unusable { path: self.path.join(name), source };
        replace(&self.path, name, bytes).map_err(unusable)
    }

    /// A folder of the directory, created where there is none.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, StorageError> {
        let path = self.path.join(name);
        if !path.is_dir() {
            let unusable = |source| StorageError::Unusable { path: path.clone(), source };
            fs::create_dir(&path).and_then(|()| sync_directory(&self.path)).map_err(unusable)?;
        }
        Ok(path)
    }
}

/// The format of a directory that is one of ours already; an empty one may become it, any other is refused.
fn check(path: &Path) -> Result<Option<u32>, StorageError> {
    let foreign = || StorageError::Foreign { path: path.to_owned() };
    if let Some(bytes) = read(&path.join(FORMAT_FILE))? {
        let version = std::str::from_utf8(&bytes).ok().and_then(version);
        let version = version.ok_or_else(|| damaged_or_foreign(path))?;
        if version > FORMAT {
            return Err(StorageError::Newer { path: path.to_owned(), version, known: FORMAT });
        }
        return Ok(Some(version));
    }
    let unusable = |source| StorageError::Unusable { path: path.to_owned(), source };
    for entry in fs::read_dir(path).map_err(unusable)? {
        let name = entry.map_err(unusable)?.file_name();
        if !HARMLESS.iter().any(|harmless| name == *harmless) {
            return Err(foreign());
        }
    }
    Ok(None)
}

/// An error when a directory is none of ours, or not yet.
pub(super) fn expect_ours(path: &Path) -> Result<(), StorageError> {
    match check(path)? {
        Some(_) => Ok(()),
        None => Err(StorageError::Foreign { path: path.to_owned() }),
    }
}

/// A name that is another one with something behind it.
pub(crate) fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{what}"));
    path.with_file_name(name)
}

fn version(text: &str) -> Option<u32> {
    text.trim_end().strip_prefix("codraft data ")?.parse().ok()
}

/// A file FORMAT that is not ours: somebody else's, unless our other files lie around it.
fn damaged_or_foreign(path: &Path) -> StorageError {
    if OURS.iter().all(|name| path.join(name).exists()) {
        return StorageError::Damaged { path: path.join(FORMAT_FILE) };
    }
    StorageError::Foreign { path: path.to_owned() }
}

fn create(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    // A relative name without a folder in front has the empty path as its parent.
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => sync_directory(parent),
        None => sync_directory(Path::new(".")),
    }
}

/// Takes the lock that every server of ours takes first.
pub(super) fn lock(path: &Path) -> Result<File, StorageError> {
    lock_within(path, LOCK_PATIENCE)
}

fn lock_within(path: &Path, patience: Duration) -> Result<File, StorageError> {
    let name = path.join(LOCK_FILE);
    let unusable = |source| StorageError::Unusable { path: name.clone(), source };
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&name)
        .map_err(unusable)?;
    let until = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(StorageError::InUse { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
    }
}

pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StorageError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StorageError::Unusable { path: path.to_owned(), source }),
    }
}

pub(super) fn replace(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let aside = directory.join(format!("{name}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // A key is among them.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, directory.join(name))?;
    sync_directory(directory)
}
