//! Many durations, and how they are spread.
//! Does not know what took so long.

use std::time::Duration;

/// Durations that were measured one by one.
#[derive(Debug, Default, Clone)]
pub(crate) struct Spread {
    all: Vec<Duration>,
}

impl Spread {
    /// Adds one.
    pub(crate) fn add(&mut self, took: Duration) {
        self.all.push(took);
    }

    /// Adds all of another.
    pub(crate) fn join(&mut self, other: Self) {
        self.all.extend(other.all);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    /// The duration in ms that this part of them, between 0 and 1, does not exceed.
    pub(crate) fn ms(&self, part: f64) -> f64 {
        let mut sorted = self.all.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() as f64 * part).ceil() as usize;
        let at = rank.saturating_sub(1);
        sorted.get(at).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_least_value_that_enough_do_not_exceed() {
        let mut spread = Spread::default();
        for ms in (1..=200).rev() {
            spread.add(Duration::from_millis(ms));
        }
        assert_eq!([spread.ms(0.5), spread.ms(0.99), spread.ms(1.0)], [100.0, 198.0, 200.0]);
        assert!(Spread::default().ms(0.5).is_nan());
    }
}
