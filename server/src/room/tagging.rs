//! The tags of texts as they are, so that asking again for one that has not changed costs nothing. It knows no texts.

use std::collections::BTreeMap;

use crate::document::Document;
use crate::request::{Tag, Text};

/// Fields whose tags are kept; names are up to whoever asks.
const FIELDS: usize = 16;

/// What was found out about a document's texts since it last changed.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The document's life, and how many entries it had.
    at: (u32, u64),
    texts: BTreeMap<String, Text>,
}

impl Known {
    /// What is known of a text.
    pub(super) fn text(&self, document: &Document, field: &str) -> Option<Text> {
        self.texts.get(field).copied().filter(|_| self.at == now(document))
    }

    /// Keeps in mind what a text is; returns that.
    pub(super) fn note(&mut self, document: &Document, field: &str, text: &str) -> Text {
        let known = Text { tag: Tag::of(text), bytes: text.len() };
        if self.at != now(document) || self.texts.len() >= FIELDS {
            self.texts.clear();
            self.at = now(document);
        }
        self.texts.insert(field.to_owned(), known);
        known
    }
}

fn now(document: &Document) -> (u32, u64) {
    (document.incarnation(), document.sequence())
}
