//! That people in a room are whom they say they are: what they are called, and whose client ids are whose. It knows presence
//! and clocks, not what is typed.
//!
//! A client id belongs to whoever is there under it, or has written under it before. Operations under an id that is there on
//! somebody else's connection may be honest all the same: another tab's, or what a crash has lost here and not there. They
//! wait until their owner has been asked for them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use codraft_core::frame;
use codraft_core::gate::Extent;
use codraft_core::presence::{self, Entry, clean_name, is_color};
use serde_json::{Map, Value};

use super::Room;
use super::peer::{Called, Heard};
use crate::access::now;
use crate::close::Close;
use crate::control;
use crate::mail::PeerId;
use crate::palette::{self, Color};

/// What somebody is called who has not said.
const NOBODY: &str = "Guest";
/// How often in a row somebody's updates are held back before they are not asked for them again by themselves.
const HOLDS: u32 = 3;

/// Whose client ids are whose.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// There are several people here, of whom one might write in another's name.
    pub(super) has_several_people: bool,
    /// Who types under which client ids without being there under them.
    writers: HashMap<u64, PeerId>,
    /// Client ids under which somebody has brought something without being there under them: it may have been another's.
    borrowed: HashSet<u64>,
    /// Peers whose updates wait for the owners of these client ids.
    held_back: Vec<(PeerId, u64)>,
}

impl Room {
    /// A peer says who is here under its client ids.
    pub(super) fn awareness(&mut self, id: PeerId, update: &[u8]) -> Result<(), Close> {
        let malformed = |error: codraft_core::Malformed| Close::malformed(&error.to_string());
        let now = self.now();
        let Some(who) = self.peers.get(&id).map(|peer| peer.person().id.clone()) else {
            return Ok(());
        };
        let applied = if who.is_empty() && !self.ids.has_several_people {
            self.presence.apply(id.0, update, now).map_err(malformed)?
        } else {
            let mut entries = presence::read(update).map_err(malformed)?;
            entries.retain(|entry| !self.is_anothers(entry.client, &who));
            for entry in &mut entries {
                self.stamp(id, entry)?;
            }
            self.presence.apply_entries(id.0, entries, now)
        };
        if !applied.stale.is_empty() {
            let stale = super::telling::awareness_frame(&applied.stale);
            self.with(id, |peer| peer.send(stale));
        }
        // Its author too: stock clients take the echo as the sign that we are alive.
        self.tell_presence(&applied.accepted);
        Ok(())
    }

    /// Whether somebody else has written under a client id before.
    fn is_anothers(&self, client: u64, who: &str) -> bool {
        let author = self.document.author_of(client).filter(|author| !author.is_empty());
        author.is_some_and(|author| *author != *who) && !self.ids.borrowed.contains(&client)
    }

    /// Writes into a state who it is from, as far as that is known.
    fn stamp(&mut self, id: PeerId, entry: &mut Entry) -> Result<(), Close> {
        let Some(json) = &entry.state else { return Ok(()) };
        let mut state: Value = serde_json::from_str(json)
            .map_err(|_| Close::malformed("an awareness state is not JSON"))?;
        let is_known = self.peers.get(&id).is_some_and(|peer| !peer.person().id.is_empty());
        // What is no object names nobody.
        if let (true, Value::Object(fields)) = (is_known, &mut state) {
            let mut user = match fields.remove("user") {
                Some(Value::Object(user)) => user,
                Some(_) | None => Map::new(),
            };
            self.stamp_user(id, &mut user);
            fields.insert("user".to_owned(), Value::Object(user));
            entry.state = Some(state.to_string().into());
        }
        Ok(())
    }

    fn stamp_user(&mut self, id: PeerId, user: &mut Map<String, Value>) {
        let said = |key: &str| user.get(key).and_then(Value::as_str).unwrap_or_default();
        let own = Some(said("color")).filter(|color| is_color(color));
        let light = Some(said("colorLight")).filter(|color| is_color(color));
        let Some(peer) = self.peers.get(&id) else { return };
        let color = match (peer.person().color, own) {
            (Some(index), _) => palette::color(index),
            (None, Some(own)) => Color::of(own, light),
            (None, None) => palette::of_person(&peer.person().id),
        };
        let wanted = peer.person().name.clone().unwrap_or_else(|| clean_name(said("name")).into());
        let who = peer.person().id.clone();
        let name = self.call(id, &wanted, &color);
        for (key, value) in [
            ("name", name.as_ref()),
            ("id", &who),
            ("color", &color.color),
            ("colorLight", &color.light),
        ] {
            user.insert(key.to_owned(), value.into());
        }
    }

