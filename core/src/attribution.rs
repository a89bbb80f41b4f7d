//! Who wrote which operations of a document, and when, in little space: what a fold remembers of the journal it takes
//! the place of. It knows clients and clocks, not what the operations say.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::gate::Extent;
use crate::lib0::{Malformed, Reader, Writer};

/// The encoding that this release writes.
const FORMAT: u64 = 1;
/// Seconds between two edits of one author that still count as one sitting.
const SITTING: u64 = 300;

/// The authors of a document's operations. Who is noted first stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attribution {
    authors: BTreeSet<Arc<str>>,
    /// Client → its runs, by clock, without overlap.
    clients: BTreeMap<u64, Vec<Run>>,
}

/// Operations that one author wrote in one sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    start: u32,
    /// The clock after the last.
    end: u32,
    author: Arc<str>,
    since: u64,
    until: u64,
}

/// Who wrote an operation, and in which sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'a> {
    /// The author; empty for anonymous.
    pub author: &'a str,
    /// When the sitting began, in seconds since 1970.
    pub since: u64,
    /// When it ended, in seconds since 1970.
    pub until: u64,
}

impl Attribution {
    /// Notes who wrote some operations, and when, in milliseconds since 1970. Those whose author is known keep it.
    pub fn note(&mut self, extent: Extent, author: &str, time: u64) {
        let Extent { client, start, end } = extent;
        let author = self.author(client, author);
        let time = time / 1000;
        self.add(client, &Run { start, end, author, since: time, until: time });
    }

    /// Notes everything that another attribution says.
    pub fn merge(&mut self, other: &Self) {
        for (&client, runs) in &other.clients {
            for run in runs {
                let author = self.author(client, &run.author);
                self.add(client, &Run { author, ..*run });
            }
        }
    }

