//! Somebody who types into a document, from a seed: every edit is an update to be sent.
//! Knows no socket.

use codraft_core::{ClientId, Replica, Splice};

/// Edits out of a hundred before which the caret is put somewhere else.
const JUMPS: u32 = 3;
/// Edits out of a hundred that take a character back.
const BACKSPACES: u32 = 10;
/// What is typed: about as often as in English.
const LETTERS: &[u8] = b"      eeeeettttaaaoooiiinnnsshhrrrddllcummffwygpbvk.,\n";

/// One person and their copy of the document.
#[derive(Debug)]
pub(crate) struct Author {
    replica: Replica,
    random: fastrand::Rng,
    caret: u32,
    length: u32,
}

impl Author {
    /// The same seed types the same.
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let replica = Replica::new(ClientId::from_random(random.u64(..)));
        Self { replica, random, caret: 0, length: 0 }
    }

    /// A document after so many edits.
    pub(crate) fn after(seed: u64, edits: usize) -> Self {
        let mut author = Self::new(seed);
        for _ in 0..edits {
            author.edit();
        }
        author
    }

    /// Types or takes back one character; returns the update.
    pub(crate) fn edit(&mut self) -> Vec<u8> {
        if self.random.u32(..100) < JUMPS {
            self.caret = self.random.u32(..=self.length);
        }
        let splice = if self.caret > 0 && self.random.u32(..100) < BACKSPACES {
            self.caret -= 1;
            self.length -= 1;
            Splice::new(self.caret, self.caret + 1, "")
        } else {
            let letter = char::from(LETTERS[self.random.usize(..LETTERS.len())]);
            self.caret += 1;
            self.length += 1;
            Splice::new(self.caret - 1, self.caret - 1, letter)
        };
        self.replica.edit(&[splice])
    }

    /// What the document says.
    pub(crate) fn text(&self) -> String {
        self.replica.text()
    }

    /// The whole document as one update.
    pub(crate) fn encode(&self) -> Vec<u8> {
        self.replica.encode()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::text_of;

    #[test]
    fn the_updates_of_an_author_add_up_to_the_text() {
        let mut author = Author::new(7);
        let mut other = Replica::new(ClientId::from_random(1));
        for _ in 0..2_000 {
            other.merge(&author.edit()).expect("an update of core's own");
        }
        assert_eq!(other.text(), author.text());
        assert_eq!(text_of(&author.encode()).expect("a document"), author.text());
        assert_eq!(author.text().len() as u32, author.length);
        assert_ne!(author.text(), Author::after(8, 2_000).text());
    }
}
