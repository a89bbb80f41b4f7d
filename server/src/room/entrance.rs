//! Who is let into a room, and for how long. It knows passes and what the document's owners have said, not what is typed.
//!
//! What a pass is good for is looked at when somebody comes, and again whenever it may have changed: an owner has said so, time
//! has passed, or an app's key is gone.

use std::time::Duration;

use codraft_core::frame;
use tokio::time::Instant;
use tracing::debug;

use super::Room;
use super::peer::Peer;
use super::telling::awareness_frame;
use crate::access::{self, Denied, Pass};
use crate::audit;
use crate::close::Close;
use crate::mail::{PeerId, Terms};
use crate::outbox::{Notice, Outbox, Outgoing};
use crate::rights::Admitted;

/// How long before its pass ends a peer is asked for another one.
const RENEW_SECONDS: u64 = 10;

impl Room {
    /// What a pass is good for now.
    pub(super) fn admit(&self, pass: &Pass, now: u64) -> Result<Admitted, Denied> {
        let keys = self.keys.borrow();
        if pass.key.as_ref().is_some_and(|key| !keys.has(key)) {
            return Err(Denied::Revoked);
        }
        self.document.rights().admit(pass, now)
    }

    pub(super) fn join(&mut self, id: PeerId, outbox: Outbox, terms: Terms) {
        let now = access::now();
        let (doc, from) = (self.document.name().clone(), terms.visitor.from);
        let admitted = match self.admit(&terms.visitor.pass, now) {
            Ok(admitted) => admitted,
            Err(denied) => {
                audit::refused(doc.as_str(), from, denied);
                // A socket that has gone meanwhile need not be told.
                let _ = outbox.send(Outgoing::Close(Box::new(Close::denied(denied))));
                return;
            }
        };
        let mut peer = Peer::new(outbox, terms, admitted);
        if self.document.is_deleted() {
            return peer.close(Close::GONE);
        }
        peer.notice(Notice::LetIn(admitted.role));
        if !peer.asks_first() {
            peer.send(frame::step1(&self.document.state_vector()));
        }
        let everyone = self.presence.everyone();
        if !everyone.is_empty() {
            peer.send(awareness_frame(&everyone));
        }
        debug!(doc = %self.document.name(), peer = id.0, "peer joined");
        if !peer.person().id.is_empty() {
            audit::let_in(doc.as_str(), from, &peer.person().id, admitted.role);
        }
        let used = self.document.rights().using(peer.pass(), now);
        self.document.note_rights(used);
        self.look_again_at(admitted, now);
        self.peers.insert(id, Box::new(peer));
        self.count_one_more(id);
    }

    /// A peer shows another pass.
    pub(super) fn grant(&mut self, id: PeerId, pass: Pass) {
        let now = access::now();
        let admitted = self.admit(&pass, now);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let doc = self.document.name().as_str();
        match admitted {
            Ok(admitted) => {
                let is_another = pass.person != *peer.person();
                if is_another {
                    audit::let_in(doc, peer.terms.visitor.from, &pass.person.id, admitted.role);
                    peer.called = None;
                }
                peer.terms.visitor.pass = pass;
                peer.renews = false;
                let was = std::mem::replace(&mut peer.admitted, admitted);
                // Whoever shows a pass is answered.
                peer.notice(Notice::LetIn(admitted.role));
                if is_another {
                    // Who they were is here no more.
                    let gone = self.presence.leave(id.0, self.now());
                    self.tell_presence(&gone);
                }
                self.may_now(id, was);
                self.look_again_at(admitted, now);
                self.count_people();
            }
            Err(denied) => {
                audit::refused(doc, peer.terms.visitor.from, denied);
                self.close(id, Close::denied(denied));
            }
        }
    }

    /// Looks again at what everybody here may do.
    pub(super) fn look_again(&mut self) {
        let now = access::now();
        self.look_again_at = None;
        let all: Vec<_> =
            self.peers.iter().map(|(&id, peer)| (id, self.admit(peer.pass(), now))).collect();
        for (id, admitted) in all {
            match admitted {
                Ok(admitted) => self.still_admitted(id, admitted, now),
                Err(denied) => self.send_away(id, denied),
            }
        }
        self.look_again_at_listeners(now);
    }

    fn still_admitted(&mut self, id: PeerId, admitted: Admitted, now: u64) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let was = std::mem::replace(&mut peer.admitted, admitted);
        let ends_soon = admitted.until.is_some_and(|until| until <= now + RENEW_SECONDS);
        if ends_soon && !std::mem::replace(&mut peer.renews, true) {
            peer.notice(Notice::Renew);
        }
        if was.role != admitted.role {
            audit::changed(self.document.name().as_str(), &peer.person().id, admitted.role);
            peer.notice(Notice::Changed(admitted.role));
        }
        self.may_now(id, was);
        self.look_again_at(admitted, now);
    }

    fn send_away(&mut self, id: PeerId, denied: Denied) {
        // What is not known any more let them in.
        let denied = if denied == Denied::Unknown { Denied::Revoked } else { denied };
        if let Some(peer) = self.peers.get(&id) {
            audit::sent_away(self.document.name().as_str(), &peer.person().id, denied);
        }
        self.close(id, Close::denied(denied));
    }

    /// A peer may do something else than before. One that may write now is asked for what was refused until then.
    fn may_now(&mut self, id: PeerId, was: Admitted) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if was.role == peer.admitted.role {
            return;
        }
        let writes_now = peer.may_write() && !was.role.may_write();
        self.tell_who_they_are(id);
        if writes_now {
            self.ask_for_gap(id, false);
        }
    }

    /// Sees to it that a pass that ends is looked at then, and before: in time for its bearer to show another.
    pub(super) fn look_again_at(&mut self, admitted: Admitted, now: u64) {
        let Some(until) = admitted.until else { return };
        let left = until.saturating_sub(now);
        let seconds = if left > RENEW_SECONDS { left - RENEW_SECONDS } else { left.div_ceil(2) };
        // The clock that tells the date may be a little behind ours.
        let at = Instant::now() + Duration::from_secs(seconds) + Duration::from_millis(20);
        self.look_again_at = Some(self.look_again_at.map_or(at, |soonest| soonest.min(at)));
    }
}
