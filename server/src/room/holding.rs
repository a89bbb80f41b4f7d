//! Mail that waits for room in the journal, and what is handed to it. It does not know what is in the mail.

use std::future::Future;
use std::pin::Pin;

use tracing::error;

use super::Room;
use crate::journal::{JournalClosed, Slots};
use crate::mail::Mail;
use crate::shelves::Shelves;

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

    /// Entries that are on their way to the disk.
    pub(super) fn unsaved(&self) -> u64 {
        self.document.sequence().saturating_sub(self.durable.borrow().through)
    }

    /// Whether anything waits for the journal.
    pub(super) fn has_more(&self) -> bool {
        let waits = self.document.has_entries() || self.document.has_unrecorded_rights();
        waits || !self.held.is_empty()
    }

    /// Entries in the journal that there are, that what is held may lead to, and two more: that creates the document, and
    /// what is to be noted of its people.
    pub(super) fn entries(&self) -> usize {
        self.document.entries() + self.held.iter().map(Mail::appends).sum::<usize>() + 2
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

    /// Handles what has waited; false when the journal or the store is gone for good.
    pub(super) async fn handle_held(&mut self, slots: Option<Slots>) -> bool {
        let Some(mut slots) = slots else { return false };
        while !self.is_broken
            && let Some(mail) = self.held.pop_front()
        {
            self.handle(mail);
        }
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
            error!(%error, "the document cannot be created");
        }
        created.is_ok()
    }
}

pub(super) fn reserve(shelves: &Shelves, n: usize) -> Reserving {
    let journal = shelves.journal.clone();
    Box::pin(async move { journal.reserve(n).await })
}
