//! Servers under test: one inside this process, and the real binary as a process that can be killed.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use codraft::{Mode, ServeConfig, Server};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::patiently;

/// A server in this process, on a free port, with a data directory of its own.
pub struct TestServer {
    data: tempfile::TempDir,
    address: SocketAddr,
    config: ServeConfig,
    admin: Option<String>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl TestServer {
    /// Starts on an empty data directory.
    pub async fn start() -> Self {
        Self::start_with(ServeConfig::default()).await
    }

    /// The same with another configuration.
    pub async fn start_with(config: ServeConfig) -> Self {
        let data = tempfile::tempdir().expect("a temporary directory");
        let address = ([127, 0, 0, 1], 0).into();
        let mut server = Self { data, address, config, admin: None, running: None };
        server.run().await;
        server
    }

    async fn run(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("a free port");
        self.address = listener.local_addr().expect("a bound address");
        let server = Server::open(self.data.path()).expect("a data directory that opens");
        if self.config.access != Mode::Open {
            let key = server.first_admin_key().expect("a key that can be written");
            self.admin = key.or(self.admin.take());
        }
        let (stop, stopped) = oneshot::channel();
        let config = self.config.clone();
        let task = tokio::spawn(async move {
            let stop = async move { drop(stopped.await) };
            server.serve_with(listener, config, stop).await.expect("a server that ends well");
        });
        self.running = Some((stop, task));
    }

    /// Stops as SIGTERM would, and waits for the end.
    pub async fn stop(&mut self) {
        if let Some((stop, task)) = self.running.take() {
            let _ = stop.send(());
            patiently("the server to stop", task).await.expect("a server that does not panic");
        }
    }

    /// Stops and starts again on the same address and data.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.run().await;
    }

    /// Stops and starts again with another kind of access.
    pub async fn restart_as(&mut self, access: Mode) {
        self.config.access = access;
        self.restart().await;
    }

    /// The administrator's key; empty where access is open.
    pub fn admin(&self) -> &str {
        self.admin.as_deref().unwrap_or_default()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The y-websocket URL of a document whose name is already encoded as a client would.
    pub fn url(&self, encoded_doc: &str) -> String {
        format!("ws://{}/ws/{encoded_doc}", self.address)
    }

    /// Where it keeps its data.
    pub fn data(&self) -> &Path {
        self.data.path()
    }
}

/// A port nobody listens on at the moment.
pub fn free_port() -> u16 {
    let listener = StdListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound address").port()
}

/// The real binary, named by `CODRAFT_BIN`.
pub struct ServerProcess {
    child: Child,
    log: mpsc::UnboundedReceiver<String>,
    address: SocketAddr,
}

impl ServerProcess {
    /// The command with which the binary is started.
    pub fn command() -> Command {
        let binary = std::env::var_os("CODRAFT_BIN").map_or_else(default_binary, PathBuf::from);
        let mut command = Command::new(binary);
        command.env_remove("CODRAFT_LISTEN").env_remove("CODRAFT_DATA").kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it and waits until it says that it is ready.
    pub async fn start(address: SocketAddr, data: &Path) -> Self {
        Self::start_with(Self::command(), address, data).await
    }

    /// The same with a command of the caller's, which may run the binary under something else.
    pub async fn start_with(mut command: Command, address: SocketAddr, data: &Path) -> Self {
        command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(data);
        let mut child = command
            .spawn()
            .expect("the binary: build it with `cargo xtask build` or name it in CODRAFT_BIN");
        let log = child.stderr.take().expect("a piped standard error");
        let mut lines = BufReader::new(log).lines();
        patiently("the server to be ready", async {
            let mut said = Vec::new();
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains("Codraft is ready") {
                    return;
                }
                said.push(line);
            }
            panic!("the server ended: {}", said.join("\n"));
        })
        .await;
        // Somebody has to read what it logs from here on, or it would block.
        let (sender, log) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                // Nobody has to listen.
                let _ = sender.send(line);
            }
        });
        Self { child, log, address }
    }

    /// The y-websocket URL of a document.
    pub fn url(&self, encoded_doc: &str) -> String {
        format!("ws://{}/ws/{encoded_doc}", self.address)
    }

    /// Waits until it has logged a line with this in it.
    pub async fn says(&mut self, text: &str) {
        self.log_until(text).await;
    }

    /// The same; returns what it has logged since the last time.
    pub async fn log_until(&mut self, text: &str) -> String {
        let line = async {
            let mut log = String::new();
            while let Some(line) = self.log.recv().await {
                log.push_str(&line);
                log.push('\n');
                if line.contains(text) {
                    return log;
                }
            }
            panic!("the server ended without saying {text:?}");
        };
        patiently(text, line).await
    }

    /// `kill -9`, and waits until it is gone.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("a process to kill");
    }

    /// SIGTERM, and waits for the exit status.
    pub async fn terminate(mut self) -> ExitStatus {
        let id = self.child.id().expect("a running process").to_string();
        let sent =
            Command::new("kill").args(["-TERM", &id]).status().await.expect("the kill command");
        assert!(sent.success());
        patiently("the server to end", self.child.wait()).await.expect("an exit status")
    }
}

/// Where `cargo xtask build` puts the binary.
fn default_binary() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/codraft")
}
