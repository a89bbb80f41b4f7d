//! The same work done by several servers in turn, and their figures side by side.
//! Does not know what the work is.

use std::time::Duration;

use tokio::time::timeout;

use crate::bench::Bench;
use crate::figure::Figure;
use crate::program::Program;
use crate::stop::Stop;
use crate::who::Who;

/// How long one server may take.
const LIMIT: Duration = Duration::from_secs(180);

/// What was measured of one server: name and value.
pub(crate) type Measures = Vec<(&'static str, f64)>;

/// One of them; not a number if it was not measured.
pub(crate) fn value(measures: &Measures, name: &str) -> f64 {
    let found = measures.iter().find(|(measure, _)| *measure == name);
    found.map_or(f64::NAN, |(_, value)| *value)
}

/// What was measured of all, ours first.
#[derive(Debug)]
pub(crate) struct Sides {
    all: Vec<(Who, Measures)>,
}

impl Sides {
    /// Has our server do it, and then each of these that there is. One of them that does not do what is asked for is left
    /// out with a sentence; ours must.
    pub(crate) async fn of(
        bench: &Bench,
        whom: &[Who],
        measure: impl AsyncFn(&Program) -> Result<Measures, Stop>,
    ) -> Result<Self, Stop> {
        let late = |_| Stop::wrong(format!("not done within {} s", LIMIT.as_secs()));
        let measure =
            async |program: &Program| timeout(LIMIT, measure(program)).await.map_err(late)?;
        let mut all = vec![(Who::Codraft, measure(&bench.codraft).await?)];
        for &who in whom {
            let Some(program) = bench.other(who) else { continue };
            match measure(program).await {
                Ok(measures) => all.push((who, measures)),
                Err(why) => eprintln!("  without {}: {why}", who.name()),
            }
        }
        Ok(Self { all })
    }

    /// All figures, those of others behind their prefix.
    fn figures(&self) -> Vec<Figure> {
        let named = |who: Who, name: &str| match who {
            Who::Codraft => name.to_owned(),
            other => format!("{}_{name}", other.prefix()),
        };
        let sides = self.all.iter();
        sides
            .flat_map(|(who, measures)| measures.iter().map(move |side| (*who, side)))
            .map(|(who, &(name, value))| Figure::new(named(who, name), value))
            .collect()
    }

    /// All figures, and those of which something is expected; of what is a figure already, only that is added.
    pub(crate) fn judged(&self, goals: impl IntoIterator<Item = Option<Figure>>) -> Vec<Figure> {
        let mut figures = self.figures();
        for judged in goals.into_iter().flatten() {
            match figures.iter_mut().find(|figure| figure.name == judged.name) {
                Some(figure) => *figure = judged,
                None => figures.push(judged),
            }
        }
        figures
    }

    /// One of our figures as it is.
    pub(crate) fn ours(&self, name: &'static str) -> Option<Figure> {
        Some(Figure::new(name, self.value(Who::Codraft, name)?))
    }

    /// One of our figures divided by another's, if both are there.
    pub(crate) fn ratio(&self, name: &'static str, to: Who) -> Option<Figure> {
        let ratio = self.value(Who::Codraft, name)? / self.value(to, name)?;
        Some(Figure::new(format!("{name}_to_{}", to.prefix()), ratio))
    }

    fn value(&self, who: Who, name: &str) -> Option<f64> {
        let (_, measures) = self.all.iter().find(|(side, _)| *side == who)?;
        Some(value(measures, name)).filter(|value| !value.is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_ours_to_theirs_and_absent_without_them() {
        let all = vec![(Who::Codraft, vec![("us", 3.0)]), (Who::YSweet, vec![("us", 6.0)])];
        let sides = Sides { all };
        let ratio = sides.ratio("us", Who::YSweet).expect("both are there");
        assert_eq!((&*ratio.name, ratio.value), ("us_to_y_sweet", 0.5));
        assert!(sides.ratio("us", Who::Lean).is_none());
        let judged = sides.judged([sides.ours("us").map(|us| us.at_most(4.0)), Some(ratio), None]);
        let names: Vec<_> = judged.iter().map(|figure| &*figure.name).collect();
        assert_eq!(names, ["us", "y_sweet_us", "us_to_y_sweet"]);
        assert!(judged[0].goal.is_some());
    }
}
