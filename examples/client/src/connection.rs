//! A session with a socket and a clock: whatever the session wants done is done here. It shows nothing to anybody.
//!
//! All that is under way is kept in the connection and nothing in a future, so [`Connection::turn`] may be dropped while it
//! waits and called again.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use codraft_core::session::{Action, Network, Session};
use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{self, Message};

use crate::Error;
use crate::address::Address;
use crate::dial::{Dial, Failure, Socket, dial};
use crate::pass::Pass;
use crate::status::{Role, role_in};

/// Close codes (`docs/protocol.md`): nobody may come in with this; and what was shown is too old.
const UNAUTHORIZED: u16 = 4401;
const EXPIRED: u16 = 4501;
/// The end of a connection that said nothing about it (RFC 6455 §7.4.1).
const ABNORMAL: u16 = 1006;

/// How long the other side may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// One client's way to a document.
pub(crate) struct Connection {
    pub(crate) session: Session,
    /// What the server lets this program do.
    pub(crate) role: Option<Role>,
    address: Address,
    pass: Pass,
    state: State,
    /// Frames that the socket has not taken yet.
    outgoing: VecDeque<Vec<u8>>,
    /// Why no attempt would fare better, where that is not a close code.
    failure: Option<Error>,
    started: Instant,
    alarm: Pin<Box<Sleep>>,
}

enum State {
    Closed,
    Opening(Dial),
    Open(Box<Socket>),
}

impl Connection {
    /// Wants to be connected; [`Connection::turn`] does what has to be done for it.
    pub(crate) fn new(mut session: Session, address: Address, pass: Pass) -> Self {
        let started = Instant::now();
        session.connect(0);
        Self {
            session,
            role: None,
            address,
            pass,
            state: State::Closed,
            outgoing: VecDeque::new(),
            failure: None,
            started,
            alarm: Box::pin(sleep_until(started)),
        }
    }

    /// The time as the session is told it, in ms.
    pub(crate) fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    /// Why nobody will come in any more, if that is so.
    pub(crate) fn refusal(&self) -> Option<Error> {
        let status = self.session.status();
        let Network::Refused { code } = status.network else { return None };
        let refused = || Error::Refused { code, reason: status.reason.clone() };
        Some(self.failure.clone().unwrap_or_else(refused))
    }

    /// Sends what waits, and waits until something happens: a frame, an end, or a time that the session has asked for.
    pub(crate) async fn turn(&mut self) {
        poll_fn(|cx| self.poll_turn(cx)).await;
    }

    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            while let Some(action) = self.session.poll(self.now()) {
                self.act(action);
            }
            if self.poll_send(cx).is_ready() || self.poll_hear(cx).is_ready() {
                return Poll::Ready(());
            }
            let Some(deadline) = self.session.deadline() else { return Poll::Pending };
            self.alarm.as_mut().reset(self.started + Duration::from_millis(deadline));
            if self.alarm.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Open => {
                self.state = State::Opening(dial(&self.address.socket, &self.pass.shown()))
            }
            Action::Send(frame) => self.outgoing.push_back(frame),
            Action::Close => self.hang_up(),
            // The document keeps it, too, and lives as long as this.
            Action::Keep(_) => {}
        }
    }

    fn hang_up(&mut self) {
        self.state = State::Closed;
        self.outgoing.clear();
    }

    /// Hands frames to the socket; ready only when it has failed.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let State::Open(socket) = &mut self.state else { return Poll::Pending };
        match poll_hand_over(socket, &mut self.outgoing, cx) {
            Poll::Ready(Err(error)) => {
                self.ended(ABNORMAL, &error.to_string());
                Poll::Ready(())
            }
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
        }
    }

    /// Takes the next thing that the socket has to say.
    fn poll_hear(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.state {
            State::Closed => return Poll::Pending,
            State::Opening(dial) => match std::task::ready!(dial.as_mut().poll(cx)) {
                Ok(socket) => {
                    self.state = State::Open(Box::new(socket));
                    self.session.opened(self.now());
                }
                Err(Failure::Passing(reason)) => self.ended(ABNORMAL, &reason),
                Err(Failure::Final(error)) => {
                    self.failure = Some(error);
                    self.ended(UNAUTHORIZED, "");
                }
            },
            State::Open(socket) => {
                let heard = std::task::ready!(socket.poll_next_unpin(cx));
                self.heard(heard);
            }
        }
        Poll::Ready(())
    }

    fn heard(&mut self, heard: Option<Result<Message, tungstenite::Error>>) {
        match heard {
            Some(Ok(Message::Binary(frame))) => {
                self.role = role_in(&frame).or(self.role);
                self.session.receive(&frame, self.now());
            }
            Some(Ok(Message::Close(Some(close)))) => {
                let code = match close.code.into() {
                    // Shown again, it would not be newer.
                    EXPIRED if !self.pass.is_renewed() => UNAUTHORIZED,
                    code => code,
                };
                self.ended(code, &close.reason);
            }
            Some(Ok(Message::Close(None))) | None => self.ended(ABNORMAL, ""),
            Some(Ok(_)) => {}
            Some(Err(error)) => self.ended(ABNORMAL, &error.to_string()),
        }
    }

    fn ended(&mut self, code: u16, reason: &str) {
        self.hang_up();
        self.session.closed(code, reason, self.now());
    }

    /// Says goodbye, and waits a little until the other side has heard it.
    pub(crate) async fn leave(mut self) {
        if let State::Open(socket) = &mut self.state {
            let farewell = async {
                socket.close(None).await?;
                while socket.next().await.is_some_and(|heard| heard.is_ok()) {}
                Ok::<(), tungstenite::Error>(())
            };
            // Whoever does not answer finds out by themselves that nobody is there.
            let _ = timeout(GOODBYE, farewell).await;
        }
    }
}

/// Gives the socket as many frames as it takes, and has it send them.
fn poll_hand_over(
    socket: &mut Socket,
    frames: &mut VecDeque<Vec<u8>>,
    cx: &mut Context<'_>,
) -> Poll<Result<(), tungstenite::Error>> {
    while !frames.is_empty() {
        std::task::ready!(socket.poll_ready_unpin(cx))?;
        if let Some(frame) = frames.pop_front() {
            socket.start_send_unpin(Message::binary(frame))?;
        }
    }
    socket.poll_flush_unpin(cx)
}
