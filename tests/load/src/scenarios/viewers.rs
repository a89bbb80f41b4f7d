//! 500 people who look on and move their cursors once a second, and five who type: how long a letter takes to everyone.
//!
//! Everyone must be sent every letter of everyone else, in order, and the last cursor of everyone who looks on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use codraft_core::presence::{self, Entry};
use tokio::task::JoinSet;
use tokio::time::{Interval, interval_at, timeout};

use crate::bench::{Bench, expect_text};
use crate::connection::Connection;
use crate::figure::Figure;
use crate::program::{Peer, Program, Running};
use crate::scenario::Outcome;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::trace::replay;
use crate::writing::Author;

const DOCUMENT: &str = "viewers";
const VIEWERS: usize = 500;
const EDITORS: usize = 5;
/// Cursors of each who looks on, and letters of each who types.
const CURSORS: u32 = 10;
const CURSOR_EVERY: Duration = Duration::from_secs(1);
const LETTERS: usize = 50;
const LETTER_EVERY: Duration = Duration::from_millis(200);
/// How long it may take until everyone has everything.
const LIMIT: Duration = Duration::from_secs(60);

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let ours = measure(bench, &bench.codraft).await?;
    let mut figures = vec![
        Figure::new("edit_p50_ms", ours.letters.ms(0.5)),
        Figure::new("edit_p95_ms", ours.letters.ms(0.95)).at_most(50.0),
        Figure::new("peak_memory_mb", ours.peak_bytes as f64 / 1e6),
        Figure::new("server_cpu_s", ours.cpu.as_secs_f64()),
    ];
    for (peer, program) in bench.peers() {
        match measure(bench, program).await {
            Ok(theirs) => figures.extend(of_peer(peer, &theirs)),
            Err(why) => eprintln!("  without {}: {why}", peer.name()),
        }
    }
    Ok(figures)
}

fn of_peer(peer: Peer, theirs: &Measured) -> [Figure; 3] {
    let [p50, p95, cpu] = match peer {
        Peer::YSweet => ["y_sweet_edit_p50_ms", "y_sweet_edit_p95_ms", "y_sweet_server_cpu_s"],
        Peer::YWebsocket => ["yws_edit_p50_ms", "yws_edit_p95_ms", "yws_server_cpu_s"],
        Peer::Hocuspocus => {
            ["hocuspocus_edit_p50_ms", "hocuspocus_edit_p95_ms", "hocuspocus_server_cpu_s"]
        }
    };
    [
        Figure::new(p50, theirs.letters.ms(0.5)),
        Figure::new(p95, theirs.letters.ms(0.95)),
        Figure::new(cpu, theirs.cpu.as_secs_f64()),
    ]
}

struct Measured {
    letters: Spread,
    peak_bytes: u64,
    /// Of the server, while everyone was there.
    cpu: Duration,
}

async fn measure(bench: &Bench, program: &Program) -> Result<Measured, Stop> {
    let folder = bench.folder()?;
    let server = program.start(&folder.path().join("data")).await?;
    server.create(DOCUMENT).await?;
    let (script, states) = Script::new();
    let script = Arc::new(script);
    let mut people = Vec::new();
    for number in 0..VIEWERS + EDITORS {
        people.push(Person::join(&server, number).await?);
    }
    let before = server.usage()?.cpu;
    let mut playing: JoinSet<Result<Spread, Stop>> =
        people.into_iter().map(|person| person.play(script.clone())).collect();
    let everyone = async {
        let mut letters = Spread::default();
        while let Some(heard) = playing.join_next().await {
            letters.join(heard.map_err(io::Error::other)??);
        }
        Ok::<_, Stop>(letters)
    };
    let late = |_| Stop::wrong(format!("not everyone had everything within {LIMIT:?}"));
    let letters = timeout(LIMIT, everyone).await.map_err(late)??;
    let usage = server.usage()?;
    expect_text(&server, DOCUMENT, &replay(&states)?.text()).await?;
    Ok(Measured { letters, peak_bytes: usage.peak, cpu: usage.cpu - before })
}

/// What will be typed, and when it was.
struct Script {
    begin: Instant,
    letters: Vec<Vec<Letter>>,
}

struct Letter {
    update: Vec<u8>,
    /// Microseconds after the beginning.
    sent: AtomicU64,
}

