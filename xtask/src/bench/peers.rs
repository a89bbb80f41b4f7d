//! The servers of others, installed as their own readmes say; one that cannot be had is left out with a sentence.
//! Does not start them.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{cargo, run, say};
use crate::trouble::Trouble;

/// y-sweet from the crate registry; without its own lock file it does not compile.
pub(super) fn y_sweet(work: &Path) -> Option<PathBuf> {
    let mut install = cargo();
    install.args(["install", "y-sweet", "--locked", "--root"]).arg(work);
    install.arg("--target-dir").arg(work.join("build"));
    obtain("y-sweet", work.join(format!("bin/y-sweet{EXE_SUFFIX}")), &mut install)
}

/// The small server of yrs-axum's BroadcastGroup that a workspace elsewhere has.
pub(super) fn yrs_axum(work: &Path, lab: &Path) -> Option<PathBuf> {
    let manifest = lab.join("Cargo.toml");
    if !manifest.exists() {
        say("yrs-axum", &format!("left out: there is no {}; see --lab", manifest.display()));
        return None;
    }
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--package", "yrs-axum-peer"]);
    build.arg("--manifest-path").arg(&manifest).arg("--target-dir").arg(work.join("build"));
    let binary = work.join(format!("build/release/yrs-axum-peer{EXE_SUFFIX}"));
    obtain("yrs-axum", binary, &mut build)
}

/// A binary that is there already, or is after this command.
fn obtain(name: &str, binary: PathBuf, command: &mut Command) -> Option<PathBuf> {
    if !binary.exists() {
        say(name, "installing, which takes some minutes");
        if let Err(trouble) = run(command).and_then(|()| there(&binary)) {
            say(name, &format!("left out: {trouble}"));
            return None;
        }
    }
    Some(binary)
}

fn there(binary: &Path) -> Result<(), Trouble> {
    if binary.exists() {
        return Ok(());
    }
    Err(Trouble::advice(format!("{} was not made", binary.display())))
}
