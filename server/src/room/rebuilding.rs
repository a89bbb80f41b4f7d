//! A room whose document's replica must not be used any more goes on with another one. It knows where documents come from,
//! and not what broke this one.

use std::time::Duration;

use tracing::{error, warn};

use super::Room;

/// How long it may take to build a document anew.
const PATIENCE: Duration = Duration::from_secs(30);

impl Room {
    /// Builds the document anew from what is stored: nobody but whoever broke it notices. False when that cannot be done.
    pub(super) async fn rebuild(&mut self) -> bool {
        let rebuilt = tokio::time::timeout(PATIENCE, self.document.rebuilt()).await;
        match rebuilt {
            Ok(Ok(document)) if document.sequence() == self.document.sequence() => {
                warn!(doc = %self.document.name(), "the document was built anew from what is stored");
                document.metrics().rebuilt.inc();
                self.durable = document.durable();
                self.document = document;
                self.is_broken = false;
                // What has become durable meanwhile is not told again.
                self.settle();
                self.post();
                true
            }
            Ok(Ok(_)) => {
                error!(doc = %self.document.name(), "what is stored of the document is not all that was accepted");
                false
            }
            Ok(Err(error)) => {
                error!(doc = %self.document.name(), %error, "the document cannot be built anew");
                false
            }
            Err(_) => {
                error!(doc = %self.document.name(), "the disk is too slow for the document to be built anew");
                false
            }
        }
    }
}
