//! Looks at what people show, as far as that can be done without a document's room, and notes who fails. It knows no sockets
//! and no routes.

use std::net::IpAddr;
use std::sync::Arc;

use codraft_core::DocId;
use thiserror::Error;

use crate::access::{Access, Attempts, Claim, Denied, Pass, Trial, Visitor};
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
    /// What somebody gets for what they show. What is good by itself always is; it is what fails, and what has to be looked
    /// up, that waits for an address from which too much has failed.
    pub(crate) async fn look(
        &self,
        shown: &str,
        name: &DocId,
        from: Option<IpAddr>,
    ) -> Result<Pass, Turned> {
        match self.access.pass(shown, name) {
            Ok(pass) => {
                if let Claim::Secret(_) = pass.claim {
                    self.may_try(from, Trial::LookedUp).await?;
                }
                Ok(pass)
            }
            Err(denied) => {
                self.may_try(from, Trial::Shown).await?;
                audit::refused(name.as_str(), from, denied);
                // What was good once is no attempt.
                if denied != Denied::Expired {
                    self.failed(from, Trial::Shown).await;
                }
                Err(denied.into())
            }
        }
    }

    /// Whether somebody shows the admin key.
    pub(crate) async fn is_admin(&self, shown: &str, from: Option<IpAddr>) -> Result<bool, Turned> {
        let is_admin = self.access.is_admin(shown);
        if !is_admin {
            self.may_try(from, Trial::Shown).await?;
            audit::not_admin(from);
            self.failed(from, Trial::Shown).await;
        }
        Ok(is_admin)
    }

    /// A room has not let somebody in.
    pub(crate) async fn not_let_in(&self, visitor: &Visitor) {
        if let Claim::Secret(_) = visitor.pass.claim {
            self.failed(visitor.from, Trial::LookedUp).await;
        }
    }

    async fn failed(&self, from: Option<IpAddr>, trial: Trial) {
        self.metrics.refuse("rights");
        if let Some(from) = from {
            self.attempts.failed(from, trial).await;
        }
    }

    async fn may_try(&self, from: Option<IpAddr>, trial: Trial) -> Result<(), Turned> {
        let Some(from) = from else { return Ok(()) };
        if self.attempts.may_try(from, trial).await {
            return Ok(());
        }
        self.metrics.refuse("attempts");
        Err(Turned::Exhausted)
    }
}
