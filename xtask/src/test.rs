//! Everything CI runs, in one go that sees every failure.
//! Does not know what any test does.

mod failures;
mod summary;

use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::counts::Counts;
use crate::process::{cargo, tee};
use crate::report::{Ended, Report};
use crate::tree::{Tree, files};
use crate::trouble::Trouble;
use crate::{build, check, chromium, counts, firefox, package, schemathesis, sizes, web, webkit};

/// Runs the checks, every suite and the size budgets, also after one has failed.
pub(crate) fn run(tree: &Tree) -> Report {
    let mut report = check::run(tree);
    let mut binary = None;
    report.check("build", || build::everything(tree).map(|built| binary = Some(built)));
    let binary = binary.as_deref();
    report.suite("cargo test", || cargo_test(tree, binary, &["--workspace", "--exclude", "xtask"]));
    report.suite("cargo test xtask", || cargo_test(tree, binary, &["--package", "xtask"]));
    if tree.path("tests/wasm").exists() {
        report.suite("wasm", || wasm_suite(tree, built(binary)?));
    }
    report.suite("web", || vitest(tree));
    report.suite("conformance", || {
        node_suite(tree, &tree.path("tests/conformance"), "test", built(binary)?, &[])
    });
    report.suite("HTTP API", || {
        let found = schemathesis::test(tree, built(binary)?)?;
        let ended = |(succeeded, said): (bool, String)| {
            summary::of_schemathesis(&said).judged(succeeded).into()
        };
        Ok(found.map(ended).unwrap_or_default())
    });
    report.suite("browser", || {
        let folder = tree.path("tests/browser");
        web::install(&folder)?;
        let chromium = [(chromium::CHOSEN, chromium::find(&folder)?)];
        node_suite(tree, &folder, "test", built(binary)?, &chromium)
    });
    report.suite("other engines", || {
        let webkit = webkit::find()?.map(|driver| (webkit::CHOSEN, driver));
        let browsers: Vec<_> =
            iter::once((firefox::CHOSEN, firefox::find()?)).chain(webkit).collect();
        node_suite(tree, &tree.path("tests/browser"), "engines", built(binary)?, &browsers)
    });
    report.suite("embed", || {
        package::build(tree)?;
        let browser = tree.path("tests/browser");
        web::install(&browser)?;
        let chromium = [(chromium::CHOSEN, chromium::find(&browser)?)];
        node_suite(tree, &tree.path("tests/embed"), "test", built(binary)?, &chromium)
    });
    report.check("instructions", || counts::check(tree, &Counts { accept: false }));
    report.check("wasm size", || sizes::wasm(tree));
    report.check("first page load", || sizes::page(tree));
    report
}

fn built(binary: Option<&Path>) -> Result<&Path, Trouble> {
    binary.ok_or_else(|| Trouble::advice("not run: there is no server to test, the build failed"))
}

fn cargo_test(tree: &Tree, binary: Option<&Path>, what: &[&str]) -> Result<Ended, Trouble> {
    let mut command = cargo();
    command.arg("test").args(what).arg("--no-fail-fast").current_dir(&tree.root);
    if let Some(binary) = binary {
        command.env("CODRAFT_BIN", binary);
    }
    let (succeeded, said) = tee(&mut command)?;
    let tally = summary::of_cargo(&said).judged(succeeded);
    Ok(Ended { tally, failures: failures::of_cargo(&said) })
}

/// Each file by name: what `node --test` makes of a folder differs between its versions.
fn wasm_suite(tree: &Tree, binary: &Path) -> Result<Ended, Trouble> {
    // Node 20 has no WebSocket of its own; the suite borrows one from there.
    web::install(&tree.path("tests/conformance"))?;
    let all = files(&tree.path("tests/wasm"))?;
    let suites = all.iter().filter(|path| path.to_string_lossy().ends_with(".test.mjs"));
    let mut command = Command::new("node");
    command.arg("--test").args(suites).env("CODRAFT_BIN", binary).current_dir(&tree.root);
    let (succeeded, said) = tee(&mut command)?;
    let tally = summary::of_node(&said).judged(succeeded);
    Ok(Ended { tally, failures: failures::of_node(&said) })
}

fn vitest(tree: &Tree) -> Result<Ended, Trouble> {
    web::install(&tree.web())?;
    let results = tree.target.join("xtask/vitest.json");
    // A file left by an earlier run must not speak for one that crashes.
    let _ = fs::remove_file(&results);
    let mut command = web::npm(&tree.web());
    command.args(["test", "--silent", "--", "--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", results.display()));
    let (succeeded, _) = tee(&mut command)?;
    let written = fs::read_to_string(&results).unwrap_or_default();
    let tally = summary::of_vitest(&written).judged(succeeded);
    Ok(Ended { tally, failures: failures::of_vitest(&written) })
}

/// A folder with its own npm package, whose npm `script` runs node's test runner against the built server, with the browsers
/// that these variables name.
fn node_suite(
    tree: &Tree,
    folder: &Path,
    script: &str,
    binary: &Path,
    browsers: &[(&str, PathBuf)],
) -> Result<Ended, Trouble> {
    if !folder.join("package.json").exists() {
        return Err(Trouble::advice(format!("{} holds no tests", folder.display())));
    }
    web::install(folder)?;
    let mut command = web::npm(folder);
    command.args(["run", script, "--silent"]).env("CODRAFT_BIN", binary);
    command.env("CODRAFT_NPM", package::folder(tree)).envs(browsers.iter().cloned());
    let (succeeded, said) = tee(&mut command)?;
    let tally = summary::of_node(&said).judged(succeeded);
    Ok(Ended { tally, failures: failures::of_node(&said) })
}
