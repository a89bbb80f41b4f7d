//! What an editor wants in seconds: format, lints, types and the rules of the house.
//! Does not run a test.

mod dependencies;
mod sources;

use serde_json::Value;

use crate::process::{self, capture, cargo, say};
use crate::report::Report;
use crate::toolchain::TARGET;
use crate::tree::Tree;
use crate::trouble::Trouble;
use crate::{package, toolchain, wasm, web};

/// Runs every check, also after one has failed.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = Report::default();
    rust(tree, &mut report);
    report.check("dependency rule", || dependency_rule(tree));
    report.check("source rules", || broken(&sources::violations(tree)?));
    self::web(tree, &mut report);
    report
}

fn rust(tree: &Tree, report: &mut Report) {
    report.check("format", || run_in(tree, &["fmt", "--all", "--check"]));
    report.check("clippy", || {
        web::make_dist(tree)?;
        // xtask apart: its own features then match those `cargo xtask` builds it with, and nothing is built twice.
        run_in(
            tree,
            &[
                "clippy",
                "--workspace",
                "--exclude",
                "xtask",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
        )?;
        run_in(tree, &["clippy", "--package", "xtask", "--all-targets", "--", "-D", "warnings"])
    });
    if toolchain::is_ready() {
        report.check("clippy for wasm32", || {
            let packages = ["--package", "codraft-core", "--package", "codraft-client-wasm"];
            run_in(
                tree,
                &[&["clippy", "--target", TARGET], &packages[..], &["--", "-D", "warnings"]]
                    .concat(),
            )
        });
    } else {
        say(
            "check",
            "no clippy for wasm32: the compiler for the browser is Debian's, which cargo clippy cannot use",
        );
    }
}

/// The types of the web part come from the wasm client's glue, so that is brought up to date first.
fn web(tree: &Tree, report: &mut Report) {
    let folder = tree.web();
    let ready = report.check("wasm client", || {
        web::install(&folder)?;
        wasm::build(tree, wasm::Finish::Quick)
    });
    if !ready {
        say("check", "the web part is checked without an up-to-date wasm client");
    }
    report.check("tsc", || process::run(web::npm(&folder).args(["run", "--silent", "check"])));
    report.check("embed size", || package::weigh(tree));
    report.check("biome", || process::run(web::npm(&folder).args(["run", "--silent", "lint"])));
}

fn run_in(tree: &Tree, arguments: &[&str]) -> Result<(), Trouble> {
    process::run(cargo().args(arguments).current_dir(&tree.root))
}

fn dependency_rule(tree: &Tree) -> Result<(), Trouble> {
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(&tree.root);
    let metadata: Value = serde_json::from_str(&capture(&mut command)?).map_err(|error| {
        Trouble::advice(format!("`cargo metadata` answered with something else than JSON: {error}"))
    })?;
    broken(&dependencies::violations(&metadata))
}

/// One sentence a violation; none is success.
fn broken(violations: &[String]) -> Result<(), Trouble> {
    if violations.is_empty() { Ok(()) } else { Err(Trouble::Advice(violations.join("\n  "))) }
}
