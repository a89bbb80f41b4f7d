//! What the journal's disk does, in numbers. It knows no documents.

use std::time::Instant;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// The journal's numbers; a clone counts into the same.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    records: Counter,
    commits: Counter,
    /// Seconds of each `fdatasync`.
    sync: Histogram,
    accepting: Gauge,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter {
            records: Counter::default(),
            commits: Counter::default(),
            // 0.25 ms, a fast disk, to 4 s, one in trouble.
            sync: Histogram::new(exponential_buckets(0.000_25, 2.0, 15)),
            accepting: Gauge::default(),
        }
    }
}

impl Meter {
    /// Makes the numbers known.
    pub(crate) fn register(&self, to: &mut Registry) {
        let records =
            "Edits, and notes about documents, that are on the disk and were acknowledged";
        to.register("journal_records", records, self.records.clone());
        let commits = "Times the journal wrote what was waiting";
        to.register("journal_commits", commits, self.commits.clone());
        let sync = "How long the disk took to confirm a commit";
        to.register_with_unit("journal_sync", sync, Unit::Seconds, self.sync.clone());
        let accepting = "Whether the journal's disk takes what it is given, 1 or 0";
        to.register("storage_accepting", accepting, self.accepting.clone());
    }

    /// Has the disk confirm what was written, and notes how long that took, whatever it says.
    pub(super) fn sync<T>(&self, sync: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let synced = sync();
        self.sync.observe(began.elapsed().as_secs_f64());
        synced
    }

    /// So many records are on the disk.
    pub(super) fn committed(&self, records: usize) {
        self.commits.inc();
        self.records.inc_by(records as u64);
        self.accepts(true);
    }

    /// Whether the disk takes what it is given.
    pub(super) fn accepts(&self, accepts: bool) {
        self.accepting.set(i64::from(accepts));
    }
}
