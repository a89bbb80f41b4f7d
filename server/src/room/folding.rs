//! When a room has its document folded. It does not know what a fold is made of.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::debug;

use super::Room;
use crate::journal::StorageState;

/// How long after a fold the next one waits while somebody sends as fast as they can: a fold takes as much as a thousand
/// edits, and a hundred thousand entries that are not folded make a load a quarter of a second longer.
const FOLD_REST: Duration = Duration::from_millis(200);
/// How long after a fold that could not be written the next is tried.
const FOLD_PAUSE: Duration = Duration::from_secs(60);

impl Room {
    pub(super) fn fold_for(&mut self, done: oneshot::Sender<()>) {
        if self.fold.is_none() && self.document.is_unfolded() {
            self.fold = Some(self.document.fold());
        }
        if self.fold.is_some() {
            self.awaiting_fold.push(done);
        }
    }

    pub(super) fn fold_if_worth_it(&mut self) {
        let may = self.fold.is_none() && self.storage == StorageState::Accepting;
        if may && self.document.wants_fold() && Instant::now() >= self.fold_after {
            self.fold = Some(self.document.fold());
        }
    }

    pub(super) fn folded(&mut self, through: Option<u64>) {
        self.document.metrics().folds_failed.inc_by(through.is_none().into());
        self.fold = None;
        self.awaiting_fold.clear();
        let rest = if through.is_some() { FOLD_REST } else { FOLD_PAUSE };
        self.fold_after = Instant::now() + rest;
        if let Some(through) = through {
            self.document.folded(through);
        }
    }

    /// Everyone has gone: folds what is new, so that the next load is one read.
    pub(super) async fn end(mut self: Box<Self>) {
        if let Some(fold) = self.fold.take() {
            let through = fold.await.unwrap_or(None);
            self.folded(through);
        }
        if self.document.is_unfolded() {
            let through = self.document.fold().await.unwrap_or(None);
            self.folded(through);
        }
        debug!(doc = %self.document.name(), "room closed");
    }
}
