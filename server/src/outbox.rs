//! Frames on their way to one peer, bounded in bytes. It knows neither rooms nor sockets.
//!
//! Putting in never waits: a peer whose outbox is full is let go and catches up when it connects again. A frame is never
//! skipped for a peer that stays.
//!
//! Every letter goes through one of these for everybody who sees it: one short lock to put in all that a turn of a room has
//! to say, and one to take it out. A channel of the runtime takes a turn at a semaphore as well, and keeps a kilobyte for
//! each idle connection.

use std::collections::VecDeque;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::access::Role;
use crate::close::Close;
use crate::frames::Frames;

/// Bytes of memory after which no more may wait; a whole document may go in before that, because y-sync cannot split it.
pub(crate) const BYTES: usize = 12 << 20;

/// Bytes after which a peer is behind, and is spared what will be out of date when it gets there.
const BEHIND: usize = 64 << 10;

/// Bytes of memory that are taken for one write, and what is larger by itself: they do not count as waiting any more.
const TAKEN_BYTES: usize = 64 << 10;

/// Entries for which memory is kept when nothing waits.
const KEPT: usize = 16;
/// Bytes of memory of an entry without frames.
const BARE_BYTES: usize = 64;

/// What a room puts into a peer's outbox.
#[derive(Debug, Clone)]
pub(crate) enum Outgoing {
    /// What a room says.
    Frames(Frames),
    /// What each dialect says in its own way, if it can say it.
    Notice(Notice),
    /// The end, with its reason.
    Close(Box<Close>),
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
    /// Its frames, if it has any.
    pub(crate) fn frames(&self) -> Option<&Frames> {
        match self {
            Self::Frames(frames) => Some(frames),
            Self::Notice(_) | Self::Close(_) => None,
        }
    }

    /// Bytes of memory that it takes while it waits.
    fn weight(&self) -> usize {
        self.frames().map_or(BARE_BYTES, Frames::weight)
    }
}

/// The end that a room holds.
#[derive(Debug)]
pub(crate) struct Outbox(Arc<Shared>);

/// The end that a socket holds.
#[derive(Debug)]
pub(crate) struct Inbox(Arc<Shared>);

#[expect(clippy::disallowed_types, reason = "a channel: what is shared is on its way to a task")]
type Shared = std::sync::Mutex<Queue>;

#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Outgoing>,
    /// Their weight.
    waiting: usize,
    /// The socket's task, while it waits for an entry.
    waker: Option<Waker>,
    /// One of the two ends is gone.
    is_over: bool,
}

/// The outbox is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// An empty outbox.
pub(crate) fn outbox() -> (Outbox, Inbox) {
    let queue = Arc::new(Shared::default());
    (Outbox(queue.clone()), Inbox(queue))
}

