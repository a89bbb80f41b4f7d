//! One WebSocket connection to one document: frames in, frames out. It knows dialects and mailboxes, nothing of yrs.

mod clock;
mod lane;
mod pulse;
mod shared;
mod traffic;

use std::future::poll_fn;
use std::task::{Context, Poll};

use bytes::Bytes;
use codraft_core::DocId;
use codraft_core::frame::KEEP_ALIVE;
use tokio::sync::watch;
use tracing::{debug, warn};

use crate::close::Close;
use crate::dialect::{self, Dialect};
use crate::frames::Frames;
use crate::hub::Hub;
use crate::mail::{PeerId, Said, Terms};
use crate::outbox::Outgoing;
use crate::wire::{End, Heard, Wire};
use clock::{Clock, Ending};
use lane::Lane;
use pulse::Pulse;

/// Messages, and bytes of them, that are read at once if they are there: a room is woken once for all.
const MESSAGES: usize = 64;
const BYTES: usize = 64 << 10;

pub(crate) use shared::{Welcome, serve_many};
pub(crate) use traffic::Traffic;

/// A connection that is about to join a document.
pub(crate) struct Joining {
    pub(crate) wire: Wire,
    /// The document.
    pub(crate) name: DocId,
    pub(crate) id: PeerId,
    pub(crate) terms: Box<Terms>,
    pub(crate) hub: Hub,
    /// The end of the server.
    pub(crate) closing: watch::Receiver<()>,
    pub(crate) traffic: Traffic,
}

/// Serves a connection until either side ends it; returns the code if it was this one. What comes once is boxed: nothing of
/// it is held meanwhile.
pub(crate) async fn serve(joining: Box<Joining>) -> Option<u16> {
    let (mut connection, mut rest) = match Box::pin(join(joining)).await {
        Ok(joined) => joined,
        Err(code) => return code,
    };
    let end = connection.run(&mut rest.wire, &mut rest.closing).await;
    Box::pin(leave(connection, rest, end)).await
}

/// What a connection consists of beside its lane.
struct Rest {
    wire: Wire,
    closing: watch::Receiver<()>,
}

/// Joins the room; the code with which it was closed if that cannot be.
async fn join(joining: Box<Joining>) -> Result<(Box<Connection>, Box<Rest>), Option<u16>> {
    let Joining { wire, name, id, terms, hub, mut closing, traffic } = *joining;
    let opened = tokio::select! {
        opened = Lane::open(hub, name, id, terms) => opened,
        _ = closing.changed() => Err(Close::RESTARTING),
    };
    let lane = match opened {
        Ok(lane) => lane,
        Err(close) => return Err(wire.close(close).await),
    };
    let pulse = Pulse::new(traffic.silence());
    let connection =
        Connection { lane, said: Vec::new(), end: None, is_rooms_turn: false, pulse, traffic };
    Ok((Box::new(connection), Box::new(Rest { wire, closing })))
}

/// Leaves the room and closes; returns the code if it was this side.
async fn leave(connection: Box<Connection>, rest: Box<Rest>, end: End) -> Option<u16> {
    let (_, code) = tokio::join!(connection.lane.leave(), say_goodbye(rest.wire, end));
    code
}

/// Closes, or answers the other side's closing; returns the code if it was this side.
async fn say_goodbye(mut wire: Wire, end: End) -> Option<u16> {
    match end {
        End::Ours(close) => wire.close(close).await,
        End::Theirs => {
            wire.farewell().await;
            None
        }
    }
}

struct Connection {
    lane: Lane,
    /// What was read and is not in the mailbox yet.
    said: Vec<Said>,
    /// What came after that: nothing more.
    end: Option<End>,
    is_rooms_turn: bool,
    pulse: Pulse,
    traffic: Traffic,
}

