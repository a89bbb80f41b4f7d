//! One open document: the only task that touches its replica. It knows peers by their outboxes; it does not know axum.
//!
//! Mail is handled in the order of the mailbox, and nothing is awaited between merging an update, handing it to the
//! journal and telling the others. Telling the others does not wait for the disk; acknowledging does.

mod conversation;
mod peer;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use codraft_core::DocId;
use codraft_core::control::Control;
use codraft_core::frame;
use codraft_core::presence::{self, Entry, Presence};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tracing::{Instrument, debug, error, info_span, warn};

use crate::close::Close;
use crate::document::{Document, Fold, Shelves};
use crate::journal::{Durable, Slots, StorageState};
use crate::mail::{Mail, Outgoing, PeerId};
use peer::Peer;

/// How long a room stays after its last peer: a page reload is not a fold and a cold load.
const LINGER: Duration = Duration::from_secs(30);
/// How often presence is looked through for the silent.
const PRESENCE_TICK: Duration = Duration::from_secs(10);
/// How often a peer that waits for an acknowledgement is told that we are here: y-sweet's client reconnects after 3 s.
const WAITING_TICK: Duration = Duration::from_secs(2);
/// Mails taken from the mailbox at once.
const BATCH: usize = 64;

/// An open document and who is in it.
pub(crate) struct Room {
    document: Document,
    durable: watch::Receiver<Durable>,
    peers: BTreeMap<PeerId, Peer>,
    presence: Presence,
    started: Instant,
    /// Held while the room lingers or has peers, so that the hub can still give its mailbox away.
    own: Option<mpsc::Sender<Mail>>,
    fold: Option<Fold>,
    storage: StorageState,
}

/// Why a room's loop went round.
enum Event {
    Mail,
    Durable,
    Folded(Option<u64>),
    Tick,
    Closing,
}

impl Room {
    /// Loads the document and serves its mailbox until everyone has gone.
    pub(crate) async fn run(
        name: DocId,
        shelves: Shelves,
        mut mailbox: mpsc::Receiver<Mail>,
        own: mpsc::WeakSender<Mail>,
        closing: watch::Receiver<()>,
    ) {
        let span = info_span!("room", doc = %name);
        async {
            match Document::load(name, shelves.clone()).await {
                Ok(document) => {
                    Self::new(document, &own).serve(mailbox, own, closing, shelves).await
                }
                Err(error) => {
                    error!(%error, "the document cannot be opened");
                    turn_away(&mut mailbox);
                }
            }
        }
        .instrument(span)
        .await;
    }

    fn new(document: Document, own: &mpsc::WeakSender<Mail>) -> Self {
        let durable = document.durable();
        Self {
            document,
            durable,
            peers: BTreeMap::new(),
            presence: Presence::new(),
            started: Instant::now(),
            own: own.upgrade(),
            fold: None,
            storage: StorageState::Accepting,
        }
    }

    async fn serve(
        mut self,
        mut mailbox: mpsc::Receiver<Mail>,
        own: mpsc::WeakSender<Mail>,
        mut closing: watch::Receiver<()>,
        shelves: Shelves,
    ) {
        let mut mails = Vec::with_capacity(BATCH);
        let mut tick_at = Instant::now() + LINGER;
        let mut is_closing = false;
        loop {
            let event = tokio::select! {
                count = mailbox.recv_many(&mut mails, BATCH) => if count == 0 { break } else { Event::Mail },
                changed = self.durable.changed() => { debug_assert!(changed.is_ok()); Event::Durable }
                through = finished(&mut self.fold) => Event::Folded(through),
                () = tokio::time::sleep_until(tick_at) => Event::Tick,
                _ = closing.changed(), if !is_closing => Event::Closing,
            };
            match event {
                Event::Mail => {
                    if !self.take(&mut mails, &shelves).await {
                        self.give_up(&mut mailbox);
                        return;
                    }
                }
                Event::Durable => self.settle(),
                Event::Folded(through) => self.folded(through),
                Event::Tick => self.tick(),
                Event::Closing => is_closing = true,
            }
            self.drop_fallen_behind();
            self.fold_if_worth_it();
            let linger = self.after(&own, is_closing);
            tick_at = self.next_tick(&event, tick_at, linger);
        }
        self.end().await;
    }

