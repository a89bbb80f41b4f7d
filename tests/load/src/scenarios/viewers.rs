//! 500 people who look on and move their cursors once a second, and five who type: how long a letter takes to everyone.

use std::time::Duration;

use crate::audience::Audience;
use crate::bench::{Bench, expect_text};
use crate::program::Program;
use crate::scenario::Outcome;
use crate::sides::{Measures, Sides};
use crate::stop::Stop;
use crate::trace::replay;
use crate::who::EVERYONE;

const DOCUMENT: &str = "viewers";
const VIEWERS: usize = 500;
const EDITORS: usize = 5;
/// How long all do what they do.
const TIME: Duration = Duration::from_secs(10);
const CURSOR_EVERY: Duration = Duration::from_secs(1);
/// Letters a second of each who types.
const LETTERS: f64 = 5.0;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let (scale, time) = (&bench.scale, bench.scale.time(TIME));
    let letters = scale.rate(LETTERS);
    let audience = Audience {
        viewers: scale.clients(VIEWERS),
        editors: scale.writers(EDITORS),
        cursors: time.as_secs_f64().ceil() as u32,
        cursor_every: CURSOR_EVERY,
        letters: (time.as_secs_f64() * letters).ceil() as usize,
        letter_every: Duration::from_secs_f64(1.0 / letters),
    };
    let measure = async |program: &Program| measure(bench, program, audience).await;
    let sides = Sides::of(bench, EVERYONE, measure).await?;
    Ok(sides.judged([sides.ours("edit_p95_ms").map(|took| took.at_most(50.0))]))
}

async fn measure(bench: &Bench, program: &Program, audience: Audience) -> Result<Measures, Stop> {
    let folder = bench.folder()?;
    let server = program.start(&folder.path().join("data")).await?;
    server.create(DOCUMENT).await?;
    let heard = audience.play(&server, DOCUMENT).await?;
    expect_text(&server, DOCUMENT, &replay(&heard.states)?.text()).await?;
    Ok(vec![
        ("edit_p50_ms", heard.letters.ms(0.5)),
        ("edit_p95_ms", heard.letters.ms(0.95)),
        ("peak_memory_mb", heard.after.peak as f64 / 1e6),
        ("server_cpu_s", (heard.after.cpu - heard.before.cpu).as_secs_f64()),
    ])
}