    /// Who wrote an operation, if anyone is noted for it.
    pub fn of(&self, client: u64, clock: u32) -> Option<Written<'_>> {
        let runs = self.clients.get(&client)?;
        let run = runs.get(runs.partition_point(|run| run.end <= clock))?;
        (run.start <= clock).then_some(Written {
            author: &run.author,
            since: run.since,
            until: run.until,
        })
    }

    /// Who wrote the last operations of a client, if anyone is noted for it.
    pub fn author_of(&self, client: u64) -> Option<Arc<str>> {
        Some(self.clients.get(&client)?.last()?.author.clone())
    }

    /// Whether anybody is noted who has a name.
    pub fn has_authors(&self) -> bool {
        self.authors.iter().any(|author| !author.is_empty())
    }

    /// When the first and the last of it was written, in seconds since 1970.
    pub fn span(&self) -> Option<(u64, u64)> {
        let runs = || self.clients.values().flatten();
        let since = runs().map(|run| run.since).min()?;
        Some((since, runs().map(|run| run.until).max().unwrap_or(since)))
    }

    /// Whether nothing is noted.
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// Its bytes: format, authors, the earliest second, then for each client its runs.
    pub fn encode(&self) -> Vec<u8> {
        let runs = || self.clients.values().flatten();
        let earliest = runs().map(|run| run.since).min().unwrap_or(0);
        let indices: BTreeMap<&str, u64> =
            self.authors.iter().map(|author| &**author).zip(0..).collect();
        let mut writer = Writer::new();
        writer.var_uint(FORMAT).var_uint(self.authors.len() as u64);
        for author in &self.authors {
            writer.var_string(author);
        }
        writer.var_uint(earliest).var_uint(self.clients.len() as u64);
        for (&client, runs) in &self.clients {
            writer.var_uint(client).var_uint(runs.len() as u64);
            let mut before = 0;
            for run in runs {
                writer
                    .var_uint(u64::from(run.start - before))
                    .var_uint(u64::from(run.end - run.start))
                    .var_uint(indices[&*run.author])
                    .var_uint(run.since - earliest)
                    .var_uint(run.until - run.since);
                before = run.end;
            }
        }
        writer.finish()
    }

    /// Reads what `encode` wrote; no bytes at all say nothing.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut attribution = Self::default();
        if bytes.is_empty() {
            return Ok(attribution);
        }
        let mut reader = Reader::new(bytes);
        if reader.var_uint()? != FORMAT {
            return Err(Malformed("the attribution has a format that this release cannot read"));
        }
        let mut authors: Vec<Arc<str>> = Vec::new();
        for _ in 0..reader.var_uint()? {
            authors.push(reader.var_string()?.into());
        }
        let earliest = reader.var_uint()?;
        for _ in 0..reader.var_uint()? {
            let client = reader.var_uint()?;
            let runs = read_runs(&mut reader, &authors, earliest)?;
            attribution.clients.insert(client, runs);
        }
        attribution.authors.extend(authors);
        if reader.is_empty() {
            Ok(attribution)
        } else {
            Err(Malformed("something follows the attribution"))
        }
    }

    /// An author, kept once. Most often a client goes on writing for the same one.
    fn author(&mut self, client: u64, name: &str) -> Arc<str> {
        let last = self.clients.get(&client).and_then(|runs| runs.last());
        if let Some(run) = last.filter(|run| &*run.author == name) {
            return run.author.clone();
        }
        if let Some(author) = self.authors.get(name) {
            return author.clone();
        }
        let author: Arc<str> = name.into();
        self.authors.insert(author.clone());
        author
    }

    /// Adds those operations of a run that nobody is noted for.
    fn add(&mut self, client: u64, run: &Run) {
        let runs = self.clients.entry(client).or_default();
        let mut start = run.start;
        let mut at = runs.partition_point(|known| known.end <= start);
        while start < run.end {
            match runs.get(at) {
                Some(known) if known.start <= start => {
                    start = known.end;
                    at += 1;
                }
                next => {
                    let end = next.map_or(run.end, |known| known.start.min(run.end));
                    at = put(runs, at, Run { start, end, ..run.clone() });
                    start = end;
                }
            }
        }
    }
}

/// Puts a run before the one at an index, or makes the one before it longer; returns where the next one is.
fn put(runs: &mut Vec<Run>, at: usize, run: Run) -> usize {
    let before = at.checked_sub(1).and_then(|before| runs.get_mut(before));
    match before.filter(|before| before.goes_on_with(&run)) {
        Some(before) => {
            before.end = run.end;
            before.since = before.since.min(run.since);
            before.until = before.until.max(run.until);
            at
        }
        None => {
            runs.insert(at, run);
            at + 1
        }
    }
}

impl Run {
    /// Whether another run belongs to the same sitting.
    fn goes_on_with(&self, next: &Self) -> bool {
        self.end == next.start
            && self.author == next.author
            && next.since <= self.until + SITTING
            && self.since <= next.until + SITTING
    }
}

fn read_runs(
    reader: &mut Reader<'_>,
    authors: &[Arc<str>],
    earliest: u64,
) -> Result<Vec<Run>, Malformed> {
    const BEYOND: Malformed = Malformed("an attribution goes beyond 32 bits of clock");
    let mut runs = Vec::new();
    let mut before: u32 = 0;
    for _ in 0..reader.var_uint()? {
        let start = before.checked_add(reader.var_u32()?).ok_or(BEYOND)?;
        let end = start.checked_add(reader.var_u32()?).ok_or(BEYOND)?;
        let author = usize::try_from(reader.var_uint()?).ok().and_then(|index| authors.get(index));
        let author = author.ok_or(Malformed("an attribution names no author"))?.clone();
        // Sums of a few numbers of 53 bits.
        let since = earliest + reader.var_uint()?;
        let until = since + reader.var_uint()?;
        runs.push(Run { start, end, author, since, until });
        before = end;
    }
    Ok(runs)
}
