//! How what peers send gets into a document: contained, within its patience, and noted for the journal. It knows no peers.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use bytes::Bytes;
use codraft_core::gate::Extent;
use codraft_core::replica::{MergeError, Merged};

use super::{By, Document, LONG_BYTES, aside, unix_ms};
use crate::frames::Frames;
use crate::journal::RecordKind;

/// How long a document may take to merge an update, beside what its size is good for: a hostile one takes yrs the square of
/// its blocks, 64 KB of them five seconds.
const PATIENCE: Duration = Duration::from_secs(2);
const PATIENCE_FOR_A_MIB: Duration = Duration::from_secs(1);
/// A document that has taken so long is merged where it holds up nobody else, for a while: it may have been another
/// process that took the time.
const SLOW: Duration = Duration::from_millis(5);
const MERGES_ASIDE: u32 = 256;

/// What outside updates of one peer did.
#[derive(Debug)]
pub(crate) struct Change {
    /// How many were merged.
    pub(crate) updates: usize,
    /// What was new, as frames for the others, if anything was.
    pub(crate) new: Option<Frames>,
    /// All of each update was.
    pub(crate) is_all_new: bool,
    /// One builds on something unknown.
    pub(crate) has_gap: bool,
    /// The operations of each update that were new.
    pub(crate) added: Vec<Vec<Extent>>,
}

impl Document {
    /// Merges an outside update into a document that is awake; what it brought that is new is an entry for the journal.
    pub(crate) fn merge(&mut self, update: &Bytes, by: &By) -> Result<Change, MergeError> {
        let started = Instant::now();
        let patience = PATIENCE + PATIENCE_FOR_A_MIB * (update.len() >> 20) as u32;
        let merge = || self.replica.merge_while(update, || started.elapsed() < patience);
        let work = if self.merges_aside > 0 { LONG_BYTES } else { update.len() };
        let merged = aside(work, || contained(merge));
        self.took(started.elapsed());
        let merged = merged.inspect_err(|_| self.shelves.garbage.keep(update))?;
        Ok(self.changed(vec![merged], by))
    }

    /// Merges small updates together, from the first on as many as can be: the next, if there is one, is to be merged alone.
    /// After an error none of them counts, and whose fault it was shows when they are merged one by one.
    pub(crate) fn merge_run<'a>(
        &mut self,
        updates: impl Iterator<Item = &'a Bytes>,
        by: &By,
    ) -> Result<Change, MergeError> {
        if self.merges_aside > 0 || self.asleep.is_some() {
            return Ok(self.changed(Vec::new(), by));
        }
        let started = Instant::now();
        let mut size = self.size;
        let may_go_on = |update: &&Bytes| {
            size = size.saturating_add(update.len());
            size <= self.shelves.limits.document_bytes && started.elapsed() < SLOW
        };
        let updates = updates.take_while(may_go_on).map(|update| &update[..]);
        let run = contained(|| self.replica.merge_run(updates))?;
        self.took(started.elapsed());
        Ok(self.changed(run, by))
    }

    /// Whether an outside update would change nothing; the document must be awake.
    pub(crate) fn contains(&self, update: &[u8]) -> Result<bool, MergeError> {
        let contains = || self.replica.contains(update).map_err(MergeError::from);
        aside(self.size, || contained(contains))
    }

    fn took(&mut self, time: Duration) {
        let less = self.merges_aside.saturating_sub(1);
        self.merges_aside = if time > SLOW { MERGES_ASIDE } else { less };
    }

    /// Notes what merges have brought.
    fn changed(&mut self, merges: Vec<Merged<'_>>, by: &By) -> Change {
        let news = merges.iter().filter_map(|merged| merged.new.as_deref());
        // One copy for the journal and for the others, of its own: a slice of what arrived would keep all of that alive.
        let frames = Frames::of_updates(news.clone());
        let (mut end, time) = (0, unix_ms());
        for (new, frame) in news.zip(frames.iter()) {
            end += frame.len();
            self.note_entry(RecordKind::Update, frames.slice(end - new.len()..end), time, by);
            self.grown(new.len());
        }
        for merged in &merges {
            self.note(&merged.added, by, time);
        }
        Change {
            updates: merges.len(),
            new: Some(frames).filter(|frames| frames.len() > 0),
            is_all_new: merges.iter().all(|merged| matches!(merged.new, Some(Cow::Borrowed(_)))),
            has_gap: merges.iter().any(|merged| merged.has_gap),
            added: merges.into_iter().map(|merged| merged.added).collect(),
        }
    }
}

/// Does what may panic: the gate keeps yrs from all that is known, and this keeps the rest from a room. A replica that it
/// happened to must not be used any more.
pub(super) fn contained<T>(work: impl FnOnce() -> Result<T, MergeError>) -> Result<T, MergeError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(MergeError::Broken("yrs panicked")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_of_the_replica() {
        assert!(matches!(contained::<()>(|| panic!("as yrs would")), Err(MergeError::Broken(_))));
        assert!(contained(|| Ok(())).is_ok());
    }
}
