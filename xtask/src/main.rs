//! `cargo xtask`: what cargo alone cannot express, one module a concern.
//! Only dispatches; knows nothing of how a step is done.

mod apt;
mod bench;
mod build;
mod check;
mod chromium;
mod compress;
mod counts;
mod dev;
mod firefox;
mod harness;
mod make;
mod package;
mod process;
mod program;
mod report;
mod schemathesis;
mod server;
mod sizes;
mod stamp;
mod test;
mod toolchain;
mod tree;
mod trouble;
mod wasm;
mod web;
mod webkit;

use std::process::ExitCode;

use clap::Parser;

use crate::bench::Bench;
use crate::counts::Counts;
use crate::harness::{Harness, Rounds};
use crate::tree::Tree;
use crate::trouble::Trouble;

/// Builds, runs and tests Codraft. Needs Rust and Node.js 20 or newer; finds or fetches the rest.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
enum Task {
    /// Build everything in release and start the server on 127.0.0.1:8080, with its documents in ./data
    Run {
        /// Passed on to `codraft serve`, for example `-- --listen 0.0.0.0:80 --data /srv/codraft`
        #[arg(last = true)]
        serve: Vec<String>,
    },
    /// Rebuild and reload on every change
    ///
    /// Open the page at http://127.0.0.1:5173: Vite serves it, reloads it when something in web/ or the wasm client
    /// changes, and passes the WebSocket on to a debug server on 127.0.0.1:8080. That server is rebuilt and restarted
    /// when core/ or server/ changes; open pages reconnect by themselves. Vite sends no Content-Security-Policy: try a
    /// change that touches it with `cargo xtask run`.
    Dev {
        /// Passed on to `codraft serve`
        #[arg(last = true)]
        serve: Vec<String>,
    },
    /// Build the wasm client, the web bundle and the release server
    Build,
    /// Build the wasm client and the web bundle only: a debug server shows them at once
    Pages,
    /// Build the npm package `codraft`: a folder and an archive in target/npm
    Package,
    /// What an editor wants in seconds: format, lints, types and the rules of the house
    Check,
    /// Everything CI runs: the checks, every test there is, and the size budgets
    Test,
    /// Measure the server, beside others with --peers
    ///
    /// docs/performance.md says what is measured and how to read it.
    Bench(Bench),
    /// Count the instructions of what should not become more work, and compare them with what they were
    Counts(Counts),
    /// Kill the server while people type, and look for what it said was saved
    Chaos(Rounds),
    /// Lose the server's power, and look for what it said was saved
    Powerloss(Rounds),
    /// Damage one file of a data directory, and look for what is served as if it were whole
    Bitrot(Rounds),
    /// Fill the server's disk while people type, and look for what it said was saved
    FullDisk(Rounds),
    /// Put hostile bytes through the gate and into yrs; a round is one try of some microseconds
    Fuzz(Rounds),
}

fn main() -> ExitCode {
    match dispatch(Task::parse()) {
        Ok(code) => code,
        Err(trouble) => {
            eprintln!("error: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(task: Task) -> Result<ExitCode, Trouble> {
    let tree = Tree::find();
    make::ensure()?;
    match task {
        Task::Run { serve } => {
            let binary = build::everything(&tree)?;
            server::become_server(&tree, &binary, &serve)
        }
        Task::Dev { serve } => dev::run(&tree, &serve).map(|()| ExitCode::SUCCESS),
        Task::Build => build::everything(&tree).map(|_| ExitCode::SUCCESS),
        Task::Pages => build::pages(&tree).map(|()| ExitCode::SUCCESS),
        Task::Package => package::build(&tree).map(|_| ExitCode::SUCCESS),
        Task::Check => Ok(check::run(&tree).close()),
        Task::Test => Ok(test::run(&tree).close()),
        Task::Bench(bench) => bench::measure(&tree, &bench).map(|()| ExitCode::SUCCESS),
        Task::Counts(counts) => counts::check(&tree, &counts).map(|()| ExitCode::SUCCESS),
        Task::Chaos(rounds) => torment(&tree, harness::CHAOS, &rounds),
        Task::Powerloss(rounds) => torment(&tree, harness::POWERLOSS, &rounds),
        Task::Bitrot(rounds) => torment(&tree, harness::BITROT, &rounds),
        Task::FullDisk(rounds) => torment(&tree, harness::FULL_DISK, &rounds),
        Task::Fuzz(rounds) => harness::fuzz(&tree, &rounds).map(|()| ExitCode::SUCCESS),
    }
}

fn torment(tree: &Tree, harness: Harness, rounds: &Rounds) -> Result<ExitCode, Trouble> {
    harness::torment(tree, harness, rounds).map(|()| ExitCode::SUCCESS)
}
