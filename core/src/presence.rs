//! Who is in a document: the awareness states of its clients, on both ends. It does not know what is typed.
//!
//! An awareness state is JSON that its client writes whenever something changed, with a clock that only grows. The rules
//! of acceptance are y-protocols' `awareness.js`; what a server adds is that a client id belongs to the connection it
//! came from, so nobody can speak for another.

mod person;

use std::collections::HashMap;

pub(crate) use person::clean;
pub use person::{Person, clean_name, is_color};

use crate::lib0::{Malformed, Reader, Writer};
use crate::limits::{AWARENESS_BYTES, AWARENESS_CLIENTS, AWARENESS_DEPTH};

/// How long a silent client is believed to be there, in ms (y-protocols `outdatedTimeout`).
pub const EXPIRY_MS: u64 = 30_000;

/// Where a state carries what clients of ours tell one another beside `user` and `cursor`: a string that the ecosystem
/// passes over.
pub const NOTE: &str = "codraft";

/// One client's part of an awareness update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The client id, unique in its document.
    pub client: u64,
    /// Grows with each change.
    pub clock: u32,
    /// JSON, or none when the client has left.
    pub state: Option<Box<str>>,
}

/// The awareness states of one document.
///
/// `owner` is the connection a state came from; a client, which hears of everyone through one connection, uses one
/// number for all.
#[derive(Debug, Default)]
pub struct Presence {
    clients: HashMap<u64, Known>,
}

#[derive(Debug)]
struct Known {
    clock: u32,
    /// None for a client that left: its clock is kept for a while, so that a late echo does not bring it back.
    state: Option<Box<str>>,
    owner: u64,
    seen: u64,
}

/// What came of an awareness update.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// What was accepted: to be told to everyone.
    pub accepted: Vec<Entry>,
    /// To be told to the sender only: the clock at which a client of its own was declared gone. A stock client answers
    /// with a higher clock and is seen again at once.
    pub stale: Vec<Entry>,
}

impl Presence {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks and takes an outside awareness update from `owner` at `now` (ms on any clock that grows).
    pub fn apply(&mut self, owner: u64, update: &[u8], now: u64) -> Result<Applied, Malformed> {
        let entries = read(update)?;
        let is_json = |state: &str| serde_json::from_str::<serde::de::IgnoredAny>(state).is_ok();
        if !entries.iter().filter_map(|entry| entry.state.as_deref()).all(is_json) {
            return Err(Malformed("an awareness state is not JSON"));
        }
        Ok(self.apply_entries(owner, entries, now))
    }

    /// Takes entries that [`read`] has checked.
    pub fn apply_entries(&mut self, owner: u64, entries: Vec<Entry>, now: u64) -> Applied {
        let mut applied = Applied::default();
        for entry in entries {
            self.apply_entry(owner, entry, now, &mut applied);
        }
        applied
    }

    fn apply_entry(&mut self, owner: u64, entry: Entry, now: u64, applied: &mut Applied) {
        let Some(known) = self.clients.get(&entry.client) else {
            if entry.state.is_some() && self.clients.len() < AWARENESS_CLIENTS {
                self.insert(owner, &entry, now);
                applied.accepted.push(entry);
            }
            return;
        };
        let here = known.state.is_some();
        if here && known.owner != owner {
            return;
        }
        if entry.clock > known.clock
            || (entry.clock == known.clock && entry.state.is_none() && here)
        {
            self.insert(owner, &entry, now);
            applied.accepted.push(entry);
        } else if !here && entry.state.is_some() {
            applied.stale.push(Entry { client: entry.client, clock: known.clock, state: None });
        }
    }

    fn insert(&mut self, owner: u64, entry: &Entry, now: u64) {
        let known = Known { clock: entry.clock, state: entry.state.clone(), owner, seen: now };
        self.clients.insert(entry.client, known);
    }

    /// Declares every client of a connection gone; returns what to tell everyone.
    pub fn leave(&mut self, owner: u64, now: u64) -> Vec<Entry> {
        self.remove_where(now, |known| known.owner == owner)
    }

