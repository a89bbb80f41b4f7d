//! From the start of the process until it is ready, with many documents in its data directory: as `kill -9` leaves them,
//! all in the journal; and folded.
//!
//! The documents are made through sockets and acknowledged. After each start some of them are loaded and compared.

use std::io;
use std::path::Path;

use tokio::task::JoinSet;

use crate::bench::{Bench, expect_text};
use crate::figure::Figure;
use crate::program::Running;
use crate::scenario::Outcome;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::writing::Author;

const DOCUMENTS: usize = 10_000;
/// Starts of each kind.
const STARTS: usize = 5;
/// Documents that are made at the same time.
const TOGETHER: usize = 64;
/// Edits in each.
const EDITS: usize = 100;
/// Documents that are looked at after a start.
const SAMPLES: usize = 20;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let folder = bench.folder()?;
    let data = folder.path().join("data");
    let count = bench.scale.documents(DOCUMENTS);
    let server = bench.codraft.start(&data).await?;
    fill(&server, count).await?;
    // So that none of them is folded.
    server.kill().await?;

    let mut unfolded = Spread::default();
    for start in 0..bench.scale.times(STARTS) {
        unfolded.add(start_once(bench, &data, start, count).await?);
    }
    bench.codraft.run("compact", &data).await?;
    let mut folded = Spread::default();
    let mut resident = 0;
    for start in 0..bench.scale.times(STARTS) {
        let server = bench.codraft.start(&data).await?;
        folded.add(server.started_in);
        resident = server.usage()?.resident;
        check_some(&server, start, count).await?;
        server.stop().await?;
    }
    Ok(vec![
        Figure::new("unfolded_ready_ms", unfolded.ms(0.5)).at_most(2_000.0),
        Figure::new("folded_ready_ms", folded.ms(0.5)).at_most(2_000.0),
        Figure::new("folded_ready_most_ms", folded.ms(1.0)),
        Figure::new("ready_memory_mb", resident as f64 / 1e6),
    ])
}

/// One start after a kill, ended by a kill, so that little is folded in between.
async fn start_once(
    bench: &Bench,
    data: &Path,
    start: usize,
    count: usize,
) -> Result<std::time::Duration, Stop> {
    let server = bench.codraft.start(data).await?;
    let took = server.started_in;
    check_some(&server, start, count).await?;
    server.kill().await?;
    Ok(took)
}

/// Makes all documents and waits until each is acknowledged.
async fn fill(server: &Running, count: usize) -> Result<(), Stop> {
    let mut making = JoinSet::new();
    for number in 0..count {
        let mut connection = server.connect(&name(number)).await?;
        making.spawn(async move {
            connection.join().await?;
            connection.save(&document(number).encode()).await
        });
        if making.len() >= TOGETHER {
            one_done(&mut making).await?;
        }
    }
    while !making.is_empty() {
        one_done(&mut making).await?;
    }
    Ok(())
}

async fn one_done(making: &mut JoinSet<io::Result<()>>) -> Result<(), Stop> {
    match making.join_next().await {
        Some(done) => Ok(done.map_err(io::Error::other)??),
        None => Ok(()),
    }
}

async fn check_some(server: &Running, start: usize, count: usize) -> Result<(), Stop> {
    for sample in 0..SAMPLES.min(count) {
        let number = (sample * count / SAMPLES + start) % count;
        expect_text(server, &name(number), &document(number).text()).await?;
    }
    Ok(())
}

fn name(number: usize) -> String {
    format!("start-{number}")
}

fn document(number: usize) -> Author {
    Author::after(number as u64, EDITS)
}