impl Connection {
    async fn run(&mut self, wire: &mut Wire, closing: &mut watch::Receiver<()>) -> End {
        let mut batch = Vec::new();
        let (mut clock, mut ending) = (Clock::new(self.pulse.due(true)), Ending::of(closing));
        loop {
            if let Err(end) = self.deliver() {
                return end;
            }
            let due = self.pulse.due(!self.lane.is_waiting());
            let event = poll_fn(|cx| {
                if let Poll::Ready(event) = self.poll(wire, &mut batch, cx) {
                    return Poll::Ready(event);
                }
                if ending.poll(cx).is_ready() {
                    return Poll::Ready(Event::Closing);
                }
                clock.poll(due, cx).map(|()| Event::Due)
            });
            let step = match event.await {
                Event::Heard => {
                    self.pulse.heard();
                    Ok(())
                }
                Event::Arrived(arrived) => {
                    self.pulse.heard();
                    arrived.map_err(End::Ours)
                }
                Event::Told(0) => Err(End::Ours(Close::FELL_BEHIND)),
                Event::Told(_) => {
                    self.pulse.told();
                    self.traffic.sent(&batch);
                    write(wire, Dialect::YSync, &[], &mut batch).await
                }
                Event::Due if self.pulse.is_quiet() => {
                    self.pulse.told();
                    wire.send(&[Bytes::from_static(KEEP_ALIVE).into()]).await
                }
                Event::Due => ping(&mut self.pulse, wire, &[self.lane.id()]).await,
                Event::Closing => Err(End::Ours(Close::RESTARTING)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Listens to both sides, now to one first and now to the other: neither can talk over the other for long.
    fn poll(
        &mut self,
        wire: &mut Wire,
        batch: &mut Vec<Outgoing>,
        cx: &mut Context<'_>,
    ) -> Poll<Event> {
        self.is_rooms_turn = !self.is_rooms_turn;
        if !self.is_rooms_turn
            && let Poll::Ready(event) = self.poll_peer(wire, cx)
        {
            return Poll::Ready(event);
        }
        if let Poll::Ready(count) = self.lane.poll_told(cx, batch) {
            return Poll::Ready(Event::Told(count));
        }
        if self.is_rooms_turn { self.poll_peer(wire, cx) } else { Poll::Pending }
    }

    /// Reads, unless what was read before still waits.
    fn poll_peer(&mut self, wire: &mut Wire, cx: &mut Context<'_>) -> Poll<Event> {
        if self.lane.is_waiting() {
            return self.lane.poll_arrived(cx).map(Event::Arrived);
        }
        let Self { said, end, traffic, .. } = self;
        poll_read(wire, said, end, traffic, cx).map(|()| Event::Heard)
    }

    /// Hands on what was read. An end comes after what was said before it.
    fn deliver(&mut self) -> Result<(), End> {
        if self.lane.is_waiting() {
            return Ok(());
        }
        self.lane.say(std::mem::take(&mut self.said)).map_err(End::Ours)?;
        if self.lane.is_waiting() {
            return Ok(());
        }
        let Some(end) = self.end.take() else { return Ok(()) };
        if let End::Ours(close) = &end {
            warn!(peer = self.lane.id().0, code = close.code, reason = %close.reason, "peer closed");
        }
        Err(end)
    }
}

/// Why a connection's loop went round.
enum Event {
    /// Something came from the other side.
    Heard,
    /// What waited for the mailbox is in it.
    Arrived(Result<(), Close>),
    /// The room says something.
    Told(usize),
    /// One of us has said nothing for a while.
    Due,
    /// The server goes down.
    Closing,
}

/// Asks for a sign of life, or lets go of a peer that has given none for too long.
async fn ping(pulse: &mut Pulse, wire: &mut Wire, peers: &[PeerId]) -> Result<(), End> {
    if pulse.may_ask() {
        return wire.ping().await;
    }
    for peer in peers {
        debug!(peer = peer.0, "peer gave no sign of life");
    }
    Err(End::Theirs)
}

/// Reads what is there, at least one message; ready with nothing said after a mere sign of life.
fn poll_read(
    wire: &mut Wire,
    said: &mut Vec<Said>,
    end: &mut Option<End>,
    traffic: &mut Traffic,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let (mut heard, mut bytes) = (false, 0);
    while end.is_none() && said.len() < MESSAGES && bytes < BYTES {
        match wire.poll_heard(cx) {
            Poll::Ready(Ok(Heard::Frame(frame))) => {
                bytes += frame.len();
                let before = said.len();
                let read = dialect::read(&frame, said)
                    .map_err(|error| Close::malformed(&error.to_string()))
                    .and_then(|()| traffic.heard(said.len() - before, frame.len()));
                *end = read.err().map(End::Ours);
            }
            Poll::Ready(Ok(Heard::Sign)) => *end = traffic.heard(0, 0).err().map(End::Ours),
            Poll::Ready(Err(over)) => *end = Some(over),
            Poll::Pending if heard => break,
            Poll::Pending => return Poll::Pending,
        }
        heard = true;
    }
    Poll::Ready(())
}

/// Writes all that waits in one go, each message behind a prefix; a quiet document is not delayed, because nothing waits for
/// more.
async fn write(
    wire: &mut Wire,
    dialect: Dialect,
    prefix: &[u8],
    batch: &mut Vec<Outgoing>,
) -> Result<(), End> {
    // Nearly always there is nothing else.
    if batch.iter().all(|outgoing| outgoing.frames().is_some()) {
        let written = wire.send_under(prefix, batch.iter().filter_map(Outgoing::frames)).await;
        batch.clear();
        return written;
    }
    let mut frames: Vec<Frames> = Vec::with_capacity(batch.len());
    for outgoing in batch.drain(..) {
        match outgoing {
            Outgoing::Frames(more) => frames.push(more),
            Outgoing::Notice(notice) => frames.extend(dialect.notice(notice).map(Frames::from)),
            Outgoing::Close(close) => {
                if close.is_denial() {
                    frames.push(dialect.denied(&close.reason).into());
                }
                wire.send_under(prefix, &frames).await?;
                return Err(End::Ours(*close));
            }
        }
    }
    wire.send_under(prefix, &frames).await
}
