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
use tokio::time::{sleep, timeout};

use crate::aside::aside;
use crate::bench::{Bench, text_of};
use crate::connection::Connection;
use crate::figure::Figure;
use crate::program::{Peer, Program, Running};
use crate::scenario::Outcome;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::wire;

const DOCUMENT: &str = "joiners";
const JOINERS: usize = 150;
/// Bytes of the text.
const TEXT_BYTES: usize = 20_000_000;
/// It is pasted in parts: y-sweet takes no frame of more than 16 MiB.
const PASTE_BYTES: usize = TEXT_BYTES / 4;
/// How often they all come.
const STORMS: usize = 2;
/// How long everything about one server may take.
const LIMIT: Duration = Duration::from_secs(100);
/// How often a newcomer looks whether the text is there.
const TRY_EVERY: Duration = Duration::from_millis(100);
/// Who writes the text.
const AUTHOR: u64 = 1_003;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let text = text();
    let ours = measure(bench, &bench.codraft, &text).await?;
    let mut figures = vec![
        Figure::new("p50_s", ours.joined.ms(0.5) / 1e3).at_most(2.5),
        Figure::new("p95_s", ours.joined.ms(0.95) / 1e3),
        Figure::new("peak_memory_mb", ours.peak_bytes as f64 / 1e6).at_most(500.0),
    ];
    for (peer, program) in bench.peers() {
        match measure(bench, program, &text).await {
            Ok(theirs) => figures.extend(of_peer(peer, &theirs)),
            Err(why) => eprintln!("  without {}: {why}", peer.name()),
        }
    }
    Ok(figures)
}

fn of_peer(peer: Peer, theirs: &Measured) -> [Figure; 3] {
    let [p50, p95, peak] = match peer {
        Peer::YSweet => ["y_sweet_p50_s", "y_sweet_p95_s", "y_sweet_peak_memory_mb"],
        Peer::YWebsocket => ["yws_p50_s", "yws_p95_s", "yws_peak_memory_mb"],
        Peer::Hocuspocus => ["hocuspocus_p50_s", "hocuspocus_p95_s", "hocuspocus_peak_memory_mb"],
    };
    [
        Figure::new(p50, theirs.joined.ms(0.5) / 1e3),
        Figure::new(p95, theirs.joined.ms(0.95) / 1e3),
        Figure::new(peak, theirs.peak_bytes as f64 / 1e6),
    ]
}

struct Measured {
    joined: Spread,
    peak_bytes: u64,
}

async fn measure(bench: &Bench, program: &Program, text: &str) -> Result<Measured, Stop> {
    let folder = bench.folder()?;
    let server = Arc::new(program.start(&folder.path().join("data")).await?);
    let work = async {
        let step2 = Arc::new(write(&server, text).await?);
        let mut joined = Spread::default();
        for _ in 0..STORMS {
            let (server, step2) = (server.clone(), step2.clone());
            joined.join(aside(move || storm(server, step2)).await?);
        }
        Ok(Measured { joined, peak_bytes: server.usage()?.peak })
    };
    let late = |_| Stop::wrong(format!("not done within {} s", LIMIT.as_secs()));
    timeout(LIMIT, work).await.map_err(late)?
}

/// Writes the text into the document; the message with which a newcomer has all of it.
async fn write(server: &Running, text: &str) -> Result<Vec<u8>, Stop> {
    server.create(DOCUMENT).await?;
    let mut writer = server.connect(DOCUMENT).await?;
    writer.join().await?;
    let mut author = Replica::new(ClientId::from_random(AUTHOR));
    let mut frames = Vec::new();
    for at in (0..TEXT_BYTES).step_by(PASTE_BYTES) {
        let paste = &text[at..at + PASTE_BYTES];
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
async fn storm(server: Arc<Running>, step2: Arc<Vec<u8>>) -> Result<Spread, Stop> {
    let begin = Instant::now();
    let mut joining: JoinSet<Result<Duration, Stop>> = (0..JOINERS)
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
fn text() -> String {
    let mut random = fastrand::Rng::with_seed(AUTHOR);
    let letter = |at| if at % 80 == 79 { '\n' } else { random.lowercase() };
    (0..TEXT_BYTES).map(letter).collect()
}
