//! Building and starting the server.
//! Does not know what it serves.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::process::{cargo, run, say};
use crate::tree::Tree;
use crate::trouble::Trouble;
use crate::web;

/// Where it listens and keeps its documents unless told otherwise: flag, variable, value.
const DEFAULTS: [(&str, &str, &str); 2] =
    [("--listen", "CODRAFT_LISTEN", "127.0.0.1:8080"), ("--data", "CODRAFT_DATA", "./data")];

/// How the server is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

/// Builds the server; its binary.
pub(crate) fn build(tree: &Tree, profile: Profile) -> Result<PathBuf, Trouble> {
    web::make_dist(tree)?;
    let (folder, flags): (_, &[&str]) = match profile {
        Profile::Debug => ("debug", &[]),
        Profile::Release => ("release", &["--release"]),
    };
    say("server", &format!("building ({folder})"));
    let mut command = cargo();
    command
        .args(["build", "--package", "codraft", "--bin", "codraft"])
        .args(flags)
        .current_dir(&tree.root);
    run(&mut command)?;
    Ok(tree.target.join(folder).join(format!("codraft{}", env::consts::EXE_SUFFIX)))
}

/// `codraft serve` with our defaults, unless the arguments or the environment say otherwise.
pub(crate) fn serve(tree: &Tree, binary: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(binary);
    command.arg("serve").current_dir(&tree.root);
    for (flag, variable, value) in DEFAULTS {
        if given(arguments, flag).is_none() && env::var_os(variable).is_none() {
            command.args([flag, value]);
        }
    }
    command.args(arguments);
    command
}

/// Where the server listens that is started with these arguments.
pub(crate) fn address(arguments: &[String]) -> String {
    let [(flag, variable, value), _] = DEFAULTS;
    let given = given(arguments, flag).map(str::to_owned);
    given.or_else(|| env::var(variable).ok()).unwrap_or_else(|| value.to_owned())
}

/// What the arguments say about a flag, in either spelling; the last one counts, as it does for the server.
fn given<'a>(arguments: &'a [String], flag: &str) -> Option<&'a str> {
    let apart = arguments.windows(2).filter(|pair| pair[0] == flag).map(|pair| pair[1].as_str());
    let joined = arguments.iter().filter_map(|one| one.strip_prefix(flag)?.strip_prefix('='));
    apart.chain(joined).next_back()
}

/// Turns this process into the server, so that signals reach it and its exit code is ours.
#[cfg(unix)]
pub(crate) fn become_server(
    tree: &Tree,
    binary: &Path,
    arguments: &[String],
) -> Result<ExitCode, Trouble> {
    use std::os::unix::process::CommandExt;

    let mut command = serve(tree, binary, arguments);
    let source = command.exec();
    Err(Trouble::Start { command: crate::process::shown(&command), source })
}

/// Runs the server as a child: there is no way to become another program here.
#[cfg(not(unix))]
pub(crate) fn become_server(
    tree: &Tree,
    binary: &Path,
    arguments: &[String],
) -> Result<ExitCode, Trouble> {
    run(&mut serve(tree, binary, arguments)).map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_replaces_its_default_in_both_spellings() {
        let address = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
            given(&arguments, "--listen").map(str::to_owned)
        };
        assert_eq!(address(&["--listen", "0.0.0.0:80"]).as_deref(), Some("0.0.0.0:80"));
        assert_eq!(address(&["--data", "x", "--listen=[::1]:80"]).as_deref(), Some("[::1]:80"));
        assert_eq!(address(&["--listener", "--listen"]), None);
    }
}
