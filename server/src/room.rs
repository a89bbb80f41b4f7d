//! One open document: the only task that touches its replica. It knows peers by their outboxes; it does not know axum.
//!
//! Mail is handled in the order of the mailbox, and nothing is awaited between merging an update, handing it to the
//! journal and telling the others. Telling the others does not wait for the disk; acknowledging does.

mod asking;
mod conversation;
mod entrance;
mod folding;
mod holding;
mod identity;
mod ids;
mod listening;
mod peer;
mod rebuilding;
mod sharing;
mod statuses;
mod tagging;
mod telling;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use codraft_core::DocId;
use codraft_core::presence::Presence;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tracing::{debug, error, warn};

use crate::access::{Keys, Mode};
use crate::close::Close;
use crate::document::{Document, Fold, LoadError};
use crate::journal::{Durable, JournalClosed, Slots, StorageState};
use crate::mail::{Mail, Mailbox, PeerId, WeakMailbox};
use crate::outbox::Outgoing;
use crate::request::News;
use crate::shelves::Shelves;
use holding::{Reserving, reserve};
use ids::Ids;
use listening::{Listener, People};
use peer::Peer;

pub(crate) use peer::Called;

/// How long presence waits to be told after it was told last, for each peer, and at the most: everyone is told of everyone,
/// which is the square of how many there are, and what changes within one picture on the screen is seen only as it is last.
const PRESENCE_PAUSE: Duration = Duration::from_micros(80);
const PRESENCE_PAUSE_MOST: Duration = Duration::from_millis(16);
/// How often presence is looked through for the silent.
const PRESENCE_TICK: Duration = Duration::from_secs(10);
/// How often a peer that waits for an acknowledgement is told that we are here: y-sweet's client reconnects after 3 s.
const WAITING_TICK: Duration = Duration::from_secs(2);
/// Mails taken from the mailbox at once; each may hold some dozens of messages. Between two full turns others have theirs.
const BATCH: usize = 24;

/// An open document and who is in it.
pub(crate) struct Room {
    document: Document,
    durable: watch::Receiver<Durable>,
    /// Boxed: a tree keeps room for eleven, and mostly there are two.
    peers: BTreeMap<PeerId, Box<Peer>>,
    presence: Presence,
    /// Clients whose presence has changed since it was told.
    presence_news: BTreeSet<u64>,
    presence_told_at: Instant,
    /// A peer that is slow to read does not know of everybody's presence.
    is_somebody_untold: bool,
    started: Instant,
    /// How long it stays after its last peer.
    linger: Duration,
    /// Held while the room has peers or lingers after them, so that the hub can still give its mailbox away.
    own: Option<Mailbox>,
    fold: Option<Fold>,
    fold_after: Instant,
    awaiting_fold: Vec<oneshot::Sender<()>>,
    storage: StorageState,
    /// Mails that wait for room in the journal, and what their peers said after them: reading goes on without.
    held: VecDeque<Mail>,
    /// They were as many as others should wait for.
    was_turn_full: bool,
    /// The document's replica must not be used any more: the document is built anew at the end of the turn.
    is_broken: bool,
    /// The server is going down: nobody is waited for.
    is_closing: bool,
    /// The latest for those who only listen.
    news: watch::Sender<News>,
    /// Who is here, as they are told.
    people: People,
    /// Those whose pass may end while they do.
    listeners: Vec<Listener>,
    /// What is known of the document's texts.
    texts: tagging::Known,
    mode: Mode,
    keys: watch::Receiver<Arc<Keys>>,
    /// When somebody's pass ends, or is about to.
    look_again_at: Option<Instant>,
    ids: Ids,
}

/// Why a room's loop went round.
enum Event {
    Mail,
    /// What is held goes on.
    Turn,
    Durable,
    Folded(Option<u64>),
    Slots(Result<Slots, JournalClosed>),
    Tick,
    Keys,
    Look,
    Closing,
}

