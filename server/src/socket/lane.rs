//! The way between a connection and one room: what was read goes in, what the room says comes out. It knows mailboxes and no
//! wire.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use codraft_core::DocId;
use tokio::time::timeout;

use crate::access::Pass;
use crate::close::Close;
use crate::hub::Hub;
use crate::mail::{Ended, Mail, Mailbox, PeerId, Said, Terms, Unsaid};
use crate::outbox::{Inbox, Outgoing, outbox};

/// How long a room may take to let somebody in.
const JOIN_TIMEOUT: Duration = Duration::from_secs(30);

/// Mail that waits for space in the room's mailbox; the socket is not read meanwhile.
type Waiting = Pin<Box<dyn Future<Output = Result<(), Ended>> + Send>>;

/// A peer's place in a room. It must be left in the end, or the room believes it is still there.
pub(super) struct Lane {
    id: PeerId,
    room: Mailbox,
    inbox: Inbox,
    waiting: Option<Waiting>,
}

impl Lane {
    /// Joins a document's room. The hub is not kept: from here on the mailbox is what keeps the room.
    pub(super) async fn open(
        hub: Hub,
        name: DocId,
        id: PeerId,
        terms: Box<Terms>,
    ) -> Result<Self, Close> {
        let room = hub.open(name).await.ok_or(Close::RESTARTING)?;
        drop(hub);
        let (outbox, inbox) = outbox();
        let join = Mail::Join { peer: id, outbox, terms };
        match timeout(JOIN_TIMEOUT, room.send(join)).await {
            Ok(Ok(())) => Ok(Self { id, room, inbox, waiting: None }),
            Ok(Err(Ended)) => Err(Close::INTERNAL),
            Err(_) => Err(Close::TOO_BUSY),
        }
    }

    pub(super) fn id(&self) -> PeerId {
        self.id
    }

    /// Hands on what was said, in order; what does not fit waits.
    pub(super) fn say(&mut self, said: Vec<Said>) -> Result<(), Close> {
        debug_assert!(self.waiting.is_none());
        if said.is_empty() {
            return Ok(());
        }
        match self.room.try_say(self.id, said) {
            Ok(()) => Ok(()),
            Err(Unsaid::Full(said)) => {
                self.waiting = Some(Box::pin(self.room.clone().say(self.id, said)));
                Ok(())
            }
            Err(Unsaid::Ended) => Err(Close::INTERNAL),
        }
    }

    /// Whether something waits for space; nothing more may be said until it has it.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// Ready once what waits has its space; never when nothing does.
    pub(super) fn poll_arrived(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Close>> {
        let Some(waiting) = &mut self.waiting else { return Poll::Pending };
        let arrived = ready!(waiting.as_mut().poll(cx));
        self.waiting = None;
        Poll::Ready(arrived.map_err(|Ended| Close::INTERNAL))
    }

    /// Takes what the room says once there is something; nothing when the room has let go of the outbox, because it is full:
    /// whatever is still in it is not worth sending.
    pub(super) fn poll_told(
        &mut self,
        cx: &mut Context<'_>,
        batch: &mut Vec<Outgoing>,
    ) -> Poll<usize> {
        self.inbox.poll_take(cx, batch)
    }

    /// Lets the peer go on with another pass, once what it said until now is in the mailbox.
    pub(super) fn grant(&mut self, said: Vec<Said>, pass: Pass) {
        let (peer, room, before) = (self.id, self.room.clone(), self.waiting.take());
        self.waiting = Some(Box::pin(async move {
            if let Some(before) = before {
                before.await?;
            }
            room.clone().say(peer, said).await?;
            room.send(Mail::Grant { peer, pass: Box::new(pass) }).await
        }));
    }

    /// Leaves the room. What waits for the mailbox is not said any more; nobody must wait behind it.
    pub(super) async fn leave(self) {
        drop(self.waiting);
        // The room may have ended before us.
        let _ = self.room.send(Mail::Leave { peer: self.id }).await;
    }
}
