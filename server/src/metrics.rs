//! What a server has done and is doing, in numbers for Prometheus. It knows no names of documents and no words of theirs.
//!
//! A number costs one relaxed addition where it is counted; only what is rare, the reason of a refusal or a close, is looked
//! up by its label.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tokio::runtime::Handle;

use crate::heap;
use crate::journal::Meter;

/// The type under which the text is served; Prometheus has read it since version 2.5.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const QUARANTINED: &str = "Documents that are not opened because servers have died of them";

/// A counter for each value of one label.
type ByLabel = Family<[(&'static str, String); 1], Counter>;

/// The numbers of one server. Shared as one `Arc`.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    registry: Registry,
    /// TCP connections that are open.
    pub(crate) connections_open: Gauge,
    pub(crate) connections: Counter,
    refused: ByLabel,
    /// WebSocket connections that are open.
    peers_open: Gauge,
    peers: Counter,
    peers_closed: ByLabel,
    pub(crate) peers_behind: Counter,
    pub(crate) messages_received: Counter,
    pub(crate) bytes_received: Counter,
    pub(crate) messages_sent: Counter,
    pub(crate) bytes_sent: Counter,
    pub(crate) updates_merged: Counter,
    pub(crate) updates_refused: Counter,
    pub(crate) updates_forbidden: Counter,
    pub(crate) updates_held: Counter,
    pub(crate) gaps: Counter,
    pub(crate) divergences: Counter,
    pub(crate) rebuilt: Counter,
    rooms_open: Gauge,
    room_panics: Counter,
    pub(crate) folds: Counter,
    pub(crate) folds_failed: Counter,
    pub(crate) files_stored: Counter,
    pub(crate) file_bytes_stored: Counter,
    pub(crate) files_read: Counter,
    /// Set when the numbers are asked for.
    pub(crate) quarantined: Gauge,
    /// Set when the numbers are asked for.
    tasks_alive: Gauge,
    /// Bytes that are in use, and that the allocator has of the system; set when the numbers are asked for.
    heap_live: Gauge,
    heap_resident: Gauge,
}

/// Something that is open, and counted as such until this is dropped.
#[derive(Debug)]
#[must_use = "it is counted only as long as this lives"]
pub(crate) struct Counted {
    open: Gauge,
    panics: Option<Counter>,
}

/// Who may read the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricsAccess {
    /// Programs on this machine that ask without a proxy.
    #[default]
    Local,
    /// Everyone who reaches the server.
    Open,
    /// Nobody.
    Off,
}

impl Metrics {
    /// Those of a server that has done nothing yet, beside those of its journal.
    pub(crate) fn new(journal: &Meter) -> Arc<Self> {
        let mut metrics = Self::default();
        let mut registry = Registry::default();
        metrics.register(registry.sub_registry_with_prefix("codraft"));
        journal.register(registry.sub_registry_with_prefix("codraft"));
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        registry.register_with_unit(
            "process_start_time",
            "When the server was started, since the epoch",
            Unit::Seconds,
            ConstGauge::new(started.as_secs_f64()),
        );
        metrics.registry = registry;
        Arc::new(metrics)
    }