impl Room {
    /// Loads the document and serves its mailbox until everyone has gone.
    pub(crate) async fn run(
        name: DocId,
        shelves: Arc<Shelves>,
        mut mailbox: mpsc::Receiver<Mail>,
        own: WeakMailbox,
        closing: watch::Receiver<()>,
    ) {
        let _open = shelves.metrics.room();
        // Apart: what loading takes up must not be taken up for as long as the room is there.
        match Box::pin(Document::load(name.clone(), shelves.clone())).await {
            Ok(document) => {
                let room = Box::new(Self::new(document, &shelves));
                room.serve(mailbox, own, closing, shelves).await;
            }
            Err(LoadError::NotWhole(reason)) => {
                warn!(doc = %name, %reason, "the document is not shown");
                turn_away(&mut mailbox, &Close::NOT_WHOLE);
            }
            Err(error) => {
                error!(doc = %name, %error, "the document cannot be opened");
                turn_away(&mut mailbox, &Close::UNREADABLE);
            }
        }
    }

    fn new(document: Document, shelves: &Shelves) -> Self {
        let durable = document.durable();
        let storage = durable.borrow().storage.clone();
        Self {
            document,
            durable,
            peers: BTreeMap::new(),
            presence: Presence::new(),
            presence_news: BTreeSet::new(),
            presence_told_at: Instant::now(),
            is_somebody_untold: false,
            started: Instant::now(),
            linger: shelves.limits.linger,
            own: None,
            fold: None,
            fold_after: Instant::now(),
            awaiting_fold: Vec::new(),
            storage,
            held: VecDeque::new(),
            was_turn_full: false,
            is_broken: false,
            is_closing: false,
            news: watch::Sender::default(),
            people: People::default(),
            listeners: Vec::new(),
            texts: tagging::Known::default(),
            mode: shelves.mode,
            keys: shelves.keys.clone(),
            look_again_at: None,
            ids: Ids::new(),
        }
    }

    /// Boxed, as is what comes once: a task is as large as all that it may wait for, and what it was given it has twice.
    async fn serve(
        mut self: Box<Self>,
        mut mailbox: mpsc::Receiver<Mail>,
        own: WeakMailbox,
        mut closing: watch::Receiver<()>,
        shelves: Arc<Shelves>,
    ) {
        let mut mails = Vec::new();
        let mut reserving: Option<Reserving> = None;
        let mut tick_at = Instant::now() + self.linger;
        let mut was_full = false;
        // Nobody holds the mailbox any more.
        let mut is_deserted = false;
        while !is_deserted || !self.held.is_empty() || self.document.has_entries() {
            if std::mem::take(&mut self.was_turn_full) {
                // Of more threads than there are cores, the one with the most to do is not the most urgent.
                std::thread::yield_now();
                was_full = true;
            }
            if std::mem::take(&mut was_full) {
                tokio::task::yield_now().await;
            }
            let has_turn = reserving.is_none() && self.has_turn();
            let look_at = self.look_at();
            let event = tokio::select! {
                count = mailbox.recv_many(&mut mails, BATCH), if !is_deserted && !self.holds_enough() => {
                    is_deserted = count == 0;
                    was_full = count == BATCH;
                    Event::Mail
                }
                changed = self.durable.changed() => { debug_assert!(changed.is_ok()); Event::Durable }
                () = std::future::ready(()), if has_turn => Event::Turn,
                slots = ready(&mut reserving) => Event::Slots(slots),
                through = ready(&mut self.fold) => Event::Folded(through.unwrap_or(None)),
                () = tokio::time::sleep_until(tick_at) => Event::Tick,
                Ok(()) = self.keys.changed() => Event::Keys,
                () = until(look_at) => Event::Look,
                _ = closing.changed(), if !self.is_closing => Event::Closing,
            };
            let mut goes_on = true;
            let was_mail = matches!(event, Event::Mail);
            let ticked = matches!(event, Event::Tick);
            match event {
                Event::Mail => self.sort(&mut mails),
                Event::Turn => {}
                Event::Slots(slots) => {
                    reserving = None;
                    goes_on = self.handle_held(slots.ok()).await;
                }
                Event::Durable => self.settle(),
                Event::Folded(through) => self.folded(through),
                Event::Tick => self.tick(),
                Event::Keys => self.look_again(),
                Event::Look => self.look(),
                Event::Closing => self.is_closing = true,
            }
            if reserving.is_none() && self.has_more() {
                goes_on &= self.handle_more(&shelves, &mut reserving).await;
            }
            self.tell_everybody();
            if goes_on && self.is_broken {
                goes_on = Box::pin(self.rebuild()).await;
                if !self.held.is_empty() && reserving.is_none() {
                    reserving = Some(reserve(&shelves, self.entries()));
                }
            }
            if !goes_on {
                return self.give_up(&mut mailbox);
            }
            self.fold_if_worth_it();
            let lingers = self.after(&own);
            tick_at = self.next_tick(was_mail, ticked, tick_at, lingers);
        }
        Box::pin(self.end()).await;
    }

