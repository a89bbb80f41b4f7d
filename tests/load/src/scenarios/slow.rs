//! Somebody who stops reading while 1,000 edits a second are made in their document, and what everyone else notices.
//!
//! Twice: with letters, which fit into what the kernel and the server keep for them, and with pages that are pasted and
//! deleted again, which do not. With the slow reader and without take turns within the run. In the end the slow reader has
//! the text by reading on, or has been told to connect again (1013) and has it then.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use codraft_core::{ClientId, Replica, Splice};
use tokio::time::interval;

use crate::bench::{Bench, expect_text};
use crate::connection::{Closed, Connection};
use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::program::Running;
use crate::scenario::Outcome;
use crate::stop::Stop;
use crate::trace::replay;
use crate::writing::Author;

const DOCUMENT: &str = "slow";
/// How long nobody reads, and how often that is.
const TURN: Duration = Duration::from_secs(10);
const TURNS: usize = 2;
/// Edits come this often.
const EDIT_EVERY: Duration = Duration::from_millis(1);
/// Bytes of a page.
const PAGE_BYTES: usize = 8 << 10;
/// Who edits: nobody else in the document.
const SEED: u64 = 2_000;
/// "Fell behind, connect again".
const FELL_BEHIND: u16 = 1013;
/// What a server may keep for one who does not read, in MB: the bound of an outbox and a little.
const OUTBOX_MB: f64 = 20.0;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let letters = measure(bench, Source::Letters(Author::new(SEED))).await?;
    let author = Replica::new(ClientId::from_random(SEED));
    let pages = measure(bench, Source::Pages { author, is_pasted: false }).await?;
    Ok(vec![
        Figure::new("letters_let_go_of_2", letters.let_go),
        Figure::new("letters_p99_here_ms", letters.crowd.busy.here.ms(0.99)),
        Figure::new("letters_p99_here_to_without", letters.here()).at_most(1.5),
        Figure::new("letters_p99_elsewhere_to_without", letters.elsewhere()).at_most(1.5),
        Figure::new("letters_memory_more_than_without_mb", letters.memory_mb).at_most(OUTBOX_MB),
        Figure::new("pages_let_go_of_2", pages.let_go),
        Figure::new("pages_p99_here_ms", pages.crowd.busy.here.ms(0.99)),
        Figure::new("pages_p99_here_to_without", pages.here()).at_most(1.5),
        Figure::new("pages_p99_elsewhere_to_without", pages.elsewhere()).at_most(1.5),
        Figure::new("pages_memory_more_than_without_mb", pages.memory_mb).at_most(OUTBOX_MB),
    ])
}

/// Whoever makes the edits.
enum Source {
    Letters(Author),
    Pages { author: Replica, is_pasted: bool },
}

impl Source {
    fn edit(&mut self) -> Vec<u8> {
        match self {
            Self::Letters(author) => author.edit(),
            Self::Pages { author, is_pasted } => {
                *is_pasted = !*is_pasted;
                let page = Splice::new(0, 0, "x".repeat(PAGE_BYTES));
                author.edit(&[if *is_pasted {
                    page
                } else {
                    Splice::new(0, PAGE_BYTES as u32, "")
                }])
            }
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Letters(author) => author.encode(),
            Self::Pages { author, .. } => author.encode(),
        }
    }
}

struct Measured {
    crowd: Crowd,
    let_go: f64,
    memory_mb: f64,
}

impl Measured {
    fn here(&self) -> f64 {
        self.crowd.busy.here.ms(0.99) / self.crowd.quiet.here.ms(0.99)
    }

    fn elsewhere(&self) -> f64 {
        self.crowd.busy.elsewhere.ms(0.99) / self.crowd.quiet.elsewhere.ms(0.99)
    }
}

async fn measure(bench: &Bench, mut source: Source) -> Result<Measured, Stop> {
    let folder = bench.folder()?;
    let server = Arc::new(bench.codraft.start(&folder.path().join("data")).await?);
    let idle = Arc::new(bench.codraft.start(&folder.path().join("idle")).await?);
    let mut crowd = Crowd::gather(&server, &idle, DOCUMENT).await?;
    let mut writer = server.connect(DOCUMENT).await?;
    writer.join().await?;
    let mut growth = [0.0_f64; 2];
    let mut let_go = 0.0;
    let time = bench.scale.time(TURN);
    for _ in 0..bench.scale.times(TURNS) {
        for is_slow in [false, true] {
            let mut slow = match is_slow {
                true => Some(Slow::join(&server).await?),
                false => None,
            };
            let before = server.usage()?.resident;
            let turn = async {
                tokio::try_join!(
                    crowd.type_for(time, is_slow),
                    edit_evenly(&mut writer, &mut source, time)
                )
            };
            let (_, most) = server.watched(turn).await?;
            let grown = &mut growth[usize::from(is_slow)];
            *grown = grown.max(most.saturating_sub(before) as f64 / 1e6);
            let last = source.edit();
            writer.save(&last).await.map_err(Stop::during("writing the last word"))?;
            let text = crowd.text_with(source.encode())?;
            if let Some(slow) = &mut slow {
                let_go += f64::from(u8::from(!slow.reads_on(&last, &text).await?));
            }
            expect_text(&server, DOCUMENT, &text).await?;
        }
    }
    crowd.check_elsewhere().await?;
    Ok(Measured { crowd, let_go, memory_mb: growth[1] - growth[0] })
}

/// Edits for one turn, reading what comes back, until all of it is saved.
async fn edit_evenly(
    writer: &mut Connection,
    source: &mut Source,
    time: Duration,
) -> Result<(), Stop> {
    let mut ticks = interval(EDIT_EVERY);
    let begin = Instant::now();
    while begin.elapsed() < time {
        tokio::select! {
            _ = ticks.tick() => writer.send(&frame::update(&source.edit())).await?,
            heard = writer.incoming.next() => drop(heard?),
        }
    }
    writer.until_saved().await.map_err(Stop::during("editing"))
}

/// Somebody who does not read.
struct Slow {
    connection: Connection,
    /// What they have read so far.
    has: Vec<Vec<u8>>,
}

impl Slow {
    async fn join(server: &Running) -> Result<Self, Stop> {
        let mut connection = server.connect(DOCUMENT).await?;
        let has = vec![connection.join().await?];
        Ok(Self { connection, has })
    }

    /// Reads up to the last update, and has the text; false when that ends with the word to connect again.
    async fn reads_on(&mut self, last: &[u8], text: &str) -> Result<bool, Stop> {
        while self.has.last().is_none_or(|update| update != last) {
            let heard = match self.connection.incoming.next().await {
                Ok(heard) => heard,
                Err(error) if Closed::code(&error) == Some(FELL_BEHIND) => return Ok(false),
                Err(error) => return Err(Stop::during("reading again")(error)),
            };
            for message in frame::messages(heard) {
                if let Message::Update(update) = message.map_err(io::Error::other)? {
                    self.has.push(update.to_vec());
                }
            }
        }
        match replay(&self.has)?.text() == text {
            true => Ok(true),
            false => Err(Stop::wrong("who read on has another text")),
        }
    }
}
