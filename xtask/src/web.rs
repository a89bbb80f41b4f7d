//! The web part: its npm packages and its bundle in `web/dist`.
//! Does not know what the pages do.

use std::path::Path;
use std::process::Command;

use crate::compress;
use crate::process::{capture, run, say};
use crate::stamp::{Stamp, fingerprint};
use crate::tree::{Tree, make_folder};
use crate::trouble::Trouble;

/// Vite and Vitest need this much.
const NODE_MAJOR: u32 = 20;

/// `npm` in a folder.
pub(crate) fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// Installs a folder's npm packages as its lock file says, unless they are there already.
pub(crate) fn install(folder: &Path) -> Result<(), Trouble> {
    need_node()?;
    let lock = folder.join("package-lock.json");
    let wanted = fingerprint(&[folder.join("package.json"), lock.clone()])?;
    let installed = Stamp::inside(&folder.join("node_modules"));
    if installed.holds(&wanted) {
        return Ok(());
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if !lock.exists() {
        return Err(Trouble::advice(format!(
            "{} is missing: run `npm install` in {name} and commit it",
            lock.display()
        )));
    }
    say("npm", &format!("installing the packages of {name}"));
    run(npm(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    installed.set(&wanted)
}

/// Brings `web/dist` up to date and compresses what is in it.
pub(crate) fn build(tree: &Tree) -> Result<(), Trouble> {
    let web = tree.web();
    let dist = web.join("dist");
    let sources = fingerprint(std::slice::from_ref(&web))?;
    let built = Stamp::of(tree, "web-dist");
    if dist.join("index.html").exists() && built.holds(&sources) {
        say("web", "unchanged");
        return Ok(());
    }
    say("web", "bundling");
    run(npm(&web).args(["run", "--silent", "build"]))?;
    let count = compress::folder(&dist)?;
    say("web", &format!("compressed {count} files"));
    built.set(&sources)
}

/// The server embeds `web/dist`, so the folder must be there even before the first bundle.
pub(crate) fn make_dist(tree: &Tree) -> Result<(), Trouble> {
    make_folder(&tree.web().join("dist"))
}

fn need_node() -> Result<(), Trouble> {
    let advice = |found: &str| {
        Trouble::advice(format!(
            "Node.js {NODE_MAJOR} or newer with npm is needed for the web part ({found}): install it and try again"
        ))
    };
    let version =
        capture(Command::new("node").arg("--version")).map_err(|_| advice("there is no `node`"))?;
    if major(&version).is_none_or(|major| major < NODE_MAJOR) {
        return Err(advice(&format!("this is {}", version.trim())));
    }
    capture(npm(Path::new(".")).arg("--version")).map(drop).map_err(|_| advice("there is no `npm`"))
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_node_prints() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v9.0.0"), Some(9));
        assert_eq!(major("20.1.0"), None);
        assert_eq!(major("nonsense"), None);
    }
}
