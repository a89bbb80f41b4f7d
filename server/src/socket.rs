//! One WebSocket connection to one document: frames in, frames out. It knows dialects and mailboxes, nothing of yrs.

mod traffic;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use codraft_core::DocId;
use codraft_core::frame::KEEP_ALIVE;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tracing::{debug, warn};

use crate::close::Close;
use crate::dialect;
use crate::hub::Hub;
use crate::mail::{Ended, Mail, Mailbox, PeerId, Said, Unsaid};
use crate::outbox::{Inbox, Outgoing, outbox};
use crate::wire::{End, Heard, Wire};

/// Silence after which a sign of life is sent: stock clients reconnect after 30 s without a message.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
/// Pings that a peer may leave unanswered.
const MISSES: u32 = 2;
/// How long a room may take to let somebody in.
const JOIN_TIMEOUT: Duration = Duration::from_secs(30);
/// Entries taken from the outbox for one write.
const BATCH: usize = 256;
/// Messages, and bytes of them, that are read at once if they are there: a room is woken once for all.
const MESSAGES: usize = 64;
const BYTES: usize = 64 << 10;

pub(crate) use traffic::Traffic;

/// Serves a connection until either side ends it; returns the code if it was this one.
pub(crate) async fn serve(
    mut wire: Wire,
    name: DocId,
    id: PeerId,
    hub: Hub,
    mut closing: watch::Receiver<()>,
    traffic: Traffic,
) -> Option<u16> {
    let Some(room) = hub.open(name).await else {
        return wire.close(Close::RESTARTING).await;
    };
    // From here on the room's mailbox is what keeps the room; the hub must not be kept by a connection.
    drop(hub);
    let (outbox, inbox) = outbox();
    let joined = tokio::select! {
        joined = timeout(JOIN_TIMEOUT, room.send(Mail::Join { peer: id, outbox })) => joined,
        _ = closing.changed() => return wire.close(Close::RESTARTING).await,
    };
    match joined {
        Ok(Ok(())) => {}
        Ok(Err(Ended)) => return wire.close(Close::INTERNAL).await,
        Err(_) => return wire.close(Close::TOO_BUSY).await,
    }
    let mut connection = Connection::new(id, room, inbox, traffic);
    let end = connection.run(&mut wire, &mut closing).await;
    // What waits for the mailbox is not said any more; nobody must wait behind it.
    connection.waiting = None;
    let goodbye = async {
        match end {
            End::Ours(close) => wire.close(close).await,
            End::Theirs => {
                wire.farewell().await;
                None
            }
        }
    };
    // The room may have ended before us.
    let (_, code) = tokio::join!(connection.room.send(Mail::Leave { peer: id }), goodbye);
    code
}

/// Mail that waits for space in the room's mailbox; the socket is not read meanwhile.
type Waiting = Pin<Box<dyn Future<Output = Result<(), Ended>> + Send>>;

struct Connection {
    id: PeerId,
    room: Mailbox,
    inbox: Inbox,
    /// What was read and is not in the mailbox yet.
    said: Vec<Said>,
    /// What came after that: nothing more.
    end: Option<End>,
    waiting: Option<Waiting>,
    ping_at: Instant,
    misses: u32,
    quiet_since: Instant,
    traffic: Traffic,
}

impl Connection {
    fn new(id: PeerId, room: Mailbox, inbox: Inbox, traffic: Traffic) -> Self {
        let now = Instant::now();
        Self {
            id,
            room,
            inbox,
            said: Vec::new(),
            end: None,
            waiting: None,
            ping_at: now + traffic.silence(),
            misses: 0,
            quiet_since: now,
            traffic,
        }
    }

    async fn run(&mut self, wire: &mut Wire, closing: &mut watch::Receiver<()>) -> End {
        let mut batch = Vec::new();
        loop {
            if let Err(end) = self.deliver() {
                return end;
            }
            let (said, end, is_waiting) = (&mut self.said, &mut self.end, self.waiting.is_some());
            let traffic = &mut self.traffic;
            let step = tokio::select! {
                arrived = arrived(&mut self.waiting), if is_waiting => {
                    self.waiting = None;
                    self.heard();
                    arrived.map_err(|Ended| End::Ours(Close::INTERNAL))
                }
                () = poll_fn(|cx| poll_read(wire, said, end, traffic, cx)), if !is_waiting => {
                    self.heard();
                    Ok(())
                }
                count = self.inbox.take(&mut batch, BATCH) => {
                    self.quiet_since = Instant::now();
                    self.traffic.sent(&batch);
                    // The room drops an outbox that is full; whatever is still in it is not worth sending.
                    if count == 0 { Err(End::Ours(Close::FELL_BEHIND)) } else { write(wire, &mut batch).await }
                }
                () = tokio::time::sleep_until(self.quiet_since + KEEP_ALIVE_EVERY) => {
                    self.quiet_since = Instant::now();
                    wire.send(&[Bytes::from_static(KEEP_ALIVE)]).await
                }
                () = tokio::time::sleep_until(self.ping_at), if !is_waiting => self.ping(wire).await,
                _ = closing.changed() => Err(End::Ours(Close::RESTARTING)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Hands on what was read; what does not fit waits. An end comes after what was said before it.
    fn deliver(&mut self) -> Result<(), End> {
        if self.waiting.is_some() {
            return Ok(());
        }
        if !self.said.is_empty() {
            match self.room.try_say(self.id, std::mem::take(&mut self.said)) {
                Ok(()) => {}
                Err(Unsaid::Full(said)) => {
                    self.waiting = Some(Box::pin(self.room.clone().say(self.id, said)));
                    return Ok(());
                }
                Err(Unsaid::Ended) => return Err(End::Ours(Close::INTERNAL)),
            }
        }
        let Some(end) = self.end.take() else { return Ok(()) };
        if let End::Ours(close) = &end {
            warn!(peer = self.id.0, code = close.code, reason = %close.reason, "peer closed");
        }
        Err(end)
    }

    fn heard(&mut self) {
        (self.ping_at, self.misses) = (Instant::now() + self.traffic.silence(), 0);
    }

    /// Asks for a sign of life, or lets go of a peer that has given none for too long.
    async fn ping(&mut self, wire: &mut Wire) -> Result<(), End> {
        if self.misses == MISSES {
            debug!(peer = self.id.0, "peer gave no sign of life");
            return Err(End::Theirs);
        }
        self.misses += 1;
        self.ping_at = Instant::now() + self.traffic.silence();
        wire.ping().await
    }
}

/// The outcome of what waits; never ready when nothing does.
async fn arrived(waiting: &mut Option<Waiting>) -> Result<(), Ended> {
    match waiting {
        Some(waiting) => waiting.await,
        None => std::future::pending().await,
    }
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

/// Writes all that waits in one go; a quiet document is not delayed, because nothing waits for more.
async fn write(wire: &mut Wire, batch: &mut Vec<Outgoing>) -> Result<(), End> {
    let mut frames = Vec::with_capacity(batch.len());
    for outgoing in batch.drain(..) {
        match outgoing {
            Outgoing::Frame(frame) => frames.push(frame),
            Outgoing::Frames(more) => frames.extend(more),
            Outgoing::Close(close) => {
                wire.send(&frames).await?;
                return Err(End::Ours(close));
            }
        }
    }
    wire.send(&frames).await
}
