//! Thousands of people who look at documents and do nothing: what a connection takes up, and what silence costs.
//!
//! First nobody says anything. Then everyone's client renews its presence every 15 s, as stock clients do, which the others
//! in the document are told. Nobody may be let go, and in the end a letter must still reach everyone in a document.

use std::io;
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use tokio::task::JoinSet;
use tokio::time::{interval_at, sleep_until};

use crate::bench::Bench;
use crate::connection::Connection;
use crate::cursor::cursor;
use crate::part::{Base, Part};
use crate::program::{Program, Running};
use crate::scenario::Outcome;
use crate::sides::{Measures, Sides};
use crate::stop::Stop;
use crate::who::{EVERYONE, Who};

const PEOPLE: usize = 5_000;
const DOCUMENTS: usize = 500;
/// How long nobody says anything. Codraft and lean keep a connection alive every 10 s: in so long each has told everyone once,
/// however long it took them to come.
const SILENCE: Duration = Duration::from_secs(10);
/// How long everyone's presence is renewed, and how often.
const BEATS: Duration = Duration::from_secs(15);
const BEAT_EVERY: Duration = Duration::from_secs(15);

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let idle = Idle {
        people: bench.scale.clients(PEOPLE),
        documents: bench.scale.documents(DOCUMENTS),
        silence: bench.scale.time(SILENCE),
        beats: bench.scale.time(BEATS),
    };
    let measure = async |program: &Program| idle.measure(bench, program).await;
    let sides = Sides::of(bench, EVERYONE, measure).await?;
    Ok(sides.judged([
        sides.ours("kb_a_connection").map(|size| size.at_most(9.5)),
        sides.ratio("silence_cpu_percent", Who::Lean).map(|ratio| ratio.at_most(1.0)),
        sides.ratio("beats_cpu_percent", Who::Lean).map(|ratio| ratio.at_most(1.0)),
    ]))
}

struct Idle {
    people: usize,
    documents: usize,
    silence: Duration,
    beats: Duration,
}

impl Idle {
    async fn measure(&self, bench: &Bench, program: &Program) -> Result<Measures, Stop> {
        let folder = bench.folder()?;
        let server = program.start(&folder.path().join("data")).await?;
        let empty = server.usage()?;
        let connections = self.gather(&server).await?;
        let gathered = server.usage()?;
        let begin = Instant::now();
        let connections = everyone_waits(connections, self.silence, None).await?;
        let silent = (server.usage()?, begin.elapsed());
        let connections = everyone_waits(connections, self.beats, Some(BEAT_EVERY)).await?;
        let usage = server.usage()?;
        let beating = begin.elapsed() - silent.1;
        self.check(connections).await?;
        let percent = |cpu: Duration, time: Duration| cpu.as_secs_f64() / time.as_secs_f64() * 1e2;
        let grown = gathered.resident.saturating_sub(empty.resident) as f64;
        Ok(vec![
            ("kb_a_connection", grown / 1e3 / self.people as f64),
            ("connect_cpu_us", (gathered.cpu - empty.cpu).as_secs_f64() * 1e6 / self.people as f64),
            ("silence_cpu_percent", percent(silent.0.cpu - gathered.cpu, silent.1)),
            ("beats_cpu_percent", percent(usage.cpu - silent.0.cpu, beating)),
            ("memory_mb", usage.resident as f64 / 1e6),
        ])
    }

    async fn gather(&self, server: &Running) -> Result<Vec<Connection>, Stop> {
        for document in 0..self.documents {
            server.create(&name(document)).await?;
        }
        let mut connections = Vec::new();
        for number in 0..self.people {
            let mut connection = server.connect(&name(number % self.documents)).await?;
            connection.join().await?;
            connections.push(connection);
        }
        Ok(connections)
    }

    /// A letter of the first in a document reaches everyone else there.
    async fn check(&self, mut connections: Vec<Connection>) -> Result<(), Stop> {
        let update = Part::of(0, &Base::of(0), 1)?.updates.remove(0);
        let mut here = connections.iter_mut().step_by(self.documents);
        let Some(first) = here.next() else { return Ok(()) };
        first.send(&frame::update(&update)).await?;
        for other in here {
            other.until_heard(|message| message == Message::Update(&update)).await?;
        }
        Ok(())
    }
}

fn name(number: usize) -> String {
    format!("idle-{number}")
}

/// Everyone listens for so long, and renews their presence so often if they do.
async fn everyone_waits(
    connections: Vec<Connection>,
    time: Duration,
    beat_every: Option<Duration>,
) -> Result<Vec<Connection>, Stop> {
    let everyone = connections.len();
    let end = Instant::now() + time;
    let mut waiting: JoinSet<Result<(usize, Connection), Stop>> = JoinSet::new();
    for (number, mut connection) in connections.into_iter().enumerate() {
        let phase = number as f64 / everyone as f64;
        waiting.spawn(async move {
            match beat_every {
                Some(every) => beat(&mut connection, number, (every, phase), end).await?,
                None => listen(&mut connection, end).await?,
            }
            Ok((number, connection))
        });
    }
    let mut connections = Vec::new();
    while let Some(waited) = waiting.join_next().await {
        connections.push(waited.map_err(io::Error::other)??);
    }
    connections.sort_unstable_by_key(|(number, _)| *number);
    Ok(connections.into_iter().map(|(_, connection)| connection).collect())
}

/// Reads until then.
async fn listen(connection: &mut Connection, end: Instant) -> Result<(), Stop> {
    loop {
        tokio::select! {
            heard = connection.incoming.next() => drop(heard.map_err(Stop::during("waiting"))?),
            () = sleep_until(end.into()) => return Ok(()),
        }
    }
}

/// Reads until then, and renews a presence.
async fn beat(
    connection: &mut Connection,
    number: usize,
    (every, phase): (Duration, f64),
    end: Instant,
) -> Result<(), Stop> {
    let mut ticks = interval_at((Instant::now() + every.mul_f64(phase)).into(), every);
    let mut clock = 0;
    loop {
        tokio::select! {
            heard = connection.incoming.next() => drop(heard.map_err(Stop::during("waiting"))?),
            _ = ticks.tick() => {
                clock += 1;
                connection.send(&cursor(number, clock)).await?;
            }
            () = sleep_until(end.into()) => return Ok(()),
        }
    }
}
