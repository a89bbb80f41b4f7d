//! The client's side of a document: sync, acknowledgement, presence and reconnecting, as a pure state machine.
//!
//! It knows frames and the time it is told; it opens no socket and sets no timer. Whoever drives it calls a method, then
//! [`Session::poll`] until it returns none, then waits for [`Session::deadline`] or the socket.
//!
//! The document is the offline queue: what is typed while the socket is closed travels with the next sync. Outside
//! updates wait until [`Session::pull`], so between two pulls the text is exactly what the editor shows.

mod about;
mod check;
mod greeting;
mod link;
mod me;
mod peers;
mod people;
mod places;
mod replacing;
mod status;
mod undoing;

use std::collections::VecDeque;

use crate::Splice;
use crate::control::{self, Control};
use crate::frame::{self, Message};
use crate::lib0::{Malformed, Reader, Writer};
use crate::replica::{About, ClientId, Replica, Selection};

pub use greeting::GREETING;
pub use link::{Link, Network};
pub use peers::Peer;
pub use status::Status;

use check::{Check, Verdict};
use me::Me;
use peers::Peers;

/// What the driver has to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Open a socket to the document; tell [`Session::opened`] or [`Session::closed`].
    Open,
    /// Send one binary frame on the open socket.
    Send(Vec<u8>),
    /// Close the socket; [`Session::closed`] need not be called for it.
    Close,
    /// A frame that would be sent now if the socket were open: what it says was typed here. The document keeps it, too; a
    /// driver that may lose the document can give the frames it was sent, has sent and was left with to the next one.
    Keep(Vec<u8>),
}

/// The close code of our own for a document that holds something else under the name of our text; HTTP's *unsupported media
/// type*.
pub const NOT_TEXT: u16 = 4415;

/// One client in one document.
#[derive(Debug)]
pub struct Session {
    replica: Replica,
    link: Link,
    me: Me,
    peers: Peers,
    check: Check,
    outgoing: VecDeque<Vec<u8>>,
    unsent: VecDeque<Vec<u8>>,
    incoming: Vec<Vec<u8>>,
    /// How many times something was typed here.
    version: u64,
    /// The highest version known to be on disk.
    acknowledged: u64,
    /// Whether the server has been told, on this connection, what was typed before it.
    uploaded: bool,
    synced: bool,
    ever_synced: bool,
    storage_refusing: bool,
    /// The number of updates in `incoming` up to and with the last answer to a step1 of ours.
    answered: usize,
    /// A step1 of ours is on its way: what is missing comes with its answer.
    asking: bool,
    /// The whole state is on its way, to take this replica's place.
    replacing: bool,
    /// The text before that, when the fresh one shows another.
    lost: Option<String>,
    reason: String,
    /// The length of the text that is shown, by the splices that were handed out.
    shown: u32,
    /// What was said last of the document itself.
    about: Option<About>,
}

impl Session {
    /// A session that writes as `client`, shows the root text `field` and is not connected. `seed` is any random number: it spreads the moments at
    /// which many clients reconnect.
    pub fn new(client: ClientId, field: &str, seed: u64) -> Self {
        let mut replica = Replica::of_field(client, &field.into());
        replica.track_history();
        Self {
            replica,
            link: Link::new(seed),
            me: Me::new(client),
            peers: Peers::new(client),
            check: Check::new(seed),
            outgoing: VecDeque::new(),
            unsent: VecDeque::new(),
            incoming: Vec::new(),
            version: 0,
            acknowledged: 0,
            uploaded: false,
            synced: false,
            ever_synced: false,
            storage_refusing: false,
            answered: 0,
            asking: false,
            replacing: false,
            lost: None,
            reason: String::new(),
            shown: 0,
            about: None,
        }
    }

    // The connection.

    /// Wants to be connected from now on, and at once: also what "retry now" means.
    pub fn connect(&mut self, now: u64) {
        self.link.connect(now);
    }

