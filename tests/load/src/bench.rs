//! What every scenario is given: the servers, the folders and the sizes.
//! Does not know what a scenario does with them.

use std::path::PathBuf;
use std::time::Duration;

use codraft_core::{ClientId, Replica};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::program::{Program, Running};
use crate::scale::Scale;
use crate::stop::Stop;
use crate::who::Who;

/// How often a newcomer looks whether a text is there.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// What there is to measure with.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) codraft: Program,
    /// The servers of others, and the relays.
    pub(crate) others: Vec<Program>,
    /// Data directories are made below it, and removed.
    pub(crate) work: PathBuf,
    pub(crate) traces: PathBuf,
    /// Where curves are drawn, if they are.
    pub(crate) plots: Option<PathBuf>,
    pub(crate) scale: Scale,
}

impl Bench {
    /// One of the others, if it is there.
    pub(crate) fn other(&self, who: Who) -> Option<&Program> {
        self.others.iter().find(|program| program.who == who)
    }

    /// A folder of its own on the disk that is measured.
    pub(crate) fn folder(&self) -> Result<TempDir, Stop> {
        // Where a server runs, a relative path would mean another folder.
        let work = self.work.canonicalize()?;
        Ok(TempDir::with_prefix_in("data-", work)?)
    }
}

/// The text of a document that came as one update.
pub(crate) fn text_of(update: &[u8]) -> Result<String, Stop> {
    let mut replica = Replica::new(ClientId::from_random(1));
    let merged = replica
        .merge(update)
        .map_err(|error| Stop::wrong(format!("a document cannot be read: {error}")))?;
    if merged.has_gap {
        return Err(Stop::wrong("a document has a gap"));
    }
    Ok(replica.text())
}

/// Joins a document as a newcomer and compares its text. Others may take a moment until they show what everyone has heard,
/// and a relay has no text.
pub(crate) async fn expect_text(server: &Running, name: &str, text: &str) -> Result<(), Stop> {
    if server.who != Who::Codraft {
        return until_text(server, name, text).await;
    }
    let document = server.connect(name).await?.join().await?;
    if text_of(&document)? == text {
        return Ok(());
    }
    Err(Stop::wrong(format!("the text of {name} is not what was typed into it")))
}

/// Joins until a newcomer has the text.
pub(crate) async fn until_text(server: &Running, name: &str, text: &str) -> Result<(), Stop> {
    while server.who.has_documents() {
        let document = server.connect(name).await?.join().await?;
        if text_of(&document)? == text {
            break;
        }
        sleep(TRY_EVERY).await;
    }
    Ok(())
}
