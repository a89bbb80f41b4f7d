//! What a connection to many documents has to do with one of them. It knows a room by its lane, and no wire.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use codraft_core::DocId;
use tokio::time::Instant;

use crate::access::{Pass, Visitor};
use crate::close::Close;
use crate::hub::Hub;
use crate::mail::{PeerId, Said, Terms};
use crate::outbox::Outgoing;
use crate::socket::lane::Lane;

/// A lane that is about to be there.
type Opening = Pin<Box<dyn Future<Output = Result<Lane, Close>> + Send>>;

pub(super) enum Line {
    /// No token has been shown: what is said waits for one.
    Unproven { queued: Queue, since: Instant },
    /// The room is about to be there; so what is said waits.
    Opening { lane: Opening, visitor: Box<Visitor>, queued: Queue },
    /// The peer is in the room.
    Open(Open),
    /// It was ended or never opened, and nothing is heard until a token is shown again.
    Ended,
}

/// A line to a room that the peer is in.
pub(super) struct Open {
    pub(super) lane: Lane,
    pub(super) visitor: Box<Visitor>,
    /// The room has let it in.
    pub(super) is_in: bool,
    /// What was read and is not in the mailbox yet.
    said: Vec<Said>,
}

/// What was said and waits.
#[derive(Default)]
pub(super) struct Queue {
    said: Vec<Said>,
    bytes: usize,
}

/// What happened on a line.
pub(super) enum Step {
    /// The room is there, or is not.
    Opened(Result<Box<Lane>, Close>),
    /// What waited for the mailbox is in it.
    Arrived(Result<(), Close>),
    /// The room says something.
    Told(usize),
}

impl Line {
    pub(super) fn unproven() -> Self {
        Self::Unproven { queued: Queue::default(), since: Instant::now() }
    }

    pub(super) fn opening(hub: Hub, name: DocId, id: PeerId, terms: Terms, queued: Queue) -> Self {
        let visitor = Box::new(terms.visitor.clone());
        Self::Opening {
            lane: Box::pin(Lane::open(hub, name, id, Box::new(terms))),
            visitor,
            queued,
        }
    }

    /// The room is there, and will say whether the peer is let in.
    pub(super) fn opened(&mut self, lane: Lane) {
        match std::mem::replace(self, Self::Ended) {
            Self::Opening { visitor, queued, .. } => {
                *self = Self::Open(Open { lane, visitor, is_in: false, said: queued.said });
            }
            Self::Unproven { .. } | Self::Open(_) | Self::Ended => {
                unreachable!("only a line that opens says that it is open")
            }
        }
    }

    /// Under which number the peer is in the room, if it is.
    pub(super) fn peer(&self) -> Option<PeerId> {
        match self {
            Self::Open(open) => Some(open.lane.id()),
            Self::Unproven { .. } | Self::Opening { .. } | Self::Ended => None,
        }
    }

    /// Takes up what the peer says.
    pub(super) fn hear(&mut self, said: Said) {
        match self {
            Self::Unproven { queued, .. } | Self::Opening { queued, .. } => {
                queued.bytes += said.bytes();
                queued.said.push(said);
            }
            Self::Open(open) => open.said.push(said),
            Self::Ended => {}
        }
    }

    /// Hands on what was heard, unless something before it still waits.
    pub(super) fn deliver(&mut self) -> Result<(), Close> {
        if let Self::Open(open) = self { open.deliver() } else { Ok(()) }
    }

    pub(super) fn is_waiting(&self) -> bool {
        matches!(self, Self::Open(open) if open.lane.is_waiting())
    }

    /// Whether the peer is in the room, or on its way there.
    pub(super) fn is_let_in(&self) -> bool {
        matches!(self, Self::Opening { .. } | Self::Open(_))
    }

    /// Since when a token is awaited.
    pub(super) fn unproven_since(&self) -> Option<Instant> {
        if let Self::Unproven { since, .. } = self { Some(*since) } else { None }
    }

    /// Bytes that wait for the room.
    pub(super) fn opening_bytes(&self) -> usize {
        if let Self::Opening { queued, .. } = self { queued.bytes } else { 0 }
    }

    /// Bytes that wait for a token.
    pub(super) fn unproven_bytes(&self) -> usize {
        if let Self::Unproven { queued, .. } = self { queued.bytes } else { 0 }
    }

    /// What was said before there was somebody to hear it.
    pub(super) fn into_queued(self) -> Queue {
        match self {
            Self::Unproven { queued, .. } | Self::Opening { queued, .. } => queued,
            Self::Open(_) | Self::Ended => Queue::default(),
        }
    }

    pub(super) fn poll(&mut self, batch: &mut Vec<Outgoing>, cx: &mut Context<'_>) -> Poll<Step> {
        match self {
            Self::Opening { lane, .. } => {
                lane.as_mut().poll(cx).map(|lane| Step::Opened(lane.map(Box::new)))
            }
            Self::Open(open) => {
                if let Poll::Ready(count) = open.lane.poll_told(cx, batch) {
                    return Poll::Ready(Step::Told(count));
                }
                open.lane.poll_arrived(cx).map(Step::Arrived)
            }
            Self::Unproven { .. } | Self::Ended => Poll::Pending,
        }
    }

    /// Leaves the room, if the peer is in one or on its way there.
    pub(super) async fn leave(self) {
        match self {
            Self::Open(open) => open.lane.leave().await,
            // Whoever has asked to be let in must leave.
            Self::Opening { lane, .. } => {
                if let Ok(lane) = lane.await {
                    lane.leave().await;
                }
            }
            Self::Unproven { .. } | Self::Ended => {}
        }
    }
}

impl Open {
    fn deliver(&mut self) -> Result<(), Close> {
        if self.lane.is_waiting() { Ok(()) } else { self.lane.say(latest(&mut self.said)) }
    }

    /// Lets the peer go on with another pass, from what it says next on.
    pub(super) fn grant(&mut self, pass: Pass) {
        self.lane.grant(latest(&mut self.said), pass);
    }
}

/// Takes what was said, of several state vectors only the last: a provider that was offline sends those of that time, too.
fn latest(said: &mut Vec<Said>) -> Vec<Said> {
    let mut said = std::mem::take(said);
    let last = said.iter().rposition(|said| matches!(said, Said::Step1(_)));
    let mut at = 0;
    said.retain(|said| {
        at += 1;
        !matches!(said, Said::Step1(_)) || Some(at - 1) == last
    });
    said
}