    fn register(&self, to: &mut Registry) {
        let release = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        to.register("build", "The release that is running", release);
        for (name, help, gauge) in [
            ("connections_open", "TCP connections that are open", &self.connections_open),
            ("peers_open", "WebSockets that are open", &self.peers_open),
            ("documents_open", "Documents that are in memory", &self.rooms_open),
            ("documents_quarantined", QUARANTINED, &self.quarantined),
            ("tasks_alive", "Tasks that have not ended", &self.tasks_alive),
        ] {
            to.register(name, help, gauge.clone());
        }
        for (name, help, counter) in [
            ("connections", "TCP connections that were accepted", &self.connections),
            ("peers", "WebSockets that were opened", &self.peers),
            ("peers_behind", "Peers let go because they did not read", &self.peers_behind),
            ("messages_received", "Messages that peers sent", &self.messages_received),
            ("messages_sent", "Messages that were sent to peers", &self.messages_sent),
            ("updates_merged", "Updates taken into a document", &self.updates_merged),
            ("updates_refused", "Updates that were garbage", &self.updates_refused),
            ("updates_forbidden", "Updates of peers that may only read", &self.updates_forbidden),
            (
                "updates_held",
                "Updates held back until another client's owner sends them",
                &self.updates_held,
            ),
            ("gaps", "Times a peer was asked for what its updates build on", &self.gaps),
            ("divergences", "Copies that peers say had come apart", &self.divergences),
            ("documents_rebuilt", "Documents that yrs left half-way", &self.rebuilt),
            ("room_panics", "Documents whose task has panicked", &self.room_panics),
            ("folds", "Documents written to the store", &self.folds),
            ("folds_failed", "Documents that could not be written there", &self.folds_failed),
            ("files_stored", "Files that documents were given", &self.files_stored),
            ("files_read", "Files that were sent to somebody", &self.files_read),
        ] {
            to.register(name, help, counter.clone());
        }
        for (name, help, counter) in [
            ("received", "What peers sent, in frames", &self.bytes_received),
            ("sent", "What was sent to peers, in frames", &self.bytes_sent),
            ("files_stored", "What was stored as files", &self.file_bytes_stored),
        ] {
            to.register_with_unit(name, help, Unit::Bytes, counter.clone());
        }
        for (name, help, gauge) in [
            ("heap_live", "Memory that is in use", &self.heap_live),
            ("heap_resident", "Memory that the allocator has of the system", &self.heap_resident),
        ] {
            to.register_with_unit(name, help, Unit::Bytes, gauge.clone());
        }
        for (name, help, family) in [
            ("refused", "Who was refused at the door, by reason", &self.refused),
            ("peers_closed", "WebSockets that have ended, by who ended them", &self.peers_closed),
        ] {
            to.register(name, help, family.clone());
        }
    }

    /// Counts somebody who is refused at the door; returns whether it is the first for this reason.
    pub(crate) fn refuse(&self, reason: &'static str) -> bool {
        self.refused.get_or_create(&[("reason", reason.to_owned())]).inc() == 0
    }

    /// A peer has connected.
    pub(crate) fn peer(&self) -> Counted {
        self.peers.inc();
        Counted::new(&self.peers_open, None)
    }

    /// A peer's connection has ended; with the code, if it was the server that ended it.
    pub(crate) fn peer_closed(&self, code: Option<u16>) {
        let code = code.map_or_else(|| "peer".to_owned(), |code| code.to_string());
        self.peers_closed.get_or_create(&[("code", code)]).inc();
    }

    /// A document has been opened; one whose task panics is counted as that, too.
    pub(crate) fn room(&self) -> Counted {
        Counted::new(&self.rooms_open, Some(&self.room_panics))
    }

    /// All numbers, as OpenMetrics text.
    pub(crate) fn encode(&self) -> Result<String, fmt::Error> {
        if let Ok(runtime) = Handle::try_current() {
            self.tasks_alive.set(runtime.metrics().num_alive_tasks() as i64);
        }
        if let Some(heap) = heap::read() {
            self.heap_live.set(heap.live);
            self.heap_resident.set(heap.resident);
        }
        let mut encoded = String::new();
        text::encode(&mut encoded, &self.registry)?;
        Ok(encoded)
    }
}

impl Counted {
    fn new(open: &Gauge, panics: Option<&Counter>) -> Self {
        open.inc();
        Self { open: open.clone(), panics: panics.cloned() }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.dec();
        if let Some(panics) = self.panics.as_ref().filter(|_| std::thread::panicking()) {
            panics.inc();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_room_that_panics_is_open_no_more_and_counted() {
        let metrics = Metrics::new(&Meter::default());
        let room = {
            let metrics = metrics.clone();
            tokio::spawn(async move {
                let _open = metrics.room();
                tokio::task::yield_now().await;
                panic!("as a room would");
            })
        };
        assert!(room.await.unwrap_err().is_panic());
        drop(metrics.room());
        let text = metrics.encode().unwrap();
        assert!(text.contains("codraft_room_panics_total 1\n"), "{text}");
        assert!(text.contains("codraft_documents_open 0\n"), "{text}");
    }
}
