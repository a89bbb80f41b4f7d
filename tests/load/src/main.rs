//! `codraft-load`: starts servers, puts load on them, and prints only figures whose scenario has verified itself.
//! Reads the command line and goes round; knows nothing of any scenario.

mod aside;
mod bare;
mod bench;
mod connection;
mod crowd;
mod datadir;
mod figure;
mod people;
mod program;
mod report;
mod scenario;
mod scenarios;
mod spread;
mod stop;
mod trace;
mod usage;
mod wire;
mod writing;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::bench::{Bench, Scale};
use crate::program::Program;
use crate::report::Report;
use crate::scenario::Scenario;
use crate::stop::Stop;

/// Measures document servers on this machine: every server is started here, on 127.0.0.1, and stopped again.
///
/// `cargo xtask bench` builds what is needed and calls this.
#[derive(Parser)]
#[command(name = "codraft-load")]
struct Cli {
    /// What to measure: all of it unless something is named
    #[arg(value_parser = Scenario::find)]
    scenarios: Vec<&'static Scenario>,
    /// The server's binary
    #[arg(long, required_unless_present = "weigh")]
    codraft: Option<PathBuf>,
    /// y-sweet's binary, to be measured beside it
    #[arg(long)]
    y_sweet: Option<PathBuf>,
    /// A server of yrs-axum's BroadcastGroup, to be measured beside it
    #[arg(long)]
    yrs_axum: Option<PathBuf>,
    /// The folder where npm has installed @y/websocket-server and node, to be measured beside it
    #[arg(long)]
    y_websocket: Option<PathBuf>,
    /// The folder where npm has installed @hocuspocus/server and node, with `hocuspocus.mjs`, to be measured beside it
    #[arg(long)]
    hocuspocus: Option<PathBuf>,
    /// The folder for data directories, on the disk that is to be measured
    #[arg(long, default_value = "target/bench")]
    work: PathBuf,
    /// The folder with editing traces (github.com/josephg/editing-traces, sequential)
    #[arg(long, default_value = "../shared/traces")]
    traces: PathBuf,
    /// How often each scenario runs; the table shows medians
    #[arg(long, default_value_t = 1)]
    rounds: u32,
    /// The file to which one JSON object a scenario and round is added
    #[arg(long)]
    json: Option<PathBuf>,
    #[command(flatten)]
    scale: Scale,
    /// Prints what the documents in a file take in the memory of a process that holds nothing else
    #[arg(long, hide = true)]
    weigh: Option<PathBuf>,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse() {
        Cli { weigh: Some(states), .. } => bare::weigh(&states).map(|()| true),
        cli => run(cli),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(stop) => {
            eprintln!("error: {stop}");
            ExitCode::FAILURE
        }
    }
}

/// Goes round the scenarios; whether none of them has failed.
fn run(cli: Cli) -> Result<bool, Stop> {
    std::fs::create_dir_all(&cli.work)?;
    let bench = Bench {
        codraft: Program::codraft(cli.codraft.unwrap_or_default()),
        y_sweet: cli.y_sweet.map(Program::y_sweet),
        yrs_axum: cli.yrs_axum.map(Program::yrs_axum),
        y_websocket: cli.y_websocket.map(Program::y_websocket),
        hocuspocus: cli.hocuspocus.map(Program::hocuspocus),
        work: cli.work,
        traces: cli.traces,
        scale: cli.scale,
    };
    let chosen =
        if cli.scenarios.is_empty() { scenario::ALL.iter().collect() } else { cli.scenarios };
    let mut report = Report::new(cli.json.as_deref())?;
    for round in 1..=cli.rounds {
        for scenario in &chosen {
            eprintln!("round {round} of {}: {}, {}", cli.rounds, scenario.name, scenario.about);
            // One thread, so that the load leaves the other cores to the server.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let outcome = runtime.block_on(scenario.measure(&bench));
            report.add(scenario.name, round, outcome)?;
        }
    }
    report.print(&mut io::stdout())?;
    Ok(!report.has_failures())
}
