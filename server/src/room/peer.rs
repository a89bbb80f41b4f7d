//! One peer as its room sees it: its outbox, and what it waits to have acknowledged. It knows sequences, not documents.
//!
//! No acknowledgement goes out before everything the peer sent earlier is on disk, before its answer to our last step1 is,
//! or while a gap of its own is open. A stock y-sweet client asks whether it is saved before it sends its offline edits:
//! answering at once would be a lie.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use codraft_core::frame;
use codraft_core::gate::{Clocks, Extent};

use super::statuses::Statuses;
use crate::access::{Pass, Person};
use crate::close::Close;
use crate::document::By;
use crate::frames::Frames;
use crate::mail::{Receipt, Terms};
use crate::outbox::{self, Full, Notice, Outbox, Outgoing};
use crate::rights::Admitted;

/// Bytes of memory of echoes after which no more may wait for the disk: a peer that has more is let go and syncs when it is
/// back. One echo may be of a whole document.
const ECHO_BYTES: usize = 16 << 20;

/// Answers of the size of the document in one turn; a client asks for one.
const ANSWERS: u32 = 8;

/// What may go out once the document is durable through a sequence.
type Waiting = (u64, Frames);

#[derive(Debug)]
pub(super) struct Peer {
    outbox: Outbox,
    /// What goes into the outbox at the end of the room's turn.
    unposted: Vec<Frames>,
    unposted_bytes: usize,
    /// Answers of the size of the document that it was given in this turn.
    answers: u32,
    /// Clients whose presence it has not been told since it fell behind.
    untold: BTreeSet<u64>,
    pub(super) terms: Terms,
    /// What its pass is good for.
    pub(super) admitted: Admitted,
    /// What it calls itself, and what the others are told; none before it has said so, or where nobody knows who it is.
    pub(super) called: Option<Called>,
    /// It has been asked to show its pass again.
    pub(super) renews: bool,
    /// How often updates of it were held back since one was whole.
    pub(super) holds: u32,
    /// It has announced itself as Codraft's own client.
    pub(super) is_ours: bool,
    /// How often it has said that its copy had come apart from ours.
    pub(super) reports: u32,
    /// More waits for it than may.
    pub(super) fell_behind: bool,
    /// The sequence at which the answer to our last step1 was merged; none while it is awaited.
    answered: Option<u64>,
    /// Something is missing of what its updates build on.
    has_gap: bool,
    /// It has been asked for what is missing, and will be asked again only after progress.
    asked: bool,
    echoes: VecDeque<Waiting>,
    echo_bytes: usize,
    saved: VecDeque<Waiting>,
    statuses: Statuses,
}

/// A name that somebody would like to have, and the one that they have got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Called {
    pub(super) wanted: Arc<str>,
    pub(crate) shown: Arc<str>,
    /// As `#rrggbb`.
    pub(crate) color: Arc<str>,
}

/// What became of an update that a peer sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard<'a> {
    /// Everything known now is durable once this is.
    pub(super) sequence: u64,
    /// It answers a step1 of ours.
    pub(super) is_answer: bool,
    /// Nothing was missing.
    pub(super) is_whole: bool,
    /// Something of it was new.
    pub(super) progress: bool,
    /// The operations of each update that were.
    pub(super) added: &'a [Vec<Extent>],
}

impl Peer {
    pub(super) fn new(outbox: Outbox, terms: Terms, admitted: Admitted) -> Self {
        Self {
            outbox,
            terms,
            admitted,
            called: None,
            renews: false,
            holds: 0,
            unposted: Vec::new(),
            unposted_bytes: 0,
            answers: 0,
            untold: BTreeSet::new(),
            is_ours: false,
            reports: 0,
            fell_behind: false,
            answered: None,
            has_gap: false,
            asked: false,
            echoes: VecDeque::new(),
            echo_bytes: 0,
            saved: VecDeque::new(),
            statuses: Statuses::default(),
        }
    }

    /// What lets it in.
    pub(super) fn pass(&self) -> &Pass {
        &self.terms.visitor.pass
    }

    /// Who it is.
    pub(super) fn person(&self) -> &Person {
        &self.pass().person
    }

    /// Whether it may change the document.
    pub(super) fn may_write(&self) -> bool {
        self.admitted.role.may_write()
    }

    /// Whom its edits are by.
    pub(super) fn by(&self) -> By {
        By { author: self.person().id.clone(), dialect: self.terms.dialect }
    }

    /// Tells the socket something that each dialect says in its own way, behind what is to be told already.
    pub(super) fn notice(&mut self, notice: Notice) {
        let sent = self.post().and_then(|()| self.outbox.send(Outgoing::Notice(notice)));
        self.fell_behind |= sent.is_err();
    }

    /// Whether it is asked for what it has only once it asks itself.
    pub(super) fn asks_first(&self) -> bool {
        self.terms.receipt == Receipt::Status
    }

    /// Tells the peer something, at the end of this turn.
    pub(super) fn send(&mut self, frames: impl Into<Frames>) {
        let frames = frames.into();
        self.fell_behind |= self.unposted_bytes > outbox::BYTES;
        if self.fell_behind {
            self.unposted.clear();
            return;
        }
        self.unposted_bytes += frames.weight();
        self.unposted.push(frames);
    }

    /// Whether it may ask for something that takes a look at the whole document: nobody has to, again and again in a turn.
    pub(super) fn may_ask(&mut self) -> bool {
        self.answers += 1;
        self.answers <= ANSWERS
    }

