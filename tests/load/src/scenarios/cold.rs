//! Somebody opens a document that is open already, with nothing in hand: one after another, and 50 at once.
//!
//! The first is compared with the text; what everyone else is sent must be the same bytes.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use codraft_core::frame;
use tokio::task::JoinSet;

use crate::bench::{Bench, text_of, until_text};
use crate::program::{Program, Running};
use crate::scenario::Outcome;
use crate::sides::{Measures, Sides};
use crate::spread::Spread;
use crate::stop::Stop;
use crate::who::Who;
use crate::worn::Worn;

const DOCUMENT: &str = "cold";
/// Edits that have made the document: 245 kB encoded.
const EDITS: usize = 53_000;
/// Loads one after another, those at once, and how often these come.
const LOADS: usize = 40;
const AT_ONCE: usize = 50;
const STORMS: usize = 5;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let worn = Worn::after(bench, bench.scale.letters(EDITS))?;
    let whom = [Who::YSweet, Who::YrsAxum, Who::YWebsocket, Who::Hocuspocus];
    let measure = async |program: &Program| measure(bench, program, &worn).await;
    let sides = Sides::of(bench, &whom, measure).await?;
    Ok(sides.judged([
        sides.ratio("load_p50_ms", Who::YSweet).map(|ratio| ratio.at_most(0.6)),
        sides.ours("all_at_once_ms").map(|took| took.at_most(35.0)),
    ]))
}

async fn measure(bench: &Bench, program: &Program, worn: &Worn) -> Result<Measures, Stop> {
    let folder = bench.folder()?;
    let server = Arc::new(program.start(&folder.path().join("data")).await?);
    let (_here, step2) = bring(&server, DOCUMENT, worn).await?;
    let before = server.usage()?;
    let mut loads = Spread::default();
    for _ in 0..bench.scale.times(LOADS) {
        let begin = Instant::now();
        let mut connection = server.connect(DOCUMENT).await?;
        connection.join_known(&step2).await.map_err(Stop::during("loading"))?;
        loads.add(begin.elapsed());
    }
    let cpu = (server.usage()?.cpu - before.cpu).as_secs_f64();
    let mut all = Spread::default();
    for _ in 0..bench.scale.times(STORMS) {
        all.add(storm(&server, &step2, bench.scale.clients(AT_ONCE)).await?);
    }
    Ok(vec![
        ("load_p50_ms", loads.ms(0.5)),
        ("load_cpu_ms", cpu * 1e3 / loads.count() as f64),
        ("all_at_once_ms", all.ms(0.5)),
        ("document_kb", worn.state.len() as f64 / 1e3),
        ("peak_memory_mb", server.usage()?.peak as f64 / 1e6),
    ])
}

/// Puts the document there and stays in it; the message with which a newcomer has all of it.
pub(super) async fn bring(
    server: &Running,
    name: &str,
    worn: &Worn,
) -> Result<(crate::connection::Connection, Arc<Vec<u8>>), Stop> {
    server.create(name).await?;
    let mut writer = server.connect(name).await?;
    writer.join().await?;
    writer.send(&frame::update(&worn.state)).await?;
    until_text(server, name, &worn.text).await?;
    let mut newcomer = server.connect(name).await?;
    let document = newcomer.join().await?;
    if server.who.has_documents() && text_of(&document)? != worn.text {
        return Err(Stop::wrong("a newcomer has another text"));
    }
    Ok((writer, Arc::new(newcomer.addressed(&frame::step2(&document)))))
}

/// How long until everyone of so many who come at once has the document.
async fn storm(
    server: &Arc<Running>,
    step2: &Arc<Vec<u8>>,
    people: usize,
) -> Result<Duration, Stop> {
    let begin = Instant::now();
    let mut joining: JoinSet<Result<(), Stop>> = JoinSet::new();
    for _ in 0..people {
        let (server, step2) = (server.clone(), step2.clone());
        joining.spawn(async move {
            let mut connection = server.connect(DOCUMENT).await?;
            connection.join_known(&step2).await.map_err(Stop::during("loading"))
        });
    }
    while let Some(joined) = joining.join_next().await {
        joined.map_err(io::Error::other)??;
    }
    Ok(begin.elapsed())
}
