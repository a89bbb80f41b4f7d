//! Instructions of work of a fixed size, counted by valgrind and held against what they were: time depends on the machine
//! and on what else it does, these hardly. Does not know what the work is.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use clap::Args;

use crate::bench::build_load;
use crate::process::say;
use crate::tree::Tree;
use crate::trouble::Trouble;

/// Where the counts are kept: a line each, name and millions of instructions.
const KEPT: &str = "tests/load/counts.txt";
/// What is done in any case, and is taken off.
const NOTHING: &str = "nothing";
/// How much more than it was is too much, in percent: another compiler makes other instructions of the same.
const MARGIN: f64 = 3.0;

/// What to do with the counts.
#[derive(Args)]
pub(crate) struct Counts {
    /// Keep what is counted now as what it has to be
    #[arg(long)]
    pub(crate) accept: bool,
}

/// Counts, and compares with what is kept; skipped where there is no valgrind.
pub(crate) fn check(tree: &Tree, counts: &Counts) -> Result<(), Trouble> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        say("counts", "not counted: there is no valgrind on PATH");
        return Ok(());
    }
    let load = build_load(tree)?;
    let nothing = count(&load, NOTHING)?;
    let path = tree.path(KEPT);
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let mut counted = String::new();
    let mut crept = Vec::new();
    for line in kept.lines() {
        let (work, was) = line.split_once(' ').unwrap_or((line, "0"));
        let was: f64 = was.parse().unwrap_or(0.0);
        let is = count(&load, work)? - nothing;
        say("counts", &format!("{work}: {is:.3} million instructions, was {was:.3}"));
        if is > was * (1.0 + MARGIN / 100.0) {
            crept.push(work);
        }
        counted += &format!("{work} {is:.3}\n");
    }
    if counts.accept {
        return fs::write(&path, counted).map_err(|error| {
            Trouble::advice(format!("{} cannot be written: {error}", path.display()))
        });
    }
    if crept.is_empty() {
        return Ok(());
    }
    Err(Trouble::advice(format!(
        "more than {MARGIN} % more instructions than in {KEPT}: {}; if they are worth it, `cargo xtask counts --accept`",
        crept.join(", ")
    )))
}

/// Millions of instructions of some work and of what comes before it.
fn count(load: &Path, work: &str) -> Result<f64, Trouble> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(load);
    let counted = valgrind.args(["--count", work]).output();
    let said = counted.map(|Output { stderr, .. }| String::from_utf8_lossy(&stderr).into_owned());
    let said = said.map_err(|error| Trouble::advice(format!("valgrind did not start: {error}")))?;
    let instructions =
        said.lines().find_map(|line| line.split_once("Collected : ")?.1.parse().ok());
    let instructions: f64 = instructions
        .ok_or_else(|| Trouble::advice(format!("valgrind did not count {work}: {said}")))?;
    Ok(instructions / 1e6)
}
