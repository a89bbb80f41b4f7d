//! That people in a room are whom they say they are: what they are called, and who is shown under which client id. It knows
//! presence, not what is typed.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use codraft_core::limits::AWARENESS_BYTES;
use codraft_core::presence::{self, Entry, clean_name, is_color};
use serde::de::IgnoredAny;
use serde_json::value::{RawValue, to_raw_value};

use super::Room;
use super::peer::Called;
use super::telling::awareness_frame;
use crate::access::{is_guest, now};
use crate::close::Close;
use crate::control;
use crate::mail::PeerId;
use crate::palette::{self, Color};

/// The fields of an object, each as it came.
type Fields = BTreeMap<String, Box<RawValue>>;

/// What somebody is called who has not said.
const NOBODY: &str = "Guest";
/// Characters of a name that something is put behind.
const SHORT: usize = 30;
/// The first number that is not put behind a name: it is a part of an id then.
const NUMBERED: u32 = 10;
/// Client ids that one connection may be there under; with more, the rest is not seen.
const FACES: usize = 64;

impl Room {
    /// A peer says who is here under its client ids.
    pub(super) fn awareness(&mut self, id: PeerId, update: &[u8]) -> Result<(), Close> {
        let malformed = |error: codraft_core::Malformed| Close::malformed(&error.to_string());
        let now = self.now();
        let Some(peer) = self.peers.get(&id) else { return Ok(()) };
        let who = peer.person().id.clone();
        let applied = if who.is_empty() && !self.knows_people() {
            self.presence.apply(id.0, update, now).map_err(malformed)?
        } else {
            let mut entries = presence::read(update).map_err(malformed)?;
            let mut faces = self.presence.clients_of(id.0);
            entries.retain(|entry| {
                let is_new = self.presence.owner(entry.client).is_none();
                faces += usize::from(is_new && entry.state.is_some());
                !self.is_anothers(entry.client, &who) && (!is_new || faces <= FACES)
            });
            for entry in &mut entries {
                self.stamp(id, entry)?;
            }
            self.presence.apply_entries(id.0, entries, now)
        };
        if !applied.stale.is_empty() {
            let stale = awareness_frame(&applied.stale);
            self.with(id, |peer| peer.send(stale));
        }
        // Its author too: stock clients take the echo as the sign that we are alive.
        self.tell_presence(&applied.accepted);
        Ok(())
    }

    /// Writes into a state who it is from, as far as that is known. What else is in it stays as it came, to the byte.
    fn stamp(&mut self, id: PeerId, entry: &mut Entry) -> Result<(), Close> {
        let Some(json) = &entry.state else { return Ok(()) };
        if serde_json::from_str::<IgnoredAny>(json).is_err() {
            return Err(Close::malformed("an awareness state is not JSON"));
        }
        // What is no object names nobody.
        let Ok(mut state) = serde_json::from_str::<Fields>(json) else { return Ok(()) };
        let user = state.get("user").and_then(|user| serde_json::from_str(user.get()).ok());
        let mut user: Fields = user.unwrap_or_default();
        if self.peers.get(&id).is_some_and(|peer| !peer.person().id.is_empty()) {
            self.stamp_user(id, &mut user);
        } else if self.is_of_another(id, &user) {
            user.remove("id");
        } else {
            return Ok(());
        }
        set(&mut state, "user", &user);
        let stamped = serde_json::to_string(&state).unwrap_or_default();
        if stamped.len() > AWARENESS_BYTES {
            return Err(Close::malformed("an awareness state is too large"));
        }
        entry.state = Some(stamped.into());
        Ok(())
    }

    /// Whether somebody whom nobody knows gives the id of somebody who is known here.
    fn is_of_another(&self, id: PeerId, user: &Fields) -> bool {
        let said = text_of(user, "id");
        let mut others = self.peers.iter().filter(|(other, _)| **other != id);
        !said.is_empty() && others.any(|(_, peer)| *peer.person().id == *said)
    }

