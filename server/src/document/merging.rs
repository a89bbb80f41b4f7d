//! How what peers send gets into a document: contained, within its patience, and noted for the journal. It knows no peers.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use bytes::Bytes;
use codraft_core::frame;
use codraft_core::gate::Extent;
use codraft_core::replica::{MergeError, Merged};

use super::{ANONYMOUS, Document, LONG_BYTES, aside, unix_ms};
use crate::journal::RecordKind;

/// How long a document may take to merge an update, beside what its size is good for: a hostile one takes yrs the square of
/// its blocks, 64 KB of them five seconds.
const PATIENCE: Duration = Duration::from_secs(2);
const PATIENCE_FOR_A_MIB: Duration = Duration::from_secs(1);
/// A document that has taken so long is merged where it holds up nobody else, for a while: it may have been another
/// process that took the time.
const SLOW: Duration = Duration::from_millis(5);
const MERGES_ASIDE: u32 = 256;

/// What an outside update did.
#[derive(Debug)]
pub(crate) struct Change {
    /// What was new, as a frame for the others.
    pub(crate) new: Option<Bytes>,
    /// All of the update was.
    pub(crate) is_all_new: bool,
    /// It builds on something unknown.
    pub(crate) has_gap: bool,
    /// The operations that were new.
    pub(crate) added: Vec<Extent>,
}

impl Document {
    /// Merges an outside update into a document that is awake; what it brought that is new is an entry for the journal.
    pub(crate) fn merge(&mut self, update: &Bytes, dialect: u8) -> Result<Change, MergeError> {
        let started = Instant::now();
        let patience = PATIENCE + PATIENCE_FOR_A_MIB * (update.len() >> 20) as u32;
        let merge = || self.replica.merge_while(update, || started.elapsed() < patience);
        let work = if self.merges_aside > 0 { LONG_BYTES } else { update.len() };
        let merged = aside(work, || contained(merge));
        self.took(started.elapsed());
        let merged = merged.inspect_err(|_| self.shelves.garbage.keep(update))?;
        // One copy for the journal and for the others, of its own: a slice of what arrived would keep all of that alive.
        let framed = merged.new.as_ref().map(|new| Bytes::from(frame::update(new)));
        Ok(self.changed(merged, framed, unix_ms(), dialect))
    }

    /// Merges small updates together, from the first on as many as can be: the next, if there is one, is to be merged alone.
    /// After an error none of them counts, and whose fault it was shows when they are merged one by one.
    pub(crate) fn merge_run<'a>(
        &mut self,
        updates: impl Iterator<Item = &'a Bytes>,
        dialect: u8,
    ) -> Result<Vec<Change>, MergeError> {
        if self.merges_aside > 0 || self.asleep.is_some() {
            return Ok(Vec::new());
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
        let time = unix_ms();
        let mut frames = frames_of(&run);
        let changes = run.into_iter().map(|merged| {
            let framed = merged.new.as_ref().and_then(|_| frames.next());
            self.changed(merged, framed, time, dialect)
        });
        Ok(changes.collect())
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

    /// Notes what a merge has brought: the entry ends the frame.
    fn changed(
        &mut self,
        merged: Merged<'_>,
        framed: Option<Bytes>,
        time: u64,
        dialect: u8,
    ) -> Change {
        let Merged { new, has_gap, added } = merged;
        if let (Some(framed), Some(new)) = (&framed, &new) {
            let entry = framed.slice(framed.len() - new.len()..);
            self.note_entry(RecordKind::Update, entry, time, dialect);
            self.note(&added, ANONYMOUS, time);
            self.grown(new.len());
        }
        let is_all_new = matches!(new, Some(Cow::Borrowed(_)));
        Change { new: framed, is_all_new, has_gap, added }
    }
}

/// What was new of several updates, as frames that share one copy.
fn frames_of(run: &[Merged<'_>]) -> impl Iterator<Item = Bytes> + use<> {
    let (mut together, mut ends) = (Vec::new(), Vec::with_capacity(run.len()));
    for new in run.iter().flat_map(|merged| &merged.new) {
        frame::push_update(&mut together, new);
        ends.push(together.len());
    }
    let together = Bytes::from(together);
    let mut start = 0;
    ends.into_iter().map(move |end| together.slice(std::mem::replace(&mut start, end)..end))
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
