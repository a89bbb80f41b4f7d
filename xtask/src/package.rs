//! The npm package `codraft`, as a folder and as an archive in `target/npm`.
//! Does not know what is in it: `web/rolldown.package.ts` and `web/package/assemble.mjs` do.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{run, say};
use crate::stamp::{Stamp, fingerprint};
use crate::tree::{Tree, make_folder};
use crate::trouble::Trouble;
use crate::{sizes, wasm, web};

/// The folder of the package below the one it is made in, and of what of it is weighed.
const PACKAGE: &str = "codraft";
const WEIGHED: &str = "weighed";

/// Makes the package; its archive.
pub(crate) fn build(tree: &Tree) -> Result<PathBuf, Trouble> {
    web::install(&tree.web())?;
    wasm::build(tree, wasm::Finish::Small)?;
    let place = folder(tree);
    let sources = fingerprint(&[tree.web(), tree.path("Cargo.toml")])?;
    let made = Stamp::of(tree, "npm-package");
    if made.holds(&sources)
        && let Some(archive) = archive(&place)?
    {
        say("package", "unchanged");
        return Ok(archive);
    }
    say("package", "bundling");
    clear(&place)?;
    let mut bundle = web::npm(&tree.web());
    run(bundle.args(["run", "--silent", "package"]).env("CODRAFT_PACKAGE", place.join(PACKAGE)))?;
    run(web::npm(&place).args(["pack", "--silent", "--ignore-scripts"]).arg(place.join(PACKAGE)))?;
    let archive =
        archive(&place)?.ok_or_else(|| Trouble::advice("`npm pack` has made no archive"))?;
    made.set(&sources)?;
    say("package", &format!("{}", tree.short(&archive).display()));
    sizes::embed(&place.join(WEIGHED))?;
    Ok(archive)
}

/// Where it is made.
pub(crate) fn folder(tree: &Tree) -> PathBuf {
    tree.target.join("npm")
}

/// Weighs what a page loads of it before one can type, without making the whole.
pub(crate) fn weigh(tree: &Tree) -> Result<(), Trouble> {
    let place = tree.target.join("xtask/weighing");
    clear(&place)?;
    let mut bundle = web::npm(&tree.web());
    run(bundle.args(["run", "--silent", "weigh"]).env("CODRAFT_PACKAGE", place.join(PACKAGE)))?;
    sizes::embed(&place.join(WEIGHED))
}

/// An empty folder: names of files change with what is in them, and old ones are not to be shipped.
fn clear(place: &Path) -> Result<(), Trouble> {
    if place.exists() {
        fs::remove_dir_all(place).map_err(Trouble::at(place))?;
    }
    make_folder(place)
}

fn archive(place: &Path) -> Result<Option<PathBuf>, Trouble> {
    if !place.exists() {
        return Ok(None);
    }
    for entry in fs::read_dir(place).map_err(Trouble::at(place))? {
        let path = entry.map_err(Trouble::at(place))?.path();
        if path.extension().is_some_and(|ending| ending == "tgz") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
