//! What a peer says to its room, and what the room answers. It awaits nothing.

use bytes::Bytes;
use codraft_core::Malformed;
use codraft_core::control::{self, Control};
use codraft_core::frame;
use codraft_core::gate;
use codraft_core::replica::{MergeError, SMALL_BYTES};
use tracing::{error, warn};

use super::Room;
use super::peer::{Heard, Peer};
use super::telling::awareness_frame;
use crate::close::Close;
use crate::document::{Change, NEWCOMER};
use crate::frames::Frames;
use crate::mail::{Mail, NOTHING, PeerId, Receipt, Said, Space};

/// Updates that are merged together at the most.
const RUN: usize = 256;
/// Bytes of a version: a varUint of 64 bits.
const VERSION_BYTES: usize = 10;

impl Room {
    /// Handles what a peer says, in its order.
    pub(super) fn heard(&mut self, id: PeerId, mut said: Vec<Said>, space: Space) {
        let mut done = 0;
        // A peer that was closed may still have words on their way.
        while done < said.len() && self.peers.get(&id).is_some_and(|peer| !peer.fell_behind) {
            let Ok(together) = self.typed(id, &said[done..]) else {
                // It is not known whose fault it is. Once the document is built anew, it will be.
                self.is_broken = true;
                let again = Mail::one_by_one(id, said.drain(done..), space).rev();
                return again.for_each(|mail| self.held.push_front(mail));
            };
            done += together;
            if together > 0 {
                continue;
            }
            if let Err(close) = self.said(id, &said[done]) {
                warn!(doc = %self.document.name(), peer = id.0, code = close.code, reason = %close.reason, "peer closed");
                self.close(id, close);
            }
            done += 1;
        }
    }

    /// Merges the updates that come first, if there are several, as far as they can be merged together; how many were.
    fn typed(&mut self, id: PeerId, said: &[Said]) -> Result<usize, MergeError> {
        // What is larger is merged alone.
        let small = |update: &&Bytes| update.len() <= SMALL_BYTES;
        let updates = said.iter().map_while(Said::typed).take_while(small).take(RUN);
        let updates = updates.clone().take(self.document.before_buried(updates));
        let by = self.peers.get(&id).filter(|peer| peer.may_write()).map(|peer| peer.by());
        let Some(by) = by.filter(|_| updates.clone().nth(1).is_some()) else { return Ok(0) };
        let knows = self.knows_people();
        let is_own =
            |update: &&Bytes| !knows || self.foreign_clients(&by.author, update).is_empty();
        let own = updates.clone().take_while(is_own).count();
        let change = self.document.merge_run(updates.clone().take(own), &by)?;
        let count = change.updates;
        if count > 0 {
            self.changed(id, updates.take(count), change, false);
        }
        Ok(count)
    }

    /// Handles one message; an error is the end of the peer's connection.
    fn said(&mut self, id: PeerId, said: &Said) -> Result<(), Close> {
        match said {
            Said::Step1(state_vector) => self.step1(id, state_vector)?,
            Said::Step2(update) => self.update(id, update, true)?,
            Said::Update(update) => self.update(id, update, false)?,
            Said::Awareness(update) => self.awareness(id, update)?,
            Said::QueryAwareness => {
                let everyone = awareness_frame(&self.presence.everyone());
                self.with(id, |peer| peer.send(everyone));
            }
            Said::Saved(version) if version.len() > VERSION_BYTES => {
                return Err(Close::malformed("a version is a number of up to 53 bits"));
            }
            Said::Saved(version) => {
                let sequence = self.document.sequence();
                self.with(id, |peer| peer.ask_saved(sequence, frame::saved(version).into()));
                self.acknowledge(id);
            }
            Said::Control(payload) => self.control(id, payload)?,
            Said::Stateless(frame) => {
                let hears = |peer: &Peer| peer.terms.receipt == Receipt::Status;
                self.tell(|other, peer| other != id && hears(peer), &frame.clone().into());
            }
        }
        Ok(())
    }

    fn step1(&mut self, id: PeerId, state_vector: &[u8]) -> Result<(), Close> {
        self.may_ask(id)?;
        let malformed = |error: Malformed| Close::malformed(&error.to_string());
        if state_vector != NEWCOMER {
            self.awake()?;
            // What it has of an earlier life would be mixed with what it is sent.
            if self.document.is_copy_buried(state_vector).map_err(malformed)? {
                return Err(Close::GONE);
            }
        }
        let missing = self.document.step2(state_vector).map_err(malformed)?;
        self.with(id, |peer| peer.send(missing));
        if self.peers.get(&id).is_some_and(|peer| peer.asks_first()) {
            let has = gate::check_state_vector(state_vector).map_err(malformed)?;
            let step1 = frame::step1(&self.document.state_vector());
            self.with(id, |peer| peer.ask_in_turn(&has, step1));
        }
        Ok(())
    }

    fn update(&mut self, id: PeerId, update: &Bytes, is_answer: bool) -> Result<(), Close> {
        if update == NOTHING {
            self.nothing(id, is_answer);
            return Ok(());
        }
        let Some(peer) = self.peers.get(&id) else { return Ok(()) };
        let by = Some(peer.by()).filter(|_| peer.may_write());
        self.awake()?;
        if self.document.is_buried(update) {
            return Err(Close::GONE);
        }
        let Some(by) = by else { return self.only_read(id, update, is_answer) };
        if !self.document.has_room_for(update) {
            return Err(Close::TOO_LARGE);
        }
        if self.holds_back(id, update, is_answer)? {
            return Ok(());
        }
        let change = self.document.merge(update, &by).map_err(|error| self.refusal(&error))?;
        self.changed(id, std::iter::once(update), change, is_answer);
        Ok(())
    }

