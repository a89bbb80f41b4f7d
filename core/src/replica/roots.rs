//! What a document holds under which name: apps keep their text where they like, and in more kinds than one. It changes
//! nothing.

use std::fmt;

use yrs::types::text::YChange;
use yrs::{Any, Out, ReadTxn, Text, Transact, XmlFragment, XmlOut, XmlTextRef};

use super::{ABOUT, Replica, text};

/// What a root type holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, perhaps with formats and objects in it.
    Text,
    /// Paragraphs and the like, as ProseMirror keeps them.
    Xml,
    /// Values by their keys.
    Map,
    /// Values in an order.
    List,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text",
            Self::Xml => "XML",
            Self::Map => "a map",
            Self::List => "a list",
        })
    }
}

impl Replica {
    /// The root types that hold anything, in the order of their names; without what is said of the document itself.
    pub fn roots(&self) -> Vec<(String, Kind)> {
        let txn = self.doc.transact();
        let names: Vec<String> = txn.root_refs().map(|(name, _)| name.to_owned()).collect();
        drop(txn);
        let mut roots: Vec<(String, Kind)> = names
            .into_iter()
            .filter_map(|name| match self.field(&name) {
                Ok(text) => (!text.is_empty()).then_some((name, Kind::Text)),
                Err(super::NotText(Kind::Map)) if name == ABOUT => None,
                Err(super::NotText(kind)) => Some((name, kind)),
            })
            .collect();
        roots.sort_by(|(one, _), (other, _)| one.cmp(other));
        roots
    }

    /// XML under a name as plain text, a line for each block. What has no words in it stands as one U+FFFC.
    pub fn words(&self, name: &str) -> String {
        let txn = self.doc.transact();
        let mut words = String::new();
        if let Some(fragment) = txn.get_xml_fragment(name) {
            for node in fragment.children(&txn) {
                push_words(&mut words, &node, &txn);
            }
        }
        words.truncate(words.trim_end_matches('\n').len());
        words
    }
}

/// The gate has bounded how deep types lie.
fn push_words(words: &mut String, node: &XmlOut, txn: &impl ReadTxn) {
    match node {
        XmlOut::Text(text) => push_text(words, text, txn),
        XmlOut::Element(element) if element.len(txn) == 0 => match &**element.tag() {
            "hardBreak" | "hard_break" | "br" => words.push('\n'),
            "paragraph" | "heading" | "p" => words.push('\n'),
            _ => words.push_str(text::OBJECT),
        },
        XmlOut::Element(element) => {
            begin_line(words);
            for child in element.children(txn) {
                push_words(words, &child, txn);
            }
            begin_line(words);
        }
        XmlOut::Fragment(fragment) => {
            for child in fragment.children(txn) {
                push_words(words, &child, txn);
            }
        }
    }
}

fn push_text(words: &mut String, text: &XmlTextRef, txn: &impl ReadTxn) {
    for chunk in text.diff(txn, YChange::identity) {
        match &chunk.insert {
            Out::Any(Any::String(more)) => words.push_str(more),
            _ => words.push_str(text::OBJECT),
        }
    }
}

fn begin_line(words: &mut String) {
    if !words.is_empty() && !words.ends_with('\n') {
        words.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use yrs::{Array, Doc, Map, StateVector, XmlElementPrelim, XmlTextPrelim};

    use super::*;
    use crate::ClientId;

    fn replica(make: impl FnOnce(&Doc)) -> Replica {
        let doc = Doc::new();
        make(&doc);
        let update = doc.transact().encode_state_as_update_v1(&StateVector::default());
        let mut replica = Replica::new(ClientId::from_random(1));
        replica.merge(&update).unwrap();
        replica
    }

    #[test]
    fn a_document_says_what_it_holds_under_which_name() {
        let replica = replica(|doc| {
            let (text, map) = (doc.get_or_insert_text("quill"), doc.get_or_insert_map("meta"));
            let (list, xml) =
                (doc.get_or_insert_array("list"), doc.get_or_insert_xml_fragment("x"));
            doc.get_or_insert_text("nothing");
            let mut txn = doc.transact_mut();
            text.insert(&mut txn, 0, "words");
            map.insert(&mut txn, "key", 1);
            list.push_back(&mut txn, "word");
            xml.push_back(&mut txn, XmlElementPrelim::empty("p"));
        });
        let expected =
            [("list", Kind::List), ("meta", Kind::Map), ("quill", Kind::Text), ("x", Kind::Xml)];
        let roots = replica.roots();
        assert!(roots.iter().map(|(name, kind)| (name.as_str(), *kind)).eq(expected), "{roots:?}");
    }

    #[test]
    fn what_prosemirror_keeps_is_read_as_lines() {
        let replica = replica(|doc| {
            let doc_root = doc.get_or_insert_xml_fragment("default");
            let mut txn = doc.transact_mut();
            let title = doc_root.push_back(&mut txn, XmlElementPrelim::empty("heading"));
            title.push_back(&mut txn, XmlTextPrelim::new("Title"));
            let list = doc_root.push_back(&mut txn, XmlElementPrelim::empty("bulletList"));
            for word in ["one", "two"] {
                let item = list.push_back(&mut txn, XmlElementPrelim::empty("listItem"));
                let paragraph = item.push_back(&mut txn, XmlElementPrelim::empty("paragraph"));
                paragraph.push_back(&mut txn, XmlTextPrelim::new(word));
                paragraph.push_back(&mut txn, XmlElementPrelim::empty("mention"));
            }
            doc_root.push_back(&mut txn, XmlElementPrelim::empty("paragraph"));
            let last = doc_root.push_back(&mut txn, XmlElementPrelim::empty("paragraph"));
            last.push_back(&mut txn, XmlTextPrelim::new("up"));
            last.push_back(&mut txn, XmlElementPrelim::empty("hardBreak"));
            last.push_back(&mut txn, XmlTextPrelim::new("down"));
        });
        assert_eq!(replica.words("default"), "Title\none\u{fffc}\ntwo\u{fffc}\n\nup\ndown");
        assert_eq!(replica.words("nothing"), "");
    }
}
