//! The servers that are measured, as processes: started on a free port, stopped by their id.
//! Does not know what is measured of them.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::{Instant, interval, sleep, timeout};

use crate::connection::Connection;
use crate::inside::{self, Inside};
use crate::stop::Stop;
use crate::usage::{self, Usage};
use crate::who::Who;

/// How long a server may take to be ready.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long a server may take to end after it was asked to.
const STOP_LIMIT: Duration = Duration::from_secs(120);
/// How often a server that does not say when it is ready is tried.
const TRY_EVERY: Duration = Duration::from_millis(5);
/// How often the memory of a server that is watched is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Lines of a server's log that are shown: some scenarios give it much to complain of.
const COMPLAINTS: usize = 10;
/// Messages that yrs-axum keeps for a slow reader before it drops some: as many as a trace has, and more.
const YRS_AXUM_CAPACITY: &str = "524288";

/// A server's binary, or the folder it is installed in with the Node that runs it.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) who: Who,
    binary: PathBuf,
}

/// A server that is ready. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) who: Who,
    child: Child,
    address: SocketAddr,
    /// From the start of the process until it was ready.
    pub(crate) started_in: Duration,
}

impl Program {
    /// One whose binary this is, or which npm has installed in this folder.
    pub(crate) fn new(who: Who, binary: PathBuf) -> Self {
        Self { who, binary }
    }

    /// Starts it on a data directory and waits until it is ready.
    pub(crate) async fn start(&self, data: &Path) -> Result<Running, Stop> {
        let address = free_address()?;
        let begin = Instant::now();
        let mut child = self.command(address, data).spawn().map_err(Stop::during("start"))?;
        let ready = async {
            match child.stderr.take() {
                Some(log) => read_until_ready(BufReader::new(log).lines()).await,
                None => connect_until_ready(address).await,
            }
        };
        timeout(START_LIMIT, ready).await.map_err(|_| {
            Stop::wrong(format!("{} was not ready in time", self.binary.display()))
        })??;
        Ok(Running { who: self.who, child, address, started_in: begin.elapsed() })
    }

    fn command(&self, address: SocketAddr, data: &Path) -> Command {
        let mut command = match self.who {
            Who::YWebsocket | Who::Hocuspocus => self.node(),
            _ => Command::new(&self.binary),
        };
        command.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::null());
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        match self.who {
            Who::Codraft => {
                command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(data);
                command.env("CODRAFT_LOG", "info").stderr(Stdio::piped());
            }
            Who::Lean | Who::Floor => {
                command.args(["--relay", self.who.prefix(), "--port", &port]);
            }
            Who::YSweet => {
                command.args(["serve", "--host", &host, "--port", &port]).arg(data);
                command.env("RUST_LOG", "error").stderr(Stdio::null());
            }
            Who::YrsAxum => {
                command.arg(&port).env("CAP", YRS_AXUM_CAPACITY).stderr(Stdio::null());
            }
            Who::YWebsocket => {
                command.arg("node_modules/@y/websocket-server/dist/server.cjs");
                command.env("HOST", &host).env("PORT", &port).stderr(Stdio::null());
            }
            Who::Hocuspocus => {
                command.args(["hocuspocus.mjs", &port]).stderr(Stdio::null());
            }
        }
        command
    }

    fn node(&self) -> Command {
        let mut node = Command::new(self.binary.join("node_modules/node/bin/node"));
        node.current_dir(&self.binary);
        node
    }

    /// Runs one of its commands on a data directory and waits for its success.
    pub(crate) async fn run(&self, subcommand: &str, data: &Path) -> Result<(), Stop> {
        let mut command = Command::new(&self.binary);
        command.args([subcommand, "--data"]).arg(data).kill_on_drop(true);
        let done = command.output().await?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        Err(Stop::wrong(format!("codraft {subcommand} failed: {said}")))
    }
}

impl Running {
    /// What it takes at this moment.
    pub(crate) fn usage(&self) -> Result<Usage, Stop> {
        let id = self.child.id().ok_or_else(|| Stop::wrong("the server has ended by itself"))?;
        usage::of_process(id).map_err(Stop::during("read /proc"))
    }