    /// Handles a batch of mails; false when the journal or the store is gone for good.
    async fn take(&mut self, mails: &mut Vec<Mail>, shelves: &Shelves) -> bool {
        let updates = mails.iter().filter(|mail| mail.may_append()).count();
        // Taken before anything is merged: this is where a room, and in turn its sockets, wait for a slow disk. One more
        // than there are updates, for the entry that creates the document.
        let slots =
            if updates == 0 { None } else { shelves.journal.reserve(updates + 1).await.ok() };
        if updates > 0 && (slots.is_none() || !self.create().await) {
            return false;
        }
        let mut slots = slots;
        for mail in mails.drain(..) {
            self.handle(mail, slots.as_mut());
        }
        true
    }

    async fn create(&mut self) -> bool {
        let created = self.document.create().await;
        if let Err(error) = &created {
            error!(%error, "the document cannot be created");
        }
        created.is_ok()
    }

    fn handle(&mut self, mail: Mail, slots: Option<&mut Slots>) {
        match mail {
            Mail::Join { peer, outbox } => self.join(peer, outbox),
            Mail::Leave { peer } => self.leave(peer),
            Mail::Said { peer, said } => {
                // A peer that was closed may still have words on their way.
                if self.peers.contains_key(&peer)
                    && let Err(close) = self.said(peer, said, slots)
                {
                    warn!(peer = peer.0, code = close.code, reason = %close.reason, "peer closed");
                    self.close(peer, close);
                }
            }
        }
    }

    fn join(&mut self, id: PeerId, outbox: mpsc::Sender<Outgoing>) {
        let mut peer = Peer::new(outbox);
        peer.send(frame::step1(&self.document.state_vector()).into());
        let everyone = self.presence.everyone();
        if !everyone.is_empty() {
            peer.send(awareness_frame(&everyone));
        }
        debug!(peer = id.0, "peer joined");
        self.peers.insert(id, peer);
    }

    fn leave(&mut self, id: PeerId) {
        if self.peers.remove(&id).is_some() {
            debug!(peer = id.0, "peer left");
        }
        let gone = self.presence.leave(id.0, self.now());
        self.tell_presence(&gone);
    }

    fn close(&mut self, id: PeerId, close: Close) {
        if let Some(peer) = self.peers.get(&id) {
            peer.close(close);
        }
        self.leave(id);
    }

    fn tell_presence(&mut self, entries: &[Entry]) {
        if !entries.is_empty() {
            let frame = awareness_frame(entries);
            self.tell(|_, _| true, &frame);
        }
    }

    fn tell_others(&mut self, author: PeerId, frame: &Bytes) {
        self.tell(|id, _| id != author, frame);
    }

    /// Puts one frame, encoded once, into many outboxes.
    fn tell(&mut self, whom: impl Fn(PeerId, &Peer) -> bool, frame: &Bytes) {
        for (&id, peer) in &mut self.peers {
            if whom(id, peer) {
                peer.send(frame.clone());
            }
        }
    }

    fn with(&mut self, id: PeerId, act: impl FnOnce(&mut Peer)) {
        if let Some(peer) = self.peers.get_mut(&id) {
            act(peer);
        }
    }

    /// Lets go of peers whose outbox was full: they sync when they are back. What they leave behind is told to the rest,
    /// which may fill another outbox.
    fn drop_fallen_behind(&mut self) {
        while let Some(id) =
            self.peers.iter().find_map(|(&id, peer)| peer.fell_behind.then_some(id))
        {
            warn!(peer = id.0, "peer fell behind");
            // Dropping its outbox is what tells the socket.
            self.leave(id);
        }
    }

