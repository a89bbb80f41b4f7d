//! Where every record that is not yet folded lies, per document, and which segments still hold some.
//! Does not know bytes on disk beyond their place, nor what waits to be written.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    io,
    sync::Arc,
};

use super::{JournalError, Record, history::Retirement, segment::Segment};
use crate::store::DocNumber;

/// Places that a document keeps room for.
const FEW: usize = 16;

/// The place of one frame. Twelve bytes, because there may be millions of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The segment's number, counted from the oldest one at start.
    segment: u32,
    offset: u32,
    length: u32,
}

/// Frames of one document that lie in one segment.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) segment: Arc<Segment>,
    /// Offset and length of each frame, in the document's order.
    pub(super) frames: Vec<(u64, usize)>,
}

/// What the journal holds of one document: the records after `folded`, without a gap.
#[derive(Debug, Default)]
struct Entry {
    folded: u64,
    places: VecDeque<Place>,
}

#[derive(Debug)]
struct Live {
    segment: Arc<Segment>,
    /// Records in it that are not folded.
    records: u64,
}

/// The index; owned by the writer.
#[derive(Debug)]
pub(super) struct Index {
    base: u64,
    documents: HashMap<DocNumber, Entry>,
    segments: BTreeMap<u64, Live>,
}

impl Index {
    /// An index of a journal whose oldest segment has this number.
    pub(super) fn new(base: u64) -> Index {
        Index { base, documents: HashMap::new(), segments: BTreeMap::new() }
    }

    /// Makes a segment known; it is the newest one.
    pub(super) fn begin(&mut self, number: u64, segment: Arc<Segment>) {
        self.segments.insert(number, Live { segment, records: 0 });
    }

    /// The last sequence of a document that is folded or durable, if anything is known of it.
    pub(super) fn last(&self, document: DocNumber) -> Option<u64> {
        let entry = self.documents.get(&document)?;
        Some(entry.folded + entry.places.len() as u64)
    }

    /// Notes that a merged state through this sequence is durable elsewhere.
    pub(super) fn fold(&mut self, document: DocNumber, through: u64) {
        let entry = self.documents.entry(document).or_default();
        while entry.folded < through {
            let Some(place) = entry.places.pop_front() else {
                entry.folded = through;
                break;
            };
            entry.folded += 1;
            if let Some(live) = self.segments.get_mut(&(self.base + u64::from(place.segment))) {
                live.records -= 1;
            }
        }
        // Thousands of documents were busy once, and are not now.
        if entry.places.capacity() > FEW && entry.places.len() < entry.places.capacity() / 4 {
            entry.places.shrink_to(FEW.max(entry.places.len() * 2));
        }
    }

    /// The documents with records that are not folded.
    pub(super) fn unfolded(&self) -> Vec<DocNumber> {
        let unfolded = self.documents.iter().filter(|(_, entry)| !entry.places.is_empty());
        unfolded.map(|(&document, _)| document).collect()
    }

    /// Adds durable records of one document that lie one after another from an offset on, unless they are folded already;
    /// false as soon as one is not the next of its document.
    pub(super) fn add(&mut self, records: &[Record], number: u64, mut offset: u64) -> bool {
        let Some(Record { document, .. }) = records.first() else { return true };
        let entry = self.documents.entry(*document).or_default();
        let mut live = self.segments.get_mut(&number);
        for record in records {
            if record.sequence > entry.folded {
                if record.sequence != entry.folded + entry.places.len() as u64 + 1 {
                    return false;
                }
                // Segments rotate long before 4 GiB, and 2^32 of them do not fit on any disk.
                entry.places.push_back(Place {
                    segment: (number - self.base) as u32,
                    offset: offset as u32,
                    length: record.frame_len() as u32,
                });
                if let Some(live) = &mut live {
                    live.records += 1;
                }
            }
            offset += record.frame_len() as u64;
        }
        true
    }

    /// The frames of a document after a sequence, grouped by segment.
    pub(super) fn after(&self, document: DocNumber, after: u64) -> Result<Vec<Run>, JournalError> {
        let Some(entry) = self.documents.get(&document) else { return Ok(Vec::new()) };
        if after < entry.folded {
            return Err(JournalError::Gap { document, after, first: entry.folded + 1 });
        }
        let skip = usize::try_from(after - entry.folded).unwrap_or(usize::MAX);
        let mut runs: Vec<Run> = Vec::new();
        let mut current = None;
        for place in entry.places.iter().skip(skip) {
            if current != Some(place.segment) {
                let number = self.base + u64::from(place.segment);
                let Some(live) = self.segments.get(&number) else { continue };
                runs.push(Run { segment: live.segment.clone(), frames: Vec::new() });
                current = Some(place.segment);
            }
            if let Some(run) = runs.last_mut() {
                run.frames.push((u64::from(place.offset), place.length as usize));
            }
        }
        Ok(runs)
    }

    /// Lets go of the oldest segments in which everything is folded, but never of the newest.
    pub(super) fn prune(&mut self, retirement: &mut Retirement) -> io::Result<()> {
        let segments = self.segments.len();
        while self.segments.len() > 1 {
            let Some(oldest) =
                self.segments.first_entry().filter(|oldest| oldest.get().records == 0)
            else {
                break;
            };
            // One by one and each made durable: a power loss must not leave a hole in the numbers.
            retirement.retire(&oldest.get().segment)?;
            tracing::debug!(segment = oldest.key(), "journal segment folded and let go");
            oldest.remove();
        }
        if self.segments.len() < segments {
            retirement.expire();
        }
        Ok(())
    }
}
