//! The first load of a document after a restart: folded, beside y-sweet; and with entries that are not folded yet,
//! beside yrs alone applying the same in this process.
//!
//! The clock runs from dialling until the whole document is here, in a server that has just said it is ready and has not
//! opened it. Each load's text is checked. Servers take turns.

use std::path::Path;
use std::time::{Duration, Instant};

use codraft_core::frame;
use tokio::time::sleep;

use crate::bare;
use crate::bench::{Bench, text_of};
use crate::datadir::{self, Stored};
use crate::figure::Figure;
use crate::program::Program;
use crate::scenario::Outcome;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::trace::{Trace, replay};
use crate::usage;
use crate::who::Who;

const DOCUMENT: &str = "restart";
/// Starts of each server.
const STARTS: usize = 9;
/// Entries that are not folded yet.
const ENTRIES: usize = 10_000;
/// How often, and how many times, it is looked whether y-sweet has stored the document.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const LOOKS: usize = 120;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let trace = Trace::paper(bench)?;
    let (base, entries) = trace.updates.split_at(trace.updates.len() - ENTRIES);
    let base = replay(base)?.encode();
    let folder = bench.folder()?;
    let path = |name: &str| folder.path().join(name);

    let folded = Stored { name: DOCUMENT, state: &trace.state, entries: &[] };
    datadir::make(&path("folded"), &[folded]).await?;
    if let Some(y_sweet) = bench.other(Who::YSweet) {
        store_in_y_sweet(y_sweet, &path("y-sweet"), &trace.state).await?;
    }
    let (mut ours, mut theirs) = (Spread::default(), Spread::default());
    let (mut unfolded, mut alone) = (Spread::default(), Spread::default());
    let mut folded_alone = Spread::default();
    for start in 0..bench.scale.times(STARTS) {
        ours.add(first_load(&bench.codraft, &path("folded"), &trace.text).await?);
        if let Some(y_sweet) = bench.other(Who::YSweet) {
            theirs.add(first_load(y_sweet, &path("y-sweet"), &trace.text).await?);
        }
        folded_alone.add(bare::load(&trace.state, &[], &trace.text)?);
        // Made anew each time: the server folds what it finds.
        let data = path(&format!("unfolded-{start}"));
        datadir::make(&data, &[Stored { name: DOCUMENT, state: &base, entries }]).await?;
        unfolded.add(first_load(&bench.codraft, &data, &trace.text).await?);
        alone.add(bare::load(&base, entries, &trace.text)?);
    }
    let mut figures = vec![
        Figure::new("folded_first_load_ms", ours.ms(0.5)),
        Figure::new("folded_bare_yrs_ms", folded_alone.ms(0.5)),
    ];
    if theirs.count() > 0 {
        figures.extend([
            Figure::new("y_sweet_first_load_ms", theirs.ms(0.5)),
            Figure::new("folded_to_y_sweet", ours.ms(0.5) / theirs.ms(0.5)).at_most(0.8),
        ]);
    }
    figures.extend([
        Figure::new("unfolded_first_load_ms", unfolded.ms(0.5)),
        Figure::new("unfolded_bare_yrs_ms", alone.ms(0.5)),
        Figure::new("unfolded_to_bare_yrs", unfolded.ms(0.5) / alone.ms(0.5)).at_most(1.2),
    ]);
    Ok(figures)
}

/// Starts the server, loads the document once and stops it.
async fn first_load(program: &Program, data: &Path, text: &str) -> Result<Duration, Stop> {
    let server = program.start(data).await?;
    let begin = Instant::now();
    let document = server.connect(DOCUMENT).await?.join().await?;
    let took = begin.elapsed();
    if text_of(&document)? != text {
        return Err(Stop::wrong("the document is not what was stored"));
    }
    server.stop().await?;
    Ok(took)
}

async fn store_in_y_sweet(y_sweet: &Program, data: &Path, state: &[u8]) -> Result<(), Stop> {
    std::fs::create_dir(data)?;
    let server = y_sweet.start(data).await?;
    server.create(DOCUMENT).await?;
    let mut connection = server.connect(DOCUMENT).await?;
    connection.join().await?;
    connection.send(&frame::update(state)).await?;
    for _ in 0..LOOKS {
        // It says that it is saved before it stores, so the disk is asked.
        if usage::of_folder(data)? >= state.len() as u64 {
            server.stop().await?;
            return Ok(());
        }
        sleep(LOOK_EVERY).await;
    }
    Err(Stop::wrong("y-sweet did not store the document"))
}
