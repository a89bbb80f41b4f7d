//! One WebSocket connection to many documents, as Hocuspocus's providers share it: a line to each room, behind the token that
//! opens it. It knows dialects and mailboxes, nothing of yrs.
//!
//! What concerns one document ends its line; what passes by itself, a server that restarts or a peer that fell behind, ends
//! all of them, because a provider comes back to a connection and not to a line.

mod line;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::IpAddr;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use codraft_core::DocId;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::warn;

use super::{BYTES, Clock, Ending, MESSAGES, Pulse, Traffic, ping, say_goodbye, write};
use crate::access::{Pass, Visitor};
use crate::close::Close;
use crate::dialect::hocuspocus::{self, Frame, KEEP_ALIVE, Message};
use crate::dialect::{Dialect, HOCUSPOCUS};
use crate::doorkeeper::Doorkeeper;
use crate::hub::Hub;
use crate::mail::{PeerId, Receipt, Said, Terms};
use crate::outbox::{Notice, Outgoing};
use crate::wire::{End, Heard, Wire};
use line::{Line, Step};

/// Documents on one connection.
const LINES: usize = 256;
/// How long a peer may talk about a document without a token for it, as in the reference server.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(60);
/// What is said about documents that are about to be open, in bytes; with more, the connection is not read until they are.
const OPENING_BYTES: usize = 1 << 20;
/// What is said about documents without a token for them, in bytes, as in the reference server: a page may have loaded much
/// while its app fetches the token.
const UNPROVEN_BYTES: usize = 5 << 20;

/// What a connection needs to let somebody in.
#[derive(Clone)]
pub(crate) struct Welcome {
    pub(crate) hub: Hub,
    pub(crate) doorkeeper: Doorkeeper,
    /// Where the connection comes from.
    pub(crate) from: IpAddr,
    /// The number of the next peer.
    pub(crate) peers: Arc<AtomicU64>,
}

/// Serves a connection until either side ends it; returns the code if it was this one.
pub(crate) async fn serve_many(
    mut wire: Wire,
    welcome: Welcome,
    mut closing: watch::Receiver<()>,
    traffic: Traffic,
) -> Option<u16> {
    let pulse = Pulse::new(traffic.silence());
    let mut connection = Connection {
        welcome,
        lines: BTreeMap::new(),
        last: String::new(),
        is_rooms_turn: false,
        pulse,
        traffic,
    };
    let end = connection.run(&mut wire, &mut closing).await;
    let leave = async {
        for (_, line) in connection.lines {
            line.leave().await;
        }
    };
    let (_, code) = tokio::join!(leave, say_goodbye(wire, end));
    code
}

struct Connection {
    welcome: Welcome,
    lines: BTreeMap<String, Line>,
    /// The line that was served last: the next one is first.
    last: String,
    is_rooms_turn: bool,
    pulse: Pulse,
    traffic: Traffic,
}

/// Why a connection's loop went round.
enum Event {
    /// Frames, and perhaps an end behind them.
    Heard(Vec<Bytes>, Option<End>),
    /// Something happened on a line.
    Line(String, Step),
    /// One of us has said nothing for a while, or a token did not come in time.
    Due,
    /// The server goes down.
    Closing,
}

