//! The dev loop: watches the Rust sources, rebuilds what changed and restarts the server; Vite reloads the page.
//! Does not know how the parts are built, and leaves web/src to Vite.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::process::{end, say, spawn};
use crate::server::Profile;
use crate::stamp::fingerprint;
use crate::tree::Tree;
use crate::trouble::Trouble;
use crate::{server, wasm, web};

/// Short enough to feel immediate, long enough to cost nothing.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Runs until interrupted.
pub(crate) fn run(tree: &Tree, serve: &[String]) -> Result<(), Trouble> {
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopped);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
        .map_err(|error| Trouble::advice(format!("cannot listen for Ctrl-C: {error}")))?;
    web::install(&tree.web())?;
    let mut dev = Dev::start(tree, serve)?;
    while !stopped.load(Ordering::Relaxed) {
        thread::sleep(LOOK_EVERY);
        dev.look()?;
    }
    Ok(())
}

/// The running parts; both end with it.
struct Dev<'a> {
    tree: &'a Tree,
    serve: &'a [String],
    server: Option<Child>,
    vite: Child,
    seen: Seen,
}

/// What the sources were when the parts were last built.
#[derive(PartialEq, Eq)]
struct Seen {
    core: String,
    client: String,
    server: String,
}

impl Seen {
    fn now(tree: &Tree) -> Result<Self, Trouble> {
        let of = |paths: &[&str]| {
            fingerprint(&paths.iter().map(|path| tree.path(path)).collect::<Vec<PathBuf>>())
        };
        Ok(Self {
            core: of(&["core/src", "core/Cargo.toml", "Cargo.lock"])?,
            client: of(&["client-wasm/src", "client-wasm/Cargo.toml"])?,
            server: of(&["server/src", "server/Cargo.toml"])?,
        })
    }
}

impl<'a> Dev<'a> {
    fn start(tree: &'a Tree, serve: &'a [String]) -> Result<Self, Trouble> {
        let seen = Seen::now(tree)?;
        wasm::build(tree, wasm::Finish::Quick)?;
        let binary = server::build(tree, Profile::Debug)?;
        let server = Some(spawn(&mut server::serve(tree, &binary, serve))?);
        let vite = start_vite(&tree.web(), &server::address(serve))?;
        Ok(Self { tree, serve, server, vite, seen })
    }

    /// Rebuilds what changed since the last look; a broken build is said and waits for the next change.
    fn look(&mut self) -> Result<(), Trouble> {
        if let Ok(Some(status)) = self.vite.try_wait() {
            return Err(Trouble::advice(format!("Vite's dev server ended by itself ({status})")));
        }
        // A file may vanish between listing and reading while an editor saves it: look again next time.
        let Ok(now) = Seen::now(self.tree) else { return Ok(()) };
        let core = now.core != self.seen.core;
        let client = core || now.client != self.seen.client;
        let server = core || now.server != self.seen.server;
        self.seen = now;
        if client {
            told(wasm::build(self.tree, wasm::Finish::Quick));
        }
        if server {
            told(self.restart());
        }
        Ok(())
    }

    /// Builds first, so that the old server answers until the new one is ready to start.
    fn restart(&mut self) -> Result<(), Trouble> {
        let binary = server::build(self.tree, Profile::Debug)?;
        if let Some(mut old) = self.server.take() {
            end(&mut old);
        }
        self.server = Some(spawn(&mut server::serve(self.tree, &binary, self.serve))?);
        Ok(())
    }
}

impl Drop for Dev<'_> {
    fn drop(&mut self) {
        end(&mut self.vite);
        if let Some(server) = &mut self.server {
            end(server);
        }
    }
}

fn told(outcome: Result<(), Trouble>) {
    if let Err(trouble) = outcome {
        say("dev", &format!("{trouble}; waiting for the next change"));
    }
}

/// Vite itself and not `npm run dev`, so that ending it leaves nothing running. It passes sockets on to our server.
fn start_vite(web: &Path, server: &str) -> Result<Child, Trouble> {
    let mut command = Command::new("node");
    command.args([
        "node_modules/vite/bin/vite.js",
        "--host",
        "127.0.0.1",
        "--port",
        "5173",
        "--strictPort",
    ]);
    spawn(command.current_dir(web).env("CODRAFT_LISTEN", server))
}
