//! What sockets and rooms say to each other. It knows no wire: dialects translate.

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::outbox::Outbox;

/// Mails that may wait for a room; a socket whose mail does not fit is read later.
pub(crate) const MAILBOX_MAILS: usize = 256;

/// One connection to one document, unique in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PeerId(pub(crate) u64);

/// All that a room is told: every cause of work is visible here.
#[derive(Debug)]
pub(crate) enum Mail {
    /// A peer has connected; what it is to be told goes to its outbox.
    Join { peer: PeerId, outbox: Outbox },
    /// A peer says something.
    Said { peer: PeerId, said: Said },
    /// A peer's connection has ended.
    Leave { peer: PeerId },
    /// The document is to be folded if anything has come since the last time; the sender is dropped when it is.
    Fold { done: oneshot::Sender<()> },
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
}

impl Mail {
    /// The peer it is about.
    pub(crate) fn peer(&self) -> Option<PeerId> {
        match *self {
            Self::Join { peer, .. } | Self::Said { peer, .. } | Self::Leave { peer } => Some(peer),
            Self::Fold { .. } => None,
        }
    }

    /// Whether it may lead to an entry in the journal.
    pub(crate) fn may_append(&self) -> bool {
        matches!(self, Self::Said { said: Said::Step2(_) | Said::Update(_), .. })
    }
}
