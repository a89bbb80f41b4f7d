//! The operator's door: a Unix socket in the data directory, through which a running server gives a backup and does what
//! its administrator asks. It knows no peers; whoever may read the directory may knock.
//!
//! A connection says one line. `backup` and `backup partial` are sent the whole file, whose end tells whether it is whole;
//! any other line is a [`Wish`] in JSON and is answered with a line of JSON, an [`Answer`].

use std::io::{self, BufRead, Read, Write};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use codraft_core::DocId;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tracing::{Instrument, info, info_span, warn};

use crate::access::{Keys, Mode, Pass, Role, Secret, now};
use crate::http::App;
use crate::operate::{OperateError, write_backup};
use crate::request::Request;
use crate::rights::Link;
use crate::shelves::Shelves;
use crate::storage::read_keys;

const SOCKET: &str = "operator.sock";
const BACKUP: &str = "backup";
/// The same without the documents that cannot be read.
const PARTIAL: &str = "backup partial";
/// Bytes of a line that somebody says.
const LINE_BYTES: u64 = 16 << 10;
/// How long somebody may take to say it.
const PATIENCE: Duration = Duration::from_secs(5);
/// Documents in one answer.
const PAGE: usize = 1_000;

/// What an administrator wants of a running server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Wish {
    /// To know documents, by what their names begin with, after one of them.
    Docs { prefix: String, after: String },
    /// To have somebody sent away for so many seconds.
    Kick { doc: String, user: String, seconds: u64 },
    /// A link to a document.
    Link { doc: String, name: String, role: Role, seconds: Option<u64> },
    /// That the keys are read again.
    Keys,
}

/// What a running server says to that.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answer {
    Done,
    /// Names, and their bytes where those are known.
    Docs(Vec<(String, Option<u64>)>),
    /// The path and fragment that open a document.
    Link(String),
    /// A sentence.
    Refused(String),
}

/// Whoever answers at the door.
#[derive(Clone)]
pub(crate) struct Operator {
    pub(crate) data: PathBuf,
    pub(crate) app: App,
    pub(crate) keys: Arc<watch::Sender<Arc<Keys>>>,
}

impl Operator {
    /// Listens until `closing` is dropped. A socket that cannot be made is reported and done without.
    pub(crate) async fn listen(self, mut closing: watch::Receiver<()>) {
        let path = self.data.join(SOCKET);
        // What a killed server left; the directory's lock says that nobody else uses it.
        let _ = std::fs::remove_file(&path);
        let listener = match UnixListener::bind(&path) {
            Ok(listener) => listener,
            Err(error) => {
                return warn!(%error, "the running server cannot be asked for a backup, or anything else");
            }
        };
        loop {
            tokio::select! {
                connection = listener.accept() => match connection {
                    Ok((connection, _)) => {
                        let operator = self.clone();
                        let answer = async move { operator.answer(connection).await };
                        tokio::spawn(answer.instrument(info_span!("operator")));
                    }
                    Err(error) => warn!(%error, "an operator's connection failed"),
                },
                _ = closing.changed() => break,
            }
        }
        let _ = std::fs::remove_file(&path);
    }

    async fn answer(self, connection: UnixStream) {
        let mut reader = BufReader::new(connection);
        let mut line = String::new();
        let mut bounded = (&mut reader).take(LINE_BYTES);
        let said = tokio::time::timeout(PATIENCE, bounded.read_line(&mut line)).await;
        let said = said.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        match said.map(|_| line.trim()) {
            Ok(backup @ (BACKUP | PARTIAL)) => {
                let (connection, shelves) = (reader.into_inner(), self.app.shelves.clone());
                // A backup may take long; the server can end without it.
                drop(self.app);
                match send_backup(connection, shelves, backup == PARTIAL).await {
                    Ok(documents) => info!(documents, "a backup was given"),
                    Err(error) => warn!(%error, "a backup was not given whole"),
                }
            }
            Ok(wish) => {
                let answer = match serde_json::from_str(wish) {
                    Ok(wish) => self.grant(wish).await.unwrap_or_else(Answer::Refused),
                    Err(_) => Answer::Refused("this release does not know that wish".to_owned()),
                };
                let mut json = serde_json::to_vec(&answer).expect("strings and numbers are JSON");
                json.push(b'\n');
                // Whoever asked may be gone.
                let _ = reader.get_mut().write_all(&json).await;
            }
            Err(error) => warn!(%error, "an operator's request was not understood"),
        }
    }

