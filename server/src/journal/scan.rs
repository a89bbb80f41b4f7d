//! Reads the journal when the server starts: which records there are, and whether all of them are. Touches nothing.
//! Does not know what a fold is beyond its sequence, nor how records are written.

use std::{
    collections::BTreeMap,
    fmt::Display,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Damaged, history,
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
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// The merged documents could not be asked how far they are.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a journal held when it was opened.
#[derive(Debug)]
pub(super) struct Scan {
    pub(super) index: Index,
    /// The create and delete records, for names that the store may have missed.
    pub(super) created: Vec<Record>,
    /// What there is of each document.
    pub(super) chains: BTreeMap<DocNumber, Chain>,
    /// The highest document number seen.
    pub(super) documents: u64,
    /// The highest epoch seen; 0 in a fresh journal.
    pub(super) epoch: u64,
    /// The number the next segment gets.
    pub(super) next: u64,
    /// How much of the newest segment is valid.
    pub(super) length: u64,
    /// The newest segment, which has to end there before another one follows it.
    pub(super) newest: Option<Arc<Segment>>,
    /// Places where something is missing that was there.
    pub(super) damages: Vec<Damaged>,
}

/// The records of one document, without a gap.
#[derive(Debug)]
pub(super) struct Chain {
    /// How far its merged state must go for nothing to be missing before them.
    pub(super) needs: u64,
    /// Where they begin, should it not.
    begins: Damaged,
    /// How many damages were met before its last record.
    damages: usize,
}

/// Reads every segment, past whatever is damaged.
pub(super) fn scan(journal: &Path) -> Result<Scan, ScanError> {
    let headers = headers(journal)?;
    let first = headers.iter().flatten().next().map_or(1, |header| header.number);
    let mut scan = Scan {
        index: Index::new(first),
        created: Vec::new(),
        chains: BTreeMap::new(),
        documents: 0,
        epoch: 0,
        next: first,
        length: 0,
        newest: None,
        damages: Vec::new(),
    };
    let mut headers = headers.into_iter().peekable();
    while let Some(header) = headers.next() {
        let header = match header {
            Ok(header) => header,
            Err(damage) => {
                scan.damages.push(damage);
                continue;
            }
        };
        let durable = headers.peek().and_then(|next| next.as_ref().ok()).map(|next| next.previous);
        let path = segment::path(journal, header.number);
        let file = File::open(&path, headers.peek().is_none())?;
        scan.index.begin(header.number, file.segment.clone());
        scan.length = scan.take(&file, durable);
        scan.next = header.number + 1;
        scan.epoch = scan.epoch.max(header.epoch);
        scan.newest = Some(file.segment);
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
        let file = File::open(&path, true)?;
        let mut offset = HEADER;
        while offset < file.bytes.len() {
            match file.frame(offset, file.bytes.len()) {
                Ok(frame) => offset += frame.length,
                // Behind what was ever durable.
                Err(_) if file.is_torn(offset) => break,
                Err(fault) => return Err(file.damaged(offset, &fault).into()),
            }
            records += 1;
        }
    }
    Ok(records)
}

/// The headers of all segments, oldest first, with a damage for each that cannot be read and each hole in their numbers.
fn headers(journal: &Path) -> Result<Vec<Result<Header, Damaged>>, ScanError> {
    let io = |path: &Path, source| ScanError::Io { path: path.to_owned(), source };
    let numbers = numbers(journal).map_err(|source| io(journal, source))?;
    let mut headers = Vec::with_capacity(numbers.len());
    for (position, &number) in numbers.iter().enumerate() {
        let path = segment::path(journal, number);
        let newest = position + 1 == numbers.len();
        let damaged = |what: String| Err(Damaged { path: path.clone(), offset: 0, what });
        if position > 0 && numbers[position - 1] + 1 != number {
            headers.push(damaged("the segment before it is missing".into()));
        }
        let mut start = Vec::new();
        fs::File::open(&path)
            .and_then(|file| file.take(HEADER as u64 + 1).read_to_end(&mut start))
            .map_err(|source| io(&path, source))?;
        match Header::decode(&start) {
            Ok(header) if header.number == number => headers.push(Ok(header)),
            Ok(_) => headers.push(damaged("it is another segment's file".into())),
            // Records follow only a durable header, so a lone torn one held nothing.
            Err(_) if newest && start.len() <= HEADER => {
                tracing::warn!(path = %path.display(), "journal segment was never finished");
            }
            Err(what) => headers.push(damaged(what)),
        }
    }
    Ok(headers)
}

fn numbers(journal: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    let entries = match fs::read_dir(journal) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(numbers),
        entries => entries?,
    };
    for entry in entries {
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
    is_newest: bool,
}

impl File {
    fn open(path: &Path, is_newest: bool) -> Result<File, ScanError> {
        let read = || Ok((Segment::open(path)?, fs::read(path)?));
        let (segment, bytes) =
            read().map_err(|source| ScanError::Io { path: path.to_owned(), source })?;
        let header = Header::decode(&bytes).map_err(|what| Damaged {
            path: path.to_owned(),
            offset: 0,
            what,
        })?;
        Ok(File { segment: Arc::new(segment), header, bytes, is_newest })
    }

    fn damaged(&self, offset: usize, what: &dyn Display) -> Damaged {
        let path = self.segment.path().to_owned();
        Damaged { path, offset: offset as u64, what: what.to_string() }
    }

    fn frame(&self, offset: usize, end: usize) -> Result<Frame, Fault> {
        let frame = Frame::decode(&self.bytes[offset..end])?;
        if frame.epoch == self.header.epoch { Ok(frame) } else { Err(Fault::Fields) }
    }

    /// The first whole frame from an offset on.
    fn find(&self, from: usize, end: usize) -> Option<usize> {
        let is_frame = |&at: &usize| {
            Frame::is_plausible(&self.bytes[at..end], self.header.epoch)
                && self.frame(at, end).is_ok()
        };
        (from..end).find(is_frame)
    }

    /// Decides what a bad frame in the newest segment is: the torn end of a batch that was never
    /// acknowledged, or damage to what was durable once. Only in the second case does a later frame
    /// say that its batch began behind it.
    fn is_torn(&self, offset: usize) -> bool {
        let end = self.bytes.len();
        let is_later = |at: usize| {
            Frame::is_plausible(&self.bytes[at..], self.header.epoch)
                && self
                    .frame(at, end)
                    .is_ok_and(|later| at.saturating_sub(later.back as usize) > offset)
        };
        self.is_newest && !(offset + 1..end).any(is_later)
    }

    /// Where to go on after a bad frame: from where all the rest is whole. A frame alone proves nothing, it may lie in
    /// somebody's text.
    fn resume(&self, offset: usize, end: usize) -> usize {
        let mut from = offset + 1;
        while let Some(start) = self.find(from, end) {
            let mut at = start;
            while let Ok(frame) = self.frame(at, end) {
                at += frame.length;
            }
            if at == end || self.is_torn(at) {
                return start;
            }
            from = at + 1;
        }
        end
    }
}

impl Scan {
    /// Takes in the records of one segment; `durable` is how much of it its successor vouches for. Returns how much of
    /// it is valid.
    fn take(&mut self, file: &File, durable: Option<u64>) -> u64 {
        let length = file.bytes.len();
        let durable =
            durable.map_or(length, |durable| usize::try_from(durable).unwrap_or(usize::MAX));
        let end = if durable < HEADER { length } else { durable.min(length) };
        let mut offset = HEADER;
        while offset < end {
            match file.frame(offset, end) {
                Ok(frame) => {
                    let length = frame.length;
                    self.note(file, offset, frame);
                    offset += length;
                }
                Err(fault) if !matches!(fault, Fault::Version(_)) && file.is_torn(offset) => break,
                Err(_) if end < durable && file.find(offset, end).is_none() => break,
                Err(fault) => {
                    self.damages.push(file.damaged(offset, &fault));
                    offset = file.resume(offset, end);
                }
            }
        }
        if end != durable {
            let what = format!("it ends here but {durable} bytes were written");
            self.damages.push(file.damaged(length, &what));
        }
        offset as u64
    }

    fn note(&mut self, file: &File, offset: usize, frame: Frame) {
        let record = frame.record;
        let (document, sequence) = (record.document, record.sequence);
        let begins = || {
            let what = format!(
                "record {sequence} of document {} does not follow the one before it",
                document.0
            );
            file.damaged(offset, &what)
        };
        self.documents = self.documents.max(document.0);
        let last = self.index.last(document);
        if last.is_none_or(|last| last + 1 < sequence) {
            // What came before is folded, or else it is missing: the store will tell.
            self.index.fold(document, sequence - 1);
            let chain = Chain { needs: sequence - 1, begins: begins(), damages: 0 };
            self.chains.insert(document, chain);
        }
        let follows =
            self.index.add(std::slice::from_ref(&record), file.header.number, offset as u64);
        let is_again = last.is_some_and(|last| sequence <= last);
        if is_again || !follows {
            self.damages.push(begins());
        }
        if let Some(chain) = self.chains.get_mut(&document) {
            chain.damages = self.damages.len();
            // Nothing can be said about a document with two records of one sequence.
            chain.needs = if is_again { u64::MAX } else { chain.needs };
        }
        if matches!(record.kind, RecordKind::Create | RecordKind::Delete) {
            self.created.push(record);
        }
    }

    /// Refuses a journal in which anything is missing that is not folded. `folded` tells how far a document's merged
    /// state goes; one that is damaged concerns its document only.
    pub(super) fn expect_whole(
        &mut self,
        folded: impl Fn(DocNumber) -> Result<u64, StoreError>,
    ) -> Result<(), ScanError> {
        if !self.damages.is_empty() {
            return Err(self.damages.swap_remove(0).into());
        }
        for (&document, chain) in &self.chains {
            match folded(document) {
                Ok(through) if through < chain.needs => return Err(chain.begins.clone().into()),
                Ok(through) => self.index.fold(document, through),
                Err(StoreError::State { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Whether everything is here that was ever saved of a document after this sequence. A damage may have been any
    /// record: only a later one of the same document tells that it was none of this one's, or one that is folded.
    pub(super) fn has_all_after(&self, document: DocNumber, folded: u64) -> bool {
        match self.chains.get(&document) {
            Some(chain) => chain.damages == self.damages.len() && chain.needs <= folded,
            None => self.damages.is_empty(),
        }
    }
}
