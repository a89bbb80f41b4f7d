//! Work of a fixed size, to be counted in instructions by valgrind: the same on every machine, however busy it is.
//! Does not count.

use std::hint::black_box;

use clap::ValueEnum;
use codraft_core::gate::{Known, Verdict, check_update};
use codraft_core::{ClientId, Replica};

use crate::stop::Stop;
use crate::writing::Author;

/// Edits of the document that is worked with.
const EDITS: usize = 5_000;

/// What is done, beside making the document, which is done for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Work {
    /// Nothing: what the rest is counted from.
    Nothing,
    /// Every edit passes the gate.
    Gate,
    /// Every edit is merged.
    Merge,
    /// The document is encoded ten times.
    Encode,
    /// It is compared ten times with the state vector of somebody who has all of it.
    Diff,
}

/// Does it.
pub(crate) fn run(work: Work) -> Result<(), Stop> {
    let mut author = Author::new(1);
    let updates: Vec<Vec<u8>> = (0..EDITS).map(|_| author.edit()).collect();
    let wrong = |error: &dyn std::fmt::Display| Stop::wrong(error.to_string());
    let mut replica = Replica::new(ClientId::from_random(1));
    let state = author.encode();
    replica.merge(&state).map_err(|error| wrong(&error))?;
    match work {
        Work::Nothing => {}
        Work::Gate => {
            let mut known = Known::default();
            for update in &updates {
                let verdict = check_update(update, &known).map_err(|error| wrong(&error))?;
                let Verdict::Accept(accepted) = verdict else { return Err(wrong(&"a gap")) };
                known.extend(&accepted);
            }
        }
        Work::Merge => {
            let mut other = Replica::new(ClientId::from_random(2));
            for update in &updates {
                other.merge(update).map_err(|error| wrong(&error))?;
            }
            black_box(&other);
        }
        Work::Encode => (0..10).for_each(|_| drop(black_box(replica.encode()))),
        Work::Diff => {
            let state_vector = replica.state_vector();
            for _ in 0..10 {
                black_box(replica.diff(&state_vector).map_err(|error| wrong(&error))?);
            }
        }
    }
    Ok(())
}
