//! How a session stands, for people. It knows what is so, not what is said of it.

use super::{Network, Session};

/// How things stand, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The state of the connection.
    pub network: Network,
    /// Whether the server's whole document has arrived on this connection.
    pub synced: bool,
    /// Whether it has ever arrived.
    pub ever_synced: bool,
    /// Whether everything typed here is on the server's disk.
    pub saved: bool,
    /// Whether the server's disk refuses writes.
    pub storage_refusing: bool,
    /// Why the server refused, when it said so.
    pub reason: String,
}

impl Session {
    /// How things stand.
    pub fn status(&self) -> Status {
        Status {
            network: self.link.network(),
            synced: self.synced,
            ever_synced: self.ever_synced,
            saved: self.acknowledged == self.version,
            storage_refusing: self.storage_refusing,
            reason: self.reason.clone(),
        }
    }
}
