//! Everything that was measured, as a table for people and as JSON lines for programs.
//! Does not measure.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::figure::{Figure, Goal, median};
use crate::scenario::Outcome;
use crate::stop::Stop;

/// The outcomes of all rounds.
#[derive(Debug)]
pub(crate) struct Report {
    json: Option<File>,
    scenarios: Vec<(&'static str, Vec<Outcome>)>,
}

impl Report {
    /// An empty report, which also adds lines to a file.
    pub(crate) fn new(json: Option<&Path>) -> io::Result<Self> {
        let open = |path| File::options().create(true).append(true).open(path);
        Ok(Self { json: json.map(open).transpose()?, scenarios: Vec::new() })
    }

    /// Adds what one round of a scenario came to.
    pub(crate) fn add(
        &mut self,
        scenario: &'static str,
        round: u32,
        outcome: Outcome,
    ) -> io::Result<()> {
        if let Some(file) = &mut self.json {
            writeln!(file, "{}", line(scenario, round, &outcome))?;
        }
        if let Err(stop) = &outcome {
            eprintln!("  {}: {stop}", verdict(stop));
        }
        match self.scenarios.iter_mut().find(|(name, _)| *name == scenario) {
            Some((_, outcomes)) => outcomes.push(outcome),
            None => self.scenarios.push((scenario, vec![outcome])),
        }
        Ok(())
    }

    /// Whether a scenario did not verify.
    pub(crate) fn has_failures(&self) -> bool {
        let mut outcomes = self.scenarios.iter().flat_map(|(_, outcomes)| outcomes);
        outcomes.any(|outcome| matches!(outcome, Err(Stop::Wrong(_) | Stop::Io(_))))
    }

    /// Prints one table of medians; a scenario that failed once has no figures.
    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let mut rows = vec![Row::head()];
        for (scenario, outcomes) in &self.scenarios {
            rows.extend(rows_of(scenario, outcomes));
        }
        let widths: Vec<usize> = (0..COLUMNS)
            .map(|at| rows.iter().map(|row| row.0[at].chars().count()).max().unwrap_or(0))
            .collect();
        for (at, row) in rows.iter().enumerate() {
            if at == 1 {
                let lines: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
                writeln!(out, "| {} |", lines.join(" | "))?;
            }
            let cells = row.0.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
            writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
        }
        Ok(())
    }
}

const COLUMNS: usize = 6;

/// One line of the table.
struct Row([String; COLUMNS]);

impl Row {
    fn head() -> Self {
        Self(["scenario", "figure", "median", "least … most", "goal", ""].map(str::to_owned))
    }

    fn without_figures(scenario: &str, verdict: &str, why: &Stop) -> Self {
        let why = why.to_string().replace(['\n', '|'], " ");
        let cells = [scenario, &why, "", "", "", verdict];
        Self(cells.map(str::to_owned))
    }
}

fn rows_of(scenario: &str, outcomes: &[Outcome]) -> Vec<Row> {
    let stops: Vec<&Stop> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    let failed = stops.iter().find(|stop| !matches!(stop, Stop::Skipped(_)));
    if let Some(stop) = failed.or(stops.first()) {
        return vec![Row::without_figures(scenario, verdict(stop), stop)];
    }
    let rounds: Vec<&Vec<Figure>> = outcomes.iter().flatten().collect();
    let values = |name: &str| -> Vec<f64> {
        let figures = rounds.iter().flat_map(|figures| figures.iter());
        figures.filter(|figure| figure.name == name).map(|figure| figure.value).collect()
    };
    // A server that failed in one round has figures in the others.
    let mut named: Vec<&Figure> = Vec::new();
    for figure in rounds.iter().flat_map(|figures| figures.iter()) {
        if named.iter().all(|known| known.name != figure.name) {
            named.push(figure);
        }
    }
    named.iter().map(|figure| row(scenario, figure, &values(&figure.name))).collect()
}

fn row(scenario: &str, figure: &Figure, values: &[f64]) -> Row {
    let middle = median(values);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = if values.len() > 1 {
        format!("{} … {}", shown(least), shown(most))
    } else {
        String::new()
    };
    let goal = figure.goal.map(|goal| match goal {
        Goal::AtMost(most) => format!("≤ {}", shown(most)),
        Goal::AtLeast(least) => format!("≥ {}", shown(least)),
    });
    let verdict = figure.goal.map(|goal| if goal.is_met(middle) { "met" } else { "MISSED" });
    Row([
        scenario.to_owned(),
        figure.name.to_string(),
        shown(middle),
        range,
        goal.unwrap_or_default(),
        verdict.unwrap_or_default().to_owned(),
    ])
}

/// Three digits are as many as such a figure has.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn verdict(stop: &Stop) -> &'static str {
    match stop {
        Stop::Skipped(_) => "skipped",
        Stop::Wrong(_) | Stop::Io(_) => "FAILED",
    }
}

fn line(scenario: &str, round: u32, outcome: &Outcome) -> Value {
    let mut line = json!({ "scenario": scenario, "round": round });
    match outcome {
        Ok(figures) => {
            let values =
                figures.iter().map(|figure| (figure.name.to_string(), json!(figure.value)));
            line["outcome"] = json!("ok");
            line["figures"] = Value::Object(values.collect::<Map<_, _>>());
        }
        Err(stop) => {
            line["outcome"] = json!(verdict(stop).to_lowercase());
            line["why"] = json!(stop.to_string());
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(outcomes: Vec<Outcome>) -> String {
        let mut report = Report::new(None).expect("no file is opened");
        for (round, outcome) in (1..).zip(outcomes) {
            report.add("walk", round, outcome).expect("nothing is written");
        }
        let mut out = Vec::new();
        report.print(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("a table is text")
    }

    fn steps(value: f64) -> Outcome {
        Ok(vec![Figure::new("steps_per_s", value).at_least(2.0)])
    }

    #[test]
    fn the_median_of_the_rounds_is_what_meets_a_goal() {
        let table = printed(vec![steps(1.0), steps(3.0), steps(2.5)]);
        assert!(table.contains("| 2.50 "), "{table}");
        assert!(table.contains("1.00 … 3.00") && table.contains("met"), "{table}");
        assert!(printed(vec![steps(1.0)]).contains("MISSED"));
    }

    #[test]
    fn one_round_that_did_not_verify_takes_all_figures_away() {
        let table = printed(vec![steps(3.0), Err(Stop::wrong("a step | is missing"))]);
        assert!(table.contains("FAILED") && table.contains("a step   is missing"), "{table}");
        assert!(!table.contains("steps_per_s"), "{table}");
    }

    #[test]
    fn a_scenario_that_was_skipped_is_not_a_failure() {
        let mut report = Report::new(None).expect("no file is opened");
        report.add("walk", 1, Err(Stop::Skipped("no shoes".into()))).expect("nothing is written");
        assert!(!report.has_failures());
        report.add("walk", 2, Err(Stop::wrong("a step is missing"))).expect("nothing is written");
        assert!(report.has_failures());
    }
}
