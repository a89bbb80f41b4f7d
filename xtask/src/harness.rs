//! The harnesses that hurt the product for longer than a test run has time for.
//! Does not know what they do: each is a test that reads its rounds and its seed from the environment.

use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::process::{cargo, run};
use crate::server::{Profile, build};
use crate::tree::Tree;
use crate::trouble::Trouble;

/// How long, and with what.
#[derive(Args)]
pub(crate) struct Rounds {
    /// How often
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// The one round with this seed, as a failure has named it
    #[arg(long)]
    seed: Option<u64>,
}

/// A test that is bounded elsewhere: its file, and which one in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Harness {
    file: &'static str,
    test: &'static str,
    /// A variable that makes a failure of a machine on which nothing can be tried.
    demand: Option<&'static str>,
}

/// The variable that names the only seed.
const SEED: &str = "CODRAFT_SEED";

/// `kill -9` while people type.
pub(crate) const CHAOS: Harness = Harness {
    file: "durability",
    test: "kill_9_while_people_type_loses_nothing_that_was_acknowledged",
    demand: None,
};

/// The power goes.
pub(crate) const POWERLOSS: Harness =
    Harness { demand: Some("CODRAFT_POWERLOSS"), ..whole("powerloss") };

/// Files rot.
pub(crate) const BITROT: Harness = whole("bitrot");

/// The disk fills up.
pub(crate) const FULL_DISK: Harness = whole("full_disk");

/// Every test of a file.
const fn whole(file: &'static str) -> Harness {
    Harness { file, test: "", demand: None }
}

/// Runs one against the release server, with its output on the terminal.
pub(crate) fn torment(tree: &Tree, harness: Harness, rounds: &Rounds) -> Result<(), Trouble> {
    let binary = build(tree, Profile::Release)?;
    run(harness.command(&binary, rounds.rounds, rounds.seed).current_dir(&tree.root))
}

impl Harness {
    fn command(&self, binary: &Path, rounds: u32, seed: Option<u64>) -> Command {
        let mut command = cargo();
        command
            .args(["test", "--release", "--package", "codraft-tests", "--test", self.file])
            .args(["--", "--nocapture", self.test])
            .env("CODRAFT_BIN", binary)
            .env("CODRAFT_ROUNDS", rounds.to_string())
            .envs(seed.map(|seed| (SEED, seed.to_string())))
            .envs(self.demand.map(|demand| (demand, "1")));
        command
    }
}

/// Tries hostile bytes, without a server.
pub(crate) fn fuzz(tree: &Tree, rounds: &Rounds) -> Result<(), Trouble> {
    let mut command = cargo();
    command
        .args(["test", "--release", "--package", "codraft-core", "--test", "fuzz"])
        .args(["--", "--nocapture"])
        .env("CODRAFT_TRIES", rounds.rounds.to_string())
        .current_dir(&tree.root);
    if let Some(seed) = rounds.seed {
        command.env(SEED, seed.to_string());
    }
    run(&mut command)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn variable(harness: Harness, seed: Option<u64>, name: &str) -> Option<String> {
        let command = harness.command(Path::new("codraft"), 7, seed);
        let mut set = command.get_envs().filter(|(key, _)| *key == OsStr::new(name));
        set.next()?.1.map(|value| value.to_string_lossy().into_owned())
    }

    #[test]
    fn losing_power_fails_where_it_cannot_be_simulated() {
        assert_eq!(variable(POWERLOSS, None, "CODRAFT_POWERLOSS").as_deref(), Some("1"));
        assert_eq!(variable(BITROT, None, "CODRAFT_POWERLOSS"), None);
    }

    #[test]
    fn a_named_seed_reaches_the_test_and_without_one_the_rounds_have_theirs() {
        assert_eq!(variable(CHAOS, Some(9), SEED).as_deref(), Some("9"));
        assert_eq!(variable(BITROT, None, SEED), None);
        assert_eq!(variable(BITROT, None, "CODRAFT_ROUNDS").as_deref(), Some("7"));
    }
}
