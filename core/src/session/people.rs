//! What a session tells of the person here, and hears of the others. It does not know when either is sent.

use super::{Peer, Session};
use crate::presence::{Person, clean_name};
use crate::replica::Selection;

impl Session {
    /// Who the person here is; the name is cleaned.
    pub fn set_person(&mut self, person: Person, now: u64) {
        self.me.set_person(Person { name: clean_name(&person.name), ..person }, now);
    }

    /// Where the selection is; none when the editor has lost the focus.
    pub fn set_cursor(&mut self, selection: Option<Selection>, now: u64) {
        self.me.set_cursor(selection, now);
    }

    /// What clients of ours are told beside who and where, of at most [`NOTE_BYTES`]; empty for nothing.
    ///
    /// [`NOTE_BYTES`]: crate::limits::NOTE_BYTES
    pub fn set_note(&mut self, note: String, now: u64) {
        self.me.set_note(note, now);
    }

    /// Everyone else, when something about them has changed since the last call.
    pub fn take_peers(&mut self) -> Option<Vec<Peer>> {
        self.peers.take(&mut self.replica)
    }

    /// Whether [`Session::take_peers`] has something new.
    pub fn peers_changed(&self) -> bool {
        self.peers.changed()
    }
}
