//! Somebody in a document where people type, and what they send.
//! Knows nothing of why they type, and not what they hear.

use std::sync::Arc;
use std::time::{Duration, Instant};

use codraft_core::frame;
use tokio::time::{Interval, interval_at};

use crate::connection::Connection;
use crate::ears::Ears;
use crate::program::Running;
use crate::scene::{Pace, Scene};
use crate::stop::Stop;

/// An update that says nothing.
const NOTHING: [u8; 2] = [0, 0];

/// One person.
#[derive(Debug)]
pub(crate) struct Player {
    /// Those who type are the first.
    number: usize,
    connection: Connection,
    pub(crate) ears: Ears,
}

/// How somebody goes on typing.
#[derive(Debug)]
enum Pen {
    Ticks(Interval),
    /// Until then.
    Echo(Instant),
    /// There is nothing more to type.
    Down,
}

impl Player {
    /// Comes to the document, in which there will be so many, with nothing in hand.
    pub(crate) async fn join(
        server: &Running,
        document: &str,
        (number, writers, everyone): (usize, usize, usize),
    ) -> Result<Self, Stop> {
        let mut connection = server.connect(document).await?;
        connection.join().await?;
        Ok(Self { number, connection, ears: Ears::new(number, writers, everyone) })
    }

    /// Puts the text into the document that all type over.
    pub(crate) async fn bring(&mut self, update: &[u8]) -> Result<(), Stop> {
        Ok(self.connection.send(&frame::update(update)).await?)
    }

    /// Does their part, until they have heard everyone else's; begins with a letter at this part of the time between two.
    pub(crate) async fn play(mut self, scene: Arc<Scene>, phase: f64) -> Result<Self, Stop> {
        let mut pen = Pen::take(&scene, self.number, phase);
        let mut over = scene.over();
        let mut is_over = *over.borrow_and_update();
        if matches!(pen, Pen::Echo(_)) {
            self.type_one(&scene, &mut pen).await?;
        }
        while !(is_over && self.ears.have_everything(&scene)) {
            tokio::select! {
                listened = listen(&mut self.connection, &mut self.ears, &scene) => if listened? {
                    self.connection.send(&frame::step2(&NOTHING)).await?;
                },
                goes_on = pen.next(&scene, self.number) => match goes_on {
                    true => self.type_one(&scene, &mut pen).await?,
                    false => pen.put_down(&scene),
                },
                _ = over.changed(), if !is_over => is_over = true,
            }
        }
        Ok(self)
    }

    async fn type_one(&mut self, scene: &Scene, pen: &mut Pen) -> Result<(), Stop> {
        let number = scene.send(self.number);
        let updates = &scene.parts[self.number].updates;
        self.connection.send(&frame::update(&updates[number])).await?;
        if number + 1 == updates.len() {
            pen.put_down(scene);
        }
        Ok(())
    }
}

impl Pen {
    fn take(scene: &Scene, number: usize, phase: f64) -> Self {
        if scene.writers() <= number {
            return Self::Down;
        }
        match scene.pace {
            Pace::Every(pause) => {
                Self::Ticks(interval_at((Instant::now() + pause.mul_f64(phase)).into(), pause))
            }
            Pace::Echo(time) => Self::Echo(Instant::now() + time),
        }
    }

    /// Waits until the next letter is due; false when there is none. Never ready once the pen is down.
    async fn next(&mut self, scene: &Scene, writer: usize) -> bool {
        match self {
            Self::Down => std::future::pending().await,
            Self::Ticks(ticks) => {
                ticks.tick().await;
                true
            }
            Self::Echo(end) => {
                scene.told(writer).await;
                Instant::now() < *end
            }
        }
    }

    fn put_down(&mut self, scene: &Scene) {
        *self = Self::Down;
        scene.put_down();
    }
}

/// Hears all that has come; whether something was asked.
async fn listen(connection: &mut Connection, ears: &mut Ears, scene: &Scene) -> Result<bool, Stop> {
    let heard = connection.incoming.next().await.map_err(Stop::during("listening"))?;
    let mut asks = ears.hear(scene, heard)?;
    while let Some(heard) = connection.incoming.next_here().map_err(Stop::during("listening"))? {
        asks |= ears.hear(scene, heard)?;
    }
    Ok(asks)
}

/// Letters in so long at this pace, at the most.
pub(crate) fn letters_in(pace: Pace, time: Duration) -> usize {
    /// More than any server hands on.
    const MOST_A_SECOND: f64 = 1_500.0;
    let count = match pace {
        Pace::Every(pause) => time.as_secs_f64() / pause.as_secs_f64(),
        Pace::Echo(time) => time.as_secs_f64() * MOST_A_SECOND,
    };
    (count.round() as usize).max(1)
}
