//! A fresh replica in the place of one that has come apart from the server's. It keeps what was typed here.
//!
//! The fresh one is built from the server's whole state; what the old one knows beyond that is merged into it and sent. It
//! writes under a client id of its own: under the old one the same clocks may stand for different words.

use super::{NOT_TEXT, Session};
use crate::control::Control;
use crate::frame;
use crate::replica::{ClientId, Replica};
use crate::{Splice, utf16_len};

/// An update that says nothing.
const NOTHING: [u8; 2] = [0, 0];

impl Session {
    /// Tells the server that the two have come apart, and asks for all it has if another copy may help.
    pub(super) fn diverged(&mut self, is_replaceable: bool) {
        self.outgoing.push_back(Control::Diverged.frame());
        if is_replaceable {
            // Nothing known, so that everything is sent.
            self.outgoing.push_back(frame::step1(&[0]));
            self.asking = true;
            self.replacing = true;
        }
    }

    /// Puts the server's whole state, which `arrived` has at `answer`, in the place of this replica.
    pub(super) fn replace(&mut self, arrived: &[Vec<u8>], answer: usize, now: u64) -> Vec<Splice> {
        self.replacing = false;
        let shown = self.replica.text();
        // The answer has them too: with them in both, a difference is one that a fault has made.
        let _ = self.replica.merge_text(&arrived[..answer]);
        let Some((mut fresh, own)) = self.fresh(&arrived[answer..=answer]) else {
            self.link.fail(now);
            return Vec::new();
        };
        if fresh.text() != self.replica.text() {
            self.lost = Some(shown.clone());
        }
        let (_, outcome) = fresh.merge_text(&arrived[answer + 1..]);
        if outcome.is_err() || utf16_len(&fresh.text()) != fresh.text_len() as usize {
            self.link.refuse(NOT_TEXT);
            return Vec::new();
        }
        self.outgoing.push_back(self.me.rename(fresh.client(), now));
        self.peers.rename(fresh.client());
        self.replica = fresh;
        self.check.replaced();
        let splices = vec![Splice::between(&shown, &self.replica.text())];
        self.typed(&splices, &own);
        self.shown = self.replica.text_len();
        splices
    }

    /// A replica of the server's state with what only the old one knows, and that as an update for the server.
    fn fresh(&mut self, state: &[Vec<u8>]) -> Option<(Replica, Vec<u8>)> {
        let client = ClientId::from_random(self.link.random());
        let mut fresh = Replica::of_field(client, self.replica.shown_field());
        let Ok(None) = fresh.merge_text(state).1 else { return None };
        let mut own = vec![self.replica.diff(&fresh.state_vector()).ok()?];
        if fresh.merge_text(&own).1.ok()?.is_some() {
            // It builds on something that is nowhere any more.
            own = vec![NOTHING.to_vec()];
        }
        fresh.track_history();
        Some((fresh, own.pop()?))
    }

    /// What was shown before the server's copy took its place, once, when the two were different texts: for the person to
    /// keep.
    pub fn take_lost(&mut self) -> Option<String> {
        self.lost.take()
    }
}

#[cfg(test)]
mod tests;
