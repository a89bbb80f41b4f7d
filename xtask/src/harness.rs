//! The harnesses that hurt the product for longer than a test run has time for.
//! Does not know what they do: each is a test that reads its rounds and its seed from the environment.

use std::env;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::process::{cargo, run, say};
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
    seeds: Seeds,
    /// A variable that makes a failure of a machine on which nothing can be tried.
    demand: Option<&'static str>,
}

/// Where a run has its seeds from when none is named.
#[derive(Debug, Clone, Copy)]
enum Seeds {
    /// One for each round, counted from 1.
    Counted,
    /// One for all rounds, which would otherwise be the same in every run.
    Fresh,
}

/// The variable that names the only seed.
const SEED: &str = "CODRAFT_SEED";

/// `kill -9` while people type.
pub(crate) const CHAOS: Harness = Harness {
    file: "durability",
    test: "kill_9_while_people_type_loses_nothing_that_was_acknowledged",
    seeds: Seeds::Fresh,
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
    Harness { file, test: "", seeds: Seeds::Counted, demand: None }
}

/// Runs one against the release server, with its output on the terminal.
pub(crate) fn torment(tree: &Tree, harness: Harness, rounds: &Rounds) -> Result<(), Trouble> {
    let binary = build(tree, Profile::Release)?;
    let seed = rounds.seed.or_else(|| harness.fresh_seed());
    if let Some(seed) = seed {
        say(harness.file, &format!("{SEED}={seed}"));
    }
    run(harness.command(&binary, rounds.rounds, seed).current_dir(&tree.root))
}

impl Harness {
    /// A seed of its own for this run, unless the environment names one or the rounds have theirs.
    fn fresh_seed(&self) -> Option<u64> {
        let is_wanted = matches!(self.seeds, Seeds::Fresh) && env::var_os(SEED).is_none();
        // The standard library seeds each of its hashers with a random number; half of it is easier to type.
        is_wanted.then(|| RandomState::new().build_hasher().finish() >> 32)
    }

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

    #[test]
    fn only_what_has_one_seed_for_all_its_rounds_takes_a_fresh_one() {
        if env::var_os(SEED).is_none() {
            assert!(CHAOS.fresh_seed().is_some() && CHAOS.fresh_seed() != CHAOS.fresh_seed());
        }
        assert!([POWERLOSS, BITROT, FULL_DISK].iter().all(|one| one.fresh_seed().is_none()));
    }
}
