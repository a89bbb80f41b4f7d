//! The servers that can be measured, by name: ours, two relays that say what a socket costs, and those of others.
//! Does not know how one is started.

/// A server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Ours, storing durably.
    Codraft,
    /// A relay over axum without a document: what the libraries that we use cost.
    Lean,
    /// A relay over bare sockets without a document: what the kernel costs.
    Floor,
    /// yrs-axum's BroadcastGroup, storing nothing.
    YrsAxum,
    /// y-sweet, storing into files.
    YSweet,
    /// @y/websocket-server, storing nothing.
    YWebsocket,
    /// Hocuspocus, storing nothing.
    Hocuspocus,
}

impl Who {
    /// As its makers call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Codraft => "Codraft",
            Self::Lean => "lean relay",
            Self::Floor => "floor relay",
            Self::YrsAxum => "yrs-axum",
            Self::YSweet => "y-sweet",
            Self::YWebsocket => "@y/websocket-server",
            Self::Hocuspocus => "Hocuspocus",
        }
    }

    /// What the names of its figures begin with; ours have nothing in front.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Codraft => "",
            Self::Lean => "lean",
            Self::Floor => "floor",
            Self::YrsAxum => "yrs_axum",
            Self::YSweet => "y_sweet",
            Self::YWebsocket => "yws",
            Self::Hocuspocus => "hocuspocus",
        }
    }

    /// Whether it has documents: a relay has nothing for those who come later.
    pub(crate) fn has_documents(self) -> bool {
        !matches!(self, Self::Lean | Self::Floor)
    }
}

/// Everyone who keeps documents, beside us.
pub(crate) const PEERS: &[Who] = &[Who::YSweet, Who::YWebsocket, Who::Hocuspocus];
/// The same, and both relays.
pub(crate) const EVERYONE: &[Who] =
    &[Who::Lean, Who::Floor, Who::YSweet, Who::YrsAxum, Who::YWebsocket, Who::Hocuspocus];
