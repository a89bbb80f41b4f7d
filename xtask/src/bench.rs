//! The benchmarks: builds the server, the load generator and, if asked, the peers, and lets the load generator run.
//! Does not know what is measured.

mod peers;

use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use crate::process::{cargo, run, say};
use crate::server::{self, Profile};
use crate::tree::{Tree, make_folder};
use crate::trouble::Trouble;

/// What to measure and beside whom.
#[derive(Args)]
pub(crate) struct Bench {
    /// Scenarios, as docs/performance.md lists them; all of them unless some are named
    scenarios: Vec<String>,
    /// Install the peers and measure them in the same run; takes some minutes the first time
    #[arg(long)]
    peers: bool,
    /// How often each scenario runs; the table shows medians
    #[arg(long, default_value_t = 1)]
    rounds: u32,
    /// Add one JSON object a scenario and round to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The folder with editing traces (github.com/josephg/editing-traces, sequential)
    #[arg(long, value_name = "FOLDER", default_value = "../shared/traces")]
    traces: PathBuf,
    /// The folder in which `growth` draws its curves
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// A cargo workspace with the package yrs-axum-peer
    #[arg(long, value_name = "FOLDER", default_value = "../shared/lab")]
    lab: PathBuf,
    /// Passed on to the load generator, for example `-- --edits 100000`; `-- --help` lists what there is
    #[arg(last = true)]
    more: Vec<String>,
}

/// Builds what is needed and measures.
pub(crate) fn measure(tree: &Tree, bench: &Bench) -> Result<(), Trouble> {
    let codraft = server::build(tree, Profile::Release)?;
    let load = build_load(tree)?;
    let work = tree.target.join("bench");
    make_folder(&work)?;
    let mut command = Command::new(load);
    command.arg("--codraft").arg(codraft).arg("--work").arg(&work);
    if bench.peers {
        if let Some(y_sweet) = peers::y_sweet(&work) {
            command.arg("--y-sweet").arg(y_sweet);
        }
        if let Some(yrs_axum) = peers::yrs_axum(&work, &bench.lab) {
            command.arg("--yrs-axum").arg(yrs_axum);
        }
        if let Some(folder) = peers::y_websocket(&work) {
            command.arg("--y-websocket").arg(folder);
        }
        if let Some(folder) = peers::hocuspocus(&work) {
            command.arg("--hocuspocus").arg(folder);
        }
    }
    command.arg("--traces").arg(&bench.traces).args(["--rounds", &bench.rounds.to_string()]);
    if let Some(json) = &bench.json {
        command.arg("--json").arg(json);
    }
    if let Some(plots) = &bench.plots {
        command.arg("--plots").arg(plots);
    }
    run(command.args(&bench.scenarios).args(&bench.more))
}

/// Builds the load generator; its binary.
pub(crate) fn build_load(tree: &Tree) -> Result<PathBuf, Trouble> {
    say("load", "building (release)");
    let mut command = cargo();
    command.args(["build", "--release", "--package", "codraft-load"]).current_dir(&tree.root);
    run(&mut command)?;
    Ok(tree.target.join(format!("release/codraft-load{}", std::env::consts::EXE_SUFFIX)))
}
