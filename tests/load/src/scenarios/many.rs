//! Many documents of two people each, both typing a letter a second: what a document costs by itself.
//!
//! Everyone must hear every letter of the other, in order. In some documents the texts of both are compared with what was
//! typed, and so is a newcomer's.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::bench::{Bench, expect_text, until_text};
use crate::part::{Base, Part};
use crate::player::{Player, letters_in};
use crate::program::{Program, Running};
use crate::scenario::Outcome;
use crate::scene::{Pace, Scene};
use crate::sides::{Measures, Sides, value};
use crate::spread::Spread;
use crate::stop::Stop;
use crate::who::{EVERYONE, Who};

/// The figures that matter most.
const CPU: &str = "cpu_us_per_letter";
const SIZE: &str = "kb_a_document";
const DOCUMENTS: usize = 500;
/// People in each.
const PEOPLE: usize = 2;
/// Letters that are in each before.
const LETTERS: usize = 2_000;
/// Documents whose texts are compared.
const SAMPLES: usize = 20;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let many = Many::new(bench)?;
    let measure = async |program: &Program| many.measure(bench, program).await;
    let sides = Sides::of(bench, EVERYONE, measure).await?;
    let cpu = |to| sides.ratio(CPU, to);
    Ok(sides.judged([
        cpu(Who::Lean).map(|ratio| ratio.at_most(1.4)),
        cpu(Who::YSweet).map(|ratio| ratio.at_most(0.6)),
        sides.ours(SIZE).map(|size| size.at_most(25.0)),
    ]))
}

pub(super) struct Many {
    documents: usize,
    pace: Pace,
    base: Arc<Base>,
    parts: Arc<Vec<Part>>,
}

/// A document while people type in it.
type Scenes = Vec<(Arc<Scene>, Vec<Player>)>;

impl Many {
    fn new(bench: &Bench) -> Result<Self, Stop> {
        let scale = &bench.scale;
        let pace = Pace::Every(Duration::from_secs_f64(1.0 / scale.rate(1.0)));
        let time = scale.time(Duration::from_secs(6));
        Self::of(scale.documents(DOCUMENTS), (pace, time), scale.letters(LETTERS))
    }

    /// So many documents with so many letters each, in which all type for so long.
    pub(super) fn of(
        documents: usize,
        (pace, time): (Pace, Duration),
        letters: usize,
    ) -> Result<Self, Stop> {
        let base = Arc::new(Base::of(letters));
        let letters = letters_in(pace, time);
        let parts = (0..PEOPLE).map(|person| Part::of(person, &base, letters));
        let parts = Arc::new(parts.collect::<Result<_, _>>()?);
        Ok(Self { documents, pace, base, parts })
    }

    /// What handing on a letter costs our server, and the memory that a document takes.
    pub(super) async fn cpu_us_and_kb(&self, bench: &Bench) -> Result<(f64, f64), Stop> {
        let measures = self.measure(bench, &bench.codraft).await?;
        Ok((value(&measures, CPU), value(&measures, SIZE)))
    }

    async fn measure(&self, bench: &Bench, program: &Program) -> Result<Measures, Stop> {
        let folder = bench.folder()?;
        let server = program.start(&folder.path().join("data")).await?;
        let empty = server.usage()?;
        let scenes = self.gather(&server).await?;
        let gathered = server.usage()?;
        let scenes = play(scenes).await?;
        let usage = server.usage()?;

        let mut took = Spread::default();
        let mut expected = 0;
        let every = (self.documents / SAMPLES).max(1);
        for (number, (scene, players)) in scenes.into_iter().enumerate() {
            expected += scene.all_typed();
            if number % every == 0 {
                let text = scene.text()?;
                players.iter().try_for_each(|player| player.ears.check(&scene, &text))?;
                expect_text(&server, &name(number), &text).await?;
            }
            players.into_iter().for_each(|player| took.join(player.ears.took));
        }
        if took.count() != expected {
            return Err(Stop::wrong(format!("{} of {expected} letters", took.count())));
        }
        let cpu = (usage.cpu - gathered.cpu).as_secs_f64();
        let grown = usage.resident.saturating_sub(empty.resident) as f64;
        Ok(vec![
            (CPU, cpu * 1e6 / expected as f64),
            ("p50_ms", took.ms(0.5)),
            ("p99_ms", took.ms(0.99)),
            (SIZE, grown / 1e3 / self.documents as f64),
            (
                "open_cpu_ms_a_document",
                (gathered.cpu - empty.cpu).as_secs_f64() * 1e3 / self.documents as f64,
            ),
        ])
    }

    /// Two come to each document; the first brings the text.
    async fn gather(&self, server: &Running) -> Result<Scenes, Stop> {
        let mut scenes = Vec::new();
        let every = (self.documents / SAMPLES).max(1);
        for number in 0..self.documents {
            let name = name(number);
            server.create(&name).await?;
            let mut players = Vec::new();
            for person in 0..PEOPLE {
                players.push(Player::join(server, &name, (person, PEOPLE, PEOPLE)).await?);
            }
            players[0].bring(&self.base.update).await?;
            if number % every == 0 {
                players.iter_mut().for_each(|player| player.ears.keep());
            }
            let scene = Scene::new(self.base.clone(), self.parts.clone(), self.pace);
            scenes.push((Arc::new(scene), players));
        }
        // What was brought last is there last.
        until_text(server, &name(self.documents - 1), &self.base.text).await?;
        Ok(scenes)
    }
}

fn name(number: usize) -> String {
    format!("many-{number}")
}

/// All type, each document's people at other moments than the next one's.
async fn play(scenes: Scenes) -> Result<Scenes, Stop> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut playing: JoinSet<Result<(usize, usize, Player), Stop>> = JoinSet::new();
    let mut played: Vec<_> = Vec::new();
    for (number, (scene, players)) in scenes.into_iter().enumerate() {
        for (person, player) in players.into_iter().enumerate() {
            let (scene, phase) = (scene.clone(), random.f64());
            playing.spawn(async move { Ok((number, person, player.play(scene, phase).await?)) });
        }
        played.push((scene, Vec::new()));
    }
    while let Some(done) = playing.join_next().await {
        let (number, _, player) = done.map_err(io::Error::other)??;
        played[number].1.push(player);
    }
    Ok(played)
}
