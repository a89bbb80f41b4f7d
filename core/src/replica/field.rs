//! A replica's root types under any name, as plain text. It knows no editor: an app keeps its text where it likes.

use thiserror::Error;
use yrs::types::text::YChange;
use yrs::{Any, Map, Out, ReadTxn, Text, TextRef, Transact};

use super::roots::Kind;
use super::{Replica, text};
use crate::{Splice, utf16_len};

/// What an app keeps under a name is no plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is {0}, not a text")]
pub struct NotText(pub Kind);

impl Replica {
    /// The text under a name; empty where nothing is. An object in it stands as one U+FFFC.
    pub fn field(&self, name: &str) -> Result<String, NotText> {
        let txn = self.doc.transact();
        txn.get_text(name).map_or(Ok(String::new()), |field| read(name, &field, &txn))
    }

    /// Changes the text under a name, in one transaction; returns the update for the other replicas. It must be a text, and
    /// the splices must be of it.
    pub fn edit_field(&mut self, name: &str, splices: &[Splice]) -> Vec<u8> {
        debug_assert!(Splice::in_order(splices));
        let field = self.doc.get_or_insert_text(name);
        let mut txn = self.doc.transact_mut();
        text::splice(&field, &mut txn, splices);
        let update = txn.encode_update_v1();
        drop(txn);
        self.note_own(&update);
        update
    }
}

/// A root type does not say what it is: what is in it does.
fn read(name: &str, field: &TextRef, txn: &impl ReadTxn) -> Result<String, NotText> {
    let len = field.len(txn);
    if len == 0 && txn.get_map(name).is_some_and(|map| map.len(txn) > 0) {
        return Err(NotText(Kind::Map));
    }
    let mut whole = String::with_capacity(len as usize);
    let mut shown = 0;
    for chunk in field.diff(txn, YChange::identity) {
        match chunk.insert {
            Out::Any(Any::String(words)) => {
                shown += utf16_len(&words);
                whole.push_str(&words);
            }
            Out::Any(_) => {
                shown += 1;
                whole.push_str(text::OBJECT);
            }
            Out::YXmlElement(_) | Out::YXmlFragment(_) | Out::YXmlText(_) => {
                return Err(NotText(Kind::Xml));
            }
            _ => return Err(NotText(Kind::List)),
        }
    }
    // What is not shown takes up places all the same: offsets would mean nothing.
    if shown == len as usize { Ok(whole) } else { Err(NotText(Kind::List)) }
}

#[cfg(test)]
mod tests {
    use yrs::{Array, Doc, XmlElementPrelim, XmlFragment};

    use super::*;
    use crate::ClientId;

    /// A replica of what an app has made.
    fn replica(make: impl FnOnce(&Doc)) -> Replica {
        let doc = Doc::new();
        make(&doc);
        let update = doc.transact().encode_state_as_update_v1(&yrs::StateVector::default());
        let mut replica = Replica::new(ClientId::from_random(1));
        replica.merge(&update).unwrap();
        replica
    }

    #[test]
    fn a_text_under_any_name_is_read_and_changed_in_one_update() {
        let mut replica = replica(|doc| {
            let text = doc.get_or_insert_text("quill");
            let mut txn = doc.transact_mut();
            text.insert(&mut txn, 0, "one 🦦 two");
            text.insert_embed(&mut txn, 3, Any::from(1_u32));
        });
        assert_eq!(replica.field("quill").unwrap(), "one\u{fffc} 🦦 two");
        assert_eq!(replica.field("nothing").unwrap(), "");
        let splices = [Splice::new(0, 3, "1"), Splice::new(8, 11, "2")];
        let update = replica.edit_field("quill", &splices);
        assert_eq!(replica.field("quill").unwrap(), "1\u{fffc} 🦦 2");
        let mut other = Replica::new(ClientId::from_random(2));
        let before = replica.encode();
        other.merge(&before).unwrap();
        assert_eq!(other.field("quill").unwrap(), "1\u{fffc} 🦦 2");
        assert!(!other.has_new_operations(&update), "all of it is in the state");
        replica.edit_field("notes", &[Splice::new(0, 0, "new")]);
        assert_eq!(
            (replica.field("notes").unwrap().as_str(), replica.text().as_str()),
            ("new", "")
        );
    }

    #[test]
    fn what_is_no_text_is_said_to_be_something_else() {
        let of = |make: fn(&Doc)| replica(make).field("x").unwrap_err().to_string();
        let map = of(|doc| {
            let map = doc.get_or_insert_map("x");
            map.insert(&mut doc.transact_mut(), "key", 1);
        });
        assert_eq!(map, "it is a map, not a text");
        let list = of(|doc| {
            let list = doc.get_or_insert_array("x");
            list.push_back(&mut doc.transact_mut(), "word");
        });
        assert_eq!(list, "it is a list, not a text");
        let xml = of(|doc| {
            let fragment = doc.get_or_insert_xml_fragment("x");
            fragment.push_back(&mut doc.transact_mut(), XmlElementPrelim::empty("p"));
        });
        assert_eq!(xml, "it is XML, not a text");
    }
}
