//! 150 people who come to a long text at once: how long until each has all of it, and what that takes of the server.
//!
//! The text was pasted by one person. It is read once and compared; what each of the others is sent must be the same bytes,
//! which are compared as they come. Whoever joins does so on a thread of their own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use codraft_core::frame;
use codraft_core::{ClientId, Replica, Splice};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::aside::aside;
use crate::bench::{Bench, text_of};
use crate::connection::Connection;
use crate::program::{Program, Running};
use crate::scenario::Outcome;
use crate::sides::{Measures, Sides};
use crate::spread::Spread;
use crate::stop::Stop;
use crate::who::PEERS;
use crate::wire;

const DOCUMENT: &str = "joiners";
const JOINERS: usize = 150;
/// Bytes of the text.
const TEXT_BYTES: usize = 20_000_000;
/// It is pasted in so many parts: y-sweet takes no frame of more than 16 MiB.
const PASTES: usize = 4;
/// How often they all come.
const STORMS: usize = 2;
/// How often a newcomer looks whether the text is there.
const TRY_EVERY: Duration = Duration::from_millis(100);
/// Who writes the text.
const AUTHOR: u64 = 1_003;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let text = text(bench.scale.letters(TEXT_BYTES));
    let measure = async |program: &Program| measure(bench, program, &text).await;
    let sides = Sides::of(bench, PEERS, measure).await?;
    Ok(sides.judged([
        sides.ours("p50_s").map(|took| took.at_most(2.5)),
        sides.ours("peak_memory_mb").map(|size| size.at_most(500.0)),
    ]))
}

async fn measure(bench: &Bench, program: &Program, text: &str) -> Result<Measures, Stop> {
    let folder = bench.folder()?;
    let server = Arc::new(program.start(&folder.path().join("data")).await?);
    let step2 = Arc::new(write(&server, text).await?);
    let joiners = bench.scale.clients(JOINERS);
    let mut joined = Spread::default();
    for _ in 0..bench.scale.times(STORMS) {
        let (server, step2) = (server.clone(), step2.clone());
        joined.join(aside(move || storm(server, step2, joiners)).await?);
    }
    Ok(vec![
        ("p50_s", joined.ms(0.5) / 1e3),
        ("p95_s", joined.ms(0.95) / 1e3),
        ("peak_memory_mb", server.usage()?.peak as f64 / 1e6),
    ])
}

/// Writes the text into the document; the message with which a newcomer has all of it.
async fn write(server: &Running, text: &str) -> Result<Vec<u8>, Stop> {
    server.create(DOCUMENT).await?;
    let mut writer = server.connect(DOCUMENT).await?;
    writer.join().await?;
    let mut author = Replica::new(ClientId::from_random(AUTHOR));
    let mut frames = Vec::new();
    let paste_bytes = text.len().div_ceil(PASTES);
    for at in (0..text.len()).step_by(paste_bytes) {
        let paste = &text[at..text.len().min(at + paste_bytes)];
        let update = author.edit(&[Splice::new(at as u32, at as u32, paste)]);
        wire::push_frame(&mut frames, &writer.addressed(&frame::update(&update)));
    }
    let Connection { mut incoming, mut outgoing, .. } = writer;
    let paste = async {
        outgoing.write_all(&frames).await?;
        read(server, text).await
    };
    // Whoever does not read what comes back is not read from.
    let read_on = async {
        loop {
            incoming.next().await?;
        }
    };
    tokio::select! {
        step2 = paste => step2,
        ended = read_on => ended,
    }
}

/// Joins until a newcomer has the text; the message with which they did.
async fn read(server: &Running, text: &str) -> Result<Vec<u8>, Stop> {
    loop {
        let mut newcomer = server.connect(DOCUMENT).await?;
        let document = newcomer.join().await?;
        if text_of(&document)? == text {
            return Ok(newcomer.addressed(&frame::step2(&document)));
        }
        sleep(TRY_EVERY).await;
    }
}

/// Everyone comes at once; how long until each has the whole text.
async fn storm(server: Arc<Running>, step2: Arc<Vec<u8>>, joiners: usize) -> Result<Spread, Stop> {
    let begin = Instant::now();
    let mut joining: JoinSet<Result<Duration, Stop>> = (0..joiners)
        .map(|_| {
            let (server, step2) = (server.clone(), step2.clone());
            async move {
                let mut connection = server.connect(DOCUMENT).await?;
                connection.join_known(&step2).await.map_err(Stop::during("joining"))?;
                Ok(begin.elapsed())
            }
        })
        .collect();
    let mut joined = Spread::default();
    while let Some(took) = joining.join_next().await {
        joined.add(took.map_err(std::io::Error::other)??);
    }
    Ok(joined)
}

/// Lines of letters, not the same twice.
fn text(bytes: usize) -> String {
    let mut random = fastrand::Rng::with_seed(AUTHOR);
    let letter = |at| if at % 80 == 79 { '\n' } else { random.lowercase() };
    (0..bytes).map(letter).collect()
}
