//! One measured number and what it ought to be.
//! Does not know what was measured: the name says it, with its unit.

use std::borrow::Cow;

/// Where a figure ought to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    /// Whether a value is where it ought to be.
    pub(crate) fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

/// A measured number.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// What it is, ending with its unit; a ratio says of what to what.
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: f64,
    pub(crate) goal: Option<Goal>,
}

impl Figure {
    /// A number that nothing is expected of.
    pub(crate) fn new(name: impl Into<Cow<'static, str>>, value: f64) -> Self {
        Self { name: name.into(), value, goal: None }
    }

    /// The same, of which nothing is expected.
    pub(crate) fn unjudged(self) -> Self {
        Self { goal: None, ..self }
    }

    /// The same, expected to be no more than this.
    pub(crate) fn at_most(self, most: f64) -> Self {
        Self { goal: Some(Goal::AtMost(most)), ..self }
    }

    /// The same, expected to be no less than this.
    pub(crate) fn at_least(self, least: f64) -> Self {
        Self { goal: Some(Goal::AtLeast(least)), ..self }
    }
}

/// The middle of some values; of an even number of them the lower middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_at_its_edge() {
        assert!(Goal::AtMost(2.0).is_met(2.0) && !Goal::AtMost(2.0).is_met(2.1));
        assert!(Goal::AtLeast(2.0).is_met(2.0) && !Goal::AtLeast(2.0).is_met(1.9));
        assert!(!Goal::AtMost(2.0).is_met(f64::NAN), "what was not measured meets nothing");
    }

    #[test]
    fn the_median_is_one_of_the_values() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.0);
        assert!(median(&[]).is_nan());
    }
}
