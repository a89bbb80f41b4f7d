//! Mail that waits for room in the journal, and what is handed to it. It does not know what is in the mail.

use std::future::Future;
use std::pin::Pin;

use tracing::error;

use super::Room;
use crate::journal::{JournalClosed, Slots};
use crate::mail::Mail;
use crate::shelves::Shelves;

/// Messages for the journal that are handled in one turn, some tenths of a millisecond; then other tasks go first, and other
/// threads: a thread that is always busy is one that the system lets wait, and people elsewhere would wait with it.
const TURN: usize = 128;
/// Mails that may wait in a room for the journal, or messages in them; with more the mailbox is not read, and in turn its
/// sockets are not.
const HELD: usize = 256;
/// Entries on their way to the disk with which a room waits before it adds more: a quarter of what the journal takes, so that
/// nobody elsewhere waits for the disk because somebody here is fast.
const UNSAVED: u64 = 2_048;

/// Room in the journal that is being waited for.
pub(super) type Reserving = Pin<Box<dyn Future<Output = Result<Slots, JournalClosed>> + Send>>;

impl Room {
    /// Handles what can be handled at once. What may append waits for room in the journal, and so does everything that
    /// its peer says after it: the order of each peer's words is kept.
    pub(super) fn sort(&mut self, mails: &mut Vec<Mail>) {
        for mail in mails.drain(..) {
            let waits = self.is_broken
                || mail.appends() > 0 && !mail.is_urgent()
                || mail
                    .peer()
                    .is_some_and(|peer| self.held.iter().any(|held| held.peer() == Some(peer)));
            if waits { self.held.push_back(mail) } else { self.handle(mail) }
        }
    }

    /// Whether so little is on its way to the disk that more may be added.
    fn may_add(&self) -> bool {
        self.document.sequence().saturating_sub(self.durable.borrow().through) < UNSAVED
    }

    /// Whether anything may go to the journal.
    pub(super) fn has_more(&self) -> bool {
        let waits = self.document.has_entries() || self.document.has_unrecorded_rights();
        (waits || !self.held.is_empty()) && self.may_add()
    }

    /// Whether what is held has another turn at once.
    pub(super) fn has_turn(&self) -> bool {
        !self.held.is_empty() && self.may_add()
    }

    /// Whether so much is held that nothing is added to it.
    pub(super) fn holds_enough(&self) -> bool {
        self.held.iter().map(|mail| mail.appends().max(1)).sum::<usize>() >= HELD
    }

    /// Entries in the journal that there are, that the next turn may lead to, and two more: that creates the document, and
    /// what is to be noted of its people.
    pub(super) fn entries(&self) -> usize {
        let mut turn = 0;
        for mail in &self.held {
            turn += mail.appends();
            if turn >= TURN {
                break;
            }
        }
        self.document.entries() + turn + 2
    }

    /// Handles what waits if the journal has room for it; otherwise waits for that. False when the journal or the store is
    /// gone for good.
    pub(super) async fn handle_more(
        &mut self,
        shelves: &Shelves,
        reserving: &mut Option<Reserving>,
    ) -> bool {
        match shelves.journal.try_reserve(self.entries()) {
            Some(slots) => return self.handle_held(Some(slots)).await,
            // Names and the like wait for something to be said.
            None if self.held.is_empty() && !self.document.has_entries() => {}
            None => *reserving = Some(reserve(shelves, self.entries())),
        }
        true
    }

    /// Handles one turn of what has waited; false when the journal or the store is gone for good.
    pub(super) async fn handle_held(&mut self, slots: Option<Slots>) -> bool {
        let Some(mut slots) = slots else { return false };
        let mut turn = 0;
        while turn < TURN
            && !self.is_broken
            && let Some(mail) = self.held.pop_front()
        {
            turn += mail.appends();
            self.handle(mail);
        }
        self.was_turn_full |= turn >= TURN;
        self.document.record_rights();
        // What was only asked for must not become a document.
        if self.document.has_entries() && !self.create().await {
            return false;
        }
        self.document.hand_over(&mut slots);
        true
    }

    async fn create(&mut self) -> bool {
        let created = self.document.create().await;
        if let Err(error) = &created {
            error!(doc = %self.document.name(), %error, "the document cannot be created");
        }
        created.is_ok()
    }
}

pub(super) fn reserve(shelves: &Shelves, n: usize) -> Reserving {
    let journal = shelves.journal.clone();
    Box::pin(async move { journal.reserve(n).await })
}
