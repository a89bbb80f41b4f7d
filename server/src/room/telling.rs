//! What a room tells its peers, encoded once for all of them. It merges nothing and awaits nothing.

use std::collections::BTreeSet;

use bytes::Bytes;
use codraft_core::control::Control;
use codraft_core::frame;
use codraft_core::presence::{self, Entry};
use tokio::time::Instant;
use tracing::{error, warn};

use super::peer::Peer;
use super::{PRESENCE_PAUSE, PRESENCE_PAUSE_MOST, Room};
use crate::frames::Frames;
use crate::journal::StorageState;
use crate::mail::PeerId;

impl Room {
    /// Tells everybody, who is connected and who listens, what this turn has brought.
    pub(super) fn tell_everybody(&mut self) {
        self.post();
        self.tell_listeners();
    }

    /// Has everybody told about the presence of some, at the end of a turn: once, however often it has changed by then.
    pub(super) fn tell_presence(&mut self, entries: &[Entry]) {
        self.presence_news.extend(entries.iter().map(|entry| entry.client));
    }

    /// When presence may be told again.
    pub(super) fn presence_due_at(&self) -> Instant {
        let peers = u32::try_from(self.peers.len()).unwrap_or(u32::MAX);
        self.presence_told_at + PRESENCE_PAUSE.saturating_mul(peers).min(PRESENCE_PAUSE_MOST)
    }

    fn put_presence(&mut self) {
        let is_due = !self.presence_news.is_empty() && self.presence_due_at() <= Instant::now();
        if !is_due && !self.is_somebody_untold {
            return;
        }
        let mut news = BTreeSet::new();
        if is_due {
            news = std::mem::take(&mut self.presence_news);
            self.presence_told_at = Instant::now();
            self.people.change(&news);
        }
        let presence = &self.presence;
        let latest = |clients: &BTreeSet<u64>| awareness_frame(&presence.latest(clients));
        let frame = if news.is_empty() { Bytes::new().into() } else { latest(&news) };
        self.is_somebody_untold = false;
        for peer in self.peers.values_mut() {
            self.is_somebody_untold |= !peer.send_presence(&news, &frame, latest);
        }
    }

    pub(super) fn tell_others(&mut self, author: PeerId, frame: &Frames) {
        self.tell(|id, _| id != author, frame);
    }

    /// Puts one frame, encoded once, into many outboxes.
    pub(super) fn tell(&mut self, whom: impl Fn(PeerId, &Peer) -> bool, frame: &Frames) {
        for (&id, peer) in &mut self.peers {
            if whom(id, peer) {
                peer.send(frame.clone());
            }
        }
    }

    pub(super) fn with(&mut self, id: PeerId, act: impl FnOnce(&mut Peer)) {
        if let Some(peer) = self.peers.get_mut(&id) {
            act(peer);
        }
    }

    /// Puts what each peer is to be told into its outbox, at once for all that a turn of the room has to say. Peers whose
    /// outbox is full are let go: they sync when they are back. What they leave behind is told to the rest, which may fill
    /// another outbox.
    pub(super) fn post(&mut self) {
        loop {
            self.put_presence();
            let mut fallen = Vec::new();
            for (&id, peer) in &mut self.peers {
                if peer.post().is_err() {
                    fallen.push(id);
                }
            }
            if fallen.is_empty() {
                return;
            }
            for id in fallen {
                warn!(doc = %self.document.name(), peer = id.0, "peer fell behind");
                self.document.metrics().peers_behind.inc();
                // Dropping its outbox is what tells the socket.
                self.leave(id);
            }
        }
    }

    /// The journal has news: acknowledges what is on disk, and tells when the disk refuses or takes writes again.
    pub(super) fn settle(&mut self) {
        let storage = self.durable.borrow_and_update().storage.clone();
        if storage != self.storage {
            match &storage {
                StorageState::Refusing(reason) => {
                    error!(doc = %self.document.name(), %reason, "edits are not being saved")
                }
                StorageState::Accepting => {
                    warn!(doc = %self.document.name(), "edits are being saved again")
                }
            }
            self.storage = storage;
            let frame = self.storage_frame();
            self.tell(|_, peer| peer.is_ours, &frame);
        }
        let ids: Vec<PeerId> =
            self.peers.iter().filter(|(_, peer)| peer.is_waiting()).map(|(&id, _)| id).collect();
        for id in ids {
            self.acknowledge(id);
        }
    }

    pub(super) fn acknowledge(&mut self, id: PeerId) {
        let through = self.durable.borrow().through;
        self.with(id, |peer| peer.settle(through));
    }

    pub(super) fn storage_frame(&self) -> Frames {
        Control::Storage { accepting: self.storage == StorageState::Accepting }.frame().into()
    }

    pub(super) fn tick(&mut self) {
        self.document.tidy();
        let gone = self.presence.expire(self.now());
        self.tell_presence(&gone);
        self.peers.values_mut().for_each(|peer| peer.tick());
        self.settle();
    }
}

pub(super) fn awareness_frame(entries: &[Entry]) -> Frames {
    frame::awareness(&presence::encode(entries)).into()
}
