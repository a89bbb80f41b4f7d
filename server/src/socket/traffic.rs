//! What one peer says and is sent, counted and held to a pace. It does not know what any of it means.

use std::sync::Arc;
use std::time::Duration;

use crate::close::Close;
use crate::frames::Frames;
use crate::limits::{Limits, Pace};
use crate::metrics::Metrics;
use crate::outbox::Outgoing;

/// The traffic of one connection.
#[derive(Debug)]
pub(crate) struct Traffic {
    metrics: Arc<Metrics>,
    pace: Pace,
    silence: Duration,
}

impl Traffic {
    /// A connection on which nothing has been said.
    pub(crate) fn new(metrics: Arc<Metrics>, limits: &Limits) -> Self {
        Self { metrics, pace: Pace::new(limits), silence: limits.silence }
    }

    /// How long a peer may say nothing before it is pinged.
    pub(super) fn silence(&self) -> Duration {
        self.silence
    }

    /// Counts what one frame says; an error when it comes too fast. A frame that says nothing is counted, too: it has to be
    /// read all the same.
    pub(super) fn heard(&mut self, messages: usize, bytes: usize) -> Result<(), Close> {
        let messages = messages.max(1) as u64;
        self.metrics.messages_received.inc_by(messages);
        self.metrics.bytes_received.inc_by(bytes as u64);
        self.pace.count(messages)
    }

    /// Counts what is about to be written.
    pub(super) fn sent(&self, batch: &[Outgoing]) {
        let frames = || batch.iter().filter_map(Outgoing::frames);
        let messages: usize = frames().map(Frames::count).sum();
        let bytes: usize = frames().map(Frames::len).sum();
        self.metrics.messages_sent.inc_by(messages as u64);
        self.metrics.bytes_sent.inc_by(bytes as u64);
    }
}