    /// Tells the peer about the presence of these clients, encoded already; or, while it is slow to read, notes them for
    /// later: it then is told only how they are by then. Returns whether it knows of everybody's.
    pub(super) fn send_presence(
        &mut self,
        clients: &BTreeSet<u64>,
        frame: &Frames,
        latest: impl FnOnce(&BTreeSet<u64>) -> Frames,
    ) -> bool {
        if self.outbox.is_behind() {
            self.untold.extend(clients);
        } else if self.untold.is_empty() {
            if !clients.is_empty() {
                self.send(frame.clone());
            }
        } else {
            self.untold.extend(clients);
            let frame = latest(&std::mem::take(&mut self.untold));
            self.send(frame);
        }
        self.untold.is_empty()
    }

    /// Puts what is to be told into the outbox, never waiting. A peer that does not fit is not to be told anything more.
    pub(super) fn post(&mut self) -> Result<(), Full> {
        if self.fell_behind {
            return Err(Full);
        }
        (self.unposted_bytes, self.answers) = (0, 0);
        if self.unposted.is_empty() {
            return Ok(());
        }
        self.outbox.post(&mut self.unposted)
    }

    /// Tells the socket to end, if there is room for it; otherwise it sees that its outbox is gone.
    pub(super) fn close(&mut self, close: Close) {
        let _ = self.post().and_then(|()| self.outbox.send(Outgoing::Close(Box::new(close))));
    }

    /// It is asked for what it has, because it asks for what it lacks.
    pub(super) fn ask_in_turn(&mut self, has: &Clocks, step1: Vec<u8>) {
        self.answered = None;
        self.statuses.begin(has);
        self.send(step1);
    }

    /// An update of the peer's was merged, or as much of it as can be.
    pub(super) fn heard(&mut self, heard: Heard<'_>) {
        let Heard { sequence, is_answer, is_whole, progress, added } = heard;
        if is_answer {
            self.answered = Some(sequence);
        }
        if progress {
            self.asked = false;
        }
        if is_whole {
            self.holds = 0;
        }
        if is_answer && is_whole {
            // It has sent all it has.
            (self.has_gap, self.asked) = (false, false);
        }
        if self.terms.receipt == Receipt::Status {
            for added in added {
                self.statuses.heard(sequence, added, is_answer, is_whole);
            }
        }
    }

    /// An update of the peer's was not accepted: nothing it says is acknowledged until it may write and has been asked
    /// again.
    pub(super) fn refused(&mut self, is_answer: bool) {
        self.has_gap = true;
        if self.terms.receipt == Receipt::Status {
            self.statuses.refused(is_answer);
            self.send(Bytes::from_static(frame::REFUSED));
        }
    }

    /// The same, if it is not being asked already.
    pub(super) fn question_once(&mut self, step1: impl Into<Frames>) {
        if self.answered.is_some() {
            self.question(step1);
        }
    }

    /// Something of what it sent waits for somebody else's word: nothing is acknowledged meanwhile.
    pub(super) fn hold(&mut self) {
        self.has_gap = true;
        self.holds += 1;
    }

    /// It is asked for what we lack, whatever it was asked before: its answer comes before anything is acknowledged.
    pub(super) fn question(&mut self, step1: impl Into<Frames>) {
        self.answered = None;
        self.statuses.ask();
        self.send(step1);
    }

    /// An update missed something. Returns whether to ask for it: not when the answer to a question did.
    pub(super) fn open_gap(&mut self, is_answer: bool) -> bool {
        self.has_gap = true;
        if is_answer || self.asked {
            return false;
        }
        self.asked = true;
        self.answered = None;
        self.statuses.ask();
        true
    }

    /// The writer's own bytes, to be sent back once they are durable.
    pub(super) fn echo(&mut self, sequence: u64, frames: Frames) {
        self.fell_behind |= self.echo_bytes > ECHO_BYTES;
        self.echo_bytes += frames.weight();
        self.echoes.push_back((sequence, frames));
    }

    /// The peer asks to be told when everything before is durable. Of two questions about the same, the later counts.
    pub(super) fn ask_saved(&mut self, sequence: u64, frame: Frames) {
        let is_held = self.has_gap || self.answered.is_none();
        self.saved.pop_back_if(|(asked, _)| is_held || *asked == sequence);
        self.saved.push_back((sequence, frame));
    }

    /// Some time has passed; one that waits hears that we are here.
    pub(super) fn tick(&mut self) {
        if self.is_waiting() {
            self.statuses.tick();
            self.send(Bytes::from_static(frame::KEEP_ALIVE));
        }
    }

    /// Whether anything waits for the disk or for the peer's own answer.
    pub(super) fn is_waiting(&self) -> bool {
        !self.saved.is_empty() || !self.echoes.is_empty() || self.statuses.is_waiting()
    }

    /// Sends what may be said now that the document is durable through a sequence.
    pub(super) fn settle(&mut self, through: u64) {
        while let Some((_, echo)) = self.echoes.pop_front_if(|(sequence, _)| *sequence <= through) {
            self.echo_bytes -= echo.weight();
            self.send(echo);
        }
        if !self.has_gap && self.answered.is_some_and(|answered| answered <= through) {
            while let Some((_, saved)) =
                self.saved.pop_front_if(|(sequence, _)| *sequence <= through)
            {
                self.send(saved);
            }
            for _ in 0..self.statuses.settle(through) {
                self.send(Bytes::from_static(frame::APPLIED));
            }
        }
    }
}
