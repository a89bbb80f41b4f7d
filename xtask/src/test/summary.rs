//! Reads how many tests passed and failed from what each test runner prints.
//! Does not know which suite a summary belongs to.

use serde_json::Value;

use crate::report::Tally;

/// The sum of cargo's `test result:` lines, one for each test binary.
pub(super) fn of_cargo(said: &str) -> Tally {
    let results = said.lines().filter_map(|line| line.trim_start().strip_prefix("test result: "));
    results.fold(Tally::default(), |sum, result| Tally {
        passed: sum.passed + number_before(result, " passed"),
        failed: sum.failed + number_before(result, " failed"),
    })
}

/// The closing lines of node's test runner, `# pass 5` in TAP and `ℹ pass 5` in its own format; cancelled is failed.
pub(super) fn of_node(said: &str) -> Tally {
    let mut tally = Tally::default();
    for line in said.lines() {
        let line = without_colour(line);
        let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) else {
            continue;
        };
        let Some((word, count)) = rest.split_once(' ') else { continue };
        let Ok(count) = count.trim().parse::<u64>() else { continue };
        match word {
            "pass" => tally.passed += count,
            "fail" | "cancelled" => tally.failed += count,
            _ => {}
        }
    }
    tally
}

/// Vitest's JSON report; anything else counts as nothing.
pub(super) fn of_vitest(written: &str) -> Tally {
    let report: Value = serde_json::from_str(written).unwrap_or_default();
    let number = |key: &str| report[key].as_u64().unwrap_or_default();
    Tally { passed: number("numPassedTests"), failed: number("numFailedTests") }
}

/// The line of schemathesis that says how many test cases there were, and how many of them found something.
pub(super) fn of_schemathesis(said: &str) -> Tally {
    let line = said.lines().find(|line| line.contains(" generated, ")).unwrap_or_default();
    let (generated, failed) = (number_before(line, " generated"), number_before(line, " found"));
    Tally { passed: generated.saturating_sub(failed), failed }
}

fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().filter(|before| before.len() < text.len());
    before
        .and_then(|before| before.rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// The line without terminal colours, which come as `ESC [ … m`.
pub(super) fn without_colour(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, text)| text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn cargo_results_of_several_binaries_are_added() {
        let said = "running 2 tests\n\
            test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n\
            test passed ... ok\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";
        assert_eq!(of_cargo(said), tally(15, 2));
        assert_eq!(of_cargo("error: could not compile"), tally(0, 0));
    }

    #[test]
    fn node_summaries_are_read_in_both_formats() {
        assert_eq!(
            of_node(
                "ok 1 - # pass me\n# tests 7\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 0\n"
            ),
            tally(5, 2)
        );
        assert_eq!(of_node("ℹ tests 4\nℹ pass 4\nℹ fail 0\nℹ duration_ms 12.5\n"), tally(4, 0));
        assert_eq!(
            of_node("\u{1b}[34mℹ pass 4\u{1b}[39m\n\u{1b}[34mℹ fail 2\u{1b}[39m\n"),
            tally(4, 2)
        );
        assert_eq!(of_node("SyntaxError: nonsense"), tally(0, 0));
    }

    #[test]
    fn the_test_cases_of_schemathesis_are_counted_by_what_they_found() {
        assert_eq!(of_schemathesis("Test cases:\n  742 generated, 742 passed\n"), tally(742, 0));
        let said = "Test cases:\n  472 generated, 5 found 3 unique failures, 1 skipped\n";
        assert_eq!(of_schemathesis(said), tally(467, 5));
        assert_eq!(of_schemathesis("Traceback (most recent call last):"), tally(0, 0));
    }

    #[test]
    fn a_vitest_report_is_read_and_a_missing_one_is_empty() {
        assert_eq!(
            of_vitest(r#"{"numPassedTests":9,"numFailedTests":1,"success":false}"#),
            tally(9, 1)
        );
        assert_eq!(of_vitest(""), tally(0, 0));
    }
}
