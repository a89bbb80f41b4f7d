//! A long editing session, sent by one client as fast as the server takes it and followed by a second.
//!
//! Every frame is encoded before the clock starts, and leaves in large writes. Delivered is when the follower has the
//! last update; acknowledged is when the server has said that all of it is on disk. Follower, newcomer and, after a
//! `kill -9`, the disk must have the text.

use std::io;
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use codraft_core::{ClientId, Replica, Splice};
use tokio::io::AsyncWriteExt;

use crate::bench::{Bench, expect_text};
use crate::connection::Incoming;
use crate::figure::Figure;
use crate::program::{Program, Running};
use crate::scenario::Outcome;
use crate::stop::Stop;
use crate::trace::{Trace, replay};
use crate::who::Who;
use crate::wire;

const DOCUMENT: &str = "replay";
/// Bytes of one write.
const WRITE_BYTES: usize = 64 << 10;
/// Who types the last update: nobody else in the document.
const LAST_AUTHOR: u64 = 1_001;
/// What is asked at the end: is everything before this saved?
const VERSION: &[u8] = &[1];

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let trace = Trace::paper(bench)?;
    let session = Session::of(&trace)?;
    let ours = measure(bench, &bench.codraft, &session, true).await?;
    let updates = session.updates as f64;
    let delivered = updates / ours.delivered.as_secs_f64();
    let mut figures = vec![
        Figure::new("delivered_updates_per_s", delivered).at_least(240_000.0),
        Figure::new("acknowledged_updates_per_s", updates / ours.acknowledged.as_secs_f64()),
        Figure::new("delivered_s", ours.delivered.as_secs_f64()),
        Figure::new("acknowledged_s", ours.acknowledged.as_secs_f64()),
        Figure::new("peak_memory_mb", ours.peak_bytes as f64 / 1e6).at_most(48.0),
        Figure::new("server_cpu_us_per_update", ours.cpu.as_secs_f64() * 1e6 / updates),
    ];
    if let Some(yrs_axum) = bench.other(Who::YrsAxum) {
        let theirs = measure(bench, yrs_axum, &session, false).await?;
        let theirs_delivered = updates / theirs.delivered.as_secs_f64();
        figures.extend([
            Figure::new("yrs_axum_delivered_updates_per_s", theirs_delivered),
            Figure::new("yrs_axum_peak_memory_mb", theirs.peak_bytes as f64 / 1e6),
            Figure::new("delivered_to_yrs_axum", delivered / theirs_delivered).at_least(2.5),
        ]);
    }
    Ok(figures)
}

/// What is sent, and what must come of it.
struct Session {
    updates: usize,
    /// All updates as frames of a WebSocket client.
    frames: Vec<u8>,
    /// The last update: another author's, so that it cannot be mistaken.
    last: Vec<u8>,
    text: String,
}

impl Session {
    fn of(trace: &Trace) -> Result<Self, Stop> {
        let last = Replica::new(ClientId::from_random(LAST_AUTHOR)).edit(&[Splice::new(0, 0, "!")]);
        let mut frames = Vec::new();
        for update in trace.updates.iter().chain([&last]) {
            wire::push_frame(&mut frames, &frame::update(update));
        }
        let text = replay(&[trace.state.clone(), last.clone()])?.text();
        Ok(Self { updates: trace.updates.len() + 1, frames, last, text })
    }
}

struct Measured {
    delivered: Duration,
    acknowledged: Duration,
    peak_bytes: u64,
    cpu: Duration,
}

async fn measure(
    bench: &Bench,
    program: &Program,
    session: &Session,
    saves: bool,
) -> Result<Measured, Stop> {
    let folder = bench.folder()?;
    let data = folder.path().join("data");
    let server = program.start(&data).await?;
    let mut sender = server.connect(DOCUMENT).await?;
    let mut follower = server.connect(DOCUMENT).await?;
    sender.join().await?;
    follower.join().await?;
    let cpu_before = server.usage()?.cpu;

    let mut question = Vec::new();
    wire::push_frame(&mut question, &frame::saved(VERSION));
    let begin = Instant::now();
    let write = async {
        for bytes in session.frames.chunks(WRITE_BYTES) {
            sender.outgoing.write_all(bytes).await?;
        }
        if saves {
            sender.outgoing.write_all(&question).await?;
        }
        Ok(())
    };
    let follow = async {
        let received = receive(&mut follower.incoming, session).await?;
        Ok((received, begin.elapsed()))
    };
    let work = async { tokio::try_join!(write, follow) };
    let hear = hear_saved(&mut sender.incoming, begin);
    let (((), (received, delivered)), acknowledged) = if saves {
        tokio::try_join!(work, hear)
    } else {
        // It stores nothing and says nothing, but what it sends back has to be read.
        tokio::select! {
            worked = work => worked.map(|worked| { let delivered = worked.1.1; (worked, delivered) }),
            heard = hear => heard.and(Err(io::Error::other("the sender was told that it is saved"))),
        }
    }
    .map_err(Stop::during("replay"))?;

    let cpu = server.usage()?.cpu - cpu_before;
    if replay(&received)?.text() != session.text {
        return Err(Stop::wrong("the follower has another text"));
    }
    expect_text(&server, DOCUMENT, &session.text).await?;
    let peak_bytes = server.usage()?.peak;
    if saves {
        check_disk(program, server, &data, &session.text).await?;
    }
    Ok(Measured { delivered, acknowledged, peak_bytes, cpu })
}

/// Reads updates until the last one has come.
async fn receive(incoming: &mut Incoming, session: &Session) -> io::Result<Vec<Vec<u8>>> {
    let mut received = Vec::with_capacity(session.updates);
    loop {
        for message in frame::messages(incoming.next().await?) {
            if let Message::Update(update) = message.map_err(io::Error::other)? {
                received.push(update.to_vec());
            }
        }
        if received.last() == Some(&session.last) {
            return Ok(received);
        }
    }
}

/// Reads the sender's echoes until the server says that everything is saved.
async fn hear_saved(incoming: &mut Incoming, begin: Instant) -> io::Result<Duration> {
    let answer = frame::saved(VERSION);
    while incoming.next().await? != answer {}
    Ok(begin.elapsed())
}

async fn check_disk(
    program: &Program,
    server: Running,
    data: &std::path::Path,
    text: &str,
) -> Result<(), Stop> {
    server.kill().await?;
    let server = program.start(data).await?;
    expect_text(&server, DOCUMENT, text).await
}
