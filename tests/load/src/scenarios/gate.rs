//! What the gate costs by itself, in this process: for a letter, and beside merging a whole document.
//!
//! Each is timed several times, and the quickest counts: what else the machine does only adds to it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use codraft_core::gate::{Known, Verdict, check_update};
use codraft_core::{ClientId, Replica};

use crate::bench::Bench;
use crate::figure::Figure;
use crate::scenario::Outcome;
use crate::stop::Stop;
use crate::trace::Trace;

/// How often each is timed.
const TIMES: usize = 20;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let trace = Trace::paper(bench)?;
    let letters = trace.updates.len() as f64;
    let letter = quickest(|| pass_all(&trace.updates))?.as_secs_f64() * 1e6 / letters;
    let paper = quickest(|| pass_all(std::slice::from_ref(&trace.state)))?;
    let merge = quickest(|| {
        let mut replica = Replica::new(ClientId::from_random(1));
        let begin = Instant::now();
        replica.merge(&trace.state).map_err(|error| Stop::wrong(error.to_string()))?;
        let took = begin.elapsed();
        match replica.text() == trace.text {
            true => Ok(took),
            false => Err(Stop::wrong("the paper has another text after merging")),
        }
    })?;
    Ok(vec![
        Figure::new("letter_us", letter).at_most(0.3),
        Figure::new("paper_kb", trace.state.len() as f64 / 1e3),
        Figure::new("paper_ms", paper.as_secs_f64() * 1e3),
        Figure::new("paper_merge_with_gate_ms", merge.as_secs_f64() * 1e3),
        Figure::new("gate_to_merge", paper.as_secs_f64() / merge.as_secs_f64()).at_most(0.15),
    ])
}

/// How long the gate looks at updates that come one after another, and notes what they bring.
fn pass_all(updates: &[Vec<u8>]) -> Result<Duration, Stop> {
    let mut known = Known::default();
    let begin = Instant::now();
    for update in updates {
        match black_box(check_update(update, &known)) {
            Ok(Verdict::Accept(accepted)) => known.extend(&accepted),
            Ok(Verdict::Gap(_)) => return Err(Stop::wrong("the gate took an edit for a gap")),
            Err(error) => return Err(Stop::wrong(format!("the gate refused an edit: {error}"))),
        }
    }
    Ok(begin.elapsed())
}

fn quickest(time: impl Fn() -> Result<Duration, Stop>) -> Result<Duration, Stop> {
    let times: Vec<Duration> = (0..TIMES).map(|_| time()).collect::<Result<_, _>>()?;
    Ok(times.into_iter().min().unwrap_or_default())
}
