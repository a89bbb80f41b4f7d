//! A file on its way to the disk: written as it comes, hashed meanwhile, and gone again unless somebody keeps it. It knows
//! bytes and how they begin.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::kind::HEAD_BYTES;
use super::{FileName, Kind};

/// Bytes that have to stay free on the disk: texts come first.
const SPARE_BYTES: u64 = 64 << 20;

/// A file of which there may be more to come.
pub(crate) struct Incoming {
    place: Place,
    file: File,
    hash: Sha256,
    head: Vec<u8>,
    bytes: u64,
}

/// A whole file, on the disk, that belongs to nobody yet.
#[derive(Debug)]
pub(crate) struct Received {
    pub(super) place: Place,
    pub(crate) name: FileName,
    pub(crate) bytes: u64,
}

/// Where it lies; nothing lies there when this is dropped.
#[derive(Debug)]
pub(super) struct Place(pub(super) PathBuf);

/// Why something was not received.
#[derive(Debug, Error)]
pub(crate) enum NotReceived {
    #[error("it is no picture of a kind that is known")]
    Unknown,
    #[error("there is too little space on the disk")]
    NoSpace,
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Incoming {
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(folder)?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok(Self { place: Place(path), file, hash: Sha256::new(), head: Vec::new(), bytes: 0 })
    }

    /// Adds what has come. What begins like no picture is refused as soon as that is certain. Blocks.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), NotReceived> {
        let room = HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if self.head.len() == HEAD_BYTES && Kind::of(&self.head).is_none() {
            return Err(NotReceived::Unknown);
        }
        let free = fs2::available_space(&self.place.0).unwrap_or(u64::MAX);
        if free < SPARE_BYTES + bytes.len() as u64 {
            return Err(NotReceived::NoSpace);
        }
        self.file.write_all(bytes).map_err(no_space)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// That was all of it: it is on the disk when this returns. Blocks.
    pub(crate) fn finish(self) -> Result<Received, NotReceived> {
        let Self { place, file, hash, head, bytes } = self;
        let kind = Kind::of(&head).ok_or(NotReceived::Unknown)?;
        file.sync_all().map_err(no_space)?;
        Ok(Received { place, name: FileName::new(hash.finalize().into(), kind), bytes })
    }

    /// Takes all that a reader has, which has to be what its name says.
    pub(crate) fn take(
        mut self,
        mut from: impl Read,
        name: &FileName,
    ) -> Result<Received, NotReceived> {
        let mut bytes = vec![0; 64 << 10];
        loop {
            match from.read(&mut bytes)? {
                0 => break,
                n => self.write(&bytes[..n])?,
            }
        }
        let received = self.finish()?;
        let is_it = received.name == *name;
        let other =
            || io::Error::new(io::ErrorKind::InvalidData, "its bytes are not those of its name");
        if is_it { Ok(received) } else { Err(other().into()) }
    }
}

/// Whether what a reader has is what a name says. Blocks.
pub(crate) fn is_whole(mut from: impl Read, name: &FileName) -> io::Result<bool> {
    let (mut hash, mut head) = (Sha256::new(), Vec::new());
    let mut bytes = vec![0; 64 << 10];
    loop {
        let n = from.read(&mut bytes)?;
        if n == 0 {
            break;
        }
        head.extend_from_slice(&bytes[..n.min(HEAD_BYTES.saturating_sub(head.len()))]);
        hash.update(&bytes[..n]);
    }
    let kind = Kind::of(&head);
    Ok(kind.is_some_and(|kind| FileName::new(hash.finalize().into(), kind) == *name))
}

fn no_space(error: io::Error) -> NotReceived {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => NotReceived::NoSpace,
        _ => NotReceived::Disk(error),
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match super::found(fs::remove_file(&self.0)) {
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, path = %self.0.display(), "what was being received is still there");
            }
        }
    }
}
