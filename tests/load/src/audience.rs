//! People in one document who move their cursors, and some who type: everyone must be sent every letter of everyone else, in
//! order, and the last cursor of everyone who looks on. A server may leave out cursors that are out of date.
//! Knows nothing of why they do.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use codraft_core::frame::{self, Message};
use codraft_core::presence;
use tokio::task::JoinSet;
use tokio::time::{Interval, interval_at};

use crate::connection::Connection;
use crate::cursor::{cursor, number_of};
use crate::program::Running;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::usage::Usage;
use crate::writing::Author;

/// How many there are, and how much they do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Audience {
    pub(crate) viewers: usize,
    pub(crate) editors: usize,
    /// Cursors of each who looks on.
    pub(crate) cursors: u32,
    pub(crate) cursor_every: Duration,
    /// Letters of each who types.
    pub(crate) letters: usize,
    pub(crate) letter_every: Duration,
}

/// What it came to.
#[derive(Debug)]
pub(crate) struct Heard {
    /// What letters took to each of the others.
    pub(crate) letters: Spread,
    /// What those cursors took that were not out of date.
    pub(crate) cursors: Spread,
    /// The server before, and after everyone had everything.
    pub(crate) before: Usage,
    pub(crate) after: Usage,
    /// What each who types has written.
    pub(crate) states: Vec<Vec<u8>>,
}

impl Audience {
    /// Everyone comes to the document, does all they do, and hears all that others do.
    pub(crate) async fn play(self, server: &Running, document: &str) -> Result<Heard, Stop> {
        let (script, states) = Script::new(self);
        let script = Arc::new(script);
        let mut people = Vec::new();
        for number in 0..self.viewers + self.editors {
            people.push(Person::join(server, document, number, self).await?);
        }
        let before = server.usage()?;
        let mut playing: JoinSet<Result<(Spread, Spread), Stop>> =
            people.into_iter().map(|person| person.play(script.clone())).collect();
        let (mut letters, mut cursors) = (Spread::default(), Spread::default());
        while let Some(heard) = playing.join_next().await {
            let (of_letters, of_cursors) = heard.map_err(io::Error::other)??;
            letters.join(of_letters);
            cursors.join(of_cursors);
        }
        Ok(Heard { letters, cursors, before, after: server.usage()?, states })
    }
}

/// What will be done, and when it was.
struct Script {
    begin: Instant,
    letters: Vec<Vec<Letter>>,
    /// Microseconds after the beginning at which each cursor of each who looks on was sent; they are counted from 1 on.
    cursors: Vec<Vec<AtomicU64>>,
}

struct Letter {
    update: Vec<u8>,
    /// Microseconds after the beginning.
    sent: AtomicU64,
}

impl Script {
    /// With what each who types has written in the end.
    fn new(audience: Audience) -> (Self, Vec<Vec<u8>>) {
        let (letters, states) = (0..audience.editors as u64)
            .map(|seed| {
                let mut author = Author::new(seed);
                let letter = |_| Letter { update: author.edit(), sent: AtomicU64::new(0) };
                let letters: Vec<_> = (0..audience.letters).map(letter).collect();
                (letters, author.encode())
            })
            .unzip();
        let unsent = || (0..=audience.cursors).map(|_| AtomicU64::new(0)).collect();
        let cursors = (0..audience.viewers).map(|_| unsent()).collect();
        (Self { begin: Instant::now(), letters, cursors }, states)
    }

    fn now(&self) -> u64 {
        self.begin.elapsed().as_micros() as u64
    }

    fn since(&self, sent: &AtomicU64) -> Duration {
        Duration::from_micros(self.now().saturating_sub(sent.load(Ordering::Relaxed)))
    }
}

/// Somebody and what they have heard.
struct Person {
    number: usize,
    connection: Connection,
    audience: Audience,
    /// How many letters of each who types.
    letters: Vec<usize>,
    /// The last cursor of each who looks on.
    cursors: Vec<u32>,
    letters_took: Spread,
    cursors_took: Spread,
}

