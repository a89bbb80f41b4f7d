//! How what peers send gets into a document: contained, within its patience, and noted for the journal. It knows no peers.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use bytes::Bytes;
use codraft_core::frame;
use codraft_core::replica::{MergeError, Merged};

use super::{ANONYMOUS, Document, LONG_BYTES, aside, unix_ms};
use crate::journal::RecordKind;

/// How long a document may take to merge an update, beside what its size is good for: a hostile one takes yrs the square of
/// its blocks, 64 KB of them five seconds.
const PATIENCE: Duration = Duration::from_secs(2);
const PATIENCE_FOR_A_MIB: Duration = Duration::from_secs(1);
/// A document that has once taken so long is merged where it holds up nobody else.
const SLOW: Duration = Duration::from_millis(5);

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
    pub(crate) fn merge(&mut self, update: &Bytes) -> Result<Change, MergeError> {
        let started = Instant::now();
        let patience = PATIENCE + PATIENCE_FOR_A_MIB * (update.len() >> 20) as u32;
        let merge = || self.replica.merge_while(update, || started.elapsed() < patience);
        let work = if self.is_slow { LONG_BYTES } else { update.len() };
        let merged = aside(work, || contained(merge));
        self.is_slow |= started.elapsed() > SLOW;
        let Merged { new, has_gap, added } =
            merged.inspect_err(|_| self.shelves.garbage.keep(update))?;
        let is_all_new = matches!(new, Some(Cow::Borrowed(_)));
        let new = new.map(|new| {
            // One copy for the journal and for the others, of its own: a slice of what arrived would keep all of that alive.
            let framed = Bytes::from(frame::update(&new));
            let time = unix_ms();
            self.note_entry(RecordKind::Update, framed.slice(framed.len() - new.len()..), time);
            self.note(&added, ANONYMOUS, time);
            self.grown(new.len());
            framed
        });
        Ok(Change { new, is_all_new, has_gap })
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
