//! One file of the journal: its header, durable appends and positioned reads.
//! Does not know what a record says, nor which records still matter.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use super::Meter;
use crate::store::sync_directory;

/// Bytes of a segment's header.
pub(super) const HEADER: usize = 40;
const MAGIC: [u8; 8] = *b"codraftj";
const VERSION: u32 = 1;

/// What a segment says about itself and its predecessor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The start of the server that wrote it.
    pub(super) epoch: u64,
    /// The segment's place in the journal.
    pub(super) number: u64,
    /// How much of the segment before it is durable; what lies beyond was never acknowledged.
    pub(super) previous: u64,
}

/// An open segment, shared between the writer and readers.
#[derive(Debug)]
pub(super) struct Segment {
    file: File,
    path: PathBuf,
}

/// The file of a segment.
pub(super) fn path(journal: &Path, number: u64) -> PathBuf {
    journal.join(format!("{number:016x}.log"))
}

/// The number of a segment's file, if it is named like one.
pub(super) fn number(path: &Path) -> Option<u64> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".log")?;
    (stem.len() == 16).then(|| u64::from_str_radix(stem, 16).ok())?
}

impl Header {
    fn encode(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.epoch.to_le_bytes());
        bytes[20..28].copy_from_slice(&self.number.to_le_bytes());
        bytes[28..36].copy_from_slice(&self.previous.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[..36]);
        bytes[36..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Reads the header that begins a segment's bytes; says in words what is wrong with it.
    pub(super) fn decode(segment: &[u8]) -> Result<Header, String> {
        let bytes = segment.first_chunk::<HEADER>().ok_or("it is shorter than its header")?;
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
        if bytes[..8] != MAGIC || crc32c::crc32c(&bytes[..36]) != word(36) {
            return Err("its header is damaged".into());
        }
        if word(8) != VERSION {
            return Err(format!(
                "it has format version {}, which this release cannot read",
                word(8)
            ));
        }
        Ok(Header { epoch: long(12), number: long(20), previous: long(28) })
    }
}

impl Segment {
    /// Creates a segment that survives a power loss; a torn file of the same number is overwritten.
    pub(super) fn create(journal: &Path, header: Header) -> io::Result<Segment> {
        let path = path(journal, header.number);
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
        let segment = Segment { file, path };
        segment.write_at(&header.encode(), 0)?;
        segment.file.sync_all()?;
        sync_directory(journal)?;
        Ok(segment)
    }

    /// Opens an existing segment.
    pub(super) fn open(path: &Path) -> io::Result<Segment> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(Segment { file, path: path.to_owned() })
    }

    /// Fills the file with zeros up to a length, durably.
    pub(super) fn lengthen(&self, from: u64, to: u64) -> io::Result<()> {
        self.write_at(&vec![0; (to - from) as usize], from)?;
        self.file.sync_all()
    }

    /// Writes bytes at an offset and waits until they are on disk.
    pub(super) fn append(&self, bytes: &[u8], offset: u64, meter: &Meter) -> io::Result<()> {
        self.write_at(bytes, offset)?;
        meter.sync(|| self.file.sync_data())
    }

    /// Cuts off everything from an offset on, durably. It was last written when it was before.
    pub(super) fn cut(&self, length: u64) -> io::Result<()> {
        let written = self.file.metadata()?.modified();
        self.file.set_len(length)?;
        if let Ok(written) = written {
            // Only history is kept by it, and only a file's owner may say it.
            let _ = self.file.set_modified(written);
        }
        self.file.sync_all()
    }

    /// Makes what was read durable, and all there is: after a kill the end may be torn, or in the page cache only.
    pub(super) fn settle(&self, length: u64) -> io::Result<()> {
        let lost = self.len()?.saturating_sub(length);
        let mut end = vec![0; lost as usize];
        self.read_at(&mut end, length)?;
        // Zeros were never written to.
        if end.iter().any(|&byte| byte != 0) {
            let path = self.path.display();
            tracing::warn!(%path, offset = length, bytes = lost, "cutting a torn end off the journal");
        }
        self.cut(length)
    }

    /// Fills a buffer from an offset.
    #[cfg(unix)]
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buffer, offset)
    }

    /// Fills a buffer from an offset, through a cursor of its own.
    #[cfg(not(unix))]
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(buffer)
    }

    #[cfg(unix)]
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(&self.file, bytes, offset)
    }

    #[cfg(not(unix))]
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        use std::io::{Seek, SeekFrom, Write};
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    /// Where the file is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes in the file.
    pub(super) fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }
}
