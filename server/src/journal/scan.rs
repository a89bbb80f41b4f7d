//! Reads the journal when the server starts: which records there are, and whether all of them are.
//! Does not know what a fold is beyond its sequence, nor how records are written.

use std::{
    fmt::Display,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    history,
    index::Index,
    record::{Fault, Frame, Record, RecordKind},
    segment::{self, HEADER, Header, Segment},
};
use crate::store::{DocNumber, StoreError};

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The file system said no.
    #[error("cannot read the journal at {}: {source}", path.display())]
    Io {
        /// The file or folder in question.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A file is not what was written.
    #[error(
        "the journal is damaged: {} at byte {offset}: {what}; restore a backup with `codraft restore`",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// The merged documents could not be asked how far they are.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a journal held when it was opened.
#[derive(Debug)]
pub(super) struct Scan {
    pub(super) index: Index,
    /// The create records, for names that the store may have missed.
    pub(super) created: Vec<Record>,
    /// The highest document number seen.
    pub(super) documents: u64,
    /// The highest epoch seen; 0 in a fresh journal.
    pub(super) epoch: u64,
    /// The number the next segment gets.
    pub(super) next: u64,
    /// How much of the newest segment is valid.
    pub(super) length: u64,
}

/// Reads every segment. `folded` tells how far a document's merged state goes.
pub(super) fn scan(
    journal: &Path,
    folded: impl Fn(DocNumber) -> Result<u64, StoreError>,
) -> Result<Scan, ScanError> {
    let headers = headers(journal)?;
    let first = headers.first().map_or(1, |header| header.number);
    let mut scan = Scan {
        index: Index::new(first),
        created: Vec::new(),
        documents: 0,
        epoch: 0,
        next: first,
        length: 0,
    };
    for (position, header) in headers.iter().enumerate() {
        let durable = headers.get(position + 1).map(|next| next.previous);
        let file = File::open(&segment::path(journal, header.number))?;
        scan.index.begin(header.number, file.segment.clone());
        let length = scan.take(&file, durable, &folded)?;
        scan.next = header.number + 1;
        scan.epoch = scan.epoch.max(header.epoch);
        scan.length = length;
    }
    Ok(scan)
}

/// Reads the raw history of a journal and checks every sum; returns how many records are in it.
pub fn check_history(journal: &Path) -> Result<u64, ScanError> {
    let folder = history::folder(journal);
    let paths =
        history::list(&folder).map_err(|source| ScanError::Io { path: folder.clone(), source })?;
    let mut records = 0;
    for path in paths {
        let file = File::open(&path)?;
        let mut offset = HEADER;
        while offset < file.bytes.len() {
            match file.frame(offset, file.bytes.len()) {
                Ok(frame) => offset += frame.length,
                // Behind what was ever durable.
                Err(_) if file.torn(offset) => break,
                Err(fault) => return Err(file.damaged(offset, &fault)),
            }
            records += 1;
        }
    }
    Ok(records)
}

/// The headers of all segments, oldest first, without a hole in their numbers.
fn headers(journal: &Path) -> Result<Vec<Header>, ScanError> {
    let numbers =
        numbers(journal).map_err(|source| ScanError::Io { path: journal.to_owned(), source })?;
    let mut headers: Vec<Header> = Vec::with_capacity(numbers.len());
    for (position, &number) in numbers.iter().enumerate() {
        let path = segment::path(journal, number);
        let newest = position + 1 == numbers.len();
        let damaged = |what: String| ScanError::Damaged { path: path.clone(), offset: 0, what };
        if headers.last().is_some_and(|before| before.number + 1 != number) {
            return Err(damaged("the segment before it is missing".into()));
        }
        let mut start = Vec::new();
        fs::File::open(&path)
            .and_then(|file| file.take(HEADER as u64 + 1).read_to_end(&mut start))
            .map_err(|source| ScanError::Io { path: path.clone(), source })?;
        match Header::decode(&start) {
            Ok(header) if header.number == number => headers.push(header),
            Ok(_) => return Err(damaged("it is another segment's file".into())),
            // Records follow only a durable header, so a lone torn one held nothing.
            Err(_) if newest && start.len() <= HEADER => {
                tracing::warn!(path = %path.display(), "journal segment was never finished; overwriting it");
            }
            Err(what) => return Err(damaged(what)),
        }
    }
    Ok(headers)
}

fn numbers(journal: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(journal)? {
        numbers.extend(segment::number(&entry?.path()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// A segment with all its bytes.
struct File {
    segment: Arc<Segment>,
    header: Header,
    bytes: Vec<u8>,
}

impl File {
    fn open(path: &Path) -> Result<File, ScanError> {
        let read = || Ok((Segment::open(path)?, fs::read(path)?));
        let (segment, bytes) =
            read().map_err(|source| ScanError::Io { path: path.to_owned(), source })?;
        let header = Header::decode(&bytes).map_err(|what| ScanError::Damaged {
            path: path.to_owned(),
            offset: 0,
            what,
        })?;
        Ok(File { segment: Arc::new(segment), header, bytes })
    }

    fn damaged(&self, offset: usize, what: &dyn Display) -> ScanError {
        let path = self.segment.path().to_owned();
        ScanError::Damaged { path, offset: offset as u64, what: what.to_string() }
    }

    fn frame(&self, offset: usize, end: usize) -> Result<Frame, Fault> {
        let frame = Frame::decode(&self.bytes[offset..end])?;
        if frame.epoch == self.header.epoch { Ok(frame) } else { Err(Fault::Fields) }
    }

    /// Decides what a bad frame in the newest segment is: the torn end of a batch that was never
    /// acknowledged, or damage to what was durable once. Only in the second case does a later frame
    /// say that its batch began behind it.
    fn torn(&self, offset: usize) -> bool {
        let end = self.bytes.len();
        let is_later = |at: usize| {
            Frame::is_plausible(&self.bytes[at..], self.header.epoch)
                && self
                    .frame(at, end)
                    .is_ok_and(|later| at.saturating_sub(later.back as usize) > offset)
        };
        !(offset + 1..end).any(is_later)
    }

    /// Makes the newest segment end after its last valid frame, and be durable up to there: after
    /// a kill its end may still be in the page cache only.
    fn settle(&self, end: usize) -> Result<(), ScanError> {
        if end < self.bytes.len() {
            let lost = self.bytes.len() - end;
            let path = self.segment.path().display();
            tracing::warn!(%path, offset = end, bytes = lost, "cutting a torn end off the journal");
        }
        let path = self.segment.path().to_owned();
        self.segment.cut(end as u64).map_err(|source| ScanError::Io { path, source })
    }
}

impl Scan {
    /// Takes in the records of one segment; `durable` is how much of it its successor vouches for.
    fn take(
        &mut self,
        file: &File,
        durable: Option<u64>,
        folded: &impl Fn(DocNumber) -> Result<u64, StoreError>,
    ) -> Result<u64, ScanError> {
        let length = file.bytes.len();
        let end = durable.map_or(length, |durable| usize::try_from(durable).unwrap_or(usize::MAX));
        if !(HEADER..=length).contains(&end) {
            return Err(file.damaged(length, &format!("it ends here but {end} bytes were written")));
        }
        let mut offset = HEADER;
        while offset < end {
            match file.frame(offset, end) {
                Ok(frame) => {
                    let length = frame.length;
                    self.note(file, offset, frame, folded)?;
                    offset += length;
                }
                Err(fault @ Fault::Version(_)) => return Err(file.damaged(offset, &fault)),
                Err(_) if durable.is_none() && file.torn(offset) => break,
                Err(fault) => return Err(file.damaged(offset, &fault)),
            }
        }
        if durable.is_none() {
            file.settle(offset)?;
        }
        Ok(offset as u64)
    }

    fn note(
        &mut self,
        file: &File,
        offset: usize,
        frame: Frame,
        folded: &impl Fn(DocNumber) -> Result<u64, StoreError>,
    ) -> Result<(), ScanError> {
        let record = frame.record;
        self.documents = self.documents.max(record.document.0);
        if self.index.last(record.document).is_none() {
            self.index.fold(record.document, folded(record.document)?);
        }
        if !self.index.add(&record, file.header.number, offset as u64) {
            let (document, sequence) = (record.document.0, record.sequence);
            let what = format!(
                "record {sequence} of document {document} does not follow the one before it"
            );
            return Err(file.damaged(offset, &what));
        }
        if record.kind == RecordKind::Create {
            self.created.push(record);
        }
        Ok(())
    }
}
