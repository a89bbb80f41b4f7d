//! Signs of life, both ways. It knows clocks and no wire.

use std::time::Duration;

use tokio::time::Instant;

/// Silence after which a sign of life is sent: stock clients reconnect after 30 s without a message.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
/// Pings that a peer may leave unanswered.
const MISSES: u32 = 2;

/// When what is due next on a connection on which nothing happens.
#[derive(Debug)]
pub(super) struct Pulse {
    silence: Duration,
    ping_at: Instant,
    misses: u32,
    quiet_since: Instant,
}

impl Pulse {
    /// A connection that has just opened; its peer is pinged when it has been silent for so long.
    pub(super) fn new(silence: Duration) -> Self {
        let now = Instant::now();
        Self { silence, ping_at: now + silence, misses: 0, quiet_since: now }
    }

    /// The peer gave a sign of life.
    pub(super) fn heard(&mut self) {
        (self.ping_at, self.misses) = (Instant::now() + self.silence, 0);
    }

    /// The peer was told something.
    pub(super) fn told(&mut self) {
        self.quiet_since = Instant::now();
    }

    /// When the peer is told that we are here, or asked whether it is there if it may be.
    pub(super) fn due(&self, may_ask: bool) -> Instant {
        let keep_alive_at = self.quiet_since + KEEP_ALIVE_EVERY;
        if may_ask { keep_alive_at.min(self.ping_at) } else { keep_alive_at }
    }

    /// Whether we have said nothing for so long that the peer is to be told that we are here.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet_since + KEEP_ALIVE_EVERY <= Instant::now()
    }

    /// Whether to ask it once more; if not, it has given no sign of life for too long.
    pub(super) fn may_ask(&mut self) -> bool {
        if self.misses == MISSES {
            return false;
        }
        self.misses += 1;
        self.ping_at = Instant::now() + self.silence;
        true
    }
}
