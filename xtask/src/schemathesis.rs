//! schemathesis, which asks a server everything that its own description of the HTTP API allows, and much that it does not.
//! Does not know what the routes do.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::apt;
use crate::process::{capture, end, run, say, spawn, tee};
use crate::stamp::{Stamp, fingerprint};
use crate::tree::{Tree, make_folder};
use crate::trouble::Trouble;

/// Requests made up for each route and method, beside those that follow from the description.
const EXAMPLES: &str = "60";
/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// What it found; none where there is no Python to run it, which is said.
pub(crate) fn test(tree: &Tree, binary: &Path) -> Result<Option<(bool, String)>, Trouble> {
    let Some(program) = install(tree)? else {
        say(
            "schemathesis",
            "NOT RUN: there is no python3 with venv; install it and run this again",
        );
        return Ok(None);
    };
    // It leaves notes in the folder it runs in.
    let folder = tree.target.join("xtask/schemathesis-run");
    let _ = fs::remove_dir_all(&folder);
    make_folder(&folder)?;
    let (mut server, address) = start(binary, &folder)?;
    let description = format!("http://{address}/api/openapi.json");
    let config = tree.path("tests/conformance/schemathesis.toml");
    let mut command = Command::new(program);
    command.arg("--config-file").arg(config).arg("--no-color");
    command.args(["run", &description, "--checks", "all", "--max-examples", EXAMPLES]);
    let outcome = tee(command.current_dir(&folder));
    end(&mut server);
    outcome.map(Some)
}

/// The program, in an environment of its own.
fn install(tree: &Tree) -> Result<Option<PathBuf>, Trouble> {
    let requirements = tree.path("tests/conformance/requirements.txt");
    let folder = tree.target.join("xtask/schemathesis");
    let program = folder.join("bin/schemathesis");
    let (wanted, installed) =
        (fingerprint(std::slice::from_ref(&requirements))?, Stamp::inside(&folder));
    if program.exists() && installed.holds(&wanted) {
        return Ok(Some(program));
    }
    let make =
        || capture(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).is_ok();
    let is_made = make() || (apt::install(&["python3-venv"]) && make());
    if !is_made {
        return Ok(None);
    }
    say("schemathesis", "installing it with pip");
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    run(pip.arg(&requirements))?;
    installed.set(&wanted)?;
    Ok(Some(program))
}

/// A server on a free port, once it lets somebody in.
fn start(binary: &Path, folder: &Path) -> Result<(Child, String), Trouble> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(Trouble::at(Path::new("127.0.0.1")))?;
    let address = listener.local_addr().map_err(Trouble::at(Path::new("127.0.0.1")))?;
    drop(listener);
    let mut command = Command::new(binary);
    command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(folder.join("data"));
    let mut server = spawn(command.stderr(Stdio::null()))?;
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(address).is_err() {
        if Instant::now() > until {
            end(&mut server);
            return Err(Trouble::advice("the server did not start in time"));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok((server, address.to_string()))
}
