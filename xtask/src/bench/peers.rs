//! The servers of others, installed as their own readmes say; one that cannot be had is left out with a sentence.
//! Does not start them.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{cargo, run, say};
use crate::tree::make_folder;
use crate::trouble::Trouble;
use crate::web::npm;

/// Hocuspocus as a program: it comes as a library.
const HOCUSPOCUS: &str = include_str!("hocuspocus.mjs");
/// Hocuspocus asks for it; both run on it.
const NODE: &str = "node@22";

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

/// The folder of @y/websocket-server from npm, with what it does not say it needs.
pub(super) fn y_websocket(work: &Path) -> Option<PathBuf> {
    let packages = ["@y/websocket-server@0.1.1", "yjs@13", "y-leveldb@0.1", "ws@6", NODE];
    from_npm("@y/websocket-server", &work.join("y-websocket"), &packages)
}

/// The folder of Hocuspocus from npm, with a program that starts it.
pub(super) fn hocuspocus(work: &Path) -> Option<PathBuf> {
    let folder = work.join("hocuspocus");
    let installed = from_npm("Hocuspocus", &folder, &["@hocuspocus/server@4", "yjs@13", NODE])?;
    fs::write(folder.join("hocuspocus.mjs"), HOCUSPOCUS).ok()?;
    Some(installed)
}

/// A folder in which npm has installed these packages, or does now.
fn from_npm(name: &str, folder: &Path, packages: &[&str]) -> Option<PathBuf> {
    make_folder(folder).ok()?;
    // Without it npm installs into a folder above.
    fs::write(folder.join("package.json"), "{}").ok()?;
    let mut install = npm(folder);
    install.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]).args(packages);
    let node = folder.join(format!("node_modules/node/bin/node{EXE_SUFFIX}"));
    obtain(name, node, &mut install).map(|_| folder.to_path_buf())
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
