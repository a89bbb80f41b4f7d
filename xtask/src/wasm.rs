//! The browser half as a wasm file and its JavaScript glue, in `web/wasm`.
//! Does not know how a compiler for it is found, nor what the web part does with it.

mod snip;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::process::{run, say};
use crate::stamp::{Stamp, fingerprint};
use crate::toolchain::{TARGET, Toolchain};
use crate::tree::{Tree, files, make_folder};
use crate::trouble::Trouble;

/// The library's name, which every file here starts with.
const LIBRARY: &str = "codraft_client";

/// How much work goes into making the wasm small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finish {
    /// As the compiler left it: enough for types and for the dev loop.
    Quick,
    /// As it is shipped.
    Small,
}

/// Brings `web/wasm` up to date; for `Quick`, a shipped one made from the same sources will do.
pub(crate) fn build(tree: &Tree, finish: Finish) -> Result<(), Trouble> {
    let sources = fingerprint(&inputs(tree))?;
    let made = Stamp::of(tree, "web-wasm");
    let out = tree.web().join("wasm");
    let current = |finish| made.holds(&mark(&sources, finish));
    let there = out.join(format!("{LIBRARY}.js")).exists()
        && out.join(format!("{LIBRARY}_bg.wasm")).exists();
    if there && (current(Finish::Small) || current(finish)) {
        say("wasm", "unchanged");
        return Ok(());
    }
    let glue = bind(tree, &sources)?;
    if finish == Finish::Small {
        shrink(tree, &glue)?;
    }
    place(&glue, &out, finish)?;
    made.set(&mark(&sources, finish))
}

fn inputs(tree: &Tree) -> Vec<PathBuf> {
    [
        "Cargo.toml",
        "Cargo.lock",
        "core/Cargo.toml",
        "core/src",
        "client-wasm/Cargo.toml",
        "client-wasm/src",
        "xtask/src/toolchain.rs",
        "xtask/src/toolchain",
        "xtask/src/wasm",
        "xtask/src/wasm.rs",
    ]
    .map(|path| tree.path(path))
    .to_vec()
}

fn mark(sources: &str, finish: Finish) -> String {
    format!("{sources} {finish:?}")
}

/// Compiles and writes the glue into a folder of the target, where it is finished.
fn bind(tree: &Tree, sources: &str) -> Result<PathBuf, Trouble> {
    let glue = tree.target.join("xtask/glue");
    let bound = Stamp::of(tree, "glue-wasm");
    if bound.holds(sources) && glue.exists() {
        return Ok(glue);
    }
    let compiled = compile(tree)?;
    say("wasm", "writing the JavaScript glue");
    let mut bindgen = Bindgen::new();
    // A failed instance is replaced by a fresh one of the same module.
    bindgen.input_path(compiled).typescript(true).reset_state_function(true);
    let generated = bindgen.web(true).and_then(|bindgen| bindgen.generate(&glue));
    generated.map_err(|error| Trouble::advice(format!("wasm-bindgen: {error:#}")))?;
    bound.set(sources)?;
    Ok(glue)
}

fn compile(tree: &Tree) -> Result<PathBuf, Trouble> {
    let toolchain = Toolchain::find(tree)?;
    let target = tree.target.join("wasm");
    let first = if target.exists() { "" } else { " (one to two minutes the first time)" };
    say("wasm", &format!("compiling the client{first}"));
    let mut command = toolchain.cargo_build();
    command.args(["--package", "codraft-client-wasm", "--profile", "wasm-release", "--target-dir"]);
    run(command.arg(&target).current_dir(&tree.root))?;
    Ok(target.join(TARGET).join("wasm-release").join(format!("{LIBRARY}.wasm")))
}

/// What binaryen does: all that makes the code smaller but inlining functions with one caller, which brotli has nothing
/// from. Alignments are hints only.
const SHRINK: [&str; 8] = [
    "-Os",
    "--converge",
    "--one-caller-inline-max-function-size=25",
    "--duplicate-function-elimination",
    "--dealign",
    "--strip-producers",
    "--strip-target-features",
    // Rust keeps nothing in the first kilobyte: its stack comes first and grows down.
    "--low-memory-unused",
];

fn shrink(tree: &Tree, glue: &Path) -> Result<(), Trouble> {
    say("wasm", "optimising with wasm-opt");
    let bound = glue.join(format!("{LIBRARY}_bg.wasm"));
    let bytes = fs::read(&bound).map_err(Trouble::at(&bound))?;
    let silent = glue.join("silent.wasm");
    fs::write(&silent, snip::silent(&bytes).unwrap_or(bytes)).map_err(Trouble::at(&silent))?;
    let wasm_opt = tree.web().join("node_modules/.bin/wasm-opt");
    let mut command = Command::new(&wasm_opt);
    run(command.args(SHRINK).arg(&silent).arg("-o").arg(small(glue)))
}

fn small(glue: &Path) -> PathBuf {
    glue.join("small.wasm")
}

/// Copies the finished files to `web/wasm`, the glue last: a watcher that sees it change finds the wasm in place.
fn place(glue: &Path, out: &Path, finish: Finish) -> Result<(), Trouble> {
    make_folder(out)?;
    let wasm = format!("{LIBRARY}_bg.wasm");
    let finished = if finish == Finish::Small { small(glue) } else { glue.join(&wasm) };
    copy(&finished, &out.join(&wasm))?;
    let (scripts, types): (Vec<_>, Vec<_>) = files(glue)?
        .into_iter()
        .filter(|path| {
            path.extension().is_some_and(|extension| extension == "js" || extension == "ts")
        })
        .partition(|path| path.extension().is_some_and(|extension| extension == "js"));
    for file in types.iter().chain(&scripts) {
        copy(file, &out.join(file.file_name().expect("a listed file has a name")))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Trouble> {
    fs::copy(from, to).map(drop).map_err(Trouble::at(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_wasm_is_made_from_is_there_and_how_it_is_compiled_is_part_of_it() {
        let tree = Tree::find();
        let inputs = inputs(&tree);
        for input in &inputs {
            assert!(input.exists(), "{}", input.display());
        }
        for part in ["xtask/src/toolchain.rs", "xtask/src/toolchain/debian.rs"] {
            assert!(inputs.iter().any(|input| tree.path(part).starts_with(input)), "{part}");
        }
    }
}
