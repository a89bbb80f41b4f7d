//! What sockets and rooms say to each other, and the mailbox between them, bounded in number and in bytes. It knows no
//! wire: dialects translate.
//!
//! What does not fit waits, in the order of asking: a socket whose mail waits is not read, so that whoever sends faster than
//! the document is served is slowed down and nobody else is.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::access::{Pass, Visitor};
use crate::outbox::Outbox;
use crate::request::Request;

/// Mails that may wait for a room.
const MAILS: usize = 256;

/// Bytes of them that may wait. What is larger takes all of it, and so waits until nothing else does.
const BYTES: usize = 8 << 20;

/// An update that says nothing: what somebody answers who has nothing.
pub(crate) const NOTHING: &[u8] = &[0, 0];

/// What a message takes beside its bytes. A small one is as much work as some hundred bytes of a large one: as many of them
/// as fit are 20 ms of a room's time, and that long everyone else in the document may have to wait.
const MESSAGE_BYTES: usize = 1 << 10;

/// One connection to one document, unique in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PeerId(pub(crate) u64);

/// What a room has to know of a peer, whatever it speaks.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) receipt: Receipt,
    /// Who it is, and what lets them in.
    pub(crate) visitor: Visitor,
    /// What the journal notes its dialect as.
    pub(crate) dialect: u8,
}

/// How a peer is told that what it said is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receipt {
    /// Its own bytes come back; and whoever asks with a version is answered.
    Echo,
    /// Only whoever asks with a version is answered.
    Version,
    /// Each message is answered with a status, which the peer counts. It asks first, and is asked in turn then.
    Status,
}

/// All that a room is told: every cause of work is visible here.
#[derive(Debug)]
pub(crate) enum Mail {
    /// A peer has connected; what it is to be told goes to its outbox.
    Join { peer: PeerId, outbox: Outbox, terms: Box<Terms> },
    /// A peer shows another pass.
    Grant { peer: PeerId, pass: Box<Pass> },
    /// A peer says something, in this order.
    Said { peer: PeerId, said: Vec<Said>, space: Space },
    /// A peer's connection has ended.
    Leave { peer: PeerId },
    /// The document is to be folded if anything has come since the last time; the sender is dropped when it is.
    Fold { done: oneshot::Sender<()> },
    /// Somebody who is not connected asks for something, and leaves a way back here.
    Ask { request: Box<Request>, visitor: Box<Visitor>, from: Mailbox, space: Space },
}

/// What a peer can say, in every dialect.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Its state vector: it wants what it lacks.
    Step1(Bytes),
    /// The answer to our step1: an update.
    Step2(Bytes),
    /// An update: what was just typed.
    Update(Bytes),
    /// An awareness update.
    Awareness(Bytes),
    /// "Who is here?"
    QueryAwareness,
    /// A version to be sent back once everything before it is on disk.
    Saved(Bytes),
    /// A control message.
    Control(Bytes),
    /// A message of the app's own for the others, framed for those who understand it.
    Stateless(Bytes),
}

impl Mail {
    /// The peer it is about.
    pub(crate) fn peer(&self) -> Option<PeerId> {
        match *self {
            Self::Join { peer, .. }
            | Self::Grant { peer, .. }
            | Self::Said { peer, .. }
            | Self::Leave { peer } => Some(peer),
            Self::Fold { .. } | Self::Ask { .. } => None,
        }
    }

    /// Whether it is done at once, whatever the disk does: somebody is to be sent away.
    pub(crate) fn is_urgent(&self) -> bool {
        matches!(self, Self::Ask { request, .. } if request.is_urgent())
    }

    /// What a peer says, each message as a mail of its own.
    pub(crate) fn one_by_one(
        peer: PeerId,
        said: impl DoubleEndedIterator<Item = Said>,
        space: Space,
    ) -> impl DoubleEndedIterator<Item = Self> {
        said.map(move |said| Self::Said { peer, said: vec![said], space: space.clone() })
    }

    /// How many entries in the journal it may lead to.
    pub(crate) fn appends(&self) -> usize {
        match self {
            Self::Said { said, .. } => said.iter().filter(|said| said.may_append()).count(),
            Self::Ask { request, .. } => request.appends(),
            Self::Join { .. } | Self::Grant { .. } | Self::Leave { .. } | Self::Fold { .. } => 0,
        }
    }
}

impl Said {
    /// Whether it may lead to an entry in the journal.
    fn may_append(&self) -> bool {
        matches!(self, Self::Step2(update) | Self::Update(update) if update != NOTHING)
    }

    /// What was just typed, if that is what it says and it says anything.
    pub(crate) fn typed(&self) -> Option<&Bytes> {
        match self {
            Self::Update(update) if update != NOTHING => Some(update),
            Self::Step1(_)
            | Self::Step2(_)
            | Self::Update(_)
            | Self::Awareness(_)
            | Self::QueryAwareness
            | Self::Saved(_)
            | Self::Control(_)
            | Self::Stateless(_) => None,
        }
    }

    /// Bytes that it takes up while it waits.
    pub(crate) fn bytes(&self) -> usize {
        let payload = match self {
            Self::Step1(bytes)
            | Self::Step2(bytes)
            | Self::Update(bytes)
            | Self::Awareness(bytes)
            | Self::Saved(bytes)
            | Self::Control(bytes)
            | Self::Stateless(bytes) => bytes.len(),
            Self::QueryAwareness => 0,
        };
        payload + MESSAGE_BYTES
    }
}

/// The part of a mailbox that a mail takes up until the room has done with it, and with all that came of it.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    _bytes: Arc<OwnedSemaphorePermit>,
}

