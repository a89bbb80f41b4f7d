//! The harnesses that hurt the product for longer than a test run has time for.
//! Does not know what they do: each is a test that reads its rounds and its seed from the environment.

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
}

/// `kill -9` while people type.
pub(crate) const CHAOS: Harness = Harness {
    file: "durability",
    test: "kill_9_while_people_type_loses_nothing_that_was_acknowledged",
};

/// The power goes.
pub(crate) const POWERLOSS: Harness = Harness { file: "powerloss", test: "" };

/// Files rot.
pub(crate) const BITROT: Harness = Harness { file: "bitrot", test: "" };

/// The disk fills up.
pub(crate) const FULL_DISK: Harness = Harness { file: "full_disk", test: "" };

/// Runs one against the release server, with its output on the terminal.
pub(crate) fn torment(tree: &Tree, harness: Harness, rounds: &Rounds) -> Result<(), Trouble> {
    let binary = build(tree, Profile::Release)?;
    let mut command = cargo();
    command
        .args(["test", "--release", "--package", "codraft-tests", "--test", harness.file])
        .args(["--", "--nocapture", harness.test])
        .env("CODRAFT_BIN", binary)
        .env("CODRAFT_ROUNDS", rounds.rounds.to_string())
        .current_dir(&tree.root);
    if let Some(seed) = rounds.seed {
        command.env("CODRAFT_SEED", seed.to_string());
    }
    run(&mut command)
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
        command.env("CODRAFT_SEED", seed.to_string());
    }
    run(&mut command)
}
