//! Adds up what passed and what failed, and closes with the one line that counts.
//! Does not know how a suite is run.

use std::process::ExitCode;

use crate::process::say;
use crate::trouble::Trouble;

/// How many tests of a suite passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// The tally of a suite that has ended: one that crashed or ran nothing has failed.
    pub(crate) fn judged(self, succeeded: bool) -> Self {
        let silent = self.passed + self.failed == 0;
        let crashed = !succeeded && self.failed == 0;
        Self { failed: self.failed + u64::from(silent || crashed), ..self }
    }
}

/// A suite that has ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    pub(crate) tally: Tally,
    /// Each test that failed, with the first lines of its reason.
    pub(crate) failures: Vec<String>,
}

impl From<Tally> for Ended {
    fn from(tally: Tally) -> Self {
        Self { tally, failures: Vec::new() }
    }
}

/// Everything that was checked, in order.
#[derive(Default)]
pub(crate) struct Report {
    suites: Vec<(String, Ended)>,
}

impl Report {
    /// Does one check, which counts as one test.
    pub(crate) fn check(
        &mut self,
        name: &str,
        check: impl FnOnce() -> Result<(), Trouble>,
    ) -> bool {
        say("check", name);
        let outcome = check().map(|()| Tally { passed: 1, failed: 0 }.into());
        self.note(name, outcome)
    }

    /// Runs one suite of tests; a suite that cannot be run has failed.
    pub(crate) fn suite(
        &mut self,
        name: &str,
        suite: impl FnOnce() -> Result<Ended, Trouble>,
    ) -> bool {
        say("test", name);
        let outcome = suite();
        self.note(name, outcome)
    }

    fn note(&mut self, name: &str, outcome: Result<Ended, Trouble>) -> bool {
        let ended = outcome.unwrap_or_else(|trouble| {
            let said = format!("error: {trouble}");
            say(name, &said);
            Ended { tally: Tally { passed: 0, failed: 1 }, failures: vec![said] }
        });
        let succeeded = ended.tally.failed == 0;
        self.suites.push((name.to_owned(), ended));
        succeeded
    }

    /// Prints what failed, one line a suite and the sum, and turns it into an exit code.
    #[expect(clippy::print_stdout, reason = "the last line is read by people and by CI")]
    pub(crate) fn close(self) -> ExitCode {
        for (name, ended) in &self.suites {
            ended.failures.iter().for_each(|failure| println!("\nfailed: {name}: {failure}"));
        }
        println!();
        for (name, Ended { tally: Tally { passed, failed }, .. }) in &self.suites {
            let verdict = if *failed == 0 { "ok    " } else { "FAILED" };
            println!("{verdict}  {name}: {passed} of {}", passed + failed);
        }
        let tallies = || self.suites.iter().map(|(_, ended)| ended.tally);
        let sum = |part: fn(Tally) -> u64| tallies().map(part).sum::<u64>();
        let (passed, failed) = (sum(|tally| tally.passed), sum(|tally| tally.failed));
        println!("{passed} passed, {failed} failed");
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn a_suite_that_ran_nothing_or_crashed_has_failed() {
        assert_eq!(tally(0, 0).judged(true), tally(0, 1));
        assert_eq!(tally(0, 0).judged(false), tally(0, 1));
        assert_eq!(tally(7, 0).judged(false), tally(7, 1));
        assert_eq!(tally(7, 2).judged(false), tally(7, 2));
        assert_eq!(tally(7, 0).judged(true), tally(7, 0));
    }

    #[test]
    fn one_failure_among_many_suites_fails_the_report() {
        let mut report = Report::default();
        assert!(report.check("good", || Ok(())));
        assert!(!report.check("bad", || Err(Trouble::advice("on purpose"))));
        assert!(report.suite("many", || Ok(tally(3, 0).into())));
        assert_eq!(report.close(), ExitCode::FAILURE);
    }
}
