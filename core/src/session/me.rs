//! This client's own awareness state: who, where, and when to say so again. It sends nothing itself.

use crate::json::{self, Json};
use crate::presence::{self, Entry, NOTE, Person};
use crate::replica::{ClientId, Replica, Selection};
use crate::{Splice, frame};

/// The least time between two states, in ms: 10 Hz.
const PACE_MS: u64 = 100;
/// How long a change waits, in ms, so that finding a position is never part of a keystroke.
const SETTLE_MS: u64 = 20;
/// A state is renewed this often, in ms (y-protocols: half of the 30 s after which it expires).
const RENEW_MS: u64 = 15_000;

#[derive(Debug)]
pub(super) struct Me {
    client: ClientId,
    person: Person,
    cursor: Option<Selection>,
    note: String,
    clock: u32,
    sent: u64,
    /// When a changed state is due; none when nothing has changed.
    due: Option<u64>,
}

impl Me {
    pub(super) fn new(client: ClientId) -> Self {
        let (person, note) = (Person::default(), String::new());
        Self { client, person, cursor: None, note, clock: 0, sent: 0, due: None }
    }

    pub(super) fn set_person(&mut self, person: Person, now: u64) {
        if self.person != person {
            self.person = person;
            self.changed(now);
        }
    }

    pub(super) fn set_cursor(&mut self, cursor: Option<Selection>, now: u64) {
        if self.cursor != cursor {
            self.cursor = cursor;
            self.changed(now);
        }
    }

    pub(super) fn set_note(&mut self, note: String, now: u64) {
        if self.note != note {
            self.note = note;
            self.changed(now);
        }
    }

    /// Says it anew at once: on a new connection, or when asked.
    pub(super) fn announce(&mut self, now: u64) {
        self.due = Some(now);
    }

    /// Goes on under another client id, at once; the frame says that the old one is gone.
    pub(super) fn rename(&mut self, client: ClientId, now: u64) -> Vec<u8> {
        let clock = std::mem::take(&mut self.clock).saturating_add(1);
        let gone = Entry { client: self.client.get(), clock, state: None };
        self.client = client;
        self.announce(now);
        frame::awareness(&presence::encode(&[gone]))
    }

    /// Somebody declared this client gone at `clock`: it is not.
    pub(super) fn contradicted(&mut self, clock: u32, now: u64) {
        self.clock = self.clock.max(clock);
        self.announce(now);
    }

    fn changed(&mut self, now: u64) {
        self.due.get_or_insert((now + SETTLE_MS).max(self.sent + PACE_MS));
    }

    pub(super) fn map(&mut self, splices: &[Splice]) {
        if let Some(cursor) = &mut self.cursor {
            cursor.anchor = Splice::map_offset(splices, cursor.anchor);
            cursor.head = Splice::map_offset(splices, cursor.head);
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        Some(self.due.unwrap_or(self.sent + RENEW_MS))
    }

    /// A frame with the state, when it is due.
    pub(super) fn poll(&mut self, now: u64, replica: &Replica) -> Option<Vec<u8>> {
        if self.deadline()? > now {
            return None;
        }
        self.due = None;
        self.sent = now;
        self.clock = self.clock.saturating_add(1);
        let state = json::write(&self.state(replica)).into_boxed_str();
        let entry = Entry { client: self.client.get(), clock: self.clock, state: Some(state) };
        Some(frame::awareness(&presence::encode(&[entry])))
    }

    /// The state as y-codemirror.next writes it, and the note.
    fn state(&self, replica: &Replica) -> Json {
        let user = self.person.to_json();
        let ends = self.cursor.and_then(|cursor| {
            let anchor = replica.sticky(cursor.anchor)?;
            let head = if cursor.head == cursor.anchor {
                anchor.clone()
            } else {
                replica.sticky(cursor.head)?
            };
            Some((anchor, head))
        });
        let cursor = ends.map_or(Json::Undefined, |(anchor, head)| {
            json::object([("anchor", anchor), ("head", head)])
        });
        let note =
            if self.note.is_empty() { Json::Undefined } else { Json::from(self.note.as_str()) };
        json::object([("user", user), ("cursor", cursor), (NOTE, note)])
    }
}
