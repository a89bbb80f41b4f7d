//! Two people in a document of whom one types: how long a letter takes to the other is what people notice of whatever else
//! a server does. Knows nothing of what else that is.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use tokio::task::JoinSet;
use tokio::time::interval_at;

use crate::connection::Connection;
use crate::program::Running;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::writing::Author;

/// How often somebody types a letter.
const LETTER_EVERY: Duration = Duration::from_millis(100);
/// Everyone begins within the first of these, not all at once.
const SLOTS: u64 = 50;

/// Somebody who types, and somebody who reads it.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) name: String,
    seed: u64,
    author: Author,
    writer: Connection,
    reader: Connection,
    /// Letters that the reader does not have yet, in order.
    underway: VecDeque<(Vec<u8>, Instant)>,
    letters: Spread,
    /// How late the letters were typed: what this process adds to every figure.
    late: Spread,
}

impl Pair {
    /// Both join the document.
    pub(crate) async fn open(server: &Running, name: &str, seed: u64) -> Result<Self, Stop> {
        let (mut writer, mut reader) = (server.connect(name).await?, server.connect(name).await?);
        writer.join().await?;
        reader.join().await?;
        let (name, author) = (name.to_owned(), Author::new(seed));
        let (underway, letters, late) = (VecDeque::new(), Spread::default(), Spread::default());
        Ok(Self { name, seed, author, writer, reader, underway, letters, late })
    }

    /// Types evenly for a while, until the reader has all of it.
    async fn type_until(mut self, end: Instant) -> Result<Self, Stop> {
        let offset = LETTER_EVERY / SLOTS as u32 * (self.seed % SLOTS) as u32;
        let mut ticks = interval_at((Instant::now() + offset).into(), LETTER_EVERY);
        while Instant::now() < end || !self.underway.is_empty() {
            tokio::select! {
                due = ticks.tick() => if Instant::now() < end {
                    self.late.add(due.elapsed());
                    self.type_one().await?;
                },
                // Whoever does not read is let go.
                heard = self.writer.incoming.next() => drop(heard.map_err(let_go(&self.name))?),
                heard = self.reader.incoming.next() => {
                    let heard = heard.map_err(let_go(&self.name))?.to_vec();
                    self.hear(&heard)?;
                }
            }
        }
        Ok(self)
    }

    async fn type_one(&mut self) -> Result<(), Stop> {
        let update = self.author.edit();
        let message = frame::update(&update);
        self.underway.push_back((update, Instant::now()));
        Ok(self.writer.send(&message).await?)
    }

    /// Others write into the same document; the letters must come in order.
    fn hear(&mut self, heard: &[u8]) -> Result<(), Stop> {
        for message in frame::messages(heard) {
            let Message::Update(update) = message.map_err(io::Error::other)? else { continue };
            if let Some((_, sent)) = self.underway.pop_front_if(|(letter, _)| letter == update) {
                self.letters.add(sent.elapsed());
            }
        }
        Ok(())
    }

    /// What the writer typed, as one update.
    pub(crate) fn state(&self) -> Vec<u8> {
        self.author.encode()
    }

    /// What the letters took since this was asked last, and how late they were typed.
    pub(crate) fn take_times(&mut self) -> (Spread, Spread) {
        (std::mem::take(&mut self.letters), std::mem::take(&mut self.late))
    }
}

fn let_go(name: &str) -> impl Fn(io::Error) -> Stop + '_ {
    move |error| Stop::wrong(format!("somebody in {name} was let go: {error}"))
}

/// All type until then.
pub(crate) async fn type_together(pairs: Vec<Pair>, end: Instant) -> Result<Vec<Pair>, Stop> {
    let mut typing: JoinSet<Result<Pair, Stop>> =
        pairs.into_iter().map(|pair| pair.type_until(end)).collect();
    let mut pairs = Vec::new();
    while let Some(pair) = typing.join_next().await {
        pairs.push(pair.map_err(io::Error::other)??);
    }
    Ok(pairs)
}