    fn stamp_user(&mut self, id: PeerId, user: &mut Fields) {
        let Some(peer) = self.peers.get(&id) else { return };
        let (own, light) = (text_of(user, "color"), text_of(user, "colorLight"));
        let light = Some(&*light).filter(|color| is_color(color));
        let color = match peer.person().color {
            Some(index) => palette::color(index),
            None if is_color(&own) => Color::of(&own, light),
            None => palette::of_person(&peer.person().id),
        };
        let said = || clean_name(&text_of(user, "name")).into();
        let wanted = peer.person().name.clone().unwrap_or_else(said);
        let who = peer.person().id.clone();
        let name = self.call(id, &wanted, &color);
        set(user, "name", &name);
        set(user, "id", &who);
        set(user, "color", &color.color);
        set(user, "colorLight", &color.light);
    }

    /// The name that somebody gets who would like to have this one: nobody else's.
    fn call(&mut self, id: PeerId, wanted: &Arc<str>, color: &Color) -> Arc<str> {
        let Some(peer) = self.peers.get(&id) else { return wanted.clone() };
        let called = peer.called.clone().filter(|called| called.wanted == *wanted);
        if let Some(called) = called.as_ref().filter(|called| *called.color == *color.color) {
            return called.shown.clone();
        }
        let (person, may_write) = (peer.person().clone(), peer.may_write());
        let shown = match called {
            Some(called) => called.shown,
            None if person.name.is_some() => {
                self.take_back(wanted);
                wanted.clone()
            }
            None => self.free_name(&person.id, wanted),
        };
        if may_write {
            let named = self.document.rights().naming(&person.id, &shown, now());
            self.document.note_rights(named);
        }
        let color = color.color.as_str().into();
        let called = Called { wanted: wanted.clone(), shown: shown.clone(), color };
        self.with(id, |peer| peer.called = Some(called));
        self.tell_who_they_are(id);
        shown
    }

    /// A guest who has somebody's own name keeps it no longer than until they say again who they are.
    fn take_back(&mut self, name: &str) {
        let name = plain(name);
        for peer in self.peers.values_mut().filter(|peer| peer.person().name.is_none()) {
            peer.called.take_if(|called| plain(&called.shown) == name);
        }
    }

    /// A name that nobody else has here: of those who are here, and of those whom an app knows.
    fn free_name(&self, who: &str, wanted: &str) -> Arc<str> {
        let here = self.peers.values().filter(|peer| *peer.person().id != *who);
        let here = here.filter_map(|peer| {
            let own = peer.person().name.as_ref();
            own.or_else(|| Some(&peer.called.as_ref()?.shown)).map(|name| plain(name))
        });
        let known = self.document.rights().people();
        let known = known.filter(|(id, _)| !is_guest(id) && ***id != *who);
        let taken: HashSet<String> = here.chain(known.map(|(_, name)| plain(name))).collect();
        let wanted = if plain(wanted).is_empty() { NOBODY } else { wanted };
        let short: String = wanted.chars().take(SHORT).collect();
        let numbered = (2..NUMBERED).map(|n| format!("{short} ({n})"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = names.find(|name| !taken.contains(&plain(name)));
        let own_digits = who.get(who.len().saturating_sub(6)..).unwrap_or_default();
        free.unwrap_or_else(|| format!("{short} ({own_digits})")).into()
    }

    /// Tells one of our own clients who it is here and what it may do.
    pub(super) fn tell_who_they_are(&mut self, id: PeerId) {
        let mode = self.mode;
        self.with(id, |peer| {
            if peer.is_ours {
                let (role, called) = (peer.admitted.role, peer.called.as_ref());
                peer.send(control::you(mode, role, peer.person(), called));
            }
        });
    }
}

/// What is left of a name of what people see: two that are the same here would be taken for each other.
fn plain(name: &str) -> String {
    let is_unseen = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let seen: String = name.chars().filter(|&c| !is_unseen(c)).collect();
    let words: Vec<String> = seen.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// What stands under a key, if it is a string.
fn text_of(fields: &Fields, key: &str) -> String {
    fields.get(key).and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default()
}

fn set<T: serde::Serialize + ?Sized>(fields: &mut Fields, key: &str, value: &T) {
    // Strings and objects of what was JSON before are JSON.
    if let Ok(value) = to_raw_value(value) {
        fields.insert(key.to_owned(), value);
    }
}