impl Script {
    /// With what each who types has written in the end.
    fn new() -> (Self, Vec<Vec<u8>>) {
        let (letters, states) = (0..EDITORS as u64)
            .map(|seed| {
                let mut author = Author::new(seed);
                let letter = |_| Letter { update: author.edit(), sent: AtomicU64::new(0) };
                let letters: Vec<_> = (0..LETTERS).map(letter).collect();
                (letters, author.encode())
            })
            .unzip();
        (Self { begin: Instant::now(), letters }, states)
    }

    fn now(&self) -> u64 {
        self.begin.elapsed().as_micros() as u64
    }
}

/// Somebody and what they have heard.
struct Person {
    number: usize,
    connection: Connection,
    /// How many letters of each who types.
    letters: [usize; EDITORS],
    /// The last cursor of each who looks on.
    cursors: Vec<u32>,
    took: Spread,
}

impl Person {
    async fn join(server: &Running, number: usize) -> Result<Self, Stop> {
        let mut connection = server.connect(DOCUMENT).await?;
        connection.join().await?;
        let (letters, cursors) = ([0; EDITORS], vec![0; VIEWERS]);
        Ok(Self { number, connection, letters, cursors, took: Spread::default() })
    }

    /// Which of those who type they are.
    fn editor(&self) -> Option<usize> {
        self.number.checked_sub(VIEWERS)
    }

    /// Does all they do, until they have heard all that others do; what the letters took to them.
    async fn play(mut self, script: Arc<Script>) -> Result<Spread, Stop> {
        let mut ticks = self.ticks();
        let mut left = if self.editor().is_some() { LETTERS } else { CURSORS as usize };
        while left > 0 || !self.has_everything() {
            tokio::select! {
                _ = ticks.tick(), if left > 0 => {
                    left -= 1;
                    let message = self.next_words(&script, left);
                    self.connection.send(&message).await?;
                }
                heard = self.connection.incoming.next() => {
                    let heard = heard.map_err(Stop::during("looking on"))?.to_vec();
                    self.hear(&script, &heard)?;
                }
            }
        }
        Ok(self.took)
    }

    /// Evenly, and not at the same moment as others.
    fn ticks(&self) -> Interval {
        let (every, part) = match self.editor() {
            Some(editor) => (LETTER_EVERY, editor as f64 / EDITORS as f64),
            None => (CURSOR_EVERY, self.number as f64 / VIEWERS as f64),
        };
        interval_at((Instant::now() + every.mul_f64(part)).into(), every)
    }

    /// What they say before so many more times.
    fn next_words(&self, script: &Script, left: usize) -> Vec<u8> {
        match self.editor() {
            Some(editor) => {
                let letter = &script.letters[editor][LETTERS - left - 1];
                letter.sent.store(script.now(), Ordering::Relaxed);
                frame::update(&letter.update)
            }
            None => cursor(self.number, CURSORS - left as u32),
        }
    }

    fn hear(&mut self, script: &Script, heard: &[u8]) -> Result<(), Stop> {
        for message in frame::messages(heard) {
            match message.map_err(io::Error::other)? {
                Message::Update(update) => {
                    for (heard, letters) in self.letters.iter_mut().zip(&script.letters) {
                        let next = letters.get(*heard).filter(|letter| letter.update == update);
                        let Some(letter) = next else { continue };
                        let took = script.now() - letter.sent.load(Ordering::Relaxed);
                        self.took.add(Duration::from_micros(took));
                        *heard += 1;
                    }
                }
                Message::Awareness(update) => {
                    for entry in presence::read(update).map_err(io::Error::other)? {
                        if let Some(cursor) = self.cursors.get_mut(entry.client as usize - 1) {
                            *cursor = entry.clock;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn has_everything(&self) -> bool {
        let others = |number: usize| Some(number) != self.editor();
        let letters = self.letters.iter().enumerate();
        let cursors = self.cursors.iter().enumerate();
        letters.filter(|(at, _)| others(*at)).all(|(_, heard)| *heard == LETTERS)
            && cursors.filter(|(at, _)| *at != self.number).all(|(_, last)| *last == CURSORS)
    }
}

/// A caret that has moved, as y-codemirror.next tells of it. Client ids begin with 1.
fn cursor(number: usize, clock: u32) -> Vec<u8> {
    let position = format!(
        r#"{{"type":null,"tname":"content","item":{{"client":7,"clock":{clock}}},"assoc":0}}"#
    );
    let state = format!(
        r##"{{"user":{{"name":"Viewer {number}","color":"#30bced"}},"cursor":{{"anchor":{position},"head":{position}}}}}"##
    );
    let client = number as u64 + 1;
    frame::awareness(&presence::encode(&[Entry { client, clock, state: Some(state.into()) }]))
}