    /// The journal has news: acknowledges what is on disk, and tells when the disk refuses or takes writes again.
    fn settle(&mut self) {
        let storage = self.durable.borrow_and_update().storage.clone();
        if storage != self.storage {
            match &storage {
                StorageState::Refusing(reason) => error!(%reason, "edits are not being saved"),
                StorageState::Accepting => warn!("edits are being saved again"),
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

    fn acknowledge(&mut self, id: PeerId) {
        let through = self.durable.borrow().through;
        self.with(id, |peer| peer.settle(through));
    }

    fn storage_frame(&self) -> Bytes {
        Control::Storage { accepting: self.storage == StorageState::Accepting }.frame().into()
    }

    fn tick(&mut self) {
        let gone = self.presence.expire(self.now());
        self.tell_presence(&gone);
        for peer in self.peers.values_mut().filter(|peer| peer.is_waiting()) {
            peer.send(Bytes::from_static(frame::KEEP_ALIVE));
        }
    }

    fn fold_if_worth_it(&mut self) {
        if self.fold.is_none()
            && self.storage == StorageState::Accepting
            && self.document.wants_fold()
        {
            self.fold = Some(self.document.fold());
        }
    }

    fn folded(&mut self, through: Option<u64>) {
        self.fold = None;
        if let Some(through) = through {
            self.document.folded(through);
        }
    }

    /// Keeps a mailbox of its own while there is a reason to; returns whether the room lingers.
    fn after(&mut self, own: &mpsc::WeakSender<Mail>, is_closing: bool) -> bool {
        if !self.peers.is_empty() {
            if self.own.is_none() {
                self.own = own.upgrade();
            }
            return false;
        }
        if is_closing {
            self.own = None;
        }
        self.own.is_some()
    }

    /// When the clock is looked at next. A room that lingers and is not joined lets go of its mailbox then.
    fn next_tick(&mut self, event: &Event, tick_at: Instant, lingers: bool) -> Instant {
        let ticked = matches!(event, Event::Tick);
        if lingers {
            if ticked {
                self.own = None;
            }
            return if matches!(event, Event::Mail) || ticked {
                Instant::now() + LINGER
            } else {
                tick_at
            };
        }
        let tick =
            if self.peers.values().any(Peer::is_waiting) { WAITING_TICK } else { PRESENCE_TICK };
        let next = Instant::now() + tick;
        if ticked { next } else { tick_at.min(next) }
    }

    /// The journal or the store takes nothing more: lets everyone go, to come back to another room or server.
    fn give_up(&self, mailbox: &mut mpsc::Receiver<Mail>) {
        for peer in self.peers.values() {
            peer.close(Close::INTERNAL);
        }
        turn_away(mailbox);
    }

    /// Everyone has gone: folds what is new, so that the next load is one read.
    async fn end(mut self) {
        if let Some(fold) = self.fold.take() {
            let through = fold.await.unwrap_or(None);
            self.folded(through);
        }
        if self.document.is_unfolded() {
            let through = self.document.fold().await.unwrap_or(None);
            self.folded(through);
        }
        debug!("room closed");
    }

    /// The room's own clock in ms.
    fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }
}

fn awareness_frame(entries: &[Entry]) -> Bytes {
    frame::awareness(&presence::encode(entries)).into()
}

async fn finished(fold: &mut Option<Fold>) -> Option<u64> {
    match fold {
        Some(fold) => fold.await.unwrap_or(None),
        None => std::future::pending().await,
    }
}

/// Closes everyone who is waiting to be let in.
fn turn_away(mailbox: &mut mpsc::Receiver<Mail>) {
    mailbox.close();
    while let Ok(mail) = mailbox.try_recv() {
        if let Mail::Join { outbox, .. } = mail {
            // A socket that has gone meanwhile need not be told.
            let _ = outbox.try_send(Outgoing::Close(Close::INTERNAL));
        }
    }
}