    /// Wants to be disconnected for good.
    pub fn disconnect(&mut self) {
        self.link.disconnect();
        self.forget_connection();
    }

    /// The machine has lost its network: does not wait for a timeout.
    pub fn network_lost(&mut self, now: u64) {
        if self.link.lost(now) {
            self.forget_connection();
        }
    }

    /// The socket is open.
    pub fn opened(&mut self, now: u64) {
        self.begin(now);
        self.outgoing.push_back(Control::Hello { version: control::VERSION }.frame());
        self.ask();
    }

    fn begin(&mut self, now: u64) {
        self.link.opened(now);
        self.forget_connection();
        self.reason.clear();
        self.me.announce(now);
    }

    /// The socket has closed with a code (1006 when there was none) and perhaps a reason.
    pub fn closed(&mut self, code: u16, reason: &str, now: u64) {
        if !reason.is_empty() || self.reason.is_empty() {
            self.reason = reason.to_owned();
        }
        self.link.closed(code, now);
        self.forget_connection();
    }

    fn forget_connection(&mut self) {
        self.outgoing.clear();
        self.uploaded = false;
        self.synced = false;
        self.storage_refusing = false;
        self.asking = false;
        self.replacing = false;
        self.check.happened();
        self.peers.clear();
    }

    /// The next thing to do at `now` (ms on any clock that grows); none when there is nothing.
    pub fn poll(&mut self, now: u64) -> Option<Action> {
        if let Some(action) = self.link.poll(now) {
            if action == Action::Close {
                self.forget_connection();
            }
            return Some(action);
        }
        if let Some(frame) = self.unsent.pop_front() {
            return Some(Action::Keep(frame));
        }
        if !self.link.is_open() {
            return None;
        }
        if let Some(state) = self.me.poll(now, &self.replica) {
            self.outgoing.push_back(state);
        }
        if self.check.is_due(now) && self.is_settled() {
            let digest = self.replica.digest();
            self.check.asked(digest, now);
            self.outgoing.push_back(Control::Digest(digest).frame());
        }
        self.outgoing.pop_front().map(Action::Send)
    }

    /// When to call [`Session::poll`] again if nothing else happens.
    pub fn deadline(&self) -> Option<u64> {
        let presence = if self.link.is_open() { self.me.deadline() } else { None };
        let check = if self.is_settled() { self.check.deadline() } else { None };
        [self.link.deadline(), presence, check].into_iter().flatten().min()
    }

    /// Whether nothing is under way in either direction, as far as this side can tell.
    fn is_settled(&self) -> bool {
        let is_told = self.uploaded && self.acknowledged == self.version;
        is_told && self.synced && !self.asking && self.incoming.is_empty()
    }

    /// A binary frame has arrived.
    pub fn receive(&mut self, frame: &[u8], now: u64) {
        self.link.heard(now);
        for message in frame::messages(frame) {
            if message.and_then(|message| self.handle(message, now)).is_err() {
                self.link.fail(now);
                return;
            }
        }
    }

    fn handle(&mut self, message: Message<'_>, now: u64) -> Result<(), Malformed> {
        match message {
            Message::Step1(theirs) => self.upload(theirs)?,
            Message::Step2(update) => {
                self.check.happened();
                self.incoming.push(update.to_vec());
                self.answered = self.incoming.len();
                self.asking = false;
                self.synced = true;
                self.ever_synced = true;
                self.link.worked();
            }
            Message::Update(update) => {
                self.check.happened();
                self.incoming.push(update.to_vec());
            }
            Message::Awareness(update) => {
                if let Some(clock) = self.peers.apply(update, now)? {
                    self.me.contradicted(clock, now);
                }
            }
            Message::QueryAwareness => self.me.announce(now),
            Message::Saved(version) => {
                let version = Reader::new(version).var_uint()?;
                self.acknowledged = self.acknowledged.max(version.min(self.version));
            }
            Message::Control(payload) => self.control(payload)?,
            Message::Denied(reason) => self.reason = reason.to_owned(),
        }
        Ok(())
    }

