//! People in one document of whom some type, and when each letter was sent: what all who hear of it are measured by.
//! Knows no socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use crate::part::{Base, Part};
use crate::stop::Stop;
use crate::trace::replay;

/// How fast letters are typed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// Evenly.
    Every(Duration),
    /// The next one as soon as somebody has this one, for so long.
    Echo(Duration),
}

/// A document while people type in it.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) base: Arc<Base>,
    pub(crate) parts: Arc<Vec<Part>>,
    pub(crate) pace: Pace,
    lines: Vec<Line>,
    begin: Instant,
    writing: AtomicUsize,
    over: watch::Sender<bool>,
}

/// What one person has typed so far.
#[derive(Debug, Default)]
struct Line {
    /// Microseconds after the beginning at which each letter was sent.
    sent: Vec<AtomicU64>,
    count: AtomicUsize,
    /// Somebody has the last one.
    heard: Notify,
}

impl Scene {
    /// Nobody has typed yet.
    pub(crate) fn new(base: Arc<Base>, parts: Arc<Vec<Part>>, pace: Pace) -> Self {
        let line = |part: &Part| Line {
            sent: part.updates.iter().map(|_| AtomicU64::new(0)).collect(),
            ..Line::default()
        };
        let lines = parts.iter().map(line).collect();
        let (begin, writing) = (Instant::now(), AtomicUsize::new(parts.len()));
        Self { base, parts, pace, lines, begin, writing, over: watch::Sender::new(false) }
    }

    /// Those who type.
    pub(crate) fn writers(&self) -> usize {
        self.parts.len()
    }

    /// How many letters somebody has typed.
    pub(crate) fn typed(&self, writer: usize) -> usize {
        self.lines[writer].count.load(Ordering::Relaxed)
    }

    /// All letters that were typed.
    pub(crate) fn all_typed(&self) -> usize {
        (0..self.writers()).map(|writer| self.typed(writer)).sum()
    }

    /// Notes that somebody sends their next letter; its number.
    pub(crate) fn send(&self, writer: usize) -> usize {
        let line = &self.lines[writer];
        let number = line.count.fetch_add(1, Ordering::Relaxed);
        line.sent[number].store(self.now(), Ordering::Relaxed);
        number
    }

    /// How long ago a letter was sent.
    pub(crate) fn since(&self, writer: usize, number: usize) -> Duration {
        let sent = self.lines[writer].sent[number].load(Ordering::Relaxed);
        Duration::from_micros(self.now().saturating_sub(sent))
    }

    /// Tells somebody that their letter has come.
    pub(crate) fn tell(&self, writer: usize) {
        self.lines[writer].heard.notify_one();
    }

    /// Ready when somebody has this person's letter.
    pub(crate) async fn told(&self, writer: usize) {
        self.lines[writer].heard.notified().await;
    }

    /// Somebody has nothing more to type; the last one ends the scene.
    pub(crate) fn put_down(&self) {
        if self.writing.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.over.send_replace(true);
        }
    }

    /// Becomes true when nobody has anything more to type.
    pub(crate) fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    /// What the document says in the end.
    pub(crate) fn text(&self) -> Result<String, Stop> {
        let typed = (0..self.writers()).flat_map(|writer| self.updates_of(writer));
        let all: Vec<_> = [self.base.update.clone()].into_iter().chain(typed).collect();
        Ok(replay(&all)?.text())
    }

    /// What one person has typed.
    pub(crate) fn updates_of(&self, writer: usize) -> impl Iterator<Item = Vec<u8>> {
        self.parts[writer].updates.iter().take(self.typed(writer)).cloned()
    }

    fn now(&self) -> u64 {
        self.begin.elapsed().as_micros() as u64
    }
}
