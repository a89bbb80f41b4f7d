//! 200 documents to which five people each come, type and go, again and again: what a server still takes when all have
//! gone is what it took before.
//!
//! Before is after they have come and gone for a minute, and all rooms have closed again: memory that an allocator has but
//! has not touched yet is not counted by the kernel. In the end every document has the text that was typed into it.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use crate::bench::{Bench, expect_text};
use crate::figure::Figure;
use crate::inside::Inside;
use crate::program::Running;
use crate::scenario::Outcome;
use crate::stop::Stop;
use crate::trace::replay;
use crate::usage::Usage;
use crate::writing::Author;

const DOCUMENTS: usize = 200;
/// How long people come and go.
const TIME: Duration = Duration::from_secs(60);
const EDITORS: u64 = 5;
/// How often each types a letter while they are there.
const LETTER_EVERY: Duration = Duration::from_millis(500);
/// Letters of one visit.
const LETTERS: u32 = 40;
/// The longest pause between two visits: rooms close 30 s after everyone has gone, so that some do and some do not.
const PAUSE_MS: u64 = 60_000;
/// How long they come and go before what it takes is looked at for the first time.
const WARM_UP: Duration = Duration::from_secs(60);
/// How long a server may take to give everything back: until rooms have closed, the store has rested, and the allocator and
/// threads have ended what they keep for a while.
const REST: Duration = Duration::from_secs(90);
/// How much of what it took before it may take more or less.
const MARGIN: f64 = 0.1;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let folder = bench.folder()?;
    let server = Arc::new(bench.codraft.start(&folder.path().join("data")).await?);
    let mut documents: Vec<Document> =
        (0..bench.scale.documents(DOCUMENTS) as u64).map(Document::new).collect();
    documents = all_visit(&server, documents, bench.scale.warm_up(WARM_UP)).await?;
    let rest = bench.scale.warm_up(REST);
    sleep(rest).await;
    let before = Taken::by(&server).await?;
    let time = bench.scale.time(TIME);
    let (documents, busy) = server.watched(all_visit(&server, documents, time)).await?;
    sleep(rest).await;
    let after = Taken::by(&server).await?;
    let mut letters = 0;
    for document in &documents {
        expect_text(&server, &document.name, &document.text()?).await?;
        letters += document.letters;
    }
    Ok(figures(&before, busy, &after, letters))
}

/// What a server takes at one moment, as the kernel and as it itself sees it.
struct Taken {
    usage: Usage,
    inside: Inside,
}

impl Taken {
    async fn by(server: &Running) -> Result<Self, Stop> {
        Ok(Self { usage: server.usage()?, inside: server.inside().await? })
    }
}

fn figures(before: &Taken, busy: u64, after: &Taken, letters: u32) -> Vec<Figure> {
    let to_before = |name, of: fn(&Taken) -> u64| {
        Figure::new(name, of(after) as f64 / of(before) as f64).at_most(1.0 + MARGIN)
    };
    let megabytes = |name, bytes: u64| Figure::new(name, bytes as f64 / 1e6);
    vec![
        Figure::new("letters", f64::from(letters)),
        megabytes("memory_before_mb", before.usage.resident),
        megabytes("memory_at_most_mb", busy),
        megabytes("memory_after_mb", after.usage.resident),
        megabytes("heap_live_before_mb", before.inside.live),
        megabytes("heap_live_after_mb", after.inside.live),
        megabytes("heap_resident_before_mb", before.inside.resident),
        megabytes("heap_resident_after_mb", after.inside.resident),
        Figure::new("descriptors_after", after.usage.descriptors as f64),
        Figure::new("threads_after", after.usage.threads as f64),
        Figure::new("tasks_after", after.inside.tasks as f64),
        to_before("memory_after_to_before", |taken| taken.usage.resident),
        to_before("heap_live_after_to_before", |taken| taken.inside.live),
        to_before("descriptors_after_to_before", |taken| taken.usage.descriptors),
        to_before("threads_after_to_before", |taken| taken.usage.threads),
        to_before("tasks_after_to_before", |taken| taken.inside.tasks),
    ]
}

/// A document and those who come to it.
struct Document {
    name: String,
    editors: Vec<Author>,
    random: fastrand::Rng,
    letters: u32,
}

impl Document {
    fn new(number: u64) -> Self {
        let editors = (0..EDITORS).map(|editor| Author::new(number * EDITORS + editor)).collect();
        let random = fastrand::Rng::with_seed(number);
        Self { name: format!("soak-{number}"), editors, random, letters: 0 }
    }

    /// Everyone comes, and comes again after a pause until there is no time left.
    async fn visits(mut self, server: Arc<Running>, end: Instant) -> Result<Self, Stop> {
        loop {
            self.visit(&server).await?;
            let pause = Duration::from_millis(self.random.u64(..PAUSE_MS));
            if end < Instant::now() + pause {
                return Ok(self);
            }
            sleep(pause).await;
        }
    }

    async fn visit(&mut self, server: &Arc<Running>) -> Result<(), Stop> {
        let editors = self.editors.drain(..);
        let mut typing: JoinSet<Result<Author, Stop>> =
            editors.map(|author| write_there(server.clone(), self.name.clone(), author)).collect();
        while let Some(author) = typing.join_next().await {
            self.editors.push(author.map_err(io::Error::other)??);
            self.letters += LETTERS;
        }
        Ok(())
    }

    fn text(&self) -> Result<String, Stop> {
        let states: Vec<Vec<u8>> = self.editors.iter().map(Author::encode).collect();
        Ok(replay(&states)?.text())
    }
}

/// One person's visit: they go when everything they typed is saved.
async fn write_there(
    server: Arc<Running>,
    name: String,
    mut author: Author,
) -> Result<Author, Stop> {
    let mut connection = server.connect(&name).await?;
    connection.join().await?;
    let mut ticks = interval(LETTER_EVERY);
    for _ in 0..LETTERS {
        ticks.tick().await;
        connection.save(&author.edit()).await.map_err(Stop::during("typing"))?;
    }
    Ok(author)
}

async fn all_visit(
    server: &Arc<Running>,
    documents: Vec<Document>,
    time: Duration,
) -> Result<Vec<Document>, Stop> {
    let end = Instant::now() + time;
    let mut visiting: JoinSet<Result<Document, Stop>> =
        documents.into_iter().map(|document| document.visits(server.clone(), end)).collect();
    let mut documents = Vec::new();
    while let Some(document) = visiting.join_next().await {
        documents.push(document.map_err(io::Error::other)??);
    }
    Ok(documents)
}