    fn control(&mut self, payload: &[u8]) -> Result<(), Malformed> {
        match Control::read(payload)? {
            Control::Storage { accepting } => self.storage_refusing = !accepting,
            Control::Digest(theirs) => {
                if let Verdict::Differs { is_replaceable } = self.check.answered(theirs) {
                    self.diverged(is_replaceable);
                }
            }
            Control::Hello { .. } | Control::Ping | Control::Diverged | Control::Unknown => {}
        }
        Ok(())
    }

    /// Answers the server's step1 with what it lacks, and asks when that is on its disk.
    fn upload(&mut self, theirs: &[u8]) -> Result<(), Malformed> {
        let missing = self.replica.diff(theirs)?;
        self.outgoing.push_back([frame::step2(&missing), self.saved_frame()].concat());
        self.uploaded = true;
        Ok(())
    }

    fn saved_frame(&self) -> Vec<u8> {
        frame::saved(&Writer::new().var_uint(self.version).finish())
    }

    // The text.

    /// The whole text.
    pub fn text(&self) -> String {
        self.replica.text()
    }

    /// The whole document as one update: for keeping it elsewhere.
    pub fn encode(&self) -> Vec<u8> {
        self.replica.encode()
    }

    /// Changes the text; `selection` is the one before the change, for undo. A text with something in it that cannot be
    /// shown is left as it is.
    pub fn edit(&mut self, splices: &[Splice], selection: Option<Selection>, now: u64) {
        if self.shown != self.replica.text_len() {
            return;
        }
        self.replica.mark_history(selection, now);
        let update = self.replica.edit_shown(splices);
        self.typed(splices, &update);
        self.shown = self.replica.text_len();
    }

    fn typed(&mut self, splices: &[Splice], update: &[u8]) {
        self.moved(splices);
        self.check.happened();
        self.version += 1;
        let update = frame::update(update);
        match self.uploaded {
            true => self.outgoing.push_back([update, self.saved_frame()].concat()),
            false => self.unsent.push_back(update),
        }
    }

    fn moved(&mut self, splices: &[Splice]) {
        self.me.map(splices);
        self.peers.map(splices);
        self.shown = Splice::map_offset(splices, self.shown);
    }

    /// Merges everything that has arrived into one change of the text, for the editor to show at once.
    pub fn pull(&mut self, now: u64) -> Vec<Splice> {
        let arrived = std::mem::take(&mut self.incoming);
        if arrived.is_empty() {
            return Vec::new();
        }
        let answered = std::mem::take(&mut self.answered);
        if self.replacing && answered > 0 {
            return self.replace(&arrived, answered - 1, now);
        }
        let (splices, outcome) = self.replica.merge_text(&arrived);
        self.moved(&splices);
        if self.shown != self.replica.text_len() {
            self.link.refuse(NOT_TEXT);
            return splices;
        }
        match outcome {
            // What an update before an answer missed, the answer has brought.
            Ok(Some(gap)) if gap >= answered => self.ask(),
            // An answer that misses something itself would be asked for again and again: a new connection syncs.
            Ok(Some(gap)) if gap + 1 == answered => self.link.fail(now),
            Ok(_) => {}
            // The server does not send what the gate refuses: something between us changed it.
            Err(_) => self.link.fail(now),
        }
        splices
    }

    /// Does now what the first edit would take time for: worth calling when a text has been shown and nobody waits.
    pub fn prepare(&mut self) {
        self.replica.find_places();
    }

    /// Asks the server for what is missing, unless it has been asked already.
    fn ask(&mut self) {
        if !std::mem::replace(&mut self.asking, true) {
            self.outgoing.push_back(frame::step1(&self.replica.state_vector()));
        }
    }

    /// Bytes that wait for [`Session::pull`].
    pub fn waiting(&self) -> usize {
        self.incoming.iter().map(Vec::len).sum()
    }
}

#[cfg(test)]
mod tests;
