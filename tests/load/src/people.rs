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

/// Pairs begin at this many different moments within the time of one letter, not all at once.
const SLOTS: u32 = 50;

/// Somebody who types, and somebody who reads it.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) name: String,
    author: Author,
    writer: Connection,
    reader: Connection,
    /// Letters that the reader does not have yet, in order.
    underway: VecDeque<(Vec<u8>, Instant)>,
    letters: Spread,
    /// How late the letters were typed: what this process adds to every figure.
    late: Spread,
}

/// How often somebody types, and which of the moments they begin at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) letter_every: Duration,
    pub(crate) slot: u32,
}

impl Pair {
    /// Both join the document.
    pub(crate) async fn open(server: &Running, name: &str, author: Author) -> Result<Self, Stop> {
        let (mut writer, mut reader) = (server.connect(name).await?, server.connect(name).await?);
        writer.join().await?;
        reader.join().await?;
        let name = name.to_owned();
        let (underway, letters, late) = (VecDeque::new(), Spread::default(), Spread::default());
        Ok(Self { name, author, writer, reader, underway, letters, late })
    }

    /// Types evenly for a while, until the reader has all of it.
    pub(crate) async fn type_until(mut self, pace: Pace, end: Instant) -> Result<Self, Stop> {
        let offset = pace.letter_every / SLOTS * (pace.slot % SLOTS);
        let mut ticks = interval_at((Instant::now() + offset).into(), pace.letter_every);
        while Instant::now() < end || !self.underway.is_empty() {
            tokio::select! {
                due = ticks.tick() => if Instant::now() < end {
                    self.late.add(due.elapsed());
                    self.type_one().await?;
                },
                // Whoever does not read is let go.
                heard = self.writer.incoming.next() => drop(heard.map_err(let_go(&self.name))?),
                heard = self.reader.incoming.next() => {
                    let heard = heard.map_err(let_go(&self.name))?;
                    hear(&mut self.underway, &mut self.letters, heard)?;
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

    /// What the writer typed, as one update.
    pub(crate) fn state(&self) -> Vec<u8> {
        self.author.encode()
    }

    /// What the letters took since this was asked last, and how late they were typed.
    pub(crate) fn take_times(&mut self) -> (Spread, Spread) {
        (std::mem::take(&mut self.letters), std::mem::take(&mut self.late))
    }

    /// Both leave; whoever typed may come again.
    pub(crate) fn into_author(self) -> Author {
        self.author
    }
}

/// Others write into the same document; the letters must come in order.
fn hear(
    underway: &mut VecDeque<(Vec<u8>, Instant)>,
    letters: &mut Spread,
    heard: &[u8],
) -> Result<(), Stop> {
    for message in frame::messages(heard) {
        let Message::Update(update) = message.map_err(io::Error::other)? else { continue };
        if let Some((_, sent)) = underway.pop_front_if(|(letter, _)| letter == update) {
            letters.add(sent.elapsed());
        }
    }
    Ok(())
}

fn let_go(name: &str) -> impl Fn(io::Error) -> Stop + '_ {
    move |error| Stop::wrong(format!("somebody in {name} was let go: {error}"))
}

/// All type at this pace until then, one after another of them a moment later.
pub(crate) async fn type_together(
    pairs: Vec<Pair>,
    letter_every: Duration,
    end: Instant,
) -> Result<Vec<Pair>, Stop> {
    let mut typing: JoinSet<Result<Pair, Stop>> = (0..)
        .zip(pairs)
        .map(|(slot, pair)| pair.type_until(Pace { letter_every, slot }, end))
        .collect();
    let mut pairs = Vec::new();
    while let Some(pair) = typing.join_next().await {
        pairs.push(pair.map_err(io::Error::other)??);
    }
    Ok(pairs)
}
