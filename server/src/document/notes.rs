//! What a fold keeps beside the merged state: who wrote what, who may enter, and what may not come back. It knows no store
//! and no journal.

use codraft_core::gate::{self, Clocks};
use codraft_core::{Attribution, Malformed, Reader, Writer};

use crate::rights::Rights;

/// The encoding when there is more than an attribution, whose own encoding begins with another number.
const FORMAT: u64 = 2;

/// What is kept of a document that is not in its replica.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// Who wrote what.
    pub(crate) attribution: Attribution,
    /// Who may enter the document, as far as its owners have said.
    pub(crate) rights: Rights,
    /// How far the clients of its earlier lives had come: nothing of that is ever merged again.
    pub(crate) buried: Clocks,
}

impl Notes {
    /// Its bytes: those of the attribution where there is nothing else; otherwise format, attribution, rights, and the buried
    /// as a state vector.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let (attribution, rights) = (self.attribution.encode(), self.rights.encode());
        if rights.is_empty() && self.buried.is_empty() {
            return attribution;
        }
        let mut writer = Writer::new();
        writer.var_uint(FORMAT).var_bytes(&attribution).var_bytes(&rights);
        writer.var_bytes(&self.buried.encode()).finish()
    }

    /// Reads what `encode` wrote; no bytes at all say nothing.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if bytes.is_empty() || reader.var_uint()? != FORMAT {
            let attribution = Attribution::decode(bytes)?;
            return Ok(Self { attribution, ..Self::default() });
        }
        let attribution = Attribution::decode(reader.var_bytes()?)?;
        let mut rights = Rights::default();
        rights.read(reader.var_bytes()?)?;
        let buried = gate::check_state_vector(reader.var_bytes()?)?;
        if reader.is_empty() {
            Ok(Self { attribution, rights, buried })
        } else {
            Err(Malformed("something follows the notes"))
        }
    }

    /// Notes everything that others say, as far as it is not noted already.
    pub(crate) fn merge(&mut self, others: &Self) {
        self.attribution.merge(&others.attribution);
        if self.rights.is_empty() {
            self.rights = others.rights.clone();
        }
        self.bury(&others.buried);
    }

    /// Lets operations never come back.
    pub(super) fn bury(&mut self, clocks: &Clocks) {
        for (client, clock) in clocks.iter() {
            self.buried.advance(client, clock);
        }
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.attribution.is_empty() && self.rights.is_empty() && self.buried.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use codraft_core::gate::Extent;

    use super::*;

    fn attribution() -> Attribution {
        let mut attribution = Attribution::default();
        attribution.note(Extent { client: 7, start: 0, end: 5 }, "zoë", 1_790_000_000_000);
        attribution
    }

    fn rights() -> Rights {
        let mut rights = Rights::default();
        rights.read(br#"[{"barred":["7",9]}]"#).unwrap();
        rights
    }

    fn buried() -> Clocks {
        let mut buried = Clocks::default();
        buried.insert(7, 5);
        buried.insert(1 << 50, u32::MAX);
        buried
    }

    #[test]
    fn an_attribution_alone_is_written_as_it_always_was() {
        let notes = Notes { attribution: attribution(), ..Notes::default() };
        assert_eq!(notes.encode(), notes.attribution.encode());
        assert_eq!(Notes::default().encode(), Attribution::default().encode());
        assert_eq!(Notes::decode(&attribution().encode()), Ok(notes));
        assert_eq!(Notes::decode(b""), Ok(Notes::default()));
    }

    #[test]
    fn notes_come_back_as_they_were_written() {
        let rights = rights();
        let attribution = attribution();
        for notes in [
            Notes { rights: rights.clone(), ..Notes::default() },
            Notes { buried: buried(), ..Notes::default() },
            Notes { attribution, rights, buried: buried() },
        ] {
            assert_eq!(Notes::decode(&notes.encode()), Ok(notes));
        }
    }

    #[test]
    fn what_is_not_all_of_the_notes_and_nothing_else_is_refused() {
        let notes = Notes { attribution: attribution(), rights: rights(), buried: buried() };
        let bytes = notes.encode();
        for end in 1..bytes.len() {
            assert!(Notes::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
        assert!(Notes::decode(&[&bytes[..], &[0]].concat()).is_err());
        assert!(Notes::decode(&[3, 0, 0, 0]).is_err(), "a newer format");
    }
}