    /// The name that somebody gets who would like to have this one: nobody else's.
    fn call(&mut self, id: PeerId, wanted: &Arc<str>, color: &Color) -> Arc<str> {
        let Some(peer) = self.peers.get(&id) else { return wanted.clone() };
        let called = peer.called.as_ref().filter(|called| called.wanted == *wanted);
        if let Some(called) = called.filter(|called| *called.color == *color.color) {
            return called.shown.clone();
        }
        let person = peer.person().clone();
        let shown = match called {
            Some(called) => called.shown.clone(),
            None if person.name.is_some() => wanted.clone(),
            None => self.free_name(&person.id, wanted),
        };
        let may_write = peer.may_write();
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

    /// A name that nobody else has here: of those who are here, and of those whom an app knows.
    fn free_name(&self, who: &str, wanted: &str) -> Arc<str> {
        let is_taken = |name: &str| {
            let here = self.peers.values().filter(|peer| *peer.person().id != *who);
            let mut here = here.filter_map(|peer| peer.called.as_ref());
            let rights = self.document.rights();
            let known =
                |(id, _): &(&Arc<str>, &Arc<str>)| !id.starts_with("guest:") && ***id != *who;
            here.any(|called| is_same(&called.shown, name))
                || rights.people().filter(known).any(|(_, known)| is_same(known, name))
        };
        let wanted = if wanted.is_empty() { NOBODY } else { wanted };
        let numbered = |n: u32| format!("{} ({n})", wanted.chars().take(30).collect::<String>());
        let names = std::iter::once(wanted.to_owned()).chain((2..).map(numbered));
        let mut names = names.filter(|name| !is_taken(name));
        names.next().map_or_else(|| NOBODY.into(), Into::into)
    }

    /// Tells one of our own clients who it is here and what it may do.
    pub(super) fn tell_who_they_are(&mut self, id: PeerId) {
        let mode = self.mode;
        self.with(id, |peer| {
            if peer.is_ours {
                let you =
                    control::you(mode, peer.admitted.role, peer.person(), peer.called.as_ref());
                peer.send(you);
            }
        });
    }

    /// Holds an update back if it has operations under a client id that is there on somebody else's connection: its owner
    /// is asked for them, and this peer again once they are here or the owner has gone. Whether it does.
    pub(super) fn holds_back(&mut self, id: PeerId, update: &[u8], is_answer: bool) -> bool {
        if !self.ids.has_several_people {
            return false;
        }
        let foreign =
            self.foreign_clients(self.peers.get(&id).map(|peer| &*peer.person().id), update);
        if foreign.is_empty() {
            return false;
        }
        self.document.metrics().updates_held.inc();
        let (sequence, added) = (self.document.sequence(), &[Vec::new()]);
        let heard = Heard { sequence, is_answer, is_whole: false, progress: false, added };
        self.with(id, |peer| {
            peer.heard(heard);
            peer.hold();
        });
        let step1 = frame::step1(&self.document.state_vector());
        for (client, owner) in foreign {
            self.ids.held_back.push((id, client));
            self.with(owner, |owner| owner.question(step1.clone()));
        }
        true
    }

    /// Clients under whose ids an update would add something, and the peers that are there under them as somebody else.
    pub(super) fn foreign_clients(&self, who: Option<&str>, update: &[u8]) -> Vec<(u64, PeerId)> {
        let is_foreign = |&client: &u64| {
            let owner = self.owner_of(client)?;
            let another = &self.peers.get(&owner)?.person().id;
            (Some(&**another) != who).then_some((client, owner))
        };
        self.document.new_clients(update).iter().filter_map(is_foreign).collect()
    }

    /// The peer that is here under a client id.
    fn owner_of(&self, client: u64) -> Option<PeerId> {
        self.presence.owner(client).map(PeerId).or_else(|| self.ids.writers.get(&client).copied())
    }

    /// A peer's update was merged: notes under which client ids it writes, and asks those again whose updates were held back
    /// for them.
    pub(super) fn wrote(&mut self, id: PeerId, added: &[Vec<Extent>], is_answer: bool) {
        if self.ids.has_several_people {
            let who = self.peers.get(&id).map(|peer| peer.person().id.clone()).unwrap_or_default();
            for client in added.iter().flatten().map(|extent| extent.client) {
                let is_own = self.document.author_of(client).is_some_and(|author| *author == *who);
                match self.owner_of(client) {
                    // What somebody has just typed, they have typed under their own id.
                    None if is_own && !is_answer => drop(self.ids.writers.insert(client, id)),
                    None if is_own => drop(self.ids.borrowed.insert(client)),
                    Some(owner) if owner == id => drop(self.ids.borrowed.remove(&client)),
                    Some(_) | None => {}
                }
            }
        }
        if !self.ids.held_back.is_empty() {
            let clients: Vec<u64> = added.iter().flatten().map(|extent| extent.client).collect();
            self.ask_again(|room, peer, client| {
                let may = room.peers.get(&peer).is_some_and(|peer| peer.holds <= HOLDS);
                may && clients.contains(&client)
            });
        }
    }

    /// A peer has gone: what was held back for its client ids is as good as anybody's now.
    pub(super) fn forget_ids_of(&mut self, id: PeerId) {
        self.ids.writers.retain(|_, writer| *writer != id);
        self.ids.held_back.retain(|(peer, _)| *peer != id);
        self.ask_again(|room, _, client| room.owner_of(client).is_none());
    }

    fn ask_again(&mut self, is_due: impl Fn(&Self, PeerId, u64) -> bool) {
        let held = std::mem::take(&mut self.ids.held_back);
        let (due, held): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|&(peer, client)| is_due(self, peer, client));
        self.ids.held_back = held;
        let step1 = frame::step1(&self.document.state_vector());
        let mut due: Vec<PeerId> = due.into_iter().map(|(peer, _)| peer).collect();
        due.dedup();
        for peer in due {
            self.with(peer, |peer| peer.question(step1.clone()));
        }
    }
}

/// Whether people would take one name for the other.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    plain(one) == plain(other)
}
