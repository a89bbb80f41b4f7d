//! How much a server takes, from everyone together and from one peer. It refuses nobody itself.

use std::time::{Duration, Instant};

use codraft_core::limits::{DOCUMENT_BYTES, FRAME_BYTES};

use crate::close::Close;

/// What a peer's messages are averaged over: a replay or a page full of pasted words comes at once.
const PACE_WINDOW: Duration = Duration::from_secs(10);

/// The bounds on what a server takes; the defaults are what a team does not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once, whatever they are for.
    pub connections: usize,
    /// Of them, from one IPv4 address or one IPv6 network of 64 bits.
    pub connections_per_address: usize,
    /// Whether this machine counts as an address: what comes from it is a proxy as a rule, and so from everywhere.
    pub counts_loopback: bool,
    /// Bytes of one frame; at most what core bounds it to.
    pub frame_bytes: usize,
    /// Bytes of one document, encoded; at most what core bounds it to.
    pub document_bytes: usize,
    /// Bytes of one file that belongs to a document.
    pub file_bytes: u64,
    /// Bytes of all files of one document; with 0 none are taken.
    pub files_bytes: u64,
    /// Messages of one peer in a second, averaged over ten.
    pub messages_per_second: u64,
    /// How long a peer may say nothing before it is pinged; it is let go when it says nothing after two pings either.
    pub silence: Duration,
    /// How long a document stays in memory after its last peer: a page reload is not a fold and a cold load.
    pub linger: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            // A large office behind one address, with a few tabs each.
            connections_per_address: 1_024,
            counts_loopback: false,
            frame_bytes: FRAME_BYTES,
            document_bytes: DOCUMENT_BYTES,
            // A photo as a phone takes it, at its finest.
            file_bytes: 10 << 20,
            files_bytes: 256 << 20,
            // Replaying a recorded session comes at a quarter of it.
            messages_per_second: 1_000_000,
            // Proxies end a connection that is silent for a minute.
            silence: Duration::from_secs(20),
            linger: Duration::from_secs(30),
        }
    }
}

/// How fast one peer speaks. The clock is looked at only when as much has come as a whole window allows.
#[derive(Debug)]
pub(crate) struct Pace {
    allowed: u64,
    heard: u64,
    since: Instant,
}

impl Pace {
    /// A peer that has said nothing yet.
    pub(crate) fn new(limits: &Limits) -> Self {
        let allowed = limits.messages_per_second.saturating_mul(PACE_WINDOW.as_secs());
        Self { allowed, heard: 0, since: Instant::now() }
    }

    /// Counts messages; an error when they come too fast.
    pub(crate) fn count(&mut self, messages: u64) -> Result<(), Close> {
        self.heard += messages;
        if self.heard <= self.allowed {
            return Ok(());
        }
        if self.since.elapsed() < PACE_WINDOW {
            return Err(Close::TOO_MANY_MESSAGES);
        }
        (self.heard, self.since) = (messages, Instant::now());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_may_say_a_windows_worth_at_once_and_no_more() {
        let mut pace = Pace::new(&Limits { messages_per_second: 3, ..Limits::default() });
        for _ in 0..30 {
            assert_eq!(pace.count(1), Ok(()));
        }
        assert_eq!(pace.count(1), Err(Close::TOO_MANY_MESSAGES));
        pace.since -= PACE_WINDOW;
        assert_eq!(pace.count(1), Ok(()), "a window later it may go on");
    }
}
