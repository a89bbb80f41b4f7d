//! The segment that the writer writes to, and how much of it is certain. It does not know what a batch is about.

use std::{io, path::Path, sync::Arc};

use super::{
    Meter,
    index::Index,
    segment::{HEADER, Header, Segment},
};

/// Bytes by which a file is made longer before they are needed. With a batch that makes it longer itself, the disk is given
/// the new length, too: two places instead of one, and a third of the time.
const STEP: u64 = 64 * 1024;
/// The largest batch for which that is worth while.
const SMALL: u64 = STEP / 4;

/// The segment that is written to.
pub(super) struct Active {
    /// Its file, which readers may hold, too.
    pub(super) segment: Arc<Segment>,
    /// What it says about itself.
    pub(super) header: Header,
    /// How much of it is durable.
    pub(super) length: u64,
    /// How long the file is; there are zeros behind what was written.
    prepared: u64,
    /// A write or sync failed: what the file holds beyond `length` is unknown, so it gets no more.
    pub(super) suspect: bool,
}

impl Active {
    /// Begins a segment that readers can find.
    pub(super) fn begin(folder: &Path, header: Header, index: &mut Index) -> io::Result<Active> {
        let segment = Arc::new(Segment::create(folder, header)?);
        index.begin(header.number, segment.clone());
        let length = HEADER as u64;
        Ok(Active { segment, header, length, prepared: length, suspect: false })
    }

    /// Writes a batch and waits until it is on the disk.
    pub(super) fn append(&mut self, batch: &[u8], meter: &Meter) -> io::Result<()> {
        self.prepare(batch.len() as u64);
        if let Err(error) = self.segment.append(batch, self.length, meter) {
            self.suspect = true;
            // Best effort: the next segment's header tells readers where this one ends anyway.
            let _ = self.segment.cut(self.length);
            return Err(error);
        }
        self.length += batch.len() as u64;
        Ok(())
    }

    fn prepare(&mut self, batch: u64) {
        let end = self.length + batch;
        if end <= self.prepared || batch > SMALL {
            return;
        }
        let from = self.prepared.max(self.length);
        self.prepared = end + STEP;
        if let Err(error) = self.segment.lengthen(from, end + STEP) {
            // A disk that has no room for it may have some for the batch. It is not asked again for this file.
            tracing::debug!(%error, "a journal segment is not made longer in advance");
            let _ = self.segment.cut(self.length);
            self.prepared = u64::MAX;
        }
    }

    /// Ends the file where what was written ends, before another segment follows. What is left behind it says nothing.
    pub(super) fn seal(&mut self) {
        if self.prepared > self.length {
            self.prepared = self.length;
            if let Err(error) = self.segment.cut(self.length) {
                tracing::debug!(%error, "a journal segment keeps its zeros");
            }
        }
    }

    /// Whether the next batch belongs into another segment.
    pub(super) fn is_full(&self, bytes: u64) -> bool {
        self.length >= bytes && !self.is_empty()
    }

    /// Whether nothing has been written to it.
    pub(super) fn is_empty(&self) -> bool {
        self.length == HEADER as u64
    }
}
