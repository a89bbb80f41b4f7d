//! Everyone in a document is cut off and dials again at once: 1,000 who have all of it, and 500 who have nothing.
//!
//! Each must be answered; whoever has nothing must be sent exactly what a newcomer was sent whose text was compared. In the
//! end a newcomer has the text, and a letter reaches everyone.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use tokio::task::JoinSet;

use super::cold::bring;
use crate::bench::{Bench, expect_text};
use crate::connection::Connection;
use crate::part::{Base, Part};
use crate::program::{Program, Running};
use crate::scenario::Outcome;
use crate::sides::{Measures, Sides};
use crate::spread::Spread;
use crate::stop::Stop;
use crate::who::{EVERYONE, Who};
use crate::worn::Worn;

const DOCUMENT: &str = "reconnect";
/// Edits that have made the document: 71 kB encoded.
const EDITS: usize = 15_500;
/// How often all are cut off.
const STORMS: usize = 3;

/// 1,000 who have all of it.
pub(crate) async fn reconnect1000(bench: &Bench) -> Outcome {
    let storm = Storm::new(bench, 1_000, false)?;
    let measure = async |program: &Program| storm.measure(bench, program).await;
    let sides = Sides::of(bench, EVERYONE, measure).await?;
    Ok(sides.judged([
        sides.ratio("all_ms", Who::Lean).map(|ratio| ratio.at_most(1.5)),
        sides.ratio("all_ms", Who::YSweet).map(|ratio| ratio.at_most(0.6)),
    ]))
}

/// 500 who have nothing.
pub(crate) async fn joins500(bench: &Bench) -> Outcome {
    let storm = Storm::new(bench, 500, true)?;
    let whom = [Who::YSweet, Who::YrsAxum, Who::YWebsocket, Who::Hocuspocus];
    let measure = async |program: &Program| storm.measure(bench, program).await;
    let sides = Sides::of(bench, &whom, measure).await?;
    Ok(sides.judged([sides.ratio("all_ms", Who::YSweet).map(|ratio| ratio.at_most(0.5))]))
}

/// Who comes to what.
struct Storm {
    people: usize,
    worn: Worn,
    /// What they say they have; none if they have nothing.
    state_vector: Option<Arc<Vec<u8>>>,
}

impl Storm {
    fn new(bench: &Bench, people: usize, is_cold: bool) -> Result<Self, Stop> {
        let worn = Worn::after(bench, bench.scale.letters(EDITS))?;
        let state_vector = (!is_cold).then(|| Arc::new(worn.state_vector.clone()));
        Ok(Self { people: bench.scale.clients(people), worn, state_vector })
    }

    async fn measure(&self, bench: &Bench, program: &Program) -> Result<Measures, Stop> {
        let folder = bench.folder()?;
        let server = Arc::new(program.start(&folder.path().join("data")).await?);
        let (mut first, step2) = bring(&server, DOCUMENT, &self.worn).await?;
        let (_, mut connections) = self.come(&server, &step2).await?;
        let before = server.usage()?;
        let (mut all, mut each) = (Spread::default(), Spread::default());
        for _ in 0..bench.scale.times(STORMS) {
            connections.clear();
            let (took, here) = self.come(&server, &step2).await?;
            all.add(Duration::from_secs_f64(took.ms(1.0) / 1e3));
            each.join(took);
            connections = here;
        }
        let usage = server.usage()?;
        expect_text(&server, DOCUMENT, &self.worn.text).await?;
        check(&mut first, &mut connections).await?;
        let cpu = (usage.cpu - before.cpu).as_secs_f64();
        Ok(vec![
            ("all_ms", all.ms(0.5)),
            ("p50_ms", each.ms(0.5)),
            ("cpu_us_per_join", cpu * 1e6 / each.count() as f64),
            ("peak_memory_mb", usage.peak as f64 / 1e6),
        ])
    }

    /// Everyone dials at once; how long until each was answered.
    async fn come(
        &self,
        server: &Arc<Running>,
        step2: &Arc<Vec<u8>>,
    ) -> Result<(Spread, Vec<Connection>), Stop> {
        let begin = Instant::now();
        let mut joining: JoinSet<Result<(Duration, Connection), Stop>> = JoinSet::new();
        for _ in 0..self.people {
            let (server, step2, known) = (server.clone(), step2.clone(), self.state_vector.clone());
            joining.spawn(async move {
                let mut connection = server.connect(DOCUMENT).await?;
                let joined = match known {
                    Some(state_vector) => connection.join_with(&state_vector).await.map(drop),
                    None => connection.join_known(&step2).await,
                };
                joined.map_err(Stop::during("joining"))?;
                Ok((begin.elapsed(), connection))
            });
        }
        let (mut took, mut here) = (Spread::default(), Vec::new());
        while let Some(joined) = joining.join_next().await {
            let (after, connection) = joined.map_err(io::Error::other)??;
            took.add(after);
            here.push(connection);
        }
        Ok((took, here))
    }
}

/// A letter of the first reaches everyone.
async fn check(first: &mut Connection, others: &mut [Connection]) -> Result<(), Stop> {
    let update = Part::of(0, &Base::of(0), 1)?.updates.remove(0);
    first.send(&frame::update(&update)).await?;
    for other in others {
        other.until_heard(|message| message == Message::Update(&update)).await?;
    }
    Ok(())
}