impl Person {
    async fn join(
        server: &Running,
        document: &str,
        number: usize,
        audience: Audience,
    ) -> Result<Self, Stop> {
        let mut connection = server.connect(document).await?;
        connection.join().await?;
        let (letters, cursors) = (vec![0; audience.editors], vec![0; audience.viewers]);
        let (letters_took, cursors_took) = (Spread::default(), Spread::default());
        Ok(Self { number, connection, audience, letters, cursors, letters_took, cursors_took })
    }

    /// Which of those who type they are.
    fn editor(&self) -> Option<usize> {
        self.number.checked_sub(self.audience.viewers)
    }

    /// Does all they do, until they have heard all that others do; what letters and cursors took to them.
    async fn play(mut self, script: Arc<Script>) -> Result<(Spread, Spread), Stop> {
        let mut ticks = self.ticks();
        let Audience { letters, cursors, .. } = self.audience;
        let mut left = if self.editor().is_some() { letters } else { cursors as usize };
        while left > 0 || !self.has_everything() {
            tokio::select! {
                _ = ticks.tick(), if left > 0 => {
                    left -= 1;
                    let message = self.next_words(&script, left);
                    self.connection.send(&message).await?;
                }
                heard = self.connection.incoming.next() => {
                    let heard = heard.map_err(Stop::during("looking on"))?.to_vec();
                    self.hear(&script, &heard)?;
                }
            }
        }
        Ok((self.letters_took, self.cursors_took))
    }

    /// Evenly, and not at the same moment as others.
    fn ticks(&self) -> Interval {
        let Audience { viewers, editors, cursor_every, letter_every, .. } = self.audience;
        let (every, part) = match self.editor() {
            Some(editor) => (letter_every, editor as f64 / editors as f64),
            None => (cursor_every, self.number as f64 / viewers as f64),
        };
        interval_at((Instant::now() + every.mul_f64(part)).into(), every)
    }

    /// What they say before so many more times.
    fn next_words(&self, script: &Script, left: usize) -> Vec<u8> {
        let Audience { letters, cursors, .. } = self.audience;
        match self.editor() {
            Some(editor) => {
                let letter = &script.letters[editor][letters - left - 1];
                letter.sent.store(script.now(), Ordering::Relaxed);
                frame::update(&letter.update)
            }
            None => {
                let clock = cursors - left as u32;
                script.cursors[self.number][clock as usize].store(script.now(), Ordering::Relaxed);
                cursor(self.number, clock)
            }
        }
    }

    fn hear(&mut self, script: &Script, heard: &[u8]) -> Result<(), Stop> {
        for message in frame::messages(heard) {
            match message.map_err(io::Error::other)? {
                Message::Update(update) => self.hear_letter(script, update),
                Message::Awareness(update) => {
                    for entry in presence::read(update).map_err(io::Error::other)? {
                        self.hear_cursor(script, entry.client, entry.clock);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn hear_letter(&mut self, script: &Script, update: &[u8]) {
        for (heard, letters) in self.letters.iter_mut().zip(&script.letters) {
            let next = letters.get(*heard).filter(|letter| letter.update == update);
            let Some(letter) = next else { continue };
            self.letters_took.add(script.since(&letter.sent));
            *heard += 1;
        }
    }

    fn hear_cursor(&mut self, script: &Script, client: u64, clock: u32) {
        let viewer = number_of(client, self.audience.viewers);
        let Some(viewer) = viewer.filter(|viewer| *viewer != self.number) else { return };
        let sent = script.cursors[viewer].get(clock as usize);
        if let Some(sent) = sent.filter(|_| self.cursors[viewer] < clock) {
            self.cursors_took.add(script.since(sent));
            self.cursors[viewer] = clock;
        }
    }

    fn has_everything(&self) -> bool {
        let others = |number: usize| Some(number) != self.editor();
        let letters = self.letters.iter().enumerate();
        let mut cursors = self.cursors.iter().enumerate().filter(|(at, _)| *at != self.number);
        letters.filter(|(at, _)| others(*at)).all(|(_, heard)| *heard == self.audience.letters)
            && cursors.all(|(_, last)| *last == self.audience.cursors)
    }
}
