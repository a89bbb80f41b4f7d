//! 50 people who move their cursors ten times a second in one document: what it costs the server that everyone sees everyone.
//!
//! A server may leave out what is out of date, so its work is counted for each cursor that was to be seen, sent or not.

use std::time::Duration;

use crate::audience::Audience;
use crate::bench::Bench;
use crate::program::Program;
use crate::scenario::Outcome;
use crate::sides::{Measures, Sides};
use crate::stop::Stop;
use crate::who::{EVERYONE, Who};

const DOCUMENT: &str = "aw50";
const PEOPLE: usize = 50;
/// Cursors a second of each.
const CURSORS: f64 = 10.0;
const TIME: Duration = Duration::from_secs(5);

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let cursors = bench.scale.rate(CURSORS);
    let audience = Audience {
        viewers: bench.scale.clients(PEOPLE),
        editors: 0,
        cursors: (bench.scale.time(TIME).as_secs_f64() * cursors).ceil() as u32,
        cursor_every: Duration::from_secs_f64(1.0 / cursors),
        letters: 0,
        letter_every: TIME,
    };
    let measure = async |program: &Program| measure(bench, program, audience).await;
    let sides = Sides::of(bench, EVERYONE, measure).await?;
    Ok(sides.judged([
        sides.ratio("cpu_us_per_cursor", Who::Floor).map(|ratio| ratio.at_most(1.0)),
        sides.ratio("p99_ms", Who::Lean).map(|ratio| ratio.at_most(1.5)),
    ]))
}

async fn measure(bench: &Bench, program: &Program, audience: Audience) -> Result<Measures, Stop> {
    let folder = bench.folder()?;
    let server = program.start(&folder.path().join("data")).await?;
    server.create(DOCUMENT).await?;
    let heard = audience.play(&server, DOCUMENT).await?;
    let people = audience.viewers as f64;
    let expected = people * (people - 1.0) * f64::from(audience.cursors);
    let cpu = heard.after.cpu - heard.before.cpu;
    Ok(vec![
        ("cpu_us_per_cursor", cpu.as_secs_f64() * 1e6 / expected),
        ("p50_ms", heard.cursors.ms(0.5)),
        ("p99_ms", heard.cursors.ms(0.99)),
        ("seen_percent", heard.cursors.count() as f64 / expected * 1e2),
    ])
}
