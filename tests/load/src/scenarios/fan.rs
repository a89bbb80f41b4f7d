//! Some type before many in one document: what it costs the server to hand a letter on, and how long it takes; and the same
//! as fast as the server hands letters on.
//!
//! Everyone must hear every letter of everyone else, in order. The texts of some are compared with what was typed, and so is
//! a newcomer's.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

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
use crate::usage;
use crate::who::{EVERYONE, Who};

const DOCUMENT: &str = "fan";
/// The figure that matters most.
const CPU: &str = "cpu_us_per_letter";
/// Letters that are in the document before.
const LETTERS: usize = 10_000;
/// Those who do not type and keep everything; one who types does, too.
const SAMPLES: usize = 3;

/// Who is there and what they do.
pub(super) struct Fan {
    people: usize,
    writers: usize,
    pace: Pace,
    base: Arc<Base>,
    parts: Arc<Vec<Part>>,
}

/// 200 of whom 10 type five letters a second each.
pub(crate) async fn fan200(bench: &Bench) -> Outcome {
    let fan = Fan::new(bench, (200, 10), Some(5.0), Duration::from_secs(6))?;
    let sides = fan.measure_all(bench).await?;
    let cpu = |to| sides.ratio(CPU, to);
    Ok(sides.judged([
        cpu(Who::Lean).map(|ratio| ratio.at_most(1.10)),
        cpu(Who::YSweet).map(|ratio| ratio.at_most(0.85)),
        cpu(Who::YWebsocket).map(|ratio| ratio.at_most(0.5)),
        sides.ratio("p99_ms", Who::Lean).map(|ratio| ratio.at_most(1.25)),
    ]))
}

/// 1,000 of whom five type.
pub(crate) async fn fan1000(bench: &Bench) -> Outcome {
    let fan = Fan::new(bench, (1_000, 5), Some(5.0), Duration::from_secs(6))?;
    let sides = fan.measure_all(bench).await?;
    let cpu = |to| sides.ratio(CPU, to);
    Ok(sides.judged([
        cpu(Who::Lean).map(|ratio| ratio.at_most(1.10)),
        cpu(Who::YSweet).map(|ratio| ratio.at_most(0.85)),
        sides.ratio("p99_ms", Who::Lean).map(|ratio| ratio.at_most(1.25)),
    ]))
}

/// 200 of whom 10 type their next letter as soon as somebody has the last.
pub(crate) async fn max200(bench: &Bench) -> Outcome {
    let fan = Fan::new(bench, (200, 10), None, Duration::from_secs(4))?;
    let sides = fan.measure_all(bench).await?;
    let rate = |to| sides.ratio("delivered_per_s", to);
    Ok(sides.judged([
        rate(Who::Lean).map(|ratio| ratio.at_least(0.7)),
        rate(Who::YSweet).map(|ratio| ratio.at_least(3.0)),
    ]))
}

impl Fan {
    fn new(
        bench: &Bench,
        (people, writers): (usize, usize),
        rate: Option<f64>,
        time: Duration,
    ) -> Result<Self, Stop> {
        let (scale, time) = (&bench.scale, bench.scale.time(time));
        let people = scale.clients(people);
        let writers = scale.writers(writers).min(people);
        let pace = match rate {
            Some(rate) => Pace::Every(Duration::from_secs_f64(1.0 / scale.rate(rate))),
            None => Pace::Echo(time),
        };
        Self::of((people, writers), (pace, time), scale.letters(LETTERS))
    }

    /// So many who type for so long, in a document with so many letters.
    pub(super) fn of(
        (people, writers): (usize, usize),
        (pace, time): (Pace, Duration),
        letters: usize,
    ) -> Result<Self, Stop> {
        let base = Arc::new(Base::of(letters));
        let letters = letters_in(pace, time);
        let parts = (0..writers).map(|person| Part::of(person, &base, letters));
        let parts = Arc::new(parts.collect::<Result<_, _>>()?);
        Ok(Self { people, writers, pace, base, parts })
    }

    async fn measure_all(&self, bench: &Bench) -> Result<Sides, Stop> {
        Sides::of(bench, EVERYONE, async |program| self.measure(bench, program).await).await
    }

    /// What handing on a letter costs our server.
    pub(super) async fn cpu_us(&self, bench: &Bench) -> Result<f64, Stop> {
        Ok(value(&self.measure(bench, &bench.codraft).await?, CPU))
    }

    async fn measure(&self, bench: &Bench, program: &Program) -> Result<Measures, Stop> {
        let folder = bench.folder()?;
        let server = program.start(&folder.path().join("data")).await?;
        let players = self.gather(&server).await?;
        let scene = Arc::new(Scene::new(self.base.clone(), self.parts.clone(), self.pace));
        let connected = server.usage()?;
        let own_before = usage::of_process(std::process::id())?.cpu;
        let begin = Instant::now();
        let players = self.play(&scene, players).await?;
        let lasted = begin.elapsed();
        let usage = server.usage()?;
        let own = usage::of_process(std::process::id())?.cpu - own_before;

        let text = scene.text()?;
        let mut took = Spread::default();
        for player in players {
            player.ears.check(&scene, &text)?;
            took.join(player.ears.took);
        }
        expect_text(&server, DOCUMENT, &text).await?;
        let expected = scene.all_typed() * (self.people - 1);
        if took.count() != expected {
            return Err(Stop::wrong(format!("{} of {expected} letters", took.count())));
        }
        let cpu = (usage.cpu - connected.cpu).as_secs_f64();
        Ok(vec![
            (CPU, cpu * 1e6 / expected as f64),
            ("p50_ms", took.ms(0.5)),
            ("p99_ms", took.ms(0.99)),
            ("delivered_per_s", expected as f64 / lasted.as_secs_f64()),
            ("memory_mb", usage.resident as f64 / 1e6),
            ("load_cpu_us_per_letter", own.as_secs_f64() * 1e6 / expected as f64),
        ])
    }

    /// Everyone comes; the first brings the text.
    async fn gather(&self, server: &Running) -> Result<Vec<Player>, Stop> {
        server.create(DOCUMENT).await?;
        let mut players = Vec::new();
        for number in 0..self.people {
            let place = (number, self.writers, self.people);
            players.push(Player::join(server, DOCUMENT, place).await?);
            if number == 0 {
                players[0].bring(&self.base.update).await?;
                until_text(server, DOCUMENT, &self.base.text).await?;
            }
        }
        let samples = (self.writers.max(1)..self.people).rev().take(SAMPLES).chain([0]);
        samples.for_each(|number| players[number].ears.keep());
        Ok(players)
    }

    async fn play(&self, scene: &Arc<Scene>, players: Vec<Player>) -> Result<Vec<Player>, Stop> {
        let phase = |number: usize| number as f64 / self.writers as f64;
        let mut playing: JoinSet<Result<Player, Stop>> = players
            .into_iter()
            .enumerate()
            .map(|(number, player)| player.play(scene.clone(), phase(number)))
            .collect();
        let mut done = Vec::new();
        while let Some(player) = playing.join_next().await {
            done.push(player.map_err(io::Error::other)??);
        }
        Ok(done)
    }
}
