//! Looks at what people show, as far as that can be done without a document's room, and notes who fails. It knows no sockets
//! and no routes.

use std::net::IpAddr;
use std::sync::Arc;

use codraft_core::DocId;
use thiserror::Error;

use crate::access::{Access, Attempts, Denied, Pass};
use crate::audit;
use crate::metrics::Metrics;

/// Whoever looks.
#[derive(Debug, Clone)]
pub(crate) struct Doorkeeper {
    pub(crate) access: Arc<Access>,
    pub(crate) attempts: Attempts,
    pub(crate) metrics: Arc<Metrics>,
}

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Turned {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Nothing is looked at for now.
    #[error("too many attempts from this address have failed; try again later")]
    Exhausted,
}

impl Doorkeeper {
    /// What somebody gets for what they show.
    pub(crate) async fn look(
        &self,
        shown: &str,
        name: &DocId,
        from: Option<IpAddr>,
    ) -> Result<Pass, Turned> {
        self.may_try(from).await?;
        let looked = self.access.pass(shown, name);
        if let Err(denied) = looked {
            audit::refused(name.as_str(), from, denied);
            self.failed(from).await;
        }
        Ok(looked?)
    }

    /// Whether somebody shows the admin key, or is where everybody may do everything.
    pub(crate) async fn is_admin(&self, shown: &str, from: Option<IpAddr>) -> Result<bool, Turned> {
        self.may_try(from).await?;
        let is_admin = self.access.is_for_all() || self.access.is_admin(shown);
        if !is_admin {
            audit::not_admin(from);
            self.failed(from).await;
        }
        Ok(is_admin)
    }

    /// Somebody was not let in, here or by a room.
    pub(crate) async fn failed(&self, from: Option<IpAddr>) {
        self.metrics.refuse("rights");
        if let Some(from) = from {
            self.attempts.failed(from).await;
        }
    }

    async fn may_try(&self, from: Option<IpAddr>) -> Result<(), Turned> {
        let Some(from) = from else { return Ok(()) };
        if self.attempts.may_try(from).await {
            return Ok(());
        }
        self.metrics.refuse("attempts");
        Err(Turned::Exhausted)
    }
}