impl Space {
    fn of(bytes: OwnedSemaphorePermit) -> Self {
        Self { _bytes: Arc::new(bytes) }
    }
}

/// A way to a room; the room lives as long as somebody has one.
#[derive(Debug, Clone)]
pub(crate) struct Mailbox {
    mails: mpsc::Sender<Mail>,
    bytes: Arc<Semaphore>,
}

/// A way to a room that does not keep it.
#[derive(Debug, Clone)]
pub(crate) struct WeakMailbox {
    mails: mpsc::WeakSender<Mail>,
    bytes: Arc<Semaphore>,
}

/// The room has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended;

/// Why something could not be said at once.
#[derive(Debug)]
pub(crate) enum Unsaid {
    /// The mailbox is full; here it is again.
    Full(Vec<Said>),
    Ended,
}

/// An empty mailbox, and the end of it that the room reads.
pub(crate) fn mailbox() -> (Mailbox, mpsc::Receiver<Mail>) {
    let (mails, inbox) = mpsc::channel(MAILS);
    (Mailbox { mails, bytes: Arc::new(Semaphore::new(BYTES)) }, inbox)
}

impl Mailbox {
    /// Puts in what takes no space to speak of, once there is room.
    pub(crate) async fn send(&self, mail: Mail) -> Result<(), Ended> {
        self.mails.send(mail).await.map_err(|_| Ended)
    }

    /// Puts in what a peer says, without waiting.
    pub(crate) fn try_say(&self, peer: PeerId, said: Vec<Said>) -> Result<(), Unsaid> {
        let Ok(bytes) = self.bytes.clone().try_acquire_many_owned(space_for(&said)) else {
            return Err(Unsaid::Full(said));
        };
        let mail = Mail::Said { peer, said, space: Space::of(bytes) };
        self.mails.try_send(mail).map_err(|error| match error {
            TrySendError::Full(Mail::Said { said, .. }) => Unsaid::Full(said),
            TrySendError::Full(_) | TrySendError::Closed(_) => Unsaid::Ended,
        })
    }

    /// Puts in what a peer says, once there is room for it.
    pub(crate) async fn say(self, peer: PeerId, said: Vec<Said>) -> Result<(), Ended> {
        let bytes =
            self.bytes.clone().acquire_many_owned(space_for(&said)).await.map_err(|_| Ended)?;
        self.send(Mail::Said { peer, said, space: Space::of(bytes) }).await
    }

    /// Puts in a request, once there is room for it.
    pub(crate) async fn ask(self, visitor: Visitor, request: Request) -> Result<(), Ended> {
        let space = space_of(request.bytes() + MESSAGE_BYTES);
        let bytes = self.bytes.clone().acquire_many_owned(space).await.map_err(|_| Ended)?;
        let (request, visitor) = (Box::new(request), Box::new(visitor));
        self.send(Mail::Ask { request, visitor, from: self.clone(), space: Space::of(bytes) }).await
    }

    /// Whether the room takes no more mail.
    pub(crate) fn is_closed(&self) -> bool {
        self.mails.is_closed()
    }

    pub(crate) fn downgrade(&self) -> WeakMailbox {
        WeakMailbox { mails: self.mails.downgrade(), bytes: self.bytes.clone() }
    }
}

impl WeakMailbox {
    /// None when nobody has the mailbox any more.
    pub(crate) fn upgrade(&self) -> Option<Mailbox> {
        Some(Mailbox { mails: self.mails.upgrade()?, bytes: self.bytes.clone() })
    }
}

fn space_for(said: &[Said]) -> u32 {
    space_of(said.iter().map(Said::bytes).sum())
}

fn space_of(bytes: usize) -> u32 {
    u32::try_from(bytes.min(BYTES)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(bytes: usize) -> Vec<Said> {
        vec![Said::Update(Bytes::from(vec![0; bytes]))]
    }

    #[tokio::test]
    async fn a_mailbox_is_full_by_number_or_by_bytes_and_takes_more_once_the_room_has_done_with_some()
     {
        let (mailbox, mut inbox) = mailbox();
        for _ in 0..MAILS {
            assert!(mailbox.try_say(PeerId(1), update(1)).is_ok());
        }
        assert!(matches!(mailbox.try_say(PeerId(1), update(1)), Err(Unsaid::Full(_))));
        while inbox.try_recv().is_ok() {}

        assert!(mailbox.try_say(PeerId(1), update(BYTES / 2)).is_ok());
        assert!(mailbox.try_say(PeerId(1), update(BYTES / 4)).is_ok());
        assert!(matches!(mailbox.try_say(PeerId(2), update(BYTES / 2)), Err(Unsaid::Full(_))));
        let taken = inbox.try_recv().unwrap();
        let more = mailbox.try_say(PeerId(2), update(BYTES / 2));
        assert!(matches!(more, Err(Unsaid::Full(_))), "the room has not done with it");
        drop(taken);
        assert!(mailbox.try_say(PeerId(2), update(BYTES / 2)).is_ok());
    }

    #[tokio::test]
    async fn what_is_larger_than_the_mailbox_gets_in_when_nothing_else_is_in_it() {
        let (mailbox, mut inbox) = mailbox();
        mailbox.try_say(PeerId(1), update(1)).unwrap();
        let large = tokio::spawn(mailbox.clone().say(PeerId(2), update(BYTES * 2)));
        drop(inbox.recv().await);
        let mail = inbox.recv().await.unwrap();
        assert_eq!(mail.peer(), Some(PeerId(2)));
        assert_eq!(large.await.unwrap(), Ok(()));
        let small = mailbox.try_say(PeerId(1), update(1));
        assert!(matches!(small, Err(Unsaid::Full(_))), "and then nothing else does");
    }
}
