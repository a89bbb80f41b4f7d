//! The others in the document, as the editor shows them. It knows their states and where their carets are.

use crate::Splice;
use crate::json::{self, Json};
use crate::lib0::Malformed;
use crate::limits::NOTE_BYTES;
use crate::presence::{self, NOTE, Person, Presence};
use crate::replica::{ClientId, Replica, Selection};

/// Carets that are found by a walk through the text.
const FEW: usize = 4;

/// Everything comes through one connection, the server's.
const SERVER: u64 = 0;

/// Somebody else in the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Peer {
    /// The client id; one person may have several.
    pub client: u64,
    /// Safe to show.
    pub person: Person,
    /// What their client tells ours, as they wrote it; empty when it tells nothing.
    pub note: Box<str>,
    /// Where the selection is in the text as it is now.
    pub selection: Option<Selection>,
}

#[derive(Debug)]
pub(super) struct Peers {
    own: u64,
    presence: Presence,
    /// In the order in which they came; few enough to be looked through.
    shown: Vec<Shown>,
    changed: bool,
}

#[derive(Debug)]
struct Shown {
    client: u64,
    person: Person,
    note: Box<str>,
    /// Relative positions of the selection's ends: anchor and head.
    cursor: Option<(Json, Json)>,
    /// Kept in step with the text by arithmetic; found anew only when the peer says something.
    selection: Option<Selection>,
    found: bool,
}

impl Peers {
    pub(super) fn new(own: ClientId) -> Self {
        Self { own: own.get(), presence: Presence::new(), shown: Vec::new(), changed: false }
    }

    pub(super) fn clear(&mut self) {
        self.presence.clear();
        self.changed |= !self.shown.is_empty();
        self.shown.clear();
    }

    /// The replica under this session is another one: carets are looked for again in it.
    pub(super) fn rename(&mut self, own: ClientId) {
        self.own = own.get();
        self.changed = true;
        for shown in &mut self.shown {
            shown.found = false;
        }
    }

    pub(super) fn changed(&self) -> bool {
        self.changed
    }

    /// Takes an awareness update; returns the clock at which somebody declared this client itself gone.
    pub(super) fn apply(&mut self, update: &[u8], now: u64) -> Result<Option<u32>, Malformed> {
        let (mine, others): (Vec<_>, Vec<_>) =
            presence::read(update)?.into_iter().partition(|entry| entry.client == self.own);
        for entry in self.presence.apply_entries(SERVER, others, now).accepted {
            self.show(entry.client, entry.state.as_deref());
        }
        for gone in self.presence.expire(now) {
            self.show(gone.client, None);
        }
        Ok(mine.into_iter().filter(|entry| entry.state.is_none()).map(|entry| entry.clock).max())
    }

    fn show(&mut self, client: u64, state: Option<&str>) {
        let state = state.and_then(json::parse);
        let person = state.as_ref().and_then(Person::from_state);
        let cursor = state.as_ref().and_then(|state| {
            let cursor = json::field(state, "cursor")?;
            Some((json::field(cursor, "anchor")?.clone(), json::field(cursor, "head")?.clone()))
        });
        let note = state.as_ref().map_or("", |state| json::string(state, NOTE));
        let note: Box<str> = if note.len() > NOTE_BYTES { "" } else { note }.into();
        let before = self.shown.iter().position(|shown| shown.client == client);
        self.changed |= before.is_some() || person.is_some();
        let shown = person.map(|person| Shown {
            client,
            person,
            note,
            cursor,
            selection: None,
            found: false,
        });
        match (before, shown) {
            (Some(at), Some(shown)) => self.shown[at] = shown,
            (Some(at), None) => drop(self.shown.remove(at)),
            (None, Some(shown)) => self.shown.push(shown),
            (None, None) => {}
        }
    }

    pub(super) fn map(&mut self, splices: &[Splice]) {
        for shown in &mut self.shown {
            if let Some(selection) = &mut shown.selection {
                selection.anchor = Splice::map_offset(splices, selection.anchor);
                selection.head = Splice::map_offset(splices, selection.head);
            } else if shown.cursor.is_some() && !splices.is_empty() {
                // It may build on what has just been merged.
                shown.found = false;
                self.changed = true;
            }
        }
    }

    pub(super) fn take(&mut self, replica: &mut Replica) -> Option<Vec<Peer>> {
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        // For a few a walk each takes less time than looking the whole text through.
        if self.shown.iter().filter(|shown| !shown.found && shown.cursor.is_some()).count() > FEW {
            replica.find_places();
        }
        for shown in self.shown.iter_mut().filter(|shown| !shown.found) {
            shown.selection = shown.cursor.as_ref().and_then(|cursor| locate(cursor, replica));
            shown.found = true;
        }
        Some(self.shown.iter().map(Shown::peer).collect())
    }
}

impl Shown {
    fn peer(&self) -> Peer {
        let (person, note) = (self.person.clone(), self.note.clone());
        Peer { client: self.client, person, note, selection: self.selection }
    }
}

fn locate((anchor, head): &(Json, Json), replica: &Replica) -> Option<Selection> {
    let at = replica.offset_of(head)?;
    Some(Selection {
        anchor: if anchor == head { at } else { replica.offset_of(anchor)? },
        head: at,
    })
}
