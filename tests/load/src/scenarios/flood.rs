//! Somebody who sends valid updates as fast as the server takes them, and what everyone else notices.
//!
//! They type a letter and delete it, so that the document stays as small as it is; they read what comes back. A quiet turn
//! and a flood take turns within the run. People on a second server, which is left alone, show how much of it is the
//! machine's. In the end every text is there.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use codraft_core::frame;
use codraft_core::{ClientId, Replica, Splice};
use tokio::io::AsyncWriteExt;

use crate::aside::far_aside;
use crate::bench::{Bench, expect_text};
use crate::connection::Connection;
use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::program::Running;
use crate::scenario::Outcome;
use crate::stop::Stop;
use crate::wire;

const DOCUMENT: &str = "flood";
const TURN: Duration = Duration::from_secs(5);
const TURNS: usize = 2;
/// Who floods: nobody else in the document.
const SEED: u64 = 2_000;
/// Updates of one write.
const AT_ONCE: usize = 500;
/// What is asked at the end: is everything before this saved?
const VERSION: &[u8] = &[1];

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let folder = bench.folder()?;
    let server = Arc::new(bench.codraft.start(&folder.path().join("data")).await?);
    let idle = Arc::new(bench.codraft.start(&folder.path().join("idle")).await?);
    let mut crowd = Crowd::gather(&server, &idle, DOCUMENT).await?;
    let mut flooder = Flooder::new();
    let turn_time = bench.scale.time(TURN);
    let mut growth = [0.0_f64; 2];
    for _ in 0..bench.scale.times(TURNS) {
        for is_flood in [false, true] {
            let before = server.usage()?.resident;
            let turn = async {
                let server = server.clone();
                let flood = async {
                    match is_flood {
                        true => far_aside(move || flooder.flood(server, turn_time)).await,
                        false => Ok(flooder),
                    }
                };
                tokio::try_join!(crowd.type_for(turn_time, is_flood), flood)
            };
            let (((), same), most) = server.watched(turn).await?;
            flooder = same;
            let grown = &mut growth[usize::from(is_flood)];
            *grown = grown.max(most.saturating_sub(before) as f64 / 1e6);
        }
    }
    expect_text(&server, DOCUMENT, &crowd.text_with(flooder.author.encode())?).await?;
    crowd.check_elsewhere().await?;
    let (quiet, busy) = (&crowd.quiet, &crowd.busy);
    let elsewhere = busy.elsewhere.ms(0.99) / quiet.elsewhere.ms(0.99);
    let to_idle = busy.elsewhere.ms(0.99) / busy.beside.ms(0.99);
    Ok(vec![
        Figure::new("updates_per_s", f64::from(flooder.sent) / flooder.took.as_secs_f64()),
        Figure::new("p99_elsewhere_quiet_ms", quiet.elsewhere.ms(0.99)),
        Figure::new("p99_elsewhere_ms", busy.elsewhere.ms(0.99)),
        Figure::new("p99_idle_server_ms", busy.beside.ms(0.99)),
        Figure::new("p50_elsewhere_ms", busy.elsewhere.ms(0.5)),
        Figure::new("p99_elsewhere_to_quiet", elsewhere).at_most(2.0),
        Figure::new("p99_elsewhere_to_idle_server", to_idle).at_most(2.0),
        Figure::new("p99_here_ms", busy.here.ms(0.99)).at_most(100.0),
        Figure::new("p99_typed_late_ms", busy.late.ms(0.99)),
        Figure::new("memory_grown_mb", growth[1]).at_most(64.0),
    ])
}

struct Flooder {
    author: Replica,
    sent: u32,
    took: Duration,
}

impl Flooder {
    fn new() -> Self {
        let author = Replica::new(ClientId::from_random(SEED));
        Self { author, sent: 0, took: Duration::ZERO }
    }

    /// Sends for one turn, and reads until all of it is saved.
    async fn flood(mut self, server: Arc<Running>, turn: Duration) -> Result<Self, Stop> {
        let mut connection = server.connect(DOCUMENT).await?;
        connection.join().await?;
        let Connection { mut incoming, mut outgoing, .. } = connection;
        let begin = Instant::now();
        let send = async {
            while begin.elapsed() < turn {
                outgoing.write_all(&letters(&mut self.author)).await?;
                self.sent += AT_ONCE as u32;
            }
            let mut question = Vec::new();
            wire::push_frame(&mut question, &frame::saved(VERSION));
            outgoing.write_all(&question).await
        };
        let read = async {
            let answer = frame::saved(VERSION);
            while incoming.next().await? != answer {}
            io::Result::Ok(())
        };
        tokio::try_join!(send, read).map_err(Stop::during("flooding"))?;
        self.took += begin.elapsed();
        Ok(self)
    }
}

/// A letter and its deletion, again and again, as frames.
fn letters(author: &mut Replica) -> Vec<u8> {
    let mut frames = Vec::new();
    for _ in 0..AT_ONCE / 2 {
        for splice in [Splice::new(0, 0, "x"), Splice::new(0, 1, "")] {
            wire::push_frame(&mut frames, &frame::update(&author.edit(&[splice])));
        }
    }
    frames
}
