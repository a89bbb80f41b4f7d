//! The operator's door: a Unix socket in the data directory, through which a running server gives a backup. It knows no
//! peers; whoever may read the directory may knock.
//!
//! A connection says one line, `backup` or `backup partial`, and is sent the whole file. Its end tells whether it is whole.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tracing::{Instrument, info, info_span, warn};

use crate::operate::{OperateError, write_backup};
use crate::shelves::Shelves;

const SOCKET: &str = "operator.sock";
const BACKUP: &str = "backup";
/// The same without the documents that cannot be read.
const PARTIAL: &str = "backup partial";

/// Listens until `closing` is dropped. A socket that cannot be made is reported and done without.
pub(crate) async fn listen(data: PathBuf, shelves: Shelves, mut closing: watch::Receiver<()>) {
    let path = data.join(SOCKET);
    // What a killed server left; the directory's lock says that nobody else uses it.
    let _ = std::fs::remove_file(&path);
    let listener = match UnixListener::bind(&path) {
        Ok(listener) => listener,
        Err(error) => return warn!(%error, "backups of the running server are not possible"),
    };
    loop {
        tokio::select! {
            connection = listener.accept() => match connection {
                Ok((connection, _)) => {
                    let shelves = shelves.clone();
                    tokio::spawn(answer(connection, shelves).instrument(info_span!("operator")));
                }
                Err(error) => warn!(%error, "an operator's connection failed"),
            },
            _ = closing.changed() => break,
        }
    }
    let _ = std::fs::remove_file(&path);
}

async fn answer(connection: UnixStream, shelves: Shelves) {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    let said = reader.read_line(&mut line).await.map(|_| line.trim());
    let Ok(BACKUP | PARTIAL) = said else {
        return warn!("an operator's request was not understood");
    };
    let partial = line.trim() == PARTIAL;
    match send_backup(reader.into_inner(), shelves, partial).await {
        Ok(documents) => info!(documents, "a backup was given"),
        Err(error) => warn!(%error, "a backup was not given whole"),
    }
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
    let mut connection = std::os::unix::net::UnixStream::connect(data.join(SOCKET))?;
    writeln!(connection, "{}", if partial { PARTIAL } else { BACKUP })?;
    let mut bytes = vec![0; 64 << 10];
    loop {
        match connection.read(&mut bytes)? {
            0 => return Ok(()),
            n => file.write_all(&bytes[..n])?,
        }
    }
}
