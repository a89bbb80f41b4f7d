//! Whose client ids are whose, and what becomes of what is written under somebody else's. It knows clocks, not what is typed.
//!
//! A client id belongs to whoever is there under it, has written under it on a connection that is open, or did so until just
//! now. Operations under it that somebody else brings may be honest all the same: another tab's, or what a crash has lost here
//! and not there. They wait until their owner has been asked for them, or has been away for a while.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use codraft_core::frame;
use codraft_core::gate::Extent;
use tokio::time::Instant;

use super::Room;
use super::peer::{Heard, Peer};
use crate::close::Close;
use crate::mail::PeerId;

/// How often in a row somebody's updates are held back before nobody is asked for them any more.
const HOLDS: u32 = 3;
/// The same before their sender has to go: nobody honest gets there.
const HOLDS_MOST: u32 = 256;
/// Foreign clients of one update that are looked after.
const FOREIGN: usize = 16;
/// How long the client ids of somebody who has gone, and of everybody after a start, are theirs all the same: they may be
/// about to come back, with what they wrote meanwhile.
const ABSENCE: Duration = Duration::from_secs(15);

/// Whose client ids are whose.
#[derive(Debug)]
pub(super) struct Ids {
    /// There are several people here, of whom one might write in another's name.
    pub(super) has_several_people: bool,
    /// Who writes under which client ids.
    writers: HashMap<u64, PeerId>,
    /// Whose these are who have just gone, and until when.
    away: HashMap<u64, (Arc<str>, Instant)>,
    /// Until when everybody who has ever written may be about to come back.
    all_away_until: Option<Instant>,
    /// Client ids under which somebody has brought something without being there under them: it may have been another's.
    borrowed: HashSet<u64>,
    /// Peers whose updates wait for the owners of these client ids.
    held_back: BTreeSet<(PeerId, u64)>,
}

/// Somebody else whose client id it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// They are here.
    Here(PeerId),
    /// They may be about to come back.
    Away,
}

impl Ids {
    /// Those of a document that was just opened.
    pub(super) fn new() -> Self {
        Self {
            has_several_people: false,
            writers: HashMap::new(),
            away: HashMap::new(),
            all_away_until: Some(Instant::now() + ABSENCE),
            borrowed: HashSet::new(),
            held_back: BTreeSet::new(),
        }
    }

    /// When somebody is waited for no longer for whom an update waits.
    pub(super) fn due_at(&self) -> Option<Instant> {
        let away = self.held_back.iter().filter_map(|(_, client)| Some(self.away.get(client)?.1));
        let all = self.all_away_until.filter(|_| !self.held_back.is_empty());
        away.chain(all).min()
    }
}

impl Room {
    /// Whether it can matter under which client id something is written.
    pub(super) fn knows_people(&self) -> bool {
        self.ids.has_several_people || self.document.has_authors()
    }

    /// Somebody has come: whether there are several people now.
    pub(super) fn count_one_more(&mut self, id: PeerId) {
        let person = |peer: &Peer| peer.person().id.clone();
        let first = self.peers.values().next().map(|peer| person(peer));
        self.ids.has_several_people |= self.peers.get(&id).map(|peer| person(peer)) != first;
    }

    /// Somebody has gone: one people stays one.
    pub(super) fn count_one_less(&mut self) {
        if self.ids.has_several_people {
            self.count_people();
        }
    }

    /// Counts people anew: whether there are several.
    pub(super) fn count_people(&mut self) {
        let mut people = self.peers.values().map(|peer| &peer.person().id);
        let first = people.next();
        self.ids.has_several_people = people.any(|other| Some(other) != first);
    }

    /// Whether somebody else has written under a client id before.
    pub(super) fn is_anothers(&self, client: u64, who: &str) -> bool {
        let author = self.document.author_of(client).filter(|author| !author.is_empty());
        author.is_some_and(|author| *author != *who) && !self.ids.borrowed.contains(&client)
    }

    /// Clients under whose ids an update would add something, and which are somebody else's.
    pub(super) fn foreign_clients(&self, who: &str, update: &[u8]) -> Vec<(u64, Owner)> {
        let is_foreign = |&client: &u64| Some((client, self.another(client, who)?));
        self.document.new_clients(update).iter().filter_map(is_foreign).collect()
    }

    /// Whose a client id is, if it is somebody else's.
    fn another(&self, client: u64, who: &str) -> Option<Owner> {
        if let Some(owner) = self.owner_of(client) {
            let is_other = *self.peers.get(&owner)?.person().id != *who;
            return is_other.then_some(Owner::Here(owner));
        }
        let now = Instant::now();
        let away = self.ids.away.get(&client).filter(|(_, until)| now < *until);
        if let Some((person, _)) = away {
            return (**person != *who).then_some(Owner::Away);
        }
        let may_all_be_away = self.ids.all_away_until.is_some_and(|until| now < until);
        (may_all_be_away && self.is_anothers(client, who)).then_some(Owner::Away)
    }

    /// The peer that is here under a client id.
    fn owner_of(&self, client: u64) -> Option<PeerId> {
        self.presence.owner(client).map(PeerId).or_else(|| self.ids.writers.get(&client).copied())
    }

