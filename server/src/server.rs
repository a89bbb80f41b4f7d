//! The server as a value: open it on a data directory, give it a listener, and it runs until it is told to stop.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::access::{Access, Attempts, Creation, Mode};
use crate::door::Door;
use crate::doorkeeper::Doorkeeper;
use crate::http::{self, Admission, App, Bodies};
use crate::hub::Hub;
use crate::janitor;
use crate::journal::{JournalConfig, JournalError};
use crate::limits::Limits;
use crate::metrics::MetricsAccess;
#[cfg(unix)]
use crate::operator::Operator;
use crate::origin::Origin;
use crate::shelves::Shelves;
use crate::storage::{Rescue, Storage, StorageError};

/// How long open requests and connections may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// What may differ between one server and another, apart from where its data is.
#[derive(Debug, Clone, Default)]
pub struct ServeConfig {
    /// What the server is called from outside; addresses and `localhost` need no name.
    pub public_url: Option<Origin>,
    /// Other sites whose pages may connect.
    pub allow_origins: Vec<Origin>,
    /// Other sites whose pages may show documents in a frame.
    pub embed_in: Vec<Origin>,
    /// What it takes at most.
    pub limits: Limits,
    /// Who may read `/metrics`.
    pub metrics: MetricsAccess,
    /// How people come to documents.
    pub access: Mode,
    /// Who may begin new ones where that is by links.
    pub creation: Creation,
}

/// A server whose data directory is open and which has no listener yet.
#[derive(Debug)]
pub struct Server {
    data: PathBuf,
    storage: Storage,
}

/// Why a server could not start or did not end well.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The data directory cannot be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The listener failed.
    #[error("cannot serve: {0}")]
    Io(#[from] io::Error),
    /// Something could not be saved before the end.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Server {
    /// Opens a data directory, creating it where there is none. Blocks.
    pub fn open(data: &Path) -> Result<Self, ServerError> {
        Self::open_with(data, JournalConfig::default())
    }

    /// The same with another journal configuration.
    pub fn open_with(data: &Path, config: JournalConfig) -> Result<Self, ServerError> {
        Ok(Self { data: data.to_owned(), storage: Storage::open_with(data, config)? })
    }

    /// The same after another process has looked at the directory: what is whole in a damaged one is served, and nothing
    /// is saved. Only for processes whose executable is the `codraft` command.
    pub(crate) fn open_or_rescue(data: &Path, config: JournalConfig) -> Result<Self, ServerError> {
        Ok(Self { data: data.to_owned(), storage: Storage::open_or_rescue(data, config)? })
    }

    /// The admin key, where there was none until now: it is told this once.
    pub fn first_admin_key(&self) -> Result<Option<String>, ServerError> {
        let key = self.storage.first_admin_key(&self.data)?;
        Ok(key.map(|key| key.text().to_owned()))
    }

    /// What can be served of a damaged directory, if it is one.
    pub(crate) fn rescue(&self) -> Option<&Rescue> {
        self.storage.rescue.as_ref()
    }

    /// Serves until `stop` is ready, then lets everyone go and saves what is left.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServerError> {
        self.serve_with(listener, ServeConfig::default(), stop).await
    }

    /// The same with a configuration.
    ///
    /// The end is a matter of ownership: connections see `closing` dropped and go; with its last mailbox a room folds
    /// and goes; with the last way to open a document the hub goes; then the journal is closed.
    pub async fn serve_with(
        self,
        listener: TcpListener,
        config: ServeConfig,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServerError> {
        let (open, closing) = watch::channel(());
        let tokens = self.storage.tokens.clone();
        #[cfg(unix)]
        let keys = self.storage.keys.clone();
        let access = Access { mode: config.access, creation: config.creation, tokens };
        let shelves = Shelves::of(self.storage, &self.data, config.limits, config.access);
        let (journal, store) = (shelves.journal.clone(), shelves.store.clone());
        let is_read_only = shelves.rescue.is_some();
        let (hub, rooms) = Hub::start(shelves.clone(), closing.clone());
        let limits = config.limits;
        let app = app(config, hub.clone(), &shelves, access, closing.clone());
        #[cfg(unix)]
        let operator = (!is_read_only).then(|| {
            let operator = Operator { data: self.data, app: app.clone(), keys };
            tokio::spawn(operator.listen(closing.clone()))
        });
        let door = Door::new(listener, http::router(app), limits, shelves.metrics.clone());
        let janitor = tokio::spawn(janitor::run(hub, shelves, closing.clone()));
        let serving = tokio::spawn(door.run(closing));
        stop.await;
        info!("stopping");
        drop(open);
        drain(serving, rooms).await?;
        janitor.await.map_err(io::Error::other)?;
        #[cfg(unix)]
        if let Some(operator) = operator {
            operator.await.map_err(io::Error::other)?;
        }
        journal.close().await?;
        // The last one: what it still has to write is written now.
        drop(store);
        info!("stopped");
        Ok(())
    }
}

/// What the routes share.
fn app(
    config: ServeConfig,
    hub: Hub,
    shelves: &Shelves,
    access: Access,
    closing: watch::Receiver<()>,
) -> App {
    let ServeConfig { public_url, allow_origins, embed_in, limits, metrics, .. } = config;
    let origins = public_url.clone().into_iter().chain(allow_origins).collect();
    App {
        hub,
        closing,
        admission: Arc::new(Admission { origins, metrics }),
        public_url,
        framing: http::framed_by(&embed_in),
        limits,
        bodies: Bodies::new(&limits),
        metrics: shelves.metrics.clone(),
        doorkeeper: Doorkeeper {
            access: Arc::new(access),
            attempts: Attempts::start(limits.counts_loopback),
            metrics: shelves.metrics.clone(),
        },
        crumbs: shelves.crumbs.clone(),
        shelves: shelves.clone(),
        is_read_only: shelves.rescue.is_some(),
        peers: Arc::default(),
    }
}

/// Waits for the HTTP side and the rooms to end.
async fn drain(mut serving: JoinHandle<()>, rooms: JoinHandle<()>) -> io::Result<()> {
    match tokio::time::timeout(DRAIN, &mut serving).await {
        Ok(served) => served.map_err(io::Error::other)?,
        Err(_) => {
            warn!("some requests did not end in time");
            serving.abort();
        }
    }
    if tokio::time::timeout(DRAIN, rooms).await.is_err() {
        warn!("some documents were not closed in time; what is in the journal is safe");
    }
    Ok(())
}
