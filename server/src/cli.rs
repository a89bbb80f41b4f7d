//! The command line: reads it, starts what it asks for and turns failures into sentences and exit codes.

mod access;
mod serve;

use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use thiserror::Error;
use tokio::net::{TcpListener, TcpSocket};
use tracing_subscriber::EnvFilter;

use crate::operate::{self, OperateError, Taking};
use crate::server::{Server, ServerError};
use crate::storage::{self, StorageError};
use serve::Serve;

/// Connections that may wait to be accepted: a thousand clients reconnect at once after a restart.
const BACKLOG: u32 = 4_096;

/// A real-time collaborative text editor and the document server behind it.
///
/// People open the page and write together; any Yjs client (y-websocket) may connect to ws://HOST:PORT/ws/DOCUMENT.
/// What a client was told is saved is on disk.
#[derive(Debug, Parser)]
#[command(name = "codraft", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// How log lines look
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Human, env = "CODRAFT_LOG_FORMAT")]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve documents and the page to edit them
    ///
    /// Stops on SIGTERM or SIGINT: lets every client go, writes what is left and exits with 0. The variable CODRAFT_LOG
    /// says how much is logged, as in `CODRAFT_LOG=codraft=debug`.
    #[command(
        after_help = "Examples:\n  codraft serve\n  codraft serve --listen 127.0.0.1:9000 --data /var/lib/codraft\n  codraft serve --public-url https://docs.example.org"
    )]
    Serve(Serve),
    /// Read every document and check every sum; say what is wrong where
    Verify {
        #[command(flatten)]
        data: Data,
    },
    /// Write all documents into one file, also while a server runs
    ///
    /// Each document is as it is on disk when its turn comes. The file is read once more before it is called done.
    Backup {
        /// The file to write
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        replace: Replace,
        #[command(flatten)]
        leave_out: LeaveOut,
    },
    /// Make a data directory from a backup
    ///
    /// With --force a directory that has something in it is moved aside, never deleted.
    Restore {
        /// The backup
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        replace: Replace,
    },
    /// Write every document as a text and as a Yjs update into a folder
    Export {
        /// The folder to write
        folder: PathBuf,
        #[command(flatten)]
        data: Data,
        #[command(flatten)]
        replace: Replace,
        #[command(flatten)]
        leave_out: LeaveOut,
    },
    /// Merge the documents of an export into a data directory; what is there already stays
    Import {
        /// The export
        folder: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Fold every document, so that the next start is quick
    Compact {
        #[command(flatten)]
        data: Data,
    },
    /// Make, list and remove the keys with which your app's backend signs tokens
    Key {
        #[command(subcommand)]
        what: access::Key,
    },
    /// Print a token that lets its bearer into documents
    Token(access::Token),
    /// The administrator's key, for what takes it over HTTP
    Admin {
        #[command(subcommand)]
        what: access::Admin,
    },
    /// List documents
    Docs(access::Docs),
    /// Print a link to a document, where the server runs with --access links
    Link(access::Link),
    /// Send somebody away from a document of the running server
    Kick(access::Kick),
    /// Look at a data directory and touch nothing: what the server has done first, in a process that may die of it
    #[command(name = storage::PROBE, hide = true)]
    ProbeStore {
        #[command(flatten)]
        data: Data,
        /// A folder for what must not lie in the data directory
        #[arg(long)]
        scratch: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Data {
    /// The data directory
    #[arg(long = "data", value_name = "DIRECTORY", default_value = "data", env = "CODRAFT_DATA")]
    path: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Replace {
    /// Replace what is there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, clap::Args)]
struct LeaveOut {
    /// Leave out documents that are damaged, or not certain to be whole, and say which they are
    #[arg(long)]
    partial: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Lines for people
    Human,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Error)]
enum CliError {
    #[error("the address {0} is in use; stop what listens there or choose another with --listen")]
    InUse(SocketAddr),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error(
        "{0} can be reached from other machines, and it has to be said who may do what: --access links for documents that \
         are reached by links their owners make, --access tokens for an app that makes tokens for its users, or \
         --access open if everyone who reaches it may read and write every document"
    )]
    OpenToAll(SocketAddr),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error(transparent)]
    Operate(#[from] OperateError),
    #[error("{0}")]
    Access(String),
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(cli.log_format);
    match run(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn log_to_stderr(format: LogFormat) {
    let filter = EnvFilter::try_from_env("CODRAFT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    match format {
        LogFormat::Human => log.with_target(false).init(),
        LogFormat::Json => log.json().init(),
    }
}

fn run(command: &Command) -> Result<(), CliError> {
    if let Command::ProbeStore { data, scratch } = command {
        std::process::exit(storage::look(&data.path, scratch));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Serve(options) => return serve(options).await,
            Command::Verify { data } => operate::verify(&data.path).await,
            Command::Backup { file, data, replace, leave_out } => {
                operate::backup(&data.path, file, taking(replace, leave_out)).await
            }
            Command::Restore { file, data, replace } => {
                operate::restore(file, &data.path, replace.force).await
            }
            Command::Export { folder, data, replace, leave_out } => {
                operate::export(&data.path, folder, taking(replace, leave_out)).await
            }
            Command::Import { folder, data } => operate::import(folder, &data.path).await,
            Command::Compact { data } => operate::compact(&data.path).await,
            Command::Key { what } => return what.run(),
            Command::Token(token) => return token.run(),
            Command::Admin { what } => return what.run(),
            Command::Docs(docs) => return docs.run(),
            Command::Link(link) => return link.run(),
            Command::Kick(kick) => return kick.run(),
            Command::ProbeStore { .. } => Ok(()),
        }
        .map_err(CliError::from)
    })
}

fn taking(replace: &Replace, leave_out: &LeaveOut) -> Taking {
    Taking { force: replace.force, partial: leave_out.partial }
}

async fn serve(serve: &Serve) -> Result<(), CliError> {
    if !serve.is_allowed() {
        return Err(CliError::OpenToAll(serve.listen));
    }
    // The address first: a second server on the same port must not touch the data.
    let listener = listen(serve.listen)?;
    let (data, journal) = (serve.data.path.clone(), serve.journal());
    let open = move || Server::open_or_rescue(&data, journal);
    let opened = tokio::task::spawn_blocking(open).await;
    let server = opened.map_err(io::Error::other)??;
    let config = serve.config();
    if serve.has_strangers()
        && let Some(key) = server.first_admin_key()?
    {
        access::show_admin_key(&key)?;
    }
    warn_if_open(serve);
    let stop = stop_signal()?;
    let address = listener.local_addr()?;
    let data = serve.data.path.display();
    match server.rescue() {
        None => tracing::info!(%data, "Codraft is ready: http://{address}"),
        Some(rescue) => {
            tracing::error!("{rescue}");
            tracing::warn!(%data, "Codraft is ready, read-only: http://{address}");
        }
    }
    Ok(server.serve_with(listener, config, stop).await?)
}

fn warn_if_open(serve: &Serve) {
    if serve.is_open_to_strangers() {
        tracing::warn!(
            "--access open: everyone who reaches {} may read, change and delete every document",
            serve.listen
        );
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, CliError> {
    let bind = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A restart must not wait for old connections to time out.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bind().map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => CliError::InUse(address),
        _ => CliError::Listen(address, error),
    })
}

/// Ready when the process is asked to end, which it may be from this call on.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// The same where there is no SIGTERM.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
