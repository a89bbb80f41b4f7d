//! What somebody will type, encoded before any clock runs: letters over a text that is there already.
//! Knows no socket.

use codraft_core::{ClientId, Replica, Splice};

use crate::stop::Stop;

/// Client ids of those who type begin here: as long on the wire as a random one.
const FIRST_CLIENT: u64 = 0x7000_0000;
/// Who wrote the text that is there.
const BASE_CLIENT: u64 = 0x6fff_ffff;
/// Letters before the caret is put somewhere else.
const RUN: usize = 40;
/// What the text that is there consists of.
const LINE: &str = "The quick brown fox jumps over the lazy dog, and the dog does not mind it.\n";

/// A text to type over.
#[derive(Debug)]
pub(crate) struct Base {
    /// As one update.
    pub(crate) update: Vec<u8>,
    pub(crate) text: String,
}

impl Base {
    /// One of so many letters.
    pub(crate) fn of(letters: usize) -> Self {
        let text: String = LINE.chars().cycle().take(letters).collect();
        let update =
            Replica::new(ClientId::from_random(BASE_CLIENT)).edit(&[Splice::new(0, 0, &*text)]);
        Self { update, text }
    }
}

/// All that one person will type: one letter an update, so that the clock of a letter is its number.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) updates: Vec<Vec<u8>>,
}

impl Part {
    /// So many letters of this person.
    pub(crate) fn of(person: usize, base: &Base, letters: usize) -> Result<Self, Stop> {
        let mut replica = Replica::new(ClientId::from_random(FIRST_CLIENT + person as u64));
        replica.merge(&base.update).map_err(|error| Stop::wrong(error.to_string()))?;
        let mut random = fastrand::Rng::with_seed(person as u64);
        let (mut length, mut caret) = (base.text.len() as u32, 0);
        let updates = (0..letters).map(|number| {
            if number % RUN == 0 {
                caret = random.u32(..=length);
            }
            let update = replica.edit(&[Splice::new(caret, caret, random.lowercase())]);
            (length, caret) = (length + 1, caret + 1);
            update
        });
        Ok(Self { updates: updates.collect() })
    }

    /// Whose client id this is.
    pub(crate) fn person(client: u64) -> Option<usize> {
        usize::try_from(client.checked_sub(FIRST_CLIENT)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extents::extents;
    use crate::trace::replay;

    #[test]
    fn letters_are_counted_by_their_clocks_and_add_up_to_a_text() {
        let base = Base::of(100);
        let part = Part::of(3, &base, 200).expect("letters of core's own");
        for (number, update) in (0..).zip(&part.updates) {
            let added = extents(update).expect("a well-formed update");
            let [letter] = added[..] else { panic!("{added:?}") };
            assert_eq!(
                (Part::person(letter.client), letter.start, letter.end),
                (Some(3), number, number + 1)
            );
        }
        let all: Vec<_> = [base.update].into_iter().chain(part.updates).collect();
        assert_eq!(replay(&all).expect("a document").text().len(), 300);
        assert_eq!(Part::person(BASE_CLIENT), None);
    }
}