/// Nothing that is done under the lock leaves it half done.
fn lock(queue: &Shared) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes the socket's task if it waits, without the lock.
fn wake(mut queue: MutexGuard<'_, Queue>) {
    let waker = queue.waker.take();
    drop(queue);
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Outbox {
    /// Puts something in, without waiting.
    pub(crate) fn send(&self, outgoing: Outgoing) -> Result<(), Full> {
        self.put([outgoing].into_iter())
    }

    /// Puts in all that a turn of the room has to say, without waiting.
    pub(crate) fn post(&self, frames: &mut Vec<Frames>) -> Result<(), Full> {
        let posted = self.put(frames.drain(..).map(Outgoing::Frames));
        if frames.capacity() > KEPT {
            *frames = Vec::new();
        }
        posted
    }

    fn put(&self, outgoing: impl Iterator<Item = Outgoing>) -> Result<(), Full> {
        let mut queue = lock(&self.0);
        // A socket that has gone says so by itself.
        if queue.is_over {
            return Ok(());
        }
        if queue.waiting > BYTES {
            return Err(Full);
        }
        for outgoing in outgoing {
            queue.waiting += outgoing.weight();
            queue.entries.push_back(outgoing);
        }
        wake(queue);
        Ok(())
    }

    /// Whether so much waits that the peer must be slow to read.
    pub(crate) fn is_behind(&self) -> bool {
        lock(&self.0).waiting > BEHIND
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let mut queue = lock(&self.0);
        queue.is_over = true;
        wake(queue);
    }
}

impl Inbox {
    /// Takes what waits, as much as suits one write, once there is something; nothing when the room has let go of the
    /// outbox.
    pub(crate) fn poll_take(
        &mut self,
        cx: &mut Context<'_>,
        batch: &mut Vec<Outgoing>,
    ) -> Poll<usize> {
        let mut queue = lock(&self.0);
        if queue.entries.is_empty() && !queue.is_over {
            if !queue.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                queue.waker = Some(cx.waker().clone());
            }
            drop(queue);
            if batch.is_empty() && batch.capacity() > KEPT {
                *batch = Vec::new();
            }
            return Poll::Pending;
        }
        let (before, mut taken) = (batch.len(), 0);
        while taken < TAKEN_BYTES
            && let Some(outgoing) = queue.entries.pop_front()
        {
            taken += outgoing.weight();
            batch.push(outgoing);
        }
        queue.waiting -= taken;
        if queue.entries.is_empty() && queue.entries.capacity() > KEPT {
            queue.entries = VecDeque::new();
        }
        Poll::Ready(batch.len() - before)
    }

    /// The same, waited for.
    #[cfg(test)]
    pub(crate) async fn take(&mut self, batch: &mut Vec<Outgoing>) -> usize {
        std::future::poll_fn(|cx| self.poll_take(cx, batch)).await
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        let mut queue = lock(&self.0);
        queue.is_over = true;
        let left = std::mem::take(&mut queue.entries);
        drop(queue);
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn frames(bytes: usize) -> Outgoing {
        Outgoing::Frames(vec![0; bytes].into())
    }

    #[tokio::test]
    async fn an_outbox_is_full_by_bytes_and_takes_more_once_it_is_emptied() {
        let (outbox, mut inbox) = outbox();
        assert_eq!(outbox.send(frames(BYTES / 2)), Ok(()));
        assert_eq!(outbox.send(frames(BYTES)), Ok(()), "whatever its size");
        assert!(outbox.is_behind());
        assert_eq!(outbox.send(frames(1)), Err(Full));
        let mut batch = Vec::new();
        assert_eq!(inbox.take(&mut batch).await, 1, "what is large is taken by itself");
        assert_eq!(outbox.send(frames(1)), Err(Full));
        assert_eq!(inbox.take(&mut batch).await, 1);
        assert!(!outbox.is_behind());
        assert_eq!(outbox.send(frames(1)), Ok(()));
    }

    #[tokio::test]
    async fn nothing_that_waits_is_without_weight() {
        let (outbox, _inbox) = outbox();
        let mut count = 0;
        while outbox.send(frames(0)).is_ok() {
            count += 1;
        }
        assert!(count * size_of::<Outgoing>() < BYTES, "{count} empty frames");
    }

    #[tokio::test]
    async fn what_was_put_in_before_the_end_comes_out_in_its_order() {
        let (outbox, mut inbox) = outbox();
        let length = |outgoing: &Outgoing| outgoing.frames().map(Frames::len);
        let mut batch = Vec::new();
        let taken = tokio::spawn(async move {
            while inbox.take(&mut batch).await > 0 {}
            batch
        });
        tokio::task::yield_now().await;
        let mut turn: Vec<Frames> = [1, 2].map(|bytes| vec![0; bytes].into()).into();
        outbox.post(&mut turn).unwrap();
        assert!(turn.is_empty());
        outbox.send(Outgoing::Close(Box::new(Close::RESTARTING))).unwrap();
        drop(outbox);
        let taken = tokio::time::timeout(Duration::from_secs(10), taken).await.unwrap().unwrap();
        assert_eq!(taken.iter().map(length).collect::<Vec<_>>(), [Some(1), Some(2), None]);
    }

    #[tokio::test]
    async fn a_socket_that_is_gone_takes_everything_and_keeps_nothing() {
        let (outbox, inbox) = outbox();
        drop(inbox);
        for _ in 0..3 {
            assert_eq!(outbox.send(frames(BYTES)), Ok(()));
        }
        assert!(!outbox.is_behind());
    }
}
