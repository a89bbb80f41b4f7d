//! How much of everything: each scenario has a size of its own, which the command line can change.
//! Does not know what it is the size of.

use std::time::Duration;

use clap::Args;

/// A smoke run does this part of what is usual.
const SMOKE: usize = 50;
/// How long it does so.
const SMOKE_TIME: Duration = Duration::from_millis(500);

/// What the command line says; what it does not say is as usual.
#[derive(Debug, Default, Args)]
pub(crate) struct Scale {
    /// People in one document, or connections in all (`idle5000`)
    #[arg(long)]
    clients: Option<usize>,
    /// Those of them who type
    #[arg(long)]
    writers: Option<usize>,
    /// Documents (`many500`, `idle5000`, `disk`, `start`, `saved`, `soak`)
    #[arg(long)]
    documents: Option<usize>,
    /// Letters or cursors a second of each who types; of all together in `saved`
    #[arg(long)]
    rate: Option<f64>,
    /// How long people type, or come and go
    #[arg(long)]
    seconds: Option<f64>,
    /// Letters that are in each document before
    #[arg(long)]
    letters: Option<usize>,
    /// `disk`: edits over all documents
    #[arg(long)]
    edits: Option<usize>,
    /// A little of everything, to see that it works: the figures say nothing
    #[arg(long)]
    pub(crate) smoke: bool,
}

impl Scale {
    /// So many people.
    pub(crate) fn clients(&self, usual: usize) -> usize {
        self.count(self.clients, usual)
    }

    /// So many who type.
    pub(crate) fn writers(&self, usual: usize) -> usize {
        self.writers.unwrap_or(if self.smoke { usual.min(2) } else { usual })
    }

    /// So many documents.
    pub(crate) fn documents(&self, usual: usize) -> usize {
        self.count(self.documents, usual).max(1)
    }

    /// So many edits over all documents.
    pub(crate) fn edits(&self, usual: usize) -> usize {
        self.count(self.edits, usual)
    }

    /// So many times a second.
    pub(crate) fn rate(&self, usual: f64) -> f64 {
        self.rate.unwrap_or(usual)
    }

    /// For so long.
    pub(crate) fn time(&self, usual: Duration) -> Duration {
        self.seconds.map_or(self.warm_up(usual), Duration::from_secs_f64)
    }

    /// For so long, whatever the command line says: what is done before or after.
    pub(crate) fn warm_up(&self, usual: Duration) -> Duration {
        if self.smoke { usual.min(SMOKE_TIME) } else { usual }
    }

    /// So many letters.
    pub(crate) fn letters(&self, usual: usize) -> usize {
        self.count(self.letters, usual)
    }

    /// So often, for what is repeated to find the middle.
    pub(crate) fn times(&self, usual: usize) -> usize {
        if self.smoke { 1 } else { usual }
    }

    fn count(&self, said: Option<usize>, usual: usize) -> usize {
        said.unwrap_or(if self.smoke { usual.div_ceil(SMOKE).max(usual.min(4)) } else { usual })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_counts_more_than_smoke_and_smoke_more_than_what_is_usual() {
        let usual = Scale::default();
        assert_eq!((usual.clients(200), usual.times(9)), (200, 9));
        let smoke = Scale { smoke: true, clients: Some(30), ..Scale::default() };
        assert_eq!((smoke.clients(200), smoke.documents(500), smoke.writers(10)), (30, 10, 2));
        assert_eq!((smoke.documents(50), smoke.documents(2)), (4, 2));
        assert_eq!(smoke.time(Duration::from_secs(6)), SMOKE_TIME);
    }
}
