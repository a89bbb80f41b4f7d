//! Somebody who types numbered words and remembers which of them the server has called saved. It asserts nothing.

use codraft_core::{Session, Splice};

use crate::Client;

/// Types numbered words, one edit each, and counts those that are saved.
pub struct Typist {
    /// What they type with.
    pub client: Client,
    typed: u32,
    saved: u32,
}

impl Typist {
    /// Connects, and waits for nothing.
    pub fn new(url: &str, id: u64) -> Self {
        let mut client = Client::new(url, id);
        client.session.connect(0);
        Self { client, typed: 0, saved: 0 }
    }

    /// Waits for the document.
    pub async fn arrive(&mut self) {
        self.client.until("the document", |session| session.status().synced).await;
    }

    /// A word that only this typist writes.
    fn word(&self, n: u32) -> String {
        format!("<{}.{n}>", self.client.id)
    }

    /// Types the next word.
    pub async fn type_one(&mut self) {
        let word = self.word(self.typed);
        self.client.edit(&[Splice::new(0, 0, word)]);
        self.typed += 1;
        self.client.drive().await;
        self.note();
    }

    /// Everything typed so far is saved if the session says so now.
    pub fn note(&mut self) {
        if self.client.session.status().saved {
            self.saved = self.typed;
        }
    }

    /// Waits until everything typed so far is saved.
    pub async fn until_saved(&mut self) {
        let (typed, client) = (self.typed, &mut self.client);
        client.until("an acknowledgement", |session: &Session| session.status().saved).await;
        self.saved = typed;
    }

    /// The words that were called saved.
    pub fn saved(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.saved).map(|n| self.word(n))
    }
}
