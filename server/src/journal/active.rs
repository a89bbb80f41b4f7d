//! The segment that the writer writes to, and how much of it is certain. It does not know what a batch is about.

use std::{io, path::Path, sync::Arc};

use super::{
    Meter,
    index::Index,
    segment::{HEADER, Header, Segment},
};

/// The segment that is written to.
pub(super) struct Active {
    /// Its file, which readers may hold, too.
    pub(super) segment: Arc<Segment>,
    /// What it says about itself.
    pub(super) header: Header,
    /// How much of it is durable.
    pub(super) length: u64,
    /// A write or sync failed: what the file holds beyond `length` is unknown, so it gets no more.
    pub(super) suspect: bool,
}

impl Active {
    /// Begins a segment that readers can find.
    pub(super) fn begin(folder: &Path, header: Header, index: &mut Index) -> io::Result<Active> {
        let segment = Arc::new(Segment::create(folder, header)?);
        index.begin(header.number, segment.clone());
        Ok(Active { segment, header, length: HEADER as u64, suspect: false })
    }

    /// Writes a batch and waits until it is on the disk.
    pub(super) fn append(&mut self, batch: &[u8], meter: &Meter) -> io::Result<()> {
        if let Err(error) = self.segment.append(batch, self.length, meter) {
            self.suspect = true;
            // Best effort: the next segment's header tells readers where this one ends anyway.
            let _ = self.segment.cut(self.length);
            return Err(error);
        }
        self.length += batch.len() as u64;
        Ok(())
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
