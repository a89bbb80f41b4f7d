//! When to compare this replica with the server's, and what its answer means. It knows digests and time, no frames.
//!
//! Both ends read frames in the order in which they were sent. So when nothing was typed and no update arrived between
//! the question and its answer, both were asked about the same operations: whatever differs then is a fault, never an
//! edit on its way. An answer that something came before means nothing.

use crate::replica::Digest;

/// How long nothing must have happened, in ms.
const QUIET_MS: u64 = 5_000;
/// How much longer at most, in ms, by chance: a roomful of readers has seen the same last letter.
const SPREAD_MS: u64 = 3_000;
/// The least time between two questions, in ms.
const PACE_MS: u64 = 30_000;

#[derive(Debug)]
pub(super) struct Check {
    state: State,
    quiet_ms: u64,
    /// No question before this time.
    next: u64,
    /// This replica has taken the place of one that differed, and has not been found equal since.
    is_replacement: bool,
}

#[derive(Debug)]
enum State {
    /// Something has just happened.
    Busy,
    Quiet {
        since: u64,
    },
    Asked(Digest),
    /// Nothing has happened since the last answer.
    Answered,
    /// Another copy would differ as well.
    GivenUp,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Both are the same; or the answer comes too late to tell.
    Fine,
    /// This replica has a fault, or the server's has.
    Differs {
        /// A copy of the server's has not been tried yet.
        is_replaceable: bool,
    },
}

impl Check {
    /// `random` spreads the moments at which many clients ask.
    pub(super) fn new(random: u64) -> Self {
        let quiet_ms = QUIET_MS + random % SPREAD_MS;
        Self { state: State::Busy, quiet_ms, next: 0, is_replacement: false }
    }

    /// Something was typed, or an update has arrived, or the connection is another one.
    pub(super) fn happened(&mut self) {
        if !matches!(self.state, State::GivenUp) {
            self.state = State::Busy;
        }
    }

    /// Whether it is time to ask.
    pub(super) fn is_due(&mut self, now: u64) -> bool {
        if matches!(self.state, State::Busy) {
            self.state = State::Quiet { since: now };
        }
        self.deadline().is_some_and(|deadline| deadline <= now)
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        match self.state {
            State::Quiet { since } => Some(self.next.max(since + self.quiet_ms)),
            State::Busy | State::Asked(_) | State::Answered | State::GivenUp => None,
        }
    }

    pub(super) fn asked(&mut self, ours: Digest, now: u64) {
        self.state = State::Asked(ours);
        self.next = now + PACE_MS;
    }

    pub(super) fn answered(&mut self, theirs: Digest) -> Verdict {
        let State::Asked(ours) = self.state else { return Verdict::Fine };
        self.state = State::Answered;
        if ours == theirs {
            self.is_replacement = false;
            return Verdict::Fine;
        }
        if self.is_replacement {
            self.state = State::GivenUp;
        }
        Verdict::Differs { is_replaceable: !self.is_replacement }
    }

    /// A copy of the server's state has taken this replica's place.
    pub(super) fn replaced(&mut self) {
        self.is_replacement = true;
        self.state = State::Busy;
        // Soon, not at the usual pace: whether it helped is worth knowing.
        self.next = 0;
    }
}
