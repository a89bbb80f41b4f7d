//! What every scenario is given: the servers, the folders and the sizes.
//! Does not know what a scenario does with them.

use std::path::PathBuf;

use clap::Args;
use codraft_core::{ClientId, Replica};
use tempfile::TempDir;

use crate::program::{Peer, Program, Running};
use crate::stop::Stop;

/// How much of everything.
#[derive(Debug, Args)]
pub(crate) struct Scale {
    /// `disk`: edits over all documents
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) edits: usize,
    /// `disk`: documents they are spread over
    #[arg(long, default_value_t = 1_000)]
    pub(crate) documents: usize,
    /// `start`: documents that are there
    #[arg(long, default_value_t = 10_000)]
    pub(crate) stored: usize,
    /// `saved`: updates a second over 50 documents
    #[arg(long, default_value_t = 500)]
    pub(crate) rate: u32,
    /// `soak`: how long people come and go
    #[arg(long, default_value_t = 60)]
    pub(crate) seconds: u64,
}

/// What there is to measure with.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) codraft: Program,
    pub(crate) y_sweet: Option<Program>,
    pub(crate) yrs_axum: Option<Program>,
    pub(crate) y_websocket: Option<Program>,
    pub(crate) hocuspocus: Option<Program>,
    /// Data directories are made below it, and removed.
    pub(crate) work: PathBuf,
    pub(crate) traces: PathBuf,
    pub(crate) scale: Scale,
}

impl Bench {
    /// The servers of others that are there and keep documents as we do.
    pub(crate) fn peers(&self) -> impl Iterator<Item = (Peer, &Program)> {
        let all = [
            (Peer::YSweet, &self.y_sweet),
            (Peer::YWebsocket, &self.y_websocket),
            (Peer::Hocuspocus, &self.hocuspocus),
        ];
        all.into_iter().filter_map(|(peer, program)| Some((peer, program.as_ref()?)))
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

/// Joins a document as a newcomer and compares its text.
pub(crate) async fn expect_text(server: &Running, name: &str, text: &str) -> Result<(), Stop> {
    let document = server.connect(name).await?.join().await?;
    if text_of(&document)? == text {
        return Ok(());
    }
    Err(Stop::wrong(format!("the text of {name} is not what was typed into it")))
}
