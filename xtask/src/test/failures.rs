//! Finds in what a test runner printed which tests failed and why, to be said once more at the very end: a long log is
//! read from there, and some places keep only the ends of it. Does not count.

use serde_json::Value;

use super::summary::without_colour;

/// Lines of each failure that are repeated; the whole of it stands where the test ran.
const LINES: usize = 24;

/// Cargo's `---- name stdout ----` parts, without the stack.
pub(super) fn of_cargo(said: &str) -> Vec<String> {
    let mut failures = Vec::new();
    let mut lines = said.lines();
    while let Some(line) = lines.next() {
        let Some(name) =
            line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----"))
        else {
            continue;
        };
        let is_reason =
            |line: &&str| !["stack backtrace:", "failures:"].contains(line) && !is_heading(line);
        let reason = lines.clone().take_while(is_reason).filter(|line| !line.is_empty());
        failures.push(lay_out(name, reason));
    }
    failures
}

fn is_heading(line: &str) -> bool {
    line.starts_with("---- ") && line.ends_with(" stdout ----")
}

/// What stands under each `not ok` of TAP, up to its stack, and what follows `failing tests:` in node's own format.
pub(super) fn of_node(said: &str) -> Vec<String> {
    let lines: Vec<_> = said.lines().map(without_colour).collect();
    let mut failures = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let below = || lines[at + 1..].iter().map(String::as_str);
        if let Some(rest) = line.trim_start().strip_prefix("not ok ") {
            let name = rest.split_once(" - ").map_or(rest, |(_, name)| name);
            let is_reason = |line: &&str| !["...", "stack: |-"].contains(&line.trim());
            let reason = below().take_while(is_reason).filter(|line| line.trim() != "---");
            failures.push(lay_out(name, reason));
        } else if line.trim() == "✖ failing tests:" {
            failures.push(below().take(4 * LINES).collect::<Vec<_>>().join("\n"));
        }
    }
    failures
}

/// The failed assertions of Vitest's JSON report.
pub(super) fn of_vitest(written: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(written).unwrap_or_default();
    let files = report["testResults"].as_array().into_iter().flatten();
    let tests = files.flat_map(|file| file["assertionResults"].as_array().into_iter().flatten());
    let failed = tests.filter(|test| test["status"] == "failed");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    failed
        .map(|test| lay_out(&text(&test["fullName"]), text(&test["failureMessages"][0]).lines()))
        .collect()
}

fn lay_out<'text>(name: &str, reason: impl Iterator<Item = &'text str>) -> String {
    let reason = reason.take(LINES).map(|line| format!("\n    {line}"));
    std::iter::once(name.to_owned()).chain(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_each_failure_without_its_stack() {
        let said = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\n\
            CODRAFT_SEED=2: lost\n\nthread 'b' panicked at b.rs:1:5:\n1 violations\n\
            stack backtrace:\n   0: deep\n\n---- c stdout ----\nno\n\nfailures:\n    b\n    c\n";
        assert_eq!(
            of_cargo(said),
            [
                "b\n    CODRAFT_SEED=2: lost\n    thread 'b' panicked at b.rs:1:5:\n    1 violations",
                "c\n    no"
            ]
        );
        assert!(of_cargo("test result: ok. 3 passed").is_empty());
    }

    #[test]
    fn node_says_each_failure_in_both_formats() {
        let said = "ok 1 - fine\nnot ok 2 - a link - that expires\n  ---\n  location: 'a.mjs:3:1'\n  \
            error: |-\n    too late\n  stack: |-\n    deep\n  ...\nok 3 - fine\n";
        let expected =
            "a link - that expires\n      location: 'a.mjs:3:1'\n      error: |-\n        too late";
        assert_eq!(of_node(said), [expected]);
        let said = "ℹ fail 1\n\n✖ failing tests:\n\u{1b}[31m✖ b\u{1b}[39m\n  too late\n";
        assert_eq!(of_node(said), ["✖ b\n  too late"]);
    }

    #[test]
    fn a_vitest_report_names_what_failed() {
        let report = r#"{"testResults":[{"assertionResults":[
            {"status":"passed","fullName":"a"},
            {"status":"failed","fullName":"b","failureMessages":["expected 1\n  at x"]}]}]}"#;
        assert_eq!(of_vitest(report), ["b\n    expected 1\n      at x"]);
        assert!(of_vitest("").is_empty());
    }
}
