//! `codraft-load`: starts servers, puts load on them, and prints only figures whose scenario has verified itself.
//! Reads the command line and goes round; knows nothing of any scenario.

mod aside;
mod audience;
mod bare;
mod bench;
mod connection;
mod count;
mod crowd;
mod cursor;
mod datadir;
mod ears;
mod extents;
mod figure;
mod inside;
mod part;
mod people;
mod player;
mod plot;
mod program;
mod relay;
mod report;
mod scale;
mod scenario;
mod scenarios;
mod scene;
mod sides;
mod spread;
mod stop;
mod trace;
mod usage;
mod who;
mod wire;
mod worn;
mod writing;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::bench::Bench;
use crate::count::Work;
use crate::figure::Figure;
use crate::program::Program;
use crate::relay::Relay;
use crate::report::Report;
use crate::scale::Scale;
use crate::scenario::{Outcome, Scenario};
use crate::stop::Stop;
use crate::who::Who;

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
    #[arg(long, required_unless_present_any = ["weigh", "relay", "count"])]
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
    /// The folder in which `growth` draws its curves
    #[arg(long)]
    plots: Option<PathBuf>,
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
    /// Hands on what it is sent instead of measuring: one of the servers that are measured
    #[arg(long, hide = true, requires = "port")]
    relay: Option<Relay>,
    #[arg(long, hide = true)]
    port: Option<u16>,
    /// Does some work of a fixed size instead of measuring, to be counted in instructions
    #[arg(long, hide = true)]
    count: Option<Work>,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse() {
        Cli { weigh: Some(states), .. } => bare::weigh(&states).map(|()| true),
        Cli { count: Some(work), .. } => count::run(work).map(|()| true),
        Cli { relay: Some(relay), port: Some(port), .. } => {
            relay::serve(relay, port).map(|()| true)
        }
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
    make_room()?;
    let relay = std::env::current_exe()?;
    let others = [
        (Who::Lean, Some(relay.clone())),
        (Who::Floor, Some(relay)),
        (Who::YSweet, cli.y_sweet),
        (Who::YrsAxum, cli.yrs_axum),
        (Who::YWebsocket, cli.y_websocket),
        (Who::Hocuspocus, cli.hocuspocus),
    ];
    let others = others.into_iter().filter_map(|(who, binary)| Some(Program::new(who, binary?)));
    let bench = Bench {
        codraft: Program::new(Who::Codraft, cli.codraft.unwrap_or_default()),
        others: others.collect(),
        work: cli.work,
        traces: cli.traces,
        plots: cli.plots,
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
            report.add(
                scenario.name,
                round,
                if bench.scale.smoke { unjudged(outcome) } else { outcome },
            )?;
        }
    }
    report.print(&mut io::stdout())?;
    Ok(!report.has_failures())
}

/// Figures that say nothing meet no goals and miss none.
fn unjudged(outcome: Outcome) -> Outcome {
    outcome.map(|figures| figures.into_iter().map(Figure::unjudged).collect())
}

/// Raises the limit of open files as far as the system allows, for us and for the servers that we start.
fn make_room() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}