    /// Tells the others what is new, and its author once that is on disk.
    fn changed<'a>(
        &mut self,
        id: PeerId,
        updates: impl Iterator<Item = &'a Bytes> + Clone,
        change: Change,
        is_answer: bool,
    ) {
        let progress = change.new.as_ref().map_or(0, Frames::count);
        if let Some(frames) = &change.new {
            self.tell_others(id, frames);
        }
        let sequence = self.document.sequence();
        self.document.metrics().updates_merged.inc_by(progress as u64);
        let (is_whole, added) = (!change.has_gap, &change.added[..]);
        let heard = Heard { sequence, is_answer, is_whole, progress: progress > 0, added };
        self.with(id, |peer| {
            peer.heard(heard);
            // An update with a gap is not echoed: to a stock client the echo says that all of it is on disk.
            if is_whole && peer.terms.receipt == Receipt::Echo {
                let same = change.new.filter(|_| change.is_all_new);
                let own = || Frames::of_updates(updates.map(|update| &update[..]));
                peer.echo(sequence, same.unwrap_or_else(own));
            }
        });
        if !is_whole {
            self.ask_for_gap(id, is_answer);
        }
        self.wrote(id, added, is_answer);
        self.acknowledge(id);
    }

    /// An update that says nothing: the answer of somebody who has nothing.
    fn nothing(&mut self, id: PeerId, is_answer: bool) {
        let sequence = self.document.sequence();
        let added = &[Vec::new()];
        let heard = Heard { sequence, is_answer, is_whole: true, progress: false, added };
        self.with(id, |peer| peer.heard(heard));
        self.acknowledge(id);
    }

    /// An update of a peer that may only read: fine when it says what is known, and otherwise not merged.
    fn only_read(&mut self, id: PeerId, update: &Bytes, is_answer: bool) -> Result<(), Close> {
        self.may_ask(id)?;
        if self.document.contains(update).map_err(|error| self.refusal(&error))? {
            self.nothing(id, is_answer);
            return Ok(());
        }
        self.document.metrics().updates_forbidden.inc();
        self.with(id, |peer| peer.refused(is_answer));
        Ok(())
    }

    /// An error when a peer asks for more than anybody needs.
    fn may_ask(&mut self, id: PeerId) -> Result<(), Close> {
        let may = self.peers.get_mut(&id).is_none_or(|peer| peer.may_ask());
        if may { Ok(()) } else { Err(Close::TOO_MANY_MESSAGES) }
    }

    /// Makes the document's replica if that has not been needed yet.
    pub(super) fn awake(&mut self) -> Result<(), Close> {
        self.document.wake().map_err(|error| {
            error!(doc = %self.document.name(), %error, "the document cannot be opened");
            self.is_broken = true;
            Close::UNREADABLE
        })
    }

    /// A replica that yrs has left half-way must not be used any more.
    pub(super) fn refusal(&mut self, error: &MergeError) -> Close {
        self.document.metrics().updates_refused.inc();
        self.is_broken |= matches!(error, MergeError::Broken(_) | MergeError::Costly);
        Close::malformed(&error.to_string())
    }

    /// What an update builds on is unknown: it is asked for once until there is progress.
    pub(super) fn ask_for_gap(&mut self, id: PeerId, is_answer: bool) {
        let step1 = frame::step1(&self.document.state_vector());
        let gaps = self.document.metrics().gaps.clone();
        self.with(id, |peer| {
            if peer.open_gap(is_answer) {
                gaps.inc();
                peer.send(step1);
            }
        });
    }

    /// An honest client says it twice at most; neither the log nor the count is anybody's to fill.
    fn diverged(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.reports += 1;
        if peer.reports <= 2 {
            warn!(doc = %self.document.name(), peer = id.0, "a peer's copy has come apart from ours");
            self.document.metrics().divergences.inc();
        }
    }

    fn control(&mut self, id: PeerId, payload: &[u8]) -> Result<(), Close> {
        match Control::read(payload).map_err(|error| Close::malformed(&error.to_string()))? {
            Control::Hello { .. } => {
                let hello = Control::Hello { version: control::VERSION }.frame();
                let storage = self.storage_frame();
                self.with(id, |peer| {
                    peer.is_ours = true;
                    peer.terms.receipt = Receipt::Version;
                    peer.send(hello);
                    peer.send(storage);
                });
                self.tell_who_they_are(id);
            }
            Control::Ping => self.with(id, |peer| peer.send(Control::Ping.frame())),
            Control::Digest(_) if self.peers.get(&id).is_some_and(|peer| peer.is_ours) => {
                self.may_ask(id)?;
                self.awake()?;
                let ours = Control::Digest(self.document.digest()).frame();
                self.with(id, |peer| peer.send(ours));
            }
            Control::Diverged => self.diverged(id),
            Control::Digest(_) | Control::Storage { .. } | Control::Unknown => {}
        }
        Ok(())
    }
}
