//! When to connect, when to give up and when to try again. It knows time and close codes, no frames.

use crate::session::Action;

/// How long a socket may take to open, in ms.
const OPENING_MS: u64 = 10_000;
/// Silence after which the server is asked for a sign of life; it sends one at least every 10 s.
const SILENCE_MS: u64 = 15_000;
/// Silence after which the connection is given up.
const GIVE_UP_MS: u64 = 25_000;
/// The first wait before reconnecting, doubled each time.
const FIRST_WAIT_MS: u64 = 250;
/// The longest wait.
const LONGEST_WAIT_MS: u64 = 4_000;

/// The state of the connection, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Not connected, and not asked to be.
    Idle,
    /// Opening a socket.
    Connecting,
    /// Open.
    Live,
    /// Closed; the next try comes at this time.
    Offline {
        /// On the clock of the caller, in ms.
        retry_at: u64,
    },
    /// Closed for good, by the server with a code of 4400–4499 or by ourselves with one of those.
    Refused {
        /// The close code.
        code: u16,
    },
}

/// The life of a connection and of those that follow it.
#[derive(Debug)]
pub struct Link {
    state: State,
    tries: u32,
    random: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// A socket has to be opened at this time.
    Waiting(u64),
    /// A socket is being opened since then.
    Opening(u64),
    Open {
        heard: u64,
        asked: bool,
    },
    /// The socket has to be closed, then opened again at this time.
    Failed(u64),
    /// The socket has to be closed for good.
    Leaving,
    /// The socket has to be closed for good, for this reason.
    Refusing(u16),
    Refused(u16),
}

impl Link {
    /// Not connected. `seed` spreads the moments at which many clients reconnect.
    pub fn new(seed: u64) -> Self {
        Self { state: State::Idle, tries: 0, random: seed | 1 }
    }

    pub(super) fn connect(&mut self, now: u64) {
        match self.state {
            State::Idle
            | State::Waiting(_)
            | State::Refusing(_)
            | State::Refused(_)
            | State::Leaving => self.state = State::Waiting(now),
            State::Failed(_) => self.state = State::Failed(now),
            State::Opening(_) | State::Open { .. } => {}
        }
    }

    pub(super) fn disconnect(&mut self) {
        self.state = match self.state {
            State::Opening(_) | State::Open { .. } | State::Failed(_) => State::Leaving,
            State::Idle
            | State::Waiting(_)
            | State::Leaving
            | State::Refusing(_)
            | State::Refused(_) => State::Idle,
        };
    }

    /// Leaves for good, for a reason of our own.
    pub(super) fn refuse(&mut self, code: u16) {
        self.state = State::Refusing(code);
    }

    pub(super) fn opened(&mut self, now: u64) {
        self.state = State::Open { heard: now, asked: false };
    }

    /// The connection has proved useful: the next wait is short again.
    pub(super) fn worked(&mut self) {
        self.tries = 0;
    }

    pub(super) fn closed(&mut self, code: u16, now: u64) {
        self.state = match (self.state, code) {
            (State::Idle | State::Leaving, _) => State::Idle,
            (State::Refusing(code), _) | (_, code @ 4400..=4499) => State::Refused(code),
            _ => State::Waiting(self.next_try(now)),
        };
    }

    /// Gives up an open or opening connection; false when there was none.
    pub(super) fn lost(&mut self, now: u64) -> bool {
        let there = matches!(self.state, State::Opening(_) | State::Open { .. });
        if there {
            self.fail(now);
        }
        there
    }

    pub(super) fn fail(&mut self, now: u64) {
        self.state = State::Failed(self.next_try(now));
    }

    pub(super) fn heard(&mut self, now: u64) {
        if let State::Open { heard, asked } = &mut self.state {
            (*heard, *asked) = (now, false);
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    pub(super) fn network(&self) -> Network {
        match self.state {
            State::Idle | State::Leaving => Network::Idle,
            State::Opening(_) => Network::Connecting,
            State::Waiting(_) if self.tries == 0 => Network::Connecting,
            State::Open { .. } => Network::Live,
            State::Waiting(retry_at) | State::Failed(retry_at) => Network::Offline { retry_at },
            State::Refusing(code) | State::Refused(code) => Network::Refused { code },
        }
    }

    pub(super) fn poll(&mut self, now: u64) -> Option<Action> {
        match self.state {
            State::Waiting(at) if now >= at => {
                self.state = State::Opening(now);
                Some(Action::Open)
            }
            State::Opening(since) if now >= since + OPENING_MS => {
                self.state = State::Waiting(self.next_try(now));
                Some(Action::Close)
            }
            State::Open { heard, .. } if now >= heard + GIVE_UP_MS => {
                self.state = State::Waiting(self.next_try(now));
                Some(Action::Close)
            }
            State::Open { heard, asked: false } if now >= heard + SILENCE_MS => {
                self.state = State::Open { heard, asked: true };
                Some(Action::Send(crate::control::Control::Ping.frame()))
            }
            State::Failed(retry_at) => {
                self.state = State::Waiting(retry_at);
                Some(Action::Close)
            }
            State::Leaving => {
                self.state = State::Idle;
                Some(Action::Close)
            }
            State::Refusing(code) => {
                self.state = State::Refused(code);
                Some(Action::Close)
            }
            State::Idle
            | State::Waiting(_)
            | State::Opening(_)
            | State::Open { .. }
            | State::Refused(_) => None,
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        match self.state {
            State::Waiting(at) => Some(at),
            State::Opening(since) => Some(since + OPENING_MS),
            State::Open { heard, asked: false } => Some(heard + SILENCE_MS),
            State::Open { heard, asked: true } => Some(heard + GIVE_UP_MS),
            State::Failed(_) | State::Leaving | State::Refusing(_) => Some(0),
            State::Idle | State::Refused(_) => None,
        }
    }

    /// Doubles the wait and takes between half of it and all of it.
    fn next_try(&mut self, now: u64) -> u64 {
        let wait = (FIRST_WAIT_MS << self.tries.min(10)).min(LONGEST_WAIT_MS);
        self.tries += 1;
        now + wait / 2 + self.random() % (wait / 2)
    }

    /// A number by chance; xorshift64, any spread will do.
    pub(super) fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}