    /// Holds an update back if it has operations under somebody else's client id. Whether it does; an error for whoever does
    /// nothing else.
    pub(super) fn holds_back(
        &mut self,
        id: PeerId,
        update: &[u8],
        is_answer: bool,
    ) -> Result<bool, Close> {
        if !self.knows_people() {
            return Ok(false);
        }
        let Some(who) = self.peers.get(&id).map(|peer| peer.person().id.clone()) else {
            return Ok(false);
        };
        let foreign = self.foreign_clients(&who, update);
        if foreign.is_empty() {
            return Ok(false);
        }
        self.document.metrics().updates_held.inc();
        let (sequence, added) = (self.document.sequence(), &[Vec::new()]);
        let heard = Heard { sequence, is_answer, is_whole: false, progress: false, added };
        self.with(id, |peer| {
            peer.heard(heard);
            peer.hold();
        });
        let holds = self.peers.get(&id).map_or(0, |peer| peer.holds);
        if holds > HOLDS_MOST {
            return Err(Close::malformed("this is written under the client ids of other people"));
        }
        self.ask_owners(id, foreign, holds <= HOLDS);
        Ok(true)
    }

    /// Asks those who are here for what somebody else has brought of theirs.
    fn ask_owners(&mut self, id: PeerId, foreign: Vec<(u64, Owner)>, asks: bool) {
        let step1 = frame::step1(&self.document.state_vector());
        for (client, owner) in foreign.into_iter().take(FOREIGN) {
            self.ids.held_back.insert((id, client));
            if let Owner::Here(owner) = owner
                && asks
            {
                self.with(owner, |owner| owner.question_once(step1.clone()));
            }
        }
    }

    /// A peer's update was merged: notes under which client ids it writes, and asks those again whose updates were held back
    /// for them.
    pub(super) fn wrote(&mut self, id: PeerId, added: &[Vec<Extent>], is_answer: bool) {
        let who = self.peers.get(&id).map(|peer| peer.person().id.clone()).unwrap_or_default();
        let clients: BTreeSet<u64> = match who.is_empty() && self.ids.held_back.is_empty() {
            true => return,
            false => added.iter().flatten().map(|extent| extent.client).collect(),
        };
        for &client in clients.iter().filter(|_| !who.is_empty()) {
            let is_own = self.document.author_of(client).is_some_and(|author| *author == *who);
            match self.owner_of(client) {
                Some(owner) if owner == id => {
                    self.ids.borrowed.remove(&client);
                    self.ids.writers.insert(client, id);
                }
                // What somebody has just typed, they have typed under their own id.
                None if is_own && !is_answer => drop(self.ids.writers.insert(client, id)),
                None if is_own => drop(self.ids.borrowed.insert(client)),
                Some(_) | None => {}
            }
        }
        let is_patient = |peer: &Peer| peer.holds <= HOLDS;
        self.ask_again(|room, peer, client| {
            clients.contains(&client) && room.peers.get(&peer).is_some_and(|peer| is_patient(peer))
        });
    }

    /// A peer is about to go: its client ids are theirs for a while.
    pub(super) fn leave_ids(&mut self, id: PeerId) {
        self.ids.held_back.retain(|(peer, _)| *peer != id);
        let Some(who) = self.peers.get(&id).map(|peer| peer.person().id.clone()) else { return };
        if who.is_empty() {
            return;
        }
        let until = Instant::now() + ABSENCE;
        let written = self.ids.writers.extract_if(|_, writer| *writer == id);
        let mut clients: Vec<u64> = written.map(|(client, _)| client).collect();
        let here = self.presence.states().map(|(client, ..)| client);
        clients.extend(here.filter(|&client| self.presence.owner(client) == Some(id.0)));
        self.ids.away.retain(|_, (_, until)| Instant::now() < *until);
        self.ids.away.extend(clients.into_iter().map(|client| (client, (who.clone(), until))));
    }

    /// Some time has passed: whoever was waited for long enough is waited for no longer.
    pub(super) fn wait_no_longer(&mut self) {
        let now = Instant::now();
        self.ids.away.retain(|_, (_, until)| now < *until);
        self.ids.all_away_until.take_if(|until| *until <= now);
        self.ask_again(|room, peer, client| {
            let who = room.peers.get(&peer).map(|peer| &*peer.person().id);
            who.is_some_and(|who| room.another(client, who).is_none())
        });
    }

    fn ask_again(&mut self, is_due: impl Fn(&Self, PeerId, u64) -> bool) {
        if self.ids.held_back.is_empty() {
            return;
        }
        let held = std::mem::take(&mut self.ids.held_back);
        let (due, held): (BTreeSet<_>, BTreeSet<_>) =
            held.into_iter().partition(|&(peer, client)| is_due(self, peer, client));
        self.ids.held_back = held;
        let step1 = frame::step1(&self.document.state_vector());
        let due: BTreeSet<PeerId> = due.into_iter().map(|(peer, _)| peer).collect();
        for peer in due {
            self.with(peer, |peer| peer.question(step1.clone()));
        }
    }
}
