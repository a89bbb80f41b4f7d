//! Reads a document's records back from their places, on the reader's own thread.
//! Does not know the index that named the places, nor waits for the writer.

use super::{
    Damaged, JournalError,
    index::Run,
    record::{Frame, Record},
    segment::Segment,
};
use crate::store::DocNumber;

/// Bytes fetched at once; small records of one document lie close together.
const WINDOW: usize = 64 * 1024;

/// Reads the runs of one document whose first record follows `after`.
pub(super) fn read(
    document: DocNumber,
    after: u64,
    runs: &[Run],
) -> Result<Vec<Record>, JournalError> {
    let mut records = Vec::with_capacity(runs.iter().map(|run| run.frames.len()).sum());
    for run in runs {
        let end = run.frames.last().map_or(0, |&(offset, length)| offset + length as u64);
        let mut window = Window { segment: &run.segment, end, start: 0, bytes: Vec::new() };
        for &(offset, length) in &run.frames {
            let expected = after + records.len() as u64 + 1;
            let what = match Frame::decode(window.get(offset, length)?) {
                Ok(frame)
                    if (frame.record.document, frame.record.sequence) == (document, expected) =>
                {
                    records.push(frame.record);
                    continue;
                }
                Ok(_) => "another record lies here".into(),
                Err(fault) => fault.to_string(),
            };
            return Err(Damaged { path: run.segment.path().to_owned(), offset, what }.into());
        }
    }
    Ok(records)
}

/// A stretch of a segment in memory.
struct Window<'a> {
    segment: &'a Segment,
    /// Where the last record ends. What is behind it is not looked at: the writer may be about to cut it off.
    end: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    fn get(&mut self, offset: u64, length: usize) -> Result<&[u8], JournalError> {
        let end = offset + length as u64;
        if offset < self.start || end > self.start + self.bytes.len() as u64 {
            self.fill(offset, length).map_err(|source| {
                let path = self.segment.path().to_owned();
                JournalError::Io { path, source }
            })?;
        }
        let from = (offset - self.start) as usize;
        Ok(&self.bytes[from..from + length])
    }

    fn fill(&mut self, offset: u64, length: usize) -> std::io::Result<()> {
        let rest = usize::try_from(self.end.saturating_sub(offset)).unwrap_or(usize::MAX);
        self.bytes.resize(length.max(WINDOW.min(rest)), 0);
        self.start = offset;
        self.segment.read_at(&mut self.bytes, offset)
    }
}