    async fn grant(&self, wish: Wish) -> Result<Answer, String> {
        match wish {
            Wish::Docs { prefix, after } => {
                let shelves = self.app.shelves.clone();
                let page = move || shelves.page(&prefix, &after, PAGE);
                let page = tokio::task::spawn_blocking(page).await.map_err(|e| e.to_string())?;
                let listed = page.map_err(|error| error.to_string())?;
                Ok(Answer::Docs(listed.into_iter().map(|doc| (doc.name, doc.bytes)).collect()))
            }
            Wish::Kick { doc, user, seconds } => {
                let until = now().saturating_add(seconds);
                let bar = |reply| Request::Bar { person: user.into(), until, reply };
                self.change(&doc, bar).await?;
                Ok(Answer::Done)
            }
            Wish::Link { doc, name, role, seconds } => {
                if self.app.doorkeeper.access.mode != Mode::Links {
                    return Err("links work with `codraft serve --access links`".to_owned());
                }
                let secret = Secret::link().map_err(|error| error.to_string())?;
                let expires = seconds.map(|seconds| now().saturating_add(seconds));
                let link = Link::new(secret.hash(), &name, role, now(), expires);
                self.change(&doc, |reply| Request::AddLink { link, reply }).await?;
                Ok(Answer::Link(format!("/d/{}#key={}", encoded(&doc), secret.text())))
            }
            Wish::Keys => {
                let data = self.data.clone();
                let keys = tokio::task::spawn_blocking(move || read_keys(&data)).await;
                let keys = keys.map_err(|e| e.to_string())?.map_err(|error| error.to_string())?;
                self.keys.send_replace(Arc::new(keys));
                info!(target: "audit", "the keys were read again");
                Ok(Answer::Done)
            }
        }
    }

    async fn change(
        &self,
        doc: &str,
        request: impl FnOnce(crate::request::Reply<crate::request::Written>) -> Request,
    ) -> Result<(), String> {
        let name = DocId::new(doc).map_err(|error| error.to_string())?;
        self.app.change_as(name, Pass::admin(), request).await
    }
}

fn encoded(doc: &str) -> impl std::fmt::Display {
    percent_encoding::utf8_percent_encode(doc, percent_encoding::NON_ALPHANUMERIC)
}

/// Asks the server that runs on a data directory for something. Blocks; an error of this kind when none runs.
pub(crate) fn wish(data: &Path, wish: &Wish) -> io::Result<Answer> {
    let mut connection = StdUnixStream::connect(data.join(SOCKET))?;
    let json = serde_json::to_string(wish)?;
    writeln!(connection, "{json}")?;
    let mut line = String::new();
    io::BufReader::new(connection).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

async fn send_backup(
    connection: UnixStream,
    shelves: Shelves,
    partial: bool,
) -> Result<usize, OperateError> {
    let failed = |source| OperateError::File { path: SOCKET.into(), source };
    let connection = connection.into_std().map_err(failed)?;
    connection.set_nonblocking(false).map_err(failed)?;
    let runtime = tokio::runtime::Handle::current();
    // A thread of its own: it writes as slowly as the other side reads.
    let sent = tokio::task::spawn_blocking(move || {
        let names = shelves.store.names()?;
        runtime.block_on(write_backup(connection, &shelves, &names, partial, || {}))?;
        Ok(names.len())
    });
    sent.await.unwrap_or_else(|error| Err(failed(io::Error::other(error))))
}

/// Fetches a backup from the server that runs on a data directory. Blocks.
pub(crate) fn fetch_backup(data: &Path, partial: bool, mut file: impl Write) -> io::Result<()> {
    let mut connection = StdUnixStream::connect(data.join(SOCKET))?;
    writeln!(connection, "{}", if partial { PARTIAL } else { BACKUP })?;
    let mut bytes = vec![0; 64 << 10];
    loop {
        match connection.read(&mut bytes)? {
            0 => return Ok(()),
            n => file.write_all(&bytes[..n])?,
        }
    }
}
