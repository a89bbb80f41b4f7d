//! One peer as its room sees it: its outbox, and what it waits to have acknowledged. It knows sequences, not documents.
//!
//! No acknowledgement goes out before everything the peer sent earlier is on disk, before its answer to our last step1 is,
//! or while a gap of its own is open. A stock y-sweet client asks whether it is saved before it sends its offline edits:
//! answering at once would be a lie.

use std::collections::VecDeque;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::close::Close;
use crate::mail::Outgoing;

/// A frame that may go out once the document is durable through a sequence.
type Waiting = (u64, Bytes);

#[derive(Debug)]
pub(super) struct Peer {
    outbox: mpsc::Sender<Outgoing>,
    /// It has announced itself as Codraft's own client.
    pub(super) is_ours: bool,
    /// Its outbox was full: it must not be sent anything more.
    pub(super) fell_behind: bool,
    /// The sequence at which the answer to our last step1 was merged; none while it is awaited.
    answered: Option<u64>,
    gap: Gap,
    echoes: VecDeque<Waiting>,
    saved: VecDeque<Waiting>,
}

/// Whether something is missing of what the peer's updates build on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    Closed,
    /// It has been asked for what is missing, and will be asked again only after progress.
    Asked,
}

impl Peer {
    /// A peer that is sent our step1 next.
    pub(super) fn new(outbox: mpsc::Sender<Outgoing>) -> Self {
        Self {
            outbox,
            is_ours: false,
            fell_behind: false,
            answered: None,
            gap: Gap::Closed,
            echoes: VecDeque::new(),
            saved: VecDeque::new(),
        }
    }

    /// Puts a frame into the outbox, never waiting.
    pub(super) fn send(&mut self, frame: Bytes) {
        if !self.fell_behind {
            self.fell_behind = self.outbox.try_send(Outgoing::Frame(frame)).is_err();
        }
    }

    /// Tells the socket to end, if there is room for it; otherwise it sees that its outbox is gone.
    pub(super) fn close(&self, close: Close) {
        let _ = self.outbox.try_send(Outgoing::Close(close));
    }

    /// Something of the peer's was merged; everything known now is durable once the sequence is.
    pub(super) fn merged(&mut self, sequence: u64, is_answer: bool) {
        if is_answer {
            self.answered = Some(sequence);
            self.gap = Gap::Closed;
        }
    }

    /// An update could not be merged. Returns whether to ask for what is missing.
    pub(super) fn open_gap(&mut self, is_answer: bool) -> bool {
        let asked_before = self.gap == Gap::Asked;
        self.gap = Gap::Asked;
        if is_answer || asked_before {
            return false;
        }
        self.answered = None;
        true
    }

    /// The writer's own bytes, to be sent back once they are durable.
    pub(super) fn echo(&mut self, sequence: u64, frame: Bytes) {
        self.echoes.push_back((sequence, frame));
    }

    /// The peer asks to be told when everything before is durable.
    pub(super) fn ask_saved(&mut self, sequence: u64, frame: Bytes) {
        self.saved.push_back((sequence, frame));
    }

    /// Whether anything waits for the disk or for the peer's own answer.
    pub(super) fn is_waiting(&self) -> bool {
        !self.saved.is_empty() || !self.echoes.is_empty()
    }

    /// Sends what may be said now that the document is durable through a sequence.
    pub(super) fn settle(&mut self, through: u64) {
        while let Some((_, echo)) = self.echoes.pop_front_if(|(sequence, _)| *sequence <= through) {
            self.send(echo);
        }
        if self.gap == Gap::Asked || self.answered.is_none_or(|answered| answered > through) {
            return;
        }
        while let Some((_, saved)) = self.saved.pop_front_if(|(sequence, _)| *sequence <= through) {
            self.send(saved);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer() -> (Peer, mpsc::Receiver<Outgoing>) {
        let (outbox, inbox) = mpsc::channel(4);
        (Peer::new(outbox), inbox)
    }

    fn received(inbox: &mut mpsc::Receiver<Outgoing>) -> Vec<Bytes> {
        let frames = std::iter::from_fn(|| inbox.try_recv().ok());
        frames
            .map(
                |outgoing| {
                    if let Outgoing::Frame(frame) = outgoing { frame } else { panic!("closed") }
                },
            )
            .collect()
    }

    const ASKED: Bytes = Bytes::from_static(b"asked");
    const ECHO: Bytes = Bytes::from_static(b"echo");

    #[test]
    fn nothing_is_acknowledged_before_the_answer_to_our_question_is_durable() {
        let (mut peer, mut inbox) = peer();
        peer.ask_saved(0, ASKED);
        peer.settle(10);
        assert!(received(&mut inbox).is_empty(), "offline edits may still be on their way");
        peer.merged(11, true);
        peer.settle(10);
        assert!(received(&mut inbox).is_empty(), "the offline edits are not on disk");
        peer.settle(11);
        assert_eq!(received(&mut inbox), [ASKED]);
    }

    #[test]
    fn an_open_gap_holds_acknowledgements_back_and_is_asked_about_once() {
        let (mut peer, mut inbox) = peer();
        peer.merged(1, true);
        assert!(peer.open_gap(false));
        assert!(!peer.open_gap(false));
        peer.ask_saved(1, ASKED);
        peer.settle(5);
        assert!(received(&mut inbox).is_empty());
        assert!(!peer.open_gap(true), "an answer that is a gap itself is not asked about again");
        peer.merged(2, true);
        peer.settle(5);
        assert_eq!(received(&mut inbox), [ASKED]);
        assert!(peer.open_gap(false), "after progress it is");
    }

    #[test]
    fn an_echo_waits_for_the_disk_only() {
        let (mut peer, mut inbox) = peer();
        peer.echo(3, ECHO);
        peer.settle(2);
        assert!(peer.is_waiting() && received(&mut inbox).is_empty());
        peer.settle(3);
        assert_eq!(received(&mut inbox), [ECHO]);
    }

    #[test]
    fn a_full_outbox_is_noticed_and_nothing_is_skipped_after_it() {
        let (mut peer, mut inbox) = peer();
        for _ in 0..5 {
            peer.send(ECHO);
        }
        assert!(peer.fell_behind);
        assert_eq!(received(&mut inbox).len(), 4);
        peer.send(ECHO);
        assert!(received(&mut inbox).is_empty());
    }
}
