//! The real binary on a directory that may be damaged: whether it starts, what it serves, what it says.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitStatus;

use codraft_tests::{PATIENCE, Peer, ServerProcess, free_port};
use futures_util::future::join_all;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// What became of a start.
pub(crate) enum Started {
    /// It serves.
    Ready(Running),
    /// It ended with these words.
    Refused(String),
}

/// A server that is ready.
pub(crate) struct Running {
    /// It says that it saves nothing.
    pub(crate) is_read_only: bool,
    child: Child,
    log: JoinHandle<String>,
    port: u16,
}

/// What a document was served as.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Served {
    /// As it was.
    Whole,
    /// As something else.
    Other(String),
    /// Not at all; the close code.
    Refused(u16),
    /// The connection ended without a word, or nothing came.
    Lost,
}

fn command() -> Command {
    let mut command = ServerProcess::command();
    // The store has the whole machine synced when it opens; nothing here depends on that.
    command.env("PATH", "");
    command
}

/// Runs `codraft verify`: whether it found everything whole, or else what it said.
pub(crate) async fn verify(data: &Path) -> Result<Result<(), String>, String> {
    let output = command().arg("verify").arg("--data").arg(data).output();
    let output = timeout(PATIENCE, output).await.map_err(|_| "verify hung")?;
    let output = output.expect("the binary");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0) => Ok(Ok(())),
        Some(1) => Ok(Err(said)),
        _ => Err(format!("verify ended with {}: {said}", output.status)),
    }
}

/// Starts a server and waits until it is ready or has ended.
pub(crate) async fn start(data: &Path) -> Result<Started, String> {
    let port = free_port();
    let mut command = command();
    command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(data);
    let mut child = command.spawn().expect("the binary");
    let mut lines = BufReader::new(child.stderr.take().expect("a piped log")).lines();
    let mut said = String::new();
    let ready = timeout(PATIENCE, async {
        while let Ok(Some(line)) = lines.next_line().await {
            said += &line;
            said.push('\n');
            if line.contains("Codraft is ready") {
                return true;
            }
        }
        false
    });
    let is_ready = ready.await.map_err(|_| "the start hung".to_owned())?;
    if !is_ready {
        let status = timeout(PATIENCE, child.wait()).await.map_err(|_| "the end hung")?;
        return refused(status.expect("an exit status"), said);
    }
    let is_read_only = said.contains("Codraft is ready, read-only");
    let log = tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            said += &line;
            said.push('\n');
        }
        said
    });
    Ok(Started::Ready(Running { is_read_only, child, log, port }))
}

fn refused(status: ExitStatus, said: String) -> Result<Started, String> {
    match status.code() {
        Some(1) => Ok(Started::Refused(said)),
        _ => Err(format!("the server ended with {status}: {said}")),
    }
}

impl Running {
    /// Opens every document, all at once.
    pub(crate) async fn fetch_all(
        &self,
        texts: &BTreeMap<String, String>,
    ) -> BTreeMap<String, Served> {
        let fetching = texts.iter().map(|(name, text)| async move {
            let url = format!("ws://127.0.0.1:{}/ws/{name}", self.port);
            // A task of its own: a server that is gone makes the peer panic.
            let served = match tokio::spawn(Peer::fetch_text(url)).await {
                Ok(Ok(served)) if served == *text => Served::Whole,
                Ok(Ok(served)) => Served::Other(served),
                Ok(Err(1006)) | Err(_) => Served::Lost,
                Ok(Err(code)) => Served::Refused(code),
            };
            (name.clone(), served)
        });
        join_all(fetching).await.into_iter().collect()
    }

    /// Kills it; returns everything it has said.
    pub(crate) async fn kill(mut self) -> String {
        self.child.kill().await.expect("a process to kill");
        self.log.await.expect("its log")
    }
}