    /// When to look whose pass has ended, who has been away for long enough, and what is to be told of presence.
    fn look_at(&self) -> Option<Instant> {
        let presence_at = (!self.presence_news.is_empty()).then(|| self.presence_due_at());
        self.look_again_at.into_iter().chain(self.ids.due_at()).chain(presence_at).min()
    }

    fn look(&mut self) {
        if self.look_again_at.is_some_and(|at| at <= Instant::now()) {
            self.look_again();
        }
        self.wait_no_longer();
    }

    fn handle(&mut self, mail: Mail) {
        match mail {
            Mail::Join { peer, outbox, terms } => self.join(peer, outbox, *terms),
            Mail::Grant { peer, pass } => self.grant(peer, *pass),
            Mail::Leave { peer } => self.leave(peer),
            Mail::Fold { done } => self.fold_for(done),
            Mail::Ask { request, visitor, from, space: _space } => {
                self.ask(*request, &visitor, from);
            }
            Mail::Said { peer, said, space } => self.heard(peer, said, space),
        }
    }

    fn leave(&mut self, id: PeerId) {
        self.leave_ids(id);
        if self.peers.remove(&id).is_some() {
            debug!(doc = %self.document.name(), peer = id.0, "peer left");
        }
        let gone = self.presence.leave(id.0, self.now());
        self.count_one_less();
        self.people.change(gone.iter().map(|entry| &entry.client));
        self.tell_presence(&gone);
    }

    fn close(&mut self, id: PeerId, close: Close) {
        self.with(id, |peer| peer.close(close));
        self.leave(id);
    }

    /// Keeps a mailbox of its own while there is a reason to; returns whether the room lingers.
    fn after(&mut self, own: &WeakMailbox) -> bool {
        if !self.peers.is_empty() {
            if self.own.is_none() {
                self.own = own.upgrade();
            }
            return false;
        }
        if self.is_closing {
            self.own = None;
        }
        self.own.is_some()
    }

    /// When the clock is looked at next. A room that lingers and is not joined lets go of its mailbox then.
    fn next_tick(
        &mut self,
        was_mail: bool,
        ticked: bool,
        tick_at: Instant,
        lingers: bool,
    ) -> Instant {
        if lingers {
            if ticked {
                self.own = None;
            }
            return if was_mail || ticked { Instant::now() + self.linger } else { tick_at };
        }
        let tick = if self.peers.values().any(|peer| peer.is_waiting()) {
            WAITING_TICK
        } else {
            PRESENCE_TICK
        };
        let next = Instant::now() + tick;
        if ticked { next } else { tick_at.min(next) }
    }

    /// The journal or the store takes nothing more: lets everyone go, to come back to another room or server.
    fn give_up(&mut self, mailbox: &mut mpsc::Receiver<Mail>) {
        for peer in self.peers.values_mut() {
            peer.close(Close::INTERNAL);
        }
        turn_away(mailbox, &Close::INTERNAL);
    }

    /// The room's own clock in ms.
    fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }
}

/// Ready at a time; never without one.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// The outcome of something that may be under way; never ready when nothing is.
async fn ready<F: Future + Unpin>(under_way: &mut Option<F>) -> F::Output {
    match under_way {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

/// Closes everyone who is waiting to be let in.
fn turn_away(mailbox: &mut mpsc::Receiver<Mail>, close: &Close) {
    mailbox.close();
    while let Ok(mail) = mailbox.try_recv() {
        if let Mail::Join { outbox, .. } = mail {
            // A socket that has gone meanwhile need not be told.
            let _ = outbox.send(Outgoing::Close(Box::new(close.clone())));
        }
    }
}
