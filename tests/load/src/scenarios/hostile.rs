//! Somebody who sends everything that has ever broken yrs, again and again, and what everyone else notices.
//!
//! `tests/fixtures/hostile-updates` has the inputs. Quiet turns and hostile ones take turns within the run. Each input must
//! be taken as the tests say; in the end every text is there, also in the document to which the inputs were sent.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use codraft_tests::{Hostile, Reaction, corpus};
use tokio::time::timeout;

use crate::aside::far_aside;
use crate::bench::{Bench, expect_text};
use crate::connection::{Closed, Connection};
use crate::crowd::Crowd;
use crate::figure::Figure;
use crate::program::Running;
use crate::scenario::Outcome;
use crate::stop::Stop;

const DOCUMENT: &str = "hostile";
const TURN: Duration = Duration::from_secs(5);
const TURNS: usize = 3;
/// How long the server may take over an input.
const LIMIT: Duration = Duration::from_secs(10);
/// What people elsewhere may notice of it: as much as nothing.
const UNCHANGED: f64 = 1.5;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let folder = bench.folder()?;
    let server = Arc::new(bench.codraft.start(&folder.path().join("data")).await?);
    let idle = Arc::new(bench.codraft.start(&folder.path().join("idle")).await?);
    let mut crowd = Crowd::gather(&server, &idle, DOCUMENT).await?;
    let inputs = Arc::new(corpus());
    let turn = bench.scale.time(TURN);
    let (mut sent, mut seconds) = (0, 0.0);
    for _ in 0..bench.scale.times(TURNS) {
        crowd.type_for(turn, false).await?;
        let (server, inputs) = (server.clone(), inputs.clone());
        let attack = far_aside(move || attack(server, inputs, turn));
        let ((), (more, took)) = tokio::try_join!(crowd.type_for(turn, true), attack)?;
        (sent, seconds) = (sent + more, seconds + took.as_secs_f64());
    }
    expect_text(&server, DOCUMENT, &crowd.text_with(let_in(&inputs)?)?).await?;
    crowd.check_elsewhere().await?;
    let (quiet, busy) = (&crowd.quiet, &crowd.busy);
    let ratio = busy.elsewhere.ms(0.99) / quiet.elsewhere.ms(0.99);
    let beside = busy.beside.ms(0.99) / quiet.beside.ms(0.99);
    Ok(vec![
        Figure::new("inputs", inputs.len() as f64),
        Figure::new("inputs_per_s", sent as f64 / seconds),
        Figure::new("p99_elsewhere_quiet_ms", quiet.elsewhere.ms(0.99)),
        Figure::new("p99_elsewhere_ms", busy.elsewhere.ms(0.99)),
        Figure::new("p99_elsewhere_to_quiet", ratio).at_most(UNCHANGED),
        Figure::new("p99_idle_server_to_quiet", beside),
        Figure::new("p99_here_ms", busy.here.ms(0.99)),
    ])
}

/// Sends all inputs one after another, each from a new connection, until the turn is over; how many, and how long it took.
async fn attack(
    server: Arc<Running>,
    inputs: Arc<Vec<Hostile>>,
    turn: Duration,
) -> Result<(usize, Duration), Stop> {
    let begin = Instant::now();
    let mut sent = 0;
    while begin.elapsed() < turn {
        for input in inputs.iter() {
            let reaction = send(&server, input).await?;
            if reaction != input.reaction {
                let Hostile { name, reaction: expected, .. } = input;
                return Err(Stop::wrong(format!("{name}: {reaction:?}, not {expected:?}")));
            }
            sent += 1;
        }
    }
    Ok((sent, begin.elapsed()))
}

/// Sends an input after joining; how the server takes it.
async fn send(server: &Running, input: &Hostile) -> Result<Reaction, Stop> {
    let mut hostile = server.connect(DOCUMENT).await?;
    hostile.join().await?;
    let late = |_| Stop::wrong(format!("{}: no reaction within {LIMIT:?}", input.name));
    match timeout(LIMIT, reaction(&mut hostile, input)).await.map_err(late)? {
        Ok(reaction) => Ok(reaction),
        Err(error) => match Closed::code(&error) {
            Some(code) => Ok(Reaction::Closes(code)),
            None => Err(Stop::during(&input.name)(error)),
        },
    }
}

/// Asks for the document behind an input that ought not to end the connection: the answer says that the server goes on.
async fn reaction(hostile: &mut Connection, input: &Hostile) -> io::Result<Reaction> {
    hostile.send(&input.frame).await?;
    if !matches!(input.reaction, Reaction::Closes(_)) {
        hostile.send(&frame::step1(&[0])).await?;
    }
    let mut reaction = Reaction::Takes;
    loop {
        let heard = hostile.incoming.next().await?;
        for message in frame::messages(heard) {
            match message.map_err(io::Error::other)? {
                Message::Step1(_) => reaction = Reaction::Asks,
                Message::Step2(_) => return Ok(reaction),
                _ => {}
            }
        }
    }
}

/// What the document has of the inputs.
fn let_in(inputs: &[Hostile]) -> Result<Vec<u8>, Stop> {
    let taken = inputs.iter().find(|input| input.reaction == Reaction::Takes);
    let messages = taken.into_iter().flat_map(|input| frame::messages(&input.frame));
    let updates = messages.filter_map(|message| match message {
        Ok(Message::Update(update)) => Some(update.to_vec()),
        _ => None,
    });
    updates.last().ok_or_else(|| Stop::wrong("no input is one that is let in"))
}
