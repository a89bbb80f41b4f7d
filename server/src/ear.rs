//! Whether there may be something to read, apart from everything else that a connection is woken for: looking into a socket
//! in vain costs as much as handing on a letter. It knows no socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

/// What a socket wakes.
#[derive(Debug)]
pub(crate) struct Ear {
    bell: Arc<Bell>,
    waker: Waker,
}

#[derive(Debug)]
struct Bell {
    has_rung: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl Ear {
    /// One that has to be looked through once.
    pub(crate) fn new() -> Self {
        let bell = Arc::new(Bell { has_rung: AtomicBool::new(true), task: AtomicWaker::new() });
        Self { waker: bell.clone().into(), bell }
    }

    /// Looks, if there may be anything since the last time that there was nothing.
    pub(crate) fn poll<T>(
        &self,
        cx: &Context<'_>,
        look: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        // First, so that no ring is missed.
        self.bell.task.register(cx.waker());
        if !self.bell.has_rung.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        let found = look(&mut Context::from_waker(&self.waker));
        if found.is_ready() {
            // There may be more.
            self.bell.has_rung.store(true, Ordering::Release);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn one_looks_again_only_after_the_bell_has_rung() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let ear = Ear::new();
        let mut looked = 0;
        let mut look = |cx: &mut Context<'_>| {
            ear.poll(cx, |cx| {
                looked += 1;
                receiver.poll_recv(cx)
            })
        };
        assert!(poll_fn(|cx| Poll::Ready(look(cx).is_pending())).await);
        assert!(poll_fn(|cx| Poll::Ready(look(cx).is_pending())).await);
        tokio::spawn(async move { sender.send(7) });
        assert_eq!(poll_fn(&mut look).await, Some(7));
        assert_eq!(poll_fn(&mut look).await, None, "and what came with it is seen without a ring");
        assert_eq!(looked, 3);
    }
}