impl Connection {
    async fn run(&mut self, wire: &mut Wire, closing: &mut watch::Receiver<()>) -> End {
        let mut batch = Vec::new();
        let (mut clock, mut ending) = (Clock::new(self.pulse.due(true)), Ending::of(closing));
        loop {
            let reads = self.may_read();
            let due = self.late_at().into_iter().fold(self.pulse.due(reads), Instant::min);
            let event = poll_fn(|cx| {
                if let Poll::Ready(event) = self.poll(wire, reads, &mut batch, cx) {
                    return Poll::Ready(event);
                }
                if ending.poll(cx).is_ready() {
                    return Poll::Ready(Event::Closing);
                }
                clock.poll(due, cx).map(|()| Event::Due)
            });
            let step = match event.await {
                Event::Heard(frames, end) => self.hear(wire, frames, end).await,
                Event::Line(key, step) => self.step(wire, key, step, &mut batch).await,
                Event::Due if self.late_at().is_some_and(|late_at| late_at <= Instant::now()) => {
                    Err(End::Ours(Close::NO_TOKEN))
                }
                Event::Due if self.pulse.is_quiet() => {
                    self.pulse.told();
                    wire.send(&[Bytes::from_static(KEEP_ALIVE).into()]).await
                }
                Event::Due => {
                    let peers: Vec<_> = self.lines.values().filter_map(Line::peer).collect();
                    ping(&mut self.pulse, wire, &peers).await
                }
                Event::Closing => Err(End::Ours(Close::RESTARTING)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// When a token should have come, if one is awaited.
    fn late_at(&self) -> Option<Instant> {
        let since = self.lines.values().filter_map(Line::unproven_since).min();
        since.map(|since| since + TOKEN_TIMEOUT)
    }

    /// Not while something that was read has no place yet.
    fn may_read(&self) -> bool {
        let opening: usize = self.lines.values().map(Line::opening_bytes).sum();
        opening < OPENING_BYTES && !self.lines.values().any(Line::is_waiting)
    }

    /// Listens to the rooms and to the peer, now to these first and now to that one: neither can talk over the other for long.
    fn poll(
        &mut self,
        wire: &mut Wire,
        reads: bool,
        batch: &mut Vec<Outgoing>,
        cx: &mut Context<'_>,
    ) -> Poll<Event> {
        self.is_rooms_turn = !self.is_rooms_turn;
        if reads
            && !self.is_rooms_turn
            && let Poll::Ready(event) = self.poll_read(wire, cx)
        {
            return Poll::Ready(event);
        }
        if let Poll::Ready(event) = self.poll_lines(batch, cx) {
            return Poll::Ready(event);
        }
        if reads && self.is_rooms_turn { self.poll_read(wire, cx) } else { Poll::Pending }
    }

    /// The lines in turn.
    fn poll_lines(&mut self, batch: &mut Vec<Outgoing>, cx: &mut Context<'_>) -> Poll<Event> {
        let last = std::mem::take(&mut self.last);
        let after = (Bound::Excluded(last.as_str()), Bound::Unbounded);
        let until = (Bound::Unbounded, Bound::Included(last.as_str()));
        for range in [after, until] {
            for (key, line) in self.lines.range_mut::<str, _>(range) {
                if let Poll::Ready(step) = line.poll(batch, cx) {
                    self.last.clone_from(key);
                    return Poll::Ready(Event::Line(key.clone(), step));
                }
            }
        }
        self.last = last;
        Poll::Pending
    }

    /// Reads what is there, at least one frame or a mere sign of life.
    fn poll_read(&mut self, wire: &mut Wire, cx: &mut Context<'_>) -> Poll<Event> {
        let (mut frames, mut bytes, mut end) = (Vec::new(), 0, None);
        while frames.len() < MESSAGES && bytes < BYTES && end.is_none() {
            match wire.poll_heard(cx) {
                Poll::Ready(Ok(Heard::Frame(frame))) => {
                    bytes += frame.len();
                    end = self.traffic.heard(1, frame.len()).err().map(End::Ours);
                    frames.push(frame);
                }
                Poll::Ready(Ok(Heard::Sign)) => {
                    end = self.traffic.heard(0, 0).err().map(End::Ours);
                    break;
                }
                Poll::Ready(Err(over)) => end = Some(over),
                Poll::Pending if frames.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        Poll::Ready(Event::Heard(frames, end))
    }

    /// Takes up what was read; an end comes after what was said before it.
    async fn hear(
        &mut self,
        wire: &mut Wire,
        frames: Vec<Bytes>,
        end: Option<End>,
    ) -> Result<(), End> {
        self.pulse.heard();
        for frame in &frames {
            match hocuspocus::read(frame) {
                Ok(Frame::Sign) => {}
                Ok(Frame::For { key, message: Message::Said(said) }) => self.said(key, said)?,
                Ok(Frame::For { key, message: Message::Token(token) }) => {
                    self.token(wire, key, token).await?;
                }
                Ok(Frame::For { key, message: Message::Close }) => {
                    self.let_go(wire, key).await?;
                }
                Err(unread) => match unread.key {
                    Some(key) if self.lines.contains_key(key) => {
                        self.end_line(wire, key, &unread.error.to_string()).await?;
                    }
                    _ => return Err(End::Ours(Close::reset(&unread.error.to_string()))),
                },
            }
        }
        // In one mail each, as far as the rooms have space.
        for line in self.lines.values_mut() {
            line.deliver().map_err(End::Ours)?;
        }
        end.map_or(Ok(()), Err)
    }

    fn said(&mut self, key: &str, said: Said) -> Result<(), End> {
        if !self.lines.contains_key(key) {
            // Its token is denied, and the rest goes on.
            if self.lines.len() == LINES {
                return Ok(());
            }
            self.lines.insert(key.to_owned(), Line::unproven());
        }
        let line = self.lines.get_mut(key).expect("it has just been looked for");
        line.hear(said);
        let is_unproven = line.unproven_since().is_some();
        let unproven = || self.lines.values().map(Line::unproven_bytes).sum::<usize>();
        if is_unproven && unproven() > UNPROVEN_BYTES {
            return Err(End::Ours(Close::reset("too much was said before a token was shown")));
        }
        Ok(())
    }

    /// A token opens a line, or says anew what may be done on it.
    async fn token(&mut self, wire: &mut Wire, key: &str, token: &str) -> Result<(), End> {
        let name = match hocuspocus::document(key) {
            Ok(name) => name,
            Err(error) => return self.deny(wire, key, &error.to_string()).await,
        };
        let Welcome { doorkeeper, from, .. } = &self.welcome;
        let pass = match doorkeeper.look(token, &name, Some(*from)).await {
            Ok(pass) => pass,
            Err(turned) => return self.deny(wire, key, &turned.to_string()).await,
        };
        if let Some(Line::Open(open)) = self.lines.get_mut(key) {
            // The room says what it is good for.
            open.grant(pass);
            return Ok(());
        }
        if !self.lines.contains_key(key) && self.lines.len() == LINES {
            return self.deny(wire, key, "too many documents on one connection").await;
        }
        let line = self.open(key, name, pass);
        self.lines.insert(key.to_owned(), line);
        Ok(())
    }

    /// A line that opens as soon as the room is there; what was said about the document before is said then.
    fn open(&mut self, key: &str, name: DocId, pass: Pass) -> Line {
        let queued = self.lines.remove(key).map(Line::into_queued).unwrap_or_default();
        let id = PeerId(self.welcome.peers.fetch_add(1, Ordering::Relaxed));
        let visitor = Visitor { pass, from: Some(self.welcome.from) };
        let terms = Terms { receipt: Receipt::Status, visitor, dialect: HOCUSPOCUS };
        Line::opening(self.welcome.hub.clone(), name, id, terms, queued)
    }

    /// Tells the peer that it is not let in. What it has said right behind its token is not heard; it may try again.
    async fn deny(&mut self, wire: &mut Wire, key: &str, reason: &str) -> Result<(), End> {
        if self.lines.contains_key(key) || self.lines.len() < LINES {
            self.end(key);
        }
        wire.send_under(&hocuspocus::prefix(key), &[hocuspocus::denied(reason).into()]).await
    }

    /// The peer has done with a document. It hears an answer only if it was let in, as from the reference server: it may
    /// have begun anew by the time the answer comes, and would take it for the end of that.
    async fn let_go(&mut self, wire: &mut Wire, key: &str) -> Result<(), End> {
        let Some(line) = self.lines.remove(key).filter(Line::is_let_in) else { return Ok(()) };
        drop(tokio::spawn(line.leave()));
        wire.send_under(
            &hocuspocus::prefix(key),
            &[hocuspocus::closed("provider_initiated").into()],
        )
        .await
    }

    /// Ends a line and says so; until it shows a token again, what the peer says about that document is not heard.
    async fn end_line(&mut self, wire: &mut Wire, key: &str, reason: &str) -> Result<(), End> {
        self.end(key);
        wire.send_under(&hocuspocus::prefix(key), &[hocuspocus::closed(reason).into()]).await
    }

    /// The room may be busy: the other lines do not wait until it has heard of it.
    fn end(&mut self, key: &str) {
        if let Some(line) = self.lines.insert(key.to_owned(), Line::Ended) {
            drop(tokio::spawn(line.leave()));
        }
    }

    async fn not_let_in(&mut self, key: &str) {
        if let Some(Line::Open(open)) = self.lines.get(key) {
            self.welcome.doorkeeper.not_let_in(&open.visitor).await;
        }
        self.end(key);
    }

    /// Whether the room has let the peer in, which it says before everything else.
    fn is_in(&mut self, key: &str, told: &[Outgoing]) -> bool {
        let Some(Line::Open(open)) = self.lines.get_mut(key) else { return false };
        let lets_in = |told: &Outgoing| matches!(told, Outgoing::Notice(Notice::LetIn(_)));
        open.is_in |= told.iter().any(lets_in);
        open.is_in
    }

    async fn step(
        &mut self,
        wire: &mut Wire,
        key: String,
        step: Step,
        batch: &mut Vec<Outgoing>,
    ) -> Result<(), End> {
        match step {
            Step::Arrived(arrived) => {
                // What was said behind a token, in the same breath.
                let line = self.lines.get_mut(&key);
                arrived.and_then(|()| line.map_or(Ok(()), Line::deliver)).map_err(End::Ours)
            }
            Step::Opened(Err(close)) => Err(End::Ours(close)),
            Step::Opened(Ok(lane)) => {
                let Some(line) = self.lines.get_mut(&key) else {
                    drop(tokio::spawn(lane.leave()));
                    return Ok(());
                };
                line.opened(*lane);
                line.deliver().map_err(End::Ours)
            }
            Step::Told(0) => Err(End::Ours(Close::FELL_BEHIND)),
            Step::Told(_) => {
                self.pulse.told();
                self.traffic.sent(batch);
                let was_in = self.is_in(&key, batch);
                match write(wire, Dialect::Hocuspocus, &hocuspocus::prefix(&key), batch).await {
                    Err(End::Ours(close)) if close.is_denial() && !was_in => {
                        self.not_let_in(&key).await;
                        Ok(())
                    }
                    Err(End::Ours(close)) if close.is_about_document() => {
                        warn!(code = close.code, reason = %close.reason, "a document's line ended");
                        self.end_line(wire, &key, &close.reason).await
                    }
                    written => written,
                }
            }
        }
    }
}