    /// Declares clients gone that were silent for [`EXPIRY_MS`] and forgets those long gone; returns what to tell
    /// everyone.
    pub fn expire(&mut self, now: u64) -> Vec<Entry> {
        self.clients.retain(|_, known| {
            known.state.is_some() || now.saturating_sub(known.seen) < 2 * EXPIRY_MS
        });
        self.remove_where(now, |known| now.saturating_sub(known.seen) >= EXPIRY_MS)
    }

    fn remove_where(&mut self, now: u64, gone: impl Fn(&Known) -> bool) -> Vec<Entry> {
        let mut removed = Vec::new();
        for (&client, known) in &mut self.clients {
            if known.state.is_some() && gone(known) {
                known.state = None;
                known.seen = now;
                removed.push(Entry { client, clock: known.clock, state: None });
            }
        }
        removed
    }

    /// Everyone who is here: what a newcomer is told.
    pub fn everyone(&self) -> Vec<Entry> {
        self.states()
            .map(|(client, clock, state)| Entry { client, clock, state: Some(state.into()) })
            .collect()
    }

    /// The latest of these clients, whether they are here or have gone; one that is forgotten is left out.
    pub fn latest<'a>(&self, clients: impl IntoIterator<Item = &'a u64>) -> Vec<Entry> {
        let entry = |&client: &u64| {
            let Known { clock, state, .. } = self.clients.get(&client)?;
            Some(Entry { client, clock: *clock, state: state.clone() })
        };
        clients.into_iter().filter_map(entry).collect()
    }

    /// Client id, clock and JSON of everyone who is here.
    pub fn states(&self) -> impl Iterator<Item = (u64, u32, &str)> {
        self.clients
            .iter()
            .filter_map(|(&client, known)| Some((client, known.clock, known.state.as_deref()?)))
    }

    /// The JSON of one client that is here.
    pub fn state(&self, client: u64) -> Option<&str> {
        self.clients.get(&client)?.state.as_deref()
    }

    /// The connection that one client's state came from, if it is here.
    pub fn owner(&self, client: u64) -> Option<u64> {
        let known = self.clients.get(&client)?;
        known.state.as_ref().map(|_| known.owner)
    }

    /// How many clients are here on one connection.
    pub fn clients_of(&self, owner: u64) -> usize {
        let here = self.clients.values().filter(|known| known.state.is_some());
        here.filter(|known| known.owner == owner).count()
    }

    /// Forgets everyone, as a client does when its connection ends.
    pub fn clear(&mut self) {
        self.clients.clear();
    }
}

/// Encodes entries as an awareness update.
pub fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.var_uint(entries.len() as u64);
    for entry in entries {
        let state = entry.state.as_deref().unwrap_or("null");
        writer.var_uint(entry.client).var_uint(u64::from(entry.clock)).var_string(state);
    }
    writer.finish()
}

/// Reads an outside awareness update: bounded, with nothing after it. That its states are JSON is for
/// [`Presence::apply`], or whoever parses them, to see.
pub fn read(update: &[u8]) -> Result<Vec<Entry>, Malformed> {
    let mut reader = Reader::new(update);
    let n = reader.var_uint()?;
    if n.saturating_mul(3) > update.len() as u64 {
        return Err(Malformed("a count is beyond the bytes"));
    }
    let mut entries = Vec::new();
    for _ in 0..n {
        let (client, clock) = (reader.var_uint()?, reader.var_u32()?);
        entries.push(Entry { client, clock, state: checked_state(reader.var_string()?)? });
    }
    if reader.is_empty() {
        Ok(entries)
    } else {
        Err(Malformed("bytes follow the awareness update"))
    }
}

fn checked_state(json: &str) -> Result<Option<Box<str>>, Malformed> {
    if json == "null" {
        return Ok(None);
    }
    if json.len() > AWARENESS_BYTES {
        return Err(Malformed("an awareness state is too large"));
    }
    if json_depth(json) > AWARENESS_DEPTH {
        return Err(Malformed("an awareness state is nested too deeply"));
    }
    Ok(Some(json.into()))
}

/// How deeply brackets are nested, without recursion; brackets inside strings do not count.
fn json_depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests;
