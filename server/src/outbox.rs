//! Frames on their way to one peer, bounded in number and in bytes. It knows neither rooms nor sockets.
//!
//! Putting in never waits: a peer whose outbox is full is let go and catches up when it connects again. A frame is never
//! skipped for a peer that stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::access::Role;
use crate::close::Close;
use crate::frames::Frames;

/// Entries that may wait, beside their memory, which is bounded below.
const ENTRIES: usize = 16_384;

/// Bytes of memory after which no more may wait; a whole document may go in before that, because y-sync cannot split it.
pub(crate) const BYTES: usize = 16 << 20;

/// Bytes after which a peer is behind, and is spared what will be out of date when it gets there.
const BEHIND: usize = 64 << 10;

/// What a room puts into a peer's outbox.
#[derive(Debug, Clone)]
pub(crate) enum Outgoing {
    /// What a room says in one turn: it takes one entry.
    Frames(Vec<Frames>),
    /// What each dialect says in its own way, if it can say it.
    Notice(Notice),
    /// The end, with its reason.
    Close(Close),
}

/// What a peer is told about its rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// It is let in and may do this, from what it says next on.
    LetIn(Role),
    /// From here on it may do this instead.
    Changed(Role),
    /// What lets it in is about to end: it may show something newer.
    Renew,
}

impl Outgoing {
    /// Frames in it.
    pub(crate) fn frames(&self) -> usize {
        match self {
            Self::Frames(frames) => frames.iter().map(Frames::count).sum(),
            Self::Notice(_) | Self::Close(_) => 0,
        }
    }

    /// Bytes of its frames.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Frames(frames) => frames.iter().map(Frames::len).sum(),
            Self::Notice(_) | Self::Close(_) => 0,
        }
    }

    /// Bytes of memory that it takes while it waits.
    fn weight(&self) -> usize {
        match self {
            Self::Frames(frames) => frames.iter().map(Frames::weight).sum(),
            Self::Notice(_) | Self::Close(_) => 0,
        }
    }
}

/// The end that a room holds.
#[derive(Debug)]
pub(crate) struct Outbox {
    entries: mpsc::Sender<Outgoing>,
    waiting: Arc<AtomicUsize>,
}

/// The end that a socket holds.
#[derive(Debug)]
pub(crate) struct Inbox {
    entries: mpsc::Receiver<Outgoing>,
    waiting: Arc<AtomicUsize>,
}

/// The outbox is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// An empty outbox.
pub(crate) fn outbox() -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::channel(ENTRIES);
    let waiting = Arc::new(AtomicUsize::new(0));
    (Outbox { entries: sender, waiting: waiting.clone() }, Inbox { entries: receiver, waiting })
}

impl Outbox {
    /// Puts something in, without waiting.
    pub(crate) fn send(&self, outgoing: Outgoing) -> Result<(), Full> {
        let bytes = outgoing.weight();
        if self.waiting.fetch_add(bytes, Ordering::Relaxed) > BYTES {
            return Err(Full);
        }
        match self.entries.try_send(outgoing) {
            Err(TrySendError::Full(_)) => Err(Full),
            // A socket that has gone says so by itself.
            Ok(()) | Err(TrySendError::Closed(_)) => Ok(()),
        }
    }

    /// Whether so much waits that the peer must be slow to read.
    pub(crate) fn is_behind(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > BEHIND
    }
}

impl Inbox {
    /// Takes up to `most` entries that wait, once there is one; 0 when the room has let go of the outbox.
    pub(crate) fn poll_take(
        &mut self,
        cx: &mut Context<'_>,
        batch: &mut Vec<Outgoing>,
        most: usize,
    ) -> Poll<usize> {
        let count = ready!(self.entries.poll_recv_many(cx, batch, most));
        let bytes = batch.iter().map(Outgoing::weight).sum();
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
        Poll::Ready(count)
    }

    /// The same, waited for.
    #[cfg(test)]
    pub(crate) async fn take(&mut self, batch: &mut Vec<Outgoing>, most: usize) -> usize {
        std::future::poll_fn(|cx| self.poll_take(cx, batch, most)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_outbox_is_full_by_number_or_by_bytes_and_takes_more_once_it_is_emptied() {
        let (outbox, mut inbox) = outbox();
        let frames = |frames: &[usize]| {
            Outgoing::Frames(frames.iter().map(|&bytes| vec![0; bytes].into()).collect())
        };
        let small = frames(&[1]);
        for _ in 0..ENTRIES {
            assert_eq!(outbox.send(small.clone()), Ok(()));
        }
        assert_eq!(outbox.send(small.clone()), Err(Full));
        let (outbox, mut other) = super::outbox();
        let large = frames(&[BYTES / 2, BYTES]);
        assert_eq!(outbox.send(large.clone()), Ok(()));
        assert_eq!(outbox.send(small.clone()), Err(Full));
        let mut batch = Vec::new();
        assert_eq!(other.take(&mut batch, 8).await, 1);
        let (fresh, _kept) = super::outbox();
        assert_eq!(fresh.send(small), Ok(()));
        batch.clear();
        assert_eq!(inbox.take(&mut batch, 8).await, 8);
    }
}
