//! People in a document that something is done to, and people elsewhere, and what their letters took with it and without.
//! Knows nothing of what is done.

use std::time::{Duration, Instant};

use crate::bench::expect_text;
use crate::people::{Pair, type_together};
use crate::program::Running;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::trace::replay;

/// Documents elsewhere.
const ELSEWHERE: u64 = 20;
/// Who types in the document that something is done to.
const SEED_HERE: u64 = 1_000;

/// The people, and what their letters have taken so far.
#[derive(Debug)]
pub(crate) struct Crowd {
    document: String,
    pairs: Vec<Pair>,
    /// While nothing was done.
    pub(crate) quiet: Letters,
    /// While something was.
    pub(crate) busy: Letters,
}

/// What letters took.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    pub(crate) here: Spread,
    pub(crate) elsewhere: Spread,
    /// How late they were typed, whose fault is the load generator's.
    pub(crate) late: Spread,
}

impl Crowd {
    /// Two in the document, and two in each of some others.
    pub(crate) async fn gather(server: &Running, document: &str) -> Result<Self, Stop> {
        let mut pairs = vec![Pair::open(server, document, SEED_HERE).await?];
        for number in 0..ELSEWHERE {
            let name = format!("{document}-elsewhere-{number}");
            pairs.push(Pair::open(server, &name, number).await?);
        }
        let (quiet, busy) = (Letters::default(), Letters::default());
        Ok(Self { document: document.to_owned(), pairs, quiet, busy })
    }

    /// All type for a while.
    pub(crate) async fn type_for(&mut self, time: Duration, is_busy: bool) -> Result<(), Stop> {
        let pairs = std::mem::take(&mut self.pairs);
        self.pairs = type_together(pairs, Instant::now() + time).await?;
        let letters = if is_busy { &mut self.busy } else { &mut self.quiet };
        for pair in &mut self.pairs {
            let is_here = pair.name == self.document;
            let spread = if is_here { &mut letters.here } else { &mut letters.elsewhere };
            let (took, late) = pair.take_times();
            spread.join(took);
            letters.late.join(late);
        }
        Ok(())
    }

    /// The text of the document after somebody else wrote this into it.
    pub(crate) fn text_with(&self, theirs: Vec<u8>) -> Result<String, Stop> {
        let here = self.pairs.iter().filter(|pair| pair.name == self.document).map(Pair::state);
        let states: Vec<_> = here.chain([theirs]).collect();
        Ok(replay(&states)?.text())
    }

    /// Compares the text of every document elsewhere with what was typed into it.
    pub(crate) async fn check_elsewhere(&self, server: &Running) -> Result<(), Stop> {
        for pair in self.pairs.iter().filter(|pair| pair.name != self.document) {
            expect_text(server, &pair.name, &replay(&[pair.state()])?.text()).await?;
        }
        Ok(())
    }
}
