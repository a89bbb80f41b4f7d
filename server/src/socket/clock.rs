//! One timer for all that is due on a connection, and the server's end. A connection is woken thousands of times before
//! either comes: what is waited for stays waited for, and costs nothing until then. It does not know what is due.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

/// A timer that is asked each time with what is due: what has moved on meanwhile sets it anew only when it rings.
#[derive(Debug)]
pub(super) struct Clock {
    sleep: Pin<Box<Sleep>>,
}

impl Clock {
    /// One that rings at this time at first.
    pub(super) fn new(due: Instant) -> Self {
        Self { sleep: Box::pin(sleep_until(due)) }
    }

    /// Ready once this time has come.
    pub(super) fn poll(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        if due < self.sleep.deadline() {
            self.sleep.as_mut().reset(due);
        }
        loop {
            ready!(self.sleep.as_mut().poll(cx));
            if due <= Instant::now() {
                return Poll::Ready(());
            }
            self.sleep.as_mut().reset(due);
        }
    }
}

/// The end of the server.
pub(super) struct Ending<'a> {
    closing: watch::Receiver<()>,
    ended: Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
    /// Who is woken by it.
    waker: Option<Waker>,
}

impl<'a> Ending<'a> {
    /// Comes when the other side of this is dropped.
    pub(super) fn of(closing: &'a mut watch::Receiver<()>) -> Self {
        let look = closing.clone();
        // It is never told anything but its end.
        let ended = Box::pin(async move { drop(closing.changed().await) });
        Self { closing: look, ended, waker: None }
    }

    /// Ready once it has come.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let is_known = self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        if is_known && self.closing.has_changed().is_ok() {
            return Poll::Pending;
        }
        self.waker = Some(cx.waker().clone());
        self.ended.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clock_rings_when_it_is_due_however_often_that_moves() {
        let begin = Instant::now();
        let second = Duration::from_secs(1);
        let mut clock = Clock::new(begin + second);
        poll_fn(|cx| clock.poll(begin + second * 3, cx)).await;
        assert_eq!(begin.elapsed(), second * 3);
        let later = begin + second * 60;
        assert!(poll_fn(|cx| Poll::Ready(clock.poll(later, cx).is_pending())).await);
        poll_fn(|cx| clock.poll(begin + second * 5, cx)).await;
        assert_eq!(begin.elapsed(), second * 5);
    }

    #[tokio::test]
    async fn the_end_wakes_whoever_waits_for_it() {
        let (open, mut closing) = watch::channel(());
        let waits = tokio::spawn(async move {
            let mut ending = Ending::of(&mut closing);
            assert!(poll_fn(|cx| Poll::Ready(ending.poll(cx).is_pending())).await);
            poll_fn(|cx| ending.poll(cx)).await;
        });
        tokio::task::yield_now().await;
        drop(open);
        waits.await.unwrap();
    }
}