    /// What it says of its heap at this moment; only ours does.
    pub(crate) async fn inside(&self) -> Result<Inside, Stop> {
        inside::of_server(self.address).await
    }

    /// Does something, and says how much memory it took at the most meanwhile.
    pub(crate) async fn watched<T>(
        &self,
        work: impl Future<Output = Result<T, Stop>>,
    ) -> Result<(T, u64), Stop> {
        let mut ticks = interval(LOOK_EVERY);
        let mut most = 0;
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok((done?, most)),
                _ = ticks.tick() => most = most.max(self.usage()?.resident),
            }
        }
    }

    /// Connects to a document, which is created if there is none.
    pub(crate) async fn connect(&self, document: &str) -> Result<Connection, Stop> {
        let path = match self.who {
            Who::Codraft => format!("/ws/{document}"),
            Who::YSweet => format!("/d/{document}/ws/{document}"),
            Who::Lean | Who::Floor | Who::YrsAxum | Who::YWebsocket => format!("/{document}"),
            Who::Hocuspocus => "/".to_owned(),
        };
        let opened = Connection::open(self.address, &path).await;
        let mut connection = opened.map_err(Stop::during("connect"))?;
        if self.who == Who::Hocuspocus {
            connection.attach(document).await?;
        }
        Ok(connection)
    }

    /// Makes a document where connecting to it does not.
    pub(crate) async fn create(&self, document: &str) -> Result<(), Stop> {
        if self.who != Who::YSweet {
            return Ok(());
        }
        let body = format!("{{\"docId\":\"{document}\"}}");
        let request = format!(
            "POST /doc/new HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut socket = TcpStream::connect(self.address).await?;
        socket.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await?;
        if answer.starts_with("HTTP/1.1 200") {
            return Ok(());
        }
        Err(Stop::wrong(format!("y-sweet did not create a document: {answer}")))
    }

    /// Asks it to end in good order, and waits; how long that took.
    pub(crate) async fn stop(mut self) -> Result<Duration, Stop> {
        let begin = Instant::now();
        let id = self.child.id().ok_or_else(|| Stop::wrong("the server has ended by itself"))?;
        Command::new("kill").arg(id.to_string()).status().await?;
        let ended = timeout(STOP_LIMIT, self.child.wait()).await;
        let status = ended.map_err(|_| Stop::wrong("the server did not end in time"))??;
        // A peer may end by the signal itself.
        if self.who == Who::Codraft && !status.success() {
            return Err(Stop::wrong(format!("the server ended with {status}")));
        }
        Ok(begin.elapsed())
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) async fn kill(mut self) -> Result<(), Stop> {
        Ok(self.child.kill().await?)
    }
}

fn free_address() -> io::Result<SocketAddr> {
    StdListener::bind("127.0.0.1:0")?.local_addr()
}

/// Reads the log until it says ready, and goes on reading it for as long as there is one.
async fn read_until_ready(mut log: Lines<BufReader<ChildStderr>>) -> Result<(), Stop> {
    let mut said = Vec::new();
    while let Some(line) = log.next_line().await? {
        if line.contains("Codraft is ready") {
            tokio::spawn(async move {
                let mut complaints = 0;
                while let Ok(Some(line)) = log.next_line().await {
                    if line.contains("ERROR") || line.contains("WARN") {
                        complaints += 1;
                        match complaints {
                            ..=COMPLAINTS => eprintln!("  server: {line}"),
                            n if n == COMPLAINTS + 1 => eprintln!("  server: and more"),
                            _ => {}
                        }
                    }
                }
            });
            return Ok(());
        }
        said.push(line);
    }
    Err(Stop::wrong(format!("the server did not start: {}", said.join("\n"))))
}

async fn connect_until_ready(address: SocketAddr) -> Result<(), Stop> {
    while TcpStream::connect(address).await.is_err() {
        sleep(TRY_EVERY).await;
    }
    Ok(())
}
