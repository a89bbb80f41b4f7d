//! How long until an update is acknowledged from disk, beside a bare loop of append and `fdatasync` on the same disk.
//!
//! 50 documents with one stock client each, which is sent its own update back once that is on disk. Server and loop take
//! turns within the run, so that a disk that is slow for a while is slow for both. In the end the server is killed, and
//! every acknowledged edit must be there again.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{interval_at, sleep_until};

use crate::bench::{Bench, expect_text};
use crate::connection::Connection;
use crate::figure::Figure;
use crate::program::Running;
use crate::scenario::Outcome;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::writing::Author;

const DOCUMENTS: u32 = 50;
/// How often server and loop take turns, and how long a turn is.
const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(4);
/// Edits that are in a document before anything is timed.
const BEFORE: usize = 200;
/// Bytes of the loop's record: about one of the journal's.
const RECORD: usize = 100;
/// Updates a second over all documents.
const RATE: f64 = 500.0;

/// What all do in one turn.
#[derive(Debug, Clone, Copy)]
struct Turn {
    time: Duration,
    updates: u32,
    documents: u32,
}

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let folder = bench.folder()?;
    let data = folder.path().join("data");
    let server = bench.codraft.start(&data).await?;
    let documents = bench.scale.documents(DOCUMENTS as usize) as u32;
    let (time, rate) = (bench.scale.time(TURN), bench.scale.rate(RATE));
    let turn = Turn { time, updates: (rate * time.as_secs_f64()).ceil() as u32, documents };
    let mut writers = Vec::new();
    for number in 0..documents {
        writers.push(Writer::open(&server, number).await?);
    }
    let cpu_before = server.usage()?.cpu;
    let (mut acks, mut syncs) = (Spread::default(), Spread::default());
    for number in 0..bench.scale.times(TURNS) {
        writers = type_together(writers, turn).await?;
        let path = folder.path().join(format!("bare-{number}"));
        syncs.join(append_bare(path, turn).await?);
    }
    let cpu = server.usage()?.cpu - cpu_before;
    server.kill().await?;
    let server = bench.codraft.start(&data).await?;
    for writer in writers {
        expect_text(&server, &writer.name, &writer.author.text()).await?;
        acks.join(writer.acks);
    }
    Ok(vec![
        Figure::new("acks", acks.count() as f64),
        Figure::new("ack_p50_ms", acks.ms(0.5)).at_most(15.0),
        Figure::new("ack_p99_ms", acks.ms(0.99)).at_most(120.0),
        Figure::new("bare_fdatasync_p50_ms", syncs.ms(0.5)),
        Figure::new("bare_fdatasync_p99_ms", syncs.ms(0.99)),
        Figure::new("ack_p50_to_bare", acks.ms(0.5) / syncs.ms(0.5)).at_most(2.0),
        Figure::new("ack_p99_to_bare", acks.ms(0.99) / syncs.ms(0.99)).at_most(2.0),
        Figure::new("server_cpu_us_per_update", cpu.as_secs_f64() * 1e6 / acks.count() as f64),
    ])
}

/// One stock client, alone in its document.
struct Writer {
    name: String,
    number: u32,
    author: Author,
    connection: Connection,
    /// Updates that were sent and have not come back, in order.
    unsaved: VecDeque<(Vec<u8>, Instant)>,
    acks: Spread,
}

impl Writer {
    async fn open(server: &Running, number: u32) -> Result<Self, Stop> {
        let name = format!("saved-{number}");
        let mut connection = server.connect(&name).await?;
        connection.join().await?;
        let author = Author::after(u64::from(number), BEFORE);
        connection.save(&author.encode()).await?;
        let (unsaved, acks) = (VecDeque::new(), Spread::default());
        Ok(Self { name, number, author, connection, unsaved, acks })
    }

    /// Types evenly for one turn, and waits until all of it is acknowledged.
    async fn type_a_turn(mut self, begin: Instant, turn: Turn) -> Result<Self, Stop> {
        let mut left = turn.updates.div_ceil(turn.documents);
        let every = turn.time / left;
        // The clients' updates are spread over the period, not sent all at once.
        let offset = every / turn.documents * self.number;
        let mut ticks = interval_at((begin + offset).into(), every);
        while left > 0 || !self.unsaved.is_empty() {
            tokio::select! {
                _ = ticks.tick(), if left > 0 => {
                    left -= 1;
                    self.type_one().await?;
                }
                heard = self.connection.incoming.next() => {
                    let heard = heard?.to_vec();
                    self.hear(&heard)?;
                }
            }
        }
        Ok(self)
    }

    async fn type_one(&mut self) -> Result<(), Stop> {
        let update = self.author.edit();
        let message = frame::update(&update);
        self.unsaved.push_back((update, Instant::now()));
        Ok(self.connection.send(&message).await?)
    }

    /// Takes the echo of an update as the word that it is saved; only the next one in order may come.
    fn hear(&mut self, heard: &[u8]) -> Result<(), Stop> {
        for message in frame::messages(heard) {
            let Message::Update(echo) = message.map_err(io::Error::other)? else { continue };
            match self.unsaved.pop_front() {
                Some((update, sent)) if update == echo => self.acks.add(sent.elapsed()),
                _ => return Err(Stop::wrong("an acknowledgement is not of the oldest update")),
            }
        }
        Ok(())
    }
}

async fn type_together(writers: Vec<Writer>, turn: Turn) -> Result<Vec<Writer>, Stop> {
    let begin = Instant::now() + Duration::from_millis(50);
    let mut typing: JoinSet<Result<Writer, Stop>> =
        writers.into_iter().map(|writer| writer.type_a_turn(begin, turn)).collect();
    let mut writers = Vec::new();
    while let Some(writer) = typing.join_next().await {
        writers.push(writer.map_err(io::Error::other)??);
    }
    Ok(writers)
}

/// One turn of the loop: appends what waits, syncs, and notes how long each record took.
async fn append_bare(path: PathBuf, turn: Turn) -> Result<Spread, Stop> {
    let (sender, waiting) = mpsc::channel();
    let appending = spawn_blocking(move || append_all(&path, &waiting));
    let begin = tokio::time::Instant::now();
    let Turn { time, updates, .. } = turn;
    for number in 0..updates {
        // Several at once when the clock is coarser than the rate.
        sleep_until(begin + time * number / updates).await;
        sender.send(Instant::now()).map_err(io::Error::other)?;
    }
    drop(sender);
    Ok(appending.await.map_err(io::Error::other)??)
}

fn append_all(path: &Path, waiting: &mpsc::Receiver<Instant>) -> io::Result<Spread> {
    let mut file = File::create(path)?;
    let mut spread = Spread::default();
    while let Ok(first) = waiting.recv() {
        let batch: Vec<Instant> = [first].into_iter().chain(waiting.try_iter()).collect();
        file.write_all(&vec![0x5a; RECORD * batch.len()])?;
        file.sync_data()?;
        for sent in batch {
            spread.add(sent.elapsed());
        }
    }
    Ok(spread)
}
